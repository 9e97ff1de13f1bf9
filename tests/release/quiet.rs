//! X4 and X6: what must not show. Changes that keep every public band change no byte, and nothing that only records
//! hold is in a public file.

use std::collections::{BTreeMap, HashSet};

use lagesbild::followup::BookBuilder;
use lagesbild::public::assets;
use lagesbild::release::attack::Statement;
use lagesbild::release::build::build;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::is_full;
use crate::model::{Report, Town};
use crate::towns::figures;

/// What the first two rules make of a count.
fn band(count: u32) -> Option<u32> {
    (count >= 10).then_some((count + 2) / 5 * 5)
}

/// One of the changes that a protected fact can see.
fn change(reports: &mut Vec<Report>, random: &mut ChaCha8Rng) -> &'static str {
    let n = reports.len();
    let some = |random: &mut ChaCha8Rng| (0..20).map(|_| random.random_range(0..n)).collect::<Vec<_>>();
    match random.random_range(0..6) {
        0 => {
            for at in some(random) {
                reports[at].second_of_day = random.random_range(6 * 3600..22 * 3600);
            }
            "other times of day"
        }
        1 => {
            for at in some(random) {
                reports[at].x_m = (reports[at].x_m / 250.0).floor() * 250.0 + random.random::<f64>() * 249.9;
                reports[at].y_m = (reports[at].y_m / 250.0).floor() * 250.0 + random.random::<f64>() * 249.9;
            }
            "moved inside the square"
        }
        2 => {
            reports.shuffle(random);
            "another order and other ids"
        }
        3 => {
            let mut one = reports[random.random_range(0..n)].clone();
            one.x_m += random.random_range(-400.0..400.0);
            reports.push(one);
            "one more"
        }
        4 => {
            let at = random.random_range(0..n);
            // The number of the year before fixes the size of squares, which everybody sees.
            if reports[at].day.year() == 2025 {
                reports.swap_remove(at);
            }
            "one fewer"
        }
        _ => {
            for at in some(random) {
                let day = random.random_range(1..=28);
                reports[at].day = reports[at].day.with().day(day).build().expect("every month has 28 days");
            }
            "other days of the month"
        }
    }
}

#[test]
fn changes_that_keep_the_public_bands_change_nothing_public() {
    let of_town = if is_full() { 334 } else { 17 };
    for (seed, per_year) in [(41, 300), (42, 1_200), (43, 3_000)] {
        let town = Town::new(seed, per_year);
        let release = town.release();
        let statements: &[Statement] = figures(release.get());
        let bands = |reports: &[Report]| -> Vec<Option<u32>> {
            town.truths(reports, statements).into_iter().map(band).collect()
        };
        let before = bands(&town.reports);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut tried: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        let mut kept = 0;
        while kept < of_town {
            let mut reports = town.reports.clone();
            let what = change(&mut reports, &mut random);
            let tries = tried.entry(what).or_default();
            tries.0 += 1;
            assert!(tries.0 < 4 * of_town, "town {seed}: nothing keeps the bands: {tried:?}");
            if bands(&reports) != before {
                continue;
            }
            tries.1 += 1;
            kept += 1;
            let changed = build(&town.snapshot_of(&reports), &town.book(), &town.request()).expect("a release");
            // Files are a function of this value alone.
            assert!(changed.get() == release.get(), "town {seed}: {what} shows");
            if kept == 1 {
                let (old, new) = (files(&release), files(&changed));
                assert!(old == new, "town {seed}: {what} shows in a file");
            }
        }
        println!("town {seed}: {kept} changes kept the bands and showed nowhere: {tried:?}");
    }
}

fn files(release: &lagesbild::release::Protected<lagesbild::release::Release>) -> BTreeMap<String, Vec<u8>> {
    let files = lagesbild::public::files(release, &assets::built());
    files.iter().map(|(path, bytes)| (path.to_string(), bytes.to_vec())).collect()
}

/// The word in the three ways in which base64 can have it inside a longer text, without the ends that depend on what
/// is around it.
fn in_base64(word: &str) -> Vec<String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let one = |shift: usize| {
        let bytes: Vec<u8> = vec![0; shift].into_iter().chain(word.bytes()).collect();
        let whole: String = bytes
            .chunks_exact(3)
            .flat_map(|c| {
                let n = u32::from(c[0]) << 16 | u32::from(c[1]) << 8 | u32::from(c[2]);
                [18, 12, 6, 0].map(|by| ALPHABET[(n >> by & 63) as usize] as char)
            })
            .collect();
        whole[(shift * 8).div_ceil(6)..].to_string()
    };
    (0..3).map(one).collect()
}

#[test]
fn nothing_that_only_records_hold_is_in_a_public_file() {
    const WORD: &str = "kanariefagel";
    // "canary" in base64 as any program gives it, to hold the three spellings against.
    assert_eq!(in_base64("kanariefagel")[0], "a2FuYXJpZWZhZ2Vs");
    let town = Town::new(51, if is_full() { 10_000 } else { 1_200 });
    let snapshot = town.snapshot_with(&town.reports, WORD);
    let mut book = BookBuilder::new(&town.frame, 1);
    for (n, record) in crate::model::canaries(WORD).into_iter().enumerate() {
        assert!(n < 1_000);
        book.record(record);
    }
    let release = build(&snapshot, &book.finish(), &town.request()).expect("a release");
    let files = files(&release);
    let mut words = in_base64(WORD);
    words.push(WORD.to_string());
    words.push(WORD.bytes().map(|b| format!("%{b:02X}")).collect());
    words.push(WORD.chars().map(|c| format!("\\u{:04x}", c as u32)).collect());
    let plane = &town.frame.facts.plane;
    // As they are, and as public files round them: to seven decimals, a centimetre.
    let positions: Vec<[String; 2]> = town
        .reports
        .iter()
        .flat_map(|report| {
            let at = plane.to_lonlat(report.x_m, report.y_m).expect("inside");
            let rounded = |degrees: f64| ((degrees * 1e7).round() / 1e7).to_string();
            [[at.lon().to_string(), at.lat().to_string()], [rounded(at.lon()), rounded(at.lat())]]
        })
        .collect();
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for word in &words {
            assert!(!text.contains(word.as_str()), "{path} has {word}");
        }
        let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').filter(|n| n.contains('.'));
        let numbers: Vec<&str> = numbers.collect();
        let pairs: HashSet<(&str, &str)> = numbers.windows(2).map(|pair| (pair[0], pair[1])).collect();
        for [lon, lat] in &positions {
            let is_there = pairs.contains(&(lon, lat)) || pairs.contains(&(lat, lon));
            assert!(!is_there, "{path} has the position {lon}, {lat} of a report");
        }
    }
    println!("{} files without any of {} canaries", files.len(), town.reports.len());
}
