//! Closes a matter, once everything in it is returned or erased and no copy of it is out.

use serde::{Deserialize, Serialize};

use super::show_matter::still_out;
use super::store;
use super::subject::Matter;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::MatterId;
use crate::rules::facts::Action;

/// Closes a matter.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseMatter {
    /// The matter.
    pub matter: MatterId,
}

impl Operation for CloseMatter {
    const ACTION: Action = Action("close_matter");
    const WRITES: bool = true;
    const TELLS_WHY_NOT: bool = true;
    type Subject = Matter;
    type Output = ();

    fn subject(&self) -> MatterId {
        self.matter
    }

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<()> {
        if !on.0.facts.open {
            return Err(Error::conflict("the matter is closed already"));
        }
        let scope = tx.scope().await?;
        let (all, known) = still_out(tx, &scope, self.matter).await?;
        if all > 0 {
            let mut list: Vec<String> =
                known.iter().map(|out| format!("{} ({})", out.item, out.what)).collect();
            if (list.len() as i64) < all {
                list.push(format!("{} more", all - list.len() as i64));
            }
            return Err(Error::conflict(format!(
                "{all} still out; return or erase each, and have copies attested destroyed: {}",
                list.join(", ")
            )));
        }
        store::close(tx, self.matter).await
    }
}
