//! `lagesbild layer`: a density layer as GeoJSON.

use std::path::PathBuf;

use clap::Subcommand;

use super::answer::{Done, write};
use super::{DataArgs, Flags, GridTable, HexTable, KdeTable, today};
use crate::store::load_snapshot;
use crate::wire::layers::{self, LayerError, LayerLimits};
use crate::wire::{BadWord, Words};

/// Density layers as GeoJSON.
#[derive(Debug, clap::Args)]
pub(super) struct LayerArgs {
    #[command(subcommand)]
    layer: Layer,
}

#[derive(Debug, Subcommand)]
enum Layer {
    /// Counts per square cell.
    Grid(OneLayer<GridTable>),
    /// Exact kernel density, records per km².
    Kde(OneLayer<KdeTable>),
    /// Counts per H3 hexagon.
    Hex(OneLayer<HexTable>),
}

#[derive(Debug, clap::Args)]
struct OneLayer<T: super::flags::Table> {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    flags: Flags<T>,
    /// File to write to instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl<T: super::flags::Table> OneLayer<T> {
    fn parts(&self) -> Result<(&DataArgs, Words, Option<&std::path::Path>), BadWord> {
        Ok((&self.data, self.flags.words()?, self.output.as_deref()))
    }
}

/// The command line may compute more than a service lets one request compute.
const LIMITS: LayerLimits = LayerLimits { kde_cost: 3_000_000_000, features: 5_000_000 };

pub(super) fn run(args: &LayerArgs) -> anyhow::Result<Done> {
    let (name, (data, words, output)) = match &args.layer {
        Layer::Grid(one) => ("grid", one.parts()?),
        Layer::Kde(one) => ("kde", one.parts()?),
        Layer::Hex(one) => ("hex", one.parts()?),
    };
    let snapshot = load_snapshot(&data.path_made_when_missing()?)?;
    let request = layers::read(name, &words, &snapshot, today(snapshot.zone()))?;
    let bytes = request.geojson(&snapshot, LIMITS).map_err(|error| match error {
        LayerError::Word(word) | LayerError::TooLarge(word) => word,
    })?;
    write(output, &bytes)?;
    Ok(Done::Ok)
}
