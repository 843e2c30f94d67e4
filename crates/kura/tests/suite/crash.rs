//! The real server, killed under load: what it acknowledged is there when it starts again, what it did not
//! acknowledge is there once or not at all, and the ledger goes on from where it was seen last.
//!
//! `KURA_TEST_ROUNDS` is the number of kills, `KURA_TEST_SEED` where to begin.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kura_ledger::checkpoint::{Checkpoint, VerifyKey};
use kura_ledger::export::Reader;
use kura_ledger::leaf::Leaf;
use kura_ledger::tree;
use serde_json::{Value, json};

use crate::firm::{Engine, PASSWORD, fresh_database};
use crate::life::verify;
use crate::model::{Dice, number};

const CLIENTS: u64 = 4;
/// A little over one part.
const LARGE: usize = (8 << 20) + 1000;

#[test]
fn basic_1c_what_was_acknowledged_survives_a_kill_sqlite() {
    survives(Engine::Sqlite);
}

#[test]
fn basic_1c_what_was_acknowledged_survives_a_kill_postgres() {
    survives(Engine::Postgres);
}

fn survives(engine: Engine) {
    let rounds = number("KURA_TEST_ROUNDS").unwrap_or(6);
    let mut dice = Dice::new(number("KURA_TEST_SEED").unwrap_or(1));
    let mut firm = Firm::found(engine);
    for round in 0..rounds {
        let journals = firm.load_and_kill(round, &mut dice);
        if dice.one_in(3) {
            // Killed again while it starts.
            let again = firm.place.serve();
            std::thread::sleep(Duration::from_millis(dice.roll(200)));
            drop(again);
        }
        firm.start();
        for journal in journals {
            firm.settle(journal);
        }
        firm.check();
    }
    let erased = firm.items.iter().filter(|item| item.erased).count();
    eprintln!(
        "{rounds} kills: {} items, {erased} of them erased, {} acknowledged records, {} of {} writes cut short had been done",
        firm.items.len(),
        firm.acknowledged.len(),
        firm.cut_done,
        firm.cut,
    );
}

/// An installation's files.
struct Place(tempfile::TempDir);

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn kura(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kura"));
        command
            .args(args)
            .env("KURA_DATA", self.path("data"))
            .env("KURA_KEY_FILE", self.path("kura.key"))
            .env("KURA_HOME", self.path("home"))
            .env("KURA_HIGH_WATER_FILE", self.path("high-water"))
            .env("KURA_METRICS_LISTEN", "")
            .env("KURA_NEW_PASSWORD", PASSWORD);
        let url = self.path("url");
        if url.exists() {
            command.env("KURA_DATABASE_URL_FILE", url);
        }
        command
    }

    fn serve(&self) -> Server {
        let mut command = self.kura(&["serve", "--listen", "127.0.0.1:0"]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        Server(child)
    }
}

/// A server's process; killed when dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Waits until it serves; returns where.
    fn address(&mut self) -> String {
        let mut lines = BufReader::new(self.0.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        for line in lines.by_ref() {
            let line = line.unwrap();
            if let Some((_, address)) = line.split_once("serving on http://") {
                let address = address.split('"').next().unwrap().trim().to_owned();
                std::thread::spawn(move || lines.for_each(drop));
                return address;
            }
            said.push(line);
        }
        panic!("the server did not start: {}", said.join("\n"));
    }
}

/// The connection was cut: nobody knows whether it was done.
#[derive(Debug)]
struct Cut;

struct Answer {
    status: u16,
    record: Option<(u64, String)>,
    bytes: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }
}

#[derive(Clone)]
struct Client {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Client {
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, Cut> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        let mut response = self.agent.run(request).map_err(|_| Cut)?;
        let text = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let index = text("kura-index").map(|index| index.parse().unwrap());
        let record = index.zip(text("kura-record"));
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(1 << 30);
        Ok(Answer { status, record, bytes: body.read_to_vec().map_err(|_| Cut)? })
    }

    fn get(&self, path: &str) -> Result<Answer, Cut> {
        let answer = self.send("GET", path, &[], b"")?;
        assert_eq!(answer.status, 200, "{path}: {}", answer.json());
        Ok(answer)
    }

    fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Result<Answer, Cut> {
        let headers: Vec<_> = key.map(|key| ("idempotency-key", key)).into_iter().collect();
        let answer = self.send("POST", path, &headers, body.to_string().as_bytes())?;
        assert_eq!(answer.status, 200, "{path} {body}: {}", answer.json());
        Ok(answer)
    }

    fn content(&self, opened: &Value) -> Result<Vec<u8>, Cut> {
        let ticket = opened["ticket"].as_str().unwrap();
        let answer = self.send("GET", "/content", &[("kura-ticket", ticket)], b"")?;
        assert_eq!(answer.status, 200, "{}", answer.json());
        Ok(answer.bytes)
    }
}

/// An item as far as it was acknowledged.
#[derive(Debug, Clone)]
struct Item {
    id: String,
    /// Nothing of a tangible one.
    content: Option<Arc<Vec<u8>>>,
    hold: Option<String>,
    erased: bool,
}

/// An upload of which nothing has been made yet.
struct Upload {
    id: String,
    name: String,
    content: Arc<Vec<u8>>,
    /// Parts that were acknowledged.
    sent: usize,
}

/// What a write does to what is known.
#[derive(Debug, Clone)]
enum What {
    Box,
    Begin {
        name: String,
        content: Arc<Vec<u8>>,
    },
    /// Of this upload.
    File(String),
    Hold(usize),
    Release(usize),
    Erase(usize),
}

#[derive(Clone)]
struct Write {
    path: String,
    key: String,
    body: Value,
    what: What,
}

/// What one client was told.
#[derive(Default)]
struct Journal {
    name: String,
    matter: String,
    writes: u64,
    items: Vec<Item>,
    uploads: Vec<Upload>,
    /// Index and id of every acknowledged record.
    acknowledged: Vec<(u64, String)>,
    /// The write that was not answered.
    pending: Option<Write>,
}

impl Journal {
    /// Random operations until the server is gone.
    fn load(&mut self, client: &Client, dice: &mut Dice) -> Cut {
        loop {
            if let Err(cut) = self.one(client, dice) {
                return cut;
            }
        }
    }

    fn one(&mut self, client: &Client, dice: &mut Dice) -> Result<(), Cut> {
        let some = dice.index(self.items.len()).filter(|item| !self.items[*item].erased);
        match (dice.roll(10), some) {
            (3, _) => {
                let size = if dice.one_in(4) { LARGE } else { dice.roll(50_000) as usize };
                let salt = dice.roll(251) as usize;
                let content = (0..size).map(|at| ((at >> 8) + at * salt) as u8).collect();
                self.upload(client, Arc::new(content))
            }
            (4, Some(item)) => match &self.items[item].hold {
                None => self.on(client, item, "hold", json!({ "reason": "dispute" }), What::Hold(item)),
                Some(hold) => {
                    let body = json!({ "hold": hold, "reason": "settled" });
                    self.on(client, item, "release", body, What::Release(item))
                }
            },
            (5, Some(item)) if self.items[item].content.is_some() => {
                let opened =
                    client.post(&format!("/items/{}/open", self.items[item].id), None, &json!({}))?;
                self.acknowledged.extend(opened.record.clone());
                let content = client.content(&opened.json())?;
                assert_eq!(Some(&content), self.items[item].content.as_deref());
                Ok(())
            }
            (6, _) => {
                let listed = client.get("/items?count=true")?;
                self.acknowledged.extend(listed.record.clone());
                assert!(listed.json()["count"].as_u64().unwrap() >= self.items.len() as u64);
                Ok(())
            }
            (7 | 8, Some(item)) if self.items[item].hold.is_none() => {
                self.on(client, item, "erase", json!({ "reason": "over" }), What::Erase(item))
            }
            _ => {
                let body = json!({
                    "class": "internal", "source": "by hand", "place": "shelf", "name": format!("box {}", self.writes),
                });
                self.write(client, format!("/matters/{}/take", self.matter), body, What::Box)
            }
        }
    }

    fn on(&mut self, client: &Client, item: usize, verb: &str, body: Value, what: What) -> Result<(), Cut> {
        let path = format!("/items/{}/{verb}", self.items[item].id);
        self.write(client, path, body, what)
    }

    fn write(&mut self, client: &Client, path: String, body: Value, what: What) -> Result<(), Cut> {
        self.writes += 1;
        let key = format!("{} {}", self.name, self.writes);
        let write = Write { path, key, body, what };
        self.pending = Some(write.clone());
        let answer = client.post(&write.path, Some(&write.key), &write.body)?;
        self.pending = None;
        self.done(write.what, &answer);
        Ok(())
    }

    /// Notes an acknowledged write.
    fn done(&mut self, what: What, answer: &Answer) {
        self.acknowledged.push(answer.record.clone().unwrap());
        let told = answer.json();
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let made = |content| Item { id: text("item"), content, hold: None, erased: false };
        match what {
            What::Box => self.items.push(made(None)),
            What::Begin { name, content } => {
                self.uploads.push(Upload { id: text("upload"), name, content, sent: 0 })
            }
            What::File(upload) => {
                let of = self.uploads.iter().position(|of| of.id == upload).unwrap();
                let content = self.uploads.remove(of).content;
                self.items.push(made(Some(content)));
            }
            What::Hold(item) => self.items[item].hold = Some(text("hold")),
            What::Release(item) => self.items[item].hold = None,
            What::Erase(item) => {
                assert!(told["certificate"].is_string(), "{told}");
                self.items[item].erased = true;
            }
        }
    }

    fn upload(&mut self, client: &Client, content: Arc<Vec<u8>>) -> Result<(), Cut> {
        let name = format!("file {}", self.writes);
        let body = json!({ "class": "internal", "name": name, "size": content.len() });
        let path = format!("/matters/{}/uploads", self.matter);
        self.write(client, path, body, What::Begin { name, content })?;
        self.finish(client, self.uploads.len() - 1)
    }

    /// Sends what is missing of an upload, and takes it into custody.
    fn finish(&mut self, client: &Client, upload: usize) -> Result<(), Cut> {
        let upload = &mut self.uploads[upload];
        let parts = upload.content.chunks(8 << 20).enumerate().skip(upload.sent);
        for (number, part) in parts {
            let path = format!("/uploads/{}/parts/{number}", upload.id);
            let answer = client.send("PUT", &path, &[], part)?;
            assert_eq!(answer.status, 204, "{}", answer.json());
            upload.sent = number + 1;
        }
        let body = json!({
            "class": "internal", "source": "by hand", "upload": upload.id, "name": upload.name,
        });
        let what = What::File(upload.id.clone());
        self.write(client, format!("/matters/{}/take", self.matter), body, what)
    }
}

/// The firm: its files, its server, and all that was ever acknowledged.
struct Firm {
    place: Place,
    server: Server,
    client: Client,
    log_key: VerifyKey,
    matter: String,
    items: Vec<Item>,
    acknowledged: Vec<(u64, String)>,
    /// Checkpoints as seen from outside.
    seen: Vec<Checkpoint>,
    /// Writes that were not answered, and how many of them had been done.
    cut: u64,
    cut_done: u64,
}

impl Firm {
    fn found(engine: Engine) -> Self {
        let place = Place(tempfile::tempdir().unwrap());
        if engine == Engine::Postgres {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            std::fs::write(place.path("url"), runtime.block_on(fresh_database())).unwrap();
        }
        let recovery = place.path("recovery.txt");
        let founded = place
            .kura(&["init", "--firm", "株式会社サンプル", "--origin", "kura.example/crash"])
            .args(["--login", "admin", "--name", "管理 太郎", "--recovery-file"])
            .arg(recovery)
            .output()
            .unwrap();
        assert!(founded.status.success(), "{founded:?}");
        let key = place.kura(&["ledger", "key"]).output().unwrap();
        let log_key = VerifyKey::parse(String::from_utf8(key.stdout).unwrap().trim()).unwrap();
        let mut server = place.serve();
        let mut client = Client {
            agent: ureq::Agent::config_builder()
                .http_status_as_error(false)
                .timeout_global(Some(Duration::from_secs(60)))
                .build()
                .new_agent(),
            base: format!("http://{}/api/v1", server.address()),
            token: String::new(),
        };
        let post = |client: &Client, path: &str, body| client.post(path, None, &body).unwrap().json();
        let sign_in = json!({ "login": "admin", "password": PASSWORD, "label": "test", "days": 1 });
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        client.token = text(&post(&client, "/sign-in", sign_in)["token"]);
        post(&client, "/policy/acknowledge", json!({ "version": 1, "language": "ja", "read": true }));
        let party = text(&post(&client, "/parties", json!({ "name": "委託者A" }))["party"]);
        let matter = json!({
            "code": "2026-014", "name": "調査", "party": party, "basis": "契約", "purpose": "調査",
            "return_by": "2099-12-31",
        });
        let matter = text(&post(&client, "/matters", matter)["matter"]);
        Self {
            place,
            server,
            client,
            log_key,
            matter,
            items: Vec::new(),
            acknowledged: Vec::new(),
            seen: Vec::new(),
            cut: 0,
            cut_done: 0,
        }
    }

    fn start(&mut self) {
        self.server = self.place.serve();
        self.client.base = format!("http://{}/api/v1", self.server.address());
    }

    /// Several clients and one that watches the checkpoint, until the server is killed.
    fn load_and_kill(&mut self, round: u64, dice: &mut Dice) -> Vec<Journal> {
        let seen = Mutex::new(Vec::new());
        let (client, log_key, matter) = (&self.client, &self.log_key, &self.matter);
        let server = &mut self.server;
        let journals = std::thread::scope(|scope| {
            let loading: Vec<_> = (0..CLIENTS)
                .map(|number| {
                    let mut dice = Dice::new(dice.roll(u64::MAX));
                    scope.spawn(move || {
                        let mut journal = Journal {
                            name: format!("{round} {number}"),
                            matter: matter.clone(),
                            ..Journal::default()
                        };
                        let Cut = journal.load(client, &mut dice);
                        journal
                    })
                })
                .collect();
            let watching = scope.spawn(|| {
                while let Ok(answer) = client.get("/ledger/checkpoint") {
                    let head = Checkpoint::open(&answer.bytes, log_key, &[]).unwrap();
                    seen.lock().unwrap().push(head);
                }
            });
            std::thread::sleep(Duration::from_millis(10 + dice.roll(391)));
            server.0.kill().unwrap();
            server.0.wait().unwrap();
            watching.join().unwrap();
            loading.into_iter().map(|load| load.join().unwrap()).collect()
        });
        self.seen.extend(seen.into_inner().unwrap());
        journals
    }

    /// Retries what was not answered, goes on with uploads, and holds what is there against the journal.
    fn settle(&mut self, mut journal: Journal) {
        let client = &self.client;
        if let Some(write) = journal.pending.take() {
            let first = client.post(&write.path, Some(&write.key), &write.body).unwrap();
            let again = client.post(&write.path, Some(&write.key), &write.body).unwrap();
            assert_eq!(first.json(), again.json(), "{}", write.path);
            assert_eq!(first.record, again.record, "{}", write.path);
            let last = journal.acknowledged.iter().map(|(index, _)| *index).max();
            // One that had been done has its record from before the kill.
            let before = self.seen.last().is_some_and(|head| first.record.as_ref().unwrap().0 < head.size);
            self.cut += 1;
            self.cut_done +=
                u64::from(before || last.is_some_and(|last| first.record.as_ref().unwrap().0 < last));
            journal.done(write.what, &first);
        }
        while let Some(upload) = journal.uploads.first() {
            let told = client.get(&format!("/uploads/{}", upload.id)).unwrap().json();
            let stored = told["stored"].as_array().unwrap().len();
            assert!(stored >= upload.sent, "{told}");
            // The last one acknowledged is sent once more: the same bytes are no harm.
            journal.uploads[0].sent = stored.saturating_sub(1);
            journal.finish(client, 0).unwrap();
        }
        for item in &journal.items {
            self.hold_against(item);
        }
        self.items.extend(journal.items);
        self.acknowledged.extend(journal.acknowledged);
    }

    fn hold_against(&self, item: &Item) {
        let client = &self.client;
        let shown = client.get(&format!("/items/{}", item.id)).unwrap().json();
        let state = if item.erased { "erased" } else { "held" };
        assert_eq!(shown["state"], state, "{item:?}");
        let holds = shown["holds"].as_array().unwrap().iter();
        let holds: Vec<&str> = holds.map(|hold| hold["hold"].as_str().unwrap()).collect();
        assert_eq!(holds, item.hold.as_deref().into_iter().collect::<Vec<_>>());
        if item.erased {
            assert_eq!(files(&self.place.path("data").join("content").join(&item.id)), 0);
        } else if let Some(content) = &item.content {
            let path = format!("/items/{}/open", item.id);
            let opened = client.post(&path, None, &json!({})).unwrap().json();
            assert!(client.content(&opened).unwrap() == **content, "{}", item.id);
        }
    }

    /// Nothing is there twice or half; the ledger holds every acknowledged record at its index, and only
    /// adds to every checkpoint seen.
    fn check(&self) {
        let count = |query: &str| {
            let listed = self.client.get(&format!("/items?limit=1&count=true{query}"));
            listed.unwrap().json()["count"].as_u64().unwrap()
        };
        assert_eq!(count(""), self.items.len() as u64);
        assert_eq!(count("&state=erasing") + count("&state=confirmed"), 0);
        let erased = self.items.iter().filter(|item| item.erased).count();
        assert_eq!(count("&state=erased"), erased as u64);

        let lines = self.client.get("/ledger/export").unwrap().bytes;
        let text = std::str::from_utf8(&lines).unwrap();
        let entries: Vec<&str> = text.lines().skip(2).collect();
        for (index, event) in &self.acknowledged {
            let entry: String = serde_json::from_str(entries[*index as usize]).unwrap();
            assert_eq!(&Leaf::parse(entry.as_bytes()).unwrap().event, event);
        }
        let folder = self.place.path("export");
        kura::ledger::export::receive(&lines[..], &folder, &self.log_key).unwrap();
        let key = self.log_key.to_string();
        assert!(verify(&["export", "--log-key", &key, folder.to_str().unwrap()]));
        let export = Reader::open(&folder, &self.log_key, &[]).unwrap();
        let new = &export.checkpoint;
        for old in self.seen.iter().rev().step_by(self.seen.len().div_ceil(50).max(1)) {
            let proof = export.prove_consistency(old.size).unwrap();
            tree::verify_consistency(&proof, old.size, &old.root, new.size, &new.root).unwrap();
        }
    }
}

/// Number of files in a folder and below.
fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}
