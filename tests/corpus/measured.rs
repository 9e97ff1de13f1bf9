//! Files read as uploads are, in a process of its own: one that ends or grows takes no test with it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use lagesbild::domain::Vocabulary;
use lagesbild::geodata::{Into, ReadOptions, Register, SourceFile, XlsxLimits, preview};

use crate::service::{reset_peak, status};

const CHILD: &str = "LAGESBILD_CORPUS_READER";

/// Not a test by itself: the process that reads the files whose paths come in, one line each.
#[test]
fn reads_the_files_it_is_told_of() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let mut options = ReadOptions::new(Into::Observations, TimeZone::get("Europe/Stockholm").expect("bundled"));
    options.xlsx = XlsxLimits::UPLOAD;
    println!("ready {}", status("self", "VmRSS"));
    for path in std::io::stdin().lock().lines() {
        let path = path.expect("a line");
        reset_peak(std::process::id());
        let begun = Instant::now();
        let said = match SourceFile::inspect(Path::new(&path)) {
            Err(problem) => problem.reason,
            Ok(source) => match preview(&source, &options, &Register::default(), &[], &Vocabulary::seed(), 20) {
                Err(problems) => problems.first().map(|p| p.reason.clone()).unwrap_or_default(),
                Ok(preview) => match preview.broken {
                    Some(problem) => problem.reason,
                    None => format!("{} of {} rows", preview.summary.accepted, preview.summary.rows),
                },
            },
        };
        let said: String = said.chars().filter(|c| !c.is_control()).take(120).collect();
        println!("read {} {} {said}", status("self", "VmHWM"), begun.elapsed().as_millis());
    }
}

/// A process that reads files.
pub(crate) struct Reader {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    start_kib: u64,
}

/// How reading a file went.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) above_start_kib: Option<u64>,
    pub(crate) took: Duration,
    pub(crate) said: String,
}

impl Reader {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "measured::reads_the_files_it_is_told_of", "--nocapture", "--test-threads=1"])
            .env(CHILD, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let to = child.stdin.take().expect("piped");
        let from = BufReader::new(child.stdout.take().expect("piped"));
        let mut reader = Self { child, to, from, start_kib: 0 };
        let ready = reader.line("ready ").expect("the reader starts");
        reader.start_kib = ready.parse().expect("a number");
        reader
    }

    /// The next line that begins so, without that; `None` at the end of the process.
    fn line(&mut self, beginning: &str) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.from.read_line(&mut line).ok()? == 0 {
                return None;
            }
            // The test runner writes the name of the test before the first line of it.
            if let Some((_, rest)) = line.trim_end().split_once(beginning) {
                return Some(rest.to_string());
            }
        }
    }

    /// `None`: the process ended over it.
    pub(crate) fn read(&mut self, path: &Path) -> Option<Read> {
        writeln!(self.to, "{}", path.display()).ok()?;
        let line = self.line("read ")?;
        let mut parts = line.splitn(3, ' ');
        let mut number = || parts.next()?.parse::<u64>().ok();
        let (peak, took_ms) = (number()?, number()?);
        let said = parts.next().unwrap_or_default().to_string();
        let above_start_kib = (peak > 0).then(|| peak.saturating_sub(self.start_kib));
        Some(Read { above_start_kib, took: Duration::from_millis(took_ms), said })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
