//! Layers of a snapshot: which points, on which cells, at which cost.
//!
//! The methods themselves are in their own files; this one chooses what they are given, so that the
//! command line, the service and the page see the same numbers.

use super::grid::{GridCell, InvalidCellSize, grid_counts};
use super::hexagon::{HexCell, InvalidResolution, hexagon_counts};
use super::kernel::{Bandwidth, Kernel};
use super::kernel_density::{cost, kernel_density};
use super::records::{RecordCounts, points, positions};
use crate::domain::{BBox, Filter, LonLat, Plane};
use crate::spatial::{Extent, InvalidRaster, Query, Raster, Snapshot};

/// A kernel density over the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelSurface {
    /// The cells.
    pub raster: Raster,
    /// Records per km² at every cell centre, row by row from the south-west.
    pub per_km2: Vec<f64>,
    /// What became of the records; `outside` lie further from the cells than the kernel reaches.
    pub records: RecordCounts,
}

/// Why a layer is not computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SurfaceError {
    /// More work than allowed.
    #[error("a kernel density of {cost} steps is above the limit of {limit} steps and {MOST_CELLS} cells")]
    TooCostly {
        /// Row intervals plus cells.
        cost: u64,
        /// The limit.
        limit: u64,
        /// A cell size that would be accepted, metres.
        accepted_cell_m: f64,
    },
    /// Cells that cannot be made.
    #[error(transparent)]
    Raster(#[from] InvalidRaster),
    /// A cell size that cannot be used.
    #[error(transparent)]
    Cell(#[from] InvalidCellSize),
    /// A resolution that does not exist.
    #[error(transparent)]
    Resolution(#[from] InvalidResolution),
}

/// What a kernel density is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KernelParams {
    /// The kernel.
    pub kernel: Kernel,
    /// Its bandwidth.
    pub bandwidth: Bandwidth,
    /// Side of the square cells, metres.
    pub cell_m: f64,
    /// The cells cover this box; absent: all areas of the file, or the records when there are none.
    pub bbox: Option<BBox>,
    /// Most steps of work, see [`cost`].
    pub cost_limit: u64,
}

/// Most cells of one surface, whatever the cost limit: 200 MB of values.
const MOST_CELLS: usize = 25_000_000;

/// Exact kernel density of the records of a filter. The box of the filter is not applied (records
/// just outside reach in); records coarser than the bandwidth are left out.
///
/// The cost is known before the work; above the limit nothing is computed.
pub fn kernel_surface(
    snapshot: &Snapshot,
    filter: &Filter,
    params: &KernelParams,
) -> Result<KernelSurface, SurfaceError> {
    let filter = Filter { bbox: None, ..filter.clone() };
    let query = Query::new(&filter, snapshot);
    let bandwidth_m = params.bandwidth.m();
    let reach_m = bandwidth_m * params.kernel.reach();
    let wanted = params.bbox.map_or_else(|| extent_of_areas(snapshot), |bbox| extent_of(&bbox, snapshot.plane()));
    // Cells stick out of the wanted extent by up to a cell, and records reach in from around them.
    let near = wanted.map(|extent| extent.grown(reach_m + params.cell_m));
    let (points, records) = points(&query, bandwidth_m, near);
    let nothing = Extent { x_min_m: 0.0, y_min_m: 0.0, x_max_m: 0.0, y_max_m: 0.0 };
    let extent = wanted.or_else(|| Extent::of(points.iter().map(|p| [p.x_m, p.y_m])).map(|e| e.grown(reach_m)));
    let extent = extent.unwrap_or(nothing);
    let work = |cell_m: f64| -> u64 {
        Raster::aligned(extent, cell_m).map_or(u64::MAX, |raster| {
            // Cells cost memory besides time, and the result of one request must fit.
            let steps = cost(&points, &raster, params.kernel, params.bandwidth);
            if raster.cells() > MOST_CELLS { steps.max(params.cost_limit.saturating_add(1)) } else { steps }
        })
    };
    let needed = work(params.cell_m);
    if needed > params.cost_limit {
        // Doubling ends: a single cell costs no more than the number of points plus one.
        let mut accepted_cell_m = params.cell_m * 2.0;
        while work(accepted_cell_m) > params.cost_limit && accepted_cell_m < 1e7 {
            accepted_cell_m *= 2.0;
        }
        return Err(SurfaceError::TooCostly { cost: needed, limit: params.cost_limit, accepted_cell_m });
    }
    let raster = Raster::aligned(extent, params.cell_m)?;
    let mut per_km2 = kernel_density(&points, &raster, params.kernel, params.bandwidth);
    per_km2.iter_mut().for_each(|value| *value *= 1e6);
    Ok(KernelSurface { raster, per_km2, records })
}

/// Counts per square cell of the records of a filter; records coarser than a cell are left out.
pub fn grid_layer(
    snapshot: &Snapshot,
    filter: &Filter,
    cell_m: f64,
) -> Result<(Vec<GridCell>, RecordCounts), SurfaceError> {
    let (points, records) = points(&Query::new(filter, snapshot), cell_m, None);
    Ok((grid_counts(&points, cell_m)?, records))
}

/// Counts per H3 cell; records coarser than the mean edge of the resolution are left out.
pub fn hexagon_layer(
    snapshot: &Snapshot,
    filter: &Filter,
    resolution: u8,
) -> Result<(Vec<HexCell>, RecordCounts), SurfaceError> {
    let (positions, records) = positions(&Query::new(filter, snapshot), hexagon_edge_m(resolution));
    Ok((hexagon_counts(&positions, resolution)?, records))
}

/// Mean edge of an H3 cell in metres: 531 m at resolution 8 (h3geo.org, table of cell statistics),
/// and a factor of the square root of 7 per step.
fn hexagon_edge_m(resolution: u8) -> f64 {
    531.414 * 7_f64.sqrt().powi(8 - i32::from(resolution))
}

/// The plane extent of a box in degrees; `None` when a corner is outside the plane.
fn extent_of(bbox: &BBox, plane: &Plane) -> Option<Extent> {
    const STEPS: u32 = 8; // along each edge, since straight edges in degrees are curves in the plane
    let east = if bbox.west <= bbox.east { bbox.east } else { bbox.east + 360.0 };
    let at = |i: u32, j: u32| {
        let lon = bbox.west + (east - bbox.west) * f64::from(i) / f64::from(STEPS);
        let lat = bbox.south + (bbox.north - bbox.south) * f64::from(j) / f64::from(STEPS);
        let lon = if lon > 180.0 { lon - 360.0 } else { lon };
        LonLat::new(lon, lat).ok().and_then(|at| plane.to_plane(at).ok())
    };
    let rim: Option<Vec<[f64; 2]>> =
        (0..=STEPS).flat_map(|i| [at(i, 0), at(i, STEPS), at(0, i), at(STEPS, i)]).collect();
    Extent::of(rim?)
}

/// The plane extent of all areas.
pub fn extent_of_areas(snapshot: &Snapshot) -> Option<Extent> {
    use geo::BoundingRect;
    let boxes = snapshot.areas().areas().iter().filter_map(|area| area.outline.bounding_rect());
    let extents = boxes.filter_map(|b| {
        let bbox = BBox { west: b.min().x, south: b.min().y, east: b.max().x, north: b.max().y };
        extent_of(&bbox, snapshot.plane())
    });
    extents.reduce(|a, b| Extent {
        x_min_m: a.x_min_m.min(b.x_min_m),
        y_min_m: a.y_min_m.min(b.y_min_m),
        x_max_m: a.x_max_m.max(b.x_max_m),
        y_max_m: a.y_max_m.max(b.y_max_m),
    })
}
