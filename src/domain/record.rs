//! Observations and activities: the two kinds of record that are counted.

use super::{Id, LonLat, When};

/// Where something is, as it was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A position.
    Point(LonLat),
    /// A walked or driven line (activities only), CRS84.
    Line(geo::MultiLineString<f64>),
    /// A ground that was covered (activities only), CRS84.
    Polygon(geo::MultiPolygon<f64>),
}

impl Shape {
    /// The point that decides which areas the record belongs to: the point itself, the middle of
    /// the line by length, or a point inside the polygon. `None` for a degenerate shape, and for one on which
    /// `geo` fails: it is asked where records are loaded and shown, which no shape may stop.
    pub fn representative_point(&self) -> Option<LonLat> {
        use geo::InteriorPoint;
        let point = std::panic::catch_unwind(|| match self {
            Self::Point(at) => Some(geo::Point(at.coord())),
            Self::Line(lines) => lines.interior_point(),
            Self::Polygon(polygons) => polygons.interior_point(),
        });
        let point = point.ok().flatten()?;
        LonLat::new(point.x(), point.y()).ok()
    }
}

/// Everything known about where a record belongs. All absent: *without position*.
///
/// With a shape, areas are found by geometry. Without one, a record belongs to exactly `area`,
/// counts in tables and never in surfaces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Location {
    /// Point, line or polygon.
    pub shape: Option<Shape>,
    /// How far the true position may be from the point, in metres.
    pub precision_m: Option<f64>,
    /// Entry of the place register the position came from.
    pub place: Option<Id>,
    /// The area, when that is all that is known.
    pub area: Option<Id>,
    /// Place or address as written in the source.
    pub place_text: Option<String>,
}

/// How it felt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feeling {
    /// Otryggt.
    Unsafe,
    /// Tryggt.
    Safe,
}

impl Feeling {
    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Unsafe, Self::Safe].into_iter().find(|f| f.code() == code)
    }
}

/// Who an observation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A person told it.
    Citizen,
    /// A point given in a survey.
    Survey,
    /// A safety inventory or walk.
    Inventory,
    /// Municipal staff.
    MunicipalReport,
    /// Reported to the police.
    PoliceReport,
    /// Found by the police themselves: follows where they look.
    PoliceInitiated,
    /// A public feed.
    Feed,
}

impl Source {
    /// All values in a fixed order.
    pub const ALL: [Self; 7] = [
        Self::Citizen,
        Self::Survey,
        Self::Inventory,
        Self::MunicipalReport,
        Self::PoliceReport,
        Self::PoliceInitiated,
        Self::Feed,
    ];

    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Survey => "survey",
            Self::Inventory => "inventory",
            Self::MunicipalReport => "municipal_report",
            Self::PoliceReport => "police_report",
            Self::PoliceInitiated => "police_initiated",
            Self::Feed => "feed",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// Something seen or felt at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Unique among observations.
    pub id: Id,
    /// Code in the category table.
    pub category: String,
    /// Unsafe, safe, or not said.
    pub feeling: Option<Feeling>,
    /// Instant or interval; an unknown time is an interval.
    pub when: When,
    /// Where; observations have points only.
    pub location: Location,
    /// Who it comes from, when said.
    pub source: Option<Source>,
    /// 1 (slight) to 5 (serious), when said.
    pub severity: Option<u8>,
    /// The inventory or walk (an activity) of which it is a point.
    pub inventory: Option<Id>,
    /// Where a picture of it is kept, such as a file name; internal, never a picture itself.
    pub photo: Option<String>,
    /// Free text; internal.
    pub text: Option<String>,
    /// Tells reports of one person from those of others: a keyed hash that whoever handed them in has made. Internal,
    /// never a name or a number of a person; 1 to [`Observation::REPORTER_KEY_CHARS`] characters on one line.
    pub reporter_key: Option<String>,
    /// Columns the importer was told to keep, as (name, value).
    pub kept: Vec<(String, String)>,
}

impl Observation {
    /// Longest reporter key, in characters.
    pub const REPORTER_KEY_CHARS: usize = 128;
}

/// A role with an organisation, never a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// Code in the role table.
    pub role: String,
    /// The organisation, when said.
    pub organisation: Option<String>,
}

impl Participant {
    /// Reads `police:Lokalpolisområde Höglandet; municipality`: entries by `;`, organisation after `:`.
    pub fn parse_list(text: &str) -> Vec<Self> {
        let entries = text.split(';').map(str::trim).filter(|entry| !entry.is_empty());
        entries
            .map(|entry| match entry.split_once(':') {
                Some((role, organisation)) => Self {
                    role: role.trim().to_string(),
                    organisation: Some(organisation.trim().to_string()).filter(|o| !o.is_empty()),
                },
                None => Self { role: entry.to_string(), organisation: None },
            })
            .collect()
    }

    /// The inverse of [`Participant::parse_list`].
    pub fn format_list(list: &[Self]) -> String {
        let entry = |p: &Self| match &p.organisation {
            Some(organisation) => format!("{}:{organisation}", p.role),
            None => p.role.clone(),
        };
        list.iter().map(entry).collect::<Vec<_>>().join("; ")
    }
}

/// Work that was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Unique among activities.
    pub id: Id,
    /// Code in the kind table.
    pub kind: String,
    /// From when to when.
    pub when: When,
    /// Where: point, line, polygon or an area.
    pub location: Location,
    /// Who took part.
    pub actors: Vec<Participant>,
    /// Foot, car, ..., as written.
    pub mode: Option<String>,
    /// Minutes of work, when counted.
    pub minutes: Option<f64>,
    /// What came out of it, in words.
    pub result: Option<String>,
    /// One decision with one purpose: units at once share it.
    pub operation_id: Option<String>,
    /// Whether the police state it as intelligence-led; absent when nobody says.
    pub intelligence_led: Option<bool>,
    /// Free text; internal.
    pub text: Option<String>,
    /// Columns the importer was told to keep, as (name, value).
    pub kept: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn participants_survive_writing_and_reading() {
        let text = "police:Polisen Höglandet; municipality; property_owner:Linden";
        let list = Participant::parse_list(text);
        assert_eq!(list.len(), 3);
        assert_eq!(list[1], Participant { role: "municipality".into(), organisation: None });
        assert_eq!(Participant::format_list(&list), text);
    }
}
