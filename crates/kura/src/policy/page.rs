//! Pages of the policy: its documents, where each clause stands, what changes, and why something is refused.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::comparison::{Differs, Stretch};
use super::cost::Cost;
use super::list_acknowledgements::{AcknowledgementLine, ListAcknowledgements};
use super::list_clauses::{ClauseLine, ListClauses};
use super::list_documents::{DocumentLine, Documents, ListDocuments};
use super::ruling_page::told as told_ruling;
use super::show_document::{DocumentView, ShowDocument};
use super::show_pack::{Packs, Ready, ShowPack};
use super::version::Version;
use super::why::Why;
use crate::app::App;
use crate::duties::list_duties::DutyView;
use crate::duties::page::told;
use crate::error::Error;
use crate::id::{ItemId, ResolutionId};
use crate::rules::documents::Level;
use crate::rules::pack::Rule;
use crate::web::markup::Markup;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};

/// A duty in the line of its clause.
struct DutyLine {
    id: String,
    title: String,
    /// Style, icon and word of where it stands.
    state: (&'static str, &'static str, String),
}

/// A rule in the line of its clause.
struct RuleRow {
    id: String,
    reason: String,
    permits: bool,
    /// What it refused, in words.
    denials: Option<String>,
}

/// A clause with what upholds it.
struct ClauseRow {
    id: String,
    title: String,
    /// Where its text stands.
    text: Option<String>,
    rules: Vec<RuleRow>,
    duties: Vec<DutyLine>,
    late: i64,
    /// Duties of which the last time found something.
    found: i64,
    /// Rulings that hold: question, words, and who gave it.
    rulings: Vec<(String, String, String)>,
    lapsed: i64,
    exceptions: i64,
    findings: i64,
    findings_overdue: i64,
    violations: i64,
    requirements: i64,
    requirements_overdue: i64,
}

#[derive(Template)]
#[template(path = "policy/policy.html")]
struct PolicyPage {
    shell: Shell,
    /// How many clauses, and how much of what upholds them, the states below are of.
    summary: String,
    clauses: Vec<ClauseRow>,
    packs: Option<Packs>,
    documents: Documents,
    on: String,
    may_draft: bool,
    may_read: bool,
    may_gather: bool,
    may_see_acknowledgements: bool,
    may_see_training: bool,
    may_rule: bool,
    may_see_exceptions: bool,
    may_add_requirement: bool,
    may_see_resolutions: bool,
    may_see_self_inspections: bool,
    may_see_effect: bool,
}

impl PolicyPage {
    fn number(&self, number: &i64) -> String {
        self.shell.t.number(*number)
    }

    fn title<'d>(&self, line: &'d DocumentLine) -> &'d str {
        self.shell.t.either(&line.ja, &line.en)
    }

    /// Titles of the documents that a version changed; of those that are no more, their ids.
    fn changed(&self, version: &Version) -> String {
        if version.version == 1 {
            return self.shell.t.all_documents();
        }
        let titles = version.changed.iter().map(|id| {
            let line = self.documents.documents.iter().find(|line| line.document == *id);
            line.map_or(id.as_str(), |line| self.title(line))
        });
        titles.collect::<Vec<_>>().join(self.shell.t.either("、", ", "))
    }
}

/// Where a duty stands: style, icon and word.
pub(crate) fn stands(t: &Words, duty: &DutyView) -> (&'static str, &'static str, String) {
    let late = duty.occurrences.iter().filter(|line| line.state == "open" && line.late).count();
    if late > 0 {
        return ("late", "triangle-alert", t.duty_late(late as i64));
    }
    if let Some(open) = duty.occurrences.iter().find(|line| line.state == "open") {
        return ("soon", "hourglass", t.duty_due(t.date(&open.due_on)));
    }
    if duty.occurrences.iter().any(|line| line.state == "reported") {
        return ("soon", "hourglass", t.duty_reported());
    }
    match &duty.last {
        Some(last) if last.found.is_some_and(|found| found > 0) => {
            ("late", "triangle-alert", told(t, duty, last))
        }
        Some(last) if last.population.is_some() => ("good", "check", told(t, duty, last)),
        Some(last) => ("good", "check", t.duty_last_done(t.date(&last.done_on))),
        None if duty.next.is_empty() => ("", "calendar", t.duty_not_due()),
        None => ("", "calendar", t.duty_next_on(t.date(&duty.next))),
    }
}

/// How the clauses stand altogether, each figure with its population.
fn summary(t: &Words, clauses: &[ClauseLine]) -> String {
    let number = |count: usize| t.number(count as i64);
    let upheld = clauses.iter().filter(|clause| clause.upheld).count();
    let duties = clauses.iter().flat_map(|clause| &clause.duties);
    let is_late = |duty: &&DutyView| duty.occurrences.iter().any(|line| line.state == "open" && line.late);
    let (all, late) = (duties.clone().count(), duties.filter(is_late).count());
    let findings = t.number(clauses.iter().map(|clause| clause.findings).sum());
    t.board_summary(number(clauses.len()), number(upheld), number(all), number(late), findings)
}

/// What is asked of the page.
#[derive(Deserialize)]
pub(crate) struct On {
    #[serde(default)]
    on: String,
}

/// 方針: its documents, and each clause with the rules and duties that uphold it.
pub(crate) async fn policy(State(app): State<App>, member: Member, Query(asked): Query<On>) -> Answer {
    if member.session.guest {
        return Err(Error::NotFound("page").into());
    }
    let on = Some(asked.on.clone()).filter(|on| !on.is_empty());
    let (clauses, documents) =
        tokio::join!(member.pass(&app, ListClauses {}), member.pass(&app, ListDocuments { on }));
    let (clauses, documents) = (clauses?, documents?);
    let may = |action: &str| clauses.may.iter().any(|may| may == action);
    let packs = if may("show_pack") { Some(member.pass(&app, ShowPack {}).await?) } else { None };
    let t = member.words();
    let rows = clauses.clauses.iter().map(|clause| ClauseRow {
        id: clause.clause.clone(),
        title: t.either(&clause.ja, &clause.en).to_owned(),
        text: (!clause.document.is_empty())
            .then(|| format!("/policy/documents/{}#{}", clause.document, clause.clause)),
        rules: clause
            .rules
            .iter()
            .map(|rule| RuleRow {
                id: rule.rule.clone(),
                reason: t.either(&rule.ja, &rule.en).to_owned(),
                permits: rule.permits,
                denials: (rule.denials > 0)
                    .then(|| t.rule_denials(t.number(rule.denials), t.moment(&rule.last_denied))),
            })
            .collect(),
        rulings: clause
            .rulings
            .iter()
            .map(|ruling| (ruling.question.clone(), ruling.words.clone(), told_ruling(t, ruling)))
            .collect(),
        lapsed: clause.lapsed,
        exceptions: clause.exceptions,
        findings: clause.findings,
        findings_overdue: clause.findings_overdue,
        violations: clause.violations,
        requirements: clause.requirements,
        requirements_overdue: clause.requirements_overdue,
        late: clause.late,
        found: clause.found,
        duties: clause
            .duties
            .iter()
            .map(|duty| DutyLine {
                id: duty.duty.clone(),
                title: t.either(&duty.ja, &duty.en).to_owned(),
                state: stands(t, duty),
            })
            .collect(),
    });
    let summary = summary(t, &clauses.clauses);
    page(&PolicyPage {
        summary,
        clauses: rows.collect(),
        shell: Shell::new(&member, Place::Policy, t.nav_policy()),
        may_draft: may("draft_policy") && packs.as_ref().is_none_or(|packs| packs.ready.is_none()),
        may_read: may("read_pack"),
        may_gather: may("gather_evidence"),
        may_see_acknowledgements: may("list_acknowledgements"),
        may_see_resolutions: may("list_resolutions"),
        may_see_self_inspections: may("list_self_inspections"),
        may_see_effect: may("show_effect"),
        may_see_training: may("list_training"),
        may_rule: may("give_ruling"),
        may_see_exceptions: may("list_exceptions"),
        may_add_requirement: may("add_requirement"),
        packs,
        documents,
        on: asked.on,
    })
}

/// A part of a document as it is read.
struct PartRow {
    clause: Option<String>,
    depth: i64,
    heading: String,
    text: Markup,
    /// The rulings on it: question, words, and who gave it.
    rulings: Vec<(String, String, String)>,
    /// The same in the other language, when both are shown.
    other: Option<(String, Markup)>,
}

/// A part that differs, as it is shown.
struct DiffersRow {
    clause: String,
    how: String,
    stretches: Vec<Stretch>,
}

fn differs(t: &Words, parts: Vec<Differs>) -> Vec<DiffersRow> {
    let row = |part: Differs| DiffersRow {
        how: t.differs(part.how.as_str()),
        clause: part.clause.unwrap_or_default(),
        stretches: if t.code() == "ja" { part.ja } else { part.en },
    };
    // What differs in the other language alone is told there.
    let shown = |row: &DiffersRow| {
        row.how == t.differs("moved") || row.stretches.iter().any(|stretch| stretch.is != "same")
    };
    parts.into_iter().map(row).filter(shown).collect()
}

#[derive(Template)]
#[template(path = "policy/document.html")]
struct DocumentPage {
    shell: Shell,
    document: DocumentView,
    title: String,
    parts: Vec<PartRow>,
    differs: Vec<DiffersRow>,
    both: bool,
    current: Option<Version>,
}

/// How a document is asked for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    version: Option<i64>,
    #[serde(default)]
    both: bool,
}

/// 文書: a document of the policy.
pub(crate) async fn document(
    State(app): State<App>,
    member: Member,
    Path(document): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let shown = member.pass(&app, ShowDocument { document, version: asked.version }).await?;
    let t = member.words();
    let parts = shown.parts.iter().map(|part| {
        let (heading, text, other_heading, other) = match t.code() {
            "ja" => (&part.ja, &part.text_ja, &part.en, &part.text_en),
            _ => (&part.en, &part.text_en, &part.ja, &part.text_ja),
        };
        PartRow {
            clause: part.clause.clone(),
            depth: part.depth,
            heading: heading.clone(),
            text: Markup::of(text),
            rulings: part
                .rulings
                .iter()
                .map(|on| {
                    (on.question.clone(), on.words.clone(), format!("{}, {}", on.given_by, t.day(&on.given)))
                })
                .collect(),
            other: asked.both.then(|| (other_heading.clone(), Markup::of(other))),
        }
    });
    let title = t.either(&shown.ja, &shown.en).to_owned();
    page(&DocumentPage {
        parts: parts.collect(),
        differs: differs(t, shown.differs.clone()),
        both: asked.both,
        current: shown.versions.iter().find(|own| own.version <= shown.version).cloned(),
        shell: Shell::new(&member, Place::Policy, title.clone()),
        title,
        document: shown,
    })
}

/// A document that is to be read before it is acknowledged.
struct ToRead {
    title: String,
    parts: Vec<PartRow>,
}

#[derive(Template)]
#[template(path = "policy/acknowledge.html")]
struct AcknowledgePage {
    shell: Shell,
    version: i64,
    needed: bool,
    documents: Vec<ToRead>,
    pledge_title: String,
    pledge: Markup,
}

/// 同意: the version in force, to be read to the end, and the pledge below it.
pub(crate) async fn acknowledge(State(app): State<App>, member: Member) -> Answer {
    let listed = member.pass(&app, ListDocuments::default()).await?;
    let version = listed.version.ok_or(Error::NotFound("version of the policy"))?.version;
    let (t, pack) = (member.words(), app.door.rules());
    let japanese = t.code() == "ja";
    let pledge = pack.pledge(japanese);
    let binding = pack.documents.iter().filter(|document| document.level <= Level::Regulation);
    let documents = binding.map(|document| {
        let text = document.text(japanese);
        let parts = text.parts.iter().map(|part| PartRow {
            clause: None,
            depth: i64::from(part.depth),
            heading: part.heading.clone(),
            text: Markup::of(&part.body),
            rulings: vec![],
            other: None,
        });
        ToRead { title: text.title.clone(), parts: parts.collect() }
    });
    page(&AcknowledgePage {
        shell: Shell::new(&member, Place::Policy, t.acknowledge_title()),
        version,
        needed: !listed.acknowledged,
        documents: documents.collect(),
        pledge_title: pledge.map(|part| part.heading.clone()).unwrap_or_default(),
        pledge: pledge.map_or_else(Markup::empty, |part| Markup::of(&part.body)),
    })
}

#[derive(Template)]
#[template(path = "policy/acknowledgements.html")]
struct AcknowledgementsPage {
    shell: Shell,
    lines: Vec<(AcknowledgementLine, String)>,
    told: String,
}

/// 同意の状況: who has acknowledged the version in force.
pub(crate) async fn acknowledgements(State(app): State<App>, member: Member) -> Answer {
    let lines = member.pass(&app, ListAcknowledgements {}).await?;
    let t = member.words();
    let done = lines.iter().filter(|line| line.up_to_date).count() as i64;
    page(&AcknowledgementsPage {
        told: t.acknowledged_of(t.number(lines.len() as i64), t.number(done)),
        lines: lines.into_iter().map(|line| (line.clone(), t.moment(&line.made))).collect(),
        shell: Shell::new(&member, Place::Policy, t.acknowledgements()),
    })
}

/// A document that differs, as it is shown.
struct DocumentDiffersRow {
    title: String,
    how: String,
    parts: Vec<DiffersRow>,
}

#[derive(Template)]
#[template(path = "policy/draft.html")]
struct DraftPage {
    shell: Shell,
    ready: Option<Ready>,
    may_read: bool,
    /// The resolution that was carried upon it.
    carried: Option<ResolutionId>,
    documents: Vec<DocumentDiffersRow>,
    duties: Vec<(String, String)>,
    courses: Vec<(String, String)>,
    examples: Vec<(String, bool)>,
    reversals: Vec<(String, bool)>,
    /// What it would ask, line by line.
    cost: Vec<String>,
}

/// What a version would ask of people that the one in force does not, line by line.
fn asks(t: &Words, cost: &Cost) -> Vec<String> {
    let often = |times: Option<i64>| match times {
        Some(times) => t.cadence_times_a_year(times),
        None => t.cost_each_time(),
    };
    let mut lines = Vec::new();
    for duty in &cost.duties {
        let title = t.either(&duty.ja, &duty.en);
        let whose = |office: &str| match duty.program {
            true => t.the_program(),
            false => t.whom(office),
        };
        let (now, then) = (whose(&duty.office_before), whose(&duty.office));
        lines.push(match duty.how.as_str() {
            "added" => t.cost_duty_added(title, then, often(duty.times)),
            "removed" => t.cost_duty_removed(title, now, often(duty.times_before)),
            _ => t.cost_duty_changed(title, now, often(duty.times_before), then, often(duty.times)),
        });
    }
    for office in &cost.offices {
        let (before, after) = (t.number(office.times_before), t.number(office.times));
        lines.push(t.cost_office(t.whom(&office.office), before, after));
    }
    for course in cost.courses.iter().filter(|course| course.people > 0) {
        lines.push(t.cost_course(t.either(&course.ja, &course.en), course.people));
    }
    match (cost.acknowledge, cost.acknowledge_decided) {
        (0, _) => {}
        (people, true) => lines.push(t.cost_acknowledge(people)),
        (people, false) => lines.push(t.cost_acknowledge_if(people)),
    }
    if cost.refusals > 0 {
        lines.push(t.cost_refusals(cost.refusals));
    }
    lines
}

/// 改定案: the version that waits, what it changes, and what is known of it.
pub(crate) async fn draft(State(app): State<App>, member: Member) -> Answer {
    let packs = member.pass(&app, ShowPack {}).await?;
    let t = member.words();
    let ready = packs.ready;
    let mut rows = Vec::new();
    let (mut duties, mut courses) = (Vec::new(), Vec::new());
    let mut examples = Vec::new();
    let mut reversals = Vec::new();
    let pack = app.door.rules();
    if let Some(ready) = &ready {
        for line in &ready.reversals {
            let what = match pack.class(&line.class) {
                Some(class) => format!("{} ({})", t.operation(&line.operation), t.class(class)),
                None => t.operation(&line.operation),
            };
            reversals.push((t.reversal(line.person.as_str(), what, line.times), line.lets_in));
        }
        for document in &ready.documents {
            rows.push(DocumentDiffersRow {
                title: t.either(&document.ja, &document.en).to_owned(),
                how: t.differs(document.how.as_str()),
                parts: differs(t, document.parts.clone()),
            });
        }
        let told = |example: &super::show_pack::Example, lets_in| {
            (t.either(&example.ja, &example.en).to_owned(), lets_in)
        };
        examples.extend(ready.let_in.iter().map(|example| told(example, true)));
        examples.extend(ready.refused.iter().map(|example| told(example, false)));
        let listed = |(id, how): (&String, &String)| (id.clone(), t.differs(how.as_str()));
        duties.extend(ready.duties.iter().map(listed));
        courses.extend(ready.courses.iter().map(listed));
    }
    page(&DraftPage {
        shell: Shell::new(&member, Place::Policy, t.policy_draft()),
        carried: ready.as_ref().and_then(|ready| {
            ready.resolutions.iter().find(|upon| upon.state == "carried").map(|upon| upon.resolution)
        }),
        cost: ready.as_ref().map(|ready| asks(t, &ready.cost)).unwrap_or_default(),
        ready,
        may_read: member.permitted(&app, "read_pack").await.is_ok(),
        documents: rows,
        duties,
        courses,
        examples,
        reversals,
    })
}

#[derive(Template)]
#[template(path = "policy/why.html")]
struct WhyPage {
    shell: Shell,
    item: ItemId,
    permitted: bool,
    told: Vec<(String, Option<(String, String)>)>,
    remedies: Vec<String>,
}

/// What would make an action of one's own on an item permitted.
pub(crate) async fn why(
    State(app): State<App>,
    member: Member,
    Path((item, action)): Path<(String, String)>,
) -> Answer {
    let item: ItemId = item.parse().map_err(|_| Error::NotFound("item"))?;
    let answer = member.pass(&app, Why { item, action: action.clone() }).await?;
    let t = member.words();
    page(&WhyPage {
        shell: Shell::new(&member, Place::Register, t.why_not(t.operation(&action))),
        item,
        permitted: answer.permitted,
        told: reasons(&app, &member, &answer.rules),
        remedies: answer.remedies.iter().map(|remedy| t.either(&remedy.ja, &remedy.en).to_owned()).collect(),
    })
}

fn reasons(app: &App, member: &Member, rules: &[String]) -> Vec<(String, Option<(String, String)>)> {
    let (t, pack) = (member.words(), app.door.rules());
    let known = rules.iter().filter_map(|id| pack.rules.get(id)).filter(|rule| !rule.permits);
    let told = |rule: &Rule| {
        let lesson = t.lesson(&pack, rule).filter(|_| !member.session.guest);
        (format!("{} ({})", t.rule(rule), t.clause_title(&pack, &rule.clause)), lesson)
    };
    known.map(told).collect()
}
