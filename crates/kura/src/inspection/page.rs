//! Pages of 自己点検: one's own, and what a quarter's say.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::Answer as Said;
use super::answer_self_inspection::AnswerSelfInspection;
use super::list_self_inspections::ListSelfInspections;
use super::show_self_inspection::{SelfInspection, ShowSelfInspection};
use crate::app::App;
use crate::error::Error;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::{Member, Posted};
use crate::web::{Answer, field, go_to, page, page_of};

/// A question as it is shown.
struct QuestionRow {
    number: usize,
    text: String,
    clause: String,
    clause_id: String,
    /// What was answered: its name.
    answer: &'static str,
}

const fn name(answer: Said) -> &'static str {
    match answer {
        Said::Yes => "yes",
        Said::No => "no",
        Said::NotApplicable => "not_applicable",
    }
}

#[derive(Template)]
#[template(path = "inspection/own.html")]
struct OwnPage {
    shell: Shell,
    questions: Vec<QuestionRow>,
    /// When it was answered.
    answered: Option<String>,
    told: String,
    wrong: Option<String>,
    choices: Vec<(&'static str, String)>,
}

fn own(
    app: &App,
    member: &Member,
    shown: SelfInspection,
    given: &[Option<Said>],
    told: String,
    wrong: Option<&Error>,
) -> Answer {
    let (t, pack) = (member.words(), app.door.rules());
    let rows = shown.questions.iter().enumerate().map(|(at, question)| QuestionRow {
        number: at + 1,
        text: t.either(&question.ja, &question.en).to_owned(),
        clause: t.clause_title(&pack, &question.clause),
        clause_id: question.clause.clone(),
        answer: question.answer.or(given.get(at).copied().flatten()).map_or("", name),
    });
    let all = [Said::Yes, Said::No, Said::NotApplicable];
    let template = OwnPage {
        questions: rows.collect(),
        answered: (!shown.answered.is_empty()).then(|| t.self_inspected(t.day(&shown.answered))),
        told: if shown.told.is_empty() { told } else { shown.told },
        wrong: wrong.map(|error| field::said(t, error)),
        choices: all.map(|answer| (name(answer), t.self_inspection_answer(name(answer)))).to_vec(),
        shell: Shell::new(member, Place::Policy, t.self_inspection_title(shown.quarter.as_str())),
    };
    page_of(&template, wrong.is_some())
}

/// 自己点検: the questions, or what one answered.
pub(crate) async fn show(State(app): State<App>, member: Member) -> Answer {
    let shown = member.pass(&app, ShowSelfInspection {}).await?;
    own(&app, &member, shown, &[], String::new(), None)
}

/// Answers it.
pub(crate) async fn answer(State(app): State<App>, member: Member, posted: Posted) -> Answer {
    let shown = member.pass(&app, ShowSelfInspection {}).await?;
    let given = (1..=shown.questions.len()).map(|number| match posted.text(&format!("answer-{number}")) {
        "yes" => Some(Said::Yes),
        "no" => Some(Said::No),
        "not_applicable" => Some(Said::NotApplicable),
        _ => None,
    });
    let given: Vec<Option<Said>> = given.collect();
    let told = posted.text("told").trim().to_owned();
    let note = if told.is_empty() { Ok(None) } else { told.parse().map(Some) };
    let asked = match note {
        Ok(note) => {
            let answers = given.iter().copied().flatten().collect();
            member.pass(&app, AnswerSelfInspection { answers, told: note }).await.map(drop)
        }
        Err(no) => Err(Error::invalid("told", no)),
    };
    match asked {
        Ok(()) => go_to("/self-inspection"),
        Err(error @ Error::Invalid { .. }) => own(&app, &member, shown, &given, told, Some(&error)),
        Err(error) => Err(error.into()),
    }
}

/// What is asked of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    quarter: String,
}

/// Somebody who says that something is not so, as they are shown.
struct NotSoRow {
    name: String,
    questions: Vec<String>,
    told: String,
    at: String,
}

#[derive(Template)]
#[template(path = "inspection/quarter.html")]
struct QuarterPage {
    shell: Shell,
    quarter: String,
    told: String,
    /// Question, clause with its id, how many say yes and how many no.
    questions: Vec<(String, String, String, String, i64)>,
    not_so: Vec<NotSoRow>,
}

/// What the self-inspections of a quarter say.
pub(crate) async fn quarter(State(app): State<App>, member: Member, Query(asked): Query<Asked>) -> Answer {
    let quarter = Some(asked.quarter).filter(|quarter| !quarter.is_empty());
    let shown = member.pass(&app, ListSelfInspections { quarter }).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let text = |id: &str| {
        let question = pack.inspection.iter().find(|question| question.id == id);
        question.map_or(id.to_owned(), |question| t.either(&question.ja, &question.en).to_owned())
    };
    let questions = shown.questions.iter().map(|line| {
        let text = t.either(&line.ja, &line.en).to_owned();
        (text, t.clause_title(&pack, &line.clause), line.clause.clone(), t.number(line.yes), line.no)
    });
    page(&QuarterPage {
        questions: questions.collect(),
        not_so: shown
            .not_so
            .into_iter()
            .map(|said| NotSoRow {
                name: said.name,
                questions: said.questions.iter().map(|id| text(id)).collect(),
                told: said.told,
                at: t.day(&said.at),
            })
            .collect(),
        told: t.self_inspected_of(t.number(shown.people), t.number(shown.people - shown.lacking)),
        shell: Shell::new(&member, Place::Policy, t.self_inspections()),
        quarter: shown.quarter,
    })
}
