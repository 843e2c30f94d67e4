//! Reminders of duties, handed to a mail server that is not ours and read back from it.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use kura::bodies::propose_resolution::ProposeResolution;
use kura::clock::parse_moment;
use kura::config::Settings;
use kura::duties::discharge_duty::DischargeDuty;
use kura::duties::list_duties::ListDuties;
use kura::duties::remind::Reminder;
use kura::duties::{Keeper, schedule};
use kura::id::PersonId;
use kura::inspection::Answer;
use kura::inspection::answer_self_inspection::AnswerSelfInspection;
use kura::mail::Mailer;
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::people::change_person::ChangePerson;
use kura::people::list_people::ListPeople;
use kura::people::set_mail::SetMail;
use kura::violations::Happened;
use kura::violations::report_violation::ReportViolation;
use serde_json::Value;

use crate::both;
use crate::firm::Firm;
use crate::interop::{interpreter, python, script};

both! {
    std_1_people_are_reminded_of_their_duties_by_mail
    std_1_people_are_reminded_of_what_else_waits_for_them
    std_1_a_mail_server_that_is_down_loses_no_reminder
}

/// A mail server with its certificate; it ends with the test.
struct MailServer {
    folder: tempfile::TempDir,
    child: Option<Child>,
    kind: &'static str,
    port: u16,
}

impl MailServer {
    async fn start(kind: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made =
            rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "127.0.0.2".to_owned()]).unwrap();
        std::fs::write(folder.path().join("tls.crt"), made.cert.pem()).unwrap();
        std::fs::write(folder.path().join("tls.key"), made.signing_key.serialize_pem()).unwrap();
        std::fs::write(folder.path().join("password"), "correct horse\n").unwrap();
        // A port that is free now; the server is asked for the same one when it comes up again.
        let port = std::net::TcpListener::bind("127.0.0.2:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { folder, child: None, kind, port };
        server.up().await;
        server
    }

    /// How it is asked, and where: what says that it is this machine's own may be asked unencrypted, and this may not.
    fn place(&self) -> (&'static str, &'static str) {
        match self.kind {
            "tls" => ("smtps", "127.0.0.1"),
            _ => ("smtp", "127.0.0.2"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn up(&mut self) {
        let mut child = interpreter()
            .arg(script("mail_server.py"))
            .args([self.path("mail"), self.path("tls.crt"), self.path("tls.key")])
            .args(["kura", "correct horse", &self.port.to_string(), self.kind, self.place().1])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let told = child.stdout.take().unwrap();
        // It says so once it listens.
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            std::io::BufRead::read_line(&mut std::io::BufReader::new(told), &mut line).unwrap();
            line
        });
        assert_eq!(line.await.unwrap().trim(), self.port.to_string());
        self.child = Some(child);
    }

    fn down(&mut self) {
        let mut child = self.child.take().unwrap();
        drop(child.stdin.take());
        child.wait().unwrap();
    }

    fn settings(&self, of: &Settings) -> Settings {
        let (scheme, host) = self.place();
        Settings {
            mail_server: format!("{scheme}://{host}:{}", self.port),
            mail_from: "Kura 督促 <kura@firm.example>".to_owned(),
            mail_user: "kura".to_owned(),
            mail_password_file: self.path("password"),
            mail_ca_file: self.path("tls.crt"),
            address: "https://kura.example".to_owned(),
            ..of.clone()
        }
    }

    fn reminder(&self, firm: &Firm) -> Reminder {
        let settings = self.settings(&firm.open.settings);
        let mailer = Mailer::of(&settings).unwrap().unwrap();
        Reminder::new(mailer, &settings.time_zone, &settings.address)
    }

    /// Makes what is due and reminds of it; whether the server took all of it.
    async fn remind(&self, firm: &Firm) -> bool {
        schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
        self.reminder(firm).remind(&firm.open.door).await.unwrap()
    }

    async fn mails(&self) -> Vec<Value> {
        read(&self.path("mail")).await
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

async fn read(folder: &Path) -> Vec<Value> {
    let folder = folder.display().to_string();
    let told = tokio::task::spawn_blocking(move || python("read_mail.py", &[&folder], &[])).await.unwrap();
    told.as_array().unwrap().clone()
}

async fn reach(firm: &Firm, person: PersonId, mail: &str) {
    let mail = Some(mail.parse().unwrap());
    firm.pass(&firm.admin, SetMail { person, mail }).await.unwrap();
}

fn at(firm: &Firm, moment: &str) {
    firm.clock.set(parse_moment(moment).unwrap());
}

async fn std_1_people_are_reminded_of_their_duties_by_mail(mut firm: Firm) {
    let server = MailServer::start("starttls").await;
    let admin = firm.admin.id().unwrap();
    reach(&firm, admin, "admin@firm.example").await;
    // The subcommittee is told of what is late; staff without an office of nothing.
    reach(&firm, firm.directors[0].id().unwrap(), "director@firm.example").await;
    reach(&firm, firm.staff.id().unwrap(), "staff@firm.example").await;
    let appoint = Appoint {
        person: firm.directors[0].id().unwrap(),
        office: Office::RiskManagementSubcommittee,
        until: None,
        dismiss: false,
    };
    firm.pass(&firm.admin, appoint).await.unwrap();
    let people = firm.pass(&firm.staff, ListPeople { staff: true, ..ListPeople::default() }).await.unwrap();
    assert!(people.iter().any(|person| person.mail == "admin@firm.example"));
    assert!(firm.pass(&firm.staff, SetMail { person: admin, mail: None }).await.is_err());

    // Not before seven o'clock in Tokyo.
    at(&firm, "2026-11-30T21:59:00Z");
    assert!(server.remind(&firm).await);
    assert!(server.mails().await.is_empty());
    at(&firm, "2026-11-30T22:01:00Z");
    assert!(server.remind(&firm).await);
    let mails = server.mails().await;
    let of_admin: Vec<&Value> = mails.iter().filter(|mail| mail["to"] == "admin@firm.example").collect();
    let [mail] = of_admin.as_slice() else { panic!("{mails:?}") };
    assert_eq!(
        (mail["from"].as_str(), &mail["defects"]),
        (Some("Kura 督促 <kura@firm.example>"), &Value::Array(vec![]))
    );
    let subject = mail["subject"].as_str().unwrap();
    assert!(
        subject.starts_with("Kura：あなたの対応を待つもの") && subject.contains("wait for you"),
        "{subject}"
    );
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("・異常な操作を探す（期日 2026年12月7日"), "{text}");
    assert!(text.contains("https://kura.example/duties/anomalies-searched"), "{text}");
    assert!(text.contains("- Search for abnormal operations (due "), "{text}");
    // Staff without an office are reminded of what is theirs, and of no duty.
    let of_staff: Vec<&str> = mails
        .iter()
        .filter(|mail| mail["to"] == "staff@firm.example")
        .map(|mail| mail["text"].as_str().unwrap())
        .collect();
    let [own] = of_staff.as_slice() else { panic!("{mails:?}") };
    assert!(
        own.contains("・今四半期の自己点検") && own.contains("https://kura.example/self-inspection"),
        "{own}"
    );
    assert!(!own.contains("/duties/"), "{own}");
    firm.pass(&firm.admin, SetMail { person: firm.staff.id().unwrap(), mail: None }).await.unwrap();
    // Once.
    assert!(server.remind(&firm).await);
    at(&firm, "2026-12-01T06:00:00Z");
    assert!(server.remind(&firm).await);
    assert_eq!(server.mails().await.len(), mails.len());
    // The day before it is due; on its day it has been done.
    at(&firm, "2026-12-06T00:00:00Z");
    assert!(server.remind(&firm).await);
    let before = server.mails().await.len();
    assert!(before > mails.len());
    at(&firm, "2026-12-07T00:00:00Z");
    let own = |duty: &str| ListDuties { duty: Some(duty.to_owned()) };
    let line =
        firm.pass(&firm.admin, own("anomalies-searched")).await.unwrap().remove(0).occurrences.remove(0);
    let told = "nothing stands out".parse().unwrap();
    let done =
        DischargeDuty { occurrence: line.occurrence, told, done_on: None, population: None, found: None };
    firm.pass(&firm.admin, done).await.unwrap();
    assert!(server.remind(&firm).await);
    let since = server.mails().await.split_off(before);
    assert!(since.iter().all(|mail| !mail["text"].as_str().unwrap().contains("abnormal")), "{since:?}");

    // What nobody does is called to mind week after week, and whoever is told of lateness is told.
    let before = server.mails().await.len();
    for day in 1..=31 {
        at(&firm, &format!("2027-01-{day:02}T01:00:00Z"));
        assert!(server.remind(&firm).await);
    }
    let since = server.mails().await.split_off(before);
    let told = |to: &str, what: &str| {
        let own = since.iter().filter(|mail| mail["to"] == to);
        own.filter(|mail| mail["text"].as_str().unwrap().contains(what)).count()
    };
    assert!(told("admin@firm.example", "遅れています") >= 2, "{since:?}");
    assert!(told("director@firm.example", "has not done it") >= 1, "{since:?}");
    assert!(since.len() < 30, "{} mails in a month", since.len());
    let mut ids: Vec<&str> = since.iter().map(|mail| mail["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), since.len());

    // After a restart nobody is reminded again of the same, and whoever may not act any more of nothing.
    firm = firm.restart().await;
    let before = server.mails().await.len();
    assert!(server.remind(&firm).await);
    assert_eq!(server.mails().await.len(), before);
    let person = firm.directors[0].id().unwrap();
    let gone = ChangePerson { person, name: None, employment: None, clearance: None, suspended: Some(true) };
    firm.pass(&firm.admin, gone).await.unwrap();
    for day in ["2027-02-08", "2027-02-15", "2027-02-22"] {
        at(&firm, &format!("{day}T01:00:00Z"));
        assert!(server.remind(&firm).await);
    }
    let since = server.mails().await.split_off(before);
    assert!(!since.is_empty() && since.iter().all(|mail| mail["to"] == "admin@firm.example"), "{since:?}");
}

async fn std_1_a_mail_server_that_is_down_loses_no_reminder(firm: Firm) {
    let mut server = MailServer::start("tls").await;
    let mut keeper = Keeper::reminding(Some(server.reminder(&firm)));
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    reach(&firm, firm.admin.id().unwrap(), "admin@firm.example").await;
    // The server does not take mail for everyone, and one address holds up nobody else.
    let person = firm.custodian.id().unwrap();
    reach(&firm, person, "nobody@firm.example").await;
    let appoint = Appoint { person, office: Office::SystemAdministrator, until: None, dismiss: false };
    firm.pass(&firm.admin, appoint).await.unwrap();
    server.down();
    at(&firm, "2026-12-01T00:00:00Z");
    keeper.keep(&firm.open.door).await;
    server.up().await;
    // It is not asked again at once.
    at(&firm, "2026-12-01T00:10:00Z");
    keeper.keep(&firm.open.door).await;
    assert!(server.mails().await.is_empty());
    at(&firm, "2026-12-01T01:10:00Z");
    keeper.keep(&firm.open.door).await;
    let mails = server.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0]["to"], "admin@firm.example");
    // A certificate that is not trusted, and a password that is wrong, get nothing through.
    for (name, text) in [("password", "wrong"), ("tls.crt", "")] {
        let kept = std::fs::read(server.path(name)).unwrap();
        if text.is_empty() {
            let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
            std::fs::write(server.path(name), other.cert.pem()).unwrap();
        } else {
            std::fs::write(server.path(name), text).unwrap();
        }
        at(&firm, if text.is_empty() { "2026-12-07T03:00:00Z" } else { "2026-12-07T01:00:00Z" });
        assert!(!server.remind(&firm).await);
        assert_eq!(server.mails().await.len(), 1, "{name}");
        std::fs::write(server.path(name), kept).unwrap();
    }
    assert!(!server.remind(&firm).await, "one address is nobody's");
    assert_eq!(server.mails().await.len(), 2);
}

async fn std_1_people_are_reminded_of_what_else_waits_for_them(firm: Firm) {
    let server = MailServer::start("starttls").await;
    for (actor, mail) in [
        (&firm.directors[0], "d1@firm.example"),
        (&firm.outsider, "handler@firm.example"),
        (&firm.staff, "ken@firm.example"),
    ] {
        reach(&firm, actor.id().unwrap(), mail).await;
    }
    for (actor, office) in [
        (&firm.directors[0], Office::CsrCommittee),
        (&firm.directors[1], Office::CsrCommittee),
        (&firm.outsider, Office::ReportHandler),
    ] {
        let appoint = Appoint { person: actor.id().unwrap(), office, until: None, dismiss: false };
        firm.pass(&firm.admin, appoint).await.unwrap();
    }
    let propose = ProposeResolution {
        body: "csr_committee".to_owned(),
        title: "買収の件".parse().unwrap(),
        words: "秘密の議案".parse().unwrap(),
        version: None,
        closes_on: Some("2026-12-03".to_owned()),
    };
    firm.pass(&firm.admin, propose).await.unwrap();
    // A case: tomorrow the consignor must be told.
    let filed = ReportViolation {
        told: "山田様に送った".parse().unwrap(),
        kind: Happened::WronglySent,
        happened_on: None,
        known_on: None,
        item: None,
        matter: Some(firm.matter),
        about: None,
        sealed: true,
    };
    firm.pass(&firm.staff, filed).await.unwrap();
    at(&firm, "2026-11-25T00:00:00Z");
    assert!(server.remind(&firm).await);
    let mails = server.mails().await;
    let text = |to: &str| -> String {
        let own = mails.iter().filter(|mail| mail["to"] == to);
        own.map(|mail| mail["text"].as_str().unwrap().to_owned()).collect()
    };
    assert!(text("d1@firm.example").contains("・議案の表決（期日 2026年12月3日"), "{mails:?}");
    let handler = text("handler@firm.example");
    assert!(handler.contains("- A case in which somebody must be told (due Wed 25 Nov 2026)"), "{handler}");
    assert!(text("ken@firm.example").contains("・今四半期の自己点検"), "{mails:?}");
    // No mail says what a case, a resolution or a matter is about.
    for mail in &mails {
        let told = mail.to_string();
        for secret in ["買収", "秘密の議案", "山田", "2026-1 ", "誤送信"] {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }
    // An office that ends is called to mind, to who holds it and to who appoints, a week and a day before its last day.
    reach(&firm, firm.admin.id().unwrap(), "admin@firm.example").await;
    let until = Some("2026-12-02".to_owned());
    let office = Office::Auditor;
    let appoint = Appoint { person: firm.staff.id().unwrap(), office, until, dismiss: false };
    firm.pass(&firm.admin, appoint).await.unwrap();
    at(&firm, "2026-12-01T00:00:00Z");
    assert!(server.remind(&firm).await);
    let since = server.mails().await.split_off(mails.len());
    let told = |to: &str, what: &str| {
        let mut own = since.iter().filter(|mail| mail["to"] == to);
        own.any(|mail| mail["text"].as_str().unwrap().contains(what))
    };
    assert!(
        told(
            "ken@firm.example",
            "- An office of yours that ends, to be renewed or handed over (due Wed 2 Dec 2026)"
        ),
        "{since:?}"
    );
    assert!(
        told("admin@firm.example", "・任期の終わる役職者（再任または後任の任命）（期日 2026年12月2日"),
        "{since:?}"
    );
    assert!(!told("ken@firm.example", "Somebody") && !told("handler@firm.example", "office"), "{since:?}");
    let mails = server.mails().await;
    // What is done is not called to mind any more.
    let answers = vec![Answer::Yes; 9];
    firm.pass(&firm.staff, AnswerSelfInspection { answers, told: None }).await.unwrap();
    at(&firm, "2026-12-07T00:00:00Z");
    assert!(server.remind(&firm).await);
    let since = server.mails().await.split_off(mails.len());
    let ken = since.iter().find(|mail| mail["to"] == "ken@firm.example");
    assert!(ken.is_none_or(|mail| !mail.to_string().contains("自己点検")), "{since:?}");
    assert!(since.iter().any(|mail| mail["to"] == "handler@firm.example"), "late, week by week");
}
