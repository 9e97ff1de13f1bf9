//! What a record consists of: one table per collection, from which reading, schemas and forms are made.

use crate::domain::{Comment, Observation};

/// A word of a closed list with what people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What JSON says.
    pub code: &'static str,
    /// Swedish label.
    pub sv: &'static str,
    /// English label.
    pub en: &'static str,
}

const fn choice(code: &'static str, sv: &'static str, en: &'static str) -> Choice {
    Choice { code, sv, en }
}

/// What a member holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Text of any number of lines.
    Text,
    /// The same, of at most so many characters.
    Brief(usize),
    /// A key that another program has made, of at most so many characters; no field of a form.
    Key(usize),
    /// One of a closed list.
    Word(&'static [Choice]),
    /// A code or label of the category table.
    Category,
    /// A code or label of the kind table.
    ActivityKind,
    /// An entry of the place register, by id or name.
    Place,
    /// An area, by id or name.
    Area,
    /// The id of another record.
    Reference,
    /// An instant with an offset, a local time, or a date for the whole day.
    Time,
    /// A local date.
    Date,
    /// An ISO week.
    Week,
    /// A whole number within limits, both included.
    Whole(u32, u32),
    /// A number within limits, both included.
    Number(f64, f64),
    /// True or false.
    Flag,
    /// Roles with organisations.
    Actors,
    /// Pairs of name and value that an import kept.
    Kept,
    /// A list of names.
    Names,
    /// A promise document.
    Document,
}

/// A member of the properties of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// Its name in JSON, in forms and in the table of the data file.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether a record cannot be without it.
    pub required: bool,
    /// Whether it is told but never taken.
    pub read_only: bool,
    /// Whether it is free text: given only for a reason that is written down.
    pub free: bool,
    /// Whether a form shows it at once, not under "more".
    pub first: bool,
    /// Swedish label.
    pub sv: &'static str,
    /// English label.
    pub en: &'static str,
    /// What it means, in English, for schemas.
    pub meaning: &'static str,
}

impl Member {
    const fn new(
        name: &'static str,
        kind: Kind,
        (sv, en): (&'static str, &'static str),
        meaning: &'static str,
    ) -> Self {
        Self { name, kind, required: false, read_only: false, free: false, first: false, sv, en, meaning }
    }

    const fn required(self) -> Self {
        Self { required: true, first: true, ..self }
    }

    const fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    const fn free(self) -> Self {
        Self { free: true, ..self }
    }

    const fn first(self) -> Self {
        Self { first: true, ..self }
    }

    /// What values it takes, in words.
    pub fn accepted(&self) -> String {
        match self.kind {
            Kind::Line | Kind::Text => "text".to_string(),
            Kind::Brief(most) => format!("text of at most {most} characters"),
            Kind::Key(most) => format!("a key of 1 to {most} characters on one line, never data about a person"),
            Kind::Word(choices) => choices.iter().map(|c| c.code).collect::<Vec<_>>().join(", "),
            Kind::Category => "a code or label of the category table".to_string(),
            Kind::ActivityKind => "a code or label of the kind table".to_string(),
            Kind::Place => "an id or name of the place register".to_string(),
            Kind::Area => "an id or name of an area".to_string(),
            Kind::Reference => "an id: 1 to 128 characters out of A-Z, a-z, 0-9, '.', '_' and '-'".to_string(),
            Kind::Time => {
                "2025-03-01T20:30:00Z, 2025-03-01T21:30 (local time) or 2025-03-01 (the whole local day)".to_string()
            }
            Kind::Date => "a date such as 2025-03-01".to_string(),
            Kind::Week => "an ISO week such as 2025-W09".to_string(),
            Kind::Whole(low, u32::MAX) => format!("a whole number from {low} on"),
            Kind::Whole(low, high) => format!("a whole number from {low} to {high}"),
            Kind::Number(low, high) if high.is_infinite() => format!("a number from {low} on"),
            Kind::Number(low, high) => format!("a number from {low} to {high}"),
            Kind::Flag => "true or false".to_string(),
            Kind::Actors => {
                r#"a list such as [{"role": "police", "organisation": "Lokalpolisområde Höglandet"}]"#.to_string()
            }
            Kind::Kept => r#"a list such as [{"name": "Diarienummer", "value": "2025-17"}]"#.to_string(),
            Kind::Names => "a list of texts without ';'".to_string(),
            Kind::Document => "a promise document; docs/promises.md describes it".to_string(),
        }
    }
}

const SOURCES: &[Choice] = &[
    choice("citizen", "Boende eller besökare", "Resident or visitor"),
    choice("survey", "Enkät", "Survey"),
    choice("inventory", "Trygghetsinventering", "Safety inventory"),
    choice("municipal_report", "Kommunens personal", "Municipal staff"),
    choice("police_report", "Anmält till polisen", "Reported to the police"),
    choice("police_initiated", "Polisens egen upptäckt", "Found by the police"),
    choice("feed", "Öppet flöde", "Public feed"),
];
const FEELINGS: &[Choice] = &[choice("unsafe", "Otryggt", "Unsafe"), choice("safe", "Tryggt", "Safe")];
const CERTAINTIES_OF_TIME: &[Choice] = &[
    choice("instant", "Tidpunkt", "Moment"),
    choice("interval", "Någon gång mellan start och slut", "Some time between start and end"),
    choice("whole_day", "Någon gång under dagen", "Some time during the day"),
    choice("ambiguous", "Klockan ställdes om", "The clock was changed"),
];
const AREA_TYPES: &[Choice] =
    &[choice("residential", "Bostäder", "Residential"), choice("non_residential", "Inga bostäder", "Not residential")];
const CERTAINTIES: &[Choice] = &[
    choice("official", "Officiell", "Official"),
    choice("assumed", "Antagen", "Assumed"),
    choice("placeholder", "Platshållare", "Placeholder"),
];
const RESPONDENTS: &[Choice] = &[
    choice("residents", "Boende", "Residents"),
    choice("visitors", "Besökare", "Visitors"),
    choice("all", "Alla", "All"),
];
const STATUSES: &[Choice] = &[
    choice("not_started", "Inte påbörjad", "Not started"),
    choice("planned", "Planerad", "Planned"),
    choice("started", "Påbörjad", "Started"),
    choice("done", "Klar", "Done"),
    choice("not_done", "Blir inte av", "Will not be done"),
];

use Kind::{
    Actors, Area, Brief, Date, Document, Flag, Kept, Line, Names, Number, Place, Reference, Text, Time, Week, Whole,
    Word,
};

const ANY: f64 = f64::INFINITY;
const REVISION: Member =
    Member::new("revision", Whole(0, u32::MAX), ("Revision", "Revision"), "revision that made this version")
        .read_only();
const FREE: Member = Member::new(
    "has_free_text",
    Flag,
    ("Har fritext", "Has free text"),
    "whether the record has free text, given or not",
)
.read_only();
const START: Member =
    Member::new("start", Time, ("När", "When"), "first moment, UTC; a time without an offset is local").required();
const END: Member = Member::new("end", Time, ("Till", "Until"), "second after the last, UTC; null for an instant");
const CERTAINTY: Member = Member::new(
    "time_certainty",
    Word(CERTAINTIES_OF_TIME),
    ("Vad tiden betyder", "What the time means"),
    "what is known about the time",
);
const START_LOCAL: Member =
    Member::new("start_local", Time, ("Lokal start", "Local start"), "start in the zone of the data file").read_only();
const END_LOCAL: Member =
    Member::new("end_local", Time, ("Lokalt slut", "Local end"), "end in the zone of the data file").read_only();
const AT_PLACE: Member =
    Member::new("place", Place, ("Plats", "Place"), "place of the register; gives the position when geometry is null")
        .first();
const IN_AREA: Member =
    Member::new("area", Area, ("Område", "Area"), "the area, when that is all that is known").first();
const PLACE_TEXT: Member =
    Member::new("place_text", Line, ("Plats i ord", "Place in words"), "place or address as written").free();
const PRECISION: Member = Member::new(
    "precision_m",
    Number(0.0, ANY),
    ("Lägets noggrannhet, meter", "Precision of the position, metres"),
    "how far the true position may be, metres",
);
const FREE_TEXT: Member =
    Member::new("text", Text, ("Beskrivning", "Description"), "free text; internal").free().first();
const KEPT: Member =
    Member::new("kept", Kept, ("Sparade kolumner", "Kept columns"), "columns an import was told to keep").free();
const PERIOD_START: Member =
    Member::new("period_start", Date, ("Första dag", "First day"), "first local day").required();
const PERIOD_END: Member =
    Member::new("period_end", Date, ("Sista dag", "Last day"), "last local day, included").required();
const WHOLE_MUNICIPALITY: Member =
    Member::new("area", Area, ("Område", "Area"), "the area; null for the whole municipality").first();
const ORGANISATION: Member =
    Member::new("organisation", Line, ("Organisation", "Organisation"), "whose it is; never a person").required();
const REPORTED_ON: Member =
    Member::new("reported_on", Date, ("Rapporterat den", "Reported on"), "day of the report").required();

pub(super) const OBSERVATION: &[Member] = &[
    Member::new("category", Kind::Category, ("Vad gäller det?", "What is it about?"), "category of the table")
        .required(),
    Member::new("feeling", Word(FEELINGS), ("Hur kändes det?", "How did it feel?"), "how it felt, when said").first(),
    START,
    END,
    CERTAINTY,
    START_LOCAL,
    END_LOCAL,
    AT_PLACE,
    IN_AREA,
    FREE_TEXT,
    Member::new(
        "source",
        Word(SOURCES),
        ("Vem kommer uppgiften från?", "Who does it come from?"),
        "who it comes from, when said",
    ),
    Member::new("severity", Whole(1, 5), ("Allvar, 1–5", "Severity, 1–5"), "1 (slight) to 5 (serious), when said"),
    Member::new(
        "inventory",
        Reference,
        ("Punkt i trygghetsinventering", "Point of the inventory"),
        "id of the activity (inventory or walk) of which it is a point",
    ),
    Member::new(
        "photo",
        Line,
        ("Foto (filnamn)", "Photo (file name)"),
        "where a picture of it is kept, such as a file name; internal",
    )
    .free(),
    Member::new(
        "reporter_key",
        Kind::Key(Observation::REPORTER_KEY_CHARS),
        ("Anmälarnyckel", "Reporter key"),
        "tells reports of one person from those of others: a keyed hash made elsewhere; internal",
    )
    .free(),
    PLACE_TEXT,
    PRECISION,
    KEPT,
    FREE,
    REVISION,
];

pub(super) const ACTIVITY: &[Member] = &[
    Member::new("kind", Kind::ActivityKind, ("Vad gjordes?", "What was done?"), "kind of the table").required(),
    START,
    END,
    CERTAINTY,
    START_LOCAL,
    END_LOCAL,
    Member::new("actors", Actors, ("Vilka deltog?", "Who took part?"), "roles with organisations, never persons")
        .first(),
    AT_PLACE,
    IN_AREA,
    Member::new("minutes", Number(0.0, ANY), ("Minuter", "Minutes"), "minutes of work, when counted").first(),
    Member::new("result", Text, ("Resultat", "Result"), "what came out of it, in words; internal").free(),
    Member::new("mode", Line, ("Hur (till fots, bil ...)", "How (on foot, car ...)"), "foot, car, ..., as written"),
    Member::new(
        "operation_id",
        Line,
        ("Insatsens beteckning", "Operation id"),
        "one decision with one purpose: units at once share it",
    ),
    Member::new(
        "intelligence_led",
        Flag,
        ("Underrättelsebaserad", "Intelligence-led"),
        "whether the police state it as intelligence-led; null when nobody says",
    ),
    FREE_TEXT,
    PLACE_TEXT,
    PRECISION,
    KEPT,
    FREE,
    REVISION,
];

pub(super) const AREA: &[Member] = &[
    Member::new("name_sv", Line, ("Namn på svenska", "Name in Swedish"), "Swedish name").required(),
    Member::new("name_en", Line, ("Namn på engelska", "Name in English"), "English name").required(),
    Member::new("set", Line, ("Områdesindelning", "Set of areas"), "the set it is shown with: promise, regso, ...")
        .required(),
    Member::new("area_type", Word(AREA_TYPES), ("Typ", "Type"), "whether people live there").required(),
    Member::new(
        "certainty",
        Word(CERTAINTIES),
        ("Gränsens säkerhet", "Certainty of the outline"),
        "how well the outline is known",
    )
    .required(),
    Member::new("residents", Whole(0, u32::MAX), ("Invånare", "Residents"), "residents, when known"),
    Member::new("valid_from", Date, ("Gäller från", "Valid from"), "first day the outline is valid"),
    Member::new("valid_to", Date, ("Gäller före", "Valid before"), "day after the last valid day"),
    Member::new("source", Line, ("Källa", "Source"), "who says so"),
    Member::new("how_drawn", Text, ("Hur gränsen ritades", "How it was drawn"), "how the outline was drawn, in words"),
    REVISION,
];

pub(super) const PLACE: &[Member] = &[
    Member::new("name", Line, ("Namn", "Name"), "the usual name").required(),
    Member::new("aliases", Names, ("Andra namn", "Other names"), "other spellings").first(),
    Member::new(
        "precision_m",
        Number(0.0, ANY),
        ("Noggrannhet, meter", "Precision, metres"),
        "how far something at this place may be, metres",
    ),
    Member::new("area", Area, ("Område", "Area"), "the area it belongs to, when it has no point").first(),
    Member::new("source", Line, ("Källa", "Source"), "who says so"),
    REVISION,
];

pub(super) const SURVEY: &[Member] = &[
    Member::new("wave", Line, ("Omgång", "Wave"), "name of the wave").required(),
    WHOLE_MUNICIPALITY,
    Member::new("question_sv", Line, ("Frågan på svenska", "Question in Swedish"), "the question as asked").required(),
    Member::new("question_en", Line, ("Frågan på engelska", "Question in English"), "the question in English")
        .required(),
    Member::new("respondents", Word(RESPONDENTS), ("Vilka svarade?", "Who answered?"), "who answered").required(),
    Member::new("answer_scale", Line, ("Svarsalternativ", "Answers to choose from"), "the answers to choose from"),
    Member::new(
        "unsafe_answers",
        Line,
        ("Svar som betyder otrygg", "Answers that mean unsafe"),
        "which answers mean unsafe",
    ),
    PERIOD_START,
    PERIOD_END,
    Member::new("asked", Whole(0, u32::MAX), ("Antal tillfrågade", "People asked"), "people asked; with unsafe")
        .first(),
    Member::new(
        "answered",
        Whole(0, u32::MAX),
        ("Antal svar", "People who answered"),
        "people who answered the question",
    )
    .required(),
    Member::new(
        "unsafe",
        Whole(0, u32::MAX),
        ("Antal otrygga", "Unsafe answers"),
        "answers that mean unsafe; with asked",
    )
    .first(),
    Member::new(
        "unsafe_share",
        Number(0.0, 1.0),
        ("Andel otrygga, 0–1", "Unsafe share, 0–1"),
        "published share instead of asked and unsafe",
    ),
    Member::new(
        "margin",
        Number(0.0, 1.0),
        ("Felmarginal, 0–1", "Margin, 0–1"),
        "half width of the published interval; with unsafe_share",
    ),
    Member::new(
        "weighted",
        Flag,
        ("Viktad", "Weighted"),
        "whether answers were weighted to stand for the population, when said; with unsafe_share",
    ),
    Member::new(
        "dont_know",
        Whole(0, u32::MAX),
        ("Svarade vet ej", "Answered that they do not know"),
        "answers that they do not know; not among answered",
    ),
    Member::new(
        "dont_go_there",
        Whole(0, u32::MAX),
        ("Svarade att de inte går dit", "Answered that they do not go there"),
        "answers that they do not go there; not among answered",
    ),
    Member::new("source", Line, ("Källa", "Source"), "who made it").required(),
    REVISION,
];

pub(super) const REPORTED_COUNT: &[Member] = &[
    ORGANISATION,
    Member::new("kind", Kind::ActivityKind, ("Vad gjordes?", "What was done?"), "kind of the table").required(),
    WHOLE_MUNICIPALITY,
    PERIOD_START,
    PERIOD_END,
    Member::new("n", Whole(0, u32::MAX), ("Antal", "Number"), "how many").required(),
    Member::new(
        "intelligence_led",
        Whole(0, u32::MAX),
        ("Varav underrättelsebaserade", "Of them intelligence-led"),
        "of them, how many the organisation states as intelligence-led, when it says so; at most n",
    )
    .first(),
    Member::new(
        "actors",
        Actors,
        ("Vilka deltog i varje?", "Who took part in each?"),
        "roles with organisations that took part in each of them; empty means the organisation alone",
    ),
    Member::new("reported_by", Line, ("Rapporterat av", "Reported by"), "the office that reported it").required(),
    REPORTED_ON,
    REVISION,
];

pub(super) const ACTION: &[Member] = &[
    Member::new("text", Text, ("Vad ska göras?", "What is to be done?"), "what is to be done").required(),
    Member::new(
        "owner_organisation",
        Line,
        ("Ansvarig organisation", "Responsible organisation"),
        "who is to do it: an organisation, never a person",
    )
    .required(),
    Member::new("status", Word(STATUSES), ("Läge", "Status"), "how far it has come").required(),
    Member::new("due", Date, ("Klar senast", "Due"), "until when").first(),
    IN_AREA,
    Member::new(
        "why_not",
        Line,
        ("Varför inte?", "Why not?"),
        "why it will not be done; given exactly when status is not_done",
    ),
    Member::new("recheck", Date, ("Följs upp", "Looked at again"), "when it is looked at again"),
    Member::new("about", Reference, ("Gäller", "About"), "id of the observation, inventory or meeting it is about"),
    REVISION,
];

pub(super) const REPORT: &[Member] = &[
    ORGANISATION,
    Member::new("week", Week, ("Vecka", "Week"), "the ISO week, Monday to Sunday").required(),
    WHOLE_MUNICIPALITY,
    Member::new(
        "n",
        Whole(0, u32::MAX),
        ("Antal uppgifter (0 = inget att rapportera)", "Number of records (0 = nothing to report)"),
        "number of records; 0 is nothing to report",
    )
    .required(),
    REPORTED_ON,
    REVISION,
];

pub(super) const PROMISE: &[Member] = &[
    Member::new("document", Document, ("Dokument (JSON)", "Document (JSON)"), "the whole promise document").required(),
    Member::new("text_sv", Line, ("Text på svenska", "Text in Swedish"), "title, from the document").read_only(),
    Member::new("text_en", Line, ("Text på engelska", "Text in English"), "title, from the document").read_only(),
    Member::new("period_start", Date, ("Första dag", "First day"), "first local day, from the document").read_only(),
    Member::new("period_end", Date, ("Sista dag", "Last day"), "last local day, included, from the document")
        .read_only(),
    REVISION,
];

pub(super) const BOOKING: &[Member] = &[
    Member::new("kind", Kind::ActivityKind, ("Vad är inbokat?", "What is booked?"), "kind of the table").required(),
    START,
    END,
    CERTAINTY,
    START_LOCAL,
    END_LOCAL,
    Member::new("title", Line, ("Rubrik", "Title"), "what it is about, in a line").first(),
    Member::new("area", Area, ("Område", "Area"), "the area it is about; null for none").first(),
    Member::new(
        "actors",
        Actors,
        ("Vilka ska delta?", "Who is to take part?"),
        "roles with organisations, never persons",
    )
    .first(),
    Member::new("booked_on", Date, ("Bokat den", "Booked on"), "day on which the date was set").required(),
    Member::new("cancelled", Flag, ("Inställt", "Called off"), "whether it was called off; false when absent"),
    Member::new(
        "activity",
        Reference,
        ("Blev (beteckning)", "Became (id)"),
        "id of the activity that came of it; that one counts, a booking never does",
    ),
    Member::new(
        "invitation",
        Flag,
        ("Offentlig inbjudan", "Public invitation"),
        "whether everybody is invited: shown to all ahead of time; only for kinds safety_walk and dialogue; false when absent",
    ),
    REVISION,
];

pub(super) const COMMENT: &[Member] = &[
    Member::new("promise", Reference, ("Löfte", "Promise"), "id of the promise document").required(),
    Member::new("commitment", Reference, ("Utlovad aktivitet", "Commitment"), "id of the commitment in it").required(),
    Member::new("party", Reference, ("Part", "Party"), "id of the party in it, for whom it is said").required(),
    Member::new(
        "text",
        Brief(Comment::MAX_CHARS),
        ("Kommentar", "Comment"),
        "what the party says in public; the computed status stays",
    )
    .required(),
    Member::new("said_on", Date, ("Datum", "Date"), "when it was said").required(),
    REVISION,
];

pub(super) const PRIORITY: &[Member] = &[
    Member::new("week", Week, ("Vecka", "Week"), "the ISO week it is for, Monday to Sunday").required(),
    Member::new("rank", Whole(1, u32::MAX), ("Ordning", "Rank"), "place in the order, from 1").required(),
    Member::new("text", Text, ("Vad ska göras eller bevakas?", "What is to be done or watched?"), "what it is")
        .required(),
    Member::new("area", Area, ("Område", "Area"), "the area it is about; null for none").first(),
    Member::new(
        "owner_organisation",
        Line,
        ("Ansvarig organisation", "Responsible organisation"),
        "who takes it on: an organisation, never a person",
    )
    .first(),
    Member::new("decided_on", Date, ("Beslutat den", "Decided on"), "when it was decided").required(),
    REVISION,
];
