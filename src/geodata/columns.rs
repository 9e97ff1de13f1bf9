//! Headings to fields: Swedish and English names, in any order and case.
//!
//! Headings are compared folded (`values::folded`): "Känns tryggt?" is `kannstryggt`. A part in
//! brackets is left out when the whole does not match: "Datum (lokal tid)" is `datum`.

use super::Into;
use super::fields::{FIELDS, Field};
use super::followup_rows::OF_ACTION;
use super::values::{Fault, folded};
use crate::domain::Feeling;

/// Which column is read for which field.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    headings: Vec<String>,
    of_field: [Option<usize>; Field::COUNT],
    pub(crate) kept: Vec<usize>,
    /// What a plain yes means in the feeling column.
    pub(crate) yes_means: Option<Feeling>,
}

impl Columns {
    /// Finds the columns of a file.
    ///
    /// `map` wins over guesses; an empty column name in it leaves the field unread. `metres` says
    /// that `--crs` is a grid: then `x, y` win over `lon, lat`, otherwise the reverse, and the other
    /// pair is not read.
    pub(crate) fn find(
        headings: &[String],
        into: Into,
        map: &[(Field, String)],
        keep: &[String],
        metres: bool,
    ) -> Result<Self, Vec<(Option<String>, Fault)>> {
        let headings: Vec<String> = headings.iter().map(|h| h.trim().to_string()).collect();
        let mut columns = Self { headings, of_field: [None; Field::COUNT], kept: Vec::new(), yes_means: None };
        let mut problems = Vec::new();
        columns.guess(into, &mut problems);
        for (field, column) in map {
            if !field.belongs_to(into) {
                problems.push((
                    Some(field.code().to_string()),
                    Fault::new("this collection has no such field", accepted(into)),
                ));
            } else if column.is_empty() {
                columns.of_field[*field as usize] = None;
            } else {
                match columns.named(column) {
                    Ok(at) => columns.give(*field, at, map),
                    Err(fault) => problems.push((Some(column.clone()), fault)),
                }
            }
        }
        // A repeated heading is no problem when --map settled what is read.
        problems.retain(|(column, fault)| {
            let settled =
                |(_, mapped): &(Field, String)| column.as_deref().is_some_and(|c| folded(c) == folded(mapped));
            fault.reason != REPEATED || !map.iter().any(settled)
        });
        for column in keep {
            match columns.named(column) {
                Ok(at) => columns.kept.push(at),
                Err(fault) => problems.push((Some(column.clone()), fault)),
            }
        }
        columns.choose_position(metres, &mut problems);
        columns.choose_time(into, &mut problems);
        columns.yes_means = columns.column(Field::Feeling).and_then(|at| yes_means(&columns.headings[at]));
        if problems.is_empty() { Ok(columns) } else { Err(problems) }
    }

    /// Also reads the fields of an action, from columns that nothing else is read from.
    pub(crate) fn add_action(&mut self, map: &[(Field, String)], problems: &mut Vec<(Option<String>, Fault)>) {
        for at in 0..self.headings.len() {
            if self.is_read(at) {
                continue;
            }
            let found = candidates(&self.headings[at], Into::Actions).into_iter();
            let best = found.filter(|(field, _)| OF_ACTION.contains(field)).min_by_key(|(_, rank)| *rank);
            if let Some((field, _)) = best
                && self.column(field).is_none()
            {
                self.of_field[field as usize] = Some(at);
            }
        }
        for (field, column) in map.iter().filter(|(field, _)| OF_ACTION.contains(field)) {
            match self.named(column) {
                _ if column.is_empty() => self.of_field[*field as usize] = None,
                Ok(at) => self.give(*field, at, map),
                Err(fault) => problems.push((Some(column.clone()), fault)),
            }
        }
    }

    /// No columns at all, for a collection without features.
    pub(crate) fn none() -> Self {
        Self { headings: Vec::new(), of_field: [None; Field::COUNT], kept: Vec::new(), yes_means: None }
    }

    /// Index of the column a field is read from.
    pub(crate) fn column(&self, field: Field) -> Option<usize> {
        self.of_field[field as usize]
    }

    pub(crate) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Heading and field of every column that is read, in file order.
    pub(crate) fn guesses(&self) -> Vec<(String, Field)> {
        let fields_of = |at: usize| Field::all().filter(move |field| self.column(*field) == Some(at));
        let each = self.headings.iter().enumerate();
        each.flat_map(|(at, heading)| fields_of(at).map(move |field| (heading.clone(), field))).collect()
    }

    /// Headings that are neither read nor kept, in file order.
    pub(crate) fn dropped(&self) -> Vec<String> {
        self.headings.iter().enumerate().filter(|(at, _)| !self.is_read(*at)).map(|(_, h)| h.clone()).collect()
    }

    /// Whether a column is read or kept.
    pub(crate) fn is_read(&self, at: usize) -> bool {
        self.of_field.contains(&Some(at)) || self.kept.contains(&at)
    }

    fn guess(&mut self, into: Into, problems: &mut Vec<(Option<String>, Fault)>) {
        let mut ranks = [usize::MAX; Field::COUNT];
        let mut keys: Vec<String> = Vec::with_capacity(self.headings.len());
        for (at, heading) in self.headings.iter().enumerate() {
            let key = folded(heading);
            let candidates = candidates(heading, into);
            if !candidates.is_empty() && keys.contains(&key) {
                let fault = Fault::new(REPEATED, "rename one, or say with --map what is read");
                problems.push((Some(heading.clone()), fault));
            }
            for (field, rank) in candidates {
                if rank < ranks[field as usize] {
                    ranks[field as usize] = rank;
                    self.of_field[field as usize] = Some(at);
                }
            }
            keys.push(key);
        }
        self.settle_shared(&ranks);
    }

    /// A heading such as "typ" or "plats" fits several fields; each column keeps its best.
    fn settle_shared(&mut self, ranks: &[usize; Field::COUNT]) {
        for at in 0..self.headings.len() {
            let mut fields: Vec<Field> = Field::all().filter(|field| self.column(*field) == Some(at)).collect();
            fields.sort_by_key(|field| ranks[*field as usize]);
            for field in fields.iter().skip(1) {
                self.of_field[*field as usize] = None;
            }
        }
    }

    /// Index of a heading the user named: exactly, else folded. The nearest is named when absent.
    fn named(&self, column: &str) -> Result<usize, Fault> {
        let key = folded(column);
        let exact = self.headings.iter().position(|h| h == column.trim());
        exact.or_else(|| self.headings.iter().position(|h| folded(h) == key)).ok_or_else(|| {
            let nearest = self.headings.iter().min_by_key(|h| strsim::levenshtein(&folded(h), &key));
            Fault::new(
                "there is no such column",
                match nearest {
                    Some(nearest) => format!("did you mean '{nearest}'? The columns are {}", self.headings.join(", ")),
                    None => "the file has no columns".to_string(),
                },
            )
        })
    }

    /// Reads a column for a field; fields that only guessed the same column let go of it.
    fn give(&mut self, field: Field, at: usize, map: &[(Field, String)]) {
        for other in Field::all() {
            let said = map.iter().any(|(mapped, _)| *mapped == other);
            if self.column(other) == Some(at) && !said {
                self.of_field[other as usize] = None;
            }
        }
        self.of_field[field as usize] = Some(at);
    }

    fn choose_position(&mut self, metres: bool, problems: &mut Vec<(Option<String>, Fault)>) {
        for (one, other) in [(Field::Lon, Field::Lat), (Field::X, Field::Y)] {
            let (first, second) = (self.column(one), self.column(other));
            // A lone "n" or "e" may be anything; a lone longitude is a mistake.
            if first.is_some() == second.is_some() {
                continue;
            }
            if one == Field::Lon {
                let missing = if first.is_some() { other } else { one };
                let fault = Fault::new(
                    format!("no {} column beside it", missing.code()),
                    format!("--map {}=COLUMN names it", missing.code()),
                );
                problems.push((first.or(second).map(|at| self.headings[at].clone()), fault));
            } else {
                self.of_field[one as usize] = None;
                self.of_field[other as usize] = None;
            }
        }
        let has = |field| self.of_field[field as usize].is_some();
        if has(Field::Lon) && has(Field::X) {
            let unread = if metres { [Field::Lon, Field::Lat] } else { [Field::X, Field::Y] };
            unread.into_iter().for_each(|field| self.of_field[field as usize] = None);
        }
    }

    fn choose_time(&mut self, into: Into, problems: &mut Vec<(Option<String>, Fault)>) {
        if into.counted().is_none() && into != Into::Bookings {
            return;
        }
        if self.column(Field::Start).is_some() {
            self.of_field[Field::Datetime as usize] = None;
        }
        let any =
            [Field::Datetime, Field::Start, Field::Date, Field::Time].iter().any(|field| self.column(*field).is_some());
        if !any {
            let hint = format!(
                "a column datetime, start, date or time (datum, tid, tidpunkt) is needed; --map datetime=COLUMN names it. The columns are {}",
                self.headings.join(", ")
            );
            problems.push((None, Fault::new("no column says when", hint)));
        }
    }
}

const REPEATED: &str = "this heading occurs twice";

fn accepted(into: Into) -> String {
    let codes: Vec<&str> = Field::all().filter(|field| field.belongs_to(into)).map(Field::code).collect();
    format!("accepted: {}", codes.join(", "))
}

/// Whether a heading is a field of the collection.
pub(crate) fn is_known(heading: &str, into: Into) -> bool {
    !candidates(heading, into).is_empty()
}

/// The fields a heading may mean, with 0 for the field's own name and more for later synonyms.
fn candidates(heading: &str, into: Into) -> Vec<(Field, usize)> {
    let without_brackets = heading.split(['(', '[']).next().unwrap_or(heading);
    for (extra, key) in [(0, folded(heading)), (100, folded(without_brackets))] {
        let mut found: Vec<(Field, usize)> = Vec::new();
        for (field, code, synonyms) in FIELDS.iter().filter(|(field, ..)| field.belongs_to(into)) {
            let names = std::iter::once(folded(code)).chain(synonyms.iter().map(|s| (*s).to_string()));
            if let Some(rank) = names.into_iter().position(|name| name == key) {
                found.push((*field, rank + extra));
            }
        }
        // The register of places has no place column; its place_id is its id.
        if into == Into::Places && matches!(key.as_str(), "placeid" | "platsid") {
            found.push((Field::Id, 1 + extra));
        }
        if let Some(field) = grid_axis(&key) {
            found.push((field, 50 + extra));
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The axis of a heading that names a Swedish grid: `sweref99tm_e`, "SWEREF 99 15 00 N", "RT90 X".
/// In RT 90 X is the northing and Y the easting.
fn grid_axis(key: &str) -> Option<Field> {
    let rt90 = key.contains("rt90");
    if !rt90 && !key.contains("sweref") {
        return None;
    }
    let axis: String = key.replace("sweref", "").replace("99tm", "").replace("rt90", "").replace("25gonv", "");
    let axis = axis.trim_matches(|c: char| c.is_ascii_digit());
    match axis {
        "x" => Some(if rt90 { Field::Y } else { Field::X }),
        "y" => Some(if rt90 { Field::X } else { Field::Y }),
        "e" | "ost" | "east" | "easting" => Some(Field::X),
        "n" | "nord" | "norr" | "north" | "northing" => Some(Field::Y),
        _ => None,
    }
}

/// What "ja" says under a heading; `None` when the heading does not settle it.
fn yes_means(heading: &str) -> Option<Feeling> {
    let key = folded(heading);
    if key.contains("otrygghet") || (key.contains("trygghet") && !key.contains("otrygg")) {
        None
    } else if key.contains("otrygg") || key.contains("unsafe") {
        Some(Feeling::Unsafe)
    } else if key.contains("trygg") || key.contains("safe") {
        Some(Feeling::Safe)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(headings: &str, into: Into) -> Columns {
        let headings: Vec<String> = headings.split(',').map(str::to_string).collect();
        Columns::find(&headings, into, &[], &[], false).expect("found")
    }

    fn field_of(columns: &Columns, heading: &str) -> Option<Field> {
        columns.guesses().into_iter().find(|(h, _)| h == heading).map(|(_, field)| field)
    }

    #[test]
    fn fields_stand_in_their_table_in_the_order_of_the_type() {
        for (at, (field, code, _)) in FIELDS.iter().enumerate() {
            assert_eq!((*field as usize, Field::from_code(code)), (at, Some(*field)));
        }
    }

    #[test]
    fn swedish_headings_are_read_in_any_order_and_case() {
        let columns = find(
            "BESKRIVNING,Latitud,Kategori,Klockslag,Känns tryggt?,Longitud,Område,Datum (lokal tid),Handläggare,Löpnummer,Källa",
            Into::Observations,
        );
        for (heading, field) in [
            ("BESKRIVNING", Field::Text),
            ("Latitud", Field::Lat),
            ("Longitud", Field::Lon),
            ("Kategori", Field::Category),
            ("Klockslag", Field::Time),
            ("Datum (lokal tid)", Field::Date),
            ("Känns tryggt?", Field::Feeling),
            ("Område", Field::Area),
            ("Löpnummer", Field::Id),
            ("Källa", Field::Source),
        ] {
            assert_eq!(field_of(&columns, heading), Some(field), "{heading}");
        }
        assert_eq!(columns.dropped(), ["Handläggare"]);
        assert_eq!(columns.yes_means, Some(Feeling::Safe));
        assert_eq!(
            (yes_means("Otrygg"), yes_means("Trygghet"), yes_means("känsla")),
            (Some(Feeling::Unsafe), None, None)
        );
    }

    #[test]
    fn a_heading_means_what_the_collection_has() {
        assert_eq!(field_of(&find("typ,datum", Into::Observations), "typ"), Some(Field::Category));
        assert_eq!(field_of(&find("typ,datum", Into::Activities), "typ"), Some(Field::Kind));
        let places = find("place_id,name,lat,lon,sweref99tm_e,sweref99tm_n,certainty,source", Into::Places);
        assert_eq!(field_of(&places, "place_id"), Some(Field::Id));
        assert_eq!(places.dropped(), ["sweref99tm_e", "sweref99tm_n", "certainty"]);
    }

    #[test]
    fn grid_columns_are_read_with_the_axis_they_name() {
        for (headings, x, y) in [
            ("datum,N,E", "E", "N"),
            ("datum,Nord,Öst", "Öst", "Nord"),
            ("datum,sweref99tm_n,sweref99tm_e", "sweref99tm_e", "sweref99tm_n"),
            ("datum,SWEREF 99 15 00 N,SWEREF 99 15 00 E", "SWEREF 99 15 00 E", "SWEREF 99 15 00 N"),
            ("datum,RT90 X,RT90 Y", "RT90 Y", "RT90 X"),
            ("datum,x,y", "x", "y"),
        ] {
            let columns = find(headings, Into::Observations);
            assert_eq!((field_of(&columns, x), field_of(&columns, y)), (Some(Field::X), Some(Field::Y)), "{headings}");
        }
        // An n alone is a count or anything else, not a northing.
        assert_eq!(find("datum,n", Into::Observations).dropped(), ["n"]);
    }

    #[test]
    fn the_grid_flag_decides_between_two_pairs_of_coordinates() {
        let headings: Vec<String> = ["datum", "lon", "lat", "x", "y"].map(str::to_string).to_vec();
        let dropped = |metres| Columns::find(&headings, Into::Observations, &[], &[], metres).expect("found").dropped();
        assert_eq!(dropped(false), ["x", "y"]);
        assert_eq!(dropped(true), ["lon", "lat"]);
    }

    #[test]
    fn the_own_name_of_a_field_wins_over_synonyms_and_map_over_both() {
        assert_eq!(find("datum,typ,category", Into::Observations).dropped(), ["typ"]);
        let headings: Vec<String> = ["datum", "typ", "category"].map(str::to_string).to_vec();
        let map = [(Field::Category, "TYP".to_string())];
        let columns =
            Columns::find(&headings, Into::Observations, &map, &["Category".to_string()], false).expect("found");
        assert_eq!(
            (columns.column(Field::Category), columns.kept.as_slice(), columns.dropped().len()),
            (Some(1), &[2][..], 0)
        );
        let unread = Columns::find(&headings, Into::Observations, &[(Field::Category, String::new())], &[], false)
            .expect("found");
        assert_eq!(unread.column(Field::Category), None);
    }

    #[test]
    fn mistakes_in_the_columns_are_all_told() {
        let headings: Vec<String> = ["lon", "kategory", "id", "Id"].map(str::to_string).to_vec();
        let map = [(Field::Category, "kategori".to_string()), (Field::Minutes, "lon".to_string())];
        let problems =
            Columns::find(&headings, Into::Observations, &map, &["lin".to_string()], false).expect_err("mistakes");
        let all: Vec<String> = problems.iter().map(|(c, f)| format!("{c:?} {} {}", f.reason, f.hint)).collect();
        for part in [
            "did you mean 'kategory'",
            "no such field",
            "did you mean 'lon'",
            "no lat column",
            "occurs twice",
            "no column says when",
        ] {
            assert!(all.iter().any(|p| p.contains(part)), "{part} is not in {all:#?}");
        }
        assert_eq!((Field::nearest("kategry"), Field::nearest("severty")), (Field::Category, Field::Severity));
    }
}
