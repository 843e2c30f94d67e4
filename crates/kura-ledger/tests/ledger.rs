//! The ledger from outside: exports, their tampering, witnesses, and the program `kura-verify`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kura_ledger::checkpoint::{Checkpoint, LogKey};
use kura_ledger::cosignature::WitnessKey;
use kura_ledger::export::{self, ExportError, Writer};
use kura_ledger::tile;
use kura_ledger::tree::{self, Edge};
use kura_ledger::witness::{Witness, WitnessError};

const ORIGIN: &str = "example.com/ledger";

fn log() -> LogKey {
    LogKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn entry(n: u64) -> Vec<u8> {
    format!("entry {n}").into_bytes()
}

/// Exports entries as the log's owner would.
fn write(folder: &Path, entries: &[Vec<u8>]) -> Checkpoint {
    try_write(folder, entries).unwrap()
}

fn try_write(folder: &Path, entries: &[Vec<u8>]) -> Result<Checkpoint, ExportError> {
    let mut writer = Writer::create(folder)?;
    let mut edge = Edge::default();
    for entry in entries {
        writer.push(entry)?;
        edge.append(tree::leaf_hash(entry));
    }
    let head = Checkpoint { origin: ORIGIN.into(), size: entries.len() as u64, root: edge.root() };
    let note = head.sign(&[&log()]).unwrap();
    writer.finish(&note, &log().verify_key())
}

fn entries(size: u64) -> Vec<Vec<u8>> {
    (0..size).map(entry).collect()
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

fn findings(folder: &Path) -> Vec<String> {
    export::check(folder, &log().verify_key(), &[])
        .findings
        .into_iter()
        .map(|finding| format!("{}: {}", finding.path, finding.what))
        .collect()
}

#[test]
fn basic_1c_every_flipped_byte_of_every_file_of_an_export_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &entries(300));
    assert_eq!(findings(folder.path()), Vec::<String>::new());
    for (path, bytes) in files(folder.path()) {
        let name = path.strip_prefix(folder.path()).unwrap().to_str().unwrap();
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            fs::write(&path, bad).unwrap();
            let found = findings(folder.path());
            // A changed entry shows at the tile over it; every other change in its own file.
            let index = name.strip_prefix("tile/entries/");
            let named = found.iter().any(|finding| {
                finding.starts_with(name)
                    || index.is_some_and(|index| finding.starts_with(&format!("tile/0/{index}")))
            });
            assert!(named, "{name} byte {at}: {found:?}");
        }
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(findings(folder.path()), Vec::<String>::new());
}

#[test]
fn basic_1c_a_cut_tail_a_reordered_pair_a_left_out_entry_and_a_strange_file_are_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &entries(300));
    let tail = folder.path().join(tile::entries_path(1, 44));
    let whole = fs::read(&tail).unwrap();
    let split = tile::split_entries(&whole).unwrap();
    let bundle = |entries: &[&[u8]]| {
        let mut bytes = Vec::new();
        entries.iter().for_each(|entry| tile::push_entry(&mut bytes, entry));
        bytes
    };

    fs::write(&tail, bundle(&split[..43])).unwrap();
    assert!(findings(folder.path())[0].contains("holds 43 entries instead of 44"));

    let mut swapped = split.clone();
    swapped.swap(3, 4);
    fs::write(&tail, bundle(&swapped)).unwrap();
    assert!(findings(folder.path())[0].contains("entry 259 was changed"));

    let mut left_out = split.clone();
    left_out.remove(7);
    left_out.push(b"one more");
    fs::write(&tail, bundle(&left_out)).unwrap();
    assert!(findings(folder.path())[0].contains("entry 263 was changed"));

    fs::remove_file(&tail).unwrap();
    assert!(findings(folder.path())[0].contains("is missing"));
    fs::write(&tail, &whole).unwrap();

    fs::write(folder.path().join("tile/note.txt"), "hello").unwrap();
    assert_eq!(findings(folder.path()), ["tile/note.txt: does not belong to the export"]);
}

#[test]
fn basic_1c_a_swapped_checkpoint_is_named() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(one.path(), &entries(300));
    let mut other = entries(300);
    other[10] = b"another history".to_vec();
    write(two.path(), &other);
    // Signed by the same key, of the same size: only the tree tells.
    fs::copy(two.path().join("checkpoint"), one.path().join("checkpoint")).unwrap();
    assert_eq!(findings(one.path()), ["checkpoint: signs a tree other than the one these entries make"]);
}

#[test]
fn an_export_is_renewed_in_place_and_leaves_no_partial_tiles_behind() {
    let folder = tempfile::tempdir().unwrap();
    for size in [0, 1, 255, 256, 257, 300, 600] {
        write(folder.path(), &entries(size));
        assert_eq!(findings(folder.path()), Vec::<String>::new(), "at {size}");
    }
    // What was exported is evidence: a shorter or another history does not replace it.
    let seen = files(folder.path());
    let mut other = entries(600);
    other[590] = b"another history".to_vec();
    for entries in [entries(599), entries(300), other.clone(), [other, entries(700)].concat()] {
        assert!(matches!(try_write(folder.path(), &entries), Err(ExportError::Rewritten(_))));
        assert_eq!(findings(folder.path()), Vec::<String>::new());
        let now = files(folder.path());
        assert!(seen.iter().all(|(path, bytes)| now.get(path) == Some(bytes)));
    }
    let strange = tempfile::tempdir().unwrap();
    fs::write(strange.path().join("mine.txt"), "mine").unwrap();
    assert!(Writer::create(strange.path()).is_err());
}

#[test]
fn a_writer_puts_no_checkpoint_over_other_entries() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path()).unwrap();
    writer.push(b"one").unwrap();
    let head = Checkpoint { origin: ORIGIN.into(), size: 1, root: [0; 32] };
    let note = head.sign(&[&log()]).unwrap();
    assert!(writer.finish(&note, &log().verify_key()).is_err());
    assert!(!folder.path().join("checkpoint").exists());
}

#[test]
fn a_witness_cosigns_growth_and_nothing_else() {
    let state = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let key = || WitnessKey::from_seed("witness.example", &[2; 32]).unwrap();
    let witness = Witness::open(state.path(), key()).unwrap();
    let trust = [key().verify_key()];
    let log_key = log().verify_key();

    write(folder.path(), &entries(0));
    let unknown = witness.cosign(folder.path(), &log_key, 1_700_000_000, false);
    assert!(matches!(unknown, Err(WitnessError::New(_))), "a lost memory is no new log");
    for size in [0, 5, 5, 300, 700] {
        write(folder.path(), &entries(size));
        let note = witness.cosign(folder.path(), &log_key, 1_700_000_000, size == 0).unwrap();
        let head = Checkpoint::open(note.as_bytes(), &log_key, &trust).unwrap();
        assert_eq!(head.size, size);
    }
    let refused = |entries: &[Vec<u8>]| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), entries);
        match witness.cosign(folder.path(), &log_key, 1_700_000_001, false) {
            Err(WitnessError::Inconsistent { evidence, .. }) => assert!(evidence.exists()),
            other => panic!("cosigned or failed otherwise: {other:?}"),
        }
    };
    refused(&entries(699));
    let mut rewritten = entries(800);
    rewritten[3] = b"nothing happened".to_vec();
    refused(&rewritten);
    rewritten.truncate(700);
    refused(&rewritten);
    assert_eq!(witness.seen(ORIGIN).unwrap().unwrap().size, 700);
    assert!(Witness::open(state.path(), key()).is_err(), "two at once");
}

fn kura_verify(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kura-verify")).args(args).output().unwrap()
}

#[test]
fn the_program_exits_0_1_2_and_4() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &entries(300));
    let path = folder.path().to_str().unwrap();
    let vkey = log().verify_key().to_string();

    let good = kura_verify(&["export", path, "--log-key", &vkey]);
    assert_eq!(good.status.code(), Some(0));
    let text = String::from_utf8(good.stdout).unwrap();
    assert!(text.starts_with("OK: 300 entries of example.com/ledger"), "{text}");

    let json = kura_verify(&["export", path, "--log-key", &vkey, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["entries"], 300);

    let missing = kura_verify(&["export", "/nowhere", "--log-key", &vkey]);
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(kura_verify(&["export", path]).status.code(), Some(2));
    assert_eq!(kura_verify(&["--help"]).status.code(), Some(0));

    fs::write(folder.path().join(tile::entries_path(1, 44)), "x").unwrap();
    let bad = kura_verify(&["export", path, "--log-key", &vkey]);
    assert_eq!(bad.status.code(), Some(4));
    assert!(String::from_utf8(bad.stderr).unwrap().contains("tile/entries/001.p/44"));
}

#[test]
fn the_program_witnesses_and_then_demands_the_cosignature() {
    let folder = tempfile::tempdir().unwrap();
    let mine = tempfile::tempdir().unwrap();
    write(folder.path(), &entries(5));
    let file = |name: &str| mine.path().join(name).to_str().unwrap().to_owned();
    let (path, vkey) = (folder.path().to_str().unwrap(), log().verify_key().to_string());

    let made = kura_verify(&["witness-key", "w.example", "--out", &file("key")]);
    assert_eq!(made.status.code(), Some(0));
    let witness = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    let again = kura_verify(&["witness-key", "w.example", "--out", &file("key")]);
    assert_eq!(again.status.code(), Some(1), "a secret is never overwritten");

    let demand = ["export", path, "--log-key", &vkey, "--witness", &witness];
    assert_eq!(kura_verify(&demand).status.code(), Some(4));
    let cosigned = file("checkpoint");
    let (key, state) = (file("key"), file("state"));
    let cosign = ["witness", path, "--log-key", &vkey, "--key", &key, "--state", &state, "--out", &cosigned];
    assert_eq!(kura_verify(&cosign).status.code(), Some(1), "never seen, and not said so");
    assert_eq!(kura_verify(&[&cosign[..], &["--first"]].concat()).status.code(), Some(0));
    assert_eq!(kura_verify(&cosign).status.code(), Some(0));
    fs::copy(&cosigned, folder.path().join("checkpoint")).unwrap();
    assert_eq!(kura_verify(&demand).status.code(), Some(0));
    // A name alone is a file where one stands.
    let here = ["witness", path, "--log-key", &vkey, "--key", &key, "--state", &state, "--out", "cosigned"];
    let told = Command::new(env!("CARGO_BIN_EXE_kura-verify")).args(here).current_dir(mine.path()).output();
    assert_eq!(told.unwrap().status.code(), Some(0));
    assert!(mine.path().join("cosigned").exists());
}
