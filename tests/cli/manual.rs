//! The commands of `docs/operate.md` that need no root, run as they stand there, in an empty folder.

use std::path::Path;
use std::process::Command;

use crate::Folder;

/// The blocks that begin with this line.
fn blocks(text: &str, head: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while lines.by_ref().any(|line| line == head) {
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        found.push(block.join("\n"));
    }
    found
}

#[test]
fn the_commands_of_the_manual_of_operation_do_what_it_says() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operate.md")).expect("readable");
    let blocks = blocks(&text, "```sh try");
    assert!(blocks.len() >= 3, "{blocks:?}");
    let folder = Folder::new();
    let program = Path::new(env!("CARGO_BIN_EXE_lagesbild")).parent().expect("a folder");
    for block in blocks {
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", &block]).current_dir(folder.path("")).env_clear();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        let output = shell.env("PATH", path).env("USER", "tester").output().expect("bash starts");
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{block}\n{said}");
    }
    let names = folder.names();
    assert!(names.contains(&"fresh.gpkg".to_string()), "{names:?}");
    assert!(names.iter().any(|name| name.starts_with("lagesbild.gpkg.before-restore-")), "{names:?}");
    assert_eq!(std::fs::read_dir(folder.path("backups")).expect("readable").count(), 2);
}

/// Every setting that a sample file of `ops` or the manual names is one.
#[test]
fn the_sample_settings_are_accepted() {
    let folder = Folder::new();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("ops/lagesbild.toml");
    folder.write("lagesbild.toml", std::fs::read(sample).expect("readable"));
    folder.run(&["config", "check"]).ok();
}
