//! Confirms a ruling for the clause's text as it is now, after a revision let it lapse.

use serde::{Deserialize, Serialize};

use super::ruling_store;
use super::version::in_force;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::RulingId;
use crate::rules::facts::Action;

/// Confirms a ruling that lapsed when its clause was revised.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRuling {
    /// The ruling.
    pub ruling: RulingId,
}

impl Operation for ConfirmRuling {
    const ACTION: Action = Action("confirm_ruling");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = ruling_store::ruling(tx.connection(), self.ruling).await?;
        if !row.superseded_by.is_empty() {
            return Err(Error::conflict("another ruling took its place already"));
        }
        let digest = tx.rules().clause_digest(&row.clause);
        let digest = digest
            .ok_or_else(|| Error::conflict("its clause is no more: there is nothing to confirm it for"))?;
        if digest == row.digest {
            return Err(Error::conflict("it holds for the clause as it is: there is nothing to confirm"));
        }
        row.digest = digest;
        row.version = in_force(tx).await?.number;
        row.confirmed = tx.now();
        ruling_store::update(tx.connection(), &row).await?;
        tx.note("clause", row.clause);
        tx.note("version", row.version.to_string());
        tx.note("digest", row.digest);
        Ok(())
    }
}
