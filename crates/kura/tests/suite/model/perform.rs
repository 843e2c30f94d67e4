//! Each operation: what the reference expects of it, and what it changes there.

use bytes::Bytes;
use kura::Error;
use kura::clock::rfc3339;
use kura::custody::Kind;
use kura::custody::approve::Approve;
use kura::custody::ask::{Approvable, Ask};
use kura::custody::attest::Attest;
use kura::custody::begin::Begin;
use kura::custody::collect::Collect;
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
use kura::door::Options;
use kura::id::{CopyId, HoldId, ItemId, MatterId, RequestId, StatementId, UploadId};
use kura::matters::change_members::ChangeMembers;
use kura::matters::close_matter::CloseMatter;
use kura::matters::list_matters::ListMatters;
use kura::matters::show_matter::ShowMatter;
use kura::people::change_person::ChangePerson;
use kura::policy::acknowledge_policy::{AcknowledgePolicy, ReadIn};
use kura::training::answer_questions::AnswerQuestions;
use kura::training::draw_questions::DrawQuestions;
use kura::training::show_attempt::QuestionView;
use kura_ledger::statement::StatementFile;

use super::choose::{Bring, Do};
use super::world::{self, Around, Asked, By, CLASSES, On, Role, State, Told};
use super::{Play, UPLOAD};
use crate::firm::taking;

fn done_if(yes: bool, otherwise: Told) -> Told {
    if yes { Told::Done } else { otherwise }
}

impl Play {
    pub(super) async fn perform(&mut self, by: By, doing: Do) {
        let no = Options::default();
        let world = &self.world;
        let plain = Around::default();
        match doing {
            Do::Upload { matter, rank, item, complete } => {
                let around = Around { rank, ..plain };
                let on = On::Matter(matter);
                let bad = (rank == 5).then_some(Told::Invalid);
                let mut unknown = false;
                let mut expected = world.expect(by, "begin", on, &around, bad, || match item {
                    Some(number) => {
                        unknown = !world.knows(by, On::Item(item));
                        let item = &world.items[number];
                        let same = Some(item.matter) == matter && item.rank == rank;
                        let fits = same && item.state == State::Held;
                        if unknown { Told::Hidden } else { done_if(fits, Told::Conflict) }
                    }
                    None => Told::Done,
                });
                expected.recorded = !unknown;
                let size = self.dice.roll(3000) as usize;
                let content: Vec<u8> = (0..size).map(|_| self.dice.roll(256) as u8).collect();
                let name = format!("file {}.txt", self.world.uploads.len());
                let begin = Begin {
                    matter: self.matter_id(matter),
                    class: CLASSES[rank as usize].to_owned(),
                    name: name.parse().unwrap(),
                    media: "text/plain".parse().unwrap(),
                    size: size as u64,
                    item: item.map(|item| self.world.items[item].id),
                };
                let Some(begun) = self.pass(by, expected, begin, no).await else {
                    return;
                };
                if complete && size > 0 {
                    let bytes = Bytes::copy_from_slice(&content);
                    let (door, actor) = (&self.firm.open.door, self.actor(by));
                    self.firm.uploads.put(door, &actor, begun.upload, 0, bytes).await.unwrap();
                }
                let upload = self.world.uploads.len();
                self.world.uploads.push(world::Upload {
                    id: begun.upload,
                    person: by.who,
                    item,
                    matter: matter.unwrap(),
                    rank,
                    name,
                    content,
                    complete: complete || size == 0,
                    used: false,
                    expires: self.world.now + UPLOAD,
                });
                let bring = Bring {
                    rank,
                    upload: Some(upload),
                    place: false,
                    custodian: None,
                    shared: self.dice.one_in(2),
                };
                if complete && !self.dice.one_in(4) {
                    self.plan.push_back(match item {
                        Some(_) => (by.who, Do::Store { item, upload: Some(upload) }),
                        None => (by.who, Do::Take { matter, bring }),
                    });
                }
            }
            Do::Take { matter, bring } => {
                let around = Around { rank: bring.rank, ..plain };
                let bad = (bring.rank == 5).then_some(Told::Invalid);
                let custodian = bring.custodian.or(matter.map(|matter| world.matters[matter].custodian));
                let expected = world.expect(by, "take", On::Matter(matter), &around, bad, || {
                    world.intake(
                        by,
                        (matter.unwrap(), bring.rank),
                        (bring.upload, bring.place),
                        (custodian.unwrap(), world.matters[matter.unwrap()].custodian),
                        bring.shared,
                    )
                });
                let take = Take {
                    upload: bring.upload.map(|upload| world.uploads[upload].id),
                    place: bring.place.then(|| "棚".parse().unwrap()),
                    name: bring.upload.is_none().then(|| self.place_name().parse().unwrap()),
                    custodian: bring.custodian.map(|who| world.people[who].id),
                    shared: bring.shared,
                    ..taking(self.matter_id(matter), CLASSES[bring.rank as usize])
                };
                let key = self.keyed();
                let Some(taken) = self.pass(by, expected, take.clone(), key.clone()).await else {
                    return;
                };
                self.made(taken.item, matter.unwrap(), "lent", custodian.unwrap(), bring, None);
                let on = On::Item(Some(self.world.items.len() - 1));
                self.world.stated.push(world::Stated { id: taken.receipt, on, receipt: true });
                self.again(by, On::Matter(matter), take, key, &taken).await;
            }
            Do::Collect { matter, bring, kind } => {
                let around = Around { rank: bring.rank, ..plain };
                let bad = (bring.rank == 5).then_some(Told::Invalid);
                let custodian = bring.custodian.or(matter.map(|matter| world.matters[matter].custodian));
                let name = match kind {
                    Kind::Work => "work",
                    Kind::Communication => "communication",
                    Kind::Deliverable => "deliverable",
                    Kind::Lent | Kind::Derivative => "",
                };
                let expected = world.expect(by, "collect", On::Matter(matter), &around, bad, || {
                    if name.is_empty() {
                        return Told::Invalid;
                    }
                    world.intake(
                        by,
                        (matter.unwrap(), bring.rank),
                        (bring.upload, bring.place),
                        (custodian.unwrap(), world.matters[matter.unwrap()].custodian),
                        bring.shared,
                    )
                });
                let collect = Collect {
                    matter: self.matter_id(matter),
                    kind,
                    class: CLASSES[bring.rank as usize].to_owned(),
                    source: "made by us".parse().unwrap(),
                    upload: bring.upload.map(|upload| world.uploads[upload].id),
                    sha256: None,
                    place: bring.place.then(|| "棚".parse().unwrap()),
                    name: bring.upload.is_none().then(|| self.place_name().parse().unwrap()),
                    custodian: bring.custodian.map(|who| world.people[who].id),
                    shared: bring.shared,
                };
                if let Some(collected) = self.pass(by, expected, collect, no).await {
                    self.made(collected.item, matter.unwrap(), name, custodian.unwrap(), bring, None);
                }
            }
            Do::Store { item, upload } => {
                let sent = upload.map(|upload| &world.uploads[upload]);
                let expected = world.expect(by, "store", On::Item(item), &plain, None, || match sent {
                    None => Told::Missing,
                    Some(sent) => match world.completed(by, sent) {
                        Told::Done => done_if(sent.item == item, Told::Conflict),
                        told => told,
                    },
                });
                let store = Store {
                    item: self.item_id(item),
                    upload: sent.map_or(UploadId::new(1, &[1; 10]), |sent| sent.id),
                    sha256: None,
                };
                let Some(stored) = self.pass(by, expected, store, no).await else {
                    return;
                };
                let sent = &mut self.world.uploads[upload.unwrap()];
                sent.used = true;
                let item = &mut self.world.items[item.unwrap()];
                item.versions.push(sent.content.clone());
                item.rev += 1;
                assert_eq!(stored.version as usize, item.versions.len());
            }
            Do::Derive { item, relation, bring } => {
                let around = Around { rank: bring.rank, relation: Some(relation), ..plain };
                let bad = (bring.rank == 5).then_some(Told::Invalid);
                let origin = item.map(|item| &world.items[item]);
                let custodian = bring.custodian.or(origin.map(|origin| origin.custodian));
                let expected = world.expect(by, "derive", On::Item(item), &around, bad, || {
                    world.intake(
                        by,
                        (origin.unwrap().matter, bring.rank),
                        (bring.upload, bring.place),
                        (custodian.unwrap(), origin.unwrap().custodian),
                        false,
                    )
                });
                let derive = Derive {
                    item: self.item_id(item),
                    relation,
                    class: CLASSES[bring.rank as usize].to_owned(),
                    upload: bring.upload.map(|upload| world.uploads[upload].id),
                    sha256: None,
                    place: bring.place.then(|| "棚".parse().unwrap()),
                    name: bring.upload.is_none().then(|| self.place_name().parse().unwrap()),
                    custodian: bring.custodian.map(|who| world.people[who].id),
                };
                if let Some(derived) = self.pass(by, expected, derive, no).await {
                    let origin = item.unwrap();
                    self.world.items[origin].rev += 1;
                    let matter = self.world.items[origin].matter;
                    self.made(derived.item, matter, "derivative", custodian.unwrap(), bring, item);
                }
            }
            Do::Open { item, version } => {
                let expected = world.expect(by, "open", On::Item(item), &plain, None, || {
                    let versions = world.items[item.unwrap()].versions.len() as i64;
                    done_if((1..=versions).contains(&version.unwrap_or(versions)), Told::Missing)
                });
                let open = Open { item: self.item_id(item), version };
                if let Some(opened) = self.pass(by, expected, open, no).await {
                    self.read(by, item.unwrap(), "open", plain, opened).await;
                }
            }
            Do::Download { item } => {
                let around = Around { beyond: self.dice.one_in(8), ..plain };
                let expected = world.expect(by, "download", On::Item(item), &around, None, || {
                    done_if(!world.items[item.unwrap()].versions.is_empty(), Told::Missing)
                });
                let download = Download {
                    item: self.item_id(item),
                    version: None,
                    place: "laptop".parse().unwrap(),
                    personal_device: around.beyond,
                };
                if let Some(downloaded) = self.pass(by, expected, download, no).await {
                    let item = item.unwrap();
                    self.read(by, item, "download", around, downloaded.opened).await;
                    let (id, holder) = (downloaded.copy, by.who);
                    self.world.copies.push(world::Copy { id, item, holder, gone: false });
                }
            }
            Do::Read { ticket } => {
                let ticket = &world.tickets[ticket];
                let actor = self.actor(by);
                let good =
                    (ticket.by.who, ticket.by.outside) == (by.who, by.outside) && ticket.expires > world.now;
                let decided =
                    world.decide(ticket.by, ticket.action, On::Item(Some(ticket.item)), &ticket.around);
                let read = self.firm.read(&actor, &ticket.handle).await;
                match (good, decided) {
                    (false, _) => assert!(matches!(read, Err(Error::NotFound(_)))),
                    (true, Err(_)) => assert!(matches!(read, Err(Error::Denied(_)))),
                    (true, Ok(())) => {
                        assert_eq!(self.plain(read.unwrap(), ticket.sealed), ticket.content)
                    }
                }
                assert_eq!(self.head().await, self.size);
            }
            Do::Attest { item, copy } => {
                let of = copy.map(|copy| &world.copies[copy]);
                let expected = world.expect(by, "attest", On::Item(item), &plain, None, || {
                    match of.filter(|of| Some(of.item) == item) {
                        None => Told::Missing,
                        Some(of) => {
                            let custodian = world.items[of.item].custodian;
                            done_if([of.holder, custodian].contains(&by.who) && !of.gone, Told::Conflict)
                        }
                    }
                });
                let attest = Attest {
                    item: self.item_id(item),
                    copy: of.map_or(CopyId::new(1, &[1; 10]), |of| of.id),
                    manner: "shredded".parse().unwrap(),
                };
                if self.pass(by, expected, attest, no).await.is_some() {
                    self.world.copies[copy.unwrap()].gone = true;
                }
            }
            Do::Reclassify { item, rank, reason, request } => {
                let approved = world.approved(by, request, (item, Asked::Class(rank), reason));
                let bad = (rank == 5).then_some(Told::Invalid).or(approved.clone().err());
                let around = Around { rank, approvals: approved.ok().flatten(), ..plain };
                let expected = world.expect(by, "reclassify", On::Item(item), &around, bad, || {
                    done_if(world.items[item.unwrap()].rank != rank, Told::Conflict)
                });
                let reclassify = Reclassify {
                    item: self.item_id(item),
                    class: CLASSES[rank as usize].to_owned(),
                    reason: reason.parse().unwrap(),
                };
                let carried = Options { request: self.request_id(request), ..self.keyed() };
                if self.pass(by, expected, reclassify.clone(), carried.clone()).await.is_some() {
                    let on = On::Item(item);
                    let item = &mut self.world.items[item.unwrap()];
                    (item.rank, item.rev) = (rank, item.rev + 1);
                    self.carried_out(request);
                    self.again(by, on, reclassify, carried, &()).await;
                }
            }
            Do::Erase { item, reason, request } => {
                let approved = world.approved(by, request, (item, Asked::Erase, reason));
                let bad = approved.clone().err();
                let around = Around { approvals: approved.ok().flatten(), ..plain };
                let expected = world.expect(by, "erase", On::Item(item), &around, bad, || Told::Done);
                let erase = Erase { item: self.item_id(item), reason: reason.parse().unwrap() };
                let carried = Options { request: self.request_id(request), ..self.keyed() };
                if let Some(erased) = self.pass(by, expected, erase.clone(), carried.clone()).await {
                    self.stub(item.unwrap(), State::Erased);
                    self.carried_out(request);
                    self.again(by, On::Item(item), erase, carried, &erased).await;
                    let id = erased.certificate.unwrap();
                    self.world.stated.push(world::Stated { id, on: On::Item(item), receipt: false });
                }
            }
            Do::HandOver { item, to } => {
                let heir = &world.people[to];
                let expected = world.expect(by, "hand_over", On::Item(item), &plain, None, || {
                    done_if(world.accountable(to, world.items[item.unwrap()].rank), Told::Invalid)
                });
                let hand_over = HandOver { item: self.item_id(item), to: heir.id };
                let key = self.keyed();
                if self.pass(by, expected, hand_over.clone(), key.clone()).await.is_some() {
                    let on = On::Item(item);
                    let item = &mut self.world.items[item.unwrap()];
                    (item.custodian, item.rev) = (to, item.rev + 1);
                    self.again(by, on, hand_over, key, &()).await;
                }
            }
            Do::Grant { item, person, until } => {
                let grantee = &world.people[person];
                let expected = world.expect(by, "grant", On::Item(item), &plain, None, || {
                    let guest = matches!(grantee.role, Role::Guest(_));
                    done_if(!guest && until > world.now, Told::Invalid)
                });
                let grant = Grant { item: self.item_id(item), person: grantee.id, until: rfc3339(until) };
                if self.pass(by, expected, grant, no).await.is_some() {
                    let item = &mut self.world.items[item.unwrap()];
                    item.grants.insert(person, until);
                    item.rev += 1;
                }
            }
            Do::Revoke { item, person } => {
                let expected = world.expect(by, "revoke", On::Item(item), &plain, None, || {
                    done_if(world.items[item.unwrap()].grants.contains_key(&person), Told::Missing)
                });
                let revoke = Revoke { item: self.item_id(item), person: world.people[person].id };
                if self.pass(by, expected, revoke, no).await.is_some() {
                    let item = &mut self.world.items[item.unwrap()];
                    item.grants.remove(&person);
                    item.rev += 1;
                }
            }
            Do::Ask { item, asked, reason } => {
                let (operation, class, confirmed_by) = match asked {
                    Asked::Erase => (Approvable::Erase, None, None),
                    Asked::Class(rank) => {
                        (Approvable::Reclassify, Some(CLASSES[rank as usize].to_owned()), None)
                    }
                    Asked::Return => (Approvable::ConfirmReturn, None, Some(reason.parse().unwrap())),
                };
                let expected = world.expect(by, "ask", On::Item(item), &plain, None, || {
                    done_if(asked != Asked::Class(5), Told::Invalid)
                });
                let reason_given = reason.parse().unwrap();
                let ask =
                    Ask { item: self.item_id(item), operation, class, confirmed_by, reason: reason_given };
                let Some(made) = self.pass(by, expected, ask, no).await else {
                    return;
                };
                let request = Some(self.world.requests.len());
                self.world.requests.push(world::Request {
                    id: made.request,
                    item: item.unwrap(),
                    person: by.who,
                    asked,
                    reason,
                    rev: self.world.items[item.unwrap()].rev,
                    at: self.world.now,
                    open: true,
                    decisions: Vec::new(),
                });
                if !self.dice.one_in(3) {
                    let yes = !self.dice.one_in(8);
                    self.plan.push_back((1, Do::Approve { item, request, yes: true }));
                    self.plan.push_back((self.dice.pick(&[2, 2, 9, 1]), Do::Approve { item, request, yes }));
                    let carry = match asked {
                        Asked::Erase => Do::Erase { item, reason, request },
                        Asked::Class(rank) => Do::Reclassify { item, rank, reason, request },
                        Asked::Return => Do::ConfirmReturn { item, by: reason, request },
                    };
                    self.plan.push_back((by.who, carry));
                }
            }
            Do::Approve { item, request, yes } => {
                let of = request.map(|request| &world.requests[request]);
                let expected = world.expect(by, "approve", On::Item(item), &plain, None, || {
                    let Some(of) = of.filter(|of| Some(of.item) == item) else {
                        return Told::Missing;
                    };
                    let present = of.rev == world.items[of.item].rev;
                    let first = of.decisions.iter().all(|(_, who, _)| *who != by.who);
                    done_if(of.open && of.person != by.who && present && first, Told::Conflict)
                });
                let approve = Approve {
                    item: self.item_id(item),
                    request: of.map_or(RequestId::new(1, &[1; 10]), |of| of.id),
                    refuse: !yes,
                    reason: "looked at".parse().unwrap(),
                };
                if let Some(approved) = self.pass(by, expected, approve, no).await {
                    let now = self.world.now;
                    let request = &mut self.world.requests[request.unwrap()];
                    request.decisions.push((now, by.who, yes));
                    request.open &= yes;
                    let yeses = request.decisions.iter().filter(|(.., yes)| *yes).count();
                    assert_eq!(approved.approvals as usize, yeses);
                }
            }
            Do::Hold { item } => {
                let expected = world.expect(by, "hold", On::Item(item), &plain, None, || Told::Done);
                let hold = Hold { item: self.item_id(item), reason: "dispute".parse().unwrap() };
                if let Some(held) = self.pass(by, expected, hold, no).await {
                    let item = item.unwrap();
                    self.world.holds.push(world::Hold { id: held.hold, item, released: false });
                    self.world.items[item].rev += 1;
                }
            }
            Do::Release { item, hold } => {
                let of = hold.map(|hold| &world.holds[hold]);
                let expected = world.expect(by, "release", On::Item(item), &plain, None, || {
                    done_if(of.is_some_and(|of| Some(of.item) == item && !of.released), Told::Missing)
                });
                let release = Release {
                    item: self.item_id(item),
                    hold: of.map_or(HoldId::new(1, &[1; 10]), |of| of.id),
                    reason: "settled".parse().unwrap(),
                };
                if self.pass(by, expected, release, no).await.is_some() {
                    self.world.holds[hold.unwrap()].released = true;
                    self.world.items[item.unwrap()].rev += 1;
                }
            }
            Do::Transmit { item, to_b } => {
                // B is abroad and has no recipient.
                let party = if to_b { self.firm.b } else { self.firm.a };
                let around = Around { to: Some((party, to_b)), beyond: self.dice.one_in(8), ..plain };
                let expected = world.expect(by, "transmit", On::Item(item), &around, None, || {
                    if to_b {
                        return Told::Conflict;
                    }
                    done_if(!world.items[item.unwrap()].versions.is_empty(), Told::Missing)
                });
                let transmit = Transmit {
                    item: self.item_id(item),
                    version: None,
                    party,
                    recipient: "佐藤 様".parse().unwrap(),
                    basis: "指示".parse().unwrap(),
                    generative_ai: around.beyond,
                };
                if let Some(sent) = self.pass(by, expected, transmit, no).await {
                    assert!(sent.opened.sealed);
                    let of = item.unwrap();
                    // What goes to anyone but the consignor stays out until it is accounted for.
                    let third = self.world.matters[self.world.items[of].matter].party != party;
                    assert_eq!(sent.copy.is_some(), third);
                    if let Some(id) = sent.copy {
                        self.world.copies.push(world::Copy { id, item: of, holder: by.who, gone: false });
                    }
                    self.read(by, item.unwrap(), "transmit", around, sent.opened).await;
                }
            }
            Do::GiveBack { item } => {
                let expected = world.expect(by, "give_back", On::Item(item), &plain, None, || Told::Done);
                let give_back = GiveBack { item: self.item_id(item), manner: "by courier".parse().unwrap() };
                let key = self.keyed();
                if self.pass(by, expected, give_back.clone(), key.clone()).await.is_some() {
                    let returning = &mut self.world.items[item.unwrap()];
                    (returning.state, returning.rev) = (State::Returning, returning.rev + 1);
                    self.again(by, On::Item(item), give_back, key, &()).await;
                    if !self.dice.one_in(5) {
                        self.plan.push_back((by.who, Do::Package { item }));
                    }
                    let asked = Asked::Return;
                    let next = match self.dice.roll(3) {
                        0 => (by.who, Do::ConfirmReturn { item, by: "佐藤", request: None }),
                        // The consignor's own guest.
                        1 => (7, Do::ConfirmReturn { item, by: "佐藤", request: None }),
                        _ => (by.who, Do::Ask { item, asked, reason: "佐藤" }),
                    };
                    self.plan.push_back(next);
                }
            }
            Do::Package { item } => {
                let expected = world.expect(by, "package", On::Item(item), &plain, None, || Told::Done);
                let package = Package { item: self.item_id(item) };
                if let Some(manifest) = self.pass(by, expected, package, no).await {
                    let item = item.unwrap();
                    self.world.items[item].packaged = true;
                    assert_eq!(manifest.versions.len(), self.world.items[item].versions.len());
                    for opened in manifest.versions {
                        self.read(by, item, "package", plain, opened).await;
                    }
                }
            }
            Do::ConfirmReturn { item, by: whose, request } => {
                let approved = world.approved(by, request, (item, Asked::Return, whose));
                let bad = approved.clone().err();
                let around = Around { approvals: approved.ok().flatten(), ..plain };
                let expected = world.expect(by, "confirm_return", On::Item(item), &around, bad, || {
                    let item = &world.items[item.unwrap()];
                    done_if(item.versions.is_empty() || item.packaged, Told::Conflict)
                });
                let confirm =
                    ConfirmReturn { item: self.item_id(item), confirmed_by: whose.parse().unwrap() };
                let carried = Options { request: self.request_id(request), ..no };
                if let Some(returned) = self.pass(by, expected, confirm, carried).await {
                    self.stub(item.unwrap(), State::Returned);
                    self.carried_out(request);
                    let (id, on) = (returned.counter_receipt, On::Item(item));
                    self.world.stated.push(world::Stated { id, on, receipt: false });
                }
            }
            Do::Show { item } => {
                let expected = world.expect(by, "show", On::Item(item), &plain, None, || Told::Done);
                let show = Show { item: self.item_id(item) };
                let Some(shown) = self.pass(by, expected, show, no).await else {
                    return;
                };
                let world = &self.world;
                let number = item.unwrap();
                let item = &world.items[number];
                assert_eq!((shown.name.as_str(), shown.revision), (item.name.as_str(), item.rev));
                assert_eq!(
                    (shown.class.as_str(), shown.state.as_str()),
                    (CLASSES[item.rank as usize], item.state.name())
                );
                assert_eq!(shown.custodian, world.people[item.custodian].id);
                assert_eq!(shown.versions.len(), item.versions.len());
                let ids = |of: Vec<usize>| -> Vec<ItemId> {
                    let known = of.into_iter().filter(|of| world.knows(by, On::Item(Some(*of))));
                    let mut ids: Vec<ItemId> = known.map(|of| world.items[of].id).collect();
                    ids.sort();
                    ids
                };
                let related = |of: Vec<kura::custody::show::Related>| -> Vec<ItemId> {
                    of.into_iter().map(|related| related.item).collect()
                };
                assert_eq!(related(shown.origins), ids(item.origin.into_iter().collect()));
                assert_eq!(related(shown.derivatives), ids(world.made_from(number)));
                // How the firm handles it is not a guest's to see.
                let inside = !matches!(world.people[by.who].role, Role::Guest(_));
                let holds = world.holds.iter().filter(|hold| hold.item == number && !hold.released);
                let copies = world.copies.iter().filter(|copy| copy.item == number);
                let requests = world.requests.iter().filter(|request| request.item == number);
                let all = [item.grants.len(), holds.count(), copies.count(), requests.count()];
                let told = [shown.grants.len(), shown.holds.len(), shown.copies.len(), shown.requests.len()];
                assert_eq!(told, if inside { all } else { [0; 4] });
            }
            Do::List { matter, rank, state, name, limit } => {
                let (mut after, mut seen) = (None, Vec::new());
                loop {
                    let world = &self.world;
                    let expected = world.expect(by, "list", On::Firm, &plain, None, || Told::Done);
                    let list = List {
                        matter: matter.map(|matter| world.matters[matter].id),
                        class: rank.map(|rank| CLASSES[rank as usize].to_owned()),
                        kind: None,
                        state: state.map(|state| state.name().to_owned()),
                        name: name.map(|digit| digit.to_string()),
                        after,
                        limit: Some(limit),
                        count: true,
                        ..List::default()
                    };
                    let Some(page) = self.pass(by, expected, list, Options::default()).await else {
                        return;
                    };
                    let matching: Vec<&world::Item> = self
                        .world
                        .known_items(by)
                        .into_iter()
                        .filter(|item| {
                            matter.is_none_or(|matter| item.matter == matter)
                                && rank.is_none_or(|rank| item.rank == rank)
                                && state.is_none_or(|state| item.state == state)
                                && name.is_none_or(|digit| item.name.contains(&digit.to_string()))
                        })
                        .collect();
                    let asked = format!("{by:?} {matter:?} {rank:?} {state:?} {name:?}: {:?}", page.items);
                    assert_eq!(page.count, Some(matching.len() as i64), "{asked}");
                    for line in page.items {
                        let item = matching[seen.len()];
                        assert_eq!(
                            (line.item, line.name.as_str(), line.kind.as_str(), line.state.as_str()),
                            (item.id, item.name.as_str(), item.kind, item.state.name())
                        );
                        seen.push(line.item);
                    }
                    after = page.next;
                    if after.is_none() {
                        assert_eq!(seen.len(), matching.len());
                        break;
                    }
                }
            }
            Do::ShowMatter { matter } => {
                let expected =
                    world.expect(by, "show_matter", On::Matter(matter), &plain, None, || Told::Done);
                let show = ShowMatter { matter: self.matter_id(matter) };
                if let Some(shown) = self.pass(by, expected, show, no).await {
                    let number = matter.unwrap();
                    let matter = &self.world.matters[number];
                    assert_eq!((shown.open, shown.members.len()), (matter.open, matter.members.len()));
                    // What is still out is told as far as one may know of it.
                    let mut known = self.world.out_known(by, number);
                    let mut told: Vec<String> = shown.still_out.into_iter().map(|out| out.item).collect();
                    known.sort();
                    told.sort();
                    assert_eq!(told, known);
                    assert_eq!(shown.still_out_count, self.world.out(number).count() as i64);
                }
            }
            Do::ListMatters => {
                let expected = world.expect(by, "list_matters", On::Firm, &plain, None, || Told::Done);
                if let Some(lines) = self.pass(by, expected, ListMatters::default(), no).await {
                    let world = &self.world;
                    let mut known: Vec<MatterId> = (0..world.matters.len())
                        .filter(|matter| world.knows(by, On::Matter(Some(*matter))))
                        .map(|matter| world.matters[matter].id)
                        .collect();
                    known.sort_by(|a, b| b.cmp(a));
                    assert_eq!(lines.iter().map(|line| line.matter).collect::<Vec<_>>(), known);
                }
            }
            Do::ShowStatement { stated } => {
                let on = stated.map_or(On::Item(None), |stated| world.stated[stated].on);
                let expected = world.expect(by, "show_statement", on, &plain, None, || Told::Done);
                let id = stated.map_or(StatementId::new(1, &[1; 10]), |stated| world.stated[stated].id);
                if let Some(shown) = self.pass(by, expected, ShowStatement { statement: id }, no).await {
                    let file = StatementFile::parse(shown.file.as_bytes()).unwrap();
                    let verified = file.verify(&self.firm.open.door.log_key(), &[]).unwrap();
                    assert_eq!(verified.statement.id, id.to_string());
                }
            }
            Do::Report { matter } => {
                let expected = world.expect(by, "report", On::Matter(matter), &plain, None, || Told::Done);
                let report = Report::on(self.matter_id(matter));
                if let Some(made) = self.pass(by, expected, report, no).await {
                    let items =
                        self.world.items.iter().filter(|item| {
                            Some(item.matter) == matter && (item.kind != "work" || item.shared)
                        });
                    assert_eq!(made.items as usize, items.count());
                    let on = On::Matter(matter);
                    self.world.stated.push(world::Stated { id: made.report, on, receipt: false });
                }
            }
            Do::CloseMatter { matter } => {
                let expected = world.expect(by, "close_matter", On::Matter(matter), &plain, None, || {
                    let matter = matter.unwrap();
                    done_if(world.matters[matter].open && !world.still_out(matter), Told::Conflict)
                });
                let close = CloseMatter { matter: self.matter_id(matter) };
                if self.pass(by, expected, close, no).await.is_some() {
                    self.world.matters[matter.unwrap()].open = false;
                }
            }
            Do::Members { matter, person, remove } => {
                let expected = world.expect(by, "change_members", On::Matter(matter), &plain, None, || {
                    match world.people[person].role {
                        Role::Guest(party) => {
                            let own = world.matters[matter.unwrap()].party == party;
                            done_if(own || remove, Told::Invalid)
                        }
                        _ => Told::Done,
                    }
                });
                let change =
                    ChangeMembers { matter: self.matter_id(matter), person: world.people[person].id, remove };
                if self.pass(by, expected, change, no).await.is_some() {
                    let members = &mut self.world.matters[matter.unwrap()].members;
                    if remove {
                        members.remove(&person);
                    } else {
                        members.insert(person);
                    }
                }
            }
            Do::Suspend { person, suspended } => {
                let expected = world.expect(by, "change_person", On::Firm, &plain, None, || Told::Done);
                let change = ChangePerson {
                    person: world.people[person].id,
                    name: None,
                    employment: None,
                    clearance: None,
                    suspended: Some(suspended),
                };
                if self.pass(by, expected, change, no).await.is_some() {
                    self.world.people[person].suspended = suspended;
                }
            }
            Do::Clear { person, rank } => {
                let expected = world
                    .expect(by, "change_person", On::Firm, &plain, None, || done_if(rank < 5, Told::Invalid));
                let change = ChangePerson {
                    person: world.people[person].id,
                    name: None,
                    employment: None,
                    clearance: Some(CLASSES[rank as usize].to_owned()),
                    suspended: None,
                };
                if self.pass(by, expected, change, no).await.is_some() {
                    self.world.people[person].clearance = rank;
                }
            }
            Do::Acknowledge => {
                let expected = world.expect(by, "acknowledge_policy", On::Firm, &plain, None, || Told::Done);
                let read = AcknowledgePolicy { version: 1, language: ReadIn::Ja, read: true };
                if self.pass(by, expected, read, no).await.is_some() {
                    self.world.people[by.who].acknowledged = 1;
                }
            }
            Do::Train { right } => {
                let expected = world.expect(by, "draw_questions", On::Firm, &plain, None, || Told::Done);
                let draw = DrawQuestions { course: "staff".to_owned() };
                let Some(drawn) = self.pass(by, expected, draw, no.clone()).await else { return };
                let rules = self.firm.open.door.rules();
                let course = rules.courses.course("staff").unwrap();
                let choose = |asked: &QuestionView| {
                    let question = course.questions.iter().find(|question| question.ja == asked.ja).unwrap();
                    let best = &question.choices[question.right()].ja;
                    let chosen =
                        asked.choices.iter().position(|choice| (choice.ja == *best) == right).unwrap();
                    chosen as i64 + 1
                };
                let answers = drawn.questions.iter().map(choose).collect();
                let expected =
                    self.world.expect(by, "answer_questions", On::Firm, &plain, None, || Told::Done);
                let answer = AnswerQuestions { attempt: drawn.attempt, answers };
                if let Some(came) = self.pass(by, expected, answer, no).await {
                    assert_eq!(came.until.is_empty(), !right);
                    if right {
                        self.world.people[by.who].trained = super::trained_until(&came.until);
                    }
                }
            }
        }
    }

    fn made(
        &mut self,
        id: ItemId,
        matter: usize,
        kind: &'static str,
        custodian: usize,
        bring: Bring,
        origin: Option<usize>,
    ) {
        let (name, versions) = match bring.upload {
            Some(upload) => {
                let upload = &mut self.world.uploads[upload];
                upload.used = true;
                (upload.name.clone(), vec![upload.content.clone()])
            }
            None => (self.place_name(), vec![]),
        };
        self.world.items.push(world::Item {
            id,
            name,
            kind,
            matter,
            rank: bring.rank,
            custodian,
            state: State::Held,
            shared: bring.shared && origin.is_none(),
            rev: 1,
            versions,
            packaged: false,
            grants: Default::default(),
            origin,
            records: 1,
        });
    }

    /// Name of the next tangible item.
    fn place_name(&self) -> String {
        format!("箱 {}", self.world.items.len())
    }

    fn stub(&mut self, item: usize, state: State) {
        let item = &mut self.world.items[item];
        item.state = state;
        item.rev += 2;
        item.name.clear();
        item.grants.clear();
    }

    fn request_id(&self, request: Option<usize>) -> Option<RequestId> {
        request.map(|request| self.world.requests[request].id)
    }

    fn carried_out(&mut self, request: Option<usize>) {
        if let Some(request) = request {
            self.world.requests[request].open = false;
        }
    }
}
