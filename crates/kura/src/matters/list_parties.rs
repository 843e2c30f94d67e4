//! Lists the parties.

use serde::{Deserialize, Serialize};

use super::store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::PartyId;
use crate::rules::facts::Action;

/// Lists the parties in the register.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListParties {
    /// Parties whose name holds this text, or the one of this id.
    #[arg(long)]
    #[serde(default)]
    pub name: Option<String>,
    /// Number of lines, all when left out.
    #[arg(long)]
    #[serde(default)]
    pub limit: Option<i64>,
}

/// A party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Party {
    /// Id.
    pub party: PartyId,
    /// Name.
    pub name: String,
    /// Whether something can be sealed for them.
    pub has_recipient: bool,
    /// Whether they are abroad.
    pub abroad: bool,
}

impl Operation for ListParties {
    const ACTION: Action = Action("list_parties");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<Party>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<Party>> {
        crate::text::check_limit(self.limit)?;
        let rows = store::parties(tx, self.name.as_deref(), self.limit).await?;
        Ok(rows
            .into_iter()
            .map(|row| Party {
                party: row.id,
                name: row.name,
                has_recipient: !row.recipient.is_empty(),
                abroad: row.abroad,
            })
            .collect())
    }
}
