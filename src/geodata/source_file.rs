//! What an input file is: one pass over it before anything is read.
//!
//! The pass settles everything that must not change half-way: format, encoding, delimiter, decimal
//! sign, and the SHA-256 by which the same file is known again.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use super::delimiter::{SAMPLE, guess_delimiter, has_decimal_commas, separator_line};
use super::problem::{Problem, Spot};

/// What kind of records file it is, by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Rows of columns under one heading row.
    Csv,
    /// A GeoJSON FeatureCollection.
    GeoJson,
    /// A sheet of an Excel workbook (XLSX).
    Xlsx,
    /// A feature layer of a GeoPackage.
    GeoPackage,
    /// The public feed of the Swedish police: a JSON list. Only read as such when asked for.
    PolisenEvents,
}

impl Format {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::GeoJson => "GeoJSON",
            Self::Xlsx => "Excel workbook",
            Self::GeoPackage => "GeoPackage",
            Self::PolisenEvents => "JSON of the police's events feed",
        }
    }

    /// Whether the bytes are text.
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Xlsx | Self::GeoPackage)
    }
}

/// How the bytes are letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// Windows-1252, as Excel writes "CSV" in western Europe.
    Windows1252,
}

/// A file that can be read, and how. Made by [`SourceFile::inspect`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    path: PathBuf,
    name: String,
    format: Format,
    encoding: Encoding,
    bom: bool,
    bytes: u64,
    lines: u64,
    sha256: String,
    delimiter: u8,
    decimal_comma: bool,
    /// Bytes before the heading: byte order mark and a `sep=;` line.
    skip: u64,
    /// Lines before the heading.
    lines_skipped: u64,
    sample: String,
}

const ACCEPTED: &str =
    "CSV (UTF-8 or Windows-1252, with a heading row), Excel workbooks (.xlsx), GeoPackages and GeoJSON are accepted";

impl SourceFile {
    /// Reads the whole file once, in bounded memory, and says what it is.
    ///
    /// Refused with the kind of file it is: a directory, an empty file, UTF-16, binary data, a
    /// workbook or other zip archive, PDF, a GeoPackage or other SQLite database, XML, and UTF-8 with
    /// a few foreign bytes (whose letters would come out wrong either way).
    /// Cost: about 1 second per GB and core with SHA instructions.
    pub fn inspect(path: &Path) -> Result<Self, Problem> {
        Self::inspect_as(path, None)
    }

    /// The same for a file whose format the user said. Only [`Format::PolisenEvents`] has to be said.
    pub fn inspect_as(path: &Path, said: Option<Format>) -> Result<Self, Problem> {
        let name = path.display().to_string();
        let problem = |spot, reason: String, hint: &str| Problem {
            file: name.clone(),
            spot,
            column: None,
            value: None,
            reason,
            hint: hint.to_string(),
        };
        let whole = |reason: &str, hint: &str| problem(Spot::File, reason.to_string(), hint);
        let unreadable = |error: io::Error| whole(&format!("cannot be read: {error}"), "check the name and the rights");
        let meta = std::fs::metadata(path).map_err(unreadable)?;
        if meta.is_dir() {
            return Err(whole("is a directory", "give one file"));
        }
        let mut file = File::open(path).map_err(unreadable)?;
        let pass = Pass::over(&mut file).map_err(unreadable)?;
        let found = binary_format(&pass.head);
        if let (Some(said), Some(found)) = (said, found)
            && said != found
        {
            return Err(whole(&format!("is a {}, not {}", found.name(), said.name()), "leave --format out"));
        }
        if let Some(format) = found {
            return Ok(Self::of_binary(path, format, pass));
        }
        if let Some((what, hint)) = refusal(&pass.head, pass.has_nul) {
            return Err(whole(what, hint));
        }
        let bom = pass.head.starts_with(b"\xEF\xBB\xBF");
        let encoding = match (pass.first_foreign_line, bom) {
            (None, _) => Encoding::Utf8,
            (Some(line), _) if bom || pass.multibyte > pass.foreign => {
                let reason = "a byte that is not UTF-8 in a file that otherwise is".to_string();
                return Err(problem(
                    Spot::Line(line),
                    reason,
                    "save the whole file anew as UTF-8; parts of it were written in another encoding",
                ));
            }
            _ => Encoding::Windows1252,
        };
        let mut skip = if bom { 3 } else { 0 };
        let mut sample = decode(&pass.head[skip..], encoding, pass.bytes > pass.head.len() as u64);
        let format = match sample.trim_start().chars().next() {
            None => return Err(whole("is empty", ACCEPTED)),
            Some('{') => Format::GeoJson,
            Some('[') if said == Some(Format::PolisenEvents) => Format::PolisenEvents,
            Some('[') => {
                return Err(whole(
                    "is a JSON list",
                    "a GeoJSON FeatureCollection begins with {\"type\": \"FeatureCollection\"; the police's events feed is read with --format polisen-events",
                ));
            }
            Some(_) if said == Some(Format::PolisenEvents) => {
                return Err(whole("is no list of events", "the answer of polisen.se/api/events begins with ["));
            }
            Some('<') => return Err(whole("is XML or HTML", ACCEPTED)),
            Some(_) => Format::Csv,
        };
        if let Some(said) = said.filter(|said| *said != format) {
            return Err(whole(&format!("is {}, not {}", format.name(), said.name()), "leave --format out"));
        }
        let (mut delimiter, mut lines_skipped) = (None, 0);
        if let Some((said, length)) = separator_line(&sample) {
            delimiter = Some(said);
            lines_skipped = 1;
            skip += length;
            sample.drain(..length);
        }
        let delimiter = delimiter.unwrap_or_else(|| guess_delimiter(&sample));
        let source = Self {
            path: path.to_path_buf(),
            name: name.clone(),
            format,
            encoding,
            bom,
            bytes: pass.bytes,
            lines: pass.lines,
            sha256: pass.sha256,
            delimiter,
            decimal_comma: format == Format::Csv && has_decimal_commas(&sample, delimiter),
            skip: skip as u64,
            lines_skipped,
            sample,
        };
        Ok(source)
    }

    /// A file whose insides its own reader measures and checks.
    fn of_binary(path: &Path, format: Format, pass: Pass) -> Self {
        Self {
            path: path.to_path_buf(),
            name: path.display().to_string(),
            format,
            encoding: Encoding::Utf8,
            bom: false,
            bytes: pass.bytes,
            lines: 0,
            sha256: pass.sha256,
            delimiter: b',',
            decimal_comma: false,
            skip: 0,
            lines_skipped: 0,
            sample: String::new(),
        }
    }

    /// The same file read with another delimiter than the one found.
    pub fn with_delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self.decimal_comma = self.format == Format::Csv && has_decimal_commas(&self.sample, delimiter);
        self
    }

    /// The same file under the name its sender gave it: what problems and the import log say.
    pub fn named(mut self, name: &str) -> Self {
        self.name = name.to_string();
        self
    }

    /// The path as given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path as text, for problems.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// CSV or GeoJSON.
    pub fn format(&self) -> Format {
        self.format
    }

    /// How the bytes are letters.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether it begins with a UTF-8 byte order mark.
    pub fn has_bom(&self) -> bool {
        self.bom
    }

    /// Size in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Lines, for a progress bar. Quoted line breaks count too, so there may be fewer rows.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// SHA-256 of the bytes, 64 hexadecimal digits: the same file is known by it.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What stands between the columns (CSV).
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Whether numbers were seen with a decimal comma (CSV).
    pub fn decimal_comma(&self) -> bool {
        self.decimal_comma
    }

    /// Lines before the heading row.
    pub(crate) fn lines_skipped(&self) -> u64 {
        self.lines_skipped
    }

    /// The text from the heading on, as UTF-8, and how many bytes of the file have been taken so far.
    pub(crate) fn open_text(&self) -> io::Result<(Box<dyn Read + Send>, Arc<AtomicU64>)> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.skip))?;
        let read = Arc::new(AtomicU64::new(self.skip));
        let file = Counted { inner: file, read: Arc::clone(&read) };
        let text: Box<dyn Read + Send> = match self.encoding {
            Encoding::Utf8 => Box::new(file),
            Encoding::Windows1252 => {
                Box::new(FromWindows1252 { inner: BufReader::new(file), text: String::new(), at: 0 })
            }
        };
        Ok((text, read))
    }
}

impl fmt::Display for SourceFile {
    /// One line: `read as: CSV, Windows-1252, delimiter ';', decimal comma, 301 lines, 24 kB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sha256 = &self.sha256[..8];
        if !self.format.is_text() {
            return write!(f, "read as: {}, {} bytes, sha256 {sha256}", self.format.name(), self.bytes);
        }
        let format = self.format.name();
        let encoding = match (self.encoding, self.bom) {
            (Encoding::Utf8, false) => "UTF-8",
            (Encoding::Utf8, true) => "UTF-8 with byte order mark",
            (Encoding::Windows1252, _) => "Windows-1252",
        };
        write!(f, "read as: {format}, {encoding}")?;
        if self.format == Format::Csv {
            let delimiter =
                if self.delimiter == b'\t' { "tab".into() } else { format!("'{}'", char::from(self.delimiter)) };
            write!(f, ", delimiter {delimiter}, decimal {}", if self.decimal_comma { "comma" } else { "point" })?;
        }
        write!(f, ", {} lines, {} bytes, sha256 {sha256}", self.lines, self.bytes)
    }
}

/// What one pass over the bytes finds out.
struct Pass {
    head: Vec<u8>,
    bytes: u64,
    lines: u64,
    sha256: String,
    has_nul: bool,
    /// Line of the first byte that is not UTF-8.
    first_foreign_line: Option<u64>,
    /// Sequences that are not UTF-8.
    foreign: u64,
    /// Letters of more than one byte that are.
    multibyte: u64,
}

impl Pass {
    fn over(file: &mut File) -> io::Result<Self> {
        let mut pass = Self {
            head: Vec::new(),
            bytes: 0,
            lines: 0,
            sha256: String::new(),
            has_nul: false,
            first_foreign_line: None,
            foreign: 0,
            multibyte: 0,
        };
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        // Bytes of a letter cut by the end of a chunk wait at the front for the next.
        let (mut waiting, mut last) = (0, b'\n');
        loop {
            let read = file.read(&mut buffer[waiting..])?;
            let fresh = &buffer[waiting..waiting + read];
            hash.update(fresh);
            pass.bytes += read as u64;
            pass.has_nul |= fresh.contains(&0);
            let room = SAMPLE.saturating_sub(pass.head.len()).min(read);
            pass.head.extend_from_slice(&fresh[..room]);
            last = fresh.last().copied().unwrap_or(last);
            let end = waiting + read;
            waiting = pass.check_letters(&buffer[..end], read == 0);
            buffer.copy_within(end - waiting..end, 0);
            if read == 0 {
                break;
            }
        }
        pass.lines += u64::from(last != b'\n');
        pass.sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(pass)
    }

    /// Counts lines and letters; returns how many bytes at the end may be the start of a letter.
    fn check_letters(&mut self, chunk: &[u8], is_last: bool) -> usize {
        let count = |part: &[u8], wanted: fn(&u8) -> bool| part.iter().filter(|b| wanted(b)).count() as u64;
        let mut rest = chunk;
        loop {
            let (valid, skip) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            self.lines += count(&rest[..valid], |b| *b == b'\n');
            self.multibyte += count(&rest[..valid], |b| *b >= 0xC0);
            rest = &rest[valid..];
            match skip {
                None => return 0,
                Some(None) if !is_last => return rest.len(),
                Some(length) => {
                    self.foreign += 1;
                    self.first_foreign_line.get_or_insert(self.lines + 1);
                    rest = &rest[length.unwrap_or(rest.len())..];
                }
            }
        }
    }
}

/// A format that is known by its first bytes and is no text.
fn binary_format(head: &[u8]) -> Option<Format> {
    if head.starts_with(b"PK\x03\x04") {
        Some(Format::Xlsx)
    } else if head.starts_with(b"SQLite format 3\0") && head.get(68..72) == Some(b"GPKG") {
        Some(Format::GeoPackage)
    } else {
        None
    }
}

/// What a file is that cannot be read here, and what to do.
fn refusal(head: &[u8], has_nul: bool) -> Option<(&'static str, &'static str)> {
    const SAVE_AS: &str = "save it as CSV UTF-8 (File, Save as) and import that";
    let starts = |magic: &[u8]| head.starts_with(magic);
    if head.is_empty() {
        Some(("is empty", ACCEPTED))
    } else if starts(b"PK\x05\x06") {
        Some(("is an empty zip archive", ACCEPTED))
    } else if starts(b"\xD0\xCF\x11\xE0") {
        Some((
            "is an old Excel workbook (XLS), or one with a password",
            "save it as .xlsx without a password (File, Save as, Excel workbook)",
        ))
    } else if starts(b"%PDF") {
        Some(("is a PDF document", ACCEPTED))
    } else if starts(b"SQLite format 3\0") {
        Some(("is an SQLite database", ACCEPTED))
    } else if starts(b"\x1F\x8B") {
        Some(("is a gzip archive", "unpack it first"))
    } else if starts(b"\xFF\xFE") || starts(b"\xFE\xFF") {
        Some(("is UTF-16 text (Excel's \"Unicode text\")", SAVE_AS))
    } else if has_nul {
        Some(("is binary data or UTF-16 text", ACCEPTED))
    } else {
        None
    }
}

/// The first bytes as text; a letter cut at the end is left out.
fn decode(head: &[u8], encoding: Encoding, is_cut: bool) -> String {
    match encoding {
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252.decode_without_bom_handling(head).0.into_owned(),
        Encoding::Utf8 => match std::str::from_utf8(head) {
            Err(error) if is_cut => String::from_utf8_lossy(&head[..error.valid_up_to()]).into_owned(),
            _ => String::from_utf8_lossy(head).into_owned(),
        },
    }
}

/// Counts what is read, for a progress bar.
struct Counted {
    inner: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(out)?;
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

/// Windows-1252 bytes as UTF-8 text, a chunk at a time. Every byte is one letter, so chunks are independent.
struct FromWindows1252<R> {
    inner: BufReader<R>,
    text: String,
    at: usize,
}

impl<R: Read> Read for FromWindows1252<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        use io::BufRead;
        if self.at == self.text.len() {
            let chunk = self.inner.fill_buf()?;
            let length = chunk.len();
            self.text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(chunk).0.into_owned();
            self.at = 0;
            self.inner.consume(length);
        }
        let ready = &self.text.as_bytes()[self.at..];
        let length = ready.len().min(out.len());
        out[..length].copy_from_slice(&ready[..length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inspect(content: &[u8]) -> Result<SourceFile, Problem> {
        let dir = tempfile::tempdir().expect("temporary folder");
        let path = dir.path().join("in.csv");
        std::fs::write(&path, content).expect("written");
        SourceFile::inspect(&path)
    }

    fn text(content: &[u8]) -> String {
        let dir = tempfile::tempdir().expect("temporary folder");
        let path = dir.path().join("in.csv");
        std::fs::write(&path, content).expect("written");
        let mut text = String::new();
        let source = SourceFile::inspect(&path).expect("accepted");
        source.open_text().expect("opened").0.read_to_string(&mut text).expect("UTF-8");
        text
    }

    #[test]
    fn a_swedish_excel_export_is_read_in_either_encoding() {
        let csv = "id;område;lon;lat\r\n1;Nässjö;14,69;57,65\r\n2;Åker, öst;14,70;57,66\r\n";
        let utf8 = inspect(format!("\u{feff}{csv}").as_bytes()).expect("accepted");
        assert_eq!(
            (utf8.encoding(), utf8.has_bom(), utf8.delimiter(), utf8.decimal_comma()),
            (Encoding::Utf8, true, b';', true)
        );
        assert_eq!(utf8.lines(), 3);
        assert!(
            utf8.to_string()
                .starts_with("read as: CSV, UTF-8 with byte order mark, delimiter ';', decimal comma, 3 lines")
        );
        let latin: Vec<u8> = encoding_rs::WINDOWS_1252.encode(csv).0.into_owned();
        let source = inspect(&latin).expect("accepted");
        assert_eq!((source.encoding(), source.has_bom(), source.delimiter()), (Encoding::Windows1252, false, b';'));
        assert_eq!(text(&latin), csv);
        assert_eq!(text(format!("\u{feff}{csv}").as_bytes()), csv);
    }

    #[test]
    fn the_hash_is_the_one_of_sha256sum() {
        // printf 'abc' | sha256sum
        let source = inspect(b"abc").expect("accepted");
        assert_eq!(source.sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn delimiters_are_found_though_others_stand_in_quotes() {
        for (csv, delimiter) in [
            ("a,b,c\n1,\"x;y;z\",2\n", b','),
            ("a;b\n\"1;2,3,4\";5\n6,1;7,2\n", b';'),
            ("a\tb\tc\n1,2\t3,4\t5\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("lon\n1\n", b','),
            ("sep=|\na;b|c\n1|2\n", b'|'),
        ] {
            assert_eq!(inspect(csv.as_bytes()).expect("accepted").delimiter(), delimiter, "{csv:?}");
        }
        assert_eq!(text(b"sep=;\r\na;b\r\n1;2\r\n"), "a;b\r\n1;2\r\n");
        assert!(!inspect(b"a,b\n\"1,234\",\"5,678\"\n").expect("accepted").decimal_comma());
        assert!(inspect(b"a,b\n\"14,69\",\"57,65\"\n").expect("accepted").decimal_comma());
    }

    #[test]
    fn letters_cut_by_the_edge_of_a_chunk_stay_whole() {
        for shift in 0..3 {
            let csv = format!("id\n{}{}", "x".repeat(shift), "å€".repeat(120_000));
            let source = inspect(csv.as_bytes()).expect("accepted");
            assert_eq!((source.encoding(), source.lines()), (Encoding::Utf8, 2));
        }
    }

    #[test]
    fn other_files_are_refused_by_name() {
        let utf16: Vec<u8> = "\u{feff}id;a\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], &str); 10] = [
            (b"", "is empty"),
            (b"\xEF\xBB\xBF \r\n", "is empty"),
            (b"\xD0\xCF\x11\xE0rest", "XLS"),
            (b"%PDF-1.7", "PDF"),
            (b"SQLite format 3\0", "SQLite"),
            (&utf16, "UTF-16"),
            (b"id,a\n1,\0\n", "binary"),
            (b"<kml/>", "XML"),
            (b"[1]", "JSON list"),
            (b"\x1F\x8Bx", "gzip"),
        ];
        for (content, expected) in cases {
            let problem = inspect(content).expect_err(expected);
            assert!(problem.reason.contains(expected), "{problem}");
            assert!(!problem.hint.is_empty());
        }
        let folder = tempfile::tempdir().expect("temporary folder");
        assert_eq!(SourceFile::inspect(folder.path()).expect_err("a folder").reason, "is a directory");
        assert!(
            SourceFile::inspect(&folder.path().join("absent"))
                .expect_err("absent")
                .reason
                .starts_with("cannot be read")
        );
    }

    #[test]
    fn utf8_with_one_foreign_byte_is_refused_with_its_line() {
        let problem = inspect(b"id,plats\n1,N\xC3\xA4ssj\xC3\xB6\n2,N\xE4ssj\n").expect_err("mixed");
        assert_eq!(problem.spot, Spot::Line(3));
    }
}
