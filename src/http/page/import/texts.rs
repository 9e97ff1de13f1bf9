//! What the pages of imports say, in Swedish and English.

use crate::domain::Collection;
use crate::geodata::{Field, Problem, Spot, masked};
use crate::http::page::texts::{Lang, Text};
use crate::text::lang::texts;

texts! {
    TITLE: "Läs in en fil", "Import a file";
    LEAD: "Välj en fil. Inget sparas förrän du har sett vad som hittades och trycker på Läs in.",
        "Choose a file. Nothing is kept until you have seen what was found and press Import.";
    FILE: "Fil", "File";
    FILE_HINT: "Excel (.xlsx), CSV, GeoJSON, GeoPackage eller polisens händelser. Högst {mb} MB och {rows} rader.",
        "Excel (.xlsx), CSV, GeoJSON, GeoPackage or the police's events. At most {mb} MB and {rows} rows.";
    INTO: "Vad är raderna?", "What are the rows?";
    PERSONAL_HINT: "Ta helst bort namn, personnummer och telefonnummer ur filen först.",
        "Better take names, personal numbers and telephone numbers out of the file first.";
    LOOK: "Visa vad filen innehåller", "Show what the file holds";
    T_OBSERVATIONS: "Iakttagelser", "Observations";
    T_ACTIVITIES: "Genomfört arbete", "Work done";
    T_PLACES: "Platser till platsregistret", "Places for the register";
    T_SURVEYS: "Trygghetsmätning", "Survey";
    T_COUNTS: "Rapporterade antal", "Reported counts";
    T_ACTIONS: "Åtgärder", "Actions";
    T_REPORTS: "Veckorapporter", "Weekly reports";
    T_BOOKINGS: "Inbokat", "Bookings";
    T_COMMENTS: "Kommentarer", "Comments";
    T_PRIORITIES: "Prioriteringar", "Priorities";
    T_WALK: "Protokoll från trygghetsvandring", "Protocol of a safety walk";
    T_POLISEN: "Polisens händelser (polisen.se/api/events)", "The police's events (polisen.se/api/events)";
    NO_FILE: "Välj en fil först. Den du skickade var tom eller saknades.",
        "Choose a file first. What was sent was empty or missing.";
    CANNOT_READ: "Filen går inte att läsa", "The file cannot be read";
    EARLIER: "Tidigare inläsningar", "Earlier imports";
    NONE_YET: "Ingen fil har lästs in.", "No file has been imported.";
    H_NUMBER: "Nr", "No.";
    H_WHEN: "När", "When";
    H_FILE: "Fil", "File";
    H_INTO: "Vad", "What";
    H_ROWS: "Rader", "Rows";
    ROWS_OF: "{accepted} av {rows} lästes in", "{accepted} of {rows} imported";
    UNDO: "Ångra", "Undo";
    UNDONE: "Ångrad", "Undone";
    REJECTS: "Avvisade rader (CSV)", "Refused rows (CSV)";
    UNDO_TITLE: "Ångra inläsning {id}?", "Undo import {id}?";
    UNDO_TEXT: "{n} rader från {file} tas tillbaka. Det som ändrats efter inläsningen blir kvar, och historiken finns kvar.",
        "{n} rows from {file} are taken back. What was changed since stays, and so does the history.";
    UNDO_BUTTON: "Ja, ångra inläsningen", "Yes, undo the import";
    BACK: "Tillbaka", "Back";
    UNDONE_TITLE: "Inläsning {id} är ångrad", "Import {id} is undone";
    UNDONE_TEXT: "{withdrawn} togs tillbaka och {restored} fick tillbaka sin förra version.",
        "{withdrawn} were taken back and {restored} got their version before back.";
    UNDONE_CHANGED: "{n} hade ändrats efter inläsningen och lämnades som de är.",
        "{n} had been changed since and were left as they are.";
    PREVIEW: "Förhandsvisning: {file}", "Preview: {file}";
    NOTHING_KEPT: "Det här är bara en provläsning. Inget är sparat.", "This is only a trial. Nothing is kept.";
    CAN: "{accepted} av {rows} rader kan läsas in.", "{accepted} of {rows} rows can be imported.";
    REFUSED_N: "{n} rader avvisas.", "{n} rows are refused.";
    REFUSED_ONE: "1 rad avvisas.", "1 row is refused.";
    NONE_REFUSED: "Ingen rad avvisas.", "No row is refused.";
    BEFORE: "Samma innehåll lästes in {at} (inläsning {id}). Ångra den först om filen ska läsas in igen.",
        "The same content was imported {at} (import {id}). Undo it first if the file is to be imported again.";
    H_BROKEN: "Filen tar slut mitt i. Inget av den kan läsas in.", "The file breaks off. Nothing of it can be imported.";
    H_UNUSABLE: "Ingen rad kan läsas in. Se vad som är fel nedan, ändra valen eller rätta filen.",
        "No row can be imported. See below what is wrong, change the choices or mend the file.";
    H_GENERATED: "Påhittade och verkliga uppgifter får inte blandas i samma datafil.",
        "Generated records and records of this world must not be mixed in one data file.";
    CHANGED: "Valen är ändrade. Se efter att det blev rätt och tryck sedan på Läs in.",
        "The choices have changed. See that it came out right, then press Import.";
    FOUND: "Så lästes filen", "How the file was read";
    D_FORMAT: "Format", "Format";
    D_ENCODING: "Teckenkodning", "Encoding";
    D_DELIMITER: "Skiljetecken", "Delimiter";
    D_DECIMAL: "Decimaltecken", "Decimal sign";
    D_COMMA: "komma", "comma";
    D_POINT: "punkt", "point";
    D_PART: "Blad eller lager", "Sheet or layer";
    D_CRS: "Koordinatsystem", "Coordinate system";
    D_DEGREES: "longitud och latitud i grader", "longitude and latitude in degrees";
    D_TIME: "Så ser tiden ut", "How the time looks";
    D_ZONE: "Tidszon", "Time zone";
    D_SPAN: "Första och sista dagen", "First and last day";
    TAB: "tabb", "tab";
    NOTED: "Att lägga märke till", "Worth noting";
    N_AMBIGUOUS: "{n} har en tid som fanns två gånger när klockan ställdes tillbaka.",
        "{n} have a time that existed twice when the clock was set back.";
    N_DAYS: "{n} har bara datum. De gäller hela dagen.", "{n} have a date only. They are for the whole day.";
    N_NOWHERE: "{n} saknar läge. De räknas, men hamnar i inget område och på ingen karta.",
        "{n} are without position. They are counted, but in no area and on no map.";
    N_AREA: "{n} har bara område. De finns i tabeller men inte på kartor.",
        "{n} have only an area. They are in tables, not on maps.";
    N_ZERO: "{n} ligger på longitud 0, latitud 0. Betyder det okänt läge i källan?",
        "{n} are at longitude 0, latitude 0. Does that mean an unknown position in the source?";
    N_NEW: "Nya kategorier eller typer: {list}.", "New categories or kinds: {list}.";
    N_ROLES: "Nya roller: {list}.", "New roles: {list}.";
    N_AREAS: "Områden som inte finns: {list}.", "Areas that do not exist: {list}.";
    N_DROPPED: "Kolumner som inte läses: {list}.", "Columns that are not read: {list}.";
    N_DUPLICATES: "Id som står flera gånger: {list}.", "Ids that stand several times: {list}.";
    N_LOOKS: "Koordinaterna: {list}.", "The coordinates: {list}.";
    AND_MORE: "och {n} till", "and {n} more";
    FIRST_ROWS: "De första raderna", "The first rows";
    H_ROW: "Rad", "Row";
    H_READ_AS: "Läses som", "Read as";
    IS_REFUSED: "Avvisas", "Refused";
    SCROLL: "Tabell som kan rullas i sidled", "Table that scrolls sideways";
    MAP: "På kartan", "On the map";
    MAP_TEXT: "{n} av radernas lägen visas. {outside} ligger utanför områdenas karta.",
        "{n} positions of the rows are shown. {outside} lie outside the map of the areas.";
    MAP_LABEL: "Områden och radernas lägen", "Areas and the positions of the rows";
    REFUSED: "Rader som avvisas", "Rows that are refused";
    REFUSED_FIRST: "De första {n} visas. Alla finns i filen med avvisade rader.",
        "The first {n} are shown. All are in the file of refused rows.";
    REJECTS_NOTE: "Filen har raderna som de står i din fil, med orsak. Hantera den lika varsamt.",
        "The file has the rows as they stand in yours, with the reason. Treat it as carefully.";
    LINE: "Rad {n}", "Line {n}";
    FEATURE: "Objekt {n}", "Feature {n}";
    WHOLE_FILE: "Hela filen", "The whole file";
    CHOICES: "Ändra hur filen läses", "Change how the file is read";
    COLUMNS: "Kolumner", "Columns";
    COLUMNS_HINT: "Välj vad varje kolumn är. Samma val får bara användas en gång.",
        "Choose what each column is. Each choice may be used once only.";
    KEEP: "Behåll som den är", "Keep as it is";
    DROP: "Läs inte", "Do not read";
    NO_HEADING: "(utan rubrik)", "(without heading)";
    EXAMPLE: "Till exempel: {list}", "For example: {list}";
    TWICE: "{field} är vald för mer än en kolumn.", "{field} is chosen for more than one column.";
    PLACES: "Platser som inte finns i registret", "Places not in the register";
    PLACES_HINT: "Skriv vilken plats i registret som menas. Lämna tomt om ingen passar: raden läses in utan läge.",
        "Write which place of the register is meant. Leave empty if none fits: the row is imported without position.";
    PLACE_ROWS: "{n} rader", "{n} rows";
    PLACE_ROW: "1 rad", "1 row";
    REMEMBER: "Kom ihåg till nästa gång", "Remember for later imports";
    PLACE_UNKNOWN: "Finns inte i platsregistret. Välj i listan.", "Not in the place register. Choose from the list.";
    PERSONAL: "Det som ser ut som personuppgifter", "What looks like personal data";
    PERSONAL_FOUND: "Rader med något som ser ut som ett personnummer, telefonnummer, en e-postadress eller ett registreringsnummer: {n}. Det visas som [...] här.",
        "Rows with something that looks like a personal number, telephone number, e-mail address or number plate: {n}. It is shown as [...] here.";
    PERSONAL_NONE: "Inget hittades. Namn kan programmet inte känna igen.", "Nothing was found. Names are not recognised.";
    REFUSE: "Avvisa raderna", "Refuse the rows";
    REDACT: "Läs in raderna med [...] i stället", "Import the rows with [...] instead";
    CRS: "Koordinatsystem (EPSG-nummer)", "Coordinate system (EPSG number)";
    CRS_HINT: "Tomt betyder grader. SWEREF 99 TM är 3006, SWEREF 99 13 30 är 3008.",
        "Empty means degrees. SWEREF 99 TM is 3006, SWEREF 99 13 30 is 3008.";
    SHEET: "Blad i arbetsboken", "Sheet of the workbook";
    LAYER: "Lager", "Layer";
    DELIMITER: "Skiljetecken", "Delimiter";
    BY_ITSELF: "Det som hittades", "The one found";
    SEMICOLON: "Semikolon", "Semicolon";
    COMMA: "Komma", "Comma";
    BAR: "Lodstreck", "Bar";
    AMBIGUOUS: "Tid som fanns två gånger (klockan ställs tillbaka)", "Time that existed twice (clock set back)";
    A_INTERVAL: "Någon av dem", "Either of them";
    A_REJECT: "Avvisa raden", "Refuse the row";
    A_EARLIER: "Den första, sommartid", "The first, summer time";
    A_LATER: "Den andra, vintertid", "The second, winter time";
    AGAIN: "Visa igen med ändringarna", "Show again with the changes";
    IMPORT: "Läs in {n} rader", "Import {n} rows";
    IMPORT_ONE: "Läs in 1 rad", "Import 1 row";
    CANCEL: "Avbryt och ta bort filen", "Cancel and remove the file";
    IMPORTING: "Filen läses in", "The file is being imported";
    IMPORTING_TEXT: "Det kan ta en stund. Sidan laddas om av sig själv.", "It may take a while. The page reloads by itself.";
    RELOAD: "Ladda om sidan", "Reload the page";
    DONE: "Filen är inläst", "The file is imported";
    DONE_LEAD: "{accepted} av {rows} rader lästes in. {rejected} avvisades.",
        "{accepted} of {rows} rows were imported. {rejected} were refused.";
    DONE_NUMBER: "Inläsning", "Import";
    DONE_REVISION: "Revision", "Revision";
    REMEMBERED: "Platsregistret känner nu också till: {list}.", "The place register now also knows: {list}.";
    NOT_REMEMBERED: "Kunde inte sparas som platsnamn: {list}.", "Could not be kept as place names: {list}.";
    SEE: "Se posterna", "See the records";
    ONE_MORE: "Läs in en fil till", "Import another file";
    DETAILS: "Så står det i filen", "As it stands in the file";
}

/// What a collection is called on these pages.
pub(super) fn target(collection: Collection) -> Text {
    match collection {
        Collection::Activities => T_ACTIVITIES,
        Collection::Places => T_PLACES,
        Collection::Surveys => T_SURVEYS,
        Collection::ReportedCounts => T_COUNTS,
        Collection::Actions => T_ACTIONS,
        Collection::Reports => T_REPORTS,
        Collection::Bookings => T_BOOKINGS,
        Collection::Comments => T_COMMENTS,
        Collection::Priorities => T_PRIORITIES,
        _ => T_OBSERVATIONS,
    }
}

/// What a field is called; only a list of alike items.
pub(super) fn field(field: Field, lang: Lang) -> &'static str {
    use Field as F;
    let (sv, en) = match field {
        F::Id => ("Id eller löpnummer", "Id or number"),
        F::Category => ("Kategori", "Category"),
        F::Kind => ("Typ", "Kind"),
        F::Datetime => ("Datum och tid", "Date and time"),
        F::Start => ("Början", "Start"),
        F::End => ("Slut", "End"),
        F::TimeCertainty => ("Hur säker tiden är", "Certainty of the time"),
        F::Date => ("Datum", "Date"),
        F::Time => ("Klockslag", "Time of day"),
        F::Lon => ("Longitud", "Longitude"),
        F::Lat => ("Latitud", "Latitude"),
        F::X => ("x (öst)", "x (easting)"),
        F::Y => ("y (norr)", "y (northing)"),
        F::Geometry => ("Geometri (WKT)", "Geometry (WKT)"),
        F::Place => ("Plats", "Place"),
        F::PlaceId => ("Platsens id", "Id of the place"),
        F::Address => ("Adress", "Address"),
        F::Area => ("Område", "Area"),
        F::PrecisionM => ("Osäkerhet i meter", "Precision in metres"),
        F::Source => ("Källa", "Source"),
        F::Feeling => ("Trygg eller otrygg", "Safe or unsafe"),
        F::Severity => ("Allvar 1–5", "Severity 1–5"),
        F::Text => ("Beskrivning", "Description"),
        F::Actors => ("Medverkande", "Participants"),
        F::Minutes => ("Minuter", "Minutes"),
        F::Mode => ("Färdsätt", "Mode"),
        F::Result => ("Resultat", "Result"),
        F::OperationId => ("Insatsens id", "Id of the operation"),
        F::Name => ("Namn", "Name"),
        F::Aliases => ("Andra namn", "Other names"),
        F::Organisation => ("Organisation", "Organisation"),
        F::Period => ("Period", "Period"),
        F::N => ("Antal", "Number"),
        F::ReportedBy => ("Rapporterat av", "Reported by"),
        F::ReportedOn => ("Rapporterat den", "Reported on"),
        F::About => ("Avser", "About"),
        F::Measure => ("Åtgärd", "Action"),
        F::Owner => ("Ansvarig organisation", "Responsible organisation"),
        F::Due => ("Klart senast", "Due"),
        F::Status => ("Status", "Status"),
        F::WhyNot => ("Varför inte gjort", "Why not done"),
        F::Recheck => ("Följs upp", "To be checked"),
        F::Wave => ("Mätning", "Survey wave"),
        F::QuestionSv => ("Fråga på svenska", "Question in Swedish"),
        F::QuestionEn => ("Fråga på engelska", "Question in English"),
        F::Respondents => ("Svarande", "Respondents"),
        F::AnswerScale => ("Svarsalternativ", "Answers"),
        F::UnsafeAnswers => ("Svar som betyder otrygg", "Answers that mean unsafe"),
        F::Asked => ("Tillfrågade", "Asked"),
        F::Answered => ("Antal svar", "Answered"),
        F::UnsafeCount => ("Antal otrygga", "Number unsafe"),
        F::UnsafeShare => ("Andel otrygga", "Share unsafe"),
        F::Margin => ("Felmarginal", "Margin"),
        F::Weighted => ("Viktad", "Weighted"),
        F::DontKnow => ("Vet ej", "Do not know"),
        F::DontGoThere => ("Går inte dit", "Do not go there"),
        F::PeriodStart => ("Periodens första dag", "First day of the period"),
        F::PeriodEnd => ("Periodens sista dag", "Last day of the period"),
        F::Inventory => ("Trygghetsinventering (id)", "Inventory (id)"),
        F::Photo => ("Foto", "Photo"),
        F::IntelligenceLed => ("Underrättelsebaserad", "Intelligence-led"),
        F::Title => ("Rubrik", "Title"),
        F::BookedOn => ("Bokat den", "Booked on"),
        F::Cancelled => ("Inställt", "Called off"),
        F::Activity => ("Blev (aktivitetens id)", "Became (id of the activity)"),
        F::Promise => ("Löfte (id)", "Promise (id)"),
        F::Commitment => ("Utlovad aktivitet (id)", "Commitment (id)"),
        F::Party => ("Part (id)", "Party (id)"),
        F::SaidOn => ("Kommenterat den", "Said on"),
        F::Rank => ("Ordning", "Rank"),
        F::DecidedOn => ("Beslutat den", "Decided on"),
        F::ReporterKey => ("Anmälarnyckel", "Reporter key"),
        F::Invitation => ("Offentlig inbjudan", "Public invitation"),
    };
    lang.pick(sv, en)
}

/// The kind of file and its part, which readers name in English.
pub(super) fn of_reader(text: &str, lang: Lang) -> String {
    const WORDS: [(&str, &str); 6] = [
        ("Excel workbook", "Excel-arbetsbok"),
        ("JSON of the police's events feed", "Polisens händelser (JSON)"),
        ("headings in rows", "rubriker på rad"),
        ("headings in row", "rubriker på rad"),
        ("sheet", "blad"),
        ("layer", "lager"),
    ];
    let swedish = |text: String, (en, sv): &(&str, &str)| text.replacen(en, sv, 1);
    lang.pick(WORDS.iter().fold(text.to_string(), swedish), text.to_string())
}

/// Where a problem is.
pub(super) fn spot(spot: &Spot, lang: Lang) -> String {
    match spot {
        Spot::File => WHOLE_FILE.of(lang).to_string(),
        Spot::Line(line) => LINE.with(lang, &[("n", &line.to_string())]),
        Spot::Feature(number) => FEATURE.with(lang, &[("n", &number.to_string())]),
    }
}

/// Why, in the language of the page. Readers speak English; what is not in this table is told as they tell it.
const REASONS: &[(&str, &str)] = &[
    ("looks like personal data", "Ser ut som en personuppgift"),
    ("not a time of day", "Inte ett klockslag"),
    ("not a time", "Inte en tid"),
    ("no time", "Tid saknas"),
    ("no such day", "Dagen finns inte"),
    ("the year is out of range", "Året ligger utanför 1900–2100"),
    ("the time is out of range", "Tiden ligger utanför 1900–2100"),
    ("day and month could be either way round", "Dag och månad kan vara omkastade. Skriv år, månad, dag: 2025-03-01"),
    ("ends before it starts", "Slutar innan det börjar"),
    ("is missing", "Saknas"),
    ("not a number", "Inte ett tal"),
    ("one coordinate is missing", "En av koordinaterna saknas"),
    ("not a position in degrees", "Inte ett läge i grader"),
    ("latitude is not between -90 and 90", "Latituden ligger inte mellan −90 och 90"),
    ("longitude is not between -180 and 180", "Longituden ligger inte mellan −180 och 180"),
    ("far from every area", "Långt från alla områden, men nära om koordinaterna byter plats"),
    ("the cell holds the error", "Cellen innehåller ett fel, till exempel #N/A"),
    ("the id exists in", "Id finns redan"),
    ("the id stands twice", "Id står två gånger i filen"),
    ("not an id", "Går inte att använda som id"),
    ("no such area", "Området finns inte"),
    ("an action without an owner", "Åtgärden har ingen ansvarig organisation"),
    ("more answers than asked", "Fler svar än tillfrågade"),
    ("intelligence-led of", "Fler underrättelsebaserade än antalet"),
    (
        "which is of the same organisation, kind and area",
        "Perioden täcks redan av ett annat rapporterat antal från samma organisation",
    ),
    ("not yes or no", "Inte ja eller nej"),
    ("not a rank", "Ordningen ska vara ett heltal från 1"),
    ("not a whole month or quarter", "Inte en hel månad eller ett helt kvartal"),
    ("not a week", "Inte en vecka"),
    ("unknown kind", "Okänd typ"),
    ("unknown category", "Okänd kategori"),
    ("not a severity", "Allvar ska vara 1 till 5"),
    ("no column says when", "Ingen kolumn säger när. Välj vilken kolumn som är datum eller tid nedan"),
    ("has more than", "Filen har för många rader. Dela den i flera"),
    ("is empty", "Filen är tom"),
    ("is a damaged workbook", "Arbetsboken är skadad. Öppna den och spara den på nytt som .xlsx"),
    ("when unpacked", "Arbetsboken packas upp till mer än vad som tas emot. Spara den på nytt som .xlsx eller CSV"),
    ("the workbook has a password", "Arbetsboken har ett lösenord. Spara den utan"),
    ("is a zip archive without a workbook", "Det är en zip-fil och ingen arbetsbok"),
    ("this heading occurs twice", "Rubriken finns två gånger"),
    ("records of source", "Källan är inte den här filens att hålla uppgifter från"),
    ("this wall time does not exist", "Den tiden fanns inte: klockan ställdes fram"),
];

/// The reason, with what is accepted where the language is that of the readers.
pub(super) fn reason(problem: &Problem, lang: Lang) -> (String, bool) {
    let english = match problem.hint.is_empty() {
        true => masked(&problem.reason),
        false => format!("{}; {}", masked(&problem.reason), masked(&problem.hint)),
    };
    let swedish = REASONS.iter().find(|(part, _)| problem.reason.contains(part)).map(|(_, sv)| *sv);
    match (lang, swedish) {
        (Lang::Sv, Some(text)) => (text.to_string(), false),
        (lang, _) => (english, lang == Lang::Sv),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_every_line_with_the_same_places() {
        let places = |text: &str| -> Vec<String> {
            let mut names: Vec<String> =
                text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.into()).collect();
            names.sort();
            names
        };
        for (name, text) in ALL {
            let (sv, en) = (text.of(Lang::Sv), text.of(Lang::En));
            assert!(!sv.is_empty() && !en.is_empty(), "{name}");
            assert_eq!(places(sv), places(en), "{name}");
        }
    }

    #[test]
    fn no_two_fields_are_called_the_same() {
        for lang in Lang::ALL {
            let mut labels: Vec<&str> = Field::all().map(|f| field(f, lang)).collect();
            labels.sort_unstable();
            let all = labels.len();
            labels.dedup();
            assert_eq!(labels.len(), all);
        }
    }
}
