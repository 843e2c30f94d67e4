//! What waits for somebody beside duties: votes, the policy to acknowledge, courses, the self-inspection, findings,
//! evaluations, cases, offices whose term ends. People are reminded of it in the same mail.
//!
//! What has a day is called to mind like a duty. What has none is on Mondays, so that a mail a week tells all of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use sqlx::AnyConnection;

use super::store::Reached;
use crate::bodies;
use crate::clock::{self, Clock};
use crate::door;
use crate::error::Result;
use crate::evaluation::{self, finding_store};
use crate::id::PersonId;
use crate::inspection;
use crate::people::{Office, office_store};
use crate::rules::pack::Pack;
use crate::training;
use crate::violations::clocks::{self, OpenCase};

/// Days before an office ends within which that waits for somebody: it is called to mind a week before.
const SOON: i64 = 7;

/// Something that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    /// What: vote, acknowledge, course, self_inspection, finding, check, evaluation, case, tell, hearing, term or
    /// others_term.
    pub(super) kind: &'static str,
    /// The day by which it is to be done, when it has one.
    pub(super) due: Option<Date>,
    /// Where it is seen.
    pub(super) path: &'static str,
}

impl Thing {
    fn some_time(kind: &'static str, path: &'static str) -> Self {
        Self { kind, due: None, path }
    }

    fn by(kind: &'static str, due: &str, path: &'static str) -> Self {
        Self { kind, due: clock::parse_day(due), path }
    }

    /// The days on which it is called to mind after one day, up to another.
    pub(super) fn is_due(&self, after: Date, today: Date) -> bool {
        let days: Vec<Date> = match self.due {
            Some(due) => super::remind::around(due, due, today),
            None => {
                let days = after.saturating_add(1.days()).series(1.days()).take_while(|day| *day <= today);
                days.filter(|day| day.weekday() == Weekday::Monday).collect()
            }
        };
        days.into_iter().any(|day| after < day && day <= today)
    }
}

/// All that waits, by person.
pub(super) type Waits = BTreeMap<PersonId, Vec<Thing>>;

/// Finds out what waits for those of whom it is asked.
pub(super) async fn find(
    connection: &mut AnyConnection,
    pack: &Pack,
    time: &Clock,
    reached: &[Reached],
) -> Result<Waits> {
    let (today, now) = (time.today(), time.now());
    let day = today.to_string();
    let mut waits = Waits::new();
    if reached.is_empty() {
        return Ok(waits);
    }
    let known: BTreeSet<PersonId> = reached.iter().map(|one| one.person).collect();
    let mut add = |person: PersonId, thing: Thing| {
        if !known.contains(&person) {
            return;
        }
        let own = waits.entry(person).or_default();
        // Several offices that end on one day are one line.
        if !thing.kind.ends_with("term") || !own.contains(&thing) {
            own.push(thing);
        }
    };

    let version = door::store::policy_version(door::store::value(connection, "policy_version").await?);
    for one in reached.iter().filter(|one| one.acknowledged < version) {
        add(one.person, Thing::some_time("acknowledge", "/policy/acknowledge"));
    }
    let holders = office_store::holders(connection, &day).await?;
    for body in &pack.bodies {
        for one in reached.iter().filter(|one| one.holds(&body.id)) {
            let held = holders.iter().find(|held| held.office == body.id && held.person == one.person);
            let seat = held.map_or(one.person, |held| held.seat);
            let open = bodies::store::awaiting(connection, (one.person, seat), &body.id, &day).await?;
            for (_, _, closes_on) in open {
                add(one.person, Thing::by("vote", &closes_on, "/resolutions"));
            }
        }
    }
    for learner in training::store::staff(connection, &day).await? {
        if training::to_take(&pack.courses, &learner, now) {
            add(learner.person, Thing::some_time("course", "/training"));
        }
    }
    if !pack.inspection.is_empty() {
        let done = inspection::store::answered_by(connection, &inspection::quarter(today)).await?;
        for one in reached.iter().filter(|one| !done.contains(&one.person)) {
            add(one.person, Thing::some_time("self_inspection", "/self-inspection"));
        }
    }
    for finding in finding_store::open(connection).await? {
        match finding.state.as_str() {
            evaluation::DONE => add(finding.raised_by, Thing::some_time("check", "/findings")),
            _ => add(finding.owner, Thing::by("finding", &finding.due, "/findings")),
        }
    }
    for row in evaluation::store::going_on(connection).await? {
        add(row.lead, Thing::by("evaluation", &row.due_on, "/evaluations"));
    }
    let appoint = [Office::SystemAdministrator.name(), Office::ChiefSystemAdministrator.name()];
    let appointing = reached.iter().filter(|one| appoint.iter().any(|own| one.holds(own)));
    let appointing: Vec<PersonId> = appointing.map(|one| one.person).collect();
    // A delegation ends as whoever gave it meant it to; a term is renewed by those who appoint, whoever stands in meanwhile.
    let soon = today.saturating_add(SOON.days()).to_string();
    for (appointed, until) in office_store::ending(connection, &day, &soon).await? {
        add(appointed, Thing::by("term", &until, "/administration/offices"));
        for other in appointing.iter().filter(|other| **other != appointed) {
            add(*other, Thing::by("others_term", &until, "/administration/offices"));
        }
    }
    let cases = clocks::open_cases(connection, &pack.violations, time).await?;
    for OpenCase { about, heard_by, tell_by, .. } in cases {
        if let (Some(about), Some(day)) = (about, &heard_by) {
            add(about, Thing::by("hearing", day, "/violations"));
        }
        let handlers = reached.iter().filter(|one| one.holds(Office::ReportHandler.name()));
        for one in handlers.filter(|one| about != Some(one.person)) {
            add(
                one.person,
                match &tell_by {
                    Some(day) => Thing::by("tell", day, "/violations"),
                    None => Thing::some_time("case", "/violations"),
                },
            );
        }
    }
    Ok(waits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_day_is_called_to_mind_on_mondays() {
        let day = |text: &str| clock::parse_day(text).unwrap();
        let thing = Thing::some_time("course", "/training");
        assert!(thing.is_due(day("2026-11-29"), day("2026-11-30")), "a Monday");
        assert!(!thing.is_due(day("2026-11-30"), day("2026-12-06")));
        assert!(
            thing.is_due(day("2026-11-30"), day("2026-12-09")),
            "the Monday that a stopped server missed"
        );
        let thing = Thing::by("vote", "2026-12-10", "/resolutions");
        assert!(thing.is_due(day("2026-12-02"), day("2026-12-03")), "a week before");
        assert!(!thing.is_due(day("2026-12-03"), day("2026-12-08")));
        assert!(thing.is_due(day("2026-12-08"), day("2026-12-09")), "the day before");
        assert!(thing.is_due(day("2026-12-10"), day("2026-12-11")), "late");
        assert!(!thing.is_due(day("2026-12-11"), day("2026-12-13")));
        assert!(thing.is_due(day("2026-12-13"), day("2026-12-14")), "late, on Monday");
    }
}
