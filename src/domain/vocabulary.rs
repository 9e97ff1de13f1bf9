//! Categories, kinds of activity and actor roles: tables with Swedish and English labels.

/// A code with its labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// What records, JSON and filters say.
    pub code: String,
    /// Swedish label.
    pub sv: String,
    /// English label.
    pub en: String,
}

impl Term {
    /// A term that has no label but its code, as imports add it.
    pub fn bare(code: &str) -> Self {
        Self { code: code.to_string(), sv: code.to_string(), en: code.to_string() }
    }

    fn seed((code, sv, en): &(&str, &str, &str)) -> Self {
        Self { code: (*code).to_string(), sv: (*sv).to_string(), en: (*en).to_string() }
    }
}

/// The three tables of a data file, each in order of addition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// What an observation is about.
    pub categories: Vec<Term>,
    /// What an activity is.
    pub kinds: Vec<Term>,
    /// Who takes part in an activity.
    pub roles: Vec<Term>,
}

const CATEGORIES: &[(&str, &str, &str)] = &[
    ("lighting", "Belysning", "Lighting"),
    ("littering", "Nedskräpning", "Littering"),
    ("vandalism", "Skadegörelse", "Vandalism"),
    ("disorder", "Ordningsstörning", "Disorder"),
    ("drugs", "Narkotika", "Drugs"),
    ("alcohol", "Alkohol", "Alcohol"),
    ("violence", "Våld eller hot", "Violence or threat"),
    ("theft", "Stöld", "Theft"),
    ("traffic", "Trafik", "Traffic"),
    ("harassment", "Ofredande", "Harassment"),
    ("overgrown", "Skymd sikt", "Blocked view"),
    ("other", "Övrigt", "Other"),
];

const KINDS: &[(&str, &str, &str)] = &[
    ("presence", "Närvaro", "Presence"),
    ("safety_inventory", "Trygghetsinventering", "Safety inventory"),
    ("safety_walk", "Trygghetsvandring", "Safety walk"),
    ("targeted_operation", "Riktad insats", "Targeted operation"),
    ("traffic_check", "Trafikkontroll", "Traffic check"),
    ("collaboration_meeting", "Samverkansmöte", "Collaboration meeting"),
    ("dialogue", "Dialogmöte", "Dialogue meeting"),
    ("other", "Övrigt", "Other"),
];

const ROLES: &[(&str, &str, &str)] = &[
    ("police", "Polisen", "Police"),
    ("municipality", "Kommunen", "Municipality"),
    ("property_owner", "Fastighetsägare", "Property owner"),
    ("ordningsvakt", "Ordningsvakt", "Public order guard"),
    ("security_guard", "Väktare", "Security guard"),
    ("resident", "Boende", "Resident"),
    ("volunteer", "Frivillig", "Volunteer"),
    ("school", "Skola", "School"),
    ("transport_operator", "Trafikföretag", "Transport operator"),
];

impl Vocabulary {
    /// The tables a new data file starts with.
    pub fn seed() -> Self {
        let table = |rows: &[(&str, &str, &str)]| rows.iter().map(Term::seed).collect();
        Self { categories: table(CATEGORIES), kinds: table(KINDS), roles: table(ROLES) }
    }

    /// The term whose code or label is `text`, whatever the case.
    pub fn find<'a>(terms: &'a [Term], text: &str) -> Option<&'a Term> {
        let wanted = text.trim().to_lowercase();
        let is = |label: &str| label.to_lowercase() == wanted;
        terms.iter().find(|t| is(&t.code)).or_else(|| terms.iter().find(|t| is(&t.sv) || is(&t.en)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_found_by_code_and_by_either_label() {
        let seed = Vocabulary::seed();
        for text in ["lighting", "BELYSNING", " Lighting "] {
            assert_eq!(Vocabulary::find(&seed.categories, text).map(|t| t.code.as_str()), Some("lighting"));
        }
        assert!(Vocabulary::find(&seed.kinds, "lighting").is_none());
    }
}
