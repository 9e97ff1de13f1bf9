//! The fields of records and the headings they go by, in Swedish and English.

use super::Into;
use super::followup_rows::OF_ACTION;
use super::values::folded;

/// What a column can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Id of the record.
    Id,
    /// Category of an observation.
    Category,
    /// Kind of an activity.
    Kind,
    /// Moment, day or longer.
    Datetime,
    /// Start of an interval; a time of day when there is a date column.
    Start,
    /// End of an interval, included when it is a day.
    End,
    /// What is known about the time: `instant`, `interval`, `whole_day` or `ambiguous`.
    TimeCertainty,
    /// Day.
    Date,
    /// Time of day beside the date.
    Time,
    /// Longitude in degrees.
    Lon,
    /// Latitude in degrees.
    Lat,
    /// Easting in metres of `--crs` (degrees of longitude without it).
    X,
    /// Northing in metres of `--crs` (degrees of latitude without it).
    Y,
    /// Well-known text, in degrees or in `--crs`.
    Geometry,
    /// Place name, found in the register.
    Place,
    /// Id in the place register, where the position came from.
    PlaceId,
    /// Street address, found in the register like a place.
    Address,
    /// Area, by id or either name.
    Area,
    /// How far the true position may be, in metres.
    PrecisionM,
    /// Who it comes from.
    Source,
    /// Unsafe or safe.
    Feeling,
    /// 1 to 5.
    Severity,
    /// Free text.
    Text,
    /// Roles and organisations.
    Actors,
    /// Minutes of work.
    Minutes,
    /// Foot, car, ...
    Mode,
    /// What came out of it.
    Result,
    /// One decision with one purpose.
    OperationId,
    /// Name of a place.
    Name,
    /// Other names of a place, by `;` or `|`.
    Aliases,
    /// Organisation whose work, week or word it is.
    Organisation,
    /// Month, quarter, week or longer.
    Period,
    /// A number of things.
    N,
    /// Who reported a number.
    ReportedBy,
    /// When a number was reported.
    ReportedOn,
    /// Id of what an action is about.
    About,
    /// What is to be done.
    Measure,
    /// Organisation that is to do it.
    Owner,
    /// Until when.
    Due,
    /// How far it has come.
    Status,
    /// Why it is not done.
    WhyNot,
    /// When it is looked at again.
    Recheck,
    /// Name of a survey wave.
    Wave,
    /// The question in Swedish.
    QuestionSv,
    /// The question in English.
    QuestionEn,
    /// Who answered.
    Respondents,
    /// The answers to choose from.
    AnswerScale,
    /// Which answers mean unsafe.
    UnsafeAnswers,
    /// People asked.
    Asked,
    /// People who answered.
    Answered,
    /// Answers that mean unsafe.
    UnsafeCount,
    /// Share of answers that mean unsafe.
    UnsafeShare,
    /// Half width of a published interval.
    Margin,
    /// Whether answers were weighted.
    Weighted,
    /// Those who do not know.
    DontKnow,
    /// Those who do not go there.
    DontGoThere,
    /// First day of a period.
    PeriodStart,
    /// Last day of a period, included.
    PeriodEnd,
    /// Id of the inventory or walk of which an observation is a point.
    Inventory,
    /// Where a picture is kept.
    Photo,
    /// Whether, or how many of them, are stated as intelligence-led.
    IntelligenceLed,
    /// What a booking is about, in a line.
    Title,
    /// Day on which a date was set.
    BookedOn,
    /// Whether it was called off.
    Cancelled,
    /// Id of the activity that came of a booking.
    Activity,
    /// Id of a promise document.
    Promise,
    /// A commitment in it.
    Commitment,
    /// A party in it.
    Party,
    /// When it was said.
    SaidOn,
    /// Place in the order.
    Rank,
    /// When it was decided.
    DecidedOn,
    /// What tells the reports of one person from those of others.
    ReporterKey,
    /// Whether everybody is invited.
    Invitation,
}

/// Field, code, folded synonyms (best first).
pub(crate) const FIELDS: &[(Field, &str, &[&str])] = &[
    (
        Field::Id,
        "id",
        &[
            "lopnummer",
            "lopnr",
            "arendenummer",
            "arendenr",
            "arendeid",
            "diarienummer",
            "diarienr",
            "handelseid",
            "referens",
            "uuid",
        ],
    ),
    (
        Field::Category,
        "category",
        &["kategori", "handelsetyp", "brottstyp", "typavhandelse", "typ", "type", "handelse", "problem"],
    ),
    (
        Field::Kind,
        "kind",
        &[
            "aktivitetstyp",
            "typavaktivitet",
            "typavinsats",
            "insatstyp",
            "aktivitet",
            "activity",
            "activitytype",
            "insats",
            "slag",
            "typ",
            "type",
            "kategori",
            "category",
        ],
    ),
    (
        Field::Datetime,
        "datetime",
        &[
            "tidpunkt",
            "datumochtid",
            "datumtid",
            "datumochklockslag",
            "tidsstampel",
            "timestamp",
            "datetimeiso",
            "dateandtime",
            "handelsetid",
            "occurredat",
        ],
    ),
    (
        Field::Start,
        "start",
        &[
            "startutc",
            "starttid",
            "starttidpunkt",
            "startdatum",
            "borjan",
            "fran",
            "franochmed",
            "starttime",
            "startdate",
            "begin",
            "from",
            "startar",
        ],
    ),
    (
        Field::End,
        "end",
        &[
            "endutc",
            "slut",
            "sluttid",
            "sluttidpunkt",
            "slutdatum",
            "till",
            "tillochmed",
            "endtime",
            "enddate",
            "stop",
            "to",
            "slutar",
        ],
    ),
    (Field::TimeCertainty, "time_certainty", &["tidssakerhet"]),
    (Field::Date, "date", &["datum", "dag", "day", "handelsedatum"]),
    (Field::Time, "time", &["tid", "klockslag", "klockan", "klocka", "kl"]),
    (Field::Lon, "lon", &["longitude", "longitud", "long", "lng", "lonwgs84", "locationlon"]),
    (Field::Lat, "lat", &["latitude", "latitud", "latwgs84", "locationlat"]),
    (
        Field::X,
        "x",
        &["e", "east", "easting", "ost", "ostlig", "ostkoordinat", "xkoordinat", "xcoord", "xcoordinate", "koordinatx"],
    ),
    (
        Field::Y,
        "y",
        &[
            "n",
            "north",
            "northing",
            "nord",
            "norr",
            "nordlig",
            "nordkoordinat",
            "ykoordinat",
            "ycoord",
            "ycoordinate",
            "koordinaty",
        ],
    ),
    (Field::Geometry, "geometry", &["wkt", "geometri", "geom", "thegeom"]),
    (Field::Place, "place", &["plats", "platsnamn", "placename", "location", "locationname", "lokal", "stalle", "var"]),
    (Field::PlaceId, "place_id", &["platsid"]),
    (Field::Address, "address", &["adress", "gatuadress", "gata", "streetaddress", "street"]),
    (Field::Area, "area", &["omrade", "areaid", "omradesid", "areaname", "omradesnamn", "stadsdel", "bostadsomrade"]),
    (
        Field::PrecisionM,
        "precision_m",
        &["precision", "noggrannhet", "noggrannhetm", "osakerhet", "osakerhetm", "accuracy", "accuracym"],
    ),
    (Field::Source, "source", &["kalla", "uppgiftskalla", "rapportkalla"]),
    (
        Field::Feeling,
        "feeling",
        &[
            "kansla",
            "upplevelse",
            "kannstryggt",
            "kannstrygg",
            "kannsdettryggt",
            "upplevstrygg",
            "upplevstryggt",
            "upplevdtrygghet",
            "trygghet",
            "trygg",
            "tryggt",
            "otrygg",
            "otryggt",
            "kannsotryggt",
            "unsafe",
            "safe",
        ],
    ),
    (Field::Severity, "severity", &["allvarlighetsgrad", "allvarlighet", "allvarsgrad"]),
    (
        Field::Text,
        "text",
        &[
            "beskrivning",
            "fritext",
            "iakttagelse",
            "description",
            "kommentar",
            "anteckning",
            "anteckningar",
            "notering",
            "comment",
            "notes",
            "summary",
            "sammanfattning",
            "prioritering",
        ],
    ),
    (
        Field::Actors,
        "actors",
        &[
            "aktorer",
            "deltagare",
            "medverkande",
            "participants",
            "utfordav",
            "utforare",
            "organisation",
            "organisationer",
        ],
    ),
    (
        Field::Minutes,
        "minutes",
        &["minuter", "antalminuter", "tidsatgangmin", "tidsatgangminuter", "durationmin", "durationminutes"],
    ),
    (Field::Mode, "mode", &["satt", "fardsatt", "transportsatt"]),
    (Field::Result, "result", &["resultat", "utfall", "outcome"]),
    (Field::OperationId, "operation_id", &["insatsid", "insatsnummer", "insatsnr"]),
    (Field::Name, "name", &["namn", "plats", "platsnamn", "place", "placename"]),
    (Field::Aliases, "aliases", &["alias", "andranamn", "synonymer"]),
    (Field::Organisation, "organisation", &["myndighet", "org", "forvaltning", "organization"]),
    (
        Field::Period,
        "period",
        &[
            "manad",
            "kvartal",
            "month",
            "quarter",
            "vecka",
            "week",
            "tidsperiod",
            "avserperiod",
            "manadkvartal",
            "matperiod",
        ],
    ),
    (Field::N, "n", &["antal", "count", "number", "antalinsatser", "antalgenomforda", "antalrapporter"]),
    (Field::ReportedBy, "reported_by", &["rapporteratav", "inrapporteratav", "uppgiftslamnare", "reportedby"]),
    (
        Field::ReportedOn,
        "reported_on",
        &["rapporterat", "rapporteratden", "rapportdatum", "rapporteringsdatum", "inrapporterat", "datum", "date"],
    ),
    (Field::About, "about", &["galler", "avserid", "observation", "observationsid", "iakttagelse"]),
    (Field::Measure, "measure", &["atgard", "atgarder", "atgardsforslag", "forslagtillatgard", "action"]),
    (Field::Owner, "owner_organisation", &["ansvarig", "agare", "ansvarigorganisation", "ansvarigaktor", "owner"]),
    (
        Field::Due,
        "due",
        &["senast", "forfallodatum", "klartsenast", "skavaraklart", "deadline", "klart", "forfaller", "duedate"],
    ),
    (Field::Status, "status", &["atgardsstatus", "lage"]),
    (
        Field::WhyNot,
        "why_not",
        &["varforinte", "orsak", "anledning", "skal", "whynotdone", "varforejgenomford", "varforintegjort"],
    ),
    (
        Field::Recheck,
        "recheck",
        &["foljsupp", "uppfoljning", "ateruppfoljning", "kontrolleras", "nykontroll", "sesoverden"],
    ),
    (Field::Wave, "wave", &["matning", "omgang", "vag", "namn", "name"]),
    (Field::QuestionSv, "question_sv", &["fraga", "question", "fragasv"]),
    (Field::QuestionEn, "question_en", &["fragaen", "fragapaengelska"]),
    (Field::Respondents, "respondents", &["svarande", "malgrupp"]),
    (Field::AnswerScale, "answer_scale", &["svarsskala", "svarsalternativ"]),
    (Field::UnsafeAnswers, "unsafe_answers", &["otryggasvar", "svarsombetyderotrygg"]),
    (Field::Asked, "asked", &["tillfragade", "antaltillfragade", "utskick"]),
    (Field::Answered, "answered", &["antalsvar", "antalsvarande", "svarat", "svar"]),
    (Field::UnsafeCount, "unsafe_count", &["unsafe", "otrygga", "antalotrygga"]),
    (Field::UnsafeShare, "unsafe_share", &["andelotrygga", "andel"]),
    (Field::Margin, "margin", &["felmarginal", "marginal"]),
    (Field::Weighted, "weighted", &["viktad", "viktat", "viktade", "arviktad"]),
    (Field::DontKnow, "dont_know", &["vetej", "vetinte", "antalvetej", "dontknow"]),
    (Field::DontGoThere, "dont_go_there", &["garintedit", "garejdit", "vistasintedar", "antalgarintedit"]),
    (Field::PeriodStart, "period_start", &["franochmed", "fran", "forstadag", "from"]),
    (Field::PeriodEnd, "period_end", &["tillochmed", "till", "sistadag", "to"]),
    (
        Field::Inventory,
        "inventory",
        &["trygghetsinventering", "inventering", "protokoll", "inventeringsid", "trygghetsvandring"],
    ),
    (
        Field::Photo,
        "photo",
        &["foto", "fotonummer", "fotonr", "bild", "bildfil", "bildnummer", "bildnr", "picture", "image"],
    ),
    (
        Field::IntelligenceLed,
        "intelligence_led",
        &[
            "underrattelsebaserad",
            "underrattelsebaserade",
            "underrattelsebaserat",
            "varavunderrattelsebaserade",
            "underrattelsestyrd",
            "underrattelsestyrda",
            "underrattelsestyrt",
            "varavunderrattelsestyrda",
            "underrattelseledd",
        ],
    ),
    (Field::Title, "title", &["rubrik", "titel", "amne", "benamning"]),
    (Field::BookedOn, "booked_on", &["bokatden", "bokat", "bokad", "bokningsdatum", "inbokat"]),
    (Field::Cancelled, "cancelled", &["installt", "installd", "avbokat", "avbokad", "canceled"]),
    (Field::Activity, "activity", &["blev", "aktivitetsid", "genomfordaktivitet"]),
    (Field::Promise, "promise", &["lofte", "loftesid", "medborgarlofte"]),
    (Field::Commitment, "commitment", &["utlovadaktivitet", "atagande", "utlovat"]),
    (Field::Party, "party", &["part", "loftespart"]),
    (Field::SaidOn, "said_on", &["kommenteratden", "kommenterat", "sagtden", "datum", "date"]),
    (Field::Rank, "rank", &["ordning", "prioritet", "rang", "nr"]),
    (Field::DecidedOn, "decided_on", &["beslutatden", "beslutat", "beslutsdatum", "datum", "date"]),
    (Field::ReporterKey, "reporter_key", &["anmalarnyckel"]),
    (Field::Invitation, "invitation", &["inbjudan", "offentliginbjudan", "publicinvitation"]),
];

impl Field {
    /// Number of fields.
    pub(crate) const COUNT: usize = FIELDS.len();

    /// All fields in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        FIELDS.iter().map(|(field, ..)| *field)
    }

    /// The name used by `--map` and as a heading.
    pub fn code(self) -> &'static str {
        FIELDS[self as usize].1
    }

    /// Reads the name used by `--map`.
    pub fn from_code(code: &str) -> Option<Self> {
        FIELDS.iter().find(|(_, name, _)| *name == code).map(|(field, ..)| *field)
    }

    /// The field whose name is closest to `text`, for "did you mean".
    pub fn nearest(text: &str) -> Self {
        let wanted = folded(text);
        let distance = |(_, name, synonyms): &&(Self, &str, &[&str])| {
            let names = synonyms.iter().copied().chain(std::iter::once(*name));
            names.map(|n| strsim::levenshtein(&folded(n), &wanted)).min().unwrap_or(usize::MAX)
        };
        FIELDS.iter().min_by_key(distance).map_or(Self::Id, |(field, ..)| *field)
    }

    /// Whether rows of a safety-walk protocol have it for the action beside the observation.
    pub fn is_of_action(self) -> bool {
        OF_ACTION.contains(&self)
    }

    /// Whether rows of that collection have this field. Areas and promises are not read row by row.
    pub fn belongs_to(self, into: Into) -> bool {
        use Field as F;
        let observation = matches!(self, F::Category | F::Feeling | F::Severity);
        let activity = matches!(self, F::Kind | F::Actors | F::Minutes | F::Mode | F::Result | F::OperationId);
        let place = matches!(self, F::Name | F::Aliases);
        let every = matches!(self, F::Id | F::Lon | F::Lat | F::X | F::Y | F::Geometry | F::Area | F::PrecisionM);
        let follows = self as usize > F::Aliases as usize;
        match into {
            Into::Observations => {
                (!activity && !place && !follows) || matches!(self, F::Inventory | F::Photo | F::ReporterKey)
            }
            Into::Activities => (!observation && !place && !follows && self != F::Source) || self == F::IntelligenceLed,
            Into::Places => every || place || self == F::Source,
            Into::ReportedCounts => {
                let count = matches!(self, F::Organisation | F::N | F::ReportedBy | F::ReportedOn);
                let period = matches!(self, F::Period | F::PeriodStart | F::PeriodEnd);
                count || period || matches!(self, F::Id | F::Kind | F::Area | F::IntelligenceLed | F::Actors)
            }
            Into::Reports => {
                matches!(self, F::Id | F::Area | F::Organisation | F::Period | F::N | F::ReportedOn)
            }
            Into::Actions => matches!(self, F::Id | F::Area | F::Text | F::About) || OF_ACTION.contains(&self),
            Into::Surveys => {
                let of_wave = (F::Wave as usize..=F::PeriodEnd as usize).contains(&(self as usize));
                of_wave || matches!(self, F::Id | F::Area | F::Source | F::Period)
            }
            Into::Bookings => {
                let time = matches!(self, F::Datetime | F::Start | F::End | F::TimeCertainty | F::Date | F::Time);
                let booking = matches!(self, F::Title | F::BookedOn | F::Cancelled | F::Activity | F::Invitation);
                time || booking || matches!(self, F::Id | F::Kind | F::Area | F::Actors)
            }
            Into::Comments => matches!(self, F::Id | F::Promise | F::Commitment | F::Party | F::Text | F::SaidOn),
            Into::Priorities => {
                matches!(self, F::Id | F::Period | F::Rank | F::Area | F::Text | F::Owner | F::DecidedOn)
            }
            Into::Areas | Into::Promises => false,
        }
    }
}
