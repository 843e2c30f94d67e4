//! Lists the matters that one may know of.

use serde::{Deserialize, Serialize};

use super::store;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{MatterId, PartyId, PersonId};
use crate::rules::facts::{Action, Resource};

/// Lists matters, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMatters {}

/// A matter in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MatterLine {
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
    /// When everything is to be returned or erased.
    pub return_by: String,
}

impl Operation for ListMatters {
    const ACTION: Action = Action("list_matters");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<MatterLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<MatterLine>> {
        let rules = tx.rules().clone();
        let asker = tx.asker()?.clone();
        let circumstances = tx.circumstances().clone();
        let mut lines = Vec::new();
        // A firm has hundreds of matters, not millions: each is decided on its own.
        for row in store::matters(tx).await? {
            let resource = Resource::Matter(row.facts.clone());
            let decision = rules.decide(&asker, Action("know_matter"), &resource, &circumstances)?;
            if decision.permitted {
                lines.push(MatterLine {
                    matter: row.facts.id,
                    code: row.code,
                    name: row.name,
                    party: row.facts.party,
                    party_name: row.party_name,
                    custodian: row.facts.custodian,
                    custodian_name: row.custodian_name,
                    open: row.facts.open,
                    return_by: clock::rfc3339(row.return_by),
                });
            }
        }
        Ok(lines)
    }
}
