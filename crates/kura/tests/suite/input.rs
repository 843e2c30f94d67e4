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
