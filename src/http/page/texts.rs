//! Everything the pages say, in Swedish and English: one table, so that neither language can lack a line.

use crate::domain::{Area, Certainty, Counted, Feeling, Source, Term};

use crate::text::lang::texts;
pub(super) use crate::text::lang::{Lang, Text};

texts! {
    SITE: "Lägesbild", "Situation picture";
    H1_OBSERVATIONS: "Iakttagelser per område", "Observations by area";
    H1_ACTIVITIES: "Genomfört arbete per område", "Work done by area";
    SKIP: "Hoppa till innehållet", "Skip to content";
    PROMISES: "Löften", "Promises";
    WEEK: "Veckan", "The week";
    PICTURE: "Lägesbild", "Situation picture";
    RELEASES: "Utgåvor", "Releases";
    INVENTORIES: "Inventeringar", "Inventories";
    MEETINGS: "Möten", "Meetings";
    OVERDUE: "Försenade åtgärder", "Overdue actions";
    ACTION_LIST: "Åtgärder", "Actions";
    COUNT_LIST: "Rapporterade antal", "Reported counts";
    BOOKING_LIST: "Inbokat", "Booked dates";
    SURVEY_LIST: "Trygghetsmätningar", "Surveys";
    FEED_CHANGES: "Ändrat läge (Atom)", "Changes of status (Atom)";
    FEED_CALENDAR: "Möten och tider (kalender)", "Meetings and dates (calendar)";
    ACCOUNT: "Konto", "Account";
    ACCOUNT_AND_LANGUAGE: "Konto och språk", "Account and language";
    LOG_IN: "Logga in", "Log in";
    ERROR_LOGIN: "Logga in igen, sedan går det att fortsätta.", "Log in again, then you can go on.";
    ERROR_FORBIDDEN: "Ditt konto har inte den roll som behövs för det här, eller sidan var för gammal. Ladda om sidan och försök igen.",
        "Your account does not have the role this needs, or the page was too old. Load the page again and try once more.";
    ERROR_ATTEMPTS: "För många felaktiga lösenord. Vänta en stund och försök igen.", "Too many wrong passwords. Wait a while and try again.";
    NEW_OBSERVATION: "Ny iakttagelse", "New observation";
    OBSERVATION_LIST: "Iakttagelser", "Observations";
    NEW_ACTIVITY: "Nytt genomfört arbete", "New work done";
    ACTIVITY_LIST: "Genomfört arbete", "Work done";
    TO_FILTERS: "Ändra urvalet", "Change the selection";
    TO_TABLE: "Till tabellen", "To the table";
    SYNTHETIC: "Påhittade uppgifter. Allt på sidan är gjort för att visa hur den fungerar och säger inget om verkligheten.",
        "Made-up data. Everything on this page is made to show how it works and says nothing about reality.";
    STALE: "Uppgifterna är gamla: den senaste är från {date}, {days} dagar sedan.",
        "The data is old: the newest record is from {date}, {days} days ago.";
    PERIOD: "Gäller {first} – {last} ({days} dagar). ", "Covers {first} – {last} ({days} days). ";
    COMPARED: "Jämförs med {first} – {last} ({days} dagar).", "Compared with {first} – {last} ({days} days).";
    NOT_COMPARED: "Jämförs inte med någon annan period.", "Not compared with another period.";
    NO_PERIOD: "Ingen period: urvalet har inga uppgifter.", "No period: the selection has no records.";
    PERIOD_NOT_OVER: "Perioden är inte slut: {days} dagar återstår, så antalen kan öka.",
        "The period is not over: {days} days remain, so the numbers may rise.";
    DATA_BEGIN_LATER: "Uppgifterna i filen börjar {date}, inne i jämförelseperioden. Jämförelsen kan därför visa en ökning som inte finns.",
        "The data in the file begins {date}, inside the comparison period. The comparison may therefore show an increase that is not there.";
    DATA_BEGIN_IN_PERIOD: "Uppgifterna i filen börjar {date}, inne i perioden. Dagarna före är inte kända, så det finns inget att jämföra med.",
        "The data in the file begins {date}, inside the period. The days before are not known, so there is nothing to compare with.";
    FILTERED_BY: "Urval:", "Selection:";
    REMOVE: "ta bort", "remove";
    CLEAR_ALL: "Rensa hela urvalet", "Clear the whole selection";

    OBSERVATIONS: "iakttagelser", "observations";
    ACTIVITIES: "genomförda arbeten", "pieces of work done";
    OBSERVATION_ONE: "iakttagelse", "observation";
    ACTIVITY_ONE: "genomfört arbete", "piece of work done";
    AND: "och", "and";

    EMPTY_FILE: "Det finns inga uppgifter ännu. Inga {what} är inlästa i datafilen, så antalen är inte kända – de är inte noll.",
        "There is no data yet. No {what} have been imported into the data file, so the numbers are not known – they are not zero.";
    EMPTY_FILE_HOW: "Läs in en fil med kommandot:", "Import a file with the command:";
    EMPTY_PERIOD: "Perioden ligger utanför uppgifterna, som går från {first} till {last}. Antalen är därför inte kända – de är inte noll.",
        "The period lies outside the data, which runs from {first} to {last}. The numbers are therefore not known – they are not zero.";
    EMPTY_FILTER: "Inga {what} stämmer med urvalet under perioden.", "No {what} match the selection in the period.";
    FEW: "Bara {n} {what} stämmer med urvalet under perioden. Det är för få för att jämföra områden: {list}.",
        "Only {n} {what} match the selection in the period. That is too few to compare areas: {list}.";
    FEW_ITEM: "{area} {n}", "{area} {n}";
    NONE_IN_AREAS: "Ingen av de {n} {what} under perioden hör till något av områdena.",
        "None of the {n} {what} in the period belongs to any of the areas.";
    MOST: "{area} har flest {what}: {n} under perioden{interval}.", "{area} has the most {what}: {n} in the period{interval}.";
    MOST_TIED: "{areas} har lika många {what} och fler än de andra: {n} var under perioden{interval}.",
        "{areas} have the same number of {what}, more than the others: {n} each in the period{interval}.";
    INTERVAL: " (95\u{a0}% intervall {range})", " (95\u{a0}% interval {range})";
    ORDER_UNCERTAIN: "Ordningen är inte säker: intervallet för {area} ({n}, {range}) överlappar.",
        "The order is not certain: the interval of {area} ({n}, {range}) overlaps.";
    ORDER_NEXT: "Därefter kommer {area} med {n} ({range}).", "Next is {area} with {n} ({range}).";
    EXPECTED_NOTE: "Antalen är förväntade värden, eftersom tider som inte är kända delas upp. De har inget exakt intervall.",
        "The numbers are expected values, because times that are not known are shared out. They have no exact interval.";
    TOTAL: "Av totalt {n} {what} hör {rest} till resten av kommunen och {lost} saknar läge.",
        "Of {n} {what} in all, {rest} belong to the rest of the municipality and {lost} have no position.";
    CHANGE_HIGHER: "I {area} är det fler än i jämförelseperioden ({before}), mer än slumpen brukar ge. Varför går inte att utläsa här.",
        "{area} has more than in the comparison period ({before}), beyond what chance usually gives. Why cannot be read from this.";
    CHANGE_LOWER: "I {area} är det färre än i jämförelseperioden ({before}), mer än slumpen brukar ge. Varför går inte att utläsa här.",
        "{area} has fewer than in the comparison period ({before}), beyond what chance usually gives. Why cannot be read from this.";
    CHANGE_NONE: "I {area} syns ingen säker skillnad mot jämförelseperioden ({before}).",
        "{area} shows no certain difference from the comparison period ({before}).";
    CHANGE_FEW: "I {area} är antalen för få för att säga om det har ändrats mot jämförelseperioden ({before}).",
        "In {area} the numbers are too few to say whether anything has changed from the comparison period ({before}).";

    MAP: "Karta", "Map";
    MAP_TITLE: "Karta: {what} per km², {set}, {period}", "Map: {what} per km², {set}, {period}";
    MAP_DESC: "Områdenas gränser med namn och antal. Färgade rutor visar tätheten i fem klasser. Samma antal står i tabellen nedanför.",
        "The outlines of the areas with names and numbers. Coloured cells show the density in five classes. The same numbers are in the table below.";
    MAP_DESC_BARE: "Områdenas gränser med namn och antal, utan täthet. Samma antal står i tabellen nedanför.",
        "The outlines of the areas with names and numbers, without density. The same numbers are in the table below.";
    MAP_NONE: "Kartan kan inte ritas: filen har inga områden att visa.", "The map cannot be drawn: the file has no areas to show.";
    NORTH: "Norr är uppåt", "North is up";
    LEGEND: "Teckenförklaring", "Legend";
    LEGEND_UNIT: "Täthet: {what} per km² under perioden", "Density: {what} per km² in the period";
    LEGEND_CLASS: "Klass {n}", "Class {n}";
    LEGEND_FROM_TO: "{low} till under {high}", "{low} to under {high}";
    LEGEND_FROM: "{low} eller mer", "{low} or more";
    LEGEND_UNDER: "under {low} (ofärgat, även 0)", "under {low} (not coloured, 0 included)";
    LEGEND_RULE: "Gränserna är 10, 25, 50, 100 och 250 per km² och år, omräknade till periodens {days} dagar och avrundade till heltal. De ändras inte med urval eller utsnitt.",
        "The limits are 10, 25, 50, 100 and 250 per km² and year, converted to the {days} days of the period and rounded to whole numbers. They do not change with selection or view.";
    LEGEND_OFFICIAL: "Gräns enligt myndighet", "Outline by an authority";
    LEGEND_ASSUMED: "Antagen gräns", "Assumed outline";
    LEGEND_PLACEHOLDER: "Platshållare: läget är okänt", "Placeholder: the position is unknown";
    LEGEND_CONTEXT: "Andra områden, för orientering", "Other areas, for orientation";
    SIGNS: "Tre tecken", "Three signs";
    SIGN_ZERO: "noll: räknat, och inga fanns", "zero: counted, and there were none";
    SIGN_UNKNOWN: "inte känt, eller går inte att räkna ut", "not known, or cannot be computed";
    SIGN_HIDDEN: "dolt för att skydda enskilda; används inte i den interna tjänsten", "hidden to protect individuals; not used in the internal service";
    UNKNOWN: "inte känt", "not known";
    METHOD_LINE: "Källa: datafilens {what}, revision {revision}. Metod: kärntäthet ({kernel}) med radien {bandwidth} m, beräknad i mitten av rutor på {cell} m. Bygger på {used} med känt läge; utanför kartan {outside}, utan läge {lost}, för grovt läge {coarse}.",
        "Source: {what} of the data file, revision {revision}. Method: kernel density ({kernel}) with radius {bandwidth} m, computed at the centre of cells of {cell} m. Based on {used} with a known position; outside the map {outside}, without position {lost}, position too coarse {coarse}.";
    NO_DENSITY_FEW: "Ingen täthet visas: bara {used} {what} har känt läge i kartan, och minst {least} behövs. Utan läge {lost}, för grovt läge {coarse}.",
        "No density is shown: only {used} {what} have a known position in the map, and at least {least} are needed. Without position {lost}, position too coarse {coarse}.";
    NO_DENSITY_COST: "Ingen täthet visas: beräkningen är större än tjänsten gör för en sida.",
        "No density is shown: the computation is larger than the service does for a page.";
    NO_DENSITY_UNKNOWN: "Ingen täthet visas: antalen är inte kända.", "No density is shown: the numbers are not known.";
    KERNEL_QUARTIC: "kvartisk", "quartic";
    LABELS_LEFT_OUT: "Utan namn i kartan, av utrymmesskäl: {list}.", "Not named in the map, for lack of room: {list}.";
    LABELS_NONE: "Områdena är {n} och har därför inga namn i kartan; se tabellen.",
        "There are {n} areas, so the map has no names; see the table.";
    METRES: "{m} m", "{m} m";
    KILOMETRES: "{km} km", "{km} km";

    TABLE: "Tabell", "Table";
    CAPTION: "{what} per område, {period}. Flest först; resten och utan läge sist.",
        "{what} by area, {period}. Largest first; the rest and those without position last.";
    COL_NUMBER: "Nr", "No";
    COL_AREA: "Område", "Area";
    COL_COUNT: "Antal", "Number";
    COL_INTERVAL: "95\u{a0}% intervall", "95\u{a0}% interval";
    COL_PER_KM2: "Per km²", "Per km²";
    COL_RANK: "Plats per km²", "Place per km²";
    COL_BEFORE: "Före", "Before";
    COL_CHANGE: "Skillnad", "Difference";
    ROW_REST: "Resten av kommunen", "Rest of the municipality";
    ROW_LOST: "Utan läge", "Without position";
    ROW_TOTAL_NOTE: "Områden kan överlappa, så antalen ska inte läggas ihop. Totalt {n} {what}, var och en räknad en gång.",
        "Areas may overlap, so the numbers are not to be added up. {n} {what} in all, each counted once.";
    NOTE_ASSUMED: "gränsen är antagen: rangordnas inte", "the outline is assumed: not ranked";
    NOTE_PLACEHOLDER: "platshållare: läget är okänt", "placeholder: the position is unknown";
    NOTE_BORDER: "{n} på gränsen räknas i resten", "{n} on the border count in the rest";
    NOTE_COARSE: "{n} med för grovt läge räknas som utan läge", "{n} with too coarse a position count as without position";
    NOTE_REST_BORDER: "därav {n} på en gräns", "of these {n} on a border";
    NOTE_LOST_COARSE: "därav {n} med för grovt läge", "of these {n} with too coarse a position";
    VERDICT_HIGHER: "högre", "higher";
    VERDICT_LOWER: "lägre", "lower";
    VERDICT_NONE: "ingen säker skillnad", "no certain difference";
    VERDICT_DAYS_MISSING: "går inte att säga: dagar saknas i jämförelseperioden", "cannot be said: days are missing in the comparison period";
    VERDICT_FEW: "för få för att säga", "too few to say";
    PERCENT: "{percent}\u{a0}%", "{percent}\u{a0}%";
    RATIO: "kvot {range}", "ratio {range}";
    VISIBLE: "Minsta ökning som skulle ha synts säkert i {area}: från {before} till omkring {after} under perioden (80 % styrka).",
        "The smallest increase that would have shown reliably in {area}: from {before} to about {after} in the period (80 % power).";
    SAME_JSON: "Samma uppgifter som JSON", "The same data as JSON";
    SAME_GEOJSON: "GeoJSON med gränser", "GeoJSON with outlines";
    SAME_CSV: "CSV", "CSV";
    SAME_LAYER: "Tätheten som GeoJSON", "The density as GeoJSON";
    DOWNLOADS: "Hämta", "Download";

    LIMITS: "Vad detta kan och inte kan säga", "What this can and cannot say";
    LIMIT_REPORTED: "Siffrorna visar det som har rapporterats och lästs in, inte allt som har hänt. Fler rapporter kan bero på att fler rapporterar.",
        "The numbers show what has been reported and imported, not everything that happened. More reports may mean that more people report.";
    LIMIT_WORK: "Antalet genomförda arbeten mäter insatt arbete. Det säger inget om vad arbetet ledde till.",
        "The number of pieces of work done measures effort. It says nothing about what the work led to.";
    LIMIT_INTERVAL: "Intervallet visar hur mycket antalet kan variera av slump. Det täcker inte fel i rapportering eller läge.",
        "The interval shows how much the number may vary by chance. It does not cover errors of reporting or position.";
    LIMIT_CHANGE: "En skillnad mellan två perioder är ingen förklaring. Procent visas först från 20 i båda perioderna.",
        "A difference between two periods is no explanation. Percentages are shown only from 20 in both periods.";
    LIMIT_OUTLINE: "Antagna gränser är ritade efter publicerade fakta och rangordnas inte per km². En platshållare står där läget är okänt.",
        "Assumed outlines are drawn from published facts and not ranked per km². A placeholder stands where the position is unknown.";
    LIMIT_DENSITY: "Tätheten jämnar ut: färgen på en plats bygger på allt inom radien, inte på platsen ensam.",
        "The density is smoothed: the colour of a spot rests on everything within the radius, not on the spot alone.";
    ABOUT: "Om uppgifterna", "About the data";
    ABOUT_METHOD: "Metod", "Method";
    ABOUT_METHOD_TEXT: "Antal per område med exakt 95 % intervall för Poissonfördelade antal (Garwood); täthet per km² delar med ytan på jordellipsoiden; skillnader prövas exakt.",
        "Numbers by area with the exact 95 % Poisson interval (Garwood); density per km² divides by the area on the earth's ellipsoid; differences are tested exactly.";
    ABOUT_PLANE: "Kartplan och tidszon", "Plane and time zone";
    ABOUT_DATA: "Uppgifter", "Data";
    ABOUT_DATA_REAL: "verkliga, {first} till {last}", "real, {first} to {last}";
    ABOUT_DATA_SYNTHETIC: "påhittade, {first} till {last}", "made up, {first} to {last}";
    ABOUT_DATA_NONE: "inga inlästa", "none imported";
    ABOUT_REVISION: "Revision", "Revision";
    ABOUT_MADE: "Sidan gäller dagen", "The page is for the day";
    ABOUT_SOFTWARE: "Program", "Software";
    ABOUT_OUTLINES: "Gränsernas källor", "Sources of the outlines";
    FOR_PROGRAMS: "För program", "For programs";
    HOME: "Till första sidan", "To the first page";

    FILTERS: "Urval", "Selection";
    SHOW: "Visa", "Show";
    FIELD_OF: "Vad räknas", "What is counted";
    FIELD_PERIOD: "Period", "Period";
    PERIOD_DEFAULT: "Senaste 12 månaderna", "Last 12 months";
    PERIOD_OWN: "Egna datum", "Own dates";
    PERIOD_THIS_YEAR: "I år till i dag ({year})", "This year to date ({year})";
    PERIOD_DAYS: "Senaste {n} dagarna", "Last {n} days";
    FIELD_FROM: "Från och med", "From";
    FIELD_TO: "Till och med", "To";
    FIELD_DATES_HINT: "Egna datum går före listan ovanför. Töm dem för att använda listan.",
        "Own dates go before the list above. Empty them to use the list.";
    FIELD_COMPARE: "Jämför med", "Compare with";
    COMPARE_DEFAULT: "Lika lång tid närmast före", "The same length just before";
    COMPARE_LAST_YEAR: "Samma dagar året före", "The same days a year earlier";
    FIELD_SET: "Områden", "Areas";
    FIELD_CATEGORY: "Kategori", "Category";
    FIELD_KIND: "Slag", "Kind";
    FIELD_SOURCE: "Källa", "Source";
    FIELD_FEELING: "Känsla", "Feeling";
    FIELD_HOURS: "Timmar", "Hours";
    FIELD_HOURS_HINT: "Från–till, till exempel 22-04", "From–to, such as 22-04";
    FIELD_WEEKDAYS: "Veckodagar", "Weekdays";
    FIELD_AREA: "Bara i område", "Only in area";
    FIELD_BBOX: "Ruta", "Box";
    FIELD_TIME: "Osäker tid", "Uncertain time";
    FIELD_DATETIME: "Tid", "Time";
    COUNTS_HINT: "Antalen gäller perioden och urvalet i övrigt.", "The numbers hold for the period and the rest of the selection.";
    SET_PROMISE: "Löftets platser", "Places of the promise";
    SET_REGSO: "Regionala statistikområden", "Regional statistical areas";

    ERROR_TITLE: "Sidan kan inte visas", "The page cannot be shown";
    ERROR_NOT_FOUND: "Sidan finns inte", "There is no such page";
    ERROR_NOT_FOUND_TEXT: "Det finns ingen sida på den här adressen.", "There is no page at this address.";
    ERROR_REQUEST: "Adressen kan inte användas", "The address cannot be used";
    ERROR_SERVER: "Något gick fel hos tjänsten", "Something went wrong in the service";
    ERROR_SERVER_TEXT: "Felet är inte ditt. Loggen har mer under ärendets nummer nedan. Försök igen, eller ge numret till den som sköter tjänsten.",
        "The fault is not yours. The log has more under the request id below. Try again, or give the id to whoever runs the service.";
    ERROR_BUSY: "Tjänsten har för mycket att göra just nu. Försök igen om en stund.",
        "The service has too much to do right now. Try again in a moment.";
    ERROR_UNKNOWN_PARAMETER: "Sidan har ingen parameter som heter så.", "The page has no parameter of that name.";
    ERROR_INVALID_PARAMETER: "Parameterns värde kan inte användas.", "The value of the parameter cannot be used.";
    ERROR_TOO_COSTLY: "Frågan är större än tjänsten gör på en gång.", "The question is larger than the service does at once.";
    ERROR_MALFORMED: "Adressen är felaktigt skriven.", "The address is badly written.";
    IMPORT: "Läs in fil", "Import file";
    ERROR_TOO_LARGE: "Det som skickades är för stort. Högst {limit} byte tas emot.", "What was sent is too large. At most {limit} bytes are taken.";
    ERROR_OTHER: "Förfrågan kan inte besvaras.", "The request cannot be answered.";
    ERROR_PARAMETER: "Parameter", "Parameter";
    ERROR_VALUE: "Värde", "Value";
    ERROR_REASON: "Vad som är fel", "What is wrong";
    ERROR_ACCEPTED: "Detta går bra", "What is accepted";
    ERROR_NEAREST: "Menade du ”{near}”?", "Did you mean “{near}”?";
    ERROR_STATUS: "Status", "Status";
    ERROR_REQUEST_ID: "Ärendets nummer", "Request id";
    REASON_SECOND: "parametern är given två gånger med olika värden", "the parameter is given twice with different values";
    REASON_TOGETHER: "parametern kan inte ges tillsammans med en annan tidsparameter", "the parameter cannot be given together with another time parameter";
    REASON_NEEDS_PERIOD: "det finns ingen period att jämföra", "there is no period to compare";
    REASON_NOT_APPLY: "parametern gäller inte det som räknas", "the parameter does not apply to what is counted";
    REASON_BEFORE: "slutet ligger före början", "the end is before the start";
    REASON_UNKNOWN: "värdet är okänt", "the value is not known";
    REASON_FORM: "värdet har fel form", "the value has the wrong form";

    ACCEPT_DATE: "ett datum som 2025-01-31", "a date such as 2025-01-31";
    ACCEPT_DATETIME: "två datum eller tidpunkter med / mellan, som 2025-01-01/2025-12-31; .. lämnar en ände öppen",
        "two dates or instants with / between, such as 2025-01-01/2025-12-31; .. leaves an end open";
    ACCEPT_PERIOD: "2025, 2025-H1, 2025-Q1, 2025-T1, 2025-03, 2025-W09 eller 2025-03-01/2025-03-31",
        "2025, 2025-H1, 2025-Q1, 2025-T1, 2025-03, 2025-W09 or 2025-03-01/2025-03-31";
    ACCEPT_COMPARE: "en period som 2025 eller 2025-03-01/2025-03-31, eller previous",
        "a period such as 2025 or 2025-03-01/2025-03-31, or previous";
    ACCEPT_HOURS: "två timmar mellan 0 och 24, som 8-16 eller 22-04", "two hours from 0 to 24, such as 8-16 or 22-04";
    ACCEPT_BBOX: "väst,syd,öst,nord i grader, som 14.68,57.64,14.72,57.67", "west,south,east,north in degrees, such as 14.68,57.64,14.72,57.67";

    SOURCE_CITIZEN: "Allmänheten", "Citizens";
    SOURCE_SURVEY: "Trygghetsmätning", "Survey";
    SOURCE_INVENTORY: "Trygghetsinventering", "Safety inventory";
    SOURCE_MUNICIPAL: "Kommunens personal", "Municipal staff";
    SOURCE_POLICE_REPORT: "Polisanmälan", "Reported to the police";
    SOURCE_POLICE_INITIATED: "Upptäckt av polisen", "Found by the police";
    SOURCE_FEED: "Öppet flöde", "Public feed";
    FEELING_UNSAFE: "Otryggt", "Unsafe";
    FEELING_SAFE: "Tryggt", "Safe";
}

/// Monday first, as the `weekdays` parameter.
pub(super) const WEEKDAYS: [Text; 7] = [
    Text::new("mån", "Mon"),
    Text::new("tis", "Tue"),
    Text::new("ons", "Wed"),
    Text::new("tor", "Thu"),
    Text::new("fre", "Fri"),
    Text::new("lör", "Sat"),
    Text::new("sön", "Sun"),
];

/// What is counted, after a number other than one.
pub(super) fn records(of: Counted) -> Text {
    match of {
        Counted::Observations => OBSERVATIONS,
        Counted::Activities => ACTIVITIES,
    }
}

/// What is counted, in the number that `n` asks for.
pub(super) fn records_of(of: Counted, n: f64) -> Text {
    match of {
        _ if (n - 1.0).abs() > f64::EPSILON => records(of),
        Counted::Observations => OBSERVATION_ONE,
        Counted::Activities => ACTIVITY_ONE,
    }
}

pub(super) fn heading(of: Counted) -> Text {
    match of {
        Counted::Observations => H1_OBSERVATIONS,
        Counted::Activities => H1_ACTIVITIES,
    }
}

pub(super) fn source(source: Source) -> Text {
    match source {
        Source::Citizen => SOURCE_CITIZEN,
        Source::Survey => SOURCE_SURVEY,
        Source::Inventory => SOURCE_INVENTORY,
        Source::MunicipalReport => SOURCE_MUNICIPAL,
        Source::PoliceReport => SOURCE_POLICE_REPORT,
        Source::PoliceInitiated => SOURCE_POLICE_INITIATED,
        Source::Feed => SOURCE_FEED,
    }
}

pub(super) fn feeling(feeling: Feeling) -> Text {
    match feeling {
        Feeling::Unsafe => FEELING_UNSAFE,
        Feeling::Safe => FEELING_SAFE,
    }
}

/// The label of a category or kind.
pub(super) fn term(term: &Term, lang: Lang) -> &str {
    lang.pick(&term.sv, &term.en)
}

/// What a set of areas is called; other sets go by their code.
pub(super) fn set(code: &str, lang: Lang) -> String {
    match code {
        "promise" => SET_PROMISE.of(lang).to_string(),
        "regso" => SET_REGSO.of(lang).to_string(),
        other => other.to_string(),
    }
}

/// The name of an area, always with the words that a placeholder needs.
pub(super) fn area(area: &Area, lang: Lang) -> String {
    let name = bare_area(area, lang);
    match area.certainty {
        Certainty::Placeholder => format!("{name} ({})", NOTE_PLACEHOLDER.of(lang)),
        Certainty::Official | Certainty::Assumed => name.to_string(),
    }
}

/// The name alone, where the words about its position stand beside it.
pub(super) fn bare_area(area: &Area, lang: Lang) -> &str {
    lang.pick(&area.names.sv, &area.names.en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
