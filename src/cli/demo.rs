//! `lagesbild demo` and the data behind `serve --demo`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::answer::Done;
use super::{Usage, init, local_actor, today};
use crate::demo::{Amount, Demo, DemoPlan, DemoProfile};
use crate::domain::{Counted, Record};
use crate::spatial::DataClass;
use crate::store::{Change, DataFile, NewFile, Operation, Reader, WriteRequest, load_snapshot};

/// Make a data file with generated records of true size for Nässjö, marked synthetic.
#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    /// The file to make; it must not exist.
    file: PathBuf,
    /// The last day of the records; they begin on 1 January of the year before.
    #[arg(long, value_name = "DATE")]
    today: Option<String>,
    /// About this many observations in all, for load tests, instead of 300 a year.
    #[arg(long, value_name = "N")]
    size: Option<u64>,
}

/// Who makes generated records, in the revision log.
const DEMO_ACTOR: &str = "demo";

pub(super) fn run(args: &DemoArgs) -> anyhow::Result<Done> {
    let new = demo_start()?;
    let zone = TimeZone::get(&new.time_zone)?;
    let last_day = match &args.today {
        Some(text) => {
            text.parse().map_err(|_| Usage(format!("--today '{text}': a date such as 2026-11-22 is accepted")))?
        }
        None => today(&zone),
    };
    let amount = args.size.map_or(Amount::PerYear(300), Amount::InAll);
    make(&args.file, &new, last_day, zone, amount)?;
    Ok(Done::Ok)
}

/// The data file of `serve --demo`: made when it is missing, and made again when its last day is not
/// today, since its records are the same for every day they share.
pub(super) fn demo_file() -> anyhow::Result<PathBuf> {
    let path = PathBuf::from("lagesbild-demo.gpkg");
    let new = demo_start()?;
    let zone = TimeZone::get(&new.time_zone)?;
    let now = today(&zone);
    if path.exists() {
        let snapshot = load_snapshot(&path)?;
        if snapshot.facts().data_class != DataClass::Synthetic {
            anyhow::bail!("{}: holds real records; move it away, 'serve --demo' makes its own", path.display());
        }
        // Presence is logged on nearly every day, so the newest activity tells the last day of the file.
        let newest =
            snapshot.extent_in_time(Counted::Activities).map(|(_, last)| crate::domain::local_date(last, &zone));
        let age_days = newest.and_then(|day| day.until(now).ok()).map_or(i32::MAX, |span| span.get_days());
        if (0..=4).contains(&age_days) {
            return Ok(path);
        }
        // What somebody else put in is not ours to throw away.
        if !Reader::open(&path)?.is_only_by(DEMO_ACTOR)? {
            eprintln!("{}: was changed since it was made, so it is served as it is", path.display());
            return Ok(path);
        }
        // Only a file nobody else writes may be replaced.
        drop(DataFile::open(&path)?);
        for suffix in ["", "-wal", "-shm"] {
            let mut name = path.as_os_str().to_os_string();
            name.push(suffix);
            match std::fs::remove_file(&name) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(e).context(format!("{}", path.display()));
                }
                _ => {}
            }
        }
    }
    make(&path, &new, now, zone, Amount::PerYear(300))?;
    Ok(path)
}

fn demo_start() -> anyhow::Result<NewFile> {
    init::default_file(DataClass::Synthetic)
}

fn make(path: &Path, new: &NewFile, last_day: Date, zone: TimeZone, amount: Amount) -> anyhow::Result<()> {
    /// Records committed at a time: bounds memory for large sizes.
    const BATCH: usize = 20_000;
    let profile = DemoProfile::from_json(include_str!("../../geodata/nassjo/demo.json"))?;
    let mut plan = DemoPlan::new(last_day, zone);
    plan.amount = amount;
    let first_day = plan.period().start();
    let mut promises = init::renewed_promises(&plan.years());
    promises.extend(init::demo_promises(last_day));
    let new = &NewFile { promises, ..new.clone() };
    let demo = Demo::new(plan, profile, &new.areas, &new.places)?;
    let actor = local_actor(Some(DEMO_ACTOR));
    let mut file = DataFile::create(path, new, &actor)?;
    let (mut observations, mut activities) = (0, 0);
    let mut follow_up: Vec<Record> = Vec::new();
    let mut batch = Change { what: "demo: generated records".to_string(), ..Change::default() };
    for (_, records) in demo.days() {
        observations += records.observations.len();
        activities += records.activities.len();
        batch.observations.extend(records.observations);
        batch.activities.extend(records.activities);
        batch.reports.extend(records.reports);
        batch.surveys.extend(records.surveys);
        follow_up.extend(records.actions.into_iter().map(Record::Action));
        if batch.observations.len() >= BATCH {
            file.commit(&actor, &batch)?;
            batch = Change { what: batch.what, ..Change::default() };
        }
    }
    file.commit(&actor, &batch)?;
    let rest = demo.follow_up();
    follow_up.extend(rest.bookings.into_iter().map(Record::Booking));
    follow_up.extend(rest.priorities.into_iter().map(Record::Priority));
    follow_up.extend(rest.reported_counts.into_iter().map(Record::ReportedCount));
    follow_up.extend(rest.comments.into_iter().map(Record::Comment));
    let operations = follow_up.into_iter().map(Operation::put).collect();
    file.write(&actor, &WriteRequest { what: batch.what, operations, retry: None })?;
    eprintln!(
        "{}: made with {observations} generated observations and {activities} activities, {first_day} to {last_day} (synthetic)",
        path.display()
    );
    Ok(())
}
