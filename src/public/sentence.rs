//! The one sentence of each view: what stands first on pages, in embeds, in pictures and in texts to paste.

use super::context::{Context, View};
use super::words::{status_word, under_long, whole};
use crate::release::Status;
use crate::release::attack::{Category, Place, Shown};
use crate::text::lang::texts;

texts! {
    NO_PROMISE: "Inget löfte följs upp i den här utgåvan.", "No promise is followed up in this release.";
    ONE: "Läget för en utlovad aktivitet den {date} är: {list}.", "The status of one commitment on {date} is: {list}.";
    MANY: "Läget för {n} utlovade aktiviteter den {date} är: {list}.", "The status of {n} commitments on {date} is: {list}.";
    ACTIONS: "Åtgärder i hela kommunen den {date}: {done} klara, {open} öppna, {not_done} blir inte av.",
        "Actions in the whole municipality on {date}: {done} done, {open} open, {not_done} will not be done.";
    NO_ACTIONS: "Åtgärderna i kommunen är inte kända.", "The actions in the municipality are not known.";
    ABOUT: "Ungefär {n} iakttagelser i hela kommunen: {period}.", "About {n} reports in the whole municipality: {period}.";
    HIDDEN: "Antalet iakttagelser i hela kommunen är {under}: {period}.", "The number of reports in the whole municipality is {under}: {period}.";
    UNKNOWN: "Antalet iakttagelser i hela kommunen är inte känt: {period}.", "The number of reports in the whole municipality is not known: {period}.";
}

/// The sentence of a view.
pub(super) fn sentence(context: &Context<'_>, view: View) -> String {
    match view {
        View::Promises => promises(context),
        View::Map => actions(context),
        View::Statistics => reports(context),
    }
}

/// Commitments per status, those that occur: status and number.
pub(super) fn per_status(context: &Context<'_>) -> Vec<(Status, usize)> {
    let all = context.release.follow_up.promises.iter().flat_map(|promise| &promise.commitments);
    let statuses: Vec<Status> = all.map(|commitment| commitment.status).collect();
    let count = |status: Status| statuses.iter().filter(|other| **other == status).count();
    Status::ALL.into_iter().map(|status| (status, count(status))).filter(|(_, n)| *n > 0).collect()
}

fn promises(context: &Context<'_>) -> String {
    let lang = context.lang;
    let parts = per_status(context);
    let n: usize = parts.iter().map(|(_, n)| n).sum();
    let said: Vec<String> = parts.iter().map(|(status, n)| format!("{} {n}", status_word(*status, lang))).collect();
    let date = context.release.follow_up.deeds_period.last_day().to_string();
    let text = match n {
        0 => return NO_PROMISE.of(lang).to_string(),
        1 => ONE,
        _ => MANY,
    };
    text.with(lang, &[("n", &n.to_string()), ("date", &date), ("list", &said.join(", "))])
}

fn actions(context: &Context<'_>) -> String {
    let lang = context.lang;
    let Some(all) = context.all_deeds() else { return NO_ACTIONS.of(lang).to_string() };
    let a = all.actions;
    // Actions are as they stand on the day the release is meant for, whatever its period.
    let date = context.release.edition.published_on.to_string();
    let [done, open, not_done] = [a.done, a.under_way + a.not_started, a.not_done].map(|n| whole(n, lang));
    ACTIONS.with(lang, &[("date", &date), ("done", &done), ("open", &open), ("not_done", &not_done)])
}

fn reports(context: &Context<'_>) -> String {
    let lang = context.lang;
    let edition = &context.release.edition;
    let figures = context.release.statistics.iter().flat_map(|statistics| &statistics.figures);
    let whole_year = figures
        .filter(|s| s.place == Place::Municipality && s.category == Category::All && s.period == edition.period)
        .map(|s| s.shown)
        .next();
    let period = context.period();
    let under = under_long(&edition.policy, lang);
    match whole_year {
        Some(Shown::About(n)) => ABOUT.with(lang, &[("n", &whole(n, lang)), ("period", &period)]),
        Some(Shown::UnderLeast) => HIDDEN.with(lang, &[("under", &under), ("period", &period)]),
        Some(Shown::NotDivided) | None => UNKNOWN.with(lang, &[("period", &period)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::public::Assets;
    use crate::release::test_release::{
        empty_release, follow_up_release, nothing_reported_release, statistics_release,
    };
    use crate::text::lang::Lang;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn each_view_has_a_sentence_at_nothing_and_at_much() {
        let assets = Assets::default();
        let said = |release: &crate::release::Protected<crate::release::Release>, view| {
            sentence(&Context { release: release.get(), lang: Lang::Sv, assets: &assets }, view)
        };
        assert_eq!(said(&empty_release(), View::Promises), "Inget löfte följs upp i den här utgåvan.");
        assert_eq!(
            said(&empty_release(), View::Map),
            "Åtgärder i hela kommunen den 2026-11-23: 0 klara, 0 öppna, 0 blir inte av."
        );
        assert!(
            said(&follow_up_release(), View::Promises)
                .starts_with("Läget för 28 utlovade aktiviteter den 2026-10-31 är: inte påbörjad 2, planerad 1, ")
        );
        assert_eq!(
            said(&statistics_release(), View::Statistics),
            "Ungefär 1\u{a0}250 iakttagelser i hela kommunen: 2025."
        );
        assert_eq!(
            said(&nothing_reported_release(), View::Statistics),
            "Antalet iakttagelser i hela kommunen är under 10 (eller för få dagar eller anmälare): 2025."
        );
    }
}
