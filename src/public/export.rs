//! Handing a release on: a folder for any web server, or what is pasted into a CMS.

use std::io;
use std::path::Path;

use super::read::{self, PublicFolder};
use super::{Files, headers, write_folder};

/// The form in which a release is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// All files, with samples of headers for nginx, Apache and IIS in `headers/`.
    Folder,
    /// For each language a folder with texts, tables and pictures to paste.
    Cms,
}

/// Writes a release into a folder that does not exist yet, after holding it against its manifest. Gives the number of
/// files. Errors: a release that is not whole, a folder that exists, the disk.
pub fn export(release: &Path, to: &Path, format: ExportFormat) -> io::Result<usize> {
    let listed = |problems: Vec<read::ReadProblem>| {
        io::Error::other(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    };
    let folder: PublicFolder = read::folder(release).map_err(listed)?;
    let mut files = Files::default();
    for (path, bytes) in folder.files() {
        match format {
            ExportFormat::Folder => files.put(path, bytes.as_slice()),
            ExportFormat::Cms => {
                if let Some(name) = name_for_pasting(path) {
                    files.put(name, bytes.as_slice());
                }
            }
        }
    }
    if format == ExportFormat::Folder {
        let hosts = &folder.manifest().policy.allowed_hosts;
        files.put("headers/nginx.conf", headers::nginx(hosts));
        files.put("headers/apache.htaccess", headers::apache(hosts));
        files.put("headers/iis.web.config", headers::iis(hosts));
    }
    write_folder(&files, to)?;
    Ok(files.len())
}

/// Texts lie in the folder of their language already; pictures have it at the end of their name.
fn name_for_pasting(path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix("cms/") {
        return Some(rest.to_string());
    }
    let picture = path.strip_prefix("picture/")?.strip_suffix(".png")?;
    let (view, rest) = picture.split_once('-')?;
    let (lang, size) = rest.split_once('-')?;
    Some(format!("{lang}/{view}-{size}.png"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_go_into_the_folder_of_their_language() {
        assert_eq!(name_for_pasting("picture/karta-sv-1200x675.png").as_deref(), Some("sv/karta-1200x675.png"));
        assert_eq!(name_for_pasting("cms/en/text.html").as_deref(), Some("en/text.html"));
        assert_eq!(name_for_pasting("picture/karta-sv.svg"), None);
        assert_eq!(name_for_pasting("data/areas.geojson"), None);
    }
}
