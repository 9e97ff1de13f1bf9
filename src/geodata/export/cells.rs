//! The cells of a record in the columns of its collection.

use std::borrow::Cow;
use std::io;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::columns::{Column, Kind, columns};
use crate::domain::{
    Activity, Area, Collection, Id, Location, LonLat, Observation, Participant, Period, Place, Record, Shape, Survey,
    SurveyResult, TimeCertainty, When,
};

/// A value on its way out.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Number(f64),
    Text(Cow<'a, str>),
    Moment(Timestamp),
    Day(Date),
    /// Days after Monday.
    Weekday(usize),
}

impl<'a> Cell<'a> {
    fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    fn id(id: Option<&'a Id>) -> Self {
        Self::maybe(id.map(Id::as_str))
    }

    fn number(number: Option<impl Into<f64>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number.into()))
    }

    fn day(day: Option<Date>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }

    /// As CSV and GeoJSON write it; numbers with a decimal point.
    pub(super) fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::Empty => "".into(),
            Self::Number(number) => number.to_string().into(),
            Self::Text(text) => text,
            Self::Moment(moment) => moment.to_string().into(),
            Self::Day(day) => day.to_string().into(),
            Self::Weekday(day) => crate::domain::HourMask::WEEKDAYS.get(day).copied().unwrap_or_default().into(),
        }
    }
}

/// A record in the columns of its collection.
pub(super) struct Row<'a> {
    /// As many as [`columns`] has.
    pub(super) cells: Vec<Cell<'a>>,
    pub(super) shape: Option<Cow<'a, Shape>>,
    pub(super) kept: &'a [(String, String)],
}

/// Cells without those that come from the shape, the shape, the kept columns.
type Parts<'a> = (Vec<Cell<'a>>, Option<Cow<'a, Shape>>, &'a [(String, String)]);

/// A record in its columns. A record of another collection is an error.
pub(super) fn row<'a>(record: &'a Record, of: Collection, zone: &TimeZone) -> io::Result<Row<'a>> {
    if record.collection() != of {
        let text = format!("a record of {} in an export of {}", record.collection().code(), of.code());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let (values, shape, kept): Parts<'a> = match record {
        Record::Observation(o) => (observation(o, zone), o.location.shape.as_ref().map(Cow::Borrowed), &o.kept),
        Record::Activity(a) => (activity(a, zone), a.location.shape.as_ref().map(Cow::Borrowed), &a.kept),
        Record::Place(p) => (place(p), p.at.map(|at| Cow::Owned(Shape::Point(at))), &[]),
        Record::Area(a) => (area(a), Some(Cow::Owned(Shape::Polygon(a.outline.clone()))), &[]),
        Record::Survey(s) => (survey(s), None, &[]),
        Record::ReportedCount(c) => {
            let cells = vec![
                Cell::id(Some(&c.id)),
                Cell::text(&c.organisation),
                Cell::text(&c.kind),
                Cell::id(c.area.as_ref()),
                Cell::Day(c.period.start()),
                Cell::Day(c.period.last_day()),
                Cell::Number(f64::from(c.n)),
                Cell::text(&c.reported_by),
                Cell::Day(c.reported_on),
            ];
            (cells, None, &[])
        }
        Record::Action(a) => {
            let cells = vec![
                Cell::id(Some(&a.id)),
                Cell::id(a.about.as_ref()),
                Cell::text(&a.text),
                Cell::text(&a.owner_organisation),
                Cell::day(a.due),
                Cell::text(a.status.code()),
                Cell::maybe(a.why_not.as_deref()),
                Cell::day(a.recheck),
                Cell::id(a.area.as_ref()),
            ];
            (cells, None, &[])
        }
        Record::Report(r) => {
            let week = r.week.start().iso_week_date();
            let cells = vec![
                Cell::id(Some(&r.id)),
                Cell::text(&r.organisation),
                Cell::text(format!("{}-W{:02}", week.year(), week.week())),
                Cell::id(r.area.as_ref()),
                Cell::Number(f64::from(r.n)),
                Cell::Day(r.reported_on),
            ];
            (cells, None, &[])
        }
        Record::Promise(p) => {
            let [first, last] = days(&p.period);
            let texts = [Cell::id(Some(&p.id)), Cell::text(&p.text_sv), Cell::text(&p.text_en)];
            (texts.into_iter().chain([first, last, Cell::text(&p.json)]).collect(), None, &[])
        }
    };
    Ok(Row { cells: with_geometry(columns(of), values, shape.as_deref()), shape, kept })
}

/// Puts the cells that come from the shape where their columns are.
fn with_geometry<'a>(columns: &[Column], values: Vec<Cell<'a>>, shape: Option<&Shape>) -> Vec<Cell<'a>> {
    use wkt::ToWkt;
    let mut values = values.into_iter();
    let of_column = |column: &Column| match (column.kind, shape) {
        (Kind::Lon, Some(Shape::Point(at))) => Cell::Number(at.lon()),
        (Kind::Lat, Some(Shape::Point(at))) => Cell::Number(at.lat()),
        (Kind::Outline, Some(Shape::Line(lines))) => Cell::text(lines.wkt_string()),
        (Kind::Outline, Some(Shape::Polygon(polygons))) => Cell::text(polygons.wkt_string()),
        (Kind::Lon | Kind::Lat | Kind::Outline, _) => Cell::Empty,
        _ => values.next().unwrap_or(Cell::Empty),
    };
    columns.iter().map(of_column).collect()
}

fn observation<'a>(o: &'a Observation, zone: &TimeZone) -> Vec<Cell<'a>> {
    let mut cells = vec![Cell::id(Some(&o.id)), Cell::text(&o.category)];
    cells.extend(time_cells(o.when, zone));
    cells.extend(location_cells(&o.location));
    cells.extend([
        Cell::maybe(o.source.map(|s| s.code())),
        Cell::maybe(o.feeling.map(|f| f.code())),
        Cell::number(o.severity),
        Cell::maybe(o.text.as_deref()),
    ]);
    cells
}

fn activity<'a>(a: &'a Activity, zone: &TimeZone) -> Vec<Cell<'a>> {
    let mut actors = Participant::format_list(&a.actors);
    if !actors.is_empty() && !actors.contains([';', ':']) {
        // Says that this is a list of roles, not a Swedish sentence to be split at its commas.
        actors.push(';');
    }
    let mut cells = vec![Cell::id(Some(&a.id)), Cell::text(&a.kind)];
    cells.extend(time_cells(a.when, zone));
    cells.extend(location_cells(&a.location));
    cells.extend([
        if actors.is_empty() { Cell::Empty } else { Cell::text(actors) },
        Cell::number(a.minutes),
        Cell::maybe(a.mode.as_deref()),
        Cell::maybe(a.result.as_deref()),
        Cell::maybe(a.operation_id.as_deref()),
        Cell::maybe(a.text.as_deref()),
    ]);
    cells
}

fn place(place: &Place) -> Vec<Cell<'_>> {
    let aliases = Some(place.aliases.join("; ")).filter(|list| !list.is_empty());
    vec![
        Cell::id(Some(&place.id)),
        Cell::text(&place.name),
        aliases.map_or(Cell::Empty, Cell::text),
        Cell::number(place.precision_m),
        Cell::id(place.area.as_ref()),
        Cell::maybe(Some(place.source.as_str()).filter(|source| !source.is_empty())),
    ]
}

fn area(area: &Area) -> Vec<Cell<'_>> {
    vec![
        Cell::id(Some(&area.id)),
        Cell::text(&area.names.sv),
        Cell::text(&area.names.en),
        Cell::text(&area.set),
        Cell::text(area.area_type.code()),
        Cell::number(area.residents),
        Cell::day(area.valid_from),
        Cell::day(area.valid_to),
        Cell::text(&area.source),
        Cell::text(area.certainty.code()),
        Cell::text(&area.how_drawn),
        Cell::Number(area.area_km2()),
    ]
}

fn survey(survey: &Survey) -> Vec<Cell<'_>> {
    let [asked, answered, unsafe_count, share, margin] = match survey.result {
        SurveyResult::Counts { asked, answered, unsafe_count } => {
            [Some(asked), Some(answered), Some(unsafe_count), None, None].map(|n| n.map(f64::from))
        }
        SurveyResult::Share { unsafe_share, answered, margin, weighted: _ } => {
            [None, Some(f64::from(answered)), None, Some(unsafe_share), margin]
        }
    };
    let [first, last] = days(&survey.period);
    vec![
        Cell::id(Some(&survey.id)),
        Cell::text(&survey.wave),
        Cell::id(survey.area.as_ref()),
        Cell::text(&survey.question_sv),
        Cell::text(&survey.question_en),
        Cell::text(&survey.respondents),
        Cell::text(&survey.answer_scale),
        Cell::text(&survey.unsafe_answers),
        first,
        last,
        Cell::number(asked),
        Cell::number(answered),
        Cell::number(unsafe_count),
        Cell::number(share),
        Cell::number(margin),
        Cell::text(&survey.source),
    ]
}

/// First and last day, both of the period.
fn days(period: &Period) -> [Cell<'static>; 2] {
    [Cell::Day(period.start()), Cell::Day(period.last_day())]
}

fn time_cells(when: When, zone: &TimeZone) -> [Cell<'static>; 6] {
    let utc = |second| Timestamp::from_second(second).ok();
    let local = utc(when.start_s()).map(|moment| zone.to_datetime(moment));
    let end = if when.certainty() == TimeCertainty::Instant { None } else { utc(when.end_s()) };
    let moment = |moment: Option<Timestamp>| moment.map_or(Cell::Empty, Cell::Moment);
    [
        moment(utc(when.start_s())),
        moment(end),
        Cell::text(when.certainty().code()),
        Cell::day(local.map(|l| l.date())),
        Cell::number(local.map(|l| l.hour())),
        local.map_or(Cell::Empty, |l| {
            Cell::Weekday(usize::from(l.date().weekday().to_monday_zero_offset().unsigned_abs()))
        }),
    ]
}

fn location_cells(location: &Location) -> [Cell<'_>; 4] {
    [
        Cell::number(location.precision_m),
        Cell::id(location.place.as_ref()),
        Cell::maybe(location.place_text.as_deref()),
        Cell::id(location.area.as_ref()),
    ]
}

/// The shape as GIS programs want it: outer rings anticlockwise.
pub(super) fn geometry_of(shape: &Shape) -> geo::Geometry<f64> {
    use geo::orient::{Direction, Orient};
    match shape {
        Shape::Point(at) => geo::Geometry::Point(LonLat::coord(*at).into()),
        Shape::Line(lines) => geo::Geometry::MultiLineString(lines.clone()),
        Shape::Polygon(polygons) => geo::Geometry::MultiPolygon(polygons.orient(Direction::Default)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Action, ActionStatus, Report, ReportedCount, StoredPromise};

    fn id(text: &str) -> Id {
        Id::new(text).expect("id")
    }

    #[test]
    fn records_without_time_or_place_fill_exactly_their_columns() {
        let period = Period::parse("2026-05").expect("period");
        let day = Date::constant(2026, 6, 1);
        let records = [
            Record::Survey(Survey {
                dont_go_there: None,
                dont_know: None,
                id: id("s"),
                wave: "2026".into(),
                area: None,
                question_sv: "Känner du dig trygg?".into(),
                question_en: "Do you feel safe?".into(),
                respondents: "residents".into(),
                answer_scale: "1-5".into(),
                unsafe_answers: "1-2".into(),
                period: period.clone(),
                result: SurveyResult::Share { unsafe_share: 0.25, answered: 40, margin: None, weighted: None },
                source: "kommunen".into(),
            }),
            Record::ReportedCount(ReportedCount {
                id: id("c"),
                organisation: "Polisen".into(),
                kind: "targeted_operation".into(),
                area: Some(id("runneryd")),
                period: period.clone(),
                n: 4,
                reported_by: "Polisen".into(),
                intelligence_led: None,
                actors: Vec::new(),
                reported_on: day,
            }),
            Record::Action(Action {
                id: id("a"),
                about: None,
                text: "Byt lampan".into(),
                owner_organisation: "Kommunen".into(),
                due: Some(day),
                status: ActionStatus::NotDone,
                why_not: Some("=2+2".into()),
                recheck: None,
                area: None,
            }),
            Record::Report(Report {
                id: id("r"),
                organisation: "Kommunen".into(),
                week: Period::parse("2026-W09").expect("week"),
                area: None,
                n: 0,
                reported_on: day,
            }),
            Record::Promise(StoredPromise {
                id: id("p"),
                text_sv: "Löfte".into(),
                text_en: "Promise".into(),
                period,
                json: "{}".into(),
            }),
        ];
        for record in &records {
            let of = record.collection();
            let row = row(record, of, &TimeZone::UTC).expect("its own collection");
            assert_eq!(row.cells.len(), columns(of).len(), "{}", of.code());
            let cell = |name: &str| {
                let at = columns(of).iter().position(|c| c.name == name).expect("a column");
                row.cells[at].clone().into_text().into_owned()
            };
            match of {
                Collection::Surveys => {
                    assert_eq!([cell("answered"), cell("unsafe_share"), cell("source")], ["40", "0.25", "kommunen"])
                }
                Collection::ReportedCounts => assert_eq!(
                    [cell("period_start"), cell("period_end"), cell("n"), cell("reported_on")],
                    ["2026-05-01", "2026-05-31", "4", "2026-06-01"]
                ),
                Collection::Actions => {
                    assert_eq!([cell("status"), cell("why_not"), cell("area")], ["not_done", "=2+2", ""])
                }
                Collection::Reports => assert_eq!([cell("week"), cell("n")], ["2026-W09", "0"]),
                _ => assert_eq!([cell("period_end"), cell("document")], ["2026-05-31", "{}"]),
            }
        }
        assert!(row(&records[0], Collection::Reports, &TimeZone::UTC).is_err());
    }
}
