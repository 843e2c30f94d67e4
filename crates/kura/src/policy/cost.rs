//! What a version of the policy that waits would ask of the firm that the one in force does not.
//!
//! Figures that can be counted, and no others: times in the next year by the duties' own calendar, people by the
//! register. How many hours a time takes, and what an hour costs, the program does not know and does not guess.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::comparison;
use super::version_store::VersionRow;
use crate::door::Tx;
use crate::duties;
use crate::error::Result;
use crate::rules::courses::Courses;
use crate::rules::duties::{Cadence, Duty};
use crate::rules::pack::Pack;
use crate::training::{self, standing};

/// A duty that comes, goes or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DutyCost {
    /// Its id.
    pub duty: String,
    /// What it is, in Japanese.
    pub ja: String,
    /// What it is, in English.
    pub en: String,
    /// added, removed or changed.
    pub how: String,
    /// The office whose duty it would be; empty for one that goes.
    pub office: String,
    /// The office whose duty it is; empty for one that comes.
    pub office_before: String,
    /// Whether the program does it by itself.
    pub program: bool,
    /// How often it is due within the next year, when its rule says so; a duty after an operation is due as often as that.
    pub times: Option<i64>,
    /// The same as it is now.
    pub times_before: Option<i64>,
}

/// An office that would have more or less to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OfficeCost {
    /// The office.
    pub office: String,
    /// How often people in it have something to do within the next year, by all duties whose rule says how often.
    pub times: i64,
    /// The same as it is now.
    pub times_before: i64,
}

/// A course that comes, goes or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CourseCost {
    /// Its id.
    pub course: String,
    /// Its title in Japanese.
    pub ja: String,
    /// Its title in English.
    pub en: String,
    /// added, removed or changed.
    pub how: String,
    /// People who would have to take it and do not have to now.
    pub people: i64,
}

/// What a version would ask that the one in force does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Cost {
    /// Duties that come, go or change.
    pub duties: Vec<DutyCost>,
    /// Offices that would have more or less to do.
    pub offices: Vec<OfficeCost>,
    /// Courses that come, go or change.
    pub courses: Vec<CourseCost>,
    /// People who have acknowledged what is in force and would have to acknowledge again.
    pub acknowledge: i64,
    /// Whether it is decided that they have to. Until it is adopted, it is not.
    pub acknowledge_decided: bool,
    /// Decisions of the last 90 days that would have been refusals and were none.
    pub refusals: i64,
}

/// How often a duty is due within a year from a day on, when each time is done on its day.
fn times(duty: &Duty, today: Date) -> Option<i64> {
    let until = today.saturating_add(1.year());
    match &duty.cadence {
        Cadence::Calendar(_) => Some(duty.days(today, until).len() as i64),
        Cadence::AfterLast(span) => {
            let (mut day, mut times) = (today, 0);
            while let Ok(next) = day.checked_add(*span)
                && next > day
                && next <= until
            {
                (day, times) = (next, times + 1);
            }
            Some(times)
        }
        Cadence::On { .. } => None,
    }
}

/// How often each office has something to do that people do.
fn by_office(duties: &[Duty], today: Date) -> BTreeMap<&str, i64> {
    let mut by_office = BTreeMap::new();
    for duty in duties.iter().filter(|duty| duty.check.is_none()) {
        *by_office.entry(duty.office.as_str()).or_default() += times(duty, today).unwrap_or_default();
    }
    by_office
}

/// What two packs say by themselves, without a register: duties, offices and courses.
pub(crate) fn between(in_force: &Pack, candidate: &Pack, today: Date) -> Cost {
    let find = |of: &'_ [Duty], id: &str| of.iter().find(|duty| duty.id == id).cloned();
    let changed = comparison::duties(&in_force.duties, &candidate.duties);
    // Where no duty differs, no office has more or less to do, and nothing is counted.
    let differ = !changed.is_empty();
    let duties = changed.into_iter().filter_map(|(id, how)| {
        let (before, after) = (find(&in_force.duties, &id), find(&candidate.duties, &id));
        let told = after.as_ref().or(before.as_ref())?;
        let office = |duty: &Option<Duty>| duty.as_ref().map(|duty| duty.office.clone()).unwrap_or_default();
        let often = |duty: &Option<Duty>| duty.as_ref().map_or(Some(0), |duty| times(duty, today));
        Some(DutyCost {
            duty: id,
            ja: told.ja.clone(),
            en: told.en.clone(),
            how,
            office: office(&after),
            office_before: office(&before),
            program: told.check.is_some(),
            times: often(&after),
            times_before: often(&before),
        })
    });
    let (now, then) = match differ {
        true => (by_office(&in_force.duties, today), by_office(&candidate.duties, today)),
        false => Default::default(),
    };
    let offices: BTreeSet<&str> = now.keys().chain(then.keys()).copied().collect();
    let offices = offices.into_iter().map(|office| OfficeCost {
        office: office.to_owned(),
        times: then.get(office).copied().unwrap_or_default(),
        times_before: now.get(office).copied().unwrap_or_default(),
    });
    let courses = comparison::courses(&in_force.courses, &candidate.courses);
    let courses = courses.into_iter().filter_map(|(id, how)| {
        let told = candidate.courses.course(&id).or_else(|| in_force.courses.course(&id))?;
        let (ja, en) = (told.ja.title.clone(), told.en.title.clone());
        Some(CourseCost { course: id, ja, en, how, people: 0 })
    });
    Cost {
        duties: duties.collect(),
        offices: offices.filter(|office| office.times != office.times_before).collect(),
        courses: courses.collect(),
        ..Cost::default()
    }
}

/// What the version that waits would ask, with the people of the register.
pub(super) async fn of(tx: &mut Tx<'_>, row: &VersionRow, candidate: &Pack) -> Result<Cost> {
    let (rules, now, today) = (tx.rules().clone(), tx.now(), tx.today());
    let mut cost = between(&rules, candidate, today);
    let people = training::store::staff(tx.connection(), &today.to_string()).await?;
    for course in &mut cost.courses {
        let lacks = |courses: &Courses, person: &training::store::Learner| {
            courses.course(&course.course).is_some_and(|asked| {
                person.takes(asked) && !standing(asked, &person.completions, now).0.is_valid()
            })
        };
        let anew = people
            .iter()
            .filter(|person| lacks(&candidate.courses, person) && !lacks(&rules.courses, person));
        course.people = anew.count() as i64;
    }
    let in_force = tx.circumstances().policy;
    // Whether everybody acknowledges again is said when it is adopted.
    cost.acknowledge_decided = row.decided > 0;
    if !cost.acknowledge_decided || row.acknowledged > in_force {
        let (staff, lacking) = duties::store::unacknowledged(tx.connection(), in_force).await?;
        cost.acknowledge = staff - lacking;
    }
    Ok(cost)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::rules::pack::model;

    #[test]
    fn times_of_a_year_are_counted_by_the_duties_own_rule() {
        let pack = Pack::load(&model()).unwrap();
        let often = |id: &str, today| times(pack.duties.iter().find(|duty| duty.id == id).unwrap(), today);
        // The year that ends on the 24th of November 2027, and one that holds a 29th of February.
        assert_eq!(often("ledger-verified", date(2026, 11, 24)), Some(365));
        assert_eq!(often("ledger-verified", date(2027, 11, 24)), Some(366));
        assert_eq!(often("restore-tested", date(2026, 11, 30)), Some(4));
        assert_eq!(often("rights-reviewed", date(2027, 11, 24)), Some(2));
        assert_eq!(often("leaver-cleared", date(2026, 11, 24)), None);
    }

    #[test]
    fn what_is_the_same_costs_nothing() {
        let pack = Pack::load(&model()).unwrap();
        assert_eq!(between(&pack, &pack, date(2026, 11, 24)), Cost::default());
    }
}
