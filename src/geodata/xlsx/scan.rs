//! Measures XML while it streams past, without keeping it: the longest token, the longest cell, and how
//! much of what a workbook reader keeps there is.
//!
//! It parts tags, texts, comments and CDATA as XML readers do. Where readers differ (a declared document
//! type, a quote in an end tag) the file is refused, so that what was measured is what will be read.

/// What was seen in one file of the archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) longest_token_bytes: u64,
    pub(crate) longest_tag_bytes: u64,
    /// From the start of one cell, row or shared text to the start of the next.
    pub(crate) longest_cell_bytes: u64,
    /// Shared texts.
    pub(crate) texts: u64,
    /// Shared texts that are announced; readers make room for them at once.
    pub(crate) texts_announced: u64,
    /// Cell formats, each of which gets its own copy of its font, fill, border and number format.
    pub(crate) formats: u64,
    /// Fonts, fills, borders, number formats, relations, sheets and defined names.
    pub(crate) kept: u64,
}

/// XML that is refused whatever its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unusual {
    /// `<!DOCTYPE` or another declaration.
    Declaration,
    /// A quote in an end tag.
    QuotedEnd,
    /// It does not begin with `<`.
    NoMarkup,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Before,
    Text,
    Opened,
    Bang,
    Tag,
    Quoted(u8),
    EndTag,
    Instruction,
    Comment,
    Cdata,
}

/// Takes the bytes of one file in pieces of any size.
#[derive(Debug)]
pub(crate) struct Scan {
    state: State,
    token_bytes: u64,
    cell_bytes: u64,
    in_cells: bool,
    /// The first bytes of the token under way: enough for a name and for `uniqueCount`.
    head: Vec<u8>,
    /// The last bytes seen, for `-->`, `]]>` and `?>`.
    tail: [u8; 2],
    seen: Seen,
}

const HEAD_BYTES: usize = 1024;

impl Scan {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Before,
            token_bytes: 0,
            cell_bytes: 0,
            in_cells: false,
            head: Vec::with_capacity(HEAD_BYTES),
            tail: [0; 2],
            seen: Seen::default(),
        }
    }

    /// What was seen so far; a token under way counts with what there is of it.
    pub(crate) fn seen(&self) -> Seen {
        Seen {
            longest_token_bytes: self.seen.longest_token_bytes.max(self.token_bytes),
            longest_cell_bytes: self.seen.longest_cell_bytes.max(if self.in_cells { self.cell_bytes } else { 0 }),
            ..self.seen
        }
    }

    /// Takes the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), Unusual> {
        let mut rest = bytes;
        while let Some(first) = rest.first() {
            // Runs of text are the bulk of a sheet; they are stepped over at once.
            if self.state == State::Text && *first != b'<' {
                let run = rest.iter().position(|b| *b == b'<').unwrap_or(rest.len());
                self.token_bytes += run as u64;
                self.cell_bytes += run as u64;
                rest = &rest[run..];
                continue;
            }
            self.step(*first)?;
            rest = &rest[1..];
        }
        Ok(())
    }

    fn step(&mut self, byte: u8) -> Result<(), Unusual> {
        self.cell_bytes += 1;
        match (self.state, byte) {
            (State::Before, 0xEF | 0xBB | 0xBF | b' ' | b'\t' | b'\r' | b'\n') => {}
            (State::Before | State::Text, b'<') => self.begin(State::Opened),
            (State::Before, _) => return Err(Unusual::NoMarkup),
            (State::Opened, b'!') => self.go(State::Bang, byte),
            (State::Opened, b'?') => self.go(State::Instruction, byte),
            (State::Opened, b'/') => self.go(State::EndTag, byte),
            (State::Opened | State::Tag, b'>') => self.end_tag(),
            (State::Opened, _) => self.go(State::Tag, byte),
            (State::Tag, b'"' | b'\'') => self.go(State::Quoted(byte), byte),
            (State::Quoted(quote), _) if byte == quote => self.go(State::Tag, byte),
            (State::EndTag, b'"' | b'\'') => return Err(Unusual::QuotedEnd),
            (State::EndTag, b'>') => self.begin(State::Text),
            (State::Bang, _) => {
                self.go(State::Bang, byte);
                match self.head.as_slice() {
                    b"!-" | b"![" | b"![C" | b"![CD" | b"![CDA" | b"![CDAT" | b"![CDATA" => {}
                    b"!--" => self.state = State::Comment,
                    b"![CDATA[" => self.state = State::Cdata,
                    _ => return Err(Unusual::Declaration),
                }
                self.tail = [0; 2];
            }
            (State::Comment, b'>') if self.tail == *b"--" => self.begin(State::Text),
            (State::Cdata, b'>') if self.tail == *b"]]" => self.begin(State::Text),
            (State::Instruction, b'>') if self.tail[1] == b'?' => self.begin(State::Text),
            (state, _) => self.go(state, byte),
        }
        Ok(())
    }

    fn go(&mut self, state: State, byte: u8) {
        self.state = state;
        self.token_bytes += 1;
        if self.head.len() < HEAD_BYTES {
            self.head.push(byte);
        }
        self.tail = [self.tail[1], byte];
    }

    /// Ends the token under way and begins another.
    fn begin(&mut self, state: State) {
        self.seen.longest_token_bytes = self.seen.longest_token_bytes.max(self.token_bytes);
        self.token_bytes = 0;
        self.head.clear();
        self.tail = [0; 2];
        self.state = state;
    }

    fn end_tag(&mut self) {
        self.seen.longest_tag_bytes = self.seen.longest_tag_bytes.max(self.token_bytes);
        let name_ends = |b: &u8| b.is_ascii_whitespace() || *b == b'/';
        let name = self.head.split(name_ends).next().unwrap_or_default();
        let local = name.rsplit(|b| *b == b':').next().unwrap_or_default();
        match local {
            b"c" | b"row" => self.begin_cell(),
            b"si" => {
                self.seen.texts += 1;
                self.begin_cell();
            }
            b"sst" => self.seen.texts_announced = self.seen.texts_announced.max(announced(&self.head)),
            b"xf" => self.seen.formats += 1,
            b"font" | b"fill" | b"border" | b"numFmt" | b"Relationship" | b"sheet" | b"definedName" => {
                self.seen.kept += 1;
            }
            _ => {}
        }
        self.begin(State::Text);
    }

    fn begin_cell(&mut self) {
        if self.in_cells {
            self.seen.longest_cell_bytes = self.seen.longest_cell_bytes.max(self.cell_bytes);
        }
        self.in_cells = true;
        self.cell_bytes = 0;
    }
}

/// The number in `uniqueCount="..."`; a tag too long to be looked through announces everything.
fn announced(tag: &[u8]) -> u64 {
    if tag.len() >= HEAD_BYTES {
        return u64::MAX;
    }
    let text = String::from_utf8_lossy(tag);
    let counts = text.split("uniqueCount").skip(1).map(|rest| {
        let digits = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''));
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        // Nothing but a number too large for 64 bits fails to parse here, or a count that is none.
        if end == 0 { 0 } else { digits[..end].parse().unwrap_or(u64::MAX) }
    });
    counts.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the pieces, the same is seen.
    fn scan(xml: &str) -> Result<Seen, Unusual> {
        let mut whole = Scan::new();
        whole.take(xml.as_bytes())?;
        for size in [1, 2, 7] {
            let mut pieces = Scan::new();
            xml.as_bytes().chunks(size).try_for_each(|piece| pieces.take(piece))?;
            assert_eq!(pieces.seen(), whole.seen(), "pieces of {size}");
        }
        Ok(whole.seen())
    }

    #[test]
    fn what_a_reader_would_keep_is_counted() {
        let seen = scan(
            "<?xml version='1.0'?><x:sst count=\"9\" uniqueCount=\"3\"><si><t>ett</t></si><x:si/><si><t/></si></x:sst>",
        );
        assert_eq!(seen.map(|s| (s.texts, s.texts_announced)), Ok((3, 3)));
        let seen = scan(
            "<styleSheet><fonts><font/><font><b/></font></fonts><cellXfs><xf a='>'/><xf></xf></cellXfs></styleSheet>",
        );
        assert_eq!(seen.map(|s| (s.kept, s.formats)), Ok((2, 2)));
        assert_eq!(scan("<sst uniqueCount='99999999999999999999999'>").map(|s| s.texts_announced), Ok(u64::MAX));
        assert_eq!(scan(&format!("<sst a='{}'>", "x".repeat(2000))).map(|s| s.texts_announced), Ok(u64::MAX));
    }

    #[test]
    fn the_longest_tag_text_and_cell_are_measured_wherever_they_hide() {
        // `<a>` has 1 letter, the text 5, and in a comment a `<` begins nothing.
        assert_eq!(scan("<a>hejsa</a>").map(|s| (s.longest_token_bytes, s.longest_tag_bytes)), Ok((5, 1)));
        assert_eq!(scan("<a><!-- <b> <c> --></a>").map(|s| (s.longest_token_bytes, s.longest_cell_bytes)), Ok((14, 0)));
        assert_eq!(scan("<a><![CDATA[<<<>>]]></a>").map(|s| s.longest_token_bytes), Ok(15));
        // From the end of one `<c>` tag to the end of the next.
        let cells = scan("<row><c><v>123456</v></c><c/></row>").expect("usual");
        assert_eq!(cells.longest_cell_bytes, "<v>123456</v></c><c/>".len() as u64);
        // An element that never ends is as long as the file.
        assert_eq!(scan(&format!("<a {}", "x".repeat(5000))).map(|s| s.longest_token_bytes), Ok(5002));
    }

    #[test]
    fn what_readers_understand_differently_is_refused() {
        assert_eq!(scan("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), Err(Unusual::Declaration));
        assert_eq!(scan("<a></a \">\">"), Err(Unusual::QuotedEnd));
        assert_eq!(scan("plain <a/>"), Err(Unusual::NoMarkup));
        assert!(scan("\u{feff}\n<a/>").is_ok());
    }
}
