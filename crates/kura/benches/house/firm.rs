//! An installation to measure in.

use kura::clock::Clock;
use kura::config::Settings;
use kura::demo::take_course;
use kura::door::{Actor, Operation, Options};
use kura::id::{MatterId, PersonId};
use kura::install::{Founding, Installation};
use kura::matters::add_party::AddParty;
use kura::matters::open_matter::OpenMatter;
use kura::people::Employment;
use kura::people::add_person::AddPerson;
use kura::people::create_token::Scope;
use kura::policy::acknowledge_policy::{AcknowledgePolicy, ReadIn};
use kura::sign_in::{Desk, SignIn};

pub const PASSWORD: &str = "correct horse battery";

pub struct Firm {
    pub open: Installation,
    pub folder: tempfile::TempDir,
    pub admin: Actor,
    pub custodian: Actor,
    pub matter: MatterId,
}

pub fn settings(folder: &std::path::Path) -> Settings {
    let mut settings = Settings::read(None).unwrap();
    settings.data = folder.join("data");
    settings.key_file = folder.join("key");
    settings.high_water_file = folder.join("mark");
    settings.backup_data = folder.join("backups");
    settings.backup_keyring = folder.join("keyrings");
    settings
}

pub async fn pass<O: Operation>(open: &Installation, who: &Actor, operation: O) -> O::Output {
    open.door.pass(who, operation, Options::default()).await.unwrap().into_value()
}

impl Firm {
    pub async fn found() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let founding = Founding {
            firm: "bench".parse().unwrap(),
            origin: "kura.example/bench".to_owned(),
            login: "admin".parse().unwrap(),
            name: "admin".parse().unwrap(),
            password: PASSWORD.to_owned(),
            recovery_file: folder.path().join("recovery"),
        };
        let open = Installation::found(settings(folder.path()), founding, Clock::system()).await.unwrap();
        let desk = Desk::new(open.door.clone());
        let input = SignIn {
            login: "admin".to_owned(),
            password: PASSWORD.to_owned(),
            label: "bench".parse().unwrap(),
            scope: Scope::All,
            days: None,
            code: None,
        };
        let token = desk.sign_in(input, "office").await.unwrap().token;
        let admin = desk.actor(&token, "office").await.unwrap();
        let party = AddParty { name: "client".parse().unwrap(), recipient: None, abroad: false };
        let party = pass(&open, &admin, party).await.party;
        let custodian = Actor::person(person(&open, &admin, "hana", Employment::Regular).await, "office");
        let matter = OpenMatter {
            code: "1".parse().unwrap(),
            name: "matter".parse().unwrap(),
            party,
            custodian: None,
            basis: "contract".parse().unwrap(),
            purpose: "bench".parse().unwrap(),
            return_by: "2099-12-31".to_owned(),
            copies: true,
            summaries: true,
            subcontractor: false,
            generative_ai: false,
            abroad: false,
            personal_device: false,
        };
        let matter = pass(&open, &custodian, matter).await.matter;
        Self { open, folder, admin, custodian, matter }
    }
}

/// Adds a person who may handle everything.
pub async fn person(open: &Installation, admin: &Actor, login: &str, employment: Employment) -> PersonId {
    let add = AddPerson {
        login: login.parse().unwrap(),
        name: login.parse().unwrap(),
        employment: Some(employment),
        clearance: Some("top_secret".to_owned()),
        party: None,
        until: None,
        password: Some(PASSWORD.to_owned()),
    };
    let person = pass(open, admin, add).await.person;
    let read = AcknowledgePolicy { version: 1, language: ReadIn::Ja, read: true };
    let actor = Actor::person(person, "office");
    pass(open, &actor, read).await;
    take_course(&open.door, &actor, "staff").await.expect("the course is completed");
    person
}
