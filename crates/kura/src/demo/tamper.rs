//! What a dishonest keeper of the ledger might do to it, so that the verifier can be seen to catch it.

use std::fs;
use std::path::{Path, PathBuf};

use kura_ledger::cli::{Told, check};

/// Runs `kura-verify`.
pub(super) fn verify(args: &[&str]) -> Told {
    check(std::iter::once("kura-verify").chain(args.iter().copied()).map(Into::into))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// The bundle of entries in an export, and its bytes.
fn bundle(export: &Path) -> std::io::Result<(PathBuf, Vec<u8>)> {
    let mut folder = export.join("tile/entries");
    loop {
        let mut names: Vec<PathBuf> = fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).collect();
        names.sort();
        match names.into_iter().next() {
            Some(path) if path.is_dir() => folder = path,
            Some(path) => return fs::read(&path).map(|bytes| (path, bytes)),
            None => return Err(std::io::Error::other("an export without entries")),
        }
    }
}

/// A copy of an export in which one word of one record is another.
pub(super) fn rewritten(export: &Path, to: &Path) -> std::io::Result<()> {
    copy(export, to)?;
    let (path, mut bytes) = bundle(to)?;
    let word = b"\"outcome\":\"refused\"";
    let at = bytes.windows(word.len()).position(|window| window == word);
    let at = at.ok_or_else(|| std::io::Error::other("no refusal on record"))?;
    bytes[at..at + word.len()].copy_from_slice(b"\"outcome\":\"done\"   ");
    fs::write(path, bytes)
}

/// A copy of an export from which the last record is left out.
pub(super) fn shortened(export: &Path, to: &Path) -> std::io::Result<()> {
    copy(export, to)?;
    let (path, bytes) = bundle(to)?;
    let mut kept = 0;
    let mut at = 0;
    while at + 2 <= bytes.len() {
        kept = at;
        at += 2 + usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    }
    fs::write(path, &bytes[..kept])
}
