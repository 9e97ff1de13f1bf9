//! Fixture `kde`: kernel density, plain, weighted, corrected at the edge, and in space and time.

use super::comparison::Comparison;
use super::fixture::Part;
use crate::analysis::edge_correction::{EdgeCorrection, gaussian_density, leave_one_out_at_points};
use crate::analysis::kernel::{Bandwidth, Kernel};
use crate::analysis::kernel_density::{WeightedPoint, cost, kernel_density, kernel_density_at};
use crate::analysis::time_kernel::epanechnikov_per_day;
use crate::spatial::{Extent, Raster};

/// A fixture is a proof, not a load: more work than this is taken as a mistake in the file.
pub(super) const MOST_STEPS: u64 = 300_000_000;

pub(super) fn run(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let params = case.part("params")?;
    if params.optional("temporal").is_some() {
        space_time(case, comparison)
    } else if params.optional("period_1").is_some() {
        period_difference(case, comparison)
    } else if params.optional("sigma").is_some() {
        edge_corrected(case, comparison)
    } else if params.optional("at_xy").is_some() {
        at_positions(case, comparison)
    } else {
        surface(case, comparison)
    }
}

fn surface(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let (input, params) = (case.part("input")?, case.part("params")?);
    let raster = raster(&params)?;
    let values =
        density(&input.points()?, &raster, kernel(&params.part("kernel")?)?, bandwidth(&params, "bandwidth")?)?;
    comparison.rows("values_rows", raster.nx(), &values)?;
    comparison.number("max", values.iter().copied().reduce(f64::max));
    comparison.number("sum_times_cell_area", Some(values.iter().sum::<f64>() * raster.cell_area_m2()));
    Ok(())
}

fn at_positions(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let (input, params) = (case.part("input")?, case.part("params")?);
    let (kernel, h) = (kernel(&params.part("kernel")?)?, bandwidth(&params, "bandwidth")?);
    let (points, at) = (input.points()?, params.part("at_xy")?.pairs()?);
    let values = kernel_density_at(&points, &at, kernel, h);
    comparison.list("values", &values)?;
    // The surface must say the same as single positions: one cell around each.
    for (&[x, y], &value) in at.iter().zip(&values) {
        let size = h.m() / 8.0;
        let cell = Raster::new(x - size / 2.0, y - size / 2.0, size, size, 1, 1).map_err(|error| error.to_string())?;
        let centre_value = kernel_density_at(&points, &[[cell.x_m(0), cell.y_m(0)]], kernel, h)[0];
        let on_raster = kernel_density(&points, &cell, kernel, h)[0];
        if (on_raster - centre_value).abs() > 1e-10 * kernel.at_centre() / (h.m() * h.m()) * points.len() as f64 {
            comparison.differs(format!("at ({x}, {y}) the surface has {on_raster}, the position {value}"));
        }
    }
    Ok(())
}

/// Period 2 minus period 1, each per day of exposure, in one pass with signed weights.
fn period_difference(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let (input, params) = (case.part("input")?, case.part("params")?);
    let raster = raster(&params)?;
    let [exposure_1, exposure_2] = params.part("exposure_days")?.exactly()?;
    let (first, second) = (day_rule(&params.part("period_1")?)?, day_rule(&params.part("period_2")?)?);
    let days = input.part("day")?.numbers()?;
    let points = timed(input.points()?, &days)?;
    let mut signed = Vec::new();
    let mut counts = [0.0; 2];
    for (point, &day) in points.iter().zip(&days) {
        for (period, rule, share) in [(0, first, -1.0 / exposure_1), (1, second, 1.0 / exposure_2)] {
            if rule.holds(day) {
                counts[period] += 1.0;
                signed.push(WeightedPoint { weight: point.weight * share, ..*point });
            }
        }
    }
    let values = density(&signed, &raster, kernel(&params.part("kernel")?)?, bandwidth(&params, "bandwidth")?)?;
    comparison.rows("values_rows", raster.nx(), &values)?;
    comparison.list("counts", &counts)
}

fn edge_corrected(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let (input, params) = (case.part("input")?, case.part("params")?);
    params.part("window")?.only("rectangle")?;
    params.part("kernel")?.only(Kernel::Gaussian.code())?;
    let [x_min_m, y_min_m, x_max_m, y_max_m] = input.part("window_xmin_ymin_xmax_ymax")?.exactly()?;
    let window = Extent { x_min_m, y_min_m, x_max_m, y_max_m };
    let (raster, sigma, points) = (raster(&params)?, bandwidth(&params, "sigma")?, input.points()?);
    affordable(&points, &raster, Kernel::Gaussian, sigma)?;
    for (name, correction) in [
        ("uncorrected_rows", EdgeCorrection::None),
        ("uniform_rows", EdgeCorrection::Uniform),
        ("diggle_rows", EdgeCorrection::Diggle),
    ] {
        comparison.rows(name, raster.nx(), &gaussian_density(&points, window, &raster, sigma, correction))?;
    }
    for (name, correction) in [
        ("leave_one_out_at_points_uncorrected", EdgeCorrection::None),
        ("leave_one_out_at_points_uniform", EdgeCorrection::Uniform),
        ("leave_one_out_at_points_diggle", EdgeCorrection::Diggle),
    ] {
        comparison.list(name, &leave_one_out_at_points(&points, window, sigma, correction))?;
    }
    Ok(())
}

fn space_time(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let (input, params) = (case.part("input")?, case.part("params")?);
    params.part("temporal")?.only("epanechnikov 3/(4 b_t)(1-((t-t_i)/b_t)^2)")?;
    let bandwidth_days = params.part("bandwidth_t_days")?.number()?;
    if bandwidth_days <= 0.0 {
        return Err(format!("params.bandwidth_t_days is {bandwidth_days}: a number above 0 is accepted"));
    }
    let at_day = params.part("t")?.number()?;
    let days = input.part("day")?.numbers()?;
    let points = timed(input.points()?, &days)?;
    let weighted: Vec<_> = points
        .iter()
        .zip(&days)
        .map(|(p, day)| WeightedPoint { weight: p.weight * epanechnikov_per_day(at_day - day, bandwidth_days), ..*p })
        .collect();
    let raster = raster(&params)?;
    let values = density(&weighted, &raster, kernel(&params.part("spatial")?)?, bandwidth(&params, "bandwidth")?)?;
    comparison.rows("values_rows", raster.nx(), &values)
}

fn density(
    points: &[WeightedPoint],
    raster: &Raster,
    kernel: Kernel,
    bandwidth: Bandwidth,
) -> Result<Vec<f64>, String> {
    affordable(points, raster, kernel, bandwidth)?;
    Ok(kernel_density(points, raster, kernel, bandwidth))
}

fn affordable(points: &[WeightedPoint], raster: &Raster, kernel: Kernel, bandwidth: Bandwidth) -> Result<(), String> {
    let steps = cost(points, raster, kernel, bandwidth);
    if steps > MOST_STEPS {
        let (nx, ny) = (raster.nx(), raster.ny());
        return Err(format!("{nx} x {ny} cells would take {steps} steps: at most {MOST_STEPS} are accepted"));
    }
    Ok(())
}

fn kernel(part: &Part) -> Result<Kernel, String> {
    let codes = Kernel::ALL.map(Kernel::code).join(", ");
    let code = part.text()?;
    Kernel::from_code(code).ok_or_else(|| format!("'{code}' is no kernel: {codes} are accepted"))
}

fn bandwidth(params: &Part, name: &str) -> Result<Bandwidth, String> {
    Bandwidth::new(params.part(name)?.number()?).map_err(|error| error.to_string())
}

fn raster(params: &Part) -> Result<Raster, String> {
    let grid = params.part("grid")?;
    grid.part("evaluate_at")?.only("cell centres")?;
    let cell = grid.part("cell")?.number()?;
    let (nx, ny) = (grid.part("nx")?.count()?, grid.part("ny")?.count()?);
    Raster::new(grid.part("xmin")?.number()?, grid.part("ymin")?.number()?, cell, cell, nx as usize, ny as usize)
        .map_err(|error| error.to_string())
}

fn timed(points: Vec<WeightedPoint>, days: &[f64]) -> Result<Vec<WeightedPoint>, String> {
    if points.len() == days.len() {
        Ok(points)
    } else {
        Err(format!("{} days for {} points", days.len(), points.len()))
    }
}

/// `day<60` or `day>=60`.
#[derive(Clone, Copy)]
enum DayRule {
    Before(f64),
    From(f64),
}

impl DayRule {
    fn holds(self, day: f64) -> bool {
        match self {
            Self::Before(limit) => day < limit,
            Self::From(limit) => day >= limit,
        }
    }
}

fn day_rule(part: &Part) -> Result<DayRule, String> {
    let text = part.text()?;
    let number = |text: &str| text.parse().ok();
    let rule = match (text.strip_prefix("day<"), text.strip_prefix("day>=")) {
        (Some(limit), None) => number(limit).map(DayRule::Before),
        (None, Some(limit)) => number(limit).map(DayRule::From),
        _ => None,
    };
    rule.ok_or_else(|| format!("'{text}' is no period: 'day<60' and 'day>=60' are accepted"))
}
