//! Duties: none is lost and none made twice, whatever the calendar, the clock or the server did; each is done by its
//! office, seen by another where that is asked, and stays as it was at the act.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;
use kura::Error;
use kura::clock::parse_moment;
use kura::duties::discharge_duty::DischargeDuty;
use kura::duties::list_duties::{DutyView, ListDuties};
use kura::duties::witness_duty::WitnessDuty;
use kura::duties::{Keeper, OccurrenceView, schedule};
use kura::id::OccurrenceId;
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::people::leave::Leave;
use kura::policy::list_clauses::ListClauses;
use kura::rules::duties::Cadence;
use kura::rules::pack::{Pack, model};

use crate::both;
use crate::firm::{DAY, Firm, NOW};

both! {
    std_1_ten_years_of_duties_lose_none_and_make_none_twice
    std_4_1_a_duty_is_done_by_its_office_and_seen_by_another
    std_4_1_every_clause_says_at_once_that_a_duty_lapsed_and_that_it_was_done
    basic_1c_the_program_does_its_own_duties_and_says_what_it_found
}

/// Every occurrence in the database: duty, day, what caused it, state.
async fn all(firm: &Firm) -> Vec<(String, String, String, String)> {
    let mut connection = firm.open.door.database().connect().await.unwrap();
    sqlx::query_as("select duty, scheduled_on, cause, state from duty_occurrence order by duty, scheduled_on")
        .fetch_all(&mut connection)
        .await
        .unwrap()
}

async fn duty(firm: &Firm, id: &str) -> DutyView {
    let asked = ListDuties { duty: Some(id.to_owned()) };
    firm.pass(&firm.admin, asked).await.unwrap().remove(0)
}

fn discharge(line: &OccurrenceView) -> DischargeDuty {
    DischargeDuty {
        occurrence: line.occurrence,
        told: "looked at everything".parse().unwrap(),
        done_on: None,
        population: None,
        found: None,
    }
}

/// Looks at the firm now and then for ten years: daily, or after a month in which no server ran, with the firm's time
/// zone changed on the way and a person leaving in the middle.
async fn std_1_ten_years_of_duties_lose_none_and_make_none_twice(mut firm: Firm) {
    let mut now = NOW;
    let mut looked = 0_u32;
    let end = NOW + 3653 * DAY;
    while now < end {
        schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
        let mut connection = firm.open.door.database().connect().await.unwrap();
        sqlx::query(
            "update duty_occurrence set state = 'done' where duty in ('ledger-verified', 'backup-made')",
        )
        .execute(&mut connection)
        .await
        .unwrap();
        drop(connection);
        looked += 1;
        // 1 to 13 days, and every year a month without a server; a stretch that is no multiple of a day.
        let days = if looked.is_multiple_of(53) { 33 } else { i64::from(looked % 13) + 1 };
        now += days * DAY + i64::from(looked % 7) * 3_600_000;
        firm.clock.set(now);
        if looked == 150 {
            // The firm moves west: the day there may be the one before.
            firm.open.settings.time_zone = "America/Los_Angeles".to_owned();
            firm = firm.restart().await;
        }
        if looked == 300 {
            firm.open.settings.time_zone = "Asia/Tokyo".to_owned();
            firm = firm.restart().await;
            let intern = firm.intern.id().unwrap();
            firm.pass(&firm.admin, Leave { person: intern }).await.unwrap();
        }
    }
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let today: Date = firm.open.door.clock().today();
    let mut made = BTreeMap::<String, BTreeSet<String>>::new();
    for (duty, scheduled_on, cause, state) in all(&firm).await {
        assert_ne!(state, "withdrawn", "the policy still asks for it");
        if cause.is_empty() {
            assert!(made.entry(duty.clone()).or_default().insert(scheduled_on), "{duty} twice");
        } else {
            assert_eq!(duty, "leaver-cleared");
        }
    }
    let founded: Date = "2026-11-24".parse().unwrap();
    for duty in Pack::load(&model()).unwrap().duties {
        let found = made.remove(&duty.id).unwrap_or_default();
        let expected: BTreeSet<String> = match &duty.cadence {
            Cadence::Calendar(_) => {
                // All of them in one go.
                let days = duty.days(founded.yesterday().unwrap(), today.checked_add(14.days()).unwrap());
                days.into_iter().map(|day| day.to_string()).collect()
            }
            // It stays due until it is done.
            Cadence::AfterLast(_) => BTreeSet::from([founded.to_string()]),
            Cadence::On { .. } => BTreeSet::new(),
        };
        let ahead = if duty.check.is_some() { today } else { today.checked_add(14.days()).unwrap() };
        let expected: BTreeSet<String> =
            expected.into_iter().filter(|day| *day <= ahead.to_string()).collect();
        assert_eq!(found, expected, "{}", duty.id);
    }
    assert!(made.is_empty(), "{made:?}");
    let daily = all(&firm).await.into_iter().filter(|(duty, ..)| duty == "ledger-verified").count() as i64;
    assert_eq!(
        daily,
        i64::from((today - founded).get_days()) + 1,
        "a day is a day, the 29th of February among them"
    );
    let leaver = all(&firm).await.into_iter().filter(|(duty, ..)| duty == "leaver-cleared").count();
    assert_eq!(leaver, 1);
}

async fn std_4_1_a_duty_is_done_by_its_office_and_seen_by_another(mut firm: Firm) {
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    // Every clause is upheld, and every rule and duty stands with one.
    let board = firm.pass(&firm.staff, ListClauses {}).await.unwrap();
    let pack = firm.open.door.rules();
    assert!(
        board.clauses.iter().all(|clause| clause.upheld && clause.late == 0 && !clause.document.is_empty())
    );
    assert_eq!(board.clauses.iter().map(|clause| clause.rules.len()).sum::<usize>(), pack.rules.len());
    assert_eq!(board.clauses.iter().map(|clause| clause.duties.len()).sum::<usize>(), pack.duties.len());
    assert_eq!((board.may.len(), firm.pass(&firm.admin, ListClauses {}).await.unwrap().may.len()), (0, 14));
    assert!(firm.pass(&firm.guest, ListClauses {}).await.is_err());
    let restore = duty(&firm, "restore-tested").await;
    assert!(restore.mine && restore.occurrences.len() == 1, "{restore:?}");
    let line = restore.occurrences[0].clone();
    assert_eq!((line.state.as_str(), line.late, line.scheduled_on.as_str()), ("open", false, "2026-11-24"));
    // Not by somebody else, not before its day, not with more found than looked at.
    let refused = firm.pass(&firm.staff, discharge(&line)).await.unwrap_err();
    assert!(matches!(&refused, Error::Denied(_)), "{refused}");
    assert!(firm.pass(&firm.guest, discharge(&line)).await.is_err());
    let early = DischargeDuty { done_on: Some("2026-11-25".to_owned()), ..discharge(&line) };
    assert!(firm.pass(&firm.admin, early).await.unwrap_err().to_string().contains("not come yet"));
    let more = DischargeDuty { population: Some(1), found: Some(2), ..discharge(&line) };
    assert!(firm.pass(&firm.admin, more).await.unwrap_err().to_string().contains("at most as many"));
    let nothing = DischargeDuty { occurrence: OccurrenceId::new(1, &[1; 10]), ..discharge(&line) };
    assert!(matches!(firm.pass(&firm.admin, nothing).await, Err(Error::NotFound("duty that is due"))));
    // Nobody witnesses what was not done.
    let witness = WitnessDuty { occurrence: line.occurrence };
    assert!(matches!(firm.pass(&firm.staff, witness.clone()).await, Err(Error::Denied(_))));
    let counted = DischargeDuty { population: Some(12), found: Some(1), ..discharge(&line) };
    let done = firm.pass(&firm.admin, counted).await.unwrap();
    assert_eq!((done.state.as_str(), done.late), ("reported", false));
    assert!(
        firm.pass(&firm.admin, discharge(&line)).await.unwrap_err().to_string().contains("recorded already")
    );
    // Whoever did it is not their own witness.
    let own = firm.pass(&firm.admin, witness.clone()).await.unwrap_err();
    assert!(own.to_string().contains("duty-witness-other"), "{own}");
    firm.pass(&firm.staff, witness.clone()).await.unwrap();
    let again = firm.pass(&firm.staff, witness).await.unwrap_err();
    assert!(again.to_string().contains("nothing waits for a witness"), "{again}");
    let line = duty(&firm, "restore-tested").await.occurrences[0].clone();
    assert_eq!(
        (line.state.as_str(), line.source.as_str(), line.done_by.as_str()),
        ("done", "witnessed", "管理 太郎")
    );
    assert_eq!((line.population, line.found), (Some(12), Some(1)));

    // The next time counts from when it was done; three months and a grace later it is late, and stays late when done.
    firm.clock.set(parse_moment("2027-03-15T00:00:00Z").unwrap());
    firm = firm.restart().await;
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let line = duty(&firm, "restore-tested").await.occurrences[0].clone();
    // The board says so at once.
    let board = firm.pass(&firm.staff, ListClauses {}).await.unwrap();
    let system = board.clauses.iter().find(|clause| clause.clause == "system").unwrap();
    assert!(system.late > 0, "{system:?}");
    // The 24th of February 2027 is a Wednesday.
    assert_eq!(
        (line.scheduled_on.as_str(), line.due_on.as_str(), line.late),
        ("2027-02-24", "2027-02-24", true)
    );
    let told = DischargeDuty { done_on: Some("2027-02-24".to_owned()), ..discharge(&line) };
    assert!(
        firm.pass(&firm.admin, told).await.unwrap().late,
        "a day that is told afterwards does not undo it"
    );
    firm.pass(&firm.custodian, WitnessDuty { occurrence: line.occurrence }).await.unwrap();
    let restore = duty(&firm, "restore-tested").await;
    assert_eq!((restore.in_time, restore.late), (1, 1));

    // What the program does nobody else says was done.
    let ledger = duty(&firm, "ledger-verified").await.occurrences[0].clone();
    let refused = firm.pass(&firm.admin, discharge(&ledger)).await.unwrap_err();
    assert!(refused.to_string().contains("by itself"), "{refused}");
}

async fn basic_1c_the_program_does_its_own_duties_and_says_what_it_found(firm: Firm) {
    let mut keeper = Keeper::default();
    keeper.keep(&firm.open.door).await;
    let ledger = duty(&firm, "ledger-verified").await;
    let line = &ledger.occurrences[0];
    assert_eq!(
        (line.state.as_str(), line.source.as_str(), line.late, line.found),
        ("done", "system", false, Some(0))
    );
    assert!(line.population.unwrap() > 10, "{line:?}");
    // There is no backup yet, and that is what is found.
    let backups = duty(&firm, "backup-made").await.occurrences[0].clone();
    assert_eq!((backups.state.as_str(), backups.population, backups.found), ("done", Some(0), Some(1)));
    let board = firm.pass(&firm.staff, ListClauses {}).await.unwrap();
    let found: Vec<_> =
        board.clauses.iter().filter(|clause| clause.found > 0).map(|clause| &clause.clause).collect();
    assert_eq!(found, ["system"]);
    // Once a day.
    keeper.keep(&firm.open.door).await;
    assert_eq!(duty(&firm, "ledger-verified").await.occurrences.len(), 1);

    // After ten days without a server all ten are there, done now: those of long ago late.
    firm.clock.set(NOW + 10 * DAY);
    let mut connection = firm.open.door.database().connect().await.unwrap();
    sqlx::query("update ledger_leaf set leaf = replace(leaf, 'done', 'none') where idx = 3")
        .execute(&mut connection)
        .await
        .unwrap();
    drop(connection);
    keeper.keep(&firm.open.door).await;
    let ledger = duty(&firm, "ledger-verified").await;
    assert_eq!(ledger.occurrences.len(), 11);
    assert_eq!(ledger.occurrences.iter().filter(|line| line.late).count(), 8, "a day of grace");
    assert!(ledger.occurrences[..10].iter().all(|line| line.found == Some(1)), "somebody changed a record");
    assert_eq!((ledger.in_time, ledger.late), (3, 8));
}

/// The board, clause by clause, both ways: what has a duty tells that it lapsed, what has none does not, and what was done
/// after all is late no more.
async fn std_4_1_every_clause_says_at_once_that_a_duty_lapsed_and_that_it_was_done(firm: Firm) {
    let late = async || -> BTreeMap<String, i64> {
        let board = firm.pass(&firm.staff, ListClauses {}).await.unwrap();
        assert!(board.clauses.iter().all(|clause| clause.upheld));
        board.clauses.into_iter().map(|clause| (clause.clause, clause.late)).collect()
    };
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    assert!(late().await.values().all(|late| *late == 0));
    let everyone = &firm.directors[0];
    for office in [
        Office::CsrCommittee,
        Office::RiskManagementSubcommittee,
        Office::ChiefSystemAdministrator,
        Office::SystemAdministrator,
        Office::NetworkAdministrator,
        Office::Auditor,
        Office::ReportHandler,
    ] {
        let appoint = Appoint { person: everyone.id().unwrap(), office, until: None, dismiss: false };
        firm.pass(&firm.admin, appoint).await.unwrap();
    }

    firm.clock.set(NOW + 400 * DAY);
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let pack = firm.open.door.rules();
    let lapsed = late().await;
    for clause in &pack.clauses {
        let own = pack.duties.iter().filter(|duty| duty.clause == clause.id);
        let recurs = own.filter(|duty| !matches!(duty.cadence, Cadence::On { .. })).count();
        assert_eq!(lapsed[&clause.id] > 0, recurs > 0, "{}: {lapsed:?}", clause.id);
    }

    // The program does its own, and people theirs.
    Keeper::default().keep(&firm.open.door).await;
    for _ in 0..100 {
        let duties = firm.pass(everyone, ListDuties { duty: None }).await.unwrap();
        let open = duties.iter().flat_map(|duty| &duty.occurrences);
        let open: Vec<&OccurrenceView> = open.filter(|line| line.state == "open" && line.late).collect();
        if open.is_empty() {
            break;
        }
        for line in open {
            let done = firm.pass(everyone, discharge(line)).await.unwrap();
            assert!(done.late, "late is late even if done");
        }
    }
    let done = late().await;
    assert!(done.values().all(|late| *late == 0), "{done:?}");
}
