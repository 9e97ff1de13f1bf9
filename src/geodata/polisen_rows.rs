//! The public feed of the Swedish police (`https://polisen.se/api/events`) as rows.
//!
//! What it gives, and its traps, counted in an archive of 85,011 events:
//! - `gps` is the centre of a municipality or, since January 2026 always, of a county. It is given a
//!   precision of that size, so that no surface ever uses it.
//! - `datetime` is when the item was published, not ISO 8601 and without a leading zero in the hour. The
//!   title ("22 augusti 17.59, Brand, Kävlinge") often says when it happened.
//! - Where it happened stands at the end of the title.
//! - One type has a trailing blank; the summary is cut short; night summaries bundle many events.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;
use jiff::civil::DateTime;
use jiff::{SpanRound, ToSpan, Unit};
use serde::de::{Deserializer as _, SeqAccess, Visitor};
use serde_json::Value;

use super::feed::{Fed, FedRow, Feeder, Opening, Stop};
use super::problem::Problem;
use super::source_file::SourceFile;
use super::values::Fault;

/// How far an event may be from the centre of its municipality; the long ones of the north reach further from
/// their middle, most not half as far.
const MUNICIPALITY_M: &str = "50000";
/// The same for a county; Norrbotten is some 500 km across.
const COUNTY_M: &str = "250000";

/// One event is some 500 bytes.
const MAX_EVENT_BYTES: u64 = 1024 * 1024;

const HEADINGS: [&str; 11] =
    ["id", "category", "datetime", "place", "lon", "lat", "precision_m", "source", "text", "title", "url"];

/// The zone of the titles.
pub(crate) const ZONE: &str = "Europe/Stockholm";

/// Opens the list.
pub(crate) fn open(source: &SourceFile) -> Result<Fed, Problem> {
    let source = source.clone();
    let read = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&read);
    Fed::start(source.clone().name(), read, move |feeder| {
        let (text, _) = source.open_text().map_err(|e| Fault::new(format!("cannot be read: {e}"), "check the name"))?;
        let headings = HEADINGS.map(str::to_string).to_vec();
        feeder.open(Opening {
            headings,
            part: "events of the police's public feed".to_string(),
            ..Opening::default()
        })?;
        let left = Arc::new(AtomicU64::new(MAX_EVENT_BYTES));
        let limited = Limited { inner: text, left: Arc::clone(&left), read: counted };
        let mut json = serde_json::Deserializer::from_reader(io::BufReader::new(limited));
        let events = Events { feeder, left: &left };
        match json.deserialize_seq(events) {
            Ok(Ok(())) => json.end().map_err(|e| not_json(&e).into()),
            Ok(Err(stop)) => Err(stop),
            Err(error) => Err(not_json(&error).into()),
        }
    })
}

fn not_json(error: &serde_json::Error) -> Fault {
    Fault::new(format!("is no list of events: {error}"), "the answer of polisen.se/api/events is accepted, as it comes")
}

/// Stops when one event has taken more than its share.
struct Limited<R> {
    inner: R,
    left: Arc<AtomicU64>,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "an event longer than 1 MiB"));
        }
        let length = self.inner.read(out)?;
        self.left.store(left.saturating_sub(length as u64), Ordering::Relaxed);
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

struct Events<'a> {
    feeder: &'a mut Feeder,
    left: &'a AtomicU64,
}

impl<'de> Visitor<'de> for Events<'_> {
    type Value = Result<(), Stop>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut number = 0;
        while let Some(event) = list.next_element::<Value>()? {
            self.left.store(MAX_EVENT_BYTES, Ordering::Relaxed);
            number += 1;
            if self.feeder.row(row(number, &event)).is_err() {
                return Ok(Err(Stop::Unwanted));
            }
        }
        Ok(Ok(()))
    }
}

fn row(number: u64, event: &Value) -> FedRow {
    let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or("").trim();
    let id = event.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_string)).unwrap_or_default();
    let location = event.get("location");
    let inside = |key: &str| location.and_then(|l| l.get(key)).and_then(Value::as_str).unwrap_or("").trim();
    if !event.is_object() || id.is_empty() || text("datetime").is_empty() {
        let fault = Fault::new("is no event", "an event has id, datetime, name, type and location");
        let cells = HEADINGS.map(|_| "").iter().collect();
        return FedRow { number, cells, fault: Some(fault), ..FedRow::default() };
    }
    let (name, title) = (inside("name"), text("name"));
    let (lat, lon) = inside("gps").split_once(',').unwrap_or(("", ""));
    let when = time_of_title(title, text("datetime")).unwrap_or_else(|| text("datetime").to_string());
    let precision_m = if is_county(name) { COUNTY_M } else { MUNICIPALITY_M };
    let place = place_of(title, name);
    let cells = [
        id.as_str(),
        text("type"),
        &when,
        &place,
        lon.trim(),
        lat.trim(),
        precision_m,
        "feed",
        text("summary"),
        title,
        text("url"),
    ];
    FedRow { number, cells: StringRecord::from(cells.to_vec()), ..FedRow::default() }
}

fn is_county(name: &str) -> bool {
    name.is_empty() || name.to_lowercase().ends_with(" län")
}

/// The end of the title, which names a municipality or a county, and the location when it is another.
fn place_of(title: &str, location: &str) -> String {
    let last = title.rsplit_once(", ").map_or("", |(_, last)| last.trim());
    match (last, location) {
        ("", location) => location.to_string(),
        (last, "") => last.to_string(),
        (last, location) if last == location => last.to_string(),
        (last, location) => format!("{last}, {location}"),
    }
}

/// The wall time a title begins with, in the year that makes it come before the publication.
///
/// Not believed when it lies more than an hour after the publication (a typing error) or more than 31 days
/// before it; the publication is taken then. Night summaries are announced minutes before their hour.
fn time_of_title(title: &str, published: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let head = title.split(',').next()?;
    let mut words = head.split_whitespace();
    let day: i8 = words.next()?.parse().ok()?;
    let month = words.next()?.to_lowercase();
    let month = i8::try_from(MONTHS.iter().position(|name| *name == month)? + 1).ok()?;
    let (hour, minute) = words.next()?.split_once(['.', ':'])?;
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let published = wall_of(published)?;
    let in_year = |year: i16| DateTime::new(year, month, day, hour, minute, 0, 0).ok();
    let near = |at: &DateTime| {
        let span = published.since((Unit::Minute, *at)).and_then(|s| s.round(SpanRound::new().largest(Unit::Minute)));
        span.is_ok_and(|span| (-60..=31 * 24 * 60).contains(&span.get_minutes()))
    };
    let years = [published.year(), published.year() - 1, published.year() + 1];
    let at = years.into_iter().filter_map(in_year).find(near)?;
    Some(format!("{} {:02}:{:02}:00", at.date(), at.hour(), at.minute()))
}

/// The wall time of `2026-08-22 9:48:12 +02:00`.
fn wall_of(published: &str) -> Option<DateTime> {
    let mut parts = published.split_whitespace();
    let day: jiff::civil::Date = parts.next()?.parse().ok()?;
    let seconds = super::datetime::parse_clock(parts.next()?).ok()?;
    day.at(0, 0, 0, 0).checked_add(i64::from(seconds).seconds()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_says_when_unless_it_cannot_be_true() {
        for (title, published, when) in [
            ("22 augusti 17.59, Brand, Kävlinge", "2026-08-22 19:51:41 +02:00", Some("2026-08-22 17:59:00")),
            ("03 april 12:16, Misshandel, grov, Nässjö", "2023-04-03 12:21:26 +02:00", Some("2023-04-03 12:16:00")),
            // Published after midnight of the new year, with one digit for the hour.
            ("31 december 23.50, Brand, Nässjö", "2026-01-01 0:20:00 +01:00", Some("2025-12-31 23:50:00")),
            // A night summary announced two minutes before its hour.
            (
                "22 augusti 08.00, Sammanfattning natt, Jönköpings län",
                "2025-08-22 7:58:00 +02:00",
                Some("2025-08-22 08:00:00"),
            ),
            // 20:06 cannot have been published at 8 that morning.
            ("17 januari 20.06, Sammanfattning natt, Jönköpings län", "2024-01-17 7:59:36 +01:00", None),
            ("29 februari 10.00, Brand, Nässjö", "2025-03-01 10:00:00 +01:00", None),
            ("Pressmeddelande", "2025-03-01 10:00:00 +01:00", None),
            ("1 maj, Brand, Nässjö", "2025-05-01 10:00:00 +02:00", None),
        ] {
            assert_eq!(time_of_title(title, published).as_deref(), when, "{title}");
        }
    }

    #[test]
    fn the_municipality_is_read_from_the_end_of_the_title() {
        assert_eq!(place_of("22 augusti 17.59, Brand, Nässjö", "Jönköpings län"), "Nässjö, Jönköpings län");
        assert_eq!(place_of("3 april 12:16, Misshandel, grov, Nässjö", "Nässjö"), "Nässjö");
        assert_eq!(place_of("Brand", "Nässjö"), "Nässjö");
        assert!(is_county("Jönköpings län") && is_county("") && !is_county("Nässjö") && !is_county("Älmhult"));
    }
}
