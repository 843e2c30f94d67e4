//! An evaluation and a finding, as operations are about them.

use super::finding_store::{self, FindingRow};
use super::store::{self, EvaluationRow};
use crate::door::{Rev, Subject, Tx};
use crate::error::Result;
use crate::id::{EvaluationId, FindingId, PersonId};
use crate::rules::facts::{EvaluationFacts, FindingFacts, Resource};

/// An evaluation.
pub struct Evaluation(pub(crate) EvaluationRow);

impl EvaluationRow {
    /// What the rules see of it.
    pub(crate) fn resource(&self) -> Resource {
        Resource::Evaluation(EvaluationFacts {
            id: self.id,
            kind: self.kind.clone(),
            lead: self.lead,
            audited: self.audited.clone(),
        })
    }
}

impl Subject for Evaluation {
    type Key = EvaluationId;
    const NAME: &'static str = "evaluation";

    async fn load(tx: &mut Tx<'_>, _: Option<PersonId>, key: &EvaluationId) -> Result<Option<Self>> {
        Ok(store::evaluation(tx.connection(), *key).await?.map(Self))
    }

    fn resource(&self) -> Resource {
        self.0.resource()
    }

    fn revs(&self) -> Vec<Rev> {
        Vec::new()
    }
}

/// A finding.
pub struct Finding(pub(crate) FindingRow);

impl FindingRow {
    /// What the rules see of it.
    pub(crate) fn resource(&self) -> Resource {
        Resource::Finding(FindingFacts {
            id: self.id,
            lead: self.raised_by,
            audited: self.audited.clone(),
            owner: self.owner,
            done_by: self.done_by,
        })
    }
}

impl Subject for Finding {
    type Key = FindingId;
    const NAME: &'static str = "finding";

    async fn load(tx: &mut Tx<'_>, _: Option<PersonId>, key: &FindingId) -> Result<Option<Self>> {
        Ok(finding_store::finding(tx.connection(), *key).await?.map(Self))
    }

    fn resource(&self) -> Resource {
        self.0.resource()
    }

    fn revs(&self) -> Vec<Rev> {
        Vec::new()
    }
}
