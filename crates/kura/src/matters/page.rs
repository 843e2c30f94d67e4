//! Pages of matters (案件) and parties (取引先).

use askama::Template;
use axum::extract::{Path, Query, State};

use super::list_matters::{ListMatters, MatterLine};
use super::list_parties::{ListParties, Party};
use super::show_matter::{CopyOut, MatterView, ShowMatter};
use crate::app::App;
use crate::custody::page::{Deed, Refused, refused};
use crate::custody::today_page::Due;
use crate::error::Error;
use crate::id::MatterId;
use crate::rules::pack::Pack;
use crate::web::shell::{Place, Seal, Shell};
use crate::web::sought::Sought;
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};

struct Row {
    line: MatterLine,
    due: Due,
}

#[derive(Template)]
#[template(path = "matters/matters.html")]
struct Matters {
    shell: Shell,
    open: Vec<Row>,
    closed: Vec<Row>,
    /// How many are open.
    counted: String,
    sought: Sought,
    address: &'static str,
}

/// 案件.
pub(crate) async fn matters(
    State(app): State<App>,
    member: Member,
    Query(mut sought): Query<Sought>,
) -> Answer {
    let list = |open| ListMatters { name: sought.text(), open, limit: Sought::limit() };
    // The open ones are shown before any that is closed.
    let (open, all) = tokio::join!(member.pass(&app, list(true)), member.pass(&app, list(false)));
    let (open, all) = (open?, all?);
    // Among the newest of all there may be fewer that are closed than there are: then there is more to find.
    let unseen = all.len() > open.len() && Sought::too_many(&all);
    let open = sought.cut(open);
    let counted = sought.counted(open.len());
    sought.more |= unseen;
    let (t, now) = (member.words(), app.door.clock().now());
    let row = |line: MatterLine| Row { due: Due::of(t, &line.return_by, now), line };
    page(&Matters {
        shell: Shell::new(&member, Place::Matters, t.nav_matters()),
        open: open.into_iter().map(row).collect(),
        closed: all.into_iter().filter(|line| !line.open).map(row).collect(),
        counted,
        sought,
        address: "/matters",
    })
}

/// A term in plain words: the question, and whether it is allowed.
struct Term {
    question: String,
    allowed: bool,
}

#[derive(Template)]
#[template(path = "matters/matter.html")]
struct MatterPage {
    shell: Shell,
    matter: MatterView,
    due: Due,
    terms: Vec<Term>,
    deeds: Vec<Deed>,
    refused: Vec<Refused>,
    may_change_members: bool,
    out: Vec<(String, String)>,
    states: Vec<(String, String)>,
    material: Vec<ClassRow>,
    copies: Vec<(CopyOut, Due)>,
    classes: Vec<Seal>,
    access: Vec<(String, Vec<bool>)>,
}

/// A class with how many items there are of it in each state.
struct ClassRow {
    seal: Seal,
    class: String,
    items: Vec<(String, String)>,
}

/// The matter's material as a table: classes down, states across.
fn material(t: &Words, pack: &Pack, matter: &MatterView) -> (Vec<(String, String)>, Vec<ClassRow>) {
    const STATES: [&str; 6] = ["held", "returning", "confirmed", "erasing", "returned", "erased"];
    let there = |state: &&str| matter.material.iter().any(|tally| tally.state == **state);
    let states: Vec<&str> = STATES.into_iter().filter(there).collect();
    let of = |class: &str| {
        let count = |state: &&str| {
            let tally = matter.material.iter().find(|tally| tally.class == class && tally.state == **state);
            let number = tally.map(|tally| t.number(tally.items)).unwrap_or_default();
            ((*state).to_owned(), number)
        };
        ClassRow {
            seal: Seal::of(t, pack, class),
            class: class.to_owned(),
            items: states.iter().map(count).collect(),
        }
    };
    let mut classes: Vec<&str> = matter.material.iter().map(|tally| tally.class.as_str()).collect();
    classes.dedup();
    let rows = classes.into_iter().map(of).collect();
    (states.iter().map(|state| ((*state).to_owned(), t.state(*state))).collect(), rows)
}

/// A matter.
pub(crate) async fn matter(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let id: MatterId = id.parse().map_err(|_| Error::NotFound("matter"))?;
    let matter = member.pass(&app, ShowMatter { matter: id }).await?;
    let (t, pack, now) = (member.words(), app.door.rules(), app.door.clock().now());
    let (mut deeds, mut not) = (vec![], vec![]);
    for line in matter.may.iter().filter(|_| !member.session.guest) {
        let icon = match line.action.as_str() {
            "take" => "archive",
            "collect" => "file-plus",
            "report" => "file-text",
            "hand_over_matter" => "user",
            "close_matter" => "circle-check",
            // An upload is a part of taking in; people are put on a matter beside their list.
            _ => continue,
        };
        if line.permitted {
            deeds.push(Deed {
                address: format!("/do/{}?matter={id}", line.action.replace('_', "-")),
                word: t.verb(&line.action),
                icon,
                at_once: None,
                danger: false,
            });
        } else {
            not.push(refused(t, &pack, line, None, None));
        }
    }
    let (states, material) = material(t, &pack, &matter);
    let terms = &matter.terms;
    let term = |question: String, allowed| Term { question, allowed };
    page(&MatterPage {
        shell: Shell::new(&member, Place::Matters, format!("{} {}", matter.code, matter.name)),
        due: Due::of(t, &terms.return_by, now),
        terms: vec![
            term(t.term_copies(), terms.copies),
            term(t.term_summaries(), terms.summaries),
            term(t.term_subcontractor(), terms.subcontractor),
            term(t.term_generative_ai(), terms.generative_ai),
            term(t.term_personal_device(), terms.personal_device),
            term(t.term_abroad(), terms.abroad),
        ],
        states,
        material,
        copies: matter.copies.iter().map(|copy| (copy.clone(), Due::of(t, &copy.due, now))).collect(),
        classes: pack.classes.iter().map(|class| Seal::of(t, &pack, &class.id)).collect(),
        access: matter
            .access
            .iter()
            .map(|one| {
                let may = pack.classes.iter().map(|class| one.classes.contains(&class.id));
                (one.name.clone(), may.collect())
            })
            .collect(),
        deeds,
        refused: not,
        may_change_members: matter.may.iter().any(|line| line.action == "change_members" && line.permitted),
        out: matter
            .still_out
            .iter()
            .map(|out| {
                let what = match out.what.split_once(' ') {
                    Some(("item", state)) => t.out_item(t.state(state)),
                    Some(("copy", rest)) => t.out_copy(rest.trim_start_matches("with ")),
                    _ => out.what.clone(),
                };
                (out.item.clone(), what)
            })
            .collect(),
        matter,
    })
}

#[derive(Template)]
#[template(path = "matters/parties.html")]
struct Parties {
    shell: Shell,
    parties: Vec<Party>,
}

/// 取引先.
pub(crate) async fn parties(State(app): State<App>, member: Member) -> Answer {
    let parties = member.pass(&app, ListParties::default()).await?;
    let title = member.words().parties();
    page(&Parties { shell: Shell::new(&member, Place::Administration, title), parties })
}
