//! Tells what happened to an item, from the ledger: every record of its chain, newest first.
//!
//! What is told of a record stands in its openings; those of an item whose key is destroyed are gone with it, and
//! then the ledger's entry alone is left: what was done, and when.

use kura_ledger::leaf::{Leaf, Outcome};
use serde::{Deserialize, Serialize};

use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{EventId, ItemId};
use crate::ledger::store::{self as ledger, StoredRecord};
use crate::people::names::Names;
use crate::rules::facts::Action;

/// Lines at most.
const MOST: i64 = 200;

/// Tells what happened to an item.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// The item.
    pub item: ItemId,
    /// Records before this index of the ledger only: the last of the page before.
    #[arg(long)]
    #[serde(default)]
    pub before: Option<i64>,
    /// Number of lines, 200 at most and when left out.
    #[arg(long)]
    #[serde(default)]
    pub limit: Option<i64>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Happened {
    /// Index in the ledger.
    pub index: i64,
    /// The record's id.
    pub event: EventId,
    /// What was done, or asked for.
    pub operation: String,
    /// Whether it was refused.
    pub refused: bool,
    /// When.
    pub at: String,
    /// Who; empty when that is erased with the item's key.
    pub actor: String,
}

/// A page of what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Told {
    /// The records, newest first.
    pub records: Vec<Happened>,
    /// Give this as `before` for what was before; nothing when there is no more.
    pub next: Option<i64>,
}

/// Who acted, by the record's own word.
async fn actor(tx: &mut Tx<'_>, names: &mut Names, item: &Item, record: &StoredRecord) -> Result<String> {
    // A record that was made after the item's key was destroyed is sealed under the firm's key.
    let Ok(openings) = tx.unseal(&item.0.shard, item.0.facts.id, record.event, &record.sealed) else {
        return Ok(String::new());
    };
    let actor = openings.into_iter().find(|opening| opening.field == "actor");
    let Some(actor) = actor.map(|opening| opening.value) else {
        return Ok(String::new());
    };
    names.of(tx, actor).await
}

impl Operation for Timeline {
    const ACTION: Action = Action("timeline");
    const WRITES: bool = false;
    type Subject = Item;
    type Output = Told;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Told> {
        let before = self.before.unwrap_or(i64::MAX);
        let limit = self.limit.unwrap_or(MOST);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::invalid("limit", format!("a page has 1 to {MOST} lines")));
        }
        let mut stored = ledger::newest(tx.connection(), self.item, before, limit + 1).await?;
        let more = stored.len() as i64 > limit;
        stored.truncate(limit as usize);
        let mut names = Names::default();
        let mut records = Vec::with_capacity(stored.len());
        for record in stored {
            let leaf = Leaf::parse(record.leaf.as_bytes()).map_err(Error::internal)?;
            records.push(Happened {
                index: record.index as i64,
                event: record.event,
                operation: leaf.operation,
                refused: leaf.outcome == Outcome::Refused,
                at: leaf.at,
                actor: actor(tx, &mut names, &on, &record).await?,
            });
        }
        let next = records.last().filter(|_| more).map(|last| last.index);
        Ok(Told { records, next })
    }
}
