//! Passwords, keys and session tokens: how they are made, kept and compared.
//!
//! A password is something people choose, so its hash is slow on purpose (argon2id). A token is 32 random bytes:
//! nobody guesses it, so one SHA-256 is enough, and cheap enough for every request.

use std::fmt;
use std::sync::OnceLock;

use argon2::password_hash::phc;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::StoreError;
use super::audit::hex;

/// Fewest characters of a password.
pub const PASSWORD_MIN_CHARS: usize = 12;
/// Most characters of a password; a longer one would only cost time.
pub const PASSWORD_MAX_CHARS: usize = 128;

/// The argon2id hash of a password with its salt and parameters, as a PHC string.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub(super) String);

impl PasswordHash {
    /// Hashes a password for `name` with the crate's recommended parameters and a random salt: some 25 ms and 19 MiB.
    ///
    /// Refused: fewer than 12 or more than 128 characters, or the name itself in any case.
    pub fn of(password: &str, name: &str) -> Result<Self, StoreError> {
        let chars = password.chars().count();
        if !(PASSWORD_MIN_CHARS..=PASSWORD_MAX_CHARS).contains(&chars) {
            return Err(StoreError::People(format!(
                "the password has {chars} characters; accepted: {PASSWORD_MIN_CHARS} to {PASSWORD_MAX_CHARS}"
            )));
        }
        if password.trim().to_lowercase() == name.to_lowercase() {
            return Err(StoreError::People("the password is the name; choose another".to_string()));
        }
        let hash: phc::PasswordHash = Argon2::default()
            .hash_password(password.as_bytes())
            .map_err(|error| StoreError::People(format!("the password could not be hashed: {error}")))?;
        Ok(Self(hash.to_string()))
    }

    /// Whether this is the hash of `password`. Takes as long as making it; [`PasswordHash::of_nobody`] stands in for
    /// names that are not there.
    pub fn matches(&self, password: &str) -> bool {
        // A longer one was never accepted, and must not cost more than the others.
        let password = if password.chars().count() > PASSWORD_MAX_CHARS { "" } else { password };
        let Ok(hash) = phc::PasswordHash::new(&self.0) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    }

    /// A hash that no password has, so that asking for an unknown name takes as long as for a known one.
    pub fn of_nobody() -> &'static Self {
        static HASH: OnceLock<PasswordHash> = OnceLock::new();
        HASH.get_or_init(|| {
            let hash = Self::of(&Token::random().to_hex(), "");
            hash.expect("64 characters with the recommended parameters")
        })
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// 32 random bytes that whoever knows them is let in with. Never kept; [`Token::digest`] is.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// A new one from the operating system.
    pub fn random() -> Self {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(bytes)
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |c: u8| match c {
                b'0'..=b'9' => Some(c - b'0'),
                b'a'..=b'f' => Some(c - b'a' + 10),
                _ => None,
            };
            *byte = digit(pair[0])? * 16 + digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// 64 lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// What is kept of it.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// The SHA-256 of a [`Token`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenDigest(pub(super) [u8; 32]);

impl TokenDigest {
    /// Compares in a time that says nothing about where they differ.
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_hash_alone_and_two_hashes_differ() {
        let (one, two) = ("correct horse battery", "correct horse batterY");
        let hash = PasswordHash::of(one, "anna").expect("accepted");
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.0);
        assert!(hash.matches(one) && !hash.matches(two) && !hash.matches(""));
        assert_ne!(hash, PasswordHash::of(one, "anna").expect("accepted"), "the salt is random");
        assert!(!PasswordHash::of_nobody().matches(one));
    }

    #[test]
    fn passwords_have_12_to_128_characters_and_are_not_the_name() {
        for good in ["a".repeat(12), "å".repeat(128)] {
            assert!(PasswordHash::of(&good, "anna").is_ok(), "{good}");
        }
        for bad in ["a".repeat(11), "a".repeat(129), "ANNA.Svensson".to_string()] {
            assert!(PasswordHash::of(&bad, "anna.svensson").is_err(), "{bad}");
        }
    }

    #[test]
    fn tokens_read_back_and_their_digests_compare() {
        let token = Token::random();
        assert_eq!(Token::from_hex(&token.to_hex()), Some(token.clone()));
        assert!(token.digest().is(&token.digest()) && !token.digest().is(&Token::random().digest()));
        let upper = "A".repeat(64);
        for bad in ["", "ab", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64), &upper, &"å".repeat(32)] {
            assert_eq!(Token::from_hex(bad), None, "{bad}");
        }
        // SHA-256 of 32 zero bytes, from coreutils sha256sum.
        let zeros = Token::from_hex(&"0".repeat(64)).expect("valid");
        assert_eq!(hex(&zeros.digest().0), "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
    }

    #[test]
    fn what_is_printed_of_a_secret_says_nothing() {
        let token = Token::random();
        assert_eq!(
            format!("{token:?} {:?}", PasswordHash::of("long enough it is", "a").expect("accepted")),
            "Token PasswordHash"
        );
    }
}
