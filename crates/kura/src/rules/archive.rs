//! A pack as one file: a ZIP archive of its files, as it is handed out to be edited and sent back as a draft.
//!
//! An archive comes from outside. It is read in memory, unpacked no further than a limit whatever its header says, and
//! nothing is written anywhere by the names in it. The folder that programs put around what they pack is taken off, and
//! what operating systems leave in folders is passed over; any other file that a pack does not hold is told by its name.

use std::io::{Cursor, Read as _, Write as _};

use zip::ZipArchive;
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::pack::{Files, PackError, may_hold};

/// The largest archive, and the most that one is unpacked to, in bytes.
pub const MOST_BYTES: usize = 4 << 20;
/// The most files of an archive.
const MOST_FILES: usize = 1_000;
/// The file that every pack has, by which it is found in an archive.
const FOUND_BY: &str = "classes.toml";
/// What a folder that was proved holds; the server proves a draft itself.
const PROOFS: &str = "proofs.lock";

fn wrong(file: &str, what: impl Into<String>) -> PackError {
    PackError { file: file.to_owned(), what: what.into() }
}

fn no_archive(error: &ZipError) -> PackError {
    match error {
        ZipError::UnsupportedArchive(what) if *what == ZipError::PASSWORD_REQUIRED => {
            wrong("the archive", "it is encrypted: pack the files without a password")
        }
        _ => wrong("the archive", "it is no ZIP archive, or a damaged one: pack the policy's folder again"),
    }
}

/// Whether an operating system left it there, or the prover.
fn passed_over(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/") || last.starts_with('.') || ["Thumbs.db", "desktop.ini"].contains(&last)
}

/// Packs a pack's files.
///
/// # Errors
/// None that a pack of ours can cause.
pub fn write(files: &Files) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(name.as_str(), SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Reads a pack's files out of an archive.
///
/// # Errors
/// It is no archive, holds no pack, or a file that a pack does not hold; it is too large, or not in UTF-8.
pub fn read(bytes: &[u8]) -> Result<Files, PackError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| no_archive(&error))?;
    if archive.len() > MOST_FILES {
        return Err(wrong(
            "the archive",
            format!("it holds more than {MOST_FILES} files: is it a policy's?"),
        ));
    }
    if archive.has_duplicate_names() {
        return Err(wrong("the archive", "it holds a file twice: pack the policy's folder again"));
    }
    let mut found = Vec::new();
    let mut left = MOST_BYTES as u64;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| no_archive(&error))?;
        let name = file.name().map_err(|error| no_archive(&error))?.replace('\\', "/");
        if file.is_dir() || passed_over(&name) {
            continue;
        }
        let mut content = Vec::new();
        let damaged = |_| wrong(&name, "it is damaged: pack the policy's folder again");
        file.take(left + 1).read_to_end(&mut content).map_err(damaged)?;
        let size = content.len() as u64;
        left = left.checked_sub(size).ok_or_else(|| {
            wrong(
                "the archive",
                format!("it unpacks to more than {} MiB: is it a policy's?", MOST_BYTES >> 20),
            )
        })?;
        found.push((name, content));
    }
    let marks = found.iter().filter_map(|(name, _)| name.strip_suffix(FOUND_BY));
    let marks = marks.filter(|around| around.is_empty() || around.ends_with('/'));
    let around = marks.min_by_key(|around| around.len()).map(ToOwned::to_owned);
    let around = around
        .ok_or_else(|| wrong("the archive", format!("it holds no policy: there is no {FOUND_BY} in it")))?;
    let mut files = Files::new();
    for (path, content) in found {
        // What lies beside the folder is no part of it.
        let name = path.strip_prefix(&around).unwrap_or_default();
        if name == PROOFS {
            continue;
        }
        if !may_hold(name) {
            return Err(wrong(&path, "a pack holds no such file: remove it, or mend its name"));
        }
        let text = String::from_utf8(content).map_err(|_| wrong(&path, "it is not in UTF-8"))?;
        let text = text.strip_prefix('\u{FEFF}').map(ToOwned::to_owned).unwrap_or(text);
        if files.insert(name.to_owned(), text).is_some() {
            return Err(wrong(&path, "it is in the archive twice"));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::super::pack;
    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn refused(files: &[(&str, &[u8])]) -> String {
        read(&packed(files)).unwrap_err().to_string()
    }

    #[test]
    fn a_pack_comes_back_as_it_was_handed_out() {
        let model = pack::model();
        let bytes = write(&model).unwrap();
        assert_eq!(bytes, write(&model).unwrap(), "the same files are the same archive");
        assert_eq!(read(&bytes).unwrap(), model);
    }

    #[test]
    fn a_folder_around_it_and_what_systems_leave_make_no_difference() {
        let files: &[(&str, &[u8])] = &[
            ("policy/classes.toml", "\u{FEFF}# 区分\n".as_bytes()),
            ("policy\\rules\\10-scope.cedar", b"// rules\n"),
            ("policy/proofs.lock", b"what a folder holds"),
            ("policy/.DS_Store", &[0xFF, 0]),
            ("__MACOSX/policy/._classes.toml", &[0xFF]),
        ];
        let read = read(&packed(files)).unwrap();
        assert_eq!(read.keys().collect::<Vec<_>>(), ["classes.toml", "rules/10-scope.cedar"]);
        assert_eq!(read["classes.toml"], "# 区分\n");
    }

    #[test]
    fn what_is_no_pack_is_told() {
        let pack = ("classes.toml", b"".as_slice());
        assert!(read(b"PK\x03\x04 and so on").unwrap_err().what.contains("no ZIP archive"));
        assert!(refused(&[("notes.txt", b"")]).contains("no policy"));
        assert!(
            refused(&[pack, ("rule/10-scope.cedar", b"")]).contains("rule/10-scope.cedar: a pack holds no")
        );
        let beside = [("policy/classes.toml", b"".as_slice()), ("rules/99-other.cedar", b"")];
        assert!(refused(&beside).contains("rules/99-other.cedar: a pack holds no"));
        assert!(refused(&[pack, ("../rules/10-scope.cedar", b"")]).contains("holds no such file"));
        assert!(refused(&[pack, ("rules/10-scope.cedar", b"\x82\xa0")]).contains("not in UTF-8"));
        let twice = [pack, ("rules/1.cedar", b"a".as_slice()), ("rules\\1.cedar", b"b")];
        assert!(refused(&twice).contains("twice"));
        let bomb = vec![b' '; MOST_BYTES + 1];
        assert!(refused(&[pack, ("rules/1.cedar", &bomb)]).contains("more than 4 MiB"));
        let many: Vec<String> = (0..=MOST_FILES).map(|number| format!("rules/{number}.cedar")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
        assert!(refused(&many).contains("more than 1000 files"));
        let mut cut = write(&pack::model()).unwrap();
        cut.truncate(cut.len() / 2);
        assert!(read(&cut).unwrap_err().what.contains("damaged"));
    }
}
