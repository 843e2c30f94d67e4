//! What an entry of the ledger says.
//!
//! An entry, or leaf, is a line of JSON. Coarse facts stand in the clear: when, which operation, how it
//! ended, under which rules. Everything that could name a person, a client or a matter is a salted
//! commitment. Whoever is given an [`Opening`] (the salt and the value) can check it against the leaf;
//! erase the openings, and the field is gone while the tree stays whole.
//!
//! The records of one item form a chain: each commits to the item, to its own number in the item's
//! history (from 1) and to the hash of the item's previous record. A history with a record left out,
//! put in or exchanged does not add up.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::tree::{self, Hash};

/// Version of the leaf format.
pub const FORMAT: u32 = 1;

/// Separates these commitments from every other use of HMAC.
const DOMAIN: &[u8] = b"kura/ledger/field/v1";

/// Field with the item's id.
pub const ITEM: &str = "item";
/// Field with the record's number in the item's history, from 1, in decimal.
pub const SEQUENCE: &str = "sequence";
/// Field with the hash of the item's previous record in hexadecimal, or `none` for the first.
pub const PREVIOUS: &str = "previous";
/// Field with the SHA-256 of a statement's signed note, in hexadecimal.
pub const STATEMENT: &str = "statement";
/// Field with the SHA-256 of the note by which the log's key was changed, in hexadecimal.
pub const LOG_KEY: &str = "log_key";

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was permitted and done.
    Done,
    /// The rules refused it.
    Refused,
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// [`FORMAT`].
    pub kura: u32,
    /// When, in UTC to the second (RFC 3339).
    pub at: String,
    /// A random id of this record alone.
    pub event: String,
    /// The operation's name, as in the rules and on every edge.
    pub operation: String,
    /// How it ended.
    pub outcome: Outcome,
    /// SHA-256 of the rules that decided, in hexadecimal.
    pub rules: String,
    /// Commitments by field name, each HMAC-SHA256 in base64.
    pub fields: BTreeMap<String, String>,
}

/// The clear value of a committed field, with the salt that proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Name of the field.
    pub field: String,
    /// 32 random bytes in hexadecimal.
    pub salt: String,
    /// What the field says.
    pub value: String,
}

impl Opening {
    /// Opens a field under a fresh random salt.
    pub fn new(field: &str, salt: [u8; 32], value: impl Into<String>) -> Self {
        Self { field: field.to_owned(), salt: hex::encode(salt), value: value.into() }
    }

    /// The commitment: HMAC-SHA256 under the salt over domain, zero byte, field name, zero byte, the
    /// value's length as eight big-endian bytes, and the value. Nothing when the salt is malformed.
    pub fn commitment(&self) -> Option<String> {
        let salt = <[u8; 32]>::try_from(hex::decode(&self.salt).ok()?).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&salt).ok()?;
        for part in [DOMAIN, &[0], self.field.as_bytes(), &[0]] {
            mac.update(part);
        }
        mac.update(&(self.value.len() as u64).to_be_bytes());
        mac.update(self.value.as_bytes());
        Some(BASE64_STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl Leaf {
    /// Puts the commitments of these openings into the leaf.
    ///
    /// # Panics
    /// When a salt is malformed; [`Opening::new`] makes none such.
    pub fn commit(&mut self, openings: &[Opening]) {
        for opening in openings {
            let commitment = opening.commitment().expect("an opening made here is well-formed");
            self.fields.insert(opening.field.clone(), commitment);
        }
    }

    /// Whether the opening is that of this leaf.
    pub fn holds(&self, opening: &Opening) -> bool {
        let committed = self.fields.get(&opening.field);
        committed.is_some() && committed == opening.commitment().as_ref()
    }

    /// The bytes that enter the tree.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("a leaf is plain data")
    }

    /// Reads an entry; refuses another format and unknown fields.
    pub fn parse(entry: &[u8]) -> Result<Self, String> {
        let leaf: Self = serde_json::from_slice(entry).map_err(|error| error.to_string())?;
        if leaf.kura == FORMAT { Ok(leaf) } else { Err(format!("leaf format {} is not {FORMAT}", leaf.kura)) }
    }
}

/// One record of an item's history as its holder sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Index in the ledger.
    pub index: u64,
    /// The leaf's text.
    pub leaf: String,
    /// The openings that its holder may see; item, sequence and previous are always among them.
    pub openings: Vec<Opening>,
}

impl Record {
    /// The record's leaf hash.
    pub fn hash(&self) -> Hash {
        tree::leaf_hash(self.leaf.as_bytes())
    }

    /// The clear value of a field, once it has been checked against the leaf.
    pub fn value(&self, field: &str) -> Result<&str, String> {
        let leaf = Leaf::parse(self.leaf.as_bytes())?;
        let opening = self
            .openings
            .iter()
            .find(|opening| opening.field == field)
            .ok_or_else(|| format!("entry {}: the field {field} is not opened", self.index))?;
        if leaf.holds(opening) {
            Ok(&opening.value)
        } else {
            Err(format!("entry {}: the value given for {field} is not the one recorded", self.index))
        }
    }
}

/// Checks that `records` are the whole history of `item`, first to last: numbered without a gap, each
/// linked to the one before, in the ledger's order. Says what is wrong in a sentence.
pub fn check_history(item: &str, records: &[Record]) -> Result<(), String> {
    let mut previous: Option<(u64, Hash)> = None;
    for (number, record) in (1u64..).zip(records) {
        let at = record.index;
        for opening in &record.openings {
            record.value(&opening.field)?;
        }
        if record.value(ITEM)? != item {
            return Err(format!("entry {at} is about another item"));
        }
        if record.value(SEQUENCE)? != number.to_string() {
            return Err(format!(
                "entry {at} is record {} of the item where record {number} is due: \
                 a record was left out or exchanged",
                record.value(SEQUENCE)?
            ));
        }
        let link = previous.map_or("none".to_owned(), |(_, hash)| hex::encode(hash));
        if record.value(PREVIOUS)? != link {
            return Err(format!(
                "entry {at} is not linked to the record before it: a record was left out or exchanged"
            ));
        }
        if previous.is_some_and(|(index, _)| index >= at) {
            return Err(format!("entry {at} is out of order"));
        }
        previous = Some((at, record.hash()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(item: &str, length: u64) -> Vec<Record> {
        let mut previous = "none".to_owned();
        (1..=length)
            .map(|number| {
                let salt = [number as u8; 32];
                let openings = vec![
                    Opening::new(ITEM, salt, item),
                    Opening::new(SEQUENCE, salt, number.to_string()),
                    Opening::new(PREVIOUS, salt, previous.clone()),
                ];
                let mut leaf = Leaf {
                    kura: FORMAT,
                    at: "2026-11-23T00:00:00Z".into(),
                    event: number.to_string(),
                    operation: "open".into(),
                    outcome: Outcome::Done,
                    rules: String::new(),
                    fields: BTreeMap::new(),
                };
                leaf.commit(&openings);
                let record = Record { index: number * 3, leaf: leaf.encode(), openings };
                previous = hex::encode(record.hash());
                record
            })
            .collect()
    }

    #[test]
    fn a_whole_history_adds_up_and_an_omission_does_not() {
        let whole = history("i1", 4);
        check_history("i1", &whole).unwrap();
        assert!(check_history("i2", &whole).is_err());
        for left_out in 0..3 {
            let mut cut = whole.clone();
            cut.remove(left_out);
            assert!(check_history("i1", &cut).is_err(), "without {left_out}");
        }
        let mut swapped = whole.clone();
        swapped.swap(1, 2);
        assert!(check_history("i1", &swapped).is_err());
        let mut lied = whole;
        lied[2].openings[1].value = "4".into();
        assert!(check_history("i1", &lied).unwrap_err().contains("not the one"));
    }

    #[test]
    fn equal_values_commit_differently_under_other_salts_and_fields() {
        let opening = |field: &str, salt| Opening::new(field, salt, "value").commitment().unwrap();
        assert_ne!(opening("a", [1; 32]), opening("a", [2; 32]));
        assert_ne!(opening("a", [1; 32]), opening("b", [1; 32]));
        let mut bad = Opening::new("a", [1; 32], "value");
        bad.salt.pop();
        assert_eq!(bad.commitment(), None);
    }

    #[test]
    fn a_leaf_of_another_format_or_with_unknown_fields_is_refused() {
        let leaf = history("i1", 1)[0].leaf.clone();
        Leaf::parse(leaf.as_bytes()).unwrap();
        assert!(Leaf::parse(leaf.replace("\"kura\":1", "\"kura\":2").as_bytes()).is_err());
        assert!(Leaf::parse(leaf.replace("\"kura\"", "\"more\":1,\"kura\"").as_bytes()).is_err());
    }
}
