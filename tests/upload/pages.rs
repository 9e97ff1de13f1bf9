//! The pages, as a browser without scripts uses them.

use crate::{Service, protocol};
use lagesbild::domain::{Collection, Id, Record};
use lagesbild::store::Found;

#[test]
fn a_protocol_is_looked_at_mapped_imported_once_and_undone() {
    let service = Service::start();
    let anna = &service.anna;
    let start = service.page(anna, "/import");
    assert!(start.contains("Läs in en fil") && start.contains("enctype=\"multipart/form-data\""), "{start}");
    assert!(start.find("name=\"csrf\"") < start.find("name=\"into\""), "the token stands first");
    let file = protocol();
    let path = service.taken(anna, "observations", "vandring <1>.xlsx", &file);
    let page = service.page(anna, &path);
    for told in [
        "vandring &lt;1&gt;.xlsx",
        "3 av 5 rader kan läsas in. 2 rader avvisas.",
        "Excel-arbetsbok",
        "Ser ut som en personuppgift",
        "Tunneln vid Linden",
        "2 rader",
        "Läs in 3 rader",
        "2025-03-01 21:30 Belysning, Resecentrum",
        "Kolumner som inte läses: Väder.",
        "2025-03-02 Nedskräpning, utan läge",
        "1 har bara datum",
        "2 saknar läge",
        "<circle",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("070-123") && !page.contains("<b>här"), "masked and escaped: {page}");
    assert!(service.snapshot_count() == 0 && service.waiting().len() == 2, "{:?}", service.waiting());

    // Pressing Import with other choices than those shown imports nothing.
    let over = [("place-0", "Stortorget"), ("remember-0", "1")];
    let reply = service.press(anna, &path, "import", &over);
    assert_eq!(reply.status, 409, "{}", reply.text());
    assert!(reply.text().contains("Valen är ändrade") && service.snapshot_count() == 0, "{}", reply.text());
    let page = service.page(anna, &path);
    assert!(page.contains("2025-03-01 22:05 Belysning, Stortorget") && !page.contains("saknar läge"), "{page}");

    let reply = service.press(anna, &path, "import", &[]);
    assert_eq!((reply.status, reply.header("location")), (303, Some(path.as_str())), "{}", reply.text());
    let done = service.page(anna, &path);
    assert!(done.contains("3 av 5 rader lästes in. 2 avvisades."), "{done}");
    assert!(done.contains("känner nu också till: Tunneln vid Linden"), "{done}");
    assert_eq!(service.snapshot_count(), 3);
    let rejects = service.page(anna, &format!("{path}/avvisade.csv"));
    assert!(rejects.starts_with("Löpnr,Datum,Klockslag") && rejects.lines().count() == 3, "{rejects}");
    assert!(service.waiting().iter().all(|path| path.to_string_lossy().ends_with(".rejects")));

    // A second press, as from a page that was still open.
    let again = service.post(anna, &path, &[("csrf", &anna.csrf()), ("do", "import"), ("version", "1")]);
    assert_eq!((again.status, service.snapshot_count()), (303, 3));
    assert_eq!(service.store.imports().expect("read").len(), 1);

    // The same content again is seen and not imported; the place name is known now.
    let twice = service.taken(anna, "observations", "igen.xlsx", &file);
    let page = service.page(anna, &twice);
    assert!(page.contains("Samma innehåll lästes in") && !page.contains("value=\"import\""), "{page}");
    assert!(!page.contains("Platser som inte finns i registret"), "{page}");
    let id = Id::new("stortorget").expect("id");
    let Found::Current { record: Record::Place(place), .. } =
        service.store.found(Collection::Places, &id, None).expect("read")
    else {
        panic!("the place is there")
    };
    assert_eq!(place.aliases, ["Tunneln vid Linden"]);

    let list = service.page(anna, "/import");
    assert!(list.contains("3 av 5 lästes in") && list.contains("/import/angra/1"), "{list}");
    assert!(service.page(anna, "/import/angra/1").contains("3 rader från vandring &lt;1&gt;.xlsx"));
    let undone = service.post(anna, "/import/angra/1", &[("csrf", &anna.csrf())]);
    assert!(undone.status == 200 && undone.text().contains("3 togs tillbaka"), "{}", undone.text());
    assert_eq!(service.snapshot_count(), 0);
    assert!(service.page(anna, "/import").contains("Ångrad"));
    assert_eq!(service.post(anna, "/import/angra/1", &[("csrf", &anna.csrf())]).status, 409);
    assert!(service.page(anna, &twice).contains("Läs in 3 rader"), "undone, so it may come again");
}

#[test]
fn what_looks_personal_is_taken_with_brackets_when_asked_for() {
    let service = Service::start();
    let anna = &service.anna;
    let path = service.taken(anna, "observations", "v.xlsx", &protocol());
    let reply = service.press(anna, &path, "preview", &[("personal", "redact")]);
    assert_eq!(reply.status, 303, "{}", reply.text());
    let page = service.page(anna, &path);
    assert!(page.contains("4 av 5 rader kan läsas in. 1 rad avvisas.") && !page.contains("070-123"), "{page}");
    assert_eq!(service.press(anna, &path, "import", &[]).status, 303);
    assert_eq!(service.snapshot_count(), 4);
    let records = service.store.page(Collection::Observations, service.store.snapshot().revision(), None, 10);
    let texts: Vec<String> = records
        .expect("read")
        .into_iter()
        .filter_map(|(record, _)| if let Record::Observation(o) = record { o.text } else { None })
        .collect();
    assert!(texts.contains(&"Ring [...]".to_string()), "{texts:?}");
}

#[test]
fn columns_can_be_chosen_when_no_heading_is_known() {
    let service = Service::start();
    let anna = &service.anna;
    let csv = "hur;var;tillfälle\nKlotter;Resecentrum;2025-03-01 21:30\nKlotter;Resecentrum;igår\n";
    let path = service.taken(anna, "observations", "egen.csv", csv.as_bytes());
    let reply = service.get(anna, &path);
    assert_eq!(reply.status, 422);
    assert!(
        reply.text().contains("Ingen kolumn säger när") && reply.text().contains("name=\"col-2\""),
        "{}",
        reply.text()
    );
    let over = [("col-0", "category"), ("col-1", "place"), ("col-2", "datetime")];
    assert_eq!(service.press(anna, &path, "preview", &over).status, 303);
    let page = service.page(anna, &path);
    assert!(
        page.contains("1 av 2 rader kan läsas in. 1 rad avvisas.") && page.contains("Klotter, Resecentrum"),
        "{page}"
    );
    assert_eq!(service.press(anna, &path, "import", &[]).status, 303);
    assert_eq!(service.snapshot_count(), 1);
}

#[test]
fn cancelling_takes_the_file_off_the_disk_and_a_start_what_was_left() {
    let service = Service::prepared(&[], |folder| {
        let uploads = folder.join("d.gpkg.uploads");
        std::fs::create_dir(&uploads).expect("made");
        std::fs::write(uploads.join("lagesbild-upload-0123.file"), "left behind").expect("written");
        std::fs::write(uploads.join("not-ours.txt"), "of somebody else").expect("written");
    });
    let anna = &service.anna;
    service.page(anna, "/import");
    assert_eq!(service.waiting().len(), 1, "what is not ours stays");
    let path = service.taken(anna, "observations", "v.xlsx", &protocol());
    assert_eq!(service.waiting().len(), 2);
    #[cfg(unix)]
    for file in service.waiting().iter().filter(|path| path.to_string_lossy().ends_with(".file")) {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(service.press(anna, &path, "cancel", &[]).status, 303);
    assert_eq!((service.waiting().len(), service.get(anna, &path).status), (1, 404));
    // Of one person at most five wait: the oldest goes.
    let paths: Vec<String> =
        (0..6).map(|i| service.taken(anna, "observations", &format!("{i}.csv"), b"datum\n2025-03-01\n")).collect();
    let open = paths.iter().filter(|path| service.get(anna, path).status == 200).count();
    assert_eq!(open, 5);
}

#[test]
fn a_file_is_for_the_one_who_sent_it_and_for_editors() {
    let service = Service::start();
    let (anna, bo, reader) = (&service.anna, &service.bo, &service.reader);
    let path = service.taken(anna, "observations", "v.xlsx", &protocol());
    for address in [path.clone(), format!("{path}/avvisade.csv")] {
        assert_eq!(service.get(bo, &address).status, 404, "{address}");
        assert_eq!(service.get(reader, &address).status, 403, "{address}");
    }
    assert_eq!(service.post(bo, &path, &[("csrf", &bo.csrf()), ("do", "cancel")]).status, 404);
    assert_eq!(service.upload(reader, "observations", "v.xlsx", &protocol()).status, 403);
    assert_eq!(service.get(reader, "/import").status, 403);
    // Without the token of the login, or with it too late in the form, nothing is taken.
    let without = service.upload_with(anna, &[("into", "observations")], "v.xlsx", &protocol());
    let late = service.upload_with(anna, &[("into", "observations"), ("csrf", &anna.csrf())], "v.xlsx", &protocol());
    assert_eq!((without.status, late.status), (403, 403));
    assert_eq!(service.post(anna, &path, &[("do", "import"), ("version", "0")]).status, 403);
    assert_eq!(service.post(anna, "/import/angra/1", &[]).status, 403);
    assert_eq!(service.snapshot_count(), 0);
    assert_eq!(service.get(anna, &path).status, 200, "still there");
}

#[test]
fn every_field_has_a_label_in_both_languages_and_no_script_is_needed() {
    let service = Service::start();
    let anna = &service.anna;
    let path = service.taken(anna, "safety-walk", "v.xlsx", &protocol());
    for path in ["/import".to_string(), "/import?lang=en".to_string(), path.clone(), format!("{path}?lang=en")] {
        let page = service.page(anna, &path);
        assert!(!page.contains("<script") && !page.contains(" style=") && !page.contains(" onclick"), "{path}");
        for tag in ["<select id=\"", "<input id=\""] {
            for part in page.split(tag).skip(1) {
                let id = part.split('"').next().expect("an id");
                assert!(page.contains(&format!("for=\"{id}\"")), "{path}: {id}");
            }
        }
        assert_eq!(page.contains("lang=\"en\"><head>"), path.ends_with("en"), "{path}");
    }
    let english = service.page(anna, &format!("{path}?lang=en"));
    assert!(
        english.contains("looks like personal data") && english.contains("3 of 5 rows can be imported"),
        "{english}"
    );
}

impl Service {
    fn snapshot_count(&self) -> usize {
        self.store.snapshot().table(lagesbild::domain::Counted::Observations).len()
    }
}
