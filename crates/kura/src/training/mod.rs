//! 研修: courses and who has taken them.
//!
//! Somebody reads a course's lessons, is asked questions drawn from its pool, and completes it by answering enough of
//! them right. A completion is of the course's edition at that moment and valid for the months that the policy says. The
//! completion of the course that *opens* is what the rules see of a person as `trainedUntil`.

pub mod answer_questions;
pub mod draw_questions;
pub mod list_courses;
pub mod list_training;
pub(crate) mod page;
pub mod show_attempt;
pub mod show_course;
pub(crate) mod store;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::rules::courses::{Course, Courses};
use store::Completion;

const DAY: Millis = 24 * 60 * 60 * 1000;
/// A completion that ends within so many days is to be renewed.
const SOON: Millis = 30 * DAY;

/// Where somebody stands with a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Never completed, or in an edition that does not do any more.
    Open,
    /// Completed once; the time for which that was valid is over.
    Lapsed,
    /// Valid, and to be renewed within 30 days.
    Ending,
    /// Valid.
    Valid,
}

impl Standing {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Lapsed => "lapsed",
            Self::Ending => "ending",
            Self::Valid => "valid",
        }
    }

    /// Whether a completion is valid now.
    pub fn is_valid(self) -> bool {
        matches!(self, Self::Ending | Self::Valid)
    }
}

/// Where somebody with these completions stands with a course, and until when their newest one is valid.
pub(crate) fn standing(course: &Course, completions: &[Completion], now: Millis) -> (Standing, Millis) {
    let own = completions.iter().filter(|done| done.course == course.id && done.edition >= course.edition);
    match own.map(|done| done.until).max() {
        None => (Standing::Open, 0),
        Some(until) if until <= now => (Standing::Lapsed, until),
        Some(until) if until <= now + SOON => (Standing::Ending, until),
        Some(until) => (Standing::Valid, until),
    }
}

/// The moment until which a course that is completed today is valid: the end of a day so many months on.
fn valid_until(course: &Course, today: Date, begins: impl Fn(Date) -> Millis) -> Millis {
    let last = today.saturating_add(course.valid_months.months());
    begins(last.saturating_add(1.day())) - 1
}

/// A course of the policy in force.
fn course<'c>(courses: &'c Courses, id: &str) -> Result<&'c Course> {
    courses.course(id).ok_or(Error::NotFound("course"))
}

/// Officers and staff who may act, and how many of them lack a course that is for them.
pub(crate) async fn lacking(
    connection: &mut sqlx::AnyConnection,
    courses: &Courses,
    now: Millis,
    today: &str,
) -> Result<(i64, i64)> {
    let people = store::staff(connection, today).await?;
    let lacks = people.iter().filter(|person| {
        let mut own = courses.all.iter().filter(|course| person.takes(course));
        own.any(|course| !standing(course, &person.completions, now).0.is_valid())
    });
    Ok((people.len() as i64, lacks.count() as i64))
}

/// Whether a course that is for somebody is to be taken, or taken again within 30 days.
pub(crate) fn to_take(courses: &Courses, person: &store::Learner, now: Millis) -> bool {
    let mut own = courses.all.iter().filter(|course| person.takes(course));
    own.any(|course| standing(course, &person.completions, now).0 != Standing::Valid)
}

/// Sees to it that the rules are told of training by the course that opens from now on, when that is another course or
/// edition than before.
pub(crate) async fn follow(tx: &mut Tx<'_>, before: &Courses, now: &Courses) -> Result<()> {
    let edition = |courses: &Courses| courses.opening().map(|course| (course.id.clone(), course.edition));
    match (edition(before), edition(now)) {
        // Training that was recorded before there were courses stands to its day.
        (None, _) | (_, None) => Ok(()),
        (before, Some((course, edition))) if before != Some((course.clone(), edition)) => {
            store::retrain(tx.connection(), &course, edition).await
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::{Pack, model};

    fn done(course: &str, edition: i64, until: Millis) -> Completion {
        Completion { course: course.to_owned(), edition, until }
    }

    #[test]
    fn a_completion_stands_for_its_edition_and_its_time() {
        let courses = Pack::load(&model()).unwrap().courses;
        let mut staff = courses.course("staff").unwrap().clone();
        let now = 1_000 * DAY;
        let of = |staff: &Course, completions: &[Completion]| standing(staff, completions, now).0;
        assert_eq!(of(&staff, &[]), Standing::Open);
        assert_eq!(of(&staff, &[done("custodian", 1, now + 99 * DAY)]), Standing::Open);
        assert_eq!(of(&staff, &[done("staff", 1, now)]), Standing::Lapsed);
        assert_eq!(of(&staff, &[done("staff", 1, now), done("staff", 1, now + 30 * DAY)]), Standing::Ending);
        assert_eq!(of(&staff, &[done("staff", 1, now + 31 * DAY)]), Standing::Valid);
        staff.edition = 2;
        assert_eq!(of(&staff, &[done("staff", 1, now + 31 * DAY)]), Standing::Open);
        assert_eq!(of(&staff, &[done("staff", 3, now + 31 * DAY)]), Standing::Valid);
    }

    #[test]
    fn what_is_completed_on_a_leap_day_ends_with_the_last_of_february() {
        let courses = Pack::load(&model()).unwrap().courses;
        let staff = courses.course("staff").unwrap();
        let zone = jiff::tz::TimeZone::get("Asia/Tokyo").unwrap();
        let until =
            valid_until(staff, jiff::civil::date(2028, 2, 29), |day| crate::clock::begins_in(&zone, day));
        assert_eq!(crate::clock::rfc3339(until), "2029-02-28T14:59:59Z");
    }
}
