//! Methods: one file each, plain values in, plain values out.

pub mod edge_correction;
pub mod grid;
pub mod hexagon;
pub mod kernel;
pub mod kernel_density;
pub mod time_kernel;
