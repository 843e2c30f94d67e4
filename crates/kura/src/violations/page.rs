//! Pages of 違反と事故: the cases that concern somebody, one as it is handled, and one as the person concerned sees it.

use askama::Template;
use axum::extract::{Path, State};

use super::clocks::ClockView;
use super::list_violations::{Concern, ListViolations, ViolationLine};
use super::show_charge::{ChargeView, ShowCharge};
use super::show_violation::{CaseStep, ShowViolation, ViolationView};
use crate::app::App;
use crate::error::Error;
use crate::rules::pack::Pack;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};

/// A case as it is listed.
pub(crate) struct CaseRow {
    pub(crate) address: Option<String>,
    pub(crate) title: String,
    pub(crate) concern: String,
    pub(crate) clause: String,
    pub(crate) reported: String,
    pub(crate) style: &'static str,
    pub(crate) state: String,
    /// The next day on which somebody must be told, and whether it has passed.
    pub(crate) due: Option<(bool, String)>,
}

/// A case in words.
pub(crate) fn row(t: &Words, pack: &Pack, line: &ViolationLine) -> CaseRow {
    let address = match line.concern {
        Concern::Handles => Some(format!("/violations/{}", line.violation)),
        Concern::Answers => Some(format!("/violations/{}/charge", line.violation)),
        Concern::Reported => None,
    };
    CaseRow {
        address,
        title: t.case_title(line.number.as_str(), t.choice(&line.kind)),
        concern: t.case_concern(match line.concern {
            Concern::Handles => "handles",
            Concern::Answers => "answers",
            Concern::Reported => "reported",
        }),
        clause: if line.clause.is_empty() { String::new() } else { t.clause_title(pack, &line.clause) },
        reported: t.day(&line.reported),
        style: if ["closed", "dismissed"].contains(&line.state.as_str()) { "good" } else { "soon" },
        state: t.case_state(&line.state),
        due: (!line.due.is_empty()).then(|| (line.overdue, t.case_tell_by(t.date(&line.due)))),
    }
}

#[derive(Template)]
#[template(path = "violations/violations.html")]
struct ViolationsPage {
    shell: Shell,
    cases: Vec<CaseRow>,
    /// Clause, lesson and month.
    lessons: Vec<(String, String, String)>,
}

/// 違反と事故: the cases that concern one, and what everybody learns.
pub(crate) async fn violations(State(app): State<App>, member: Member) -> Answer {
    let found = member.pass(&app, ListViolations {}).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let lesson = |lesson: super::list_violations::Lesson| {
        (t.clause_title(&pack, &lesson.clause), lesson.lesson, lesson.month)
    };
    page(&ViolationsPage {
        cases: found.cases.iter().map(|line| row(t, &pack, line)).collect(),
        lessons: found.lessons.into_iter().map(lesson).collect(),
        shell: Shell::new(&member, Place::Policy, t.violations()),
    })
}

/// Somebody who must be told, as they are shown.
struct ClockRow {
    clock: String,
    title: String,
    source: String,
    style: &'static str,
    icon: &'static str,
    state: String,
    open: bool,
}

fn clock(t: &Words, view: &ClockView) -> ClockRow {
    let (style, icon, state) = match (view.done_on.as_str(), view.exempt, view.overdue) {
        ("", true, _) => ("", "check", t.clock_exempt()),
        ("", _, true) => ("late", "triangle-alert", t.clock_overdue(t.date(&view.due))),
        ("", ..) => ("soon", "hourglass", t.clock_due(t.date(&view.due))),
        (done, _, true) => ("late", "triangle-alert", t.clock_late(t.date(done), t.date(&view.due))),
        (done, ..) => ("good", "check", t.clock_done(t.date(done))),
    };
    ClockRow {
        clock: view.clock.clone(),
        title: t.either(&view.ja, &view.en).to_owned(),
        source: view.source.clone(),
        open: view.done_on.is_empty() && !view.exempt,
        style,
        icon,
        state,
    }
}

/// A step as it is shown.
struct StepRow {
    step: String,
    told: String,
    by: String,
    event: String,
}

fn step(t: &Words, view: &ViolationView, step: &CaseStep) -> StepRow {
    let clock = view.clocks.iter().find(|clock| clock.clock == step.clock);
    let clock = clock.map_or(step.clock.as_str(), |clock| t.either(&clock.ja, &clock.en));
    StepRow {
        step: match step.step.as_str() {
            "notified" => t.case_notified(clock, t.date(&step.day)),
            "heard" => t.case_heard_until(t.date(&step.day)),
            "held" => t.case_held(step.told.as_str()),
            name => t.case_step(name),
        },
        told: if step.step == "held" { String::new() } else { step.told.clone() },
        by: match step.by.as_str() {
            "" => t.moment(&step.at),
            by => t.said_by(by, t.moment(&step.at)),
        },
        event: step.event.clone(),
    }
}

#[derive(Template)]
#[template(path = "violations/violation.html")]
struct ViolationPage {
    shell: Shell,
    view: ViolationView,
    state: String,
    clause: String,
    known_on: String,
    happened_on: String,
    reported: String,
    personal: String,
    body: String,
    sanction: String,
    clocks: Vec<ClockRow>,
    steps: Vec<StepRow>,
    /// Forms and their words.
    may: Vec<(String, String)>,
    may_record: bool,
}

/// A case, as it is handled.
pub(crate) async fn violation(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let violation = id.parse().map_err(|_| Error::NotFound("case"))?;
    let view = member.pass(&app, ShowViolation { violation }).await?;
    let (t, pack) = (member.words(), app.door.rules());
    // A notice is recorded where its clock stands.
    let may = view.may.iter().filter(|action| *action != "record_notice");
    let may =
        may.map(|action| (format!("/do/{}?violation={violation}", action.replace('_', "-")), t.verb(action)));
    let clocks: Vec<ClockRow> = view.clocks.iter().map(|view| clock(t, view)).collect();
    let may_record = view.may.iter().any(|action| action == "record_notice");
    let sanction = view.sanctions.iter().find(|known| known.sanction == view.sanction);
    page(&ViolationPage {
        state: t.case_state(&view.state),
        clause: if view.clause.is_empty() { String::new() } else { t.clause_title(&pack, &view.clause) },
        known_on: t.date(&view.known_on),
        happened_on: t.date(&view.happened_on),
        reported: t.moment(&view.reported),
        personal: t.choice(&view.personal),
        body: if view.body.is_empty() { String::new() } else { t.whom(&view.body) },
        sanction: sanction.map(|known| t.either(&known.ja, &known.en).to_owned()).unwrap_or_default(),
        may_record: may_record && clocks.iter().any(|clock| clock.open),
        clocks,
        steps: view.steps.iter().map(|taken| step(t, &view, taken)).collect(),
        may: may.collect(),
        shell: Shell::new(&member, Place::Policy, t.case_title(view.number.as_str(), t.choice(&view.kind))),
        view,
    })
}

#[derive(Template)]
#[template(path = "violations/charge.html")]
struct ChargePage {
    shell: Shell,
    view: ChargeView,
    clause: String,
    state: String,
    body: String,
    sanction: String,
    /// What was said: which step, the text, when.
    said: Vec<(String, String, String)>,
    may: Vec<(String, String)>,
}

/// What is held against one.
pub(crate) async fn charge(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let violation = id.parse().map_err(|_| Error::NotFound("case"))?;
    let view = member.pass(&app, ShowCharge { violation }).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let may = view
        .may
        .iter()
        .map(|action| (format!("/do/{}?violation={violation}", action.replace('_', "-")), t.verb(action)));
    page(&ChargePage {
        clause: t.clause_title(&pack, &view.clause),
        state: t.case_state(&view.state),
        body: if view.body.is_empty() { String::new() } else { t.whom(&view.body) },
        sanction: t.either(&view.sanction_ja, &view.sanction_en).to_owned(),
        said: view
            .said
            .iter()
            .map(|said| (t.case_step(&said.step), said.told.clone(), t.moment(&said.at)))
            .collect(),
        may: may.collect(),
        shell: Shell::new(&member, Place::Policy, t.charge_title(view.number.as_str())),
        view,
    })
}
