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
        for (number, of_face) in of_faces.iter().enumerate() {
            grid.face(pool, &edges[number], parts, number, *of_face, &mut cut, relations);
        }
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
    for at in 0..nodes.len() {
        let Node { cell_m, x_m, y_m, .. } = nodes[at];
        let larger = sizes.iter().rev().filter(|size| **size > cell_m && size.is_multiple_of(cell_m));
        nodes[at].parent = larger
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
    /// A part of areas is made of the largest squares inside it and of pieces of the squares that it cuts.
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
    ) {
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
            if let [area] = face.members[..] {
                let is_all = parts.faces.iter().filter(|f| f.members.contains(&area)).count() == 1;
                if is_all {
                    relations.inside.push((parts.areas[area as usize], self.nodes[*at as usize].place));
                }
            }
            return;
        }
        let mut of: Vec<u32> = inside.iter().map(|at| self.nodes[*at as usize].variable).collect();
        for (at, shared) in pieces {
            let piece = pool.derived(None);
            cut.entry(at).or_default().push((piece, shared));
            of.push(piece);
        }
        relations.push(By::SquaresOfArea, of_face, of, true);
    }
}
