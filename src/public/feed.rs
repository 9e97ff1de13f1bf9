//! The feed of releases (RFC 4287). Its times are the days of publication: it knows no clock.

use atom_syndication::{Content, Entry, Feed, FixedDateTime, Link, Person, Text};
use jiff::civil::Date;

use super::page::log::stream;
use super::words::days;
use crate::domain::Period;
use crate::release::{Release, Stream};
use crate::text::lang::{Lang, texts};

texts! {
    TITLE: "Utgåvor: {publisher}", "Releases: {publisher}";
    ENTRY: "Utgåva {n}: {what}, {period}", "Release {n}: {what}, {period}";
    WITHDRAWN: "Utgåvan drogs in {date}: {why}", "The release was withdrawn on {date}: {why}";
    CORRECTED: "Texten rättades {date}: {what}", "The text was corrected on {date}: {what}";
    PUBLISHED: "Publicerad {date}.", "Published {date}.";
}

/// What an entry tells of a release.
struct Told<'a> {
    number: u32,
    stream: Stream,
    period: &'a Period,
    published_on: Date,
    updated_on: Date,
    said: Vec<String>,
}

/// This release and those before, the newest first, in Swedish. A release that was withdrawn says so.
pub(super) fn atom(release: &Release) -> String {
    let lang = Lang::Sv;
    let edition = &release.edition;
    let publisher = &edition.policy.publisher;
    let mut all = vec![Told {
        number: edition.number,
        stream: edition.stream,
        period: &edition.period,
        published_on: edition.published_on,
        updated_on: edition.published_on,
        said: Vec::new(),
    }];
    all.extend(edition.earlier.iter().rev().map(|earlier| {
        let withdrawn = earlier
            .withdrawn
            .as_ref()
            .map(|(day, why)| (*day, WITHDRAWN.with(lang, &[("date", &day.to_string()), ("why", why)])));
        let corrected = earlier
            .corrections
            .iter()
            .map(|(day, what)| (*day, CORRECTED.with(lang, &[("date", &day.to_string()), ("what", &what.sv)])));
        let notes: Vec<(Date, String)> = corrected.chain(withdrawn).collect();
        Told {
            number: earlier.number,
            stream: earlier.stream,
            period: &earlier.period,
            published_on: earlier.published_on,
            updated_on: notes.iter().map(|(day, _)| *day).fold(earlier.published_on, Date::max),
            said: notes.into_iter().map(|(_, said)| said).collect(),
        }
    }));
    let updated = all.iter().map(|told| told.updated_on).max().unwrap_or(edition.published_on);
    let link = |href: String, rel: &str, mime: &str| Link {
        href,
        rel: rel.to_string(),
        mime_type: Some(mime.to_string()),
        ..Link::default()
    };
    Feed {
        title: TITLE.with(lang, &[("publisher", &publisher.name_sv)]).into(),
        id: format!("{}current/feed.atom", publisher.site),
        updated: midnight(updated),
        authors: vec![Person { name: publisher.name_sv.clone(), ..Person::default() }],
        links: vec![
            link(format!("{}current/feed.atom", publisher.site), "self", "application/atom+xml"),
            link(format!("{}current/index.html", publisher.site), "alternate", "text/html"),
        ],
        lang: Some(lang.code().to_string()),
        entries: all.iter().map(|told| entry(told, &publisher.site, lang)).collect(),
        ..Feed::default()
    }
    .to_string()
}

fn entry(told: &Told<'_>, site: &str, lang: Lang) -> Entry {
    let address = format!("{site}r/{}/index.html", told.number);
    let (n, period) = (told.number.to_string(), days(told.period, lang));
    let title = ENTRY.with(lang, &[("n", &n), ("what", stream(told.stream, lang)), ("period", &period)]);
    let published = PUBLISHED.with(lang, &[("date", &told.published_on.to_string())]);
    let said: Vec<&str> = std::iter::once(published.as_str()).chain(told.said.iter().map(String::as_str)).collect();
    Entry {
        title: Text::plain(title),
        id: address.clone(),
        updated: midnight(told.updated_on),
        published: Some(midnight(told.published_on)),
        links: vec![Link { href: address, ..Link::default() }],
        content: Some(Content { value: Some(said.join(" ")), content_type: Some("text".into()), ..Content::default() }),
        ..Entry::default()
    }
}

/// A day as the moment that feeds ask for. Midnight UTC stands for the day: a release has no hour.
fn midnight(day: Date) -> FixedDateTime {
    format!("{day}T00:00:00Z").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::test_release::follow_up_release;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn the_feed_has_every_release_and_says_which_was_withdrawn() {
        let release = follow_up_release();
        let feed: Feed = atom(release.get()).parse().expect("a feed");
        assert_eq!(feed.entries.len(), 3);
        assert_eq!(feed.entries[0].title.value, "Utgåva 7: uppföljning, oktober 2026");
        assert_eq!(feed.entries[0].id, "https://lagesbild.example.org/public/r/7/index.html");
        assert_eq!(feed.entries[0].updated.to_rfc3339(), "2026-11-23T00:00:00+00:00");
        let withdrawn = feed.entries[2].content.as_ref().and_then(|content| content.value.clone()).expect("text");
        assert!(withdrawn.contains("drogs in 2026-10-05: Fel månad i rubriken"), "{withdrawn}");
        assert_eq!(feed.entries[2].updated.to_rfc3339(), "2026-10-05T00:00:00+00:00");
    }
}
