//! Pages of resolutions: what the bodies decided, and each member's vote.

use askama::Template;
use axum::extract::{Path, State};

use super::list_resolutions::{ListResolutions, ResolutionView};
use crate::app::App;
use crate::error::Error;
use crate::id::ResolutionId;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};

/// A resolution as it is shown.
struct Line {
    body: String,
    state: String,
    style: &'static str,
    tally: String,
    quorum: String,
    /// Whether an exception may be recorded by it.
    grants: bool,
    view: ResolutionView,
}

fn line(t: &Words, view: ResolutionView) -> Line {
    let of = |choice: &str| view.votes.iter().filter(|vote| vote.choice == choice).count() as i64;
    let number = |number: i64| t.number(number);
    let voted = of("yes") + of("no") + of("abstain");
    Line {
        body: t.whom(&view.body),
        state: t.resolution_state(view.state.as_str()),
        style: match view.state.as_str() {
            "open" => "soon",
            "carried" => "good",
            _ => "",
        },
        tally: t.votes_so_far(number(of("yes")), number(of("no")), number(of("abstain"))),
        quorum: t.quorum_of(number(view.members), number(voted), number(view.quorum)),
        grants: view.state == "carried" && view.body == "csr_committee" && view.pack.is_empty(),
        view,
    }
}

#[derive(Template)]
#[template(path = "policy/resolutions.html")]
struct ResolutionsPage {
    shell: Shell,
    resolutions: Vec<Line>,
}

/// 決議: the newest resolutions.
pub(crate) async fn resolutions(State(app): State<App>, member: Member) -> Answer {
    let found = member.pass(&app, ListResolutions::default()).await?;
    let t = member.words();
    page(&ResolutionsPage {
        resolutions: found.into_iter().map(|view| line(t, view)).collect(),
        shell: Shell::new(&member, Place::Policy, t.resolutions()),
    })
}

/// A vote as it is shown.
struct VoteLine {
    name: String,
    /// From whose place it was cast; empty when from their own.
    place: String,
    choice: String,
    reason: String,
    made: String,
    signed: bool,
}

#[derive(Template)]
#[template(path = "policy/resolution.html")]
struct ResolutionPage {
    shell: Shell,
    line: Line,
    votes: Vec<VoteLine>,
}

/// A resolution, with its votes.
pub(crate) async fn resolution(
    State(app): State<App>,
    member: Member,
    Path(resolution): Path<String>,
) -> Answer {
    let resolution: ResolutionId = resolution.parse().map_err(|_| Error::NotFound("resolution"))?;
    let found = member.pass(&app, ListResolutions { resolution: Some(resolution) }).await?;
    let view = found.into_iter().next().ok_or(Error::NotFound("resolution"))?;
    let t = member.words();
    let votes = view.votes.iter().map(|vote| VoteLine {
        name: vote.name.clone(),
        place: match vote.delegated_by.as_str() {
            "" => String::new(),
            by => t.vote_from_the_place_of(by),
        },
        choice: t.choice(&vote.choice),
        reason: vote.reason.clone(),
        made: t.moment(&vote.made),
        signed: vote.signed,
    });
    let (votes, title) = (votes.collect(), view.title.clone());
    let line = line(t, view);
    page(&ResolutionPage {
        votes,
        shell: Shell::new(&member, Place::Policy, title),
        line: Line { grants: line.grants && member.permitted(&app, "grant_exception").await.is_ok(), ..line },
    })
}
