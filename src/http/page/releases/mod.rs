//! `/utgavor`: building, looking at, publishing and withdrawing what everybody may see.

mod builder;
mod preview;

use axum::http::{Method, StatusCode};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

use super::layout::Shell;
use super::login::{FORM_BYTES, LANG, fields, in_lang, lang_of, private_page, see_other};
use crate::domain::{Actor, Identity, Period, Role, local_date};
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::publishing::policy_of;
use crate::http::records::blocking;
use crate::http::releases::{BUILD_LIMIT, build_release, entries, number, order, publish_release, withdraw_release};
use crate::http::route::{Access, Answer, Call, Param, Route};
use crate::release::Stream;
use crate::release::build::earliest;
use crate::store::ReleaseEntry;
use crate::text::lang::{Lang, texts};

texts! {
    TITLE: "Utgåvor", "Releases";
    LEAD: "En utgåva är det som alla får se: sidor, kartor och tal som redan är skyddade. Den ändras aldrig.",
        "A release is what everybody may see: pages, maps and numbers that are already protected. It is never changed.";
    NONE: "Det finns ingen utgåva ännu.", "There is no release yet.";
    CAPTION: "Alla utgåvor, den senaste först", "All releases, the newest first";
    H_N: "Nr", "No.";
    H_WHAT: "Innehåll", "Content";
    H_STATE: "Läge", "State";
    H_DO: "Göra", "Do";
    FOLLOW_UP: "Uppföljning", "Follow-up";
    STATISTICS: "Statistik", "Statistics";
    FROM: "offentlig från {date}", "public from {date}";
    BUILT: "byggd av {who}, väntar på att någon annan publicerar", "built by {who}, waits for somebody else to publish it";
    PUBLISHED: "publicerad av {who} den {date}", "published by {who} on {date}";
    WITHDRAWN: "indragen den {date}: {why}", "withdrawn on {date}: {why}";
    PREVIEW: "Förhandsvisa", "Preview";
    EMBED: "Bädda in och kopiera", "Embed and copy";
    PUBLISH: "Publicera", "Publish";
    WITHDRAW: "Dra in", "Withdraw";
    REASON: "Varför den dras in. Alla kan läsa det.", "Why it is withdrawn. Everybody can read it.";
    BUILD: "Bygg en ny utgåva", "Build a new release";
    BUILD_LEAD: "Bygget slutar med en kontroll: någon försöker räkna ut dolda tal ur det som blir offentligt. Hittas något blir det ingen utgåva.",
        "Building ends with a check: somebody tries to work out hidden numbers from what would be public. If anything is found there is no release.";
    PERIOD: "Period", "Period";
    PERIOD_HINT: "En månad som {month} för uppföljning. Ett kvartal, halvår eller år som {year} för statistik. Perioden ska vara slut sedan minst {days} dagar.",
        "A month such as {month} for a follow-up. A quarter, half-year or year such as {year} for statistics. The period must have been over for at least {days} days.";
    BUTTON: "Bygg och kontrollera", "Build and check";
    AS_WHO: "Vem du är. Datorn vet det inte: den som bygger och den som publicerar ska vara två personer.",
        "Who you are. This computer does not know: who builds and who publishes must be two persons.";
    NEXT: "Nästa uppföljning som går att bygga är {month}.", "The next follow-up that can be built is {month}.";
}

/// Longest reason and name that a form takes.
const NAME: &str = "as";

pub(super) fn routes() -> Vec<Route<State>> {
    let publisher = Access::Role(Role::Publisher);
    let n = Param::path("number", "number of a release", "a whole number");
    let mut routes = vec![
        Route::get("/utgavor", Access::Role(Role::Reader), "Releases and what can be done with them", [LANG], list),
        Route::new(Method::POST, "/utgavor", publisher, "Builds a release", [LANG], build)
            .body_limit(FORM_BYTES)
            .takes_up_to(BUILD_LIMIT),
        Route::new(Method::POST, "/utgavor/{number}/publicera", publisher, "Publishes a release", [LANG, n], publish)
            .body_limit(FORM_BYTES),
        Route::new(Method::POST, "/utgavor/{number}/dra-in", publisher, "Withdraws a release", [LANG, n], withdraw)
            .body_limit(FORM_BYTES),
    ];
    routes.extend(builder::routes());
    routes.extend(preview::routes());
    routes
}

async fn list(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let entries = entries(&call.state).await?;
    let snapshot = call.state.store.snapshot();
    let (today, path) = (call.state.today(&snapshot), call.state.shelf.folder().to_path_buf());
    let wait = blocking(move || policy_of(&path).map_err(|error| Problem::Conflict(error.to_string()))).await?;
    let next = newest_month(&wait, today);
    let may_publish = call.actor.may(Role::Publisher);
    let page = html! {
        h1 { (TITLE.of(lang)) }
        p.lead { (LEAD.of(lang)) }
        @if entries.is_empty() { p { (NONE.of(lang)) } } @else { (table(&call, &entries, lang)) }
        @if may_publish { (build_form(&call, &next, wait.deeds_wait_days, today, lang)) }
    };
    let url_in = |lang: Lang| in_lang("/utgavor", lang);
    let shell = Shell { lang, title: TITLE.of(lang), url_in: &url_in, home: in_lang("/", lang) };
    Ok(private_page(StatusCode::OK, lang, &shell.around(&page)))
}

/// The newest month whose follow-up may be public on a day.
fn newest_month(policy: &crate::release::policy::Policy, today: Date) -> Period {
    let mut start = today.first_of_month();
    loop {
        let month = Period::new(start, start.saturating_add(1.month()));
        match month {
            Some(month) if earliest(policy, Stream::FollowUp, &month) <= today => return month,
            Some(_) => start = start.saturating_sub(1.month()),
            // The first month there is has no month before it.
            None => return Period::twelve_months_to(today),
        }
    }
}

fn table(call: &Call<State>, entries: &[ReleaseEntry], lang: Lang) -> Markup {
    html! {
        div.scroll role="region" tabindex="0" aria-label=(CAPTION.of(lang)) {
            table.paper {
                caption { (CAPTION.of(lang)) }
                thead { tr { @for head in [H_N, H_WHAT, H_STATE, H_DO] { th scope="col" { (head.of(lang)) } } } }
                tbody { @for entry in entries.iter().rev() { (row(call, entry, lang)) } }
            }
        }
    }
}

fn row(call: &Call<State>, entry: &ReleaseEntry, lang: Lang) -> Markup {
    let new = &entry.new;
    let snapshot = call.state.store.snapshot();
    let date = |at: &jiff::Timestamp| local_date(at.as_second(), snapshot.zone()).to_string();
    let stream = match Stream::from_code(&new.stream) {
        Some(Stream::Statistics) => STATISTICS,
        _ => FOLLOW_UP,
    };
    let state = match (&entry.published, &entry.withdrawn) {
        (_, Some((_, at, why))) => WITHDRAWN.with(lang, &[("date", &date(at)), ("why", why)]),
        (Some((who, at)), None) => PUBLISHED.with(lang, &[("who", who), ("date", &date(at))]),
        (None, None) => BUILT.with(lang, &[("who", &entry.built_by)]),
    };
    let path = |end: &str| in_lang(&format!("/utgavor/{}/{end}", new.number), lang);
    let may_publish = call.actor.may(Role::Publisher) && entry.withdrawn.is_none();
    html! {
        tr {
            th scope="row" { (new.number) }
            td data-label=(H_WHAT.of(lang)) { (stream.of(lang)) " " (new.period) br; (FROM.with(lang, &[("date", &new.published_on.to_string())])) }
            td data-label=(H_STATE.of(lang)) { (state) }
            td data-label=(H_DO.of(lang)) {
                p { a href=(path("fil/index.html")) { (PREVIEW.of(lang)) } " · " a href=(path("badda-in")) { (EMBED.of(lang)) } }
                @if may_publish && entry.published.is_none() {
                    form.record method="post" action=(path("publicera")) {
                        (hidden(call)) (who_field(call, &format!("p{}", new.number), lang))
                        button type="submit" { (PUBLISH.of(lang)) }
                    }
                }
                // A draft too: no other of its period is built while it waits.
                @if may_publish {
                    details {
                        summary { (WITHDRAW.of(lang)) }
                        form.record method="post" action=(path("dra-in")) {
                            (hidden(call))
                            label for=(format!("r{}", new.number)) { (REASON.of(lang)) }
                            input id=(format!("r{}", new.number)) name="reason" required maxlength="200";
                            (who_field(call, &format!("w{}", new.number), lang))
                            button type="submit" { (WITHDRAW.of(lang)) }
                        }
                    }
                }
            }
        }
    }
}

fn hidden(call: &Call<State>) -> Markup {
    html! { @if let Some(token) = call.csrf_token() { input type="hidden" name="csrf" value=(token); } }
}

/// Where nobody proves who they are, they say it.
fn who_field(call: &Call<State>, id: &str, lang: Lang) -> Markup {
    html! {
        @if call.actor.identity == Identity::Asserted {
            label for=(id) { (AS_WHO.of(lang)) }
            input id=(id) name=(NAME) value=(call.actor.id) required maxlength="60";
        }
    }
}

fn build_form(call: &Call<State>, next: &Period, days: u32, today: Date, lang: Lang) -> Markup {
    let year = (today.year() - 1).to_string();
    let hint = PERIOD_HINT.with(lang, &[("month", &next.word()), ("year", &year), ("days", &days.to_string())]);
    html! {
        h2 { (BUILD.of(lang)) }
        p { (BUILD_LEAD.of(lang)) }
        form.record method="post" action=(in_lang("/utgavor", lang)) {
            (hidden(call))
            label for="period" { (PERIOD.of(lang)) }
            p.hint id="period-hint" { (hint) " " (NEXT.with(lang, &[("month", &next.word())])) }
            input id="period" name="period" value=(next.word()) required aria-describedby="period-hint" maxlength="25";
            (who_field(call, "build-as", lang))
            button type="submit" { (BUTTON.of(lang)) }
        }
    }
}

/// Who acts: the one who proved it, or on this machine the one they say they are.
fn actor(call: &Call<State>, said: Option<&str>) -> Actor {
    match said.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) if call.actor.identity == Identity::Asserted => Actor::local(name),
        _ => call.actor.clone(),
    }
}

async fn build(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let form = fields(&call, &["period", NAME])?;
    let order = order(&call.state, form.one("period")?.unwrap_or_default(), None, None)?;
    build_release(&call.state, actor(&call, form.one(NAME)?), order).await?;
    see_other(&in_lang("/utgavor", lang))
}

async fn publish(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let form = fields(&call, &[NAME])?;
    publish_release(&call.state, actor(&call, form.one(NAME)?), number(&call)?).await?;
    see_other(&in_lang("/utgavor", lang))
}

async fn withdraw(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let form = fields(&call, &["reason", NAME])?;
    let reason = form.one("reason")?.unwrap_or_default().to_string();
    withdraw_release(&call.state, actor(&call, form.one(NAME)?), number(&call)?, reason).await?;
    see_other(&in_lang("/utgavor", lang))
}

/// The entry of the number in the path.
async fn entry(call: &Call<State>) -> Result<ReleaseEntry, Problem> {
    let number = number(call)?;
    let found = entries(&call.state).await?.into_iter().find(|entry| entry.new.number == number);
    found.ok_or_else(|| Problem::NotFound(format!("release '{number}'")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
