//! `/lagesbild`: periods, forms, languages.

use crate::server::{Server, between, observations};

#[test]
fn the_picture_has_one_address_and_the_month_before_is_meant_when_none_is_named() {
    let server = Server::with(observations(30));
    let reply = server.get("/lagesbild?lang=sv&period=2026-05&set=promise&f=");
    assert_eq!((reply.status, reply.header("location")), (303, Some("/lagesbild?period=2026-05")));
    let page = server.get("/lagesbild");
    assert_eq!(page.status, 200);
    // The server's clock stands at the end of June.
    assert!(page.text.contains("<h1>Lägesbild 2026-05</h1>"), "{}", page.text);
    let form = between(&page.text, "<form", "</form>").expect("a form");
    for chosen in ["<option value=\"2026-05\" selected>", "<option value=\"2026-W25\">", "<option value=\"2026-H1\">"] {
        assert!(form.contains(chosen), "{chosen} in {form}");
    }
    let english = server.get("/lagesbild?lang=en&period=2026");
    assert!(english.text.contains("<h1>Situation picture 2026</h1>"));
    assert!(english.text.contains("The period is not over."));
}

#[test]
fn every_link_of_the_picture_leads_somewhere() {
    let server = Server::with(observations(30));
    let page = server.get("/lagesbild?lang=en&period=2026-Q1");
    let links = page.text.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    for link in links {
        let path = format!("/{}", link.replace("&amp;", "&"));
        assert!([200, 303].contains(&server.get(&path).status), "{path}");
    }
}

#[test]
fn the_picture_comes_as_markdown_and_json_too_and_programs_get_the_same_json() {
    let server = Server::with(observations(30));
    let text = server.get("/lagesbild?period=2026&f=md");
    assert_eq!(text.header("content-type"), Some("text/markdown; charset=utf-8"));
    assert!(text.text.starts_with("# Lägesbild 2026\n"), "{}", text.text);
    let json = server.get("/lagesbild?period=2026&f=json").text;
    assert_eq!(json, server.get("/api/situation-picture?period=2026").text);
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((value["stage"].as_str(), value["as_of"].as_str()), (Some("under_way"), Some("2026-06-30")));
    assert_eq!(value["provenance"]["parameters"]["comparison"]["start"], "2025-01-01");
}

#[test]
fn what_is_no_period_set_or_day_is_refused_by_name() {
    let server = Server::with(observations(3));
    for (path, name) in [
        ("/lagesbild?period=2026-Q5", "period"),
        ("/lagesbild?set=regoso", "set"),
        ("/lagesbild?as_of=yesterday", "as_of"),
        ("/lagesbild?f=docx", "f"),
        ("/api/situation-picture?period=x", "period"),
    ] {
        let reply = server.get(path);
        assert_eq!(reply.status, 400, "{path}");
        assert!(reply.text.contains(name), "{path}: {}", reply.text);
    }
}

#[test]
fn a_file_without_records_has_a_picture_that_says_so() {
    let server = Server::with(Vec::new());
    let page = server.get("/lagesbild?period=2026-05");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Antalen är inte kända. De är inte noll."));
}
