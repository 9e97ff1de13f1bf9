//! One thing that is wrong with an input file: where, what, why, and what would be accepted.

use std::fmt;

/// Where in a file a problem is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The file as a whole.
    File,
    /// A line of a text file, counted from 1 with the heading line as line 1.
    Line(u64),
    /// A feature of a GeoJSON file, counted from 1.
    Feature(u64),
}

/// A problem in an input file. Printed as `file:line:column reason (value 'x'); hint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the file as the user gave it.
    pub file: String,
    /// Line or feature.
    pub spot: Spot,
    /// Heading of the column or name of the property, when one is to blame.
    pub column: Option<String>,
    /// The offending value, cut to 80 characters.
    pub value: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What is accepted, or what to do.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        match self.spot {
            Spot::File => {}
            Spot::Line(line) => write!(f, ":{line}")?,
            Spot::Feature(number) => write!(f, ": feature {number}")?,
        }
        if let Some(column) = &self.column {
            write!(f, ":{column}")?;
        }
        write!(f, ": {}", self.reason)?;
        if let Some(value) = &self.value {
            write!(f, " (value '{value}')")?;
        }
        if !self.hint.is_empty() {
            write!(f, "; {}", self.hint)?;
        }
        Ok(())
    }
}
