//! Who reaches what: what a page of a matter names, who names a custodian, who confirms a return, who raises
//! whom, whose approval stands, and what an erasure leaves.

use kura::Error;
use kura::custody::Kind;
use kura::custody::approve::Approve;
use kura::custody::ask::{Approvable, Ask};
use kura::custody::collect::Collect;
use kura::custody::confirm_return::ConfirmReturn;
use kura::custody::download::Download;
use kura::custody::erase::Erase;
use kura::custody::give_back::GiveBack;
use kura::custody::hand_over::HandOver;
use kura::custody::hand_over_all::HandOverAll;
use kura::custody::hold::Hold;
use kura::custody::package::Package;
use kura::custody::report::Report;
use kura::custody::show::Show;
use kura::custody::statement::ShowStatement;
use kura::custody::take::Take;
use kura::door::{Actor, Options};
use kura::matters::close_matter::CloseMatter;
use kura::matters::hand_over_matter::HandOverMatter;
use kura::matters::show_matter::ShowMatter;
use kura::people::Office;
use kura::people::add_people::AddPeople;
use kura::people::appoint::Appoint;
use kura::people::change_person::ChangePerson;
use kura::people::leave::Leave;
use sqlx::AssertSqlSafe;

use crate::both;
use crate::firm::{DAY, Firm, NOW, taking};
use crate::life::two_approve;

both! {
    std_3_2_a_matter_and_its_report_name_only_what_one_may_know_of
    basic_1b_the_consignor_or_two_others_confirm_that_secrets_are_back
    basic_2_a_leavers_custody_is_handed_over_by_others
    basic_2_whoever_leaves_hands_everything_over_first
    basic_2_only_the_custodian_names_another_and_shares
    std_3_1_many_people_are_added_whole_or_not_at_all
    std_3_1_nobody_raises_themselves_and_somebody_keeps_the_register
    basic_2_an_approval_stands_as_long_as_its_giver_may_give_it
    std_3_5_what_named_erased_material_is_nowhere_in_the_database
    std_2_1_an_upload_ends_with_the_permission_and_has_a_quota
    std_3_2_what_was_only_counted_comes_on_record
    system_the_state_of_the_system_is_figures_for_whoever_keeps_it
}

fn change(of: &Actor) -> ChangePerson {
    let person = of.id().unwrap();
    ChangePerson { person, name: None, employment: None, clearance: None, suspended: None }
}

fn conflict<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Conflict(what)) => what,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was done"),
    }
}

fn denied<T>(result: Result<T, Error>) -> Vec<String> {
    match result {
        Err(Error::Denied(refusal)) => refusal.rules.iter().map(|rule| rule.id.clone()).collect(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was done"),
    }
}

async fn std_3_2_a_matter_and_its_report_name_only_what_one_may_know_of(firm: Firm) {
    firm.take(&firm.custodian, "internal", "共有資料.txt", b"1", true).await;
    let top = firm.take(&firm.custodian, "top_secret", "極秘資料.txt", b"2", false).await.item;
    let upload = firm.upload(&firm.custodian, "secret", "社内メモ.txt", b"3", None).await;
    let memo = Collect {
        matter: firm.matter,
        kind: Kind::Work,
        class: "secret".to_owned(),
        source: "made by us".parse().unwrap(),
        upload: Some(upload),
        sha256: None,
        place: None,
        name: None,
        custodian: None,
        shared: false,
    };
    firm.pass(&firm.custodian, memo).await.unwrap();
    firm.pass(&firm.custodian, Hold { item: top, reason: "we may sue them".parse().unwrap() }).await.unwrap();
    let named = |actor: &Actor| {
        let (firm, actor) = (&firm, actor.clone());
        async move {
            let shown = firm.pass(&actor, ShowMatter { matter: firm.matter }).await.unwrap();
            assert_eq!(shown.still_out_count, 3, "how much is out is no secret");
            let mut names: Vec<String> = shown.still_out.into_iter().map(|out| out.item).collect();
            names.sort();
            names
        }
    };
    assert_eq!(named(&firm.guest).await, ["共有資料.txt"]);
    assert_eq!(named(&firm.staff).await, ["共有資料.txt", "社内メモ.txt"]);
    assert_eq!(named(&firm.custodian).await.len(), 3);
    // Closing says what stands in the way, and that it said so is on record.
    let before = firm.open.door.head().borrow().0;
    let closing = conflict(firm.pass(&firm.custodian, CloseMatter { matter: firm.matter }).await);
    assert!(closing.contains("3 still out") && closing.contains("極秘資料.txt"), "{closing}");
    assert_eq!(firm.open.door.head().borrow().0, before + 1);

    // The report is for the consignor. What the firm made for itself is not in it.
    let report = firm.pass(&firm.custodian, Report::on(firm.matter)).await.unwrap();
    assert_eq!(report.items, 2);
    let show = || ShowStatement { statement: report.report };
    let text = firm.pass(&firm.guest, show()).await.unwrap().file;
    assert!(text.contains("共有資料") && !text.contains("社内メモ"));
    denied(firm.pass(&firm.staff, show()).await);
    assert!(matches!(firm.pass(&firm.stranger, show()).await, Err(Error::NotFound(_))));

    // A guest sees what is shared, and not how the firm handles it.
    let shared = firm.take(&firm.custodian, "internal", "共有2.txt", b"4", true).await.item;
    firm.pass(&firm.custodian, Hold { item: shared, reason: "we may sue them".parse().unwrap() })
        .await
        .unwrap();
    let shown = firm.pass(&firm.guest, Show { item: shared }).await.unwrap();
    assert!(shown.holds.is_empty() && shown.source.is_empty());
    assert_eq!(firm.pass(&firm.custodian, Show { item: shared }).await.unwrap().holds.len(), 1);
}

async fn basic_1b_the_consignor_or_two_others_confirm_that_secrets_are_back(firm: Firm) {
    let manner: kura::text::Note = "by courier".parse().unwrap();
    let begun = |shared, name: &'static str| {
        let (firm, manner) = (&firm, manner.clone());
        async move {
            let item = firm.take(&firm.custodian, "secret", name, b"theirs", shared).await.item;
            firm.pass(&firm.custodian, GiveBack { item, manner }).await.unwrap();
            item
        }
    };
    let confirm = |item| ConfirmReturn { item, confirmed_by: "田中".parse().unwrap() };
    // The firm alone cannot say that it is back.
    let item = begun(false, "a.txt").await;
    firm.pass(&firm.custodian, Package { item }).await.unwrap();
    assert_eq!(denied(firm.pass(&firm.custodian, confirm(item)).await), ["life-return-two"]);
    let ask = Ask {
        item,
        operation: Approvable::ConfirmReturn,
        class: None,
        confirmed_by: Some("田中".parse().unwrap()),
        reason: "signed slip is in the file".parse().unwrap(),
    };
    let request = firm.pass(&firm.custodian, ask).await.unwrap().request;
    two_approve(&firm, item, request).await;
    let other = ConfirmReturn { item, confirmed_by: "鈴木".parse().unwrap() };
    conflict(firm.carry_out(&firm.custodian, other, request).await);
    firm.carry_out(&firm.custodian, confirm(item), request).await.unwrap();

    // The consignor's own guest can, of what is shared; and only once something was handed out.
    let item = begun(true, "b.txt").await;
    assert!(conflict(firm.pass(&firm.guest, confirm(item)).await).contains("handed out"));
    let package = firm.pass(&firm.custodian, Package { item }).await.unwrap();
    assert_eq!(firm.read(&firm.custodian, &package.versions[0].ticket).await.unwrap(), b"theirs");
    firm.pass(&firm.guest, confirm(item)).await.unwrap();

    // What may not be opened may not be packaged either.
    let item = firm.take(&firm.custodian, "top_secret", "c.txt", b"x", false).await.item;
    firm.pass(&firm.custodian, GiveBack { item, manner }).await.unwrap();
    let at_home = Actor::person(firm.custodian.id().unwrap(), "outside").proved_at(Some(i64::MAX));
    assert_eq!(denied(firm.pass(&at_home, Package { item }).await), ["item-zone"]);
    let lowered = ChangePerson { clearance: Some("secret".to_owned()), ..change(&firm.custodian) };
    firm.pass(&firm.admin, lowered).await.unwrap();
    assert_eq!(denied(firm.pass(&firm.custodian, Package { item }).await), ["item-clearance"]);
}

async fn basic_2_a_leavers_custody_is_handed_over_by_others(firm: Firm) {
    let item = firm.take(&firm.custodian, "internal", "x.txt", b"x", false).await.item;
    firm.pass(&firm.custodian, GiveBack { item, manner: "post".parse().unwrap() }).await.unwrap();
    let leaves = ChangePerson { suspended: Some(true), ..change(&firm.custodian) };
    firm.pass(&firm.admin, leaves).await.unwrap();
    let to = |who: &Actor| HandOver { item, to: who.id().unwrap() };
    denied(firm.pass(&firm.staff, to(&firm.staff)).await);
    firm.pass(&firm.directors[0], to(&firm.staff)).await.unwrap();
    firm.pass(&firm.staff, Package { item }).await.unwrap();
    // An intern cannot be accountable for what interns do not handle.
    let intern = Take {
        custodian: firm.intern.id(),
        place: Some("safe".parse().unwrap()),
        name: Some("box".parse().unwrap()),
        ..taking(firm.matter, "top_secret")
    };
    let restored = ChangePerson { suspended: Some(false), ..change(&firm.custodian) };
    firm.pass(&firm.admin, restored).await.unwrap();
    assert!(matches!(firm.pass(&firm.custodian, intern).await, Err(Error::Invalid { .. })));
}

async fn basic_2_whoever_leaves_hands_everything_over_first(firm: Firm) {
    let take = |class: &'static str| firm.take(&firm.custodian, class, "x.txt", b"x", false);
    let (one, two, top) =
        (take("internal").await.item, take("secret").await.item, take("top_secret").await.item);
    let done = firm.take(&firm.custodian, "internal", "y.txt", b"y", false).await.item;
    firm.pass(&firm.custodian, Erase { item: done, reason: "done".parse().unwrap() }).await.unwrap();
    let download =
        Download { item: two, version: None, place: "laptop".parse().unwrap(), personal_device: false };
    let leaver = firm.custodian.id().unwrap();
    let all = |to: &Actor| HandOverAll { person: leaver, to: to.id().unwrap(), matter: None };
    let leave = || Leave { person: leaver };

    // An administrator as such hands nothing over and is told of nothing; and while there is custody, nobody leaves.
    let nothing = firm.pass(&firm.admin, all(&firm.staff)).await.unwrap();
    assert_eq!((nothing.items, nothing.matters, nothing.stay, nothing.more), (0, 0, 0, false));
    assert!(conflict(firm.pass(&firm.admin, leave()).await).contains("still accountable"));
    denied(firm.pass(&firm.staff, leave()).await);
    denied(firm.pass(&firm.guest, all(&firm.staff)).await);
    denied(
        firm.pass(&firm.staff, HandOverMatter { matter: firm.matter, to: firm.staff.id().unwrap() }).await,
    );
    let to_guest = firm.pass(&firm.directors[0], all(&firm.guest)).await;
    assert!(matches!(to_guest, Err(Error::Invalid { field: "to", .. })));

    // To somebody who may not handle all of it: what they may not keep stays, and its custodian is told how much.
    let copy = firm.pass(&firm.custodian, download).await.unwrap().copy;
    let given = firm.pass(&firm.custodian, all(&firm.staff)).await.unwrap();
    assert_eq!((given.items, given.matters, given.stay), (2, 1, 1));
    assert!(conflict(firm.pass(&firm.admin, leave()).await).contains("still accountable"));
    let rest = firm.pass(&firm.directors[0], all(&firm.directors[1])).await.unwrap();
    assert_eq!((rest.items, rest.matters, rest.stay), (1, 0, 0));
    let custodian = async |by: &Actor, item| firm.pass(by, Show { item }).await.unwrap().custodian;
    assert_eq!(custodian(&firm.staff, one).await, firm.staff.id().unwrap());
    assert_eq!(custodian(&firm.directors[1], top).await, firm.directors[1].id().unwrap());
    let matter = firm.pass(&firm.staff, ShowMatter { matter: firm.matter }).await.unwrap();
    assert_eq!(matter.custodian, firm.staff.id().unwrap());
    // Each item tells of it.
    let told = firm
        .pass(&firm.staff, kura::custody::timeline::Timeline { item: one, before: None, limit: None })
        .await
        .unwrap();
    assert!(told.records.iter().any(|record| record.operation == "hand_over_all"));

    // The copy that they hold is told too.
    assert!(conflict(firm.pass(&firm.admin, leave()).await).contains("copies"));
    let attest = kura::custody::attest::Attest { item: two, copy, manner: "shredded".parse().unwrap() };
    firm.pass(&firm.staff, attest).await.unwrap();
    firm.pass(&firm.admin, leave()).await.unwrap();
    let gone = firm.pass(&firm.custodian, ShowMatter { matter: firm.matter }).await;
    assert!(gone.is_err(), "whoever left does nothing more");
    let people = kura::people::list_people::ListPeople::default();
    let people = firm.pass(&firm.admin, people).await.unwrap();
    let left = people.iter().find(|person| person.person == leaver).unwrap();
    assert!(left.suspended && left.offices.is_empty());
    let own = Leave { person: firm.admin.id().unwrap() };
    assert!(conflict(firm.pass(&firm.admin, own).await).contains("another administrator"));
}

async fn basic_2_only_the_custodian_names_another_and_shares(firm: Firm) {
    let take = |custodian: Option<&Actor>, shared| Take {
        custodian: custodian.and_then(Actor::id),
        shared,
        place: Some("shelf".parse().unwrap()),
        name: Some("box".parse().unwrap()),
        ..taking(firm.matter, "internal")
    };
    for bad in [take(Some(&firm.staff), false), take(Some(&firm.intern), false), take(None, true)] {
        assert!(matches!(firm.pass(&firm.staff, bad).await, Err(Error::Invalid { .. })));
    }
    firm.pass(&firm.staff, take(Some(&firm.custodian), false)).await.unwrap();
    let item = firm.pass(&firm.custodian, take(Some(&firm.staff), true)).await.unwrap().item;
    assert_eq!(firm.pass(&firm.staff, Show { item }).await.unwrap().custodian, firm.staff.id().unwrap());
}

async fn std_3_1_many_people_are_added_whole_or_not_at_all(firm: Firm) {
    let table = |rows: &str| AddPeople {
        table: format!("login,name,employment,clearance\n{rows}"),
        without_invitation: false,
        check: false,
    };
    let good = "Sato,佐藤 一,正社員,秘\nsuzuki.2,鈴木 二,インターン,internal\n";
    let bad = "admin,管理,正社員,秘\n悪い名前,名,社長,秘\nsato,佐藤,役員,宇宙\nsato,,役員,秘\n";
    denied(firm.pass(&firm.staff, table(good)).await);
    let checked =
        firm.pass(&firm.admin, AddPeople { check: true, ..table(&format!("{good}{bad}")) }).await.unwrap();
    let cells: Vec<(i64, &str)> = checked.wrong.iter().map(|cell| (cell.row, cell.column.as_str())).collect();
    let told = [
        (4, "login"),
        (5, "login"),
        (5, "employment"),
        (6, "login"),
        (6, "clearance"),
        (7, "login"),
        (7, "name"),
    ];
    assert_eq!(cells, told);
    assert_eq!((checked.rows, checked.wrong_rows, checked.people.len()), (6, 4, 0));
    let before =
        firm.pass(&firm.admin, kura::people::list_people::ListPeople::default()).await.unwrap().len();
    let refused = firm.pass(&firm.admin, table(&format!("{good}{bad}"))).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "table", .. })));
    let strange = AddPeople { table: "login,color\nx,red\n".to_owned(), ..table("") };
    assert!(matches!(firm.pass(&firm.admin, strange).await, Err(Error::Invalid { field: "table", .. })));
    let now = firm.pass(&firm.admin, kura::people::list_people::ListPeople::default()).await.unwrap().len();
    assert_eq!(now, before, "nobody was added");

    let added = firm.pass(&firm.admin, table(good)).await.unwrap();
    assert_eq!(added.people.len(), 2);
    assert!(added.people.iter().all(|person| !person.code.is_empty() && !person.expires.is_empty()));
    assert_eq!(added.people[0].login, "sato");
    let again = firm.pass(&firm.admin, AddPeople { check: true, ..table(good) }).await.unwrap();
    assert_eq!(again.wrong_rows, 2, "they are there already");
    let quiet = AddPeople { without_invitation: true, ..table("yamada,山田 三,契約社員,秘\n") };
    let quiet = firm.pass(&firm.admin, quiet).await.unwrap();
    assert!(quiet.people[0].code.is_empty());
}

async fn system_the_state_of_the_system_is_figures_for_whoever_keeps_it(firm: Firm) {
    let show = || kura::health::ShowHealth {};
    denied(firm.pass(&firm.staff, show()).await);
    denied(firm.pass(&firm.directors[0], show()).await);
    let before = firm.pass(&firm.admin, show()).await.unwrap();
    assert!(before.database_bytes > 0 && before.staff > 5, "{before:?}");
    assert_eq!((before.uploads, before.without_factor, before.erasing), (0, before.staff, 0));
    firm.begin(&firm.custodian, "internal", "left.txt", 10, None).await.unwrap();
    let suspended = ChangePerson { suspended: Some(true), ..change(&firm.intern) };
    firm.pass(&firm.admin, suspended).await.unwrap();
    let after = firm.pass(&firm.admin, show()).await.unwrap();
    assert_eq!((after.uploads, after.upload_bytes, after.staff), (1, 10, before.staff - 1));
    firm.clock.set(NOW + 8 * DAY);
    assert_eq!(firm.pass(&firm.admin, show()).await.unwrap().uploads, 0, "it has expired");
}

async fn std_3_1_nobody_raises_themselves_and_somebody_keeps_the_register(firm: Firm) {
    let appoint =
        |who: &Actor, office, dismiss| Appoint { person: who.id().unwrap(), office, until: None, dismiss };
    let own = appoint(&firm.admin, Office::RiskManagementSubcommittee, false);
    assert!(conflict(firm.pass(&firm.admin, own).await).contains("another administrator"));
    let raise = ChangePerson { clearance: Some("top_secret".to_owned()), ..change(&firm.admin) };
    assert!(conflict(firm.pass(&firm.admin, raise).await).contains("another administrator"));
    let promote =
        ChangePerson { employment: Some(kura::people::Employment::Director), ..change(&firm.admin) };
    conflict(firm.pass(&firm.admin, promote).await);
    let guest = appoint(&firm.guest, Office::Auditor, false);
    assert!(matches!(firm.pass(&firm.admin, guest).await, Err(Error::Invalid { .. })));

    let leave = ChangePerson { suspended: Some(true), ..change(&firm.admin) };
    assert!(conflict(firm.pass(&firm.admin, leave.clone()).await).contains("nobody would be left"));
    firm.pass(&firm.admin, appoint(&firm.admin, Office::SystemAdministrator, true)).await.unwrap();
    let last = appoint(&firm.admin, Office::ChiefSystemAdministrator, true);
    assert!(conflict(firm.pass(&firm.admin, last).await).contains("nobody would be left"));
    firm.pass(&firm.admin, appoint(&firm.outsider, Office::SystemAdministrator, false)).await.unwrap();
    firm.pass(&firm.admin, leave).await.unwrap();
}

async fn basic_2_an_approval_stands_as_long_as_its_giver_may_give_it(firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "秘.txt", b"secret", false).await.item;
    let reason: kura::text::Note = "over".parse().unwrap();
    let ask =
        Ask { item, operation: Approvable::Erase, class: None, confirmed_by: None, reason: reason.clone() };
    let erase = Erase { item, reason };
    let request = firm.pass(&firm.custodian, ask.clone()).await.unwrap().request;
    two_approve(&firm, item, request).await;
    let suspend = |yes| ChangePerson { suspended: Some(yes), ..change(&firm.directors[1]) };
    firm.pass(&firm.admin, suspend(true)).await.unwrap();
    let told = conflict(firm.carry_out(&firm.custodian, erase.clone(), request).await);
    assert!(told.contains("1 of 2"), "{told}");
    firm.pass(&firm.admin, suspend(false)).await.unwrap();
    firm.clock.set(NOW + 15 * DAY);
    let told = conflict(firm.carry_out(&firm.custodian, erase.clone(), request).await);
    assert!(told.contains("lapsed"), "{told}");
    let request = firm.pass(&firm.custodian, ask).await.unwrap().request;
    for director in &firm.directors {
        let approve = Approve { item, request, refuse: false, reason: "checked".parse().unwrap() };
        firm.pass(director, approve).await.unwrap();
    }
    firm.carry_out(&firm.custodian, erase, request).await.unwrap();
}

async fn std_2_1_an_upload_ends_with_the_permission_and_has_a_quota(firm: Firm) {
    let begun = firm.begin(&firm.staff, "secret", "x.bin", 9 << 20, None).await.unwrap();
    let part = || bytes::Bytes::from(vec![7; 8 << 20]);
    let put = |number| firm.uploads.put(&firm.open.door, &firm.staff, begun.upload, number, part());
    put(0).await.unwrap();
    let suspend = |yes| ChangePerson { suspended: Some(yes), ..change(&firm.staff) };
    firm.pass(&firm.admin, suspend(true)).await.unwrap();
    assert_eq!(denied(put(0).await), ["scope-suspended"]);
    let progress = firm.uploads.progress(&firm.open.door, &firm.staff, begun.upload).await;
    assert_eq!(denied(progress), ["scope-suspended"]);
    firm.pass(&firm.admin, suspend(false)).await.unwrap();
    put(0).await.unwrap();
    let quota = firm.open.settings.upload_quota as usize;
    let more = firm.begin(&firm.staff, "secret", "y.bin", quota - (9 << 20), None).await;
    more.unwrap();
    let over = firm.begin(&firm.staff, "secret", "z.bin", 1, None).await;
    assert!(conflict(over).contains("not completed"));
    firm.begin(&firm.custodian, "secret", "z.bin", 1, None).await.unwrap();
    firm.clock.set(NOW + 8 * DAY);
    firm.begin(&firm.staff, "secret", "z.bin", 1, None).await.unwrap();
}

async fn std_3_2_what_was_only_counted_comes_on_record(firm: Firm) {
    let item = firm.take(&firm.custodian, "top_secret", "x.txt", b"x", false).await.item;
    let size = || firm.open.door.head().borrow().0;
    let before = size();
    for _ in 0..50 {
        assert!(firm.pass(&firm.outsider, Show { item }).await.is_err());
    }
    assert_eq!(size(), before + 1, "a flood is one record");
    firm.open.door.flush_refusals(false).await.unwrap();
    assert_eq!(size(), before + 1, "and still goes on");
    firm.clock.set(NOW + 61_000);
    firm.open.door.flush_refusals(false).await.unwrap();
    assert_eq!(size(), before + 2, "the other 49 are one more");
    firm.open.door.flush_refusals(true).await.unwrap();
    assert_eq!(size(), before + 2);

    let desk = kura::sign_in::Desk::new(firm.open.door.clone());
    assert!(desk.actor("kura_00", "outside").await.is_err());
    let guess = || kura::sign_in::SignIn {
        login: "ken".to_owned(),
        password: "wrong".to_owned(),
        label: "x".parse().unwrap(),
        scope: kura::people::create_token::Scope::All,
        days: None,
        code: None,
    };
    // However many guesses are made at once, few are looked at.
    let guesses = futures_util::future::join_all((0..40).map(|_| desk.sign_in(guess(), "outside"))).await;
    let slowed =
        guesses.iter().filter(|told| told.as_ref().is_err_and(|error| error.to_string().contains("wait")));
    assert!(slowed.count() >= 30);
    firm.open.door.flush_refusals(false).await.unwrap();
    assert_eq!(size(), before + 2, "the hour is not over");
    firm.clock.set(NOW + 4_000_000);
    firm.open.door.flush_refusals(false).await.unwrap();
    assert_eq!(size(), before + 3);
}

/// Columns of the database in which a text stands, in clear.
async fn found(firm: &Firm, text: &str) -> Vec<String> {
    let db = firm.open.door.database();
    let mut reader = db.reader().await.unwrap();
    let postgres = db.engine() == kura::db::Engine::Postgres;
    let columns = if postgres {
        "select cast(table_name as text), cast(column_name as text) from information_schema.columns where table_schema = 'public'"
    } else {
        "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'"
    };
    let columns: Vec<(String, String)> = sqlx::query_as(columns).fetch_all(&mut *reader).await.unwrap();
    assert!(columns.len() > 100, "{columns:?}");
    let mut found = Vec::new();
    for (table, column) in columns {
        let sql = format!("select count(*) from {table} where cast({column} as text) like $1");
        let rows: (i64,) = sqlx::query_as(AssertSqlSafe(sql))
            .bind(format!("%{text}%"))
            .fetch_one(&mut *reader)
            .await
            .unwrap();
        if rows.0 > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

async fn std_3_5_what_named_erased_material_is_nowhere_in_the_database(firm: Firm) {
    let content = b"what the client lent";
    let item = firm.take(&firm.custodian, "internal", "合併契約書.docx", content, false).await.item;
    let download =
        Download { item, version: None, place: "laptop 7".parse().unwrap(), personal_device: false };
    // Told again under its key, with the same ticket, which no row holds.
    let keyed = || Options { idempotency_key: Some("one".to_owned()), ..Options::default() };
    let first = firm.open.door.pass(&firm.staff, download.clone(), keyed()).await.unwrap().into_value();
    let again = firm.open.door.pass(&firm.staff, download, keyed()).await.unwrap().into_value();
    assert_eq!(first, again);
    assert_eq!(firm.read(&firm.staff, &again.opened.ticket).await.unwrap(), content);
    assert_eq!(found(&firm, &first.opened.ticket).await, [""; 0]);
    let sha256 = first.opened.sha256;
    for text in ["合併契約書", &sha256] {
        assert!(!found(&firm, text).await.is_empty(), "{text}: it is looked for where it is");
    }
    firm.pass(&firm.custodian, Erase { item, reason: "over".parse().unwrap() }).await.unwrap();
    // The statements that the client was given are kept as they were given.
    for text in ["合併契約書", &sha256] {
        assert_eq!(found(&firm, text).await, ["statement.text"], "{text}");
    }
}
