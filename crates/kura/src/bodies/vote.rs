//! 表決: a member's vote; and what becomes of a resolution.

use serde::{Deserialize, Serialize};

use super::propose_resolution::body;
use super::store::{self, ResolutionRow, VoteRow};
use super::subject::Resolution;
use super::{CARRIED, OPEN};
use crate::door::operation::Installation;
use crate::door::{Actor, Door, Operation, Options, Tx};
use crate::error::{Error, Result};
use crate::id::ResolutionId;
use crate::people::{self, office_store};
use crate::rules::bodies::Outcome;
use crate::rules::facts::Action;
use crate::text::Note;

/// A member's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Choice {
    /// 賛成.
    Yes,
    /// 反対.
    No,
    /// 棄権.
    Abstain,
    /// 利害関係により不参加.
    Recuse,
}

impl Choice {
    fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Abstain => "abstain",
            Self::Recuse => "recuse",
        }
    }
}

/// Votes on a resolution.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The digest of what was read: a vote is on exactly this.
    #[arg(long)]
    pub digest: String,
    /// The choice.
    #[arg(long, value_enum)]
    pub choice: Choice,
    /// Why; a conflict of interest is named.
    #[arg(long)]
    #[serde(default)]
    pub reason: Option<Note>,
}

/// How the resolution stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Voted {
    /// open, carried, rejected or lapsed.
    pub state: String,
}

/// Closes a resolution when its votes decide it, or when its time has come.
async fn settle(tx: &mut Tx<'_>, mut row: ResolutionRow, closing: bool) -> Result<String> {
    let body = body(tx, &row.body).ok_or_else(|| Error::conflict("the policy knows this body no more"))?;
    let votes = store::votes(tx.connection(), row.id).await?;
    let today = tx.today().to_string();
    let members = store::members(tx.connection(), &row.body, &today).await?;
    let Some(outcome) = body.outcome(members, store::counted(&votes), closing) else {
        return Ok(row.state);
    };
    row.state = match outcome {
        Outcome::Carried => CARRIED,
        Outcome::Rejected => "rejected",
        Outcome::Lapsed => "lapsed",
    }
    .to_owned();
    (row.closed, row.members) = (tx.now(), members);
    store::close(tx.connection(), &row).await?;
    tx.note("outcome", row.state.clone());
    Ok(row.state)
}

impl Operation for Vote {
    const ACTION: Action = Action("vote");
    const WRITES: bool = true;
    type Subject = Resolution;
    type Output = Voted;

    fn subject(&self) -> ResolutionId {
        self.resolution
    }

    async fn perform(self, on: Resolution, tx: &mut Tx<'_>) -> Result<Voted> {
        let row = on.0;
        if row.digest != self.digest {
            return Err(Error::conflict("this is not what is voted on: read the resolution again"));
        }
        if row.state != OPEN || row.closes_on < tx.today().to_string() {
            return Err(Error::conflict("the vote on this is over"));
        }
        if self.choice == Choice::Recuse && self.reason.is_none() {
            return Err(Error::invalid("reason", "say what the conflict of interest is"));
        }
        let (person, today) = (tx.asker_id()?, tx.today().to_string());
        let seat = office_store::seat(tx.connection(), person, &row.body, &today).await?;
        let vote = VoteRow {
            person,
            seat,
            by: String::new(),
            name: people::store::person(tx, person).await?.name,
            choice: self.choice.name().to_owned(),
            reason: self.reason.map(String::from).unwrap_or_default(),
            made: tx.now(),
            signed: tx.signed().is_some(),
            event: tx.event(),
        };
        if !store::insert_vote(tx.connection(), row.id, &vote).await? {
            let votes = store::votes(tx.connection(), row.id).await?;
            return Err(Error::conflict(match votes.iter().any(|vote| vote.person == person) {
                true => "you have voted on this already: a vote is not changed",
                false => {
                    "somebody has voted on this from your place in the body already: a vote is not changed"
                }
            }));
        }
        if seat != person {
            tx.note("seat", seat.to_string());
        }
        tx.note("digest", row.digest.clone());
        tx.note("choice", vote.choice);
        Ok(Voted { state: settle(tx, row, false).await? })
    }
}

/// 表決の締切り: the last day of a resolution has passed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CloseResolution {
    resolution: ResolutionId,
}

impl Operation for CloseResolution {
    const ACTION: Action = Action("close_resolution");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let row = store::resolution(tx.connection(), self.resolution).await?;
        let row = row.filter(|row| row.state == OPEN && row.closes_on < tx.today().to_string());
        let row = row.ok_or_else(|| Error::conflict("the vote on this is over"))?;
        tx.note("resolution", row.id.to_string());
        settle(tx, row, true).await?;
        Ok(())
    }
}

/// Closes the resolutions whose last day has passed.
pub async fn close_overdue(door: &Door) -> Result<()> {
    let today = door.clock().today().to_string();
    let overdue = store::overdue(&mut *door.database().reader().await?, &today).await?;
    for resolution in overdue {
        door.pass(&Actor::system(), CloseResolution { resolution }, Options::default()).await?;
    }
    Ok(())
}
