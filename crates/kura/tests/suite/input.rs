//! Bad input gets a clear answer that says what to do, and leaves what is there intact.

use kura::Error;
use kura::clock::Clock;
use kura::install::Installation;
use serde_json::json;

use crate::doors::serve;
use crate::firm::{Engine, Firm, NOW, founding, settings};

fn told<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => panic!("it was accepted"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_bad_requests_are_named() {
    let firm = Firm::found(Engine::Sqlite).await;
    let served = serve(&firm).await;
    let token = served.sign_in("hana", "all").await;
    let take = format!("/matters/{}/take", firm.matter);
    let name255 = "あ".repeat(85);
    let name256 = format!("{name255}a");
    let with = |name: &str, value: serde_json::Value| {
        let mut body = json!({ "class": "secret", "source": "s", "place": "p", "name": "n" });
        body[name] = value;
        body
    };
    for (body, status, says) in [
        (
            with("class", json!("sekret")),
            400,
            "the classes are public, limited, internal, secret, top_secret",
        ),
        (with("name", json!("a/b")), 400, "U+002F"),
        (with("name", json!("\u{202E}gpj.exe")), 400, "U+202E"),
        (with("name", json!("a\u{7}")), 400, "U+0007"),
        (with("name", json!(name256)), 400, "255 bytes"),
        (with("name", json!("")), 400, "needs a name"),
        (with("source", json!("")), 400, "reason must be given"),
        (with("upload", json!("zero")), 400, "not an id"),
        (with("upload", json!("0190f3a8-7c1e-7b54-9f3e-1a2b3c4d5e6f")), 400, "either an upload"),
        (with("colour", json!("red")), 400, "colour"),
        (with("shared", json!("maybe")), 400, "shared"),
        (with("matter", json!("x")), 400, "in the path already"),
        (json!({ "class": "secret" }), 400, "source"),
        (json!([]), 400, "JSON object"),
        (with("name", json!(name255)), 200, ""),
        (with("name", json!("か\u{3099}いぶ")), 200, ""),
    ] {
        let (got, answer) = served.ask("POST", &take, Some(&token), Some(body.clone())).await;
        assert_eq!(got, status, "{body}: {answer}");
        if status != 200 {
            assert!(answer["detail"].as_str().unwrap().contains(says), "{body}: {answer}");
        }
    }
    let (_, list) = served.ask("GET", "/items?name=%E3%81%8C%E3%81%84%E3%81%B6", Some(&token), None).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "a name typed in NFD is found in NFC");
    for (path, status) in
        [("/items?limit=0", 400), ("/items?limit=x", 400), ("/items/none", 400), ("/nowhere", 404)]
    {
        assert_eq!(served.ask("GET", path, Some(&token), None).await.0, status, "{path}");
    }
    assert_eq!(served.ask("DELETE", "/items", Some(&token), None).await.0, 405);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_second_server_a_lost_key_and_a_newer_database_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), Engine::Sqlite).await;
    let clock = || Clock::at(NOW);
    assert!(told(Installation::open(settings.clone(), clock()).await).contains("kura init"));
    let inside =
        kura::install::Founding { recovery_file: settings.data.join("r"), ..founding(folder.path()) };
    assert!(
        told(Installation::found(settings.clone(), inside, clock()).await)
            .contains("outside the data folder")
    );
    let short = kura::install::Founding { password: "short".to_owned(), ..founding(folder.path()) };
    assert!(told(Installation::found(settings.clone(), short, clock()).await).contains("12 to 512"));
    let open = Installation::found(settings.clone(), founding(folder.path()), clock()).await.unwrap();
    assert!(told(Installation::open(settings.clone(), clock()).await).contains("another Kura server"));
    open.close().await;
    assert!(
        told(Installation::found(settings.clone(), founding(folder.path()), clock()).await)
            .contains("already")
    );

    let key = std::fs::read_to_string(&settings.key_file).unwrap();
    std::fs::write(&settings.key_file, "no key").unwrap();
    assert!(told(Installation::open(settings.clone(), clock()).await).contains("holds no key"));
    std::fs::write(&settings.key_file, "00".repeat(32)).unwrap();
    assert!(told(Installation::open(settings.clone(), clock()).await).contains("key file"));
    std::fs::remove_file(&settings.key_file).unwrap();
    assert!(told(Installation::open(settings.clone(), clock()).await).contains("kura.key"));
    std::fs::write(&settings.key_file, key).unwrap();

    // A clock that was set back: time stands still until it has caught up.
    let back = Installation::open(settings.clone(), Clock::at(NOW - 1_000_000)).await.unwrap();
    assert!(back.door.clock().now() >= NOW);
    back.close().await;

    let file = settings.data.join("kura.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let whole = bytes.clone();
    bytes[5000] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let damaged = told(Installation::open(settings.clone(), clock()).await);
    assert!(damaged.contains("damaged") || damaged.contains("tampered"), "{damaged}");
    std::fs::write(&file, &whole).unwrap();
    Installation::open(settings, clock()).await.unwrap().door.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_changed_record_and_a_damaged_block_are_noticed() {
    let firm = Firm::found(Engine::Sqlite).await;
    let item = firm.take(&firm.staff, "secret", "x.txt", &[5; 100_000], false).await.item;
    let mut parts = Vec::new();
    fn walk(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, files) } else { files.push(path) }
        }
    }
    walk(&firm.open.settings.data.join("content"), &mut parts);
    let whole = std::fs::read(&parts[0]).unwrap();
    for at in [0, 40, 60, 50_000, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&parts[0], &bytes).unwrap();
        let open = kura::custody::open::Open { item, version: None };
        let opened = firm.pass(&firm.staff, open).await.unwrap();
        let read = firm.read(&firm.staff, &opened.ticket).await;
        assert!(told(read).contains("content of item"), "a byte at {at}");
    }
    std::fs::write(&parts[0], &whole).unwrap();

    let mut connection = firm.open.door.database().connect().await.unwrap();
    sqlx::query("update ledger_leaf set leaf = replace(leaf, 'done', 'none') where idx = (select max(idx) from ledger_leaf)")
        .execute(&mut connection)
        .await
        .unwrap();
    drop(connection);
    let Firm { open, folder, .. } = firm;
    let settings = open.settings.clone();
    open.close().await;
    assert!(told(Installation::open(settings.clone(), Clock::at(NOW)).await).contains("rewritten"));
    let unmarked = kura::config::Settings { high_water_file: "".into(), ..settings.clone() };
    let refused = told(Installation::open(unmarked, Clock::at(NOW)).await);
    assert!(refused.contains("tampered"), "without the mark, too: {refused}");
    let findings = kura::doctor::examine(&settings, &Clock::at(NOW)).await;
    let bad = |what| {
        findings.iter().any(|finding| finding.what == what && finding.state == kura::doctor::State::Bad)
    };
    assert!(bad("ledger"), "{findings:?}");
    drop(folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_clock_that_jumped_ahead_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), Engine::Sqlite).await;
    let year = 365 * crate::firm::DAY;
    Installation::found(settings.clone(), founding(folder.path()), Clock::at(NOW + year))
        .await
        .unwrap()
        .close()
        .await;
    let findings = kura::doctor::examine(&settings, &Clock::at(NOW)).await;
    let clock = findings.iter().find(|finding| finding.what == "clock").unwrap();
    assert!(clock.state == kura::doctor::State::Bad && clock.told.contains("ahead"), "{clock:?}");
    let open = Installation::open(settings, Clock::at(NOW)).await.unwrap();
    assert_eq!(open.door.clock().now() / 1000, (NOW + year) / 1000, "time does not run back");
    open.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn std_4_2_a_pack_that_is_not_proved_does_not_come_into_force() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(folder.path(), Engine::Sqlite).await;
    settings.policy = folder.path().join("policy");
    let write = |from: &str, to: &str| {
        for (name, text) in kura::rules::pack::model() {
            let path = settings.policy.join(&name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = if name.starts_with("invariants/") { text } else { text.replace(from, to) };
            std::fs::write(path, text).unwrap();
        }
    };
    let found = || Installation::found(settings.clone(), founding(folder.path()), Clock::at(NOW));
    write("@clause(\"basic-3\")", "@clause(\"basic-99\")");
    assert!(told(found().await).contains("does not exist"), "an unknown clause");
    write("principal.until <= context.now", "principal.until < context.now");
    assert!(told(found().await).contains("not proved"), "an invariant that does not hold");
    // Unchanged and with its lock it comes into force, without a solver.
    write("Kura", "Kura");
    std::fs::write(settings.policy.join("proofs.lock"), kura::rules::lock::model_lock()).unwrap();
    found().await.unwrap().close().await;
}
