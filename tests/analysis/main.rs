//! Analysis over snapshots: tables and layers against brute force and worked examples.

mod area_density;
mod fixture;
mod repeated_places;
mod surface;
