//! Rulings on clauses and exceptions from them; and what a refusal says when no rule permits.

use kura::Error;
use kura::custody::open::Open;
use kura::door::Actor;
use kura::id::{ExceptionId, ResolutionId, RulingId};
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::people::list_people::ListPeople;
use kura::policy::confirm_ruling::ConfirmRuling;
use kura::policy::end_exception::EndException;
use kura::policy::give_ruling::GiveRuling;
use kura::policy::grant_exception::GrantException;
use kura::policy::list_clauses::{ClauseLine, ListClauses};
use kura::policy::list_exceptions::{ExceptionView, ListExceptions};
use kura::policy::list_rulings::{Holds, ListRulings};
use kura::policy::show_document::ShowDocument;
use kura::rules::pack::model;

use crate::both;
use crate::firm::{DAY, Firm, NOW};
use crate::policy::{adopt, carried, draft, examined, resolved};

both! {
    std_1_a_ruling_is_the_representative_directors_and_lapses_with_its_clause
    std_4_2_an_exception_is_the_committees_and_ends
    basic_1d_a_refusal_says_what_would_permit_it
}

const CLAUSE: &str = "std-2-2";

async fn clause(firm: &Firm) -> ClauseLine {
    let board = firm.pass(&firm.staff, ListClauses {}).await.unwrap();
    board.clauses.into_iter().find(|line| line.clause == CLAUSE).unwrap()
}

fn ruling(words: &str, supersedes: Option<RulingId>) -> GiveRuling {
    GiveRuling {
        clause: CLAUSE.to_owned(),
        question: "口頭の合意でよいか".parse().unwrap(),
        words: words.parse().unwrap(),
        supersedes,
    }
}

/// What stands beside the clause in its document, in a version.
async fn beside(firm: &Firm, version: Option<i64>) -> Vec<String> {
    let show = ShowDocument { document: "standards".to_owned(), version };
    let shown = firm.pass(&firm.staff, show).await.unwrap();
    let part = shown.parts.into_iter().find(|part| part.clause.as_deref() == Some(CLAUSE)).unwrap();
    part.rulings.into_iter().map(|ruling| ruling.words).collect()
}

async fn std_1_a_ruling_is_the_representative_directors_and_lapses_with_its_clause(firm: Firm) {
    let [director, other] = &firm.directors;
    let office = Office::RepresentativeDirector;
    let appoint = Appoint { person: director.id().unwrap(), office, until: None, dismiss: false };
    firm.pass(&firm.admin, appoint).await.unwrap();
    for nobody in [&firm.admin, other, &firm.staff] {
        assert!(matches!(firm.pass(nobody, ruling("よい", None)).await, Err(Error::Denied(_))));
    }
    assert!(firm.pass(&firm.guest, ruling("よい", None)).await.is_err());
    let nowhere = GiveRuling { clause: "std-3-3".to_owned(), ..ruling("よい", None) };
    assert!(matches!(firm.pass(director, nowhere).await, Err(Error::NotFound("clause"))));
    let first = firm.pass(director, ruling("書面を要する", None)).await.unwrap().ruling;
    assert_eq!(clause(&firm).await.rulings.len(), 1);
    assert_eq!(beside(&firm, None).await, ["書面を要する"]);
    assert!(matches!(
        firm.pass(director, ConfirmRuling { ruling: first }).await,
        Err(Error::Conflict(told)) if told.contains("nothing to confirm")
    ));
    // Another takes its place, once.
    firm.clock.set(NOW + 1_000);
    let second = firm.pass(director, ruling("電子メールでもよい", Some(first))).await.unwrap().ruling;
    assert!(matches!(
        firm.pass(director, ruling("口頭でもよい", Some(first))).await,
        Err(Error::Conflict(_))
    ));
    let elsewhere = GiveRuling { clause: "std-1".to_owned(), ..ruling("口頭でもよい", Some(second)) };
    assert!(matches!(firm.pass(director, elsewhere).await, Err(Error::Invalid { .. })));
    assert_eq!(beside(&firm, None).await, ["電子メールでもよい"]);

    // A revision of the clause lets it lapse; one of another clause does not.
    let mut files = model();
    for (name, from, to) in [
        ("documents/standards.ja.md", "出所と正当な根拠を確かめ", "出所と正当な根拠を書面で確かめ"),
        ("documents/standards.en.md", "lawful basis", "lawful basis in writing"),
    ] {
        let text = files.get_mut(name).unwrap();
        assert!(text.contains(from), "{name}");
        *text = text.replacen(from, to, 1);
    }
    let version = firm.pass(&firm.admin, draft(files)).await.unwrap().version;
    let digest = examined(&firm).await.ready.unwrap().digest;
    let resolution = resolved(&firm, "csr_committee", Office::CsrCommittee, version).await;
    firm.pass(&firm.admin, adopt(&digest, Some(resolution))).await.unwrap();
    let line = clause(&firm).await;
    assert_eq!((line.rulings.len(), line.lapsed), (0, 1));
    assert_eq!(beside(&firm, None).await, Vec::<String>::new());
    assert_eq!(beside(&firm, Some(1)).await, ["電子メールでもよい"], "it was on that text");
    let holds = async || -> Vec<Holds> {
        let all = firm.pass(&firm.staff, ListRulings { clause: Some(CLAUSE.to_owned()) }).await.unwrap();
        all.into_iter().map(|ruling| ruling.holds).collect()
    };
    assert_eq!(holds().await, [Holds::Lapsed, Holds::Superseded]);
    assert!(matches!(firm.pass(other, ConfirmRuling { ruling: second }).await, Err(Error::Denied(_))));
    assert!(firm.pass(director, ConfirmRuling { ruling: first }).await.is_err());
    firm.pass(director, ConfirmRuling { ruling: second }).await.unwrap();
    assert_eq!(holds().await, [Holds::InForce, Holds::Superseded]);
    assert_eq!(beside(&firm, None).await, ["電子メールでもよい"]);
}

fn exception(resolution: ResolutionId, last_day: &str) -> GrantException {
    GrantException {
        clause: CLAUSE.to_owned(),
        about: "旧拠点の複合機".parse().unwrap(),
        reason: "認証に対応していない".parse().unwrap(),
        measure: "施錠した部屋に置く".parse().unwrap(),
        last_day: last_day.to_owned(),
        resolution,
    }
}

async fn exceptions(firm: &Firm, actor: &Actor) -> Vec<ExceptionView> {
    firm.pass(actor, ListExceptions {}).await.unwrap()
}

async fn std_4_2_an_exception_is_the_committees_and_ends(firm: Firm) {
    let subcommittee =
        carried(&firm, "risk_management_subcommittee", Office::RiskManagementSubcommittee, None).await;
    let committee = carried(&firm, "csr_committee", Office::CsrCommittee, None).await;
    assert!(matches!(
        firm.pass(&firm.custodian, exception(committee, "2027-03-31")).await,
        Err(Error::Denied(_))
    ));
    let refused = firm.pass(&firm.admin, exception(subcommittee, "2027-03-31")).await.unwrap_err();
    assert!(refused.to_string().contains("the CSR committee decides this"), "{refused}");
    for never in ["2026-11-23", "2027-11-27", "2026-02-30", "for ever"] {
        let refused = firm.pass(&firm.admin, exception(committee, never)).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{never}");
    }
    let nothing = ResolutionId::new(1, &[1; 10]);
    assert!(matches!(
        firm.pass(&firm.admin, exception(nothing, "2027-03-31")).await,
        Err(Error::NotFound(_))
    ));
    let granted = firm.pass(&firm.admin, exception(committee, "2026-12-01")).await.unwrap().exception;
    let again = firm.pass(&firm.admin, exception(committee, "2026-12-31")).await.unwrap_err();
    assert!(again.to_string().contains("granted another exception"), "{again}");
    assert_eq!(clause(&firm).await.exceptions, 1);
    assert!(exceptions(&firm, &firm.directors[0]).await[0].open);
    assert!(matches!(firm.pass(&firm.staff, ListExceptions {}).await, Err(Error::Denied(_))));
    // It ends by itself with its last day.
    firm.clock.set(NOW + 7 * DAY);
    assert_eq!(clause(&firm).await.exceptions, 1, "on its last day");
    firm.clock.set(NOW + 8 * DAY);
    assert_eq!(clause(&firm).await.exceptions, 0);
    let end =
        |exception: ExceptionId| EndException { exception, reason: "機器を替えた".parse().unwrap() };
    assert!(matches!(firm.pass(&firm.admin, end(granted)).await, Err(Error::Conflict(_))));
    // Another is ended before.
    let committee = carried(&firm, "csr_committee", Office::CsrCommittee, None).await;
    let granted = firm.pass(&firm.admin, exception(committee, "2027-03-31")).await.unwrap().exception;
    assert!(matches!(firm.pass(&firm.staff, end(granted)).await, Err(Error::Denied(_))));
    firm.pass(&firm.directors[0], end(granted)).await.unwrap();
    assert!(matches!(firm.pass(&firm.directors[0], end(granted)).await, Err(Error::Conflict(_))));
    let all = exceptions(&firm, &firm.admin).await;
    assert!(all.len() == 2 && all.iter().all(|one| !one.open), "{all:?}");
    assert_eq!((all[0].ended_reason.as_str(), all[0].ended_by.as_str()), ("機器を替えた", "Name of d1"));
}

async fn basic_1d_a_refusal_says_what_would_permit_it(firm: Firm) {
    // Nothing forbids it; of the rules that permit it none applies.
    let appoint =
        Appoint { person: firm.staff.id().unwrap(), office: Office::Auditor, until: None, dismiss: false };
    let Err(Error::Denied(refusal)) = firm.pass(&firm.staff, appoint.clone()).await else { panic!() };
    assert!(refusal.rules.is_empty());
    let ids: Vec<&str> = refusal.permits.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["admin-register"], "and none of those on material");
    for (told, said) in
        [(refusal.to_string(), "Clause std-3-1: System administrators"), (refusal.ja(), "条項 std-3-1")]
    {
        assert!(told.contains(said), "{told}");
    }
    // Of material, those on material; where a rule forbids, that one alone.
    let item = firm.take(&firm.custodian, "internal", "x.txt", b"x", false).await.item;
    let approve = Office::RiskManagementSubcommittee;
    let decides =
        Appoint { person: firm.outsider.id().unwrap(), office: approve, until: None, dismiss: false };
    firm.pass(&firm.admin, decides).await.unwrap();
    let open = Open { item, version: None };
    let Err(Error::Denied(refusal)) = firm.pass(&firm.outsider, open).await else { panic!() };
    let ids: Vec<&str> = refusal.permits.iter().map(|rule| rule.id.as_str()).collect();
    assert!(ids.contains(&"item-member") && ids.contains(&"item-grant"), "{ids:?}");
    assert!(ids.iter().all(|id| id.starts_with("item-")) && !ids.contains(&"item-guest"), "{ids:?}");
    // A guest learns none of the firm's rules.
    let Err(error) = firm.pass(&firm.guest, ListPeople::default()).await else { panic!() };
    let told = format!("{error:?}");
    assert!(!told.contains("admin-") && !told.contains("item-"), "{told}");
}
