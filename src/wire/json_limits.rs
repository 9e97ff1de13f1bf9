//! How much a JSON body may ask for before it is parsed.
//!
//! Two megabytes of `{"":0},` are 300,000 objects, and each of them takes 700 bytes once it is parsed. One pass over
//! the bytes finds out what parsing would cost; nothing is kept but one number for each level of depth.

/// Limits of a JSON body that holds records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonLimits {
    /// Lists and objects inside each other.
    pub depth: usize,
    /// Memory for the parsed body, as [`check`] counts it.
    pub memory_bytes: u64,
    /// Positions of all geometries together: lists that begin with a number.
    pub vertices: u64,
    /// Positions of one geometry.
    pub vertices_of_geometry: usize,
    /// Features of one body.
    pub features: usize,
}

/// A node of the map that an object becomes: room for eleven names and values (measured: 632 bytes).
const OBJECT_BYTES: u64 = 656;
/// The first room a list makes: for four values of 32 bytes.
const LIST_BYTES: u64 = 144;
/// One more value of a list; a list doubles its room, so up to half of it is empty.
const VALUE_BYTES: u64 = 64;

/// A body that asks for too much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooMuch {
    /// What of it, as a sentence without a full stop.
    pub reason: String,
    /// What is accepted.
    pub accepted: String,
}

impl std::fmt::Display for TooMuch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; accepted: {}", self.reason, self.accepted)
    }
}

/// Looks at the bytes of a body once. Says nothing about whether they are JSON.
pub fn check(body: &[u8], limits: &JsonLimits) -> Result<(), TooMuch> {
    let (mut memory, mut vertices) = (0, 0);
    // Values so far in each list or object that is open; an object counts in room for eleven.
    let mut open: Vec<(bool, u64)> = Vec::new();
    let (mut in_text, mut escaped, mut just_opened) = (false, false, false);
    for byte in body {
        if in_text {
            memory += 1;
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'[' | b'{' => {
                if open.len() == limits.depth {
                    let reason = format!("the body has lists and objects more than {} deep", limits.depth);
                    return Err(TooMuch { reason, accepted: format!("at most {} inside each other", limits.depth) });
                }
                memory += if *byte == b'{' { OBJECT_BYTES } else { LIST_BYTES };
                open.push((*byte == b'{', 1));
            }
            b']' | b'}' => {
                open.pop();
            }
            b',' => {
                if let Some((is_object, values)) = open.last_mut() {
                    *values += 1;
                    match is_object {
                        true if *values % 6 == 0 => memory += OBJECT_BYTES,
                        false if *values > 4 => memory += VALUE_BYTES,
                        _ => {}
                    }
                }
            }
            b'-' | b'0'..=b'9' if just_opened => vertices += 1,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            just_opened = *byte == b'[';
        }
        if memory > limits.memory_bytes {
            let reason = format!("reading the body takes more than {} bytes of memory", limits.memory_bytes);
            return Err(TooMuch { reason, accepted: "fewer records in one request; import takes larger files".into() });
        }
        if vertices > limits.vertices {
            let reason = format!("the body has more than {} positions", limits.vertices);
            return Err(TooMuch { reason, accepted: "fewer records in one request; import takes larger files".into() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: JsonLimits =
        JsonLimits { depth: 32, memory_bytes: 1_000_000, vertices: 50, vertices_of_geometry: 50, features: 10 };

    fn refused(body: &str) -> Option<String> {
        check(body.as_bytes(), &LIMITS).err().map(|much| much.reason)
    }

    #[test]
    fn depth_is_taken_to_the_limit_and_refused_one_above_and_a_thousand_times_above() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(refused(&deep(32)), None);
        assert!(refused(&deep(33)).expect("refused").contains("32 deep"));
        assert!(refused(&deep(32_000)).expect("refused").contains("32 deep"));
        assert_eq!(refused(&format!(r#"{{"a":"{}"}}"#, "[\\\"{".repeat(1000))), None, "brackets in a text are letters");
    }

    #[test]
    fn positions_are_taken_to_the_limit_and_refused_one_above_and_a_thousand_times_above() {
        let line = |count: usize| format!("[{}]", vec!["[ -1,2]"; count].join(","));
        assert_eq!(refused(&line(50)), None);
        assert!(refused(&line(51)).expect("refused").contains("more than 50 positions"));
        let many = JsonLimits { memory_bytes: u64::MAX, ..LIMITS };
        assert!(check(line(50_000).as_bytes(), &many).is_err());
    }

    #[test]
    fn memory_is_that_of_objects_lists_and_values() {
        // The outer list 144, four objects 656 each; every further one 656 and its value 64.
        let objects = |count: usize| format!("[{}]", vec!["{}"; count].join(","));
        let limit = |bytes: u64| JsonLimits { memory_bytes: bytes, ..LIMITS };
        assert_eq!(check(objects(4).as_bytes(), &limit(144 + 4 * 656)), Ok(()));
        assert!(check(objects(4).as_bytes(), &limit(144 + 4 * 656 - 1)).is_err());
        assert_eq!(check(objects(10).as_bytes(), &limit(144 + 10 * 656 + 6 * 64)), Ok(()));
        assert!(check(objects(10).as_bytes(), &limit(144 + 10 * 656 + 6 * 64 - 1)).is_err());
        assert!(check(objects(10_000).as_bytes(), &limit(144 + 10 * 656 + 6 * 64)).is_err());
    }
}
