//! Files of a release on disk: all of them, or nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Files;

/// Writes the files into a folder that does not exist yet: first beside it as `NAME.new`, flushed to the disk, then
/// renamed, so that a folder of that name is always whole. What an earlier attempt left in `NAME.new` is replaced.
///
/// An existing folder is refused with [`io::ErrorKind::AlreadyExists`]: a release is never changed.
pub fn write_folder(files: &Files, folder: &Path) -> io::Result<()> {
    let taken = || {
        let text = format!("{} exists; a release is written once, into a folder that does not exist", folder.display());
        io::Error::new(io::ErrorKind::AlreadyExists, text)
    };
    if folder.symlink_metadata().is_ok() {
        return Err(taken());
    }
    let unfinished = beside(folder)?;
    if unfinished.symlink_metadata().is_ok() {
        fs::remove_dir_all(&unfinished)?;
    }
    fs::create_dir_all(&unfinished)?;
    let mut folders = vec![unfinished.clone()];
    for (path, bytes) in files.iter() {
        let path = unfinished.join(path);
        if let Some(parent) = path.parent().filter(|parent| !folders.iter().any(|known| known == parent)) {
            fs::create_dir_all(parent)?;
            folders.push(parent.to_path_buf());
        }
        let mut file = File::create_new(&path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    folders.iter().try_for_each(|folder| flush(folder))?;
    // Renaming onto an empty folder would succeed on some systems.
    if folder.symlink_metadata().is_ok() {
        return Err(taken());
    }
    fs::rename(&unfinished, folder)?;
    flush(folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

fn beside(folder: &Path) -> io::Result<PathBuf> {
    let name = folder
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, format!("{} names no folder", folder.display())))?;
    let mut name = name.to_os_string();
    name.push(".new");
    Ok(folder.with_file_name(name))
}

/// Names of a folder last only when the folder itself is flushed. Windows has no such call and needs none.
fn flush(folder: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let mut files = Files::default();
        files.put("index.html", "a page");
        files.put("data/a.csv", "a,b\n");
        files
    }

    #[test]
    fn a_folder_is_written_whole_and_never_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("release-7");
        // What a broken attempt left.
        fs::create_dir(dir.path().join("release-7.new")).expect("made");
        fs::write(dir.path().join("release-7.new/old"), "x").expect("written");
        write_folder(&files(), &folder).expect("written");
        assert_eq!(fs::read_to_string(folder.join("data/a.csv")).expect("read"), "a,b\n");
        assert!(!folder.join("old").exists() && !dir.path().join("release-7.new").exists());
        let refused = write_folder(&files(), &folder).expect_err("exists");
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert!(refused.to_string().contains("release-7"), "{refused}");
    }

    #[test]
    fn a_folder_without_a_name_is_refused() {
        let refused = write_folder(&files(), Path::new("no-such-folder/..")).expect_err("no name");
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
    }
}
