//! Weekly reports.

use serde_json::Value;

use super::reading::Reading;
use super::writing::{Parts, date, id, properties, week};
use crate::domain::{Record, Report};

pub(super) fn write(report: &Report) -> Parts {
    let members = properties([
        ("organisation", report.organisation.clone().into()),
        ("week", week(&report.week)),
        ("area", id(report.area.as_ref())),
        ("n", report.n.into()),
        ("reported_on", date(Some(report.reported_on))),
    ]);
    (Value::Null, members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let organisation = reading.text("organisation");
    let week = reading.week("week");
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
