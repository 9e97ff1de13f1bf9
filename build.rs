//! Compiles the scripts of `web/` into the program, where it can.
//!
//! `web/dist` holds what was made last and a hash of the sources it was made from. Where that hash is not that of the
//! sources and npm is there, they are made again: `npm ci --ignore-scripts` fetches what the lock file names, esbuild
//! bundles it. Otherwise the program is built without, and says so: its pages are complete without scripts, only
//! the interactive map and frames that fit their content are missing. `WEB_SCRIPTS=off` builds without on purpose.

use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// What the scripts are made from, below `web/`.
const SOURCES: [&str; 4] = ["build.mjs", "package-lock.json", "package.json", "src"];
/// In `web/dist`: the hash of the sources.
const STAMP: &str = "sources";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let web = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("web");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=WEB_SCRIPTS");
    for source in SOURCES {
        println!("cargo::rerun-if-changed=web/{source}");
    }
    let dist = web.join("dist");
    let made = match std::env::var("WEB_SCRIPTS").as_deref() {
        Ok("off") => Err("WEB_SCRIPTS is off".into()),
        _ => bring_up_to_date(&web, &dist),
    };
    let names = match made {
        Ok(()) => {
            // So that a folder that was taken away is made again. A path that is not there would run this every time.
            println!("cargo::rerun-if-changed=web/dist/{STAMP}");
            take_over(&dist, &out.join("web"))?
        }
        Err(reason) => {
            println!(
                "cargo::warning=built without the interactive map: {reason}. All pages are complete without it. To have \
                 it, see to npm (Debian: apt-get install nodejs npm) and touch build.rs"
            );
            Vec::new()
        }
    };
    let rows: String =
        names.iter().map(|name| format!("    ({name:?}, include_bytes!(\"web/{name}\").as_slice()),\n")).collect();
    fs::write(out.join("assets.rs"), format!("&[\n{rows}]\n"))?;
    Ok(())
}

/// Sees to it that `dist` is made from the sources as they are.
fn bring_up_to_date(web: &Path, dist: &Path) -> Result<()> {
    let sources = files(web)?;
    let hash = hash_of(web, &sources)?;
    let is_fresh = || fs::read_to_string(dist.join(STAMP)).is_ok_and(|stamp| stamp == hash);
    if is_fresh() {
        return Ok(());
    }
    // One at a time, where several builds share the folder.
    let lock = fs::File::create(web.join(".lock"))?;
    lock.lock()?;
    if is_fresh() {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(
        web,
        Command::new(npm).args(["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"]).args([
            "--prefer-offline",
            "--fetch-retries=1",
            "--fetch-retry-mintimeout=1000",
        ]),
    )?;
    let new = web.join("dist.new");
    let _ = fs::remove_dir_all(&new);
    run(web, Command::new("node").arg("build.mjs").arg(&new))?;
    let stamp = fs::File::create(new.join(STAMP))?;
    fs::write(new.join(STAMP), &hash)?;
    // Cargo runs this again for a file that is newer than its start, which a file written here always is.
    let newest = sources.iter().filter_map(|path| fs::metadata(path).ok()?.modified().ok()).max();
    stamp.set_modified(newest.unwrap_or(SystemTime::UNIX_EPOCH))?;
    let _ = fs::remove_dir_all(dist);
    fs::rename(&new, dist)?;
    Ok(())
}

fn run(folder: &Path, command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.current_dir(folder).output().map_err(|error| format!("{program} does not run ({error})"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| line.contains("rror")).unwrap_or("it does not say why").trim().to_string();
    Err(format!("{program} failed ({line})").into())
}

/// Every file of the sources, in one order.
fn files(web: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = SOURCES.iter().map(|source| web.join(source)).collect();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                waiting.push(entry?.path());
            }
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn hash_of(web: &Path, files: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in files {
        path.strip_prefix(web)?.hash(&mut hasher);
        fs::read(path)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Copies what was made to where the compiler takes it from, so that a later change cannot pull it away.
fn take_over(dist: &Path, out: &Path) -> Result<Vec<String>> {
    let _ = fs::remove_dir_all(out);
    fs::create_dir_all(out)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(dist)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name != STAMP {
            fs::copy(dist.join(&name), out.join(&name))?;
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
