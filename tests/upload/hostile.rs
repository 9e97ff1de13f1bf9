//! Files that nobody should send, and files that are too large.

use std::io::Write;

use zip::write::SimpleFileOptions;

use crate::{Service, protocol};

/// A workbook whose sheet unpacks to far more than any sheet has.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", SimpleFileOptions::default()).expect("begun");
    zip.write_all(b"<workbook/>").expect("written");
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).expect("begun");
    let row = vec![b' '; 1024 * 1024];
    for _ in 0..64 {
        zip.write_all(&row).expect("written");
    }
    zip.finish().expect("closed").into_inner()
}

#[test]
fn a_hostile_file_ends_as_a_page_that_says_what_is_wrong() {
    let service = Service::start();
    let anna = &service.anna;
    let mut damaged = protocol();
    damaged.truncate(damaged.len() / 2);
    for (name, bytes) in [
        ("bild.png", b"\x89PNG\r\n\x1a\n0000".to_vec()),
        ("text.pdf", b"%PDF-1.7 ...".to_vec()),
        ("tom.csv", Vec::new()),
        ("sida.html", b"<html><script>alert(1)</script></html>".to_vec()),
        ("nul.csv", b"datum\n\x00\x00\x00\n".to_vec()),
        ("halv.xlsx", damaged),
        ("bomb.xlsx", bomb()),
    ] {
        let mut reply = service.upload(anna, "observations", name, &bytes);
        if let (303, Some(path)) = (reply.status, reply.header("location").map(str::to_string)) {
            reply = service.get(anna, &path);
        }
        let page = reply.text();
        assert_eq!(reply.status, 422, "{name}: {page}");
        assert!(page.contains("role=\"alert\"") && page.contains("<html") && !page.contains("alert(1)"), "{name}");
        assert!(!page.contains(&service.folder.path().display().to_string()), "{name}: no paths of the machine");
    }
    assert!(service.store.imports().expect("read").is_empty());
}

#[test]
fn a_name_of_a_column_that_looks_personal_is_masked_too() {
    let service = Service::start();
    let csv = "datum;070-123 45 67;anna@example.se\n2025-03-01;x;y\n";
    let path = service.taken(&service.anna, "observations", "070-123 45 67.csv", csv.as_bytes());
    let page = service.page(&service.anna, &path);
    assert!(!page.contains("070-123") && !page.contains("anna@example.se") && page.contains("[...]"), "{page}");
}

#[test]
fn one_row_above_the_limit_is_refused_and_one_at_it_is_not() {
    let service = Service::start();
    let rows = |n: usize| {
        let mut csv = String::from("datum\n");
        csv.extend(std::iter::repeat_n("2025-03-01\n", n));
        csv
    };
    let anna = &service.anna;
    let path = service.taken(anna, "observations", "många.csv", rows(200_001).as_bytes());
    let reply = service.get(anna, &path);
    assert!(reply.status == 422 && reply.text().contains("för många rader"), "{}", reply.text());
    assert!(!reply.text().contains("value=\"import\""));
    let service = Service::with(&[("upload_max_rows", "300")]);
    let lines = [format!("Authorization: Bearer {}", service.key), "Content-Type: text/csv".to_string()];
    let line = "POST /api/imports?into=observations&dry_run=true";
    for above in [301, 300_000] {
        assert_eq!(service.send(line, &lines, rows(above).as_bytes()).status, 422, "{above}");
    }
    let at_limit = service.send(line, &lines, rows(300).as_bytes());
    assert_eq!(at_limit.json()["summary"]["accepted"], 300, "{}", at_limit.text());
}

#[test]
fn a_file_above_the_limit_is_refused_before_it_is_read() {
    let service = Service::with(&[("upload_limit_bytes", "2000")]);
    let anna = &service.anna;
    let line = |n: usize| format!("datum\n2025-03-01\n{}", "\n".repeat(n - 17));
    assert_eq!(service.upload(anna, "observations", "a.csv", line(2000).as_bytes()).status, 303);
    let above = service.upload(anna, "observations", "a.csv", line(2001).as_bytes());
    assert!(above.status == 413 && above.text().contains("2000 byte"), "{}", above.text());
    assert_eq!(service.upload(anna, "observations", "a.csv", line(2_000_000).as_bytes()).status, 413);
    let json = service.send(
        "POST /import",
        &[
            format!("X-Csrf-Token: {}", anna.csrf()),
            format!("Cookie: lagesbild={}", anna.token.to_hex()),
            "Content-Type: application/json".to_string(),
            "Origin: http://localhost".to_string(),
        ],
        b"{}",
    );
    assert_eq!(json.status, 415);
}
