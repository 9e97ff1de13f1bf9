//! The colours of the density classes and their fixed limits; tests compute contrasts from these and the style sheet.

/// The ground of the map: what is not coloured.
pub(super) const GROUND: &str = "#f4f4f0";

/// Light is little, dark is much: viridis from 0.55 to 0. The usual lighter end would not be told from the ground.
pub(super) const CLASSES: [&str; 5] = ["#1e9c89", "#297b8e", "#38598c", "#46307e", "#440154"];

/// Lower limits of the classes per km² and year. They never change with what is shown.
const LIMITS_PER_YEAR: [f64; 5] = [10.0, 25.0, 50.0, 100.0, 250.0];

/// The lower limits in a period of so many days: whole numbers, rising, at least 1.
pub(super) fn limits(days: i64) -> [u64; 5] {
    let mut least = 0;
    LIMITS_PER_YEAR.map(|limit| {
        let scaled = (limit * days as f64 / 365.25).round() as u64;
        least = scaled.max(least + 1);
        least
    })
}

/// The class of a density, 0 to 4; `None` below the first limit.
pub(super) fn class(per_km2: f64, limits: &[u64; 5]) -> Option<usize> {
    limits.iter().rposition(|limit| per_km2 >= *limit as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::page::layout::STYLE;

    type Rgb = [f64; 3];

    /// The linear light of a colour `#rrggbb` (sRGB, IEC 61966-2-1).
    fn linear(hex: &str) -> Rgb {
        [1, 3, 5].map(|at| {
            let v = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn luminance([r, g, b]: Rgb) -> f64 {
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// WCAG 2.1 contrast ratio.
    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn lab(rgb: Rgb) -> Rgb {
        // sRGB to XYZ under D65, then CIE 1976.
        let [x, y, z] = times([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], rgb);
        let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let (fx, fy, fz) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
        [116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)]
    }

    fn times(m: [[f64; 3]; 3], v: Rgb) -> Rgb {
        m.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
    }

    fn difference(a: Rgb, b: Rgb) -> f64 {
        lab(a).iter().zip(lab(b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    /// The value of a token of the style sheet, such as `--text: #1b1b1b;`.
    fn token(name: &str) -> &'static str {
        let start = STYLE.find(&format!("--{name}:")).unwrap_or_else(|| panic!("no token {name}"));
        let hash = start + STYLE[start..].find('#').expect("a colour");
        &STYLE[hash..hash + 7]
    }

    #[test]
    fn the_ground_of_the_map_is_that_of_the_style_sheet() {
        assert_eq!(token("ground"), GROUND);
    }

    #[test]
    fn every_class_stands_out_from_the_ground_and_from_its_neighbours() {
        let ground = linear(GROUND);
        for colour in CLASSES {
            assert!(contrast(linear(colour), ground) >= 3.0, "{colour}");
        }
        for pair in CLASSES.windows(2) {
            let (lighter, darker) = (linear(pair[0]), linear(pair[1]));
            assert!(luminance(lighter) > luminance(darker), "{pair:?}");
            assert!(contrast(lighter, darker) >= 1.4, "{pair:?}");
        }
    }

    #[test]
    fn classes_differ_without_colour_vision_and_in_grey() {
        // Machado, Oliveira and Fernandes (2009), severity 1.0.
        let protan =
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
        let deutan = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
        let tritan =
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]];
        let grey = [[0.2126, 0.7152, 0.0722]; 3];
        for (sight, matrix) in [("protan", protan), ("deutan", deutan), ("tritan", tritan), ("grey", grey)] {
            for pair in CLASSES.windows(2) {
                let seen = difference(times(matrix, linear(pair[0])), times(matrix, linear(pair[1])));
                assert!(seen >= 10.0, "{sight} {pair:?}: {seen}");
            }
        }
    }

    #[test]
    fn text_and_controls_have_enough_contrast() {
        for (fore, back, least) in [
            ("text", "page", 7.0),
            ("text", "panel", 7.0),
            ("text", "ground", 7.0),
            ("text", "notice", 7.0),
            ("text", "caution", 7.0),
            ("muted", "page", 4.5),
            ("muted", "panel", 4.5),
            ("link", "page", 4.5),
            ("link", "panel", 4.5),
            ("button-text", "button", 4.5),
            ("border", "page", 3.0),
            ("border", "panel", 3.0),
            ("focus", "page", 3.0),
            ("focus", "panel", 3.0),
            ("button", "panel", 3.0),
        ] {
            let ratio = contrast(linear(token(fore)), linear(token(back)));
            assert!(ratio >= least, "{fore} on {back}: {ratio:.2}");
        }
    }

    #[test]
    fn limits_are_those_of_a_year_scaled_to_the_period() {
        assert_eq!(limits(365), [10, 25, 50, 100, 250]);
        assert_eq!(limits(731), [20, 50, 100, 200, 500]);
        // 90 / 365.25 = 0.2464: 2.46, 6.16, 12.3, 24.6, 61.6.
        assert_eq!(limits(90), [2, 6, 12, 25, 62]);
        assert_eq!(limits(1), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_density_on_a_limit_belongs_to_the_class_above() {
        let limits = [10, 25, 50, 100, 250];
        assert_eq!(
            [9.99, 10.0, 24.9, 250.0, 1e9].map(|v| class(v, &limits)),
            [None, Some(0), Some(0), Some(4), Some(4)]
        );
    }
}
