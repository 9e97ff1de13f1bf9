//! The `lagesbild` binary: see [`lagesbild::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    lagesbild::cli::main()
}
