//! Says whether what was reported is investigated: under which clause, about whom, by whom.

use serde::{Deserialize, Serialize};

use super::store::{self, StepRow};
use super::subject::Violation;
use super::{DISMISSED, INVESTIGATED, Personal, REPORTED, step};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{PersonId, ViolationId};
use crate::people::Office;
use crate::rules::facts::Action;
use crate::text::Note;

/// Says whether what was reported is investigated; while it is investigated, says it anew.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TriageViolation {
    /// The case.
    pub violation: ViolationId,
    /// The clause that it is about.
    #[arg(long)]
    pub clause: String,
    /// The personal data that it touches: the clocks follow from it.
    #[arg(long)]
    pub personal: Personal,
    /// Who handles it; you when left out.
    #[arg(long)]
    #[serde(default)]
    pub handler: Option<PersonId>,
    /// The person concerned.
    #[arg(long)]
    #[serde(default)]
    pub about: Option<PersonId>,
    /// It is no violation, and is not investigated.
    #[arg(long)]
    #[serde(default)]
    pub dismiss: bool,
    /// Why.
    #[arg(long)]
    pub reason: Note,
}

impl Operation for TriageViolation {
    const ACTION: Action = Action("triage_violation");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ();

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, mut on: Violation, tx: &mut Tx<'_>) -> Result<()> {
        step::is_in(&on, &[REPORTED, INVESTIGATED])?;
        if !tx.rules().clauses.iter().any(|clause| clause.id == self.clause) {
            return Err(Error::NotFound("clause"));
        }
        let handler = match self.handler {
            Some(handler) => handler,
            None => tx.asker_id()?,
        };
        let offices = tx.facts_of(handler).await?.map(|facts| facts.offices).unwrap_or_default();
        if !offices.iter().any(|office| office == Office::ReportHandler.name()) {
            return Err(Error::invalid("handler", "name somebody who handles reports"));
        }
        let row = &mut on.0;
        if let Some(about) = self.about {
            (row.about_name, row.employment) = step::staff(tx, "about", about).await?;
            row.about = Some(about);
        }
        if row.about == Some(handler) {
            return Err(Error::invalid("handler", "nobody handles a case that is about themselves"));
        }
        row.handler_name = step::staff(tx, "handler", handler).await?.0;
        row.handler = Some(handler);
        row.clause = self.clause;
        row.personal = self.personal.name().to_owned();
        row.state = if self.dismiss { DISMISSED } else { INVESTIGATED }.to_owned();
        if self.dismiss {
            row.closed = tx.now();
        }
        store::update(tx.connection(), row).await?;
        let told = StepRow { step: on.0.state.clone(), told: self.reason.to_string(), ..StepRow::default() };
        step::take(tx, &on, told).await
    }
}
