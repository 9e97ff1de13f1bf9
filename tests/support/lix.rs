//! LIX, the Swedish measure of readability (Björnsson 1968): words per sentence plus the percentage of words of more
//! than six letters. 40 is ordinary newspaper prose; up to 40 is what the follow-up may ask of a reader.

/// The LIX of a text. A sentence ends at `.`, `!`, `?`, `:` before a space, and at the end of a line.
/// Words are runs of letters and digits; numbers count as words. 0 for a text without words.
pub(crate) fn lix(text: &str) -> f64 {
    let (mut words, mut long, mut sentences) = (0_u32, 0_u32, 0_u32);
    for line in text.lines() {
        let mut open = false;
        for token in line.split_whitespace() {
            let is_word = |part: &&str| part.chars().any(char::is_alphanumeric);
            for word in token.split(|c: char| !c.is_alphanumeric() && c != '-').filter(is_word) {
                words += 1;
                long += u32::from(word.chars().filter(|c| c.is_alphabetic()).count() > 6);
                open = true;
            }
            if open && token.ends_with(['.', '!', '?', ':']) {
                sentences += 1;
                open = false;
            }
        }
        sentences += u32::from(open);
    }
    if words == 0 {
        return 0.0;
    }
    f64::from(words) / f64::from(sentences.max(1)) + 100.0 * f64::from(long) / f64::from(words)
}

#[test]
fn lix_counts_words_sentences_and_long_words() {
    let text = "Kommunen genomförde en trygghetsinventering i maj. Polisen var med.\n";
    // kommunen, genomförde, trygghetsinventering, polisen have more than six letters: 9 words, 2 sentences.
    assert!((lix(text) - (9.0 / 2.0 + 100.0 * 4.0 / 9.0)).abs() < 1e-9, "{}", lix(text));
    assert!((lix("En rad\nEn till") - 2.0).abs() < 1e-9);
}
