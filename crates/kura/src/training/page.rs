//! Pages of training: one's courses, the lessons of one, its questions, and who has taken what.

use askama::Template;
use axum::extract::{Path, State};

use super::Standing;
use super::answer_questions::AnswerQuestions;
use super::list_courses::{CourseLine, ListCourses};
use super::list_training::{ListTraining, TrainingLine};
use super::show_attempt::{AttemptView, ShowAttempt};
use super::show_course::ShowCourse;
use crate::app::App;
use crate::error::Error;
use crate::id::AttemptId;
use crate::web::markup::Markup;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::{Member, Posted};
use crate::web::words::Words;
use crate::web::{Answer, field, go_to, page, page_of};

/// Where somebody stands with a course: style, icon and words.
type Stands = (&'static str, &'static str, String);

fn stands(t: &Words, own: bool, standing: Standing, until: &str) -> Stands {
    let (style, icon) = match standing {
        Standing::Open | Standing::Lapsed if !own => ("", "info"),
        Standing::Open | Standing::Lapsed => ("late", "triangle-alert"),
        Standing::Ending => ("soon", "hourglass"),
        Standing::Valid => ("good", "check"),
    };
    (style, icon, t.training_standing(standing.name(), t.day(until)))
}

/// A course that somebody has to take, or to take again soon.
pub(crate) struct CourseRow {
    pub(crate) course: String,
    pub(crate) title: String,
    pub(crate) opens: bool,
    pub(crate) stands: Stands,
}

/// Courses as they are shown.
pub(crate) fn rows(t: &Words, lines: &[CourseLine]) -> Vec<CourseRow> {
    let row = |line: &CourseLine| CourseRow {
        course: line.course.clone(),
        title: t.either(&line.ja, &line.en).to_owned(),
        opens: line.opens,
        stands: stands(t, line.own, line.standing, &line.until),
    };
    lines.iter().map(row).collect()
}

#[derive(Template)]
#[template(path = "training/courses.html")]
struct CoursesPage {
    shell: Shell,
    own: Vec<CourseRow>,
    others: Vec<CourseRow>,
}

/// 研修: one's own courses, and the others.
pub(crate) async fn courses(State(app): State<App>, member: Member) -> Answer {
    let lines = member.pass(&app, ListCourses {}).await?;
    let t = member.words();
    let (own, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.own);
    page(&CoursesPage {
        own: rows(t, &own),
        others: rows(t, &others),
        shell: Shell::new(&member, Place::Policy, t.training()),
    })
}

/// A lesson as it is read.
struct LessonRow {
    id: Option<String>,
    heading: String,
    text: Markup,
}

#[derive(Template)]
#[template(path = "training/course.html")]
struct CoursePage {
    shell: Shell,
    course: String,
    clause: String,
    explained: String,
    stands: Stands,
    lessons: Vec<LessonRow>,
}

/// A course, to be read.
pub(crate) async fn course(State(app): State<App>, member: Member, Path(course): Path<String>) -> Answer {
    let shown = member.pass(&app, ShowCourse { course }).await?;
    let (t, pack, line) = (member.words(), app.door.rules(), shown.line);
    let lessons = shown.lessons.into_iter().map(|lesson| LessonRow {
        id: lesson.lesson,
        heading: t.either(&lesson.ja, &lesson.en).to_owned(),
        text: Markup::of(t.either(&lesson.text_ja, &lesson.text_en)),
    });
    page(&CoursePage {
        shell: Shell::new(&member, Place::Policy, t.either(&line.ja, &line.en)),
        clause: t.clause_title(&pack, &line.clause),
        explained: t.training_asked(line.asked, line.right, line.valid_months),
        stands: stands(t, line.own, line.standing, &line.until),
        lessons: lessons.collect(),
        course: line.course,
    })
}

/// A choice as it is shown.
struct ChoiceRow {
    number: usize,
    text: String,
    chosen: bool,
    right: bool,
}

/// A question as it is shown.
struct QuestionRow {
    number: usize,
    text: String,
    choices: Vec<ChoiceRow>,
    /// Whether it was answered right, why, and where the lesson is.
    marked: Option<(bool, String, String)>,
}

#[derive(Template)]
#[template(path = "training/attempt.html")]
struct AttemptPage {
    shell: Shell,
    attempt: AttemptId,
    course: String,
    explained: String,
    questions: Vec<QuestionRow>,
    /// What came of it, and whether the course is completed.
    outcome: Option<(bool, String)>,
    wrong: Option<String>,
}

fn question(t: &Words, shown: &AttemptView, given: &[i64], at: usize) -> QuestionRow {
    let question = &shown.questions[at];
    let chosen = question.marked.as_ref().map(|marked| marked.chosen).or(given.get(at).copied());
    let right = question.marked.as_ref().map(|marked| marked.right);
    let choice = |(at, choice): (usize, &super::show_attempt::ChoiceView)| ChoiceRow {
        number: at + 1,
        text: t.either(&choice.ja, &choice.en).to_owned(),
        chosen: chosen == Some(at as i64 + 1),
        right: right == Some(at as i64 + 1),
    };
    QuestionRow {
        number: at + 1,
        text: t.either(&question.ja, &question.en).to_owned(),
        choices: question.choices.iter().enumerate().map(choice).collect(),
        marked: question.marked.as_ref().map(|marked| {
            let because = t.either(&marked.because_ja, &marked.because_en).to_owned();
            (marked.chosen == marked.right, because, format!("/training/{}#{}", shown.course, marked.lesson))
        }),
    }
}

fn asked(member: &Member, shown: AttemptView, given: &[i64], wrong: Option<&Error>) -> Answer {
    let t = member.words();
    let of = shown.questions.len() as i64;
    let outcome = (!shown.answered.is_empty()).then(|| match shown.until.is_empty() {
        true => (false, t.attempt_failed(of, shown.correct, shown.right)),
        false => (true, t.attempt_passed(of, shown.correct, t.day(&shown.until))),
    });
    let template = AttemptPage {
        shell: Shell::new(member, Place::Policy, t.attempt_title(t.either(&shown.ja, &shown.en))),
        attempt: shown.attempt,
        explained: t.attempt_explained(of, shown.right),
        questions: (0..shown.questions.len()).map(|at| question(t, &shown, given, at)).collect(),
        course: shown.course,
        outcome,
        wrong: wrong.map(|error| field::said(t, error)),
    };
    page_of(&template, wrong.is_some())
}

/// The questions that were drawn, or what came of them.
pub(crate) async fn attempt(State(app): State<App>, member: Member, Path(attempt): Path<String>) -> Answer {
    let attempt = attempt.parse().map_err(|_| Error::NotFound("attempt"))?;
    let shown = member.pass(&app, ShowAttempt { attempt }).await?;
    asked(&member, shown, &[], None)
}

/// Answers them.
pub(crate) async fn answer(
    State(app): State<App>,
    member: Member,
    Path(attempt): Path<String>,
    posted: Posted,
) -> Answer {
    let attempt: AttemptId = attempt.parse().map_err(|_| Error::NotFound("attempt"))?;
    let shown = member.pass(&app, ShowAttempt { attempt }).await?;
    // Each question's choice has a name of its own, so that one of them is made; what is left open is no answer.
    let given = (1..=shown.questions.len())
        .map(|number| posted.text(&format!("answer-{number}")).parse().unwrap_or(0));
    let given: Vec<i64> = given.collect();
    let answers = given.iter().copied().filter(|answer| *answer != 0).collect();
    match member.pass(&app, AnswerQuestions { attempt, answers }).await {
        Ok(_) => go_to(&format!("/training/attempts/{attempt}")),
        Err(error @ Error::Invalid { .. }) => asked(&member, shown, &given, Some(&error)),
        Err(error) => Err(error.into()),
    }
}

/// Somebody's courses.
struct LearnerRow {
    name: String,
    courses: Vec<(String, Stands)>,
}

#[derive(Template)]
#[template(path = "training/training.html")]
struct TrainingPage {
    shell: Shell,
    told: String,
    people: Vec<LearnerRow>,
}

/// 受講の状況: who has taken which course.
pub(crate) async fn training(State(app): State<App>, member: Member) -> Answer {
    let lines = member.pass(&app, ListTraining {}).await?;
    let t = member.words();
    let mut lacking = 0;
    let row = |own: &[TrainingLine]| {
        lacking += i64::from(own.iter().any(|line| line.own && !line.standing.is_valid()));
        let course = |line: &TrainingLine| {
            let title = t.either(&line.ja, &line.en).to_owned();
            (title, stands(t, line.own, line.standing, &line.until))
        };
        LearnerRow { name: own[0].name.clone(), courses: own.iter().map(course).collect() }
    };
    let people: Vec<LearnerRow> = lines.chunk_by(|one, other| one.person == other.person).map(row).collect();
    let of = people.len() as i64;
    page(&TrainingPage {
        told: t.trained_of(t.number(of), t.number(of - lacking)),
        people,
        shell: Shell::new(&member, Place::Policy, t.training_shown()),
    })
}
