//! Lists the matters that one may know of.

use serde::{Deserialize, Serialize};

use super::store;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{MatterId, PartyId, PersonId};
use crate::rules::facts::Action;

/// Lists matters, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMatters {
    /// Matters whose code and name hold this text, or the one of this id.
    #[arg(long)]
    #[serde(default)]
    pub name: Option<String>,
    /// Open matters only.
    #[arg(long)]
    #[serde(default)]
    pub open: bool,
    /// Number of lines, all when left out.
    #[arg(long)]
    #[serde(default)]
    pub limit: Option<i64>,
}

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
        crate::text::check_limit(self.limit)?;
        let scope = tx.scope_of_matters().await?;
        let rows = store::matters(tx, &scope, self.name.as_deref(), self.open, self.limit).await?;
        let line = |row: store::MatterRow| MatterLine {
            matter: row.facts.id,
            code: row.code,
            name: row.name,
            party: row.facts.party,
            party_name: row.party_name,
            custodian: row.facts.custodian,
            custodian_name: row.custodian_name,
            open: row.facts.open,
            return_by: clock::rfc3339(row.return_by),
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
