//! Places that may need attention, and repeated places, in words.

use super::picture_areas::most_common;
use super::picture_paper::marked;
use super::words::{date, days, name, status_word};
use crate::analysis::repeated_places::{RepeatedPlace, RepeatedPlacesParams};
use crate::followup::attention::{Proposal, Reason, Where};
use crate::followup::picture::{LEAST_TO_PROPOSE, Picture, Stage};
use crate::spatial::Snapshot;
use crate::text::lang::{Lang, texts};
use crate::text::paper::{Block, Inline, Line, Table, line};
use crate::wire::figures::{decimal, percent, range, short, whole};

texts! {
    PLACES: "Platser som kan behöva uppmärksamhet", "Places that may need attention";
    PROPOSAL: "Det här är ett förslag att tala om på mötet. Varje plats har sina skäl. Listan är ingen rangordning och säger inget om dem som bor där.",
        "This is a proposal to discuss at the meeting. Each place has its reasons. The list is no ranking and says nothing about those who live there.";
    NONE: "Inget sticker ut. Det betyder inte att allt är bra, bara att reglerna inte gav något skäl.",
        "Nothing stands out. That does not mean that all is well, only that the rules gave no reason.";
    TOO_FEW: "Perioden har {n} iakttagelser. Det är för få för att föreslå platser efter antal, det krävs {least}. Här finns bara platser som återkommer, försenade åtgärder, löften som är efter plan och svar i mätningar.",
        "The period has {n} observations. That is too few to propose places by number, it takes {least}. Only repeated places, late actions, promises that are behind and survey answers are here.";
    REST: "Resten av kommunen", "Rest of the municipality";
    MORE: "Fler iakttagelser än tiden före: {n} mot {before}.", "More observations than the time before: {n} against {before}.";
    MORE_RATIO: " Det är {ratio} gånger så många (95 %: {range}).", " That is {ratio} times as many (95 %: {range}).";
    DENSE: "Många iakttagelser per km²: {value} (95 %: {range}), av {n}. Plats {rank} av {of} i ordningen. Det kan bero på att många rör sig där.",
        "Many observations per km²: {value} (95 %: {range}), from {n}. Place {rank} of {of} in the order. It may be because many people pass there.";
    REPEATED_NO_ACTION: "{n} iakttagelser från {first} till {last}. Ingen öppen åtgärd gäller dem.", "{n} observations from {first} to {last}. No open action is about them.";
    OVERDUE: "{n} åtgärder är försenade, den äldsta sedan {date}.", "{n} actions are overdue, the oldest since {date}.";
    OVERDUE_ONE: "En åtgärd är försenad sedan {date}.", "One action is overdue since {date}.";
    COMMITMENT: "Löftet ”{name}” är {status}.", "The promise “{name}” is {status}.";
    LESS_SAFE: "Färre säger att de känner sig trygga än i mätningen {before}: {change} procentenheter (95 %: {range}), av {n} svar.",
        "Fewer say that they feel safe than in the survey {before}: {change} percentage points (95 %: {range}), of {n} answers.";
    MORE_REPEATED: "Ytterligare {n} platser återkommer utan åtgärd. De finns i listan nedan.", "Another {n} places are repeated without an action. They are in the list below.";

    REPEATED: "Platser som återkommer", "Repeated places";
    RULE: "Regeln: minst {least} iakttagelser på {days} dagar inom {radius} meter från en av dem. Perioden är {period}. Iakttagelser av att det känns tryggt räknas inte.",
        "The rule: at least {least} observations in {days} days within {radius} metres of one of them. The period is {period}. Observations that it feels safe do not count.";
    NO_REPEATED: "Ingen plats återkommer.", "No place is repeated.";
    LEFT_OUT: "{nowhere} iakttagelser utan läge och {coarse} med för grovt läge kan inte vara med.", "{nowhere} observations without a position and {coarse} with one too coarse cannot take part.";
    CAPTION: "Platser som återkommer {period}", "Repeated places {period}";
    H_PLACE: "Plats", "Place";
    H_AREA: "Område", "Area";
    H_N: "Antal", "Number";
    H_FIRST: "Första", "First";
    H_LAST: "Senaste", "Last";
    H_WHAT: "Vad", "What";
    NEAR: "vid {coordinates}", "at {coordinates}";
    NO_AREA: "inget", "none";
    FURTHER: "Ytterligare {n} platser återkommer.", "Another {n} places are repeated.";
}

/// Most rows of the table.
const LISTED: usize = 20;

/// The sections about places.
pub(super) fn attention_blocks(blocks: &mut Vec<Block>, snapshot: &Snapshot, picture: &Picture, lang: Lang) {
    blocks.push(Block::Heading { level: 2, text: PLACES.of(lang).to_string(), id: "places".into() });
    let attention = &picture.attention;
    if let (Some(n), true) = (attention.too_few, picture.is_known()) {
        let (n, least) = (whole(n, lang), LEAST_TO_PROPOSE.to_string());
        blocks.push(Block::note(TOO_FEW.with(lang, &[("n", &n), ("least", &least)])));
    }
    if attention.proposals.is_empty() {
        blocks.push(Block::para(NONE.of(lang)));
    } else {
        blocks.push(Block::para(PROPOSAL.of(lang)));
        blocks.push(Block::List(attention.proposals.iter().map(|p| proposal(snapshot, picture, p, lang)).collect()));
    }
    if attention.more_repeated > 0 {
        blocks.push(Block::para(MORE_REPEATED.with(lang, &[("n", &attention.more_repeated.to_string())])));
    }
    if picture.stage != Stage::NotBegun {
        repeated_blocks(blocks, snapshot, picture, lang);
    }
}

fn proposal(snapshot: &Snapshot, picture: &Picture, proposal: &Proposal, lang: Lang) -> Line {
    let title = match proposal.place {
        Where::Area(area) => marked(snapshot, area, lang),
        Where::Rest => REST.of(lang).to_string(),
        Where::Repeated(i) => picture.repeated.places.get(i).map_or_else(String::new, |place| {
            let area = area_of(snapshot, picture, place, lang);
            let title = place_name(place, lang);
            if area == NO_AREA.of(lang) { title } else { format!("{title}, {area}") }
        }),
    };
    let mut line = vec![Inline::Strong(format!("{title}."))];
    let reasons = proposal.reasons.iter().map(|reason| reason_text(picture, proposal.place, reason, lang));
    line.push(Inline::text(format!(" {}", reasons.collect::<Vec<_>>().join(" "))));
    line
}

/// One sentence or two with the numbers behind a reason.
pub(super) fn reason_text(picture: &Picture, place: Where, reason: &Reason, lang: Lang) -> String {
    match reason {
        Reason::MoreThanBefore { n, comparison } => {
            let (n, before) = (whole(*n, lang), whole(comparison.n_before, lang));
            let mut text = MORE.with(lang, &[("n", &n), ("before", &before)]);
            let change = &comparison.change;
            if let (Some(ratio), Some(interval)) = (change.rate_ratio.filter(|r| r.is_finite()), change.interval) {
                let (ratio, range) = (short(ratio, lang), range(interval, lang));
                text.push_str(&MORE_RATIO.with(lang, &[("ratio", &ratio), ("range", &range)]));
            }
            text
        }
        Reason::Dense { n, per_km2, rank, ranked } => {
            let place =
                if rank.low == rank.high { rank.low.to_string() } else { format!("{}–{}", rank.low, rank.high) };
            let values = [
                ("value", short(per_km2.0, lang)),
                ("range", range(per_km2.1, lang)),
                ("n", whole(*n, lang)),
                ("rank", place),
                ("of", ranked.to_string()),
            ];
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            DENSE.with(lang, &values)
        }
        Reason::RepeatedWithoutAction => {
            let Where::Repeated(i) = place else { return String::new() };
            picture.repeated.places.get(i).map_or_else(String::new, |place| {
                let (n, first, last) = (whole(place.n, lang), date(place.first), date(place.last));
                REPEATED_NO_ACTION.with(lang, &[("n", &n), ("first", &first), ("last", &last)])
            })
        }
        Reason::OverdueActions { n: 1, oldest } => OVERDUE_ONE.with(lang, &[("date", &date(*oldest))]),
        Reason::OverdueActions { n, oldest } => OVERDUE.with(lang, &[("n", &n.to_string()), ("date", &date(*oldest))]),
        Reason::Commitment { document, commitment, status } => {
            let rows = picture.documents().filter(|d| d.document.head().id == *document).flat_map(|d| &d.rows);
            let named = rows.filter(|row| row.commitment.id == *commitment).map(|row| &row.commitment.names);
            let named = named.map(|names| name(names, lang)).next().unwrap_or_default();
            COMMITMENT.with(lang, &[("name", named), ("status", status_word(*status, lang))])
        }
        Reason::FeelsLessSafe { answered, change, .. } => {
            let Some(found) = change.feels_safe else { return String::new() };
            let points = |share: f64| decimal(share * 100.0, 0, lang);
            let range = format!("{} – {}", points(found.interval.low), points(found.interval.high));
            let (value, n) = (percent(found.value, lang), whole(u64::from(*answered), lang));
            let values = [("before", change.before_name.as_str()), ("change", &value), ("range", &range), ("n", &n)];
            LESS_SAFE.with(lang, &values)
        }
    }
}

fn repeated_blocks(blocks: &mut Vec<Block>, snapshot: &Snapshot, picture: &Picture, lang: Lang) {
    blocks.push(Block::heading(3, REPEATED.of(lang)));
    blocks.push(Block::para(rule(&picture.repeated.params, &days(&picture.repeated.period), lang)));
    let repeated = &picture.repeated;
    if repeated.places.is_empty() {
        blocks.push(Block::para(NO_REPEATED.of(lang)));
    } else {
        let row = |place: &RepeatedPlace| {
            let cells = [
                place_name(place, lang),
                area_of(snapshot, picture, place, lang),
                whole(place.n, lang),
                date(place.first),
                date(place.last),
                most_common(&snapshot.vocabulary().categories, &place.terms, lang),
            ];
            cells.map(line).to_vec()
        };
        blocks.push(Block::Table(Table {
            caption: CAPTION.with(lang, &[("period", &days(&repeated.period))]),
            head: [H_PLACE, H_AREA, H_N, H_FIRST, H_LAST, H_WHAT].map(|text| text.of(lang).to_string()).to_vec(),
            numeric: vec![false, false, true, false, false, false],
            rows: repeated.places.iter().take(LISTED).map(row).collect(),
        }));
        if repeated.places.len() > LISTED {
            let more = (repeated.places.len() - LISTED).to_string();
            blocks.push(Block::para(FURTHER.with(lang, &[("n", &more)])));
        }
    }
    let records = repeated.records;
    if records.without_position + records.too_coarse > 0 {
        let (nowhere, coarse) = (whole(records.without_position, lang), whole(records.too_coarse, lang));
        blocks.push(Block::para(LEFT_OUT.with(lang, &[("nowhere", &nowhere), ("coarse", &coarse)])));
    }
}

/// The rule in words.
fn rule(params: &RepeatedPlacesParams, period: &str, lang: Lang) -> String {
    let values = [
        ("least", params.least.to_string()),
        ("days", params.days.to_string()),
        ("radius", decimal(params.radius_m, 0, lang)),
        ("period", period.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    RULE.with(lang, &values)
}

/// The name of the register, or coordinates to about 100 m.
pub(super) fn place_name(place: &RepeatedPlace, lang: Lang) -> String {
    let near = || NEAR.with(lang, &[("coordinates", &place.coordinates())]);
    place.name.clone().unwrap_or_else(near)
}

/// The areas of the picture's table that a place lies in.
fn area_of(snapshot: &Snapshot, picture: &Picture, place: &RepeatedPlace, lang: Lang) -> String {
    let shown = picture.areas.iter().filter(|part| place.areas.contains(&part.area));
    let names: Vec<&str> = shown.map(|part| name(&snapshot.areas().area(part.area).names, lang)).collect();
    if names.is_empty() { NO_AREA.of(lang).to_string() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_say_everything() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
