//! Records as columns: what analysis reads, and nothing else.
//!
//! A record costs about 95 bytes here. Free text, actors and results stay in the data file.

use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::area_set::{AreaIndex, AreaSet, Membership, Memberships};
use crate::domain::{Feeling, HourMask, LonLat, Plane, Source, TimeCertainty, When};

/// What a record is before it has a place in the columns.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Unique in its collection.
    pub id: &'a str,
    /// Point, or representative point of a line or polygon.
    pub at: Option<LonLat>,
    /// Time.
    pub when: When,
    /// Number of the category or kind in the snapshot's table.
    pub term: u16,
    /// Source of an observation.
    pub source: Option<Source>,
    /// Feeling of an observation.
    pub feeling: Option<Feeling>,
    /// Precision of the position in metres.
    pub precision_m: Option<f64>,
    /// The area, for a record that has nothing finer.
    pub area: Option<AreaIndex>,
    /// Key of who reported an observation, when it has one.
    pub reporter: Option<&'a str>,
}

/// Records of one collection, one vector per property, all of the same length.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    id_bytes: Vec<u8>,
    id_ends: Vec<u32>,
    /// Longitude as given; NaN without position.
    pub lon: Vec<f64>,
    /// Latitude as given; NaN without position.
    pub lat: Vec<f64>,
    /// Easting in the plane, metres; NaN without position.
    pub x_m: Vec<f64>,
    /// Northing in the plane, metres; NaN without position.
    pub y_m: Vec<f64>,
    /// First second, since 1970 UTC.
    pub start_s: Vec<i64>,
    /// Length in seconds; 0 for an instant, at most 136 years.
    pub span_s: Vec<u32>,
    /// Local hour of the week of the start, 0 = Monday 00-01.
    pub hour_of_week: Vec<u8>,
    /// Number of the category or kind.
    pub term: Vec<u16>,
    traits: Vec<u8>,
    /// Precision in metres; NaN when not known.
    pub precision_m: Vec<f32>,
    area: Vec<AreaIndex>,
    /// Who reported it: 0 when nobody knows, else [`reporter_number`] of the key. Two people may share a number, with
    /// a chance of 1 in 4 thousand million for each pair: then there are fewer distinct reporters than there were, and
    /// a rule that asks for several hides more, never less.
    pub reporter: Vec<u32>,
    /// Number in the snapshot's [`Memberships`].
    pub membership: Vec<u32>,
}

const NO_AREA: AreaIndex = AreaIndex::MAX;

impl Columns {
    /// Empty columns with room for `rows` records.
    pub fn with_capacity(rows: usize) -> Self {
        Self {
            id_bytes: Vec::with_capacity(rows * 8),
            id_ends: Vec::with_capacity(rows),
            lon: Vec::with_capacity(rows),
            lat: Vec::with_capacity(rows),
            start_s: Vec::with_capacity(rows),
            span_s: Vec::with_capacity(rows),
            term: Vec::with_capacity(rows),
            traits: Vec::with_capacity(rows),
            precision_m: Vec::with_capacity(rows),
            area: Vec::with_capacity(rows),
            reporter: Vec::with_capacity(rows),
            ..Self::default()
        }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.id_ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.id_ends.is_empty()
    }

    /// Adds a record. A snapshot computes the other columns when all are in.
    pub fn push(&mut self, row: &Row<'_>) {
        self.id_bytes.extend_from_slice(row.id.as_bytes());
        self.id_ends.push(self.id_bytes.len() as u32); // 4 GiB of ids is more than 2^25 records of full length
        let (lon, lat) = row.at.map_or((f64::NAN, f64::NAN), |at| (at.lon(), at.lat()));
        self.lon.push(lon);
        self.lat.push(lat);
        self.start_s.push(row.when.start_s());
        self.span_s.push(u32::try_from(row.when.span_s()).unwrap_or(u32::MAX));
        self.term.push(row.term);
        let feeling = match row.feeling {
            None => 0,
            Some(Feeling::Unsafe) => 1,
            Some(Feeling::Safe) => 2,
        };
        let source = row.source.map_or(0, |s| s as u8 + 1);
        let certain = u8::from(row.when.certainty() == TimeCertainty::Instant);
        self.traits.push(feeling | source << 2 | certain << 7);
        self.precision_m.push(row.precision_m.map_or(f32::NAN, |p| p as f32));
        self.area.push(row.area.unwrap_or(NO_AREA));
        self.reporter.push(row.reporter.map_or(0, reporter_number));
    }

    /// Appends all records of `other`; neither may be located yet.
    pub fn append(&mut self, other: &Self) {
        let shift = self.id_bytes.len() as u32;
        self.id_bytes.extend_from_slice(&other.id_bytes);
        self.id_ends.extend(other.id_ends.iter().map(|end| end + shift));
        self.lon.extend_from_slice(&other.lon);
        self.lat.extend_from_slice(&other.lat);
        self.start_s.extend_from_slice(&other.start_s);
        self.span_s.extend_from_slice(&other.span_s);
        self.term.extend_from_slice(&other.term);
        self.traits.extend_from_slice(&other.traits);
        self.precision_m.extend_from_slice(&other.precision_m);
        self.area.extend_from_slice(&other.area);
        self.reporter.extend_from_slice(&other.reporter);
    }

    /// Computes plane coordinates, local hours and memberships: what a delta needs.
    pub(super) fn locate(&mut self, plane: &Plane, zone: &TimeZone, areas: &AreaSet, memberships: &mut Memberships) {
        self.project(plane, zone);
        self.join_areas(areas, memberships);
    }

    /// Computes plane coordinates and local hours, in parallel. A position the plane cannot hold
    /// keeps its degrees (areas are decided there) and gets no metres.
    pub(super) fn project(&mut self, plane: &Plane, zone: &TimeZone) {
        let plane_of = |row: usize| -> [f64; 2] {
            let at = LonLat::new(self.lon[row], self.lat[row]).ok();
            at.and_then(|at| plane.to_plane(at).ok()).unwrap_or([f64::NAN; 2])
        };
        let metres: Vec<[f64; 2]> = (0..self.len()).into_par_iter().map(plane_of).collect();
        self.x_m = metres.iter().map(|m| m[0]).collect();
        self.y_m = metres.iter().map(|m| m[1]).collect();
        self.hour_of_week = self.start_s.par_iter().map(|start| HourMask::hour_of_week(*start, zone)).collect();
    }

    /// Finds the areas of every record, in parallel. Fastest in spatial order: neighbours share the
    /// few areas that may hold them, and equal positions share the answer.
    pub(super) fn join_areas(&mut self, areas: &AreaSet, memberships: &mut Memberships) {
        const CHUNK: usize = 64 * RUN;
        let starts: Vec<usize> = (0..self.len()).step_by(CHUNK).collect();
        let joined: Vec<Joined> =
            starts.into_par_iter().map(|from| Joined::of(self, from..(from + CHUNK).min(self.len()), areas)).collect();
        self.membership = Vec::with_capacity(self.len());
        for chunk in joined {
            let numbers: Vec<u32> = chunk.memberships.list().iter().map(|m| memberships.number(m)).collect();
            self.membership.extend(chunk.membership.iter().map(|local| numbers[*local as usize]));
        }
    }

    /// The same records in another order. `order` holds each row number once.
    pub fn reordered(&self, order: &[u32]) -> Self {
        fn pick<T: Copy + Send + Sync>(column: &[T], order: &[u32]) -> Vec<T> {
            order.par_iter().map(|row| column[*row as usize]).collect()
        }
        let mut id_bytes = Vec::with_capacity(self.id_bytes.len());
        let mut id_ends = Vec::with_capacity(self.len());
        for row in order {
            id_bytes.extend_from_slice(self.id(*row as usize).as_bytes());
            id_ends.push(id_bytes.len() as u32);
        }
        Self {
            id_bytes,
            id_ends,
            lon: pick(&self.lon, order),
            lat: pick(&self.lat, order),
            x_m: pick(&self.x_m, order),
            y_m: pick(&self.y_m, order),
            start_s: pick(&self.start_s, order),
            span_s: pick(&self.span_s, order),
            hour_of_week: pick(&self.hour_of_week, order),
            term: pick(&self.term, order),
            traits: pick(&self.traits, order),
            precision_m: pick(&self.precision_m, order),
            area: pick(&self.area, order),
            reporter: pick(&self.reporter, order),
            // Empty until areas are joined.
            membership: if self.membership.is_empty() { Vec::new() } else { pick(&self.membership, order) },
        }
    }

    /// The id of a record.
    pub fn id(&self, row: usize) -> &str {
        let from = if row == 0 { 0 } else { self.id_ends[row - 1] as usize };
        // Ids are ASCII by construction; the fallback never happens and keeps this free of panics.
        std::str::from_utf8(&self.id_bytes[from..self.id_ends[row] as usize]).unwrap_or_default()
    }

    /// Whether a record has a position.
    pub fn has_position(&self, row: usize) -> bool {
        !self.lon[row].is_nan()
    }

    /// How it felt, when the record says so.
    pub fn feeling(&self, row: usize) -> Option<Feeling> {
        [None, Some(Feeling::Unsafe), Some(Feeling::Safe), None][usize::from(self.feeling_number(row))]
    }

    /// Feeling: 0 not said, 1 unsafe, 2 safe.
    pub(super) fn feeling_number(&self, row: usize) -> u8 {
        self.traits[row] & 0b11
    }

    /// Source: 0 not said, otherwise position in [`Source::ALL`] plus 1.
    pub(super) fn source_number(&self, row: usize) -> u8 {
        self.traits[row] >> 2 & 0b1_1111
    }

    /// Whether the time of a record is a moment.
    pub fn has_certain_time(&self, row: usize) -> bool {
        self.traits[row] >> 7 == 1
    }

    fn row(&self, row: usize) -> Row<'_> {
        let start = self.start_s[row];
        let when = if self.has_certain_time(row) {
            When::instant(start)
        } else {
            let end = start + i64::from(self.span_s[row]);
            When::interval(start, end, TimeCertainty::Interval).unwrap_or(When::instant(start))
        };
        let source = usize::from(self.source_number(row)).checked_sub(1).map(|i| Source::ALL[i]);
        Row {
            id: self.id(row),
            at: LonLat::new(self.lon[row], self.lat[row]).ok(),
            when,
            term: self.term[row],
            source,
            feeling: self.feeling(row),
            precision_m: Some(f64::from(self.precision_m[row])).filter(|p| !p.is_nan()),
            area: Some(self.area[row]).filter(|a| *a != NO_AREA),
            // The key is not here; who copies a row copies its number.
            reporter: None,
        }
    }

    /// Adds a record of other columns, with all that was computed for it.
    pub(super) fn push_located(&mut self, other: &Self, row: usize) {
        self.push(&other.row(row));
        self.reporter.pop();
        self.reporter.push(other.reporter[row]);
        self.x_m.push(other.x_m[row]);
        self.y_m.push(other.y_m[row]);
        self.hour_of_week.push(other.hour_of_week[row]);
        self.membership.push(other.membership[row]);
    }
}

/// The number that stands for the key of a reporter: 32 bits out of FNV-1a over its bytes, never 0. A key is a hash
/// already; nothing is protected here.
pub fn reporter_number(key: &str) -> u32 {
    let hash =
        key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    ((hash >> 32) as u32 ^ hash as u32).max(1)
}

/// Neighbouring rows that are asked about together.
const RUN: usize = 128;

struct Joined {
    memberships: Memberships,
    membership: Vec<u32>,
}

impl Joined {
    fn of(columns: &Columns, rows: std::ops::Range<usize>, areas: &AreaSet) -> Self {
        let mut joined = Self { memberships: Memberships::default(), membership: Vec::with_capacity(rows.len()) };
        let mut membership = Membership::default();
        for from in rows.clone().step_by(RUN) {
            let run = from..(from + RUN).min(rows.end);
            let near = areas.near(&columns.lon[run.clone()], &columns.lat[run.clone()]);
            let mut before = None;
            for row in run {
                let at = (columns.lon[row], columns.lat[row]);
                let number = match before {
                    Some((same, number)) if same == at => number,
                    _ => {
                        membership.inside.clear();
                        membership.border.clear();
                        if columns.has_position(row) {
                            areas.among(&near, at.0, at.1, &mut membership);
                        } else {
                            membership.inside.extend(Some(columns.area[row]).filter(|area| *area != NO_AREA));
                        }
                        joined.memberships.number(&membership)
                    }
                };
                before = Some((at, number));
                joined.membership.push(number);
            }
        }
        joined
    }
}
