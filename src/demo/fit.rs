//! Fits a profile to areas, places and the vocabulary, and lists everything that does not fit.

use std::collections::BTreeMap;

use geo::Intersects;

use super::DemoProblem;
use super::draw::{self, Purpose};
use super::ground::Ground;
use super::profile::{DemoProfile, OrganisationSpec, StratumSpec, Timing, WorkSpec};
use super::scene::{Scene, Stratum};
use crate::domain::{Area, Booking, Id, LonLat, Participant, Place, Vocabulary};

/// Resolves every name of the profile, or lists all that cannot be. The spots of the areas follow
/// from the seed.
pub(super) fn scene(
    profile: DemoProfile,
    areas: &[Area],
    places: &[Place],
    seed: u64,
) -> Result<Scene, Vec<DemoProblem>> {
    let mut fit = Fit { profile: &profile, areas, places, seed, problems: Vec::new() };
    fit.check_shares();
    fit.check_invitations();
    fit.check_words();
    fit.check_organisations();
    let work_stratum = fit.work();
    let strata: Vec<Stratum> = (0..profile.strata.len()).filter_map(|index| fit.stratum(index)).collect();
    if profile.strata.iter().map(|s| s.observations_per_year).sum::<f64>() <= 0.0 {
        fit.problem("strata", "no observations", "at least one stratum with observations_per_year above 0");
    }
    let problems = fit.problems;
    if problems.is_empty() { Ok(Scene { profile, strata, work_stratum }) } else { Err(problems) }
}

/// The fitting under way.
struct Fit<'a> {
    profile: &'a DemoProfile,
    areas: &'a [Area],
    places: &'a [Place],
    seed: u64,
    problems: Vec<DemoProblem>,
}

impl Fit<'_> {
    fn problem(&mut self, at: &str, value: impl ToString, accepted: &str) {
        self.problems.push(DemoProblem { at: at.into(), value: value.to_string(), accepted: accepted.into() });
    }

    fn share(&mut self, at: &str, value: f64) {
        if !(0.0..=1.0).contains(&value) {
            self.problem(at, value, "a share from 0 to 1");
        }
    }

    fn weights(&mut self, at: &str, weights: impl Iterator<Item = f64> + Clone) {
        let valid = weights.clone().all(|w| w >= 0.0 && w.is_finite()) && weights.clone().sum::<f64>() > 0.0;
        if !valid {
            let list: Vec<String> = weights.map(|w| w.to_string()).collect();
            self.problem(at, list.join(" "), "weights of at least 0, not all 0");
        }
    }

    fn check_shares(&mut self) {
        let profile = self.profile;
        self.share("safe_share", profile.safe_share);
        self.share("unsaid_share", profile.unsaid_share);
        for stratum in &profile.strata {
            let at = |field: &str| format!("strata.{}.{field}", stratum.name);
            self.share(&at("yearly_swing"), stratum.yearly_swing);
            self.share(&at("place_name_share"), stratum.place_name_share);
            self.share(&at("address_share"), stratum.address_share);
            self.share(&at("text_without_place_share"), stratum.text_without_place_share);
            self.share(&at("coarse.share"), stratum.coarse.as_ref().map_or(0.0, |c| c.share));
            for (field, value) in
                [("observations_per_year", stratum.observations_per_year), ("scatter_m", stratum.scatter_m)]
            {
                if !(value >= 0.0 && value.is_finite()) {
                    self.problem(&at(field), value, "a number of at least 0");
                }
            }
            self.weights(&at("areas"), stratum.areas.iter().map(|(_, weight)| *weight));
        }
        for (name, rhythm) in &profile.rhythms {
            self.weights(&format!("rhythms.{name}.hours"), rhythm.hours.iter().copied());
            self.weights(&format!("rhythms.{name}.weekdays"), rhythm.weekdays.iter().copied());
            self.weights(&format!("rhythms.{name}.months"), rhythm.months.iter().copied());
        }
        for (field, list) in [("owners", &profile.follow_up.owners), ("why_not", &profile.follow_up.why_not)] {
            if list.is_empty() {
                self.problem(&format!("follow_up.{field}"), "[]", "at least one text");
            }
        }
        for survey in &profile.surveys {
            let at = |field: &str| format!("surveys.{}.{field}", survey.id);
            if !self.areas.iter().any(|area| area.id == survey.area) {
                self.problem(&at("area"), &survey.area, "the id of an area");
            }
            if Id::new(&survey.id).is_err() {
                self.problem(&at("id"), &survey.id, "an id");
            }
            self.share(&at("answered_share"), survey.answered_share);
            self.share(&at("yearly_swing"), survey.yearly_swing);
            self.share(&at("unsafe_share"), survey.unsafe_share * (1.0 + survey.yearly_swing));
        }
    }

    /// Every category used has sentences, and every code is in the vocabulary a file starts with.
    fn check_invitations(&mut self) {
        for invited in &self.profile.follow_up.invitations {
            if let Err(refused) = Booking::check_invitation(&invited.kind, true) {
                self.problem("follow_up.invitations", &invited.kind, &refused.to_string());
            }
            let area = invited.area.as_deref().unwrap_or_default();
            if !area.is_empty() && !self.areas.iter().any(|known| known.id.as_str() == area) {
                self.problem("follow_up.invitations", area, "the id of an area, or none");
            }
        }
    }

    fn check_words(&mut self) {
        let profile = self.profile;
        let known = Vocabulary::seed().categories;
        let strata = profile.strata.iter().map(|s| (format!("strata.{}.categories", s.name), &s.categories));
        let findings = profile
            .work
            .iter()
            .filter_map(|w| w.findings.as_ref().map(|f| (format!("work.{}.findings.categories", w.id), &f.categories)));
        for (at, categories) in strata.chain(findings).collect::<Vec<(String, &BTreeMap<String, f64>)>>() {
            self.weights(&at, categories.values().copied());
            let speaks = |code: &String| profile.texts.get(code).is_some_and(|sentences| !sentences.safe.is_empty());
            if profile.safe_share > 0.0 && !categories.iter().any(|(code, weight)| *weight > 0.0 && speaks(code)) {
                self.problem(&at, "no safe sentences", "at least one category with sentences of what felt safe");
            }
            for code in categories.keys() {
                if !known.iter().any(|term| term.code == *code) {
                    self.problem(&at, code, "a category of the vocabulary");
                }
                if profile.texts.get(code).is_none_or(|sentences| sentences.r#unsafe.is_empty()) {
                    self.problem(&at, code, "a category that has sentences under texts");
                }
            }
        }
    }

    fn check_organisations(&mut self) {
        let profile = self.profile;
        for organisation in &profile.organisations {
            let at = |field: &str| format!("organisations.{}.{field}", organisation.id);
            self.weights(&at("weight"), std::iter::once(organisation.weight));
            self.share(&at("reports_weekly"), organisation.reports_weekly.unwrap_or(0.0));
            if Id::new(&organisation.id).is_err() {
                self.problem(&at("id"), &organisation.id, "an id");
            }
            if organisation.sources.is_empty() {
                self.problem(&at("sources"), "", "at least one source");
            }
            for name in organisation.strata.iter().flatten() {
                if !profile.strata.iter().any(|s| s.name == *name) {
                    self.problem(&at("strata"), name, "the name of a stratum");
                }
            }
        }
    }

    fn work(&mut self) -> Vec<Option<usize>> {
        let profile = self.profile;
        profile.work.iter().map(|work| self.one_work(work)).collect()
    }

    fn one_work(&mut self, work: &WorkSpec) -> Option<usize> {
        let at = |field: &str| format!("work.{}.{field}", work.id);
        let (profile, vocabulary) = (self.profile, Vocabulary::seed());
        if !vocabulary.kinds.iter().any(|term| term.code == work.kind) {
            self.problem(&at("kind"), &work.kind, "a kind of the vocabulary");
        }
        for actor in Participant::parse_list(&work.actors) {
            if !vocabulary.roles.iter().any(|term| term.code == actor.role) {
                self.problem(&at("actors"), &actor.role, "a role of the vocabulary");
            }
        }
        let ordered = work.minutes[0] > 0 && work.minutes[0] <= work.minutes[1];
        if !ordered
            || !(0..24).contains(&work.start_hours[0])
            || !(work.start_hours[0]..24).contains(&work.start_hours[1])
        {
            let value = format!("{:?} {:?}", work.start_hours, work.minutes);
            self.problem(
                &at("start_hours, minutes"),
                value,
                "first and last hour out of 0 to 23, shortest and longest above 0",
            );
        }
        if work.shapes.is_empty() || work.results.is_empty() {
            self.problem(&at("shapes, results"), "", "at least one of each");
        }
        self.share(&at("second_unit_share"), work.second_unit_share);
        if let Some(weekdays) = work.weekdays {
            self.weights(&at("weekdays"), weekdays.into_iter());
        }
        if let Timing::PerWeek(rate) = work.timing {
            self.weights(&at("timing.per_week"), std::iter::once(rate));
        }
        if let Some(findings) = &work.findings {
            self.weights(&at("findings.mean"), std::iter::once(findings.mean));
        }
        let reporter = work.findings.as_ref().map(|findings| &findings.reporter);
        if let Some(reporter) = reporter.filter(|id| !profile.organisations.iter().any(|o| o.id == **id)) {
            self.problem(&at("findings.reporter"), reporter, "the id of an organisation");
        }
        let name = work.stratum.as_ref()?;
        let stratum = profile.strata.iter().position(|s| s.name == *name);
        if stratum.is_none() {
            self.problem(&at("stratum"), name, "the name of a stratum");
        }
        stratum
    }

    fn stratum(&mut self, index: usize) -> Option<Stratum> {
        let profile = self.profile;
        let spec = &profile.strata[index];
        let at = |field: &str| format!("strata.{}.{field}", spec.name);
        let before = self.problems.len();
        let rhythm = profile.rhythms.get(&spec.rhythm);
        if rhythm.is_none() {
            self.problem(&at("rhythm"), &spec.rhythm, "the name of a rhythm");
        }
        let areas = self.areas;
        let earlier: Vec<&Area> = profile.strata[..index]
            .iter()
            .flat_map(|other| &other.areas)
            .filter_map(|(id, _)| areas.iter().find(|area| area.id == *id))
            .collect();
        let mut grounds = Vec::new();
        for (position, (id, _)) in spec.areas.iter().enumerate() {
            let Some(area) = areas.iter().find(|area| area.id == *id) else {
                self.problem(&at("areas"), id, "the id of an area");
                continue;
            };
            let avoid =
                earlier.iter().filter(|other| other.outline.intersects(&area.outline)).map(|o| o.outline.clone());
            let mut rng = draw::stream(self.seed, Purpose::Spots, position as i64, index);
            let ground =
                Ground::new(id.clone(), area.outline.clone(), avoid.collect(), spec.spots, spec.scatter_m, &mut rng);
            match ground {
                Some(ground) => grounds.push(ground),
                None => self.problem(&at("areas"), id, "an area with ground outside the strata before it"),
            }
        }
        let places = self.places_of(spec);
        let coarse = spec.coarse.as_ref().filter(|c| c.precision_m > 0.0).and_then(|c| LonLat::new(c.lon, c.lat).ok());
        if let (Some(c), None) = (&spec.coarse, coarse) {
            let value = format!("{} {} {}", c.lon, c.lat, c.precision_m);
            self.problem(&at("coarse"), value, "a position in degrees and a precision above 0 m");
        }
        let active = |o: &OrganisationSpec| o.strata.as_ref().is_none_or(|s| s.contains(&spec.name));
        let organisations: Vec<usize> =
            (0..profile.organisations.len()).filter(|i| active(&profile.organisations[*i])).collect();
        if !(1..=12).all(|month| organisations.iter().any(|i| profile.organisations[*i].is_active_in(month))) {
            self.problem(&at("name"), &spec.name, "a stratum in which some organisation is active every month");
        }
        if self.problems.len() > before {
            return None;
        }
        let findings_per_year = profile
            .work
            .iter()
            .filter(|work| work.stratum.as_ref() == Some(&spec.name))
            .filter_map(|work| Some(work.findings.as_ref()?.mean * work.timing.per_year()))
            .sum();
        let rhythm = rhythm?.clone();
        Some(Stratum { spec: spec.clone(), rhythm, grounds, places, coarse, organisations, findings_per_year })
    }

    /// The register entries of a stratum; names that should match none must match none.
    fn places_of(&mut self, spec: &StratumSpec) -> Vec<Place> {
        let mut found = Vec::new();
        for id in &spec.places {
            match self.places.iter().find(|place| place.id == *id) {
                Some(place) if place.at.is_some() || place.area.is_some() => found.push(place.clone()),
                Some(_) => self.problem(&format!("strata.{}.places", spec.name), id, "a place with a point or an area"),
                None => self.problem(&format!("strata.{}.places", spec.name), id, "the id of a place in the register"),
            }
        }
        let at = format!("strata.{}.texts_without_place", spec.name);
        for text in &spec.texts_without_place {
            let is = |name: &String| Place::key(name) == Place::key(text);
            if self.places.iter().any(|place| is(&place.name) || place.aliases.iter().any(is)) {
                self.problem(&at, text, "a name the place register does not know");
            }
        }
        if spec.place_name_share > 0.0 && found.is_empty() && spec.texts_without_place.is_empty() {
            self.problem(
                &format!("strata.{}.place_name_share", spec.name),
                spec.place_name_share,
                "0 where there are no names",
            );
        }
        found
    }
}
