//! 条項の状況: the board of the clauses in a firm of 300 people, with ten years of duties behind it, at 10,000 and at
//! 1,000,000 records in the ledger.

use std::time::Instant;

use kura::app::App;
use kura::door::Actor;
use kura::duties::schedule;
use kura::id::{OccurrenceId, PersonId};
use kura::install::Installation;
use kura::people::Employment;
use kura::people::list_sessions::ListSessions;
use kura::policy::list_clauses::ListClauses;
use kura::rules::duties::Cadence;
use kura::serve;
use sqlx::{AnyConnection, Executor as _};

use crate::firm::{Firm, pass, person};
use crate::pages::{agent, sign_in};
use crate::{Report, percentiles};

/// Records added at once.
const CLIENTS: u64 = 64;
/// Times that the board is looked at.
const LOOKS: u32 = 300;

pub async fn measure(report: &mut Report) {
    let firm = Firm::found().await;
    let director = person(&firm.open, &firm.admin, "director", Employment::Director).await;
    let mut connection = firm.open.door.database().connect().await.unwrap();
    people(&mut connection, &firm).await;
    let done = history(&mut connection, &firm.open).await;
    drop(connection);
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let actor = Actor::person(director, "office");
    grow(&firm.open, &actor, 10_000).await;
    let small = look(&firm.open, &actor).await;
    grow(&firm.open, &actor, 1_000_000).await;
    let large = look(&firm.open, &actor).await;
    for (what, small, large) in
        [("the board of the clauses", small.0, large.0), ("its page", small.1, large.1)]
    {
        let millis = |time: std::time::Duration| time.as_secs_f64() * 1e3;
        report.add(
            format!("{what}, 300 people, {done} times of duties in ten years, 1,000,000 records"),
            format!("p99 {:.1} ms (middle {:.1} ms)", millis(large.1), millis(large.0)),
            format!(
                "{:.2} × the middle at 10,000 records (p99 {:.1} ms then)",
                millis(large.0) / millis(small.0),
                millis(small.1)
            ),
            "p99 < 100 ms",
        );
    }
    firm.open.close().await;
}

/// 300 people, each with what the founder has.
async fn people(connection: &mut AnyConnection, firm: &Firm) {
    for number in 0..300 {
        let id = PersonId::new(number, &[8; 10]).to_string();
        sqlx::query("insert into person select $1, $2, name, employment, party, until, clearance, suspended, trained_until, acknowledged, password, rev, mail from person where id = $3")
            .bind(&id)
            .bind(format!("p{number}"))
            .bind(firm.admin.id().unwrap().to_string())
            .execute(&mut *connection)
            .await
            .unwrap();
    }
}

/// Ten years in which every duty was done, now and then late: the days are the rules' own.
async fn history(connection: &mut AnyConnection, open: &Installation) -> u64 {
    let (pack, today) = (open.door.rules(), open.door.clock().today());
    let begin = today.saturating_sub(jiff::Span::new().years(10));
    let mut number = 0_u64;
    connection.execute("begin").await.unwrap();
    for duty in &pack.duties {
        let days: Vec<_> = match &duty.cadence {
            Cadence::Calendar(_) => {
                // The rules begin some day of this year: their days ten years back are theirs all the same.
                let shift = jiff::Span::new().years(10);
                let days = duty.days(today, today.saturating_add(shift));
                days.into_iter().map(|day| day.saturating_sub(shift)).collect()
            }
            Cadence::AfterLast(span) => {
                let mut days = vec![begin];
                while let Some(next) =
                    days.last().and_then(|day| day.checked_add(*span).ok()).filter(|day| *day < today)
                {
                    days.push(next);
                }
                days
            }
            Cadence::On { .. } => vec![],
        };
        for day in days.into_iter().filter(|day| *day < today) {
            number += 1;
            sqlx::query("insert into duty_occurrence (id, duty, scheduled_on, cause, due_on, last_day, office, deputy, version, state, source, done, done_on, done_by, done_name, done_office, late, told, population, found, witness_name, witnessed, event) values ($1, $2, $3, '', $3, $3, $4, '', 1, 'done', 'declared', 1, $3, '', 'somebody', $4, $5, 'it was done', 10, 0, '', 0, '') on conflict do nothing")
                .bind(OccurrenceId::new(number, &[7; 10]).to_string())
                .bind(&duty.id)
                .bind(day.to_string())
                .bind(&duty.office)
                .bind(i64::from(number.is_multiple_of(17)))
                .execute(&mut *connection)
                .await
                .unwrap();
        }
    }
    for rule in pack.rules.keys() {
        sqlx::query("insert into rule_denial (rule, times, last) values ($1, 100, 1)")
            .bind(rule)
            .execute(&mut *connection)
            .await
            .unwrap();
    }
    connection.execute("commit").await.unwrap();
    number
}

/// Records real operations until the ledger has so many.
async fn grow(open: &Installation, actor: &Actor, size: u64) {
    let missing = size.saturating_sub(open.door.head().borrow().0);
    let clients = (0..CLIENTS).map(|client| {
        let (open, actor) = (open.door.clone(), actor.clone());
        let own = missing / CLIENTS + u64::from(client < missing % CLIENTS);
        tokio::spawn(async move {
            for _ in 0..own {
                open.pass(&actor, ListSessions {}, kura::door::Options::default()).await.unwrap();
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    assert!(open.door.head().borrow().0 >= size);
}

type Times = (std::time::Duration, std::time::Duration);

/// Middle and 99th of a hundred, warm: of the operation, and of the page as a browser gets it.
async fn look(open: &Installation, actor: &Actor) -> (Times, Times) {
    let mut times = Vec::new();
    for _ in 0..LOOKS {
        let started = Instant::now();
        let board = pass(open, actor, ListClauses {}).await;
        times.push(started.elapsed());
        assert!(board.clauses.iter().all(|clause| clause.upheld));
    }
    let operation = percentiles(times.split_off(20));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = App::new(open.door.clone(), open.settings.clone()).unwrap().router();
    let served = tokio::spawn(serve::serve(listener, None, router, std::future::pending()));
    let asking = tokio::task::spawn_blocking(move || {
        let (cookie, agent) = (sign_in(&base, "director"), agent());
        let mut times = Vec::new();
        for _ in 0..LOOKS {
            let started = Instant::now();
            let mut answer = agent.get(format!("{base}/policy")).header("cookie", &cookie).call().unwrap();
            assert!(answer.status() == 200 && answer.body_mut().read_to_string().is_ok());
            times.push(started.elapsed());
        }
        times
    });
    let mut times = asking.await.unwrap();
    served.abort();
    (operation, percentiles(times.split_off(20)))
}
