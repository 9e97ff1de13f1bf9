//! What a process asked the operating system to do with its files and sockets, as `strace` wrote it down.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// One thing done, in the order in which it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Bytes handed over for a place in a file.
    Write { file: PathBuf, at: u64, bytes: Vec<u8> },
    /// A file cut, or lengthened with zeros.
    Truncate { file: PathBuf, length: u64 },
    /// A file, or a folder, is asked to be on disk; `number` tells this request from others.
    SyncBegins { file: PathBuf, number: usize },
    /// It is.
    SyncEnds { number: usize },
    /// A file came to be, empty.
    Created { file: PathBuf },
    /// A name went away.
    Removed { file: PathBuf },
    /// Bytes leave for a client: from here on it may know.
    Told { bytes: Vec<u8> },
}

impl Event {
    /// For a finding.
    pub(crate) fn in_short(&self) -> String {
        let name = |file: &Path| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match self {
            Self::Write { file, at, bytes } => format!("write {} at {at}, {} bytes", name(file), bytes.len()),
            Self::Truncate { file, length } => format!("truncate {} to {length}", name(file)),
            Self::SyncBegins { file, number } => format!("sync {number} of {} begins", name(file)),
            Self::SyncEnds { number } => format!("sync {number} ends"),
            Self::Created { file } => format!("create {}", name(file)),
            Self::Removed { file } => format!("remove {}", name(file)),
            Self::Told { bytes } => {
                let text = String::from_utf8_lossy(bytes);
                let lines =
                    text.lines().filter(|line| ["HTTP", "etag", "loca"].iter().any(|head| line.starts_with(head)));
                format!("told {}", lines.collect::<Vec<_>>().join(" | "))
            }
        }
    }
}

/// The system calls that are recorded.
const CALLS: &str = "pwrite64,pwritev,write,writev,sendto,sendmsg,fdatasync,fsync,ftruncate,openat,creat,rename,renameat,\
                     renameat2,unlink,unlinkat,sync_file_range,fallocate,copy_file_range";

/// What stands before the program so that it is recorded. The program stays the child of whoever starts this (`-D`).
pub(crate) fn wrapper(log: &Path) -> Vec<String> {
    let fixed = ["strace", "-D", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "1000000", "-o"];
    let mut words: Vec<String> = fixed.map(str::to_string).to_vec();
    words.extend([log.display().to_string(), "-e".to_string(), format!("trace={CALLS}")]);
    // A disk that takes its time, so that a kill often comes between a write and its sync.
    words.extend(["-e", "inject=fsync,fdatasync:delay_enter=15000"].map(str::to_string));
    words
}

/// Reads a recording when its process has ended; waits for strace to have written all of it. Syncs are numbered
/// after `syncs`, so that one which a kill interrupted is never taken for one of the next process.
pub(crate) fn read(log: &Path, process: u32, syncs: usize) -> Vec<Event> {
    let begun = Instant::now();
    let end = format!("{process} +++ ");
    let text = loop {
        let text = std::fs::read_to_string(log).expect("strace writes its log");
        if text.lines().rev().take(50).any(|line| squeezed(line).starts_with(&end)) {
            break text;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "strace does not end its log {}", log.display());
        std::thread::sleep(Duration::from_millis(20));
    };
    parse(&text, syncs)
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The events of a log. A call that another thread's line interrupts stands in two lines.
fn parse(text: &str, mut syncs: usize) -> Vec<Event> {
    let mut events = Vec::new();
    let mut begun: HashMap<&str, (String, Option<usize>)> = HashMap::new();
    for line in text.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(rest) = rest.strip_prefix("<... ") {
            // What a call gave; what it asked was taken down when it began.
            let Some((head, number)) = begun.remove(thread) else { continue };
            let Some((_, tail)) = rest.split_once(" resumed>") else { continue };
            finish(&format!("{head}{tail}"), number, &mut events);
        } else if let Some(head) = rest.strip_suffix(" <unfinished ...>") {
            let number = begin(head, &mut syncs, &mut events);
            begun.insert(thread, (head.to_string(), number));
        } else if rest.contains('(') && !rest.starts_with(['+', '-']) {
            let number = begin(rest, &mut syncs, &mut events);
            finish(rest, number, &mut events);
        }
    }
    events
}

/// What counts from the moment a call begins: its bytes may be anywhere from then on.
fn begin(call: &str, syncs: &mut usize, events: &mut Vec<Event>) -> Option<usize> {
    let (name, rest) = call.split_once('(')?;
    let file = || rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(path, _)| text_of(path));
    match name {
        "pwrite64" => {
            let (file, strings) = (file()?, strings(rest));
            let after = rest.rsplit_once('"')?.1;
            let at = after.split(',').nth(2)?.split(')').next()?.trim().parse().expect("an offset");
            events.push(Event::Write { file: file.into(), at, bytes: strings.into_iter().next()? });
        }
        "write" | "writev" | "sendto" | "sendmsg" => {
            if file()?.starts_with("socket:") {
                events.push(Event::Told { bytes: strings(rest).concat() });
            } else {
                assert!(!is_of_database(&file()?), "an unknown way of writing: {}", &call[..call.len().min(200)]);
            }
        }
        "ftruncate" => {
            // strace -xx writes the length as it is.
            let length = rest.split_once(">, ")?.1.split(')').next()?.trim();
            let length = parse_number(length).unwrap_or_else(|| panic!("a length: {length}"));
            events.push(Event::Truncate { file: file()?.into(), length });
        }
        "fsync" | "fdatasync" => {
            *syncs += 1;
            events.push(Event::SyncBegins { file: file()?.into(), number: *syncs });
            return Some(*syncs);
        }
        "unlink" | "unlinkat" => {
            let path = String::from_utf8(strings(rest).into_iter().next()?).ok()?;
            events.push(Event::Removed { file: path.into() });
        }
        "openat" => {}
        other => {
            let named = strings(rest).into_iter().filter_map(|bytes| String::from_utf8(bytes).ok());
            let of_database = file().into_iter().chain(named).any(|path| is_of_database(&path));
            assert!(!of_database, "an unknown way of writing: {other} {}", &call[..call.len().min(200)]);
        }
    }
    None
}

/// What counts only when a call has ended well.
fn finish(call: &str, number: Option<usize>, events: &mut Vec<Event>) {
    let Some((name, rest)) = call.split_once('(') else { return };
    let Some((_, result)) = rest.rsplit_once(" = ") else { return };
    if result.starts_with('-') || result.starts_with('?') {
        return;
    }
    match (name, number) {
        ("fsync" | "fdatasync", Some(number)) => events.push(Event::SyncEnds { number }),
        ("openat", _) if rest.contains("O_CREAT") => {
            let path = strings(rest).into_iter().next().and_then(|bytes| String::from_utf8(bytes).ok());
            events.extend(path.map(|path| Event::Created { file: path.into() }));
        }
        _ => {}
    }
}

/// The data file and its log; the index of the log (`-shm`) is made anew after a power loss.
pub(crate) fn is_of_database(path: &str) -> bool {
    path.ends_with(".gpkg") || path.ends_with(".gpkg-wal") || path.ends_with(".gpkg-journal")
}

fn parse_number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Every quoted string of a call.
fn strings(call: &str) -> Vec<Vec<u8>> {
    call.split('"').skip(1).step_by(2).map(bytes_of).collect()
}

fn text_of(escaped: &str) -> String {
    String::from_utf8(bytes_of(escaped)).unwrap_or_default()
}

/// `\x41` is A; what is not escaped stands for itself.
fn bytes_of(escaped: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::with_capacity(escaped.len() / 4), escaped.as_bytes());
    while let Some((&first, more)) = rest.split_first() {
        rest = match (first, more) {
            (b'\\', [b'x', high, low, after @ ..]) => {
                let digit = |byte: u8| char::from(byte).to_digit(16).expect("a hexadecimal digit") as u8;
                bytes.push(digit(*high) * 16 + digit(*low));
                after
            }
            _ => {
                bytes.push(first);
                more
            }
        };
    }
    bytes
}

#[test]
fn a_recording_is_read_in_the_order_in_which_things_began_and_ended() {
    let text = "\
7  openat(AT_FDCWD</\\x74>, \"\\x2f\\x74\\x2f\\x64.gpkg-wal\", O_RDWR|O_CREAT|O_NOFOLLOW|O_CLOEXEC, 0644) = 5</t/d.gpkg-wal>
7  pwrite64(5<\\x2f\\x74\\x2f\\x64.gpkg-wal>, \"\\x37\\x7f\", 2, 32) = 2
7  fsync(5</t/d.gpkg-wal> <unfinished ...>
8  writev(17<socket:[3]>, [{iov_base=\"\\x48\\x54\", iov_len=2}, {iov_base=\"\\x54\", iov_len=1}], 2) = 3
7  <... fsync resumed>)              = 0
7  ftruncate(5</t/d.gpkg-wal>, 0) = 0
9  fsync(5</t/d.gpkg-wal>)            = -1 EIO (Input/output error) (INJECTED)
7  unlink(\"\\x2f\\x74\\x2f\\x64.gpkg-wal\") = 0
7  +++ killed by SIGKILL +++
";
    let wal = PathBuf::from("/t/d.gpkg-wal");
    let expected = [
        Event::Created { file: wal.clone() },
        Event::Write { file: wal.clone(), at: 32, bytes: vec![0x37, 0x7f] },
        Event::SyncBegins { file: wal.clone(), number: 1 },
        Event::Told { bytes: b"HTT".to_vec() },
        Event::SyncEnds { number: 1 },
        Event::Truncate { file: wal.clone(), length: 0 },
        Event::SyncBegins { file: wal.clone(), number: 2 },
        Event::Removed { file: wal },
    ];
    assert_eq!(parse(text, 0), expected);
}
