//! Leaks that need no arithmetic.

use hashbrown::HashMap;

use super::findings::words;
use super::pool::days;
use super::{By, Claims, Finding, Rule, Shown};

/// Numbers that no rounding gives, numbers below the least (a shown zero too), and one cell with two answers.
pub(super) fn findings(number: usize, claims: &Claims, is_withdrawn: impl Fn(usize) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = HashMap::new();
    for (index, statement) in claims.statements.iter().enumerate().filter(|(index, _)| !is_withdrawn(*index)) {
        let mut say = |through: Vec<(usize, usize)>, low: u32, high: u32, why: String| {
            found.push(Finding {
                rule: Rule::Form,
                by: By::Itself,
                at: (number, index),
                through,
                low,
                high: Some(high),
                text: format!("{}: {why}", words(claims, index)),
            });
        };
        if let Shown::About(count) = statement.shown {
            if count < claims.least {
                say(vec![], count, count, format!("{count} is shown, and numbers under {} never are", claims.least));
            } else if claims.round_to > 0 && !count.is_multiple_of(claims.round_to) {
                say(vec![], count, count, format!("{count} is shown, which is no multiple of {}", claims.round_to));
            }
        }
        let cell = (&statement.place, &statement.category, days(&statement.period));
        if let Some((other, shown)) = seen.insert(cell, (index, statement.shown))
            && shown != statement.shown
        {
            let why = "the same count is stated twice, and not alike".to_string();
            say(vec![(number, other)], 0, 0, why);
        }
    }
    found
}
