//! Settings as text for `config show` and `config check`.

use std::fmt::Write;

use super::{Accepted, Given, Resolved, SettingsError, Sources, resolve};

/// Every setting as a line of a settings file, with its origin as a comment, so that the output is itself a settings file.
pub fn show(resolved: &Resolved) -> String {
    let lines: Vec<String> =
        resolved.given.iter().map(|given| format!("{} = {}", given.key.name, as_toml(given))).collect();
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (line, given) in lines.iter().zip(&resolved.given) {
        let unit = if given.key.unit.is_empty() { String::new() } else { format!(" [{}]", given.key.unit) };
        writeln!(text, "{line:width$}  # {}{unit}: {}", given.origin, given.key.meaning)
            .expect("writing to a String cannot fail");
    }
    text
}

/// Says that the settings can be used and how many were set by whom, or lists everything that is wrong.
pub fn check(sources: &Sources) -> Result<String, SettingsError> {
    let resolved = resolve(sources)?;
    let set = resolved.given.iter().filter(|given| given.origin != super::Origin::Default).count();
    let file = match &resolved.file {
        Some(path) => format!("file {}", path.display()),
        None => "no settings file".to_string(),
    };
    Ok(format!("settings are valid: {set} of {} set, the others at their defaults; {file}", resolved.given.len()))
}

fn as_toml(given: &Given) -> String {
    match given.key.accepted {
        Accepted::Whole(..) => given.text.trim().to_string(),
        Accepted::Word(["true", "false"]) => given.text.clone(),
        _ => toml::Value::String(given.text.clone()).to_string(),
    }
}
