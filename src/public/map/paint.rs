//! Colours and patterns of maps. Nothing is told by colour alone: classes have lines too, and absence has patterns.

/// Light is little, dark is much: viridis from 0.55 to 0. The usual lighter end would not be told from the ground.
pub(super) const CLASSES: [&str; 5] = ["#1e9c89", "#297b8e", "#38598c", "#46307e", "#440154"];
/// What is not coloured.
pub(super) const GROUND: &str = "#f4f4f0";
/// Lines and letters.
pub(super) const INK: &str = "#1b1b1b";

/// What a surface is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::public) enum Fill {
    /// A class of number per km², from 1; 0 is below the first limit.
    Class(u8),
    /// Under the threshold.
    Under,
    /// Not divided.
    NotDivided,
    /// An area.
    Area,
    /// An area whose outline is not known.
    Placeholder,
}

impl Fill {
    /// The value of a `fill` attribute. Patterns are in [`defs`].
    pub(super) fn value(self) -> String {
        match self {
            Self::Class(0) => "#ffffff".to_string(),
            Self::Class(class) => format!("url(#k{})", class.min(5)),
            Self::Under => "url(#under)".to_string(),
            Self::NotDivided => "url(#undivided)".to_string(),
            Self::Area => "#d9e2e8".to_string(),
            Self::Placeholder => "url(#unsure)".to_string(),
        }
    }
}

/// The patterns, once in a document that has drawings. The lighter a class, the more lines it has.
pub(in crate::public) fn defs() -> String {
    let mut out = String::from("<defs>");
    let tile = |id: &str, side: u8, ground: &str, marks: &str| {
        format!(
            "<pattern id=\"{id}\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\">\
             <path d=\"M0 0h{side}v{side}h-{side}z\" fill=\"{ground}\"/>{marks}</pattern>"
        )
    };
    for (i, colour) in CLASSES.iter().enumerate() {
        let lines = CLASSES.len() - 1 - i;
        // Lines of one unit, apart by as much as four of them leave.
        let marks: String = (0..lines).map(|line| format!("M0 {}h16", 2 + 16 * line / lines.max(1))).collect();
        let marks = if lines == 0 {
            String::new()
        } else {
            format!("<path d=\"{marks}\" stroke=\"#ffffff\" stroke-width=\".9\"/>")
        };
        out.push_str(&tile(&format!("k{}", i + 1), 16, colour, &marks));
    }
    let hatched = "<path d=\"M-2 10L10 -2M-2 2L2 -2M6 10L10 6\" stroke=\"#8a9196\" stroke-width=\"1\"/>";
    let dotted =
        "<circle cx=\"3\" cy=\"3\" r=\"1.4\" fill=\"#5b6165\"/><circle cx=\"8\" cy=\"8\" r=\"1.4\" fill=\"#5b6165\"/>";
    let crossed = "<path d=\"M0 0L8 8M8 0L0 8\" stroke=\"#8a9196\" stroke-width=\".8\"/>";
    out.push_str(&tile("under", 8, "#ffffff", hatched));
    out.push_str(&tile("undivided", 10, "#ffffff", dotted));
    out.push_str(&tile("unsure", 8, "#eef1f3", crossed));
    out.push_str("</defs>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of a colour `#rrggbb` (WCAG 2.1).
    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let v = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_class_stands_out_from_the_ground_and_from_its_neighbours() {
        assert!(CLASSES.iter().all(|colour| contrast(colour, GROUND) >= 3.0));
        assert!(
            CLASSES.windows(2).all(|pair| luminance(pair[0]) > luminance(pair[1]) && contrast(pair[0], pair[1]) >= 1.4)
        );
        assert!(contrast(INK, GROUND) >= 7.0);
    }

    #[test]
    fn every_fill_has_its_pattern_and_no_two_are_the_same() {
        let all = [0, 1, 2, 3, 4, 5].map(Fill::Class).into_iter().chain([
            Fill::Under,
            Fill::NotDivided,
            Fill::Area,
            Fill::Placeholder,
        ]);
        let mut values: Vec<String> = all.map(Fill::value).collect();
        for value in &values {
            if let Some(id) = value.strip_prefix("url(#").and_then(|rest| rest.strip_suffix(')')) {
                assert!(defs().contains(&format!("id=\"{id}\"")), "{id}");
            }
        }
        let n = values.len();
        values.sort();
        values.dedup();
        assert_eq!(values.len(), n);
    }
}
