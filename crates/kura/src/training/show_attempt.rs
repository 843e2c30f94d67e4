//! Shows the questions that were drawn for the asker; once they are answered, what was right and why.

use serde::{Deserialize, Serialize};

use super::draw_questions::Asked;
use super::store::{self, AttemptRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::AttemptId;
use crate::rules::courses::{Course, Question};
use crate::rules::facts::Action;

/// Shows the questions that were drawn for you.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowAttempt {
    /// The attempt.
    pub attempt: AttemptId,
}

/// A choice, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChoiceView {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

/// What became of a question that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Marked {
    /// The number of the choice that was made, from 1.
    pub chosen: i64,
    /// The number of the right one, from 1.
    pub right: i64,
    /// Why, in Japanese.
    pub because_ja: String,
    /// Why, in English.
    pub because_en: String,
    /// The lesson that answers it.
    pub lesson: String,
}

/// A question, as it was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuestionView {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// The choices, in their order; an answer is the number of one, counted from 1.
    pub choices: Vec<ChoiceView>,
    /// What became of it; nothing before it is answered.
    pub marked: Option<Marked>,
}

/// An attempt at a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AttemptView {
    /// The attempt.
    pub attempt: AttemptId,
    /// The course.
    pub course: String,
    /// Its title in Japanese.
    pub ja: String,
    /// Its title in English.
    pub en: String,
    /// How many must be answered right.
    pub right: i64,
    /// The questions, in their order.
    pub questions: Vec<QuestionView>,
    /// When they were answered.
    pub answered: String,
    /// How many were answered right.
    pub correct: i64,
    /// Until when the course is completed by it; empty when it is not.
    pub until: String,
}

/// An attempt with the course that it is at, as long as that is still the same edition of it.
pub(super) struct Attempt {
    pub(super) row: AttemptRow,
    pub(super) course: Course,
    pub(super) asked: Vec<Asked>,
}

impl Attempt {
    /// The questions with their choices' order.
    pub(super) fn questions(&self) -> impl Iterator<Item = Result<(&Question, &Asked)>> {
        self.asked.iter().map(|asked| {
            let question = self.course.question(&asked.question).ok_or_else(changed)?;
            let there = asked.choices.iter().all(|at| *at < question.choices.len());
            if there && asked.choices.len() == question.choices.len() {
                Ok((question, asked))
            } else {
                Err(changed())
            }
        })
    }
}

fn changed() -> Error {
    Error::conflict("the course has changed since: begin again")
}

/// The asker's attempt.
pub(super) async fn attempt(tx: &mut Tx<'_>, id: AttemptId) -> Result<Attempt> {
    let (asker, rules) = (tx.asker_id()?, tx.rules().clone());
    let row = store::attempt(tx.connection(), id, asker).await?;
    let course = rules.courses.course(&row.course).filter(|course| course.edition == row.edition);
    let asked = serde_json::from_str(&row.questions).map_err(Error::internal)?;
    Ok(Attempt { asked, course: course.ok_or_else(changed)?.clone(), row })
}

/// An attempt as its person sees it.
pub(super) fn view(attempt: &Attempt) -> Result<AttemptView> {
    let Attempt { row, course, .. } = attempt;
    let answers: Vec<i64> = serde_json::from_str(&row.answers).map_err(Error::internal)?;
    let mut questions = Vec::new();
    for (number, found) in attempt.questions().enumerate() {
        let (question, asked) = found?;
        let choice = |at: &usize| ChoiceView {
            ja: question.choices[*at].ja.clone(),
            en: question.choices[*at].en.clone(),
        };
        let right = asked.choices.iter().position(|at| *at == question.right()).unwrap_or_default();
        questions.push(QuestionView {
            ja: question.ja.clone(),
            en: question.en.clone(),
            choices: asked.choices.iter().map(choice).collect(),
            marked: answers.get(number).map(|chosen| Marked {
                chosen: *chosen,
                right: right as i64 + 1,
                because_ja: question.because_ja.clone(),
                because_en: question.because_en.clone(),
                lesson: question.lesson.clone(),
            }),
        });
    }
    Ok(AttemptView {
        attempt: row.id,
        course: course.id.clone(),
        ja: course.ja.title.clone(),
        en: course.en.title.clone(),
        right: course.right as i64,
        questions,
        answered: clock::told(row.answered),
        correct: row.correct,
        until: clock::told(row.until),
    })
}

impl Operation for ShowAttempt {
    const ACTION: Action = Action("show_attempt");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = AttemptView;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<AttemptView> {
        view(&attempt(tx, self.attempt).await?)
    }
}
