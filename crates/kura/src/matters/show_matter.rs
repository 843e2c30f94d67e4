//! Shows a matter: its terms in plain words, its people, and what is still out.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Matter;
use crate::clock;
use crate::custody::list_store;
use crate::door::{Operation, Subject as _, Tx};
use crate::error::Result;
use crate::id::{MatterId, PartyId, PersonId};
use crate::rules::facts::Action;
use crate::rules::may::{May, ON_MATTERS, may};

/// Shows a matter.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowMatter {
    /// The matter.
    pub matter: MatterId,
}

/// What the terms allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Terms {
    /// Lawful basis.
    pub basis: String,
    /// Purpose.
    pub purpose: String,
    /// When everything is to be returned or erased.
    pub return_by: String,
    /// Copies may be made.
    pub copies: bool,
    /// Summaries may be made.
    pub summaries: bool,
    /// It may be given to a subcontractor.
    pub subcontractor: bool,
    /// It may be given to a generative-AI service.
    pub generative_ai: bool,
    /// It may go abroad.
    pub abroad: bool,
    /// It may be on a personal device.
    pub personal_device: bool,
}

/// A person of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Member {
    /// Id.
    pub person: PersonId,
    /// Name.
    pub name: String,
}

/// Something that keeps a matter from being closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StillOut {
    /// What and where.
    pub what: String,
    /// The item's name.
    pub item: String,
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MatterView {
    /// Id.
    pub matter: MatterId,
    /// Code in the firm.
    pub code: String,
    /// Name.
    pub name: String,
    /// Consignor.
    pub party: PartyId,
    /// The consignor's name.
    pub party_name: String,
    /// Who is accountable.
    pub custodian: PersonId,
    /// Their name.
    pub custodian_name: String,
    /// Whether it is open.
    pub open: bool,
    /// Its terms.
    pub terms: Terms,
    /// Its people.
    pub members: Vec<Member>,
    /// How many items and copies keep it from being closed.
    pub still_out_count: i64,
    /// Those of them that you may know of.
    pub still_out: Vec<StillOut>,
    /// What you may do with it, and why not.
    pub may: Vec<May>,
    /// Its revision.
    pub revision: i64,
}

/// Lines of a list of what is still out at most.
const MOST: i64 = 200;

/// What is still out: how many items and copies in all, and those that the asker may know of.
pub(super) async fn still_out(tx: &mut Tx<'_>, matter: MatterId) -> Result<(i64, Vec<StillOut>)> {
    let all = store::still_out(tx, matter).await?;
    let scope = tx.scope().await?;
    let known = list_store::still_out(tx, &scope, matter, MOST).await?;
    Ok((all, known.into_iter().map(|(what, item)| StillOut { what, item }).collect()))
}

impl Operation for ShowMatter {
    const ACTION: Action = Action("show_matter");
    const WRITES: bool = false;
    type Subject = Matter;
    type Output = MatterView;

    fn subject(&self) -> MatterId {
        self.matter
    }

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<MatterView> {
        let members = store::members(tx, self.matter).await?;
        let (still_out_count, still_out) = still_out(tx, self.matter).await?;
        let may = may(tx.rules(), tx.asker()?, &on.resource(), tx.circumstances(), &ON_MATTERS)?;
        let row = on.0;
        Ok(MatterView {
            may,
            party_name: row.party_name,
            custodian_name: row.custodian_name,
            matter: self.matter,
            terms: Terms {
                basis: row.basis,
                purpose: row.purpose,
                return_by: clock::rfc3339(row.return_by),
                copies: row.facts.copies,
                summaries: row.facts.summaries,
                subcontractor: row.facts.subcontractor,
                generative_ai: row.facts.generative_ai,
                abroad: row.facts.abroad,
                personal_device: row.facts.personal_device,
            },
            code: row.code,
            name: row.name,
            party: row.facts.party,
            custodian: row.facts.custodian,
            open: row.facts.open,
            members: members.into_iter().map(|(person, name)| Member { person, name }).collect(),
            still_out_count,
            still_out,
            revision: row.rev,
        })
    }
}
