//! Flags of an import to what the reader needs.

use jiff::tz::TimeZone;

use super::ImportArgs;
use crate::cli::Usage;
use crate::domain::{Collection, Plane};
use crate::geodata::{Ambiguous, Field, Profile, ReadOptions, XlsxLimits};
use crate::spatial::Frame;

pub(super) fn read_options(args: &ImportArgs, frame: &Frame, into: Collection) -> anyhow::Result<ReadOptions> {
    let zone = match &args.time_zone {
        Some(name) => TimeZone::get(name).map_err(|e| Usage(format!("--time-zone: '{name}': {e}")))?,
        None => frame.facts.zone.clone(),
    };
    let mut options = ReadOptions::new(into, zone);
    for entry in &args.map {
        let (field, column) = entry
            .split_once('=')
            .ok_or_else(|| Usage(format!("--map '{entry}': FIELD=COLUMN is accepted, such as datetime=Tidpunkt")))?;
        options.map.push((field_of(field.trim())?, column.trim().to_string()));
    }
    options.keep.clone_from(&args.keep);
    options.crs = args.crs.as_deref().map(Plane::parse_epsg).transpose().map_err(|e| Usage(format!("--crs: {e}")))?;
    options.ambiguous = Ambiguous::ALL.into_iter().find(|way| way.code() == args.ambiguous).ok_or_else(|| {
        Usage(format!("--ambiguous '{}': interval, reject, earlier or later is accepted", args.ambiguous))
    })?;
    options.delimiter = match args.delimiter.as_deref() {
        None => None,
        Some("tab" | "\\t") => Some(b'\t'),
        Some(text) if text.len() == 1 => text.bytes().next(),
        Some(text) => {
            return Err(Usage(format!("--delimiter '{text}': one ASCII character or 'tab' is accepted")).into());
        }
    };
    options.id_prefix.clone_from(&args.id_prefix);
    options.strict_categories = args.strict_categories;
    options.redact = args.redact;
    options.profile = args.profile.map(|_| Profile::SafetyWalk);
    options.sheet.clone_from(&args.sheet);
    options.layer.clone_from(&args.layer);
    options.xlsx = XlsxLimits::COMMAND_LINE;
    Ok(options)
}

fn field_of(text: &str) -> Result<Field, Usage> {
    Field::from_code(text).ok_or_else(|| {
        Usage(format!("--map: '{text}' is not a field; did you mean '{}'?", Field::nearest(text).code()))
    })
}
