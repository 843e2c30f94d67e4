//! How the policy works, counted month by month; and what a draft would ask of people.

use kura::Error;
use kura::clock::parse_moment;
use kura::custody::open::Open;
use kura::door::Actor;
use kura::duties::discharge_duty::DischargeDuty;
use kura::duties::list_duties::ListDuties;
use kura::duties::schedule;
use kura::duties::witness_duty::WitnessDuty;
use kura::id::{FindingId, ViolationId};
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::policy::adopt_pack::AdoptPack;
use kura::policy::grant_exception::GrantException;
use kura::policy::list_clauses::ListClauses;
use kura::policy::show_effect::{ClauseEffect, MonthEffect, ShowEffect};
use kura::rules::pack::model;
use sqlx::AnyConnection;

use crate::both;
use crate::browser::{pages, signed_in};
use crate::firm::{DAY, Firm, NOW};
use crate::policy::{adopt, carried, draft, examined, resolved};

both! {
    std_4_2_refusals_are_counted_by_month_where_the_firm_is
    std_4_2_duties_findings_exceptions_and_cases_are_counted_by_month
    std_4_2_a_draft_says_what_it_would_ask_of_people
}

async fn effect(firm: &Firm, clause: &str, months: i64, granted: bool) -> ClauseEffect {
    let asked = ShowEffect { clause: Some(clause.to_owned()), months: Some(months), granted };
    let mut shown = firm.pass(&firm.directors[0], asked).await.unwrap();
    assert_eq!(shown.clauses.len(), 1);
    shown.clauses.remove(0)
}

fn month<'e>(effect: &'e ClauseEffect, month: &str) -> &'e MonthEffect {
    effect.months.iter().find(|own| own.month == month).unwrap()
}

async fn connection(firm: &Firm) -> AnyConnection {
    firm.open.door.database().connect().await.unwrap()
}

async fn std_4_2_refusals_are_counted_by_month_where_the_firm_is(firm: Firm) {
    const CLAUSE: &str = "std-3-2";
    let item = firm.take(&firm.custodian, "top_secret", "極秘.txt", b"hidden", false).await.item;
    let open = Open { item, version: None };
    let away = Actor::person(firm.custodian.id().unwrap(), "outside").proved_at(Some(i64::MAX));
    // In Tokyo the first is on the 30th of November, and the others on the 1st of December.
    firm.clock.set(parse_moment("2026-11-30T14:59:00Z").unwrap());
    assert!(matches!(firm.pass(&away, open.clone()).await, Err(Error::Denied(_))));
    firm.open.door.flush_refusals(true).await.unwrap();
    firm.clock.set(parse_moment("2026-11-30T15:01:00Z").unwrap());
    for _ in 0..2 {
        assert!(matches!(firm.pass(&away, open.clone()).await, Err(Error::Denied(_))));
        firm.open.door.flush_refusals(true).await.unwrap();
    }
    let shown = effect(&firm, CLAUSE, 12, false).await;
    assert_eq!(shown.months.len(), 12);
    assert_eq!(shown.months.last().unwrap().month, "2026-12");
    assert_eq!(shown.months[0].month, "2026-01");
    let refusals = |shown: &ClauseEffect| -> Vec<(String, i64)> {
        let some = shown.months.iter().filter(|month| month.refusals > 0);
        some.map(|month| (month.month.clone(), month.refusals)).collect()
    };
    assert_eq!(refusals(&shown), [("2026-11".to_owned(), 1), ("2026-12".to_owned(), 2)]);
    let rule = |shown: &ClauseEffect| {
        let rule = shown.rules.iter().find(|rule| rule.rule == "item-zone").unwrap().clone();
        (rule.refusals, rule.earlier, rule.refused, rule.granted)
    };
    assert_eq!(rule(&shown), (3, 0, None, None));
    // What was refused before months were counted is told apart, and what is not shown is not earlier.
    sqlx::query("update rule_denial set times = times + 5 where rule = 'item-zone'")
        .execute(&mut connection(&firm).await)
        .await
        .unwrap();
    assert_eq!(rule(&effect(&firm, CLAUSE, 1, false).await), (2, 5, None, None));

    // Whoever was refused goes to the office, and is permitted: what was refused was explained well enough.
    let refused = rule(&effect(&firm, CLAUSE, 1, true).await);
    assert!(refused.2 > Some(0) && refused.3 == Some(0), "{refused:?}");
    firm.clock.set(parse_moment("2026-12-03T00:00:00Z").unwrap());
    firm.pass(&firm.custodian, open).await.unwrap();
    assert_eq!(rule(&effect(&firm, CLAUSE, 1, true).await), (2, 5, refused.2, refused.2));

    // Who may see it, and how far.
    let all = ShowEffect::default();
    for nobody in [&firm.staff, &firm.custodian, &firm.intern, &firm.outsider] {
        assert!(matches!(firm.pass(nobody, all.clone()).await, Err(Error::Denied(_))));
        assert!(!firm.pass(nobody, ListClauses {}).await.unwrap().may.contains(&"show_effect".to_owned()));
    }
    assert!(firm.pass(&firm.guest, all.clone()).await.is_err());
    let auditor =
        Appoint { person: firm.outsider.id().unwrap(), office: Office::Auditor, until: None, dismiss: false };
    firm.pass(&firm.admin, auditor).await.unwrap();
    for somebody in [&firm.admin, &firm.outsider, &firm.directors[1]] {
        assert!(firm.pass(somebody, all.clone()).await.unwrap().clauses.len() > 10);
        assert!(firm.pass(somebody, ListClauses {}).await.unwrap().may.contains(&"show_effect".to_owned()));
    }
    for months in [0, 37, -1] {
        let wrong = ShowEffect { months: Some(months), ..ShowEffect::default() };
        let refused = firm.pass(&firm.admin, wrong).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "months", .. })), "{months}");
    }
    let nowhere = ShowEffect { clause: Some("std-9-9".to_owned()), ..ShowEffect::default() };
    assert!(matches!(firm.pass(&firm.admin, nowhere).await, Err(Error::NotFound("clause"))));

    // Drawn, with its figures, and no style that the browser would not take.
    let served = pages(&firm).await;
    let mut director = signed_in(&served, "d1").await;
    assert!(director.get("/policy").await.text.contains("/policy/effect"));
    let page = director.get(&format!("/policy/effect?clause={CLAUSE}&granted=true")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    for seen in ["role=\"img\"", "<rect class=\"refused\"", "<th scope=\"row\">", "item-zone"] {
        assert!(page.text.contains(seen), "{seen}: {}", page.text);
    }
    assert!(!page.text.contains("style="), "{}", page.text);
    assert_eq!(director.get("/policy/effect?months=36").await.status, 200);
    assert_ne!(director.get("/policy/effect?months=x").await.status, 200);
    let mut staff = signed_in(&served, "ken").await;
    assert!(!staff.get("/policy").await.text.contains("/policy/effect"));
    assert_ne!(staff.get("/policy/effect").await.status, 200);
}

async fn std_4_2_duties_findings_exceptions_and_cases_are_counted_by_month(firm: Firm) {
    let restore = async || {
        let asked = ListDuties { duty: Some("restore-tested".to_owned()) };
        firm.pass(&firm.admin, asked).await.unwrap().remove(0).occurrences.remove(0)
    };
    let done = async |done_on: Option<&str>| {
        let occurrence = restore().await.occurrence;
        let discharge = DischargeDuty {
            occurrence,
            told: "looked at everything".parse().unwrap(),
            done_on: done_on.map(str::to_owned),
            population: None,
            found: None,
        };
        firm.pass(&firm.admin, discharge).await.unwrap();
        occurrence
    };
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let before = effect(&firm, "system", 12, false).await;
    let before = month(&before, "2026-11");
    assert!(before.due > 0, "{before:?}");
    assert_eq!((before.in_time, before.days_to_comply), (0, None));
    // What waits for its witness is not done.
    let occurrence = done(None).await;
    let reported = effect(&firm, "system", 12, false).await;
    assert_eq!((month(&reported, "2026-11").in_time, reported.days_to_comply), (0, None));
    firm.pass(&firm.staff, WitnessDuty { occurrence }).await.unwrap();
    let shown = effect(&firm, "system", 12, false).await;
    let november = month(&shown, "2026-11");
    assert_eq!((november.in_time, november.done_late, november.days_to_comply), (1, 0, Some(0)));
    assert_eq!(november.due, before.due);

    // An exception that stands from November to January, a finding that took 40 days, and a case.
    let resolution = carried(&firm, "csr_committee", Office::CsrCommittee, None).await;
    let exception = GrantException {
        clause: "std-2-2".to_owned(),
        about: "旧拠点の複合機".parse().unwrap(),
        reason: "認証に対応していない".parse().unwrap(),
        measure: "施錠した部屋に置く".parse().unwrap(),
        last_day: "2027-01-01".to_owned(),
        resolution,
    };
    firm.pass(&firm.admin, exception).await.unwrap();
    let mut connection = connection(&firm).await;
    let closed = FindingId::new(1, &[1; 10]).to_string();
    for (id, state) in [(closed.clone(), "closed"), (FindingId::new(1, &[2; 10]).to_string(), "open")] {
        sqlx::query(
            "insert into finding (id, evaluation, clause, grade, told, audited, raised, raised_by, raised_name, owner, \
             owner_name, state, due, done_by, regressed_from) \
             values ($1, '', 'std-3-1', 'minor', '', '', $2, '', '', '', '', $3, '', '', '')",
        )
        .bind(id)
        .bind(NOW)
        .bind(state)
        .execute(&mut connection)
        .await
        .unwrap();
    }
    sqlx::query(
        "insert into finding_step (event, finding, number, made, made_name, step, told, cause, correction, action, due) \
         values ('x', $1, 1, $2, '', 'effective', '', '', '', '', '')",
    )
    .bind(closed)
    .bind(NOW + 40 * DAY)
    .execute(&mut connection)
    .await
    .unwrap();
    for (number, state) in [(1, "investigated"), (2, "reported")] {
        sqlx::query(
            "insert into violation (id, number, kind, state, told, happened_on, known, item, matter, reporter, sealed, \
             reported, clause, about, about_name, employment, handler, handler_name, personal, charge, answer_by, \
             sanction, decided, lesson, closed) values ($1, $2, '', $3, '', '', 0, '', '', $4, 0, $5, 'std-3-2', '', \
             '', '', '', '', 'none', '', '', '', 0, '', 0)",
        )
        .bind(ViolationId::new(1, &[number; 10]).to_string())
        .bind(format!("2026-{number}"))
        .bind(state)
        .bind(vec![0_u8])
        .bind(NOW)
        .execute(&mut connection)
        .await
        .unwrap();
    }
    drop(connection);

    firm.clock.set(parse_moment("2027-03-15T00:00:00Z").unwrap());
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let some = |shown: &ClauseEffect, of: fn(&MonthEffect) -> i64| -> Vec<(String, i64)> {
        let some = shown.months.iter().filter(|month| of(month) > 0);
        some.map(|month| (month.month.clone(), of(month))).collect()
    };
    let at = |month: &str, count: i64| (month.to_owned(), count);
    let excepted = effect(&firm, "std-2-2", 12, false).await;
    assert_eq!(
        some(&excepted, |month| month.exceptions),
        [at("2026-11", 1), at("2026-12", 1), at("2027-01", 1)]
    );
    let found = effect(&firm, "std-3-1", 12, false).await;
    assert_eq!(some(&found, |month| month.raised), [at("2026-11", 2)]);
    assert_eq!(some(&found, |month| month.closed), [at("2027-01", 1)]);
    assert_eq!((month(&found, "2027-01").days_to_close, found.days_to_close), (Some(40), Some(40)));
    let cases = effect(&firm, "std-3-2", 12, false).await;
    assert_eq!(some(&cases, |month| month.violations), [at("2026-11", 1)], "what nobody looked at is none");

    // The next time is late; done, it is late for good, and its days are counted from when it was due.
    let late = effect(&firm, "system", 12, false).await;
    let late = month(&late, "2027-02").clone();
    assert!(late.still_late > 0 && late.done_late == 0, "{late:?}");
    let occurrence = done(Some("2027-03-15")).await;
    firm.pass(&firm.custodian, WitnessDuty { occurrence }).await.unwrap();
    let shown = effect(&firm, "system", 12, false).await;
    let february = month(&shown, "2027-02");
    assert_eq!((february.due, february.done_late), (late.due, 1));
    assert_eq!(february.still_late, late.still_late - 1);
    assert_eq!(february.days_to_comply, Some(19));
    assert_eq!(shown.days_to_comply, Some(0), "of two the lower one");
    let served = pages(&firm).await;
    let page = signed_in(&served, "d1").await.get("/policy/effect").await;
    assert!(page.text.contains("<rect class=\"overdue\""), "{}", page.text);
}

async fn std_4_2_a_draft_says_what_it_would_ask_of_people(firm: Firm) {
    let mut files = model();
    let duties = files.get_mut("duties.toml").unwrap();
    duties.push_str(
        "\n[[duty]]\nid = \"desks-cleared\"\nclause = \"std-3-2\"\nja = \"机の上を片付ける\"\nen = \"Clear the desks\"\n\
         how_ja = \"机の上を見る。\"\nhow_en = \"Look at the desks.\"\noffice = \"system_administrator\"\n\
         calendar = \"FREQ=WEEKLY;BYDAY=FR\"\nfrom = \"2026-04-03\"\nevidence = \"declared\"\n\
         escalate = \"chief_system_administrator\"\n",
    );
    let courses = files.get_mut("courses.toml").unwrap();
    let (before, staff) = courses.split_once("id = \"staff\"").unwrap();
    *courses = format!("{before}id = \"staff\"{}", staff.replacen("edition = 1", "edition = 2", 1));
    let drafted = firm.pass(&firm.admin, draft(files)).await.unwrap();
    let ready = examined(&firm).await.ready.unwrap();
    assert_eq!(ready.state, "proved", "{:?}", ready.open);
    let cost = &ready.cost;
    let [duty] = cost.duties.as_slice() else { panic!("{cost:?}") };
    assert_eq!((duty.duty.as_str(), duty.how.as_str(), duty.program), ("desks-cleared", "added", false));
    // Fridays from the 27th of November 2026 to the 19th of November 2027.
    assert_eq!((duty.times_before, duty.times), (Some(0), Some(52)));
    assert_eq!((duty.office_before.as_str(), duty.office.as_str()), ("", "system_administrator"));
    let [office] = cost.offices.as_slice() else { panic!("{cost:?}") };
    assert_eq!((office.office.as_str(), office.times - office.times_before), ("system_administrator", 52));
    let [course] = cost.courses.as_slice() else { panic!("{cost:?}") };
    // Two directors, the custodian, staff, intern and outsider have taken it; the founder has not.
    assert_eq!((course.course.as_str(), course.how.as_str(), course.people), ("staff", "changed", 6));
    assert_eq!((cost.acknowledge, cost.acknowledge_decided), (6, false));
    assert_eq!(cost.refusals, 0);
    let served = pages(&firm).await;
    let page = signed_in(&served, "d1").await.get("/policy/draft").await;
    for seen in ["Clear the desks", "52 times a year", "6 people have to take it anew"] {
        assert!(page.text.contains(seen), "{seen}: {}", page.text);
    }

    // Once it is decided, it is known whether everybody acknowledges again.
    let csr = resolved(&firm, "csr_committee", Office::CsrCommittee, drafted.version).await;
    let minor = AdoptPack {
        effective_on: Some("2026-12-01".to_owned()),
        major: false,
        ..adopt(&drafted.digest, Some(csr))
    };
    firm.pass(&firm.admin, minor).await.unwrap();
    let cost = examined(&firm).await.ready.unwrap().cost;
    assert_eq!((cost.acknowledge, cost.acknowledge_decided, cost.courses[0].people), (0, true, 6));
}
