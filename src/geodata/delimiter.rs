//! What stands between the columns of a CSV file, and whether its numbers have decimal commas.

use std::io;

/// Bytes of a file looked at.
pub(crate) const SAMPLE: usize = 64 * 1024;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Excel's first line `sep=;`: the delimiter and the length of the line with its end.
pub(crate) fn separator_line(sample: &str) -> Option<(u8, usize)> {
    let line = sample.split_inclusive('\n').next()?;
    let said = line.trim_end_matches(['\r', '\n']).strip_prefix("sep=")?;
    let [delimiter] = said.as_bytes() else { return None };
    delimiter.is_ascii().then_some((*delimiter, line.len()))
}

/// The delimiter under which most of the first records have as many fields as the heading.
///
/// Records are split by the same rules as later, so quoted delimiters do not count. Ties go to more
/// columns, then to the order comma, semicolon, tab, bar. One column: a comma.
pub(crate) fn guess_delimiter(sample: &str) -> u8 {
    let mut best = (0, 0, b',');
    for delimiter in DELIMITERS {
        let widths: Vec<usize> = sample_records(sample, delimiter).map(|record| record.len()).collect();
        let Some(columns) = widths.first().copied().filter(|columns| *columns > 1) else { continue };
        let alike = widths.iter().filter(|width| **width == columns).count() * 1000 / widths.len();
        if (alike, columns) > (best.0, best.1) {
            best = (alike, columns, delimiter);
        }
    }
    best.2
}

fn sample_records(sample: &str, delimiter: u8) -> impl Iterator<Item = csv::StringRecord> {
    let reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(io::Cursor::new(sample.as_bytes().to_vec()));
    // The sample may end inside a record: the last counts only when there is no other.
    let records: Vec<csv::StringRecord> = reader.into_records().filter_map(Result::ok).take(100).collect();
    let whole = if records.len() > 1 && sample.len() + 4 >= SAMPLE && records.len() < 100 {
        records.len() - 1
    } else {
        records.len()
    };
    records.into_iter().take(whole)
}

/// Whether more cells look like `14,69` than like `14.69`. In a comma-separated file `1,234` may be
/// a thousand, so only other groupings count there.
pub(crate) fn has_decimal_commas(sample: &str, delimiter: u8) -> bool {
    let (mut commas, mut points) = (0_u32, 0_u32);
    for record in sample_records(sample, delimiter) {
        for cell in record.iter().map(str::trim) {
            let is_number = |sign: char| {
                let (whole, part) = cell.strip_prefix('-').unwrap_or(cell).split_once(sign)?;
                let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
                (digits(whole) && digits(part)).then_some(part.len())
            };
            commas += u32::from(is_number(',').is_some_and(|decimals| delimiter != b',' || decimals != 3));
            points += u32::from(is_number('.').is_some());
        }
    }
    commas > points
}
