//! Whose records a file may hold and for how long: `controller`, `retention`, `erase`; and `migrate`.

use clap::Subcommand;
use jiff::Timestamp;

use super::answer::{Done, write};
use super::{DataArgs, Usage, local_actor};
use crate::domain::{Collection, Counted, Id, Source};
use crate::store::{DataFile, Purged, Retention, bring_up_to_date};

/// Name the rule that allows records of the other controller's source class, or take it back.
#[derive(Debug, clap::Args)]
pub(super) struct ControllerArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The rule, in words, such as an agreement and its number; an empty text takes it back.
    #[arg(long, value_name = "TEXT")]
    legal_basis: String,
    /// Who does this, for the log [default: the user of this machine].
    #[arg(long = "as", value_name = "NAME")]
    actor: Option<String>,
}

/// How long records are kept, and removing those whose time is up.
#[derive(Debug, Subcommand)]
pub(super) enum RetentionCommand {
    /// Set how many days records are kept after they start.
    Set {
        #[command(flatten)]
        class: ClassArgs,
        /// Days; 'off' takes the rule back.
        #[arg(long, value_name = "DAYS")]
        keep_days: String,
    },
    /// List the rules.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Remove every version of the records whose time is up; counts and proof stay.
    Purge {
        #[command(flatten)]
        data: DataArgs,
        /// Only say how many they are.
        #[arg(long)]
        dry_run: bool,
        /// Who does this, for the log [default: the user of this machine].
        #[arg(long = "as", value_name = "NAME")]
        actor: Option<String>,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct ClassArgs {
    /// observations or activities.
    collection: String,
    /// Observations of this source only; without it, of every source that has no rule of its own.
    #[arg(long)]
    source: Option<String>,
    #[command(flatten)]
    data: DataArgs,
    /// Who does this, for the log [default: the user of this machine].
    #[arg(long = "as", value_name = "NAME")]
    actor: Option<String>,
}

/// Remove one record from every version, on request.
#[derive(Debug, clap::Args)]
pub(super) struct EraseArgs {
    /// The collection, such as observations.
    collection: String,
    /// Id of the record.
    id: String,
    /// Why; it stands in the log. Name no person in it.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    data: DataArgs,
    /// Who does this, for the log [default: the user of this machine].
    #[arg(long = "as", value_name = "NAME")]
    actor: Option<String>,
}

/// Bring a data file of an earlier version up; a copy of it as it was stays beside it.
#[derive(Debug, clap::Args)]
pub(super) struct MigrateArgs {
    #[command(flatten)]
    data: DataArgs,
}

pub(super) fn run(args: &ControllerArgs) -> anyhow::Result<Done> {
    let mut file = DataFile::open(&args.data.path_made_when_missing()?)?;
    file.set_legal_basis(&local_actor(args.actor.as_deref()), Some(args.legal_basis.as_str()))?;
    let done = if args.legal_basis.trim().is_empty() { "no legal basis is named now" } else { "legal basis named" };
    eprintln!("{done}");
    Ok(Done::Ok)
}

pub(super) fn retention(command: &RetentionCommand) -> anyhow::Result<Done> {
    match command {
        RetentionCommand::Set { class, keep_days } => set(class, keep_days),
        RetentionCommand::List { data } => {
            let rules = DataFile::open(&data.path_made_when_missing()?)?.retentions()?;
            let text = if rules.is_empty() {
                "no rule: everything is kept\n".to_string()
            } else {
                rules.iter().map(in_words).collect()
            };
            write(None, text.as_bytes())?;
            Ok(Done::Ok)
        }
        RetentionCommand::Purge { data, dry_run, actor } => {
            let mut file = DataFile::open(&data.path_made_when_missing()?)?;
            let purged = file.purge(&local_actor(actor.as_deref()), Timestamp::now(), *dry_run)?;
            tell(&purged, *dry_run);
            Ok(Done::Ok)
        }
    }
}

fn in_words(rule: &Retention) -> String {
    let source =
        rule.source.map_or_else(|| "every other source".to_string(), |source| format!("source {}", source.code()));
    let of = rule.of.code();
    match rule.of {
        Counted::Observations => format!("{of} of {source}: {} days\n", rule.keep_days),
        Counted::Activities => format!("{of}: {} days\n", rule.keep_days),
    }
}

fn set(class: &ClassArgs, keep_days: &str) -> anyhow::Result<Done> {
    let of = Counted::from_code(&class.collection)
        .ok_or_else(|| Usage(format!("'{}': observations or activities is accepted", class.collection)))?;
    let source = class.source.as_deref().map(source_of).transpose()?;
    let days = match keep_days {
        "off" => None,
        days => Some(
            days.parse()
                .map_err(|_| Usage(format!("--keep-days '{days}': a whole number of days or 'off' is accepted")))?,
        ),
    };
    let mut file = DataFile::open(&class.data.path_made_when_missing()?)?;
    file.set_retention(&local_actor(class.actor.as_deref()), of, source, days)?;
    eprintln!("set; 'lagesbild retention purge' removes what is due");
    Ok(Done::Ok)
}

fn source_of(text: &str) -> Result<Source, Usage> {
    let words: Vec<&str> = Source::ALL.into_iter().map(Source::code).collect();
    Source::from_code(text).ok_or_else(|| Usage(format!("--source '{text}': {} are accepted", words.join(", "))))
}

fn tell(purged: &Purged, only_asked: bool) {
    let records: Vec<String> = purged.records.iter().map(|(of, n)| format!("{n} {}", of.code())).collect();
    match (records.is_empty(), only_asked) {
        (true, _) => eprintln!("nothing is due"),
        (false, true) => eprintln!("due: {} ({} versions); nothing was removed", records.join(", "), purged.versions),
        (false, false) => {
            let revision = purged.revision.unwrap_or_default();
            eprintln!("removed: {} ({} versions), revision {revision}", records.join(", "), purged.versions);
            eprintln!("backups made before still hold them: remove those that are older than this purge");
        }
    }
}

pub(super) fn erase(args: &EraseArgs) -> anyhow::Result<Done> {
    let words: Vec<&str> = Collection::ALL.into_iter().map(Collection::code).collect();
    let collection = Collection::from_code(&args.collection)
        .ok_or_else(|| Usage(format!("'{}': {} are accepted", args.collection, words.join(", "))))?;
    let id = Id::new(&args.id).map_err(|e| Usage(e.to_string()))?;
    let mut file = DataFile::open(&args.data.path_made_when_missing()?)?;
    let purged = file.erase(&local_actor(args.actor.as_deref()), collection, &id, &args.reason)?;
    tell(&purged, false);
    Ok(Done::Ok)
}

pub(super) fn migrate(args: &MigrateArgs) -> anyhow::Result<Done> {
    let path = args.data.path_made_when_missing()?;
    match bring_up_to_date(&path)? {
        None => eprintln!("{}: is of the newest version", path.display()),
        Some(copy) => eprintln!("{}: brought up; as it was: {}", path.display(), copy.display()),
    }
    Ok(Done::Ok)
}
