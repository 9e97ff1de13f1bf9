//! What the operator said, resolved once into what the program needs.
//!
//! A TOML file is overruled by environment variables, these by flags. The rest of the program sees [`Settings`];
//! where a value came from stays in [`Resolved`] for `config show`.

mod key;
#[cfg(feature = "oidc")]
mod oidc;
mod show;
mod source;

pub use key::{Accepted, KEYS, Key, PREFIX};
#[cfg(feature = "oidc")]
pub use oidc::OidcSettings;
pub use show::{check, show};
pub use source::{DEFAULT_FILE, Given, Origin, Sources};

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// All settings; defaults, units and variables are in [`KEYS`].
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `data`: the data file.
    pub data: PathBuf,
    /// Logging.
    pub log: LogSettings,
    /// The service.
    pub service: ServiceSettings,
    /// Who may come in.
    pub access: AccessSettings,
    /// Files that are sent for an import.
    pub upload: UploadSettings,
    /// Heavy computations.
    pub work: WorkSettings,
    /// Bodies of records.
    pub records: RecordSettings,
    /// Published releases.
    pub public: PublicSettings,
    /// `stale_after_days`: age of the newest record, in days, from which pages warn.
    pub stale_after_days: u32,
    /// Backups.
    pub backup: BackupSettings,
}

/// What a body of records may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSettings {
    /// `json_depth`: lists and objects inside each other.
    pub depth: usize,
    /// `json_memory_bytes`: memory for the parsed body.
    pub memory_bytes: u64,
    /// `json_vertices`: positions in one body.
    pub vertices: u64,
    /// `geometry_vertices`: positions in one geometry.
    pub vertices_of_geometry: usize,
    /// `json_features`: features in one body.
    pub features: usize,
}

/// Where published releases are, and where they are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicSettings {
    /// `public_listen`: an address of their own; none means under `/public/` of the service.
    pub listen: Option<SocketAddr>,
    /// `public_folder`: the folder; none means beside the data file, see [`PublicSettings::folder_for`].
    pub folder: Option<PathBuf>,
}

impl PublicSettings {
    /// The folder of the releases of a data file.
    pub fn folder_for(&self, data: &Path) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| {
            let mut name = data.file_name().unwrap_or_default().to_os_string();
            name.push(".releases");
            data.with_file_name(name)
        })
    }
}

/// Where backups are and how old the newest may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSettings {
    /// `backup_dir`: the folder; none when it is not set.
    pub folder: Option<PathBuf>,
    /// `backup_max_age_hours`: age of the newest backup from which `doctor` reports a fault.
    pub max_age: Duration,
}

/// Files that are sent for an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadSettings {
    /// `upload_limit_bytes`: largest file.
    pub limit_bytes: usize,
    /// `upload_max_rows`: most rows.
    pub max_rows: u64,
    /// `upload_timeout_s`: for reading and importing one.
    pub timeout: Duration,
    /// `upload_dir`: the folder; none means beside the data file.
    pub folder: Option<PathBuf>,
}

/// What is logged and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// `log_format`: JSON objects instead of text.
    pub json: bool,
    /// `log_filter`: directives for the log filter, already checked.
    pub filter: String,
}

/// Where the service listens and what a client may take of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceSettings {
    /// `listen`: address and port.
    pub listen: SocketAddr,
    /// `metrics`: whether `/metrics` answers.
    pub metrics: bool,
    /// `max_connections`: open connections.
    pub max_connections: usize,
    /// `header_timeout_s`: to a complete header; an idle connection is closed after it too.
    pub header_timeout: Duration,
    /// `body_timeout_s`: for a whole body.
    pub body_timeout: Duration,
    /// `idle_timeout_s`: silence while a body is read.
    pub idle_timeout: Duration,
    /// `write_timeout_s`: without a byte of the answer being taken.
    pub write_timeout: Duration,
    /// `request_timeout_s`: to the start of the answer.
    pub request_timeout: Duration,
    /// `drain_timeout_s`: for running requests on a stop.
    pub drain_timeout: Duration,
    /// `body_limit_bytes`: largest body.
    pub body_limit_bytes: usize,
}

/// Who may come in, and how they say who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessSettings {
    /// `hosts`: names the service answers for, in lower case.
    pub hosts: Vec<String>,
    /// `local_mode`: whether who sits at this machine needs no account.
    pub local_mode: LocalMode,
    /// `proxy_addresses`: proxies whose headers about the user are believed.
    pub proxy_addresses: Vec<IpAddr>,
    /// `proxy_user_header`: its name in lower case.
    pub proxy_user_header: Option<String>,
    /// `proxy_roles_header`: its name in lower case.
    pub proxy_roles_header: Option<String>,
    /// Login through OpenID Connect, where it is set up.
    #[cfg(feature = "oidc")]
    pub oidc: Option<OidcSettings>,
    /// `session_hours`: how long a login lasts at most.
    pub session: Duration,
    /// `session_idle_minutes`: how long it lasts without being used.
    pub session_idle: Duration,
}

impl AccessSettings {
    /// Whether people can log in through OpenID Connect; never without the feature `oidc`.
    pub fn has_oidc(&self) -> bool {
        #[cfg(feature = "oidc")]
        return self.oidc.is_some();
        #[cfg(not(feature = "oidc"))]
        return false;
    }
}

/// Whether who sits at this machine may do everything without an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalMode {
    /// Where the service listens on loopback alone, as long as nobody has an account and no proxy is named.
    Auto,
    /// Also beside accounts; on loopback alone.
    On,
    /// Never.
    Off,
}

/// What heavy computations may take of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkSettings {
    /// `threads`: for computing; `None` means one per core.
    pub threads: Option<usize>,
    /// `heavy_concurrency`: at the same time.
    pub heavy_concurrency: usize,
    /// `heavy_queue`: waiting.
    pub heavy_queue: usize,
    /// `kde_cost_limit`: row intervals plus cells of one kernel density.
    pub kde_cost_limit: u64,
    /// `max_features`: features or cells in one answer.
    pub max_features: usize,
}

/// Settings together with where each value came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// What the program needs.
    pub settings: Settings,
    /// Every key with its value and origin, in the order of [`KEYS`].
    pub given: Vec<Given>,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is missing or unreadable.
    #[error("settings file {}: {cause}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        cause: std::io::Error,
    },
    /// The file is not TOML.
    #[error("settings file {} is not TOML: {cause}", path.display())]
    NotToml {
        /// Which file.
        path: PathBuf,
        /// Line, column and reason.
        cause: String,
    },
    /// Keys or values are wrong; all of them are listed.
    #[error("{}", list(.0))]
    Faults(Vec<Fault>),
}

/// One wrong key or value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No setting has this name.
    Unknown {
        /// As written.
        name: String,
        /// Where.
        origin: Origin,
        /// The known name most like it.
        nearest: Option<String>,
    },
    /// The setting belongs to a feature that this program was built without.
    NotBuilt {
        /// As written.
        name: String,
        /// Where.
        origin: Origin,
        /// The cargo feature.
        feature: &'static str,
    },
    /// The value is not accepted.
    Bad {
        /// Name of the setting.
        key: &'static str,
        /// As written.
        value: String,
        /// Where.
        origin: Origin,
        /// What is accepted.
        accepted: String,
    },
}

impl Fault {
    fn bad(key: &Key, value: &str, origin: &Origin) -> Self {
        let accepted = key.accepted.in_words();
        Self::Bad { key: key.name, value: value.to_string(), origin: origin.clone(), accepted }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, origin, nearest: Some(nearest) } => {
                write!(f, "unknown setting '{name}' ({origin}); did you mean '{nearest}'?")
            }
            Self::Unknown { name, origin, nearest: None } => {
                write!(f, "unknown setting '{name}' ({origin}); 'lagesbild config show' lists all settings")
            }
            Self::NotBuilt { name, origin, feature } => {
                write!(
                    f,
                    "setting '{name}' ({origin}) needs the feature '{feature}', and this program was built without it: \
                     build it with 'cargo build --release --features {feature}', or leave the setting out"
                )
            }
            Self::Bad { key, value, origin, accepted } => {
                write!(f, "setting '{key}' is '{value}' ({origin}); accepted: {accepted}")
            }
        }
    }
}

fn list(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

/// Resolves all settings, or lists every wrong key and value.
pub fn resolve(sources: &Sources) -> Result<Resolved, SettingsError> {
    let mut faults = Vec::new();
    let (given, file) = source::gather(sources, &mut faults)?;
    faults.extend(given.iter().filter(|g| !fits(g)).map(|g| Fault::bad(g.key, &g.text, &g.origin)));
    if !faults.is_empty() {
        return Err(SettingsError::Faults(faults));
    }
    let settings = settle(&given);
    Ok(Resolved { settings, given, file })
}

fn fits(given: &Given) -> bool {
    let text = given.text.as_str();
    match given.key.accepted {
        Accepted::Path => !text.trim().is_empty(),
        Accepted::PathOrNothing => true,
        Accepted::AddressOrNothing if text.trim().is_empty() => true,
        Accepted::AddressOrNothing => SocketAddr::from_str(text.trim()).is_ok(),
        Accepted::Address => SocketAddr::from_str(text).is_ok(),
        Accepted::Word(words) => words.contains(&text),
        Accepted::Hosts => listed_in(text).all(is_host),
        Accepted::Addresses => listed_in(text).all(|item| item.parse::<IpAddr>().is_ok()),
        Accepted::Header => text.trim().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
        Accepted::Issuer => is_issuer(text.trim()),
        Accepted::Text => !text.chars().any(char::is_control),
        Accepted::GroupRoles => listed_in(text).all(|item| group_role(item).is_some()),
        Accepted::LogFilter => !text.trim().is_empty() && tracing_subscriber::EnvFilter::try_new(text).is_ok(),
        Accepted::Whole(low, high) => whole(text).is_some_and(|n| (low..=high).contains(&n)),
    }
}

/// The items of a list with commas between.
fn listed_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// A name or a numeric address, an IPv6 one in brackets.
fn is_host(text: &str) -> bool {
    let is_name = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.map_or(is_name, |inner| inner.parse::<std::net::Ipv6Addr>().is_ok())
}

/// Nothing, an `https` address without query, or one of this machine without TLS.
fn is_issuer(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let is_plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'@' | b'\\'));
    let host = |rest: &str| rest.split('/').next().unwrap_or_default().to_string();
    let is_here = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        [host, name].iter().any(|name| matches!(*name, "localhost" | "127.0.0.1" | "[::1]"))
    };
    let over_tls = text.strip_prefix("https://").is_some_and(|rest| !host(rest).is_empty());
    is_plain && (over_tls || text.strip_prefix("http://").is_some_and(|rest| is_here(&host(rest))))
}

/// A group and the word of its role. The group may itself have an equals sign.
fn group_role(item: &str) -> Option<(&str, &str)> {
    let (group, role) = item.rsplit_once('=').map(|(group, role)| (group.trim(), role.trim()))?;
    (!group.is_empty() && matches!(role, "reader" | "editor" | "publisher" | "admin")).then_some((group, role))
}

/// A whole number, also as `3e8`, `300000000.0` or `300_000_000`.
fn whole(text: &str) -> Option<u64> {
    let digits = text.trim().replace('_', "");
    if let Ok(number) = digits.parse() {
        return Some(number);
    }
    // Above 2^53 a float no longer names one whole number.
    let number: f64 = digits.parse().ok()?;
    (number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&number)).then_some(number as u64)
}

/// Builds the settings from values of which every one [`fits`].
fn settle(given: &[Given]) -> Settings {
    let text = |name: &str| {
        given.iter().find(|g| g.key.name == name).map(|g| g.text.as_str()).expect("gather gives a value for every key")
    };
    let number = |name: &str| whole(text(name)).expect("checked by fits");
    let size = |name: &str| usize::try_from(number(name)).unwrap_or(usize::MAX);
    let seconds = |name: &str| Duration::from_secs(number(name));
    let header = |name: &str| Some(text(name).trim().to_ascii_lowercase()).filter(|name| !name.is_empty());
    Settings {
        data: PathBuf::from(text("data")),
        log: LogSettings { json: text("log_format") == "json", filter: text("log_filter").to_string() },
        service: ServiceSettings {
            listen: text("listen").parse().expect("checked by fits"),
            metrics: text("metrics") == "true",
            max_connections: size("max_connections"),
            header_timeout: seconds("header_timeout_s"),
            body_timeout: seconds("body_timeout_s"),
            idle_timeout: seconds("idle_timeout_s"),
            write_timeout: seconds("write_timeout_s"),
            request_timeout: seconds("request_timeout_s"),
            drain_timeout: seconds("drain_timeout_s"),
            body_limit_bytes: size("body_limit_bytes"),
        },
        access: AccessSettings {
            hosts: listed_in(text("hosts")).map(str::to_ascii_lowercase).collect(),
            local_mode: match text("local_mode") {
                "on" => LocalMode::On,
                "off" => LocalMode::Off,
                _ => LocalMode::Auto,
            },
            proxy_addresses: listed_in(text("proxy_addresses")).filter_map(|item| item.parse().ok()).collect(),
            proxy_user_header: header("proxy_user_header"),
            proxy_roles_header: header("proxy_roles_header"),
            #[cfg(feature = "oidc")]
            oidc: oidc::settle(&text),
            session: Duration::from_secs(number("session_hours") * 3600),
            session_idle: Duration::from_secs(number("session_idle_minutes") * 60),
        },
        upload: UploadSettings {
            limit_bytes: size("upload_limit_bytes"),
            max_rows: number("upload_max_rows"),
            timeout: seconds("upload_timeout_s"),
            folder: Some(text("upload_dir").trim()).filter(|path| !path.is_empty()).map(PathBuf::from),
        },
        work: WorkSettings {
            threads: Some(size("threads")).filter(|n| *n > 0),
            heavy_concurrency: size("heavy_concurrency"),
            heavy_queue: size("heavy_queue"),
            kde_cost_limit: number("kde_cost_limit"),
            max_features: size("max_features"),
        },
        records: RecordSettings {
            depth: size("json_depth"),
            memory_bytes: number("json_memory_bytes"),
            vertices: number("json_vertices"),
            vertices_of_geometry: size("geometry_vertices"),
            features: size("json_features"),
        },
        public: PublicSettings {
            // Empty is no address, and anything else was checked by fits.
            listen: text("public_listen").trim().parse().ok(),
            folder: Some(text("public_folder").trim()).filter(|path| !path.is_empty()).map(PathBuf::from),
        },
        stale_after_days: u32::try_from(number("stale_after_days")).unwrap_or(u32::MAX),
        backup: BackupSettings {
            folder: Some(text("backup_dir").trim()).filter(|path| !path.is_empty()).map(PathBuf::from),
            max_age: Duration::from_secs(number("backup_max_age_hours") * 3600),
        },
    }
}

#[cfg(test)]
mod tests;
