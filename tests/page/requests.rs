//! Addresses: one spelling, one page; what cannot be shown is said in the same shell.

use crate::server::{Server, between, observations};

#[test]
fn every_other_spelling_is_sent_to_the_canonical_address() {
    let server = Server::with(observations(3));
    for (written, canonical) in [
        ("/?from=&to=&period=&of=observations&set=promise&time=start&lang=sv&compare=", "/"),
        ("/?lang=en&of=observations", "/?lang=en"),
        (
            "/?weekdays=sun&weekdays=mon&category=Belysning&category=disorder",
            "/?category=lighting,disorder&weekdays=mon,sun",
        ),
        ("/?period=2025&compare=previous", "/?period=2025"),
        ("/?period=2025&from=2026-01-01&to=2026-02-01", "/?from=2026-01-01&to=2026-02-01"),
        ("/?of=activities&category=lighting&source=citizen", "/?of=activities"),
        ("/?set=regso&lang=en&hours=22-04", "/?lang=en&set=regso&hours=22-04"),
    ] {
        let reply = server.get(written);
        assert_eq!((reply.status, reply.header("location")), (303, Some(canonical)), "{written}");
        assert_eq!(server.get(canonical).status, 200, "{canonical} is where it ends");
    }
}

#[test]
fn links_and_form_keep_language_and_selection() {
    let server = Server::with(observations(30));
    let page = server.get("/?lang=en&set=regso&period=2026-03&category=lighting");
    assert_eq!(page.link("Svenska"), "/?set=regso&period=2026-03&category=lighting");
    let form = between(&page.text, "<form", "</form>").expect("a form");
    assert!(form.contains("<input type=\"hidden\" name=\"lang\" value=\"en\">"));
    for chosen in [
        "<option value=\"regso\" selected>",
        "<option value=\"2026-03\" selected>",
        "name=\"category\" value=\"lighting\" checked>",
        "value=\"observations\" checked>",
    ] {
        assert!(form.contains(chosen), "{chosen} in {form}");
    }
    // Every link that begins with / leads somewhere.
    let links = page.text.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    for link in links {
        let path = format!("/{}", link.replace("&amp;", "&"));
        // `/vecka` leads on to the week under way.
        let status = server.get(&path).status;
        assert!(status == 200 || (status == 303 && path.starts_with("/vecka")), "{path}: {status}");
    }
}

#[test]
fn counts_beside_choices_are_those_of_the_period() {
    // 30 of this year: even numbers are lighting, odd ones disorder.
    let server = Server::with(observations(30));
    let words = server.get("/").words();
    assert!(words.contains("Belysning (15)") && words.contains("Ordningsstörning (15)"), "{words}");
}

#[test]
fn a_wrong_parameter_is_a_page_that_names_it_and_what_is_accepted() {
    let server = Server::with(observations(3));
    for (path, lang, said) in [
        ("/?perod=2025", "sv", &["perod", "2025", "Menade du ”period”?", "weekdays"][..]),
        ("/?period=202x", "sv", &["period", "202x", "2025-H1", "Parameterns värde kan inte användas."]),
        ("/?lang=en&hours=99", "en", &["hours", "99", "two hours from 0 to 24"]),
        (
            "/?lang=en&category=lightning",
            "en",
            &["category", "lightning", "Did you mean “lighting”?", "The address cannot be used"],
        ),
        ("/?kind=presence", "sv", &["kind", "presence"]),
        ("/?lang=fr", "sv", &["lang", "fr", "sv, en"]),
        ("/?to=%3Cb%3E", "sv", &["<b>", "ett datum som 2025-01-31"]),
    ] {
        let page = server.get(path);
        assert_eq!((page.status, page.header("content-type")), (400, Some("text/html; charset=utf-8")), "{path}");
        assert_eq!(page.header("content-language"), Some(lang));
        for words in said {
            assert!(page.words().contains(words), "{path} does not say {words}: {}", page.words());
        }
        assert!(!page.text.contains("<b>"), "what was given is text");
        let id = page.header("x-request-id").expect("an id");
        assert!(page.words().contains(id));
    }
}

#[test]
fn a_missing_page_is_a_page_for_browsers_and_a_problem_for_programs() {
    let server = Server::with(Vec::new());
    let page = server.get("/nope?lang=en");
    assert_eq!((page.status, page.header("content-type")), (404, Some("text/html; charset=utf-8")));
    assert!(page.words().contains("There is no page at this address."));
    for (path, accept) in [("/nope", "*/*"), ("/api/nope", "text/html"), ("/api/areas/summary?x=1", "text/html")] {
        let reply = server.get_with(path, &[("accept", accept)]);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{path}");
    }
    let front = server.get_with("/?x=1", &[("accept", "*/*")]);
    assert_eq!(front.header("content-type"), Some("text/html; charset=utf-8"));
}

#[test]
fn a_page_the_browser_has_is_answered_304_and_another_language_is_not() {
    let server = Server::with(observations(3));
    let first = server.get("/");
    let tag = first.header("etag").expect("tagged").to_string();
    let again = server.get_with("/", &[("if-none-match", &tag)]);
    assert_eq!((again.status, again.text.len()), (304, 0));
    assert_eq!(server.get_with("/?lang=en", &[("if-none-match", &tag)]).status, 200);
}

#[test]
fn a_page_loads_nothing_but_its_own_style_sheet() {
    let server = Server::with(observations(30));
    let page = server.get("/");
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("style-src 'self'") && !policy.contains("unsafe"));
    let style = page.text.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let sheet = server.get(style.expect("a style sheet"));
    assert_eq!((sheet.status, sheet.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert!(sheet.header("cache-control").is_some_and(|kept| kept.contains("immutable")));
    assert!(!sheet.text.contains("url(") && !sheet.text.contains("@import"));
    assert_eq!(server.get("/assets/style-0000000000000000.css").status, 404);
    assert!(
        !page.text.contains("http://")
            || page.text.matches("http://").count() == page.text.matches("http://www.w3.org/2000/svg").count()
    );
    assert!(!page.text.contains("https://"));
}
