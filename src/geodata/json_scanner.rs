//! Cuts JSON text into values without building them: what is between two commas, in bounded memory.

use std::io::{BufRead, Error as IoError};

/// Longest value that is kept, in bytes. The largest outlines in use are some 10 MB.
pub(super) const MAX_VALUE_BYTES: usize = 64 * 1024 * 1024;

/// What stopped the scanner.
pub(super) enum Stop {
    Read(IoError),
    EndOfFile,
    Unexpected(u8, &'static str),
    TooLong,
    Json(serde_json::Error),
}

impl From<IoError> for Stop {
    fn from(error: IoError) -> Self {
        Self::Read(error)
    }
}

/// A place in a JSON text, and the text of the value that was read last.
pub(super) struct Scanner<R> {
    input: R,
    line: u64,
    value: Vec<u8>,
}

impl<R: BufRead> Scanner<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, line: 1, value: Vec::new() }
    }

    /// Line of the next byte, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Text of the value that was read and kept last.
    pub(super) fn value(&self) -> &[u8] {
        &self.value
    }

    /// Steps over the byte order mark, when there is one.
    pub(super) fn skip_byte_order_mark(&mut self) -> Result<(), Stop> {
        for byte in [0xEF, 0xBB, 0xBF] {
            if self.peek()? == Some(byte) {
                self.input.consume(1);
            }
        }
        Ok(())
    }

    pub(super) fn peek(&mut self) -> Result<Option<u8>, Stop> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    /// The next byte that is no blank, not consumed.
    pub(super) fn skip_blanks(&mut self) -> Result<Option<u8>, Stop> {
        while let Some(byte) = self.peek()? {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => return Ok(Some(byte)),
            }
            self.input.consume(1);
        }
        Ok(None)
    }

    pub(super) fn expect(&mut self, wanted: u8, in_words: &'static str) -> Result<(), Stop> {
        match self.skip_blanks()? {
            Some(byte) if byte == wanted => {
                self.input.consume(1);
                Ok(())
            }
            Some(byte) => Err(Stop::Unexpected(byte, in_words)),
            None => Err(Stop::EndOfFile),
        }
    }

    /// Whether another element follows; steps over the comma before it, or over the end of the list.
    pub(super) fn next_in_list(&mut self, first: bool, end: u8) -> Result<bool, Stop> {
        match self.skip_blanks()?.ok_or(Stop::EndOfFile)? {
            byte if byte == end => {
                self.input.consume(1);
                Ok(false)
            }
            b',' if !first => {
                self.input.consume(1);
                self.skip_blanks()?;
                Ok(true)
            }
            _ if first => Ok(true),
            byte => Err(Stop::Unexpected(byte, "',' or the end of a list")),
        }
    }

    /// Reads the text of one value. Brackets and quotes decide where it ends; whether it is JSON, the
    /// parser says. With `keep` false it is only stepped over.
    pub(super) fn read_value(&mut self, keep: bool) -> Result<(), Stop> {
        self.value.clear();
        let first = self.skip_blanks()?.ok_or(Stop::EndOfFile)?;
        let scalar = !matches!(first, b'"' | b'{' | b'[');
        let (mut depth, mut length) = (0_u64, 0_usize);
        let (mut in_string, mut escaped, mut ended) = (false, false, false);
        while !ended {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Err(Stop::EndOfFile);
            }
            let mut used = 0;
            for &byte in chunk {
                if scalar && matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n') {
                    ended = true;
                    break;
                }
                used += 1;
                self.line += u64::from(byte == b'\n');
                if in_string {
                    in_string = escaped || byte != b'"';
                    escaped = !escaped && byte == b'\\';
                } else {
                    match byte {
                        b'"' => in_string = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1, // the first byte opened one, so there is one to close
                        _ => {}
                    }
                }
                if !scalar && depth == 0 && !in_string {
                    ended = true;
                    break;
                }
            }
            length += used;
            if keep {
                if length > MAX_VALUE_BYTES {
                    return Err(Stop::TooLong);
                }
                self.value.extend_from_slice(&chunk[..used]);
            }
            self.input.consume(used);
        }
        if length == 0 { Err(Stop::Unexpected(first, "a value")) } else { Ok(()) }
    }
}
