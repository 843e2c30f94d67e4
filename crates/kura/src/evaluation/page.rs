//! Pages of 点検・監査・評価: all of them, one of them with its working papers, and its report.

use askama::Template;
use axum::extract::{Path, State};

use super::draw_sample::Known;
use super::finding_page::{FindingRow, row as finding_row};
use super::list_evaluations::{EvaluationLine, ListEvaluations};
use super::show_evaluation::{EvaluationView, PaperView, ShowEvaluation};
use crate::app::App;
use crate::error::Error;
use crate::rules::pack::Pack;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};

/// An evaluation as it is listed.
pub(crate) struct EvaluationRow {
    pub(crate) evaluation: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) audited: String,
    pub(crate) lead: String,
    pub(crate) style: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) state: String,
    pub(crate) found: String,
}

/// An evaluation in words.
pub(crate) fn row(t: &Words, line: &EvaluationLine) -> EvaluationRow {
    let (style, icon, state) = match (line.closed.as_str(), line.overdue) {
        ("", true) => ("late", "triangle-alert", t.evaluation_overdue(t.date(&line.due_on))),
        ("", false) => ("soon", "hourglass", t.evaluation_due(t.date(&line.due_on))),
        (closed, _) => ("good", "check", t.evaluation_closed(t.day(closed))),
    };
    EvaluationRow {
        evaluation: line.evaluation.to_string(),
        title: line.title.clone(),
        kind: t.evaluation_kind(t.choice(&line.kind), t.choice(&line.aspect)),
        audited: t.whom(&line.audited),
        lead: line.lead.clone(),
        style,
        icon,
        state,
        found: t.findings_of(t.number(line.findings), t.number(line.open)),
    }
}

#[derive(Template)]
#[template(path = "evaluation/evaluations.html")]
struct EvaluationsPage {
    shell: Shell,
    evaluations: Vec<EvaluationRow>,
    may_plan: bool,
}

/// 点検・監査・評価: those that one may see.
pub(crate) async fn evaluations(State(app): State<App>, member: Member) -> Answer {
    let lines = member.pass(&app, ListEvaluations {}).await?;
    let t = member.words();
    page(&EvaluationsPage {
        evaluations: lines.iter().map(|line| row(t, line)).collect(),
        may_plan: member.permitted(&app, "plan_evaluation").await.is_ok(),
        shell: Shell::new(&member, Place::Policy, t.evaluations()),
    })
}

/// A working paper as it is shown.
struct PaperRow {
    style: &'static str,
    icon: &'static str,
    result: String,
    told: String,
    by: String,
}

fn paper(t: &Words, view: &PaperView) -> PaperRow {
    let (style, icon) = match view.result.as_str() {
        "conforms" => ("good", "check"),
        "nonconforming" => ("late", "triangle-alert"),
        _ => ("", "info"),
    };
    PaperRow {
        style,
        icon,
        result: t.choice(&view.result),
        told: view.told.clone(),
        by: t.said_by(view.by.as_str(), t.moment(&view.at)),
    }
}

/// A clause that it is held against.
struct CriterionRow {
    clause: String,
    title: String,
    version: String,
    papers: Vec<PaperRow>,
}

/// Something that was drawn.
struct EntryRow {
    number: i64,
    place: String,
    /// What it is, and where it is seen.
    what: String,
    address: Option<String>,
    papers: Vec<PaperRow>,
}

/// A sample.
struct SampleRow {
    draw: i64,
    title: String,
    seed: String,
    by: String,
    entries: Vec<EntryRow>,
}

/// What was drawn, in words.
pub(crate) fn told(t: &Words, pack: &Pack, known: &Known, about: &str) -> (String, Option<String>) {
    let class = pack.class(&known.class).map(|class| t.class(class).to_owned());
    match known {
        Known { operation, refused, .. } if !operation.is_empty() => {
            let what = t.operation(operation);
            let what = if *refused { t.refused_operation(what) } else { what };
            (what, Some(format!("/administration/ledger/{about}")))
        }
        Known { duty, day, .. } if !duty.is_empty() => {
            let found = pack.duties.iter().find(|known| known.id == *duty);
            let title = found.map_or(duty.as_str(), |duty| t.either(&duty.ja, &duty.en));
            (format!("{title} · {}", t.date(day)), Some(format!("/duties/{duty}")))
        }
        Known { employment, person, .. } if !employment.is_empty() => {
            (format!("{person} · {}", t.choice(employment)), None)
        }
        Known { form, person, .. } => {
            let class = class.unwrap_or_default();
            (
                t.drawn_item(class, t.choice(form), person.as_str()),
                Some(format!("/administration/ledger?item={about}")),
            )
        }
    }
}

/// An evaluation in words, with all that belongs to it.
struct Whole {
    line: EvaluationRow,
    days: String,
    planned: String,
    conclusion: String,
    event: String,
    criteria: Vec<CriterionRow>,
    samples: Vec<SampleRow>,
    findings: Vec<FindingRow>,
    may: Vec<String>,
}

impl Whole {
    fn may(&self, action: &str) -> bool {
        self.may.iter().any(|may| may == action)
    }
}

fn whole(t: &Words, pack: &Pack, view: EvaluationView) -> Whole {
    let papers = |papers: &[PaperView]| papers.iter().map(|view| paper(t, view)).collect();
    let criteria = view.criteria.iter().map(|criterion| CriterionRow {
        clause: criterion.clause.clone(),
        title: t.clause_title(pack, &criterion.clause),
        version: t.version_number(criterion.version),
        papers: papers(&criterion.papers),
    });
    let samples = view.samples.iter().map(|sample| {
        let entries = sample.entries.iter().map(|entry| {
            let (what, address) = told(t, pack, &entry.known, &entry.about);
            EntryRow {
                number: entry.number,
                place: t.number(entry.place),
                what,
                address,
                papers: papers(&entry.papers),
            }
        });
        SampleRow {
            draw: sample.draw,
            title: t.sample_of(
                sample.draw,
                t.choice(&sample.from),
                t.number(sample.population),
                t.number(sample.entries.len() as i64),
            ),
            seed: sample.seed.clone(),
            by: t.said_by(sample.by.as_str(), t.moment(&sample.at)),
            entries: entries.collect(),
        }
    });
    Whole {
        days: t.from_to(t.date(&view.line.first_day), t.date(&view.line.last_day)),
        planned: t.said_by(view.line.planned_by.as_str(), t.moment(&view.line.planned)),
        line: row(t, &view.line),
        criteria: criteria.collect(),
        samples: samples.collect(),
        findings: view.findings.iter().map(|line| finding_row(t, pack, line)).collect(),
        conclusion: view.conclusion,
        event: view.event,
        may: view.may,
    }
}

#[derive(Template)]
#[template(path = "evaluation/evaluation.html")]
struct EvaluationPage {
    shell: Shell,
    it: Whole,
}

async fn load(app: &App, member: &Member, evaluation: &str) -> crate::error::Result<EvaluationView> {
    let evaluation = evaluation.parse().map_err(|_| Error::NotFound("evaluation"))?;
    member.pass(app, ShowEvaluation { evaluation }).await
}

/// An evaluation, as it is worked on.
pub(crate) async fn evaluation(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let view = load(&app, &member, &id).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let it = whole(t, &pack, view);
    page(&EvaluationPage { shell: Shell::new(&member, Place::Policy, it.line.title.clone()), it })
}

#[derive(Template)]
#[template(path = "evaluation/report.html")]
struct ReportPage {
    shell: Shell,
    it: Whole,
    /// How many clauses and things that were drawn conform, and how many do not.
    told: Vec<String>,
    now: String,
}

/// 監査報告書: what it came to, to be printed.
pub(crate) async fn report(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let view = load(&app, &member, &id).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let count = |papers: Vec<&Vec<PaperView>>| {
        let is = |result: &str| {
            let newest = papers.iter().filter_map(|papers| papers.first());
            newest.filter(|paper| paper.result == result).count() as i64
        };
        (papers.len() as i64, is("conforms"), is("nonconforming"))
    };
    let (of, good, bad) = count(view.criteria.iter().map(|criterion| &criterion.papers).collect());
    let mut told = vec![t.report_criteria(of, good, bad)];
    let entries = view.samples.iter().flat_map(|sample| &sample.entries);
    let (of, good, bad) = count(entries.map(|entry| &entry.papers).collect());
    if of > 0 {
        told.push(t.report_samples(of, good, bad));
    }
    let grade = |grade: &str| view.findings.iter().filter(|found| found.grade == grade).count() as i64;
    told.push(t.report_findings(grade("major"), grade("minor"), grade("observation")));
    let now = t.moment(&crate::clock::rfc3339(app.door.clock().now()));
    let it = whole(t, &pack, view);
    page(&ReportPage {
        shell: Shell::new(&member, Place::Policy, t.report_title(it.line.title.as_str())),
        told,
        now,
        it,
    })
}
