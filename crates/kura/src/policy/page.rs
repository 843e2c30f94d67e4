//! Pages of the rules: which pack is in force, and why something is refused.

use askama::Template;
use axum::extract::{Path, State};

use super::show_pack::{Packs, ShowPack};
use super::why::Why;
use crate::app::App;
use crate::error::Error;
use crate::id::ItemId;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::{Answer, page};

/// A clause with the rules that uphold it.
struct ClauseRow {
    title: String,
    rules: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "policy/pack.html")]
struct PackPage {
    shell: Shell,
    clauses: Vec<ClauseRow>,
    packs: Option<Packs>,
    examples: Vec<(String, bool)>,
}

/// 方針: each clause with the rules in force; and for whoever may see it, which pack they are of, and which lies ready.
pub(crate) async fn pack(State(app): State<App>, member: Member) -> Answer {
    if member.session.guest {
        return Err(Error::NotFound("page").into());
    }
    let packs = match member.pass(&app, ShowPack {}).await {
        Ok(packs) => Some(packs),
        Err(Error::Denied(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let (t, pack) = (member.words(), app.door.rules());
    let clauses = pack.clauses.iter().map(|clause| ClauseRow {
        title: t.either(&clause.ja, &clause.en).to_owned(),
        rules: pack
            .rules
            .values()
            .filter(|rule| rule.clause == clause.id)
            .map(|rule| (rule.id.clone(), t.rule(rule).to_owned(), rule.permits))
            .collect(),
    });
    let ready = packs.as_ref().and_then(|packs| packs.ready.as_ref());
    let examples = ready.map(|ready| {
        let let_in = ready.let_in.iter().map(|example| (t.either(&example.ja, &example.en).to_owned(), true));
        let refused =
            ready.refused.iter().map(|example| (t.either(&example.ja, &example.en).to_owned(), false));
        let_in.chain(refused).collect()
    });
    page(&PackPage {
        shell: Shell::new(&member, Place::Policy, t.nav_policy()),
        clauses: clauses.collect(),
        examples: examples.unwrap_or_default(),
        packs,
    })
}

#[derive(Template)]
#[template(path = "policy/why.html")]
struct WhyPage {
    shell: Shell,
    item: ItemId,
    permitted: bool,
    told: Vec<String>,
    remedies: Vec<String>,
}

/// What would make an action of one's own on an item permitted.
pub(crate) async fn why(
    State(app): State<App>,
    member: Member,
    Path((item, action)): Path<(String, String)>,
) -> Answer {
    let item: ItemId = item.parse().map_err(|_| Error::NotFound("item"))?;
    let answer = member.pass(&app, Why { item, action: action.clone() }).await?;
    let t = member.words();
    page(&WhyPage {
        shell: Shell::new(&member, Place::Register, t.why_not(t.operation(&action))),
        item,
        permitted: answer.permitted,
        told: reasons(&app, &member, &answer.rules),
        remedies: answer.remedies.iter().map(|remedy| t.either(&remedy.ja, &remedy.en).to_owned()).collect(),
    })
}

fn reasons(app: &App, member: &Member, rules: &[String]) -> Vec<String> {
    let (t, pack) = (member.words(), app.door.rules());
    let known = rules.iter().filter_map(|id| pack.rules.get(id)).filter(|rule| !rule.permits);
    known.map(|rule| format!("{} ({})", t.rule(rule), t.clause_title(&pack, &rule.clause))).collect()
}
