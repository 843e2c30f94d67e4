//! A page of what one may see, at 10,000 and at 1,000,000 items; a decision; a start.

use std::time::{Duration, Instant};

use kura::clock::Clock;
use kura::custody::list::List;
use kura::custody::take::Take;
use kura::door::Actor;
use kura::id::{ItemId, MatterId, PersonId};
use kura::install::Installation;
use kura::matters::change_members::ChangeMembers;
use kura::people::Employment;
use kura::rules::facts::{Action, Circumstances, ItemFacts, MatterFacts, PersonFacts, Resource};
use sqlx::{AnyConnection, Executor as _};

use crate::firm::{Firm, pass, person, settings};
use crate::{Report, percentiles, timed};

/// What the items are called before their number.
const KINDS: [&str; 7] =
    ["見積書", "設計図面", "業務フロー一覧", "議事録", "Contract No.", "顧客名簿", "試験成績書"];
/// Matters that the items are spread over: each holds a hundredth.
const MATTERS: usize = 100;

pub async fn measure(report: &mut Report) {
    let firm = Firm::found().await;
    let few = person(&firm.open, &firm.admin, "few", Employment::Regular).await;
    let one = person(&firm.open, &firm.admin, "one", Employment::Regular).await;
    let all = person(&firm.open, &firm.admin, "all", Employment::Director).await;
    let member = ChangeMembers { matter: firm.matter, person: one, remove: false };
    pass(&firm.open, &firm.custodian, member).await;
    let people = [("20 items", few), ("1 %", one), ("all", all)];
    let mut connection = firm.open.door.database().connect().await.unwrap();
    let matters = matters(&mut connection, &firm).await;
    let custodians = custodians(&mut connection, &firm).await;
    let matters = (matters, custodians);
    fill(&mut connection, &matters, 0..10_000).await;
    granted(&mut connection, few).await;
    let small = pages(&firm.open, &people).await;
    fill(&mut connection, &matters, 10_000..1_000_000).await;
    let before = bytes(&mut connection).await;
    let (_, took) = timed_async(kura::db::search::prepare(&mut connection, kura::db::Engine::Sqlite)).await;
    let index = bytes(&mut connection).await - before;
    report.add(
        "index for search over 1,000,000 items",
        format!("{:.0} MB", index as f64 / 1e6),
        format!(
            "{:.2} × the rest of the database; made in {:.0} s",
            index as f64 / before as f64,
            took.as_secs_f64()
        ),
        "—",
    );
    connection.execute("analyze").await.unwrap();
    let large = pages(&firm.open, &people).await;
    let each = decisions(&firm, report);
    for (((who, _), small), large) in people.iter().zip(&small).zip(&large) {
        report.add(
            format!("a page of 50 for one who sees {who}, 1,000,000 items"),
            format!("{:.1} ms", large.as_secs_f64() * 1e3),
            format!(
                "{:.2} × the time at 10,000 items; a loop of 10,000 decisions takes {:.0} × as long",
                large.as_secs_f64() / small.as_secs_f64(),
                each.as_secs_f64() * 1e4 / large.as_secs_f64()
            ),
            "< 2 × its time at 10,000; ≥ 50 × faster than the loop",
        );
    }
    drop(connection);
    let take = Take {
        matter: firm.matter,
        class: "internal".to_owned(),
        source: "handed over".parse().unwrap(),
        upload: None,
        sha256: None,
        place: Some("shelf".parse().unwrap()),
        name: Some("a real item".parse().unwrap()),
        custodian: None,
        shared: false,
    };
    let real = pass(&firm.open, &firm.custodian, take).await.item.to_string();
    let Firm { open, folder, .. } = firm;
    open.close().await;
    let started = Instant::now();
    let open = Installation::open(settings(folder.path()), Clock::system()).await.unwrap();
    report.add(
        "start, 1,000,000 items",
        format!("{:.2} s", started.elapsed().as_secs_f64()),
        "keyring, database, ledger's head checked, rules loaded".to_owned(),
        "< 0.5 s",
    );
    crate::pages::measure(report, &open, &real, "all").await;
    open.close().await;
}

async fn matters(connection: &mut AnyConnection, firm: &Firm) -> Vec<String> {
    let mut all = vec![firm.matter.to_string()];
    for number in 1..MATTERS {
        let id = MatterId::new(number as u64, &[9; 10]).to_string();
        sqlx::query("insert into matter select $1, $2, name, party, custodian, state, basis, purpose, return_by, copies, summaries, subcontractor, generative_ai, abroad, personal_device, rev from matter where id = $3")
            .bind(&id)
            .bind(format!("m{number}"))
            .bind(&all[0])
            .execute(&mut *connection)
            .await
            .unwrap();
        all.push(id);
    }
    all
}

fn item(number: u64) -> String {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    ItemId::new(1_700_000_000_000 + number, &random).to_string()
}

/// People who are accountable, each for a hundredth.
async fn custodians(connection: &mut AnyConnection, firm: &Firm) -> Vec<String> {
    let mut all = Vec::new();
    for number in 0..MATTERS {
        let id = PersonId::new(number as u64, &[8; 10]).to_string();
        sqlx::query("insert into person select $1, $2, name, employment, party, until, clearance, suspended, trained_until, acknowledged, password, rev, mail from person where id = $3")
            .bind(&id)
            .bind(format!("c{number}"))
            .bind(firm.admin.id().unwrap().to_string())
            .execute(&mut *connection)
            .await
            .unwrap();
        all.push(id);
    }
    all
}

async fn fill(
    connection: &mut AnyConnection,
    (matters, custodians): &(Vec<String>, Vec<String>),
    numbers: std::ops::Range<u64>,
) {
    connection.execute("begin").await.unwrap();
    for number in numbers {
        let matter = &matters[number as usize % matters.len()];
        sqlx::query("insert into item (id, name, kind, form, place, class, custodian, matter, party, source, state, shared, contained, holds, shard, taken, due, rev) values ($1, $2, 'lent', 'tangible', 'x', $3, $4, $5, '', '', 'held', 0, 0, 0, 's', 1, 1, 1)")
            .bind(item(number))
            .bind(format!("{}{number}号", KINDS[(number % 7) as usize]))
            .bind(1 + (number % 4) as i64)
            .bind(&custodians[(number / 7) as usize % custodians.len()])
            .bind(matter)
            .execute(&mut *connection)
            .await
            .unwrap();
    }
    connection.execute("commit").await.unwrap();
}

/// Bytes of the database.
async fn bytes(connection: &mut AnyConnection) -> i64 {
    let size = "select page_count * page_size from pragma_page_count(), pragma_page_size()";
    let (bytes,): (i64,) = sqlx::query_as(size).fetch_one(connection).await.unwrap();
    bytes
}

async fn timed_async<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let started = Instant::now();
    (work.await, started.elapsed())
}

async fn granted(connection: &mut AnyConnection, person: PersonId) {
    for number in 0..20 {
        sqlx::query("insert into grants (item, person, until, given_by) values ($1, $2, 9999999999999, '')")
            .bind(item(number * 500))
            .bind(person.to_string())
            .execute(&mut *connection)
            .await
            .unwrap();
    }
}

async fn pages(open: &Installation, people: &[(&str, PersonId); 3]) -> Vec<Duration> {
    let mut middles = Vec::new();
    for (who, person) in people {
        let actor = Actor::person(*person, "office");
        let mut times = Vec::new();
        for _ in 0..40 {
            let started = Instant::now();
            let page = pass(open, &actor, List::default()).await;
            times.push(started.elapsed());
            assert_eq!(page.items.len(), if *who == "20 items" { 20 } else { 50 });
        }
        middles.push(percentiles(times).0);
    }
    middles
}

/// One decision, its slice included; returns its middle time.
fn decisions(firm: &Firm, report: &mut Report) -> Duration {
    let pack = firm.open.door.rules();
    let id = firm.custodian.id().unwrap();
    let matter = MatterFacts {
        id: firm.matter,
        open: true,
        party: kura::id::PartyId::new(1, &[1; 10]),
        custodian: id,
        copies: true,
        summaries: true,
        subcontractor: false,
        generative_ai: false,
        abroad: false,
        personal_device: false,
    };
    let asker = PersonFacts {
        id,
        employment: "regular".to_owned(),
        party: None,
        until: 0,
        clearance: 3,
        suspended: false,
        trained_until: i64::MAX,
        acknowledged: 1,
        offices: vec![],
        matters: vec![firm.matter],
    };
    let facts = ItemFacts {
        id: ItemId::new(1, &[2; 10]),
        rank: 3,
        kind: "lent".to_owned(),
        form: "electronic".to_owned(),
        state: "held".to_owned(),
        custodian: PersonId::new(1, &[3; 10]),
        matter: firm.matter,
        shared: false,
        contained: false,
        held: false,
        granted_until: None,
    };
    let resource = Resource::Item(facts, matter);
    let circumstances =
        Circumstances { now: 1, zone: "office".to_owned(), policy: 1, ..Circumstances::default() };
    let times: Vec<Duration> = (0..20_000)
        .map(|_| {
            timed(|| {
                assert!(pack.decide(&asker, Action("open"), &resource, &circumstances).unwrap().permitted)
            })
            .1
        })
        .collect();
    let (middle, slow) = percentiles(times);
    let peer = crate::peer::decisions(&asker, &resource, &circumstances);
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    report.add(
        format!("a decision, slice included, {} rules", pack.rules.len()),
        format!("{:.0} µs (p99 {:.0} µs)", micros(middle), micros(slow)),
        format!(
            "{:.1} × as fast as regorus on the rules that speak of `open` alone ({:.0} µs, p99 {:.0} µs)",
            micros(peer.0) / micros(middle),
            micros(peer.0),
            micros(peer.1)
        ),
        "p99 < 150 µs; faster than regorus",
    );
    middle
}
