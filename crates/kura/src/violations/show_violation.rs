//! Shows a case to those who handle it, and to the body that decides on it.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::store::{self, StepRow, ViolationRow};
use super::subject::Violation;
use super::{APPEALED, DECIDED, HEARD, INVESTIGATED, REPORTED};
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{ItemId, MatterId, ViolationId};
use crate::people;
use crate::rules::facts::{Action, Resource};
use crate::rules::violations::{Clock, Violations};

/// Shows a case.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowViolation {
    /// The case.
    pub violation: ViolationId,
}

/// Somebody who must be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClockView {
    /// The clock.
    pub clock: String,
    /// Who is told, in Japanese.
    pub ja: String,
    /// Who is told, in English.
    pub en: String,
    /// The last day.
    pub due: String,
    /// The day on which they were told; empty before they were.
    pub done_on: String,
    /// Whether another notice does away with it.
    pub exempt: bool,
    /// Whether it runs because the material is a consignor's, who is told first.
    pub entrusted: bool,
    /// Whether the day has passed, or was missed.
    pub overdue: bool,
    /// Where it comes from.
    pub source: String,
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
    /// The matter that it is about.
    pub matter: Option<MatterId>,
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

/// The clocks that run in a case, of which the firm came to know on a day.
pub(super) fn running(
    rules: &Violations,
    row: &ViolationRow,
    steps: &[StepRow],
    known: Date,
    today: Date,
) -> Vec<ClockView> {
    let today = today.to_string();
    let done = |clock: &str| steps.iter().find(|step| step.clock == clock).map(|step| step.day.clone());
    let view = |clock: &Clock| {
        let due = known.saturating_add(clock.days.days()).to_string();
        let done_on = done(&clock.id).unwrap_or_default();
        let exempt = done_on.is_empty() && clock.exempted_by.as_deref().is_some_and(|by| done(by).is_some());
        ClockView {
            clock: clock.id.clone(),
            ja: clock.ja.clone(),
            en: clock.en.clone(),
            overdue: match done_on.as_str() {
                "" => !exempt && due < today,
                done => *due < *done,
            },
            due,
            done_on,
            exempt,
            entrusted: clock.entrusted,
            source: clock.source.clone(),
        }
    };
    let entrusted = row.matter.is_some();
    rules.clocks.iter().filter(|clock| clock.runs(&row.personal, entrusted)).map(view).collect()
}

/// The clocks that run in a case.
pub(super) async fn clocks(tx: &mut Tx<'_>, row: &ViolationRow) -> Result<Vec<ClockView>> {
    let steps = store::steps(tx.connection(), row.id).await?;
    Ok(running(&tx.rules().violations, row, &steps, tx.day(row.known), tx.today()))
}

/// Whether the asker may do something with a case.
pub(super) fn may(tx: &Tx<'_>, action: &'static str, resource: &Resource) -> bool {
    let asker = tx.asker();
    asker
        .and_then(|asker| tx.rules().decide(asker, Action(action), resource, tx.circumstances()))
        .is_ok_and(|decision| decision.permitted)
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
        let allowed = next(&row.state).iter().filter(|action| may(tx, action, &resource));
        let allowed = allowed.map(|action| (*action).to_owned()).collect();
        let reporter = match may(tx, "know_reporter", &resource) {
            true => reporter(tx, &row).await?,
            false => String::new(),
        };
        let steps = store::steps(tx.connection(), row.id).await?;
        let track = tx.rules().violations.track(&row.employment).cloned();
        let known_on = tx.day(row.known).to_string();
        Ok(ViolationView {
            clocks: clocks(tx, &row).await?,
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
            matter: row.matter,
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
            may: allowed,
        })
    }
}
