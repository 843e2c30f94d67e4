//! 適用: whoever the policy covers acknowledges the version in force for themselves, and outside parties handle material
//! within the terms of a matter only, for as long as they are guests.

use kura::Error;
use kura::clock::parse_moment;
use kura::custody::open::Open;
use kura::custody::show::Show;
use kura::door::Actor;
use kura::id::ItemId;
use kura::matters::change_members::ChangeMembers;
use kura::people::Employment;
use kura::policy::acknowledge_policy::{AcknowledgePolicy, ReadIn};

use crate::both;
use crate::firm::Firm;

both! {
    basic_3_whatever_the_employment_the_policy_is_acknowledged_first_and_by_oneself
    basic_3_a_guest_handles_what_was_shared_of_their_own_matter_until_their_last_day
}

/// The rules by which somebody is refused to open an item.
async fn refused(firm: &Firm, actor: &Actor, item: ItemId) -> Vec<(String, String)> {
    match firm.pass(actor, Open { item, version: None }).await {
        Err(Error::Denied(refusal)) => {
            refusal.rules.iter().map(|rule| (rule.id.clone(), rule.clause.clone())).collect()
        }
        Err(error) => panic!("{error}"),
        Ok(_) => vec![],
    }
}

async fn basic_3_whatever_the_employment_the_policy_is_acknowledged_first_and_by_oneself(firm: Firm) {
    let internal = firm.take(&firm.custodian, "internal", "議事録.txt", b"minutes", false).await.item;
    let limited = firm.take(&firm.custodian, "limited", "案内.txt", b"notice", false).await.item;
    for (number, employment) in [
        Employment::Director,
        Employment::Regular,
        Employment::Contract,
        Employment::Dispatched,
        Employment::Intern,
    ]
    .into_iter()
    .enumerate()
    {
        let added = firm.newcomer(&format!("new-{number}"), employment, "internal").await;
        let first = [("item-acknowledgement".to_owned(), "basic-3".to_owned())];
        assert_eq!(refused(&firm, &added, internal).await, first, "{employment:?}");
        assert_eq!(refused(&firm, &added, limited).await, [], "{employment:?}: what is below it may be used");
        // To have seen it is not to have read it, and another version is not this one.
        for (version, read) in [(1, false), (2, true)] {
            let read = AcknowledgePolicy { version, language: ReadIn::En, read };
            assert!(firm.pass(&added, read).await.is_err());
        }
        assert_eq!(refused(&firm, &added, internal).await, first, "{employment:?}");
        let read = AcknowledgePolicy { version: 1, language: ReadIn::En, read: true };
        firm.pass(&added, read).await.unwrap();
        assert_eq!(refused(&firm, &added, internal).await, [], "{employment:?}");
    }
}

async fn basic_3_a_guest_handles_what_was_shared_of_their_own_matter_until_their_last_day(firm: Firm) {
    let shared = firm.take(&firm.custodian, "internal", "報告書.txt", b"report", true).await.item;
    let kept = firm.take(&firm.custodian, "internal", "社内メモ.txt", b"notes", false).await.item;
    assert_eq!(refused(&firm, &firm.guest, shared).await, []);
    let unknown = |answer: Result<_, Error>| matches!(answer, Err(Error::NotFound("item")));
    for (actor, item) in [(&firm.guest, kept), (&firm.stranger, shared), (&firm.stranger, kept)] {
        assert!(unknown(firm.pass(actor, Show { item }).await.map(drop)));
        assert!(unknown(firm.pass(actor, Open { item, version: None }).await.map(drop)));
    }
    // Whoever is of another party does not come to know of it by being put on the matter either.
    let stranger = firm.stranger.id().unwrap();
    let member = ChangeMembers { matter: firm.matter, person: stranger, remove: false };
    let _ = firm.pass(&firm.custodian, member).await;
    assert!(unknown(firm.pass(&firm.stranger, Open { item: shared, version: None }).await.map(drop)));
    // The last day is a whole day where the firm is; after it a guest learns of nothing.
    firm.clock.set(parse_moment("2027-03-31T14:59:00Z").unwrap());
    assert_eq!(refused(&firm, &firm.guest, shared).await, []);
    firm.clock.set(parse_moment("2027-03-31T15:00:00Z").unwrap());
    assert!(unknown(firm.pass(&firm.guest, Open { item: shared, version: None }).await.map(drop)));
}
