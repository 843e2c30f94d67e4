//! A matter as the subject of an operation.

use super::store::{self, MatterRow};
use crate::door::Tx;
use crate::door::operation::{Rev, Revised, Subject};
use crate::error::Result;
use crate::id::{MatterId, PersonId};
use crate::rules::facts::{Action, Resource};

/// A matter.
pub struct Matter(pub(crate) MatterRow);

impl Subject for Matter {
    type Key = MatterId;
    const NAME: &'static str = "matter";

    async fn load(tx: &mut Tx<'_>, _: Option<PersonId>, key: &MatterId) -> Result<Option<Self>> {
        Ok(store::matter(tx, *key).await?.map(Self))
    }

    fn resource(&self) -> Resource {
        Resource::Matter(self.0.facts.clone())
    }

    fn revs(&self) -> Vec<Rev> {
        vec![Rev { of: Revised::Matter, id: self.0.facts.id.to_string(), rev: self.0.rev }]
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![("matter", self.0.facts.id.to_string()), ("matter_name", self.0.name.clone())]
    }
}

/// A matter as far as the asker may know of it: its row, or nothing.
pub(crate) async fn known(tx: &mut Tx<'_>, id: MatterId) -> Result<Option<MatterRow>> {
    let Some(row) = store::matter(tx, id).await? else {
        return Ok(None);
    };
    let rules = tx.rules().clone();
    let resource = Resource::Matter(row.facts.clone());
    let decision = rules.decide(tx.asker()?, Action("know_matter"), &resource, tx.circumstances())?;
    Ok(decision.permitted.then_some(row))
}
