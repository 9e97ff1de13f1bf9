//! The checks of a data file, its clock and its backups.

use std::path::Path;
use std::time::Duration;

use geo::Validation;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Check;
use super::disk::size;
use crate::store::{
    AuditHead, AuditReport, FileState, Reader, SCHEMA_VERSION, check_integrity, list_backups, verify_audit,
};

/// A second before any release of this program: a clock before it is wrong.
const BEFORE_ANY_RELEASE: i64 = 1_767_225_600; // 2026-01-01T00:00:00Z

pub(super) fn schema(data: &Path, state: &FileState) -> Check {
    let found = format!("{}: version {}, revision {}", data.display(), state.schema_version, state.revision);
    if state.schema_version < SCHEMA_VERSION {
        let hint = format!("the next start of the service brings it to version {SCHEMA_VERSION}; make a backup first");
        return Check::warning("data file", found, hint);
    }
    Check::ok("data file", found)
}

pub(super) fn writer(state: &FileState) -> Check {
    let found = if state.is_being_written { "a service holds the write lock" } else { "nobody writes now" };
    Check::ok("write lock", found)
}

/// A log that stays large is one that nobody could work into the file.
pub(super) fn log(state: &FileState) -> Check {
    const LARGE: u64 = 256 << 20;
    let found = format!("{} of write-ahead log", size(state.log_bytes));
    if state.log_bytes <= LARGE {
        return Check::ok("log", found);
    }
    let hint = if state.is_being_written {
        "another program keeps an old state of the file open; close it (QGIS, a long export)"
    } else {
        "a service ended without closing; the next start works it into the file. Never delete it by hand"
    };
    Check::warning("log", found, hint)
}

pub(super) fn clock(state: Option<&FileState>, now: Timestamp) -> Check {
    let hint = "set the clock (timedatectl set-ntp true) before anything is written";
    if now.as_second() < BEFORE_ANY_RELEASE {
        return Check::fault("clock", format!("{now} is before this program was made"), hint);
    }
    match state.and_then(|state| state.revision_at) {
        Some(newest) if newest > now.saturating_add(SignedDuration::from_secs(60)).unwrap_or(now) => {
            Check::fault("clock", format!("{now:.0} is before the newest revision, {newest:.0}"), hint)
        }
        _ => Check::ok("clock", format!("{now:.0}")),
    }
}

pub(super) fn zone(state: &FileState) -> Check {
    match TimeZone::get(&state.time_zone) {
        Ok(_) => Check::ok("time zone", state.time_zone.clone()),
        Err(error) => Check::fault("time zone", error.to_string(), "use a newer lagesbild, which brings its own zones"),
    }
}

pub(super) fn age_of_data(state: &FileState, stale_after_days: u32, now: Timestamp) -> Check {
    let Some(newest) = state.newest_record_at else {
        return Check::warning("age of data", "no observations or activities", "import some: lagesbild import FILE");
    };
    let days = now.duration_since(newest).as_hours() / 24;
    let found = format!("newest record of {newest:.0}, {days} days old");
    if days >= i64::from(stale_after_days) {
        let hint = format!("is everything imported? Pages warn from {stale_after_days} days on (stale_after_days)");
        return Check::warning("age of data", found, hint);
    }
    Check::ok("age of data", found)
}

pub(super) fn integrity(data: &Path) -> Check {
    let hint = "stop the service, keep this file, restore a backup: lagesbild restore DIR --to FILE.gpkg --replace";
    match check_integrity(data) {
        Ok(faults) if faults.is_empty() => Check::ok("integrity", "every page and reference"),
        Ok(faults) => Check::fault("integrity", faults.join("; ").replace('\n', " "), hint),
        Err(error) => Check::fault("integrity", error.to_string(), hint),
    }
}

pub(super) fn areas(data: &Path) -> Check {
    let reader = match Reader::open(data) {
        Ok(reader) => reader,
        Err(error) => return Check::fault("areas", error.to_string(), "restore a backup"),
    };
    let areas = reader.frame().areas.areas();
    let broken: Vec<&str> = areas.iter().filter(|area| !area.outline.is_valid()).map(|area| area.id.as_str()).collect();
    if broken.is_empty() {
        return Check::ok("areas", format!("{} valid outlines", areas.len()));
    }
    Check::fault("areas", format!("outlines that are not valid: {}", broken.join(", ")), "import these areas again")
}

/// Whether every entry of the audit log, and every record, is as it was written; also against the head that the
/// newest backup noted.
pub(super) fn audit(data: &Path, state: &FileState, backups: Option<&Path>) -> Check {
    let of_this_file = |folder: &Path| list_backups(folder, Some(&state.identity)).ok()?.into_iter().next();
    let noted = backups.and_then(of_this_file).and_then(|backup| backup.manifest.audit_head.parse::<AuditHead>().ok());
    let hint =
        "stop, keep this file, restore a backup; compare with the head that was kept (lagesbild audit verify --head)";
    match verify_audit(data, noted.as_ref()) {
        Ok(AuditReport { faults, entries, head, .. }) if faults.is_empty() => {
            let head = head.map_or_else(String::new, |head| format!(", head {head}"));
            Check::ok("audit", format!("{entries} entries{head}"))
        }
        Ok(report) => {
            let faults: Vec<String> = report.faults.iter().take(5).map(ToString::to_string).collect();
            Check::fault("audit", format!("{} faults: {}", report.faults.len(), faults.join("; ")), hint)
        }
        Err(error) => Check::fault("audit", error.to_string(), hint),
    }
}

pub(super) fn backup(folder: &Path, state: Option<&FileState>, max_age: Duration, now: Timestamp) -> Check {
    let hint = "run 'lagesbild backup', and look why the timer did not (systemctl status lagesbild-backup.timer)";
    let identity = state.map(|state| state.identity.as_str());
    let newest = match list_backups(folder, identity) {
        Ok(list) => list.into_iter().next(),
        Err(error) => return Check::fault("backup", error.to_string(), hint),
    };
    let Some(newest) = newest else {
        return Check::fault("backup", format!("none of this data file in {}", folder.display()), hint);
    };
    let age = now.duration_since(newest.manifest.taken_at);
    let behind = state.map_or(0, |state| state.revision.saturating_sub(newest.manifest.revision));
    let found = format!(
        "{}, {} hours old, {behind} revisions behind",
        newest.path.file_name().unwrap_or_default().to_string_lossy(),
        age.as_hours(),
    );
    let allowed = SignedDuration::try_from(max_age).unwrap_or(SignedDuration::MAX);
    if age > allowed {
        let hint = format!("{hint}; {} hours are allowed (backup_max_age_hours)", allowed.as_hours());
        return Check::fault("backup", found, hint);
    }
    match std::fs::metadata(&newest.path) {
        Ok(meta) if meta.len() == newest.manifest.bytes => Check::ok("backup", found),
        _ => Check::fault("backup", format!("{found}, but of another size than its manifest says"), hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::Level;

    fn state() -> FileState {
        FileState {
            schema_version: SCHEMA_VERSION,
            time_zone: "Europe/Stockholm".into(),
            identity: "a".into(),
            revision: 3,
            revision_at: "2026-11-20T12:00:00Z".parse().ok(),
            audit_head: "abc".into(),
            newest_record_at: "2026-11-10T12:00:00Z".parse().ok(),
            bytes: 1,
            log_bytes: 0,
            is_being_written: false,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_clock_before_the_newest_revision_or_before_this_program_is_a_fault() {
        let level = |now: &str| clock(Some(&state()), at(now)).level;
        assert_eq!(level("2026-11-20T12:00:01Z"), Level::Ok);
        assert_eq!(level("2026-11-20T11:59:30Z"), Level::Ok, "a minute is what clocks differ by");
        assert_eq!(level("2026-11-20T11:58:59Z"), Level::Fault);
        assert_eq!(level("1970-01-01T00:05:00Z"), Level::Fault);
    }

    #[test]
    fn data_is_stale_from_the_day_that_is_set() {
        let level = |days, now: &str| age_of_data(&state(), days, at(now)).level;
        assert_eq!(level(14, "2026-11-24T11:59:59Z"), Level::Ok);
        assert_eq!(level(14, "2026-11-24T12:00:00Z"), Level::Warning);
        assert_eq!(
            age_of_data(&FileState { newest_record_at: None, ..state() }, 14, at("2026-11-24T12:00:00Z")).level,
            Level::Warning
        );
    }

    #[test]
    fn older_tables_a_missing_hash_an_unknown_zone_and_a_large_log_are_seen() {
        let data = Path::new("d.gpkg");
        assert_eq!(schema(data, &FileState { schema_version: SCHEMA_VERSION - 1, ..state() }).level, Level::Warning);
        assert_eq!(audit(Path::new("no such file"), &state(), None).level, Level::Fault);
        assert_eq!(zone(&FileState { time_zone: "Europe/Nassjo".into(), ..state() }).level, Level::Fault);
        let log_of = |bytes, is_being_written| log(&FileState { log_bytes: bytes, is_being_written, ..state() });
        assert_eq!(log_of(256 << 20, true).level, Level::Ok);
        assert!(log_of((256 << 20) + 1, true).hint.is_some_and(|hint| hint.contains("QGIS")));
        assert!(log_of(1 << 30, false).hint.is_some_and(|hint| hint.contains("Never delete")));
    }
}
