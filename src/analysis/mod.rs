//! Methods: one file each, plain values in, plain values out.

pub mod area_density;
pub mod area_profile;
mod binomial;
pub mod change;
pub mod edge_correction;
pub mod grid;
pub mod hexagon;
pub mod kernel;
pub mod kernel_density;
pub mod poisson;
pub mod proportion;
mod quantile;
pub mod rate_ratio;
pub mod records;
pub mod repeated_places;
pub mod surface;
pub mod tidy;
pub mod time_kernel;
