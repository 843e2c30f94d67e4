//! Bodies resolve: with a quorum, each member once, and on exactly what they read.

use kura::Error;
use kura::bodies::list_resolutions::{ListResolutions, ResolutionView};
use kura::bodies::propose_resolution::{ProposeResolution, Proposed};
use kura::bodies::vote::{Choice, Vote, close_overdue};
use kura::door::Actor;
use kura::people::Office;
use kura::people::appoint::Appoint;

use crate::both;
use crate::firm::{DAY, Firm, NOW};

both! {
    std_1_a_body_resolves_with_its_quorum_and_each_member_votes_once
}

fn propose(title: &str, closes_on: Option<&str>) -> ProposeResolution {
    ProposeResolution {
        body: "csr_committee".to_owned(),
        title: title.parse().unwrap(),
        words: "緊急措置の訓練を六月に行う".parse().unwrap(),
        version: None,
        closes_on: closes_on.map(ToOwned::to_owned),
    }
}

fn vote(on: &Proposed, choice: Choice, reason: Option<&str>) -> Vote {
    let reason = reason.map(|reason| reason.parse().unwrap());
    Vote { resolution: on.resolution, digest: on.digest.clone(), choice, reason }
}

async fn shown(firm: &Firm, on: &Proposed) -> ResolutionView {
    let asked = ListResolutions { resolution: Some(on.resolution) };
    firm.pass(&firm.admin, asked).await.unwrap().remove(0)
}

async fn std_1_a_body_resolves_with_its_quorum_and_each_member_votes_once(firm: Firm) {
    let nobody = firm.pass(&firm.admin, propose("a", None)).await.unwrap_err();
    assert!(nobody.to_string().contains("0 members and its quorum is 2"), "{nobody}");
    let members: Vec<Actor> =
        [&firm.directors[0], &firm.directors[1], &firm.custodian].map(Clone::clone).into();
    for member in &members {
        let appoint = Appoint {
            person: member.id().unwrap(),
            office: Office::CsrCommittee,
            until: None,
            dismiss: false,
        };
        firm.pass(&firm.admin, appoint).await.unwrap();
    }
    assert!(matches!(firm.pass(&firm.staff, propose("a", None)).await, Err(Error::Denied(_))));
    for day in ["2026-11-23", "2026-12-09", "soon"] {
        assert!(
            matches!(firm.pass(&firm.admin, propose("a", Some(day))).await, Err(Error::Invalid { .. })),
            "{day}"
        );
    }
    let strange = ProposeResolution { version: Some(7), ..propose("a", None) };
    assert!(matches!(firm.pass(&firm.admin, strange).await, Err(Error::NotFound(_))));

    let first = firm.pass(&firm.admin, propose("訓練の実施", None)).await.unwrap();
    assert_eq!(first.closes_on, "2026-12-08");
    assert!(matches!(firm.pass(&firm.staff, vote(&first, Choice::Yes, None)).await, Err(Error::Denied(_))));
    assert!(firm.pass(&firm.guest, vote(&first, Choice::Yes, None)).await.is_err());
    let other = Vote { digest: "other".to_owned(), ..vote(&first, Choice::Yes, None) };
    assert!(firm.pass(&members[0], other).await.unwrap_err().to_string().contains("not what is voted on"));
    assert_eq!(firm.pass(&members[0], vote(&first, Choice::Yes, None)).await.unwrap().state, "open");
    let twice = firm.pass(&members[0], vote(&first, Choice::No, None)).await.unwrap_err();
    assert!(twice.to_string().contains("voted on this already"), "{twice}");
    let silent = firm.pass(&members[1], vote(&first, Choice::Recuse, None)).await.unwrap_err();
    assert!(silent.to_string().contains("conflict of interest"), "{silent}");
    let recused = vote(&first, Choice::Recuse, Some("提案の受注者の親族"));
    assert_eq!(firm.pass(&members[1], recused).await.unwrap().state, "open");
    assert_eq!(firm.pass(&members[2], vote(&first, Choice::Yes, None)).await.unwrap().state, "carried");
    let view = shown(&firm, &first).await;
    assert_eq!((view.members, view.quorum, view.votes.len()), (3, 2, 3));
    assert!(view.votes.iter().all(|vote| !vote.signed), "without a passkey the record says so");
    let late = firm.pass(&members[1], vote(&first, Choice::No, None)).await.unwrap_err();
    assert!(late.to_string().contains("is over"), "{late}");

    // Two members vote no: the third cannot change it. One vote alone is no quorum.
    let second = firm.pass(&firm.admin, propose("b", None)).await.unwrap();
    firm.pass(&members[0], vote(&second, Choice::No, None)).await.unwrap();
    assert_eq!(firm.pass(&members[1], vote(&second, Choice::No, None)).await.unwrap().state, "rejected");
    let third = firm.pass(&firm.admin, propose("c", Some("2026-11-26"))).await.unwrap();
    firm.pass(&members[0], vote(&third, Choice::Yes, None)).await.unwrap();
    close_overdue(&firm.open.door).await.unwrap();
    assert_eq!(shown(&firm, &third).await.state, "open");
    firm.clock.set(NOW + 3 * DAY);
    let over = firm.pass(&members[1], vote(&third, Choice::Yes, None)).await.unwrap_err();
    assert!(over.to_string().contains("is over"), "{over}");
    close_overdue(&firm.open.door).await.unwrap();
    assert_eq!(shown(&firm, &third).await.state, "lapsed");
    assert_eq!(firm.pass(&firm.admin, ListResolutions::default()).await.unwrap().len(), 3);
    assert!(matches!(firm.pass(&firm.staff, ListResolutions::default()).await, Err(Error::Denied(_))));
}
