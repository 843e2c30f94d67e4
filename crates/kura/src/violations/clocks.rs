//! Those who must be told of a case, each by a day of its own, and which of them were not told yet.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::HEARD;
use super::store::{self, StepRow, ViolationRow};
use crate::clock;
use crate::door::Tx;
use crate::error::Result;
use crate::id::PersonId;
use crate::rules::violations::{Clock, Violations};

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

impl ClockView {
    /// Whether somebody must still be told.
    pub(super) fn is_open(&self) -> bool {
        self.done_on.is_empty() && !self.exempt
    }
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

/// A case that is not over, as people are reminded of it.
pub(crate) struct OpenCase {
    /// Whom it is about.
    pub(crate) about: Option<PersonId>,
    /// The day until which they are heard, while they are.
    pub(crate) heard_by: Option<String>,
    /// The next day by which somebody must be told.
    pub(crate) tell_by: Option<String>,
    /// Whether somebody was not told in time, and is not yet.
    pub(crate) late: bool,
}

/// The cases that are not over.
pub(crate) async fn open_cases(
    connection: &mut AnyConnection,
    rules: &Violations,
    time: &clock::Clock,
) -> Result<Vec<OpenCase>> {
    let mut cases = Vec::new();
    for row in store::open(connection).await? {
        let steps = store::steps(connection, row.id).await?;
        let mut open = running(rules, &row, &steps, time.day(row.known), time.today());
        open.retain(ClockView::is_open);
        cases.push(OpenCase {
            about: row.about,
            heard_by: (row.state == HEARD).then_some(row.answer_by),
            late: open.iter().any(|clock| clock.overdue),
            tell_by: open.into_iter().map(|clock| clock.due).min(),
        });
    }
    Ok(cases)
}
