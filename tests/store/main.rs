//! The data file and the snapshots made from it, from outside: through files, processes and other programs.

mod audit;
mod backups;
mod commits;
mod concurrency;
mod fixtures;
mod foreign_programs;
mod gdal;
mod imports;
mod layering;
mod migrate;
mod overlaps;
mod records;
mod refusals;
mod releases;
#[path = "../support/skip.rs"]
mod skip;
mod styles;
mod unclean_ends;
mod writes;
