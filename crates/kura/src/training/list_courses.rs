//! Lists the courses of the policy in force, with where the asker stands with each.

use serde::{Deserialize, Serialize};

use super::{Standing, standing, store};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::rules::courses::Course;
use crate::rules::facts::Action;

/// Lists the courses.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCourses {}

/// A course, and where the asker stands with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CourseLine {
    /// The course.
    pub course: String,
    /// Its title in Japanese.
    pub ja: String,
    /// Its title in English.
    pub en: String,
    /// The clause that it upholds.
    pub clause: String,
    /// Its edition.
    pub edition: i64,
    /// Whether it is for the asker.
    pub own: bool,
    /// Whether its completion is the training that the rules ask for.
    pub opens: bool,
    /// Where the asker stands with it.
    pub standing: Standing,
    /// Until when their newest completion is valid.
    pub until: String,
    /// For how many months a completion is valid.
    pub valid_months: i64,
    /// Questions that are asked.
    pub asked: i64,
    /// Those of them that must be answered right.
    pub right: i64,
}

/// The courses with where the asker stands with each.
pub(crate) async fn lines(tx: &mut Tx<'_>) -> Result<Vec<CourseLine>> {
    let (asker, rules, now) = (tx.asker()?.clone(), tx.rules().clone(), tx.now());
    if rules.courses.all.is_empty() {
        return Ok(vec![]);
    }
    let completions = store::completions(tx.connection(), asker.id).await?;
    let custodian = store::is_custodian(tx.connection(), asker.id).await?;
    let opening = rules.courses.opening().map(|course| course.id.as_str());
    let line = |course: &Course| {
        let (standing, until) = standing(course, &completions, now);
        CourseLine {
            course: course.id.clone(),
            ja: course.ja.title.clone(),
            en: course.en.title.clone(),
            clause: course.clause.clone(),
            edition: course.edition,
            own: course.is_for(&asker.employment, &asker.offices, custodian),
            opens: opening == Some(course.id.as_str()),
            standing,
            until: clock::told(until),
            valid_months: course.valid_months,
            asked: course.asked as i64,
            right: course.right as i64,
        }
    };
    Ok(rules.courses.all.iter().map(line).collect())
}

/// The courses that the asker has to take, or to take again within 30 days. Guests take none.
pub(crate) async fn due(tx: &mut Tx<'_>) -> Result<Vec<CourseLine>> {
    if tx.asker()?.party.is_some() {
        return Ok(vec![]);
    }
    let due = |line: &CourseLine| line.own && line.standing != Standing::Valid;
    Ok(lines(tx).await?.into_iter().filter(due).collect())
}

impl Operation for ListCourses {
    const ACTION: Action = Action("list_courses");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<CourseLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<CourseLine>> {
        lines(tx).await
    }
}
