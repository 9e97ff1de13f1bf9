//! What every page needs: the release, the language, the assets, and where things are.

use crate::release::deeds::AreaDeeds;
use crate::release::{Earlier, Release};
use crate::text::lang::Lang;

use super::Assets;
use super::words::{days, name};

/// What is shown in an embed and in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// The promises.
    Promises,
    /// The areas with their deeds and actions.
    Map,
    /// The reports of a statistics release.
    Statistics,
}

impl View {
    /// The word in paths.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Promises => "lofte",
            Self::Map => "karta",
            Self::Statistics => "statistik",
        }
    }

    /// The views that a release has.
    pub(super) fn of(release: &Release) -> &'static [Self] {
        match release.statistics {
            None => &[Self::Promises, Self::Map],
            Some(_) => &[Self::Promises, Self::Map, Self::Statistics],
        }
    }
}

/// See the module.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// What is shown.
    pub(super) release: &'a Release,
    /// In which language.
    pub(super) lang: Lang,
    /// With what beside it.
    pub(super) assets: &'a Assets,
}

impl Context<'_> {
    /// The name of who publishes.
    pub(super) fn publisher(&self) -> &str {
        let publisher = &self.release.edition.policy.publisher;
        self.lang.pick(&publisher.name_sv, &publisher.name_en)
    }

    /// The period of the release in words.
    pub(super) fn period(&self) -> String {
        days(&self.release.edition.period, self.lang)
    }

    /// The path of a page in the language: `lofte.html`, `lofte.en.html`.
    pub(super) fn page(&self, stem: &str) -> String {
        page_path(stem, self.lang)
    }

    /// The absolute address of a path of this release.
    pub(super) fn absolute(&self, path: &str) -> String {
        let edition = &self.release.edition;
        format!("{}r/{}/{path}", edition.policy.publisher.site, edition.number)
    }

    /// The release of the same stream that was published before and holds.
    pub(super) fn before(&self) -> Option<&Earlier> {
        let edition = &self.release.edition;
        let same = edition.earlier.iter().filter(|e| e.stream == edition.stream && e.withdrawn.is_none());
        same.max_by_key(|earlier| (earlier.published_on, earlier.number))
    }

    /// Days between that publication and this.
    pub(super) fn days_since(&self) -> Option<i32> {
        let published = self.release.edition.published_on;
        Some(self.before()?.published_on.until(published).map_or(0, |span| span.get_days()))
    }

    /// Deeds of the whole municipality.
    pub(super) fn all_deeds(&self) -> Option<&AreaDeeds> {
        self.release.follow_up.areas.iter().find(|area| area.area.is_none())
    }

    /// Names of areas whose outlines nobody has confirmed.
    pub(super) fn unsure_areas(&self) -> Vec<String> {
        let unsure = self.release.edition.areas.iter().filter(|a| a.certainty != crate::domain::Certainty::Official);
        unsure.map(|area| name(&area.names, self.lang).to_string()).collect()
    }
}

/// The path of a page in a language.
pub(super) fn page_path(stem: &str, lang: Lang) -> String {
    format!("{stem}{}.html", lang.pick("", ".en"))
}
