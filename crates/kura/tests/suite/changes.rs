//! Changes to the systems: planned, resolved upon by the subcommittee, recorded.

use kura::Error;
use kura::changes::approve_change::ApproveChange;
use kura::changes::list_changes::{ChangeView, ListChanges};
use kura::changes::plan_change::{PlanChange, PlannedChange};
use kura::changes::record_change::{Outcome, RecordChange};
use kura::id::ChangeId;
use kura::people::Office;

use crate::both;
use crate::firm::{DAY, Firm, NOW};
use crate::policy::worded;

both! {
    system_a_change_is_planned_resolved_upon_and_recorded
}

fn plan(urgent: bool) -> PlanChange {
    PlanChange {
        title: "防火壁の更新".parse().unwrap(),
        words: "拠点Aの防火壁の規則を改める".parse().unwrap(),
        reason: "新しい拠点をつなぐ".parse().unwrap(),
        way_back: "前の規則に戻す".parse().unwrap(),
        planned_on: "2026-11-30".to_owned(),
        urgent,
    }
}

fn record(change: ChangeId, outcome: Outcome) -> RecordChange {
    RecordChange { change, outcome, told: "接続を確かめた".parse().unwrap(), done_on: None }
}

async fn shown(firm: &Firm, change: ChangeId) -> ChangeView {
    let all = firm.pass(&firm.staff, ListChanges {}).await.unwrap();
    all.into_iter().find(|view| view.change == change).unwrap()
}

async fn system_a_change_is_planned_resolved_upon_and_recorded(firm: Firm) {
    assert!(matches!(firm.pass(&firm.staff, plan(false)).await, Err(Error::Denied(_))));
    let yesterday = PlanChange { planned_on: "2026-11-23".to_owned(), ..plan(false) };
    let refused = firm.pass(&firm.admin, yesterday).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "planned_on", .. })));
    let PlannedChange { change, number } = firm.pass(&firm.admin, plan(false)).await.unwrap();
    assert_eq!(number, "C2026-1");
    // Not before it is resolved upon.
    let early = firm.pass(&firm.admin, record(change, Outcome::Done)).await.unwrap_err();
    assert!(early.to_string().contains("has not resolved upon it"), "{early}");
    let office = Office::RiskManagementSubcommittee;
    let other = worded(&firm, "risk_management_subcommittee", office, None, "別の変更").await;
    let approve = |resolution| ApproveChange { change, resolution };
    assert!(matches!(firm.pass(&firm.staff, approve(other)).await, Err(Error::Denied(_))));
    let refused = firm.pass(&firm.admin, approve(other)).await.unwrap_err();
    assert!(refused.to_string().contains("write C2026-1"), "{refused}");
    let upon = worded(&firm, "risk_management_subcommittee", office, None, "C2026-1 を行う").await;
    firm.pass(&firm.admin, approve(upon)).await.unwrap();
    assert!(matches!(firm.pass(&firm.admin, approve(upon)).await, Err(Error::Conflict(_))));
    assert_eq!(shown(&firm, change).await.state, "approved");
    firm.clock.set(NOW + 7 * DAY);
    assert!(shown(&firm, change).await.overdue);
    firm.pass(&firm.admin, record(change, Outcome::Done)).await.unwrap();
    let again = firm.pass(&firm.admin, record(change, Outcome::Undone)).await.unwrap_err();
    assert!(again.to_string().contains("on record already"), "{again}");
    let view = shown(&firm, change).await;
    assert_eq!((view.state.as_str(), view.unapproved, view.overdue), ("done", false, false));

    // What cannot wait is done first, and waits for its resolution.
    let urgent = PlanChange { planned_on: "2026-12-01".to_owned(), ..plan(true) };
    let urgent = firm.pass(&firm.admin, urgent).await.unwrap();
    firm.pass(&firm.admin, record(urgent.change, Outcome::Done)).await.unwrap();
    assert!(shown(&firm, urgent.change).await.unapproved);
    let twice = ApproveChange { change: urgent.change, resolution: upon };
    assert!(firm.pass(&firm.admin, twice).await.is_err(), "it is upon another");
    let upon = worded(&firm, "risk_management_subcommittee", office, None, "C2026-2 を追認する").await;
    firm.pass(&firm.admin, ApproveChange { change: urgent.change, resolution: upon }).await.unwrap();
    assert!(!shown(&firm, urgent.change).await.unapproved);
}
