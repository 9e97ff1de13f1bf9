//! What holds for all files of any release.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use super::{Assets, Files, files};
use crate::release::test_release::{empty_release, follow_up_release, nothing_reported_release, statistics_release};
use crate::release::{Protected, Release};

#[path = "../../tests/support/lix.rs"]
mod lix;

/// Four releases with their files; pictures take a while, so they are made once.
fn all() -> &'static [(Protected<Release>, Files); 4] {
    static ALL: LazyLock<[(Protected<Release>, Files); 4]> = LazyLock::new(|| {
        [follow_up_release(), statistics_release(), nothing_reported_release(), empty_release()].map(|release| {
            let files = files(&release, &Assets::default());
            (release, files)
        })
    });
    &ALL
}

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}"))).expect("UTF-8")
}

fn pages(files: &Files) -> impl Iterator<Item = (&str, &str)> {
    files
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path, std::str::from_utf8(bytes).expect("UTF-8")))
}

/// The values of an attribute, as they stand.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// What stands in elements of a name, without marks inside.
fn contents(html: &str, element: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in html.split(&format!("<{element}")).skip(1).filter(|part| part.starts_with(['>', ' '])) {
        let inside = part.split_once('>').and_then(|(_, rest)| rest.split_once(&format!("</{element}>")));
        let Some((inside, _)) = inside else { continue };
        let bare: String = inside
            .split('<')
            .enumerate()
            .map(|(i, piece)| if i == 0 { piece } else { piece.split_once('>').map_or("", |(_, rest)| rest) })
            .collect();
        out.push(bare.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\""));
    }
    out
}

#[test]
fn the_same_release_gives_the_same_bytes() {
    for (release, first) in all() {
        assert!(*first == files(release, &Assets::default()), "release {}", release.get().edition.number);
    }
}

#[test]
fn no_file_names_a_path_of_a_machine_or_a_moment() {
    let is_moment = |bytes: &[u8]| {
        let shape: String = bytes.iter().map(|b| if b.is_ascii_digit() { '0' } else { char::from(*b) }).collect();
        shape == "00:00:00"
    };
    for (_, files) in all() {
        for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with(".png")) {
            let text = std::str::from_utf8(bytes).expect("UTF-8");
            for word in ["/home/", "/tmp/", "/root/", "/work/", "C:\\", "localhost", "127.0.0.1"] {
                assert!(!text.contains(word), "{path} has {word}");
            }
            // The feed has midnights, which stand for days.
            let moments = bytes.windows(8).filter(|window| is_moment(window) && *window != b"00:00:00").count();
            assert_eq!(moments, 0, "{path} has a time with seconds");
        }
    }
}

#[test]
fn every_link_inside_a_release_leads_to_one_of_its_files() {
    for (_, files) in all() {
        for (path, html) in pages(files) {
            let folder: Vec<&str> = path.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect();
            for link in attributes(html, "href").into_iter().chain(attributes(html, "src")) {
                let is_outside =
                    ["http:", "https:", "mailto:", "data:", "#"].iter().any(|start| link.starts_with(start));
                if is_outside {
                    continue;
                }
                let mut parts = folder.clone();
                for part in link.split('#').next().unwrap_or_default().split('/') {
                    if part == ".." {
                        parts.pop().expect("inside the folder");
                    } else {
                        parts.push(part);
                    }
                }
                assert!(files.get(&parts.join("/")).is_some(), "{path} leads to {link}");
            }
        }
    }
}

#[test]
fn every_number_of_reports_in_a_page_is_a_figure_and_no_other() {
    for (release, files) in all() {
        if release.get().statistics.is_none() {
            continue;
        }
        let json: Value = serde_json::from_str(text(files, "data/statistics.json")).expect("JSON");
        let figure = |f: &Value| {
            let word = |name: &str| f[name].as_str().expect("a word").to_string();
            (word("place"), word("category"), word("period"), f["count"].as_u64(), word("shown"))
        };
        let figures: BTreeSet<_> = json["figures"].as_array().expect("a list").iter().map(figure).collect();
        let mut said = BTreeSet::new();
        for path in ["statistik.html", "statistik.en.html", "embed/sv/statistik.html", "embed/en/statistik.html"] {
            for row in text(files, path).split("<tr ").skip(1).filter(|row| row.contains("data-category")) {
                let row = format!(" {}", row.split("</tr>").next().expect("a row"));
                let one = |name: &str| attributes(&row, name).first().map(|value| value.to_string());
                let count = one("data-count").map(|count| count.parse::<u64>().expect("a number"));
                let shown = one("data-shown").expect("how it is shown");
                let cell = contents(&row, "td").pop().expect("a cell");
                let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
                match count {
                    Some(count) => assert_eq!(digits, count.to_string(), "{path}: {row}"),
                    None => assert!(["under 10", "inte uppdelat", "not divided"].contains(&cell.as_str()), "{cell}"),
                }
                let key =
                    [one("data-place"), one("data-category"), one("data-period")].map(|word| word.expect("a word"));
                let [place, category, period] = key;
                said.insert((place, category, period, count, shown));
            }
        }
        assert!(said.is_subset(&figures), "{:?}", said.difference(&figures).next());
        // Squares without a number are counted in a sentence; everything else has a row.
        let with_row = figures.iter().filter(|(place, .., count, _)| !place.starts_with("square-") || count.is_some());
        assert_eq!(said.len(), with_row.count());
    }
}

#[test]
fn the_swedish_prose_of_every_page_is_easy_to_read() {
    for (_, files) in all() {
        for (path, html) in pages(files).filter(|(path, _)| !path.contains(".en.") && !path.contains("/en/")) {
            let main = html.split_once("<main").map_or(html, |(_, rest)| rest).split("</main>").next().expect("a part");
            let prose: Vec<String> = contents(main, "p").into_iter().chain(contents(main, "li")).collect();
            let prose: Vec<String> =
                prose.into_iter().filter(|line| line.trim_end().ends_with(['.', '!', '?'])).collect();
            let measured = lix::lix(&prose.join("\n"));
            assert!(measured > 5.0 && measured <= 40.0, "{path}: LIX {measured:.1}\n{}", prose.join("\n"));
        }
    }
}

#[test]
fn no_page_uses_words_that_readers_do_not_know_or_that_claim_causes() {
    for (_, files) in all() {
        for (path, bytes) in
            files.iter().filter(|(path, _)| path.ends_with(".html") || path.ends_with(".txt") || path.ends_with(".svg"))
        {
            let lower = std::str::from_utf8(bytes).expect("UTF-8").to_lowercase();
            for word in [
                "hotspot",
                "hot spot",
                "kde",
                "dosering",
                "effekt av",
                "tack vare",
                "thanks to",
                "safe area",
                "null",
                "none",
                "{",
                "nan",
            ] {
                // Fills of drawings are `none`, and words such as `finansiera` have `nan` in them.
                let found = lower.replace("fill=\"none\"", "");
                let found =
                    found.split(|c: char| !c.is_alphanumeric() && c != '{' && c != ' ').any(|part| part == word);
                assert!(!found, "{path} says {word}");
            }
        }
    }
}

#[test]
fn an_empty_release_says_what_there_is_not() {
    let (_, files) = &all()[3];
    let page = text(files, "lofte.html");
    for words in [
        "Inget löfte gäller nu",
        "Det är den första utgåvan av sitt slag.",
        "Hur trygga folk känner sig är inte känt.",
        "Just nu finns ingen inbjudan.",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(text(files, "embed/sv/karta.html").contains("Utgåvan har inga områden att visa på en karta."));
    assert!(files.get("statistik.html").is_none() && files.get("data/statistics.json").is_none());
}

#[test]
fn words_of_people_cannot_break_out_of_a_page() {
    let (_, files) = &all()[0];
    for (path, html) in pages(files) {
        assert!(!html.contains("<b>"), "{path}");
    }
    assert!(text(files, "data/commitments.json").contains("<b>& nummer</b>"));
}
