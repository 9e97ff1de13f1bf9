//! What a communicator copies: code that shows a view on another site, as HTML text.
//!
//! In the order in which to try them: a link works everywhere; a picture with a link wherever pictures do; a frame on
//! the sites that the policy allows; a frame with a script where the site also takes scripts, and is then always as
//! high as its content.

use maud::html;

use super::shelf::Which;
use crate::text::lang::{Lang, Text};

/// The script beside a frame: it takes one message, from that frame alone, and sets its height to 100 to 4000 pixels.
pub const HOST_SCRIPT: &str = include_str!("../../web/host.js");

/// Heights in pixels that a frame of each view needs at 320 pixels width.
const HEIGHTS_PX: [(&str, u32); 3] = [("lofte", 560), ("karta", 760), ("statistik", 760)];
const TITLES: [(&str, Text); 3] = [
    ("lofte", Text::new("Löften till invånarna: så går det", "Promises to residents: how it is going")),
    ("karta", Text::new("Karta över trygghetsarbetet", "Map of the safety work")),
    ("statistik", Text::new("Statistik över rapporter", "Statistics of reports")),
];

/// What is to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Where releases are served, with `/` at its end, such as `https://lagesbild.example.se/public/`.
    pub site: &'a str,
    /// One release for ever, or always the newest.
    pub which: Which,
    /// The language of the view and of its title.
    pub lang: Lang,
    /// `lofte`, `karta` or `statistik`.
    pub view: &'a str,
    /// Height of the frame in pixels; without, one at which nothing is cut off in a narrow column.
    pub height_px: Option<u32>,
}

impl Shown<'_> {
    /// What the frame is called for those who hear the page.
    pub fn title(&self) -> &'static str {
        let title = TITLES.iter().find(|(view, _)| *view == self.view).map(|(_, title)| *title);
        title.unwrap_or(Text::new("Lägesbild", "Situation picture")).of(self.lang)
    }

    /// The address of the view for a frame.
    pub fn embed_url(&self) -> String {
        format!("{}embed/{}/{}.html", self.folder(), self.lang.code(), self.view)
    }

    /// The address of the page that shows the same, and more.
    pub fn page_url(&self) -> String {
        let page = if self.view == "karta" { "index" } else { self.view };
        format!("{}{page}{}.html", self.folder(), self.lang.pick("", ".en"))
    }

    /// The address of the picture of the view, 1200 x 675 pixels.
    pub fn picture_url(&self) -> String {
        format!("{}picture/{}-{}-1200x675.png", self.folder(), self.view, self.lang.code())
    }

    fn folder(&self) -> String {
        match self.which {
            Which::Number(number) => format!("{}r/{number}/", self.site),
            Which::Current => format!("{}current/", self.site),
        }
    }

    fn height_px(&self) -> u32 {
        let usual = HEIGHTS_PX.iter().find(|(view, _)| *view == self.view).map_or(600, |(_, height)| *height);
        self.height_px.unwrap_or(usual).clamp(100, 4000)
    }
}

/// A link to the page.
pub fn link(shown: &Shown<'_>) -> String {
    html! { a href=(shown.page_url()) { (shown.title()) } }.into_string()
}

/// A picture that leads to the page. `alt` is what it shows, in words: the release has it in `cms/{lang}/alt.txt`.
pub fn picture_link(shown: &Shown<'_>, alt: &str) -> String {
    html! {
        a href=(shown.page_url()) {
            img src=(shown.picture_url()) alt=(alt.trim()) width="1200" height="675" style="max-width:100%;height:auto";
        }
    }
    .into_string()
}

/// A frame of fixed height; needs no script.
pub fn iframe(shown: &Shown<'_>) -> String {
    frame(shown, &shown.embed_url())
}

/// A frame that is as high as its content, by a script that stands in the page itself and fetches nothing. Without
/// the script, or where the site takes it out, the frame has its fixed height.
pub fn iframe_with_script(shown: &Shown<'_>) -> String {
    let url = format!("{}#lagesbild-{}", shown.embed_url(), shown.view);
    format!("{}\n<script>\n{}</script>", frame(shown, &url), HOST_SCRIPT)
}

fn frame(shown: &Shown<'_>, url: &str) -> String {
    html! {
        iframe src=(url) title=(shown.title()) width="100%" height=(shown.height_px()) loading="lazy" style="border:0" {}
    }
    .into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: Shown<'_> = Shown {
        site: "https://lb.example/public/",
        which: Which::Current,
        lang: Lang::Sv,
        view: "karta",
        height_px: None,
    };

    #[test]
    fn a_frame_has_an_address_a_title_and_a_height() {
        assert_eq!(
            iframe(&SHOWN),
            "<iframe src=\"https://lb.example/public/current/embed/sv/karta.html\" title=\"Karta över trygghetsarbetet\" \
             width=\"100%\" height=\"760\" loading=\"lazy\" style=\"border:0\"></iframe>"
        );
        let other = Shown { which: Which::Number(7), lang: Lang::En, view: "lofte", height_px: Some(9_999), ..SHOWN };
        let code = iframe(&other);
        assert!(code.contains("/r/7/embed/en/lofte.html\"") && code.contains("height=\"4000\""), "{code}");
        assert_eq!(
            link(&other),
            "<a href=\"https://lb.example/public/r/7/lofte.en.html\">Promises to residents: how it is going</a>"
        );
    }

    #[test]
    fn the_script_beside_a_frame_is_at_most_a_kilobyte_and_cannot_end_early() {
        let code = iframe_with_script(&SHOWN);
        assert!(HOST_SCRIPT.len() <= 1024, "{} bytes", HOST_SCRIPT.len());
        assert_eq!(code.matches("</script>").count(), 1);
        assert!(code.contains("karta.html#lagesbild-karta\""), "{code}");
    }

    #[test]
    fn what_a_picture_shows_stands_in_it_without_breaking_out() {
        let code = picture_link(&SHOWN, "Tre \"löften\" <b>\n");
        assert!(code.contains("alt=\"Tre &quot;löften&quot; &lt;b&gt;\""), "{code}");
        assert!(
            code.contains("current/picture/karta-sv-1200x675.png") && code.contains("current/index.html"),
            "{code}"
        );
    }
}
