//! A process is killed or the disk refuses: nothing acknowledged is lost, nothing else is left.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lagesbild::domain::{Collection, Counted, Record};
use lagesbild::store::{Change, DataFile, ImportCounts, load_snapshot};
use rusqlite::Connection;

use crate::fixtures::*;

const ROLE: &str = "LAGESBILD_TEST_CHILD";
const FILE: &str = "LAGESBILD_TEST_FILE";

/// This test binary again, running only the test below that plays `role`.
fn child(role: &str, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "unclean_ends::plays_the_child_of_another_test", "--nocapture"]);
    command.env(ROLE, role).env(FILE, path);
    command
}

/// Not a test of its own: the other side of those below. Without the variables it has nothing to do.
#[test]
fn plays_the_child_of_another_test() {
    let (Ok(role), Some(path)) = (std::env::var(ROLE), std::env::var_os(FILE).map(PathBuf::from)) else { return };
    if role == "read" {
        println!("revision: {}", load_snapshot(&path).expect("loads").revision());
        return;
    }
    let mut file = DataFile::open(&path).expect("opens");
    match role.as_str() {
        "import and wait" => {
            let mut import = file.begin_import(&actor(), Collection::Observations, note("killed")).expect("begins");
            for n in 0..60_000 {
                import.add(&Record::Observation(observation(&format!("lost{n}"), 14.65, 57.63, n))).expect("adds");
            }
            println!("ready");
            std::thread::sleep(std::time::Duration::from_secs(60));
        }
        "commit and wait" => {
            let change = Change { observations: vec![observation("kept", 14.65, 57.63, 0)], ..Change::default() };
            file.commit(&actor(), &change).expect("commits");
            println!("ready");
            std::thread::sleep(std::time::Duration::from_secs(60));
        }
        "fill the disk by import" => {
            let mut import = file.begin_import(&actor(), Collection::Observations, note("full")).expect("begins");
            let mut failed = None;
            for n in 0..200_000 {
                if let Err(error) = import.add(&Record::Observation(observation(&format!("lost{n}"), 14.65, 57.63, n)))
                {
                    failed = Some(error);
                    break;
                }
            }
            match failed {
                Some(error) => {
                    println!("error: {error}");
                    // Going on after a failure must not write rows outside the import.
                    let again = import.add(&Record::Observation(observation("stray", 14.65, 57.63, 0)));
                    println!("again: {}", again.expect_err("the import is over"));
                    println!(
                        "finish: {}",
                        import
                            .finish(ImportCounts { rows: 1, accepted: 1, rejected: 0 })
                            .expect_err("the import is over")
                    );
                }
                None => println!(
                    "finish: {}",
                    import.finish(ImportCounts { rows: 200_000, accepted: 200_000, rejected: 0 }).expect_err("no room")
                ),
            }
        }
        "fill the disk by commits" => {
            for n in 0..100_000 {
                let change =
                    Change { observations: vec![observation(&format!("c{n}"), 14.65, 57.63, n)], ..Change::default() };
                match file.commit(&actor(), &change) {
                    Ok(revision) => println!("kept: {revision}"),
                    Err(error) => {
                        println!("error: {error}");
                        return;
                    }
                }
            }
        }
        other => panic!("no such role: {other}"),
    }
}

/// Starts a child, waits until it says it is ready, and kills it without warning.
fn kill_when_ready(role: &str, path: &Path) {
    use std::io::{BufRead, BufReader};
    let mut running = child(role, path).stdout(Stdio::piped()).spawn().expect("starts");
    let mut lines = BufReader::new(running.stdout.take().expect("piped")).lines();
    assert!(lines.any(|line| line.expect("text").contains("ready")), "the child ended before it was ready");
    running.kill().expect("kills"); // SIGKILL
    running.wait().expect("ends");
}

fn intact(path: &Path) {
    let connection = Connection::open(path).expect("opens");
    let text = |sql: &str| connection.query_row(sql, [], |r| r.get::<_, String>(0)).expect(sql);
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(text("SELECT rtreecheck('rtree_observations_geom')"), "ok");
    let triggers: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'observations'", [], |r| {
            r.get(0)
        })
        .expect("counts");
    assert_eq!(triggers, 6 + 3); // R-tree and guard
}

#[test]
fn an_import_killed_half_way_leaves_nothing() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let change = Change { observations: vec![observation("old", 14.65, 57.63, 0)], ..Change::default() };
    file.commit(&actor(), &change).expect("commits");
    drop(file);
    kill_when_ready("import and wait", &path);
    let snapshot = load_snapshot(&path).expect("loads");
    assert_eq!((snapshot.revision(), snapshot.table(Counted::Observations).len()), (2, 1));
    intact(&path);
    // The lock went with the process; the same import can be made again.
    let mut file = DataFile::open(&path).expect("opens");
    let mut import = file.begin_import(&actor(), Collection::Observations, note("killed")).expect("begins");
    import.add(&Record::Observation(observation("lost0", 14.65, 57.63, 0))).expect("adds");
    import.finish(ImportCounts { rows: 1, accepted: 1, rejected: 0 }).expect("finishes");
}

#[test]
fn a_commit_acknowledged_before_a_kill_is_there() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    kill_when_ready("commit and wait", &path);
    assert!(load_snapshot(&path).expect("loads").table(Counted::Observations).contains("kept"));
    intact(&path);
}

/// Runs a child that may write no file larger than `blocks` of 512 bytes, and gives what it printed.
fn with_small_disk(role: &str, path: &Path, blocks: u32) -> String {
    let child = child(role, path);
    // An ignored SIGXFSZ stays ignored, so that a write beyond the limit is an error and not the end.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(script).arg(child.get_program()).args(child.get_args());
    shell.envs(child.get_envs().filter_map(|(key, value)| Some((key, value?))));
    let output = shell.output().expect("runs");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    text
}

#[test]
fn an_import_that_finds_no_room_says_so_and_keeps_nothing() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let text = with_small_disk("fill the disk by import", &path, 4000);
    let said = text.lines().find(|line| line.starts_with("error: ") || line.starts_with("finish: "));
    let said = said.unwrap_or_else(|| panic!("no error in {text}"));
    for part in ["town.gpkg", "nothing of this change was kept"] {
        assert!(said.contains(part), "{said}");
    }
    let snapshot = load_snapshot(&path).expect("loads");
    assert_eq!((snapshot.revision(), snapshot.table(Counted::Observations).len()), (1, 0));
    intact(&path);
}

#[test]
fn commits_on_a_full_disk_fail_and_those_acknowledged_stay() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let text = with_small_disk("fill the disk by commits", &path, 2000);
    let kept = text.lines().filter(|line| line.starts_with("kept: ")).count();
    assert!(text.contains("nothing of this change was kept"), "{text}");
    assert!(kept > 0, "{text}");
    let snapshot = load_snapshot(&path).expect("loads");
    assert_eq!(snapshot.table(Counted::Observations).len(), kept);
    intact(&path);
}

#[test]
fn a_file_in_a_folder_that_cannot_be_written_is_read_all_the_same() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let mode = |bits| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(bits)).expect("sets");
    mode(0o555);
    let mut command = child("read", &path);
    if std::fs::write(folder.path().join("probe"), "").is_ok() {
        // Permissions do not hold for this user (root): the child becomes somebody else.
        let Some(setpriv) = crate::gdal::program("setpriv") else { return };
        let inner = command;
        command = Command::new(setpriv);
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(inner.get_program()).args(inner.get_args());
        command.envs(inner.get_envs().filter_map(|(key, value)| Some((key, value?))));
    }
    let output = command.output().expect("runs");
    mode(0o755);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("revision: 1"), "{text}");
}
