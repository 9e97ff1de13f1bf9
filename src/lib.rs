//! lagesbild: how much of what happens in which area, when, and has it changed?

pub mod analysis;
pub mod cli;
pub mod demo;
pub mod domain;
pub mod followup;
pub mod geodata;
pub mod http;
mod nearest;
pub mod public;
pub mod release;
pub mod selftest;
pub mod settings;
pub mod spatial;
pub mod spreadsheet;
pub mod store;
pub mod text;
pub mod wire;
