//! The binary: everything it does is in [`cesura::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    cesura::cli::run()
}
