//! The place register as imports use it: text such as "Resecentrum, spår 1" to an entry, area names to ids.

use std::collections::HashMap;

use crate::domain::{Area, Id, Place};

/// Places by every name they go by.
///
/// When two places share a name the first in the list keeps it: ids and usual names before aliases.
#[derive(Clone, Debug, Default)]
pub struct Register {
    places: Vec<Place>,
    by_key: HashMap<String, usize>,
    by_id: HashMap<Id, usize>,
}

impl Register {
    /// Indexes the places by id, name and aliases; keys are compared by [`Place::key`].
    pub fn new(places: &[Place]) -> Self {
        let mut by_key = HashMap::new();
        let mut add = |text: &str, at: usize| {
            let key = Place::key(text);
            if !key.is_empty() {
                by_key.entry(key).or_insert(at);
            }
        };
        places.iter().enumerate().for_each(|(at, place)| add(&place.name, at));
        places.iter().enumerate().for_each(|(at, place)| place.aliases.iter().for_each(|alias| add(alias, at)));
        places.iter().enumerate().for_each(|(at, place)| add(place.id.as_str(), at));
        let by_id = places.iter().enumerate().map(|(at, place)| (place.id.clone(), at)).collect();
        Self { places: places.to_vec(), by_key, by_id }
    }

    /// The same register in which these texts mean these places, whatever it said of them before. Ids it does
    /// not have are left out.
    pub fn with_names(&self, names: &[(String, Id)]) -> Self {
        let mut register = self.clone();
        for (text, id) in names {
            let key = Place::key(text);
            if let (Some(at), false) = (self.by_id.get(id), key.is_empty()) {
                register.by_key.insert(key, *at);
            }
        }
        register
    }

    /// The place a text names: the whole text, else the longest beginning of whole words that is a name.
    ///
    /// "Resecentrum, spår 1" is its own place when the register has it, else Resecentrum. A
    /// beginning of digits only ("12 ...") never matches. Cost: one look-up per word.
    pub fn find(&self, text: &str) -> Option<&Place> {
        let key = Place::key(text);
        let mut beginning = key.as_str();
        loop {
            if let Some(at) = self.by_key.get(beginning) {
                let whole = beginning.len() == key.len();
                if whole || beginning.contains(char::is_alphabetic) {
                    return self.places.get(*at);
                }
            }
            beginning = &beginning[..beginning.rfind(' ')?];
        }
    }

    /// The place with an id.
    pub fn get(&self, id: &Id) -> Option<&Place> {
        self.by_id.get(id).and_then(|at| self.places.get(*at))
    }
}

/// Areas by id and by either name, as `area` columns give them.
#[derive(Clone, Debug, Default)]
pub(crate) struct AreaNames {
    by_key: HashMap<String, Id>,
}

impl AreaNames {
    /// Ids win over names, earlier areas over later ones.
    pub(crate) fn new(areas: &[Area]) -> Self {
        let mut by_key: HashMap<String, Id> = HashMap::new();
        for area in areas {
            by_key.entry(Place::key(area.id.as_str())).or_insert_with(|| area.id.clone());
        }
        for area in areas {
            for name in [&area.names.sv, &area.names.en] {
                by_key.entry(Place::key(name)).or_insert_with(|| area.id.clone());
            }
        }
        Self { by_key }
    }

    pub(crate) fn find(&self, text: &str) -> Option<&Id> {
        self.by_key.get(&Place::key(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: &str, name: &str, aliases: &[&str]) -> Place {
        Place {
            id: Id::new(id).expect("id"),
            name: name.to_string(),
            aliases: aliases.iter().map(|a| (*a).to_string()).collect(),
            at: None,
            precision_m: None,
            area: None,
            source: String::new(),
        }
    }

    #[test]
    fn the_longest_known_beginning_wins() {
        let register = Register::new(&[
            place("resecentrum", "Resecentrum", &["Nässjö C", "stationen"]),
            place("spar1", "Resecentrum spår 1", &[]),
            place("p12", "12", &[]),
        ]);
        let found = |text: &str| register.find(text).map(|p| p.id.as_str());
        assert_eq!(found("RESECENTRUM"), Some("resecentrum"));
        assert_eq!(found("Resecentrum, spår 1"), Some("spar1"));
        assert_eq!(found("Resecentrum, spår 2 (norra)"), Some("resecentrum"));
        assert_eq!(found("nässjö c"), Some("resecentrum"));
        assert_eq!(found("Resecentrumet"), None);
        assert_eq!(found("vid Resecentrum"), None);
        assert_eq!(found("12"), Some("p12"));
        assert_eq!(found("12 bilar"), None);
        assert_eq!((found(""), found(",,")), (None, None));
    }
}
