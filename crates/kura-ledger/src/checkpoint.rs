//! The signed head of the log: C2SP `tlog-checkpoint` inside a C2SP `signed-note`.
//!
//! A checkpoint says "at this moment the log `origin` had `size` entries and this root". Whoever holds
//! one can later demand that a newer one only adds to it. Notes and their signatures are parsed and
//! verified by `signed_note`; Ed25519 (RFC 8032) is the only algorithm.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use signed_note::{Note, Signer, Verifier, VerifierList, key_id};

use crate::cosignature;
use crate::tree::Hash;

/// Signature type byte of a log's own Ed25519 key (C2SP `signed-note`).
pub(crate) const ED25519: u8 = 0x01;

/// Why a key, a note or a checkpoint was refused.
#[derive(Debug, thiserror::Error)]
pub enum NoteError {
    /// The text of a key is not a C2SP vkey of a known kind.
    #[error("not a verification key of the form name+id+base64: {0}")]
    Key(String),
    /// A key name or origin is empty or has a space or plus in it.
    #[error("a name in a signed note has no spaces and no plus sign: {0:?}")]
    Name(String),
    /// The note is malformed or a signature in it is wrong.
    #[error("the note does not verify: {0}")]
    Note(#[from] signed_note::NoteError),
    /// The note verifies but does not hold a checkpoint.
    #[error("not a checkpoint: {0}")]
    Checkpoint(&'static str),
    /// The note verifies but does not hand a log's key on to another.
    #[error("not a change of the log's key")]
    Change,
    /// A signature that was demanded is not there.
    #[error("not signed by {0}")]
    Unsigned(String),
}

/// A key that verifies: a log's (type 0x01) or a witness's (type 0x04).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyKey {
    name: String,
    kind: u8,
    key: VerifyingKey,
}

impl VerifyKey {
    /// Name of the log or witness.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads a C2SP vkey, `name+id+base64(type ‖ key)`.
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        let bad = || NoteError::Key(vkey.to_owned());
        let mut parts = vkey.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad());
        };
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| bad())?;
        let Some((kind @ (&ED25519 | &cosignature::COSIGNATURE_V1), key)) = bytes.split_first() else {
            return Err(bad());
        };
        let key = <&[u8; 32]>::try_from(key)
            .ok()
            .and_then(|key| VerifyingKey::from_bytes(key).ok())
            .ok_or_else(bad)?;
        let parsed = Self { name: name.to_owned(), kind: *kind, key };
        if !signed_note::is_key_name_valid(name) || id != format!("{:08x}", parsed.key_id()) {
            return Err(bad());
        }
        Ok(parsed)
    }

    pub(crate) fn new(name: &str, kind: u8, key: VerifyingKey) -> Self {
        Self { name: name.to_owned(), kind, key }
    }

    /// Whether this is a witness's key rather than a log's.
    pub fn is_witness(&self) -> bool {
        self.kind == cosignature::COSIGNATURE_V1
    }
}

/// The C2SP vkey text.
impl std::fmt::Display for VerifyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let encoded = BASE64_STANDARD.encode([&[self.kind][..], self.key.as_bytes()].concat());
        write!(f, "{}+{:08x}+{encoded}", self.name, self.key_id())
    }
}

impl Verifier for VerifyKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        key_id(&self.name, &[&[self.kind][..], self.key.as_bytes()].concat())
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        if self.is_witness() {
            return cosignature::verify(&self.key, message, signature).is_some();
        }
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

/// The log's secret key under the log's name (its origin).
pub struct LogKey {
    name: String,
    key: SigningKey,
}

impl LogKey {
    /// A key from 32 random bytes, kept by the caller. The name is the log's origin.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        if !signed_note::is_key_name_valid(name) {
            return Err(NoteError::Name(name.to_owned()));
        }
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// The public half.
    pub fn verify_key(&self) -> VerifyKey {
        VerifyKey::new(&self.name, ED25519, self.key.verifying_key())
    }
}

impl Signer for LogKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.verify_key().key_id()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, ed25519_dalek::SignatureError> {
        Ok(self.key.sign(message).to_vec())
    }
}

impl std::fmt::Debug for LogKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogKey({})", self.verify_key())
    }
}

pub(crate) fn sign(text: &str, keys: &[&LogKey]) -> Result<String, NoteError> {
    let mut note = Note::new(text.as_bytes(), &[])?;
    let signers: Vec<&dyn Signer> = keys.iter().map(|key| *key as &dyn Signer).collect();
    note.add_sigs(&signers)?;
    Ok(String::from_utf8(note.to_bytes()).expect("a note is made of text"))
}

/// Verifies a note under keys of which at least one must have signed; returns its text and the names
/// and ids of those that did.
pub fn open_note(note: &[u8], keys: &[VerifyKey]) -> Result<(String, Vec<VerifyKey>), NoteError> {
    let note = Note::from_bytes(note)?;
    let list = VerifierList::new(keys.iter().map(|key| Box::new(key.clone()) as Box<dyn Verifier>).collect());
    let (verified, _) = note.verify(&list)?;
    let signers = keys
        .iter()
        .filter(|key| {
            let id = (Verifier::name(*key), Verifier::key_id(*key));
            verified.iter().any(|sig| (sig.name(), sig.id()) == id)
        })
        .cloned()
        .collect();
    let text = String::from_utf8(note.text().to_vec()).expect("a parsed note is text");
    Ok((text, signers))
}

/// The head of a log: how many entries, and the root over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, for example `kura.example/ledger`.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The checkpoint's text, what is signed: three lines.
    pub fn text(&self) -> String {
        let root = BASE64_STANDARD.encode(self.root);
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    /// The signed note. All keys must bear the origin's name; more than one signs while a key is rotated.
    pub fn sign(&self, keys: &[&LogKey]) -> Result<String, NoteError> {
        sign(&self.text(), keys)
    }

    /// Opens a signed checkpoint of the log whose key is `log`, which must have signed it, as must every
    /// one of `witnesses`.
    pub fn open(note: &[u8], log: &VerifyKey, witnesses: &[VerifyKey]) -> Result<Self, NoteError> {
        let mut keys = vec![log.clone()];
        keys.extend_from_slice(witnesses);
        let (text, signers) = open_note(note, &keys)?;
        if let Some(absent) = keys.iter().find(|key| !signers.contains(key)) {
            return Err(NoteError::Unsigned(absent.to_string()));
        }
        let checkpoint = Self::parse(&text)?;
        if checkpoint.origin != log.name {
            return Err(NoteError::Checkpoint("its origin is not the key's name"));
        }
        Ok(checkpoint)
    }

    /// Reads the text of a checkpoint: exactly three lines, since this log writes no extension lines.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root), Some(""), None) =
            (lines.next(), lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(NoteError::Checkpoint("it has not exactly three lines"));
        };
        let number: u64 = size.parse().map_err(|_| NoteError::Checkpoint("its size is no number"))?;
        if number.to_string() != size {
            return Err(NoteError::Checkpoint("its size is not written plainly"));
        }
        let root = BASE64_STANDARD
            .decode(root)
            .ok()
            .and_then(|root| Hash::try_from(root).ok())
            .ok_or(NoteError::Checkpoint("its root is not a SHA-256 hash"))?;
        if origin.is_empty() {
            return Err(NoteError::Checkpoint("its origin is empty"));
        }
        Ok(Self { origin: origin.to_owned(), size: number, root })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "example.com/ledger".into(), size: 7, root: [9; 32] }
    }

    #[test]
    fn a_checkpoint_opens_only_under_the_key_that_signed_it() {
        let key = LogKey::from_seed("example.com/ledger", &[1; 32]).unwrap();
        let other = LogKey::from_seed("example.com/ledger", &[2; 32]).unwrap();
        let note = checkpoint().sign(&[&key]).unwrap();
        let opened = Checkpoint::open(note.as_bytes(), &key.verify_key(), &[]).unwrap();
        assert_eq!(opened, checkpoint());
        assert!(Checkpoint::open(note.as_bytes(), &other.verify_key(), &[]).is_err());
        assert!(Checkpoint::open(note.as_bytes(), &key.verify_key(), &[other.verify_key()]).is_err());
        let both = checkpoint().sign(&[&key, &other]).unwrap();
        for key in [&key, &other] {
            assert!(Checkpoint::open(both.as_bytes(), &key.verify_key(), &[]).is_ok());
        }
    }

    #[test]
    fn every_flipped_byte_of_a_checkpoint_is_noticed() {
        let key = LogKey::from_seed("example.com/ledger", &[1; 32]).unwrap();
        let note = checkpoint().sign(&[&key]).unwrap().into_bytes();
        for at in 0..note.len() {
            for flip in [1u8, 0x20, 0x80] {
                let mut bad = note.clone();
                bad[at] ^= flip;
                let opened = Checkpoint::open(&bad, &key.verify_key(), &[]);
                assert!(opened.is_err(), "byte {at} flipped by {flip:#x}");
            }
        }
    }

    #[test]
    fn a_verification_key_survives_the_round_trip_and_nothing_else_parses() {
        let key = LogKey::from_seed("example.com/ledger", &[1; 32]).unwrap();
        let vkey = key.verify_key().to_string();
        assert_eq!(VerifyKey::parse(&vkey).unwrap(), key.verify_key());
        for bad in ["", "a+b", "a+00000000+AQ==", &vkey[1..], &vkey[..vkey.len() - 4]] {
            assert!(VerifyKey::parse(bad).is_err(), "{bad}");
        }
        assert!(LogKey::from_seed("two words", &[1; 32]).is_err());
    }

    #[test]
    fn a_checkpoint_text_is_read_strictly() {
        let root = BASE64_STANDARD.encode([9; 32]);
        for bad in [
            format!("o\n07\n{root}\n"),
            format!("o\n7\n{root}"),
            format!("o\n7\n{root}\nmore\n"),
            format!("\n7\n{root}\n"),
            "o\n7\nAAAA\n".to_owned(),
        ] {
            assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
        }
    }
}
