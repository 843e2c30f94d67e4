//! Laws, treaties and contracts that ask for more than the policy.

use kura::Error;
use kura::door::Actor;
use kura::id::{MatterId, RequirementId};
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::policy::add_requirement::{AddRequirement, RequirementKind};
use kura::policy::end_requirement::EndRequirement;
use kura::policy::list_clauses::ListClauses;
use kura::policy::list_requirements::{ListRequirements, RequirementView, Requirements};
use kura::policy::review_requirement::ReviewRequirement;

use crate::both;
use crate::browser::{pages, signed_in};
use crate::firm::{DAY, Firm, NOW};

both! {
    basic_2_laws_and_contracts_that_ask_for_more_hang_on_clauses_and_are_reviewed
    std_2_2_a_contract_of_a_matter_is_shown_to_those_who_may_know_of_the_matter
}

fn law(clause: &str, review_on: &str) -> AddRequirement {
    AddRequirement {
        clause: clause.to_owned(),
        kind: RequirementKind::Law,
        name: "個人情報の保護に関する法律 第23条".parse().unwrap(),
        asks: "安全管理措置を講じる".parse().unwrap(),
        found_at: "https://law.example/23".parse().unwrap(),
        matter: None,
        review_on: review_on.to_owned(),
    }
}

fn review(requirement: RequirementId, next: &str) -> ReviewRequirement {
    ReviewRequirement {
        requirement,
        told: format!("変更なし。次は{next}").parse().unwrap(),
        next_review: next.to_owned(),
    }
}

fn end(requirement: RequirementId) -> EndRequirement {
    EndRequirement { requirement, reason: "廃止された".parse().unwrap() }
}

async fn appoint(firm: &Firm, whom: &Actor, office: Office) {
    let appoint = Appoint { person: whom.id().unwrap(), office, until: None, dismiss: false };
    firm.pass(&firm.admin, appoint).await.unwrap();
}

async fn listed(firm: &Firm, actor: &Actor) -> Requirements {
    firm.pass(actor, ListRequirements::default()).await.unwrap()
}

/// How many hold on a clause, and how many of them are overdue, as the board tells it to anybody who works here.
async fn counted(firm: &Firm, clause: &str) -> (i64, i64) {
    let board = firm.pass(&firm.outsider, ListClauses {}).await.unwrap();
    let line = board.clauses.into_iter().find(|line| line.clause == clause).unwrap();
    (line.requirements, line.requirements_overdue)
}

async fn basic_2_laws_and_contracts_that_ask_for_more_hang_on_clauses_and_are_reviewed(firm: Firm) {
    let [committee, director] = &firm.directors;
    appoint(&firm, committee, Office::CsrCommittee).await;
    appoint(&firm, &firm.outsider, Office::Auditor).await;
    for nobody in [director, &firm.custodian, &firm.staff, &firm.outsider] {
        let refused = firm.pass(nobody, law("basic-2", "2027-03-31")).await.unwrap_err();
        assert!(refused.to_string().contains("admin-requirement"), "{refused}");
    }
    assert!(firm.pass(&firm.guest, law("basic-2", "2027-03-31")).await.is_err());
    assert!(firm.pass(&firm.guest, ListRequirements::default()).await.is_err());
    let nowhere = firm.pass(committee, law("std-9-9", "2027-03-31")).await;
    assert!(matches!(nowhere, Err(Error::NotFound("clause"))));
    for never in ["2026-11-23", "2029-11-25", "2026-02-30", "soon", ""] {
        let refused = firm.pass(committee, law("basic-2", never)).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "review_on", .. })), "{never}");
    }
    assert_eq!(counted(&firm, "basic-2").await, (0, 0));
    let later = firm.pass(&firm.admin, law("basic-2", "2029-11-24")).await.unwrap().requirement;
    let soon = firm.pass(committee, law("basic-2", "2026-12-01")).await.unwrap().requirement;
    let other = firm.pass(committee, law("std-3-5", "2026-11-24")).await.unwrap().requirement;
    let order = async || -> Vec<RequirementId> {
        listed(&firm, &firm.staff).await.requirements.iter().map(|one| one.requirement).collect()
    };
    assert_eq!(order().await, [other, soon, later]);
    let of_clause = ListRequirements { clause: Some("std-3-5".to_owned()) };
    let of_clause = firm.pass(&firm.staff, of_clause).await.unwrap();
    assert_eq!(of_clause.requirements.iter().map(|one| one.requirement).collect::<Vec<_>>(), [other]);

    // It is told once the day has gone by, and not on it.
    firm.clock.set(NOW + 7 * DAY);
    assert_eq!(counted(&firm, "basic-2").await, (2, 0));
    firm.clock.set(NOW + 8 * DAY);
    assert_eq!(counted(&firm, "basic-2").await, (2, 1));
    let one = async |id| -> RequirementView {
        let found = listed(&firm, &firm.staff).await.requirements;
        found.into_iter().find(|one| one.requirement == id).unwrap()
    };
    assert!(one(soon).await.overdue && !one(later).await.overdue);

    // A review sets the next day, and stays.
    assert!(matches!(firm.pass(&firm.staff, review(soon, "2027-04-01")).await, Err(Error::Denied(_))));
    for never in ["2026-12-01", "2026-12-02", "2029-12-03", "2027-02-29"] {
        let refused = firm.pass(committee, review(soon, never)).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "next_review", .. })), "{never}");
    }
    firm.pass(committee, review(soon, "2027-04-01")).await.unwrap();
    firm.pass(&firm.admin, review(soon, "2029-12-02")).await.unwrap();
    assert_eq!(counted(&firm, "basic-2").await, (2, 0));
    assert_eq!(order().await, [other, later, soon]);
    let reviewed = one(soon).await;
    assert_eq!((reviewed.review_on.as_str(), reviewed.overdue), ("2029-12-02", false));
    let by: Vec<_> = reviewed.reviews.iter().map(|it| (&*it.made_by, &*it.next_review, &*it.told)).collect();
    assert_eq!(
        by,
        [
            ("管理 太郎", "2029-12-02", "変更なし。次は2029-12-02"),
            ("Name of d1", "2027-04-01", "変更なし。次は2027-04-01"),
        ]
    );
    assert!(one(later).await.reviews.is_empty());

    // What is off the register is neither counted nor reviewed, and is read still.
    assert!(matches!(firm.pass(&firm.staff, end(other)).await, Err(Error::Denied(_))));
    firm.pass(committee, end(other)).await.unwrap();
    assert_eq!(counted(&firm, "std-3-5").await, (0, 0));
    for again in [
        firm.pass(committee, end(other)).await.unwrap_err(),
        firm.pass(committee, review(other, "2027-04-01")).await.unwrap_err(),
    ] {
        assert!(again.to_string().contains("ended already"), "{again}");
    }
    assert_eq!(order().await, [later, soon, other]);
    let ended = one(other).await;
    assert!(!ended.holds && !ended.overdue);
    assert_eq!((ended.ended_by.as_str(), ended.ended_reason.as_str()), ("Name of d1", "廃止された"));
}

async fn std_2_2_a_contract_of_a_matter_is_shown_to_those_who_may_know_of_the_matter(firm: Firm) {
    const CLAUSE: &str = "std-2-2";
    let contract = |matter| AddRequirement {
        kind: RequirementKind::Agreement,
        name: "秘密保持契約書 第8条".parse().unwrap(),
        matter: Some(matter),
        ..law(CLAUSE, "2026-12-01")
    };
    appoint(&firm, &firm.custodian, Office::RiskManagementSubcommittee).await;
    // Whoever may not know of the matter is told what they are told of one that does not exist.
    let nothing = MatterId::new(1, &[1; 10]);
    let told = [
        firm.pass(&firm.admin, contract(firm.matter)).await.unwrap_err(),
        firm.pass(&firm.admin, contract(nothing)).await.unwrap_err(),
        firm.pass(&firm.custodian, contract(nothing)).await.unwrap_err(),
    ];
    assert!(told.iter().all(|told| matches!(told, Error::NotFound("matter"))), "{told:?}");
    let served = pages(&firm).await;
    let mut hana = signed_in(&served, "hana").await;
    let matter = firm.matter.to_string();
    let fields = [
        ("kind", "agreement"),
        ("name", "秘密保持契約書 第8条"),
        ("asks", "承諾を得てから複製する"),
        ("found_at", "書庫A"),
        ("matter", matter.as_str()),
        ("review_on", "2026-12-01"),
    ];
    let sent = hana.fill(&format!("/do/add-requirement?clause={CLAUSE}"), &fields).await;
    assert_eq!((sent.status, sent.location.as_str()), (303, "/policy/requirements?done=add-requirement"));
    let public = firm.pass(&firm.admin, law(CLAUSE, "2027-03-31")).await.unwrap().requirement;
    let shown = listed(&firm, &firm.staff).await;
    assert_eq!((shown.requirements.len(), shown.elsewhere), (2, 0));
    let bound = &shown.requirements[0];
    assert_eq!((bound.matter, bound.matter_code.as_str()), (Some(firm.matter), "2026-014"));
    let bound = bound.requirement;
    // For everybody else it is counted, and nothing more: by the offices that keep the register too.
    appoint(&firm, &firm.directors[0], Office::CsrCommittee).await;
    for other in [&firm.outsider, &firm.admin, &firm.directors[0]] {
        let shown = listed(&firm, other).await;
        assert_eq!(shown.requirements.iter().map(|one| one.requirement).collect::<Vec<_>>(), [public]);
        assert_eq!(shown.elsewhere, 1);
        let elsewhere = ListRequirements { clause: Some("std-3-5".to_owned()) };
        assert_eq!(firm.pass(other, elsewhere).await.unwrap().elsewhere, 0);
    }
    assert_eq!(counted(&firm, CLAUSE).await, (2, 0));
    let nothing = RequirementId::new(1, &[1; 10]);
    for id in [bound, nothing] {
        let (reviewed, ended) =
            (firm.pass(&firm.admin, review(id, "2027-04-01")).await, firm.pass(&firm.admin, end(id)).await);
        assert!(matches!(reviewed, Err(Error::NotFound("requirement"))), "{reviewed:?}");
        assert!(matches!(ended, Err(Error::NotFound("requirement"))), "{ended:?}");
    }
    let mut d1 = signed_in(&served, "d1").await;
    let page = d1.get("/policy/requirements").await;
    assert!(page.status == 200 && page.text.contains("第23条"), "{}", page.text);
    for hidden in ["秘密保持契約書", "2026-014", "業務改善調査", &matter, &bound.to_string()] {
        assert!(!page.text.contains(hidden), "{hidden}: {}", page.text);
    }
    for form in ["review", "end"] {
        for id in [bound, nothing] {
            let page = d1.get(&format!("/do/{form}-requirement?requirement={id}")).await;
            assert_eq!(page.status, 404, "{form}: {}", page.text);
        }
    }
    // Those who may know of it go on, by the page.
    let page = hana.get(&format!("/policy/requirements?clause={CLAUSE}")).await;
    for seen in ["秘密保持契約書", "2026-014 業務改善調査", "承諾を得てから複製する"]
    {
        assert!(page.text.contains(seen), "{seen}: {}", page.text);
    }
    let form = format!("/do/review-requirement?requirement={bound}");
    let page = hana.get(&form).await;
    assert!(page.text.contains("承諾を得てから複製する") && page.text.contains("書庫A"), "{}", page.text);
    let wrong = hana.fill(&form, &[("told", "変更なし"), ("next_review", "2026-11-24")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    let sent = hana.fill(&form, &[("told", "変更なし"), ("next_review", "2027-06-01")]).await;
    assert_eq!((sent.status, sent.location.as_str()), (303, "/policy/requirements?done=review-requirement"));
    assert!(hana.get(&sent.location).await.text.contains("変更なし"));
    let sent =
        hana.fill(&format!("/do/end-requirement?requirement={bound}"), &[("reason", "契約が終わった")]).await;
    assert_eq!((sent.status, sent.location.as_str()), (303, "/policy/requirements?done=end-requirement"));
    assert_eq!(counted(&firm, CLAUSE).await, (1, 0));
    let shown = listed(&firm, &firm.outsider).await;
    assert_eq!((shown.requirements.len(), shown.elsewhere), (1, 0), "ended, it is not counted either");
}
