//! About the data: how numbers are made, the rules with their units, what is hidden, the log of releases.

use maud::{Markup, html};

use super::shell::Shell;
use super::table::{Cell, Key, Row, table};
use crate::public::context::{Context, View};
use crate::public::figures::side;
use crate::public::words::{name, whole};
use crate::release::statistics::{Density, Statistics};
use crate::text::lang::{Lang, Text, texts};

texts! {
    TITLE: "Om uppgifterna", "About the data";
    LEAD: "Här står hur talen är gjorda, vad som inte visas och varför.", "This page says how the numbers are made, what is not shown and why.";
    TWO: "Två sorters tal", "Two kinds of number";
    DEEDS: "Löften, arbete och åtgärder är sådant som polis och kommun har lovat att svara för. De talen är exakta. Är talet noll står det 0.",
        "Promises, work and actions are what police and municipality promised to account for. These numbers are exact. Where the number is zero it says 0.";
    REPORTS: "Iakttagelser är sådant som någon har sett eller känt och anmält. De kan handla om få personer. Därför rundas de av, och låga tal döljs.",
        "Reports are what somebody saw or felt and reported. They can be about few persons. So they are rounded, and low numbers are hidden.";
    ZERO: "Noll, dolt och okänt är tre olika svar:", "Zero, hidden and unknown are three different answers:";
    Z_ZERO: "0 betyder att vi vet att inget är gjort.", "0 means that we know that nothing is done.";
    Z_UNDER: "”under {k}” betyder att talet är lågt eller noll, eller kommer från för få dagar eller anmälare.", "“under {k}” means that the number is low or zero, or comes from too few days or reporters.";
    Z_DIVIDED: "”inte uppdelat” betyder att talet finns för en större plats eller en längre tid.", "“not divided” means that the number exists for a larger place or a longer time.";
    Z_UNKNOWN: "”inte känt” betyder att ingen har mätt eller lagt in det.", "“not known” means that nobody has measured or recorded it.";
    STATUS: "Så räknas läget fram", "How the status is computed";
    STATUS_TEXT: "Ett mål med ett tal jämförs med det som är gjort. Takten är den del av målet som motsvarar den tid som har gått. Mål under 4 har ingen takt. Då visas om ett datum är bokat.",
        "A target with a number is compared with what is done. The pace is the part of the target that belongs to the time gone by. Targets below 4 have no pace. Then it is shown whether a date is booked.";
    SURVEY_TEXT: "Andelen i en mätning har ett intervall på 95 procent enligt Wilson. Två mätningar jämförs bara när frågan och de svarande är desamma.",
        "The share in a survey has a 95 per cent interval by Wilson. Two surveys are compared only when question and respondents are the same.";
    SQUARES: "Rutor och täthet", "Squares and density";
    GRID: "Rutorna ligger fast i ett nät i planet EPSG:{epsg}. Storlekar i den här utgåvan: {sizes}. Små rutor ligger i stora.",
        "The squares lie fixed in a grid in the plane EPSG:{epsg}. Sizes in this release: {sizes}. Small squares lie in large ones.";
    NO_GRID: "Den här utgåvan har inga rutor.", "This release has no squares.";
    NETWORK: "Nätets storlek för ett år är bestämd innan årets uppgifter är sedda.", "The size of the grid for a year is decided before the data of the year is seen.";
    DENSITY: "Tätheten är räknad ur de offentliga rutorna och inget annat. Varje ruta sprids ut med en {kernel} kärna över {reach} meter. En ruta utan tal räknas som {hidden}.",
        "The density is computed from the public squares and nothing else. Each square is spread with a {kernel} kernel over {reach} metres. A square without a number counts as {hidden}.";
    CHECK: "Innan en utgåva kommer ut försöker ett program räkna ut de dolda talen. Lyckas det tas delar bort tills det inte går.",
        "Before a release comes out a program tries to work out the hidden numbers. When it succeeds parts are taken away until it cannot.";
    POLICY: "Reglerna", "The rules";
    POLICY_CAPTION: "Regler som den här utgåvan är gjord efter", "Rules that this release was made by";
    H_RULE: "Regel", "Rule";
    H_VALUE: "Värde", "Value";
    P_REPORTS: "Minsta antal iakttagelser som visas", "Least number of reports that is shown";
    P_DAYS: "Minsta antal olika dagar bakom talet", "Least number of different days behind it";
    P_PEOPLE: "Minsta antal olika anmälare bakom talet", "Least number of different reporters behind it";
    P_ROUND: "Talen avrundas till jämna", "Numbers are rounded to multiples of";
    P_WAIT: "Väntan efter periodens slut, iakttagelser", "Wait after the end of the period, reports";
    P_DEEDS: "Väntan efter avslutat arbete", "Wait after work has ended";
    P_GRID: "Minsta antal iakttagelser med plats på ett år för rutor", "Least number of reports with a position in a year for squares";
    P_ADDRESS: "Minsta antal adresser i en ruta som har adresser", "Least number of addresses in a square that has any";
    P_OPEN: "Kategorier som får visas för områden och rutor; andra räknas bara för hela kommunen", "Categories that may be shown for areas and squares; others count only for the whole municipality";
    P_SOLE: "Samma person får bygga och publicera", "The same person may build and publish";
    P_SOLE_WAIT: "Väntan när samma person gör båda", "Wait when the same person does both";
    U_REPORTS: "{n} iakttagelser", "{n} reports";
    U_DAYS: "{n} dagar", "{n} days";
    U_PEOPLE: "{n} anmälare; okända räknas som högst en om dagen", "{n} reporters; unknown ones count as at most one a day";
    U_HOURS: "{n} timmar", "{n} hours";
    U_N: "{n}", "{n}";
    U_ADDRESSES: "{n} adresser", "{n} addresses";
    YES: "ja", "yes";
    NO: "nej", "no";
    NONE: "inga", "none";
    FILES: "Filer för den som vill räkna själv", "Files for those who want to compute";
    MANIFEST: "Listan över alla filer, med regler och kontrollsummor", "The list of all files, with rules and check sums";
    SOFTWARE: "Utgåvan är gjord med {software}.", "The release was made with {software}.";
}

/// The page.
pub(super) fn page(context: &Context<'_>) -> String {
    let lang = context.lang;
    let edition = &context.release.edition;
    let k = edition.policy.least_reports.to_string();
    let zero = [Z_ZERO.of(lang).to_string(), Z_UNDER.with(lang, &[("k", &k)])];
    let zero = zero.into_iter().chain([Z_DIVIDED, Z_UNKNOWN].map(|text| text.of(lang).to_string()));
    let main = html! {
        h1 { (TITLE.of(lang)) }
        p.lead { (LEAD.of(lang)) }
        h2 { (TWO.of(lang)) }
        p { (DEEDS.of(lang)) }
        p { (REPORTS.of(lang)) }
        p { (ZERO.of(lang)) }
        ul { @for line in zero { li { (line) } } }
        h2 { (STATUS.of(lang)) }
        p { (STATUS_TEXT.of(lang)) }
        p { (SURVEY_TEXT.of(lang)) }
        @if let Some(statistics) = &context.release.statistics { (squares(context, statistics)) }
        (policy(context))
        (super::unknown::section(context))
        (super::log::section(context))
        h2 { (FILES.of(lang)) }
        ul {
            li { (MANIFEST.of(lang)) ": " a href="manifest.json" { "manifest.json" } }
            li { a href="data/commitments.json" { "commitments.json" } }
            li { a href="data/deeds.csv" { "deeds.csv" } }
            li { a href="data/areas.geojson" { "areas.geojson" } }
            @if context.release.statistics.is_some() {
                li { a href="data/statistics.json" { "statistics.json" } ", " a href="data/statistics.csv" { "statistics.csv" } }
            }
        }
        p { (SOFTWARE.with(lang, &[("software", &edition.software)])) }
    };
    let view = if context.release.statistics.is_some() { View::Statistics } else { View::Promises };
    Shell { stem: "om", title: TITLE.of(lang), sentence: LEAD.of(lang), view }.around(context, &main)
}

fn squares(context: &Context<'_>, statistics: &Statistics) -> Markup {
    let lang = context.lang;
    let sizes: Vec<String> = statistics.levels_m.iter().map(|cell_m| side(*cell_m)).collect();
    let epsg = context.release.edition.plane_epsg.to_string();
    let note = crate::public::map::note(context, View::Statistics);
    html! {
        h2 { (SQUARES.of(lang)) }
        @if sizes.is_empty() { p { (NO_GRID.of(lang)) @if let Some(note) = note { " " (note) } } }
        @else {
            p { (GRID.with(lang, &[("epsg", &epsg), ("sizes", &sizes.join(", "))])) }
            p { (NETWORK.of(lang)) }
        }
        @if let Some(density) = &statistics.density { p { (density_text(density, lang)) } }
        p { (CHECK.of(lang)) }
    }
}

fn density_text(density: &Density, lang: Lang) -> String {
    let hidden = density.hidden_as.to_string();
    let hidden = lang.pick(hidden.replace('.', ","), hidden);
    // The kernel has an English name; the one in use has a Swedish one.
    let kernel = if density.kernel == "quartic" { lang.pick("kvartisk", "quartic") } else { density.kernel };
    DENSITY.with(lang, &[("kernel", kernel), ("reach", &whole(density.bandwidth_m, lang)), ("hidden", &hidden)])
}

/// The rules as a table with units.
fn policy(context: &Context<'_>) -> Markup {
    let lang = context.lang;
    let p = &context.release.edition.policy;
    let with = |unit: Text, n: u32| unit.with(lang, &[("n", &whole(n, lang))]);
    let known = context.release.statistics.as_ref().map_or(&[][..], |statistics| &statistics.categories);
    let category = |code: &String| {
        known.iter().find(|(other, _)| other == code).map_or(code.as_str(), |(_, names)| name(names, lang)).to_string()
    };
    let open: Vec<String> = p.open_categories.iter().map(category).collect();
    let open = if open.is_empty() { NONE.of(lang).to_string() } else { open.join(", ") };
    let rows = [
        (P_REPORTS, with(U_REPORTS, p.least_reports)),
        (P_DAYS, with(U_DAYS, p.least_days)),
        (P_PEOPLE, with(U_PEOPLE, p.least_reporters)),
        (P_ROUND, with(U_N, p.round_to)),
        (P_WAIT, with(U_DAYS, p.reports_wait_days)),
        (P_DEEDS, with(U_DAYS, p.deeds_wait_days)),
        (P_GRID, with(U_REPORTS, p.least_located_for_grid)),
        (P_ADDRESS, with(U_ADDRESSES, p.least_addresses)),
        (P_OPEN, open),
        (P_SOLE, if p.sole_publisher { YES.of(lang).to_string() } else { NO.of(lang).to_string() }),
        (P_SOLE_WAIT, with(U_HOURS, p.sole_publisher_wait_hours)),
    ];
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|(rule, value)| Row { key: Key::default(), cells: vec![Cell::words(rule.of(lang)), Cell::words(value)] })
        .collect();
    html! {
        h2 id="regler" { (POLICY.of(lang)) }
        (table(POLICY_CAPTION.of(lang), &[H_RULE.of(lang), H_VALUE.of(lang)], &rows))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
