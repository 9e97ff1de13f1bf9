//! Chromium driven by a script of Node: where the tools are, and what the script says.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::skip::skip;
use crate::town::Town;

/// Programs and packages; all there.
pub(crate) struct Tools {
    chromium: PathBuf,
    modules: PathBuf,
}

pub(crate) struct Case {
    pub(crate) name: String,
    faults: Vec<String>,
}

impl Case {
    pub(crate) fn told(&self) -> impl Iterator<Item = String> {
        self.faults.iter().map(|fault| format!("{}: {fault}", self.name))
    }
}

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/embed").join(file)
}

/// What the script needs, or none with a loud word for what is missing.
pub(crate) fn tools() -> Option<Tools> {
    let runs = |program: &str| Command::new(program).arg("--version").output().is_ok_and(|o| o.status.success());
    for program in ["node", "npm"] {
        if !runs(program) {
            skip(&format!("no {program} is installed: embeds were not looked at in a browser"));
            return None;
        }
    }
    let Some(chromium) = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| runs(name)) else {
        skip("no Chromium is installed: embeds were not looked at in a browser");
        return None;
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let chromium = std::env::split_paths(&path).map(|folder| folder.join(chromium)).find(|path| path.exists())?;
    Some(Tools { chromium, modules: modules()? })
}

/// The packages of the lock file, in a folder of the cache named by its content: outside of the clone, fetched once.
fn modules() -> Option<PathBuf> {
    let lock = std::fs::read(here("package-lock.json")).expect("the lock file");
    let hash = lagesbild::public::sha256(&lock);
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    let folder = cache.unwrap_or_else(std::env::temp_dir).join(format!("lagesbild-embed-{}", &hash[..12]));
    if folder.join("ready").exists() {
        return Some(folder);
    }
    std::fs::create_dir_all(&folder).expect("a folder in the cache");
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(here(file), folder.join(file)).expect("copied");
    }
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"])
        .current_dir(&folder)
        .output()
        .expect("npm runs");
    if !npm.status.success() {
        let said = String::from_utf8_lossy(&npm.stderr).lines().next().unwrap_or_default().to_string();
        skip(&format!("npm ci failed ({said}): embeds were not looked at in a browser"));
        return None;
    }
    std::fs::write(folder.join("ready"), "").expect("written");
    Some(folder)
}

/// The cases of the script whose names fit; all of them for an empty pattern.
pub(crate) fn run(tools: &Tools, town: &Town, only: &str) -> Vec<Case> {
    let pictures = std::env::temp_dir().join("lagesbild-embed-pictures");
    std::fs::create_dir_all(&pictures).expect("a folder");
    let config = serde_json::json!({
        "service": town.service(), "listed": town.listed(), "unlisted": town.unlisted(),
        "release": town.release, "views": town.views, "langs": ["sv", "en"],
        "chromium": tools.chromium, "pictures": pictures, "scripts": town.has_scripts,
    });
    let output = Command::new("node")
        .arg(here("check.mjs"))
        .env("CONFIG", config.to_string())
        .env("MODULES", &tools.modules)
        .env("ONLY", only)
        .output()
        .expect("node runs");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the script ended early:\n{said}\n{errors}");
    let lines: Vec<serde_json::Value> =
        said.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let (last, cases) = lines.split_last().expect("it says something");
    assert_eq!(last["done"].as_u64(), Some(cases.len() as u64), "{last}");
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_string();
    cases
        .iter()
        .map(|case| Case {
            name: text(&case["case"]),
            faults: case["faults"].as_array().expect("a list").iter().map(text).collect(),
        })
        .collect()
}
