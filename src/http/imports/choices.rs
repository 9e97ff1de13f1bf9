//! How a file that was sent is to be read: what a person chose on the page, or a program said in the query.

use jiff::tz::TimeZone;

use crate::domain::{Collection, Id};
use crate::geodata::{Ambiguous, Field, Format, Profile, ReadOptions, XlsxLimits};

/// Collections that are read row by row from a file that was sent.
pub const TARGETS: [Collection; 10] = [
    Collection::Observations,
    Collection::Activities,
    Collection::Places,
    Collection::Surveys,
    Collection::ReportedCounts,
    Collection::Actions,
    Collection::Reports,
    Collection::Bookings,
    Collection::Comments,
    Collection::Priorities,
];

/// What a column is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnChoice {
    /// A field.
    Field(Field),
    /// Kept beside the fields.
    Keep,
    /// Not read.
    Drop,
}

/// A place text of the file that is to mean a place of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceChoice {
    /// As it stands in the file.
    pub text: String,
    /// What was written beside it.
    pub written: String,
    /// The place; none when what was written is no place.
    pub place: Option<Id>,
    /// Whether later imports shall know it too.
    pub remember: bool,
}

/// Everything chosen for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// What the rows are.
    pub into: Collection,
    /// A protocol with an action in the same row.
    pub is_safety_walk: bool,
    /// The answer of the police's events feed.
    pub is_polisen_events: bool,
    /// By number of the column; none while nobody has chosen and guesses hold.
    pub columns: Option<Vec<ColumnChoice>>,
    /// Columns said by heading, over every guess (programs).
    pub map: Vec<(Field, String)>,
    /// Headings of columns to keep (programs).
    pub keep: Vec<String>,
    /// Place texts that were mapped.
    pub places: Vec<PlaceChoice>,
    /// Replace what looks personal instead of refusing the row.
    pub redact: bool,
    /// EPSG code of the coordinates.
    pub crs: Option<u16>,
    /// Delimiter, when the one found is wrong.
    pub delimiter: Option<u8>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Layer of a GeoPackage.
    pub layer: Option<String>,
    /// What wall times mean that existed twice.
    pub ambiguous: Ambiguous,
}

impl Choices {
    /// Everything by guess.
    pub fn new(into: Collection) -> Self {
        Self {
            into,
            is_safety_walk: false,
            is_polisen_events: false,
            columns: None,
            map: Vec::new(),
            keep: Vec::new(),
            places: Vec::new(),
            redact: false,
            crs: None,
            delimiter: None,
            sheet: None,
            layer: None,
            ambiguous: Ambiguous::default(),
        }
    }

    /// The format that has to be said, because the content does not tell it.
    pub fn said_format(&self) -> Option<Format> {
        self.is_polisen_events.then_some(Format::PolisenEvents)
    }

    /// Fields that rows can have.
    pub fn has_field(&self, field: Field) -> bool {
        field.belongs_to(self.into) || (self.is_safety_walk && field.is_of_action())
    }

    /// Without the columns, as the reader takes them.
    pub(super) fn options(&self, zone: TimeZone, max_rows: u64) -> ReadOptions {
        let mut options = ReadOptions::new(self.into, zone);
        options.map.clone_from(&self.map);
        options.keep.clone_from(&self.keep);
        options.crs = self.crs;
        options.ambiguous = self.ambiguous;
        options.delimiter = self.delimiter;
        options.redact = self.redact;
        options.profile = self.is_safety_walk.then_some(Profile::SafetyWalk);
        options.sheet.clone_from(&self.sheet);
        options.layer.clone_from(&self.layer);
        options.xlsx = XlsxLimits { max_rows, ..XlsxLimits::UPLOAD };
        let mapped = self.places.iter().filter_map(|choice| Some((choice.text.clone(), choice.place.clone()?)));
        options.place_names = mapped.collect();
        options
    }

    /// What was chosen for each column, as the reader takes it: every field of the collection is said.
    pub(super) fn say_columns(&self, headings: &[String], options: &mut ReadOptions) {
        let Some(columns) = &self.columns else { return };
        let pairs = || columns.iter().zip(headings);
        options.map = Field::all()
            .filter(|field| self.has_field(*field))
            .map(|field| {
                let heading = pairs().find(|(choice, _)| **choice == ColumnChoice::Field(field)).map(|(_, h)| h);
                (field, heading.cloned().unwrap_or_default())
            })
            .collect();
        options.keep =
            pairs().filter(|(choice, _)| **choice == ColumnChoice::Keep).map(|(_, heading)| heading.clone()).collect();
    }
}
