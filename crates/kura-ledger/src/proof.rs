//! One entry's proof as a file of its own: C2SP `tlog-proof`, version 1.
//!
//! It carries the entry's index, the audit path and a signed checkpoint; with the entry at hand and
//! the log's public key it is verified offline.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::checkpoint::{Checkpoint, NoteError, VerifyKey};
use crate::tree::{self, Hash};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Why a proof was refused.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The file is no proof.
    #[error("not a C2SP tlog-proof: {0}")]
    Format(&'static str),
    /// Its checkpoint does not verify.
    #[error(transparent)]
    Checkpoint(#[from] NoteError),
    /// The entry is not where the proof says.
    #[error("the entry is not at index {index} of the tree of {size} entries")]
    Mismatch {
        /// Index claimed.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
}

/// An entry's inclusion in a signed tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The entry's index.
    pub index: u64,
    /// Audit path, from the leaf upwards.
    pub path: Vec<Hash>,
    /// The checkpoint's signed note.
    pub checkpoint: String,
}

impl Proof {
    /// The file's text.
    pub fn encode(&self) -> String {
        let mut text = format!("{HEADER}\nindex {}\n", self.index);
        for hash in &self.path {
            text.push_str(&BASE64_STANDARD.encode(hash));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a file's text. An `extra` line, which the format allows, is refused: this log writes none.
    pub fn parse(text: &str) -> Result<Self, ProofError> {
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or(ProofError::Format("no empty line before the checkpoint"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(ProofError::Format("the first line is not the header"));
        }
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .ok_or(ProofError::Format("no index"))?;
        let number: u64 = index.parse().map_err(|_| ProofError::Format("the index is no number"))?;
        if number.to_string() != index {
            return Err(ProofError::Format("the index is not written plainly"));
        }
        let path = lines
            .map(|line| BASE64_STANDARD.decode(line).ok().and_then(|hash| Hash::try_from(hash).ok()))
            .collect::<Option<Vec<_>>>()
            .ok_or(ProofError::Format("a hash is malformed"))?;
        if path.len() > 63 {
            return Err(ProofError::Format("more hashes than any tree is high"));
        }
        Ok(Self { index: number, path, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that `entry` is in the log; returns the checkpoint that says so.
    pub fn verify(
        &self,
        entry: &[u8],
        log: &VerifyKey,
        witnesses: &[VerifyKey],
    ) -> Result<Checkpoint, ProofError> {
        let head = Checkpoint::open(self.checkpoint.as_bytes(), log, witnesses)?;
        let leaf = tree::leaf_hash(entry);
        tree::verify_inclusion(&self.path, head.size, &head.root, self.index, &leaf)
            .map_err(|_| ProofError::Mismatch { index: self.index, size: head.size })?;
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::LogKey;
    use crate::tree::{Edge, TileId};

    #[test]
    fn a_proof_survives_the_round_trip_and_every_flipped_byte_is_noticed() {
        let key = LogKey::from_seed("example.com/ledger", &[1; 32]).unwrap();
        let mut edge = Edge::default();
        for n in 0..5u8 {
            edge.append(tree::leaf_hash(&[n]));
        }
        let tiles = [(TileId { level: 0, index: 0 }, edge.partial_tile(0).to_vec())].into();
        let tiles: std::collections::BTreeMap<_, _> = tiles;
        let head = Checkpoint { origin: "example.com/ledger".into(), size: 5, root: edge.root() };
        let proof = Proof {
            index: 3,
            path: tree::prove_inclusion(5, 3, &tiles).unwrap(),
            checkpoint: head.sign(&[&key]).unwrap(),
        };
        let text = proof.encode();
        let parsed = Proof::parse(&text).unwrap();
        assert_eq!(parsed, proof);
        assert_eq!(parsed.verify(&[3], &key.verify_key(), &[]).unwrap(), head);
        assert!(parsed.verify(&[4], &key.verify_key(), &[]).is_err());

        for at in 0..text.len() {
            let mut bad = text.clone().into_bytes();
            bad[at] ^= 1;
            let verdict = String::from_utf8(bad)
                .ok()
                .and_then(|bad| Proof::parse(&bad).ok())
                .map(|bad| bad.verify(&[3], &key.verify_key(), &[]));
            assert!(!matches!(verdict, Some(Ok(_))), "byte {at}");
        }
    }
}
