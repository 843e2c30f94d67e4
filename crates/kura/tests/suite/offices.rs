//! Offices end with their term, and move with a delegation: nothing is written when a day does it, and every statement that
//! reads offices says the same.

use kura::Error;
use kura::bodies::list_resolutions::{ListResolutions, ResolutionView};
use kura::bodies::propose_resolution::{ProposeResolution, Proposed};
use kura::bodies::vote::{Choice, Vote};
use kura::custody::approve::Approve;
use kura::custody::ask::{Approvable, Ask};
use kura::door::Actor;
use kura::duties::discharge_duty::DischargeDuty;
use kura::duties::list_duties::{DutyView, ListDuties};
use kura::duties::schedule;
use kura::id::{DelegationId, ResolutionId};
use kura::ledger::list_records::ListRecords;
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::people::change_person::ChangePerson;
use kura::people::delegate_office::DelegateOffice;
use kura::people::end_delegation::EndDelegation;
use kura::people::leave::Leave;
use kura::people::list_delegations::{DelegationView, ListDelegations};
use kura::people::list_people::{ListPeople, Person, Term};
use kura::training::list_courses::ListCourses;
use kura::training::list_training::ListTraining;

use crate::both;
use crate::browser::{pages, signed_in};
use crate::firm::{DAY, Firm, NOW};

both! {
    std_1_an_office_ends_with_its_term
    std_1_an_office_moves_with_its_delegation_and_comes_back
    std_1_a_delegation_that_loops_or_is_personal_is_refused
    std_1_a_delegation_ends_with_what_it_rests_on
    std_1_a_delegate_does_the_duties_and_takes_the_courses_of_the_office
    std_1_whoever_asks_has_no_say_by_their_delegate
    std_1_an_office_is_delegated_by_form_and_shown_with_its_days
    std_3_1_the_register_is_kept_after_every_term
}

fn appoint(who: &Actor, office: Office, until: Option<&str>) -> Appoint {
    Appoint { person: who.id().unwrap(), office, until: until.map(ToOwned::to_owned), dismiss: false }
}

fn dismiss(who: &Actor, office: Office) -> Appoint {
    Appoint { dismiss: true, ..appoint(who, office, None) }
}

fn delegate(office: Office, to: &Actor, first_day: Option<&str>, last_day: &str) -> DelegateOffice {
    DelegateOffice {
        office,
        delegate: to.id().unwrap(),
        first_day: first_day.map(ToOwned::to_owned),
        last_day: last_day.to_owned(),
        reason: "育児休業".parse().unwrap(),
    }
}

fn suspend(who: &Actor, suspended: bool) -> ChangePerson {
    ChangePerson {
        person: who.id().unwrap(),
        name: None,
        employment: None,
        clearance: None,
        suspended: Some(suspended),
    }
}

/// Goes to a day of 2026-11-24 and so many on.
fn day(firm: &Firm, on: i64) {
    firm.clock.set(NOW + on * DAY);
}

fn told<T>(refused: Result<T, Error>) -> String {
    match refused {
        Err(error @ (Error::Invalid { .. } | Error::Conflict(_))) => error.to_string(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was not refused"),
    }
}

async fn of(firm: &Firm, who: &Actor) -> Person {
    let people = firm.pass(&firm.outsider, ListPeople::default()).await.unwrap();
    people.into_iter().find(|person| Some(person.person) == who.id()).unwrap()
}

async fn standing(firm: &Firm) -> Vec<DelegationView> {
    firm.pass(&firm.outsider, ListDelegations {}).await.unwrap()
}

/// Whether the rules let somebody do what the subcommittee does, and the list of people says the same.
async fn guides(firm: &Firm, who: &Actor) -> bool {
    let decided = match firm.pass(who, ListTraining {}).await {
        Ok(_) => true,
        Err(Error::Denied(_)) => false,
        Err(error) => panic!("{error}"),
    };
    let listed = of(firm, who).await.offices.contains(&"risk_management_subcommittee".to_owned());
    assert_eq!(decided, listed, "the door and the list differ");
    decided
}

async fn std_1_an_office_ends_with_its_term(firm: Firm) {
    let office = Office::RiskManagementSubcommittee;
    for never in ["2026-11-23", "soon"] {
        told(firm.pass(&firm.admin, appoint(&firm.staff, office, Some(never))).await);
    }
    let both = Appoint { dismiss: true, ..appoint(&firm.staff, office, Some("2026-12-01")) };
    assert!(told(firm.pass(&firm.admin, both).await).contains("leave the day empty"));
    firm.pass(&firm.admin, appoint(&firm.staff, office, Some("2026-11-26"))).await.unwrap();
    let term = Term {
        office: office.name().to_owned(),
        until: "2026-11-26".to_owned(),
        delegated_by: String::new(),
        delegated_to: String::new(),
    };
    assert_eq!(of(&firm, &firm.staff).await.terms, [term]);
    day(&firm, 2);
    assert!(guides(&firm, &firm.staff).await, "on its last day");
    day(&firm, 3);
    assert!(!guides(&firm, &firm.staff).await, "and not on the day after");
    let person = of(&firm, &firm.staff).await;
    assert!(person.offices.is_empty() && person.terms.is_empty());
    let officers = ListPeople { officers: true, ..ListPeople::default() };
    let officers = firm.pass(&firm.outsider, officers).await.unwrap();
    assert_eq!(officers.iter().map(|person| person.login.as_str()).collect::<Vec<_>>(), ["admin"]);
    // To appoint again is another term, and one without end has none.
    firm.pass(&firm.admin, appoint(&firm.staff, office, Some("2026-12-01"))).await.unwrap();
    firm.pass(&firm.admin, appoint(&firm.staff, office, None)).await.unwrap();
    day(&firm, 40);
    assert!(guides(&firm, &firm.staff).await);
    assert!(of(&firm, &firm.staff).await.terms.is_empty());
    // A term that is over ends the place in a body.
    for member in [&firm.directors[0], &firm.directors[1]] {
        firm.pass(&firm.admin, appoint(member, Office::CsrCommittee, Some("2027-01-10"))).await.unwrap();
    }
    let proposed = firm.pass(&firm.admin, propose("a")).await.unwrap();
    assert_eq!(shown(&firm, proposed.resolution, &firm.admin).await.members, 2);
    day(&firm, 48);
    assert_eq!(shown(&firm, proposed.resolution, &firm.admin).await.members, 0);
    assert!(matches!(firm.pass(&firm.directors[0], vote(&proposed)).await, Err(Error::Denied(_))));
    assert!(told(firm.pass(&firm.admin, propose("b")).await).contains("0 members"));
}

fn propose(title: &str) -> ProposeResolution {
    ProposeResolution {
        body: "csr_committee".to_owned(),
        title: title.parse().unwrap(),
        words: "訓練を六月に行う".parse().unwrap(),
        version: None,
        closes_on: None,
    }
}

fn vote(on: &Proposed) -> Vote {
    Vote { resolution: on.resolution, digest: on.digest.clone(), choice: Choice::Yes, reason: None }
}

async fn shown(firm: &Firm, resolution: ResolutionId, to: &Actor) -> ResolutionView {
    let asked = ListResolutions { resolution: Some(resolution) };
    firm.pass(to, asked).await.unwrap().remove(0)
}

async fn std_1_an_office_moves_with_its_delegation_and_comes_back(firm: Firm) {
    let [chair, second] = &firm.directors;
    let office = Office::CsrCommittee;
    for member in [chair, second, &firm.custodian] {
        firm.pass(&firm.admin, appoint(member, office, None)).await.unwrap();
    }
    let delegated = delegate(office, &firm.staff, Some("2026-11-25"), "2026-11-27");
    firm.pass(chair, delegated).await.unwrap();
    let proposed = firm.pass(&firm.admin, propose("a")).await.unwrap();
    // Its first day has not come.
    assert!(!standing(&firm).await[0].stands);
    assert!(of(&firm, chair).await.offices.contains(&office.name().to_owned()));
    assert!(matches!(firm.pass(&firm.staff, vote(&proposed)).await, Err(Error::Denied(_))));

    // It stands: one place, and the delegate sits in it.
    day(&firm, 1);
    let seen = standing(&firm).await.remove(0);
    assert!(seen.stands && seen.name == "Name of d1" && seen.delegate_name == "Name of ken", "{seen:?}");
    let (from, to) = (of(&firm, chair).await, of(&firm, &firm.staff).await);
    assert_eq!((from.offices.len(), to.offices.len()), (0, 1));
    assert_eq!(
        (from.terms[0].delegated_to.as_str(), from.terms[0].until.as_str()),
        ("Name of ken", "2026-11-27")
    );
    assert_eq!((to.terms[0].delegated_by.as_str(), to.terms[0].until.as_str()), ("Name of d1", "2026-11-27"));
    assert!(matches!(firm.pass(chair, vote(&proposed)).await, Err(Error::Denied(_))));
    let view = shown(&firm, proposed.resolution, &firm.staff).await;
    assert!(view.yours && view.members == 3, "{view:?}");
    firm.pass(&firm.staff, vote(&proposed)).await.unwrap();
    assert!(!shown(&firm, proposed.resolution, &firm.staff).await.yours);
    let record =
        firm.pass(&firm.admin, ListRecords { operation: Some("vote".to_owned()), ..ListRecords::default() });
    assert_eq!(record.await.unwrap().records[0].actor, "Name of ken");

    // It comes back by itself, and the place has voted.
    day(&firm, 4);
    assert!(standing(&firm).await.is_empty());
    assert!(of(&firm, &firm.staff).await.offices.is_empty());
    assert!(!shown(&firm, proposed.resolution, chair).await.yours);
    assert!(told(firm.pass(chair, vote(&proposed)).await).contains("from your place"));
    assert!(matches!(firm.pass(&firm.staff, vote(&proposed)).await, Err(Error::Denied(_))));
    firm.pass(second, vote(&proposed)).await.unwrap();
    let view = shown(&firm, proposed.resolution, &firm.admin).await;
    assert_eq!((view.state.as_str(), view.members, view.votes.len()), ("carried", 3, 2));
    let from: Vec<&str> = view.votes.iter().map(|vote| vote.delegated_by.as_str()).collect();
    assert_eq!(from, ["Name of d1", ""]);
    // On another matter they vote themselves.
    let proposed = firm.pass(&firm.admin, propose("b")).await.unwrap();
    firm.pass(chair, vote(&proposed)).await.unwrap();
}

async fn std_1_a_delegation_that_loops_or_is_personal_is_refused(firm: Firm) {
    let [holder, other] = &firm.directors;
    let office = Office::RiskManagementSubcommittee;
    for member in [holder, other] {
        firm.pass(&firm.admin, appoint(member, office, None)).await.unwrap();
    }
    for personal in [Office::RepresentativeDirector, Office::Auditor] {
        firm.pass(&firm.admin, appoint(holder, personal, None)).await.unwrap();
        let refused = firm.pass(holder, delegate(personal, &firm.staff, None, "2026-12-01")).await;
        assert!(told(refused).contains("is personal"));
    }
    let to = |to: &Actor, first: Option<&str>, last: &str| delegate(office, to, first, last);
    for (asked, why) in [
        (to(holder, None, "2026-12-01"), "to themselves"),
        (to(&firm.guest, None, "2026-12-01"), "a guest"),
        (to(other, None, "2026-12-01"), "holds the office already"),
        (to(&firm.staff, Some("2026-11-23"), "2026-12-01"), "has passed"),
        (to(&firm.staff, None, "2026-11-23"), "before the first"),
        (to(&firm.staff, None, "2027-02-24"), "92 days"),
        (to(&firm.staff, None, "for ever"), "a day looks like"),
    ] {
        let refused = told(firm.pass(holder, asked).await);
        assert!(refused.contains(why), "{refused}");
    }
    firm.pass(&firm.admin, suspend(&firm.intern, true)).await.unwrap();
    assert!(told(firm.pass(holder, to(&firm.intern, None, "2026-12-01")).await).contains("is suspended"));
    let nothing = told(firm.pass(&firm.outsider, to(&firm.staff, None, "2026-12-01")).await);
    assert!(nothing.contains("you do not hold this office"), "{nothing}");
    assert!(firm.pass(&firm.guest, to(&firm.staff, None, "2026-12-01")).await.is_err());

    // A chain, a loop, a second place.
    firm.pass(holder, to(&firm.staff, None, "2026-12-01")).await.unwrap();
    let chain = told(firm.pass(&firm.staff, to(&firm.outsider, None, "2026-11-30")).await);
    assert!(chain.contains("by delegation only"), "{chain}");
    let back = told(firm.pass(other, to(holder, None, "2026-11-30")).await);
    assert!(back.contains("holds the office already"), "{back}");
    let second = told(firm.pass(other, to(&firm.staff, Some("2026-12-01"), "2026-12-05")).await);
    assert!(second.contains("holds the office already"), "{second}");
    let twice = told(firm.pass(holder, to(&firm.outsider, Some("2026-11-30"), "2026-12-05")).await);
    assert!(twice.contains("on some of these days already"), "{twice}");
    // Days beside each other are no second place, and 92 days are the most.
    firm.pass(holder, to(&firm.outsider, Some("2026-12-02"), "2027-03-03")).await.unwrap();
    firm.pass(other, to(&firm.staff, Some("2026-12-02"), "2026-12-05")).await.unwrap();
    // Within one's own term.
    firm.pass(&firm.admin, appoint(&firm.custodian, office, Some("2026-12-10"))).await.unwrap();
    let beyond = told(firm.pass(&firm.custodian, to(&firm.admin, None, "2026-12-11")).await);
    assert!(beyond.contains("term ends before"), "{beyond}");
    firm.pass(&firm.custodian, to(&firm.admin, None, "2026-12-10")).await.unwrap();
}

async fn std_1_a_delegation_ends_with_what_it_rests_on(firm: Firm) {
    let [holder, other] = &firm.directors;
    let office = Office::RiskManagementSubcommittee;
    firm.pass(&firm.admin, appoint(holder, office, None)).await.unwrap();
    let made = async |to: &Actor| -> DelegationId {
        let made = firm.pass(holder, delegate(office, to, None, "2027-01-31")).await.unwrap();
        assert_eq!((guides(&firm, holder).await, guides(&firm, to).await), (false, true));
        made.delegation
    };
    let back = async |from: &Actor| {
        assert_eq!((guides(&firm, holder).await, guides(&firm, from).await), (true, false));
        assert!(standing(&firm).await.is_empty());
    };
    // By whoever delegated it, or an administrator; by nobody else, and once.
    let end = |delegation| EndDelegation { delegation };
    let first = made(&firm.staff).await;
    for nobody in [&firm.staff, other] {
        assert!(told(firm.pass(nobody, end(first)).await).contains("whoever delegated it ends it"));
    }
    assert!(firm.pass(&firm.guest, end(first)).await.is_err());
    firm.pass(holder, end(first)).await.unwrap();
    back(&firm.staff).await;
    assert!(told(firm.pass(holder, end(first)).await).contains("ended already"));
    let nothing = end(DelegationId::new(1, &[1; 10]));
    assert!(matches!(firm.pass(holder, nothing).await, Err(Error::NotFound("delegation"))));
    let second = made(&firm.staff).await;
    firm.pass(&firm.admin, end(second)).await.unwrap();
    back(&firm.staff).await;
    // With the delegate's suspension; it does not come again with them.
    made(&firm.staff).await;
    firm.pass(&firm.admin, suspend(&firm.staff, true)).await.unwrap();
    firm.pass(&firm.admin, suspend(&firm.staff, false)).await.unwrap();
    back(&firm.staff).await;
    // With that of whoever delegated it: nobody acts for whoever may not act.
    made(&firm.staff).await;
    firm.pass(&firm.admin, suspend(holder, true)).await.unwrap();
    assert!(!guides(&firm, &firm.staff).await);
    firm.pass(&firm.admin, suspend(holder, false)).await.unwrap();
    back(&firm.staff).await;
    // When the delegate leaves.
    made(&firm.intern).await;
    firm.pass(&firm.admin, Leave { person: firm.intern.id().unwrap() }).await.unwrap();
    assert!(guides(&firm, holder).await && standing(&firm).await.is_empty());
    // When the delegate comes to hold it in their own right: nobody sits twice.
    made(&firm.outsider).await;
    firm.pass(&firm.admin, appoint(&firm.outsider, office, None)).await.unwrap();
    assert!(guides(&firm, holder).await && guides(&firm, &firm.outsider).await);
    firm.pass(&firm.admin, dismiss(&firm.outsider, office)).await.unwrap();
    back(&firm.outsider).await;
    // With the office of whoever delegated it; to be appointed again does not bring it back.
    made(&firm.staff).await;
    firm.pass(&firm.admin, dismiss(holder, office)).await.unwrap();
    assert!(!guides(&firm, holder).await && !guides(&firm, &firm.staff).await);
    firm.pass(&firm.admin, appoint(holder, office, None)).await.unwrap();
    back(&firm.staff).await;
    // With their term, when that is cut short.
    made(&firm.staff).await;
    firm.pass(&firm.admin, appoint(holder, office, Some("2026-11-26"))).await.unwrap();
    assert_eq!(standing(&firm).await[0].last_day, "2026-11-26");
    assert_eq!(of(&firm, &firm.staff).await.terms[0].until, "2026-11-26");
    day(&firm, 3);
    assert!(!guides(&firm, holder).await && !guides(&firm, &firm.staff).await);
    assert!(standing(&firm).await.is_empty());
    firm.pass(&firm.admin, appoint(holder, office, None)).await.unwrap();
    back(&firm.staff).await;
}

async fn duty(firm: &Firm, who: &Actor, id: &str) -> DutyView {
    firm.pass(who, ListDuties { duty: Some(id.to_owned()) }).await.unwrap().remove(0)
}

async fn std_1_a_delegate_does_the_duties_and_takes_the_courses_of_the_office(firm: Firm) {
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let courses = async |who: &Actor| -> Vec<String> {
        let lines = firm.pass(who, ListCourses {}).await.unwrap();
        lines.into_iter().filter(|line| line.own).map(|line| line.course).collect()
    };
    let asked = async |who: &Actor| -> bool {
        let lines = firm.pass(&firm.admin, ListTraining {}).await.unwrap();
        lines.iter().any(|line| Some(line.person) == who.id() && line.own && line.course == "administrator")
    };
    let line = duty(&firm, &firm.staff, "restore-tested").await;
    assert!(!line.mine && !asked(&firm.staff).await);
    let discharge = DischargeDuty {
        occurrence: line.occurrences[0].occurrence,
        told: "restored".parse().unwrap(),
        done_on: None,
        population: None,
        found: None,
    };
    assert!(matches!(firm.pass(&firm.staff, discharge.clone()).await, Err(Error::Denied(_))));
    for office in [Office::SystemAdministrator, Office::ChiefSystemAdministrator] {
        let to = if office == Office::SystemAdministrator { &firm.staff } else { &firm.outsider };
        firm.pass(&firm.admin, delegate(office, to, None, "2026-11-25")).await.unwrap();
    }
    assert!(matches!(firm.pass(&firm.admin, discharge.clone()).await, Err(Error::Denied(_))));
    assert!(!duty(&firm, &firm.admin, "restore-tested").await.mine);
    assert!(duty(&firm, &firm.staff, "restore-tested").await.mine);
    assert!(courses(&firm.staff).await.contains(&"administrator".to_owned()));
    assert!(!courses(&firm.admin).await.contains(&"administrator".to_owned()));
    firm.pass(&firm.staff, discharge).await.unwrap();
    let done = duty(&firm, &firm.staff, "restore-tested").await.occurrences.remove(0);
    assert_eq!((done.done_by.as_str(), done.office.as_str()), ("Name of ken", "system_administrator"));
    day(&firm, 2);
    assert!(!courses(&firm.staff).await.contains(&"administrator".to_owned()));
    assert!(!asked(&firm.staff).await && asked(&firm.admin).await);
    let after = duty(&firm, &firm.admin, "restore-tested").await;
    let after = after.last.into_iter().chain(after.occurrences).next().unwrap();
    assert_eq!((after.done_by.as_str(), after.office.as_str()), ("Name of ken", "system_administrator"));
}

async fn std_1_whoever_asks_has_no_say_by_their_delegate(firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "秘.txt", b"secret", false).await.item;
    let reason: kura::text::Note = "over".parse().unwrap();
    let ask =
        Ask { item, operation: Approvable::Erase, class: None, confirmed_by: None, reason: reason.clone() };
    let request = firm.pass(&firm.custodian, ask).await.unwrap().request;
    let office = Office::RiskManagementSubcommittee;
    firm.pass(&firm.admin, appoint(&firm.custodian, office, None)).await.unwrap();
    let [first, second] = &firm.directors;
    firm.pass(&firm.custodian, delegate(office, first, None, "2026-11-25")).await.unwrap();
    let approve = Approve { item, request, refuse: false, reason };
    let refused = told(firm.pass(first, approve.clone()).await);
    assert!(refused.contains("somebody else approves it"), "{refused}");
    firm.pass(second, approve.clone()).await.unwrap();
    day(&firm, 2);
    firm.pass(first, approve).await.unwrap();
}

async fn std_3_1_the_register_is_kept_after_every_term(firm: Firm) {
    let keeps = [Office::SystemAdministrator, Office::ChiefSystemAdministrator];
    // Two keep it; the first one's terms end, and then the second is the last without end.
    firm.pass(&firm.admin, appoint(&firm.outsider, keeps[0], None)).await.unwrap();
    for office in keeps {
        firm.pass(&firm.outsider, appoint(&firm.admin, office, Some("2027-06-30"))).await.unwrap();
    }
    let last = firm.pass(&firm.admin, appoint(&firm.outsider, keeps[0], Some("2099-12-31"))).await;
    assert!(told(last).contains("without a last day"));
    let gone = firm.pass(&firm.admin, dismiss(&firm.outsider, keeps[0])).await;
    assert!(told(gone).contains("nobody would be left"));
    assert!(
        told(firm.pass(&firm.admin, suspend(&firm.outsider, true)).await).contains("nobody would be left")
    );
    let leave = Leave { person: firm.outsider.id().unwrap() };
    assert!(told(firm.pass(&firm.admin, leave).await).contains("nobody would be left"));
    // While it is delegated somebody keeps it, and whoever stands in cannot take it from the last one.
    let stands_in = delegate(keeps[0], &firm.staff, None, "2026-12-24");
    firm.pass(&firm.outsider, stands_in).await.unwrap();
    let taken = firm.pass(&firm.staff, dismiss(&firm.outsider, keeps[0])).await;
    assert!(told(taken).contains("nobody would be left"));
    let own = firm.pass(&firm.staff, appoint(&firm.staff, keeps[0], None)).await;
    assert!(told(own).contains("nobody gives themselves an office"));
    // Whoever stands in is suspended: the office is back at once.
    firm.pass(&firm.admin, suspend(&firm.staff, true)).await.unwrap();
    firm.pass(&firm.outsider, appoint(&firm.intern, Office::NetworkAdministrator, None)).await.unwrap();
    day(&firm, 400);
    let later = appoint(&firm.intern, Office::NetworkAdministrator, Some("2028-03-31"));
    assert!(matches!(firm.pass(&firm.admin, later.clone()).await, Err(Error::Denied(_))));
    firm.pass(&firm.outsider, later).await.unwrap();
}

async fn std_1_an_office_is_delegated_by_form_and_shown_with_its_days(firm: Firm) {
    let office = Office::CsrCommittee;
    firm.pass(&firm.admin, appoint(&firm.directors[0], office, None)).await.unwrap();
    firm.pass(&firm.admin, appoint(&firm.directors[1], office, Some("2026-12-20"))).await.unwrap();
    let served = pages(&firm).await;
    let (mut d1, mut ken) = (signed_in(&served, "d1").await, signed_in(&served, "ken").await);
    let link = "/do/delegate-office?office=csr_committee";
    let page = d1.get("/administration/offices").await;
    assert!(page.status == 200 && page.text.contains(link), "{}", page.text);
    assert!(!ken.get("/administration/offices").await.text.contains("/do/delegate-office"));
    let to = firm.staff.id().unwrap().to_string();
    let late = [("delegate", to.as_str()), ("last_day", "2028-01-01"), ("reason", "away")];
    let refused = d1.fill(link, &late).await;
    assert!(refused.status == 422 && refused.text.contains("92 days at most"), "{}", refused.text);
    let fields = [("delegate", to.as_str()), ("last_day", "2026-12-01"), ("reason", "on leave")];
    let done = d1.fill(link, &fields).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/administration/offices?done=delegate-office"));
    for path in ["/administration/offices", "/administration/people"] {
        let page = ken.get(path).await;
        for told in ["by delegation of Name of d1", "delegated to Name of ken", "<span class=\"tag soon\">"] {
            assert!(
                page.status == 200 && page.text.contains(told),
                "{path} does not tell {told}: {}",
                page.text
            );
        }
        assert!(!page.text.contains("/do/end-delegation"), "whoever stands in does not end it");
    }
    let page = d1.get("/administration/offices").await;
    assert!(page.text.contains("on leave"), "{}", page.text);
    let at = page.text.find("/do/end-delegation?delegation=").unwrap();
    let end = page.text[at..].split('"').next().unwrap();
    let form = d1.get(end).await;
    assert!(form.status == 200 && form.text.contains("Name of ken") && form.text.contains("on leave"));
    let done = d1.fill(end, &[]).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/administration/offices?done=end-delegation"));
    assert!(standing(&firm).await.is_empty());
}
