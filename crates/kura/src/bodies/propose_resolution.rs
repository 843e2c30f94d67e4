//! 議案: puts something before a body, to be resolved upon.

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::store::{self, ResolutionRow};
use super::{CARRIED, OPEN};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ResolutionId;
use crate::people;
use crate::policy::version::waiting;
use crate::rules::bodies::Body;
use crate::rules::facts::Action;
use crate::rules::pack::digest_of_parts;
use crate::text::{Name, Note};

/// Puts something before a body.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeResolution {
    /// The body: csr_committee or risk_management_subcommittee.
    #[arg(long, value_parser = ["csr_committee", "risk_management_subcommittee"])]
    pub body: String,
    /// What it is about.
    #[arg(long)]
    pub title: Name,
    /// What is resolved.
    #[arg(long)]
    pub words: Note,
    /// Number of the version of the policy that it is about: exactly what waits now.
    #[arg(long)]
    #[serde(default)]
    pub version: Option<i64>,
    /// The last day on which members vote (2027-04-01).
    #[arg(long)]
    #[serde(default)]
    pub closes_on: Option<String>,
}

/// What was put before the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Proposed {
    /// Its id.
    pub resolution: ResolutionId,
    /// The digest that members vote on.
    pub digest: String,
    /// The last day on which they vote.
    pub closes_on: String,
}

/// A body by its id; of an installation that knows none yet, that of the version which brings them.
pub(crate) fn body(tx: &Tx<'_>, id: &str) -> Option<Body> {
    let rules = tx.rules().clone();
    let candidate = tx.candidate();
    let waiting = candidate.iter().flat_map(|candidate| &candidate.pack.bodies);
    let bodies: Vec<&Body> =
        if rules.bodies.is_empty() { waiting.collect() } else { rules.bodies.iter().collect() };
    bodies.into_iter().find(|body| body.id == id).cloned()
}

impl Operation for ProposeResolution {
    const ACTION: Action = Action("propose_resolution");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = Proposed;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Proposed> {
        let body = body(tx, &self.body).ok_or_else(|| Error::invalid("body", "there is no such body"))?;
        let pack = match self.version {
            None => String::new(),
            Some(number) => {
                let row = waiting(tx).await?.filter(|row| row.number == number);
                row.ok_or(Error::NotFound("version of the policy that waits"))?.digest
            }
        };
        let today = tx.today();
        let members = store::members(tx.connection(), &body.id, &today.to_string()).await?;
        if members < body.quorum(members) {
            return Err(Error::conflict(format!(
                "the body has {members} members and its quorum is {}: appoint more first",
                body.quorum(members)
            )));
        }
        let last = today.saturating_add(body.days.days());
        let closes_on = clock::given_day("closes_on", self.closes_on.as_deref(), last)?;
        if closes_on < today || closes_on > last {
            return Err(Error::invalid("closes_on", format!("from today, within {} days", body.days)));
        }
        let (title, words) = (self.title.to_string(), self.words.to_string());
        let opened_by = tx.asker_id()?;
        let row = ResolutionRow {
            id: tx.id(ResolutionId::new),
            digest: digest_of_parts([body.id.as_str(), &title, &words, &pack]),
            body: body.id,
            title,
            words,
            pack,
            state: OPEN.to_owned(),
            opened: tx.now(),
            opened_by,
            opened_name: people::store::person(tx, opened_by).await?.name,
            closes_on: closes_on.to_string(),
            closed: 0,
            members: 0,
            event: tx.event(),
        };
        store::insert(tx.connection(), &row).await?;
        tx.note("resolution", row.id.to_string());
        tx.note("digest", row.digest.clone());
        tx.note("pack", row.pack.clone());
        Ok(Proposed { resolution: row.id, digest: row.digest, closes_on: row.closes_on })
    }
}

/// Holds a resolution against what it is to decide: carried, by a body that may, about exactly this pack.
///
/// # Errors
/// Anything else.
pub(crate) async fn carried(
    tx: &mut Tx<'_>,
    resolution: ResolutionId,
    pack: &str,
    needed: &str,
) -> Result<ResolutionRow> {
    let row = store::resolution(tx.connection(), resolution).await?;
    let row = row.ok_or(Error::NotFound("resolution"))?;
    if row.pack != pack {
        return Err(Error::conflict(
            "the resolution is about something else: put this version before the body",
        ));
    }
    if row.state != CARRIED {
        return Err(Error::conflict("the resolution was not carried"));
    }
    // What the subcommittee may decide the committee may too.
    if row.body != needed && row.body != "csr_committee" {
        return Err(Error::conflict("the CSR committee decides this: put it before the committee"));
    }
    Ok(row)
}
