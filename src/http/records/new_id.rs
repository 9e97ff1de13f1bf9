//! Ids for records that come without one.

use crate::domain::Id;
use crate::http::problem::Problem;

const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An id of 120 random bits of the operating system: nobody guesses it, and no two are alike.
pub(in crate::http) fn new_id() -> Result<Id, Problem> {
    let mut bytes = [0_u8; 15];
    getrandom::fill(&mut bytes).map_err(|error| Problem::Internal(format!("no randomness: {error}")))?;
    Id::new(&spelled(&bytes)).map_err(|error| Problem::Internal(error.to_string()))
}

/// Five bits a letter, without the letters that look like digits.
fn spelled(bytes: &[u8; 15]) -> String {
    let group = |five: &[u8]| {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        (0..8).rev().map(move |n| char::from(LETTERS[usize::try_from(bits >> (5 * n) & 31).unwrap_or(0)]))
    };
    bytes.chunks(5).flat_map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_spell_all_their_bits() {
        assert_eq!(spelled(&[0; 15]), "0".repeat(24));
        assert_eq!(spelled(&[255; 15]), "z".repeat(24));
        let mut one = [0; 15];
        one[14] = 1;
        assert_eq!(spelled(&one), format!("{}1", "0".repeat(23)));
        assert_ne!(new_id().expect("random"), new_id().expect("random"));
    }
}
