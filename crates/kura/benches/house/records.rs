//! Recorded operations, beside bare group commit with the same driver and cipher; the ledger's verification.

use std::time::{Duration, Instant};

use kura::custody::begin::Begin;
use kura::custody::open::Open;
use kura::custody::take::Take;
use kura::custody::upload::Uploads;
use kura::door::Options;
use kura::id::ItemId;
use kura_ledger::checkpoint::{Checkpoint, LogKey};
use kura_ledger::export::{Writer, check};
use kura_ledger::tree::{Edge, leaf_hash};
use sha2::Digest as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use crate::firm::{Firm, pass};
use crate::{Report, percentiles, timed};

const CLIENTS: usize = 64;
const RUN: Duration = Duration::from_secs(5);

pub async fn measure(report: &mut Report) {
    let firm = Firm::found().await;
    let item = taken(&firm).await;
    let mut alone = Vec::new();
    for _ in 0..300 {
        let started = Instant::now();
        pass(&firm.open, &firm.custodian, Open { item, version: None }).await;
        alone.push(started.elapsed());
    }
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (door, who) = (firm.open.door.clone(), firm.custodian.clone());
            tokio::spawn(async move {
                let mut done = 0_u64;
                while started.elapsed() < RUN {
                    door.pass(&who, Open { item, version: None }, Options::default()).await.unwrap();
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut reads = 0;
    for client in clients {
        reads += client.await.unwrap();
    }
    let ours = reads as f64 / started.elapsed().as_secs_f64();
    let bare = bare(firm.folder.path()).await;
    report.add(
        "durable recorded openings, 64 clients",
        format!("{ours:.0}/s"),
        format!("{:.2} of bare group commit ({bare:.0}/s)", ours / bare),
        "≥ 10,000/s; ≥ 0.5 of bare",
    );
    let (middle, slow) = percentiles(alone);
    report.add(
        "one recorded opening, nobody else there",
        format!("{:.1} ms (p99 {:.1} ms)", middle.as_secs_f64() * 1e3, slow.as_secs_f64() * 1e3),
        "one commit with a sync".to_owned(),
        "—",
    );
    firm.open.close().await;
}

/// A file in custody, to be opened.
async fn taken(firm: &Firm) -> ItemId {
    let begin = Begin {
        matter: firm.matter,
        class: "internal".to_owned(),
        name: "figures.csv".parse().unwrap(),
        media: "text/csv".parse().unwrap(),
        size: 5,
        item: None,
    };
    let upload = pass(&firm.open, &firm.custodian, begin).await.upload;
    let part = bytes::Bytes::from_static(b"1,2,3");
    Uploads::default().put(&firm.open.door, &firm.custodian, upload, 0, part).await.unwrap();
    let take = Take {
        matter: firm.matter,
        class: "internal".to_owned(),
        source: "bench".parse().unwrap(),
        upload: Some(upload),
        sha256: None,
        place: None,
        name: None,
        custodian: None,
        shared: false,
    };
    pass(&firm.open, &firm.custodian, take).await.item
}

/// One row a job, 64 jobs a commit, the same driver, cipher and durability, and nothing else.
async fn bare(folder: &std::path::Path) -> f64 {
    let url = format!("sqlite://{}?mode=rwc", folder.join("bare.db").display());
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    let key = format!("pragma key = \"x'{}'\"", "11".repeat(32));
    connection.execute(AssertSqlSafe(key)).await.unwrap();
    for pragma in [
        "pragma journal_mode = wal",
        "pragma synchronous = full",
        "create table leaf (idx bigint primary key, leaf text not null)",
    ] {
        connection.execute(pragma).await.unwrap();
    }
    let leaf = "x".repeat(900);
    let started = Instant::now();
    let mut index = 0_i64;
    while started.elapsed() < RUN {
        connection.execute("begin immediate").await.unwrap();
        for _ in 0..CLIENTS {
            sqlx::query("insert into leaf (idx, leaf) values ($1, $2)")
                .bind(index)
                .bind(&leaf)
                .execute(&mut connection)
                .await
                .unwrap();
            index += 1;
        }
        connection.execute("commit").await.unwrap();
    }
    index as f64 / started.elapsed().as_secs_f64()
}

/// Checks an export of a million leaves.
pub fn measure_ledger(report: &mut Report) {
    const LEAVES: u64 = 1_000_000;
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export");
    let key = LogKey::from_seed("kura.example/bench", &[1; 32]).unwrap();
    let mut writer = Writer::create(&export).unwrap();
    let mut edge = Edge::default();
    let leaf =
        |number: u64| format!("{{\"kura\":1,\"event\":\"{number:036}\",\"fields\":\"{}\"}}", "0".repeat(600));
    for number in 0..LEAVES {
        let leaf = leaf(number);
        edge.append(leaf_hash(leaf.as_bytes()));
        writer.push(leaf.as_bytes()).unwrap();
    }
    let head = Checkpoint { origin: "kura.example/bench".to_owned(), size: LEAVES, root: edge.root() };
    writer.finish(&head.sign(&[&key]).unwrap(), &key.verify_key()).unwrap();
    let (checked, took) = timed(|| check(&export, &key.verify_key(), &[]));
    assert!(checked.findings.is_empty());
    let bytes: Vec<u8> = leaf(0).into_bytes();
    let (_, limit) = timed(|| {
        for _ in 0..LEAVES {
            std::hint::black_box(sha2::Sha256::digest(&bytes));
            std::hint::black_box(sha2::Sha256::digest([0_u8; 65]));
        }
    });
    report.add(
        "verify an exported ledger of 1,000,000 leaves",
        format!("{:.2} million leaves/s", LEAVES as f64 / took.as_secs_f64() / 1e6),
        format!("{:.1} × the time of the hashes alone", took.as_secs_f64() / limit.as_secs_f64()),
        "≥ 1 million/s; ≤ 3 × the hashes",
    );
}
