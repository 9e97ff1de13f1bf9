//! Every setting there is, in one table: name, default, unit, meaning and what is accepted.

/// One setting. The same name is used in the file; `LAGESBILD_` and the name in capitals in the environment;
/// `--` and the name with hyphens as a flag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Name in the file.
    pub name: &'static str,
    /// Value when nobody says anything.
    pub default: &'static str,
    /// Unit, empty when there is none.
    pub unit: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// What values it takes.
    pub accepted: Accepted,
}

/// The values a setting takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Accepted {
    /// A path that is not empty.
    Path,
    /// A path, or nothing.
    PathOrNothing,
    /// A numeric address and port.
    Address,
    /// A numeric address and port, or nothing.
    AddressOrNothing,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Names of hosts, with commas between; may be empty.
    Hosts,
    /// Numeric addresses without port, with commas between; may be empty.
    Addresses,
    /// The name of an HTTP header; may be empty.
    Header,
    /// The address of an OpenID Connect issuer: `https`, on this machine also `http`; may be empty.
    Issuer,
    /// One line of text; may be empty.
    Text,
    /// Groups with the role they give, as `group=role` with commas between; may be empty.
    GroupRoles,
    /// Directives of the log filter, such as `info` or `warn,lagesbild=debug`.
    LogFilter,
    /// A whole number from the first to the second, both included. `3e8` is one too.
    Whole(u64, u64),
}

impl Accepted {
    /// In words, for messages.
    pub fn in_words(self) -> String {
        match self {
            Self::Path => "a path".to_string(),
            Self::PathOrNothing => "a path, or nothing".to_string(),
            Self::Address => "an address and port, such as 127.0.0.1:8080 or [::1]:8080".to_string(),
            Self::AddressOrNothing => "an address and port, such as 127.0.0.1:8081, or nothing".to_string(),
            Self::Word(words) => words.join(" or "),
            Self::Hosts => {
                "host names with commas between, such as lagesbild.example.se, without scheme or port".to_string()
            }
            Self::Addresses => "numeric addresses with commas between, such as 10.0.0.5, without port".to_string(),
            Self::Header => "the name of a header, such as X-Remote-User".to_string(),
            Self::Issuer => {
                "an address such as https://login.example.se/realm, exactly as the provider spells it; without \
                             TLS only on loopback"
                    .to_string()
            }
            Self::Text => "one line of text".to_string(),
            Self::GroupRoles => {
                "pairs with commas between, such as lb-read=reader,lb-write=editor; roles are reader, editor, \
                 publisher and admin"
                    .to_string()
            }
            Self::LogFilter => "log directives, such as info or warn,lagesbild=debug".to_string(),
            Self::Whole(low, high) => format!("a whole number from {low} to {high}"),
        }
    }
}

const ON_OFF: Accepted = Accepted::Word(&["true", "false"]);
const SECONDS: Accepted = Accepted::Whole(1, 3600);

const fn key(
    name: &'static str,
    default: &'static str,
    unit: &'static str,
    accepted: Accepted,
    meaning: &'static str,
) -> Key {
    Key { name, default, unit, meaning, accepted }
}

/// All settings, in the order `config show` prints them.
pub const KEYS: &[Key] = &[
    key("data", "lagesbild.gpkg", "", Accepted::Path, "The data file."),
    key(
        "listen",
        "127.0.0.1:8080",
        "",
        Accepted::Address,
        "Where the service listens; only loopback without accounts.",
    ),
    key(
        "hosts",
        "",
        "",
        Accepted::Hosts,
        "What the service is called in addresses; requests for any other name are refused.",
    ),
    key(
        "local_mode",
        "auto",
        "",
        Accepted::Word(&["auto", "on", "off"]),
        "Whether who sits at this machine may do everything unasked; auto: on loopback while nobody has an account.",
    ),
    key("proxy_addresses", "", "", Accepted::Addresses, "Proxies whose headers about the user are believed."),
    key("proxy_user_header", "", "", Accepted::Header, "In which header such a proxy names the user it has let in."),
    key(
        "proxy_roles_header",
        "",
        "",
        Accepted::Header,
        "In which header it names their roles; empty: the roles of the account of that name count.",
    ),
    #[cfg(feature = "oidc")]
    key("oidc_issuer", "", "", Accepted::Issuer, "OpenID Connect provider through which people log in; empty: none."),
    #[cfg(feature = "oidc")]
    key("oidc_client_id", "", "", Accepted::Text, "What this service is called at the provider."),
    #[cfg(feature = "oidc")]
    key(
        "oidc_client_secret_file",
        "",
        "",
        Accepted::PathOrNothing,
        "File with the secret that the provider gave this service; empty: a client without secret.",
    ),
    #[cfg(feature = "oidc")]
    key(
        "oidc_name_claim",
        "",
        "",
        Accepted::Text,
        "Claim with the name of the account; empty: preferred_username, or sub where there is none.",
    ),
    #[cfg(feature = "oidc")]
    key(
        "oidc_roles_claim",
        "",
        "",
        Accepted::Text,
        "Claim with the groups of a person; empty: the roles of the account of that name count.",
    ),
    #[cfg(feature = "oidc")]
    key("oidc_roles", "", "", Accepted::GroupRoles, "Which group gives which role."),
    key(
        "public_listen",
        "",
        "",
        Accepted::AddressOrNothing,
        "Where the published releases are served alone; empty: under /public/ of the service.",
    ),
    key(
        "public_folder",
        "",
        "",
        Accepted::PathOrNothing,
        "Folder of the published releases; empty: beside the data file, its name and .releases.",
    ),
    key("session_hours", "12", "h", Accepted::Whole(1, 720), "How long a login lasts at most."),
    key("session_idle_minutes", "120", "min", Accepted::Whole(5, 43_200), "How long a login lasts without being used."),
    key("log_format", "text", "", Accepted::Word(&["text", "json"]), "One line of text or one JSON object per event."),
    key("log_filter", "info", "", Accepted::LogFilter, "Which events are logged."),
    key("threads", "0", "threads", Accepted::Whole(0, 1024), "Threads for computing; 0 means one per core."),
    key("metrics", "true", "", ON_OFF, "Whether /metrics answers."),
    key(
        "max_connections",
        "512",
        "connections",
        Accepted::Whole(1, 1_000_000),
        "Open connections; further ones wait in the backlog of the operating system.",
    ),
    key(
        "header_timeout_s",
        "5",
        "s",
        SECONDS,
        "From connecting, or the end of the answer before, to a complete header.",
    ),
    key("body_timeout_s", "60", "s", SECONDS, "For a whole request body."),
    key("idle_timeout_s", "8", "s", SECONDS, "Longest silence while a request body is read."),
    key("write_timeout_s", "8", "s", SECONDS, "Longest time a client may take nothing of its answer."),
    key("request_timeout_s", "10", "s", SECONDS, "From the complete request to the start of its answer."),
    key("drain_timeout_s", "10", "s", SECONDS, "For requests still running when the service is told to stop."),
    key("body_limit_bytes", "2097152", "bytes", Accepted::Whole(1024, 1 << 30), "Largest request body."),
    key(
        "upload_limit_bytes",
        "20971520",
        "bytes",
        Accepted::Whole(1024, 1 << 30),
        "Largest file that can be sent for an import.",
    ),
    key("upload_max_rows", "200000", "rows", Accepted::Whole(1, 1_048_576), "Most rows of a file that is sent."),
    key("upload_timeout_s", "120", "s", SECONDS, "For reading and importing a file that was sent."),
    key(
        "upload_dir",
        "",
        "",
        Accepted::PathOrNothing,
        "Private folder for files until they are imported; empty: beside the data file.",
    ),
    key(
        "json_depth",
        "32",
        "levels",
        Accepted::Whole(8, 120),
        "Lists and objects inside each other in a body of records.",
    ),
    key(
        "json_memory_bytes",
        "50331648",
        "bytes",
        Accepted::Whole(65_536, 1 << 34),
        "Memory for one parsed body of records.",
    ),
    key("json_vertices", "200000", "positions", Accepted::Whole(1, 100_000_000), "Positions in one body of records."),
    key(
        "geometry_vertices",
        "20000",
        "positions",
        Accepted::Whole(4, 10_000_000),
        "Positions in one geometry of a body.",
    ),
    key("json_features", "10000", "features", Accepted::Whole(1, 1_000_000), "Features in one body of records."),
    key("heavy_concurrency", "2", "computations", Accepted::Whole(1, 256), "Heavy computations at the same time."),
    key(
        "heavy_queue",
        "32",
        "computations",
        Accepted::Whole(0, 10_000),
        "Heavy computations waiting; further get 503.",
    ),
    key(
        "kde_cost_limit",
        "3e8",
        "row intervals + cells",
        Accepted::Whole(1_000, 1_000_000_000_000),
        "Largest kernel density, refused before work.",
    ),
    key("max_features", "400000", "features", Accepted::Whole(1, 100_000_000), "Most features or cells in one answer."),
    key(
        "stale_after_days",
        "14",
        "days",
        Accepted::Whole(1, 36_500),
        "Age of the newest record from which pages warn.",
    ),
    key("backup_dir", "", "", Accepted::PathOrNothing, "Folder of the backups; where backup writes and doctor looks."),
    key(
        "backup_max_age_hours",
        "26",
        "h",
        Accepted::Whole(1, 87_600),
        "Age of the newest backup from which doctor reports a fault.",
    ),
];

impl Key {
    /// The environment variable of this setting.
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_uppercase())
    }

    /// The flag of this setting.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }
}

/// What every environment variable of the program starts with.
pub const PREFIX: &str = "LAGESBILD_";

/// The setting of this name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_the_variable_and_flag_follow_from_them() {
        for (i, key) in KEYS.iter().enumerate() {
            assert!(KEYS[..i].iter().all(|other| other.name != key.name), "{} twice", key.name);
            assert!(!key.meaning.is_empty());
        }
        let key = find("kde_cost_limit").expect("known");
        assert_eq!((key.variable().as_str(), key.flag().as_str()), ("LAGESBILD_KDE_COST_LIMIT", "--kde-cost-limit"));
    }
}
