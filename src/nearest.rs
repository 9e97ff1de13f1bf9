//! The known word nearest to one that was mistyped.

/// The candidate most like `word`, if any is so like it that a slip of the hand explains the difference.
///
/// Likeness is Damerau-Levenshtein distance: at most one slip in words up to four letters, two up to seven, three above.
/// Case and the difference between `-` and `_` cost nothing. Ties go to the first candidate.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let word = plain(word);
    let letters = word.chars().count();
    let slips = match letters {
        0..=4 => 1,
        5..=7 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        // Every letter more or less is a slip, so a word of megabytes is compared with nothing.
        .filter(|candidate| candidate.chars().count().abs_diff(letters) <= slips)
        .map(|candidate| (strsim::damerau_levenshtein(&word, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= slips)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_a_foreign_word_finds_none() {
        let words = ["category", "kind", "bbox", "bandwidth_m"];
        assert_eq!(nearest("categroy", words), Some("category"));
        assert_eq!(nearest("Bandwidth-M", words), Some("bandwidth_m"));
        assert_eq!(nearest("bandwith", words), Some("bandwidth_m"));
        assert_eq!(nearest("colour", words), None);
        assert_eq!(nearest("", words), None);
    }
}
