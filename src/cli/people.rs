//! `lagesbild user` and `lagesbild key`.

use std::io::{IsTerminal, Read};
use std::path::Path;

use anyhow::Context;
use clap::Subcommand;
use comfy_table::Table;
use jiff::{SignedDuration, Timestamp};

use super::answer::{Done, write};
use super::{DataArgs, Usage, local_actor};
use crate::domain::Role;
use crate::store::{DataFile, KeyScope, NewKey, PasswordHash, StoreError, people_of};

/// Accounts: who may do what.
#[derive(Debug, clap::Args)]
pub(super) struct UserArgs {
    #[command(subcommand)]
    what: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Add an account; asks for the password.
    Add {
        /// Its name: a-z 0-9 . _ @ -
        name: String,
        /// What it may do: reader, editor, publisher, admin; several with commas.
        #[arg(long, value_name = "ROLE", required = true, value_delimiter = ',')]
        role: Vec<String>,
        #[command(flatten)]
        password: PasswordArgs,
        /// No password: for a program with keys, or somebody whom a proxy lets in.
        #[arg(long, conflicts_with = "password_stdin")]
        no_password: bool,
        #[command(flatten)]
        data: DataArgs,
    },
    /// All accounts.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// End an account with its keys and logins.
    Revoke {
        /// Its name.
        name: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Give an account a new password; ends its logins.
    Password {
        /// Its name.
        name: String,
        #[command(flatten)]
        password: PasswordArgs,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Give an account other roles.
    Roles {
        /// Its name.
        name: String,
        /// All its roles from now on.
        #[arg(long, value_name = "ROLE", required = true, value_delimiter = ',')]
        role: Vec<String>,
        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Debug, clap::Args)]
struct PasswordArgs {
    /// Read the password from standard input, one line, instead of asking for it.
    #[arg(long)]
    password_stdin: bool,
}

/// Personal keys for programs.
#[derive(Debug, clap::Args)]
pub(super) struct KeyArgs {
    #[command(subcommand)]
    what: KeyCommand,
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Make a key for an account and print it: the only time it can be seen.
    Add {
        /// Name of the account.
        name: String,
        /// What it may be used for: read, write or publish.
        #[arg(long)]
        scope: String,
        /// How long it is of use: 90d, 12w, 24h.
        #[arg(long, default_value = "90d", value_name = "TIME")]
        expires: String,
        /// What it is for.
        #[arg(long, default_value = "", value_name = "TEXT")]
        label: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// All keys, without their secret part, which nobody has.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// End a key.
    Revoke {
        /// The eight digits after lb_.
        prefix: String,
        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) fn user(args: &UserArgs) -> anyhow::Result<Done> {
    let (actor, now) = (local_actor(None), Timestamp::now());
    match &args.what {
        UserCommand::Add { name, role, password, no_password, data } => {
            let roles = roles_of(role)?;
            let mut file = open(data)?;
            crate::store::check_name(name)?;
            let hash = if *no_password { None } else { Some(PasswordHash::of(&password.read()?, name)?) };
            file.add_user(&actor, name, &roles, hash.as_ref(), now)?;
            eprintln!("{name}: added");
        }
        UserCommand::List { data } => return list_users(&data.path_made_when_missing()?),
        UserCommand::Revoke { name, data } => {
            open(data)?.revoke_user(&actor, name, now)?;
            eprintln!("{name}: revoked with all keys and logins");
        }
        UserCommand::Password { name, password, data } => {
            let mut file = open(data)?;
            file.set_password(&actor, name, &PasswordHash::of(&password.read()?, name)?)?;
            eprintln!("{name}: has a new password; all logins have ended");
        }
        UserCommand::Roles { name, role, data } => {
            let roles = roles_of(role)?;
            open(data)?.set_roles(&actor, name, &roles)?;
            eprintln!("{name}: is now {}", codes(&roles));
        }
    }
    Ok(Done::Ok)
}

pub(super) fn key(args: &KeyArgs) -> anyhow::Result<Done> {
    let (actor, now) = (local_actor(None), Timestamp::now());
    match &args.what {
        KeyCommand::Add { name, scope, expires, label, data } => {
            let known = KeyScope::from_code(scope)
                .ok_or_else(|| Usage(format!("--scope '{scope}': read, write or publish is accepted")))?;
            let lifetime = lifetime(expires)?;
            let new = NewKey { user: name.clone(), label: label.clone(), scope: known, lifetime };
            let text = open(data)?.add_key(&actor, &new, now)?;
            eprintln!("shown this once; send it as 'Authorization: Bearer {}...'", &text[..12]);
            write(None, format!("{text}\n").as_bytes())?;
        }
        KeyCommand::List { data } => return list_keys(&data.path_made_when_missing()?, now),
        KeyCommand::Revoke { prefix, data } => {
            let prefix = prefix.strip_prefix("lb_").unwrap_or(prefix);
            open(data)?.revoke_key(&actor, prefix, None, now)?;
            eprintln!("lb_{prefix}: revoked");
        }
    }
    Ok(Done::Ok)
}

impl PasswordArgs {
    fn read(&self) -> anyhow::Result<String> {
        if self.password_stdin {
            let mut text = String::new();
            std::io::stdin().take(4096).read_to_string(&mut text).context("standard input")?;
            return Ok(text.lines().next().unwrap_or_default().to_string());
        }
        if !std::io::stdin().is_terminal() {
            return Err(Usage("no terminal to ask for the password on; use --password-stdin".to_string()).into());
        }
        let ask = |what: &str| {
            eprint!("{what}: ");
            console::Term::stderr().read_secure_line().context("the terminal")
        };
        let (first, second) = (ask("Password")?, ask("The same again")?);
        if first != second {
            anyhow::bail!("the two passwords differ; nothing was changed");
        }
        Ok(first)
    }
}

fn open(data: &DataArgs) -> anyhow::Result<DataFile> {
    let path = data.path_made_when_missing()?;
    DataFile::open(&path).map_err(|error| match error {
        locked @ StoreError::Locked { .. } => anyhow::Error::new(locked).context(
            "accounts are changed while the service is stopped; everybody can make and revoke their own keys and \
             change their password on its page /account meanwhile",
        ),
        other => other.into(),
    })
}

fn roles_of(words: &[String]) -> Result<Vec<Role>, Usage> {
    let role = |word: &String| {
        let known = Role::ALL.map(Role::code).join(", ");
        Role::from_code(word.trim()).ok_or_else(|| Usage(format!("--role '{word}': accepted are {known}")))
    };
    words.iter().map(role).collect()
}

fn codes(roles: &[Role]) -> String {
    roles.iter().map(|role| role.code()).collect::<Vec<_>>().join(",")
}

fn lifetime(text: &str) -> Result<SignedDuration, Usage> {
    let hours_of = |unit: char| match unit {
        'h' => Some(1),
        'd' => Some(24),
        'w' => Some(24 * 7),
        _ => None,
    };
    let read = || {
        let hours = hours_of(text.chars().last()?)?;
        let n: i64 = text[..text.len() - 1].parse().ok().filter(|n| (1..=100_000).contains(n))?;
        Some(SignedDuration::from_hours(n * hours))
    };
    read().ok_or_else(|| Usage(format!("--expires '{text}': a number with h, d or w is accepted, such as 90d")))
}

fn list_users(path: &Path) -> anyhow::Result<Done> {
    let people = people_of(path)?;
    let mut users: Vec<_> = people.users.values().collect();
    users.sort_by(|a, b| a.name.cmp(&b.name));
    let mut table = table(&["name", "roles", "password", "added", "revoked"]);
    for user in users {
        let password = if user.password.is_some() { "yes" } else { "no" };
        let revoked = user.revoked.map(day).unwrap_or_default();
        table.add_row([user.name.clone(), codes(&user.roles), password.to_string(), day(user.added), revoked]);
    }
    write(None, format!("{table}\n").as_bytes())?;
    Ok(Done::Ok)
}

fn list_keys(path: &Path, now: Timestamp) -> anyhow::Result<Done> {
    let people = people_of(path)?;
    let mut keys: Vec<_> = people.keys.values().collect();
    keys.sort_by(|a, b| (&a.user, a.added, &a.prefix).cmp(&(&b.user, b.added, &b.prefix)));
    let mut table = table(&["key", "account", "scope", "expires", "last used", "state", "label"]);
    for key in keys {
        let state = match () {
            () if key.revoked.is_some() => "revoked",
            () if key.expires <= now => "expired",
            () => "in use",
        };
        table.add_row([
            format!("lb_{}", key.prefix),
            key.user.clone(),
            key.scope.code().to_string(),
            day(key.expires),
            key.last_used.map(day).unwrap_or_default(),
            state.to_string(),
            key.label.clone(),
        ]);
    }
    write(None, format!("{table}\n").as_bytes())?;
    Ok(Done::Ok)
}

fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(headings.to_vec());
    table
}

/// The UTC day: what is looked for here is the order, not the hour.
fn day(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d").to_string()
}
