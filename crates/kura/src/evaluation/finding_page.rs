//! Pages of 指摘事項: those that one may see, and one of them with what became of it.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::list_findings::{FindingLine, ListFindings};
use super::show_finding::{ShowFinding, StepView};
use crate::app::App;
use crate::error::Error;
use crate::rules::pack::Pack;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};

/// A finding as it is listed.
pub(crate) struct FindingRow {
    pub(crate) finding: String,
    pub(crate) clause: String,
    pub(crate) clause_id: String,
    pub(crate) grade: String,
    pub(crate) grade_style: &'static str,
    pub(crate) told: String,
    pub(crate) audited: String,
    pub(crate) owner: String,
    pub(crate) raised: String,
    pub(crate) style: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) state: String,
    pub(crate) came_back: bool,
}

/// A finding in words.
pub(crate) fn row(t: &Words, pack: &Pack, line: &FindingLine) -> FindingRow {
    let (style, icon) = match (line.state.as_str(), line.overdue) {
        ("closed", _) => ("good", "check"),
        (_, true) => ("late", "triangle-alert"),
        _ => ("soon", "hourglass"),
    };
    FindingRow {
        finding: line.finding.to_string(),
        clause: t.clause_title(pack, &line.clause),
        clause_id: line.clause.clone(),
        grade: t.choice(&line.grade),
        grade_style: if line.grade == "major" { "late" } else { "" },
        told: line.told.clone(),
        audited: t.whom(&line.audited),
        owner: line.owner.clone(),
        raised: t.said_by(line.raised_by.as_str(), t.day(&line.raised)),
        style,
        icon,
        state: match line.overdue {
            true => t.finding_overdue(t.finding_state(&line.state), t.date(&line.due)),
            false if line.state == "closed" || line.state == "done" => t.finding_state(&line.state),
            false => t.finding_due(t.finding_state(&line.state), t.date(&line.due)),
        },
        came_back: line.regressed_from.is_some(),
    }
}

/// What is asked of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    closed: String,
}

#[derive(Template)]
#[template(path = "evaluation/findings.html")]
struct FindingsPage {
    shell: Shell,
    findings: Vec<FindingRow>,
    closed: bool,
}

/// 指摘事項: those that are not closed, or all of them.
pub(crate) async fn findings(State(app): State<App>, member: Member, Query(asked): Query<Asked>) -> Answer {
    let closed = !asked.closed.is_empty();
    let lines = member.pass(&app, ListFindings { clause: None, closed }).await?;
    let (t, pack) = (member.words(), app.door.rules());
    page(&FindingsPage {
        findings: lines.iter().map(|line| row(t, &pack, line)).collect(),
        closed,
        shell: Shell::new(&member, Place::Policy, t.findings()),
    })
}

/// A step as it is shown: what it is, who took it and when, and what was told under which heading.
struct StepRow {
    step: String,
    by: String,
    told: Vec<(String, String)>,
    event: String,
}

fn step(t: &Words, view: StepView) -> StepRow {
    let told = [
        ("cause", view.cause),
        ("correction", view.correction),
        ("corrective", view.corrective),
        ("due", if view.due.is_empty() { view.due } else { t.date(&view.due) }),
    ];
    let told = told.into_iter().filter(|(_, told)| !told.is_empty());
    let mut told: Vec<_> = told.map(|(name, told)| (t.field(name), told)).collect();
    if !view.told.is_empty() {
        told.push((t.finding_told(), view.told));
    }
    StepRow {
        step: t.finding_step(&view.step),
        by: t.said_by(view.by.as_str(), t.moment(&view.at)),
        told,
        event: view.event,
    }
}

#[derive(Template)]
#[template(path = "evaluation/finding.html")]
struct FindingPage {
    shell: Shell,
    it: FindingRow,
    evaluation: (String, String),
    before: Option<String>,
    steps: Vec<StepRow>,
    /// Forms and their words.
    may: Vec<(String, String)>,
}

/// A finding.
pub(crate) async fn finding(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let finding = id.parse().map_err(|_| Error::NotFound("finding"))?;
    let view = member.pass(&app, ShowFinding { finding }).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let may = view
        .may
        .iter()
        .map(|action| (format!("/do/{}?finding={finding}", action.replace('_', "-")), t.verb(action)));
    page(&FindingPage {
        it: row(t, &pack, &view.line),
        evaluation: (view.line.evaluation.to_string(), view.title),
        before: view.line.regressed_from.map(|before| before.to_string()),
        may: may.collect(),
        steps: view.steps.into_iter().map(|view| step(t, view)).collect(),
        shell: Shell::new(&member, Place::Policy, t.finding()),
    })
}
