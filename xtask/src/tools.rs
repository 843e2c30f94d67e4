//! What the tests need beside cargo: PostgreSQL's server, the solver cvc5, the tools age, openssl and curl; for the pages a browser with
//! Japanese type, and Node.js to drive it; Python for programs of others that read what Kura writes.

use std::path::Path;
use std::process::Command;

use super::{Failed, run};

/// Debian packages, each with a program by which it is known to be there.
const PACKAGES: [(&str, &str); 10] = [
    ("postgresql", "initdb"),
    ("cvc5", "cvc5"),
    ("age", "age"),
    ("chromium", "chromium"),
    ("openssl", "openssl"),
    ("curl", "curl"),
    ("nodejs", "node"),
    ("npm", "npm"),
    ("python3-venv", FOLDERS),
    ("fonts-noto-cjk", TYPE),
];

/// What stands for Python's way to make a folder for programs.
const FOLDERS: &str = "venv";

/// The file by which Japanese type is known to be there.
const TYPE: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// Where PostgreSQL's server programs are on Debian, newest version first.
pub(crate) fn postgres_folder() -> Option<std::path::PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<_> = versions.flatten().map(|version| version.path().join("bin")).collect();
    folders.retain(|folder| folder.join("initdb").exists());
    folders.sort();
    folders.pop()
}

/// Whether a program is on the path.
pub(crate) fn there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

fn missing() -> Vec<&'static str> {
    let has = |program: &str| {
        there(program)
            || (program.starts_with('/') && Path::new(program).exists())
            || (program == "initdb" && postgres_folder().is_some())
            || (program == FOLDERS && makes_folders())
    };
    PACKAGES.iter().filter(|(_, program)| !has(program)).map(|(package, _)| *package).collect()
}

/// Whether this process is root's.
pub(crate) fn is_root() -> bool {
    let told = Command::new("id").arg("-u").output();
    told.is_ok_and(|told| told.stdout.starts_with(b"0\n"))
}

/// Where the programs of others that the tests speak to, written in Python, are installed.
const PYTHON: &str = "target/interop";
/// What they are, exactly.
const REQUIREMENTS: &str = "crates/kura/tests/interop/requirements.txt";

/// Installs what the tests use in Python, in a folder of its own; gives the interpreter there.
pub(crate) fn python() -> Result<std::path::PathBuf, Failed> {
    let folder = std::path::absolute(PYTHON).map_err(|error| format!("{PYTHON}: {error}"))?;
    let interpreter = folder.join("bin/python");
    let wanted = std::fs::read(REQUIREMENTS).map_err(|error| format!("{REQUIREMENTS}: {error}"))?;
    let installed = folder.join("requirements.txt");
    if std::fs::read(&installed).is_ok_and(|installed| installed == wanted) && interpreter.exists() {
        return Ok(interpreter);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(Command::new(&interpreter).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "-r",
        REQUIREMENTS,
    ]))?;
    // Written last: what was cut off is done again.
    std::fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))?;
    Ok(interpreter)
}

/// Whether Python can make a folder for programs; Debian has that in a package of its own.
fn makes_folders() -> bool {
    let made = Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    made.is_ok_and(|made| made.status.success())
}

/// Installs what is missing, where it may.
pub(crate) fn install() -> Result<(), Failed> {
    let needed = missing();
    if needed.is_empty() {
        return Ok(());
    }
    let line = format!("apt-get install --yes --no-install-recommends {}", needed.join(" "));
    if !is_root() || !Path::new("/usr/bin/apt-get").exists() {
        return Err(format!("these are missing: {}\n  install them with: sudo {line}", needed.join(", ")));
    }
    let quiet = ("DEBIAN_FRONTEND", "noninteractive");
    run(Command::new("apt-get").args(["update", "--quiet"]).env(quiet.0, quiet.1))?;
    run(Command::new("apt-get")
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(&needed)
        .env(quiet.0, quiet.1))?;
    match missing() {
        none if none.is_empty() => Ok(()),
        still => Err(format!("still missing after {line}: {}", still.join(", "))),
    }
}
