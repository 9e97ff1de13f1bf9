//! The disk under a path: what kind of file system, and how much room.

use std::path::{Path, PathBuf};

use super::Check;

/// File systems on which SQLite's locks or its shared memory do not hold between machines.
const NETWORK: [&str; 16] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb",
    "smb2",
    "smb3",
    "smbfs",
    "afs",
    "ceph",
    "glusterfs",
    "fuse.glusterfs",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
    "davfs",
    "9p",
];

/// Whether the file is on a disk of this machine.
pub(super) fn file_system(name: &'static str, path: &Path) -> Check {
    let Ok(mounts) = std::fs::read_to_string("/proc/mounts") else {
        return Check::ok(name, "not known on this system");
    };
    let Ok(real) = path.canonicalize() else { return Check::ok(name, "not known") };
    match mount_of(&mounts, &real) {
        Some((at, kind)) if NETWORK.contains(&kind.as_str()) => Check::fault(
            name,
            format!("{kind} at {}", at.display()),
            "a data file on a network file system can be destroyed; move it to a disk of this machine",
        ),
        Some((at, kind)) => Check::ok(name, format!("{kind} at {}", at.display())),
        None => Check::ok(name, "not known"),
    }
}

/// The mount point and type of the file system that holds a path, from the text of `/proc/mounts`.
fn mount_of(mounts: &str, path: &Path) -> Option<(PathBuf, String)> {
    let mut found: Option<(PathBuf, String)> = None;
    for line in mounts.lines() {
        let mut words = line.split(' ');
        let (Some(_), Some(at), Some(kind)) = (words.next(), words.next(), words.next()) else { continue };
        // Blanks in names are written in octal.
        let at = PathBuf::from(at.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"));
        // The longest wins; of equal ones the last, which covers the others.
        let is_nearer = found.as_ref().is_none_or(|(old, _)| at.components().count() >= old.components().count());
        if path.starts_with(&at) && is_nearer {
            found = Some((at, kind.to_string()));
        }
    }
    found
}

/// Whether there is room: for the file to double, and never less than 256 MiB.
pub(super) fn space(name: &'static str, path: &Path, file_bytes: u64) -> Check {
    const LEAST: u64 = 256 << 20;
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new(".")) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Some(free) = free_bytes(folder) else { return Check::ok(name, "free space is not known on this system") };
    let found = format!("{} free, the data file has {}", size(free), size(file_bytes));
    let hint = "make room before it is full: writes stop then, reads go on";
    match free {
        free if free < LEAST.min(file_bytes.max(64 << 20)) => Check::fault(name, found, hint),
        free if free < LEAST.max(2 * file_bytes) => Check::warning(name, found, hint),
        _ => Check::ok(name, found),
    }
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

/// Bytes as people read them.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        b if b >= 10 << 30 => format!("{} GiB", b >> 30),
        b if b >= 10 << 20 => format!("{} MiB", b >> 20),
        b => format!("{} KiB", b.div_ceil(1024)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
server:/x /srv/data nfs4 rw 0 0
//nas/share /srv/my\\040share cifs rw 0 0
/dev/sdb /srv/data/local xfs rw 0 0
";

    #[test]
    fn the_nearest_mount_decides() {
        let kind = |path: &str| mount_of(MOUNTS, Path::new(path)).map(|(_, kind)| kind).expect("a root");
        assert_eq!(kind("/home/a.gpkg"), "ext4");
        assert_eq!(kind("/srv/data/a.gpkg"), "nfs4");
        assert_eq!(kind("/srv/data/local/a.gpkg"), "xfs");
        assert_eq!(kind("/srv/my share/a.gpkg"), "cifs");
        assert_eq!(kind("/srv/database/a.gpkg"), "ext4");
        assert_eq!(mount_of("", Path::new("/a")), None);
    }
}
