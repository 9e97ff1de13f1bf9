//! Where values come from: defaults, the file, the environment, flags. The later wins.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::key::{KEYS, Key, PREFIX, find};
use super::{Fault, SettingsError};
use crate::nearest::nearest;

/// The file looked for in the current folder.
pub const DEFAULT_FILE: &str = "lagesbild.toml";

/// Everything that may hold settings, handed in so that tests need no process environment.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The folder in which `lagesbild.toml` is looked for.
    pub folder: PathBuf,
    /// The file given with `--config`; it must exist, the default one need not.
    pub config: Option<PathBuf>,
    /// Variables of the process; only those beginning with `LAGESBILD_` count.
    pub environment: Vec<(OsString, OsString)>,
    /// Flags as (key name, value); hyphens in the name mean underscores.
    pub flags: Vec<(String, String)>,
}

impl Sources {
    /// The current folder, the environment of this process and these flags.
    pub fn of_process(config: Option<PathBuf>, flags: Vec<(String, String)>) -> Self {
        Self { folder: PathBuf::from("."), config, environment: std::env::vars_os().collect(), flags }
    }
}

/// Where a value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// This file.
    File(PathBuf),
    /// This environment variable.
    Environment(String),
    /// This flag.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(variable) => write!(f, "environment {variable}"),
            Self::Flag(flag) => write!(f, "flag {flag}"),
        }
    }
}

/// One setting with the text that counts and where it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Which setting.
    pub key: &'static Key,
    /// Its value as text.
    pub text: String,
    /// Where it was found.
    pub origin: Origin,
}

/// The value that counts for every key, in the order of [`KEYS`], and the file that was read.
///
/// Faults (unknown keys, values that are no text) are added to `faults`; a file that cannot be read is an error at once.
pub(super) fn gather(
    sources: &Sources,
    faults: &mut Vec<Fault>,
) -> Result<(Vec<Given>, Option<PathBuf>), SettingsError> {
    let mut given: Vec<Given> =
        KEYS.iter().map(|key| Given { key, text: key.default.to_string(), origin: Origin::Default }).collect();
    let mut set = |found: Given| {
        if let Some(place) = given.iter_mut().find(|g| g.key.name == found.key.name) {
            *place = found;
        }
    };

    let file = file_of(sources);
    if let Some(path) = &file {
        for (name, value) in read(path)? {
            let origin = Origin::File(path.clone());
            match (find(&name), scalar(&value)) {
                (Some(key), Some(text)) => set(Given { key, text, origin }),
                (Some(key), None) => faults.push(Fault::bad(key, &value.to_string(), &origin)),
                (None, _) => faults.push(unknown(&name, &origin, |key| key.name.to_string())),
            }
        }
    }
    for (variable, value) in &sources.environment {
        let Some(variable) = variable.to_str().filter(|v| v.starts_with(PREFIX)) else { continue };
        let origin = Origin::Environment(variable.to_string());
        match (KEYS.iter().find(|key| key.variable() == variable), value.to_str()) {
            (Some(key), Some(text)) => set(Given { key, text: text.to_string(), origin }),
            (Some(key), None) => faults.push(Fault::bad(key, &value.to_string_lossy(), &origin)),
            (None, _) => faults.push(unknown(variable, &origin, Key::variable)),
        }
    }
    for (name, text) in &sources.flags {
        let name = name.trim_start_matches('-').replace('-', "_");
        let origin = Origin::Flag(format!("--{}", name.replace('_', "-")));
        match find(&name) {
            Some(key) => set(Given { key, text: text.clone(), origin }),
            None => faults.push(unknown(&format!("--{}", name.replace('_', "-")), &origin, Key::flag)),
        }
    }
    Ok((given, file))
}

fn file_of(sources: &Sources) -> Option<PathBuf> {
    let by_default = || Some(sources.folder.join(DEFAULT_FILE)).filter(|path| path.exists());
    sources.config.clone().or_else(by_default)
}

fn read(path: &Path) -> Result<toml::Table, SettingsError> {
    let text =
        std::fs::read_to_string(path).map_err(|cause| SettingsError::Unreadable { path: path.to_path_buf(), cause })?;
    // A BOM is what Windows editors add; it is no part of the first key.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    text.parse().map_err(|cause: toml::de::Error| SettingsError::NotToml {
        path: path.to_path_buf(),
        cause: cause.to_string().trim_end().to_string(),
    })
}

fn scalar(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => Some(value.to_string()),
        toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}

fn unknown(name: &str, origin: &Origin, spell: impl Fn(&Key) -> String) -> Fault {
    // Without the feature these keys do not exist, and the nearest other one would be no help.
    let written = name.trim_start_matches('-').replace('-', "_").to_lowercase();
    let is_of_oidc = written.strip_prefix("lagesbild_").unwrap_or(&written).starts_with("oidc_");
    if is_of_oidc && cfg!(not(feature = "oidc")) {
        return Fault::NotBuilt { name: name.to_string(), origin: origin.clone(), feature: "oidc" };
    }
    let names: Vec<String> = KEYS.iter().map(spell).collect();
    Fault::Unknown {
        name: name.to_string(),
        origin: origin.clone(),
        nearest: nearest(name, names.iter().map(String::as_str)).map(str::to_string),
    }
}
