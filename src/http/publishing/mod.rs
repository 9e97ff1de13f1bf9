//! Making a release of a data file, for the command line and the service: reads what was published before, builds,
//! writes, attacks what was written, and only then gives it its name.

mod policy_file;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::{Names, Period};
use crate::followup::Book;
use crate::public::read::{PublicFolder, ReadProblem};
use crate::public::shelf::{self, Index};
use crate::public::{self, Assets, Files};
use crate::release::attack::{Claims, Outcome, Strength, attack};
use crate::release::build::{Request, build, fingerprint, stream_of};
use crate::release::levels::Addresses;
use crate::release::policy::Policy;
use crate::release::{Earlier, Refused, Stream};
use crate::spatial::Snapshot;
use crate::store::{NewRelease, ReleaseEntry, StoreError};
use crate::wire::SOFTWARE;

pub use policy_file::{policy_of, read_policy};

/// Why no release was made, published or checked.
#[derive(Debug, thiserror::Error)]
pub enum PublishingError {
    /// The policy cannot be used.
    #[error("{}: {what}", .path.display())]
    Policy {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the line and what is accepted.
        what: String,
    },
    /// The request cannot be granted.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A folder is no whole release.
    #[error("{}: {}", .folder.display(), listed(.problems))]
    Unreadable {
        /// Which.
        folder: PathBuf,
        /// Everything that is wrong.
        problems: Vec<ReadProblem>,
    },
    /// What was written gives hidden numbers away.
    #[error("the check found {} leaks, so nothing was released: {}", .0.len(), .0.join("; "))]
    Leaks(Vec<String>),
    /// The data file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn listed(problems: &[ReadProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Order {
    /// Which stream; by the length of the period when nobody says.
    pub stream: Option<Stream>,
    /// The closed period.
    pub period: Period,
    /// Today, in the zone of the data file.
    pub today: Date,
    /// The day it is to be public.
    pub published_on: Date,
    /// A register of addresses, when there is one.
    pub addresses: Option<Addresses>,
}

/// A release in memory, with what the data file is to remember of it.
#[derive(Clone, Debug)]
pub struct Made {
    /// For the registry.
    pub new: NewRelease,
    /// Its files.
    pub files: Files,
}

/// Builds a release. `entries` is the registry of the data file, `releases` the folder of its releases. Nothing is written.
pub fn make(
    releases: &Path,
    snapshot: &Snapshot,
    mut book: Book,
    entries: &[ReleaseEntry],
    order: &Order,
    assets: &Assets,
) -> Result<Made, PublishingError> {
    let policy = policy_of(releases)?;
    let stream = order.stream.unwrap_or_else(|| stream_of(&order.period));
    let word = order.period.word();
    let number = entries.iter().map(|entry| entry.new.number).max().unwrap_or(0) + 1;
    let was_public = |entry: &&ReleaseEntry| entry.published.is_some();
    let of_same = |entry: &&ReleaseEntry| entry.new.stream == stream.code() && entry.new.period == word;
    let revises = entries.iter().filter(was_public).find(of_same);
    // What was public once is known, also when it was withdrawn.
    let mut before = Vec::new();
    for entry in public_statistics(entries) {
        let read = read_whole(&releases.join(entry.new.number.to_string()))?;
        if revises.is_some_and(|first| first.new.number == entry.new.number) {
            same_rules(entry.new.number, &read.manifest().policy, &policy)?;
        }
        before.push(
            read.claims().map_err(|problems| unreadable(&releases.join(entry.new.number.to_string()), problems))?,
        );
    }
    let last = entries.iter().rfind(was_public);
    // Publishing this one is a publication too.
    let at = book.publications.partition_point(|day| *day <= order.published_on);
    book.publications.insert(at, order.published_on);
    let request = Request {
        number,
        stream,
        period: order.period.clone(),
        today: order.today,
        published_on: order.published_on,
        revision_of: revises.map(|entry| entry.new.number),
        earlier: entries.iter().filter(was_public).filter_map(|entry| earlier(entry, snapshot.zone())).collect(),
        before,
        areas_before: last.map(|entry| (entry.new.number, entry.new.areas_sha256.clone())),
        policy,
        addresses: order.addresses.clone(),
        software: SOFTWARE.to_string(),
    };
    let release = build(snapshot, &book, &request)?;
    let files = public::files(&release, assets);
    let new = NewRelease {
        number,
        stream: stream.code().to_string(),
        first: order.period.start(),
        last: order.period.last_day(),
        period: word,
        published_on: order.published_on,
        revision_of: request.revision_of,
        content_sha256: files.content_sha256(),
        areas_sha256: fingerprint(&release.get().edition.areas),
        data_revision: snapshot.revision(),
    };
    Ok(Made { new, files })
}

/// A revision under other rules would tell what they leave out: its numbers beside those of the first.
fn same_rules(release: u32, was: &Policy, now: &Policy) -> Result<(), Refused> {
    let members: [(&'static str, String, String); 5] = [
        ("area_set", was.area_set.clone(), now.area_set.clone()),
        ("open_categories", was.open_categories.join(", "), now.open_categories.join(", ")),
        ("municipality_categories", was.municipality_categories.join(", "), now.municipality_categories.join(", ")),
        ("least_reports", was.least_reports.to_string(), now.least_reports.to_string()),
        ("round_to", was.round_to.to_string(), now.round_to.to_string()),
    ];
    match members.into_iter().find(|(_, was, now)| was != now) {
        None => Ok(()),
        Some((member, was, _)) => Err(Refused::RulesChanged { release, member, was }),
    }
}

fn public_statistics(entries: &[ReleaseEntry]) -> impl Iterator<Item = &ReleaseEntry> {
    let is_public = |entry: &&ReleaseEntry| entry.published.is_some() && entry.new.stream == Stream::Statistics.code();
    entries.iter().filter(is_public)
}

/// What the list of changes says about a release that was published.
fn earlier(entry: &ReleaseEntry, zone: &TimeZone) -> Option<Earlier> {
    let new = &entry.new;
    let withdrawn = entry.withdrawn.as_ref().map(|(_, at, why)| (at.to_zoned(zone.clone()).date(), why.clone()));
    Some(Earlier {
        number: new.number,
        stream: Stream::from_code(&new.stream)?,
        period: Period::spanning(new.first, new.last)?,
        published_on: published_on(entry, zone),
        revision_of: new.revision_of,
        withdrawn,
        corrections: entry
            .corrections
            .iter()
            .map(|said| (said.on, Names { sv: said.text_sv.clone(), en: said.text_en.clone() }))
            .collect(),
    })
}

/// The day on which a release became public: that of its publication, not the one it was meant for.
pub fn published_on(entry: &ReleaseEntry, zone: &TimeZone) -> Date {
    entry.published.as_ref().map_or(entry.new.published_on, |(_, at)| at.to_zoned(zone.clone()).date())
}

/// What must hold before a release that was built is published: its folder has the content that was registered, its
/// areas are those of the last release, and nothing follows from it together with everything that is public by now,
/// also with what was published since it was built.
pub fn may_be_shown(releases: &Path, entries: &[ReleaseEntry], number: u32) -> Result<(), PublishingError> {
    let Some(entry) = entries.iter().find(|entry| entry.new.number == number) else { return Ok(()) };
    let folder = releases.join(number.to_string());
    let read = read_whole(&folder)?;
    if read.manifest().content_sha256 != entry.new.content_sha256 {
        return Err(PublishingError::Leaks(vec![format!("release {number} is not the content that was registered")]));
    }
    let last = entries.iter().rfind(|other| other.published.is_some());
    if let Some(last) = last.filter(|last| last.new.areas_sha256 != entry.new.areas_sha256) {
        let (set, ids) = (read.manifest().policy.area_set.clone(), "those of this release".to_string());
        return Err(Refused::AreasChanged { release: last.new.number, set, ids }.into());
    }
    let before: Vec<PathBuf> =
        public_statistics(entries).map(|entry| releases.join(entry.new.number.to_string())).collect();
    without_findings(before.len(), &together(&folder, &read, &before)?)
}

/// Refuses what the attack found about the claims of this number, and an attack that did not come to its end.
fn without_findings(ours: usize, outcome: &Outcome) -> Result<(), PublishingError> {
    let found = outcome.findings.iter().filter(|finding| finding.concerns(ours));
    let mut found: Vec<String> = found.map(|finding| finding.text.clone()).collect();
    if !outcome.settled {
        found.push("the check was stopped before its end, so nothing is shown by it".to_string());
    }
    if found.is_empty() { Ok(()) } else { Err(PublishingError::Leaks(found)) }
}

/// Removes a folder that a build left behind without registering it: it was never public, and its number is free.
pub fn clear_unregistered(releases: &Path, entries: &[ReleaseEntry], number: u32) -> Result<(), PublishingError> {
    let folder = releases.join(number.to_string());
    if entries.iter().any(|entry| entry.new.number == number) || folder.symlink_metadata().is_err() {
        return Ok(());
    }
    std::fs::remove_dir_all(&folder).map_err(|source| PublishingError::Io { path: folder, source })
}

/// Writes a release into a folder that does not exist yet, and attacks what was written together with what was public
/// before. A folder of that name is there only when nothing was found.
pub fn write_checked(made: &Made, folder: &Path, before: &[PathBuf]) -> Result<Outcome, PublishingError> {
    // Two builds at the same time do not share it.
    static ATTEMPTS: AtomicU64 = AtomicU64::new(0);
    let attempt = ATTEMPTS.fetch_add(1, Ordering::Relaxed);
    let unchecked = named_beside(folder, &format!(".unchecked-{}-{attempt}", std::process::id()));
    let io = |source| PublishingError::Io { path: folder.to_path_buf(), source };
    if folder.symlink_metadata().is_ok() {
        let text = "exists; a release is written once, into a folder that does not exist";
        return Err(io(std::io::Error::new(std::io::ErrorKind::AlreadyExists, text)));
    }
    if unchecked.symlink_metadata().is_ok() {
        std::fs::remove_dir_all(&unchecked).map_err(io)?;
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(io)?;
    }
    public::write_folder(&made.files, &unchecked).map_err(io)?;
    let checked =
        check(&unchecked, before).and_then(|outcome| without_findings(before.len(), &outcome).map(|()| outcome));
    match checked {
        Ok(outcome) => {
            std::fs::rename(&unchecked, folder).map_err(io)?;
            Ok(outcome)
        }
        Err(error) => {
            // What must not be public is not left lying about; that it cannot be removed changes nothing about why.
            let _removed = std::fs::remove_dir_all(&unchecked);
            Err(error)
        }
    }
}

fn named_beside(folder: &Path, end: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_os_string();
    name.push(end);
    folder.with_file_name(name)
}

/// Attacks a folder together with the folders of releases that were public before.
pub fn check(folder: &Path, before: &[PathBuf]) -> Result<Outcome, PublishingError> {
    together(folder, &read_whole(folder)?, before)
}

/// The same for a folder that was read; its claims are the last.
fn together(folder: &Path, read: &PublicFolder, before: &[PathBuf]) -> Result<Outcome, PublishingError> {
    let mut claims = before.iter().map(|earlier| claims_of(earlier)).collect::<Result<Vec<_>, _>>()?;
    claims.push(read.claims().map_err(|problems| unreadable(folder, problems))?);
    Ok(attack(&claims, Strength::USUAL))
}

fn unreadable(folder: &Path, problems: Vec<ReadProblem>) -> PublishingError {
    PublishingError::Unreadable { folder: folder.to_path_buf(), problems }
}

/// A release that is whole, and whose surface follows from its squares: what does not is a leak of its own.
fn read_whole(folder: &Path) -> Result<PublicFolder, PublishingError> {
    let read = public::read::folder(folder).map_err(|problems| unreadable(folder, problems))?;
    match read.density() {
        problems if problems.is_empty() => Ok(read),
        problems => Err(unreadable(folder, problems)),
    }
}

fn claims_of(folder: &Path) -> Result<Claims, PublishingError> {
    read_whole(folder)?.claims().map_err(|problems| unreadable(folder, problems))
}

/// Folders of the statistics that were public before a release, for [`check`].
pub fn public_before(releases: &Path, entries: &[ReleaseEntry], number: u32) -> Vec<PathBuf> {
    let before = public_statistics(entries).filter(|entry| entry.new.number < number);
    before.map(|entry| releases.join(entry.new.number.to_string())).collect()
}

/// The policy's rule about who may publish.
pub fn publish_rule(policy: &Policy) -> crate::store::PublishRule {
    crate::store::PublishRule { sole_publisher: policy.sole_publisher, wait_hours: policy.sole_publisher_wait_hours }
}

/// What the public pages are served from: every release that was ever published, and who may frame them. A policy that
/// cannot be read must not keep a withdrawn release public: then what was allowed before stays.
pub fn index_of(releases: &Path, entries: &[ReleaseEntry], zone: &TimeZone) -> Index {
    let was = shelf::read_index(releases).unwrap_or_default();
    let (allowed_hosts, site) = match policy_of(releases) {
        Ok(policy) => (policy.allowed_hosts, policy.publisher.site),
        Err(_) => (was.allowed_hosts, was.site),
    };
    let published = entries.iter().filter(|entry| entry.published.is_some());
    let public = published.map(|entry| shelf::Entry {
        number: entry.new.number,
        stream: entry.new.stream.clone(),
        period: entry.new.period.clone(),
        published_on: published_on(entry, zone),
        withdrawn_on: entry.withdrawn.as_ref().map(|(_, at, _)| at.to_zoned(zone.clone()).date()),
        reason: entry.withdrawn.as_ref().map(|(_, _, why)| why.clone()),
        content_sha256: Some(entry.new.content_sha256.clone()),
    });
    Index { releases: public.collect(), allowed_hosts, site }
}
