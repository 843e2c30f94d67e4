//! Shows a case to those who handle it, and to the body that decides on it.

use serde::{Deserialize, Serialize};

use super::clocks::{ClockView, running};
use super::store::{self, ViolationRow};
use super::subject::Violation;
use super::{APPEALED, DECIDED, HEARD, INVESTIGATED, REPORTED};
use crate::clock;
use crate::custody;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{ItemId, MatterId, ViolationId};
use crate::matters;
use crate::people;
use crate::rules::facts::Action;

/// Shows a case.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowViolation {
    /// The case.
    pub violation: ViolationId,
}

/// A step of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseStep {
    /// reported, investigated, dismissed, noted, held, heard, said, decided, appealed, notified or closed.
    pub step: String,
    /// What was written.
    pub told: String,
    /// Who took it; empty for who reported.
    pub by: String,
    /// When.
    pub at: String,
    /// Of a notice: the clock.
    pub clock: String,
    /// Of a notice or a hearing: the day.
    pub day: String,
    /// The record of it.
    pub event: String,
    /// The salt of the record's commitment to what was written.
    pub salt: String,
}

/// Something that can be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SanctionView {
    /// Its id.
    pub sanction: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ViolationView {
    /// The case.
    pub violation: ViolationId,
    /// Its number.
    pub number: String,
    /// breach, wrongly_sent, lost or accessed.
    pub kind: String,
    /// reported, dismissed, investigated, heard, decided, appealed or closed.
    pub state: String,
    /// What was reported.
    pub told: String,
    /// When.
    pub reported: String,
    /// Who reported it; empty for whoever may not know.
    pub reporter: String,
    /// Whether the report is sealed even in the ledger.
    pub sealed: bool,
    /// The day on which it happened, as far as known.
    pub happened_on: String,
    /// The day on which the firm came to know.
    pub known_on: String,
    /// The item that it is about.
    pub item: Option<ItemId>,
    /// Its name, empty when that is gone with the material; none for whoever may not know of it.
    pub item_name: Option<String>,
    /// The matter that it is about.
    pub matter: Option<MatterId>,
    /// Its name; none for whoever may not know of it.
    pub matter_name: Option<String>,
    /// The clause.
    pub clause: String,
    /// The person concerned.
    pub about: String,
    /// Who handles it.
    pub handler: String,
    /// The personal data that it touches: none, minor, reportable or improper.
    pub personal: String,
    /// The body that decides, once it is known whom it is about.
    pub body: String,
    /// What can be decided.
    pub sanctions: Vec<SanctionView>,
    /// What was decided; empty before it was.
    pub sanction: String,
    /// The day until which the person concerned is heard.
    pub answer_by: String,
    /// Items on hold for it.
    pub held: i64,
    /// Those who must be told.
    pub clocks: Vec<ClockView>,
    /// The steps, the first one first.
    pub steps: Vec<CaseStep>,
    /// What you may do now.
    pub may: Vec<String>,
}

/// What is done with a case next, by its state.
fn next(state: &str) -> &'static [&'static str] {
    match state {
        REPORTED => &["triage_violation"],
        INVESTIGATED => &[
            "note_investigation",
            "hold_evidence",
            "record_notice",
            "give_hearing",
            "triage_violation",
            "close_violation",
        ],
        HEARD | APPEALED => &["note_investigation", "decide_violation", "hold_evidence", "record_notice"],
        DECIDED => &["record_notice", "close_violation"],
        _ => &[],
    }
}

/// Who reported a case.
pub(super) async fn reporter(tx: &mut Tx<'_>, row: &ViolationRow) -> Result<String> {
    let reporter = tx.open_reporter(row.id, &row.reporter)?;
    Ok(people::store::person(tx, reporter).await?.name)
}

impl Operation for ShowViolation {
    const ACTION: Action = Action("show_violation");
    const WRITES: bool = false;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ViolationView;

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, on: Violation, tx: &mut Tx<'_>) -> Result<ViolationView> {
        use crate::door::Subject as _;
        let resource = on.resource();
        let row = on.0;
        let may = tx.may_of(next(&row.state), &resource);
        let reporter = match tx.may("know_reporter", &resource) {
            true => reporter(tx, &row).await?,
            false => String::new(),
        };
        let steps = store::steps(tx.connection(), row.id).await?;
        let track = tx.rules().violations.track(&row.employment).cloned();
        let known_on = tx.day(row.known).to_string();
        // A case opens no door to the material that it is about: who handles it may have nothing to do with that.
        let item = match row.item {
            Some(item) => custody::subject::known(tx, item).await?,
            None => None,
        };
        let matter = match row.matter {
            Some(matter) => matters::subject::known(tx, matter).await?,
            None => None,
        };
        Ok(ViolationView {
            clocks: running(&tx.rules().violations, &row, &steps, tx.day(row.known), tx.today()),
            held: store::holds(tx.connection(), row.id).await?.len() as i64,
            violation: row.id,
            number: row.number,
            kind: row.kind,
            state: row.state,
            told: row.told,
            reported: clock::rfc3339(row.reported),
            reporter,
            sealed: row.sealed,
            happened_on: row.happened_on,
            known_on,
            item: row.item,
            item_name: item.map(|item| item.name),
            matter: row.matter,
            matter_name: matter.map(|matter| matter.name),
            clause: row.clause,
            about: row.about_name,
            handler: row.handler_name,
            personal: row.personal,
            body: track.as_ref().map(|track| track.body.clone()).unwrap_or_default(),
            sanctions: track
                .map(|track| track.sanction)
                .unwrap_or_default()
                .into_iter()
                .map(|sanction| SanctionView { sanction: sanction.id, ja: sanction.ja, en: sanction.en })
                .collect(),
            sanction: row.sanction,
            answer_by: row.answer_by,
            steps: steps
                .into_iter()
                .map(|step| CaseStep {
                    step: step.step,
                    told: step.told,
                    by: step.made_name,
                    at: clock::rfc3339(step.made),
                    clock: step.clock,
                    day: step.day,
                    event: step.event,
                    salt: step.salt,
                })
                .collect(),
            may,
        })
    }
}
