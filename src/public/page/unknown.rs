//! What we do not know: what is hidden and why, what is assumed, what nobody has measured.

use maud::{Markup, html};

use crate::public::context::Context;
use crate::public::words::listed;
use crate::text::lang::{Lang, texts};

texts! {
    TITLE: "Vad vi inte vet", "What we do not know";
    WORK: "Att ett arbete är gjort säger inget om hur trygg en plats är eller känns. Det mäts för sig.",
        "That work is done says nothing about how safe a place is or feels. That is measured by itself.";
    WAIT: "Arbete visas tidigast {n} dagar efter att det är klart. Det som är nyare än så är inte med.",
        "Work is shown no earlier than {n} days after it ended. What is newer is not in here.";
    MISSING: "Arbete som ingen har lagt in eller rapporterat syns inte.", "Work that nobody has recorded or reported is not seen.";
    PLANS: "Planer för kommande närvaro finns inte med. Det gör inte heller namn, fri text eller exakta platser.",
        "Plans for presence to come are not in here. Nor are names, free text or exact places.";
    OUTLINES: "Gränsen är antagen eller okänd för {areas}. Tal för dem kan ändras när gränsen blir fastställd.",
        "The outline is assumed or not known for {areas}. Numbers for them may change when it is settled.";
    FEW: "Andelar i en mätning visas när minst 50 har svarat. Annars vore det för osäkert.",
        "Shares in a survey are shown when at least 50 have answered. Otherwise they would be too uncertain.";
    REPORTS: "Antalet iakttagelser visas bara när det är minst {k}, från minst {days} dagar och {people} anmälare. Annars står det ”under {k}”. Dit hör också noll.",
        "The number of reports is shown only when it is at least {k}, from at least {days} days and {people} reporters. Otherwise it says “under {k}”. Zero belongs there too.";
    ROUNDED: "Talen är avrundade till närmaste {n}. Därför går de inte alltid ihop.", "The numbers are rounded to the nearest {n}. So they do not always add up.";
    DIVIDED: "”Inte uppdelat” betyder att talet bara finns för en större plats eller en längre tid.", "“Not divided” means that the number exists only for a larger place or a longer time.";
    DARK: "Alla anmäler inte det de ser. Få iakttagelser kan bero på att få har anmält.", "Not everybody reports what they see. Few reports may mean that few have reported.";
}

/// The section, with a heading of level 2.
pub(in crate::public) fn section(context: &Context<'_>) -> Markup {
    html! {
        section {
            h2 id="vet-inte" { (TITLE.of(context.lang)) }
            ul.unknown { @for line in lines(context) { li { (line) } } }
        }
    }
}

/// Its heading.
pub(in crate::public) fn title(lang: Lang) -> &'static str {
    TITLE.of(lang)
}

/// The lines, for texts to paste too.
pub(in crate::public) fn lines(context: &Context<'_>) -> Vec<String> {
    let lang = context.lang;
    let policy = &context.release.edition.policy;
    let mut lines = vec![
        WORK.of(lang).to_string(),
        WAIT.with(lang, &[("n", &policy.deeds_wait_days.to_string())]),
        MISSING.of(lang).to_string(),
        PLANS.of(lang).to_string(),
    ];
    let unsure = context.unsure_areas();
    if !unsure.is_empty() {
        lines.push(OUTLINES.with(lang, &[("areas", &listed(&unsure, lang))]));
    }
    if !context.release.follow_up.surveys.is_empty() {
        lines.push(FEW.of(lang).to_string());
    }
    if context.release.statistics.is_some() {
        let [k, days, people, round] =
            [policy.least_reports, policy.least_days, policy.least_reporters, policy.round_to].map(|n| n.to_string());
        lines.push(REPORTS.with(lang, &[("k", &k), ("days", &days), ("people", &people)]));
        lines.push(ROUNDED.with(lang, &[("n", &round)]));
        lines.push(DIVIDED.of(lang).to_string());
        lines.push(DARK.of(lang).to_string());
    }
    lines
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
