//! The policy as OSCAL, taken in and validated by a program that is not ours.

use std::collections::BTreeSet;

use kura::Error;
use kura::duties::discharge_duty::DischargeDuty;
use kura::duties::list_duties::ListDuties;
use kura::duties::schedule;
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::policy::acknowledge_policy::ReadIn;
use kura::policy::export_oscal::{ExportOscal, Model};
use serde_json::Value;

use crate::both;
use crate::evaluation::{planned, raise};
use crate::firm::{DAY, Firm, NOW};
use crate::interop::python;

both! {
    std_4_1_the_policy_and_where_it_stands_are_exchanged_as_oscal
}

async fn text(firm: &Firm, model: Model, language: ReadIn) -> String {
    firm.pass(&firm.admin, ExportOscal { model, language }).await.unwrap().file
}

/// What the other program reads of an export.
async fn read(firm: &Firm, model: Model, kind: &'static str, language: ReadIn) -> Value {
    let text = text(firm, model, language).await;
    tokio::task::spawn_blocking(move || python("read_oscal.py", &[kind], text.as_bytes())).await.unwrap()
}

async fn std_4_1_the_policy_and_where_it_stands_are_exchanged_as_oscal(firm: Firm) {
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let export = |model| ExportOscal { model, language: ReadIn::En };
    assert!(matches!(firm.pass(&firm.staff, export(Model::Catalog)).await, Err(Error::Denied(_))));
    assert!(firm.pass(&firm.guest, export(Model::Catalog)).await.is_err());
    let clauses: Vec<String> =
        firm.open.door.rules().clauses.iter().map(|clause| clause.id.clone()).collect();

    let catalog = read(&firm, Model::Catalog, "catalog", ReadIn::Ja).await;
    assert_eq!(
        catalog["controls"],
        serde_json::json!(clauses),
        "every clause, in the order of the documents"
    );
    assert!(catalog["title"].as_str().unwrap().starts_with("株式会社"), "{catalog}");
    let component = read(&firm, Model::ComponentDefinition, "component-definition", ReadIn::En).await;
    let implemented: BTreeSet<&str> =
        component["controls"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(implemented, clauses.iter().map(String::as_str).collect(), "every clause is upheld");

    // Nothing is late yet: there is no plan of action to speak of.
    let none = firm.pass(&firm.admin, export(Model::PlanOfAction)).await.unwrap_err();
    assert!(none.to_string().contains("nothing is late"), "{none}");
    let before = read(&firm, Model::AssessmentResults, "assessment-results", ReadIn::En).await;
    assert!(before["findings"].as_object().unwrap().values().all(|state| state == "satisfied"), "{before}");
    assert_eq!(before["observations"], 0);

    // A duty is done and something found; others are let lapse.
    let asked = ListDuties { duty: Some("procedures-reviewed".to_owned()) };
    let occurrence = firm.pass(&firm.admin, asked).await.unwrap().remove(0).occurrences.remove(0).occurrence;
    let told = "two are out of date".parse().unwrap();
    let done = DischargeDuty { occurrence, told, done_on: None, population: Some(7), found: Some(2) };
    firm.pass(&firm.admin, done).await.unwrap();
    firm.clock.set(NOW + 60 * DAY);
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let after = read(&firm, Model::AssessmentResults, "assessment-results", ReadIn::Ja).await;
    assert_eq!(after["observations"], 1);
    assert_eq!(after["findings"].as_object().unwrap().len(), clauses.len());
    assert_eq!(after["findings"]["basic-5_smt"], "not-satisfied");
    let plan = read(&firm, Model::PlanOfAction, "plan-of-action-and-milestones", ReadIn::En).await;
    let items = plan["items"].as_array().unwrap();
    assert!(items.iter().any(|item| item[1] == "2 of 7 call for something to be done"), "{plan}");
    assert!(items.iter().any(|item| item[1].as_str().unwrap().starts_with("It was not done by")), "{plan}");

    // A finding that is not closed is something to be done, and its clause is not satisfied.
    let auditor = &firm.outsider;
    let appoint =
        Appoint { person: auditor.id().unwrap(), office: Office::Auditor, until: None, dismiss: false };
    firm.pass(&firm.admin, appoint).await.unwrap();
    let evaluation = planned(&firm, auditor, "2027-03-01").await;
    firm.pass(auditor, raise(&firm, evaluation)).await.unwrap();
    let plan = read(&firm, Model::PlanOfAction, "plan-of-action-and-milestones", ReadIn::Ja).await;
    let items = plan["items"].as_array().unwrap();
    assert!(items.iter().any(|item| item[1] == "退職者の機器登録が残っている"), "{plan}");
    let after = read(&firm, Model::AssessmentResults, "assessment-results", ReadIn::Ja).await;
    assert_eq!(after["findings"]["std-3-1_smt"], "not-satisfied");

    // What stands for the same thing has the same id the next time; the document has another.
    let ids = |text: &str| {
        let value: Value = serde_json::from_str(text).unwrap();
        let plan = &value["plan-of-action-and-milestones"];
        (plan["uuid"].clone(), plan["poam-items"][0]["uuid"].clone(), plan["system-id"].clone())
    };
    let first = ids(&text(&firm, Model::PlanOfAction, ReadIn::En).await);
    firm.clock.set(NOW + 60 * DAY + 60_000);
    let second = ids(&text(&firm, Model::PlanOfAction, ReadIn::En).await);
    assert!(first.0 != second.0 && first.1 == second.1 && first.2 == second.2);
    // What a program that is not ours refuses is refused: the check is one.
    let broken =
        text(&firm, Model::Catalog, ReadIn::En).await.replace("\"oscal-version\"", "\"version-of-oscal\"");
    let refused = std::panic::catch_unwind(|| python("read_oscal.py", &["catalog"], broken.as_bytes()));
    assert!(refused.is_err());
}
