//! Public numbers by place, category and period, and the words that name them in files.

use crate::domain::{Names, Period};
use crate::release::Release;
use crate::release::attack::{Category, Place, Shown};
use crate::release::statistics::Statistics;

/// The word of a place: `municipality`, the id of an area, or `square-{cell_m}-{x_m}-{y_m}`.
pub(super) fn place_word(place: &Place) -> String {
    match place {
        Place::Municipality => "municipality".to_string(),
        Place::Area(id) => id.to_string(),
        Place::Square { cell_m, x_m, y_m } => format!("square-{cell_m}-{x_m}-{y_m}"),
    }
}

/// The word of a category: `all`, `not_sensitive` or its code.
pub(super) fn category_word(category: &Category) -> &str {
    match category {
        Category::All => "all",
        Category::NotSensitive => "not_sensitive",
        Category::One(code) => code,
    }
}

/// The number, when there is one, and the word for how it is shown.
pub(super) fn shown_word(shown: Shown) -> (Option<u32>, &'static str) {
    match shown {
        Shown::About(n) => (Some(n), "about"),
        Shown::UnderLeast => (None, "under_10"),
        Shown::NotDivided => (None, "not_divided"),
    }
}

/// The names of a place for people.
pub(super) fn place_names(release: &Release, place: &Place) -> Names {
    match place {
        Place::Municipality => names("Hela kommunen", "The whole municipality"),
        Place::Area(id) => release
            .edition
            .areas
            .iter()
            .find(|area| area.id == *id)
            .map_or_else(|| names(id.as_str(), id.as_str()), |area| area.names.clone()),
        Place::Square { cell_m, x_m, y_m } => {
            let side = side(*cell_m);
            names(&format!("Ruta {side} {x_m}, {y_m}"), &format!("Square {side} {x_m}, {y_m}"))
        }
    }
}

/// The names of a category for people.
pub(super) fn category_names(statistics: &Statistics, category: &Category) -> Names {
    match category {
        Category::All => names("Alla", "All"),
        Category::NotSensitive => names("Alla utom känsliga", "All but sensitive"),
        Category::One(code) => statistics
            .categories
            .iter()
            .find(|(other, _)| other == code)
            .map_or_else(|| names(code, code), |(_, names)| names.clone()),
    }
}

/// A side as people say it: `250 m`, `1 km`.
pub(super) fn side(cell_m: u32) -> String {
    if cell_m >= 1_000 && cell_m.is_multiple_of(1_000) {
        format!("{} km", cell_m / 1_000)
    } else {
        format!("{cell_m} m")
    }
}

fn names(sv: &str, en: &str) -> Names {
    Names { sv: sv.to_string(), en: en.to_string() }
}

/// The squares of a size in the order of the release: lower left corner, period and what is shown.
pub(super) fn squares(statistics: &Statistics, cell: u32) -> impl Iterator<Item = ([i64; 2], &Period, Shown)> {
    statistics.figures.iter().filter_map(move |s| match s.place {
        Place::Square { cell_m, x_m, y_m } if cell_m == cell => Some(([x_m, y_m], &s.period, s.shown)),
        _ => None,
    })
}
