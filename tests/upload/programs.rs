//! The same for programs: a file as the body, the answer as JSON.

use crate::{Reply, Service, protocol};

fn send(service: &Service, line: &str, media_type: &str, body: &[u8]) -> Reply {
    let lines = [format!("Authorization: Bearer {}", service.key), format!("Content-Type: {media_type}")];
    service.send(line, &lines, body)
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[test]
fn a_program_asks_imports_lists_and_undoes() {
    let service = Service::start();
    // Saved once: a workbook says when it was saved, so the same rows saved again are another file.
    let file = protocol();
    let dry = send(&service, "POST /api/imports?into=observations&dry_run=true", XLSX, &file);
    assert_eq!(dry.status, 200, "{}", dry.text());
    let told = dry.json();
    assert_eq!((&told["summary"]["rows"], &told["summary"]["accepted"]), (&5.into(), &3.into()));
    assert_eq!(told["summary"]["unmatched_places"][0]["text"], "Tunneln vid Linden");
    assert_eq!(told["refused"].as_array().map(Vec::len), Some(2), "{told}");
    assert!(!dry.text().contains("070-123") && told["refused"][1]["column"] == "Beskrivning", "{told}");
    assert_eq!(told["columns"][6]["fields"], serde_json::json!([]));
    assert!(service.store.imports().expect("read").is_empty() && service.waiting().is_empty());

    let done = send(&service, "POST /api/imports?into=observations&name=v.xlsx", XLSX, &file);
    assert_eq!((done.status, &done.json()["id"]), (201, &1.into()), "{}", done.text());
    let again = send(&service, "POST /api/imports?into=observations", XLSX, &file);
    assert_eq!(again.status, 409, "the same content is not imported twice: {}", again.text());
    let list = send(&service, "GET /api/imports", "application/json", b"").json();
    assert_eq!((&list["imports"][0]["file"], &list["imports"][0]["accepted"]), (&"v.xlsx".into(), &3.into()));
    let undone = send(&service, "POST /api/imports/1/undo", "application/json", b"");
    assert_eq!((undone.status, &undone.json()["withdrawn"]), (200, &3.into()), "{}", undone.text());
    assert_eq!(send(&service, "POST /api/imports/1/undo", "application/json", b"").status, 409);
    assert_eq!(send(&service, "POST /api/imports/9/undo", "application/json", b"").status, 404);
    assert_eq!(send(&service, "POST /api/imports?into=observations", XLSX, &file).status, 201);
    assert!(service.waiting().is_empty());
}

#[test]
fn a_column_is_mapped_and_a_clashing_id_is_refused() {
    let service = Service::start();
    let csv = b"nr,when\nA1,2025-03-01\nA1,2025-03-02\n";
    let path = "POST /api/imports?into=observations&map=id%3Dnr&map=datetime%3Dwhen";
    let done = send(&service, path, "text/csv", csv).json();
    assert_eq!(
        (&done["summary"]["accepted"], &done["refused"][0]["reason"]),
        (&1.into(), &"the id stands twice in this file".into())
    );
    let other = send(&service, path, "text/csv", b"nr,when\nA1,2025-04-01\nA2,2025-04-01\n").json();
    assert_eq!(other["refused"][0]["reason"], "the id exists in observations already");
    assert_eq!(other["summary"]["accepted"], 1);
}

#[test]
fn what_cannot_be_meant_is_told_as_a_problem() {
    let service = Service::start();
    let csv = b"datum\n2025-03-01\n";
    for (query, media_type, body, status) in [
        ("", "text/csv", csv.as_slice(), 400),
        ("?into=areas", "text/csv", csv, 400),
        ("?into=observations", "image/png", csv, 415),
        ("?into=observations&format=docx", "text/csv", csv, 400),
        ("?into=observations&map=when", "text/csv", csv, 400),
        ("?into=observations&dry_run=perhaps", "text/csv", csv, 400),
        ("?into=observations", "text/csv", b"", 400),
        ("?into=observations&format=xlsx", "text/csv", csv, 422),
        ("?into=observations", "text/csv", b"vad\nlampa\n", 422),
        ("?into=observations", "text/csv", b"datum\nnot a day\n", 422),
    ] {
        let reply = send(&service, &format!("POST /api/imports{query}"), media_type, body);
        assert_eq!(reply.status, status, "{query}: {}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{query}");
    }
    assert!(service.store.imports().expect("read").is_empty() && service.waiting().is_empty());
}
