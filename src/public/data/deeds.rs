//! `deeds.csv`: work and actions by area and for the whole municipality, exact, zero shown.

use super::csv_bytes;
use crate::release::Release;
use crate::release::deeds::AreaDeeds;

const HEAD: [&str; 10] =
    ["place", "place_name_sv", "place_name_en", "what", "code", "name_sv", "name_en", "period", "items", "reported"];

/// What an action's status is called, in both languages.
pub(in crate::public) const ACTION_STATUS: [(&str, &str, &str); 4] = [
    ("done", "klar", "done"),
    ("under_way", "pågår", "under way"),
    ("not_started", "inte påbörjad", "not started"),
    ("not_done", "blir inte av", "will not be done"),
];

/// `items` is what is recorded one by one, `reported` what was reported as a number: they are never added. Actions are
/// as they stand on the day the release is meant for, and are never reported as numbers.
pub(super) fn csv(release: &Release) -> Vec<u8> {
    let period = &release.follow_up.deeds_period;
    let rows = release.follow_up.areas.iter().flat_map(|area| {
        let place = area.area.as_ref().map_or("municipality", |id| id.as_str());
        let row = move |what: &str, (code, sv, en): (&str, &str, &str), days: String, items: u32, reported: String| {
            let texts = [place, &area.names.sv, &area.names.en, what, code, sv, en].map(str::to_string);
            texts.into_iter().chain([days, items.to_string(), reported]).collect::<Vec<_>>()
        };
        let work = area.done.iter().map(move |deed| {
            let names = (deed.kind.as_str(), deed.names.sv.as_str(), deed.names.en.as_str());
            row("activity", names, period.word(), deed.items, deed.reported.to_string())
        });
        let actions = ACTION_STATUS
            .into_iter()
            .zip(of_status(area))
            .map(move |(status, n)| row("action", status, release.edition.published_on.to_string(), n, String::new()));
        work.chain(actions)
    });
    csv_bytes(&HEAD, rows, b',')
}

/// Actions in the order of [`ACTION_STATUS`].
pub(in crate::public) fn of_status(area: &AreaDeeds) -> [u32; 4] {
    let a = area.actions;
    [a.done, a.under_way, a.not_started, a.not_done]
}
