//! Lists the cases that concern the asker, and what everybody learns from those that are over.

use serde::{Deserialize, Serialize};

use super::clocks::{ClockView, clocks};
use super::store::{self, ViolationRow};
use super::{APPEALED, CLOSED, HEARD};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::ViolationId;
use crate::rules::facts::Action;

/// Lessons that are told.
const TOLD: usize = 50;

/// Lists the cases that you reported, handle, decide on or that are about you.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListViolations {}

/// How a case concerns somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Concern {
    /// They handle reports, or are of the body that decides.
    Handles,
    /// It is about them, and they were told.
    Answers,
    /// They reported it.
    Reported,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ViolationLine {
    /// The case.
    pub violation: ViolationId,
    /// Its number.
    pub number: String,
    /// breach, wrongly_sent, lost or accessed.
    pub kind: String,
    /// reported, dismissed, investigated, heard, decided, appealed or closed.
    pub state: String,
    /// How it concerns you.
    pub concern: Concern,
    /// The clause.
    pub clause: String,
    /// When it was reported; empty for whom it is about.
    pub reported: String,
    /// The next day on which somebody must be told; empty when nobody has to be, or you do not handle it.
    pub due: String,
    /// Whether that day has passed.
    pub overdue: bool,
}

/// What is learnt from a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Lesson {
    /// The clause.
    pub clause: String,
    /// The lesson.
    pub lesson: String,
    /// The month: 2026-11.
    pub month: String,
}

/// Cases and lessons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Violations {
    /// The cases that concern you, the newest first.
    pub cases: Vec<ViolationLine>,
    /// What everybody learns, the newest first.
    pub lessons: Vec<Lesson>,
}

async fn line(tx: &mut Tx<'_>, row: &ViolationRow) -> Result<Option<ViolationLine>> {
    let asker = tx.asker_id()?;
    let body = row.body(&tx.rules().violations);
    let concern = if tx.may("show_violation", &row.resource(&body)) {
        Concern::Handles
    } else if row.about == Some(asker) && !row.charge.is_empty() {
        Concern::Answers
    } else if tx.open_reporter(row.id, &row.reporter)? == asker {
        Concern::Reported
    } else {
        return Ok(None);
    };
    let handles = concern == Concern::Handles;
    let running = if handles && row.closed == 0 { clocks(tx, row).await? } else { Vec::new() };
    let next = running.into_iter().filter(ClockView::is_open).min_by(|one, other| one.due.cmp(&other.due));
    let told = concern != Concern::Reported;
    Ok(Some(ViolationLine {
        violation: row.id,
        number: row.number.clone(),
        kind: row.kind.clone(),
        // Who reported it learns whether it is looked at, and no more of the person concerned.
        state: match row.state.as_str() {
            HEARD | APPEALED | super::DECIDED if !told => super::INVESTIGATED.to_owned(),
            state => state.to_owned(),
        },
        concern,
        clause: if told { row.clause.clone() } else { String::new() },
        reported: if concern == Concern::Answers { String::new() } else { clock::rfc3339(row.reported) },
        overdue: next.as_ref().is_some_and(|next| next.overdue),
        due: next.map(|next| next.due).unwrap_or_default(),
    }))
}

/// The cases that wait for the asker: to be handled, or answered.
pub(crate) async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<ViolationLine>> {
    let mut lines = Vec::new();
    for row in store::open(tx.connection()).await? {
        let line = line(tx, &row).await?;
        lines.extend(line.filter(|line| match line.concern {
            Concern::Handles => true,
            Concern::Answers => [HEARD, APPEALED, super::DECIDED].contains(&row.state.as_str()),
            Concern::Reported => false,
        }));
    }
    Ok(lines)
}

impl Operation for ListViolations {
    const ACTION: Action = Action("list_violations");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Violations;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Violations> {
        let rows = store::all(tx.connection()).await?;
        let mut cases = Vec::new();
        for row in &rows {
            cases.extend(line(tx, row).await?);
        }
        let lessons = rows.iter().filter(|row| row.state == CLOSED && !row.lesson.is_empty());
        let lesson = |row: &ViolationRow| Lesson {
            clause: row.clause.clone(),
            lesson: row.lesson.clone(),
            month: clock::month(tx.day(row.closed)),
        };
        Ok(Violations { lessons: lessons.take(TOLD).map(lesson).collect(), cases })
    }
}
