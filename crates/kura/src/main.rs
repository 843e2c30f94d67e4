//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    kura::cli::main(std::env::args_os())
}
