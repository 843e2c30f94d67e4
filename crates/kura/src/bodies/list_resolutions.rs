//! Lists resolutions with each member's vote: the minutes of the bodies.

use serde::{Deserialize, Serialize};

use super::propose_resolution::body;
use super::{OPEN, store};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ResolutionId;
use crate::people::office_store;
use crate::rules::facts::Action;

/// Lists the newest 100 resolutions, or shows one.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListResolutions {
    /// One alone.
    #[arg(long)]
    #[serde(default)]
    pub resolution: Option<ResolutionId>,
}

/// A vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VoteView {
    /// Whose.
    pub name: String,
    /// Who delegated their place in the body to them; empty when it is their own.
    pub delegated_by: String,
    /// yes, no, abstain or recuse.
    pub choice: String,
    /// Why.
    pub reason: String,
    /// When.
    pub made: String,
    /// Whether the member signed it with a passkey of their own; otherwise the server alone witnesses it.
    pub signed: bool,
    /// The record of it.
    pub event: String,
}

/// A resolution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ResolutionView {
    /// Its id.
    pub resolution: ResolutionId,
    /// The body.
    pub body: String,
    /// What it is about.
    pub title: String,
    /// What is resolved.
    pub words: String,
    /// Digest of the version of the policy that it is about; empty for none.
    pub pack: String,
    /// Digest of exactly what is voted on.
    pub digest: String,
    /// open, carried, rejected or lapsed.
    pub state: String,
    /// Who put it before the body.
    pub opened_by: String,
    /// When.
    pub opened: String,
    /// The last day on which members vote.
    pub closes_on: String,
    /// When it was decided.
    pub closed: String,
    /// Members: now, or when it was decided.
    pub members: i64,
    /// How many must vote.
    pub quorum: i64,
    /// The votes, the first one first.
    pub votes: Vec<VoteView>,
    /// Whether your vote is awaited.
    pub yours: bool,
}

/// Resolutions that are told.
const TOLD: i64 = 100;

impl Operation for ListResolutions {
    const ACTION: Action = Action("list_resolutions");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<ResolutionView>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<ResolutionView>> {
        let rows = match self.resolution {
            None => store::newest(tx.connection(), TOLD).await?,
            Some(id) => {
                vec![store::resolution(tx.connection(), id).await?.ok_or(Error::NotFound("resolution"))?]
            }
        };
        let (asker, today) = (tx.asker()?.clone(), tx.today().to_string());
        let mut views = Vec::new();
        for row in rows {
            let votes = store::votes(tx.connection(), row.id).await?;
            let open = row.state == OPEN;
            let members = match open {
                true => store::members(tx.connection(), &row.body, &today).await?,
                false => row.members,
            };
            let mut yours = open && asker.offices.contains(&row.body);
            if yours {
                let seat = office_store::seat(tx.connection(), asker.id, &row.body, &today).await?;
                yours = !votes.iter().any(|vote| vote.person == asker.id || vote.seat == seat);
            }
            let recused = store::counted(&votes).recused;
            let quorum = body(tx, &row.body).map_or(0, |body| body.quorum(members - recused));
            views.push(ResolutionView {
                resolution: row.id,
                yours,
                body: row.body,
                title: row.title,
                words: row.words,
                pack: row.pack,
                digest: row.digest,
                state: row.state,
                opened_by: row.opened_name,
                opened: clock::rfc3339(row.opened),
                closes_on: row.closes_on,
                closed: clock::told(row.closed),
                members,
                quorum,
                votes: votes
                    .into_iter()
                    .map(|vote| VoteView {
                        name: vote.name,
                        delegated_by: vote.by,
                        choice: vote.choice,
                        reason: vote.reason,
                        made: clock::rfc3339(vote.made),
                        signed: vote.signed,
                        event: vote.event.to_string(),
                    })
                    .collect(),
            });
        }
        Ok(views)
    }
}
