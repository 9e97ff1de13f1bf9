//! What a page says at n = 0, 3, 30 and 300, in both languages.

use lagesbild::spatial::DataClass;

use crate::server::{ELSEWHERE, Reply, Server, TRAVEL_CENTRE, between, observation, observations, plain};

/// Elements without an end tag in HTML.
const VOID: [&str; 4] = ["meta", "link", "input", "br"];

/// Every tag that is opened is closed, in order, and ids are used once.
fn assert_well_formed(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in page.split('<').skip(1) {
        let tag = part.split('>').next().expect("a tag ends");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().expect("a name");
        match tag {
            t if t.starts_with('!') => {}
            t if t.starts_with('/') => assert_eq!(open.pop(), Some(name), "near <{tag}>"),
            t if t.ends_with('/') || VOID.contains(&name) => {}
            _ => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id is used twice");
}

fn assert_sound(page: &Reply, lang: &str) {
    assert_eq!(page.status, 200);
    assert_well_formed(&page.text);
    assert!(page.text.contains(&format!("<html lang=\"{lang}\">")));
    assert_eq!(page.header("content-language"), Some(lang));
    assert_eq!(page.text.matches("<h1").count(), 1);
    assert_eq!(page.text.matches("<main").count(), 1);
    for banned in [" style=", "<style", "<script", " onclick", "NaN", "{n}", "{what}"] {
        assert!(!page.text.contains(banned), "the page has '{banned}'");
    }
    let words = page.words().to_lowercase();
    for banned in ["hotspot", "dosage", "kernel density estimation"] {
        assert!(!words.contains(banned), "the page says '{banned}'");
    }
    // The address of the layer is the only place where its short name stands.
    assert!(!words.replace("/api/layers/kde", "").contains("kde"));
}

#[test]
fn without_any_record_numbers_are_unknown_and_not_zero() {
    let server = Server::with(Vec::new());
    for (path, lang, sentence) in [
        ("/", "sv", "Inga iakttagelser är inlästa i datafilen, så antalen är inte kända"),
        ("/?lang=en", "en", "No observations have been imported into the data file, so the numbers are not known"),
    ] {
        let page = server.get(path);
        assert_sound(&page, lang);
        assert!(page.words().contains(sentence));
        for row in page.rows() {
            assert!(row[2].starts_with('–'), "{row:?}");
        }
        assert!(!page.text.contains("class=\"density\""));
    }
}

#[test]
fn three_records_are_listed_and_not_compared() {
    let server = Server::with(observations(3));
    let page = server.get("/");
    assert_sound(&page, "sv");
    let words = page.words();
    assert!(words.contains("Bara 3 iakttagelser stämmer med urvalet under perioden."), "{words}");
    assert!(words.contains("för få för att jämföra områden: Resecentrum 3"));
    assert!(words.contains("Ingen täthet visas: bara 3 iakttagelser har känt läge i kartan, och minst 10 behövs."));
    assert!(!page.text.contains("class=\"density\""));
    // 3 against 0: six of six is the least that could be a finding.
    let rows = page.rows();
    assert_eq!((rows[0][1].as_str(), rows[0][2].as_str()), ("Resecentrum (gränsen är antagen: rangordnas inte)", "3"));
    assert_eq!(rows[0].last().map(String::as_str), Some("för få för att säga"));
    assert_eq!(rows[1][2], "0");
}

#[test]
fn thirty_records_give_a_sentence_with_an_interval_and_a_density() {
    let server = Server::with(observations(30));
    let page = server.get("/");
    assert_sound(&page, "sv");
    // 18 at the travel centre; the exact Poisson interval of 18 is 10.67 to 28.45 (Garwood 1936).
    let words = page.words();
    assert!(
        words.contains("Resecentrum har flest iakttagelser: 18 under perioden (95\u{a0}% intervall 11–28)."),
        "{words}"
    );
    assert!(words.contains("Av totalt 30 iakttagelser hör 6 till resten av kommunen och 6 saknar läge."));
    assert!(page.text.contains("class=\"density\""));
    assert!(words.contains("Bygger på 18 med känt läge"));
    let rows = page.rows();
    let ends: Vec<(&str, &str)> = rows[3..].iter().map(|row| (row[1].as_str(), row[2].as_str())).collect();
    assert_eq!(ends, [("Resten av kommunen", "6"), ("Utan läge", "6")]);
}

#[test]
fn three_hundred_records_are_said_in_both_languages() {
    let server = Server::with(observations(300));
    for (path, lang, sentence) in [
        // The exact Poisson interval of 180 is 154.7 to 208.3.
        ("/", "sv", "Resecentrum har flest iakttagelser: 180 under perioden (95\u{a0}% intervall 155–208)."),
        ("/?lang=en", "en", "Travel centre has the most observations: 180 in the period (95\u{a0}% interval 155–208)."),
    ] {
        let page = server.get(path);
        assert_sound(&page, lang);
        assert!(page.words().contains(sentence), "{}", page.words());
    }
}

#[test]
fn no_swedish_stands_on_the_english_page_but_names_and_sources() {
    let server = Server::with(observations(30));
    let (swedish, english) = (server.get("/"), server.get("/?lang=en"));
    let lines = |page: &Reply, tag: &str| -> Vec<String> {
        let open = format!("<{tag}");
        let parts = page.text.split(open.as_str()).skip(1);
        parts.filter_map(|rest| rest.split_once('>')?.1.split('<').next().map(str::to_string)).collect()
    };
    for tag in ["h1", "h2", "h3", "legend", "label", "dt", "option", "caption", "button", "title"] {
        let (sv, en) = (lines(&swedish, tag), lines(&english, tag));
        assert_eq!(sv.len(), en.len(), "{tag}");
        for (sv, en) in sv.iter().zip(&en).filter(|(sv, _)| sv.chars().any(char::is_alphabetic)) {
            let same_in_both = ["Period", "Revision", "Trafik", "Alkohol"].iter().any(|word| sv.contains(word));
            assert!(sv != en || same_in_both, "{tag}: '{sv}' is the same in both languages");
        }
    }
}

#[test]
fn the_table_has_the_numbers_of_the_interface_it_links_to() {
    let server = Server::with(observations(300));
    for path in ["/", "/?set=regso&period=2026-03&category=lighting"] {
        let page = server.get(path);
        let api = server.json(&page.link("Samma uppgifter som JSON"));
        let rows = page.rows();
        let areas = api["areas"].as_array().expect("areas");
        assert_eq!(rows.len(), areas.len() + 2);
        for area in areas {
            let name = area["name"].as_str().expect("a name");
            let row = rows.iter().find(|row| row[1].starts_with(name)).unwrap_or_else(|| panic!("no row {name}"));
            assert_eq!(row[2], area["count"].to_string(), "{name}");
            if area["certainty"] == "placeholder" {
                assert!(row[4].starts_with('–'), "{row:?}");
            }
        }
        let counts: Vec<u64> = rows[..areas.len()].iter().map(|row| row[2].parse().expect("a number")).collect();
        assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
        assert_eq!(rows[areas.len()][2], api["rest"]["count"].to_string());
        assert_eq!(rows[areas.len() + 1][2], api["without_position"]["count"].to_string());
    }
}

#[test]
fn the_map_is_drawn_from_the_layer_it_links_to() {
    let server = Server::with(observations(30));
    let page = server.get("/");
    let layer = server.json(&page.link("Tätheten som GeoJSON"));
    // Limits of a year: 10, 25, 50, 100, 250 per km². The classes of the map are the cells of the layer.
    let of_class = |low: f64, high: f64| {
        let densities = layer["features"].as_array().expect("cells").iter();
        densities
            .filter_map(|cell| cell["properties"]["density_per_km2"].as_f64())
            .filter(|d| low <= *d && *d < high)
            .count()
    };
    let drawn = |colour: &str| -> usize {
        let Some(path) = between(&page.text, &format!("<path fill=\"{colour}\" d=\""), "z\">") else { return 0 };
        path.split('h').skip(1).filter_map(|run| run.split('v').next()?.parse::<usize>().ok()).sum()
    };
    let classes =
        [("#1e9c89", 10.0, 25.0), ("#297b8e", 25.0, 50.0), ("#38598c", 50.0, 100.0), ("#46307e", 100.0, 250.0)];
    for (colour, low, high) in classes {
        assert_eq!(drawn(colour), of_class(low, high), "{colour}");
    }
    assert!(drawn("#1e9c89") > 0 && of_class(10.0, 25.0) > 0);
    assert!(page.text.len() < 150_000, "{} bytes", page.text.len());
}

#[test]
fn the_sports_hall_says_that_its_position_is_unknown_wherever_it_stands() {
    let server = Server::with(observations(30));
    for (path, words) in [("/", "platshållare: läget är okänt"), ("/?lang=en", "placeholder: the position is unknown")]
    {
        let page = server.get(path);
        let map = between(&page.text, "<svg class=\"few-areas\"", "</svg>").expect("a map");
        let table = between(&page.text, "<table", "</table>").expect("a table");
        for part in [map, table] {
            assert!(plain(part).contains(words), "{path}: {part}");
        }
    }
}

#[test]
fn an_outline_is_drawn_by_its_certainty() {
    let server = Server::with(observations(3));
    let page = server.get("/");
    let map = between(&page.text, "<svg class=\"few-areas\"", "</svg>").expect("a map");
    assert_eq!(map.matches("stroke-dasharray=\"9 5\"").count(), 1, "the assumed outlines");
    assert_eq!(map.matches("stroke-dasharray=\"0.1 5\"").count(), 1, "the placeholder");
    assert_eq!(map.matches("url(#hatch)").count(), 1);
    let assumed = map.split("id=\"outline-assumed\" d=\"").nth(1).and_then(|rest| rest.split('"').next());
    let assumed = assumed.expect("a shape");
    assert_eq!(assumed.matches('M').count(), 2, "two rings: the travel centre and Runneryd");
    assert!(map.contains("role=\"img\"") && map.contains("<title id=\"map-title\">") && map.contains("<desc"));
}

#[test]
fn a_period_outside_the_data_is_unknown_and_one_inside_it_can_be_zero() {
    let server = Server::with(observations(30));
    let outside = server.get("/?period=2019");
    assert!(outside.words().contains("Perioden ligger utanför uppgifterna, som går från 2024-01-15 till"));
    assert!(outside.rows().iter().all(|row| row[2].starts_with('–')));
    let inside = server.get("/?period=2025-03");
    assert!(inside.words().contains("Inga iakttagelser stämmer med urvalet under perioden."));
    assert!(inside.rows().iter().all(|row| row[2] == "0"), "{:?}", inside.rows());
    assert_eq!(inside.link("Rensa hela urvalet"), "/");
}

#[test]
fn an_increase_over_days_without_data_is_not_claimed() {
    // Nothing before April 2026: the comparison of May with April is fine, that of spring with winter is not.
    let list = (0..40).map(|i| observation(i, Some(TRAVEL_CENTRE), &format!("2026-{:02}-10", 4 + i % 2))).collect();
    let server = Server::with(list);
    let page = server.get("/?period=2026-05-01/2026-06-29");
    assert!(
        page.words().contains("Uppgifterna i filen börjar 2026-04-10, inne i jämförelseperioden."),
        "{}",
        page.words()
    );
    let none_before = server.get("/");
    assert!(none_before.rows()[0][5].starts_with('–'), "{:?}", none_before.rows()[0]);
    for page in [page, none_before] {
        assert!(!page.words().contains("högre") && !page.words().contains("är det fler"));
    }
}

#[test]
fn equal_counts_are_called_equal() {
    // Six each: inside the travel centre, and inside Runneryd by its own interior point.
    let areas = lagesbild::geodata::default_place().areas;
    let runneryd = areas.iter().find(|area| area.id.as_str() == "runneryd").expect("an area");
    let point = geo::InteriorPoint::interior_point(&runneryd.outline).expect("a point");
    let list = (0..12).map(|i| {
        let at = if i % 2 == 0 { TRAVEL_CENTRE } else { (point.x(), point.y()) };
        observation(i, Some(at), "2026-05-10")
    });
    let server = Server::with(list.collect());
    let words = server.get("/").words();
    assert!(
        words.contains("Resecentrum och Runneryd har lika många iakttagelser och fler än de andra: 6 var"),
        "{words}"
    );
}

#[test]
fn made_up_and_old_data_are_said_first() {
    let server = Server::start(DataClass::Synthetic, vec![observation(1, Some(ELSEWHERE), "2024-01-15")], Vec::new());
    let page = server.get("/");
    assert!(page.words().contains("Påhittade uppgifter."));
    assert!(page.words().contains("Uppgifterna är gamla: den senaste är från 2024-01-15"));
    let real = Server::with(observations(30)).get("/");
    assert!(!real.words().contains("Påhittade uppgifter."));
}
