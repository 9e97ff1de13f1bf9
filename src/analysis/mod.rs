//! Methods: one file each, plain values in, plain values out.

pub mod kernel;
pub mod kernel_density;
