//! Leaks put into the release of a town with what is true: the attack must find every one.

use lagesbild::release::attack::{Category, Place, Rule, Shown, Statement, Strength, attack};

use crate::model::year;
use crate::towns::{claims, towns};

#[test]
fn every_planted_leak_is_found_in_every_town() {
    for town in towns() {
        let release = town.release();
        let good = claims(release.get());
        let truths = town.truths(&town.reports, &good.statements);
        let found = |statements: Vec<Statement>, rule: Rule| {
            let spoilt = lagesbild::release::attack::Claims { statements, ..good.clone() };
            let outcome = attack(&[spoilt], Strength::Propagate);
            outcome.findings.into_iter().filter(|finding| finding.rule == rule).collect::<Vec<_>>()
        };

        // A zero that is one.
        let mut zero = good.statements.clone();
        let at = zero.iter().zip(&truths).position(|(s, truth)| s.shown == Shown::UnderLeast && *truth == 0);
        let at = at.or_else(|| truths.iter().position(|truth| *truth == 0)).expect("something is zero");
        zero[at].shown = Shown::About(0);
        assert!(found(zero, Rule::Form).iter().any(|finding| finding.at.1 == at), "town {}", town.seed);

        // Totals and parts as they are, hidden under ten: what most tables on the web do. What the attack says of a
        // hidden number is true.
        let mut unrounded = good.statements.clone();
        for (statement, truth) in unrounded.iter_mut().zip(&truths) {
            statement.shown = if *truth >= 10 { Shown::About(*truth) } else { Shown::UnderLeast };
        }
        let narrowed = found(unrounded, Rule::X1);
        assert!(!narrowed.is_empty(), "town {}", town.seed);
        for finding in &narrowed {
            let truth = truths[finding.at.1];
            assert!(finding.low <= truth && finding.high.is_none_or(|high| truth <= high), "{finding:?}: {truth}");
        }

        // Squares of 500 m, half a square further.
        let mut shifted = good.statements.clone();
        shifted.retain(|s| !matches!(s.place, Place::Square { cell_m: 500, .. }));
        let square = |dx: i64, dy: i64| Statement {
            place: Place::Square { cell_m: 500, x_m: 480_250 + 500 * dx, y_m: 6_388_250 + 500 * dy },
            category: Category::NotSensitive,
            period: year(),
            shown: Shown::UnderLeast,
        };
        let mut squares: Vec<Statement> = (0..6).flat_map(|dx| (0..6).map(move |dy| square(dx, dy))).collect();
        for square in &mut squares {
            let Place::Square { cell_m, x_m, y_m } = square.place else { unreachable!("made above") };
            let is_in = |metres: f64, low: i64| (0.0..f64::from(cell_m)).contains(&(metres - low as f64));
            let inside = town.of_year().filter(|r| r.category < 5 && is_in(r.x_m, x_m) && is_in(r.y_m, y_m)).count();
            if inside >= 10 {
                square.shown = Shown::About((inside as u32 + 2) / 5 * 5);
            }
        }
        shifted.extend(squares);
        assert!(!found(shifted, Rule::X2).is_empty(), "town {}", town.seed);
        println!(
            "town {}: all three leaks found, {} numbers narrowed by the unrounded totals",
            town.seed,
            narrowed.len()
        );
    }
}
