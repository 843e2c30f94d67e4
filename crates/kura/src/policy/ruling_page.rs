//! Pages of what stands beside the clauses: 解釈裁定 rulings, 例外 exceptions.

use askama::Template;
use axum::extract::State;

use super::list_exceptions::{ExceptionView, ListExceptions};
use super::list_rulings::{Holds, ListRulings, RulingView};
use crate::app::App;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};

/// A ruling as it is shown.
struct RulingRow {
    title: String,
    style: &'static str,
    state: String,
    told: String,
    /// Whether its clause was revised, so that it waits to be confirmed or replaced.
    lapsed: bool,
    view: RulingView,
}

#[derive(Template)]
#[template(path = "policy/rulings.html")]
struct RulingsPage {
    shell: Shell,
    rulings: Vec<RulingRow>,
    may_rule: bool,
}

/// Who gave a ruling, and when.
pub(super) fn told(t: &Words, view: &RulingView) -> String {
    let given = t.ruling_given(view.given_by.as_str(), t.day(&view.given), view.version);
    match view.confirmed.as_str() {
        "" => given,
        confirmed => format!("{given} {}", t.ruling_confirmed(t.day(confirmed))),
    }
}

/// 解釈裁定: all rulings.
pub(crate) async fn rulings(State(app): State<App>, member: Member) -> Answer {
    let found = member.pass(&app, ListRulings::default()).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let row = |view: RulingView| RulingRow {
        title: t.clause_title(&pack, &view.clause),
        style: match view.holds {
            Holds::InForce => "good",
            Holds::Lapsed => "late",
            Holds::Superseded => "",
        },
        state: t.ruling_state(view.holds.name()),
        told: told(t, &view),
        lapsed: view.holds == Holds::Lapsed,
        view,
    };
    page(&RulingsPage {
        rulings: found.into_iter().map(row).collect(),
        may_rule: member.permitted(&app, "give_ruling").await.is_ok(),
        shell: Shell::new(&member, Place::Policy, t.rulings()),
    })
}

/// An exception as it is shown.
struct ExceptionRow {
    title: String,
    style: &'static str,
    state: String,
    view: ExceptionView,
}

#[derive(Template)]
#[template(path = "policy/exceptions.html")]
struct ExceptionsPage {
    shell: Shell,
    exceptions: Vec<ExceptionRow>,
    may_end: bool,
}

/// 例外: all exceptions.
pub(crate) async fn exceptions(State(app): State<App>, member: Member) -> Answer {
    let found = member.pass(&app, ListExceptions {}).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let row = |view: ExceptionView| ExceptionRow {
        title: t.clause_title(&pack, &view.clause),
        style: if view.open { "soon" } else { "" },
        state: match (view.open, view.ended.as_str()) {
            (true, _) => t.exception_until(t.date(&view.last_day)),
            (false, "") => t.exception_over(t.date(&view.last_day)),
            (false, ended) => t.exception_ended(t.day(ended), view.ended_by.as_str()),
        },
        view,
    };
    page(&ExceptionsPage {
        exceptions: found.into_iter().map(row).collect(),
        may_end: member.permitted(&app, "end_exception").await.is_ok(),
        shell: Shell::new(&member, Place::Policy, t.exceptions()),
    })
}
