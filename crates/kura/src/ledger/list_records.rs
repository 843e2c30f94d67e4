//! Lists the ledger's records for whoever audits it: who did what, when, and how it ended. What a record says of material
//! beyond its id stays with those who may know of it.

use kura_ledger::leaf::{Leaf, Outcome};
use serde::{Deserialize, Serialize};

use super::store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{EventId, ItemId, PersonId};
use crate::people::names::Names;
use crate::rules::facts::Action;

/// Lines on a page at most.
const MOST: i64 = 200;
/// Records read at once.
const AT_ONCE: i64 = 500;
/// Records looked through for one page at most; the next page goes on behind them.
const LOOKED_THROUGH: i64 = 20_000;

/// Lists records of the ledger, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRecords {
    /// Records of this operation only.
    #[arg(long)]
    #[serde(default)]
    pub operation: Option<String>,
    /// Records of what this person did only.
    #[arg(long)]
    #[serde(default)]
    pub person: Option<PersonId>,
    /// Records of this item only.
    #[arg(long)]
    #[serde(default)]
    pub item: Option<ItemId>,
    /// What was refused only.
    #[arg(long)]
    #[serde(default)]
    pub refused: bool,
    /// Records before this index of the ledger only: the end of the page before.
    #[arg(long)]
    #[serde(default)]
    pub before: Option<i64>,
    /// Number of lines, 50 when left out, at most 200.
    #[arg(long)]
    #[serde(default)]
    pub limit: Option<i64>,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecordLine {
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
    /// Who; empty when that is erased with an item's key.
    pub actor: String,
    /// The item, when it is of one.
    pub item: Option<ItemId>,
    /// The rules that decided.
    pub decided_by: String,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Records {
    /// The records, newest first.
    pub records: Vec<RecordLine>,
    /// Give this as `before` for what was before; nothing when there is no more.
    pub next: Option<i64>,
}

impl ListRecords {
    /// A record as a line, when it is one of those that are sought.
    async fn line(
        &self,
        tx: &mut Tx<'_>,
        names: &mut Names,
        record: store::SealedRecord,
    ) -> Result<Option<RecordLine>> {
        let leaf = Leaf::parse(record.leaf.as_bytes()).map_err(Error::internal)?;
        let refused = leaf.outcome == Outcome::Refused;
        let of = record.item.as_ref().map(|(item, _)| *item);
        if self.operation.as_ref().is_some_and(|sought| *sought != leaf.operation)
            || (self.refused && !refused)
            || (self.item.is_some() && self.item != of)
        {
            return Ok(None);
        }
        // A record whose item's key is destroyed has nothing left to open.
        let openings =
            tx.unseal_record(record.item.as_ref(), record.event, &record.sealed).unwrap_or_default();
        let told = |field: &str| {
            let opening = openings.iter().find(|opening| opening.field == field);
            opening.map(|opening| opening.value.clone()).unwrap_or_default()
        };
        let actor = told("actor");
        let person = actor.parse::<PersonId>().ok();
        if self.person.is_some() && self.person != person {
            return Ok(None);
        }
        Ok(Some(RecordLine {
            index: record.index as i64,
            event: record.event,
            operation: leaf.operation,
            refused,
            at: leaf.at,
            actor: names.of(tx, actor).await?,
            item: of,
            decided_by: told("decided_by"),
        }))
    }
}

impl Operation for ListRecords {
    const ACTION: Action = Action("list_records");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Records;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Records> {
        let limit = self.limit.unwrap_or(50);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::invalid("limit", format!("a page has 1 to {MOST} lines")));
        }
        let mut before = self.before.unwrap_or(i64::MAX);
        let (mut records, mut names, mut looked) = (Vec::new(), Names::default(), 0);
        while looked < LOOKED_THROUGH {
            let page = store::any_before(tx.connection(), before, AT_ONCE).await?;
            if page.is_empty() {
                return Ok(Records { records, next: None });
            }
            looked += page.len() as i64;
            for record in page {
                before = record.index as i64;
                records.extend(self.line(tx, &mut names, record).await?);
                if records.len() as i64 == limit {
                    return Ok(Records { records, next: (before > 0).then_some(before) });
                }
            }
        }
        Ok(Records { records, next: (before > 0).then_some(before) })
    }
}
