//! Violations, losses and what was wrongly sent: who learns what of a case, and how it comes to its end.

use kura::Error;
use kura::custody::erase::Erase;
use kura::custody::show::Show;
use kura::custody::today::Today;
use kura::door::{Actor, Options};
use kura::duties::Keeper;
use kura::duties::list_duties::ListDuties;
use kura::id::{ResolutionId, ViolationId};
use kura::ledger::list_records::ListRecords;
use kura::ledger::show_entry::ShowEntry;
use kura::matters::change_members::ChangeMembers;
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::policy::list_clauses::ListClauses;
use kura::violations::answer_charge::AnswerCharge;
use kura::violations::appeal_decision::AppealDecision;
use kura::violations::close_violation::CloseViolation;
use kura::violations::decide_violation::DecideViolation;
use kura::violations::give_hearing::GiveHearing;
use kura::violations::hold_evidence::HoldEvidence;
use kura::violations::list_violations::{Concern, ListViolations};
use kura::violations::note_investigation::NoteInvestigation;
use kura::violations::record_notice::RecordNotice;
use kura::violations::report_violation::{ReportViolation, Reported};
use kura::violations::show_charge::ShowCharge;
use kura::violations::show_violation::{ShowViolation, ViolationView};
use kura::violations::triage_violation::TriageViolation;
use kura::violations::{Happened, Personal};

use crate::both;
use crate::firm::{DAY, Firm, NOW};
use crate::policy::worded;

both! {
    basic_4_who_reported_is_known_to_those_who_handle_it_alone
    basic_4_whoever_it_is_about_is_heard_before_the_body_decides
    basic_4_a_leak_is_told_in_time_and_to_the_consignor_first
    basic_4_the_material_of_a_case_stays_until_it_is_over
}

async fn appoint(firm: &Firm, actor: &Actor, office: Office) {
    let appoint = Appoint { person: actor.id().unwrap(), office, until: None, dismiss: false };
    firm.pass(&firm.admin, appoint).await.unwrap();
}

fn report(told: &str, sealed: bool) -> ReportViolation {
    ReportViolation {
        told: told.parse().unwrap(),
        kind: Happened::Breach,
        happened_on: None,
        known_on: None,
        item: None,
        matter: None,
        about: None,
        sealed,
    }
}

fn triage(violation: ViolationId, about: Option<&Actor>) -> TriageViolation {
    TriageViolation {
        violation,
        clause: "std-2-2".to_owned(),
        personal: Personal::None,
        handler: None,
        about: about.map(|about| about.id().unwrap()),
        dismiss: false,
        reason: "調べる必要がある".parse().unwrap(),
    }
}

async fn show(firm: &Firm, actor: &Actor, violation: ViolationId) -> ViolationView {
    firm.pass(actor, ShowViolation { violation }).await.unwrap()
}

async fn basic_4_who_reported_is_known_to_those_who_handle_it_alone(firm: Firm) {
    let handler = &firm.outsider;
    appoint(&firm, handler, Office::ReportHandler).await;
    appoint(&firm, &firm.custodian, Office::Auditor).await;
    let Reported { violation, number } =
        firm.pass(&firm.intern, report("私物の端末に写しがある", true)).await.unwrap();
    assert_eq!(number, "2026-1");
    assert!(firm.pass(&firm.guest, report("x", true)).await.is_err());
    let open = firm.pass(&firm.intern, report("机に置いたままの資料", false)).await.unwrap();
    assert_eq!(open.number, "2026-2");

    // Those who handle reports see both, and who made them.
    let shown = show(&firm, handler, violation).await;
    assert_eq!((shown.told.as_str(), shown.reporter.as_str()), ("私物の端末に写しがある", "Name of yui"));
    assert_eq!(show(&firm, handler, open.violation).await.reporter, "Name of yui");
    assert_eq!(firm.pass(handler, Today {}).await.unwrap().violations.len(), 2);
    // Nobody else sees that there is a case, not even the one who keeps the system and the auditor.
    let unknown = ViolationId::new(1, &[1; 10]);
    for nobody in [&firm.admin, &firm.custodian, &firm.directors[0], &firm.staff] {
        let hidden = firm.pass(nobody, ShowViolation { violation }).await.unwrap_err();
        let nothing = firm.pass(nobody, ShowViolation { violation: unknown }).await.unwrap_err();
        assert_eq!(hidden.to_string(), nothing.to_string());
        assert!(firm.pass(nobody, ListViolations {}).await.unwrap().cases.is_empty());
    }
    // Whoever reported sees that it was.
    let own = firm.pass(&firm.intern, ListViolations {}).await.unwrap().cases;
    assert!(own.len() == 2 && own.iter().all(|line| line.concern == Concern::Reported));
    assert!(firm.pass(&firm.intern, ShowViolation { violation }).await.is_err());

    // The ledger says that a sealed report was made, and not by whom, nor what it says.
    let list = ListRecords { operation: Some("report_violation".to_owned()), ..ListRecords::default() };
    let records = firm.pass(&firm.custodian, list).await.unwrap().records;
    let actors: Vec<&str> = records.iter().map(|record| record.actor.as_str()).collect();
    assert!(actors.contains(&"sealed") && actors.contains(&"Name of yui"), "{actors:?}");
    let yui = firm.intern.id().unwrap();
    let by = ListRecords { person: Some(yui), ..ListRecords::default() };
    let by = firm.pass(&firm.custodian, by).await.unwrap().records;
    let sealed = records.iter().find(|record| record.actor == "sealed" && !record.refused).unwrap();
    assert!(by.iter().all(|record| record.event != sealed.event));
    let entry = firm.pass(&firm.custodian, ShowEntry { record: sealed.event }).await.unwrap();
    let told = serde_json::to_string(&entry).unwrap();
    for secret in [yui.to_string().as_str(), "yui", "私物", "intern"] {
        assert!(!told.contains(secret), "{secret} is in {told}");
    }
    assert!(told.contains("written"), "it commits to what was told: {told}");
    // Nor does anything at rest that is not sealed, by its person's id beside the report.
    let mut connection = firm.open.door.database().connect().await.unwrap();
    let beside: Vec<(String,)> =
        sqlx::query_as("select person from idempotency where operation = 'report_violation'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    drop(connection);
    assert!(beside.iter().all(|(person,)| *person != yui.to_string()), "{beside:?}");
    // A form that was sent under a key leaves nothing of who sent it either.
    let options = Options { idempotency_key: Some("k1".to_owned()), ..Options::default() };
    firm.open.door.pass(&firm.intern, report("また", true), options).await.unwrap();
    let mut connection = firm.open.door.database().connect().await.unwrap();
    let kept: i64 =
        sqlx::query_scalar("select count(*) from idempotency where operation = 'report_violation'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(kept, 0);
}

async fn basic_4_whoever_it_is_about_is_heard_before_the_body_decides(firm: Firm) {
    let handler = &firm.outsider;
    appoint(&firm, handler, Office::ReportHandler).await;
    appoint(&firm, &firm.staff, Office::ReportHandler).await;
    let about = &firm.staff;
    let filed = ReportViolation { about: about.id(), ..report("条件に反して再委託した", false) };
    let Reported { violation, number } = firm.pass(&firm.custodian, filed).await.unwrap();
    // It is about somebody who handles reports: they neither see nor handle it.
    assert!(matches!(firm.pass(about, ShowViolation { violation }).await, Err(Error::NotFound("case"))));
    let own = TriageViolation { handler: about.id(), ..triage(violation, None) };
    assert!(matches!(firm.pass(handler, own).await, Err(Error::Invalid { field: "handler", .. })));
    let nobody = TriageViolation { handler: firm.intern.id(), ..triage(violation, None) };
    assert!(matches!(firm.pass(handler, nobody).await, Err(Error::Invalid { field: "handler", .. })));
    let nowhere = TriageViolation { clause: "std-3-3".to_owned(), ..triage(violation, None) };
    assert!(matches!(firm.pass(handler, nowhere).await, Err(Error::NotFound("clause"))));
    let note = NoteInvestigation { violation, told: "契約書を確かめた".parse().unwrap() };
    assert!(matches!(firm.pass(handler, note.clone()).await, Err(Error::Conflict(_))), "not looked at yet");
    firm.pass(handler, triage(violation, None)).await.unwrap();
    firm.pass(handler, note).await.unwrap();

    // The person concerned knows of nothing before they are heard.
    assert!(matches!(firm.pass(about, ShowCharge { violation }).await, Err(Error::NotFound("case"))));
    let hear = |day: Option<&str>| GiveHearing {
        violation,
        charge: "条件では認められていない再委託".parse().unwrap(),
        answer_by: day.map(ToOwned::to_owned),
    };
    for day in ["2026-11-30", "2027-06-01"] {
        let refused = firm.pass(handler, hear(Some(day))).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "answer_by", .. })), "{day}");
    }
    firm.pass(handler, hear(None)).await.unwrap();
    let charge = firm.pass(about, ShowCharge { violation }).await.unwrap();
    assert_eq!((charge.answer_by.as_str(), charge.body.as_str()), ("2026-12-01", "csr_committee"));
    let told = serde_json::to_string(&charge).unwrap();
    assert!(!told.contains("契約書") && !told.contains("hana"), "neither notes nor who reported: {told}");
    assert_eq!(firm.pass(about, Today {}).await.unwrap().violations.len(), 1);
    // Only they answer.
    let say = AnswerCharge { violation, told: "了解を得ていたと考えていた".parse().unwrap() };
    assert!(matches!(firm.pass(handler, say.clone()).await, Err(Error::Denied(_))));

    // The body decides, on a resolution of its own about this case, with what the policy knows for people of this kind,
    // and not before they answered or their day passed.
    let about_it =
        worded(&firm, "csr_committee", Office::CsrCommittee, None, &format!("{number}について")).await;
    let decide = |sanction: &str, resolution: ResolutionId| DecideViolation {
        violation,
        sanction: sanction.to_owned(),
        resolution,
        told: "再発防止の指導を行う".parse().unwrap(),
    };
    let early = firm.pass(handler, decide("guidance", about_it)).await.unwrap_err().to_string();
    assert!(early.contains("has not answered"), "{early}");
    firm.pass(about, say).await.unwrap();
    let other = worded(&firm, "csr_committee", Office::CsrCommittee, None, "別の件").await;
    let refused = firm.pass(handler, decide("guidance", other)).await.unwrap_err().to_string();
    assert!(refused.contains("not about this case"), "{refused}");
    let refused = firm.pass(handler, decide("removal", about_it)).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "sanction", .. })));
    // The body sees the case, and not who reported it.
    let seen = show(&firm, &firm.directors[0], violation).await;
    assert_eq!((seen.reporter.as_str(), seen.may.len()), ("", 0));
    let board = firm.pass(&firm.directors[0], ListClauses {}).await.unwrap().clauses;
    let board = board.into_iter().find(|line| line.clause == "std-2-2").unwrap();
    assert_eq!(board.violations, 1);
    let board = firm.pass(&firm.intern, ListClauses {}).await.unwrap().clauses;
    assert!(board.iter().all(|line| line.violations == 0), "it is no news for everybody");
    firm.pass(handler, decide("guidance", about_it)).await.unwrap();
    let charge = firm.pass(about, ShowCharge { violation }).await.unwrap();
    assert_eq!((charge.sanction_en.as_str(), charge.appeal_until.as_str()), ("Guidance", "2026-12-08"));

    // It is appealed, decided again by another resolution, and final.
    let close = CloseViolation { violation, lesson: "再委託の前に条件を読む".parse().unwrap() };
    let early = firm.pass(handler, close.clone()).await.unwrap_err().to_string();
    assert!(early.contains("can still be appealed"), "{early}");
    let appeal = AppealDecision { violation, reason: "条件の説明がなかった".parse().unwrap() };
    assert!(matches!(firm.pass(handler, appeal.clone()).await, Err(Error::Denied(_))));
    firm.pass(about, appeal.clone()).await.unwrap();
    let again = firm.pass(handler, decide("none", about_it)).await.unwrap_err().to_string();
    assert!(again.contains("decided already"), "{again}");
    let second = worded(&firm, "csr_committee", Office::CsrCommittee, None, &format!("{number}の再審")).await;
    firm.pass(handler, decide("none", second)).await.unwrap();
    let again = firm.pass(about, appeal).await.unwrap_err().to_string();
    assert!(again.contains("that is final"), "{again}");
    firm.pass(handler, close.clone()).await.unwrap();
    assert!(matches!(firm.pass(handler, close).await, Err(Error::Conflict(_))));
    // Everybody learns from it, and nobody's name.
    let lessons = firm.pass(&firm.intern, ListViolations {}).await.unwrap().lessons;
    assert_eq!(
        (lessons[0].lesson.as_str(), lessons[0].clause.as_str()),
        ("再委託の前に条件を読む", "std-2-2")
    );
    // No record of it says whom it is about.
    appoint(&firm, &firm.custodian, Office::Auditor).await;
    let person = about.id().unwrap().to_string();
    let mut seen = 0;
    for operation in
        ["triage_violation", "give_hearing", "decide_violation", "close_violation", "show_violation"]
    {
        let list = ListRecords { operation: Some(operation.to_owned()), ..ListRecords::default() };
        for record in firm.pass(&firm.custodian, list).await.unwrap().records {
            let entry = firm.pass(&firm.custodian, ShowEntry { record: record.event }).await.unwrap();
            // Whoever was refused their own case is named as the one who asked.
            if record.actor != "Name of ken" {
                assert!(!serde_json::to_string(&entry).unwrap().contains(&person), "{operation}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 6, "{seen}");
}

async fn basic_4_a_leak_is_told_in_time_and_to_the_consignor_first(firm: Firm) {
    let handler = &firm.outsider;
    appoint(&firm, handler, Office::ReportHandler).await;
    let lost = |known: &str| ReportViolation {
        kind: Happened::WronglySent,
        matter: Some(firm.matter),
        known_on: Some(known.to_owned()),
        ..report("別の会社に送った", false)
    };
    for (wrong, field) in [
        (lost("2026-11-25"), "known_on"),
        (ReportViolation { happened_on: Some("2026-11-24".to_owned()), ..lost("2026-11-23") }, "happened_on"),
    ] {
        let refused = firm.pass(&firm.staff, wrong).await;
        assert!(matches!(refused, Err(Error::Invalid { field: f, .. }) if f == field), "{field}");
    }
    // Nobody reports of a matter what they may not know of: they are told that there is none.
    assert!(matches!(firm.pass(handler, lost("2026-11-24")).await, Err(Error::NotFound("matter"))));
    let violation = firm.pass(&firm.staff, lost("2026-11-24")).await.unwrap().violation;
    let leak = TriageViolation { personal: Personal::Reportable, ..triage(violation, None) };
    firm.pass(handler, leak.clone()).await.unwrap();
    let due = |view: &ViolationView| -> Vec<(String, String)> {
        view.clocks.iter().map(|clock| (clock.clock.clone(), clock.due.clone())).collect()
    };
    let shown = show(&firm, handler, violation).await;
    assert_eq!(
        due(&shown),
        [
            ("consignor", "2026-11-25"),
            ("preliminary", "2026-11-29"),
            ("final", "2026-12-24"),
            ("persons", "2026-12-08")
        ]
        .map(|(clock, due)| (clock.to_owned(), due.to_owned()))
    );
    let notice = |clock: &str| RecordNotice {
        violation,
        clock: clock.to_owned(),
        told: "電話と書面で伝えた".parse().unwrap(),
        done_on: None,
    };
    let refused = firm.pass(handler, notice("preliminary")).await.unwrap_err().to_string();
    assert!(refused.contains("tell the consignor first"), "{refused}");
    assert!(matches!(
        firm.pass(handler, notice("weather")).await,
        Err(Error::Invalid { field: "clock", .. })
    ));
    // The day passes: whoever handles it and a duty of the program say so.
    let line = async || firm.pass(handler, ListViolations {}).await.unwrap().cases.remove(0);
    assert_eq!((line().await.due.as_str(), line().await.overdue), ("2026-11-25", false));
    Keeper::default().keep(&firm.open.door).await;
    firm.clock.set(NOW + 2 * DAY);
    assert!(line().await.overdue);
    Keeper::default().keep(&firm.open.door).await;
    let duties = firm.pass(&firm.admin, ListDuties::default()).await.unwrap();
    let told = duties.into_iter().find(|duty| duty.duty == "leaks-told").unwrap().last.unwrap();
    assert_eq!((told.population, told.found), (Some(1), Some(1)));
    let close = CloseViolation { violation, lesson: "宛先を声に出して確かめる".parse().unwrap() };
    let refused = firm.pass(handler, close.clone()).await.unwrap_err().to_string();
    assert!(refused.contains("must still be told"), "{refused}");
    // Telling the consignor does away with the firm's own reports; late is late.
    firm.pass(handler, notice("consignor")).await.unwrap();
    assert!(matches!(firm.pass(handler, notice("consignor")).await, Err(Error::Conflict(_))));
    let shown = show(&firm, handler, violation).await;
    assert!(shown.clocks[0].overdue && shown.clocks[1..].iter().all(|clock| clock.exempt && !clock.overdue));
    firm.pass(handler, close).await.unwrap();

    // Of the firm's own material: the authority and the persons; an improper purpose gives longer.
    let own = ReportViolation { kind: Happened::Accessed, ..report("名簿を見られた", false) };
    let violation = firm.pass(&firm.intern, own).await.unwrap().violation;
    let leak = TriageViolation { violation, personal: Personal::Improper, ..leak };
    firm.pass(handler, leak).await.unwrap();
    let shown = show(&firm, handler, violation).await;
    assert_eq!(
        due(&shown),
        [("preliminary", "2026-12-01"), ("final-improper", "2027-01-25"), ("persons", "2026-12-10")]
            .map(|(clock, due)| (clock.to_owned(), due.to_owned()))
    );
}

async fn basic_4_the_material_of_a_case_stays_until_it_is_over(firm: Firm) {
    let handler = &firm.outsider;
    appoint(&firm, handler, Office::ReportHandler).await;
    let item = firm.take(&firm.custodian, "internal", "x.txt", b"x", false).await.item;
    let other = firm.take(&firm.custodian, "internal", "y.txt", b"y", false).await.item;
    let filed = ReportViolation { item: Some(item), kind: Happened::Lost, ..report("棚にない", false) };
    let violation = firm.pass(&firm.staff, filed).await.unwrap().violation;
    let hold = HoldEvidence { violation };
    assert!(matches!(firm.pass(handler, hold.clone()).await, Err(Error::Conflict(_))), "not looked at yet");
    firm.pass(handler, triage(violation, None)).await.unwrap();
    assert_eq!(firm.pass(handler, hold.clone()).await.unwrap().items, 1);
    assert!(
        matches!(firm.pass(handler, hold.clone()).await, Err(Error::Conflict(_))),
        "it is on hold already"
    );
    // A case opens no door to what it is about: it is named to those who may know of it, and is a number to others.
    let seen = show(&firm, handler, violation).await;
    assert_eq!((seen.item, seen.item_name), (Some(item), None));
    let member = |remove| ChangeMembers { matter: firm.matter, person: handler.id().unwrap(), remove };
    firm.pass(&firm.custodian, member(false)).await.unwrap();
    assert_eq!(show(&firm, handler, violation).await.item_name.as_deref(), Some("x.txt"));
    firm.pass(&firm.custodian, member(true)).await.unwrap();
    // Whoever handles it does not see the material by that, and it is not erased.
    assert!(matches!(firm.pass(handler, Show { item }).await, Err(Error::NotFound("item"))));
    let erase = |item| Erase { item, reason: "終わった".parse().unwrap() };
    assert!(matches!(firm.pass(&firm.custodian, erase(item)).await, Err(Error::Denied(_))));
    let holds = firm.pass(&firm.custodian, Show { item }).await.unwrap().holds;
    assert!(holds.len() == 1 && !holds[0].reason.contains("棚"), "{holds:?}");
    firm.pass(&firm.custodian, erase(other)).await.unwrap();
    // With the case the hold ends.
    let notice = RecordNotice {
        violation,
        clock: "consignor".to_owned(),
        told: "委託者に伝えた".parse().unwrap(),
        done_on: None,
    };
    firm.pass(handler, notice).await.unwrap();
    let close = CloseViolation { violation, lesson: "棚の場所を書く".parse().unwrap() };
    firm.pass(handler, close).await.unwrap();
    firm.pass(&firm.custodian, erase(item)).await.unwrap();
    // One that is dismissed is over at once.
    let idle = firm.pass(&firm.staff, report("気のせい", false)).await.unwrap().violation;
    firm.pass(handler, TriageViolation { dismiss: true, ..triage(idle, None) }).await.unwrap();
    assert_eq!(show(&firm, handler, idle).await.state, "dismissed");
    assert!(matches!(firm.pass(handler, triage(idle, None)).await, Err(Error::Conflict(_))));
}
