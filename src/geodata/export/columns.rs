//! The columns of every collection.

use crate::domain::Collection;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Long text that import reads as one value; of no use when a cell of a workbook cuts it.
    Document,
    Number,
    Whole,
    /// A moment in UTC.
    Moment,
    Day,
    Weekday,
    /// Longitude of a point; other forms have it in the geometry.
    Lon,
    /// Latitude of a point.
    Lat,
    /// A line or polygon as well-known text.
    Outline,
}

/// A column: its name in files for programs, its Swedish heading in workbooks, what stands in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) sv: &'static str,
    pub(super) kind: Kind,
}

const fn column(name: &'static str, sv: &'static str, kind: Kind) -> Column {
    Column { name, sv, kind }
}

const ID: Column = column("id", "Id", Kind::Text);
const AREA: Column = column("area", "Område", Kind::Text);
const TEXT: Column = column("text", "Text", Kind::Text);
const PRECISION: Column = column("precision_m", "Noggrannhet m", Kind::Number);
const LON: Column = column("lon", "Longitud", Kind::Lon);
const LAT: Column = column("lat", "Latitud", Kind::Lat);
const GEOMETRY: Column = column("geometry", "Geometri", Kind::Outline);
const SOURCE: Column = column("source", "Källa", Kind::Text);
const KIND: Column = column("kind", "Aktivitetstyp", Kind::Text);
const ORGANISATION: Column = column("organisation", "Organisation", Kind::Text);
const FIRST_DAY: Column = column("period_start", "Från och med", Kind::Day);
const LAST_DAY: Column = column("period_end", "Till och med", Kind::Day);
const START: Column = column("start_utc", "Start (UTC)", Kind::Moment);
const END: Column = column("end_utc", "Slut (UTC)", Kind::Moment);
const TIME_CERTAINTY: Column = column("time_certainty", "Tidssäkerhet", Kind::Text);
const LOCAL_DATE: Column = column("local_date", "Lokalt datum", Kind::Day);
const LOCAL_HOUR: Column = column("local_hour", "Lokal timme", Kind::Whole);
const LOCAL_WEEKDAY: Column = column("local_weekday", "Veckodag", Kind::Weekday);
const PLACE_ID: Column = column("place_id", "Plats-id", Kind::Text);
const PLACE: Column = column("place", "Plats", Kind::Text);

const ACTORS: Column = column("actors", "Aktörer", Kind::Text);

const OBSERVATIONS: &[Column] = &[
    ID,
    column("category", "Kategori", Kind::Text),
    START,
    END,
    TIME_CERTAINTY,
    LOCAL_DATE,
    LOCAL_HOUR,
    LOCAL_WEEKDAY,
    LON,
    LAT,
    PRECISION,
    PLACE_ID,
    PLACE,
    AREA,
    SOURCE,
    column("feeling", "Känsla", Kind::Text),
    column("severity", "Allvarlighetsgrad", Kind::Whole),
    column("inventory", "Trygghetsinventering", Kind::Text),
    column("photo", "Foto", Kind::Text),
    TEXT,
];

const ACTIVITIES: &[Column] = &[
    ID,
    KIND,
    START,
    END,
    TIME_CERTAINTY,
    LOCAL_DATE,
    LOCAL_HOUR,
    LOCAL_WEEKDAY,
    LON,
    LAT,
    GEOMETRY,
    PRECISION,
    PLACE_ID,
    PLACE,
    AREA,
    ACTORS,
    column("minutes", "Minuter", Kind::Number),
    column("mode", "Färdsätt", Kind::Text),
    column("result", "Resultat", Kind::Text),
    column("operation_id", "Insats-id", Kind::Text),
    column("intelligence_led", "Underrättelsebaserad", Kind::Text),
    TEXT,
];

const PLACES: &[Column] = &[
    ID,
    column("name", "Namn", Kind::Text),
    column("aliases", "Alias", Kind::Text),
    LON,
    LAT,
    PRECISION,
    AREA,
    SOURCE,
];

const AREAS: &[Column] = &[
    ID,
    column("name_sv", "Namn", Kind::Text),
    column("name_en", "Namn på engelska", Kind::Text),
    column("set", "Områdesindelning", Kind::Text),
    column("area_type", "Områdestyp", Kind::Text),
    column("residents", "Invånare", Kind::Whole),
    column("valid_from", "Gäller från", Kind::Day),
    column("valid_to", "Gäller till", Kind::Day),
    SOURCE,
    column("certainty", "Gränsens säkerhet", Kind::Text),
    column("how_drawn", "Hur gränsen drogs", Kind::Text),
    column("area_km2", "Yta km²", Kind::Number),
    GEOMETRY,
];

const SURVEYS: &[Column] = &[
    ID,
    column("wave", "Omgång", Kind::Text),
    AREA,
    column("question_sv", "Fråga", Kind::Text),
    column("question_en", "Fråga på engelska", Kind::Text),
    column("respondents", "Svarande", Kind::Text),
    column("answer_scale", "Svarsalternativ", Kind::Text),
    column("unsafe_answers", "Svar som betyder otrygg", Kind::Text),
    FIRST_DAY,
    LAST_DAY,
    column("asked", "Tillfrågade", Kind::Whole),
    column("answered", "Antal svar", Kind::Whole),
    column("unsafe", "Otrygga", Kind::Whole),
    column("unsafe_share", "Andel otrygga", Kind::Number),
    column("margin", "Felmarginal", Kind::Number),
    column("weighted", "Viktad", Kind::Text),
    column("dont_know", "Vet ej", Kind::Whole),
    column("dont_go_there", "Går inte dit", Kind::Whole),
    SOURCE,
];

const REPORTED_COUNTS: &[Column] = &[
    ID,
    ORGANISATION,
    KIND,
    AREA,
    FIRST_DAY,
    LAST_DAY,
    column("n", "Antal", Kind::Whole),
    column("intelligence_led", "Varav underrättelsebaserade", Kind::Whole),
    ACTORS,
    column("reported_by", "Rapporterat av", Kind::Text),
    column("reported_on", "Rapporterat den", Kind::Day),
];

const ACTIONS: &[Column] = &[
    ID,
    column("about", "Gäller", Kind::Text),
    column("text", "Åtgärd", Kind::Text),
    column("owner_organisation", "Ansvarig organisation", Kind::Text),
    column("due", "Klart senast", Kind::Day),
    column("status", "Status", Kind::Text),
    column("why_not", "Varför inte gjort", Kind::Text),
    column("recheck", "Ses över den", Kind::Day),
    AREA,
];

const REPORTS: &[Column] = &[
    ID,
    ORGANISATION,
    column("week", "Vecka", Kind::Text),
    AREA,
    column("n", "Antal", Kind::Whole),
    column("reported_on", "Rapporterat den", Kind::Day),
];

const PROMISES: &[Column] = &[
    ID,
    column("text_sv", "Löfte", Kind::Text),
    column("text_en", "Löfte på engelska", Kind::Text),
    FIRST_DAY,
    LAST_DAY,
    column("document", "Dokument (JSON)", Kind::Document),
];

const BOOKINGS: &[Column] = &[
    ID,
    KIND,
    START,
    END,
    TIME_CERTAINTY,
    LOCAL_DATE,
    LOCAL_HOUR,
    LOCAL_WEEKDAY,
    AREA,
    ACTORS,
    column("title", "Rubrik", Kind::Text),
    column("booked_on", "Bokat den", Kind::Day),
    column("cancelled", "Inställt", Kind::Text),
    column("activity", "Blev", Kind::Text),
    column("invitation", "Offentlig inbjudan", Kind::Text),
];

const COMMENTS: &[Column] = &[
    ID,
    column("promise", "Löfte", Kind::Text),
    column("commitment", "Utlovad aktivitet", Kind::Text),
    column("party", "Part", Kind::Text),
    column("text", "Kommentar", Kind::Text),
    column("said_on", "Kommenterat den", Kind::Day),
];

const PRIORITIES: &[Column] = &[
    ID,
    column("week", "Vecka", Kind::Text),
    column("rank", "Ordning", Kind::Whole),
    AREA,
    column("text", "Prioritering", Kind::Text),
    column("owner_organisation", "Ansvarig organisation", Kind::Text),
    column("decided_on", "Beslutat den", Kind::Day),
];

/// The columns of a collection.
pub(super) fn columns(of: Collection) -> &'static [Column] {
    match of {
        Collection::Observations => OBSERVATIONS,
        Collection::Activities => ACTIVITIES,
        Collection::Places => PLACES,
        Collection::Areas => AREAS,
        Collection::Surveys => SURVEYS,
        Collection::ReportedCounts => REPORTED_COUNTS,
        Collection::Actions => ACTIONS,
        Collection::Reports => REPORTS,
        Collection::Promises => PROMISES,
        Collection::Bookings => BOOKINGS,
        Collection::Comments => COMMENTS,
        Collection::Priorities => PRIORITIES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodata::Into;
    use crate::geodata::fields::{FIELDS, Field};
    use crate::geodata::values::folded;

    /// The field that import reads a heading as.
    fn field(heading: &str, into: Into) -> Option<Field> {
        let bare = heading.split('(').next().unwrap_or(heading);
        [heading, bare].into_iter().find_map(|text| {
            let key = folded(text);
            let named = || FIELDS.iter().filter(|(field, ..)| field.belongs_to(into));
            let own = named().find(|(_, code, _)| folded(code) == key);
            own.or_else(|| named().find(|(.., synonyms)| synonyms.contains(&key.as_str()))).map(|f| f.0)
        })
    }

    #[test]
    fn swedish_headings_mean_the_same_to_import_as_the_english_names() {
        for (of, into) in [
            (Collection::Observations, Into::Observations),
            (Collection::Activities, Into::Activities),
            (Collection::Places, Into::Places),
            (Collection::Surveys, Into::Surveys),
            (Collection::ReportedCounts, Into::ReportedCounts),
            (Collection::Reports, Into::Reports),
            (Collection::Bookings, Into::Bookings),
            (Collection::Comments, Into::Comments),
            (Collection::Priorities, Into::Priorities),
        ] {
            for column in columns(of) {
                let (english, swedish) = (field(column.name, into), field(column.sv, into));
                assert_eq!(english, swedish, "{} and {}", column.name, column.sv);
                let is_derived = column.name.starts_with("local_");
                assert_eq!(english.is_none(), is_derived, "{}", column.name);
            }
        }
    }
}
