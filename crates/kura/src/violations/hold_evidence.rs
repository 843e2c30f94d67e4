//! 保全措置: keeps the material of a case from being returned or erased until it is over.

use serde::{Deserialize, Serialize};

use super::store::{self, StepRow};
use super::subject::Violation;
use super::{APPEALED, HEARD, INVESTIGATED, step};
use crate::custody;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{HoldId, ViolationId};
use crate::rules::facts::Action;

/// Items that are held at once, at most.
const MOST: usize = 1_000;

/// Places a hold on the item of a case, or on all held material of its matter.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldEvidence {
    /// The case.
    pub violation: ViolationId,
}

/// How much is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HeldEvidence {
    /// Items on which a hold was placed now.
    pub items: i64,
}

impl Operation for HoldEvidence {
    const ACTION: Action = Action("hold_evidence");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = HeldEvidence;

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, on: Violation, tx: &mut Tx<'_>) -> Result<HeldEvidence> {
        step::is_in(&on, &[INVESTIGATED, HEARD, APPEALED])?;
        if on.0.item.is_none() && on.0.matter.is_none() {
            return Err(Error::conflict("the case names no material: there is nothing to hold"));
        }
        let found = store::to_hold(tx.connection(), on.0.id, on.0.item, on.0.matter).await?;
        if found.is_empty() {
            return Err(Error::conflict("all of its material that is held here is on hold already"));
        }
        if found.len() > MOST {
            return Err(Error::conflict("that is more than 1,000 items: place holds on single items"));
        }
        let by = tx.asker_id()?;
        // The hold says that there is a case, not which: its reason is read by whoever works with the material.
        for (item, shard) in &found {
            let hold = tx.id(HoldId::new);
            custody::store::insert_hold(tx, hold, *item, "調査のため / for an investigation", by).await?;
            store::insert_hold(tx.connection(), on.0.id, hold, *item).await?;
            tx.also(*item, shard, vec![("hold", hold.to_string())]);
        }
        let items = found.len() as i64;
        let told = StepRow { step: "held".to_owned(), told: items.to_string(), ..StepRow::default() };
        step::take(tx, &on, told).await?;
        Ok(HeldEvidence { items })
    }
}
