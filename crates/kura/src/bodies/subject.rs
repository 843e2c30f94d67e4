//! A resolution, as an operation is about it.

use super::store::{self, ResolutionRow};
use crate::door::operation::Revised;
use crate::door::{Rev, Subject, Tx};
use crate::error::Result;
use crate::id::{PersonId, ResolutionId};
use crate::rules::facts::{ResolutionFacts, Resource};

/// A resolution.
pub struct Resolution(pub(crate) ResolutionRow);

impl Subject for Resolution {
    type Key = ResolutionId;
    const NAME: &'static str = "resolution";

    async fn load(tx: &mut Tx<'_>, _: Option<PersonId>, key: &ResolutionId) -> Result<Option<Self>> {
        Ok(store::resolution(tx.connection(), *key).await?.map(Self))
    }

    fn resource(&self) -> Resource {
        Resource::Resolution(ResolutionFacts { id: self.0.id, office: self.0.body.clone() })
    }

    fn revs(&self) -> Vec<Rev> {
        // What is voted on never changes: a member signs the first revision, which is the only one.
        vec![Rev { of: Revised::Resolution, id: self.0.id.to_string(), rev: 1 }]
    }
}
