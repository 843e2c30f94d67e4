//! Evaluations and findings: who conducts what, what is drawn, and how a finding comes to its end. Self-inspections.

use kura::Error;
use kura::custody::today::Today;
use kura::door::Actor;
use kura::duties::Keeper;
use kura::duties::list_duties::ListDuties;
use kura::evaluation::add_criterion::AddCriterion;
use kura::evaluation::answer_finding::AnswerFinding;
use kura::evaluation::assign_finding::AssignFinding;
use kura::evaluation::check_effectiveness::{CheckEffectiveness, Effect};
use kura::evaluation::check_sample::CheckSample;
use kura::evaluation::close_evaluation::CloseEvaluation;
use kura::evaluation::complete_action::CompleteAction;
use kura::evaluation::draw_sample::{DrawSample, Population};
use kura::evaluation::judge_criterion::JudgeCriterion;
use kura::evaluation::list_evaluations::ListEvaluations;
use kura::evaluation::list_findings::ListFindings;
use kura::evaluation::plan_evaluation::PlanEvaluation;
use kura::evaluation::raise_finding::{RaiseFinding, Raised};
use kura::evaluation::reassign_evaluation::ReassignEvaluation;
use kura::evaluation::show_evaluation::{EvaluationView, ShowEvaluation};
use kura::evaluation::show_finding::{FindingView, ShowFinding};
use kura::evaluation::{Aspect, Grade, Kind, Verdict};
use kura::id::{EvaluationId, FindingId};
use kura::inspection::Answer;
use kura::inspection::answer_self_inspection::AnswerSelfInspection;
use kura::inspection::list_self_inspections::ListSelfInspections;
use kura::inspection::show_self_inspection::ShowSelfInspection;
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::people::leave::Leave;
use kura::policy::list_clauses::{ClauseLine, ListClauses};

use crate::both;
use crate::firm::{DAY, Firm, NOW};

both! {
    std_4_1_an_audit_draws_its_sample_and_concludes_on_all_of_it
    std_4_1_a_finding_is_mended_and_found_effective_by_another
    std_4_1_the_auditor_is_never_the_audited
    std_4_1_everyone_inspects_themselves_once_a_quarter
}

const CLAUSE: &str = "std-3-1";

async fn appoint(firm: &Firm, actor: &Actor, office: Office, dismiss: bool) {
    let appoint = Appoint { person: actor.id().unwrap(), office, until: None, dismiss };
    firm.pass(&firm.admin, appoint).await.unwrap();
}

fn plan(lead: &Actor) -> PlanEvaluation {
    PlanEvaluation {
        title: "権限の棚卸しの監査".parse().unwrap(),
        kind: Kind::Audit,
        aspect: Aspect::Technical,
        audited: Office::SystemAdministrator,
        clause: CLAUSE.to_owned(),
        lead: lead.id().unwrap(),
        first_day: "2026-10-01".to_owned(),
        last_day: "2026-11-24".to_owned(),
        due_on: "2026-12-20".to_owned(),
    }
}

/// An audit of system administrators that the outsider planned, due on a day.
pub async fn planned(firm: &Firm, lead: &Actor, due_on: &str) -> EvaluationId {
    let plan = PlanEvaluation { due_on: due_on.to_owned(), ..plan(lead) };
    firm.pass(&firm.outsider, plan).await.unwrap().evaluation
}

async fn show(firm: &Firm, actor: &Actor, evaluation: EvaluationId) -> EvaluationView {
    firm.pass(actor, ShowEvaluation { evaluation }).await.unwrap()
}

fn judge(evaluation: EvaluationId, clause: &str, result: Verdict) -> JudgeCriterion {
    let told = "台帳の記録と届出を突き合わせた".parse().unwrap();
    JudgeCriterion { evaluation, clause: clause.to_owned(), result, told }
}

fn close(evaluation: EvaluationId) -> CloseEvaluation {
    CloseEvaluation { evaluation, conclusion: "おおむね適合している".parse().unwrap() }
}

async fn std_4_1_an_audit_draws_its_sample_and_concludes_on_all_of_it(firm: Firm) {
    let auditor = &firm.outsider;
    assert!(matches!(firm.pass(auditor, plan(auditor)).await, Err(Error::Denied(_))));
    appoint(&firm, auditor, Office::Auditor, false).await;
    for (wrong, field) in [
        (PlanEvaluation { last_day: "2026-09-30".to_owned(), ..plan(auditor) }, "last_day"),
        (PlanEvaluation { due_on: "2026-11-23".to_owned(), ..plan(auditor) }, "due_on"),
        (PlanEvaluation { due_on: "2029-11-23".to_owned(), ..plan(auditor) }, "due_on"),
        (PlanEvaluation { first_day: "2026-02-30".to_owned(), ..plan(auditor) }, "first_day"),
        (plan(&firm.staff), "lead"),
        (plan(&firm.guest), "lead"),
    ] {
        let refused = firm.pass(auditor, wrong).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid { field: f, .. } if *f == field), "{refused}");
    }
    let nowhere = PlanEvaluation { clause: "std-3-3".to_owned(), ..plan(auditor) };
    assert!(matches!(firm.pass(auditor, nowhere).await, Err(Error::NotFound("clause"))));
    let evaluation = planned(&firm, auditor, "2026-12-20").await;
    assert_eq!(firm.pass(auditor, Today {}).await.unwrap().evaluations.len(), 1);
    // Whoever it does not concern sees nothing of it.
    let hidden = firm.pass(&firm.staff, ShowEvaluation { evaluation }).await.unwrap_err();
    let unknown = EvaluationId::new(1, &[1; 10]);
    let nothing = firm.pass(&firm.staff, ShowEvaluation { evaluation: unknown }).await.unwrap_err();
    assert_eq!(hidden.to_string(), nothing.to_string());
    assert!(firm.pass(&firm.staff, ListEvaluations {}).await.unwrap().is_empty());
    assert_eq!(firm.pass(&firm.admin, ListEvaluations {}).await.unwrap().len(), 1);

    // Another clause; and not the same one twice.
    let add = |clause: &str| AddCriterion { evaluation, clause: clause.to_owned() };
    firm.pass(auditor, add("std-3-2")).await.unwrap();
    assert!(matches!(firm.pass(auditor, add("std-3-2")).await, Err(Error::Conflict(_))));
    assert!(matches!(firm.pass(&firm.admin, add("basic-2")).await, Err(Error::Denied(_))));

    // Samples: the ledger's records, people, the register, duties.
    for n in 0..3_u8 {
        firm.take(&firm.custodian, "secret", &format!("{n}.txt"), b"x", false).await;
    }
    let draw = |from, number| DrawSample { evaluation, from, number };
    for number in [0, 101] {
        assert!(matches!(
            firm.pass(auditor, draw(Population::People, number)).await,
            Err(Error::Invalid { field: "number", .. })
        ));
    }
    let drawn = firm.pass(auditor, draw(Population::Items, 2)).await.unwrap();
    assert_eq!((drawn.population, drawn.places.len(), drawn.draw), (3, 2, 1));
    let all = firm.pass(auditor, draw(Population::People, 100)).await.unwrap();
    assert_eq!(all.population, all.places.len() as i64, "not more than there are, each once");
    let records = firm.pass(auditor, draw(Population::Records, 5)).await.unwrap();
    assert!(records.population > 20 && records.places.iter().all(|place| *place < records.population));
    // Nothing of the duties' times was made yet.
    assert!(matches!(
        firm.pass(auditor, draw(Population::Duties, 5)).await,
        Err(Error::Invalid { field: "from", .. })
    ));
    let view = show(&firm, auditor, evaluation).await;
    let items = &view.samples[0];
    assert!(items.entries.iter().all(|entry| entry.known.class == "secret"));
    let told = serde_json::to_string(&view).unwrap();
    assert!(!told.contains(".txt"), "no name of material: {told}");
    assert!(told.contains(&drawn.seed) && drawn.seed.len() == 64);

    // It is not closed before everything was looked at, and what does not conform became a finding.
    let refused = firm.pass(auditor, close(evaluation)).await.unwrap_err().to_string();
    assert!(refused.contains("say first whether it conforms"), "{refused}");
    firm.pass(auditor, judge(evaluation, "std-3-2", Verdict::Conforms)).await.unwrap();
    firm.pass(auditor, judge(evaluation, CLAUSE, Verdict::Conforms)).await.unwrap();
    firm.clock.set(NOW + 1_000);
    firm.pass(auditor, judge(evaluation, CLAUSE, Verdict::Nonconforming)).await.unwrap();
    assert!(matches!(
        firm.pass(auditor, judge(evaluation, "basic-2", Verdict::Conforms)).await,
        Err(Error::Invalid { field: "clause", .. })
    ));
    let refused = firm.pass(auditor, close(evaluation)).await.unwrap_err().to_string();
    assert!(refused.contains("raise a finding"), "{refused}");
    firm.pass(auditor, raise(&firm, evaluation)).await.unwrap();
    let refused = firm.pass(auditor, close(evaluation)).await.unwrap_err().to_string();
    assert!(refused.contains("of what was drawn"), "{refused}");
    for sample in &view.samples {
        for entry in &sample.entries {
            let check = CheckSample {
                evaluation,
                draw: sample.draw,
                number: entry.number,
                result: Verdict::Conforms,
                told: "問題なし".parse().unwrap(),
            };
            firm.pass(auditor, check).await.unwrap();
        }
    }
    let nothing =
        CheckSample { evaluation, draw: 9, number: 1, result: Verdict::Conforms, told: "x".parse().unwrap() };
    assert!(matches!(firm.pass(auditor, nothing).await, Err(Error::NotFound("sample"))));
    firm.pass(auditor, close(evaluation)).await.unwrap();
    let closed = show(&firm, &firm.admin, evaluation).await;
    assert!(!closed.line.closed.is_empty() && closed.may.is_empty());
    let judged = closed.criteria.iter().find(|criterion| criterion.clause == CLAUSE).unwrap();
    let results: Vec<&str> = judged.papers.iter().map(|paper| paper.result.as_str()).collect();
    assert_eq!(results, ["nonconforming", "conforms"], "the newest first, and none is gone");
    for late in [
        firm.pass(auditor, close(evaluation)).await.unwrap_err(),
        firm.pass(auditor, draw(Population::People, 1)).await.unwrap_err(),
        firm.pass(auditor, judge(evaluation, CLAUSE, Verdict::Conforms)).await.unwrap_err(),
    ] {
        assert!(late.to_string().contains("it is closed"), "{late}");
    }
    assert!(firm.pass(auditor, Today {}).await.unwrap().evaluations.is_empty());
}

/// A finding on it that the administrator answers for.
pub fn raise(firm: &Firm, evaluation: EvaluationId) -> RaiseFinding {
    RaiseFinding {
        evaluation,
        clause: CLAUSE.to_owned(),
        grade: Grade::Minor,
        told: "退職者の機器登録が残っている".parse().unwrap(),
        owner: firm.admin.id().unwrap(),
        due: None,
    }
}

async fn board(firm: &Firm) -> ClauseLine {
    let clauses = firm.pass(&firm.staff, ListClauses {}).await.unwrap().clauses;
    clauses.into_iter().find(|line| line.clause == CLAUSE).unwrap()
}

async fn finding(firm: &Firm, actor: &Actor, finding: FindingId) -> FindingView {
    firm.pass(actor, ShowFinding { finding }).await.unwrap()
}

fn answer(finding: FindingId, due: &str) -> AnswerFinding {
    AnswerFinding {
        finding,
        cause: "退職の届出に機器の一覧がない".parse().unwrap(),
        correction: "残っていた登録を解除した".parse().unwrap(),
        corrective: "届出の様式に機器の一覧を加える".parse().unwrap(),
        due: due.to_owned(),
    }
}

fn check(finding: FindingId, effect: Effect) -> CheckEffectiveness {
    CheckEffectiveness { finding, effect, told: "次の退職者三人分を確かめた".parse().unwrap() }
}

fn done(finding: FindingId) -> CompleteAction {
    CompleteAction { finding, told: "様式を改めた".parse().unwrap() }
}

async fn std_4_1_a_finding_is_mended_and_found_effective_by_another(firm: Firm) {
    let auditor = &firm.outsider;
    appoint(&firm, auditor, Office::Auditor, false).await;
    Keeper::default().keep(&firm.open.door).await;
    let evaluation = planned(&firm, auditor, "2026-12-20").await;
    let elsewhere = RaiseFinding { clause: "basic-2".to_owned(), ..raise(&firm, evaluation) };
    assert!(matches!(firm.pass(auditor, elsewhere).await, Err(Error::Invalid { field: "clause", .. })));
    let guest = RaiseFinding { owner: firm.guest.id().unwrap(), ..raise(&firm, evaluation) };
    assert!(matches!(firm.pass(auditor, guest).await, Err(Error::Invalid { field: "owner", .. })));
    let Raised { finding: id, regressed_from } = firm.pass(auditor, raise(&firm, evaluation)).await.unwrap();
    assert_eq!(regressed_from, None);
    assert_eq!((board(&firm).await.findings, board(&firm).await.findings_overdue), (1, 0));
    // It concerns the one who answers for it and the offices that look after findings.
    assert!(matches!(firm.pass(&firm.staff, ShowFinding { finding: id }).await, Err(Error::NotFound(_))));
    assert!(firm.pass(&firm.staff, ListFindings::default()).await.unwrap().is_empty());
    assert_eq!(firm.pass(&firm.admin, Today {}).await.unwrap().findings.len(), 1);
    assert!(firm.pass(auditor, Today {}).await.unwrap().findings.is_empty());

    // Nothing is done before it is answered, nor answered by somebody else.
    assert!(matches!(firm.pass(&firm.admin, done(id)).await, Err(Error::Conflict(_))));
    assert!(matches!(firm.pass(auditor, check(id, Effect::Effective)).await, Err(Error::Conflict(_))));
    assert!(matches!(firm.pass(auditor, answer(id, "2026-12-31")).await, Err(Error::Denied(_))));
    for day in ["2026-11-23", "2028-01-01", "soon"] {
        let refused = firm.pass(&firm.admin, answer(id, day)).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "due", .. })), "{day}");
    }
    firm.pass(&firm.admin, answer(id, "2026-11-27")).await.unwrap();
    assert!(matches!(firm.pass(&firm.admin, answer(id, "2026-11-27")).await, Err(Error::Conflict(_))));
    // Its day passes: the board and a duty of the program, done on Mondays, say so.
    firm.clock.set(NOW + 6 * DAY);
    assert_eq!((board(&firm).await.findings, board(&firm).await.findings_overdue), (1, 1));
    Keeper::default().keep(&firm.open.door).await;
    let duties = firm.pass(auditor, ListDuties::default()).await.unwrap();
    let followed = duties.into_iter().find(|duty| duty.duty == "findings-followed").unwrap();
    let last = followed.last.unwrap();
    assert_eq!((last.population, last.found, last.source.as_str()), (Some(1), Some(1), "system"));
    firm.pass(&firm.admin, done(id)).await.unwrap();
    assert_eq!(firm.pass(auditor, Today {}).await.unwrap().findings.len(), 1, "it waits to be checked");

    // Whoever mended it does not say that it is effective, nor whoever holds the office.
    appoint(&firm, &firm.custodian, Office::Auditor, false).await;
    appoint(&firm, &firm.custodian, Office::SystemAdministrator, false).await;
    for nobody in [&firm.admin, &firm.custodian, &firm.directors[0]] {
        assert!(matches!(firm.pass(nobody, check(id, Effect::Effective)).await, Err(Error::Denied(_))));
    }
    firm.pass(auditor, check(id, Effect::Ineffective)).await.unwrap();
    assert_eq!(finding(&firm, auditor, id).await.line.state, "open");

    // Its owner leaves it to another; what was told stays.
    let other = &firm.directors[0];
    let assign = AssignFinding { finding: id, owner: other.id().unwrap(), reason: "異動".parse().unwrap() };
    assert!(matches!(firm.pass(&firm.staff, assign.clone()).await, Err(Error::NotFound(_))));
    firm.pass(auditor, assign.clone()).await.unwrap();
    assert!(matches!(firm.pass(&firm.admin, answer(id, "2026-12-31")).await, Err(Error::Denied(_))));
    // Nobody leaves with it.
    let leave = Leave { person: other.id().unwrap() };
    let refused = firm.pass(&firm.admin, leave).await.unwrap_err();
    assert!(refused.to_string().contains("still answers for a finding"), "{refused}");
    firm.pass(other, answer(id, "2026-12-31")).await.unwrap();
    firm.pass(other, done(id)).await.unwrap();
    assert!(matches!(firm.pass(auditor, assign).await, Err(Error::Conflict(_))));
    firm.pass(auditor, check(id, Effect::Effective)).await.unwrap();
    let shown = finding(&firm, other, id).await;
    let steps: Vec<&str> = shown.steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(steps, ["answered", "done", "ineffective", "assigned", "answered", "done", "effective"]);
    assert_eq!((shown.line.state.as_str(), shown.may.len()), ("closed", 0));
    assert_eq!(board(&firm).await.findings, 0);

    // It comes back.
    let again = firm.pass(auditor, raise(&firm, evaluation)).await.unwrap();
    assert_eq!(again.regressed_from, Some(id));
    let all = firm.pass(auditor, ListFindings { clause: None, closed: true }).await.unwrap();
    assert_eq!(all.len(), 2);
}

async fn std_4_1_the_auditor_is_never_the_audited(firm: Firm) {
    let auditor = &firm.outsider;
    appoint(&firm, auditor, Office::Auditor, false).await;
    // Not from the start: an administrator does not audit administrators.
    let both = &firm.custodian;
    appoint(&firm, both, Office::Auditor, false).await;
    appoint(&firm, both, Office::SystemAdministrator, false).await;
    let own = PlanEvaluation { lead: both.id().unwrap(), ..plan(auditor) };
    let refused = firm.pass(auditor, own).await.unwrap_err();
    assert!(refused.to_string().contains("must not hold the office"), "{refused}");
    let evaluation = planned(&firm, auditor, "2026-12-20").await;
    // Nor later, when an office is given or taken away.
    appoint(&firm, auditor, Office::SystemAdministrator, false).await;
    let refused = firm.pass(auditor, judge(evaluation, CLAUSE, Verdict::Conforms)).await.unwrap_err();
    let Error::Denied(refusal) = refused else { panic!("{refused}") };
    assert_eq!(refusal.rules[0].id, "audit-independent");
    appoint(&firm, auditor, Office::SystemAdministrator, true).await;
    firm.pass(auditor, judge(evaluation, CLAUSE, Verdict::Conforms)).await.unwrap();
    appoint(&firm, auditor, Office::Auditor, true).await;
    assert!(matches!(
        firm.pass(auditor, judge(evaluation, CLAUSE, Verdict::Conforms)).await,
        Err(Error::Denied(_))
    ));
    // Another auditor takes it over.
    appoint(&firm, both, Office::SystemAdministrator, true).await;
    let reassign = |lead: &Actor| ReassignEvaluation {
        evaluation,
        lead: lead.id().unwrap(),
        reason: "異動".parse().unwrap(),
    };
    assert!(firm.pass(&firm.staff, reassign(&firm.custodian)).await.is_err());
    assert!(matches!(
        firm.pass(&firm.custodian, reassign(&firm.staff)).await,
        Err(Error::Invalid { field: "lead", .. })
    ));
    firm.pass(&firm.custodian, reassign(&firm.custodian)).await.unwrap();
    firm.pass(&firm.custodian, judge(evaluation, CLAUSE, Verdict::Conforms)).await.unwrap();
    firm.pass(&firm.custodian, close(evaluation)).await.unwrap();
    // An inspection of one's own work is no audit.
    let inspection =
        PlanEvaluation { kind: Kind::Inspection, lead: firm.admin.id().unwrap(), ..plan(auditor) };
    let evaluation = firm.pass(&firm.admin, inspection).await.unwrap().evaluation;
    firm.pass(&firm.admin, judge(evaluation, CLAUSE, Verdict::Conforms)).await.unwrap();
}

async fn std_4_1_everyone_inspects_themselves_once_a_quarter(firm: Firm) {
    let shown = firm.pass(&firm.staff, ShowSelfInspection {}).await.unwrap();
    assert_eq!((shown.quarter.as_str(), shown.questions.len(), shown.answered.as_str()), ("2026-Q4", 9, ""));
    assert!(firm.pass(&firm.staff, Today {}).await.unwrap().self_inspection);
    assert!(firm.pass(&firm.guest, ShowSelfInspection {}).await.is_err());
    let answers = |no: usize| {
        let mut answers = vec![Answer::Yes; 9];
        answers[8] = Answer::NotApplicable;
        answers[..no].fill(Answer::No);
        answers
    };
    let short = AnswerSelfInspection { answers: vec![Answer::Yes; 8], told: None };
    let silent = AnswerSelfInspection { answers: answers(1), told: None };
    for (wrong, field) in [(short, "answers"), (silent, "told")] {
        let refused = firm.pass(&firm.staff, wrong).await;
        assert!(matches!(refused, Err(Error::Invalid { field: f, .. }) if f == field), "{field}");
    }
    let said =
        AnswerSelfInspection { answers: answers(2), told: Some("棚の箱が未登録".parse().unwrap()) };
    firm.pass(&firm.staff, said.clone()).await.unwrap();
    assert!(matches!(firm.pass(&firm.staff, said).await, Err(Error::Conflict(_))));
    assert!(!firm.pass(&firm.staff, Today {}).await.unwrap().self_inspection);
    firm.pass(&firm.intern, AnswerSelfInspection { answers: answers(0), told: None }).await.unwrap();

    assert!(matches!(firm.pass(&firm.staff, ListSelfInspections::default()).await, Err(Error::Denied(_))));
    let listed = firm.pass(&firm.admin, ListSelfInspections::default()).await.unwrap();
    let first: Vec<(i64, i64)> = listed.questions.iter().map(|line| (line.yes, line.no)).collect();
    assert_eq!((first[0], first[1], first[2], first[8]), ((1, 1), (1, 1), (2, 0), (0, 0)));
    assert_eq!(listed.people - listed.lacking, 2);
    assert_eq!((listed.not_so.len(), listed.not_so[0].told.as_str()), (1, "棚の箱が未登録"));
    let wrong = ListSelfInspections { quarter: Some("2026-Q5".to_owned()) };
    assert!(matches!(firm.pass(&firm.admin, wrong).await, Err(Error::Invalid { .. })));
    // The next quarter asks again.
    firm.clock.set(NOW + 40 * DAY);
    assert!(firm.pass(&firm.staff, Today {}).await.unwrap().self_inspection);
    let listed = firm.pass(&firm.admin, ListSelfInspections::default()).await.unwrap();
    assert_eq!((listed.quarter.as_str(), listed.lacking), ("2027-Q1", listed.people));
}
