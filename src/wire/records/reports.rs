//! Weekly reports.

use jiff::civil::Weekday;
use serde_json::Value;

use super::reading::Reading;
use super::writing::{Parts, date, id, properties};
use crate::domain::{Period, Record, Report};

pub(super) fn write(report: &Report) -> Parts {
    let week = report.week.start().iso_week_date();
    let members = properties([
        ("organisation", report.organisation.clone().into()),
        ("week", format!("{}-W{:02}", week.year(), week.week()).into()),
        ("area", id(report.area.as_ref())),
        ("n", report.n.into()),
        ("reported_on", date(Some(report.reported_on))),
    ]);
    (Value::Null, members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let organisation = reading.text("organisation");
    let week = reading.text("week").and_then(|text| {
        let period = Period::parse(&text).ok();
        let week = period.filter(|p| p.days() == 7 && p.start().weekday() == Weekday::Monday);
        if week.is_none() {
            reading.report("week", "is not a week", "an ISO week such as 2025-W09");
        }
        week
    });
    let area = reading.area();
    let n = reading.whole("n");
    let reported_on = reading.date("reported_on");
    Some(Record::Report(Report {
        id: id?,
        organisation: organisation?,
        week: week?,
        area,
        n: n?,
        reported_on: reported_on?,
    }))
}
