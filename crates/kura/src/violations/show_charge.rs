//! Shows the person concerned what is held against them, and what was decided. They see nothing else of the case.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::store::{self};
use super::subject::Violation;
use super::{APPEALED, CLOSED, DECIDED, HEARD};
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ViolationId;
use crate::rules::facts::Action;

/// Shows what is held against one.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCharge {
    /// The case.
    pub violation: ViolationId,
}

/// What one said, or what was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SaidView {
    /// said, decided or appealed.
    pub step: String,
    /// What was said.
    pub told: String,
    /// When.
    pub at: String,
}

/// What is held against one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChargeView {
    /// The case.
    pub violation: ViolationId,
    /// Its number.
    pub number: String,
    /// The clause.
    pub clause: String,
    /// heard, decided, appealed or closed.
    pub state: String,
    /// What is held against you.
    pub charge: String,
    /// The day until which you can answer.
    pub answer_by: String,
    /// The body that decides.
    pub body: String,
    /// What was decided, in Japanese; empty before it was.
    pub sanction_ja: String,
    /// What was decided, in English.
    pub sanction_en: String,
    /// What you said, and what you were told.
    pub said: Vec<SaidView>,
    /// The day until which you can appeal; empty when you cannot.
    pub appeal_until: String,
    /// What you may do now.
    pub may: Vec<String>,
}

/// That the person concerned was told of it.
///
/// # Errors
/// They were not: then there is no such case, to them.
pub(super) fn is_told(on: &Violation) -> Result<()> {
    if on.0.charge.is_empty() { Err(Error::NotFound("case")) } else { Ok(()) }
}

/// The last day on which a decision can be appealed.
pub(super) fn appeal_until(tx: &Tx<'_>, on: &Violation) -> Option<Date> {
    let track = tx.rules().violations.track(&on.0.employment)?;
    let decided = tx.day(on.0.decided);
    (on.0.decided != 0).then(|| decided.saturating_add(track.appeal_days.days()))
}

impl Operation for ShowCharge {
    const ACTION: Action = Action("show_charge");
    const WRITES: bool = false;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ChargeView;

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, on: Violation, tx: &mut Tx<'_>) -> Result<ChargeView> {
        is_told(&on)?;
        let steps = store::steps(tx.connection(), on.0.id).await?;
        let appealed = steps.iter().any(|step| step.step == APPEALED);
        let until =
            appeal_until(tx, &on).filter(|last| on.0.state == DECIDED && !appealed && tx.today() <= *last);
        let track = tx.rules().violations.track(&on.0.employment).cloned();
        let sanction = track
            .as_ref()
            .and_then(|track| track.sanction.iter().find(|sanction| sanction.id == on.0.sanction).cloned());
        let said = steps.into_iter().filter(|step| ["said", DECIDED, APPEALED].contains(&step.step.as_str()));
        let mut may = Vec::new();
        if on.0.state == HEARD || on.0.state == APPEALED {
            may.push("answer_charge".to_owned());
        }
        if until.is_some() {
            may.push("appeal_decision".to_owned());
        }
        debug_assert!(on.0.state != CLOSED || may.is_empty(), "nothing is left to do");
        Ok(ChargeView {
            violation: on.0.id,
            number: on.0.number,
            clause: on.0.clause,
            state: on.0.state,
            charge: on.0.charge,
            answer_by: on.0.answer_by,
            body: track.map(|track| track.body).unwrap_or_default(),
            sanction_ja: sanction.as_ref().map(|sanction| sanction.ja.clone()).unwrap_or_default(),
            sanction_en: sanction.map(|sanction| sanction.en).unwrap_or_default(),
            said: said
                .map(|step| SaidView { step: step.step, told: step.told, at: clock::rfc3339(step.made) })
                .collect(),
            appeal_until: until.map(|day| day.to_string()).unwrap_or_default(),
            may,
        })
    }
}
