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
    type Subject = Matter;
    type Output = ();

    fn subject(&self) -> MatterId {
        self.matter
    }

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<()> {
        if !on.0.facts.open {
            return Err(Error::conflict("the matter is closed already"));
        }
        let out = still_out(tx, self.matter).await?;
        if !out.is_empty() {
            let list = out.iter().map(|out| format!("{} ({})", out.item, out.what));
            return Err(Error::conflict(format!(
                "{} still out; return or erase each, and have copies attested destroyed: {}",
                out.len(),
                list.collect::<Vec<_>>().join(", ")
            )));
        }
        store::close(tx, self.matter).await
    }
}
