//! Hands over everything that one person is accountable for: before they leave, move on, or are away for long.
//!
//! Each item and each matter is decided as if it were handed over alone. What the rules do not let the asker hand over, or
//! the successor keep, stays where it is.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::store::{self, ItemRow};
use super::{custody_store, intake};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{MatterId, PersonId};
use crate::matters::hand_over_matter::successor;
use crate::matters::store as matters;
use crate::rules::facts::{Action, Resource};

/// Items handed over at once: the writer waits for them.
const MOST: i64 = 2_000;
/// Items looked at to find them.
const LOOKED_AT: i64 = 100_000;

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

/// What was decided for items that the rules cannot tell apart.
type Alike = (MatterId, i64, String, String, String, bool);

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
        successor(tx, self.to).await?;
        let mut done = HandedOver { items: 0, matters: 0, more: false, stay: 0 };
        let mut seen = BTreeMap::new();
        for id in custody_store::in_custody(tx, self.person, self.matter, LOOKED_AT).await? {
            if done.items == MOST {
                done.more = true;
                break;
            }
            let asker = Some(tx.asker_id()?);
            let item = store::item(tx, id, asker).await?.ok_or(Error::NotFound("item"))?;
            if self.may(tx, &item, &mut seen).await? {
                store::set_custodian(tx, id, self.to).await?;
                let fields = vec![("from", self.person.to_string()), ("to", self.to.to_string())];
                tx.also(id, &item.shard, fields);
                done.items += 1;
            } else if known(tx, &item)? {
                done.stay += 1;
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

/// Whether the asker may know of an item.
fn known(tx: &Tx<'_>, item: &ItemRow) -> Result<bool> {
    let resource = Resource::Item(item.facts.clone(), item.matter.clone());
    Ok(tx.rules().decide(tx.asker()?, Action("know"), &resource, tx.circumstances())?.permitted)
}

impl HandOverAll {
    /// Whether the asker may hand an item over and the successor keep it.
    async fn may(&self, tx: &mut Tx<'_>, item: &ItemRow, seen: &mut BTreeMap<Alike, bool>) -> Result<bool> {
        let facts = &item.facts;
        let alike = (
            facts.matter,
            facts.rank,
            facts.kind.clone(),
            facts.form.clone(),
            facts.state.clone(),
            facts.held || facts.contained || facts.shared || facts.granted_until.is_some(),
        );
        // What is out of the ordinary is decided by itself.
        let ordinary = !alike.5;
        if let Some(may) = seen.get(&alike).filter(|_| ordinary) {
            return Ok(*may);
        }
        let resource = Resource::Item(facts.clone(), item.matter.clone());
        let decided =
            tx.rules().decide(tx.asker()?, Action("hand_over"), &resource, tx.circumstances())?.permitted;
        let may = decided
            && match intake::accountable(tx, "to", self.to, (facts.clone(), item.matter.clone())).await {
                Ok(()) => true,
                Err(Error::Invalid { .. }) => false,
                Err(other) => return Err(other),
            };
        seen.insert(alike, may);
        Ok(may)
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
