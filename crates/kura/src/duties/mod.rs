//! 義務: duties that recur, and the evidence that they were done.
//!
//! The pack says which duties there are and when each is due ([`crate::rules::duties`]). Here their occurrences are made,
//! one for each day that the rule names, whatever the clock, the year's end or a stopped server did; somebody in the
//! office does them, or the program itself, and what is then on record stays as it was at the act. Late is late even if
//! done. Evidence says where it comes from: the program found it, somebody else saw it, or whoever did it says so.

pub(crate) mod checks;
pub mod discharge_duty;
pub mod list_duties;
mod mail_page;
pub(crate) mod page;
pub mod remind;
pub mod schedule;
pub mod show_calendar;
pub(crate) mod store;
pub mod subject;
mod waits;
pub mod witness_duty;

use std::collections::HashMap;

use remind::Reminder;
use serde::{Deserialize, Serialize};

use crate::bodies;
use crate::clock::Millis;
use crate::door::Door;
use crate::id::OccurrenceId;
use crate::policy;

/// It is to be done.
pub(crate) const OPEN: &str = "open";
/// It was done, and waits for whoever saw it.
pub(crate) const REPORTED: &str = "reported";
/// It was done.
pub(crate) const DONE: &str = "done";
/// The policy does not ask for it any more.
pub(crate) const WITHDRAWN: &str = "withdrawn";

/// An occurrence of a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OccurrenceView {
    /// Its id.
    pub occurrence: OccurrenceId,
    /// The duty.
    pub duty: String,
    /// The day that the duty's rule names.
    pub scheduled_on: String,
    /// The day on which it is due.
    pub due_on: String,
    /// The last day on which it is not late.
    pub last_day: String,
    /// open, reported (done, and waits for a witness), done or withdrawn.
    pub state: String,
    /// Whether it was or is late.
    pub late: bool,
    /// Where its evidence comes from: system, witnessed or declared; empty until it was done.
    pub source: String,
    /// When it was recorded as done.
    pub done: String,
    /// The day on which it was done, as told.
    pub done_on: String,
    /// Who did it; empty for the program.
    pub done_by: String,
    /// The office that they held.
    pub office: String,
    /// What was done and found.
    pub told: String,
    /// How many things were looked at; nothing when it was not counted.
    pub population: Option<i64>,
    /// How many of them call for something to be done.
    pub found: Option<i64>,
    /// Who saw it.
    pub witness: String,
    /// The record of it.
    pub event: String,
}

/// How long the program waits before it tries again what it could not look at.
const AGAIN: Millis = 60 * 60 * 1000;

/// Keeps duties and versions of the policy to their days; called minute by minute.
#[derive(Default)]
pub struct Keeper {
    /// What could not be looked at, and when.
    failed: HashMap<String, Millis>,
    /// What reminds people, where the firm has a mail server.
    reminder: Option<Reminder>,
}

impl Keeper {
    /// One that reminds people as well.
    pub fn reminding(reminder: Option<Reminder>) -> Self {
        Self { reminder, ..Self::default() }
    }

    /// Whether something failed so lately that it is not tried again yet.
    fn waits(&self, what: &str, now: Millis) -> bool {
        self.failed.get(what).is_some_and(|failed| now - failed < AGAIN)
    }

    /// Reminds people of what is due.
    async fn remind(&mut self, door: &Door) {
        const MAIL: &str = "mail";
        let now = door.clock().now();
        let Some(reminder) = self.reminder.as_ref().filter(|_| !self.waits(MAIL, now)) else { return };
        let reminded = reminder.remind(door).await;
        if let Err(error) = &reminded {
            tracing::error!("people were not reminded of their duties: {error}");
        }
        match reminded {
            Ok(true) => drop(self.failed.remove(MAIL)),
            // What the server took is noted, and the rest is tried again.
            Ok(false) | Err(_) => drop(self.failed.insert(MAIL.to_owned(), now)),
        }
    }

    /// Brings into force what is due, makes the occurrences of duties, and does what the program does by itself.
    pub async fn keep(&mut self, door: &Door) {
        if let Err(error) = policy::adopt_pack::when_due(door).await {
            tracing::error!("a version of the policy did not come into force on its day: {error}");
        }
        if let Err(error) = bodies::vote::close_overdue(door).await {
            tracing::error!("a resolution whose time has passed was not closed: {error}");
        }
        if let Err(error) = schedule::bring_up_to_date(door, None).await {
            tracing::error!("duties that are due were not noted: {error}");
        }
        let due = match checks::due(door).await {
            Ok(due) => due,
            Err(error) => return tracing::error!("duties that are due were not read: {error}"),
        };
        let now = door.clock().now();
        for (duty, check) in due {
            if self.waits(&duty.id, now) {
                continue;
            }
            match checks::attest(door, &duty, check).await {
                Ok(()) => drop(self.failed.remove(&duty.id)),
                Err(error) => {
                    tracing::error!(duty = duty.id, "a duty that the program does is not done: {error}");
                    self.failed.insert(duty.id, now);
                }
            }
        }
        self.remind(door).await;
    }
}
