//! What an auditor sees of the ledger, and what each keeps for themselves.

use std::collections::BTreeSet;

use kura::Error;
use kura::custody::saved_view::{ListViews, RemoveView, SaveView};
use kura::custody::show::Show;
use kura::ledger::list_records::{ListRecords, RecordLine};
use kura::people::Office;
use kura::people::appoint::Appoint;

use crate::both;
use crate::browser::{pages, signed_in};
use crate::firm::Firm;

both! {
    std_4_1_an_auditor_sees_every_record_and_no_name_of_material
    std_3_2_a_saved_view_is_its_owners_and_holds_nothing_found
}

async fn all(firm: &Firm, by: &kura::door::Actor, list: ListRecords) -> Vec<RecordLine> {
    let (mut records, mut before) = (Vec::new(), None);
    loop {
        let page = ListRecords { before, limit: Some(7), ..list.clone() };
        let told = firm.pass(by, page).await.unwrap();
        assert!(told.records.len() <= 7);
        records.extend(told.records);
        match told.next {
            Some(next) => before = Some(next),
            None => return records,
        }
    }
}

async fn std_4_1_an_auditor_sees_every_record_and_no_name_of_material(firm: Firm) {
    let person = firm.outsider.id().unwrap();
    firm.pass(&firm.admin, Appoint { person, office: Office::Auditor, until: None, dismiss: false })
        .await
        .unwrap();
    let item = firm.take(&firm.custodian, "top_secret", "極秘の名前.txt", b"x", false).await.item;
    assert!(matches!(firm.pass(&firm.outsider, Show { item }).await, Err(Error::NotFound(_))));
    // Not everybody sees what others did.
    for by in [&firm.staff, &firm.custodian, &firm.guest] {
        let refused = firm.pass(by, ListRecords::default()).await;
        assert!(matches!(refused, Err(Error::Denied(_) | Error::NotFound(_))), "{refused:?}");
    }
    let records = all(&firm, &firm.outsider, ListRecords::default()).await;
    let size = firm.open.door.head().borrow().0;
    // One after another, none left out, down to the first; what was listed is on record itself.
    let indices: BTreeSet<i64> = records.iter().map(|record| record.index).collect();
    assert_eq!(indices.len(), records.len());
    let last = *indices.last().unwrap();
    assert_eq!(indices, (0..=last).collect());
    assert!(last as u64 >= size - 20);
    let took = records.iter().find(|record| record.operation == "take").unwrap();
    assert_eq!((took.item, took.actor.as_str(), took.refused), (Some(item), "Name of hana", false));
    assert!(!serde_json::to_string(&records).unwrap().contains("極秘"));
    let of = |list: ListRecords| all(&firm, &firm.outsider, list);
    let refused = of(ListRecords { refused: true, ..ListRecords::default() }).await;
    assert!(refused.iter().all(|record| record.refused) && refused.iter().any(|one| one.operation == "show"));
    let hana = of(ListRecords { person: firm.custodian.id(), ..ListRecords::default() }).await;
    assert!(hana.iter().all(|record| record.actor == "Name of hana") && hana.len() >= 3);
    let shown = of(ListRecords { item: Some(item), ..ListRecords::default() }).await;
    assert!(shown.iter().all(|record| record.item == Some(item)) && shown.len() >= 2);
    let taken = of(ListRecords { operation: Some("take".to_owned()), ..ListRecords::default() }).await;
    assert_eq!(taken.len(), 1);

    let served = pages(&firm).await;
    let page = signed_in(&served, "mori").await.get("/administration/ledger?operation=take").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(&item.to_string()) && !page.text.contains("極秘"), "{}", page.text);
    assert_eq!(signed_in(&served, "ken").await.get("/administration/ledger").await.status, 403);
}

async fn std_3_2_a_saved_view_is_its_owners_and_holds_nothing_found(firm: Firm) {
    let served = pages(&firm).await;
    let mut hana = signed_in(&served, "hana").await;
    let page = hana.get("/register?class=secret&state=held").await;
    assert!(page.text.contains("action=\"/do/save-view\""), "{}", page.text);
    let token = crate::browser::hidden(&page.text, "kura-form");
    let query = "class=secret&state=held";
    let fields = [("kura-form", token.as_str()), ("query", query), ("name", "秘・保管中")];
    assert_eq!(hana.send("/do/save-view", &fields).await.location, "/register?done=save-view");
    let page = hana.get("/register").await.text;
    assert!(page.contains("href=\"/register?class=secret&#38;state=held\">秘・保管中</a>"), "{page}");
    let views = firm.pass(&firm.custodian, ListViews {}).await.unwrap();
    assert_eq!(views.len(), 1);
    assert!(firm.pass(&firm.staff, ListViews {}).await.unwrap().is_empty());
    let name = || "秘・保管中".parse().unwrap();
    assert!(matches!(firm.pass(&firm.staff, RemoveView { name: name() }).await, Err(Error::NotFound(_))));
    // Under a name of one's own again it is another narrowing, not another view.
    let again = SaveView { name: name(), query: "class=internal".to_owned() };
    firm.pass(&firm.custodian, again).await.unwrap();
    assert_eq!(firm.pass(&firm.custodian, ListViews {}).await.unwrap()[0].query, "class=internal");
    for number in 1..30 {
        let more = SaveView { name: format!("v{number}").parse().unwrap(), query: String::new() };
        firm.pass(&firm.custodian, more).await.unwrap();
    }
    let more = SaveView { name: "one too many".parse().unwrap(), query: String::new() };
    assert!(matches!(firm.pass(&firm.custodian, more).await, Err(Error::Conflict(_))));
    firm.pass(&firm.custodian, RemoveView { name: name() }).await.unwrap();
    assert_eq!(firm.pass(&firm.custodian, ListViews {}).await.unwrap().len(), 29);
}
