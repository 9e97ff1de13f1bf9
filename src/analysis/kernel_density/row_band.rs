//! Kernels that are polynomials of the squared distance: two writes per event and row of cells.
//!
//! Along a row of cells at northing `v`, an event at `(x, y)` with `a = 1 - (v - y)²/h²` reaches the
//! cells with `|u - x| < h √a`. With `t = (u - c)/h` and `p = (x - c)/h` its kernel there is
//!
//! ```text
//! w (a - (t - p)²)^m = w (A + 2pt - t²)^m        A = a - p²,  m = 0, 1, 2, 3
//! ```
//!
//! a polynomial of degree 2m in `t`. Its coefficients are added to a difference array at the first
//! cell reached and subtracted after the last; one running sum over the row then gives in each cell
//! the polynomial that is the sum over all events within reach.
//!
//! Powers of absolute coordinates would lose all digits, and shifting polynomials costs as much as
//! it saves. So columns come in blocks a few bandwidths wide; an event belongs to one block, `c` is
//! that block's centre, and the block's difference array reaches one bandwidth to either side. A
//! cell takes the sum over the up to three blocks whose arrays hold it. `|t|` stays below 4, so
//! cancellation costs at most two or three digits, and one array stays in the first cache.
//!
//! One more member of each coefficient vector counts the events in reach. Where it is 0 the cell is
//! exactly 0 and the running sums restart, so rounding does not travel along the row.

use rayon::prelude::*;

use super::arrange::Arranged;
use crate::analysis::kernel::{Bandwidth, Kernel};
use crate::spatial::Raster;

/// Width of a block in bandwidths.
const BLOCK_BANDWIDTHS: f64 = 4.0;

/// Events whose interval ends are computed together; the arrays for it stay in the first cache.
const CHUNK: usize = 128;

/// Intervals are this much shorter, so that a cell at exactly the bandwidth is outside in spite of
/// rounding. What a cell so near to the border loses is below 1e-10 of the event's largest value.
const BORDER_COLUMNS: f64 = 1e-11;

/// How many columns a block holds.
pub(super) fn columns_per_block(raster: &Raster, bandwidth: Bandwidth) -> usize {
    let wide = ((BLOCK_BANDWIDTHS * bandwidth.m() / raster.dx_m()).min(raster.nx() as f64) as usize).max(1);
    // Blocks of equal width, so that the last one is not a sliver that costs its two margins.
    raster.nx().div_ceil(raster.nx().div_ceil(wide))
}

/// Two neighbouring members of a coefficient vector: one vector register on every x86-64 and ARM.
type Pair = [f64; 2];

/// Fills `values` (all 0) for the kernel whose coefficient vector has `L` pairs: 1 uniform,
/// 2 Epanechnikov, 3 quartic, 4 triweight.
pub(super) fn fill<const L: usize>(events: &Arranged, raster: &Raster, bandwidth: Bandwidth, values: &mut [f64]) {
    let rows_per_task = raster.ny().div_ceil(rayon::current_num_threads() * 8).max(1);
    values.par_chunks_mut(rows_per_task * raster.nx()).enumerate().for_each(|(task, rows)| {
        for block in 0..events.block_start.len() - 1 {
            Sweep::<L>::new(events, raster, bandwidth, block).fill(task * rows_per_task, rows);
        }
        if events.non_negative {
            // What is left of a cancellation at the border of a kernel.
            rows.iter_mut().for_each(|value| *value = value.max(0.0));
        }
    });
}

/// One block of columns with its events.
struct Sweep<'a, const L: usize> {
    x_m: &'a [f64],
    y_m: &'a [f64],
    weight: &'a [f64],
    raster: &'a Raster,
    h: f64,
    /// Easting of the block's centre.
    centre_m: f64,
    /// Column of the raster at which the difference array begins; below 0 left of the raster.
    first_col: isize,
    /// Columns in the difference array.
    columns: usize,
}

/// What the first pass over a chunk of events leaves for the second.
struct Ends<const L: usize> {
    first: [u32; CHUNK],
    end: [u32; CHUNK],
    coefficients: [[Pair; CHUNK]; L],
}

impl<'a, const L: usize> Sweep<'a, L> {
    fn new(events: &'a Arranged, raster: &'a Raster, bandwidth: Bandwidth, block: usize) -> Self {
        let range = events.block_start[block]..events.block_start[block + 1];
        let own_first = block * events.columns_per_block;
        let own_end = (own_first + events.columns_per_block).min(raster.nx());
        let margin = (bandwidth.m() / raster.dx_m()).ceil() as usize + 1;
        Self {
            x_m: &events.x_m[range.clone()],
            y_m: &events.y_m[range.clone()],
            weight: &events.weight[range],
            raster,
            h: bandwidth.m(),
            centre_m: 0.5 * (raster.x_m(own_first) + raster.x_m(own_end - 1)),
            first_col: own_first as isize - margin as isize,
            columns: own_end - own_first + 2 * margin,
        }
    }

    /// Adds this block's events to rows that begin with raster row `first_row`.
    fn fill(&self, first_row: usize, rows: &mut [f64]) {
        if self.weight.is_empty() {
            return;
        }
        let mut differences = vec![[[0.0; 2]; L]; self.columns + 1];
        let mut ends = Ends { first: [0; CHUNK], end: [0; CHUNK], coefficients: [[[0.0; 2]; CHUNK]; L] };
        for (i, row) in rows.chunks_exact_mut(self.raster.nx()).enumerate() {
            let y_m = self.raster.y_m(first_row + i);
            let from = self.y_m.partition_point(|&y| y <= y_m - self.h);
            let to = from + self.y_m[from..].partition_point(|&y| y < y_m + self.h);
            if from == to {
                continue;
            }
            for start in (from..to).step_by(CHUNK) {
                let chunk = start..(start + CHUNK).min(to);
                self.interval_ends(y_m, chunk.clone(), &mut ends);
                self.write(y_m, chunk, &ends, &mut differences);
            }
            self.sum_up(&mut differences, row);
        }
    }

    /// First pass, ends and coefficients: plain arithmetic on columns, which the compiler turns into
    /// vector instructions.
    fn interval_ends(&self, row_y_m: f64, chunk: std::ops::Range<usize>, ends: &mut Ends<L>) {
        let (inverse_h, inverse_dx) = (1.0 / self.h, 1.0 / self.raster.dx_m());
        let half_columns = self.h * inverse_dx;
        // One column to the west, so that truncation rounds down from there on.
        let origin_m = self.raster.x_min_m() + (self.first_col as f64 - 0.5) * self.raster.dx_m();
        let most = self.columns as f64;
        let (xs, ys, ws) = (&self.x_m[chunk.clone()], &self.y_m[chunk.clone()], &self.weight[chunk]);
        let n = xs.len().min(CHUNK);
        let (xs, ys, ws) = (&xs[..n], &ys[..n], &ws[..n]);
        let (mut a, mut p) = ([0.0; CHUNK], [0.0; CHUNK]);
        let (first, end) = (&mut ends.first[..n], &mut ends.end[..n]);
        for i in 0..n {
            let s = (row_y_m - ys[i]) * inverse_h;
            let inside = (1.0 - s * s).max(0.0);
            let half = (inside.sqrt() * half_columns - BORDER_COLUMNS).max(0.0);
            let column = (xs[i] - origin_m) * inverse_dx;
            a[i] = inside;
            p[i] = (xs[i] - self.centre_m) * inverse_h;
            first[i] = rounded_down((column - half).max(0.0).min(most));
            end[i] = rounded_down((column + half).max(0.0).min(most));
        }
        for i in 0..n {
            let c = coefficients::<L>(a[i], p[i], ws[i]);
            for (k, pair) in c.into_iter().enumerate() {
                ends.coefficients[k][i] = pair;
            }
        }
    }

    /// Second pass: coefficients into the difference array.
    fn write(&self, row_y_m: f64, chunk: std::ops::Range<usize>, ends: &Ends<L>, differences: &mut [[Pair; L]]) {
        let n = chunk.len().min(CHUNK);
        for i in 0..n {
            let (mut first, mut end) = (ends.first[i] as usize, ends.end[i] as usize);
            if L == 1 {
                (first, end) = self.exactly_within(chunk.start + i, row_y_m, first, end);
            }
            let sums = &mut differences[first];
            for (sum, c) in sums.iter_mut().zip(&ends.coefficients) {
                *sum = [sum[0] + c[i][0], sum[1] + c[i][1]];
            }
            let sums = &mut differences[end];
            for (sum, c) in sums.iter_mut().zip(&ends.coefficients) {
                *sum = [sum[0] - c[i][0], sum[1] - c[i][1]];
            }
        }
    }

    /// The uniform kernel jumps at its border, so there the interval must be exact: a cell belongs
    /// to it when `dx² + dy² < h²` in plain arithmetic, as anyone would test it by hand.
    fn exactly_within(&self, event: usize, row_y_m: f64, mut first: usize, mut end: usize) -> (usize, usize) {
        let within = |column: usize| {
            let col = self.first_col + column as isize;
            let x_m = self.raster.x_min_m() + (col as f64 + 0.5) * self.raster.dx_m();
            let (dx, dy) = (x_m - self.x_m[event], row_y_m - self.y_m[event]);
            dx * dx + dy * dy < self.h * self.h
        };
        while first < end && !within(first) {
            first += 1;
        }
        while end > first && !within(end - 1) {
            end -= 1;
        }
        while first > 0 && within(first - 1) {
            first -= 1;
        }
        while end < self.columns && within(end) {
            end += 1;
        }
        (first, end)
    }

    /// The running sum along the row, evaluated in each cell of the raster; clears the array.
    fn sum_up(&self, differences: &mut [[Pair; L]], row: &mut [f64]) {
        let mut sums = [[0.0; 2]; L];
        let scale = kernel_of::<L>().at_centre() / (self.h * self.h);
        let hidden = self.first_col.min(0).unsigned_abs().min(self.columns);
        for difference in &differences[..hidden] {
            add(&mut sums, difference);
        }
        let first_shown = self.first_col.max(0) as usize;
        let (t_0, t_step) = ((self.raster.x_m(first_shown) - self.centre_m) / self.h, self.raster.dx_m() / self.h);
        for (i, (difference, value)) in differences[hidden..].iter().zip(&mut row[first_shown..]).enumerate() {
            add(&mut sums, difference);
            // A count in whole numbers, so half is as good as zero.
            if sums[L - 1][1] < 0.5 {
                sums = [[0.0; 2]; L];
                continue;
            }
            let t = t_0 + i as f64 * t_step;
            *value += scale * polynomial(&sums, t);
        }
        differences.fill([[0.0; 2]; L]);
    }
}

/// The whole number below, for values from 0 to 2³¹, by the rounding of a large sum: unlike a cast
/// it needs no range check, so four values take a handful of vector instructions. A whole number
/// may become itself or the one below, which here is a cell at exactly the bandwidth: it adds 0
/// either way (the uniform kernel tests its borders itself).
fn rounded_down(value: f64) -> u32 {
    const UNITS_IN_THE_LAST_PLACE: f64 = 1.5 * (1u64 << 52) as f64;
    (value - 0.5 + UNITS_IN_THE_LAST_PLACE).to_bits() as u32
}

fn kernel_of<const L: usize>() -> Kernel {
    match L {
        1 => Kernel::Uniform,
        2 => Kernel::Epanechnikov,
        3 => Kernel::Quartic,
        _ => Kernel::Triweight,
    }
}

/// Coefficients of `w (A + 2pt - t²)^m` with `A = a - p²`, lowest first, and 1 as the last member.
fn coefficients<const L: usize>(a: f64, p: f64, w: f64) -> [Pair; L] {
    let b = 2.0 * p;
    let big_a = a - p * p;
    let (wa, wb) = (w * big_a, w * b);
    let mut c = [[0.0; 2]; L];
    match L {
        1 => c[0] = [w, 1.0],
        2 => {
            c[0] = [wa, wb];
            c[1] = [-w, 1.0];
        }
        3 => {
            let wb2 = 2.0 * wb;
            c[0] = [wa * big_a, wb2 * big_a];
            c[1] = [wb * b - 2.0 * wa, -wb2];
            c[2] = [w, 1.0];
        }
        _ => {
            let b2 = b * b;
            c[0] = [wa * big_a * big_a, 3.0 * wa * (b * big_a)];
            c[1] = [3.0 * wa * (b2 - big_a), wb * (b2 - 6.0 * big_a)];
            c[2] = [3.0 * w * (big_a - b2), 3.0 * wb];
            c[3] = [-w, 1.0];
        }
    }
    c
}

fn add<const L: usize>(sums: &mut [Pair; L], more: &[Pair; L]) {
    for (sum, m) in sums.iter_mut().zip(more) {
        *sum = [sum[0] + m[0], sum[1] + m[1]];
    }
}

/// Horner's rule over all members but the count, from the highest.
fn polynomial<const L: usize>(c: &[Pair; L], t: f64) -> f64 {
    let highest = c[L - 1][0];
    c[..L - 1].iter().rev().fold(highest, |value, [even, odd]| (value * t + odd) * t + even)
}
