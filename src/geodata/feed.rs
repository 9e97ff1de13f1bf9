//! Rows that a thread of its own reads: workbooks, databases and JSON lists.
//!
//! Why a thread? The readers of these formats borrow from what they opened, so that a row iterator
//! would have to own itself; and one that gives up on a hostile file must not take the program with
//! it. The channel is short: the reader waits when rows are not taken, and ends when nobody wants more.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use csv::StringRecord;

use super::csv_rows::NextRow;
use super::problem::{Problem, Spot};
use super::values::Fault;

/// Rows that travel together, and batches that wait.
const BATCH: usize = 128;
const WAITING: usize = 4;

/// A row on its way.
#[derive(Debug, Default)]
pub(crate) struct FedRow {
    /// Row of the sheet or feature, from 1.
    pub(crate) number: u64,
    pub(crate) cells: StringRecord,
    pub(crate) geometry: Option<geo::Geometry<f64>>,
    /// Columns whose cell is an error of the workbook or no text, with what it says.
    pub(crate) errors: Vec<(usize, String)>,
    /// Why there is no row, when it could not be read at all.
    pub(crate) fault: Option<Fault>,
}

/// What is known before the first row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Opening {
    pub(crate) headings: Vec<String>,
    /// Sheet or layer, in words.
    pub(crate) part: String,
    /// EPSG code that the file names for its geometries.
    pub(crate) epsg: Option<u16>,
    /// Whether day numbers count from 1904.
    pub(crate) is_1904: bool,
    /// Whether rows are lines of a sheet, rather than features.
    pub(crate) has_lines: bool,
}

enum Message {
    Opened(Opening),
    Rows(Vec<FedRow>),
    Late(String),
    Failed(Spot, Fault),
}

/// Nobody takes the rows any more; the reader may end.
#[derive(Debug)]
pub(crate) struct Unwanted;

/// What ends a reader early.
#[derive(Debug)]
pub(crate) enum Stop {
    Unwanted,
    Failed(Spot, Fault),
}

impl From<Unwanted> for Stop {
    fn from(_: Unwanted) -> Self {
        Self::Unwanted
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(Spot::File, fault)
    }
}

/// The reader's end.
pub(crate) struct Feeder {
    sender: SyncSender<Message>,
    batch: Vec<FedRow>,
}

impl Feeder {
    /// Says what is known before the first row; once.
    pub(crate) fn open(&mut self, opening: Opening) -> Result<(), Unwanted> {
        self.send(Message::Opened(opening))
    }

    /// Hands a row over.
    pub(crate) fn row(&mut self, row: FedRow) -> Result<(), Unwanted> {
        self.batch.push(row);
        if self.batch.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    /// Names a column that was found only after the headings.
    pub(crate) fn late_column(&mut self, name: String) -> Result<(), Unwanted> {
        self.send(Message::Late(name))
    }

    fn flush(&mut self) -> Result<(), Unwanted> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        if batch.is_empty() { Ok(()) } else { self.send(Message::Rows(batch)) }
    }

    fn send(&self, message: Message) -> Result<(), Unwanted> {
        self.sender.send(message).map_err(|_| Unwanted)
    }
}

/// The rows as they come; the current one stays until the next is asked for.
pub(crate) struct Fed {
    pub(crate) opening: Opening,
    receiver: Receiver<Message>,
    batch: std::vec::IntoIter<FedRow>,
    row: FedRow,
    late: BTreeSet<String>,
    read: Arc<AtomicU64>,
    file: String,
    is_empty: bool,
}

impl Fed {
    /// Starts a reader and waits for what it knows before the first row. `read` is what it counts bytes in.
    pub(crate) fn start(
        file: &str,
        read: Arc<AtomicU64>,
        reader: impl FnOnce(&mut Feeder) -> Result<(), Stop> + Send + 'static,
    ) -> Result<Self, Problem> {
        let (sender, receiver) = sync_channel(WAITING);
        let task = move || {
            let mut feeder = Feeder { sender: sender.clone(), batch: Vec::with_capacity(BATCH) };
            // A reader's panic on a hostile file is that file's problem: the row channel and the file are all
            // it shares, and both end here.
            let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| reader(&mut feeder)));
            let failed = match outcome {
                Ok(Ok(())) | Ok(Err(Stop::Unwanted)) => None,
                Ok(Err(Stop::Failed(spot, fault))) => Some((spot, fault)),
                Err(_) => Some((
                    Spot::File,
                    Fault::new(
                        "is built in a way that its reader cannot follow",
                        "open it in the program it comes from, and save it anew",
                    ),
                )),
            };
            // Rows before the failure count: they are told apart from it by their numbers.
            let flushed = feeder.flush();
            if let (Some((spot, fault)), Ok(())) = (failed, flushed) {
                let _ = sender.send(Message::Failed(spot, fault));
            }
        };
        let mut fed = Self {
            opening: Opening::default(),
            receiver,
            batch: Vec::new().into_iter(),
            row: FedRow::default(),
            late: BTreeSet::new(),
            read,
            file: file.to_string(),
            is_empty: false,
        };
        let started = std::thread::Builder::new().name("import reader".to_string()).spawn(task);
        started.map_err(|e| fed.problem(Spot::File, Fault::new(format!("cannot be read: {e}"), "try again later")))?;
        match fed.receiver.recv() {
            Ok(Message::Opened(opening)) => fed.opening = opening,
            Ok(Message::Failed(spot, fault)) => return Err(fed.problem(spot, fault)),
            _ => fed.is_empty = true,
        }
        Ok(fed)
    }

    pub(crate) fn headings(&self) -> &[String] {
        &self.opening.headings
    }

    /// The cells of the row that was read last.
    pub(crate) fn row(&self) -> &FedRow {
        &self.row
    }

    /// Puts another text into a cell of the row that was read last.
    pub(crate) fn replace_cells(&mut self, cells: StringRecord) {
        self.row.cells = cells;
    }

    /// Columns that were found only after the headings.
    pub(crate) fn late(&self) -> impl Iterator<Item = &String> {
        self.late.iter()
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Whether there is nothing in the file at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty
    }

    pub(crate) fn spot(&self, number: u64) -> Spot {
        if self.opening.has_lines { Spot::Line(number) } else { Spot::Feature(number) }
    }

    /// Reads the next row. An error concerns the whole file.
    pub(crate) fn next(&mut self) -> Result<NextRow, Problem> {
        loop {
            if let Some(mut row) = self.batch.next() {
                let fault = row.fault.take();
                self.row = row;
                let number = self.row.number;
                return Ok(match fault {
                    None => NextRow::Row(number),
                    Some(fault) => NextRow::Misshapen(self.problem(self.spot(number), fault)),
                });
            }
            match self.receiver.recv() {
                Ok(Message::Rows(rows)) => self.batch = rows.into_iter(),
                Ok(Message::Late(name)) => drop(self.late.insert(name)),
                Ok(Message::Failed(spot, fault)) => return Err(self.problem(spot, fault)),
                Ok(Message::Opened(_)) => {}
                Err(_) => return Ok(NextRow::End),
            }
        }
    }

    fn problem(&self, spot: Spot, fault: Fault) -> Problem {
        Problem {
            file: self.file.clone(),
            spot,
            column: None,
            value: None,
            reason: super::personal::redacted(&fault.reason).into_owned(),
            hint: fault.hint.into_owned(),
        }
    }
}
