//! The page of changes to the systems.

use askama::Template;
use axum::extract::State;

use super::list_changes::{ChangeView, ListChanges};
use crate::app::App;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::{Answer, page};

/// A change as it is shown.
struct ChangeRow {
    style: &'static str,
    state: String,
    planned: String,
    recorded: String,
    view: ChangeView,
}

#[derive(Template)]
#[template(path = "changes/changes.html")]
struct ChangesPage {
    shell: Shell,
    changes: Vec<ChangeRow>,
    may_plan: bool,
    may_approve: bool,
}

/// 変更管理: all changes.
pub(crate) async fn changes(State(app): State<App>, member: Member) -> Answer {
    let found = member.pass(&app, ListChanges {}).await?;
    let t = member.words();
    let row = |view: ChangeView| ChangeRow {
        style: match (view.unapproved || view.overdue, view.state.as_str()) {
            (true, _) => "late",
            (_, "done") => "good",
            (_, "undone") => "",
            _ => "soon",
        },
        state: t.change_state(&view.state),
        planned: t.said_by(view.planned_by.as_str(), t.moment(&view.planned)),
        recorded: match view.done_on.as_str() {
            "" => String::new(),
            day => t.said_by(view.recorded_by.as_str(), t.date(day)),
        },
        view,
    };
    page(&ChangesPage {
        changes: found.into_iter().map(row).collect(),
        may_plan: member.permitted(&app, "plan_change").await.is_ok(),
        may_approve: member.permitted(&app, "approve_change").await.is_ok(),
        shell: Shell::new(&member, Place::Administration, t.changes()),
    })
}
