//! The filter words of design 6.2, the same everywhere.

use jiff::civil::Date;

use super::words::unknown;
use super::{BadWord, Word, Words};
use crate::domain::{BBox, Counted, Feeling, Filter, HourMask, Id, Period, Source, TimeRule, TimeWindow, Vocabulary};
use crate::spatial::Snapshot;

/// The parameters that choose records.
pub const FILTER_WORDS: &[Word] = &[
    Word { name: "of", meaning: "which records", accepted: "observations (default) or activities" },
    Word {
        name: "datetime",
        meaning: "time range, both ends included",
        accepted: "2025-01-01/2025-12-31, dates or instants, '..' leaves an end open",
    },
    Word { name: "from", meaning: "first local day", accepted: "a date such as 2025-01-01" },
    Word { name: "to", meaning: "last local day", accepted: "a date such as 2025-12-31" },
    Word {
        name: "period",
        meaning: "local days counted",
        accepted: "2025, 2025-H1, 2025-Q1, 2025-T1, 2025-03, 2025-W09, 2025-03-01/2025-03-31",
    },
    Word {
        name: "compare",
        meaning: "local days compared with",
        accepted: "as period, or 'previous' for the same length just before",
    },
    Word {
        name: "category",
        meaning: "categories of observations, comma list or repeated",
        accepted: "a code or label of the category table",
    },
    Word {
        name: "kind",
        meaning: "kinds of activities, comma list or repeated",
        accepted: "a code or label of the kind table",
    },
    Word {
        name: "source",
        meaning: "sources of observations",
        accepted: "citizen, survey, inventory, municipal_report, police_report, police_initiated, feed",
    },
    Word { name: "feeling", meaning: "how it felt", accepted: "unsafe, safe" },
    Word { name: "area", meaning: "records inside any of these areas", accepted: "area ids" },
    Word { name: "bbox", meaning: "records inside the box", accepted: "west,south,east,north in degrees" },
    Word {
        name: "hours",
        meaning: "local hours; past midnight they belong to the weekday on which they begin; an observation with an uncertain time counts when all of it lies inside",
        accepted: "22-04",
    },
    Word { name: "weekdays", meaning: "local weekdays", accepted: "mon, tue, wed, thu, fri, sat, sun" },
    Word { name: "time", meaning: "how records with an uncertain time count", accepted: "start (default) or aoristic" },
];

/// A filter with the periods it came with.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which records; its window covers `period` when there is one.
    pub filter: Filter,
    /// The days asked about, when whole days were asked about.
    pub period: Option<Period>,
    /// The days to compare with.
    pub compare: Option<Period>,
}

/// Reads the filter words against the tables of a snapshot. A period that is not over on `today` is
/// cut there, so that rates and comparisons are over days that have been.
pub fn read_filter(words: &Words, snapshot: &Snapshot, today: Date) -> Result<Asked, BadWord> {
    let of = words.choice("of", &["observations", "activities"], Counted::from_code)?.unwrap_or_default();
    let (window, period) = read_time(words, snapshot)?;
    let compare = read_compare(words, period.as_ref())?.map(|period| so_far(period, today));
    let period = period.map(|period| so_far(period, today));
    let window = period.as_ref().map_or(window, |period| period.window(snapshot.zone()));
    let vocabulary = snapshot.vocabulary();
    let categories = read_terms(words, "category", &vocabulary.categories, of == Counted::Observations)?;
    let kinds = read_terms(words, "kind", &vocabulary.kinds, of == Counted::Activities)?;
    if of == Counted::Activities {
        for name in ["source", "feeling"] {
            if let Some(value) = words.many(name).first() {
                return Err(BadWord::new(name, value, "does not apply to activities", "of=observations"));
            }
        }
    }
    let sources = words.choices("source", &Source::ALL.map(Source::code), Source::from_code)?;
    let feelings = words.choices("feeling", &["unsafe", "safe"], Feeling::from_code)?;
    let ids: Vec<&str> = snapshot.areas().areas().iter().map(|a| a.id.as_str()).collect();
    let areas =
        words.choices("area", &ids, |text| Id::new(text).ok().filter(|id| snapshot.areas().find(id).is_some()))?;
    let bbox = match words.one("bbox")? {
        Some(text) => Some(BBox::parse(text).map_err(|_| {
            BadWord::new(
                "bbox",
                text,
                "is not a box",
                "west,south,east,north in degrees, such as 14.68,57.64,14.72,57.67",
            )
        })?),
        None => None,
    };
    let time = words
        .choice("time", &["start", "aoristic"], |text| {
            [TimeRule::Start, TimeRule::Aoristic].into_iter().find(|t| t.code() == text)
        })?
        .unwrap_or_default();
    let filter =
        Filter { of, window, categories, kinds, sources, feelings, areas, bbox, hours: read_hours(words)?, time };
    Ok(Asked { filter, period, compare })
}

/// A period that is not over, up to today: days to come have no records yet, and rates divide by days.
fn so_far(period: Period, today: Date) -> Period {
    match Period::spanning(period.start(), today) {
        Some(elapsed) if elapsed.end() < period.end() => elapsed,
        _ => period,
    }
}

fn read_time(words: &Words, snapshot: &Snapshot) -> Result<(TimeWindow, Option<Period>), BadWord> {
    let given: Vec<&str> =
        ["datetime", "period", "from", "to"].into_iter().filter(|n| !words.many(n).is_empty()).collect();
    let bad = |name: &str, value: &str, error: &crate::domain::InvalidPeriod| {
        BadWord::new(name, value, &format!("is not a {}", error.what), error.accepted)
    };
    match given[..] {
        [] => Ok((TimeWindow::default(), None)),
        ["period"] => {
            let text = words.one("period")?.unwrap_or_default();
            let period = Period::parse(text).map_err(|e| bad("period", text, &e))?;
            Ok((period.window(snapshot.zone()), Some(period)))
        }
        ["datetime"] => {
            let text = words.one("datetime")?.unwrap_or_default();
            let window = TimeWindow::parse(text, snapshot.zone()).map_err(|e| bad("datetime", text, &e))?;
            Ok((window, Period::parse(text).ok().filter(|_| text.len() >= 10)))
        }
        ["from"] | ["to"] | ["from", "to"] => {
            let date = |name: &'static str| -> Result<Option<Date>, BadWord> {
                let read = |text: &str| {
                    text.parse().map_err(|_| BadWord::new(name, text, "is not a date", "a date such as 2025-01-31"))
                };
                words.one(name)?.map(read).transpose()
            };
            let (from, to) = (date("from")?, date("to")?);
            let text = |day: Option<Date>| day.map_or_else(|| "..".to_string(), |d| d.to_string());
            let range = format!("{}/{}", text(from), text(to));
            let window = TimeWindow::parse(&range, snapshot.zone())
                .map_err(|_| BadWord::new("to", &text(to), "is before from", "a date that is not earlier than from"))?;
            Ok((window, from.zip(to).and_then(|(from, to)| Period::spanning(from, to))))
        }
        _ => {
            let value = words.one(given[1])?.unwrap_or_default();
            Err(BadWord::new(
                given[1],
                value,
                &format!("is given together with {}", given[0]),
                "one of: datetime; period; from and to",
            ))
        }
    }
}

fn read_compare(words: &Words, period: Option<&Period>) -> Result<Option<Period>, BadWord> {
    let Some(text) = words.one("compare")? else { return Ok(None) };
    let Some(period) = period else {
        return Err(BadWord::new(
            "compare",
            text,
            "needs a period to compare",
            "compare together with period, or with from and to",
        ));
    };
    if text == "previous" {
        return Ok(Some(period.before()));
    }
    let compare = Period::parse(text)
        .map_err(|e| BadWord::new("compare", text, "is not a period", format!("previous, {}", e.accepted)))?;
    Ok(Some(compare))
}

fn read_terms(words: &Words, name: &str, terms: &[crate::domain::Term], applies: bool) -> Result<Vec<String>, BadWord> {
    let codes: Vec<&str> = terms.iter().map(|t| t.code.as_str()).collect();
    let list = words.choices(name, &codes, |text| Vocabulary::find(terms, text).map(|t| t.code.clone()))?;
    match list.first() {
        Some(first) if !applies => Err(BadWord::new(
            name,
            first,
            "does not apply to these records",
            "category for observations, kind for activities",
        )),
        _ => Ok(list),
    }
}

fn read_hours(words: &Words) -> Result<Option<HourMask>, BadWord> {
    let hours = match words.one("hours")? {
        Some(text) => Some(HourMask::parse_hours(text).ok_or_else(|| {
            BadWord::new("hours", text, "are not hours", "two hours such as 8-16 or 22-04, from 0 to 24")
        })?),
        None => None,
    };
    let number = |text: &str| HourMask::WEEKDAYS.iter().position(|day| *day == text).map(|day| day as u8);
    let weekdays: Vec<u8> = match words.many("weekdays").is_empty() {
        true => Vec::new(),
        false => words
            .many("weekdays")
            .into_iter()
            .map(|text| number(text).ok_or_else(|| unknown("weekdays", text, &HourMask::WEEKDAYS)))
            .collect::<Result<_, _>>()?,
    };
    let weekdays = (!weekdays.is_empty()).then_some(weekdays);
    Ok((hours.is_some() || weekdays.is_some()).then(|| HourMask::new(hours, weekdays.as_deref())))
}
