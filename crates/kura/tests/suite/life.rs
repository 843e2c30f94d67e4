//! The life of material, from custody to return and erasure, with everything that a client can check alone.

use std::io::Read as _;
use std::process::ExitCode;

use kura::Error;
use kura::custody::Relation;
use kura::custody::approve::Approve;
use kura::custody::ask::{Approvable, Ask};
use kura::custody::attest::Attest;
use kura::custody::confirm_return::ConfirmReturn;
use kura::custody::derive::Derive;
use kura::custody::download::Download;
use kura::custody::erase::Erase;
use kura::custody::give_back::GiveBack;
use kura::custody::grant::Grant;
use kura::custody::hand_over::HandOver;
use kura::custody::hold::Hold;
use kura::custody::list::List;
use kura::custody::open::Open;
use kura::custody::package::Package;
use kura::custody::reclassify::Reclassify;
use kura::custody::release::Release;
use kura::custody::report::Report;
use kura::custody::revoke::Revoke;
use kura::custody::show::Show;
use kura::custody::statement::ShowStatement;
use kura::custody::store_version::Store;
use kura::custody::take::Take;
use kura::custody::transmit::Transmit;
use kura::door::Actor;
use kura::id::{ItemId, RequestId, StatementId};
use kura::matters::close_matter::CloseMatter;
use kura::people::change_person::ChangePerson;
use kura_ledger::statement::{StatementFile, Verified, check_against_report};

use crate::both;
use crate::firm::{DAY, Firm, NOW, id_of, taking};

both! {
    basic_1b_material_lives_from_custody_to_erasure
    basic_1b_material_is_given_back_against_a_counter_receipt
    basic_1a_a_derivative_is_tied_to_its_origin
    basic_2_copies_are_tracked_and_a_matter_closes_only_when_nothing_is_out
    std_3_5_erasing_secret_material_needs_two_other_people
    std_3_5_a_held_item_is_neither_erased_nor_returned
    std_3_2_a_grant_ends
    std_2_2_terms_bind_transmission
    std_3_4_lowering_a_class_needs_two_other_people
    std_3_2_lists_show_what_one_may_know_of
}

/// Exports the ledger and checks it with the verifier's own command.
pub async fn exported(firm: &Firm) -> std::path::PathBuf {
    let folder = firm.folder.path().join(format!("export-{}", firm.clock.now()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    let mut reader = firm.open.door.database().reader().await.unwrap();
    kura::ledger::export::write(&mut reader, &folder, &firm.open.door.log_key()).await.unwrap();
    assert!(verify(&[
        "export",
        "--log-key",
        &firm.open.door.log_key().to_string(),
        folder.to_str().unwrap()
    ]));
    folder
}

/// Runs `kura-verify`.
pub fn verify(args: &[&str]) -> bool {
    let args = std::iter::once("kura-verify").chain(args.iter().copied()).map(Into::into);
    format!("{:?}", kura_ledger::cli::main(args)) == format!("{:?}", ExitCode::SUCCESS)
}

pub async fn statement(firm: &Firm, actor: &Actor, statement: StatementId) -> Verified {
    let file = firm.pass(actor, ShowStatement { statement }).await.unwrap().file;
    let parsed = StatementFile::parse(file.as_bytes()).unwrap();
    let verified = parsed.verify(&firm.open.door.log_key(), &[]).unwrap();
    let path = firm.folder.path().join(format!("{statement}.json"));
    std::fs::write(&path, &file).unwrap();
    let key = firm.open.door.log_key().to_string();
    let kind = serde_json::to_value(verified.statement.kind).unwrap();
    let command = match kind.as_str().unwrap() {
        "receipt" | "counter-receipt" => "receipt",
        other => other,
    };
    assert!(verify(&[command, "--log-key", &key, path.to_str().unwrap()]), "{kind}");
    verified
}

pub async fn two_approve(firm: &Firm, item: ItemId, request: RequestId) {
    for director in &firm.directors {
        let approve = Approve { item, request, refuse: false, reason: "checked".parse().unwrap() };
        firm.pass(director, approve).await.unwrap();
    }
}

async fn basic_1b_material_lives_from_custody_to_erasure(mut firm: Firm) {
    let content: Vec<u8> = (0..20_000_000_u32).map(|n| (n % 251) as u8).collect();
    let taken = firm.take(&firm.staff, "secret", "契約書.txt", &content, false).await;
    let item = taken.item;
    let receipt = statement(&firm, &firm.staff, taken.receipt).await;
    assert_eq!(receipt.statement.body["item"]["size"], 20_000_000);
    assert_eq!(receipt.statement.body["party"], "委託者A");

    let opened = firm.pass(&firm.staff, Open { item, version: None }).await.unwrap();
    assert_eq!(firm.read(&firm.staff, &opened.ticket).await.unwrap(), content);
    // The ticket is one person's.
    assert!(matches!(firm.read(&firm.custodian, &opened.ticket).await, Err(Error::NotFound(_))));

    let upload = firm.upload(&firm.staff, "secret", "契約書2.txt", b"second", Some(item)).await;
    let stored = firm.pass(&firm.staff, Store { item, upload, sha256: None }).await.unwrap();
    assert_eq!(stored.version, 2);
    let second = firm.pass(&firm.staff, Open { item, version: None }).await.unwrap();
    assert_eq!(firm.read(&firm.staff, &second.ticket).await.unwrap(), b"second");
    let first = firm.pass(&firm.staff, Open { item, version: Some(1) }).await.unwrap();
    assert_eq!(first.sha256, opened.sha256);

    // A report proves against the older receipt that nothing was rewritten or left out.
    let report = firm.pass(&firm.custodian, Report::on(firm.matter)).await.unwrap();
    let report = statement(&firm, &firm.custodian, report.report).await;
    assert_eq!(check_against_report(&receipt, &report).unwrap().whole, 1);
    let folder = exported(&firm).await;
    let key = firm.open.door.log_key().to_string();
    let file = |id: &str| firm.folder.path().join(format!("{id}.json")).to_str().unwrap().to_owned();
    let (older, newer) = (file(&receipt.statement.id), file(&report.statement.id));
    let against = |kind: &str| {
        let export = folder.to_str().unwrap();
        verify(&[kind, "--log-key", &key, &older, "--report", &newer, "--export", export])
    };
    assert!(against("receipt") && against("statement"));
    assert!(!against("certificate"), "a receipt is no certificate");

    firm = firm.restart().await;
    let again = firm.pass(&firm.staff, Open { item, version: Some(1) }).await.unwrap();
    assert_eq!(firm.read(&firm.staff, &again.ticket).await.unwrap().len(), content.len());

    let reason: kura::text::Note = "the engagement has ended".parse().unwrap();
    let ask =
        Ask { item, operation: Approvable::Erase, class: None, confirmed_by: None, reason: reason.clone() };
    let request = firm.pass(&firm.custodian, ask).await.unwrap().request;
    two_approve(&firm, item, request).await;
    let late = firm.pass(&firm.staff, Open { item, version: Some(1) }).await.unwrap();
    let erased = firm.carry_out(&firm.custodian, Erase { item, reason }, request).await.unwrap();
    let certificate = statement(&firm, &firm.custodian, erased.certificate.unwrap()).await;
    assert_eq!(certificate.statement.body["item"]["versions"].as_array().unwrap().len(), 2);

    // Nothing of it opens, not even by a ticket that was given before.
    assert!(matches!(firm.pass(&firm.staff, Open { item, version: None }).await, Err(Error::Denied(_))));
    assert!(firm.read(&firm.staff, &late.ticket).await.is_err());
    let shown = firm.pass(&firm.custodian, Show { item }).await.unwrap();
    assert_eq!((shown.state.as_str(), shown.name.as_str()), ("erased", ""));
    let content = firm.open.settings.data.join("content");
    let left = walk(&content);
    assert!(left.is_empty(), "{left:?}");
    exported(&firm).await;
    // Old statements hold still.
    statement(&firm, &firm.custodian, taken.receipt).await;
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}

async fn basic_1b_material_is_given_back_against_a_counter_receipt(firm: Firm) {
    let lent = firm.take(&firm.staff, "internal", "図面.txt", b"drawing", false).await;
    let box_of_paper = Take {
        place: Some("倉庫2の棚B".parse().unwrap()),
        name: Some("紙の図面一箱".parse().unwrap()),
        ..taking(firm.matter, "internal")
    };
    let tangible = firm.pass(&firm.staff, box_of_paper).await.unwrap();
    for item in [lent.item, tangible.item] {
        let manner: kura::text::Note = "by courier".parse().unwrap();
        let early = ConfirmReturn { item, confirmed_by: "佐藤".parse().unwrap() };
        assert!(matches!(firm.pass(&firm.custodian, early.clone()).await, Err(Error::Denied(_))));
        assert!(matches!(
            firm.pass(&firm.staff, GiveBack { item, manner: manner.clone() }).await,
            Err(Error::Denied(_))
        ));
        firm.pass(&firm.custodian, GiveBack { item, manner }).await.unwrap();
        let package = firm.pass(&firm.custodian, Package { item }).await.unwrap();
        for version in &package.versions {
            assert_eq!(firm.read(&firm.custodian, &version.ticket).await.unwrap(), b"drawing");
        }
        assert!(firm.pass(&firm.staff, Open { item, version: None }).await.is_err());
        let returned = firm.pass(&firm.custodian, early).await.unwrap();
        let verified = statement(&firm, &firm.custodian, returned.counter_receipt).await;
        assert_eq!(verified.statement.body["confirmed_by"], "佐藤");
        assert_eq!(firm.pass(&firm.custodian, Show { item }).await.unwrap().state, "returned");
    }
    assert!(walk(&firm.open.settings.data.join("content")).is_empty());
    firm.pass(&firm.custodian, CloseMatter { matter: firm.matter }).await.unwrap();
    assert!(matches!(
        firm.pass(&firm.staff, Take { place: Some("x".parse().unwrap()), ..taking(firm.matter, "internal") })
            .await,
        Err(Error::Denied(_))
    ));
    exported(&firm).await;
}

async fn basic_1a_a_derivative_is_tied_to_its_origin(firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "原本.txt", b"original", false).await.item;
    let derive = |class: &str, relation| Derive {
        item,
        relation,
        class: class.to_owned(),
        upload: None,
        sha256: None,
        place: Some("shelf 1".parse().unwrap()),
        name: Some("要約".parse().unwrap()),
        custodian: None,
    };
    assert!(matches!(
        firm.pass(&firm.staff, derive("internal", Relation::Summary)).await,
        Err(Error::Denied(refusal)) if refusal.rules.iter().any(|rule| rule.id == "life-derive-class")
    ));
    assert!(matches!(
        firm.pass(&firm.staff, derive("top_secret", Relation::Copy)).await,
        Err(Error::Denied(_))
    ));
    let derived = firm.pass(&firm.staff, derive("secret", Relation::Summary)).await.unwrap().item;
    let shown = firm.pass(&firm.staff, Show { item: derived }).await.unwrap();
    assert_eq!(shown.origins[0].item, item);
    assert_eq!(shown.source, "", "only its lineage tells of the origin, to whoever may know of it");
    assert_eq!(firm.pass(&firm.staff, Show { item }).await.unwrap().derivatives[0].item, derived);

    // The origin's certificate lists it.
    let reason: kura::text::Note = "done".parse().unwrap();
    let ask =
        Ask { item, operation: Approvable::Erase, class: None, confirmed_by: None, reason: reason.clone() };
    let request = firm.pass(&firm.custodian, ask).await.unwrap().request;
    two_approve(&firm, item, request).await;
    let erased = firm.carry_out(&firm.custodian, Erase { item, reason }, request).await.unwrap();
    let certificate = statement(&firm, &firm.custodian, erased.certificate.unwrap()).await;
    assert_eq!(certificate.statement.body["derivatives"][0]["item"], derived.to_string());
    exported(&firm).await;
}

async fn basic_2_copies_are_tracked_and_a_matter_closes_only_when_nothing_is_out(firm: Firm) {
    let item = firm.take(&firm.staff, "internal", "表.csv", b"a,b", false).await.item;
    let taken = firm
        .pass(
            &firm.staff,
            Download { item, version: None, place: "laptop 7".parse().unwrap(), personal_device: false },
        )
        .await
        .unwrap();
    assert_eq!(firm.read(&firm.staff, &taken.opened.ticket).await.unwrap(), b"a,b");
    let shown = firm.pass(&firm.custodian, Show { item }).await.unwrap();
    assert_eq!(
        (shown.copies[0].holder.as_str(), shown.copies[0].place.as_str()),
        ("Name of ken", "laptop 7")
    );

    let reason: kura::text::Note = "over".parse().unwrap();
    firm.pass(&firm.custodian, Erase { item, reason }).await.unwrap();
    let closing = firm.pass(&firm.custodian, CloseMatter { matter: firm.matter }).await.unwrap_err();
    assert!(closing.to_string().contains("copy with Name of ken"), "{closing}");
    let attest = Attest { item, copy: taken.copy, manner: "wiped".parse().unwrap() };
    assert!(firm.pass(&firm.intern, attest.clone()).await.is_err());
    firm.pass(&firm.staff, attest.clone()).await.unwrap();
    assert!(matches!(firm.pass(&firm.staff, attest).await, Err(Error::Conflict(_))));
    firm.pass(&firm.custodian, CloseMatter { matter: firm.matter }).await.unwrap();
}

async fn std_3_5_erasing_secret_material_needs_two_other_people(firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "秘.txt", b"secret", false).await.item;
    let reason: kura::text::Note = "over".parse().unwrap();
    let erase = Erase { item, reason: reason.clone() };
    let refused = |result: Result<_, Error>| matches!(result, Err(Error::Denied(refusal)) if refusal.rules.iter().any(|rule| rule.id == "life-erase-two"));
    assert!(refused(firm.pass(&firm.custodian, erase.clone()).await));
    let ask = Ask { item, operation: Approvable::Erase, class: None, confirmed_by: None, reason };
    let request = firm.pass(&firm.custodian, ask.clone()).await.unwrap().request;
    let approve = Approve { item, request, refuse: false, reason: "checked".parse().unwrap() };
    // Neither the asker, nor staff, nor one person twice.
    assert!(firm.pass(&firm.custodian, approve.clone()).await.is_err());
    assert!(firm.pass(&firm.staff, approve.clone()).await.is_err());
    firm.pass(&firm.directors[0], approve.clone()).await.unwrap();
    assert!(matches!(firm.pass(&firm.directors[0], approve.clone()).await, Err(Error::Conflict(_))));
    assert!(matches!(firm.carry_out(&firm.custodian, erase.clone(), request).await, Err(Error::Conflict(_))));
    firm.pass(&firm.directors[1], approve).await.unwrap();
    // Approved was this input, by this person; not another.
    let other = Erase { item, reason: "another reason".parse().unwrap() };
    assert!(matches!(firm.carry_out(&firm.custodian, other, request).await, Err(Error::Conflict(_))));
    assert!(firm.carry_out(&firm.staff, erase.clone(), request).await.is_err());
    // And at this revision: a change in between makes it void.
    let hold =
        firm.pass(&firm.custodian, Hold { item, reason: "dispute".parse().unwrap() }).await.unwrap().hold;
    firm.pass(&firm.custodian, Release { item, hold, reason: "settled".parse().unwrap() }).await.unwrap();
    assert!(matches!(firm.carry_out(&firm.custodian, erase.clone(), request).await, Err(Error::Conflict(_))));
    let request = firm.pass(&firm.custodian, ask).await.unwrap().request;
    two_approve(&firm, item, request).await;
    assert!(firm.carry_out(&firm.custodian, erase.clone(), request).await.unwrap().certificate.is_some());
    assert!(firm.carry_out(&firm.custodian, erase, request).await.is_err(), "once");
}

async fn std_3_5_a_held_item_is_neither_erased_nor_returned(firm: Firm) {
    let item = firm.take(&firm.staff, "internal", "x", b"x", false).await.item;
    let hold = |reason: &str| Hold { item, reason: reason.parse().unwrap() };
    let first = firm.pass(&firm.custodian, hold("court")).await.unwrap().hold;
    let second = firm.pass(&firm.custodian, hold("tax")).await.unwrap().hold;
    let erase = Erase { item, reason: "over".parse().unwrap() };
    let release = |hold| Release { item, hold, reason: "over".parse().unwrap() };
    assert!(matches!(firm.pass(&firm.custodian, erase.clone()).await, Err(Error::Denied(_))));
    firm.pass(&firm.custodian, release(first)).await.unwrap();
    assert!(matches!(firm.pass(&firm.custodian, release(first)).await, Err(Error::NotFound(_))));
    let manner: kura::text::Note = "post".parse().unwrap();
    assert!(matches!(firm.pass(&firm.custodian, GiveBack { item, manner }).await, Err(Error::Denied(_))));
    firm.pass(&firm.custodian, release(second)).await.unwrap();
    firm.pass(&firm.custodian, erase).await.unwrap();
}

async fn std_3_2_a_grant_ends(firm: Firm) {
    let item = firm.take(&firm.staff, "internal", "x", b"content", false).await.item;
    let open = Open { item, version: None };
    assert!(matches!(firm.pass(&firm.outsider, open.clone()).await, Err(Error::NotFound(_))));
    let mori = firm.outsider.id().unwrap();
    let grant = |until: &str| Grant { item, person: mori, until: until.to_owned() };
    assert!(matches!(firm.pass(&firm.custodian, grant("2020-01-01")).await, Err(Error::Invalid { .. })));
    assert!(matches!(firm.pass(&firm.staff, grant("2026-12-01")).await, Err(Error::Denied(_))));
    firm.pass(&firm.custodian, grant("2026-12-01")).await.unwrap();
    let opened = firm.pass(&firm.outsider, open.clone()).await.unwrap();
    assert_eq!(firm.read(&firm.outsider, &opened.ticket).await.unwrap(), b"content");
    // A grant is for using, not for taking part.
    assert!(matches!(
        firm.pass(&firm.outsider, Erase { item, reason: "x".parse().unwrap() }).await,
        Err(Error::Denied(_))
    ));
    firm.clock.set(NOW + 20 * DAY);
    assert!(matches!(firm.pass(&firm.outsider, open.clone()).await, Err(Error::NotFound(_))));
    firm.pass(&firm.custodian, grant("2027-01-31")).await.unwrap();
    firm.pass(&firm.outsider, open.clone()).await.unwrap();
    firm.pass(&firm.custodian, Revoke { item, person: mori }).await.unwrap();
    assert!(matches!(firm.pass(&firm.outsider, open).await, Err(Error::NotFound(_))));
    assert!(matches!(
        firm.pass(&firm.custodian, Revoke { item, person: mori }).await,
        Err(Error::NotFound(_))
    ));
}

async fn std_2_2_terms_bind_transmission(firm: Firm) {
    let item = firm.take(&firm.staff, "internal", "x.txt", b"to whom it may concern", false).await.item;
    let transmit = |party| Transmit {
        item,
        version: None,
        party,
        recipient: "佐藤 様".parse().unwrap(),
        basis: "委託者の指示".parse().unwrap(),
        generative_ai: false,
    };
    let refusal = firm.pass(&firm.staff, transmit(firm.b)).await.unwrap_err();
    let Error::Denied(refusal) = refusal else { panic!("{refusal}") };
    let rules: Vec<&str> = refusal.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(rules, ["life-terms-abroad", "life-terms-subcontractor"]);
    assert!(refusal.ja().contains("条項 std-2-2") && refusal.to_string().contains("abroad"));
    let sent = firm.pass(&firm.staff, transmit(firm.a)).await.unwrap();
    let sealed = firm.read(&firm.staff, &sent.opened.ticket).await.unwrap();
    assert!(!sealed.windows(7).any(|window| window == b"concern"));
    let decryptor = age::Decryptor::new(&sealed[..]).unwrap();
    let mut plain = Vec::new();
    let identity: &dyn age::Identity = &firm.identity;
    decryptor.decrypt(std::iter::once(identity)).unwrap().read_to_end(&mut plain).unwrap();
    assert_eq!(plain, b"to whom it may concern");
}

async fn std_3_4_lowering_a_class_needs_two_other_people(firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "x", b"x", false).await.item;
    let to = |class: &str| Reclassify { item, class: class.to_owned(), reason: "reviewed".parse().unwrap() };
    assert!(matches!(firm.pass(&firm.custodian, to("public")).await, Err(Error::Denied(_))));
    assert!(matches!(firm.pass(&firm.custodian, to("sekret")).await, Err(Error::Invalid { .. })));
    firm.pass(&firm.custodian, to("top_secret")).await.unwrap();
    // Above their clearance now.
    assert!(firm.pass(&firm.staff, Open { item, version: None }).await.is_err());
    assert!(firm.pass(&firm.intern, Show { item }).await.is_err());
    let ask = Ask {
        item,
        operation: Approvable::Reclassify,
        class: Some("public".to_owned()),
        confirmed_by: None,
        reason: "reviewed".parse().unwrap(),
    };
    let request = firm.pass(&firm.custodian, ask).await.unwrap().request;
    two_approve(&firm, item, request).await;
    assert!(firm.carry_out(&firm.custodian, to("limited"), request).await.is_err());
    firm.carry_out(&firm.custodian, to("public"), request).await.unwrap();
    let opened = firm.pass(&firm.outsider, Open { item, version: None }).await.unwrap();
    assert_eq!(firm.read(&firm.outsider, &opened.ticket).await.unwrap(), b"x");
    // The custodian's duties go to someone who may have them.
    let intern = HandOver { item, to: firm.guest.id().unwrap() };
    assert!(matches!(firm.pass(&firm.custodian, intern).await, Err(Error::Invalid { .. })));
    firm.pass(&firm.custodian, HandOver { item, to: firm.staff.id().unwrap() }).await.unwrap();
    assert_eq!(firm.pass(&firm.staff, Show { item }).await.unwrap().custodian, id_of(&firm, "ken").await);
}

async fn std_3_2_lists_show_what_one_may_know_of(firm: Firm) {
    let secret = firm.take(&firm.staff, "secret", "秘の契約書", b"1", false).await.item;
    firm.clock.set(NOW + 1);
    let shared = firm.take(&firm.custodian, "internal", "共有資料", b"2", true).await.item;
    firm.clock.set(NOW + 2);
    let top = firm.take(&firm.custodian, "top_secret", "極秘資料", b"3", false).await.item;
    let listed = |actor: Actor| {
        let firm = &firm;
        async move {
            let list = List { count: true, ..List::default() };
            let page = firm.pass(&actor, list).await.unwrap();
            assert_eq!(page.count, Some(page.items.len() as i64));
            page.items.into_iter().map(|line| line.item).collect::<Vec<_>>()
        }
    };
    assert_eq!(listed(firm.custodian.clone()).await, [top, shared, secret]);
    assert_eq!(listed(firm.staff.clone()).await, [shared, secret]);
    assert_eq!(listed(firm.intern.clone()).await, [shared, secret]);
    assert_eq!(listed(firm.guest.clone()).await, [shared]);
    assert_eq!(listed(firm.directors[0].clone()).await, [top, shared, secret]);
    for nobody in [&firm.outsider, &firm.stranger, &firm.admin] {
        assert!(listed(nobody.clone()).await.is_empty());
    }
    let named = List { name: Some("契約".to_owned()), ..List::default() };
    assert_eq!(firm.pass(&firm.custodian, named).await.unwrap().items[0].item, secret);
    let literal = List { name: Some("%".to_owned()), ..List::default() };
    assert!(firm.pass(&firm.custodian, literal).await.unwrap().items.is_empty());
    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let page =
            firm.pass(&firm.custodian, List { after, limit: Some(2), ..List::default() }).await.unwrap();
        seen.extend(page.items.iter().map(|line| line.item));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [top, shared, secret]);
    let person = firm.staff.id().unwrap();
    let suspend =
        ChangePerson { person, name: None, employment: None, clearance: None, suspended: Some(true) };
    firm.pass(&firm.admin, suspend).await.unwrap();
    assert!(matches!(firm.pass(&firm.staff, List::default()).await, Err(Error::Denied(_))));
}
