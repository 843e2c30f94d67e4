//! Every parser is fed what an enemy might send: anything, and good texts with something changed. None
//! panics, none takes the changed for the good.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use kura_ledger::checkpoint::{Checkpoint, LogKey, VerifyKey, open_note};
use kura_ledger::leaf::{
    FORMAT, ITEM, Leaf, Opening, Outcome, PREVIOUS, Record, SEQUENCE, STATEMENT, check_history,
};
use kura_ledger::proof::Proof;
use kura_ledger::statement::{History, ItemCount, Kind, Statement, StatementFile, digest};
use kura_ledger::succession::{Change, Succession, hand_on};
use kura_ledger::tree::{Edge, TileId, leaf_hash, prove_inclusion};
use kura_ledger::{page, succession, tile};
use proptest::prelude::*;

const ORIGIN: &str = "example.com/ledger";

fn key(seed: u8) -> LogKey {
    LogKey::from_seed(ORIGIN, &[seed; 32]).unwrap()
}

/// A statement's file with a history and a change of key in it.
fn statement_file() -> StatementFile {
    let opening = |field: &str, value: &str| Opening::new(field, [1; 32], value);
    let openings = vec![opening(ITEM, "i1"), opening(SEQUENCE, "1"), opening(PREVIOUS, "none")];
    let mut leaf = Leaf {
        kura: FORMAT,
        at: "2026-11-23T00:00:00Z".into(),
        event: "e1".into(),
        operation: "take".into(),
        outcome: Outcome::Done,
        rules: String::new(),
        fields: BTreeMap::new(),
    };
    leaf.commit(&openings);
    let record = Record { index: 0, leaf: leaf.encode(), openings };
    let statement = Statement {
        kind: Kind::Report,
        id: "s1".into(),
        origin: ORIGIN.into(),
        at: "2026-11-23T00:00:00Z".into(),
        items: vec![ItemCount { item: "i1".into(), records: 1, last: hex::encode(record.hash()) }],
        body: serde_json::json!({ "firm": "株式会社", "items": [{ "name": "契約書" }] }),
        histories: vec![History { item: "i1".into(), records: vec![record.clone()] }],
    };
    let (text, signature) = statement.sign(&[&key(1)]).unwrap();
    let opening = Opening::new(STATEMENT, [2; 32], digest(&text));
    let mut entry = Leaf { event: "e2".into(), operation: "report".into(), fields: BTreeMap::new(), ..leaf };
    entry.commit(std::slice::from_ref(&opening));
    let mut edge = Edge::default();
    edge.append(leaf_hash(record.leaf.as_bytes()));
    edge.append(leaf_hash(entry.encode().as_bytes()));
    let tiles = BTreeMap::from([(TileId { level: 0, index: 0 }, edge.partial_tile(0).to_vec())]);
    let head = Checkpoint { origin: ORIGIN.into(), size: 2, root: edge.root() };
    let path = prove_inclusion(2, 1, &tiles).unwrap();
    let proof = Proof { index: 1, path, checkpoint: head.sign(&[&key(2)]).unwrap() };
    let note = hand_on(&key(1), &key(2)).unwrap();
    let change =
        Change { opening: Opening::new("log_key", [3; 32], succession::digest(&note)), note, index: 0 };
    StatementFile {
        statement: text,
        signature,
        leaf: entry.encode(),
        opening,
        proof: proof.encode(),
        succession: Succession(vec![change]),
    }
}

/// Everything that reads what comes from outside.
fn read_all(bytes: &[u8]) {
    let keys = [key(1).verify_key(), key(2).verify_key()];
    let text = String::from_utf8_lossy(bytes);
    let _ = VerifyKey::parse(&text);
    let _ = Checkpoint::parse(&text);
    let _ = Checkpoint::open(bytes, &keys[0], &[]);
    let _ = open_note(bytes, &keys);
    if let Ok(proof) = Proof::parse(&text) {
        let _ = proof.verify(bytes, &keys[0], &[]);
    }
    if let Ok(leaf) = Leaf::parse(bytes) {
        let _ = leaf.encode();
        let record = Record { index: 0, leaf: text.to_string(), openings: vec![] };
        let _ = check_history("i1", &[record]);
    }
    if let Ok(file) = StatementFile::parse(bytes)
        && let Ok(found) = file.verify(&keys[0], &[])
    {
        let _ = page::page(&found, &file.statement);
    }
    if let Ok(succession) = serde_json::from_slice::<Succession>(bytes) {
        let _ = succession.keys(&keys[0]);
    }
    let _ = tile::split_entries(bytes);
    let _ = tile::decode_tile(bytes);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn anything_is_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_all(&bytes);
    }

    #[test]
    fn what_looks_right_is_read_without_a_panic(text in "(kura-log-key/1|c2sp.org/tlog-proof@v1|example.com/ledger|\\{\"kura\":1)[ -~\n\u{2014}]{0,200}") {
        read_all(text.as_bytes());
    }

    /// A good file with a piece cut out, doubled or overwritten: never taken for another good one.
    #[test]
    fn a_changed_statement_is_refused_without_a_panic(at in any::<prop::sample::Index>(), length in 0_usize..40, with in prop::collection::vec(any::<u8>(), 0..8)) {
        let file = statement_file();
        let good = file.encode().into_bytes();
        let from = at.index(good.len());
        let to = (from + length).min(good.len());
        let changed = [&good[..from], &with, &good[to..]].concat();
        read_all(&changed);
        for key in [key(1).verify_key(), key(2).verify_key()] {
            prop_assert!(file.verify(&key, &[]).is_ok());
            if let Ok(other) = StatementFile::parse(&changed)
                && let Ok(found) = other.verify(&key, &[])
            {
                // The succession may be left out by whoever trusts the newer key alone; the rest is as it was.
                prop_assert_eq!(&found.statement, &file.verify(&key, &[]).unwrap().statement);
            }
        }
    }
}
