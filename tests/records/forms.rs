//! Forms and pages of records, as a browser without scripts uses them.

use serde_json::json;

use crate::{OBSERVATIONS, Reply, Service, observation, send};

/// The value of a hidden field.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name}: {page}"));
    let rest = &page[at + name.len() + 15..];
    rest.split('"').next().expect("a value").to_string()
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    pairs.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

pub(crate) fn post(service: &Service, path: &str, pairs: &[(&str, &str)]) -> Reply {
    let origin = format!("Origin: http://{}", service.address);
    let lines = [origin.as_str(), "Content-Type: application/x-www-form-urlencoded", "Accept: text/html"];
    service.send("POST", path, &lines, encoded(pairs).as_bytes())
}

pub(crate) fn page(service: &Service, path: &str) -> String {
    let reply = service.get(path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.text()
}

#[test]
fn a_new_observation_is_made_from_a_form_in_swedish_and_english() {
    let service = Service::start();
    for (path, heading, label) in [
        ("/iakttagelser/ny", "Ny iakttagelse", "Vad gäller det?"),
        ("/iakttagelser/ny?lang=en", "New observation", "What is it about?"),
    ] {
        let form = page(&service, path);
        assert!(form.contains(heading) && form.contains(label), "{form}");
        // The clock of this test stands at 10:00 UTC, noon in Stockholm.
        assert!(form.contains("value=\"2025-04-01\"") && form.contains("value=\"12:00\""), "{form}");
        assert!(
            form.contains("<option value=\"Resecentrum\"")
                && form.contains("personnummer") == (heading == "Ny iakttagelse")
        );
        let key = hidden(&form, "key");
        let sent = [
            ("key", key.as_str()),
            ("category", "lighting"),
            ("feeling", "unsafe"),
            ("start", "2025-03-29"),
            ("start_time", "21:30"),
            ("place", "Stationen"),
            ("text", "Lampan är trasig <b>"),
        ];
        let reply = post(&service, path, &sent);
        assert_eq!(reply.status, 303, "{}", reply.text());
        let location = reply.header("location").expect("a location").to_string();
        assert!(location.starts_with("/iakttagelser/"), "{location}");
        let shown = page(&service, &location);
        assert!(
            shown.contains("2025-03-29 21:30") && shown.contains("Resecentrum") && !shown.contains("Lampan"),
            "{shown}"
        );
        let separator = if location.contains('?') { '&' } else { '?' };
        let with_text = page(&service, &format!("{location}{separator}free_text_reason=granskning"));
        assert!(with_text.contains("Lampan är trasig &lt;b&gt;"), "{with_text}");
    }
    let listed = service.json(OBSERVATIONS);
    assert_eq!(listed["numberMatched"], 2);
    assert_eq!(listed["features"][0]["properties"]["start"], "2025-03-29T20:30:00Z");
    assert_eq!(listed["features"][0]["geometry"]["coordinates"], json!([14.605, 57.705]));
}

#[test]
fn every_field_has_a_label_and_the_page_needs_no_script() {
    let service = Service::start();
    for path in [
        "/iakttagelser/ny",
        "/genomfort/ny",
        "/omraden/ny",
        "/platser/ny",
        "/trygghetsmatningar/ny",
        "/rapporterade-antal/ny",
        "/atgarder/ny",
        "/veckorapporter/ny",
        "/loften/ny",
    ] {
        for path in [path.to_string(), format!("{path}?lang=en")] {
            let reply = service.get(&path);
            let form = reply.text();
            assert_eq!(reply.status, 200, "{path}");
            let policy = reply.header("content-security-policy").expect("a policy");
            assert!(policy.contains("script-src 'self'") && policy.contains("default-src 'none'"), "{policy}");
            assert!(!form.contains(" onclick") && !form.contains("<script>") && !form.contains(" style="), "{path}");
            for part in form.split("id=\"f-").skip(1) {
                let id = part.split('"').next().expect("an id");
                let is_labelled =
                    form.contains(&format!("for=\"f-{id}\"")) || form.contains(&format!("<fieldset id=\"f-{id}\""));
                assert!(is_labelled || id.ends_with("-hint"), "{path}: {id}");
            }
        }
    }
    let script = page(&service, "/iakttagelser/ny");
    let name = script.split("/assets/place-").nth(1).and_then(|rest| rest.split('"').next()).expect("the script");
    let reply = service.get(&format!("/assets/place-{name}"));
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
}

#[test]
fn wrong_fields_are_told_beside_them_and_what_was_written_stays() {
    let service = Service::start();
    let key = hidden(&page(&service, "/iakttagelser/ny"), "key");
    let wrong = [
        ("key", key.as_str()),
        ("start", "2025-03-30"),
        ("start_time", "02:30"),
        ("place", "Resecentrun"),
        ("lon", "x"),
        ("severity", "9"),
        ("text", "Ring 070-123 45 67"),
    ];
    let reply = post(&service, "/iakttagelser/ny", &wrong);
    let text = reply.text();
    assert_eq!(reply.status, 422, "{text}");
    for told in [
        "Fyll i det här.",
        "klockan ställdes fram",
        "Menade du Resecentrum?",
        "Inte ett läge",
        "Inte ett tal",
        "Ser ut som en personuppgift",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    for kept in [
        "value=\"2025-03-30\"",
        "value=\"02:30\"",
        "value=\"Resecentrun\"",
        "value=\"x\"",
        "value=\"9\"",
        "Ring 070-123 45 67",
    ] {
        assert!(text.contains(kept), "{kept}");
    }
    assert!(
        text.contains("role=\"alert\"")
            && text.contains("href=\"#f-category\"")
            && text.contains("id=\"f-category-error\"")
    );
    assert!(text.contains("aria-describedby=\"f-category-error\"") && text.contains("<details open"), "{text}");
    assert_eq!(hidden(&text, "key"), key, "the same form");
    let right =
        [("key", key.as_str()), ("category", "theft"), ("start", "2025-03-30"), ("lon", "14,601"), ("lat", "57,701")];
    assert_eq!(post(&service, "/iakttagelser/ny", &right).status, 303);
    let record = &service.json(OBSERVATIONS)["features"][0];
    assert_eq!(
        (&record["geometry"]["coordinates"], &record["properties"]["time_certainty"]),
        (&json!([14.601, 57.701]), &json!("whole_day"))
    );
}

#[test]
fn a_form_sent_twice_makes_one_record_also_at_the_same_moment() {
    let service = Service::start();
    let key = hidden(&page(&service, "/iakttagelser/ny"), "key");
    let sent = [("key", key.as_str()), ("category", "theft"), ("start", "2025-03-30")];
    let (origin, body, address) = (format!("Origin: http://{}", service.address), encoded(&sent), service.address);
    let locations: Vec<String> = std::thread::scope(|scope| {
        let ask = || {
            let lines = [origin.as_str(), "Content-Type: application/x-www-form-urlencoded"];
            let reply = send(address, "POST", "/iakttagelser/ny", &lines, body.as_bytes());
            assert_eq!(reply.status, 303, "{}", reply.text());
            reply.header("location").expect("a location").to_string()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(locations.iter().all(|location| *location == locations[0]), "{locations:?}");
    assert_eq!(service.json(OBSERVATIONS)["numberMatched"], 1);
    let other = [("key", key.as_str()), ("category", "other"), ("start", "2025-03-30")];
    let reply = post(&service, "/iakttagelser/ny", &other);
    assert!(reply.status == 422 && reply.text().contains("redan skickat"), "{}", reply.text());
    assert_eq!(post(&service, "/iakttagelser/ny", &[("category", "other"), ("start", "2025")]).status, 400, "no key");
    let foreign = service.send(
        "POST",
        "/iakttagelser/ny",
        &["Origin: http://evil.example", "Content-Type: application/x-www-form-urlencoded"],
        body.as_bytes(),
    );
    assert_eq!(foreign.status, 403);
}

#[test]
fn a_record_is_changed_and_withdrawn_and_its_history_says_so() {
    let service = Service::start();
    let mut given = observation("o1", 1);
    given["properties"]["text"] = json!("hemligt");
    given["properties"]["start"] = json!("2025-03-01T12:00:30");
    service.made(OBSERVATIONS, &given);
    let form = page(&service, "/iakttagelser/o1/andra");
    assert!(
        form.contains("value=\"2025-03-01\"")
            && form.contains("value=\"12:00\"")
            && !form.contains("hemligt")
            && form.contains("Lämna tomt för att behålla")
    );
    let (key, tag) = (hidden(&form, "key"), hidden(&form, "tag"));
    let sent = [
        ("key", key.as_str()),
        ("tag", tag.as_str()),
        ("category", "theft"),
        ("start", "2025-03-01T12:00"),
        ("time_certainty", "instant"),
        ("lon", "14.601"),
        ("lat", "57.701"),
    ];
    let reply = post(&service, "/iakttagelser/o1/andra", &sent);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/iakttagelser/o1")), "{}", reply.text());
    let full = service.json(&format!("{OBSERVATIONS}/o1?free_text_reason=prov"));
    assert_eq!(full["properties"]["category"], "theft");
    assert_eq!(
        (&full["properties"]["text"], &full["properties"]["start"]),
        (&json!("hemligt"), &json!("2025-03-01T11:00:30Z"))
    );
    // Another form that was opened before: it must not overwrite what its writer has not seen.
    let stale = [("key", "abc"), ("tag", tag.as_str()), ("category", "other"), ("start", "2025-03-01T12:00")];
    let reply = post(&service, "/iakttagelser/o1/andra", &stale);
    assert!(reply.status == 422 && reply.text().contains("Någon annan har ändrat"), "{}", reply.text());
    let shown = page(&service, "/iakttagelser/o1");
    assert!(shown.contains("Stöld") && shown.matches("<tr>").count() == 3, "{shown}");
    let (key, tag) = (hidden(&shown, "key"), hidden(&shown, "tag"));
    let gone =
        post(&service, "/iakttagelser/o1/ta-tillbaka", &[("key", &key), ("tag", &tag), ("reason", "Dubblett av o2")]);
    assert_eq!((gone.status, gone.header("location")), (303, Some("/iakttagelser")));
    let reply = service.get("/iakttagelser/o1");
    assert!(reply.status == 410 && reply.text().contains("Dubblett av o2"), "{}", reply.text());
    assert_eq!(service.send("GET", "/iakttagelser/never", &["Accept: text/html"], b"").status, 404);
}

#[test]
fn every_collection_has_a_form_that_makes_a_record() {
    let service = Service::start();
    let polygon = r#"{"type":"Polygon","coordinates":[[[14.62,57.70],[14.63,57.70],[14.63,57.71],[14.62,57.70]]]}"#;
    let document = r#"{"id":"d","names":{"sv":"Löfte","en":"Promise"},"signed":"2025-01-01","period":"2025","source":"x",
        "parties":[],"promises":[{"id":"l","names":{"sv":"a","en":"a"},"quote":"a","areas":[]}],
        "commitments":[{"id":"c","names":{"sv":"b","en":"b"},"quote":"b","promises":["l"],"promises_basis":"text","responsible":[],
        "pledge":{"type":"not_measurable","reason":{"sv":"r","en":"r"}}}]}"#;
    let rows: [(&str, &[(&str, &str)]); 9] = [
        (
            "omraden",
            &[
                ("name_sv", "Norr"),
                ("name_en", "North"),
                ("set", "x"),
                ("area_type", "residential"),
                ("certainty", "assumed"),
                ("geometry", polygon),
            ],
        ),
        ("platser", &[("name", "Torget"), ("aliases", "Stora torget\r\nTorg 1"), ("lon", "14,6"), ("lat", "57,7")]),
        (
            "genomfort",
            &[
                ("kind", "presence"),
                ("start", "2025-03-01T18:00"),
                ("end", "2025-03-01T20:00"),
                ("actors", "Polisen: LPO\r\nmunicipality"),
                ("minutes", "120"),
            ],
        ),
        ("iakttagelser", &[("category", "lighting"), ("start", "2025-03-01"), ("area", "west")]),
        (
            "trygghetsmatningar",
            &[
                ("wave", "2025"),
                ("question_sv", "?"),
                ("question_en", "?"),
                ("respondents", "all"),
                ("period_start", "2025-01-01"),
                ("period_end", "2025-01-31"),
                ("asked", "1 000"),
                ("answered", "500"),
                ("unsafe", "20"),
                ("source", "x"),
            ],
        ),
        (
            "rapporterade-antal",
            &[
                ("organisation", "Polisen"),
                ("kind", "targeted_operation"),
                ("n", "4"),
                ("period_start", "2025-05-01"),
                ("period_end", "2025-05-31"),
                ("reported_by", "LPO"),
                ("reported_on", "2025-06-02"),
            ],
        ),
        (
            "atgarder",
            &[("text", "Byt lampan"), ("owner_organisation", "Kommunen"), ("status", "planned"), ("due", "2025-05-01")],
        ),
        (
            "veckorapporter",
            &[("organisation", "Skolan"), ("week", "2025-W09"), ("n", "0"), ("reported_on", "2025-03-03")],
        ),
        ("loften", &[("document", document)]),
    ];
    for (word, fields) in rows {
        let key = hidden(&page(&service, &format!("/{word}/ny")), "key");
        let sent: Vec<(&str, &str)> = fields.iter().copied().chain([("key", key.as_str())]).collect();
        let reply = post(&service, &format!("/{word}/ny"), &sent);
        assert_eq!(reply.status, 303, "{word}: {}", reply.text());
        let location = reply.header("location").expect("a location").to_string();
        for path in [location.clone(), format!("{location}?lang=en"), format!("/{word}"), format!("/{word}?lang=en")] {
            page(&service, &path);
        }
        // What a form shows can be sent back as it is.
        let form = page(&service, &format!("{location}/andra"));
        let again: Vec<(&str, &str)> = fields.iter().copied().chain([("key", "again"), ("tag", "")]).collect();
        let (key, tag) = (hidden(&form, "key"), hidden(&form, "tag"));
        let again: Vec<(&str, &str)> = again
            .into_iter()
            .map(|(name, value)| match name {
                "key" => ("key", key.as_str()),
                "tag" => ("tag", tag.as_str()),
                _ => (name, value),
            })
            .collect();
        let reply = post(&service, &format!("{location}/andra"), &again);
        assert_eq!(reply.status, 303, "{word}: {}", reply.text());
    }
}

#[test]
fn lists_show_the_newest_first_and_page_without_loss() {
    let service = Service::start();
    let features: Vec<_> = (0..120).map(|i| observation(&format!("o{i:03}"), (i % 28) as u8 + 1)).collect();
    let reply = service.change("POST", OBSERVATIONS, &[], &json!({"type": "FeatureCollection", "features": features}));
    assert_eq!(reply.status, 201);
    let (mut path, mut seen, mut days) = (Some("/iakttagelser".to_string()), Vec::new(), Vec::new());
    while let Some(at) = path {
        let shown = page(&service, &at);
        seen.extend(shown.split("href=\"/iakttagelser/o").skip(1).map(|rest| rest[..3].to_string()));
        days.extend(shown.split("2025-03-").skip(1).map(|rest| rest[..2].to_string()));
        path = shown.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_string);
    }
    assert_eq!(seen.len(), 120);
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 120);
    assert!(page(&Service::start(), "/iakttagelser").contains("Inga uppgifter ännu"));
}

#[test]
fn a_booking_is_a_public_invitation_only_when_it_is_open_to_everybody() {
    let service = Service::start();
    for (kind, taken) in [("safety_walk", true), ("dialogue", true), ("presence", false), ("traffic_check", false)] {
        let form = page(&service, "/inbokat/ny");
        assert!(form.contains("Offentlig inbjudan") && form.contains("name=\"invitation\""), "{form}");
        let key = hidden(&form, "key");
        let sent = [
            ("key", key.as_str()),
            ("kind", kind),
            ("start", "2025-05-12"),
            ("start_time", "18:00"),
            ("booked_on", "2025-04-01"),
            ("invitation", "true"),
        ];
        let reply = post(&service, "/inbokat/ny", &sent);
        if taken {
            let location = reply.header("location").expect("a location").to_string();
            assert!(page(&service, &location).contains("<dt>Offentlig inbjudan</dt><dd>Ja</dd>"), "{kind}");
        } else {
            let told = "Bara trygghetsvandringar och dialogmöten är öppna för alla";
            assert!(reply.status == 422 && reply.text().contains(told), "{kind}: {}", reply.text());
        }
    }
    assert_eq!(service.json("/api/collections/bookings/items")["numberMatched"], 2);
}

#[test]
fn bookings_comments_and_priorities_are_made_changed_and_listed_on_pages() {
    let service = Service::start();
    let make = |path: &str, pairs: &[(&str, &str)]| {
        let form = page(&service, &format!("{path}/ny"));
        let key = hidden(&form, "key");
        let sent: Vec<(&str, &str)> = std::iter::once(("key", key.as_str())).chain(pairs.iter().copied()).collect();
        let reply = post(&service, &format!("{path}/ny"), &sent);
        assert_eq!(reply.status, 303, "{path}: {}", reply.text());
        (form, reply.header("location").expect("a location").to_string())
    };
    let (form, booking) = make(
        "/inbokat",
        &[
            ("kind", "collaboration_meeting"),
            ("start", "2025-05-12"),
            ("start_time", "13:00"),
            ("title", "Vårens läge"),
            ("actors", "police: LPO\nmunicipality"),
            ("booked_on", "2025-04-01"),
        ],
    );
    // The clock of this test stands on 1 April: the day of booking is filled in, the day of the meeting is not.
    assert!(
        form.contains("Ny inbokning") && form.contains("name=\"booked_on\" type=\"date\" value=\"2025-04-01\""),
        "{form}"
    );
    assert!(form.contains("name=\"start\" type=\"date\" value=\"\""), "{form}");
    let shown = page(&service, &booking);
    assert!(
        shown.contains("Vårens läge") && shown.contains("2025-05-12 13:00") && shown.contains("<dd>Nej</dd>"),
        "{shown}"
    );
    let edit = page(&service, &format!("{booking}/andra"));
    let (key, tag) = (hidden(&edit, "key"), hidden(&edit, "tag"));
    let called_off = [
        ("key", key.as_str()),
        ("tag", tag.as_str()),
        ("kind", "collaboration_meeting"),
        ("start", "2025-05-12"),
        ("start_time", "13:00"),
        ("title", "Vårens läge"),
        ("actors", "police: LPO\nmunicipality"),
        ("booked_on", "2025-04-01"),
        ("cancelled", "true"),
    ];
    assert_eq!(post(&service, &format!("{booking}/andra"), &called_off).status, 303);
    assert!(page(&service, &format!("{booking}?lang=en")).contains("<dt>Called off</dt><dd>Yes</dd>"));
    let kept = service.json("/api/collections/bookings/items");
    assert_eq!(kept["features"][0]["properties"]["start"], "2025-05-12T11:00:00Z");
    assert_eq!(
        kept["features"][0]["properties"]["actors"],
        json!([{"role": "police", "organisation": "LPO"}, {"role": "municipality", "organisation": null}])
    );
    assert!(page(&service, "/inbokat").contains("Samverkansmöte, Vårens läge"));

    let comment = [("promise", "lofte"), ("commitment", "insatser"), ("party", "police"), ("said_on", "2025-04-01")];
    let long: Vec<(&str, &str)> = comment.into_iter().chain([("text", LONG.as_str())]).collect();
    let key = hidden(&page(&service, "/kommentarer/ny"), "key");
    let refused = post(&service, "/kommentarer/ny", &[&[("key", key.as_str())], long.as_slice()].concat());
    assert!(refused.status == 422 && refused.text().contains("För långt: högst 400 tecken."), "{}", refused.text());
    let (_, comment) = make("/kommentarer", &[&comment[..], &[("text", "Vi tar igen det.")]].concat());
    assert!(page(&service, &comment).contains("Vi tar igen det."));
    assert!(page(&service, "/kommentarer").contains("insatser, police, 2025-04-01"));

    let (_, first) = make(
        "/prioriteringar",
        &[
            ("week", "2025-W15"),
            ("rank", "1"),
            ("text", "Närvaro fredag"),
            ("area", "west"),
            ("decided_on", "2025-04-01"),
        ],
    );
    assert!(page(&service, &first).contains("2025-W15"));
    assert!(page(&service, "/prioriteringar?lang=en").contains("2025-W15, 1, Närvaro fredag"));
}

static LONG: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| "å".repeat(401));

#[test]
fn a_comment_is_chosen_from_the_promises_of_the_file() {
    let service = Service::start();
    let document = json!({"id": "lofte-2025", "names": {"sv": "Löftet 2025", "en": "The promise 2025"}, "signed": "2025-01-10",
        "period": "2025", "source": "undertecknat", "parties": [
            {"id": "polisen", "role": "police", "organisation": "Polisen Höglandet", "signed_as": "chef"}],
        "promises": [{"id": "tryggare", "names": {"sv": "Tryggare", "en": "Safer"}, "quote": "Tryggare.", "areas": ["west"]}],
        "commitments": [{"id": "insatser", "names": {"sv": "Insatser i väst", "en": "Operations in the west"}, "quote": "Fyra insatser.",
            "promises": ["tryggare"], "promises_basis": "text", "responsible": ["polisen"], "pledge": {"type": "activities",
            "kind": "targeted_operation", "count_by": "operation", "target": {"at_least": 4, "per": "calendar_year"},
            "actors": [{"any_of": ["police"]}], "place": {"area": "west"}}}]});
    service.made(
        "/api/collections/promises/items",
        &json!({"type": "Feature", "id": "lofte-2025", "geometry": null, "properties": {"document": document}}),
    );
    let form = page(&service, "/kommentarer/ny");
    for part in [
        "<option value=\"lofte-2025\">Löftet 2025</option>",
        "<optgroup label=\"Löftet 2025\"><option value=\"insatser\">Insatser i väst</option></optgroup>",
        "<option value=\"polisen\">Polisen Höglandet</option>",
    ] {
        assert!(form.contains(part), "{part}: {form}");
    }
    assert!(page(&service, "/kommentarer/ny?lang=en").contains("Operations in the west"));
    // What is no longer there stays chosen in a form that was sent.
    let key = hidden(&form, "key");
    let sent = [("key", key.as_str()), ("promise", "lofte-2025"), ("commitment", "gammal"), ("party", "polisen")];
    let reply = post(&service, "/kommentarer/ny", &sent);
    assert!(reply.status == 422 && reply.text().contains("<option value=\"gammal\" selected>"), "{}", reply.text());
}

#[test]
fn a_promise_is_made_and_changed_in_rows_and_keeps_what_rows_do_not_show() {
    let service = Service::start();
    let form = page(&service, "/loften/ny");
    for part in [
        "Utlovade aktiviteter",
        "id=\"f-commitment-2-kind\"",
        "<option value=\"area:west\">",
        "hela dokumentet som JSON",
    ] {
        assert!(form.contains(part), "{part}: {form}");
    }
    let key = hidden(&form, "key");
    let mut sent = vec![
        ("rows", "1"),
        ("key", key.as_str()),
        ("head-sv", "Tryggare i väst"),
        ("head-signed", "2025-01-10"),
        ("head-first", "2025-01-01"),
        ("head-last", "2025-12-31"),
        ("party-0-role", "police"),
        ("party-0-organisation", "Polisen Höglandet"),
        ("promise-0-sv", "Tryggare"),
        ("promise-0-areas", "west"),
        ("promise-0-areas", "east"),
        ("commitment-0-sv", "Insatser"),
        ("commitment-0-what", "count"),
        ("commitment-0-kind", "targeted_operation"),
        ("commitment-0-roles", "police"),
        ("commitment-0-place", "area:west"),
    ];
    let refused = post(&service, "/loften/ny", &sent);
    let text = refused.text();
    assert_eq!(refused.status, 422, "{text}");
    for part in [
        "href=\"#f-commitment-0-n\">Utlovad aktivitet 1 – Fyll i det här.",
        "value=\"Tryggare i väst\"",
        "<option value=\"east\" selected>",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    sent.push(("commitment-0-n", "4"));
    let made = post(&service, "/loften/ny", &sent);
    assert_eq!(made.status, 303, "{}", made.text());
    assert_eq!(made.header("location"), Some("/loften/tryggare-i-vast-2025"));
    assert_eq!(post(&service, "/loften/ny", &sent).status, 303, "sent twice is made once");

    // A reading, which rows do not show, comes in as JSON and survives a change in rows.
    const ITEM: &str = "/api/collections/promises/items/tryggare-i-vast-2025";
    let reply = service.get(ITEM);
    let tag = format!("If-Match: {}", reply.header("etag").expect("a tag"));
    let mut feature = reply.json();
    let reading =
        json!([{"quote": "fyra", "chosen": {"sv": "Minst fyra.", "en": "At least four."}, "alternatives": []}]);
    feature["properties"]["document"]["commitments"][0]["readings"] = reading.clone();
    let put = service.change("PUT", ITEM, &[&tag], &feature);
    assert_eq!(put.status, 200, "{}", put.text());
    let edit = page(&service, "/loften/tryggare-i-vast-2025/andra");
    assert!(edit.contains("value=\"4\"") && edit.contains("Ta bort raden"), "{edit}");
    let (key, tag) = (hidden(&edit, "key"), hidden(&edit, "tag"));
    sent[1] = ("key", key.as_str());
    sent.push(("tag", tag.as_str()));
    sent.retain(|(name, _)| *name != "commitment-0-n");
    sent.push(("commitment-0-n", "6"));
    let changed = post(&service, "/loften/tryggare-i-vast-2025/andra", &sent);
    assert_eq!(changed.status, 303, "{}", changed.text());
    let document = service.json(ITEM)["properties"]["document"].clone();
    assert_eq!(document["commitments"][0]["pledge"]["target"]["at_least"], 6);
    assert_eq!(document["commitments"][0]["readings"], reading);
    assert_eq!(document["promises"][0]["areas"], json!(["west", "east"]));
    // Somebody else changed it meanwhile.
    sent[1] = ("key", "another");
    let stale = post(&service, "/loften/tryggare-i-vast-2025/andra", &sent);
    assert!(stale.status == 422 && stale.text().contains("Någon annan har ändrat"), "{}", stale.text());
}
