//! The program itself: what a newcomer types, with its exit status, its log and its files.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use kura::rules::pack::{self, model};
use serde_json::Value;

use crate::canary::found;
use crate::firm::PASSWORD;
use crate::life::verify;

const KURA: &str = env!("CARGO_BIN_EXE_kura");

/// A server and a client, each with a folder of its own.
struct Desk {
    folder: tempfile::TempDir,
    server: Option<Child>,
    url: String,
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { folder, server: None, url: String::new() };
        let config = format!(
            "data = {:?}\nkey_file = {:?}\nbackup_data = {:?}\nbackup_keyring = {:?}\nhigh_water_file = {:?}\n\
             listen = \"127.0.0.1:0\"\nmetrics_listen = \"\"\n",
            desk.path("data"),
            desk.path("kura.key"),
            desk.path("backups"),
            desk.path("keyring-backups"),
            desk.path("mark"),
        );
        std::fs::write(desk.path("kura.toml"), config).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(KURA);
        command
            .current_dir(self.folder.path())
            .env_remove("LANG")
            .env("KURA_HOME", self.path("home"))
            .env("KURA_CONFIG", self.path("kura.toml"))
            .env("KURA_NEW_PASSWORD", PASSWORD)
            .env("KURA_PASSWORD", PASSWORD);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command().args(args).output().unwrap()
    }

    /// Runs a command that must succeed; what it printed.
    fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Takes the course that secret material asks for: reads the questions, and answers each from the model policy.
    fn train(&self) {
        let drawn = self.json(&["draw-questions", "staff"]);
        let pool: toml::Value = model()["courses/staff.toml"].parse().unwrap();
        let answer = |asked: &Value| {
            let pool = pool["question"].as_array().unwrap();
            let question =
                pool.iter().find(|question| question["ja"].as_str() == asked["ja"].as_str()).unwrap();
            let choices = question["choices"].as_array().unwrap();
            let right = choices.iter().find(|choice| choice.get("right").is_some()).unwrap()["ja"].as_str();
            let asked = asked["choices"].as_array().unwrap();
            (asked.iter().position(|choice| choice["ja"].as_str() == right).unwrap() + 1).to_string()
        };
        let answers: Vec<String> = drawn["questions"].as_array().unwrap().iter().map(answer).collect();
        let attempt = drawn["attempt"].as_str().unwrap();
        let came = self.json(&["answer-questions", attempt, "--answers", &answers.join(",")]);
        assert_ne!(came["until"], "", "{came}");
    }

    fn json(&self, args: &[&str]) -> Value {
        let printed = self.done(&[&["--json"], args].concat());
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{args:?}: {error}: {printed}"))
    }

    fn status(&self, args: &[&str]) -> (i32, String) {
        let output = self.run(args);
        (output.status.code().unwrap(), text(&output.stderr))
    }

    fn serve(&mut self) {
        let mut command = self.command();
        let log = std::fs::File::create(self.path("log")).unwrap();
        command.arg("serve").env("KURA_LOG", "trace").stderr(log);
        self.server = Some(command.spawn().unwrap());
        for _ in 0..200 {
            let log = std::fs::read_to_string(self.path("log")).unwrap();
            let said = log.lines().find_map(|line| line.split("serving on ").nth(1));
            if let Some(said) = said {
                self.url = said.split('"').next().unwrap().to_owned();
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the server does not start: {}", std::fs::read_to_string(self.path("log")).unwrap());
    }

    /// Makes an installation, serves it, and signs its administrator in.
    fn found(&mut self, origin: &str) {
        let named = ["--firm", "株式会社サンプル", "--login", "admin", "--name", "管理 太郎"];
        self.done(&[&["init", "--origin", origin, "--recovery-file", "recovery.txt"][..], &named].concat());
        self.serve();
        self.login("admin");
    }

    fn login(&self, login: &str) {
        self.done(&["login", "--server", &self.url, "--login", login]);
    }
}

#[test]
fn a_newcomer_gets_from_init_to_a_receipt_and_every_exit_status_is_honest() {
    let mut desk = Desk::new();
    let init = [
        "init",
        "--firm",
        "株式会社サンプル",
        "--origin",
        "kura.example/cli",
        "--login",
        "admin",
        "--name",
        "管理 太郎",
        "--recovery-file",
        "recovery.txt",
    ];
    desk.done(&init);
    assert_eq!(desk.status(&init).0, 1, "a second time");
    let key = desk.done(&["ledger", "key"]).trim().to_owned();
    assert_eq!(desk.status(&["list"]).0, 3, "not signed in");
    desk.serve();
    assert_eq!(desk.status(&["serve"]).0, 1, "a second server");
    let wrong = desk
        .command()
        .args(["login", "--server", &desk.url, "--login", "admin"])
        .env("KURA_PASSWORD", "no")
        .output();
    assert_eq!(wrong.unwrap().status.code(), Some(3));
    desk.login("admin");
    let party = desk.json(&["add-party", "--name", "委託者A"])["party"].as_str().unwrap().to_owned();
    let person = desk.json(&[
        "add-person",
        "--login",
        "hana",
        "--name",
        "花子",
        "--employment",
        "regular",
        "--clearance",
        "secret",
    ]);
    assert!(person["person"].is_string());
    desk.login("hana");
    desk.train();
    desk.done(&["acknowledge-policy", "--version", "1", "--language", "ja", "--read"]);
    let terms = ["--basis", "契約", "--purpose", "調査", "--return-by", "2099-03-31"];
    let open = [&["open-matter", "--code", "1", "--name", "調査", "--party", &party][..], &terms].concat();
    let matter = desk.json(&open)["matter"].as_str().unwrap().to_owned();
    let word = "カナリヤ-cli-5b2e";
    let content = word.repeat(600_000);
    std::fs::write(desk.path("契約書.txt"), &content).unwrap();
    let take = ["take", &matter, "--class", "secret", "--source", "来社", "--file", "契約書.txt"];
    let taken = desk.json(&take);
    let (item, receipt) = (taken["item"].as_str().unwrap(), taken["receipt"].as_str().unwrap());
    desk.done(&["open", item, "--out", "back.txt"]);
    assert_eq!(std::fs::read_to_string(desk.path("back.txt")).unwrap(), content);
    assert_eq!(desk.status(&["open", item, "--out", "back.txt"]).0, 2, "a file is not overwritten");
    std::fs::write(desk.path("receipt.json"), desk.done(&["show-statement", receipt])).unwrap();
    let receipt = desk.path("receipt.json").display().to_string();
    assert!(verify(&["receipt", "--log-key", &key, &receipt]));
    assert!(desk.done(&["list"]).contains("契約書.txt"));

    assert_eq!(desk.status(&["erase", item, "--reason", "x"]).0, 3, "refused by the rules");
    let (status, said) = desk.status(&["ledger", "export", "export", "--log-key", &key]);
    assert_eq!(status, 3, "{said}");
    assert_eq!(desk.status(&["show", "0190f3a8-7c1e-7b54-9f3e-1a2b3c4d5e6f"]).0, 1);
    assert_eq!(desk.status(&["show", "none"]).0, 2);
    assert_eq!(desk.status(&["shoe"]).0, 2);
    assert_eq!(
        desk.status(&["take", &matter, "--class", "sekret", "--source", "x", "--place", "x", "--name", "x"])
            .0,
        2
    );
    assert!(desk.done(&["completions", "bash"]).contains("give-back"));
    assert!(desk.done(&["config"]).contains("listen ="));

    desk.login("admin");
    desk.done(&["ledger", "export", "export", "--log-key", &key]);
    let export = desk.path("export").display().to_string();
    assert!(verify(&["export", "--log-key", &key, &export]));
    assert!(verify(&["receipt", "--log-key", &key, "--export", &export, &receipt]));
    let backup = desk.json(&["backup", "create"]);
    assert_eq!(backup["parts"], 2);
    let doctor = desk.json(&["doctor"]);
    assert!(doctor.as_array().unwrap().iter().all(|finding| finding["state"] != "bad"), "{doctor:#}");
    desk.done(&["logout"]);
    assert_eq!(desk.status(&["list"]).0, 3);

    // Neither the data nor the most talkative log holds what was taken in, nor a password.
    for place in ["data", "backups", "keyring-backups", "export"] {
        assert_eq!(found(&desk.path(place), word), Vec::<PathBuf>::new());
    }
    let log = std::fs::read_to_string(desk.path("log")).unwrap();
    for secret in [word, "契約書", PASSWORD, "kura_", "pragma key"] {
        assert!(!log.contains(secret), "the log holds {secret:?}");
    }
}

#[test]
fn basic_5_a_policy_is_exported_edited_drafted_and_adopted_by_commands() {
    let mut desk = Desk::new();
    // The program's own needs no server.
    desk.done(&["policy", "export", "--model", "--out", "model"]);
    assert_eq!(pack::read(&desk.path("model")).unwrap(), model());
    assert_eq!(desk.status(&["policy", "export", "--out", "pack"]).0, 3, "not signed in");
    assert!(!desk.path("pack").exists());
    desk.found("kura.example/policy");
    desk.done(&["policy", "export", "--out", "pack"]);
    assert_eq!(pack::read(&desk.path("pack")).unwrap(), model());
    let (status, said) = desk.status(&["policy", "export", "--out", "pack"]);
    assert!(status == 1 && said.contains("pack"), "it is there already: {said}");

    let rules = desk.path("pack/rules/10-scope.cedar");
    let text = std::fs::read_to_string(&rules).unwrap();
    let (wrong, right) =
        (text.replace("principal.suspended", "principal.suspend"), format!("// 見直し済み\n{text}"));
    std::fs::write(&rules, wrong).unwrap();
    let draft = ["policy", "draft", "--pack", "pack", "--reason", "reviewed"];
    let (status, said) = desk.status(&draft);
    assert!(status == 2 && said.contains("10-scope.cedar: line "), "{status}: {said}");
    std::fs::write(&rules, right).unwrap();
    desk.done(&draft);
    let ready = |desk: &Desk| desk.json(&["show-pack"])["ready"].clone();
    for _ in 0..600 {
        if ready(&desk)["state"] != "examining" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let waiting = ready(&desk);
    assert_eq!((&waiting["state"], &waiting["loosens"]), (&"proved".into(), &false.into()), "{waiting}");
    let none = desk.status(&["policy", "adopt", "--digest", "0"]);
    assert_eq!(none.0, 1, "{}", none.1);
    let adopted = desk.json(&["policy", "adopt", "--digest", waiting["digest"].as_str().unwrap()]);
    assert_eq!((&adopted["version"], &adopted["state"]), (&2.into(), &"in_force".into()));
    desk.done(&["policy", "export", "--out", "second"]);
    assert_eq!(pack::read(&desk.path("second")).unwrap(), pack::read(&desk.path("pack")).unwrap());
    desk.done(&["policy", "export", "--version", "1", "--out", "first"]);
    assert_eq!(pack::read(&desk.path("first")).unwrap(), model());
    assert_eq!(desk.json(&["duties"]), desk.json(&["list-duties"]));
}

#[test]
fn basic_2_a_folder_tree_comes_in_file_by_file_and_goes_on_where_it_was_cut() {
    let mut desk = Desk::new();
    desk.found("kura.example/tree");
    let party = desk.json(&["add-party", "--name", "委託者A"])["party"].as_str().unwrap().to_owned();
    let staff = ["--name", "花子", "--employment", "regular", "--clearance", "secret"];
    let person = desk.json(&[&["add-person", "--login", "hana"][..], &staff].concat());
    assert!(person["person"].is_string());
    desk.login("hana");
    desk.train();
    desk.done(&["acknowledge-policy", "--version", "1", "--language", "ja", "--read"]);
    let terms = ["--party", &party, "--basis", "契約", "--purpose", "調査", "--return-by", "2099-03-31"];
    for code in ["A-1", "B-2"] {
        desk.done(&[&["open-matter", "--code", code, "--name", "調査"][..], &terms].concat());
    }
    const FILES: usize = 60;
    for number in 0..FILES {
        let folder =
            desk.path(&format!("共有/{}/第{}回", if number % 2 == 0 { "甲" } else { "乙" }, number % 5));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("資料{number}.txt")), format!("content {number}").repeat(1000))
            .unwrap();
    }
    std::fs::write(desk.path("共有/Thumbs.db"), "x").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", desk.path("共有/passwd")).unwrap();
    std::fs::write(desk.path("map.csv"), "フォルダ,案件番号,機密区分\n甲,A-1,secret\n乙,B-2,top_secret\n")
        .unwrap();
    let import = ["import-folder", "共有", "--source", "共有サーバー", "--map", "map.csv"];
    let run = |more: &[&str]| {
        let output = desk.run(&[&["--json"][..], &import, more].concat());
        let told: Value = serde_json::from_str(&text(&output.stdout)).unwrap_or_default();
        (output.status.code().unwrap(), told, text(&output.stderr))
    };
    // What is wrong with the map is said before anything is sent.
    std::fs::write(desk.path("bad.csv"), "フォルダ,案件番号\n丙,A-1\n").unwrap();
    let bad = desk.status(&["import-folder", "共有", "--source", "x", "--map", "bad.csv"]);
    assert_eq!(bad.0, 2, "{}", bad.1);
    assert!(bad.1.contains("丙"), "{}", bad.1);
    let (status, told, said) = run(&["--check"]);
    assert_eq!((status, &told["would_come_in"], &told["files"]), (1, &FILES.into(), &FILES.into()), "{said}");
    assert_eq!(told["left_out"][0]["path"], "passwd");
    std::fs::remove_file(desk.path("共有/passwd")).unwrap();
    let lines = || desk.json(&["list", "--limit", "200"])["items"].as_array().unwrap().clone();
    assert_eq!(lines().len(), 0, "a check sends nothing");

    // Killed again and again in the middle, each file is one item in the end; a class above hana's is refused and told.
    for _ in 0..4 {
        let mut child =
            desk.command().args(import).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        for _ in 0..7 {
            said.next();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let (status, told, said) = run(&[]);
    assert_eq!(status, 1, "{said}");
    assert_eq!(told["failed"].as_array().unwrap().len(), FILES / 2, "{told:#}");
    assert!(told["failed"][0]["why"].as_str().unwrap().contains("clearance"), "{told:#}");
    assert_eq!(lines().len(), FILES / 2);
    // The map is mended: the rest comes in, and nothing twice; then there is nothing left to do.
    std::fs::write(desk.path("map.csv"), "フォルダ,案件番号,機密区分\n甲,A-1,secret\n乙,B-2,internal\n")
        .unwrap();
    let (status, told, said) = run(&[]);
    assert_eq!(
        (status, &told["came_in"], &told["already_in"]),
        (0, &(FILES / 2).into(), &(FILES / 2).into()),
        "{said}"
    );
    let held = lines();
    let names: std::collections::BTreeSet<&str> =
        held.iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!((held.len(), names.len()), (FILES, FILES));
    let shown = held.iter().find(|item| item["name"] == "資料7.txt").unwrap();
    let shown = desk.json(&["show", shown["item"].as_str().unwrap()]);
    assert_eq!(shown["source"], "共有サーバー\n乙/第2回/");
    assert_eq!((run(&[]).0, run(&[]).1["already_in"].as_u64()), (0, Some(FILES as u64)));
    // A file that was changed since is another version of what it was: it comes in anew.
    std::fs::write(desk.path("共有/乙/第2回/資料7.txt"), "changed").unwrap();
    assert_eq!(run(&[]).1["came_in"], 1);
}

#[test]
fn the_demo_tells_every_step_and_its_export_is_checked_by_others() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("demo");
    let mut child = Command::new(KURA)
        .args(["demo", "--once", "--json", "--folder"])
        .arg(&place)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let steps: Vec<Value> = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    assert!(child.wait().unwrap().success());
    assert!(steps.len() >= 30);
    for (number, step) in (1..).zip(&steps) {
        assert_eq!(step["step"], number);
        let told =
            step["outcome"] == "tampered" || step["operation"] == "verify" || step["operation"] == "restore";
        assert!(told || step["index"].is_u64() || number == steps.len(), "{step}");
    }
    let last = steps.last().unwrap();
    let (export, key) = (last["export"].as_str().unwrap(), last["log_key"].as_str().unwrap());
    assert!(verify(&["export", "--log-key", key, export]));
    for name in ["receipt", "certificate", "counter-receipt", "report", "evidence"] {
        let file = place.join(format!("{name}.json")).display().to_string();
        let kind = if name == "counter-receipt" { "receipt" } else { name };
        assert!(verify(&[kind, "--log-key", key, "--export", export, &file]), "{name}");
    }
    for copy in ["rewritten", "shortened"] {
        let copy = place.join(copy).display().to_string();
        let told =
            kura_ledger::cli::check(["kura-verify", "export", "--log-key", key, &copy].map(Into::into));
        assert_eq!(told.status, 4, "{}", told.out);
    }
    every_byte_counts(Path::new(export), key);
}

/// One byte of every file of the export flipped, at several places: each is caught with exit 4.
fn every_byte_counts(export: &Path, key: &str) {
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    files(export, &mut found);
    assert!(found.len() >= 3);
    for file in found {
        let whole = std::fs::read(&file).unwrap();
        for at in (0..whole.len()).step_by((whole.len() / 40).max(1)) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&file, &bytes).unwrap();
            let folder = export.display().to_string();
            let told =
                kura_ledger::cli::check(["kura-verify", "export", "--log-key", key, &folder].map(Into::into));
            assert_eq!(told.status, 4, "{} at {at}: {}", file.display(), told.out);
        }
        std::fs::write(&file, &whole).unwrap();
    }
}

#[test]
fn std_3_2_the_network_is_encrypted_with_a_certificate_of_ones_own() {
    let mut desk = Desk::new();
    let config = std::fs::read_to_string(desk.path("kura.toml")).unwrap();
    let with = |more: &str| std::fs::write(desk.path("kura.toml"), format!("{config}{more}\n")).unwrap();
    // An open address needs a certificate, and half of one is none.
    with("tls_certificate = \"tls.crt\"");
    assert!(desk.status(&["serve"]).1.contains("neither"));
    with("tls_certificate = \"tls.crt\"\ntls_key = \"tls.key\"");
    let init =
        ["init", "--firm", "F", "--origin", "kura.example/tls", "--login", "admin", "--name", "管理 太郎"];
    let more = ["--recovery-file", "recovery.txt", "--tls-name", "localhost", "--tls-name", "127.0.0.1"];
    let output = desk.run(&[&init[..], &more[..]].concat());
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    let fingerprint = said.lines().find(|line| line.matches(':').count() == 31).unwrap().trim().to_owned();
    desk.serve();
    assert!(desk.url.starts_with("https://"), "{}", desk.url);
    // Whoever does not trust the certificate does not talk to the server; with it they do.
    let login = ["login", "--server", desk.url.as_str(), "--login", "admin"];
    assert_eq!(desk.status(&login).0, 1);
    let signed_in = desk.command().args(login).env("KURA_CA_FILE", desk.path("tls.crt")).output().unwrap();
    assert!(signed_in.status.success(), "{}", text(&signed_in.stderr));
    // A stock tool sees the same certificate, TLS 1.3 and nothing older.
    let address = desk.url.trim_start_matches("https://");
    let ask = |version: &str| {
        let command = Command::new("openssl")
            .args(["s_client", "-connect", address, version])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        text(&command.stdout)
    };
    let shown = ask("-tls1_3");
    assert!(shown.contains("TLSv1.3"), "{shown}");
    assert!(!ask("-tls1_2").contains("BEGIN CERTIFICATE"));
    std::fs::write(desk.path("shown.pem"), shown).unwrap();
    let told = Command::new("openssl")
        .args(["x509", "-noout", "-fingerprint", "-sha256", "-in"])
        .arg(desk.path("shown.pem"))
        .output()
        .unwrap();
    assert!(text(&told.stdout).contains(&fingerprint), "{}", text(&told.stdout));
    let headers = Command::new("curl")
        .args(["-sS", "-D", "-", "-o", "/dev/null", "--cacert"])
        .arg(desk.path("tls.crt"))
        .arg(format!("{}/sign-in", desk.url))
        .output()
        .unwrap();
    let headers = text(&headers.stdout).to_lowercase();
    assert!(headers.contains("strict-transport-security: max-age="), "{headers}");
    assert!(headers.contains("set-cookie: __host-kura-visit=") && headers.contains("; secure"), "{headers}");
}
