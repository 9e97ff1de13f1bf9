//! What an import says of a file.

use crate::geodata::ReadSummary;

/// What was understood, and what was not, in a few lines.
pub(super) fn report(summary: &ReadSummary, collection: &str) {
    let columns: Vec<String> =
        summary.columns.iter().map(|(heading, field)| format!("{heading} -> {}", field.code())).collect();
    eprintln!("columns: {}", columns.join(", "));
    let list = |names: &[String]| names.join(", ");
    if !summary.kept_columns.is_empty() {
        eprintln!("kept as they are: {}", list(&summary.kept_columns));
    }
    let dropped: Vec<String> = summary.dropped_columns.iter().filter(|name| *name != "data_class").cloned().collect();
    if !dropped.is_empty() {
        eprintln!("dropped columns: {} (--keep COLUMN keeps one)", list(&dropped));
    }
    let counted = |pairs: &[(String, u64)], most: usize| -> String {
        let shown: Vec<String> = pairs.iter().take(most).map(|(text, n)| format!("{text} ({n})")).collect();
        let more = pairs.len().saturating_sub(most);
        if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
    };
    for (text, pairs) in [
        ("place names not in the register", &summary.unmatched_places),
        ("areas not in the file", &summary.unmatched_areas),
        ("new categories or kinds", &summary.new_categories),
        ("new roles", &summary.new_roles),
        ("coordinates", &summary.looks_like),
    ] {
        if !pairs.is_empty() {
            eprintln!("{text}: {}", counted(pairs, 20));
        }
    }
    for (n, text) in [
        (
            summary.ambiguous_times,
            "the time existed twice when the clock was set back; kept as the interval of both readings",
        ),
        (summary.whole_days, "a date without a time; kept as the whole day"),
        (summary.without_position, "without position; counted, but in no area and on no map"),
        (summary.area_only, "with only an area; in tables, not on maps"),
        (
            summary.at_zero_zero,
            "at longitude 0, latitude 0; is that what an unknown position looks like in the source?",
        ),
        (summary.personal_data, "with what looks like personal data; --redact replaces it by [...]"),
    ] {
        if n > 0 {
            eprintln!("{n} {collection}: {text}");
        }
    }
}
