//! Makes the occurrences of duties: one for each day that a duty's rule names, none lost and none twice.
//!
//! How far each duty's days were made is kept beside them, so that nothing depends on when somebody looked: after a month
//! without a server all of that month's are made at once. What people do is made some days ahead; what the program
//! does, on its day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::store::{self, Mark, OccurrenceRow};
use super::{OPEN, WITHDRAWN};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Actor, Door, Operation, Options, Tx};
use crate::error::{Error, Result};
use crate::id::OccurrenceId;
use crate::policy;
use crate::rules::duties::{Cadence, Duty, Source};
use crate::rules::facts::Action;

/// Days ahead of which people see what they will have to do.
const AHEAD: i64 = 14;
/// Occurrences made in one go: more would hold the writer up.
const AT_ONCE: usize = 500;

/// What is to be made of one duty.
struct Plan {
    mark: Mark,
    days: Vec<Date>,
    /// Open occurrences after this day are not asked for any more: the rule was changed.
    withdrawn_after: Option<Date>,
    /// There are more days than fit into one go.
    more: bool,
}

fn day(text: &str) -> Option<Date> {
    clock::parse_day(text)
}

/// The days of a duty that are still to be made, up to a day.
fn plan(duty: &Duty, mark: Option<&Mark>, waits: bool, today: Date, ahead: bool) -> Plan {
    let rule = duty.rule();
    let ahead = if ahead && duty.evidence != Source::System { AHEAD } else { 0 };
    let until = today.saturating_add(ahead.days());
    let mut mark = mark.cloned().unwrap_or_else(|| Mark {
        rule: rule.clone(),
        begins: today.to_string(),
        made_until: today.saturating_sub(1.day()).to_string(),
        last_done: String::new(),
    });
    let mut withdrawn_after = None;
    if mark.rule != rule {
        // The other rule counts from tomorrow; what was due until today stays due.
        withdrawn_after = Some(today);
        mark.made_until = mark.made_until.min(today.to_string());
        mark.rule = rule;
    }
    let mut days = match &duty.cadence {
        Cadence::Calendar(_) => day(&mark.made_until).map_or_else(Vec::new, |made| duty.days(made, until)),
        Cadence::AfterLast(span) => {
            let next = match day(&mark.last_done) {
                Some(last) => last.checked_add(*span).ok(),
                None => day(&mark.begins),
            };
            next.filter(|next| !waits && *next <= until).into_iter().collect()
        }
        Cadence::On { .. } => vec![],
    };
    let more = days.len() > AT_ONCE;
    days.truncate(AT_ONCE);
    let made = if more { days.last().copied().unwrap_or(until) } else { until };
    mark.made_until = mark.made_until.max(made.to_string());
    Plan { mark, days, withdrawn_after, more }
}

/// An occurrence that is to be made.
fn occurrence(tx: &Tx<'_>, duty: &Duty, scheduled: Date, cause: String, version: i64) -> OccurrenceRow {
    let due = duty.due_on(scheduled);
    OccurrenceRow {
        id: tx.id(OccurrenceId::new),
        duty: duty.id.clone(),
        scheduled_on: scheduled.to_string(),
        cause,
        due_on: due.to_string(),
        last_day: duty.last_day(due).to_string(),
        office: duty.office.clone(),
        deputy: duty.deputy.clone().unwrap_or_default(),
        version,
        state: OPEN.to_owned(),
        source: String::new(),
        done: 0,
        done_on: String::new(),
        done_by: None,
        done_name: String::new(),
        done_office: String::new(),
        late: false,
        told: String::new(),
        population: -1,
        found: -1,
        witness_name: String::new(),
        witnessed: 0,
        witness_event: String::new(),
        event: String::new(),
    }
}

/// Makes what is due.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ScheduleDuties {
    /// Up to this day, without looking ahead; today and some days ahead when left out.
    until: Option<String>,
}

/// What was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Scheduled {
    made: i64,
    more: bool,
}

/// What is open of each duty, by duty.
fn by_duty(rows: &[OccurrenceRow]) -> BTreeMap<&str, Vec<&OccurrenceRow>> {
    let mut by_duty = BTreeMap::<&str, Vec<&OccurrenceRow>>::new();
    for row in rows {
        by_duty.entry(&row.duty).or_default().push(row);
    }
    by_duty
}

impl Operation for ScheduleDuties {
    const ACTION: Action = Action("schedule_duties");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    const DEADLINE: std::time::Duration = std::time::Duration::from_secs(5);
    type Subject = Installation;
    type Output = Scheduled;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Scheduled> {
        let (today, ahead) = match self.until.as_deref().map(day) {
            None => (tx.today(), true),
            Some(until) => (until.ok_or_else(|| Error::internal("a day is a day"))?, false),
        };
        let rules = tx.rules().clone();
        let marks = store::marks(tx.connection()).await?;
        let waiting = store::waiting(tx.connection()).await?;
        let version = policy::version::in_force(tx).await?.number;
        let open = by_duty(&waiting);
        let (mut made, mut more, mut told) = (0, false, BTreeSet::new());
        for duty in &rules.duties {
            let own = open.get(duty.id.as_str()).map(Vec::as_slice).unwrap_or_default();
            let waits = own.iter().any(|row| row.state == OPEN);
            let plan = plan(duty, marks.get(&duty.id), waits, today, ahead);
            more |= plan.more;
            for row in own.iter().filter(|row| row.state == OPEN) {
                let later = plan.withdrawn_after.is_some_and(|after| row.scheduled_on > after.to_string());
                let deputy = duty.deputy.clone().unwrap_or_default();
                if later && row.cause.is_empty() {
                    let row = OccurrenceRow { state: WITHDRAWN.to_owned(), ..(*row).clone() };
                    store::update(tx.connection(), &row).await?;
                } else if row.office != duty.office || row.deputy != deputy {
                    let row = OccurrenceRow { office: duty.office.clone(), deputy, ..(*row).clone() };
                    store::update(tx.connection(), &row).await?;
                }
            }
            for scheduled in plan.days {
                let row = occurrence(tx, duty, scheduled, String::new(), version);
                if store::insert(tx.connection(), &row).await? {
                    made += 1;
                    told.insert(duty.id.clone());
                }
            }
            store::set_mark(tx.connection(), &duty.id, &plan.mark).await?;
        }
        for row in waiting.iter().filter(|row| row.state == OPEN) {
            if !rules.duties.iter().any(|duty| duty.id == row.duty) {
                let row = OccurrenceRow { state: WITHDRAWN.to_owned(), ..row.clone() };
                store::update(tx.connection(), &row).await?;
            }
        }
        tx.note("made", made.to_string());
        tx.note("duties", told.into_iter().collect::<Vec<_>>().join(" "));
        Ok(Scheduled { made, more })
    }
}

/// Whether anything is to be made or taken back.
async fn is_needed(door: &Door, today: Date, ahead: bool) -> Result<bool> {
    let rules = door.rules();
    let mut reader = door.database().reader().await?;
    let marks = store::marks(&mut reader).await?;
    let waiting = store::waiting(&mut reader).await?;
    let open = by_duty(&waiting);
    let gone = waiting.iter().any(|row| {
        let duty = rules.duties.iter().find(|duty| duty.id == row.duty);
        row.state == OPEN
            && duty.is_none_or(|duty| {
                duty.office != row.office || duty.deputy.as_deref().unwrap_or_default() != row.deputy
            })
    });
    Ok(gone
        || rules.duties.iter().any(|duty| {
            let own = open.get(duty.id.as_str()).map(Vec::as_slice).unwrap_or_default();
            let waits = own.iter().any(|row| row.state == OPEN);
            let mark = marks.get(&duty.id);
            let plan = plan(duty, mark, waits, today, ahead);
            mark.is_none() || plan.withdrawn_after.is_some() || !plan.days.is_empty()
        }))
}

/// Makes every occurrence that is to be made by now; or up to a day, by the rules in force, before others come into force.
pub async fn bring_up_to_date(door: &Door, until: Option<Date>) -> Result<()> {
    // Before the founding nobody has a duty.
    if door.head().borrow().0 == 0 {
        return Ok(());
    }
    let (today, ahead) = until.map_or_else(|| (door.clock().today(), true), |until| (until, false));
    while is_needed(door, today, ahead).await? {
        let until = until.map(|until| until.to_string());
        let made = door.pass(&Actor::system(), ScheduleDuties { until }, Options::default()).await?;
        if !made.value().more {
            break;
        }
    }
    Ok(())
}

/// Notes that a duty was done on a day: one that is due some time after it was done the last time counts from there.
pub(super) async fn done(tx: &mut Tx<'_>, duty: &str, on: Date) -> Result<()> {
    if let Some(mark) = store::marks(tx.connection()).await?.remove(duty) {
        let last_done = mark.last_done.clone().max(on.to_string());
        store::set_mark(tx.connection(), duty, &Mark { last_done, ..mark }).await?;
    }
    Ok(())
}

/// Raises what is due after an operation: called by the door for each that was done.
pub(crate) async fn raise(tx: &mut Tx<'_>, action: Action) -> Result<()> {
    let rules = tx.rules().clone();
    for duty in &rules.duties {
        let Cadence::On { operation, within } = &duty.cadence else { continue };
        if operation == action.0 {
            let scheduled = tx.today().saturating_add(within.days());
            let version = policy::version::in_force(tx).await?.number;
            let row = occurrence(tx, duty, scheduled, tx.event().to_string(), version);
            store::insert(tx.connection(), &row).await?;
        }
    }
    Ok(())
}
