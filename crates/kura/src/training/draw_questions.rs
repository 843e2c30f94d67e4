//! Draws questions from a course's pool for somebody who has read it.

use kura_vault::keys::random_bytes;
use serde::{Deserialize, Serialize};

use super::show_attempt::{Attempt, AttemptView, view};
use super::store::{self, AttemptRow};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::AttemptId;
use crate::policy::version::in_force;
use crate::rules::courses::Course;
use crate::rules::facts::Action;

/// Draws questions of a course. What was drawn before and not answered is dropped.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawQuestions {
    /// The course.
    pub course: String,
}

/// A question as it was drawn, and the order in which its choices stand, by their places in the pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) question: String,
    pub(super) choices: Vec<usize>,
}

/// Puts things in an order that nobody can tell beforehand.
fn shuffle<T>(things: &mut [T]) {
    // Fisher and Yates; the remainder of 64 random bits favours none that anybody could notice.
    for at in (1..things.len()).rev() {
        let drawn = u64::from_be_bytes(random_bytes::<8>()) % (at as u64 + 1);
        things.swap(at, usize::try_from(drawn).unwrap_or_default());
    }
}

fn draw(course: &Course) -> Vec<Asked> {
    let mut pool: Vec<_> = course.questions.iter().collect();
    shuffle(&mut pool);
    let asked = pool.into_iter().take(course.asked).map(|question| {
        let mut choices: Vec<usize> = (0..question.choices.len()).collect();
        shuffle(&mut choices);
        Asked { question: question.id.clone(), choices }
    });
    asked.collect()
}

impl Operation for DrawQuestions {
    const ACTION: Action = Action("draw_questions");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = AttemptView;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<AttemptView> {
        let rules = tx.rules().clone();
        let course = super::course(&rules.courses, &self.course)?;
        let asked = draw(course);
        let row = AttemptRow {
            id: tx.id(AttemptId::new),
            person: tx.asker_id()?,
            course: course.id.clone(),
            edition: course.edition,
            version: in_force(tx).await?.number,
            questions: serde_json::to_string(&asked).map_err(Error::internal)?,
            drawn: tx.now(),
            answers: "[]".to_owned(),
            answered: 0,
            correct: 0,
            until: 0,
        };
        store::insert(tx.connection(), &row).await?;
        tx.note("attempt", row.id.to_string());
        tx.note("version", row.version.to_string());
        tx.note("questions", row.questions.clone());
        view(&Attempt { row, course: course.clone(), asked })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rules::pack::{Pack, model};

    #[test]
    fn questions_are_drawn_each_once_and_every_one_in_time() {
        let courses = Pack::load(&model()).unwrap().courses;
        let staff = courses.course("staff").unwrap();
        let (mut seen, mut first) = (BTreeSet::new(), BTreeSet::new());
        for _ in 0..200 {
            let drawn = draw(staff);
            let ids: BTreeSet<_> = drawn.iter().map(|asked| asked.question.clone()).collect();
            assert_eq!((drawn.len(), ids.len()), (staff.asked, staff.asked));
            for asked in &drawn {
                let mut choices = asked.choices.clone();
                choices.sort_unstable();
                let all = staff.question(&asked.question).unwrap().choices.len();
                assert_eq!(choices, (0..all).collect::<Vec<_>>());
                first.insert(asked.choices[0]);
            }
            seen.extend(ids);
        }
        assert_eq!(seen.len(), staff.questions.len(), "each question comes up");
        assert!(first.len() >= 3, "choices stand in every order");
    }
}
