//! The tidy table as CSV and as a workbook: one row per area, month and category.

use jiff::civil::Date;

use super::about::About;
use super::{BadWord, Words, areas};
use crate::analysis::area_density::{AreaDensityParams, Count};
use crate::analysis::tidy::{Spot, Tidy, TidyRow, tidy, tidy_len};
use crate::domain::{Counted, Term, TimeRule};
use crate::spatial::Snapshot;
use crate::spreadsheet::{Cell, MAX_ROWS, Sheet, Workbook, WorkbookError, armed};

/// Reads a request for the table: the words of density by area, without a comparison.
pub fn read(words: &Words, snapshot: &Snapshot, today: Date) -> Result<AreaDensityParams, BadWord> {
    if let Some(compare) = words.one("compare")? {
        let reason = "does not apply to the tidy table, which has every month in a row of its own";
        return Err(BadWord::new("compare", compare, reason, "no value"));
    }
    areas::read(words, snapshot, today)
}

/// The table as CSV; the numbers have a decimal point, or a comma beside `;`.
pub fn csv(snapshot: &Snapshot, params: &AreaDensityParams, delimiter: u8) -> Result<String, csv::Error> {
    let table = tidy(snapshot, params);
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let count = if params.filter.time == TimeRule::Aoristic { "expected_count" } else { "count" };
    let (code, name) = match params.filter.of {
        Counted::Observations => ("category", "category_name"),
        Counted::Activities => ("kind", "kind_name"),
    };
    writer.write_record([
        "area",
        "area_name",
        "set",
        "certainty",
        "area_km2",
        "month",
        "from",
        "to",
        "days",
        code,
        name,
        count,
        "data_class",
    ])?;
    let number = |value: f64| match delimiter {
        b';' => value.to_string().replace('.', ","),
        _ => value.to_string(),
    };
    for row in &table.rows {
        let place = place_of(snapshot, &table, row.spot);
        let term = term_of(snapshot, params, row);
        writer.write_record([
            place.id.as_str(),
            &armed(&place.name),
            &armed(&place.set),
            place.certainty,
            &place.area_km2.map_or_else(String::new, number),
            &row.days.start().strftime("%Y-%m").to_string(),
            &row.days.start().to_string(),
            &row.days.last_day().to_string(),
            &row.days.days().to_string(),
            &armed(&term.code),
            &armed(&term.sv),
            &number(row.count.value()),
            snapshot.facts().data_class.code(),
        ])?;
    }
    let bytes = writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The table as a workbook with Swedish headings and the sheet `Om`. More rows than a sheet has are
/// refused before anything is counted.
pub fn workbook(snapshot: &Snapshot, params: &AreaDensityParams) -> Result<Vec<u8>, WorkbookError> {
    const NAME: &str = "Månader";
    if tidy_len(snapshot, params) > MAX_ROWS as usize {
        return Err(WorkbookError::TooManyRows { sheet: NAME.to_string() });
    }
    let table = tidy(snapshot, params);
    let term = if params.filter.of == Counted::Observations { "Kategori" } else { "Aktivitetstyp" };
    let count = if params.filter.time == TimeRule::Aoristic { "Förväntat antal" } else { "Antal" };
    let in_words = format!("{term} i klartext");
    let headings: [(&str, u8); 13] = [
        ("Område-id", 16),
        ("Område", 28),
        ("Indelning", 12),
        ("Gränsens säkerhet", 14),
        ("Yta km²", 10),
        ("Månad", 10),
        ("Från och med", 12),
        ("Till och med", 12),
        ("Dagar", 8),
        (term, 18),
        (&in_words, 24),
        (count, 10),
        ("Dataklass", 11),
    ];
    let mut sheet = Sheet::new(NAME, &headings)?;
    for row in &table.rows {
        let place = place_of(snapshot, &table, row.spot);
        let term = term_of(snapshot, params, row);
        sheet.row([
            Cell::text(Some(place.id)),
            Cell::text(Some(place.name)),
            Cell::text(Some(place.set).filter(|set| !set.is_empty())),
            Cell::text(Some(place.certainty).filter(|text| !text.is_empty())),
            Cell::number(place.area_km2),
            Cell::text(Some(row.days.start().strftime("%Y-%m").to_string())),
            Cell::Day(row.days.start()),
            Cell::Day(row.days.last_day()),
            Cell::Number(row.days.days() as f64),
            Cell::text(Some(term.code)),
            Cell::text(Some(term.sv)),
            match row.count {
                Count::Whole { n, .. } => Cell::Number(n as f64),
                Count::Expected(value) => Cell::Number(value),
            },
            Cell::text(Some(snapshot.facts().data_class.code())),
        ])?;
    }
    let mut workbook = Workbook::new();
    workbook.add(sheet)?;
    let about = About {
        what: "En rad per område, månad och kategori. Månader utan poster har rader med 0.",
        snapshot,
        filter: &params.filter,
        set: &table.set,
        period: table.period.as_ref(),
        compare: None,
        total: table.total,
        records: table.records,
    };
    workbook.add_about(&about.lines())?;
    workbook.into_bytes()
}

/// What a row says about where.
struct PlaceOfRow {
    id: String,
    name: String,
    set: String,
    certainty: &'static str,
    area_km2: Option<f64>,
}

fn place_of(snapshot: &Snapshot, table: &Tidy, spot: Spot) -> PlaceOfRow {
    let end = |id: &str, name: &str| PlaceOfRow {
        id: id.to_string(),
        name: name.to_string(),
        set: String::new(),
        certainty: "",
        area_km2: None,
    };
    match spot {
        Spot::Area(index) => {
            let area = snapshot.areas().area(index);
            PlaceOfRow {
                id: area.id.to_string(),
                name: area.names.sv.clone(),
                set: table.set.clone(),
                certainty: area.certainty.code(),
                area_km2: Some(snapshot.areas().area_km2(index)),
            }
        }
        Spot::Rest => end("rest", "Resten av kommunen"),
        Spot::WithoutPosition => end("without_position", "Utan läge"),
    }
}

fn term_of(snapshot: &Snapshot, params: &AreaDensityParams, row: &TidyRow) -> Term {
    let terms = match params.filter.of {
        Counted::Observations => &snapshot.vocabulary().categories,
        Counted::Activities => &snapshot.vocabulary().kinds,
    };
    terms.get(usize::from(row.term)).cloned().unwrap_or_else(|| Term::bare(""))
}
