//! A sample firm in an installation of its own: people of every kind, two consignors, a matter.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use kura::Error;
use kura::clock::Clock;
use kura::config::Settings;
use kura::custody::begin::{Begin, Begun};
use kura::custody::take::{Take, Taken};
use kura::custody::upload::Uploads;
use kura::demo::take_course;
use kura::door::{Actor, Door, Operation, Options, Recorded};
use kura::id::{ItemId, MatterId, PartyId, PersonId, UploadId};
use kura::install::{Founding, Installation};
use kura::matters::add_party::AddParty;
use kura::matters::change_members::ChangeMembers;
use kura::matters::open_matter::OpenMatter;
use kura::people::Employment;
use kura::people::add_person::AddPerson;
use kura::people::list_people::ListPeople;
use kura::policy::acknowledge_policy::{AcknowledgePolicy, ReadIn};
use sqlx::Connection as _;

/// Which database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// 2026-11-24 09:00 UTC.
pub const NOW: i64 = 1_795_510_800_000;
pub const DAY: i64 = 24 * 60 * 60 * 1000;
pub const PASSWORD: &str = "correct horse battery";

/// Closes the installation when a test ends: a database that is closed only while the process ends is cut off from its
/// cipher in the middle.
struct Closes(Door);

impl Drop for Closes {
    fn drop(&mut self) {
        let door = self.0.clone();
        let closing = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(door.close()))
        });
        let _ = closing.join();
    }
}

/// A sample firm.
pub struct Firm {
    pub open: Installation,
    closes: Closes,
    pub clock: Clock,
    pub folder: tempfile::TempDir,
    pub uploads: Uploads,
    /// Age identity of consignor A.
    pub identity: age::x25519::Identity,
    pub admin: Actor,
    /// Directors, who approve.
    pub directors: [Actor; 2],
    /// Custodian of the matter.
    pub custodian: Actor,
    /// On the matter.
    pub staff: Actor,
    /// On the matter.
    pub intern: Actor,
    /// Not on the matter.
    pub outsider: Actor,
    /// Guest of consignor A, on the matter.
    pub guest: Actor,
    /// Guest of consignor B.
    pub stranger: Actor,
    pub a: PartyId,
    pub b: PartyId,
    pub matter: MatterId,
}

/// A fresh database on the test server.
pub async fn fresh_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var("KURA_TEST_POSTGRES")
        .expect("tests on PostgreSQL need KURA_TEST_POSTGRES: run them with `cargo xtask test`");
    let name = format!("kura_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut connection = sqlx::postgres::PgConnection::connect(&url).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(create).execute(&mut connection).await.unwrap();
    url.replacen("/postgres?", &format!("/{name}?"), 1)
}

/// Settings of an installation in a folder.
pub async fn settings(folder: &Path, engine: Engine) -> Settings {
    let mut settings = Settings::read(None).unwrap();
    settings.data = folder.join("data");
    settings.key_file = folder.join("kura.key");
    settings.backup_data = folder.join("backups");
    settings.backup_keyring = folder.join("keyring-backups");
    settings.high_water_file = folder.join("high-water");
    if engine == Engine::Postgres {
        settings.database_url_file = folder.join("url");
        std::fs::write(&settings.database_url_file, fresh_database().await).unwrap();
    }
    settings
}

pub fn founding(folder: &Path) -> Founding {
    Founding {
        firm: "株式会社サンプル".parse().unwrap(),
        origin: "kura.example/ledger".to_owned(),
        login: "admin".parse().unwrap(),
        name: "管理 太郎".parse().unwrap(),
        password: PASSWORD.to_owned(),
        recovery_file: folder.join("recovery.txt"),
    }
}

pub fn person(id: PersonId) -> Actor {
    // Who has just shown their passkey; what happens to who has not has tests of its own.
    Actor::person(id, "office").proved_at(Some(i64::MAX))
}

impl Firm {
    /// Founds the firm.
    pub async fn found(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::at(NOW);
        let settings = settings(folder.path(), engine).await;
        let open = Installation::found(settings, founding(folder.path()), clock.clone()).await.unwrap();
        let admin = first_person(&open).await;
        let identity = age::x25519::Identity::generate();
        let pass = Pass { open: &open, actor: &admin };
        let a = pass.party("委託者A", Some(identity.to_public().to_string()), false).await;
        let b = pass.party("Client B", None, true).await;
        let director = pass.person("d1", Some((Employment::Director, "top_secret")), None).await;
        let second = pass.person("d2", Some((Employment::Director, "top_secret")), None).await;
        let custodian = pass.person("hana", Some((Employment::Regular, "top_secret")), None).await;
        let staff = pass.person("ken", Some((Employment::Contract, "secret")), None).await;
        let intern = pass.person("yui", Some((Employment::Intern, "top_secret")), None).await;
        let outsider = pass.person("mori", Some((Employment::Regular, "secret")), None).await;
        let guest = pass.person("guest-a", None, Some(a)).await;
        let stranger = pass.person("guest-b", None, Some(b)).await;
        let matter = OpenMatter {
            code: "2026-014".parse().unwrap(),
            name: "業務改善調査".parse().unwrap(),
            party: a,
            custodian: Some(custodian),
            basis: "業務委託契約".parse().unwrap(),
            purpose: "調査".parse().unwrap(),
            return_by: "2027-03-31".to_owned(),
            copies: true,
            summaries: true,
            subcontractor: false,
            generative_ai: false,
            abroad: false,
            personal_device: false,
        };
        let by = person(custodian);
        let matter = open.door.pass(&by, matter, Options::default()).await.unwrap().into_value().matter;
        for who in [staff, intern, guest] {
            let member = ChangeMembers { matter, person: who, remove: false };
            open.door.pass(&by, member, Options::default()).await.unwrap();
        }
        Self {
            clock,
            folder,
            uploads: Uploads::default(),
            identity,
            directors: [person(director), person(second)],
            custodian: by,
            staff: person(staff),
            intern: person(intern),
            outsider: person(outsider),
            guest: person(guest),
            stranger: person(stranger),
            admin: admin.clone(),
            a,
            b,
            matter,
            closes: Closes(open.door.clone()),
            open,
        }
    }

    /// Passes an operation through the door.
    pub async fn pass<O: Operation>(&self, actor: &Actor, operation: O) -> Result<O::Output, Error> {
        self.open.door.pass(actor, operation, Options::default()).await.map(Recorded::into_value)
    }

    /// Somebody new who works on the matter: nothing acknowledged, no course taken.
    pub async fn newcomer(&self, login: &str, employment: Employment, clearance: &str) -> Actor {
        let add = AddPerson {
            login: login.parse().unwrap(),
            name: format!("新人 {login}").parse().unwrap(),
            employment: Some(employment),
            clearance: Some(clearance.to_owned()),
            party: None,
            until: None,
            password: Some(PASSWORD.to_owned()),
        };
        let added = self.pass(&self.admin, add).await.unwrap().person;
        let member = ChangeMembers { matter: self.matter, person: added, remove: false };
        self.pass(&self.custodian, member).await.unwrap();
        person(added)
    }

    /// Passes an operation that carries out an approved request.
    pub async fn carry_out<O: Operation>(
        &self,
        actor: &Actor,
        operation: O,
        request: kura::id::RequestId,
    ) -> Result<O::Output, Error> {
        let options = Options { request: Some(request), ..Options::default() };
        self.open.door.pass(actor, operation, options).await.map(Recorded::into_value)
    }

    /// Begins an upload.
    pub async fn begin(
        &self,
        actor: &Actor,
        class: &str,
        name: &str,
        size: usize,
        item: Option<ItemId>,
    ) -> Result<Begun, Error> {
        let begin = Begin {
            matter: self.matter,
            class: class.to_owned(),
            name: name.parse().unwrap(),
            media: "text/plain".parse().unwrap(),
            size: size as u64,
            item,
        };
        self.pass(actor, begin).await
    }

    /// Uploads content whole.
    pub async fn upload(
        &self,
        actor: &Actor,
        class: &str,
        name: &str,
        content: &[u8],
        item: Option<ItemId>,
    ) -> UploadId {
        let begun = self.begin(actor, class, name, content.len(), item).await.unwrap();
        for (number, part) in content.chunks(begun.part_size as usize).enumerate() {
            let part = Bytes::copy_from_slice(part);
            self.uploads.put(&self.open.door, actor, begun.upload, number as i64, part).await.unwrap();
        }
        begun.upload
    }

    /// Takes a file into custody.
    pub async fn take(&self, actor: &Actor, class: &str, name: &str, content: &[u8], shared: bool) -> Taken {
        let upload = self.upload(actor, class, name, content, None).await;
        let take = Take { upload: Some(upload), shared, ..taking(self.matter, class) };
        self.pass(actor, take).await.unwrap()
    }

    /// Reads content by ticket.
    pub async fn read(&self, actor: &Actor, ticket: &str) -> Result<Vec<u8>, Error> {
        use futures_util::StreamExt as _;
        let ticket = self.open.door.ticket(actor, ticket)?;
        let length = ticket.length();
        let mut stream = if ticket.is_sealed() {
            self.open.door.sealed_content(ticket).await?
        } else {
            self.open.door.content(ticket, 0..length).await?
        };
        let mut content = Vec::new();
        while let Some(bytes) = stream.next().await {
            content.extend_from_slice(&bytes?);
        }
        Ok(content)
    }

    /// Closes the installation and opens it again.
    pub async fn restart(mut self) -> Self {
        let settings = self.open.settings.clone();
        self.open.close().await;
        self.open = Installation::open(settings, self.clock.clone()).await.unwrap();
        self.closes = Closes(self.open.door.clone());
        self.uploads = Uploads::default();
        self
    }
}

/// Nothing but what must be given.
pub fn taking(matter: MatterId, class: &str) -> Take {
    Take {
        matter,
        class: class.to_owned(),
        source: "handed over at our office".parse().unwrap(),
        upload: None,
        sha256: None,
        place: None,
        name: None,
        custodian: None,
        shared: false,
    }
}

async fn first_person(open: &Installation) -> Actor {
    // The register has one person, who may be found by signing in.
    let desk = kura::sign_in::Desk::new(open.door.clone());
    let input = kura::sign_in::SignIn {
        login: "admin".to_owned(),
        password: PASSWORD.to_owned(),
        label: "test".parse().unwrap(),
        scope: kura::people::create_token::Scope::All,
        days: None,
        code: None,
    };
    let made = desk.sign_in(input, "office").await.unwrap();
    desk.actor(&made.token, "office").await.unwrap()
}

struct Pass<'f> {
    open: &'f Installation,
    actor: &'f Actor,
}

impl Pass<'_> {
    async fn pass<O: Operation>(&self, operation: O) -> O::Output {
        self.open.door.pass(self.actor, operation, Options::default()).await.unwrap().into_value()
    }

    async fn party(&self, name: &str, recipient: Option<String>, abroad: bool) -> PartyId {
        self.pass(AddParty { name: name.parse().unwrap(), recipient, abroad }).await.party
    }

    async fn person(
        &self,
        login: &str,
        staff: Option<(Employment, &str)>,
        party: Option<PartyId>,
    ) -> PersonId {
        let add = AddPerson {
            login: login.parse().unwrap(),
            name: format!("Name of {login}").parse().unwrap(),
            employment: staff.map(|(employment, _)| employment),
            clearance: staff.map(|(_, clearance)| clearance.to_owned()),
            party,
            until: party.map(|_| "2027-03-31".to_owned()),
            password: Some(PASSWORD.to_owned()),
        };
        let person = self.pass(add).await.person;
        if staff.is_some() {
            let read = AcknowledgePolicy { version: 1, language: ReadIn::Ja, read: true };
            let actor = Actor::person(person, "office");
            self.open.door.pass(&actor, read, Options::default()).await.unwrap();
            take_course(&self.open.door, &actor, "staff").await.unwrap();
        }
        person
    }
}

/// A person's id by what they sign in with.
pub async fn id_of(firm: &Firm, login: &str) -> PersonId {
    let people = firm.pass(&firm.admin, ListPeople::default()).await.unwrap();
    people.into_iter().find(|person| person.login == login).unwrap().person
}
