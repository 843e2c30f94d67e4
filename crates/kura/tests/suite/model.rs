//! Random operations by random people, through the door, against a reference in plain Rust that never asks
//! Cedar ([`world`]). Of every operation: what the caller is told, what they get to read, and exactly how
//! many records the ledger gains. Afterwards the ledger and every item's history are verified.
//!
//! `KURA_TEST_ROUNDS` is the number of operations, `KURA_TEST_SEED` where to begin.

mod choose;
mod perform;
mod world;

use std::collections::{BTreeMap, VecDeque};
use std::io::Read as _;

use kura::Error;
use kura::clock::{Millis, parse_moment};
use kura::custody::open::Opened;
use kura::custody::statement::ShowStatement;
use kura::door::{Actor, Operation, Options};
use kura::id::{ItemId, MatterId};
use kura::matters::change_members::ChangeMembers;
use kura::matters::open_matter::OpenMatter;
use kura::people::add_person::AddPerson;
use kura::people::appoint::Appoint;
use kura::people::change_person::ChangePerson;
use kura::people::{Employment, Office};
use kura::policy::acknowledge_policy::{AcknowledgePolicy, ReadIn};
use kura::training::list_courses::ListCourses;
use kura_ledger::statement::{StatementFile, check_against_report};

use crate::firm::{DAY, Engine, Firm, NOW, PASSWORD};
use crate::life::{exported, statement};
use choose::Do;
use world::{Around, By, Expected, On, Role, Told, World};

/// Operations in one firm at most; after these comes a fresh one.
const WORLD: u64 = 600;
const HOUR: Millis = 60 * 60 * 1000;
const TICKET: Millis = 5 * 60 * 1000;
const UPLOAD: Millis = 7 * DAY;
/// 2027-03-31 and 2027-12-31, at their ends.
const GUESTS_UNTIL: Millis = 1_806_537_599_000;
const REASONS: [&str; 2] = ["reviewed", "over"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn std_3_2_nothing_is_disclosed_or_unrecorded_sqlite() {
    run(Engine::Sqlite, 1800).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn std_3_2_nothing_is_disclosed_or_unrecorded_postgres() {
    run(Engine::Postgres, 150).await;
}

pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

async fn run(engine: Engine, rounds: u64) {
    let mut left = number("KURA_TEST_ROUNDS").unwrap_or(rounds);
    let mut seed = number("KURA_TEST_SEED").unwrap_or(1);
    while left > 0 {
        let rounds = left.min(WORLD);
        let mut play = Play::new(Firm::found(engine).await, seed).await;
        for round in 0..rounds {
            if round == rounds / 2 {
                play = Box::pin(play.restart()).await;
            }
            Box::pin(play.step()).await;
        }
        Box::pin(play.verify()).await;
        left -= rounds;
        seed += 1;
    }
}

/// Random numbers from a seed (xorshift64*).
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below another.
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % below
    }

    pub fn one_in(&mut self, of: u64) -> bool {
        self.roll(of) == 0
    }

    /// An index into so many, the newest more often; none when there are none.
    pub fn index(&mut self, of: usize) -> Option<usize> {
        let from = if self.one_in(2) { of.saturating_sub(12) } else { 0 };
        (of > 0).then(|| from + self.roll((of - from) as u64) as usize)
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64) as usize]
    }
}

struct Play {
    firm: Firm,
    world: World,
    dice: Dice,
    /// Operations that follow from an earlier one.
    plan: VecDeque<(usize, Do)>,
    /// Records in the ledger.
    size: u64,
    /// How often what was told.
    tally: BTreeMap<&'static str, [u64; 3]>,
    log: Log,
}

/// What was done, to be told of a failure.
struct Log {
    seed: u64,
    lines: Vec<String>,
}

impl Drop for Log {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let from = self.lines.len().saturating_sub(8);
            eprintln!(
                "KURA_TEST_SEED={}, operation {}; the last ones:\n{}",
                self.seed,
                self.lines.len(),
                self.lines[from..].join("\n")
            );
        }
    }
}

fn told<T>(result: &Result<T, Error>) -> Told {
    match result {
        Ok(_) => Told::Done,
        Err(Error::Denied(refusal)) => {
            assert!(!refusal.fault, "{refusal}");
            Told::Denied(refusal.rules.iter().map(|rule| rule.id.clone()).collect())
        }
        Err(Error::NotFound("item" | "matter" | "statement")) => Told::Hidden,
        Err(Error::NotFound(_)) => Told::Missing,
        Err(Error::Conflict(_)) => Told::Conflict,
        Err(Error::Invalid { .. }) => Told::Invalid,
        Err(other) => panic!("{other:?}"),
    }
}

/// The last moment of training, of which the seconds are told.
fn trained_until(told: &str) -> Millis {
    parse_moment(told).unwrap() + 999
}

impl Play {
    async fn new(firm: Firm, seed: u64) -> Self {
        let mut world = World { now: NOW, ..World::default() };
        let courses = firm.pass(&firm.staff, ListCourses {}).await.unwrap();
        let course = courses.into_iter().find(|line| line.opens).unwrap();
        let trained = trained_until(&course.until);
        let mut add = |actor: &Actor, role, clearance| {
            let guest = matches!(role, Role::Guest(_));
            world.people.push(world::Person {
                id: actor.id().unwrap(),
                role,
                until: if guest { GUESTS_UNTIL } else { 0 },
                clearance,
                suspended: false,
                trained,
                acknowledged: 1,
                administers: false,
                decides: false,
            });
            world.people.len() - 1
        };
        let admin = add(&firm.admin, Role::Regular, 4);
        let director = add(&firm.directors[0], Role::Director, 4);
        add(&firm.directors[1], Role::Director, 4);
        let hana = add(&firm.custodian, Role::Regular, 4);
        let ken = add(&firm.staff, Role::Contract, 3);
        let yui = add(&firm.intern, Role::Intern, 4);
        let mori = add(&firm.outsider, Role::Regular, 3);
        let guest = add(&firm.guest, Role::Guest(firm.a), 0);
        let stranger = add(&firm.stranger, Role::Guest(firm.b), 0);
        let rie = add(&hire(&firm, "rie", Employment::Contract, "top_secret").await, Role::Contract, 4);
        let goro = add(&hire(&firm, "goro", Employment::Regular, "secret").await, Role::Regular, 3);
        let person = &mut world.people[admin];
        (person.administers, person.trained, person.acknowledged) = (true, 0, 0);
        world.people[rie].decides = true;
        (world.people[rie].trained, world.people[goro].trained) = (0, 0);
        let id = |who: usize| world.people[who].id;
        let appoint = Appoint {
            person: id(rie),
            office: Office::RiskManagementSubcommittee,
            until: None,
            dismiss: false,
        };
        firm.pass(&firm.admin, appoint).await.unwrap();

        let open = |code: &str, party, custodian, terms: [bool; 4]| OpenMatter {
            code: code.parse().unwrap(),
            name: format!("案件 {code}").parse().unwrap(),
            party,
            custodian: Some(custodian),
            basis: "契約".parse().unwrap(),
            purpose: "調査".parse().unwrap(),
            return_by: "2027-03-31".to_owned(),
            copies: terms[0],
            summaries: terms[1],
            subcontractor: terms[2],
            generative_ai: false,
            abroad: terms[3],
            personal_device: false,
        };
        let mut matters = vec![(firm.matter, firm.a, hana, [true, true, false, false])];
        for (code, party, custodian, terms) in [
            ("b", firm.b, director, [false, true, true, true]),
            ("c", firm.a, ken, [true, false, false, true]),
        ] {
            let opening = open(code, party, id(custodian), terms);
            let matter = firm.pass(&firm.directors[0], opening).await.unwrap().matter;
            matters.push((matter, party, custodian, terms));
        }
        let members = [vec![ken, yui, guest, goro], vec![mori, stranger, goro], vec![hana, guest]];
        for ((matter, _, custodian, _), members) in matters.iter().zip(&members) {
            for person in members {
                let change = ChangeMembers { matter: *matter, person: id(*person), remove: false };
                let by = crate::firm::person(id(*custodian));
                firm.pass(&by, change).await.unwrap();
            }
        }
        let suspend = ChangePerson {
            person: id(goro),
            name: None,
            employment: None,
            clearance: None,
            suspended: Some(true),
        };
        firm.pass(&firm.admin, suspend).await.unwrap();
        world.people[goro].suspended = true;
        world.matters = matters
            .into_iter()
            .zip(members)
            .map(|((id, party, custodian, terms), members)| world::Matter {
                id,
                party,
                custodian,
                open: true,
                copies: terms[0],
                summaries: terms[1],
                subcontractor: terms[2],
                abroad: terms[3],
                members: members.into_iter().collect(),
            })
            .collect();
        let mut play = Self {
            firm,
            world,
            dice: Dice::new(seed),
            plan: VecDeque::new(),
            size: 0,
            tally: BTreeMap::new(),
            log: Log { seed, lines: Vec::new() },
        };
        play.size = play.head().await;
        play
    }

    async fn head(&self) -> u64 {
        let mut reader = self.firm.open.door.database().reader().await.unwrap();
        let head = kura::ledger::store::head(&mut reader).await.unwrap();
        head.unwrap().0
    }

    /// The server stops and starts again: open tickets go, what was counted is recorded, all else stays.
    async fn restart(mut self) -> Self {
        self.world.tickets.clear();
        self.size += self.world.stop();
        let play = Self { firm: self.firm.restart().await, ..self };
        assert_eq!(play.head().await, play.size);
        play
    }

    fn item_id(&self, item: Option<usize>) -> ItemId {
        item.map_or(ItemId::new(1, &[1; 10]), |item| self.world.items[item].id)
    }

    fn matter_id(&self, matter: Option<usize>) -> MatterId {
        matter.map_or(MatterId::new(1, &[1; 10]), |matter| self.world.matters[matter].id)
    }

    fn actor(&self, by: By) -> Actor {
        let zone = if by.outside { "outside" } else { "office" };
        let proved = world::proved(by.who).then_some(i64::MAX);
        Actor::person(self.world.people[by.who].id, zone).proved_at(proved)
    }

    fn tick(&mut self) {
        let step = match self.dice.roll(30) {
            0 => (1 + self.dice.roll(20)) * DAY as u64,
            1..=3 => (1 + self.dice.roll(40)) * HOUR as u64,
            4..=9 => (1 + self.dice.roll(50)) * 1000,
            _ => 0,
        };
        self.world.now += step as Millis;
        self.firm.clock.set(self.world.now);
    }

    async fn step(&mut self) {
        self.tick();
        let (who, doing) = self.next();
        let by = By {
            who,
            outside: self.dice.one_in(6),
            behind: match self.dice.roll(20) {
                0 => Some(1),
                1 => Some(0),
                _ => None,
            },
        };
        self.log.lines.push(format!("{by:?} {doing:?}"));
        self.perform(by, doing).await;
    }

    /// Passes an operation and holds all that comes of it against what was expected.
    async fn pass<O: Operation>(
        &mut self,
        by: By,
        mut expected: Expected,
        operation: O,
        mut options: Options,
    ) -> Option<O::Output> {
        if let (Some(behind), On::Item(Some(item))) = (by.behind, expected.on) {
            options.revision = Some(self.world.items[item].rev - behind);
        }
        let actor = self.actor(by);
        let result = self.firm.open.door.pass(&actor, operation, options).await;
        let action = O::ACTION.0;
        assert_eq!(told(&result), expected.told, "{action}: {:?}", result.err());
        let (own, further) = match expected.told {
            // What was begun is finished at once, with a record of its own; a derivative has a chain too.
            Told::Done => (1, u64::from(["erase", "confirm_return", "derive"].contains(&action))),
            Told::Denied(_) | Told::Hidden if expected.recorded => {
                (u64::from(self.world.recorded(by, action, &expected)), 0)
            }
            // Why a matter cannot be closed names what stands in the way: that is on record too.
            Told::Conflict if action == "close_matter" => {
                let told = Expected { rules: vec!["state"], ..expected };
                let record = u64::from(self.world.recorded(by, action, &told));
                expected = told;
                (record, 0)
            }
            _ => (0, 0),
        };
        let tally = self.tally.entry(action).or_default();
        tally[match expected.told {
            Told::Done => 0,
            Told::Denied(_) | Told::Hidden => 1,
            _ => 2,
        }] += 1;
        let size = self.head().await;
        assert_eq!(size, self.size + own + further, "records of {action}: {:?}", expected.told);
        if let On::Item(Some(item)) = expected.on {
            let finished = if action == "derive" { 0 } else { further };
            self.world.items[item].records += own + finished;
        }
        let done = result.ok().inspect(|done| assert_eq!(done.index(), self.size));
        self.size = size;
        Some(done?.into_value())
    }

    /// An idempotency key of its own.
    fn keyed(&self) -> Options {
        Options { idempotency_key: Some(self.log.lines.len().to_string()), ..Options::default() }
    }

    /// The same write again is the same write, whatever it has changed, for whoever may still know of it.
    async fn again<O: Operation>(&mut self, by: By, on: On, operation: O, options: Options, told: &O::Output)
    where
        O::Output: PartialEq + std::fmt::Debug,
    {
        if !self.world.knows(by, on) {
            return;
        }
        let options = Options { revision: Some(1), ..options };
        let done = self.firm.open.door.pass(&self.actor(by), operation, options).await.unwrap();
        assert_eq!(done.value(), told);
        assert_eq!(self.head().await, self.size);
    }

    /// Reads by a fresh ticket: exactly what was stored. Keeps the ticket.
    async fn read(&mut self, by: By, item: usize, action: &'static str, around: Around, opened: Opened) {
        let content = self.world.items[item].versions[opened.version as usize - 1].clone();
        assert_eq!(opened.size as usize, content.len());
        let read = self.firm.read(&self.actor(by), &opened.ticket).await.unwrap();
        assert_eq!(self.plain(read, opened.sealed), content);
        self.world.tickets.push(world::Ticket {
            handle: opened.ticket,
            by,
            item,
            action,
            around,
            content,
            sealed: opened.sealed,
            expires: self.world.now + TICKET,
        });
    }

    /// What only the consignor's key opens, opened.
    fn plain(&self, read: Vec<u8>, sealed: bool) -> Vec<u8> {
        if !sealed {
            return read;
        }
        let identity: &dyn age::Identity = &self.firm.identity;
        let decryptor = age::Decryptor::new(&read[..]).unwrap();
        let mut plain = Vec::new();
        let mut reader = decryptor.decrypt(std::iter::once(identity)).unwrap();
        reader.read_to_end(&mut plain).unwrap();
        plain
    }

    /// The ledger as a whole, and every item's history as long as the reference has counted.
    async fn verify(&mut self) {
        for person in 1..self.world.people.len() {
            let keeper = By { who: 0, outside: false, behind: None };
            self.perform(keeper, Do::Suspend { person, suspended: false }).await;
        }
        for matter in 0..self.world.matters.len() {
            // What is handed out here is recorded, but not counted by the reference.
            self.size = self.head().await;
            let custodian = self.world.matters[matter].custodian;
            let by = By { who: custodian, outside: false, behind: None };
            self.perform(by, Do::Report { matter: Some(matter) }).await;
            let actor = self.actor(by);
            let report = self.world.stated.last().unwrap().id;
            let report = statement(&self.firm, &actor, report).await;
            for item in self.world.items.iter().filter(|item| item.matter == matter) {
                if item.kind == "work" && !item.shared {
                    continue;
                }
                let counts = &report.statement.items;
                let count = counts.iter().find(|count| count.item == item.id.to_string());
                assert_eq!(count.unwrap().records, item.records, "records of {item:?}");
                let histories = &report.statement.histories;
                let history = histories.iter().find(|history| history.item == item.id.to_string());
                assert_eq!(history.is_none(), item.state.gone());
                assert!(history.is_none_or(|history| history.records.len() as u64 == item.records));
            }
            for receipt in 0..self.world.stated.len() {
                let stated = &self.world.stated[receipt];
                let (On::Item(Some(item)), true) = (stated.on, stated.receipt) else {
                    continue;
                };
                let (item, id) = (&self.world.items[item], stated.id);
                // Whoever is accountable for the item has its receipt.
                let holder = By { who: item.custodian, ..by };
                if item.matter != matter || !self.world.knows(holder, stated.on) {
                    continue;
                }
                let show = ShowStatement { statement: id };
                let shown = self.firm.pass(&self.actor(holder), show).await.unwrap();
                let file = StatementFile::parse(shown.file.as_bytes()).unwrap();
                let receipt = file.verify(&self.firm.open.door.log_key(), &[]).unwrap();
                let compared = check_against_report(&receipt, &report).unwrap();
                assert_eq!(compared.whole, usize::from(!item.state.gone()));
                assert_eq!(compared.without_history.len(), usize::from(item.state.gone()));
            }
        }
        let folder = exported(&self.firm).await;
        let checked = kura_ledger::export::check(&folder, &self.firm.open.door.log_key(), &[]);
        assert!(checked.findings.is_empty(), "{:?}", checked.findings);
        eprintln!(
            "{} records, {} items; done, refused, else: {:?}",
            checked.checkpoint.unwrap().size,
            self.world.items.len(),
            self.tally
        );
    }
}

async fn hire(firm: &Firm, login: &str, employment: Employment, clearance: &str) -> Actor {
    let add = AddPerson {
        login: login.parse().unwrap(),
        name: format!("Name of {login}").parse().unwrap(),
        employment: Some(employment),
        clearance: Some(clearance.to_owned()),
        party: None,
        until: None,
        password: Some(PASSWORD.to_owned()),
    };
    let person = firm.pass(&firm.admin, add).await.unwrap().person;
    let read = AcknowledgePolicy { version: 1, language: ReadIn::En, read: true };
    firm.pass(&crate::firm::person(person), read).await.unwrap();
    crate::firm::person(person)
}
