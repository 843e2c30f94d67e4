//! Pages of duties: what is to be done, by whom, and how it was done.

use askama::Template;
use axum::extract::{Path, State};

use super::list_duties::{DutyView, ListDuties};
use super::{DONE, OPEN, OccurrenceView, REPORTED};
use crate::app::App;
use crate::error::Error;
use crate::policy::page::stands;
use crate::rules::pack::Pack;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};

/// A duty as it is listed.
struct Row {
    id: String,
    title: String,
    clause: String,
    clause_id: String,
    office: String,
    cadence: String,
    evidence: String,
    state: (&'static str, &'static str, String),
}

fn row(t: &Words, pack: &Pack, duty: &DutyView) -> Row {
    Row {
        id: duty.duty.clone(),
        title: t.either(&duty.ja, &duty.en).to_owned(),
        clause: t.clause_title(pack, &duty.clause),
        clause_id: duty.clause.clone(),
        office: t.whom(&duty.office),
        cadence: cadence(t, duty),
        evidence: t.evidence_source(&duty.evidence),
        state: stands(t, duty),
    }
}

/// When a duty is due, in words as far as they go; a rule that has none is told as it is written.
fn cadence(t: &Words, duty: &DutyView) -> String {
    match duty.cadence.as_str() {
        "on" => t.cadence_on(t.operation(&duty.rule)),
        "after_last" => match span(&duty.rule) {
            Some((count, unit)) => t.cadence_after_last(t.span(unit, count)),
            None => t.cadence_after_last(&duty.rule),
        },
        _ => {
            let part = |name: &str| duty.rule.split(';').find_map(|part| part.strip_prefix(name));
            let every = part("INTERVAL=").and_then(|every| every.parse().ok()).unwrap_or(1);
            let unit = match part("FREQ=") {
                Some("DAILY") => "days",
                Some("WEEKLY") => "weeks",
                Some("MONTHLY") => "months",
                _ => "years",
            };
            let times = part("BYMONTH=").map_or(1, |months| months.split(',').count() as i64);
            if unit == "years" && times > 1 {
                t.cadence_times_a_year(times)
            } else {
                t.cadence_every(unit, every)
            }
        }
    }
}

/// A span of one unit: its count and the unit.
fn span(text: &str) -> Option<(i64, &'static str)> {
    let text = text.strip_prefix('P')?;
    let unit = match text.chars().last()?.to_ascii_uppercase() {
        'Y' => "years",
        'M' => "months",
        'W' => "weeks",
        'D' => "days",
        _ => return None,
    };
    Some((text.get(..text.len() - 1)?.parse().ok()?, unit))
}

/// Something to be done, as it is listed.
pub(crate) struct Waiting {
    pub(crate) duty: String,
    pub(crate) title: String,
    pub(crate) office: String,
    pub(crate) due: String,
    pub(crate) style: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) action: Option<(String, String)>,
    pub(crate) waits: String,
    pub(crate) mine: bool,
}

/// What somebody may do about an occurrence: the form, and its word. Whether they may is the door's to say.
fn action(t: &Words, duty: &DutyView, line: &OccurrenceView) -> Option<(String, String)> {
    let form = |operation: &str| {
        let path = operation.replace('_', "-");
        (format!("/do/{path}?occurrence={}", line.occurrence), t.verb(operation))
    };
    match line.state.as_str() {
        OPEN if duty.mine && duty.check.is_empty() => Some(form("discharge_duty")),
        REPORTED => Some(form("witness_duty")),
        _ => None,
    }
}

/// What is to be done, of all duties, the earliest first.
pub(crate) fn waiting(t: &Words, duties: &[DutyView]) -> Vec<Waiting> {
    let mut lines: Vec<(&DutyView, &OccurrenceView)> =
        duties.iter().flat_map(|duty| duty.occurrences.iter().map(move |line| (duty, line))).collect();
    lines.sort_by_key(|(_, line)| line.due_on.clone());
    let lines = lines.into_iter().map(|(duty, line)| Waiting {
        duty: duty.duty.clone(),
        title: t.either(&duty.ja, &duty.en).to_owned(),
        office: t.whom(&line.office),
        due: if line.late { t.duty_late_since(t.date(&line.last_day)) } else { t.date(&line.due_on) },
        style: if line.late { "late" } else { "soon" },
        icon: if line.late { "triangle-alert" } else { "hourglass" },
        action: action(t, duty, line),
        waits: if duty.check.is_empty() { t.duty_of_others() } else { t.duty_of_the_program() },
        mine: duty.mine && line.state == OPEN,
    });
    lines.collect()
}

#[derive(Template)]
#[template(path = "duties/duties.html")]
struct DutiesPage {
    shell: Shell,
    waiting: Vec<Waiting>,
    duties: Vec<Row>,
}

/// 義務: the duties.
pub(crate) async fn duties(State(app): State<App>, member: Member) -> Answer {
    let duties = member.pass(&app, ListDuties::default()).await?;
    let (t, pack) = (member.words(), app.door.rules());
    page(&DutiesPage {
        shell: Shell::new(&member, Place::Policy, t.duties()),
        waiting: waiting(t, &duties),
        duties: duties.iter().map(|duty| row(t, &pack, duty)).collect(),
    })
}

/// One time of a duty, as it is shown.
struct Time {
    state: String,
    style: &'static str,
    icon: &'static str,
    by: String,
    source: String,
    told: String,
    counted: String,
    action: Option<(String, String)>,
    view: OccurrenceView,
}

/// What was found, in words; what a person did is told in theirs.
pub(crate) fn told(t: &Words, duty: &DutyView, view: &OccurrenceView) -> String {
    match view.population.zip(view.found) {
        Some((of, found)) if view.source == "system" => {
            let check = if found > 0 { format!("{}_bad", duty.check) } else { duty.check.clone() };
            t.check_found(check, t.number(of), t.number(found))
        }
        Some((of, found)) => t.found_of(t.number(of), t.number(found)),
        None => String::new(),
    }
}

fn time(t: &Words, duty: &DutyView, view: OccurrenceView) -> Time {
    let (style, icon) = match (view.state.as_str(), view.late) {
        (_, true) => ("late", "triangle-alert"),
        (DONE, false) => ("good", "check"),
        (OPEN | REPORTED, false) => ("soon", "hourglass"),
        _ => ("", "ban"),
    };
    let by_program = view.source == "system";
    let counted = told(t, duty, &view);
    Time {
        state: t.occurrence_state(&view.state, if view.late { "late" } else { "in_time" }),
        style,
        icon,
        by: match (view.state.as_str(), view.source.as_str()) {
            (_, "system") => t.the_program(),
            (DONE | REPORTED, _) => format!("{} ({})", view.done_by, t.whom(&view.office)),
            _ => String::new(),
        },
        source: if view.source.is_empty() { String::new() } else { t.evidence_source(&view.source) },
        told: if by_program { counted.clone() } else { view.told.clone() },
        counted: if by_program { String::new() } else { counted },
        action: action(t, duty, &view),
        view,
    }
}

#[derive(Template)]
#[template(path = "duties/duty.html")]
struct DutyPage {
    shell: Shell,
    how: String,
    duty: Row,
    deputy: String,
    escalate: String,
    next: String,
    in_time: i64,
    late: i64,
    times: Vec<Time>,
}

/// A duty, and how it was done.
pub(crate) async fn duty(State(app): State<App>, member: Member, Path(duty): Path<String>) -> Answer {
    let found = member.pass(&app, ListDuties { duty: Some(duty) }).await?;
    let duty = found.into_iter().next().ok_or(Error::NotFound("duty"))?;
    let (t, pack) = (member.words(), app.door.rules());
    page(&DutyPage {
        shell: Shell::new(&member, Place::Policy, t.either(&duty.ja, &duty.en).to_owned()),
        how: t.either(&duty.how_ja, &duty.how_en).to_owned(),
        deputy: if duty.deputy.is_empty() { String::new() } else { t.whom(&duty.deputy) },
        escalate: t.whom(&duty.escalate),
        next: duty.next.clone(),
        in_time: duty.in_time,
        late: duty.late,
        times: duty.occurrences.iter().map(|view| time(t, &duty, view.clone())).collect(),
        duty: row(t, &pack, &duty),
    })
}
