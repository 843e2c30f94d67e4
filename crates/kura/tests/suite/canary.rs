//! A planted word is found nowhere on disk; with encryption off the same search finds it.

use std::fs;
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
use kura::backup::create_backup::CreateBackup;
use kura::custody::open::Open;
use kura::custody::report::Report;
use kura::custody::take::Take;
use sqlx::Connection as _;

use crate::firm::{Engine, Firm, taking};

const CANARY: &str = "カナリヤ-canary-7f3a9";

/// Files below a folder that hold the word, as UTF-8, UTF-16 or base64 would.
pub fn found(folder: &Path, word: &str) -> Vec<PathBuf> {
    let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut needles = vec![word.as_bytes().to_vec(), utf16];
    // In base64 a text looks different at each of three positions; its inner characters are told apart.
    for shift in 0..3 {
        let padded = [&vec![0; shift][..], word.as_bytes()].concat();
        let encoded = BASE64_STANDARD_NO_PAD.encode(&padded);
        needles.push(encoded.as_bytes()[(shift * 8).div_ceil(6)..padded.len() * 8 / 6].to_vec());
    }
    let mut hits = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            hits.extend(found(&path, word));
        } else {
            // A file may be replaced while it is looked at.
            let Ok(bytes) = fs::read(&path) else { continue };
            let named = path.to_string_lossy().contains(word);
            let holds =
                |needle: &Vec<u8>| bytes.windows(needle.len()).any(|window| window == needle.as_slice());
            if named || needles.iter().any(holds) {
                hits.push(path);
            }
        }
    }
    hits
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_planted_word_is_found_nowhere_on_disk() {
    let firm = Firm::found(Engine::Sqlite).await;
    let content = CANARY.repeat(4000);
    let item = firm.take(&firm.staff, "secret", CANARY, content.as_bytes(), false).await.item;
    let noted = Take {
        source: CANARY.parse().unwrap(),
        place: Some(CANARY.parse().unwrap()),
        name: Some(CANARY.parse().unwrap()),
        ..taking(firm.matter, "secret")
    };
    firm.pass(&firm.staff, noted).await.unwrap();
    let opened = firm.pass(&firm.staff, Open { item, version: None }).await.unwrap();
    assert_eq!(firm.read(&firm.staff, &opened.ticket).await.unwrap(), content.as_bytes());
    firm.pass(&firm.custodian, Report::on(firm.matter)).await.unwrap();
    firm.pass(&firm.admin, CreateBackup {}).await.unwrap();
    // While it runs, write-ahead log and all; backups, keyring and mark are in the same folder.
    assert_eq!(found(firm.folder.path(), CANARY), Vec::<PathBuf>::new());
    crate::life::exported(&firm).await;
    assert_eq!(found(firm.folder.path(), CANARY), Vec::<PathBuf>::new(), "the export");
    let firm = firm.restart().await;
    assert_eq!(found(firm.folder.path(), CANARY), Vec::<PathBuf>::new(), "after a stop");

    // The control: the same search finds it in a plain database and in plain content.
    let plain = tempfile::tempdir().unwrap();
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=rwc", plain.path().join("plain.db").display());
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    sqlx::query("create table item (name text not null)").execute(&mut connection).await.unwrap();
    sqlx::query("insert into item (name) values ($1)").bind(CANARY).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    fs::write(plain.path().join("000000"), &content).unwrap();
    for before in ["", "a", "ab"] {
        let encoded = BASE64_STANDARD_NO_PAD.encode(format!("{before}{CANARY} and more"));
        fs::write(plain.path().join(format!("encoded{before}")), encoded).unwrap();
    }
    assert_eq!(found(plain.path(), CANARY).len(), 5);
}
