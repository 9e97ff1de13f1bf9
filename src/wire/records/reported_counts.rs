//! Work reported as a number.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

use super::actors;
use super::reading::Reading;
use super::writing::{Parts, date, id, period, properties};
use crate::domain::{Period, Record, ReportedCount};

pub(super) fn write(count: &ReportedCount) -> Parts {
    let mut members = properties([
        ("organisation", count.organisation.clone().into()),
        ("kind", count.kind.clone().into()),
        ("area", id(count.area.as_ref())),
        ("n", count.n.into()),
        ("intelligence_led", count.intelligence_led.into()),
        ("actors", actors::write(&count.actors)),
        ("reported_by", count.reported_by.clone().into()),
        ("reported_on", date(Some(count.reported_on))),
    ]);
    members.extend(period(&count.period).map(|(name, value)| (name.to_string(), value)));
    (Value::Null, members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let organisation = reading.text("organisation");
    let kind = reading.term("kind", &reading.context.vocabulary.kinds);
    let area = reading.area();
    let period = reading.period();
    if period.as_ref().is_some_and(|period| !is_month_or_quarter(period)) {
        reading.report("period_end", "is not the end of a whole month or quarter", "a calendar month or quarter");
    }
    let n = reading.whole("n");
    let intelligence_led = reading.whole("intelligence_led");
    if let (Some(n), Some(led)) = (n, intelligence_led)
        && led > n
    {
        reading.report("intelligence_led", "is more than n", format!("at most {n}"));
    }
    let actors = actors::read(reading);
    let reported_by = reading.text("reported_by");
    let reported_on = reading.date("reported_on");
    Some(Record::ReportedCount(ReportedCount {
        id: id?,
        organisation: organisation?,
        kind: kind?,
        area,
        period: period?,
        n: n?,
        intelligence_led,
        actors,
        reported_by: reported_by?,
        reported_on: reported_on?,
    }))
}

fn is_month_or_quarter(period: &Period) -> bool {
    let first: Date = period.start();
    let lasts = |months: i32| first.saturating_add(months.months()) == period.end();
    first.day() == 1 && (lasts(1) || (lasts(3) && (first.month() - 1) % 3 == 0))
}
