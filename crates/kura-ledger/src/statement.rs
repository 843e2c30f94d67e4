//! Receipts, counter-receipts, certificates and reports: what a client keeps and can check alone.
//!
//! A statement is text signed by the log's key. Its hash is committed to in an entry of the ledger, and
//! the file carries that entry with its proof. So one file and the log's public key show that the firm
//! said this, that it said so at this place of its ledger, and how many records each item had by then.
//! Against a later export or report the same file shows that nothing since was rewritten or left out.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::checkpoint::{self, Checkpoint, LogKey, NoteError, VerifyKey};
use crate::leaf::{self, Leaf, Opening, Record};
use crate::proof::{Proof, ProofError};
use crate::succession::Succession;
use crate::tree;

/// Version of the statement format; also the first line of what is signed.
const HEADER: &str = "kura-statement/1";

/// What a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 預り証: material was taken into custody.
    Receipt,
    /// 受領確認: material was given back, and the consignor confirmed it.
    CounterReceipt,
    /// 証明書: material was erased.
    Certificate,
    /// 報告: what is held and all that happened to it.
    Report,
    /// 証跡: what shows that a clause was upheld.
    Evidence,
}

impl Kind {
    /// Its name, as files and programs write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::CounterReceipt => "counter-receipt",
            Self::Certificate => "certificate",
            Self::Report => "report",
            Self::Evidence => "evidence",
        }
    }
}

/// How far an item's history had come when a statement was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemCount {
    /// The item's id.
    pub item: String,
    /// Number of records of the item up to this statement. The statement's own record is not counted.
    pub records: u64,
    /// Leaf hash of the last of them in hexadecimal, or `none`.
    pub last: String,
}

/// One item's records, first to last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The item's id.
    pub item: String,
    /// Its records.
    pub records: Vec<Record>,
}

/// What the firm states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What it is.
    pub kind: Kind,
    /// Its own id.
    pub id: String,
    /// The log whose key signs it.
    pub origin: String,
    /// When it was made, in UTC (RFC 3339).
    pub at: String,
    /// How far each item's history had come.
    pub items: Vec<ItemCount>,
    /// What the reader wants to know, by the words of the policy.
    pub body: serde_json::Value,
    /// In a report, the histories themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub histories: Vec<History>,
}

/// Why a statement was refused.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// The file is no statement.
    #[error("not a statement of Kura: {0}")]
    Format(String),
    /// Its signature is not the log's.
    #[error(transparent)]
    Signature(#[from] NoteError),
    /// Its proof does not hold.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The entry that it carries was made for something else.
    #[error("the ledger's entry {0} does not record this statement")]
    Unrecorded(u64),
    /// A history in it does not add up.
    #[error("{0}")]
    History(String),
}

/// What is signed of a statement: a header and the hash of its text. The text itself may be longer than
/// a note, and say what a note must not contain.
fn note_text(text: &str) -> String {
    format!("{HEADER}\n{}\n", digest(text))
}

impl Statement {
    /// Signs the statement: its text, and the note over the text's hash.
    ///
    /// More than one key signs while the log's key is being changed.
    pub fn sign(&self, keys: &[&LogKey]) -> Result<(String, String), NoteError> {
        let text = serde_json::to_string(self).expect("a statement is plain data");
        let note = checkpoint::sign(&note_text(&text), keys)?;
        Ok((text, note))
    }
}

/// SHA-256 of a statement's text in hexadecimal: the value of the leaf's field [`leaf::STATEMENT`].
pub fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// A statement's file: its text, the signature, the entry that records it, that entry's opening and proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementFile {
    /// Text of the statement.
    pub statement: String,
    /// The log's signature over the text's hash, a C2SP signed note.
    pub signature: String,
    /// Text of the entry that records it.
    pub leaf: String,
    /// Opening of the entry's field `statement`.
    pub opening: Opening,
    /// C2SP tlog-proof of the entry.
    pub proof: String,
    /// How the log's key was changed, up to now.
    #[serde(default, skip_serializing_if = "Succession::is_empty")]
    pub succession: Succession,
}

/// What a statement's file was found to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The statement.
    pub statement: Statement,
    /// Index of the entry that records it.
    pub index: u64,
    /// Hash of that entry, in hexadecimal.
    pub leaf_hash: String,
    /// The checkpoint that covers the entry.
    pub checkpoint: Checkpoint,
    /// The log's present key, where it is another than the one that was trusted.
    pub new_key: Option<VerifyKey>,
}

impl StatementFile {
    /// The file's text.
    pub fn encode(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a statement file is plain data");
        text.push('\n');
        text
    }

    /// Reads a file's text.
    pub fn parse(text: &[u8]) -> Result<Self, StatementError> {
        serde_json::from_slice(text).map_err(|error| StatementError::Format(error.to_string()))
    }

    /// Checks everything that can be checked with the log's public key alone: any key that the log has had.
    pub fn verify(&self, log: &VerifyKey, witnesses: &[VerifyKey]) -> Result<Verified, StatementError> {
        let keys = self.succession.keys(log)?;
        let present = keys.last().expect("a chain has at least the trusted key");
        let (signed, _) = checkpoint::open_note(self.signature.as_bytes(), &keys)?;
        if signed != note_text(&self.statement) {
            return Err(StatementError::Format("its signature is over another text".to_owned()));
        }
        let statement: Statement = serde_json::from_str(&self.statement)
            .map_err(|error| StatementError::Format(error.to_string()))?;
        let proof = Proof::parse(&self.proof)?;
        let checkpoint = proof.verify(self.leaf.as_bytes(), present, witnesses)?;
        let leaf = Leaf::parse(self.leaf.as_bytes()).map_err(StatementError::Format)?;
        let recorded = self.opening.field == leaf::STATEMENT
            && self.opening.value == digest(&self.statement)
            && leaf.holds(&self.opening);
        if !recorded {
            return Err(StatementError::Unrecorded(proof.index));
        }
        if statement.origin != checkpoint.origin {
            return Err(StatementError::Format("it names another log".to_owned()));
        }
        for history in &statement.histories {
            check_counted(&statement, history)?;
        }
        let new_key = (present != log).then(|| present.clone());
        let leaf_hash = hex::encode(tree::leaf_hash(self.leaf.as_bytes()));
        Ok(Verified { statement, index: proof.index, leaf_hash, checkpoint, new_key })
    }
}

/// A history in a report must be whole and end where the report says that it does.
fn check_counted(statement: &Statement, history: &History) -> Result<(), StatementError> {
    leaf::check_history(&history.item, &history.records).map_err(StatementError::History)?;
    let count = statement.items.iter().find(|count| count.item == history.item);
    let last = history.records.last().map_or("none".to_owned(), |record| hex::encode(record.hash()));
    match count {
        Some(count) if count.records == history.records.len() as u64 && count.last == last => Ok(()),
        _ => Err(StatementError::History(format!(
            "the history of item {} is not as long as the report states: records were left out",
            history.item
        ))),
    }
}

/// What a report was found to say of the items that an older statement counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compared {
    /// Items whose history in the report goes on from where the older statement saw it.
    pub whole: usize,
    /// Items of which the report gives no history: the openings are gone with the key of what was returned or
    /// erased. Its counter-receipt or certificate must stand for it.
    pub without_history: Vec<String>,
}

/// Checks an older statement against a newer report of the same log: of each item that the older one counts,
/// the report's history must contain, at the same number, the very record where the older one ended, and
/// after it the record of the older statement itself.
///
/// # Errors
/// A report of another log or another matter; a record that is missing or different.
pub fn check_against_report(older: &Verified, report: &Verified) -> Result<Compared, StatementError> {
    let fault = |what: String| Err(StatementError::History(what));
    if older.statement.origin != report.statement.origin {
        return fault("the two statements come from different logs".to_owned());
    }
    if report.statement.kind != Kind::Report {
        return fault("the newer statement is no report".to_owned());
    }
    if older.index > report.index {
        return fault("the report is older than the statement".to_owned());
    }
    let mut compared = Compared::default();
    for count in &older.statement.items {
        let item = &count.item;
        let Some(now) = report.statement.items.iter().find(|now| now.item == *item) else {
            return fault(format!("the report says nothing of item {item}"));
        };
        let missing = |number: u64| {
            fault(format!(
                "item {item}: record {number} of its history is missing or different in the report"
            ))
        };
        if now.records < count.records {
            return missing(now.records + 1);
        }
        let Some(history) = report.statement.histories.iter().find(|history| history.item == *item) else {
            compared.without_history.push(item.clone());
            continue;
        };
        let hash_of = |number: u64| {
            let at = usize::try_from(number.checked_sub(1)?).ok()?;
            history.records.get(at).map(|record| hex::encode(record.hash()))
        };
        if count.records > 0 && hash_of(count.records).as_ref() != Some(&count.last) {
            return missing(count.records);
        }
        // A statement about one item is itself the next record of that item.
        let own = older.statement.kind != Kind::Report && older.statement.items.len() == 1;
        if own && hash_of(count.records + 1).as_ref() != Some(&older.leaf_hash) {
            return missing(count.records + 1);
        }
        compared.whole += 1;
    }
    Ok(compared)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::leaf::Outcome;
    use crate::tree::{Edge, TileId};

    const ORIGIN: &str = "example.com/ledger";

    fn file(records: u64, last: &str, histories: Vec<History>) -> (StatementFile, VerifyKey) {
        let key = LogKey::from_seed(ORIGIN, &[1; 32]).unwrap();
        let statement = Statement {
            kind: Kind::Receipt,
            id: "s1".into(),
            origin: ORIGIN.into(),
            at: "2026-11-23T00:00:00Z".into(),
            items: vec![ItemCount { item: "i1".into(), records, last: last.to_owned() }],
            body: serde_json::json!({"title": "契約書\u{1}"}),
            histories,
        };
        let (text, note) = statement.sign(&[&key]).unwrap();
        let opening = Opening::new(leaf::STATEMENT, [3; 32], digest(&text));
        let mut entry = Leaf {
            kura: leaf::FORMAT,
            at: "2026-11-23T00:00:00Z".into(),
            event: "e9".into(),
            operation: "take".into(),
            outcome: Outcome::Done,
            rules: String::new(),
            fields: BTreeMap::new(),
        };
        entry.commit(std::slice::from_ref(&opening));
        let mut edge = Edge::default();
        edge.append(tree::leaf_hash(b"other"));
        edge.append(tree::leaf_hash(entry.encode().as_bytes()));
        let tiles = BTreeMap::from([(TileId { level: 0, index: 0 }, edge.partial_tile(0).to_vec())]);
        let head = Checkpoint { origin: ORIGIN.into(), size: 2, root: edge.root() };
        let proof = Proof {
            index: 1,
            path: tree::prove_inclusion(2, 1, &tiles).unwrap(),
            checkpoint: head.sign(&[&key]).unwrap(),
        };
        let file = StatementFile {
            statement: text,
            signature: note,
            leaf: entry.encode(),
            opening,
            proof: proof.encode(),
            succession: Succession::default(),
        };
        (file, key.verify_key())
    }

    #[test]
    fn a_receipt_verifies_with_the_public_key_alone() {
        let (file, key) = file(1, "aa", vec![]);
        let read = StatementFile::parse(file.encode().as_bytes()).unwrap();
        let verified = read.verify(&key, &[]).unwrap();
        assert_eq!((verified.index, verified.checkpoint.size), (1, 2));
        assert_eq!(verified.statement.items[0].records, 1);
    }

    #[test]
    fn every_flipped_byte_of_a_receipt_is_noticed() {
        let (file, key) = file(1, "aa", vec![]);
        let text = file.encode().into_bytes();
        for at in 0..text.len() {
            let mut bad = text.clone();
            bad[at] ^= 1;
            let Ok(parsed) = StatementFile::parse(&bad) else {
                continue;
            };
            // White space between the members of the JSON object is not part of the statement.
            if parsed == file {
                assert!(text[at].is_ascii_whitespace(), "byte {at}");
                continue;
            }
            assert!(parsed.verify(&key, &[]).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_report_that_is_shorter_than_it_states_is_refused() {
        let history = History { item: "i1".into(), records: vec![] };
        let (whole, key) = file(0, "none", vec![history.clone()]);
        whole.verify(&key, &[]).unwrap();
        let (cut, key) = file(2, "aa", vec![history]);
        assert!(matches!(cut.verify(&key, &[]), Err(StatementError::History(_))));
    }

    /// A statement of an item, or a report of its history, as if found in a file.
    fn found(kind: Kind, records: &[&str], counted: usize, leaf: &str) -> Verified {
        let record = |leaf: &&str| Record { index: 0, leaf: (*leaf).to_owned(), openings: vec![] };
        let history: Vec<Record> = records.iter().map(record).collect();
        let last = history[..counted].last().map_or("none".to_owned(), |record| hex::encode(record.hash()));
        let histories = match kind {
            Kind::Report => vec![History { item: "i1".into(), records: history }],
            _ => vec![],
        };
        let statement = Statement {
            kind,
            id: "s1".into(),
            origin: ORIGIN.into(),
            at: "2026-11-23T00:00:00Z".into(),
            items: vec![ItemCount { item: "i1".into(), records: counted as u64, last }],
            body: serde_json::Value::Null,
            histories,
        };
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size: 9, root: [0; 32] };
        let leaf_hash = hex::encode(tree::leaf_hash(leaf.as_bytes()));
        Verified { statement, index: 0, leaf_hash, checkpoint, new_key: None }
    }

    #[test]
    fn a_report_that_leaves_out_or_rewrites_what_a_receipt_counted_is_refused() {
        let receipt = found(Kind::Receipt, &[], 0, "taken");
        let report = |records: &[&str]| found(Kind::Report, records, records.len(), "reported");
        let whole = Compared { whole: 1, without_history: vec![] };
        assert_eq!(check_against_report(&receipt, &report(&["taken", "opened"])).unwrap(), whole);
        // The receipt's own record is the first of its item: another beginning is an invented history.
        assert!(check_against_report(&receipt, &report(&["invented", "opened"])).is_err());
        assert!(check_against_report(&receipt, &report(&[])).is_err());
        let returned = found(Kind::CounterReceipt, &["taken", "opened"], 2, "returned");
        assert!(check_against_report(&returned, &report(&["taken", "opened", "returned"])).is_ok());
        assert!(check_against_report(&returned, &report(&["taken", "returned"])).is_err(), "one left out");
        assert!(check_against_report(&returned, &report(&["taken", "changed", "returned"])).is_err());
        assert!(check_against_report(&returned, &report(&["taken", "opened", "other"])).is_err());
        // Said nothing of, and said to be gone, are not the same as whole.
        let mut silent = report(&["taken"]);
        silent.statement.items.clear();
        assert!(check_against_report(&receipt, &silent).is_err());
        let mut gone = report(&["taken"]);
        gone.statement.histories.clear();
        assert_eq!(check_against_report(&receipt, &gone).unwrap().without_history, ["i1"]);
        assert!(check_against_report(&receipt, &receipt).is_err(), "no report");
        let mut older = report(&["taken"]);
        older.index = 0;
        let mut receipt = receipt;
        receipt.index = 5;
        assert!(check_against_report(&receipt, &older).is_err(), "a report from before");
    }
}
