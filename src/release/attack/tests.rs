//! The attack on small releases whose answers can be worked out by hand.

use geo::{MultiPolygon, polygon};

use super::*;

const YEAR: &str = "2025";

fn id(text: &str) -> Id {
    Id::new(text).expect("valid")
}

fn rectangle(x: f64, y: f64, dx: f64, dy: f64) -> MultiPolygon<f64> {
    let outline = polygon![(x: x, y: y), (x: x + dx, y: y), (x: x + dx, y: y + dy), (x: x, y: y + dy)];
    MultiPolygon::new(vec![outline])
}

fn says(place: &str, category: &str, period: &str, shown: Option<u32>) -> Statement {
    let numbers: Vec<&str> = place.split(' ').collect();
    let place = match numbers[..] {
        ["all"] => Place::Municipality,
        [area] => Place::Area(id(area)),
        [cell, x, y] => Place::Square {
            cell_m: cell.parse().expect("size"),
            x_m: x.parse().expect("x"),
            y_m: y.parse().expect("y"),
        },
        _ => panic!("{place}"),
    };
    let category = match category {
        "all" => Category::All,
        "ns" => Category::NotSensitive,
        code => Category::One(code.to_string()),
    };
    let shown = shown.map_or(Shown::UnderLeast, Shown::About);
    Statement { place, category, period: Period::parse(period).expect("period"), shown }
}

fn claims(statements: Vec<Statement>) -> Claims {
    Claims { release: 1, statements, areas: vec![], least: 10, round_to: 5 }
}

fn found(claims: &[Claims]) -> Vec<(Rule, By, u32, Option<u32>)> {
    let outcome = attack(claims, Strength::Exact { max_variables: 500 });
    outcome.findings.iter().map(|f| (f.rule, f.by, f.low, f.high)).collect()
}

#[test]
fn one_hidden_quarter_follows_from_the_other_three() {
    // 98 to 102 less 3 x (28 to 32) leaves 2 to 18, and under 10 it is 2 to 9.
    let mut statements = vec![says("norr", "ns", YEAR, Some(100))];
    statements.extend(["2025-Q1", "2025-Q2", "2025-Q3"].map(|quarter| says("norr", "ns", quarter, Some(30))));
    statements.push(says("norr", "ns", "2025-Q4", None));
    let outcome = attack(&[claims(statements.clone())], Strength::Propagate);
    let finding = &outcome.findings[0];
    assert_eq!((finding.rule, finding.by, finding.at), (Rule::X1, By::Periods, (0, 4)));
    assert_eq!((finding.low, finding.high), (2, Some(9)));
    assert_eq!(finding.through, [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4)]);
    assert_eq!((outcome.hidden, outcome.on_trees, outcome.findings.len()), (1, 1, 1));

    // Two hidden ones share what is left: 98 to 102 less 2 x (38 to 42) is 14 to 26, so each is at least 5.
    let mut two = vec![says("norr", "ns", YEAR, Some(100))];
    two.extend(["2025-Q1", "2025-Q2"].map(|quarter| says("norr", "ns", quarter, Some(40))));
    two.extend(["2025-Q3", "2025-Q4"].map(|quarter| says("norr", "ns", quarter, None)));
    assert_eq!(found(&[claims(two)]), [(Rule::X1, By::Periods, 5, Some(9)); 2]);

    // Taken back, there is nothing hidden.
    let one = [claims(statements)];
    let mut attack = Attack::new(&one, Strength::Propagate);
    assert_eq!(attack.run().findings.len(), 1);
    (1..=4).for_each(|quarter| attack.withdraw((0, quarter)));
    assert_eq!(attack.run().findings, []);
}

#[test]
fn a_square_inside_an_area_is_taken_from_it() {
    // The area is four squares of 500 m. Three are shown, so the fourth is 78 to 82 less 3 x (23 to 27): 0 to 13.
    let squares = [(0, Some(25)), (500, Some(25))].map(|(x, n)| says(&format!("500 {x} 0"), "ns", YEAR, n));
    let more = [(0, Some(25)), (500, None)].map(|(x, n)| says(&format!("500 {x} 500"), "ns", YEAR, n));
    let mut all = claims([squares.to_vec(), more.to_vec(), vec![says("torg", "ns", YEAR, Some(80))]].concat());
    all.areas = vec![(id("torg"), rectangle(0.0, 0.0, 1000.0, 1000.0))];
    assert_eq!(found(&[all.clone()]), []);
    // With 85 it is 83 to 87 less 69 to 81: 2 to 18.
    all.statements[4] = says("torg", "ns", YEAR, Some(85));
    assert_eq!(found(&[all.clone()]), [(Rule::X1, By::SquaresOfArea, 2, Some(9))]);
    // An area that goes 100 m on into two hidden squares keeps the secret: they can hold what is missing.
    all.areas = vec![(id("torg"), rectangle(0.0, 0.0, 1100.0, 1000.0))];
    all.statements.extend([says("500 1000 0", "ns", YEAR, None), says("500 1000 500", "ns", YEAR, None)]);
    assert_eq!(found(&[all.clone()]), []);
    // One that ends 100 m earlier does not: what it lacks is in the squares, so the fourth has all the more.
    all.statements.truncate(5);
    all.areas = vec![(id("torg"), rectangle(0.0, 0.0, 900.0, 1000.0))];
    let piece = [(Rule::X1, By::AreasOfSquare, 2, Some(9)), (Rule::X2, By::SquaresOfArea, 2, Some(9))];
    assert_eq!(found(&[all]), piece);
}

#[test]
fn an_area_in_a_square_is_a_difference() {
    let statements = vec![says("1000 0 0", "ns", YEAR, Some(60)), says("torg", "ns", YEAR, Some(55))];
    let mut all = claims(statements);
    all.areas = vec![(id("torg"), rectangle(100.0, 100.0, 300.0, 300.0))];
    // 58 to 62 less 53 to 57: 1 to 9, by the square without its areas and by the pair.
    assert_eq!(found(&[all]), [(Rule::X2, By::AreasOfSquare, 1, Some(9)), (Rule::X2, By::Contained, 1, Some(9))]);
}

#[test]
fn an_area_across_small_squares_is_a_difference_of_the_large_one() {
    // Nothing of the small squares is known, but all of the area lies in the large one: 58 to 62 less 53 to 57.
    let small = [(0, 0), (500, 0), (0, 500), (500, 500)].map(|(x, y)| says(&format!("500 {x} {y}"), "ns", YEAR, None));
    let mut all = claims(vec![says("1000 0 0", "ns", YEAR, Some(60)), says("torg", "ns", YEAR, Some(55))]);
    all.statements.extend(small);
    all.areas = vec![(id("torg"), rectangle(300.0, 300.0, 400.0, 400.0))];
    let outcome = attack(&[all], Strength::Propagate);
    let of_pair: Vec<_> = outcome.findings.iter().filter(|f| f.rule == Rule::X2 && f.through.len() == 2).collect();
    assert_eq!(of_pair.len(), 2, "{:?}", outcome.findings);
    assert!(of_pair.iter().all(|f| (f.low, f.high, &f.through[..]) == (1, Some(9), &[(0, 0), (0, 1)][..])));
}

#[test]
fn what_two_areas_share_is_known_when_both_have_all_of_it() {
    // Two areas of 20 overlap in a strip; together they lie in one that has 20: 18 to 22 each. Nothing is certain.
    let statements = ["a", "b", "ab"].map(|area| says(area, "ns", YEAR, Some(20))).to_vec();
    let mut all = claims(statements);
    all.areas = vec![
        (id("a"), rectangle(0.0, 0.0, 600.0, 500.0)),
        (id("b"), rectangle(400.0, 0.0, 600.0, 500.0)),
        (id("ab"), rectangle(0.0, 0.0, 1000.0, 500.0)),
    ];
    assert_eq!(found(&[all.clone()]), []);
    // All three 30, 30 and 55: what a has alone is 53 to 57 less 28 to 32: 21 to 29; the strip 28 to 32 less that: 0
    // to 11. With 30, 30, 50 the strip is 28 + 28 - 52 to 32 + 32 - 48: 4 to 16.
    all.statements =
        vec![says("a", "ns", YEAR, Some(30)), says("b", "ns", YEAR, Some(30)), says("ab", "ns", YEAR, Some(55))];
    assert_eq!(found(&[all]), []);
}

#[test]
fn categories_and_months_that_add_up_too_well_are_found() {
    let mut statements = vec![says("all", "all", YEAR, Some(100))];
    statements.extend([("a", Some(60)), ("b", Some(30)), ("c", None)].map(|(code, n)| says("all", code, YEAR, n)));
    // 98 to 102 less 58 to 62 and 28 to 32 leaves 4 to 16.
    assert_eq!(found(&[claims(statements.clone())]), [(Rule::X1, By::Categories, 4, Some(9))]);
    // A second hidden category keeps both.
    statements.push(says("all", "d", YEAR, None));
    assert_eq!(found(&[claims(statements)]), []);
}

#[test]
fn two_hidden_parts_that_are_few_together_are_a_difference() {
    // 58 to 62 less 53 to 57 leaves 1 to 9 for both: nobody knows which, but somebody is there.
    let statements = vec![
        says("all", "all", YEAR, Some(60)),
        says("all", "a", YEAR, Some(55)),
        says("all", "b", YEAR, None),
        says("all", "c", YEAR, None),
    ];
    let found = found(&[claims(statements)]);
    assert_eq!(found, [(Rule::X2, By::Contained, 1, Some(9)), (Rule::X2, By::Categories, 1, Some(9))]);
}

#[test]
fn grids_that_are_not_the_one_grid_are_found() {
    let shifted = claims(vec![says("500 250 0", "ns", YEAR, Some(20))]);
    assert_eq!(found(&[shifted]), [(Rule::X2, By::Squares, 0, None)]);
    let not_nested = claims(vec![says("500 0 0", "ns", YEAR, Some(20)), says("750 0 0", "ns", YEAR, Some(40))]);
    assert_eq!(found(&[not_nested]), [(Rule::X2, By::Squares, 0, None)]);
}

#[test]
fn a_zero_and_a_number_that_was_not_rounded_are_found_by_their_form() {
    let form = (Rule::Form, By::Itself);
    let zero = found(&[claims(vec![says("all", "all", YEAR, Some(0))])]);
    assert_eq!(zero, [(form.0, form.1, 0, Some(0))]);
    let exact = found(&[claims(vec![says("all", "all", YEAR, Some(103))])]);
    assert_eq!(exact, [(form.0, form.1, 103, Some(103))]);
    let twice = found(&[claims(vec![says("all", "all", YEAR, Some(10)), says("all", "all", YEAR, None)])]);
    assert_eq!(twice, [(form.0, form.1, 0, Some(0))]);
}

#[test]
fn a_count_hidden_for_its_days_does_not_hide_the_others() {
    // 98 to 102 cannot be 38 to 42 and two under 10: one is hidden for another reason, and then neither is known.
    let mut statements = vec![says("all", "all", YEAR, Some(100)), says("all", "a", YEAR, Some(40))];
    statements.extend(["b", "c"].map(|code| says("all", code, YEAR, None)));
    let outcome = attack(&[claims(statements)], Strength::Propagate);
    assert_eq!((outcome.contradictions, outcome.findings.len()), (1, 0));
}

#[test]
fn a_revision_that_differs_by_little_is_found() {
    // Earlier 98 to 102 less 93 to 97 leaves 1 to 9 for one hidden category; the revision shows it as 10 to 12.
    let first = claims(vec![
        says("all", "all", YEAR, Some(100)),
        says("all", "a", YEAR, Some(90)),
        says("all", "b", YEAR, None),
    ]);
    let mut second = first.clone();
    second.release = 2;
    second.statements[2] = says("all", "b", YEAR, Some(10));
    let outcome = attack(&[first, second], Strength::Propagate);
    let between: Vec<_> = outcome.findings.iter().filter(|f| f.by == By::Releases).collect();
    // 10 to 12 less 6 to 9: 1 to 6 more.
    assert_eq!(between.len(), 1);
    assert_eq!((between[0].low, between[0].high, &between[0].through[..]), (1, Some(6), &[(0, 2), (1, 2)][..]));
}
