//! Somebody takes a course and knows the answers: they are in the pack.

use crate::door::{Actor, Door, Options};
use crate::error::{Error, Result};
use crate::training::answer_questions::AnswerQuestions;
use crate::training::draw_questions::DrawQuestions;
use crate::training::show_attempt::AttemptView;

/// Draws questions of a course and answers all of them right.
///
/// # Errors
/// What the door says.
pub async fn take_course(door: &Door, actor: &Actor, course: &str) -> Result<AttemptView> {
    let draw = DrawQuestions { course: course.to_owned() };
    let drawn = door.pass(actor, draw, Options::default()).await?.into_value();
    let rules = door.rules();
    let course = rules.courses.course(course).ok_or(Error::NotFound("course"))?;
    let answers = drawn.questions.iter().map(|drawn| {
        let question = course.questions.iter().find(|question| question.en == drawn.en);
        let right = question.map(|question| question.choices[question.right()].en.as_str());
        let place = drawn.choices.iter().position(|choice| Some(choice.en.as_str()) == right);
        place.map_or(0, |place| place as i64 + 1)
    });
    let answer = AnswerQuestions { attempt: drawn.attempt, answers: answers.collect() };
    Ok(door.pass(actor, answer, Options::default()).await?.into_value())
}
