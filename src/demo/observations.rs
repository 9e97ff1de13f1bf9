//! What was seen and felt on a day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::draw::{Purpose, day_number, one_of, pick, poisson, stream};
use super::scene::Stratum;
use super::{Demo, activities, clock};
use crate::domain::{Feeling, Id, Location, Observation, Place, Shape, Source};

/// The name under which an observation keeps who handed it in.
pub(super) const REPORTER_COLUMN: &str = "uppgiftslämnare";

/// An observation before it is told: where, from whom, and during which work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) stratum: usize,
    pub(super) organisation: usize,
    /// Index of the inventory or walk it was made on.
    work: Option<usize>,
}

/// Who hands in how many observations on a date; cheap, so that weeks can be counted without
/// making their records.
pub(super) fn entries(demo: &Demo, date: Date) -> Vec<Entry> {
    let organisations = &demo.scene.profile.organisations;
    let mut rng = stream(demo.plan.seed, Purpose::Entries, day_number(date), 0);
    let mut entries = Vec::new();
    for (index, stratum) in demo.scene.strata.iter().enumerate() {
        let active = stratum.organisations.iter().copied().filter(|o| organisations[*o].is_active_in(date.month()));
        let active: Vec<usize> = active.collect();
        for _ in 0..poisson(stratum.base_on(date) * demo.scale, &mut rng) {
            let chosen = pick(active.iter().map(|organisation| organisations[*organisation].weight), &mut rng);
            entries.push(Entry { stratum: index, organisation: active[chosen], work: None });
        }
    }
    for work in activities::findings_on(demo, date) {
        let (Some(findings), Some(stratum)) = (&demo.scene.profile.work[work].findings, demo.scene.work_stratum[work])
        else {
            continue;
        };
        let organisation = organisations.iter().position(|o| o.id == findings.reporter).unwrap_or_default();
        for _ in 0..poisson(findings.mean * demo.scale, &mut rng) {
            entries.push(Entry { stratum, organisation, work: Some(work) });
        }
    }
    entries
}

/// The observations of a day, in order of start.
pub(super) fn of_day(demo: &Demo, date: Date) -> Vec<Observation> {
    let mut rng = stream(demo.plan.seed, Purpose::Details, day_number(date), 0);
    let mut observations: Vec<Observation> =
        entries(demo, date).into_iter().map(|entry| tell(demo, date, entry, &mut rng)).collect();
    observations.sort_by_key(|observation| observation.when.start_s());
    for (position, observation) in observations.iter_mut().enumerate() {
        let id = format!("d{:08}-{:03}", day_number(date), position + 1);
        observation.id = Id::new(&id).expect("digits and a hyphen");
        observation.reporter_key = reporter_key(demo.plan.seed, date, position, observation);
    }
    observations
}

/// Of what residents tell, how much has no key, and up to what share it comes from those who report often.
const WITHOUT_KEY: f64 = 0.3;
const FROM_FREQUENT: f64 = 0.45;
/// People who report often, and the others.
const FREQUENT: u64 = 12;
const OTHERS: u64 = 20_000;

/// Who of the residents told it: a made-up key of somebody out of a town that is the same on every day of a seed.
fn reporter_key(seed: u64, date: Date, position: usize, observation: &Observation) -> Option<String> {
    if observation.source != Some(Source::Citizen) {
        return None;
    }
    let mut rng = stream(seed, Purpose::Reporter, day_number(date), position);
    let person = match rng.random::<f64>() {
        drawn if drawn < WITHOUT_KEY => return None,
        drawn if drawn < FROM_FREQUENT => rng.random_range(0..FREQUENT),
        _ => FREQUENT + rng.random_range(0..OTHERS),
    };
    let key: u64 = stream(seed, Purpose::Reporter, -1, person as usize).random();
    Some(format!("k{key:016x}"))
}

fn tell(demo: &Demo, date: Date, entry: Entry, rng: &mut ChaCha8Rng) -> Observation {
    let profile = &demo.scene.profile;
    let stratum = &demo.scene.strata[entry.stratum];
    let organisation = &profile.organisations[entry.organisation];
    let work = entry.work.map(|index| &profile.work[index]);
    let findings = work.and_then(|work| work.findings.as_ref());
    let source = if findings.is_some() { Source::Inventory } else { *one_of(&organisation.sources, rng) };
    let feeling = feeling(demo, rng);
    let weights = findings.map_or(&stratum.spec.categories, |f| &f.categories);
    let category = category(demo, weights, feeling, rng);
    let sentences = &profile.texts[category];
    let sentences = if feeling == Some(Feeling::Safe) { &sentences.safe } else { &sentences.r#unsafe };
    let severity = severity(category, source, feeling, rng);
    let when = match work {
        Some(work) => {
            let hour = rng.random_range(work.start_hours[0]..=work.start_hours[1]);
            clock::wall_time(date, hour, 5 * rng.random_range(0..12_i8), &demo.plan.zone)
        }
        None => clock::of_observation(date, &stratum.rhythm, &demo.plan.zone, rng),
    };
    Observation {
        inventory: None,
        photo: None,
        reporter_key: None,
        id: Id::new("d").expect("a letter"),
        category: category.to_string(),
        feeling,
        when,
        location: location(stratum, findings.is_some(), rng),
        source: Some(source),
        severity,
        text: rng.random_bool(0.85).then(|| one_of(sentences, rng).clone()),
        kept: vec![(REPORTER_COLUMN.to_string(), organisation.name.clone())],
    }
}

fn feeling(demo: &Demo, rng: &mut ChaCha8Rng) -> Option<Feeling> {
    let (safe, unsaid) = (demo.scene.profile.safe_share, demo.scene.profile.unsaid_share);
    match rng.random::<f64>() {
        drawn if drawn < safe => Some(Feeling::Safe),
        drawn if drawn < safe + unsaid => None,
        _ => Some(Feeling::Unsafe),
    }
}

/// A category by weight; for what felt safe, one that has words for it.
fn category<'a>(
    demo: &Demo,
    weights: &'a BTreeMap<String, f64>,
    feeling: Option<Feeling>,
    rng: &mut ChaCha8Rng,
) -> &'a str {
    let speaks = |code: &str| feeling != Some(Feeling::Safe) || !demo.scene.profile.texts[code].safe.is_empty();
    let weighed = weights.iter().map(|(code, weight)| if speaks(code) { *weight } else { 0.0 });
    let chosen = pick(weighed, rng);
    weights.keys().nth(chosen).expect("picked among them")
}

/// Staff who walk a list say how serious it is; what felt safe has no severity.
fn severity(category: &str, source: Source, feeling: Option<Feeling>, rng: &mut ChaCha8Rng) -> Option<u8> {
    let graded =
        matches!(source, Source::Inventory | Source::MunicipalReport | Source::PoliceInitiated | Source::PoliceReport);
    let drawn = rng.random_range(0..=2_u8);
    let least = if matches!(category, "violence" | "harassment" | "drugs") { 3 } else { 1 };
    (graded && feeling != Some(Feeling::Safe)).then_some(least + drawn)
}

/// A name only, the point of the whole municipality, or a position with its precision.
fn location(stratum: &Stratum, on_the_spot: bool, rng: &mut ChaCha8Rng) -> Location {
    let spec = &stratum.spec;
    if !on_the_spot && rng.random_bool(spec.place_name_share) {
        return named(stratum, rng);
    }
    if let (Some(coarse), Some(at)) = (&spec.coarse, stratum.coarse)
        && !on_the_spot
        && rng.random_bool(coarse.share)
    {
        return Location {
            shape: Some(Shape::Point(at)),
            precision_m: Some(coarse.precision_m),
            ..Location::default()
        };
    }
    let ground = &stratum.grounds[pick(spec.areas.iter().map(|(_, weight)| *weight), rng)];
    let from_address = !on_the_spot && rng.random_bool(spec.address_share);
    // A phone or a click on a map; or the middle of an address.
    let precision_m = if from_address { 50 * rng.random_range(2..=5_u16) } else { 5 * rng.random_range(1..=10_u16) };
    Location {
        shape: Some(Shape::Point(ground.position(rng))),
        precision_m: Some(f64::from(precision_m)),
        ..Location::default()
    }
}

/// A name as someone wrote it, with what the register knows of it.
fn named(stratum: &Stratum, rng: &mut ChaCha8Rng) -> Location {
    let unknown = &stratum.spec.texts_without_place;
    let is_unknown =
        stratum.places.is_empty() || (!unknown.is_empty() && rng.random_bool(stratum.spec.text_without_place_share));
    if is_unknown {
        return Location { place_text: Some(one_of(unknown, rng).clone()), ..Location::default() };
    }
    let place: &Place = &stratum.places[pick((1..=stratum.places.len()).map(|rank| 1.0 / rank as f64), rng)];
    let by_alias = !place.aliases.is_empty() && rng.random_bool(0.4);
    let text = if by_alias { one_of(&place.aliases, rng) } else { &place.name };
    Location {
        shape: place.at.map(Shape::Point),
        precision_m: place.at.and(place.precision_m),
        place: Some(place.id.clone()),
        area: if place.at.is_some() { None } else { place.area.clone() },
        place_text: Some(text.clone()),
    }
}
