//! Trouble: a newer database, a folder that cannot be written, damaged tiles, the wrong store; and every
//! statement prepared on both engines.

use std::path::{Path, PathBuf};

use kura::Error;
use kura::clock::Clock;
use kura::config::StoreSettings;
use kura::custody::open::Open;
use kura::custody::reclassify::Reclassify;
use kura::custody::show::Show;
use kura::custody::statement::ShowStatement;
use kura::doctor::{State, examine};
use kura::install::Installation;
use serde_json::json;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::both;
use crate::doors::serve;
use crate::firm::{Firm, NOW, founding};
use crate::life::verify;

both! {
    basic_1c_a_newer_database_is_refused_and_left_as_it_is
    basic_1c_a_rewritten_entry_below_a_tile_and_a_damaged_tile_are_noticed
    basic_2_content_goes_to_the_store_of_its_class
    system_every_statement_is_prepared
    basic_1b_a_statement_prints_as_a_page
    std_3_2_a_range_is_answered_as_the_standard_says
    basic_1c_whoever_goes_away_in_the_middle_leaves_nothing_behind
}

async fn basic_1c_a_newer_database_is_refused_and_left_as_it_is(firm: Firm) {
    let mut connection = firm.open.door.database().connect().await.unwrap();
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         select 9999, description, success, checksum, execution_time from _sqlx_migrations where version = 1",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    drop(connection);
    let Firm { open, folder, .. } = firm;
    let settings = open.settings.clone();
    open.close().await;
    for _ in 0..2 {
        let refused = Installation::open(settings.clone(), Clock::at(NOW)).await.err().unwrap();
        assert!(refused.to_string().contains("newer than this program"), "{refused}");
    }
    drop(folder);
}

#[tokio::test]
async fn basic_1c_a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = crate::firm::settings(folder.path(), crate::firm::Engine::Sqlite).await;
    // Nobody, not even root, makes a folder there.
    settings.data = "/proc/kura".into();
    let refused = Installation::found(settings.clone(), founding(folder.path()), Clock::at(NOW)).await;
    let refused = refused.err().unwrap().to_string();
    assert!(refused.starts_with("data: /proc/kura: "), "{refused}");
    assert!(!settings.key_file.exists(), "no key of an installation that is none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_passphrase_opens_the_keyring_and_no_other_does() {
    let firm = Firm::found(crate::firm::Engine::Sqlite).await;
    let Firm { open, folder, .. } = firm;
    let mut settings = open.settings.clone();
    let add = |settings: &kura::config::Settings, text: &str| kura::install::add_passphrase(settings, text);
    assert!(add(&settings, "correct horse battery").unwrap_err().to_string().contains("another Kura server"));
    open.close().await;
    assert!(add(&settings, "short").unwrap_err().to_string().contains("12 to 512"));
    add(&settings, "correct horse battery").unwrap();
    // The key file is elsewhere; the passphrase is enough.
    std::fs::rename(&settings.key_file, folder.path().join("elsewhere")).unwrap();
    settings.passphrase_file = folder.path().join("passphrase");
    std::fs::write(&settings.passphrase_file, "correct horse batterie\n").unwrap();
    let refused = Installation::open(settings.clone(), Clock::at(NOW)).await.err().unwrap();
    assert!(refused.to_string().contains("passphrase"), "{refused}");
    std::fs::write(&settings.passphrase_file, "correct horse battery\n").unwrap();
    Installation::open(settings, Clock::at(NOW)).await.unwrap().close().await;
}

async fn basic_1c_a_rewritten_entry_below_a_tile_and_a_damaged_tile_are_noticed(firm: Firm) {
    let item = firm.take(&firm.staff, "internal", "x.txt", b"x", false).await.item;
    for _ in 0..260 {
        firm.pass(&firm.staff, Show { item }).await.unwrap();
    }
    let told = |what: &'static str| {
        let settings = firm.open.settings.clone();
        async move {
            let findings = examine(&settings, &Clock::at(NOW)).await;
            let found = findings.into_iter().find(|finding| finding.what == what).unwrap();
            (found.state, found.told)
        }
    };
    assert_eq!(told("ledger").await.0, State::Good);
    let mut connection = firm.open.door.database().connect().await.unwrap();
    for (change, back) in [
        // The tile's root above it is untouched: no start notices this.
        (
            "update ledger_leaf set leaf = replace(leaf, 'done', 'none') where idx = 3",
            "update ledger_leaf set leaf = replace(leaf, 'none', 'done') where idx = 3",
        ),
        (
            "update ledger_tile set hashes = root where level = 0 and idx = 0",
            "update ledger_tile set hashes = hashes where level = 0 and idx = 0",
        ),
    ] {
        sqlx::query(change).execute(&mut connection).await.unwrap();
        let (state, told) = told("ledger").await;
        assert!(state == State::Bad && told.contains("restore a backup"), "{told}");
        sqlx::query(back).execute(&mut connection).await.unwrap();
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![] };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

async fn basic_2_content_goes_to_the_store_of_its_class(mut firm: Firm) {
    let store = |name: &str, lowest, highest| StoreSettings {
        name: name.to_owned(),
        folder: name.into(),
        lowest,
        highest,
    };
    firm.open.settings.store = vec![store("house", 0, 2), store("vault", 3, 3)];
    firm = firm.restart().await;
    let data = firm.open.settings.data.clone();
    let count = || [files(&data.join("house")).len(), files(&data.join("vault")).len()];
    let item = firm.take(&firm.custodian, "internal", "a.txt", b"a", false).await.item;
    assert_eq!(count(), [1, 0]);
    let secret = firm.take(&firm.custodian, "secret", "b.txt", b"b", false).await.item;
    assert_eq!(count(), [1, 1]);
    let opened = firm.pass(&firm.custodian, Open { item: secret, version: None }).await.unwrap();
    assert_eq!(firm.read(&firm.custodian, &opened.ticket).await.unwrap(), b"b");
    // No store may hold top secret; and what lies in the house does not become secret where it lies.
    let refused = firm.begin(&firm.custodian, "top_secret", "c.txt", 1, None).await;
    assert!(matches!(refused, Err(Error::Conflict(what)) if what.contains("no store may hold")));
    let raise = Reclassify { item, class: "secret".to_owned(), reason: "reviewed".parse().unwrap() };
    assert!(matches!(firm.pass(&firm.custodian, raise).await, Err(Error::Conflict(_))));
}

/// The statements in a source: texts that begin with a verb of SQL, as the compiler would join them.
fn statements(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source.split("#[cfg(test)]").next().unwrap();
    while let Some(start) = rest.find('"') {
        let mut text = String::new();
        let mut chars = rest[start + 1..].char_indices();
        let mut end = rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    end = start + 1 + at + 1;
                    break;
                }
                '\\' => match chars.next() {
                    Some((_, '\n')) => {
                        let mut ahead = chars.clone();
                        while ahead.next().is_some_and(|(_, c)| c.is_whitespace()) {
                            chars.next();
                        }
                    }
                    Some((_, other)) => text.push(other),
                    None => break,
                },
                c => text.push(c),
            }
        }
        let verb = ["select ", "insert into ", "update ", "delete from ", "with recursive "];
        if verb.iter().any(|verb| text.starts_with(verb)) && !text.contains('{') {
            found.push(text);
        }
        rest = &rest[end..];
    }
    found
}

async fn system_every_statement_is_prepared(firm: Firm) {
    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for path in files(folder) {
            if path.file_name().unwrap().to_str().unwrap().ends_with("store.rs") {
                found.push(path);
            }
        }
    }
    let mut stores = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut stores);
    assert!(stores.len() >= 7, "{stores:?}");
    let mut connection = firm.open.door.database().connect().await.unwrap();
    let postgres = firm.open.door.database().engine() == kura::db::Engine::Postgres;
    let mut prepared = 0;
    for path in stores {
        for statement in statements(&std::fs::read_to_string(&path).unwrap()) {
            // A beginning that is composed with a condition is prepared where it is used.
            let begun = ["where", " and", " from"].iter().any(|end| statement.trim_end().ends_with(end));
            let whole = !begun && !statement.ends_with('(');
            if !whole || statement == "select id, rev from person" {
                continue;
            }
            let told = if postgres {
                // The driver would have to name the types of what it gets; the server knows them.
                let named = format!("prepare statement_{prepared} as {statement}");
                (&mut connection).execute(AssertSqlSafe(named)).await.map(drop)
            } else {
                let statement = sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(statement.clone()));
                (&mut connection).prepare(statement).await.map(drop)
            };
            told.unwrap_or_else(|error| panic!("{}: {statement}: {error}", path.display()));
            prepared += 1;
        }
    }
    assert!(prepared > 90, "{prepared} statements");
}

async fn basic_1b_a_statement_prints_as_a_page(firm: Firm) {
    let taken = firm.take(&firm.custodian, "internal", "<b>表.csv", b"a,b", false).await;
    let served = serve(&firm).await;
    let token = served.sign_in("hana", "all").await;
    let path = format!("/statements/{}/page", taken.receipt);
    let (status, page) = served.ask("GET", &path, Some(&token), None).await;
    let page = page.as_str().unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("預り証") && page.contains("&lt;b&gt;表.csv") && !page.contains("<b>"));
    let outsider = served.sign_in("mori", "all").await;
    assert_eq!(served.ask("GET", &path, Some(&outsider), None).await.0, 404);
    assert_eq!(served.ask("GET", &path, None, None).await.0, 401);
    // The client makes the same page of the file alone.
    let file = firm.pass(&firm.custodian, ShowStatement { statement: taken.receipt }).await.unwrap().file;
    let (receipt, out) = (firm.folder.path().join("r.json"), firm.folder.path().join("r.html"));
    std::fs::write(&receipt, file).unwrap();
    let [receipt, made] = [&receipt, &out].map(|path| path.to_str().unwrap());
    let key = firm.open.door.log_key().to_string();
    assert!(verify(&["receipt", "--log-key", &key, "--page", made, receipt]));
    assert!(std::fs::read_to_string(&out).unwrap().contains("預り証"));
    assert!(!verify(&["receipt", "--log-key", &key, "--page", made, receipt]), "never overwritten");
}

async fn basic_1c_whoever_goes_away_in_the_middle_leaves_nothing_behind(firm: Firm) {
    let item = firm.take(&firm.custodian, "internal", "x.txt", b"x", false).await.item;
    // Cut off at every moment of a read, as a closed connection cuts it off.
    for micros in (0..4000).step_by(10) {
        let read = firm.pass(&firm.custodian, Show { item });
        let _ = tokio::time::timeout(std::time::Duration::from_micros(micros), read).await;
    }
    let reads = (0..64).map(|_| firm.pass(&firm.custodian, Show { item }));
    for read in futures_util::future::join_all(reads).await {
        read.unwrap();
    }
}

async fn std_3_2_a_range_is_answered_as_the_standard_says(firm: Firm) {
    let content: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
    let item = firm.take(&firm.custodian, "internal", "x.bin", &content, false).await.item;
    let served = serve(&firm).await;
    let token = served.sign_in("hana", "all").await;
    let (_, opened) = served.ask("POST", &format!("/items/{item}/open"), Some(&token), Some(json!({}))).await;
    let ticket = opened["ticket"].as_str().unwrap().to_owned();
    let ask = |range: Option<&str>| {
        let (agent, url) = (served.agent.clone(), format!("{}/content", served.base));
        let (token, ticket, range) = (token.clone(), ticket.clone(), range.map(ToOwned::to_owned));
        tokio::task::spawn_blocking(move || {
            let mut request = agent.get(&url).header("authorization", format!("Bearer {token}"));
            request = request.header("kura-ticket", ticket);
            if let Some(range) = range {
                request = request.header("range", range);
            }
            let mut response = request.call().unwrap();
            let told =
                response.headers().get("content-range").map(|value| value.to_str().unwrap().to_owned());
            let kind = response.headers().get("content-type").cloned();
            assert!(
                kind.is_none_or(|kind| kind == "application/octet-stream"),
                "content is never shown by a browser as a page of ours"
            );
            (response.status().as_u16(), told, response.body_mut().read_to_vec().unwrap())
        })
    };
    let (status, told, bytes) = ask(None).await.unwrap();
    assert_eq!((status, told, bytes == content), (200, None, true));
    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=16380-16390", 16380, 16391),
        ("bytes=-5", 99995, 100_000),
        ("bytes=99999-200000", 99999, 100_000),
    ] {
        let (status, told, bytes) = ask(Some(range)).await.unwrap();
        assert_eq!(status, 206, "{range}");
        assert_eq!(told.unwrap(), format!("bytes {from}-{}/100000", to - 1));
        assert_eq!(bytes, content[from..to], "{range}");
    }
    let (status, told, _) = ask(Some("bytes=100000-")).await.unwrap();
    assert_eq!((status, told.as_deref()), (416, Some("bytes */100000")));
    assert_eq!(ask(Some("bytes=0-1,5-6")).await.unwrap().0, 200, "several ranges are answered whole");
}
