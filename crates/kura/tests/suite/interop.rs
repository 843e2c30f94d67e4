//! Programs that we did not write, in Python: they read what Kura writes, and serve what it talks to.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The interpreter that has them.
pub fn interpreter() -> Command {
    let python = std::env::var_os("KURA_TEST_PYTHON")
        .expect("tests with programs of others need KURA_TEST_PYTHON: run them with `cargo xtask test`");
    let mut command = Command::new(python);
    command.env_clear().env("PYTHONUTF8", "1");
    command
}

/// A script of ours that uses them.
pub fn script(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop").join(name)
}

/// Runs a script on an input; gives what it tells.
pub fn python(name: &str, arguments: &[&str], input: &[u8]) -> Value {
    let mut child = interpreter()
        .arg(script(name))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end without reading everything, and then says why.
    let _ = child.stdin.take().unwrap().write_all(input);
    let told = child.wait_with_output().unwrap();
    assert!(told.status.success(), "{name}: {}", String::from_utf8_lossy(&told.stderr));
    serde_json::from_slice(&told.stdout).unwrap()
}
