//! Measures a workbook before it is opened: an archive of XML that may not be what it says.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::{CompressionMethod, ZipArchive};

use super::XlsxLimits;
use super::scan::{Scan, Seen, Unusual};
use crate::geodata::values::Fault;

/// Rough cost in memory of one shared text beside its letters: a `String` in a list that doubles, and its block.
const TEXT_BYTES: u64 = 96;
/// Of one cell format beside the copies of its parts.
const FORMAT_BYTES: u64 = 800;
/// Of one font, fill, border, relation, sheet or name beside its letters.
const KEPT_BYTES: u64 = 400;

/// What a reader may not open: the files that were not measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    /// Start of the header and of the content of files that nothing here needs: pictures, charts, pivot tables.
    unread: Vec<(u64, u64)>,
}

/// Measures the archive. Memory: the list of files, and 64 KiB.
///
/// Refused: more than the limits allow; files inside that overlap, have the same name, are encrypted or
/// packed in another way than Excel's; XML with a document type.
pub(crate) fn measure(file: &mut File, limits: &XlsxLimits) -> Result<Measured, Fault> {
    let bytes = file.seek(SeekFrom::End(0)).map_err(|e| broken(&e.to_string()))?;
    within("the file", bytes, limits.file_bytes, "bytes")?;
    check_directories(file, bytes, limits)?;
    file.rewind().map_err(|e| broken(&e.to_string()))?;
    let mut archive = ZipArchive::new(BufReader::new(&mut *file)).map_err(|e| broken(&e.to_string()))?;
    within("the workbook", archive.len() as u64, limits.entries, "files inside")?;
    let overlap = archive.has_overlapping_entries().map_err(|e| broken(&e.to_string()))?;
    if overlap || archive.has_duplicate_names() {
        return Err(hostile("files inside the workbook lie on top of each other"));
    }
    let mut measured = Measured::default();
    let mut total = Total::default();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|e| broken(&e.to_string()))?;
        if entry.encrypted() {
            return Err(Fault::new("the workbook has a password", "save it without one"));
        }
        let name = entry.name().map_err(|e| broken(&e.to_string()))?.to_ascii_lowercase().replace('\\', "/");
        let packed = entry.compressed_size();
        if !is_read(&name) {
            if let Some(start) = entry.data_start() {
                measured.unread.push((entry.header_start(), start));
            }
            continue;
        }
        if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(hostile("files inside the workbook are packed in a way that workbooks are not"));
        }
        total.add(&name, packed, &mut entry, limits)?;
    }
    if !total.has_workbook {
        return Err(Fault::new("is a zip archive without a workbook in it", "an Excel workbook (.xlsx) is accepted"));
    }
    Ok(measured)
}

/// Whether the reader may need it; names are in lower case. The reader finds sheets through relations, so
/// all other XML is measured.
fn is_read(name: &str) -> bool {
    const ELSEWHERE: [&str; 9] = [
        "docprops/",
        "customxml/",
        "/media/",
        "/drawings/",
        "/charts/",
        "/embeddings/",
        "/pivotcache/",
        "/printersettings/",
        "/externallinks/",
    ];
    (name.ends_with(".xml") || name.ends_with(".rels")) && !ELSEWHERE.iter().any(|folder| name.contains(folder))
}

#[derive(Default)]
struct Total {
    inflated: u64,
    texts_cost: u64,
    styles_cost: u64,
    has_workbook: bool,
}

impl Total {
    /// Inflates one file piece by piece and stops at the first limit.
    fn add(&mut self, name: &str, packed: u64, entry: &mut impl Read, limits: &XlsxLimits) -> Result<(), Fault> {
        const GRACE_BYTES: u64 = 1024 * 1024;
        let mut scan = Scan::new();
        let mut buffer = vec![0; 64 * 1024];
        let mut length = 0;
        loop {
            let read = match entry.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(broken(&format!("{name}: {error}"))),
            };
            length += read as u64;
            self.inflated += read as u64;
            within("the workbook", self.inflated, limits.inflated_bytes, "bytes when unpacked")?;
            if length > GRACE_BYTES {
                let ratio = length / packed.max(1);
                within(name, ratio, limits.inflated_ratio, "times its packed size when unpacked")?;
            }
            scan.take(&buffer[..read]).map_err(|what| unusual(name, what))?;
            self.check(name, length, scan.seen(), limits)?;
        }
        let (texts, styles) = self.check(name, length, scan.seen(), limits)?;
        self.texts_cost += texts;
        self.styles_cost += styles;
        self.has_workbook |= name.contains("workbook") && name.ends_with(".xml");
        Ok(())
    }

    /// The cost of a file so far in shared texts and in styles.
    fn check(&self, name: &str, length: u64, seen: Seen, limits: &XlsxLimits) -> Result<(u64, u64), Fault> {
        within(name, seen.longest_token_bytes, limits.token_bytes, "bytes in one tag or text")?;
        within(name, seen.longest_cell_bytes, limits.cell_bytes, "bytes in one cell")?;
        let texts = match seen.texts.max(seen.texts_announced) {
            0 => 0,
            count => count.saturating_mul(TEXT_BYTES).saturating_add(length),
        };
        let what = "bytes of memory for its texts";
        within("the workbook", self.texts_cost.saturating_add(texts), limits.shared_strings_bytes, what)?;
        let copies = seen.formats * (FORMAT_BYTES + 2 * seen.longest_tag_bytes) + seen.kept * KEPT_BYTES;
        let styles = if copies == 0 { 0 } else { copies + if texts == 0 { length } else { 0 } };
        let what = "bytes of memory for its formats and names";
        within("the workbook", self.styles_cost.saturating_add(styles), limits.styles_bytes, what)?;
        Ok((texts, styles))
    }
}

/// Reads what every possible end of the archive says, before a reader makes room for what it says.
///
/// Readers look for the end in the last 64 KiB and differ in which they take when there are several; so
/// each must be modest. Archives of more than 65,535 files or 4 GB have another end; workbooks do not.
fn check_directories(file: &mut File, bytes: u64, limits: &XlsxLimits) -> Result<(), Fault> {
    const END: &[u8] = b"PK\x05\x06";
    const END_64: &[u8] = b"PK\x06\x07";
    const END_BYTES: usize = 22;
    const TAIL_BYTES: u64 = 64 * 1024 + 64;
    let from = bytes.saturating_sub(TAIL_BYTES);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(from)).map_err(|e| broken(&e.to_string()))?;
    file.take(TAIL_BYTES).read_to_end(&mut tail).map_err(|e| broken(&e.to_string()))?;
    let mut ends = 0;
    for (at, record) in tail.windows(END_BYTES).enumerate().filter(|(_, record)| record[0] == b'P') {
        if record.starts_with(END_64) {
            return Err(hostile("the archive has a directory for more than 65,535 files"));
        }
        if record.starts_with(END) {
            let number =
                |at: usize| u64::from(u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]));
            let (entries, size, start) = (number(10) & 0xFFFF, number(12), number(16));
            within("the workbook", entries, limits.entries, "files inside")?;
            within("the list of files inside the workbook", size, limits.directory_bytes, "bytes")?;
            if start + size != from + at as u64 {
                return Err(broken("its list of files does not stand where it says"));
            }
            ends += 1;
        }
    }
    if ends == 0 {
        return Err(broken("the archive has no end"));
    }
    Ok(())
}

/// A file in which what was not measured cannot be opened.
///
/// Readers of archives go to the header of a file and then to its content; the second step is refused.
/// Reading across such content is not: the end of the archive is looked for in the last 64 KiB, whatever they hold.
pub(crate) struct Guarded {
    file: File,
    measured: Measured,
    /// Content of the unmeasured file whose header was gone to last.
    forbidden: Option<u64>,
    read: Arc<AtomicU64>,
}

impl Guarded {
    /// Counts what is read in `read`.
    pub(crate) fn new(file: File, measured: Measured, read: Arc<AtomicU64>) -> Self {
        Self { file, measured, forbidden: None, read }
    }
}

impl Read for Guarded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(out)?;
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

impl Seek for Guarded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.file.seek(to)?;
        if self.forbidden == Some(at) {
            let reason = "a sheet of the workbook stands where pictures or binary data belong";
            return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
        }
        let of_header = self.measured.unread.iter().find(|(header, _)| *header == at);
        self.forbidden = of_header.map(|(_, content)| *content).or(self.forbidden);
        Ok(at)
    }
}

fn within(what: &str, found: u64, most: u64, unit: &str) -> Result<(), Fault> {
    if found <= most {
        return Ok(());
    }
    Err(Fault::new(
        format!("{what} has {found} {unit}, more than the {most} that are accepted"),
        "save the rows you need as a workbook of their own, or as CSV UTF-8",
    ))
}

fn unusual(name: &str, what: Unusual) -> Fault {
    hostile(match what {
        Unusual::Declaration => format!("{name} declares a document type"),
        Unusual::QuotedEnd => format!("{name} is no well-formed XML"),
        Unusual::NoMarkup => format!("{name} is no XML"),
    })
}

fn hostile(reason: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(reason, "open it in Excel or LibreOffice and save it anew as .xlsx")
}

fn broken(error: &str) -> Fault {
    Fault::new(
        format!("is a damaged workbook: {error}"),
        "open it in Excel or LibreOffice and save it anew as .xlsx, or as CSV UTF-8",
    )
}
