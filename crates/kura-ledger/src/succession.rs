//! How a log's key was changed, so that whoever holds an older key can follow to the newest, and back.
//!
//! Each change is a C2SP signed note that names the old key and the new one, under the signatures of both:
//! the old key vouches for its successor, and the new one owns up to its past. The note's hash is committed
//! to in an entry of the ledger. Whoever trusts one key of the chain need trust nothing else.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::checkpoint::{LogKey, NoteError, VerifyKey, open_note, sign};
use crate::leaf::{LOG_KEY, Leaf, Opening};

/// First line of a change's note, with the version of its format.
const HEADER: &str = "kura-log-key/1";
/// Changes that a verifier follows at most.
const LONGEST: usize = 1000;

/// One change of the log's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The note: old key, new key, signed by both.
    pub note: String,
    /// Index of the entry that records the change.
    pub index: u64,
    /// Opening of that entry's commitment to the note.
    pub opening: Opening,
}

/// All changes of a log's key, oldest first. A log whose key was never changed has an empty one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Succession(pub Vec<Change>);

/// SHA-256 of a change's note in hexadecimal: the value of the leaf's field [`LOG_KEY`].
pub fn digest(note: &str) -> String {
    hex::encode(Sha256::digest(note.as_bytes()))
}

/// Signs the change from one key to another of the same log.
pub fn hand_on(old: &LogKey, new: &LogKey) -> Result<String, NoteError> {
    let (from, to) = (old.verify_key(), new.verify_key());
    if from.name() != to.name() || from == to {
        return Err(NoteError::Key(to.to_string()));
    }
    sign(&format!("{HEADER}\n{from}\n{to}\n"), &[old, new])
}

/// The old and the new key that a note names, if both signed it.
fn read(note: &str) -> Result<(VerifyKey, VerifyKey), NoteError> {
    let mut lines = note.split('\n');
    let (Some(HEADER), Some(from), Some(to), Some("")) =
        (lines.next(), lines.next(), lines.next(), lines.next())
    else {
        return Err(NoteError::Change);
    };
    let keys = [VerifyKey::parse(from)?, VerifyKey::parse(to)?];
    let (text, signers) = open_note(note.as_bytes(), &keys)?;
    if let Some(absent) = keys.iter().find(|key| !signers.contains(key)) {
        return Err(NoteError::Unsigned(absent.to_string()));
    }
    let [from, to] = keys;
    let written = from.name() == to.name() && !from.is_witness() && !to.is_witness();
    if !written || text != format!("{HEADER}\n{from}\n{to}\n") {
        return Err(NoteError::Change);
    }
    Ok((from, to))
}

impl Succession {
    /// Whether the log's key was never changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys that the log has had, oldest first and the present one last, for whoever trusts one of them.
    ///
    /// # Errors
    /// A change that is not signed by both keys, a gap in the chain, a chain without the trusted key.
    pub fn keys(&self, trusted: &VerifyKey) -> Result<Vec<VerifyKey>, NoteError> {
        if self.0.len() > LONGEST {
            return Err(NoteError::Key("the log's key was changed too often to follow".to_owned()));
        }
        let mut keys: Vec<VerifyKey> = Vec::new();
        for change in &self.0 {
            let (from, to) = read(&change.note)?;
            match keys.last() {
                None => keys.push(from),
                Some(last) if *last == from => {}
                Some(last) => return Err(NoteError::Unsigned(last.to_string())),
            }
            keys.push(to);
        }
        if keys.is_empty() {
            keys.push(trusted.clone());
        }
        if keys.contains(trusted) { Ok(keys) } else { Err(NoteError::Unsigned(trusted.to_string())) }
    }

    /// The present key, for whoever trusts one of the chain.
    pub fn present(&self, trusted: &VerifyKey) -> Result<VerifyKey, NoteError> {
        Ok(self.keys(trusted)?.pop().expect("a chain has at least the trusted key"))
    }
}

impl Change {
    /// Whether an entry of the ledger records this change.
    pub fn recorded_by(&self, entry: &[u8]) -> bool {
        self.opening.field == LOG_KEY
            && self.opening.value == digest(&self.note)
            && Leaf::parse(entry).is_ok_and(|leaf| leaf.holds(&self.opening))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> LogKey {
        LogKey::from_seed("example.com/ledger", &[seed; 32]).unwrap()
    }

    fn change(old: u8, new: u8) -> Change {
        let note = hand_on(&key(old), &key(new)).unwrap();
        Change { opening: Opening::new(LOG_KEY, [1; 32], digest(&note)), note, index: 0 }
    }

    #[test]
    fn whoever_trusts_one_key_follows_to_the_newest_and_back() {
        let chain = Succession(vec![change(1, 2), change(2, 3)]);
        let all: Vec<VerifyKey> = [1, 2, 3].map(|seed| key(seed).verify_key()).into();
        for trusted in &all {
            assert_eq!(chain.keys(trusted).unwrap(), all);
            assert_eq!(chain.present(trusted).unwrap(), all[2]);
        }
        assert!(chain.keys(&key(4).verify_key()).is_err(), "a stranger");
        assert_eq!(Succession::default().present(&all[0]).unwrap(), all[0]);
    }

    #[test]
    fn a_gap_a_forged_change_and_a_changed_byte_are_refused() {
        let trusted = key(1).verify_key();
        assert!(Succession(vec![change(1, 2), change(3, 4)]).keys(&trusted).is_err(), "a gap");
        // Signed by the new key alone: the old one vouches for nothing.
        let text = format!("{HEADER}\n{trusted}\n{}\n", key(2).verify_key());
        let forged = Change { note: sign(&text, &[&key(2)]).unwrap(), ..change(1, 2) };
        assert!(Succession(vec![forged]).keys(&trusted).is_err());
        let honest = change(1, 2);
        for at in 0..honest.note.len() {
            let mut note = honest.note.clone().into_bytes();
            note[at] ^= 1;
            let Ok(note) = String::from_utf8(note) else { continue };
            let changed = Succession(vec![Change { note, ..honest.clone() }]);
            assert!(changed.keys(&trusted).is_err(), "byte {at}");
        }
        assert!(hand_on(&key(1), &key(1)).is_err());
        let elsewhere = LogKey::from_seed("example.org/ledger", &[2; 32]).unwrap();
        assert!(hand_on(&key(1), &elsewhere).is_err(), "another log");
    }
}
