//! Areas in the municipality, and areas that overlap.

use geo::MultiPolygon;

use super::overlay::{Face, faces};
use super::pool::Pool;
use super::relations::{Known, Relations};
use super::{By, Claims, Place};

/// Areas as parts that do not overlap.
#[derive(Debug)]
pub(super) struct Parts {
    /// Place numbers of the areas.
    pub(super) areas: Vec<u32>,
    pub(super) faces: Vec<Face>,
    /// Category and period in which there are squares, with the variable of each face.
    pub(super) with_squares: Vec<(u32, u32, Vec<u32>)>,
}

/// Cuts the areas, and binds them to the municipality in every category and period.
pub(super) fn build(pool: &mut Pool, claims: &[(usize, &Claims)], known: &Known, relations: &mut Relations) -> Parts {
    // Areas are frozen; if two releases differ, the later outline holds.
    let mut outlines: Vec<(u32, &MultiPolygon<f64>)> = Vec::new();
    for (id, outline) in claims.iter().rev().flat_map(|(_, claims)| &claims.areas) {
        let place = pool.place(&Place::Area(id.clone()));
        if outlines.iter().all(|(other, _)| *other != place) {
            outlines.push((place, outline));
        }
    }
    let faces = faces(&outlines.iter().map(|(_, outline)| *outline).collect::<Vec<_>>());
    let areas: Vec<u32> = outlines.iter().map(|(place, _)| *place).collect();
    let mut parts = Parts { areas, faces, with_squares: Vec::new() };
    contained(&parts, known, relations);

    let mut slices: Vec<(u32, u32, bool)> = Vec::new();
    for (place, category, period) in pool.by_cell.keys() {
        match pool.places[*place as usize] {
            Place::Municipality => {}
            Place::Area(_) => slices.push((*category, *period, false)),
            Place::Square { .. } => slices.push((*category, *period, true)),
        }
    }
    slices.sort_unstable();
    slices.dedup();
    for slice in slices.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (category, period, has_squares) = *slice.last().expect("a chunk is not empty");
        let variables = bind(pool, &parts, (category, period), has_squares, known, relations);
        if has_squares {
            parts.with_squares.push((category, period, variables));
        }
    }
    parts
}

/// Binds areas to their faces and the faces to the municipality; the variable of each face.
fn bind(
    pool: &mut Pool,
    parts: &Parts,
    (category, period): (u32, u32),
    has_squares: bool,
    known: &Known,
    relations: &mut Relations,
) -> Vec<u32> {
    let of_area: Vec<Option<u32>> = parts
        .areas
        .iter()
        .map(|place| {
            let cell = (*place, category, period);
            // Squares need every area, stated or not: what its quarters say reaches them through the year.
            if has_squares { Some(pool.cell(cell)) } else { pool.by_cell.get(&cell).copied() }
        })
        .collect();
    let mut of_face = Vec::with_capacity(parts.faces.len());
    let mut faces_of = vec![Vec::new(); parts.areas.len()];
    for face in &parts.faces {
        let alone = match face.members[..] {
            [area] if parts.faces.iter().filter(|f| f.members.contains(&area)).count() == 1 => of_area[area as usize],
            _ => None,
        };
        let variable = alone.unwrap_or_else(|| pool.derived(None));
        for area in &face.members {
            faces_of[*area as usize].push(variable);
        }
        of_face.push(variable);
    }
    for (area, of) in of_area.iter().zip(&faces_of) {
        if let Some(area) = area.filter(|area| of[..] != [*area]) {
            relations.push(By::Areas, area, of.clone(), true);
        }
    }
    if let Some(whole) = pool.by_cell.get(&(known.municipality, category, period)) {
        let stated = parts.faces.iter().zip(&of_face);
        let stated = stated.filter(|(face, _)| face.members.iter().any(|area| of_area[*area as usize].is_some()));
        relations.push(By::Areas, *whole, stated.map(|(_, variable)| *variable).collect(), false);
    }
    of_face
}

/// Notes which areas lie in which, and all of them in the municipality.
fn contained(parts: &Parts, known: &Known, relations: &mut Relations) {
    for (a, place) in parts.areas.iter().enumerate() {
        relations.inside.push((*place, known.municipality));
        for (b, other) in parts.areas.iter().enumerate() {
            let mut of_a = parts.faces.iter().filter(|face| face.members.contains(&(a as u32))).peekable();
            if a != b && of_a.peek().is_some() && of_a.all(|face| face.members.contains(&(b as u32))) {
                relations.inside.push((*place, *other));
            }
        }
    }
}
