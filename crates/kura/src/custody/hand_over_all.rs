//! Hands over everything that one person is accountable for: before they leave, move on, or are away for long.
//!
//! Each item and each matter is decided as if it were handed over alone. What the rules do not let the asker hand over, or
//! the successor keep, stays where it is.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::store::{self, ItemRow};
use super::{custody_store, intake, subject};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{MatterId, PersonId};
use crate::matters::hand_over_matter::successor;
use crate::matters::store as matters;
use crate::rules::facts::{Action, Resource};

/// Items handed over at once: the writer waits for them.
const MOST: i64 = 2_000;

/// Hands over all that a person is accountable for.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverAll {
    /// Who is accountable now.
    pub person: PersonId,
    /// The new custodian.
    #[arg(long)]
    pub to: PersonId,
    /// Only what belongs to this matter.
    #[arg(long)]
    #[serde(default)]
    pub matter: Option<MatterId>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HandedOver {
    /// Items that were handed over.
    pub items: i64,
    /// Matters that were handed over.
    pub matters: i64,
    /// Whether more wait: the same again hands over the next ones.
    pub more: bool,
    /// Items that the asker knows of and that stay: the rules do not let the asker hand them over, or the successor
    /// keep them.
    pub stay: i64,
}

impl Operation for HandOverAll {
    const ACTION: Action = Action("hand_over_all");
    const WRITES: bool = true;
    const DEADLINE: Duration = Duration::from_secs(30);
    type Subject = Installation;
    type Output = HandedOver;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<HandedOver> {
        if self.to == self.person {
            return Err(Error::invalid("to", "this person is accountable already: name another"));
        }
        successor(tx, "to", self.to).await?;
        let mut done = HandedOver { items: 0, matters: 0, more: false, stay: 0 };
        // Items that the rules cannot tell apart are decided once.
        for alike in custody_store::alike_in_custody(tx, self.person, self.matter).await? {
            let one =
                store::item(tx, alike.one, Some(tx.asker_id()?)).await?.ok_or(Error::NotFound("item"))?;
            if !self.may(tx, &one).await? {
                if subject::may_know(tx, &one)? {
                    done.stay += alike.items;
                }
                continue;
            }
            let room = MOST - done.items;
            for (item, shard) in custody_store::like(tx, self.person, &one, room).await? {
                store::set_custodian(tx, item, self.to).await?;
                let fields = vec![("from", self.person.to_string()), ("to", self.to.to_string())];
                tx.also(item, &shard, fields);
                done.items += 1;
            }
            if alike.items > room {
                done.more = true;
                break;
            }
        }
        if !done.more {
            done.matters = self.matters(tx).await?;
        }
        tx.note("person", self.person.to_string());
        tx.note("to", self.to.to_string());
        tx.note("items", done.items.to_string());
        tx.note("matters", done.matters.to_string());
        Ok(done)
    }
}

impl HandOverAll {
    /// Whether the asker may hand an item over and the successor keep it.
    async fn may(&self, tx: &mut Tx<'_>, item: &ItemRow) -> Result<bool> {
        let resource = Resource::Item(item.facts.clone(), item.matter.clone());
        let decision = tx.rules().decide(tx.asker()?, Action("hand_over"), &resource, tx.circumstances())?;
        if !decision.permitted {
            return Ok(false);
        }
        match intake::accountable(tx, "to", self.to, (item.facts.clone(), item.matter.clone())).await {
            Ok(()) => Ok(true),
            Err(Error::Invalid { .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Hands the open matters over; how many.
    async fn matters(&self, tx: &mut Tx<'_>) -> Result<i64> {
        let mut handed = vec![];
        for row in matters::in_custody(tx, self.person, self.matter).await? {
            let resource = Resource::Matter(row.facts.clone());
            let action = Action("hand_over_matter");
            if tx.rules().decide(tx.asker()?, action, &resource, tx.circumstances())?.permitted {
                matters::set_custodian(tx, row.facts.id, self.to).await?;
                handed.push(row.facts.id.to_string());
            }
        }
        if !handed.is_empty() {
            tx.note("matters_handed_over", handed.join(" "));
        }
        Ok(handed.len() as i64)
    }
}
