//! Records that the subcommittee resolved upon a change to the systems.

use serde::{Deserialize, Serialize};

use super::store;
use crate::bodies::propose_resolution::carried;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ChangeId, ResolutionId};
use crate::people;
use crate::rules::facts::Action;

/// Records that the subcommittee resolved upon a change.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveChange {
    /// The change.
    pub change: ChangeId,
    /// The resolution that was carried upon it; its words hold the change's number.
    #[arg(long)]
    pub resolution: ResolutionId,
}

impl Operation for ApproveChange {
    const ACTION: Action = Action("approve_change");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = store::change(tx.connection(), self.change).await?;
        if row.resolution.is_some() {
            return Err(Error::conflict("it was resolved upon already"));
        }
        let resolution = carried(tx, self.resolution, "", "risk_management_subcommittee").await?;
        if !resolution.words.contains(&row.number) && !resolution.title.contains(&row.number) {
            let what = format!("the resolution is not about this change: write {} in its words", row.number);
            return Err(Error::conflict(what));
        }
        let by = tx.asker_id()?;
        row.resolution = Some(resolution.id);
        row.approved = tx.now();
        row.approved_name = people::store::person(tx, by).await?.name;
        store::update(tx.connection(), &row).await?;
        tx.note("number", row.number);
        Ok(())
    }
}
