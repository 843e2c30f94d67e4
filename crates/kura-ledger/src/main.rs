//! `kura-verify`: checks what Kura claims, offline, with nothing but the log's public key.

use std::process::ExitCode;

fn main() -> ExitCode {
    kura_ledger::cli::main(std::env::args_os())
}
