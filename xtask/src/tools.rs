//! What the tests need beside cargo: PostgreSQL's server, the solver cvc5, the tools age, openssl and curl; for the pages a browser with
//! Japanese type, and Node.js to drive it.

use std::path::Path;
use std::process::Command;

use super::{Failed, run};

/// Debian packages, each with a program by which it is known to be there.
const PACKAGES: [(&str, &str); 9] = [
    ("postgresql", "initdb"),
    ("cvc5", "cvc5"),
    ("age", "age"),
    ("chromium", "chromium"),
    ("openssl", "openssl"),
    ("curl", "curl"),
    ("nodejs", "node"),
    ("npm", "npm"),
    ("fonts-noto-cjk", TYPE),
];

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
    };
    PACKAGES.iter().filter(|(_, program)| !has(program)).map(|(package, _)| *package).collect()
}

/// Whether this process is root's.
pub(crate) fn is_root() -> bool {
    let told = Command::new("id").arg("-u").output();
    told.is_ok_and(|told| told.stdout.starts_with(b"0\n"))
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
