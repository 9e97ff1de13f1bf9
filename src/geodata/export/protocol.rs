//! The points of an inventory or walk as a sheet: one row for each point with the action about it.
//!
//! The columns are those of observations, then those of an action, under the names that
//! `import --into observations --profile safety-walk` knows, so that a sheet that went out comes back as the same points
//! and actions. A row has room for one action: the one named after the point (`ID-a`, as import names it), or the only
//! one about it. Where there are several others the row has none, so that it does not come back as one more. All actions stand on a sheet of their own in the workbook, for `import --into actions`.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::cells::{Cell, row};
use super::columns::columns;
use super::csv_file::CsvStyle;
use crate::domain::{Action, Collection, Id, Observation, Record, Term};
use crate::spreadsheet::{self, Sheet, Workbook, armed};

/// Columns of the action beside a point: name in CSV, heading in the workbook.
const OF_ACTION: [(&str, &str); 6] = [
    ("measure", "Åtgärd"),
    ("owner_organisation", "Ansvarig organisation"),
    ("due", "Klart senast"),
    ("status", "Status"),
    ("why_not", "Varför inte gjort"),
    ("recheck", "Ses över den"),
];

/// What a sheet is made of.
#[derive(Clone, Debug)]
pub struct ProtocolSheet<'a> {
    /// The points, in the order of the rows.
    pub points: &'a [Observation],
    /// The actions about them and about the whole.
    pub actions: &'a [Action],
    /// Zone of the local date, hour and weekday.
    pub zone: &'a TimeZone,
    /// The categories, whose Swedish names stand beside the codes in a workbook.
    pub categories: &'a [Term],
    /// Whether free text, words for the place and where pictures are kept go out.
    pub with_text: bool,
    /// `synthetic` for generated data, told in every row; absent for real data.
    pub data_class: Option<&'a str>,
}

/// The action of an import beside a point: `None` when there is none, or several and none named after the point.
fn action_of<'a>(actions: &'a [Action], point: &Id) -> Option<&'a Action> {
    let own = format!("{point}-a");
    let mut about = actions.iter().filter(|action| action.about.as_ref() == Some(point));
    let only = about.clone().count() == 1;
    about.find(|action| only || action.id.as_str() == own)
}

impl ProtocolSheet<'_> {
    fn shown(&self, point: &Observation) -> Record {
        let mut point = point.clone();
        point.kept.clear();
        if !self.with_text {
            point.text = None;
            point.photo = None;
            point.location.place_text = None;
        }
        Record::Observation(point)
    }

    fn action_cells<'a>(action: Option<&'a Action>) -> [Cell<'a>; 6] {
        let Some(action) = action else { return std::array::from_fn(|_| Cell::Empty) };
        [
            Cell::text(&action.text),
            Cell::text(&action.owner_organisation),
            Cell::day(action.due),
            Cell::text(action.status.code()),
            Cell::maybe(action.why_not.as_deref()),
            Cell::day(action.recheck),
        ]
    }

    /// The sheet as CSV.
    pub fn csv(&self, style: CsvStyle) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        let delimiter = match style {
            CsvStyle::Rfc => b',',
            CsvStyle::ExcelSv => {
                out.write_all("\u{feff}".as_bytes())?;
                b';'
            }
        };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        let names = columns(Collection::Observations).iter().map(|column| column.name);
        let class = self.data_class.map(|_| "data_class");
        writer.write_record(names.chain(OF_ACTION.map(|(name, _)| name)).chain(class))?;
        for point in self.points {
            let record = self.shown(point);
            let cells = row(&record, Collection::Observations, self.zone)?.cells;
            for cell in cells.into_iter().chain(Self::action_cells(action_of(self.actions, &point.id))) {
                let text = match cell {
                    Cell::Number(number) if style == CsvStyle::ExcelSv => number.to_string().replace('.', ","),
                    Cell::Text(text) => armed(&text).into_owned(),
                    other => other.into_text().into_owned(),
                };
                writer.write_field(text)?;
            }
            if let Some(class) = self.data_class {
                writer.write_field(class)?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }

    /// The sheet as a workbook, with a sheet of all actions and a sheet `Om` of `about`.
    pub fn workbook(&self, about: &[(&str, String)]) -> io::Result<Vec<u8>> {
        let mut headings: Vec<(&str, u8)> = Vec::new();
        for column in columns(Collection::Observations) {
            headings.push((column.sv, if column.name == "text" { 48 } else { 16 }));
            if column.name == "category" {
                // Import does not know this heading, so that the code counts.
                headings.push(("Kategori i klartext", 20));
            }
        }
        headings.extend(OF_ACTION.map(|(_, heading)| (heading, 20)));
        headings.extend(self.data_class.map(|_| ("Dataklass", 11)));
        let mut sheet = Sheet::new("Punkter", &headings)?;
        for point in self.points {
            let record = self.shown(point);
            let cells = row(&record, Collection::Observations, self.zone)?.cells;
            let mut out = Vec::with_capacity(headings.len());
            for (column, cell) in columns(Collection::Observations).iter().zip(cells) {
                out.push(of_workbook(cell));
                if column.name == "category" {
                    let term = self.categories.iter().find(|term| term.code == point.category);
                    out.push(spreadsheet::Cell::text(term.map(|term| term.sv.clone())));
                }
            }
            out.extend(Self::action_cells(action_of(self.actions, &point.id)).map(of_workbook));
            out.extend(self.data_class.map(|class| spreadsheet::Cell::text(Some(class))));
            sheet.row(out)?;
        }
        let mut actions =
            Sheet::new("Åtgärder", &columns(Collection::Actions).iter().map(|c| (c.sv, 20)).collect::<Vec<_>>())?;
        for action in self.actions {
            let record = Record::Action(action.clone());
            let cells = row(&record, Collection::Actions, self.zone)?.cells.into_iter().map(of_workbook);
            actions.row(cells)?;
        }
        let mut workbook = Workbook::new();
        workbook.add(sheet)?;
        workbook.add(actions)?;
        workbook.add_about(about)?;
        Ok(workbook.into_bytes()?)
    }
}

/// A cell as workbooks have it.
fn of_workbook(cell: Cell<'_>) -> spreadsheet::Cell<'static> {
    const WEEKDAYS_SV: [&str; 7] = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"];
    match cell {
        Cell::Empty => spreadsheet::Cell::Empty,
        Cell::Number(number) => spreadsheet::Cell::Number(number),
        Cell::Day(day) => spreadsheet::Cell::Day(day),
        Cell::Weekday(day) => spreadsheet::Cell::text(WEEKDAYS_SV.get(day).copied()),
        other => spreadsheet::Cell::Text(other.into_text().into_owned().into()),
    }
}
