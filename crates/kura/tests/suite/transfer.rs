//! Uploads that are cut, resumed, changed, misused; what is acknowledged is never lost.

use bytes::Bytes;
use kura::Error;
use kura::custody::open::Open;
use kura::custody::take::Take;
use kura::door::Options;
use kura::matters::add_party::AddParty;
use kura::people::change_person::ChangePerson;

use crate::both;
use crate::firm::{DAY, Firm, NOW, taking};

both! {
    basic_1c_a_cut_upload_goes_on_and_changed_bytes_are_refused
    basic_1c_an_empty_file_is_a_file
    basic_1c_a_repeated_write_is_the_same_write
}

async fn basic_1c_a_cut_upload_goes_on_and_changed_bytes_are_refused(mut firm: Firm) {
    let content: Vec<u8> = (0..(8 << 20) + 1000_u32).map(|n| (n >> 8) as u8).collect();
    let begun = firm.begin(&firm.staff, "secret", "大きい.bin", content.len(), None).await.unwrap();
    assert_eq!((begun.part_size, begun.parts), (8 << 20, 2));
    let part = |range: std::ops::Range<usize>| Bytes::copy_from_slice(&content[range]);
    let whole = content.len();
    let first = part(0..8 << 20);
    let last = part(8 << 20..whole);
    {
        let put = |number, bytes| firm.uploads.put(&firm.open.door, &firm.staff, begun.upload, number, bytes);
        assert!(matches!(put(1, last.clone()).await, Err(Error::Conflict(_))), "in order");
        assert!(matches!(put(0, last.clone()).await, Err(Error::Invalid { .. })), "whole parts");
        assert!(matches!(put(7, last.clone()).await, Err(Error::Invalid { .. })), "within the upload");
        assert!(matches!(put(-1, last.clone()).await, Err(Error::Invalid { .. })));
        put(0, first.clone()).await.unwrap();
        let foreign =
            firm.uploads.put(&firm.open.door, &firm.custodian, begun.upload, 0, first.clone()).await;
        assert!(matches!(foreign, Err(Error::NotFound(_))), "someone else's upload does not exist");
    }
    let take = Take { upload: Some(begun.upload), ..taking(firm.matter, "secret") };
    assert!(matches!(firm.pass(&firm.staff, take.clone()).await, Err(Error::Conflict(_))), "not complete");

    firm = firm.restart().await;
    let put = |number, bytes| firm.uploads.put(&firm.open.door, &firm.staff, begun.upload, number, bytes);
    put(0, first.clone()).await.unwrap();
    let mut changed = first.to_vec();
    changed[17] ^= 1;
    assert!(matches!(put(0, changed.into()).await, Err(Error::Conflict(_))), "an acknowledged part stays");
    put(1, last).await.unwrap();
    let progress = firm.uploads.progress(&firm.open.door, &firm.staff, begun.upload).await.unwrap();
    assert_eq!(progress.stored.len(), 2);
    let other = Take { sha256: Some("00".to_owned()), ..take.clone() };
    assert!(matches!(firm.pass(&firm.staff, other).await, Err(Error::Conflict(_))), "another hash");
    let other = Take { class: "internal".to_owned(), ..take.clone() };
    assert!(matches!(firm.pass(&firm.staff, other).await, Err(Error::Conflict(_))), "another class");
    let item = firm.pass(&firm.staff, Take { sha256: progress.sha256, ..take.clone() }).await.unwrap().item;
    assert!(matches!(firm.pass(&firm.staff, take).await, Err(Error::Conflict(_))), "used once");
    let opened = firm.pass(&firm.staff, Open { item, version: None }).await.unwrap();
    assert_eq!(firm.read(&firm.staff, &opened.ticket).await.unwrap(), content);

    let begun = firm.begin(&firm.staff, "secret", "late", 1, None).await.unwrap();
    firm.clock.set(NOW + 8 * DAY);
    let late =
        firm.uploads.put(&firm.open.door, &firm.staff, begun.upload, 0, Bytes::from_static(b"x")).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "expired");

    // What an expired upload left is swept away; what was taken in stays.
    let size = (8 << 20) + 1;
    let left = firm.begin(&firm.staff, "secret", "left", size, None).await.unwrap();
    let part = Bytes::from(vec![1; 8 << 20]);
    firm.uploads.put(&firm.open.door, &firm.staff, left.upload, 0, part).await.unwrap();
    let stored = || std::fs::read_dir(firm.open.settings.data.join("content")).unwrap().count();
    assert_eq!(stored(), 2);
    kura::custody::upload::sweep(&firm.open.door).await.unwrap();
    assert_eq!(stored(), 2, "it may still go on");
    firm.clock.set(NOW + 16 * DAY);
    kura::custody::upload::sweep(&firm.open.door).await.unwrap();
    assert_eq!(stored(), 1);
    let progress = firm.uploads.progress(&firm.open.door, &firm.staff, left.upload).await.unwrap();
    assert!(progress.stored.is_empty() && progress.sha256.is_none());
    let late = Take { upload: Some(left.upload), ..taking(firm.matter, "secret") };
    let late = firm.pass(&firm.staff, late).await.unwrap_err();
    assert!(late.to_string().contains("expired"), "{late}");
    let opened = firm.pass(&firm.staff, Open { item, version: None }).await.unwrap();
    assert_eq!(firm.read(&firm.staff, &opened.ticket).await.unwrap().len(), content.len());
}

async fn basic_1c_an_empty_file_is_a_file(firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "empty", b"", false).await.item;
    let opened = firm.pass(&firm.staff, Open { item, version: None }).await.unwrap();
    assert_eq!(opened.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(firm.read(&firm.staff, &opened.ticket).await.unwrap(), b"");
}

async fn basic_1c_a_repeated_write_is_the_same_write(firm: Firm) {
    let take = |place: &str| Take {
        place: Some(place.parse().unwrap()),
        name: Some("box".parse().unwrap()),
        ..taking(firm.matter, "internal")
    };
    let key = || Options { idempotency_key: Some("one".to_owned()), ..Options::default() };
    let first = firm.open.door.pass(&firm.staff, take("a"), key()).await.unwrap();
    let again = firm.open.door.pass(&firm.staff, take("a"), key()).await.unwrap();
    assert_eq!((first.value(), first.event(), first.index()), (again.value(), again.event(), again.index()));
    let other = firm.open.door.pass(&firm.staff, take("b"), key()).await;
    assert!(matches!(other, Err(Error::Conflict(_))));
    // The key is one person's own.
    let theirs = firm.open.door.pass(&firm.custodian, take("a"), key()).await.unwrap();
    assert_ne!(theirs.value(), first.value());
    let seen = |revision| Options { revision: Some(revision), ..Options::default() };
    let item = first.value().item;
    let hold = kura::custody::hold::Hold { item, reason: "x".parse().unwrap() };
    firm.open.door.pass(&firm.custodian, hold.clone(), seen(1)).await.unwrap();
    assert!(matches!(firm.open.door.pass(&firm.custodian, hold, seen(1)).await, Err(Error::Conflict(_))));
    // Whoever may not do it any more is not told again what came of it.
    let party = || AddParty { name: "Client C".parse().unwrap(), recipient: None, abroad: false };
    let first = firm.open.door.pass(&firm.admin, party(), key()).await.unwrap();
    let again = firm.open.door.pass(&firm.admin, party(), key()).await.unwrap();
    assert_eq!((first.value(), first.index()), (again.value(), again.index()));
    let deputy = kura::people::appoint::Appoint {
        person: firm.outsider.id().unwrap(),
        office: kura::people::Office::SystemAdministrator,
        until: None,
        dismiss: false,
    };
    firm.pass(&firm.admin, deputy).await.unwrap();
    let suspend = ChangePerson {
        person: firm.admin.id().unwrap(),
        name: None,
        employment: None,
        clearance: None,
        suspended: Some(true),
    };
    firm.pass(&firm.admin, suspend).await.unwrap();
    let refused = firm.open.door.pass(&firm.admin, party(), key()).await;
    assert!(matches!(refused, Err(Error::Denied(_))));
}
