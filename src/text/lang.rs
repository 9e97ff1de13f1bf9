//! Swedish and English: every line that people read stands in a table with both.
//!
//! `{name}` is a place that [`Text::with`] fills; both languages have the same places.

/// A language of pages and papers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Swedish, unless something else is asked for.
    #[default]
    Sv,
    /// English.
    En,
}

impl Lang {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sv, Self::En];

    /// `sv` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sv => "sv",
            Self::En => "en",
        }
    }

    /// Reads `sv` or `en`.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// One of two.
    pub fn pick<T>(self, sv: T, en: T) -> T {
        match self {
            Self::Sv => sv,
            Self::En => en,
        }
    }
}

/// One line in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Swedish.
    pub sv: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// A line.
    pub const fn new(sv: &'static str, en: &'static str) -> Self {
        Self { sv, en }
    }

    /// The line in a language.
    pub fn of(self, lang: Lang) -> &'static str {
        lang.pick(self.sv, self.en)
    }

    /// The line with its places filled.
    pub fn with(self, lang: Lang, values: &[(&str, &str)]) -> String {
        let filled = |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{{name}}}"), value);
        values.iter().fold(self.of(lang).to_string(), filled)
    }
}

/// A table of lines: `NAME: "svenska", "English";`. Each becomes a constant; tests see all of them as `ALL`.
macro_rules! texts {
    ($($name:ident: $sv:literal, $en:literal;)*) => {
        $(pub(super) const $name: $crate::text::lang::Text = $crate::text::lang::Text::new($sv, $en);)*
        #[cfg(test)]
        #[allow(dead_code, reason = "a table is tested as a whole where it has a test")]
        const ALL: &[(&str, $crate::text::lang::Text)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use texts;

/// What is wrong with a table: lines that lack a language, or whose languages have different places, or that use
/// words which readers do not know or which claim causes (research/ux-anchors A23, design section 2.4).
#[cfg(test)]
pub(crate) fn faults(all: &[(&str, Text)]) -> Vec<String> {
    let places = |text: &str| {
        let mut names: Vec<String> =
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next().map(str::to_string)).collect();
        names.sort_unstable();
        names
    };
    let banned =
        ["hotspot", "hot spot", "kde", "dosage", "dosering", "effekt av", "tack vare", "thanks to", "safe area"];
    let mut faults = Vec::new();
    for (name, text) in all {
        if text.sv.trim().is_empty() || text.en.trim().is_empty() {
            faults.push(format!("{name} is empty"));
        }
        if places(text.sv) != places(text.en) {
            faults.push(format!("{name}: {:?} and {:?}", places(text.sv), places(text.en)));
        }
        let both = format!("{} {}", text.sv, text.en).to_lowercase();
        faults.extend(banned.iter().filter(|word| both.contains(**word)).map(|word| format!("{name} says '{word}'")));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_filled_with_its_value() {
        let text = Text::new("Senaste {n} dagarna", "Last {n} days");
        assert_eq!(text.with(Lang::Sv, &[("n", "28")]), "Senaste 28 dagarna");
    }
}
