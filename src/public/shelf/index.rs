//! `published.json`: which releases are public, which were withdrawn, and who may show them in a frame.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::Period;

/// Name of the index in the folder of releases.
pub const FILE: &str = "published.json";

/// What a shelf is made from, beside the folders of the releases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Every release that was ever published, by number.
    pub releases: Vec<Entry>,
    /// Sites that may show embeds in a frame: origins such as `https://polisen.se`.
    pub allowed_hosts: Vec<String>,
    /// Where the public files are reached, such as `https://lagesbild.example.se/public/`; empty where nobody has said.
    pub site: String,
}

/// A published release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, which is the name of its folder.
    pub number: u32,
    /// `follow-up` or `statistics`.
    pub stream: String,
    /// The period it is about, such as `2025` or `2026-10`: a word that [`Period::parse`] reads.
    pub period: String,
    /// The day from which it is public.
    pub published_on: Date,
    /// The day on which it was withdrawn.
    #[serde(default)]
    pub withdrawn_on: Option<Date>,
    /// Why it was withdrawn, as the public may read it.
    #[serde(default)]
    pub reason: Option<String>,
    /// `content_sha256` of the manifest that was published. Where it is named, a folder with other content is refused.
    #[serde(default)]
    pub content_sha256: Option<String>,
}

impl Entry {
    /// The day after the last of its period; `None` for a word that is no period, which no index that was read has.
    pub fn period_end(&self) -> Option<Date> {
        Period::parse(&self.period).ok().map(|period| period.end())
    }
}

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexFault {
    /// The file cannot be read.
    #[error("{FILE}: {0}")]
    Unreadable(#[from] io::Error),
    /// It is not what it should be: where and why.
    #[error("{FILE}: {0}")]
    Malformed(String),
}

/// Writes the index so that a reader sees the old one or the new one, never a part: a file beside it, synced, renamed.
pub fn write_index(folder: &Path, index: &Index) -> io::Result<()> {
    check(index).map_err(io::Error::other)?;
    fs::create_dir_all(folder)?;
    let new = folder.join(format!("{FILE}.new"));
    let mut file = fs::File::create(&new)?;
    let mut text = serde_json::to_vec_pretty(index).map_err(io::Error::other)?;
    text.push(b'\n');
    file.write_all(&text)?;
    file.sync_all()?;
    fs::rename(&new, folder.join(FILE))?;
    // The rename itself must last too; where folders cannot be opened, the file system sees to it.
    fs::File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
}

/// Reads the index of a folder; a folder without one, or no folder, has published nothing.
pub fn read_index(folder: &Path) -> Result<Index, IndexFault> {
    let text = match fs::read(folder.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Index::default()),
        Err(error) => return Err(error.into()),
    };
    let index: Index = serde_json::from_slice(&text).map_err(|error| IndexFault::Malformed(error.to_string()))?;
    check(&index)?;
    Ok(index)
}

fn check(index: &Index) -> Result<(), IndexFault> {
    let fault = |text: String| Err(IndexFault::Malformed(text));
    for (at, entry) in index.releases.iter().enumerate() {
        if index.releases[..at].iter().any(|other| other.number == entry.number) {
            return fault(format!("release {} is there twice", entry.number));
        }
        if let Err(error) = Period::parse(&entry.period) {
            return fault(format!("release {}: {error}", entry.number));
        }
    }
    // They stand in a header: anything but an origin could say more there than who may frame.
    if let Some(host) = index.allowed_hosts.iter().find(|host| !is_origin(host)) {
        return fault(format!(
            "allowed_hosts has '{host}'; accepted: an origin such as https://polisen.se, without a path"
        ));
    }
    if !index.site.is_empty() && !is_site(&index.site) {
        return fault(format!("site is '{}'; accepted: an address such as https://example.se/public/", index.site));
    }
    Ok(())
}

fn without_scheme(text: &str) -> Option<&str> {
    text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))
}

fn is_origin(text: &str) -> bool {
    without_scheme(text).is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte))
    })
}

fn is_site(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:/_~".contains(&byte);
    without_scheme(text).is_some_and(|rest| !rest.starts_with('/') && rest.ends_with('/') && rest.bytes().all(is_plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let entry = Entry {
            number: 3,
            stream: "statistics".to_string(),
            period: "2025".to_string(),
            published_on: jiff::civil::date(2026, 2, 1),
            withdrawn_on: None,
            reason: None,
            content_sha256: None,
        };
        Index {
            releases: vec![entry],
            allowed_hosts: vec!["https://polisen.se".to_string(), "http://localhost:8000".to_string()],
            site: "https://lagesbild.example.se/public/".to_string(),
        }
    }

    #[test]
    fn an_index_reads_back_and_a_folder_without_one_has_published_nothing() {
        let folder = tempfile::tempdir().expect("folder");
        let inner = folder.path().join("releases");
        assert_eq!(read_index(&inner).expect("reads"), Index::default());
        write_index(&inner, &index()).expect("writes");
        assert_eq!(read_index(&inner).expect("reads"), index());
        let names: Vec<_> = fs::read_dir(&inner).expect("a folder").map(|e| e.expect("entry").file_name()).collect();
        assert_eq!(names, [FILE], "nothing is left beside it");
    }

    #[test]
    fn a_host_that_could_say_more_in_a_header_than_who_may_frame_is_refused_by_name() {
        for host in ["*", "https://a.se; script-src *", "https://a.se/", "a.se", "https://", "https://a.se\r\nX: 1"] {
            let index = Index { allowed_hosts: vec![host.to_string()], ..index() };
            let error = check(&index).expect_err("refused").to_string();
            assert!(error.contains(host) && error.contains("https://polisen.se"), "{error}");
        }
        for site in ["https://a.se", "ftp://a.se/", "https:///public/", "https://a.se/?x/"] {
            assert!(check(&Index { site: site.to_string(), ..index() }).is_err(), "{site}");
        }
        let twice = Index { releases: [index().releases, index().releases].concat(), ..index() };
        assert!(check(&twice).expect_err("refused").to_string().contains("release 3 is there twice"));
    }

    #[test]
    fn a_release_of_no_period_is_refused_by_number_as_nothing_says_whether_it_is_the_newest() {
        for period in ["", "last year", "2025-13", "2025-Q5"] {
            let mut index = index();
            index.releases[0].period = period.to_string();
            let error = check(&index).expect_err("refused").to_string();
            assert!(error.contains("release 3: ") && error.contains(&format!("'{period}'")), "{error}");
        }
    }

    #[test]
    fn an_unknown_member_is_refused_and_a_missing_optional_one_is_not() {
        let folder = tempfile::tempdir().expect("folder");
        let line = |more: &str| {
            format!(
                r#"{{"releases":[{{"number":1,"stream":"follow-up","period":"2026-09","published_on":"2026-11-01"{more}}}],"allowed_hosts":[],"site":""}}"#
            )
        };
        fs::write(folder.path().join(FILE), line("")).expect("written");
        assert_eq!(read_index(folder.path()).expect("reads").releases[0].withdrawn_on, None);
        fs::write(folder.path().join(FILE), line(r#","withdrawn":true"#)).expect("written");
        assert!(read_index(folder.path()).expect_err("refused").to_string().contains("withdrawn"));
    }
}
