//! What a witness adds to a checkpoint: C2SP `tlog-cosignature`, version 1.
//!
//! A cosignature says "at this time this checkpoint was consistent with every one of this log that I
//! had seen before". It is a signature line of type 0x04 in the same note: eight bytes of time, then
//! Ed25519 over a short header and the checkpoint's text.

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use signed_note::{Note, Signature, Verifier};

use crate::checkpoint::{NoteError, VerifyKey};

/// Signature type byte of a version 1 cosignature.
pub(crate) const COSIGNATURE_V1: u8 = 0x04;

fn message(time: u64, checkpoint: &[u8]) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time}\n").as_bytes(), checkpoint].concat()
}

/// Checks a timestamped signature over a checkpoint's text; returns its POSIX time in seconds.
pub(crate) fn verify(key: &VerifyingKey, checkpoint: &[u8], signature: &[u8]) -> Option<u64> {
    let (time, signature) = signature.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
    key.verify_strict(&message(time, checkpoint), &signature).ok()?;
    Some(time)
}

/// A witness's secret key under the witness's name.
pub struct WitnessKey {
    name: String,
    key: SigningKey,
}

impl WitnessKey {
    /// A key from 32 random bytes, kept by the caller.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        if !signed_note::is_key_name_valid(name) {
            return Err(NoteError::Name(name.to_owned()));
        }
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// The public half, to be handed to those who verify.
    pub fn verify_key(&self) -> VerifyKey {
        VerifyKey::new(&self.name, COSIGNATURE_V1, self.key.verifying_key())
    }

    /// The signature line over a checkpoint's text at a POSIX time in seconds, to be added to the note.
    /// Whether to sign is decided by [`crate::witness`], not here.
    pub(crate) fn cosign(&self, checkpoint: &str, time: u64) -> String {
        let signature = self.key.sign(&message(time, checkpoint.as_bytes()));
        let timed = [&time.to_be_bytes()[..], &signature.to_bytes()].concat();
        let id = Verifier::key_id(&self.verify_key());
        let line = Signature::new(self.name.clone(), id, timed).expect("the name was checked");
        String::from_utf8(line.to_bytes()).expect("a signature line is text")
    }
}

/// Adds a cosignature line to a checkpoint's note, once.
pub fn add_to_note(note: &str, line: &str) -> Result<String, NoteError> {
    let joined = if note.contains(line) { note.to_owned() } else { format!("{note}{line}") };
    Note::from_bytes(joined.as_bytes())?;
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::{Checkpoint, LogKey};

    #[test]
    fn a_demanded_cosignature_must_be_there_and_hold() {
        let log = LogKey::from_seed("example.com/ledger", &[1; 32]).unwrap();
        let witness = WitnessKey::from_seed("witness.example", &[2; 32]).unwrap();
        let checkpoint = Checkpoint { origin: "example.com/ledger".into(), size: 3, root: [5; 32] };
        let note = checkpoint.sign(&[&log]).unwrap();
        let keys = (log.verify_key(), [witness.verify_key()]);
        assert!(Checkpoint::open(note.as_bytes(), &keys.0, &keys.1).is_err());

        let line = witness.cosign(&checkpoint.text(), 1_700_000_000);
        let note = add_to_note(&note, &line).unwrap();
        assert_eq!(add_to_note(&note, &line).unwrap(), note);
        assert_eq!(Checkpoint::open(note.as_bytes(), &keys.0, &keys.1).unwrap(), checkpoint);
        let vkey = witness.verify_key().to_string();
        assert_eq!(VerifyKey::parse(&vkey).unwrap(), witness.verify_key());

        let elsewhere = witness.cosign("example.com/ledger\n4\nAAAA\n", 1_700_000_000);
        let forged = add_to_note(&checkpoint.sign(&[&log]).unwrap(), &elsewhere).unwrap();
        assert!(Checkpoint::open(forged.as_bytes(), &keys.0, &keys.1).is_err());
    }
}
