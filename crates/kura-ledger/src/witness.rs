//! A witness: someone who remembers, and cosigns only consistent growth.
//!
//! The witness keeps the newest checkpoint of each log that it has cosigned. It cosigns another one only
//! when a proof shows that the log since then was added to and nothing else. What it remembers is on
//! disk before the cosignature leaves its hands. It should be someone else than the firm: a partner,
//! the client, another machine under other hands.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::checkpoint::{Checkpoint, NoteError, VerifyKey};
use crate::cosignature::{self, WitnessKey};
use crate::export::{self, ExportError, Reader};
use crate::tree::{self, EMPTY_ROOT};

/// Why a witness did not cosign.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// The log shows another history than it showed before: evidence, kept beside the state.
    #[error(
        "this log is not the one that was cosigned at {seen} entries: {why}. \
         The checkpoint is kept as evidence in {evidence}"
    )]
    Inconsistent {
        /// Size of the tree that was cosigned last.
        seen: u64,
        /// What does not fit.
        why: String,
        /// Where the refused checkpoint is kept.
        evidence: PathBuf,
    },
    /// The witness remembers nothing of this log: it is new, or the memory was lost.
    #[error("this witness has never seen {0}: if that is so, say so once (--first)")]
    New(String),
    /// The export or the checkpoint cannot be used.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The checkpoint does not verify.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The witness's own state cannot be read or written.
    #[error("the witness's state {path}: {why}")]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

/// A witness's memory: a folder with the newest checkpoint of each log.
pub struct Witness {
    folder: PathBuf,
    key: WitnessKey,
    _lock: File,
}

impl Witness {
    /// Opens the memory in a folder, which is made when missing. One program at a time may hold it.
    pub fn open(folder: &Path, key: WitnessKey) -> Result<Self, WitnessError> {
        let state = |path: &Path, why: String| WitnessError::State { path: path.to_owned(), why };
        fs::create_dir_all(folder).map_err(|error| state(folder, error.to_string()))?;
        let path = folder.join("lock");
        let lock = File::create(&path).map_err(|error| state(&path, error.to_string()))?;
        lock.try_lock().map_err(|error| state(&path, format!("another witness uses it: {error}")))?;
        Ok(Self { folder: folder.to_owned(), key, _lock: lock })
    }

    fn path(&self, origin: &str, suffix: &str) -> PathBuf {
        let name = hex::encode(Sha256::digest(origin.as_bytes()));
        self.folder.join(format!("{name}.{suffix}"))
    }

    /// The newest checkpoint cosigned of a log, if any.
    pub fn seen(&self, origin: &str) -> Result<Option<Checkpoint>, WitnessError> {
        let path = self.path(origin, "checkpoint");
        let state = |why: String| WitnessError::State { path: path.clone(), why };
        match fs::read_to_string(&path) {
            Ok(text) => Checkpoint::parse(&text).map(Some).map_err(|error| state(error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(state(error.to_string())),
        }
    }

    /// Cosigns an export's checkpoint at a POSIX time in seconds, when it is consistent with what was
    /// seen; returns the cosigned note. A log never seen before is trusted once, and only when the caller
    /// says that it is the first time: a memory that was lost must not pass for a new log.
    pub fn cosign(
        &self,
        folder: &Path,
        log: &VerifyKey,
        time: u64,
        first: bool,
    ) -> Result<String, WitnessError> {
        let export = Reader::open(folder, log, &[])?;
        let new = &export.checkpoint;
        let old = match self.seen(&new.origin)? {
            Some(old) => old,
            None if first => Checkpoint { origin: new.origin.clone(), size: 0, root: EMPTY_ROOT },
            None => return Err(WitnessError::New(new.origin.clone())),
        };
        let refuse = |why: String| -> Result<String, WitnessError> {
            let evidence = self.path(&new.origin, &format!("refused-{}-{time}", new.size));
            export::write_atomically(&evidence, export.note.as_bytes())?;
            Err(WitnessError::Inconsistent { seen: old.size, why, evidence })
        };
        if new.size < old.size {
            return refuse(format!("it has shrunk to {} entries", new.size));
        }
        let proof = export.prove_consistency(old.size)?;
        if tree::verify_consistency(&proof, old.size, &old.root, new.size, &new.root).is_err() {
            return refuse("what it held then has been changed".to_owned());
        }
        export::write_atomically(&self.path(&new.origin, "checkpoint"), new.text().as_bytes())?;
        let line = self.key.cosign(&new.text(), time);
        Ok(cosignature::add_to_note(&export.note, &line)?)
    }
}
