//! Rows of the data file as domain values.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use rusqlite::Row;

use super::StoreError;
use super::geometry::{to_geometry, to_shape};
use super::rows::ALIAS_SEPARATOR;
use super::time_text::from_text;
use crate::domain::{
    Action, ActionStatus, Activity, Area, AreaType, Booking, Certainty, Collection, Comment, Feeling, Id, Location,
    LonLat, Names, Observation, Participant, Period, Place, Priority, Record, Report, ReportedCount, Shape, Source,
    StoredPromise, Survey, SurveyResult, TimeCertainty, When,
};

/// A row of any collection.
pub(super) fn read(collection: Collection, row: &Row<'_>) -> Result<Record, StoreError> {
    match collection {
        Collection::Areas => read_area(row).map(Record::Area),
        Collection::Places => read_place(row).map(Record::Place),
        Collection::Activities => read_activity(row).map(Record::Activity),
        Collection::Observations => read_observation(row).map(Record::Observation),
        Collection::Surveys => read_survey(row).map(Record::Survey),
        Collection::ReportedCounts => read_reported_count(row).map(Record::ReportedCount),
        Collection::Actions => read_action(row).map(Record::Action),
        Collection::Reports => read_report(row).map(Record::Report),
        Collection::Promises => read_promise(row).map(Record::Promise),
        Collection::Bookings => read_booking(row).map(Record::Booking),
        Collection::Comments => read_comment(row).map(Record::Comment),
        Collection::Priorities => read_priority(row).map(Record::Priority),
    }
}

pub(super) fn read_area(row: &Row<'_>) -> Result<Area, StoreError> {
    let id: String = text(row, "id");
    let damaged = |what: &str| StoreError::Damaged { table: "areas", id: id.clone(), what: what.to_string() };
    let blob: Vec<u8> = row.get("geom").unwrap_or_default();
    let outline = match to_geometry(&blob) {
        Some(geo::Geometry::MultiPolygon(outline)) => outline,
        Some(geo::Geometry::Polygon(polygon)) => geo::MultiPolygon(vec![polygon]),
        _ => return Err(damaged("the outline cannot be read")),
    };
    let date = |name: &str| row.get::<_, Option<String>>(name).ok().flatten().and_then(|t| t.parse::<Date>().ok());
    Ok(Area {
        id: Id::new(&id).map_err(|e| damaged(&e.to_string()))?,
        names: Names { sv: text(row, "name_sv"), en: text(row, "name_en") },
        set: text(row, "area_set"),
        area_type: AreaType::from_code(&text(row, "area_type")).ok_or_else(|| damaged("unknown area type"))?,
        residents: row.get("residents").unwrap_or_default(),
        valid_from: date("valid_from"),
        valid_to: date("valid_to"),
        source: text(row, "source"),
        certainty: Certainty::from_code(&text(row, "certainty")).ok_or_else(|| damaged("unknown certainty"))?,
        how_drawn: text(row, "how_drawn"),
        outline,
    })
}

pub(super) fn read_place(row: &Row<'_>) -> Result<Place, StoreError> {
    let id: String = text(row, "id");
    let aliases: String = text(row, "aliases");
    Ok(Place {
        id: Id::new(&id).map_err(|e| StoreError::Damaged { table: "places", id: id.clone(), what: e.to_string() })?,
        name: text(row, "name"),
        aliases: aliases.split(ALIAS_SEPARATOR).filter(|a| !a.is_empty()).map(str::to_string).collect(),
        at: row.get::<_, Option<Vec<u8>>>("geom").ok().flatten().and_then(|blob| point(&blob)),
        precision_m: row.get("precision_m").unwrap_or_default(),
        area: optional_id(row, "area"),
        source: text(row, "source"),
    })
}

fn point(blob: &[u8]) -> Option<LonLat> {
    match to_shape(blob)? {
        Shape::Point(at) => Some(at),
        Shape::Line(_) | Shape::Polygon(_) => None,
    }
}

pub(super) fn read_observation(row: &Row<'_>) -> Result<Observation, StoreError> {
    let (id, when, location) = common(row, "observations")?;
    Ok(Observation {
        id,
        category: text(row, "category"),
        feeling: Feeling::from_code(&text(row, "feeling")),
        when,
        location,
        source: Source::from_code(&text(row, "source")),
        severity: row.get("severity").unwrap_or_default(),
        inventory: optional_id(row, "inventory"),
        photo: row.get("photo").unwrap_or_default(),
        reporter_key: row.get("reporter_key").unwrap_or_default(),
        text: row.get("text").unwrap_or_default(),
        kept: kept(row),
    })
}

pub(super) fn read_activity(row: &Row<'_>) -> Result<Activity, StoreError> {
    let (id, when, location) = common(row, "activities")?;
    Ok(Activity {
        id,
        kind: text(row, "kind"),
        when,
        location,
        actors: Participant::parse_list(&text(row, "actors")),
        mode: row.get("mode").unwrap_or_default(),
        minutes: row.get("minutes").unwrap_or_default(),
        result: row.get("result").unwrap_or_default(),
        operation_id: row.get("operation_id").unwrap_or_default(),
        intelligence_led: row.get("intelligence_led").unwrap_or_default(),
        text: row.get("text").unwrap_or_default(),
        kept: kept(row),
    })
}

fn common(row: &Row<'_>, table: &'static str) -> Result<(Id, When, Location), StoreError> {
    let columns = Columns::new(row, table);
    let location = Location {
        shape: row.get::<_, Option<Vec<u8>>>("geom").ok().flatten().and_then(|blob| to_shape(&blob)),
        precision_m: row.get("precision_m").unwrap_or_default(),
        place: optional_id(row, "place"),
        area: optional_id(row, "area"),
        place_text: row.get("place_text").unwrap_or_default(),
    };
    Ok((columns.id()?, columns.when()?, location))
}

fn text(row: &Row<'_>, column: &str) -> String {
    row.get::<_, Option<String>>(column).ok().flatten().unwrap_or_default()
}

fn optional_id(row: &Row<'_>, column: &str) -> Option<Id> {
    Id::new(&text(row, column)).ok()
}

pub(super) fn kept(row: &Row<'_>) -> Vec<(String, String)> {
    serde_json::from_str(&text(row, "kept")).unwrap_or_default()
}

/// Reads the columns of one row and names the row when one of them is damaged.
struct Columns<'a, 'r> {
    row: &'a Row<'r>,
    table: &'static str,
    id: String,
}

impl<'a, 'r> Columns<'a, 'r> {
    fn new(row: &'a Row<'r>, table: &'static str) -> Self {
        Self { row, table, id: text(row, "id") }
    }

    fn damaged(&self, what: &str) -> StoreError {
        StoreError::Damaged { table: self.table, id: self.id.clone(), what: what.to_string() }
    }

    fn id(&self) -> Result<Id, StoreError> {
        Id::new(&self.id).map_err(|e| self.damaged(&e.to_string()))
    }

    fn text(&self, column: &str) -> String {
        text(self.row, column)
    }

    fn date(&self, column: &str) -> Result<Date, StoreError> {
        self.text(column).parse().map_err(|_| self.damaged(&format!("{column} is not a date")))
    }

    fn optional_date(&self, column: &str) -> Option<Date> {
        self.text(column).parse().ok()
    }

    fn count(&self, column: &str) -> Result<u32, StoreError> {
        let n: Option<i64> = self.row.get(column).unwrap_or_default();
        n.and_then(|n| u32::try_from(n).ok()).ok_or_else(|| self.damaged(&format!("{column} is not a count")))
    }

    fn period(&self) -> Result<Period, StoreError> {
        let (start, end) = (self.date("period_start")?, self.date("period_end")?);
        Period::new(start, end).ok_or_else(|| self.damaged("its period ends before it starts"))
    }

    fn week(&self) -> Result<Period, StoreError> {
        let week = self.text("week");
        let period = week.split_once("-W").and_then(|(year, week)| {
            let monday = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?.date();
            Period::new(monday, monday.checked_add(7.days()).ok()?)
        });
        period.ok_or_else(|| self.damaged("week is not an ISO week"))
    }

    fn when(&self) -> Result<When, StoreError> {
        let start = from_text(&self.text("start_utc")).ok_or_else(|| self.damaged("start_utc cannot be read"))?;
        let end = self.row.get::<_, Option<String>>("end_utc").ok().flatten().map_or(Some(start), |t| from_text(&t));
        let end = end.ok_or_else(|| self.damaged("end_utc cannot be read"))?;
        let certainty = TimeCertainty::from_code(&self.text("time_certainty"))
            .ok_or_else(|| self.damaged("unknown time_certainty"))?;
        When::interval(start, end, certainty).ok_or_else(|| self.damaged("ends before it starts"))
    }

    /// An id of another record, which must be there.
    fn other(&self, column: &str) -> Result<Id, StoreError> {
        optional_id(self.row, column).ok_or_else(|| self.damaged(&format!("{column} is not an id")))
    }
}

fn read_survey(row: &Row<'_>) -> Result<Survey, StoreError> {
    let columns = Columns::new(row, "surveys");
    let result = match row.get::<_, Option<f64>>("unsafe_share").unwrap_or_default() {
        Some(unsafe_share) => SurveyResult::Share {
            weighted: row.get("weighted").unwrap_or_default(),
            unsafe_share,
            answered: columns.count("answered")?,
            margin: row.get("margin").unwrap_or_default(),
        },
        None => SurveyResult::Counts {
            asked: columns.count("asked")?,
            answered: columns.count("answered")?,
            unsafe_count: columns.count("unsafe")?,
        },
    };
    Ok(Survey {
        id: columns.id()?,
        wave: columns.text("wave"),
        area: optional_id(row, "area"),
        question_sv: columns.text("question_sv"),
        question_en: columns.text("question_en"),
        respondents: columns.text("respondents"),
        answer_scale: columns.text("answer_scale"),
        unsafe_answers: columns.text("unsafe_answers"),
        period: columns.period()?,
        result,
        dont_know: row.get("dont_know").unwrap_or_default(),
        dont_go_there: row.get("dont_go_there").unwrap_or_default(),
        source: columns.text("source"),
    })
}

pub(super) fn read_reported_count(row: &Row<'_>) -> Result<ReportedCount, StoreError> {
    let columns = Columns::new(row, "reported_counts");
    Ok(ReportedCount {
        id: columns.id()?,
        organisation: columns.text("organisation"),
        kind: columns.text("kind"),
        area: optional_id(row, "area"),
        period: columns.period()?,
        n: columns.count("n")?,
        intelligence_led: row.get("intelligence_led").unwrap_or_default(),
        actors: Participant::parse_list(&columns.text("actors")),
        reported_by: columns.text("reported_by"),
        reported_on: columns.date("reported_on")?,
    })
}

fn read_action(row: &Row<'_>) -> Result<Action, StoreError> {
    let columns = Columns::new(row, "actions");
    let status = ActionStatus::from_code(&columns.text("status")).ok_or_else(|| columns.damaged("unknown status"))?;
    Ok(Action {
        id: columns.id()?,
        about: optional_id(row, "about"),
        text: columns.text("text"),
        owner_organisation: columns.text("owner_organisation"),
        due: columns.optional_date("due"),
        status,
        why_not: row.get("why_not").unwrap_or_default(),
        recheck: columns.optional_date("recheck"),
        area: optional_id(row, "area"),
    })
}

fn read_report(row: &Row<'_>) -> Result<Report, StoreError> {
    let columns = Columns::new(row, "reports");
    Ok(Report {
        id: columns.id()?,
        organisation: columns.text("organisation"),
        week: columns.week()?,
        area: optional_id(row, "area"),
        n: columns.count("n")?,
        reported_on: columns.date("reported_on")?,
    })
}

fn read_promise(row: &Row<'_>) -> Result<StoredPromise, StoreError> {
    let columns = Columns::new(row, "promises");
    Ok(StoredPromise {
        id: columns.id()?,
        text_sv: columns.text("text_sv"),
        text_en: columns.text("text_en"),
        period: columns.period()?,
        json: columns.text("document"),
    })
}

fn read_booking(row: &Row<'_>) -> Result<Booking, StoreError> {
    let columns = Columns::new(row, "bookings");
    Ok(Booking {
        id: columns.id()?,
        kind: columns.text("kind"),
        when: columns.when()?,
        area: optional_id(row, "area"),
        actors: Participant::parse_list(&columns.text("actors")),
        title: row.get("title").unwrap_or_default(),
        booked_on: columns.date("booked_on")?,
        cancelled: row.get("cancelled").unwrap_or_default(),
        activity: optional_id(row, "activity"),
        invitation: row.get::<_, Option<bool>>("invitation").unwrap_or_default().unwrap_or(false),
    })
}

fn read_comment(row: &Row<'_>) -> Result<Comment, StoreError> {
    let columns = Columns::new(row, "comments");
    Ok(Comment {
        id: columns.id()?,
        promise: columns.other("promise")?,
        commitment: columns.other("commitment")?,
        party: columns.other("party")?,
        text: columns.text("text"),
        on: columns.date("said_on")?,
    })
}

fn read_priority(row: &Row<'_>) -> Result<Priority, StoreError> {
    let columns = Columns::new(row, "priorities");
    Ok(Priority {
        id: columns.id()?,
        week: columns.week()?,
        rank: columns.count("rank")?,
        area: optional_id(row, "area"),
        text: columns.text("text"),
        owner_organisation: row.get("owner_organisation").unwrap_or_default(),
        decided_on: columns.date("decided_on")?,
    })
}
