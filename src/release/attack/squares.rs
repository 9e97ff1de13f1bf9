//! The nested grid: squares in squares, in the municipality, and against areas.

use hashbrown::HashMap;

use super::areas::Parts;
use super::overlay::{Edges, Lies, SLIVER_M2, Square, shared_m2};
use super::pool::Pool;
use super::relations::{Known, Relations, is_stated};
use super::{By, Place};

/// A square of one category and period.
#[derive(Clone, Copy, Debug)]
struct Node {
    cell_m: u32,
    x_m: i64,
    y_m: i64,
    variable: u32,
    place: u32,
    /// The smallest listed square around it.
    parent: Option<u32>,
    /// Whether a number is shown for something inside it.
    is_divided: bool,
}

impl Node {
    fn square(&self) -> Square {
        Square { x_m: self.x_m as f64, y_m: self.y_m as f64, cell_m: f64::from(self.cell_m) }
    }
}

/// Whether its corner is where a square of its size has it.
pub(super) fn is_in_place(cell_m: u32, x_m: i64, y_m: i64) -> bool {
    let cell_m = i64::from(cell_m);
    cell_m > 0 && x_m % cell_m == 0 && y_m % cell_m == 0
}

/// Binds squares to each other, to the municipality and to the parts of areas.
pub(super) fn build(pool: &mut Pool, parts: &Parts, known: &Known, relations: &mut Relations) {
    let edges: Vec<Edges> = parts.faces.iter().map(|face| Edges::of(&face.outline)).collect();
    for (category, period, of_faces) in &parts.with_squares {
        let nodes = nodes(pool, *category, *period);
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); nodes.len()];
        let mut roots = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            match node.parent {
                // Squares that nobody divided and nobody has a number of say nothing.
                Some(parent) if nodes[parent as usize].is_divided => children[parent as usize].push(at as u32),
                Some(_) => {}
                None => roots.push(at as u32),
            }
        }
        let variables = |of: &[u32]| of.iter().map(|at| nodes[*at as usize].variable).collect::<Vec<_>>();
        for (at, inside) in children.iter().enumerate() {
            relations.push(By::Squares, nodes[at].variable, variables(inside), true);
        }
        if let Some(whole) = pool.by_cell.get(&(known.municipality, *category, *period)) {
            relations.push(By::Squares, *whole, variables(&roots), false);
        }
        let grid = Grid { nodes: &nodes, children: &children, roots: &roots };
        let mut cut: HashMap<u32, Vec<(u32, f64)>> = HashMap::new();
        let around: Vec<Option<u32>> = of_faces
            .iter()
            .enumerate()
            .map(|(number, of_face)| grid.face(pool, &edges[number], parts, number, *of_face, &mut cut, relations))
            .collect();
        grid.in_larger_squares(parts, of_faces, &around, relations);
        let mut cut: Vec<_> = cut.into_iter().collect();
        cut.sort_unstable_by_key(|(at, _)| *at);
        for (at, pieces) in cut {
            let node = nodes[at as usize];
            let shared: f64 = pieces.iter().map(|(_, m2)| m2).sum();
            let is_whole = shared >= f64::from(node.cell_m).powi(2) - SLIVER_M2;
            let pieces = pieces.iter().map(|(variable, _)| *variable).collect();
            relations.push(By::AreasOfSquare, node.variable, pieces, is_whole);
        }
    }
}

/// The squares in place of one category and period, the largest first, each with the smallest around it.
fn nodes(pool: &Pool, category: u32, period: u32) -> Vec<Node> {
    let mut nodes: Vec<Node> = pool
        .by_cell
        .iter()
        .filter(|((_, c, p), _)| (*c, *p) == (category, period))
        .filter_map(|((place, ..), variable)| match pool.places[*place as usize] {
            Place::Square { cell_m, x_m, y_m } if is_in_place(cell_m, x_m, y_m) => {
                Some(Node { cell_m, x_m, y_m, variable: *variable, place: *place, parent: None, is_divided: false })
            }
            _ => None,
        })
        .collect();
    nodes.sort_unstable_by_key(|node| (std::cmp::Reverse(node.cell_m), node.y_m, node.x_m));
    let mut sizes: Vec<u32> = nodes.iter().map(|node| node.cell_m).collect();
    sizes.dedup();
    let numbers: HashMap<(u32, i64, i64), u32> =
        nodes.iter().enumerate().map(|(at, node)| ((node.cell_m, node.x_m, node.y_m), at as u32)).collect();
    for node in &mut nodes {
        let Node { cell_m, x_m, y_m, .. } = *node;
        let larger = sizes.iter().rev().filter(|size| **size > cell_m && size.is_multiple_of(cell_m));
        node.parent = larger
            .filter_map(|size| {
                let cell_m = i64::from(*size);
                numbers.get(&(*size, x_m.div_euclid(cell_m) * cell_m, y_m.div_euclid(cell_m) * cell_m)).copied()
            })
            .next();
    }
    for at in (0..nodes.len()).rev() {
        if let Some(parent) = nodes[at].parent {
            let is_shown = is_stated(pool, nodes[at].variable) || nodes[at].is_divided;
            nodes[parent as usize].is_divided |= is_shown;
        }
    }
    nodes
}

/// Squares as a forest.
struct Grid<'a> {
    nodes: &'a [Node],
    children: &'a [Vec<u32>],
    roots: &'a [u32],
}

impl Grid<'_> {
    /// The smallest square around two; none when they lie in two of the largest.
    fn common(&self, a: u32, b: u32) -> Option<u32> {
        let (mut a, mut b) = (a, b);
        while a != b {
            let smaller = if self.nodes[a as usize].cell_m <= self.nodes[b as usize].cell_m { &mut a } else { &mut b };
            *smaller = self.nodes[*smaller as usize].parent?;
        }
        Some(a)
    }

    /// Areas that lie in one square, and what is left of that square without its areas. Squares that are not divided
    /// have that from their pieces.
    fn in_larger_squares(&self, parts: &Parts, of_faces: &[u32], around: &[Option<u32>], relations: &mut Relations) {
        for (area, place) in parts.areas.iter().enumerate() {
            let of_area = parts.faces.iter().zip(around).filter(|(face, _)| face.members.contains(&(area as u32)));
            let mut squares = of_area.map(|(_, square)| *square);
            let first = squares.next().flatten();
            let square = first.and_then(|first| squares.try_fold(first, |all, one| self.common(all, one?)));
            if let Some(square) = square {
                relations.inside.push((*place, self.nodes[square as usize].place));
            }
        }
        let mut squares: Vec<u32> = around.iter().flatten().copied().collect();
        squares.sort_unstable();
        squares.dedup();
        for square in squares.into_iter().filter(|square| !self.children[*square as usize].is_empty()) {
            let is_in = |of: &Option<u32>| of.is_some_and(|of| self.common(of, square) == Some(square));
            let inside = of_faces.iter().zip(around).filter(|(_, of)| is_in(of)).map(|(face, _)| *face);
            relations.push(By::AreasOfSquare, self.nodes[square as usize].variable, inside.collect(), false);
        }
    }

    /// A part of areas is made of the largest squares inside it and of pieces of the squares that it cuts. Gives the
    /// smallest square around all of it.
    #[allow(clippy::too_many_arguments)] // one call, and what it writes to
    fn face(
        &self,
        pool: &mut Pool,
        edges: &Edges,
        parts: &Parts,
        number: usize,
        of_face: u32,
        cut: &mut HashMap<u32, Vec<(u32, f64)>>,
        relations: &mut Relations,
    ) -> Option<u32> {
        let face = &parts.faces[number];
        let (mut inside, mut pieces) = (Vec::new(), Vec::new());
        let mut waiting: Vec<(u32, Vec<u32>)> = self
            .roots
            .iter()
            .map(|root| (*root, edges.through(self.nodes[*root as usize].square(), &edges.all())))
            .collect();
        while let Some((at, through)) = waiting.pop() {
            let node = &self.nodes[at as usize];
            match edges.lies(node.square(), &through) {
                Lies::Outside => {}
                Lies::Inside => inside.push(at),
                Lies::Cut if !self.children[at as usize].is_empty() => {
                    let inner = self.children[at as usize].iter();
                    waiting.extend(inner.map(|c| (*c, edges.through(self.nodes[*c as usize].square(), &through))));
                }
                Lies::Cut => {
                    let shared = shared_m2(&face.outline, node.square());
                    if shared >= f64::from(node.cell_m).powi(2) - SLIVER_M2 {
                        inside.push(at);
                    } else if shared >= SLIVER_M2 {
                        pieces.push((at, shared));
                    }
                }
            }
        }
        for at in &inside {
            let place = self.nodes[*at as usize].place;
            relations.inside.extend(face.members.iter().map(|area| (place, parts.areas[*area as usize])));
        }
        if let ([], [(at, shared)]) = (&inside[..], &pieces[..]) {
            // All of it lies in one square.
            cut.entry(*at).or_default().push((of_face, *shared));
            return Some(*at);
        }
        let mut all = inside.iter().copied().chain(pieces.iter().map(|(at, _)| *at));
        let first = all.next();
        let around = first.and_then(|first| all.try_fold(first, |all, one| self.common(all, one)));
        let mut of: Vec<u32> = inside.iter().map(|at| self.nodes[*at as usize].variable).collect();
        for (at, shared) in pieces {
            let piece = pool.derived(None);
            cut.entry(at).or_default().push((piece, shared));
            of.push(piece);
        }
        relations.push(By::SquaresOfArea, of_face, of, true);
        around
    }
}
