//! How much a workbook may ask for before it is opened.

/// Limits of a workbook. All are measured by inflating it piece by piece, before any reader that keeps what it finds.
///
/// Why so many? A zip of 500 kB can hold 500 MB of XML, one element of XML can hold all of it, one
/// font can be copied into every cell format, and one cell can claim to stand in row 1,048,576.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XlsxLimits {
    /// Size of the file itself.
    pub file_bytes: u64,
    /// Files inside it. Excel writes some dozens.
    pub entries: u64,
    /// The list of these files at the end of the archive.
    pub directory_bytes: u64,
    /// All XML in it together, inflated.
    pub inflated_bytes: u64,
    /// Inflated bytes for each compressed one, of a single file inside. Sheets reach 30, repetitive ones 100;
    /// only counted beyond 1 MiB.
    pub inflated_ratio: u64,
    /// One tag or one run of text. Excel allows 32,767 letters in a cell.
    pub token_bytes: u64,
    /// One cell, or one text of the table of texts, with its formatting.
    pub cell_bytes: u64,
    /// Memory for the table of texts: the texts and what keeping them costs.
    pub shared_strings_bytes: u64,
    /// Memory for fonts, formats, names and the list of sheets.
    pub styles_bytes: u64,
    /// Text of all cells together, a shared text counted each time a cell names it: what the records and the
    /// rejects can grow to.
    pub text_bytes: u64,
    /// Rows with something in them, without the heading.
    pub max_rows: u64,
    /// The column of the last cell; 16,384 is the last that Excel has.
    pub max_columns: u64,
}

impl XlsxLimits {
    /// For a file that somebody sends over the network: at most about 64 MiB of memory.
    pub const UPLOAD: Self = Self {
        file_bytes: 64 * 1024 * 1024,
        entries: 2_000,
        directory_bytes: 1024 * 1024,
        inflated_bytes: 256 * 1024 * 1024,
        inflated_ratio: 400,
        token_bytes: 512 * 1024,
        cell_bytes: 1024 * 1024,
        shared_strings_bytes: 32 * 1024 * 1024,
        styles_bytes: 12 * 1024 * 1024,
        text_bytes: 64 * 1024 * 1024,
        max_rows: 200_000,
        max_columns: 512,
    };

    /// For a file that somebody with a shell reads in: all rows that Excel has, a few hundred MiB of memory.
    pub const COMMAND_LINE: Self = Self {
        file_bytes: 1024 * 1024 * 1024,
        inflated_bytes: 4 * 1024 * 1024 * 1024,
        shared_strings_bytes: 512 * 1024 * 1024,
        styles_bytes: 64 * 1024 * 1024,
        text_bytes: 4 * 1024 * 1024 * 1024,
        max_rows: 1_048_576,
        max_columns: 16_384,
        ..Self::UPLOAD
    };
}

impl Default for XlsxLimits {
    fn default() -> Self {
        Self::UPLOAD
    }
}
