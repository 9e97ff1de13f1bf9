//! Events in the order in which they are summed: by block of columns, northing, easting, weight.

use rayon::prelude::*;

use super::WeightedPoint;
use crate::spatial::Raster;

/// Events within reach of a raster, collapsed by position, in columns.
///
/// Each event belongs to exactly one block of columns: the one that holds its easting, or the
/// outermost one when it lies beside the raster.
pub(super) struct Arranged {
    pub(super) x_m: Vec<f64>,
    pub(super) y_m: Vec<f64>,
    pub(super) weight: Vec<f64>,
    /// Where each block begins, and where the last one ends.
    pub(super) block_start: Vec<usize>,
    pub(super) columns_per_block: usize,
    /// Whether no weight is below 0.
    pub(super) non_negative: bool,
}

impl Arranged {
    pub(super) fn len(&self) -> usize {
        self.weight.len()
    }
}

/// Events per bucket aimed at, so that sorting a bucket is a handful of comparisons.
const BUCKET: usize = 8;

/// Sorts events into a canonical order without comparing across buckets: a counting sort by block
/// and northing, then a small sort inside each bucket. Equal positions become one event with the sum
/// of the weights, added in ascending order.
pub(super) fn arrange(points: &[WeightedPoint], raster: &Raster, reach_m: f64, columns_per_block: usize) -> Arranged {
    let buckets = Buckets::new(points.len(), raster, reach_m, columns_per_block);
    let threads = rayon::current_num_threads().max(1);
    let share = points.len().div_ceil(threads).max(1);
    let sorted: Vec<Bucketed> = points.par_chunks(share).map(|chunk| Bucketed::new(chunk, &buckets)).collect();

    let per_part = buckets.count().div_ceil(threads * 4).max(1);
    let parts: Vec<Part> = (0..buckets.count().div_ceil(per_part))
        .into_par_iter()
        .map(|part| Part::new(&sorted, &buckets, part * per_part..((part + 1) * per_part).min(buckets.count())))
        .collect();
    join(&parts, &buckets)
}

/// Which bucket a position falls into. Bucket numbers rise with the block, then with the northing.
struct Buckets {
    x_min_m: f64,
    y_low_m: f64,
    x_reach: [f64; 2],
    y_reach: [f64; 2],
    blocks: usize,
    per_block: usize,
    blocks_per_m: f64,
    per_m: f64,
    columns_per_block: usize,
}

impl Buckets {
    fn new(points: usize, raster: &Raster, reach_m: f64, columns_per_block: usize) -> Self {
        let extent = raster.extent().grown(reach_m);
        let blocks = raster.nx().div_ceil(columns_per_block);
        let per_block = (points / BUCKET / blocks).clamp(1, 1 << 20);
        Self {
            x_min_m: raster.x_min_m(),
            y_low_m: extent.y_min_m,
            x_reach: [extent.x_min_m, extent.x_max_m],
            y_reach: [extent.y_min_m, extent.y_max_m],
            blocks,
            per_block,
            blocks_per_m: 1.0 / (columns_per_block as f64 * raster.dx_m()),
            per_m: per_block as f64 / (extent.y_max_m - extent.y_min_m),
            columns_per_block,
        }
    }

    fn count(&self) -> usize {
        self.blocks * self.per_block
    }

    /// `None` outside the reach of the raster, and for a position that is not a number.
    fn of(&self, point: &WeightedPoint) -> Option<usize> {
        let within = |value: f64, [low, high]: [f64; 2]| value >= low && value <= high;
        if !(within(point.x_m, self.x_reach) && within(point.y_m, self.y_reach)) {
            return None;
        }
        // Casting a float saturates, so what lies west of the raster falls into block 0.
        let block = (((point.x_m - self.x_min_m) * self.blocks_per_m) as usize).min(self.blocks - 1);
        let step = (((point.y_m - self.y_low_m) * self.per_m) as usize).min(self.per_block - 1);
        Some(block * self.per_block + step)
    }
}

/// One share of the input, ordered by bucket.
struct Bucketed {
    points: Vec<WeightedPoint>,
    start: Vec<u32>,
}

impl Bucketed {
    fn new(points: &[WeightedPoint], buckets: &Buckets) -> Self {
        const OUTSIDE: u32 = u32::MAX;
        let mut start = vec![0u32; buckets.count() + 1];
        let of: Vec<u32> = points
            .iter()
            .map(|point| match buckets.of(point) {
                Some(bucket) => {
                    start[bucket + 1] += 1;
                    bucket as u32
                }
                None => OUTSIDE,
            })
            .collect();
        for bucket in 0..buckets.count() {
            start[bucket + 1] += start[bucket];
        }
        let within = start[buckets.count()] as usize;
        let mut next = start.clone();
        let mut ordered = vec![WeightedPoint { x_m: 0.0, y_m: 0.0, weight: 0.0 }; within];
        for (point, &bucket) in points.iter().zip(&of) {
            if bucket != OUTSIDE {
                let slot = &mut next[bucket as usize];
                ordered[*slot as usize] = *point;
                *slot += 1;
            }
        }
        Self { points: ordered, start }
    }

    fn bucket(&self, bucket: usize) -> &[WeightedPoint] {
        &self.points[self.start[bucket] as usize..self.start[bucket + 1] as usize]
    }
}

/// A run of buckets from all shares of the input, sorted and collapsed.
struct Part {
    x_m: Vec<f64>,
    y_m: Vec<f64>,
    weight: Vec<f64>,
    /// Blocks that begin in this part, with their first event counted from the part's first.
    block_start: Vec<usize>,
}

impl Part {
    fn new(shares: &[Bucketed], buckets: &Buckets, range: std::ops::Range<usize>) -> Self {
        let most = shares.iter().map(|s| (s.start[range.end] - s.start[range.start]) as usize).sum();
        let mut part = Self {
            x_m: Vec::with_capacity(most),
            y_m: Vec::with_capacity(most),
            weight: Vec::with_capacity(most),
            block_start: Vec::new(),
        };
        let mut bucket_points = Vec::new();
        for bucket in range {
            if bucket % buckets.per_block == 0 {
                part.block_start.push(part.weight.len());
            }
            bucket_points.clear();
            for share in shares {
                bucket_points.extend_from_slice(share.bucket(bucket));
            }
            bucket_points.sort_unstable_by(|a, b| {
                a.y_m.total_cmp(&b.y_m).then(a.x_m.total_cmp(&b.x_m)).then(a.weight.total_cmp(&b.weight))
            });
            part.collapse(&bucket_points);
        }
        part
    }

    fn collapse(&mut self, sorted: &[WeightedPoint]) {
        let mut last = [f64::NAN; 2];
        for point in sorted {
            // Equal to the last bit: snapped coordinates are, and nothing else may be merged.
            #[allow(clippy::float_cmp)]
            let same = last == [point.x_m, point.y_m];
            match self.weight.last_mut() {
                Some(weight) if same => *weight += point.weight,
                _ => {
                    self.x_m.push(point.x_m);
                    self.y_m.push(point.y_m);
                    self.weight.push(point.weight);
                    last = [point.x_m, point.y_m];
                }
            }
        }
    }
}

fn join(parts: &[Part], buckets: &Buckets) -> Arranged {
    let together =
        |column: fn(&Part) -> &Vec<f64>| parts.iter().map(column).map(Vec::as_slice).collect::<Vec<_>>().concat();
    let ((x_m, y_m), weight) = rayon::join(
        || rayon::join(|| together(|part| &part.x_m), || together(|part| &part.y_m)),
        || together(|part| &part.weight),
    );
    let mut block_start = Vec::with_capacity(buckets.blocks + 1);
    let mut before = 0;
    for part in parts {
        block_start.extend(part.block_start.iter().map(|start| before + start));
        before += part.weight.len();
    }
    block_start.push(before);
    let non_negative = weight.iter().all(|&w| w >= 0.0);
    Arranged { x_m, y_m, weight, block_start, columns_per_block: buckets.columns_per_block, non_negative }
}
