//! The policy of a data file: beside its releases, or the one that is compiled in.

use std::path::Path;

use super::PublishingError;
use crate::nearest::nearest;
use crate::release::policy::Policy;

const DEFAULT: &str = include_str!("../../../geodata/nassjo/release.toml");

/// The policy of a data file whose releases are in a folder: `policy.toml` in it, read whole or refused with the line
/// and what is accepted; without one, the policy that is compiled in.
pub fn policy_of(releases: &Path) -> Result<Policy, PublishingError> {
    let path = releases.join("policy.toml");
    match std::fs::read_to_string(&path) {
        Ok(text) => read_policy(&path, &text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => read_policy(Path::new("release.toml"), DEFAULT),
        Err(source) => Err(PublishingError::Io { path, source }),
    }
}

/// Reads a policy and holds it to the floor.
pub fn read_policy(path: &Path, text: &str) -> Result<Policy, PublishingError> {
    let wrong = |what: String| PublishingError::Policy { path: path.to_path_buf(), what };
    let policy: Policy = toml::from_str(text).map_err(|error| wrong(explained(&error)))?;
    policy.check().map_err(|error| wrong(error.to_string()))?;
    Ok(policy)
}

/// The reader's words, and for an unknown member the known one most like it.
fn explained(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let quoted: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((unknown, known)) if text.contains("unknown field") => {
            let like = nearest(unknown, known.iter().copied());
            let hint = like.map_or_else(String::new, |like| format!("; did you mean '{like}'?"));
            format!("{}{hint}", text.trim())
        }
        _ => text.trim().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_that_is_compiled_in_is_at_the_floor() {
        let policy = read_policy(Path::new("release.toml"), DEFAULT).expect("a policy");
        assert_eq!((policy.least_reports, policy.least_days, policy.round_to), (10, 3, 5));
        assert!(!policy.open_categories.contains(&"violence".to_string()));
    }

    #[test]
    fn a_policy_below_the_floor_names_every_member_its_value_and_what_is_accepted() {
        let low =
            DEFAULT.replace("least_reports = 10 ", "least_reports = 4 ").replace("round_to = 5 ", "round_to = 3 ");
        let error = read_policy(Path::new("policy.toml"), &low).expect_err("refused").to_string();
        for part in ["policy.toml", "least_reports is 4; accepted: at least 10", "round_to is 3; accepted: 5"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }

    #[test]
    fn an_unknown_member_is_refused_with_the_nearest() {
        let wrong = DEFAULT.replace("least_days", "least_dayz");
        let error = read_policy(Path::new("policy.toml"), &wrong).expect_err("refused").to_string();
        assert!(error.contains("least_dayz") && error.contains("did you mean 'least_days'?"), "{error}");
    }

    #[test]
    fn a_host_with_a_path_is_no_origin() {
        let wrong = DEFAULT.replace("\"https://polisen.se\"", "\"https://polisen.se/nassjo; script-src *\"");
        let error = read_policy(Path::new("policy.toml"), &wrong).expect_err("refused").to_string();
        assert!(error.contains("without a path"), "{error}");
    }
}
