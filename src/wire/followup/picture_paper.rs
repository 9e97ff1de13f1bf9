//! The situation picture as a paper, in the order in which a meeting reads it.

use super::ledger_paper::{commitment_path, done, promised, summary};
use super::picture_areas::{actions, area_blocks};
use super::picture_places::attention_blocks;
use super::picture_surveys::survey_blocks;
use super::words::{self, date, days, name};
use crate::analysis::change::Verdict;
use crate::domain::{Certainty, Period};
use crate::followup::Book;
use crate::followup::picture::{Picture, Stage};
use crate::followup::status::Status;
use crate::spatial::{DataClass, Snapshot};
use crate::text::lang::{Lang, texts};
use crate::text::paper::{Block, Inline, Line, Paper, Table, line};
use crate::wire::SOFTWARE;
use crate::wire::figures::{percent, whole};

texts! {
    TITLE: "Lägesbild {days}", "Situation picture {days}";
    NOT_BEGUN: "Perioden börjar {date}. Ännu finns inget att visa om den.", "The period begins on {date}. There is nothing to show about it yet.";
    UNDER_WAY: "Perioden är inte slut. {n} dagar är kvar. Allt räknas till och med {date}.", "The period is not over. {n} days are left. Everything is counted up to and with {date}.";
    NO_DATA: "Det finns inga iakttagelser i filen ännu. Antalen är inte kända. De är inte noll.",
        "There are no observations in the file yet. The numbers are not known. They are not zero.";
    BEFORE_DATA: "Filens första iakttagelse är från {date}, efter perioden. Antalen är inte kända. De är inte noll.",
        "The first observation of the file is from {date}, after the period. The numbers are not known. They are not zero.";
    LEAD_NONE: "Ingen iakttagelse kom in under perioden.", "No observation came in during the period.";
    LEAD_N: "{n} iakttagelser är gjorda under perioden och {before} under perioden före. {change}",
        "{n} observations were made in the period and {before} in the period before. {change}";
    LEAD_N_ALONE: "{n} iakttagelser är gjorda under perioden.", "{n} observations were made in the period.";
    C_HIGHER: "Det är fler än slumpen kan förklara.", "That is more than chance can explain.";
    C_LOWER: "Det är färre än slumpen kan förklara.", "That is fewer than chance can explain.";
    C_NONE: "Skillnaden kan vara slump.", "The difference may be chance.";
    C_FEW: "Det är för få för att säga om det har ändrats.", "That is too few to say whether it has changed.";
    C_BEGIN: "Uppgifterna börjar inne i tiden före. Därför går det inte att jämföra.", "The data begins inside the time before. So they cannot be compared.";
    LEAD_LATE: "{n} delar av löftena är efter plan eller inte uppfyllda.", "{n} parts of the promises are behind or not met.";
    LEAD_LATE_ONE: "En del av löftena är efter plan eller inte uppfylld.", "One part of the promises is behind or not met.";
    LEAD_PLACES: "{n} platser kan behöva uppmärksamhet.", "{n} places may need attention.";
    LEAD_PLACES_ONE: "En plats kan behöva uppmärksamhet.", "One place may need attention.";

    PROMISES: "Löftena", "The promises";
    NO_PROMISE: "Inget löfte gäller under perioden.", "No promise holds in the period.";
    PROMISES_CAPTION: "{promise}, läget {date}", "{promise}, as of {date}";
    H_WHAT: "Utlovad aktivitet", "Commitment";
    H_PROMISED: "Lovat", "Promised";
    H_DONE: "Gjort", "Done";
    H_STATUS: "Läge", "Status";
    H_WHY: "Varför", "Why";

    UNKNOWN: "Det vi inte vet", "What we do not know";
    U_POSITION: "{n} av {of} iakttagelser har inget läge{share}. De finns inte i något område.", "{n} of {of} observations have no position{share}. They are in no area.";
    U_SHARE: " ({share} procent)", " ({share} per cent)";
    U_COARSE: "{n} har ett läge som är för grovt för sitt område.", "{n} have a position that is too coarse for their area.";
    U_BORDER: "{n} ligger precis på en gräns och räknas inte till något område.", "{n} lie exactly on a border and count in no area.";
    U_PRECISION: "För {n} vet vi inte hur noga läget är.", "For {n} we do not know how precise the position is.";
    U_TIME: "För {n} vet vi inte vilken tid på dygnet det var.", "For {n} we do not know at what time of day it was.";
    U_ALL_PLACED: "Alla iakttagelser i perioden har ett läge.", "All observations in the period have a position.";
    U_ASSUMED: "Gränsen är antagen av oss för {areas}. Den verkliga gränsen kan vara en annan.", "The outline of {areas} is assumed by us. The true border may be another.";
    U_PLACEHOLDER: "Läget är inte känt för {areas}. Gränsen är bara en markering.", "The position of {areas} is not known. The outline is only a mark.";
    U_BEGIN: "De första {n} dagarna ligger före filens första iakttagelse.", "The first {n} days lie before the first observation of the file.";
    U_STALE: "Filens senaste iakttagelse är från {date}, före perioden. Noll kan betyda att inget har lästs in.",
        "The newest observation of the file is from {date}, before the period. Zero may mean that nothing was imported.";
    U_SILENT: "{organisation} har inte rapporterat {n} av {of} veckor. Vi vet inte om det var lugnt eller om rapporten saknas.",
        "{organisation} did not report for {n} of {of} weeks. We do not know whether it was quiet or the report is missing.";
    U_NO_REPORTS: "Ingen organisation rapporterar vecka för vecka. Därför går tystnad och lugn inte att skilja åt.",
        "No organisation reports week by week. So silence and quiet cannot be told apart.";
    U_ALL_REPORTED: "Alla {n} organisationer som brukar rapportera har rapporterat varje vecka.", "All {n} organisations that usually report have reported every week.";
    U_NO_SURVEY: "Ingen har frågat hur trygga folk känner sig i {areas}.", "Nobody has asked how safe people feel in {areas}.";
    U_ONLY_SEEN: "Vi ser bara det som någon har berättat. Fler iakttagelser kan betyda att fler berättar.",
        "We see only what somebody has told. More observations may mean that more people tell.";
    U_MEASURE: "{n} delar av löftena går inte att mäta.", "{n} parts of the promises cannot be measured.";

    METHOD: "Så är bilden gjord", "How the picture is made";
    M_PERIOD: "Perioden är {period}. Den jämförs med {before}.", "The period is {period}. It is compared with {before}.";
    M_INTERVAL: "Talen inom parentes är ett 95-procentigt intervall. Det säger hur mycket slumpen kan göra.",
        "The numbers in brackets are a 95 per cent interval. It says how much chance can do.";
    M_CHANGE: "En ändring visas bara när den är större än slumpen.", "A change is shown only when it is larger than chance.";
    M_OVERLAP: "Områden kan gå in i varandra. Därför är summan av områdena inte alltid hela antalet.", "Areas may overlap. So the sum of the areas is not always the whole number.";
    M_ACTIONS: "Åtgärderna visas så som de står när bilden görs.", "Actions are shown as they stand when the picture is made.";
    M_DATA: "Uppgifterna går från {first} till {last}.", "The data runs from {first} to {last}.";
    M_AGE: "Den senaste är {n} dagar gammal.", "The newest is {n} days old.";
    M_REVISION: "Datafilens version {revision}, {class}. Tidszon {zone}. Plan {plane}. {software}.",
        "Version {revision} of the data file, {class}. Time zone {zone}. Plane {plane}. {software}.";
    M_REAL: "verkliga uppgifter", "real data";
    M_SYNTHETIC: "påhittade uppgifter", "made-up data";
}

/// The whole picture.
pub fn picture_paper(snapshot: &Snapshot, book: &Book, picture: &Picture, lang: Lang) -> Paper {
    let mut paper = Paper {
        lang,
        title: TITLE.with(lang, &[("days", &days(&picture.asked))]),
        lead: lead(picture, lang),
        blocks: Vec::new(),
        synthetic: snapshot.facts().data_class == DataClass::Synthetic,
    };
    let blocks = &mut paper.blocks;
    match picture.stage {
        Stage::UnderWay { days_left } => {
            let (n, until) = (days_left.to_string(), date(picture.as_of));
            blocks.push(Block::note(UNDER_WAY.with(lang, &[("n", &n), ("date", &until)])));
        }
        Stage::NotBegun | Stage::Over => {}
    }
    promise_blocks(blocks, book, picture, lang);
    attention_blocks(blocks, snapshot, picture, lang);
    area_blocks(blocks, snapshot, book, picture, lang);
    survey_blocks(blocks, book, picture, lang);
    actions(blocks, snapshot, picture, lang);
    unknown_blocks(blocks, snapshot, picture, lang);
    method_blocks(blocks, snapshot, picture, lang);
    paper
}

/// The most important first: what was seen, what is late, which places.
fn lead(picture: &Picture, lang: Lang) -> Vec<Line> {
    let mut lead = vec![line(seen(picture, lang))];
    let is_late = |status: Status| matches!(status, Status::Behind | Status::Missed);
    let late = picture.documents().flat_map(|document| &document.rows).filter(|row| is_late(row.status)).count();
    let places = picture.attention.proposals.len();
    let counted = |n: usize, one: crate::text::lang::Text, many: crate::text::lang::Text| match n {
        0 => None,
        1 => Some(line(one.of(lang))),
        n => Some(line(many.with(lang, &[("n", &n.to_string())]))),
    };
    lead.extend(counted(late, LEAD_LATE_ONE, LEAD_LATE));
    lead.extend(counted(places, LEAD_PLACES_ONE, LEAD_PLACES));
    lead
}

fn seen(picture: &Picture, lang: Lang) -> String {
    if picture.stage == Stage::NotBegun {
        return NOT_BEGUN.with(lang, &[("date", &date(picture.asked.start()))]);
    }
    match picture.data {
        None => return NO_DATA.of(lang).to_string(),
        Some((first, _)) if !picture.is_known() => return BEFORE_DATA.with(lang, &[("date", &date(first))]),
        Some(_) => {}
    }
    let n = picture.density.total.value();
    let total = picture.density.total_change.as_ref();
    let before = total.map(|change| change.n_before);
    let verdict = total.map(|change| (change.data_begin_inside, change.verdict()));
    let change = match verdict {
        Some((true, _)) => C_BEGIN,
        Some((_, Verdict::Higher)) => C_HIGHER,
        Some((_, Verdict::Lower)) => C_LOWER,
        Some((_, Verdict::NoEvidence)) => C_NONE,
        Some((_, Verdict::NotEnoughData)) | None => C_FEW,
    };
    if n <= 0.0 && before == Some(0) {
        return LEAD_NONE.of(lang).to_string();
    }
    let n = whole(n as u64, lang);
    match before {
        Some(before) => {
            let before = whole(before, lang);
            LEAD_N.with(lang, &[("n", &n), ("before", &before), ("change", change.of(lang))])
        }
        None => LEAD_N_ALONE.with(lang, &[("n", &n)]),
    }
}

fn heading(text: crate::text::lang::Text, id: &str, lang: Lang) -> Block {
    Block::Heading { level: 2, text: text.of(lang).to_string(), id: id.to_string() }
}

fn promise_blocks(blocks: &mut Vec<Block>, book: &Book, picture: &Picture, lang: Lang) {
    blocks.push(heading(PROMISES, "promises", lang));
    let ledger = &picture.ledger;
    let mut any = false;
    for document in picture.documents() {
        any = true;
        let head = document.document.head();
        blocks.push(Block::Para(summary(&document.rows, lang)));
        let rows = document.rows.iter().map(|row| {
            vec![
                vec![Inline::link(
                    commitment_path(&head.id, &row.commitment.id, lang),
                    name(&row.commitment.names, lang),
                )],
                line(promised(row, ledger, lang)),
                line(done(row, ledger, lang)),
                vec![words::mark(row.status, lang)],
                line(words::reason(row, ledger.as_of, lang)),
            ]
        });
        let caption = [("promise", name(&head.names, lang).to_string()), ("date", date(picture.until))];
        let caption: Vec<(&str, &str)> = caption.iter().map(|(name, value)| (*name, value.as_str())).collect();
        blocks.push(Block::Table(Table {
            caption: PROMISES_CAPTION.with(lang, &caption),
            head: [H_WHAT, H_PROMISED, H_DONE, H_STATUS, H_WHY].map(|text| text.of(lang).to_string()).to_vec(),
            numeric: vec![false; 5],
            rows: rows.collect(),
        }));
    }
    if !any {
        blocks.push(Block::para(NO_PROMISE.of(lang)));
    }
    let concerns = ledger.notices.iter();
    blocks.extend(concerns.map(|notice| Block::note(words::notice(book, notice, lang))));
}

fn unknown_blocks(blocks: &mut Vec<Block>, snapshot: &Snapshot, picture: &Picture, lang: Lang) {
    blocks.push(heading(UNKNOWN, "unknown", lang));
    let mut lines: Vec<Line> = Vec::new();
    let names = |areas: &[crate::spatial::AreaIndex]| listed(snapshot, areas, lang);
    let unknown = &picture.unknown;
    if picture.is_known() {
        lines.extend(record_lines(picture, lang));
    }
    if unknown.days_before_data > 0 && picture.is_known() {
        lines.push(line(U_BEGIN.with(lang, &[("n", &unknown.days_before_data.to_string())])));
    }
    if let Some((_, last)) = picture.data.filter(|(_, last)| picture.is_known() && *last < picture.period.start()) {
        lines.push(line(U_STALE.with(lang, &[("date", &date(last))])));
    }
    for (areas, text) in
        [(&unknown.assumed, U_ASSUMED), (&unknown.placeholder, U_PLACEHOLDER), (&unknown.without_survey, U_NO_SURVEY)]
    {
        if !areas.is_empty() {
            lines.push(line(text.with(lang, &[("areas", &names(areas))])));
        }
    }
    for silent in &unknown.silent {
        let (n, of) = (silent.missing.len().to_string(), silent.weeks.to_string());
        lines.push(line(U_SILENT.with(lang, &[("organisation", &silent.organisation), ("n", &n), ("of", &of)])));
    }
    match (unknown.reporting, unknown.silent.is_empty()) {
        (0, _) => lines.push(line(U_NO_REPORTS.of(lang))),
        (n, true) if picture.stage != Stage::NotBegun => {
            lines.push(line(U_ALL_REPORTED.with(lang, &[("n", &n.to_string())])));
        }
        _ => {}
    }
    let rows = picture.documents().flat_map(|document| &document.rows);
    let unmeasured = rows.filter(|row| row.status == Status::CannotBeMeasured).count();
    if unmeasured > 0 {
        lines.push(line(U_MEASURE.with(lang, &[("n", &unmeasured.to_string())])));
    }
    lines.push(line(U_ONLY_SEEN.of(lang)));
    blocks.push(Block::List(lines));
}

/// What became of the observations that are in no area.
fn record_lines(picture: &Picture, lang: Lang) -> Vec<Line> {
    let records = picture.density.records;
    let total = picture.density.total.value() as u64;
    let said =
        |n: u64, text: crate::text::lang::Text| (n > 0).then(|| line(text.with(lang, &[("n", &whole(n, lang))])));
    let mut lines: Vec<Line> = Vec::new();
    if records.without_position > 0 {
        // A share of few is mostly chance.
        let share = (total >= 20).then(|| {
            let share = percent(records.without_position as f64 / total as f64, lang);
            U_SHARE.with(lang, &[("share", &share)])
        });
        let (n, of) = (whole(records.without_position, lang), whole(total, lang));
        let values = [("n", n.as_str()), ("of", of.as_str()), ("share", share.as_deref().unwrap_or(""))];
        lines.push(line(U_POSITION.with(lang, &values)));
    } else if total > 0 {
        lines.push(line(U_ALL_PLACED.of(lang)));
    }
    lines.extend(said(records.too_coarse, U_COARSE));
    lines.extend(said(records.on_border, U_BORDER));
    lines.extend(said(records.precision_unknown, U_PRECISION));
    lines.extend(said(records.uncertain_time, U_TIME));
    lines
}

/// Areas by name: `a, b och c`; beyond ten the first ten and how many more.
pub(super) fn listed(snapshot: &Snapshot, areas: &[crate::spatial::AreaIndex], lang: Lang) -> String {
    const SHOWN: usize = 10;
    let names: Vec<&str> =
        areas.iter().take(SHOWN).map(|area| name(&snapshot.areas().area(*area).names, lang)).collect();
    let and = lang.pick(" och ", " and ");
    match names.split_last() {
        _ if areas.len() > SHOWN => {
            let more = areas.len() - SHOWN;
            format!("{}{and}{more} {}", names.join(", "), lang.pick("till", "more"))
        }
        Some((last, [])) => (*last).to_string(),
        Some((last, others)) => format!("{}{and}{last}", others.join(", ")),
        None => String::new(),
    }
}

/// The name of an area with a word about an outline that is not official.
pub(super) fn marked(snapshot: &Snapshot, area: crate::spatial::AreaIndex, lang: Lang) -> String {
    let area = snapshot.areas().area(area);
    let mark = match area.certainty {
        Certainty::Official => "",
        Certainty::Assumed => lang.pick(" (antagen gräns)", " (assumed outline)"),
        Certainty::Placeholder => lang.pick(" (läget inte känt)", " (position not known)"),
    };
    format!("{}{mark}", name(&area.names, lang))
}

fn method_blocks(blocks: &mut Vec<Block>, snapshot: &Snapshot, picture: &Picture, lang: Lang) {
    blocks.push(heading(METHOD, "method", lang));
    let facts = snapshot.facts();
    let before = picture.density.comparison.as_ref().map_or_else(String::new, days);
    let mut lines = vec![
        line(M_PERIOD.with(lang, &[("period", &days(&picture.period)), ("before", &before)])),
        line(M_INTERVAL.of(lang)),
        line(M_CHANGE.of(lang)),
        line(M_OVERLAP.of(lang)),
        line(M_ACTIONS.of(lang)),
    ];
    if let Some((first, last)) = picture.data {
        let mut text = M_DATA.with(lang, &[("first", &date(first)), ("last", &date(last))]);
        let age = Period::new(last, picture.as_of).map_or(0, |days| days.days());
        text.push(' ');
        text.push_str(&M_AGE.with(lang, &[("n", &age.to_string())]));
        lines.push(line(text));
    }
    let class = match facts.data_class {
        DataClass::Real => M_REAL,
        DataClass::Synthetic => M_SYNTHETIC,
    };
    let (revision, plane) = (snapshot.revision().to_string(), snapshot.plane().to_string());
    let values = [
        ("revision", revision.as_str()),
        ("class", class.of(lang)),
        ("zone", facts.time_zone.as_str()),
        ("plane", plane.as_str()),
        ("software", SOFTWARE),
    ];
    lines.push(line(M_REVISION.with(lang, &values)));
    blocks.push(Block::List(lines));
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_say_everything() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
