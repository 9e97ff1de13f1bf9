//! X1 and X2 on generated towns: nothing hidden can be computed, what is shown is true, and enough is shown.

use lagesbild::release::Release;
use lagesbild::release::attack::{Claims, Place, Shown, Statement, Strength, attack};

use crate::is_full;
use crate::model::Town;

/// Seeds and reports a year.
const TOWNS: [(u64, usize); 20] = [
    (1, 300),
    (2, 3_000),
    (3, 30_000),
    (4, 300),
    (5, 400),
    (6, 600),
    (7, 800),
    (8, 1_000),
    (9, 1_200),
    (10, 1_500),
    (11, 2_000),
    (12, 2_500),
    (13, 3_000),
    (14, 4_000),
    (15, 6_000),
    (16, 8_000),
    (17, 10_000),
    (18, 15_000),
    (19, 20_000),
    (20, 30_000),
];

pub(crate) fn towns() -> impl Iterator<Item = Town> {
    let n = if is_full() { TOWNS.len() } else { 3 };
    TOWNS[..n].iter().map(|(seed, per_year)| Town::new(*seed, *per_year))
}

/// What anybody can read of a release.
pub(crate) fn claims(release: &Release) -> Claims {
    let edition = &release.edition;
    Claims {
        release: edition.number,
        statements: figures(release).to_vec(),
        areas: edition.areas.iter().map(|area| (area.id.clone(), area.outline_m.clone())).collect(),
        least: edition.policy.least_reports,
        round_to: edition.policy.round_to,
    }
}

pub(crate) fn figures(release: &Release) -> &[Statement] {
    &release.statistics.as_ref().expect("statistics").figures
}

#[test]
fn nothing_hidden_can_be_computed_and_what_is_shown_is_true() {
    for town in towns() {
        let began = std::time::Instant::now();
        let release = town.release();
        let built = began.elapsed();
        let claims = claims(release.get());
        let outcome = attack(std::slice::from_ref(&claims), Strength::USUAL);
        assert_eq!(outcome.findings, [], "town {}", town.seed);
        let truths = town.truths(&town.reports, &claims.statements);
        let mut hidden = 0;
        for (statement, truth) in claims.statements.iter().zip(truths) {
            match statement.shown {
                Shown::About(v) => {
                    assert!(truth >= 10 && v.abs_diff(truth) <= 2 && v % 5 == 0, "{statement:?}: {truth}");
                }
                Shown::UnderLeast => {
                    hidden += 1;
                    assert!(truth < 10, "{statement:?}: {truth}");
                }
                Shown::NotDivided => {}
            }
        }
        println!(
            "town {}: {} reports of 2025, {} statements, {hidden} hidden, {outcome:?}; built in {built:?}, all in {:?}",
            town.seed,
            town.of_year().count(),
            claims.statements.len(),
            began.elapsed()
        );
    }
}

#[test]
fn some_size_of_square_shows_three_of_five_reports() {
    for town in towns().filter(|town| town.of_year().count() >= 2_500) {
        let release = town.release();
        let levels = &release.get().statistics.as_ref().expect("statistics").levels_m;
        let located = town.of_year().filter(|report| report.category < 5).count() as f64;
        let shares: Vec<(u32, f64)> = levels
            .iter()
            .map(|level| {
                let of_level = |s: &&Statement| {
                    matches!(s.place, Place::Square { cell_m, .. } if cell_m == *level)
                        && matches!(s.shown, Shown::About(_))
                };
                let shown: Vec<Statement> = figures(release.get()).iter().filter(of_level).cloned().collect();
                (*level, f64::from(town.truths(&town.reports, &shown).iter().sum::<u32>()) / located)
            })
            .collect();
        println!("town {}: share of reports in shown squares by size {shares:?}", town.seed);
        assert!(shares.iter().any(|(_, share)| *share >= 0.6), "town {}: {shares:?}", town.seed);
    }
}
