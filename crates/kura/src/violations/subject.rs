//! A case, as operations are about it.

use super::store::{self, ViolationRow};
use super::{INVESTIGATED, REPORTED};
use crate::door::{Rev, Subject, Tx};
use crate::error::Result;
use crate::id::{PersonId, ViolationId};
use crate::rules::facts::{Resource, ViolationFacts};
use crate::rules::violations::Violations;

/// A case.
pub struct Violation(pub(crate) ViolationRow, String);

impl ViolationRow {
    /// The body that decides on it, once it is known whom it is about.
    pub(crate) fn body(&self, tracks: &Violations) -> String {
        let decides = self.state != REPORTED && self.state != INVESTIGATED;
        let track = tracks.track(&self.employment).filter(|_| decides);
        track.map(|track| track.body.clone()).unwrap_or_default()
    }

    /// What the rules see of it, when this body decides on it.
    pub(crate) fn resource(&self, body: &str) -> Resource {
        Resource::Violation(ViolationFacts {
            id: self.id,
            about: self.about,
            body: (!body.is_empty()).then(|| body.to_owned()),
        })
    }
}

impl Subject for Violation {
    type Key = ViolationId;
    const NAME: &'static str = "case";

    async fn load(tx: &mut Tx<'_>, _: Option<PersonId>, key: &ViolationId) -> Result<Option<Self>> {
        let Some(row) = store::violation(tx.connection(), *key).await? else { return Ok(None) };
        let body = row.body(&tx.rules().violations);
        Ok(Some(Self(row, body)))
    }

    fn resource(&self) -> Resource {
        self.0.resource(&self.1)
    }

    fn revs(&self) -> Vec<Rev> {
        Vec::new()
    }
}

impl Violation {
    /// One that was just made.
    pub(super) fn made(row: ViolationRow) -> Self {
        Self(row, String::new())
    }
}
