//! Domain values as rows of the data file, and back.

use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use super::StoreError;
use super::geometry::{outline_blob, to_blob, to_geometry, to_shape};
use super::time_text::{from_text, to_text};
use crate::domain::{
    Activity, Area, AreaType, Certainty, Feeling, Id, Location, LonLat, Names, Observation, Participant, Place, Report,
    Shape, Source, Survey, SurveyResult, TimeCertainty, When,
};

const ALIAS_SEPARATOR: &str = "; ";

pub(super) fn insert_area(connection: &Connection, area: &Area, revision: i64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO areas (geom, id, name_sv, name_en, area_set, area_type, residents, valid_from, valid_to, source, certainty,
        how_drawn, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    connection.prepare_cached(sql)?.execute(params![
        outline_blob(&area.outline),
        area.id.as_str(),
        area.names.sv,
        area.names.en,
        area.set,
        area.area_type.code(),
        area.residents,
        area.valid_from.map(|d| d.to_string()),
        area.valid_to.map(|d| d.to_string()),
        area.source,
        area.certainty.code(),
        area.how_drawn,
        revision
    ])?;
    Ok(())
}

pub(super) fn insert_place(connection: &Connection, place: &Place, revision: i64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO places (geom, id, name, aliases, precision_m, area, source, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(sql)?.execute(params![
        place.at.map(|at| to_blob(&Shape::Point(at))),
        place.id.as_str(),
        place.name,
        place.aliases.join(ALIAS_SEPARATOR),
        place.precision_m,
        place.area.as_ref().map(Id::as_str),
        place.source,
        revision
    ])?;
    Ok(())
}

pub(super) fn insert_observation(
    connection: &Connection,
    record: &Observation,
    import_id: Option<i64>,
    revision: i64,
) -> rusqlite::Result<()> {
    const SQL: &str = "INSERT INTO observations (geom, id, start_utc, end_utc, time_certainty, place, area, place_text, precision_m, text,
        kept, import_id, revision, category, feeling, source, severity)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    let (location, when) = (&record.location, record.when);
    connection.prepare_cached(SQL)?.execute(params![
        location.shape.as_ref().map(to_blob),
        record.id.as_str(),
        to_text(when.start_s()),
        end_text(when),
        when.certainty().code(),
        location.place.as_ref().map(Id::as_str),
        location.area.as_ref().map(Id::as_str),
        location.place_text,
        location.precision_m,
        record.text,
        kept_text(&record.kept),
        import_id,
        revision,
        record.category,
        record.feeling.map(Feeling::code),
        record.source.map(Source::code),
        record.severity,
    ])?;
    Ok(())
}

pub(super) fn insert_activity(
    connection: &Connection,
    record: &Activity,
    import_id: Option<i64>,
    revision: i64,
) -> rusqlite::Result<()> {
    const SQL: &str = "INSERT INTO activities (geom, id, start_utc, end_utc, time_certainty, place, area, place_text, precision_m, text,
        kept, import_id, revision, kind, actors, mode, minutes, result, operation_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
    let (location, when) = (&record.location, record.when);
    connection.prepare_cached(SQL)?.execute(params![
        location.shape.as_ref().map(to_blob),
        record.id.as_str(),
        to_text(when.start_s()),
        end_text(when),
        when.certainty().code(),
        location.place.as_ref().map(Id::as_str),
        location.area.as_ref().map(Id::as_str),
        location.place_text,
        location.precision_m,
        record.text,
        kept_text(&record.kept),
        import_id,
        revision,
        record.kind,
        Some(Participant::format_list(&record.actors)).filter(|text| !text.is_empty()),
        record.mode,
        record.minutes,
        record.result,
        record.operation_id,
    ])?;
    Ok(())
}

fn end_text(when: When) -> Option<String> {
    (when.span_s() > 0).then(|| to_text(when.end_s()))
}

fn kept_text(kept: &[(String, String)]) -> Option<String> {
    // A list of pairs keeps order and repeated headings.
    (!kept.is_empty()).then(|| serde_json::to_string(kept).unwrap_or_default())
}

pub(super) fn insert_report(connection: &Connection, report: &Report, revision: i64) -> rusqlite::Result<()> {
    let week = report.week.start().iso_week_date();
    let sql = "INSERT INTO reports (id, organisation, week, area, n, reported_on, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    connection.prepare_cached(sql)?.execute(params![
        report.id.as_str(),
        report.organisation,
        format!("{}-W{:02}", week.year(), week.week()),
        report.area.as_ref().map(Id::as_str),
        report.n,
        report.reported_on.to_string(),
        revision
    ])?;
    Ok(())
}

pub(super) fn insert_survey(connection: &Connection, survey: &Survey, revision: i64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO surveys (id, wave, area, question_sv, question_en, respondents, answer_scale, unsafe_answers, period_start,
        period_end, asked, answered, unsafe, unsafe_share, margin, source, revision)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    let (asked, answered, unsafe_count, share, margin) = match survey.result {
        SurveyResult::Counts { asked, answered, unsafe_count } => {
            (Some(asked), answered, Some(unsafe_count), None, None)
        }
        SurveyResult::Share { unsafe_share, answered, margin } => (None, answered, None, Some(unsafe_share), margin),
    };
    connection.prepare_cached(sql)?.execute(params![
        survey.id.as_str(),
        survey.wave,
        survey.area.as_ref().map(Id::as_str),
        survey.question_sv,
        survey.question_en,
        survey.respondents,
        survey.answer_scale,
        survey.unsafe_answers,
        survey.period.start().to_string(),
        survey.period.end().to_string(),
        asked,
        answered,
        unsafe_count,
        share,
        margin,
        survey.source,
        revision
    ])?;
    Ok(())
}

/// Moves the current row of an id to the history. `false` when there is none.
pub(super) fn end_row(
    connection: &Connection,
    table: &str,
    id: &str,
    revision: i64,
    reason: &str,
) -> rusqlite::Result<bool> {
    let columns: Vec<String> = {
        let mut names =
            connection.prepare_cached("SELECT name FROM pragma_table_info(?1) WHERE name NOT IN ('fid', 'geom')")?;
        let names = names.query_map([table], |row| row.get(0))?;
        names.collect::<rusqlite::Result<_>>()?
    };
    let pairs: Vec<String> = columns.iter().map(|name| format!("'{name}', {name}")).collect();
    let copy = format!(
        "INSERT INTO lagesbild_history SELECT '{table}', id, revision, ?2, ?3, json_object({}, 'geom', hex(geom)) FROM {table} WHERE id = ?1",
        pairs.join(", ")
    );
    let copied = connection.prepare_cached(&copy)?.execute(params![id, revision, reason])?;
    connection.prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1"))?.execute([id])?;
    Ok(copied > 0)
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
        text: row.get("text").unwrap_or_default(),
        kept: kept(row),
    })
}

fn common(row: &Row<'_>, table: &'static str) -> Result<(Id, When, Location), StoreError> {
    let id: String = text(row, "id");
    let damaged = |what: &str| StoreError::Damaged { table, id: id.clone(), what: what.to_string() };
    let start = from_text(&text(row, "start_utc")).ok_or_else(|| damaged("start_utc cannot be read"))?;
    let end = row.get::<_, Option<String>>("end_utc").ok().flatten().map_or(Some(start), |t| from_text(&t));
    let end = end.ok_or_else(|| damaged("end_utc cannot be read"))?;
    let certainty =
        TimeCertainty::from_code(&text(row, "time_certainty")).ok_or_else(|| damaged("unknown time_certainty"))?;
    let when = When::interval(start, end, certainty).ok_or_else(|| damaged("ends before it starts"))?;
    let location = Location {
        shape: row.get::<_, Option<Vec<u8>>>("geom").ok().flatten().and_then(|blob| to_shape(&blob)),
        precision_m: row.get("precision_m").unwrap_or_default(),
        place: optional_id(row, "place"),
        area: optional_id(row, "area"),
        place_text: row.get("place_text").unwrap_or_default(),
    };
    Ok((Id::new(&id).map_err(|e| damaged(&e.to_string()))?, when, location))
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
