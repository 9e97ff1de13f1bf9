//! Everything a page shows, computed once: the table, the density beneath the map, what is known at all.

use jiff::civil::Date;

use super::request::PageRequest;
use crate::analysis::area_density::{AreaDensity, AreaLine, area_density};
use crate::analysis::kernel::{Bandwidth, Kernel};
use crate::analysis::records::RecordCounts;
use crate::analysis::surface::{KernelParams, KernelSurface, SurfaceError, kernel_surface};
use crate::domain::{BBox, Counted, Feeling, Filter, LonLat, Source, local_date};
use crate::spatial::{Extent, Query, Snapshot};
use crate::wire::layers::{DEFAULT_BANDWIDTH_M, LayerLimits};

/// Located records from which a density is drawn.
pub(super) const LEAST_FOR_DENSITY: u64 = 10;
/// Cells along the longer side of the map; more would not be seen.
const CELLS_PER_SIDE: f64 = 160.0;
/// Cell sizes are whole multiples of this, metres.
const CELL_STEP_M: f64 = 25.0;

/// Whether numbers of the period can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Records were imported that cover the period, at least in part.
    Yes,
    /// Nothing of this kind was ever imported.
    EmptyFile,
    /// The records end before the period, or begin after it.
    OutsideData,
}

/// What lies beneath the outlines.
#[derive(Clone, Debug)]
pub(super) enum Beneath {
    Density { surface: KernelSurface, cell_m: f64, bandwidth: Bandwidth, bbox: BBox },
    TooFew(RecordCounts),
    TooCostly,
    Unknown,
}

/// Records per choice of the form, in the period and under the rest of the selection.
#[derive(Clone, Debug, Default)]
pub(super) struct Choices {
    pub(super) terms: Vec<u64>,
    pub(super) sources: Vec<u64>,
    pub(super) feelings: Vec<u64>,
}

/// See the module.
pub(super) struct View<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) request: &'a PageRequest,
    pub(super) density: AreaDensity,
    /// Positions in `density.lines`, largest count first, ties in the order of the file.
    pub(super) order: Vec<usize>,
    pub(super) known: Known,
    /// First and last local day of the records of this kind.
    pub(super) extent_days: Option<(Date, Date)>,
    /// Day of the newest record of any kind.
    pub(super) newest: Option<Date>,
    /// What the map shows of the plane.
    pub(super) window: Option<Extent>,
    pub(super) beneath: Beneath,
    pub(super) choices: Choices,
}

impl<'a> View<'a> {
    /// Computes a page. Cost: a scan for the table, one per choice of source and feeling, and a kernel density.
    pub(super) fn new(snapshot: &'a Snapshot, request: &'a PageRequest, limits: LayerLimits) -> Self {
        let density = area_density(snapshot, &request.params);
        let of = request.params.filter.of;
        let days = |of| {
            snapshot.extent_in_time(of).map(|(a, b)| (local_date(a, snapshot.zone()), local_date(b, snapshot.zone())))
        };
        let extent_days = days(of);
        let known = match (&extent_days, &request.params.period) {
            (None, _) => Known::EmptyFile,
            (Some((first, last)), Some(period))
                if density.total.value() <= 0.0 && (period.end() <= *first || period.start() > *last) =>
            {
                Known::OutsideData
            }
            _ => Known::Yes,
        };
        let mut order: Vec<usize> = (0..density.lines.len()).collect();
        order.sort_by(|a, b| density.lines[*b].count.value().total_cmp(&density.lines[*a].count.value()));
        let window = window_of(snapshot, &density);
        let filter = window_filter(snapshot, request);
        let beneath = match (known, window) {
            (Known::Yes, Some(window)) => beneath(snapshot, &filter, window, limits),
            _ => Beneath::Unknown,
        };
        Self {
            newest: Counted::ALL.into_iter().filter_map(days).map(|(_, last)| last).max(),
            choices: choices(snapshot, &filter),
            snapshot,
            request,
            density,
            order,
            known,
            extent_days,
            window,
            beneath,
        }
    }

    /// The lines with their number in the table, largest first.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (usize, &AreaLine)> {
        self.order.iter().enumerate().map(|(i, line)| (i + 1, &self.density.lines[*line]))
    }
}

fn window_filter(snapshot: &Snapshot, request: &PageRequest) -> Filter {
    let mut filter = request.params.filter.clone();
    if let Some(period) = &request.params.period {
        filter.window = period.window(snapshot.zone());
    }
    filter
}

/// The areas shown with a margin, and not much longer than wide.
fn window_of(snapshot: &Snapshot, density: &AreaDensity) -> Option<Extent> {
    use geo::CoordsIter;
    let outlines =
        density.lines.iter().flat_map(|line| snapshot.areas().area(line.area).outline.exterior_coords_iter());
    let positions = outlines.filter_map(|c| snapshot.plane().to_plane(LonLat::new(c.x, c.y).ok()?).ok());
    let tight = Extent::of(positions)?;
    let (width, height) = (tight.x_max_m - tight.x_min_m, tight.y_max_m - tight.y_min_m);
    let roomy = tight.grown((width.max(height) * 0.06).max(DEFAULT_BANDWIDTH_M * 0.8));
    let (width, height) = (roomy.x_max_m - roomy.x_min_m, roomy.y_max_m - roomy.y_min_m);
    let (more_x, more_y) = ((height * 0.8 - width).max(0.0) / 2.0, (width * 0.6 - height).max(0.0) / 2.0);
    Some(Extent {
        x_min_m: roomy.x_min_m - more_x,
        x_max_m: roomy.x_max_m + more_x,
        y_min_m: roomy.y_min_m - more_y,
        y_max_m: roomy.y_max_m + more_y,
    })
}

fn beneath(snapshot: &Snapshot, filter: &Filter, window: Extent, limits: LayerLimits) -> Beneath {
    let longer = (window.x_max_m - window.x_min_m).max(window.y_max_m - window.y_min_m);
    let cell_m = ((longer / CELLS_PER_SIDE / CELL_STEP_M).ceil() * CELL_STEP_M).max(CELL_STEP_M);
    let kernel = Kernel::Quartic;
    let bandwidth = Bandwidth::new(DEFAULT_BANDWIDTH_M).expect("the default bandwidth is one");
    let Some(bbox) = box_of(snapshot, window) else { return Beneath::Unknown };
    let params = KernelParams { kernel, bandwidth, cell_m, bbox: Some(bbox), cost_limit: limits.kde_cost };
    match kernel_surface(snapshot, filter, &params) {
        Ok(surface) if surface.records.used < LEAST_FOR_DENSITY => Beneath::TooFew(surface.records),
        Ok(surface) => Beneath::Density { surface, cell_m, bandwidth, bbox },
        Err(SurfaceError::TooCostly { .. }) => Beneath::TooCostly,
        Err(_) => Beneath::Unknown,
    }
}

/// The box in degrees that holds the window, to four decimals so that it can stand in a URL.
fn box_of(snapshot: &Snapshot, window: Extent) -> Option<BBox> {
    let at = |x: f64, y: f64| snapshot.plane().to_lonlat(x, y).ok();
    let (mid_x, mid_y) = ((window.x_min_m + window.x_max_m) / 2.0, (window.y_min_m + window.y_max_m) / 2.0);
    let rim: Option<Vec<LonLat>> = [window.x_min_m, mid_x, window.x_max_m]
        .into_iter()
        .flat_map(|x| [window.y_min_m, mid_y, window.y_max_m].map(|y| at(x, y)))
        .collect();
    let rim = rim?;
    let fold = |value: fn(&LonLat) -> f64, pick: fn(f64, f64) -> f64| rim.iter().map(value).reduce(pick);
    let (down, up) = (|v: f64| (v * 1e4).floor() / 1e4, |v: f64| (v * 1e4).ceil() / 1e4);
    Some(BBox {
        west: down(fold(|p| p.lon(), f64::min)?),
        south: down(fold(|p| p.lat(), f64::min)?),
        east: up(fold(|p| p.lon(), f64::max)?),
        north: up(fold(|p| p.lat(), f64::max)?),
    })
}

fn choices(snapshot: &Snapshot, filter: &Filter) -> Choices {
    let count = |filter: &Filter| {
        let mut n = 0;
        Query::new(filter, snapshot).scan(|_, _, _| n += 1);
        n
    };
    let terms = match filter.of {
        Counted::Observations => &snapshot.vocabulary().categories,
        Counted::Activities => &snapshot.vocabulary().kinds,
    };
    let mut by_term = vec![0; terms.len()];
    let any_term = Filter { categories: Vec::new(), kinds: Vec::new(), ..filter.clone() };
    Query::new(&any_term, snapshot).scan(|columns, row, _| by_term[usize::from(columns.term[row])] += 1);
    if filter.of == Counted::Activities {
        return Choices { terms: by_term, ..Choices::default() };
    }
    Choices {
        terms: by_term,
        sources: Source::ALL.map(|source| count(&Filter { sources: vec![source], ..filter.clone() })).to_vec(),
        feelings: [Feeling::Unsafe, Feeling::Safe]
            .map(|feeling| count(&Filter { feelings: vec![feeling], ..filter.clone() }))
            .to_vec(),
    }
}
