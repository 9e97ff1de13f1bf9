//! Density layers as GeoJSON: words in, a FeatureCollection of cells out.

use std::io::Write;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::filter::{Asked, FILTER_WORDS, read_filter};
use super::words::unknown;
use super::{BadWord, Provenance, Word, Words};
use crate::analysis::kernel::{Bandwidth, Kernel};
use crate::analysis::surface::{KernelParams, SurfaceError, grid_layer, hexagon_layer, kernel_surface};
use crate::domain::{Filter, LonLat, Period, Plane, TimeRule};
use crate::spatial::Snapshot;

/// Layers that can be asked for.
pub const LAYERS: [&str; 3] = ["grid", "kde", "hex"];

const CELL: Word = Word { name: "cell_m", meaning: "side of the square cells in metres", accepted: "1 to 100000" };

/// Parameters of the grid besides the filter.
pub const GRID_WORDS: &[Word] = &[CELL];

/// Parameters of the kernel density besides the filter.
pub const KDE_WORDS: &[Word] = &[
    CELL,
    Word {
        name: "bandwidth_m",
        meaning: "radius of the kernel in metres (Gaussian: its standard deviation)",
        accepted: "1 to 1000000",
    },
    Word {
        name: "kernel",
        meaning: "shape of the kernel",
        accepted: "quartic (default), epanechnikov, triweight, uniform, triangular, gaussian",
    },
];

/// Parameters of the hexagons besides the filter.
pub const HEX_WORDS: &[Word] = &[Word { name: "resolution", meaning: "H3 resolution", accepted: "0 to 15" }];

/// All parameters of a grid.
pub const GRID: &[&[Word]] = &[FILTER_WORDS, GRID_WORDS];
/// All parameters of a kernel density.
pub const KDE: &[&[Word]] = &[FILTER_WORDS, KDE_WORDS];
/// All parameters of hexagons.
pub const HEX: &[&[Word]] = &[FILTER_WORDS, HEX_WORDS];

/// Default cell size of a grid, and of a kernel density with the default bandwidth.
pub const DEFAULT_GRID_CELL_M: f64 = 250.0;
/// Default cell size of a kernel density.
pub const DEFAULT_KDE_CELL_M: f64 = 75.0;
/// Default bandwidth of a kernel density.
pub const DEFAULT_BANDWIDTH_M: f64 = 300.0;
/// Default H3 resolution.
pub const DEFAULT_RESOLUTION: u8 = 9;

/// What a server or a user allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerLimits {
    /// Most steps of a kernel density, see [`crate::analysis::kernel_density::cost`].
    pub kde_cost: u64,
    /// Most cells in one answer.
    pub features: usize,
}

/// A request for a layer, complete with its defaults.
#[derive(Clone, Debug)]
pub struct LayerRequest {
    asked: Asked,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Grid { cell_m: f64 },
    Kde { cell_m: f64, bandwidth: Bandwidth, kernel: Kernel },
    Hex { resolution: u8 },
}

/// A layer that cannot be given: 400 or 422 over HTTP.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LayerError {
    /// A parameter that cannot be used.
    #[error(transparent)]
    Word(#[from] BadWord),
    /// More work, or a larger answer, than is allowed.
    #[error("{0}")]
    TooLarge(BadWord),
}

/// Reads a request for a layer.
pub fn read(layer: &str, words: &Words, snapshot: &Snapshot, today: Date) -> Result<LayerRequest, BadWord> {
    let asked = read_filter(words, snapshot, today)?;
    if let (Some(_), Some(text)) = (&asked.compare, words.one("compare")?) {
        return Err(BadWord::new("compare", text, "does not apply to this layer", "compare with areas"));
    }
    let cell = |default: f64| words.number("cell_m", 1.0, 100_000.0).map(|c| c.unwrap_or(default));
    let what = match layer {
        "grid" => What::Grid { cell_m: cell(DEFAULT_GRID_CELL_M)? },
        "kde" => {
            let codes = Kernel::ALL.map(Kernel::code);
            let bandwidth_m = words.number("bandwidth_m", 1.0, 1e6)?.unwrap_or(DEFAULT_BANDWIDTH_M);
            let bandwidth = Bandwidth::new(bandwidth_m)
                .map_err(|e| BadWord::new("bandwidth_m", &bandwidth_m.to_string(), "is not usable", e.to_string()))?;
            What::Kde {
                cell_m: cell(DEFAULT_KDE_CELL_M)?,
                bandwidth,
                kernel: words.choice("kernel", &codes, Kernel::from_code)?.unwrap_or(Kernel::Quartic),
            }
        }
        "hex" => {
            What::Hex { resolution: words.number("resolution", 0.0, 15.0)?.map_or(DEFAULT_RESOLUTION, |r| r as u8) }
        }
        _ => return Err(unknown("layer", layer, &LAYERS)),
    };
    Ok(LayerRequest { asked, what })
}

impl LayerRequest {
    /// The request with all defaults, as one line: equal lines mean equal answers of one revision.
    pub fn canonical(&self) -> String {
        format!("{self:?}")
    }

    /// Computes the layer and writes it as a GeoJSON FeatureCollection with provenance.
    ///
    /// Cells without any density or record are not listed: their value is 0.
    pub fn geojson(&self, snapshot: &Snapshot, limits: LayerLimits) -> Result<Vec<u8>, LayerError> {
        match self.what {
            What::Grid { cell_m } => self.grid(snapshot, cell_m, limits),
            What::Kde { cell_m, bandwidth, kernel } => self.kde(snapshot, cell_m, bandwidth, kernel, limits),
            What::Hex { resolution } => self.hex(snapshot, resolution, limits),
        }
    }

    fn grid(&self, snapshot: &Snapshot, cell_m: f64, limits: LayerLimits) -> Result<Vec<u8>, LayerError> {
        let filter = &self.asked.filter;
        let (cells, records) = grid_layer(snapshot, filter, cell_m).map_err(refuse)?;
        check_size(cells.len(), limits, "cell_m", cell_m)?;
        let mut out = Counted::with_capacity(cells.len());
        let name = count_name(filter);
        for cell in &cells {
            let corner = [cell.col as f64 * cell_m, cell.row as f64 * cell_m];
            let value = if filter.time == TimeRule::Start { cell.count as f64 } else { cell.weight };
            out.square(snapshot.plane(), &cell.id(cell_m), corner, [cell_m; 2], name, value);
        }
        let parameters = json!({"cell_m": cell_m, "empty_cells": "not listed, 0"});
        let period = self.period(snapshot);
        Ok(out.finish(&Provenance::new(
            snapshot,
            ("grid", "records per cell in the period"),
            parameters,
            period.as_ref(),
            filter,
            records,
        )))
    }

    fn kde(
        &self,
        snapshot: &Snapshot,
        cell_m: f64,
        bandwidth: Bandwidth,
        kernel: Kernel,
        limits: LayerLimits,
    ) -> Result<Vec<u8>, LayerError> {
        let filter = &self.asked.filter;
        let params = KernelParams { kernel, bandwidth, cell_m, bbox: filter.bbox, cost_limit: limits.kde_cost };
        let surface = kernel_surface(snapshot, filter, &params).map_err(refuse)?;
        let raster = &surface.raster;
        let listed = surface.per_km2.iter().filter(|v| **v > 0.0).count();
        check_size(listed, limits, "cell_m", cell_m)?;
        let mut out = Counted::with_capacity(listed);
        for row in 0..raster.ny() {
            for col in 0..raster.nx() {
                let value = surface.per_km2[row * raster.nx() + col];
                if value > 0.0 {
                    let corner = [raster.x_m(col) - cell_m / 2.0, raster.y_m(row) - cell_m / 2.0];
                    let id = format!("{:.0}{:07.0}", corner[0], corner[1]);
                    out.square(snapshot.plane(), &id, corner, [cell_m; 2], "density_per_km2", value);
                }
            }
        }
        let extent = raster.extent();
        let parameters = json!({
            "kernel": kernel.code(), "bandwidth_m": bandwidth.m(), "cell_m": cell_m, "columns": raster.nx(), "rows": raster.ny(),
            "extent_m": [extent.x_min_m, extent.y_min_m, extent.x_max_m, extent.y_max_m], "evaluated_at": "cell centres",
            "reach_bandwidths": kernel.reach(), "edge_correction": "none", "empty_cells": "not listed, 0",
        });
        let period = self.period(snapshot);
        let method = ("kernel_density", "records per km² in the period");
        Ok(out.finish(&Provenance::new(snapshot, method, parameters, period.as_ref(), filter, surface.records)))
    }

    fn hex(&self, snapshot: &Snapshot, resolution: u8, limits: LayerLimits) -> Result<Vec<u8>, LayerError> {
        let filter = &self.asked.filter;
        let (cells, records) = hexagon_layer(snapshot, filter, resolution).map_err(refuse)?;
        check_size(cells.len(), limits, "resolution", f64::from(resolution))?;
        let mut out = Counted::with_capacity(cells.len());
        let name = count_name(filter);
        for cell in &cells {
            let value = if filter.time == TimeRule::Start { cell.count as f64 } else { cell.weight };
            let centre = snapshot.plane().to_plane(cell.centre()).unwrap_or([f64::NAN; 2]);
            let ring: Vec<LonLat> = cell.boundary();
            out.cell(
                &cell.id(),
                &ring,
                centre,
                &[(name, value), ("area_km2", cell.area_km2()), ("density_per_km2", value / cell.area_km2())],
            );
        }
        let parameters = json!({"resolution": resolution, "empty_cells": "not listed, 0"});
        let period = self.period(snapshot);
        Ok(out.finish(&Provenance::new(
            snapshot,
            ("hex", "records per H3 cell in the period"),
            parameters,
            period.as_ref(),
            filter,
            records,
        )))
    }

    fn period(&self, snapshot: &Snapshot) -> Option<Period> {
        let asked = self.asked.period.clone();
        asked.or_else(|| crate::analysis::area_density::days_of_records(snapshot, &self.asked.filter))
    }
}

fn count_name(filter: &Filter) -> &'static str {
    match filter.time {
        TimeRule::Start => "count",
        TimeRule::Aoristic => "expected_count",
    }
}

fn refuse(error: SurfaceError) -> LayerError {
    match &error {
        SurfaceError::TooCostly { accepted_cell_m, .. } => {
            let accepted =
                format!("cell_m={accepted_cell_m} or more, a smaller bbox, a shorter period or a smaller bandwidth_m");
            LayerError::TooLarge(BadWord::new("cell_m", "", &error.to_string(), accepted))
        }
        SurfaceError::Raster(_) | SurfaceError::Cell(_) => {
            LayerError::Word(BadWord::new("cell_m", "", &error.to_string(), "1 to 100000, and a box inside the plane"))
        }
        SurfaceError::Resolution(_) => LayerError::Word(BadWord::new("resolution", "", &error.to_string(), "0 to 15")),
    }
}

fn check_size(cells: usize, limits: LayerLimits, name: &str, value: f64) -> Result<(), LayerError> {
    if cells <= limits.features {
        return Ok(());
    }
    let reason = format!("gives {cells} cells, above the limit of {}", limits.features);
    let accepted = match name {
        "resolution" => "a lower resolution or a smaller bbox".to_string(),
        // Cells in a fixed extent fall with the square of their side.
        _ => format!(
            "cell_m={:.0} or more, or a smaller bbox",
            (value * (cells as f64 / limits.features as f64).sqrt()).ceil()
        ),
    };
    Err(LayerError::TooLarge(BadWord::new(name, &value.to_string(), &reason, accepted)))
}

/// A FeatureCollection being written. Coordinates carry 7 decimals (1 cm), rings run counter-clockwise.
struct Counted {
    text: Vec<u8>,
    first: bool,
}

impl Counted {
    fn with_capacity(features: usize) -> Self {
        let mut text = Vec::with_capacity(features * 320 + 2048);
        text.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[");
        Self { text, first: true }
    }

    fn square(&mut self, plane: &Plane, id: &str, corner: [f64; 2], size: [f64; 2], name: &str, value: f64) {
        let [x, y] = corner;
        let corners = [[x, y], [x + size[0], y], [x + size[0], y + size[1]], [x, y + size[1]]];
        let ring: Vec<LonLat> = corners.iter().filter_map(|[x, y]| plane.to_lonlat(*x, *y).ok()).collect();
        self.cell(id, &ring, [x + size[0] / 2.0, y + size[1] / 2.0], &[(name, value)]);
    }

    /// Writes one cell. Fails only when memory does, so results of writing to it are not looked at.
    fn cell(&mut self, id: &str, ring: &[LonLat], centre_m: [f64; 2], values: &[(&str, f64)]) {
        let Some(first) = ring.first() else { return };
        if !std::mem::take(&mut self.first) {
            self.text.push(b',');
        }
        let _ = write!(
            self.text,
            "\n{{\"type\":\"Feature\",\"id\":\"{id}\",\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[["
        );
        for at in ring.iter().chain([first]) {
            let _ = write!(self.text, "[{:.7},{:.7}],", at.lon(), at.lat());
        }
        self.text.pop();
        let _ =
            write!(self.text, "]]}},\"properties\":{{\"x_m\":{},\"y_m\":{}", number(centre_m[0]), number(centre_m[1]));
        for (name, value) in values {
            let _ = write!(self.text, ",\"{name}\":{}", number(*value));
        }
        self.text.extend_from_slice(b"}}");
    }

    fn finish(mut self, provenance: &Provenance) -> Vec<u8> {
        let _ = write!(self.text, "\n],\"provenance\":{}}}\n", json!(provenance));
        self.text
    }
}

/// A number as JSON; whole ones without a fraction, those that are not finite as null.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}
