//! The page of the register of laws, treaties and contracts (法令・契約の登録簿).

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::list_requirements::{ListRequirements, RequirementReview, RequirementView};
use crate::app::App;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::{Answer, page};

/// A law, treaty or contract as it is shown.
struct RequirementRow {
    title: String,
    kind: String,
    style: &'static str,
    state: String,
    added: String,
    newest: Option<String>,
    earlier: Vec<String>,
    view: RequirementView,
}

#[derive(Template)]
#[template(path = "policy/requirements.html")]
struct RequirementsPage {
    shell: Shell,
    requirements: Vec<RequirementRow>,
    /// Those that one may not know of, counted.
    elsewhere: i64,
    /// The clause that is asked for, by its title.
    clause: Option<String>,
    may_add: bool,
    may_review: bool,
    may_end: bool,
}

/// What is asked of the page.
#[derive(Deserialize)]
pub(crate) struct On {
    #[serde(default)]
    clause: String,
}

/// 法令・条約・契約: what asks for more than the policy, and when each was reviewed.
pub(crate) async fn requirements(State(app): State<App>, member: Member, Query(asked): Query<On>) -> Answer {
    let clause = Some(asked.clause).filter(|clause| !clause.is_empty());
    let found = member.pass(&app, ListRequirements { clause: clause.clone() }).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let reviewed = |review: &RequirementReview| {
        t.requirement_reviewed(review.told.as_str(), t.day(&review.made), review.made_by.as_str())
    };
    let row = |view: RequirementView| {
        let mut reviews = view.reviews.iter().map(reviewed);
        RequirementRow {
            title: t.clause_title(&pack, &view.clause),
            kind: t.choice(view.kind.name()),
            style: if view.overdue { "late" } else { "" },
            state: match (view.holds, view.overdue) {
                (true, true) => t.requirement_overdue(t.date(&view.review_on)),
                (true, false) => t.requirement_review_by(t.date(&view.review_on)),
                (false, _) => t.requirement_ended(t.day(&view.ended), view.ended_by.as_str()),
            },
            added: t.requirement_added(t.day(&view.added), view.added_by.as_str()),
            newest: reviews.next(),
            earlier: reviews.collect(),
            view,
        }
    };
    page(&RequirementsPage {
        requirements: found.requirements.into_iter().map(row).collect(),
        elsewhere: found.elsewhere,
        clause: clause.map(|clause| t.clause_title(&pack, &clause)),
        may_add: member.permitted(&app, "add_requirement").await.is_ok(),
        may_review: member.permitted(&app, "review_requirement").await.is_ok(),
        may_end: member.permitted(&app, "end_requirement").await.is_ok(),
        shell: Shell::new(&member, Place::Policy, t.requirements()),
    })
}
