//! 弁明の機会: tells the person concerned what is held against them, and by when they are heard.

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::store::{self, StepRow};
use super::subject::Violation;
use super::{HEARD, INVESTIGATED, step};
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ViolationId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Days within which somebody is heard, at most.
const MOST: i64 = 90;

/// Tells the person concerned what is held against them. They see this, and nothing else of the case.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveHearing {
    /// The case.
    pub violation: ViolationId,
    /// What is held against them.
    #[arg(long)]
    pub charge: Note,
    /// The day until which they can answer (2026-12-10); the least that the policy allows when left out.
    #[arg(long)]
    #[serde(default)]
    pub answer_by: Option<String>,
}

impl Operation for GiveHearing {
    const ACTION: Action = Action("give_hearing");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ();

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, mut on: Violation, tx: &mut Tx<'_>) -> Result<()> {
        step::is_in(&on, &[INVESTIGATED])?;
        if on.0.about.is_none() {
            return Err(Error::conflict("it is not said whom it is about: say so first"));
        }
        let track = tx.rules().violations.track(&on.0.employment).cloned();
        let track = track.ok_or_else(|| Error::conflict("the policy in force says of nobody who decides"))?;
        let (today, least) = (tx.today(), track.hearing_days);
        let first = today.saturating_add(least.days());
        let answer_by = clock::given_day("answer_by", self.answer_by.as_deref(), first)?;
        if answer_by < first || answer_by > today.saturating_add(MOST.days()) {
            let what = format!("at least {least} days from today, and within 90");
            return Err(Error::invalid("answer_by", what));
        }
        on.0.charge = self.charge.to_string();
        on.0.answer_by = answer_by.to_string();
        on.0.state = HEARD.to_owned();
        store::update(tx.connection(), &on.0).await?;
        let told = StepRow {
            step: HEARD.to_owned(),
            told: on.0.charge.clone(),
            day: on.0.answer_by.clone(),
            ..StepRow::default()
        };
        step::take(tx, &on, told).await
    }
}
