//! Fixture `grid_counts`: points per square of a window.

use super::comparison::Comparison;
use super::fixture::Part;
use crate::analysis::grid::grid_counts;
use crate::analysis::kernel_density::WeightedPoint;

pub(super) fn run(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let input = case.part("input")?;
    let params = case.part("params")?;
    let [x_min, y_min, x_max, y_max] = input.part("window_xmin_ymin_xmax_ymax")?.exactly()?;
    let cell_m = params.part("cell")?.number()?;
    let (nx, ny) = (params.part("nx")?.count()?, params.part("ny")?.count()?);
    if nx.saturating_mul(ny) > super::kde::MOST_STEPS {
        return Err(format!("{nx} x {ny} cells are too many: {} are accepted", super::kde::MOST_STEPS));
    }
    let points = input.points()?;
    // Cells begin at whole multiples of their size; the window's corner becomes the origin.
    let moved: Vec<WeightedPoint> =
        points.iter().map(|p| WeightedPoint { x_m: p.x_m - x_min, y_m: p.y_m - y_min, ..*p }).collect();
    let cells = grid_counts(&moved, cell_m).map_err(|error| error.to_string())?;

    let mut counts = vec![0.0; (nx * ny) as usize];
    for cell in &cells {
        let col = within_window(cell.col, nx, cell_m, x_max - x_min);
        let row = within_window(cell.row, ny, cell_m, y_max - y_min);
        if let (Some(col), Some(row)) = (col, row) {
            counts[(row * nx + col) as usize] += cell.count as f64;
        }
    }
    comparison.rows("counts_rows", nx as usize, &counts)?;
    comparison.number("sum", Some(cells.iter().map(|cell| cell.count as f64).sum()));
    comparison.number("n_points", Some(points.len() as f64));
    comparison.number("non_empty_cells", Some(counts.iter().filter(|&&count| count > 0.0).count() as f64));
    Ok(())
}

/// The index inside the window: the window's own far border belongs to its last cell.
fn within_window(index: i64, n: u64, cell_m: f64, size_m: f64) -> Option<u64> {
    let index = u64::try_from(index).ok()?;
    let far_border = index == n && index as f64 * cell_m >= size_m;
    if far_border { n.checked_sub(1) } else { Some(index).filter(|index| *index < n) }
}
