//! The follow-up page: promises, commitments, comments, deeds, actions, surveys, invitations, and what is not known.

use maud::{Markup, html};

use super::shell::Shell;
use super::table::{Cell, Key, Row, table};
use crate::public::context::{Context, View};
use crate::public::data::deeds::{ACTION_STATUS, of_status};
use crate::public::sentence::sentence;
use crate::public::words::{date, days, done, listed, mark, name, pace, target, whole, why};
use crate::release::deeds::{AreaDeeds, Invitation, PublicCommitment, PublicPromise};
use crate::release::{Status, Stream};
use crate::text::lang::{Lang, Text, texts};

texts! {
    TITLE: "Så går det med löftena", "How the promises are going";
    PUBLISHED: "Publicerad {date}.", "Published {date}.";
    SINCE: "Det är {n} dagar sedan förra utgåvan.", "It is {n} days since the release before.";
    FIRST: "Det är den första utgåvan av sitt slag.", "It is the first release of its kind.";
    EVERYTHING: "Uppgifterna gäller till och med {date}.", "The data is up to and including {date}.";
    NONE: "Inget löfte gäller nu, och inget tog slut det senaste året.", "No promise holds now, and none ended in the last year.";
    FACTS: "Gäller {period}. Undertecknat {signed} av {parties}.", "Holds {period}. Signed {signed} by {parties}.";
    QUOTES: "Löftet säger:", "The promise says (in Swedish):";
    CAPTION: "Vad som är lovat och vad som är gjort: {name}", "What is promised and what is done: {name}";
    H_WHAT: "Utlovad aktivitet", "Commitment";
    H_TARGET: "Mål", "Target";
    H_DONE: "Gjort", "Done";
    H_PACE: "Takt", "Pace";
    H_STATUS: "Läge", "Status";
    H_WHY: "Varför", "Why";
    RULE: "Läget räknas fram ur det som är inlagt. Ingen kan sätta det för hand. Takt är så många som borde vara gjorda nu. Små tal har ingen takt.",
        "The status is computed from what is recorded. Nobody can set it by hand. Pace is how many should be done by now. Small numbers have no pace.";
    COMMENTS: "Parternas kommentarer", "Comments by the parties";
    COMMENT: "{party}, {date}, om ”{what}”: ", "{party}, {date}, about “{what}”: ";
    COMMENT_NOTE: "En kommentar ändrar inte läget.", "A comment does not change the status.";
    WORK: "Genomfört arbete", "Work done";
    WORK_CAPTION: "Genomfört arbete {period}, exakta tal, noll visas", "Work done {period}, exact numbers, zero is shown";
    WORK_NOTE: "Det som är inlagt en och en kan också ingå i det som är rapporterat som antal. Vi lägger därför inte ihop dem.",
        "What is recorded one by one may also be among what is reported as a number. So we do not add the two.";
    AS_NUMBER: "rapporterat som antal: {n}", "reported as a number: {n}";
    ABOUT: "omkring {n}", "about {n}";
    NO_WORK: "Inga områden är offentliga i den här utgåvan.", "No areas are public in this release.";
    ACTIONS: "Åtgärder", "Actions";
    ACTIONS_CAPTION: "Åtgärder efter trygghetsvandringar och inventeringar, läget {date}", "Actions after safety walks and inventories, as of {date}";
    H_AREA: "Område", "Area";
    SURVEYS: "Hur trygga folk känner sig", "How safe people feel";
    SURVEY_NONE: "Ingen mätning är med i den här utgåvan. Hur trygga folk känner sig är inte känt.", "No survey is in this release. How safe people feel is not known.";
    SURVEY_NOTE: "Talen är svar på en fråga. De säger inget om varför svaren blev som de blev.", "The numbers are answers to a question. They say nothing about why the answers came out as they did.";
    QUESTION: "Frågan: ”{question}” Svarande: {who}.", "The question: “{question}” Respondents: {who}.";
    S_CAPTION: "Andel som känner sig trygga: {area}", "Share who feel safe: {area}";
    S_WAVE: "Mätning", "Survey";
    S_WHEN: "Tid", "When";
    S_ANSWERS: "Svar", "Answers";
    S_SHARE: "Känner sig trygga", "Feel safe";
    S_CHANGE: "Mot förra mätningen", "Against the survey before";
    SHARE: "{value} % (mellan {low} och {high} %)", "{value} % (between {low} and {high} %)";
    S_INTERVAL: "Inom parentes står det intervall som svaren tål, 95 %.", "In brackets is the interval that the answers bear, 95 %.";
    FEW: "för få svar (under 50)", "too few answers (under 50)";
    V_HIGHER: "större andel", "larger share";
    V_LOWER: "mindre andel", "smaller share";
    V_NO: "ingen säker ändring; så få svar visar minst {n} procentenheter", "no certain change; so few answers show {n} percentage points at least";
    V_FEW: "för få svar för att jämföra", "too few answers to compare";
    V_FIRST: "första mätningen", "first survey";
    R_RESIDENTS: "boende", "residents";
    R_VISITORS: "besökare", "visitors";
    R_ALL: "alla", "all";
    INVITE: "Kom och var med", "Come and take part";
    INVITE_NONE: "Just nu finns ingen inbjudan.", "There is no invitation at the moment.";
    FROM_TO: "kl. {from}–{to}", "{from}–{to}";
    BY: "Inbjuder: {who}.", "Invited by: {who}.";
    FILES: "Uppgifterna som filer", "The data as files";
    F_COMMITMENTS: "Löften och läge", "Promises and status";
    F_DEEDS: "Arbete och åtgärder", "Work and actions";
    F_AREAS: "Områden", "Areas";
}

/// The page.
pub(in crate::public) fn page(context: &Context<'_>) -> String {
    let lang = context.lang;
    let follow_up = &context.release.follow_up;
    let sentence = sentence(context, View::Promises);
    let main = html! {
        h1 { (TITLE.of(lang)) }
        p.lead { (sentence) }
        p { (dates(context)) }
        @if follow_up.promises.is_empty() { p { (NONE.of(lang)) } }
        @for promise in &follow_up.promises { (promise_section(promise, lang)) }
        @if !follow_up.promises.is_empty() { p { (RULE.of(lang)) } }
        (work(context))
        (actions(context))
        (surveys(context))
        (invitations(&follow_up.invitations, lang))
        (super::unknown::section(context))
        (super::log::section(context))
        h2 { (FILES.of(lang)) }
        ul {
            li { (F_COMMITMENTS.of(lang)) ": " a href="data/commitments.csv" { "CSV" } ", " a href="data/commitments.json" { "JSON" } }
            li { (F_DEEDS.of(lang)) ": " a href="data/deeds.csv" { "CSV" } }
            li { (F_AREAS.of(lang)) ": " a href="data/areas.geojson" { "GeoJSON" } }
        }
    };
    Shell { stem: "lofte", title: TITLE.of(lang), sentence: &sentence, view: View::Promises }.around(context, &main)
}

/// When it was published and how long after the one before.
pub(in crate::public) fn dates(context: &Context<'_>) -> String {
    let lang = context.lang;
    let edition = &context.release.edition;
    let since = match context.days_since() {
        Some(n) => SINCE.with(lang, &[("n", &n.to_string())]),
        None => FIRST.of(lang).to_string(),
    };
    let last = match edition.stream {
        Stream::FollowUp => context.release.follow_up.deeds_period.last_day(),
        Stream::Statistics => edition.period.last_day(),
    };
    let published = PUBLISHED.with(lang, &[("date", &date(edition.published_on))]);
    format!("{published} {since} {}", EVERYTHING.with(lang, &[("date", &date(last))]))
}

/// A status as sign and word: the sign is not read out.
pub(in crate::public) fn status(status: Status, lang: Lang) -> Markup {
    let mark = mark(status, lang);
    html! { span class={ "status status-" (mark.code) } { span aria-hidden="true" { (mark.sign) } " " (mark.word) } }
}

fn promise_section(promise: &PublicPromise, lang: Lang) -> Markup {
    let parties = listed(&promise.parties, lang);
    let facts = [("period", days(&promise.period, lang)), ("signed", date(promise.signed)), ("parties", parties)];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let title = name(&promise.names, lang);
    let row = |c: &PublicCommitment| Row {
        key: Key { commitment: Some(c.id.to_string()), ..Key::default() },
        cells: vec![
            Cell::words(html! {
                (name(&c.names, lang))
                @if let Some(area) = &c.area { small { " " (name(area, lang)) } }
            }),
            Cell::words(target(c, lang)),
            Cell::words(done(c, lang)),
            Cell::words(pace(c, lang)),
            Cell::words(status(c.status, lang)),
            Cell::words(why(c, lang)),
        ],
    };
    let rows: Vec<Row> = promise.commitments.iter().map(row).collect();
    let head = [H_WHAT, H_TARGET, H_DONE, H_PACE, H_STATUS, H_WHY].map(|text| text.of(lang));
    let said = promise.commitments.iter().flat_map(|c| c.comments.iter().map(move |comment| (c, comment)));
    let said: Vec<_> = said.collect();
    html! {
        section {
            h2 id=(promise.id.as_str()) { (title) }
            p { (FACTS.with(lang, &facts)) }
            @if !promise.quotes.is_empty() {
                p { (QUOTES.of(lang)) }
                ul lang=[(lang != Lang::Sv).then_some("sv")] { @for quote in &promise.quotes { li { "”" (quote) "”" } } }
            }
            (table(&CAPTION.with(lang, &[("name", title)]), &head, &rows))
            @if !said.is_empty() {
                h3 { (COMMENTS.of(lang)) }
                ul {
                    @for (c, comment) in &said {
                        li {
                            @let values = [("party", comment.party.as_str()), ("date", &date(comment.on)), ("what", name(&c.names, lang))];
                            (COMMENT.with(lang, &values))
                            span lang=[(lang != Lang::Sv).then_some("sv")] { (comment.text) }
                        }
                    }
                }
                p { (COMMENT_NOTE.of(lang)) }
            }
        }
    }
}

/// The word of the place of a row.
pub(in crate::public) fn place_of(row: &AreaDeeds) -> String {
    row.area.as_ref().map_or_else(|| "municipality".to_string(), ToString::to_string)
}

/// Work by area.
pub(in crate::public) fn work(context: &Context<'_>) -> Markup {
    let lang = context.lang;
    let areas = &context.release.follow_up.areas;
    let kinds: Vec<(&str, &str)> = areas
        .first()
        .map(|area| area.done.iter().map(|deed| (deed.kind.as_str(), name(&deed.names, lang))).collect())
        .unwrap_or_default();
    let row = |area: &AreaDeeds| {
        let cell = |deed: &crate::release::deeds::KindDeeds| {
            let items = whole(deed.items, lang);
            let number = AS_NUMBER.with(lang, &[("n", &whole(deed.reported, lang))]);
            Cell::exact(
                deed.items,
                &deed.kind,
                html! { (items) @if deed.reported > 0 { small data-reported=(deed.reported) { (number) } } },
            )
        };
        let cells = std::iter::once(Cell::words(name(&area.names, lang))).chain(area.done.iter().map(cell)).collect();
        Row { key: Key::place(&place_of(area)), cells }
    };
    let rows: Vec<Row> = areas.iter().map(row).collect();
    let head: Vec<&str> = std::iter::once(H_AREA.of(lang)).chain(kinds.iter().map(|(_, name)| *name)).collect();
    let period = days(&context.release.follow_up.deeds_period, lang);
    html! {
        section {
            h2 id="arbete" { (WORK.of(lang)) }
            @if rows.is_empty() { p { (NO_WORK.of(lang)) } }
            @else {
                (table(&WORK_CAPTION.with(lang, &[("period", &period)]), &head, &rows))
                @if areas.iter().flat_map(|area| &area.done).any(|deed| deed.reported > 0) { p { (WORK_NOTE.of(lang)) } }
            }
        }
    }
}

/// Actions by area.
pub(in crate::public) fn actions(context: &Context<'_>) -> Markup {
    let lang = context.lang;
    let areas = &context.release.follow_up.areas;
    let row = |area: &AreaDeeds| {
        let cells =
            ACTION_STATUS.iter().zip(of_status(area)).map(|((code, ..), n)| Cell::exact(n, code, whole(n, lang)));
        Row {
            key: Key::place(&place_of(area)),
            cells: std::iter::once(Cell::words(name(&area.names, lang))).chain(cells).collect(),
        }
    };
    let rows: Vec<Row> = areas.iter().map(row).collect();
    let words = ACTION_STATUS.map(|(_, sv, en)| lang.pick(sv, en));
    let head: Vec<&str> = std::iter::once(H_AREA.of(lang)).chain(words).collect();
    let day = date(context.release.edition.published_on);
    html! {
        section {
            h2 id="atgarder" { (ACTIONS.of(lang)) }
            @if rows.is_empty() { p { (NO_WORK.of(lang)) } }
            @else { (table(&ACTIONS_CAPTION.with(lang, &[("date", &day)]), &head, &rows)) }
        }
    }
}

fn surveys(context: &Context<'_>) -> Markup {
    let lang = context.lang;
    let surveys = &context.release.follow_up.surveys;
    html! {
        section {
            h2 id="trygghet" { (SURVEYS.of(lang)) }
            @if surveys.is_empty() { p { (SURVEY_NONE.of(lang)) } }
            @else { p { (SURVEY_NOTE.of(lang)) " " (S_INTERVAL.of(lang)) } }
            @for survey in surveys {
                @let who = respondents(&survey.respondents, lang);
                h3 { (name(&survey.area_names, lang)) }
                p { (QUESTION.with(lang, &[("question", name(&survey.question, lang)), ("who", &who)])) }
                @let rows: Vec<Row> = survey.waves.iter().map(|wave| wave_row(wave, lang)).collect();
                @let head = [S_WAVE, S_WHEN, S_ANSWERS, S_SHARE, S_CHANGE].map(|text| text.of(lang));
                (table(&S_CAPTION.with(lang, &[("area", name(&survey.area_names, lang))]), &head, &rows))
            }
        }
    }
}

/// Who answered: the words that surveys use have a translation, others stand as recorded.
fn respondents(recorded: &str, lang: Lang) -> String {
    let text: Option<Text> = match recorded.trim().to_lowercase().as_str() {
        "residents" | "boende" | "invånare" => Some(R_RESIDENTS),
        "visitors" | "besökare" => Some(R_VISITORS),
        "all" | "alla" => Some(R_ALL),
        _ => None,
    };
    text.map_or_else(|| recorded.to_string(), |text| text.of(lang).to_string())
}

fn wave_row(wave: &crate::release::deeds::PublicWave, lang: Lang) -> Row {
    use crate::release::Verdict;
    let share = wave.safe_percent.map_or_else(
        || FEW.of(lang).to_string(),
        |(value, low, high)| {
            let [value, low, high] = [value, low, high].map(|n| n.to_string());
            SHARE.with(lang, &[("value", &value), ("low", &low), ("high", &high)])
        },
    );
    let points = wave.smallest_points.map_or_else(String::new, |n| n.to_string());
    let change = match wave.change {
        Some(Verdict::Higher) => V_HIGHER.of(lang).to_string(),
        Some(Verdict::Lower) => V_LOWER.of(lang).to_string(),
        Some(Verdict::NoEvidence) => V_NO.with(lang, &[("n", &points)]),
        Some(Verdict::NotEnoughAnswers) => V_FEW.of(lang).to_string(),
        None => V_FIRST.of(lang).to_string(),
    };
    let name = html! { (wave.name) @if !wave.source.is_empty() { small { " " (wave.source) } } };
    let when = days(&wave.period, lang);
    let cells = vec![
        Cell::words(name),
        Cell::words(when),
        Cell::number(
            wave.answered.map_or_else(|| FEW.of(lang).to_string(), |n| ABOUT.with(lang, &[("n", &whole(n, lang))])),
        ),
        Cell::words(share),
        Cell::words(change),
    ];
    Row { key: Key::default(), cells }
}

fn invitations(invitations: &[Invitation], lang: Lang) -> Markup {
    let line = |i: &Invitation| {
        let mut parts = vec![date(i.day)];
        if let Some((from, to)) = i.hours {
            let [from, to] = [from, to].map(|time| time.strftime("%H:%M").to_string());
            parts.push(FROM_TO.with(lang, &[("from", &from), ("to", &to)]));
        }
        parts.push(name(&i.kind, lang).to_string());
        parts.extend(i.area.as_ref().map(|area| name(area, lang).to_string()));
        let what = i.title.as_ref().map_or_else(String::new, |title| format!(" {title}."));
        let by = if i.by.is_empty() {
            String::new()
        } else {
            format!(" {}", BY.with(lang, &[("who", &listed(&i.by, lang))]))
        };
        format!("{}.{what}{by}", parts.join(", "))
    };
    html! {
        section {
            h2 id="inbjudningar" { (INVITE.of(lang)) }
            @if invitations.is_empty() { p { (INVITE_NONE.of(lang)) } }
            @else { ul { @for invitation in invitations { li { (line(invitation)) } } } }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
