//! Answers the questions that were drawn. Enough right answers complete the course.

use serde::{Deserialize, Serialize};

use super::show_attempt::{AttemptView, attempt, view};
use super::{DAY, store, valid_until};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::AttemptId;
use crate::people;
use crate::rules::facts::Action;

/// Answers the questions that were drawn for you, within a day.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerQuestions {
    /// The attempt.
    pub attempt: AttemptId,
    /// The number of the choice made for each question, from 1, in the order of the questions.
    #[arg(long, required = true, value_delimiter = ',')]
    #[serde(default)]
    pub answers: Vec<i64>,
}

impl Operation for AnswerQuestions {
    const ACTION: Action = Action("answer_questions");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = AttemptView;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<AttemptView> {
        let mut attempt = attempt(tx, self.attempt).await?;
        if attempt.row.answered != 0 {
            return Err(Error::conflict("these questions are answered already: draw others"));
        }
        if tx.now() - attempt.row.drawn > DAY {
            return Err(Error::conflict("these questions were drawn more than a day ago: draw others"));
        }
        if self.answers.len() != attempt.asked.len() {
            return Err(Error::invalid("answers", "answer every question"));
        }
        let mut correct = 0;
        for (found, chosen) in attempt.questions().zip(&self.answers) {
            let (question, asked) = found?;
            let place = usize::try_from(*chosen).ok().and_then(|chosen| chosen.checked_sub(1));
            let chosen = place.and_then(|place| asked.choices.get(place));
            let chosen = chosen.ok_or_else(|| Error::invalid("answers", "there is no such choice"))?;
            correct += i64::from(*chosen == question.right());
        }
        let course = &attempt.course;
        let passed = correct >= course.right as i64;
        let row = &mut attempt.row;
        row.answers = serde_json::to_string(&self.answers).map_err(Error::internal)?;
        row.answered = tx.now();
        row.correct = correct;
        if passed {
            row.until = valid_until(course, tx.today(), |day| tx.begins(day));
        }
        store::answered(tx.connection(), row).await?;
        let opens = tx.rules().courses.opening().is_some_and(|opening| opening.id == course.id);
        if passed && opens {
            let mut person = people::store::person(tx, row.person).await?;
            person.trained_until = person.trained_until.max(row.until);
            people::store::update(tx, &person).await?;
        }
        tx.note("course", course.id.clone());
        tx.note("edition", course.edition.to_string());
        tx.note("correct", correct.to_string());
        tx.note("until", clock::told(row.until));
        view(&attempt)
    }
}
