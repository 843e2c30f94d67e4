//! Lists who has taken which course, and who has not.

use serde::{Deserialize, Serialize};

use super::{Standing, standing, store};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::PersonId;
use crate::rules::facts::Action;

/// Lists the training of officers and staff: the courses that are for each, and what they completed beside.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTraining {}

/// A person and a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TrainingLine {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The course.
    pub course: String,
    /// Its title in Japanese.
    pub ja: String,
    /// Its title in English.
    pub en: String,
    /// Whether it is for them.
    pub own: bool,
    /// Where they stand with it.
    pub standing: Standing,
    /// Until when their newest completion is valid.
    pub until: String,
}

impl Operation for ListTraining {
    const ACTION: Action = Action("list_training");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<TrainingLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<TrainingLine>> {
        let (rules, now, today) = (tx.rules().clone(), tx.now(), tx.today().to_string());
        let mut lines = Vec::new();
        for person in store::staff(tx.connection(), &today).await? {
            for course in &rules.courses.all {
                let (standing, until) = standing(course, &person.completions, now);
                let own = person.takes(course);
                if own || standing != Standing::Open {
                    lines.push(TrainingLine {
                        person: person.person,
                        name: person.name.clone(),
                        course: course.id.clone(),
                        ja: course.ja.title.clone(),
                        en: course.en.title.clone(),
                        own,
                        standing,
                        until: clock::told(until),
                    });
                }
            }
        }
        Ok(lines)
    }
}
