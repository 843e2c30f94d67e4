//! Shows a course: its lessons, to be read.

use serde::{Deserialize, Serialize};

use super::list_courses::{CourseLine, lines};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Shows a course.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCourse {
    /// The course.
    pub course: String,
}

/// A lesson, in Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Lesson {
    /// Its id within the course; nothing for what stands before the first.
    pub lesson: Option<String>,
    /// Its heading in Japanese.
    pub ja: String,
    /// Its heading in English.
    pub en: String,
    /// Its text in Japanese.
    pub text_ja: String,
    /// Its text in English.
    pub text_en: String,
}

/// A course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CourseView {
    /// What it is, and where the asker stands with it.
    pub line: CourseLine,
    /// Its lessons, in their order.
    pub lessons: Vec<Lesson>,
}

impl Operation for ShowCourse {
    const ACTION: Action = Action("show_course");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = CourseView;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<CourseView> {
        let rules = tx.rules().clone();
        let course = super::course(&rules.courses, &self.course)?;
        let line = lines(tx).await?.into_iter().find(|line| line.course == course.id);
        // Both texts have the same parts.
        let lessons = course.ja.parts.iter().zip(&course.en.parts).map(|(ja, en)| Lesson {
            lesson: ja.clause.clone(),
            ja: ja.heading.clone(),
            en: en.heading.clone(),
            text_ja: ja.body.clone(),
            text_en: en.body.clone(),
        });
        Ok(CourseView { lessons: lessons.collect(), line: line.ok_or(Error::NotFound("course"))? })
    }
}
