//! Records as CSV. What a spreadsheet would run as a formula gets an apostrophe, which import takes away.

use std::borrow::Cow;
use std::io::{self, Write};

use super::ExportOptions;
use super::cells::{Cell, row};
use super::columns::columns;
use crate::domain::Record;
use crate::spreadsheet::armed;

/// How CSV is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CsvStyle {
    /// Comma, decimal point, UTF-8, as RFC 4180 has it.
    #[default]
    Rfc,
    /// Semicolon, decimal comma, UTF-8 with byte order mark: opens in a Swedish Excel by a double click.
    ExcelSv,
}

/// Writes records as CSV; the heading stands there even without records.
pub struct CsvExport<W: Write> {
    writer: csv::Writer<W>,
    options: ExportOptions,
    style: CsvStyle,
}

impl<W: Write> CsvExport<W> {
    /// Writes the heading.
    pub fn new(mut out: W, options: ExportOptions, style: CsvStyle) -> io::Result<Self> {
        let delimiter = match style {
            CsvStyle::Rfc => b',',
            CsvStyle::ExcelSv => {
                out.write_all("\u{feff}".as_bytes())?;
                b';'
            }
        };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        let named = columns(options.of).iter().map(|column| Cow::Borrowed(column.name));
        let kept = options.kept.iter().map(|name| armed(name));
        let class = options.data_class.iter().map(|_| Cow::Borrowed("data_class"));
        writer.write_record(named.chain(kept).chain(class).map(Cow::into_owned))?;
        Ok(Self { writer, options, style })
    }

    /// Writes one record. A record of another collection than the heading's is an error.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let row = row(record, self.options.of, &self.options.zone)?;
        for cell in row.cells {
            let text = match cell {
                Cell::Number(number) if self.style == CsvStyle::ExcelSv => number.to_string().replace('.', ","),
                Cell::Text(text) => armed(&text).into_owned(),
                other => other.into_text().into_owned(),
            };
            self.writer.write_field(text)?;
        }
        for name in &self.options.kept {
            let value = row.kept.iter().find(|(kept, _)| kept == name).map_or("", |(_, value)| value);
            self.writer.write_field(armed(value).as_bytes())?;
        }
        if let Some(class) = &self.options.data_class {
            self.writer.write_field(class)?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    /// Flushes; what was written before is complete only after this.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
