//! Lists against decisions: what a scope selects from a real database is exactly what the rules, asked of
//! one item after another, let the person know of.
//!
//! Runs on SQLite, and on PostgreSQL as well when KURA_TEST_POSTGRES holds a URL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::cell::RefCell;
use std::collections::BTreeSet;

use kura::db::{Database, Location};
use kura::id::{ItemId, MatterId, PartyId, PersonId};
use kura::rules::facts::{Action, Circumstances, ItemFacts, MatterFacts, PersonFacts, Resource};
use kura::rules::pack::{self, Pack};
use kura::rules::scope::{Asker, Scope, Value};
use kura_vault::keys::Key;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sqlx::{AnyConnection, Connection as _};

const NOW: i64 = 1_000;
const PEOPLE: u8 = 4;
const PARTIES: u8 = 3;
const MATTERS: u8 = 5;
const ITEMS: usize = 40;
const PAGE: usize = 7;

fn person(number: u8) -> PersonId {
    PersonId::new(1, &[number; 10])
}

fn party(number: u8) -> PartyId {
    PartyId::new(1, &[number; 10])
}

fn matter(number: u8) -> MatterId {
    MatterId::new(1, &[number; 10])
}

fn item(number: usize) -> ItemId {
    ItemId::new(number as u64, &[7; 10])
}

/// One asker, and everything that there is to be asked about.
#[derive(Debug, Clone)]
struct World {
    asker: PersonFacts,
    zone: &'static str,
    matters: Vec<MatterFacts>,
    /// With the ends of the asker's grant and of another's. At 0 a row is no grant; below, there is none.
    items: Vec<(ItemFacts, i64, i64)>,
}

fn moment() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), Just(NOW - 1), Just(NOW), Just(NOW + 1), Just(NOW + 5)]
}

/// An asker, who is a guest so often.
fn asker(guests: f64) -> impl Strategy<Value = PersonFacts> {
    let employment =
        proptest::sample::select(vec!["director", "regular", "contract", "dispatched", "intern", "none"]);
    let office = proptest::sample::select(vec![
        None,
        Some("risk_management_subcommittee"),
        Some("auditor"),
        Some("system_administrator"),
    ]);
    let matters = proptest::collection::btree_set(0..MATTERS, 0..=usize::from(MATTERS));
    let facts = (employment, proptest::bool::weighted(guests), 0..PARTIES, 0..=4_i64, office);
    let rest = (proptest::bool::weighted(0.1), moment(), 0..3_i64, proptest::bool::weighted(0.1));
    (0..PEOPLE, facts, matters, rest).prop_map(
        |(id, (employment, guest, of, clearance, office), matters, rest)| {
            let (suspended, until, acknowledged, many) = rest;
            // More matters than are sought one by one.
            let more = if many { 100..180 } else { 0..0 };
            PersonFacts {
                id: person(id),
                employment: employment.to_owned(),
                party: guest.then(|| party(of)),
                until,
                clearance,
                suspended,
                trained_until: until,
                acknowledged,
                offices: office.map(str::to_owned).into_iter().collect(),
                matters: matters.into_iter().chain(more).map(matter).collect(),
            }
        },
    )
}

fn matter_facts(number: u8) -> impl Strategy<Value = MatterFacts> {
    (0..PARTIES, 0..PEOPLE, any::<[bool; 7]>()).prop_map(move |(of, custodian, yes)| MatterFacts {
        id: matter(number),
        open: yes[0],
        party: party(of),
        custodian: person(custodian),
        copies: yes[1],
        summaries: yes[2],
        subcontractor: yes[3],
        generative_ai: yes[4],
        abroad: yes[5],
        personal_device: yes[6],
    })
}

fn item_facts(number: usize) -> impl Strategy<Value = (ItemFacts, i64, i64)> {
    let select = |list: &[&'static str]| proptest::sample::select(list.to_vec());
    (
        0..=4_i64,
        select(&["lent", "derivative", "communication", "work", "deliverable"]),
        select(&["electronic", "tangible"]),
        select(&["held", "returning", "returned", "erasing", "erased"]),
        (0..PEOPLE, 0..MATTERS),
        any::<[bool; 3]>(),
        (proptest::bool::weighted(0.4), moment(), moment()),
    )
        .prop_map(move |(rank, kind, form, state, of, yes, grants)| {
            let (given, until, other) = grants;
            let until = if given { until } else { 0 };
            let facts = ItemFacts {
                id: item(number),
                rank,
                kind: kind.to_owned(),
                form: form.to_owned(),
                state: state.to_owned(),
                custodian: person(of.0),
                matter: matter(of.1),
                shared: yes[0],
                contained: yes[1],
                held: yes[2],
                granted_until: (until != 0).then_some(until),
            };
            (facts, if given { until } else { -1 }, other)
        })
}

fn world(guests: f64) -> impl Strategy<Value = World> {
    let zone = proptest::sample::select(vec!["office", "outside"]);
    let matters: Vec<_> = (0..MATTERS).map(matter_facts).collect();
    let items: Vec<_> = (0..ITEMS).map(item_facts).collect();
    (asker(guests), zone, matters, items).prop_map(|(asker, zone, matters, items)| World {
        asker,
        zone,
        matters,
        items,
    })
}

impl World {
    fn circumstances(&self) -> Circumstances {
        Circumstances { now: NOW, zone: self.zone.to_owned(), policy: 2, ..Circumstances::default() }
    }

    /// What the rules answer, item after item.
    fn decided(&self, pack: &Pack) -> BTreeSet<ItemId> {
        let permitted = |facts: &ItemFacts| {
            let of = self.matters.iter().find(|matter| matter.id == facts.matter);
            let resource = Resource::Item(facts.clone(), of.unwrap().clone());
            let decision =
                pack.decide(&self.asker, Action("know"), &resource, &self.circumstances()).unwrap();
            assert_eq!(decision.errors, Vec::<String>::new());
            decision.permitted
        };
        let items = self.items.iter().map(|(facts, _, _)| facts);
        items.filter(|facts| permitted(facts)).map(|facts| facts.id).collect()
    }

    /// The matters that the asker is accountable for.
    fn accountable(&self) -> Vec<MatterId> {
        let own = self.matters.iter().filter(|matter| matter.custodian == self.asker.id);
        own.map(|matter| matter.id).collect()
    }

    /// What the rules answer, matter after matter.
    fn decided_matters(&self, pack: &Pack) -> BTreeSet<MatterId> {
        let known = |matter: &&MatterFacts| {
            let resource = Resource::Matter((*matter).clone());
            let action = Action("know_matter");
            pack.decide(&self.asker, action, &resource, &self.circumstances()).unwrap().permitted
        };
        self.matters.iter().filter(known).map(|matter| matter.id).collect()
    }

    /// What scopes select where there is this world and nothing else: all items, the newest page of them, and the matters.
    async fn select(
        &self,
        scope: &Scope,
        matters: &Scope,
        connection: &mut AnyConnection,
    ) -> (Vec<ItemId>, Vec<ItemId>, BTreeSet<MatterId>) {
        let mut transaction = connection.begin().await.unwrap();
        for table in ["grants", "item", "matter"] {
            let delete = sqlx::AssertSqlSafe(format!("delete from {table}"));
            sqlx::query(delete).execute(&mut *transaction).await.unwrap();
        }
        self.insert(&mut transaction).await;
        let all = counted(scope, &mut transaction).await;
        let newest = page(scope, PAGE, &mut transaction).await;
        let mut statement = Statement::default();
        statement.push("select m.id from matter m where ", &[]);
        statement.any(matters);
        let known = statement.ids(&mut transaction).await;
        transaction.rollback().await.unwrap();
        (all, newest, known.into_iter().collect())
    }

    async fn insert(&self, connection: &mut AnyConnection) {
        for matter in &self.matters {
            let state = if matter.open { "open" } else { "closed" };
            sqlx::query(
                "insert into matter (id, code, name, party, custodian, state, basis, purpose, return_by, \
                 copies, summaries, subcontractor, generative_ai, abroad, personal_device, rev) \
                 values ($1, $1, '', $2, $3, $4, '', '', 0, $5, $6, $7, $8, $9, $10, 1)",
            )
            .bind(matter.id.to_string())
            .bind(matter.party.to_string())
            .bind(matter.custodian.to_string())
            .bind(state)
            .bind(i64::from(matter.copies))
            .bind(i64::from(matter.summaries))
            .bind(i64::from(matter.subcontractor))
            .bind(i64::from(matter.generative_ai))
            .bind(i64::from(matter.abroad))
            .bind(i64::from(matter.personal_device))
            .execute(&mut *connection)
            .await
            .unwrap();
        }
        for (facts, until, other) in &self.items {
            sqlx::query(
                "insert into item (id, name, kind, form, place, class, custodian, matter, party, source, \
                 state, shared, contained, holds, shard, taken, due, rev) \
                 values ($1, '', $2, $3, '', $4, $5, $6, '', '', $7, $8, $9, $10, '', 0, 0, 1)",
            )
            .bind(facts.id.to_string())
            .bind(&facts.kind)
            .bind(&facts.form)
            .bind(facts.rank)
            .bind(facts.custodian.to_string())
            .bind(facts.matter.to_string())
            .bind(&facts.state)
            .bind(i64::from(facts.shared))
            .bind(i64::from(facts.contained))
            .bind(if facts.held { 2_i64 } else { 0 })
            .execute(&mut *connection)
            .await
            .unwrap();
            let other = (person(PEOPLE + 1), *other);
            for (grantee, until) in [(self.asker.id, *until), other] {
                if until < 0 {
                    continue;
                }
                sqlx::query("insert into grants (item, person, until, given_by) values ($1, $2, $3, '')")
                    .bind(facts.id.to_string())
                    .bind(grantee.to_string())
                    .bind(until)
                    .execute(&mut *connection)
                    .await
                    .unwrap();
            }
        }
    }
}

/// A statement whose `{}` become `$1`, `$2` … in the order of the values.
#[derive(Default)]
struct Statement {
    sql: String,
    values: Vec<Value>,
}

impl Statement {
    fn push(&mut self, text: &str, values: &[Value]) {
        assert_eq!(text.matches("{}").count(), values.len(), "{text}");
        let mut pieces = text.split("{}");
        self.sql.push_str(pieces.next().unwrap());
        for (piece, value) in pieces.zip(values) {
            self.values.push(value.clone());
            self.sql.push_str(&format!("${}{piece}", self.values.len()));
        }
    }

    /// That any of a scope's ways holds.
    fn any(&mut self, scope: &Scope) {
        self.push("(", &[]);
        for (number, way) in scope.any.iter().enumerate() {
            self.push(if number == 0 { "(" } else { " or (" }, &[]);
            self.push(&way.sql, &way.values);
            self.push(")", &[]);
        }
        self.push(if scope.any.is_empty() { "1=0)" } else { ")" }, &[]);
    }

    async fn ids<I: std::str::FromStr<Err: std::fmt::Debug>>(self, connection: &mut AnyConnection) -> Vec<I> {
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(self.sql));
        for value in self.values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Long(number) => query.bind(number),
            };
        }
        let rows: Vec<(String,)> = query.fetch_all(connection).await.unwrap();
        rows.into_iter().map(|(id,)| id.parse().unwrap()).collect()
    }
}

/// All that a scope selects, as counts do: any of its ways.
async fn counted(scope: &Scope, connection: &mut AnyConnection) -> Vec<ItemId> {
    let mut statement = Statement::default();
    statement.push("select i.id from item i join matter m on m.id = i.matter where ", &[]);
    statement.any(scope);
    statement.ids(connection).await
}

/// The newest that a scope selects, as pages do: each way on its own.
async fn page(scope: &Scope, limit: usize, connection: &mut AnyConnection) -> Vec<ItemId> {
    if scope.any.is_empty() {
        return vec![];
    }
    let limit = Value::Long(limit as i64);
    let mut statement = Statement::default();
    statement.push("select i.id from item i where i.id in (", &[]);
    for (number, way) in scope.any.iter().enumerate() {
        let union = if number == 0 { "" } else { " union " };
        let from = "select id from (select i.id from item i join matter m on m.id = i.matter where (";
        statement.push(&format!("{union}{from}"), &[]);
        statement.push(&way.sql, &way.values);
        let end = format!(") order by i.id desc limit {{}}) way{number}");
        statement.push(&end, std::slice::from_ref(&limit));
    }
    statement.push(") order by i.id desc limit {}", std::slice::from_ref(&limit));
    statement.ids(connection).await
}

/// Databases to run on, the URL's only when there is one.
fn databases(folder: &std::path::Path) -> Vec<Location> {
    let file = Location::File(folder.join("kura.db"), Key::random());
    let server = std::env::var("KURA_TEST_POSTGRES").ok().map(Location::Postgres);
    std::iter::once(file).chain(server).collect()
}

/// How many items and matters were visible, and how many hidden.
#[derive(Debug, Clone, Default)]
struct Seen {
    items: (usize, usize),
    matters: (usize, usize),
}

/// Holds scopes against decisions, for each pack in so many random worlds.
fn hold(cases: u32, guests: f64, packs: &[Pack]) -> Vec<Seen> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut seen = vec![Seen::default(); packs.len()];
    for location in databases(folder.path()) {
        let (engine, connection) = runtime.block_on(async {
            let database = Database::open(&location).await.unwrap();
            (database.engine(), RefCell::new(database.connect().await.unwrap()))
        });
        for (pack, seen) in packs.iter().zip(&mut seen) {
            let counts = RefCell::new(seen);
            let config = Config { cases, failure_persistence: None, ..Config::default() };
            let run = TestRunner::new(config).run(&world(guests), |world| {
                let accountable = world.accountable();
                let asker = Asker { person: &world.asker, accountable: &accountable };
                let scope = pack.scope(asker, &world.circumstances()).unwrap();
                let matters = pack.scope_of_matters(asker, &world.circumstances()).unwrap();
                let expected = world.decided(pack);
                let mut connection = connection.borrow_mut();
                let (all, newest, known) = runtime.block_on(world.select(&scope, &matters, &mut connection));
                let decided = world.decided_matters(pack);
                prop_assert_eq!(&known, &decided, "{:?}, {:?}", engine, matters);
                let distinct: BTreeSet<ItemId> = all.iter().copied().collect();
                prop_assert_eq!(all.len(), distinct.len());
                prop_assert_eq!(&distinct, &expected, "{:?}, {:?}", engine, scope);
                let last: Vec<ItemId> = expected.iter().rev().take(PAGE).copied().collect();
                prop_assert_eq!(newest, last, "{:?}, {:?}", engine, scope);
                let mut counts = counts.borrow_mut();
                counts.items.0 += expected.len();
                counts.items.1 += ITEMS - expected.len();
                counts.matters.0 += decided.len();
                counts.matters.1 += usize::from(MATTERS) - decided.len();
                Ok(())
            });
            if let Err(error) = run {
                panic!("{error}\nwith the rules {:?}", pack.rules.keys());
            }
        }
    }
    seen
}

#[test]
fn a_list_is_what_the_rules_let_one_know_of() {
    let pack = Pack::load(&pack::model()).unwrap();
    let seen = &hold(320, 0.3, &[pack])[0];
    let enough = |(visible, hidden): (usize, usize), least| visible > least && hidden > least;
    assert!(enough(seen.items, 1_000) && enough(seen.matters, 200), "{seen:?}");
}

/// A rule on what may be known of matters.
fn matter_rule(id: &str, head: &str, condition: &str) -> String {
    rule(id, head, condition).replace("\"know\"", "\"know_matter\"").replace("Kura::Item)", "Kura::Matter)")
}

fn rule(id: &str, head: &str, condition: &str) -> String {
    format!(
        "@id(\"{id}\") @clause(\"basic-3\") @reason_ja(\"-\") @reason_en(\"-\") @ask(\"self\")\n\
         {head}, action == Kura::Action::\"know\", resource is Kura::Item) {condition};\n"
    )
}

/// The model pack with these rules instead of its own.
fn with_rules(rules: &[String]) -> Pack {
    let mut files = pack::model();
    files.retain(|name, _| !name.starts_with("rules/"));
    files.insert("rules/only.cedar".to_owned(), rules.concat());
    Pack::load(&files).unwrap()
}

/// Conditions with every construct that a list can have.
fn conditions() -> Vec<String> {
    let (first, second) = (matter(1), matter(2));
    vec![
        "resource.kind == \"lent\" || resource.form != \"electronic\"".to_owned(),
        "[\"lent\", \"work\"].contains(resource.kind) && ![2, 3].contains(resource.rank)".to_owned(),
        "if resource.shared then resource.rank < 3 else resource.matter.open".to_owned(),
        "if principal.clearance > 1 then resource.rank >= 3 else !resource.held".to_owned(),
        "resource.shared == resource.contained".to_owned(),
        "resource.held != true && resource.shared != (resource.rank > principal.clearance)".to_owned(),
        "resource.custodian == resource.matter.custodian || resource.custodian == principal".to_owned(),
        "resource.custodian != principal && principal in resource.matter".to_owned(),
        "resource.hasTag(principal.key)".to_owned(),
        "if resource.hasTag(principal.key) \
         then resource.getTag(principal.key).until <= context.now else true"
            .to_owned(),
        "resource.hasTag(principal.key) && !(resource.getTag(principal.key).until == context.now + 5)"
            .to_owned(),
        "!(resource.hasTag(principal.key) && context.now < resource.getTag(principal.key).until)".to_owned(),
        "resource.hasTag(principal.key) && [999, 1005].contains(resource.getTag(principal.key).until)"
            .to_owned(),
        "(resource.hasTag(\"x\") && resource.getTag(\"x\").until > 1) || resource.rank >= 4".to_owned(),
        "(principal in resource.matter || resource.shared) && resource.matter.copies && \
         !resource.matter.summaries"
            .to_owned(),
        "!(principal in resource.matter) && (resource.matter.subcontractor || resource.matter.abroad)"
            .to_owned(),
        "principal in [resource.matter]".to_owned(),
        "principal in resource.matter || resource.matter.custodian == principal".to_owned(),
        "resource.matter.generativeAi && resource.matter.personalDevice || resource.contained".to_owned(),
        "resource has matter.open && resource has rank && resource.matter has party && \
         resource.custodian is Kura::Person && resource.state == \"held\""
            .to_owned(),
        "[resource.rank, 2].contains(principal.clearance)".to_owned(),
        "[principal.clearance, 0].contains(resource.rank)".to_owned(),
        "[true].contains(resource.shared)".to_owned(),
        "resource.rank <= 1 || (resource.rank <= 2 && principal.employment == \"director\")".to_owned(),
        format!("resource == Kura::Item::\"{}\"", item(3)),
        format!("resource.matter == Kura::Matter::\"{first}\""),
        format!("resource.matter in [Kura::Matter::\"{first}\", Kura::Matter::\"{second}\"]"),
        format!("[Kura::Matter::\"{first}\", Kura::Matter::\"{second}\"].contains(resource.matter)"),
        "[principal, resource.matter.custodian].contains(resource.custodian)".to_owned(),
        "principal in resource.custodian".to_owned(),
        "context.zone == \"office\" && resource.rank > 0 && 3 > resource.rank".to_owned(),
        "principal in Kura::Office::\"auditor\" || resource.rank == 0".to_owned(),
    ]
}

/// Packs with a condition as a permission and as a prohibition, both ways.
fn packs_of(who: &str, condition: &str) -> [Pack; 4] {
    let when = format!("when {{ {condition} }}");
    let unless = format!("unless {{ {condition} }}");
    let open = rule("open", "permit (principal", "");
    [
        with_rules(&[rule("one", &format!("permit ({who}"), &when)]),
        with_rules(&[rule("one", &format!("permit ({who}"), &unless)]),
        with_rules(&[open.clone(), rule("one", &format!("forbid ({who}"), &when)]),
        with_rules(&[open, rule("one", &format!("forbid ({who}"), &unless)]),
    ]
}

#[test]
fn every_construct_of_the_rules_means_the_same_in_a_list() {
    for condition in conditions() {
        let packs = packs_of("principal is Kura::Person", &condition);
        for Seen { items: (visible, hidden), .. } in hold(8, 0.1, &packs) {
            assert!(visible > 0 && hidden > 0, "{condition}: {visible}, {hidden}");
        }
    }
    for condition in [
        "resource.matter.party == principal.party",
        "resource.matter.party != principal.party && principal in resource.matter",
        "principal in resource.matter && principal.until > context.now && resource.rank < 3",
    ] {
        let packs = packs_of("principal is Kura::Guest", condition);
        for Seen { items: (visible, hidden), .. } in hold(16, 0.9, &packs) {
            assert!(visible > 0 && hidden > 0, "{condition}: {visible}, {hidden}");
        }
    }
}

#[test]
fn rules_on_matters_mean_the_same_in_a_list() {
    let first = matter(1);
    for condition in [
        "principal in resource",
        "resource.custodian == principal",
        "!(principal in resource) || resource.custodian != principal",
        "principal in resource && principal != resource.custodian && resource.open",
        "[principal].contains(resource.custodian) || principal in [resource]",
        "resource.copies && !resource.summaries || resource.abroad == resource.personalDevice",
        "resource has custodian && resource has open && resource.custodian is Kura::Person && resource.open",
        &format!("resource == Kura::Matter::\"{first}\" || resource in [Kura::Matter::\"{first}\"]"),
    ] {
        let open = matter_rule("open", "permit (principal", "");
        let person = "(principal is Kura::Person";
        let packs = [
            with_rules(&[matter_rule(
                "one",
                &format!("permit {person}"),
                &format!("when {{ {condition} }}"),
            )]),
            with_rules(&[matter_rule(
                "one",
                &format!("permit {person}"),
                &format!("unless {{ {condition} }}"),
            )]),
            with_rules(&[
                open.clone(),
                matter_rule("one", &format!("forbid {person}"), &format!("when {{ {condition} }}")),
            ]),
            with_rules(&[
                open,
                matter_rule("one", &format!("forbid {person}"), &format!("unless {{ {condition} }}")),
            ]),
        ];
        for Seen { matters: (visible, hidden), .. } in hold(16, 0.1, &packs) {
            assert!(visible > 0 && hidden > 0, "{condition}: {visible}, {hidden}");
        }
    }
}

#[test]
fn rules_mean_the_same_together_in_a_list() {
    let conditions = conditions();
    let at = |number: usize| format!("when {{ {} }}", conditions[number % conditions.len()]);
    let person = "(principal is Kura::Person";
    let packs: Vec<Pack> = (0..conditions.len())
        .map(|number| {
            with_rules(&[
                rule("a", &format!("permit {person}"), &at(number)),
                rule("b", &format!("permit {person}"), &at(number + 11)),
                rule("c", &format!("permit {person}"), "when { principal in resource.matter }"),
                rule("d", &format!("forbid {person}"), &at(number + 5)),
                rule("e", &format!("forbid {person}"), &at(2 * number + 3).replace("when", "unless")),
            ])
        })
        .collect();
    let seen = hold(8, 0.1, &packs);
    let both = seen.iter().filter(|seen| seen.items.0 > 0 && seen.items.1 > 0);
    assert!(both.count() > packs.len() / 2, "{seen:?}");
}
