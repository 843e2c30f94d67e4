//! What a form is about: the item, the matter, the duty, the case … that its address names, as the reader may see it.

use std::collections::BTreeMap;

use super::field::Spec;
use super::shell::Seal;
use super::visitor::Member;
use super::words::Words;
use crate::app::App;
use crate::bodies::list_resolutions::{ListResolutions, ResolutionView};
use crate::changes::list_changes::{ChangeView, ListChanges};
use crate::custody::show::{ItemView, Show};
use crate::duties::list_duties::{DutyView, ListDuties};
use crate::error::{Error, Result};
use crate::evaluation::show_evaluation::{EvaluationView, ShowEvaluation};
use crate::evaluation::show_finding::{FindingView, ShowFinding};
use crate::id::{ChangeId, DelegationId, ExceptionId, OccurrenceId, RequirementId, RulingId};
use crate::matters::show_matter::{MatterView, ShowMatter};
use crate::people::list_delegations::{DelegationView, ListDelegations};
use crate::policy::list_exceptions::{ExceptionView, ListExceptions};
use crate::policy::list_requirements::{ListRequirements, RequirementView};
use crate::policy::list_rulings::{ListRulings, RulingView};
use crate::violations::show_charge::{ChargeView, ShowCharge};
use crate::violations::show_violation::{ShowViolation, ViolationView};
/// What an operation is about.
pub(super) enum About {
    Item(Box<ItemView>),
    Matter(Box<MatterView>),
    Duty(Box<DutyView>),
    Resolution(Box<ResolutionView>),
    Ruling(Box<RulingView>),
    Exception(Box<ExceptionView>),
    Evaluation(Box<EvaluationView>),
    Finding(Box<FindingView>),
    Violation(Box<ViolationView>),
    Charge(Box<ChargeView>),
    Delegation(Box<DelegationView>),
    Requirement(Box<RequirementView>),
    Change(Box<ChangeView>),
    Nothing,
}

impl About {
    pub(super) async fn load(
        app: &App,
        member: &Member,
        given: &BTreeMap<String, String>,
        specs: &[Spec],
    ) -> Result<Self> {
        let takes = |name: &str| specs.iter().any(|spec| spec.name == name);
        let asks = |name: &str| specs.iter().any(|spec| spec.name == name && spec.required);
        let invalid = |error: crate::id::NoId| Error::invalid("", error);
        if let Some(item) = given.get("item").filter(|_| takes("item")) {
            let item = item.parse().map_err(invalid)?;
            return Ok(Self::Item(Box::new(member.pass(app, Show { item }).await?)));
        }
        if let Some(matter) = given.get("matter").filter(|_| asks("matter")) {
            let matter = matter.parse().map_err(invalid)?;
            return Ok(Self::Matter(Box::new(member.pass(app, ShowMatter { matter }).await?)));
        }
        if let Some(resolution) = given.get("resolution").filter(|_| asks("resolution")) {
            let resolution = Some(resolution.parse().map_err(invalid)?);
            let found = member.pass(app, ListResolutions { resolution }).await?;
            let found = found.into_iter().next().ok_or(Error::NotFound("resolution"))?;
            return Ok(Self::Resolution(Box::new(found)));
        }
        // The ruling that it is about, or that another is to replace: that is seen too.
        let ruling =
            ["ruling", "supersedes"].into_iter().find(|name| takes(name) && given.contains_key(*name));
        if let Some(ruling) = ruling.and_then(|name| given.get(name)) {
            let ruling: RulingId = ruling.parse().map_err(invalid)?;
            let found = member.pass(app, ListRulings::default()).await?;
            let found = found.into_iter().find(|found| found.ruling == ruling);
            return Ok(Self::Ruling(Box::new(found.ok_or(Error::NotFound("ruling"))?)));
        }
        if let Some(exception) = given.get("exception").filter(|_| asks("exception")) {
            let exception: ExceptionId = exception.parse().map_err(invalid)?;
            let found = member.pass(app, ListExceptions {}).await?;
            let found = found.into_iter().find(|found| found.exception == exception);
            return Ok(Self::Exception(Box::new(found.ok_or(Error::NotFound("exception"))?)));
        }
        if let Some(evaluation) = given.get("evaluation").filter(|_| asks("evaluation")) {
            let evaluation = evaluation.parse().map_err(invalid)?;
            return Ok(Self::Evaluation(Box::new(member.pass(app, ShowEvaluation { evaluation }).await?)));
        }
        if let Some(violation) = given.get("violation").filter(|_| asks("violation")) {
            let violation = violation.parse().map_err(invalid)?;
            // The person concerned sees what is held against them, and not the case.
            return match member.pass(app, ShowViolation { violation }).await {
                Ok(view) => Ok(Self::Violation(Box::new(view))),
                Err(_) => Ok(Self::Charge(Box::new(member.pass(app, ShowCharge { violation }).await?))),
            };
        }
        if let Some(finding) = given.get("finding").filter(|_| asks("finding")) {
            let finding = finding.parse().map_err(invalid)?;
            return Ok(Self::Finding(Box::new(member.pass(app, ShowFinding { finding }).await?)));
        }
        if let Some(delegation) = given.get("delegation").filter(|_| asks("delegation")) {
            let delegation: DelegationId = delegation.parse().map_err(invalid)?;
            let found = member.pass(app, ListDelegations {}).await?;
            let found = found.into_iter().find(|found| found.delegation == delegation);
            return Ok(Self::Delegation(Box::new(found.ok_or(Error::NotFound("delegation"))?)));
        }
        if let Some(requirement) = given.get("requirement").filter(|_| asks("requirement")) {
            let requirement: RequirementId = requirement.parse().map_err(invalid)?;
            let found = member.pass(app, ListRequirements::default()).await?.requirements;
            let found = found.into_iter().find(|found| found.requirement == requirement);
            return Ok(Self::Requirement(Box::new(found.ok_or(Error::NotFound("requirement"))?)));
        }
        if let Some(change) = given.get("change").filter(|_| asks("change")) {
            let change: ChangeId = change.parse().map_err(invalid)?;
            let found = member.pass(app, ListChanges {}).await?;
            let found = found.into_iter().find(|found| found.change == change);
            return Ok(Self::Change(Box::new(found.ok_or(Error::NotFound("change"))?)));
        }
        if let Some(occurrence) = given.get("occurrence").filter(|_| asks("occurrence")) {
            let occurrence: OccurrenceId = occurrence.parse().map_err(invalid)?;
            let duties = member.pass(app, ListDuties::default()).await?;
            let found = duties.into_iter().find_map(|mut duty| {
                duty.occurrences.retain(|line| line.occurrence == occurrence);
                (!duty.occurrences.is_empty()).then_some(duty)
            });
            return Ok(found.map_or(Self::Nothing, |duty| Self::Duty(Box::new(duty))));
        }
        Ok(Self::Nothing)
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Item(item) => &item.name,
            Self::Matter(matter) => &matter.name,
            Self::Requirement(requirement) => &requirement.name,
            _ => "",
        }
    }

    pub(super) fn revision(&self) -> Option<i64> {
        match self {
            Self::Item(item) => Some(item.revision),
            Self::Matter(matter) => Some(matter.revision),
            // What is voted on never changes.
            Self::Resolution(_) => Some(1),
            _ => None,
        }
    }
}

/// What a form is about, as it is shown.
pub(super) struct Subject {
    pub(super) seal: Option<Seal>,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) facts: Vec<(String, String)>,
}

/// What a form is about, in words.
pub(super) fn subject(app: &App, member: &Member, about: &About) -> Option<Subject> {
    let t = member.words();
    match about {
        About::Item(item) => Some(Subject {
            seal: Some(Seal::of(t, &app.door.rules(), &item.class)),
            name: item.name.clone(),
            address: format!("/items/{}", item.item),
            facts: vec![
                (t.field("matter"), format!("{} {}", item.matter_code, item.matter_name)),
                (t.consignor(), item.party_name.clone()),
                (t.field("custodian"), item.custodian_name.clone()),
                (t.column_due(), t.day(&item.due)),
            ],
        }),
        About::Matter(matter) => Some(Subject {
            seal: None,
            name: format!("{} {}", matter.code, matter.name),
            address: format!("/matters/{}", matter.matter),
            facts: vec![
                (t.consignor(), matter.party_name.clone()),
                (t.field("custodian"), matter.custodian_name.clone()),
                (t.field("return_by"), t.day(&matter.terms.return_by)),
            ],
        }),
        About::Duty(duty) => Some(Subject {
            seal: None,
            name: t.either(&duty.ja, &duty.en).to_owned(),
            address: format!("/duties/{}", duty.duty),
            facts: duty_facts(app, t, duty),
        }),
        About::Resolution(resolution) => Some(Subject {
            seal: None,
            name: resolution.title.clone(),
            address: format!("/resolutions/{}", resolution.resolution),
            facts: vec![
                (t.field("body"), t.whom(&resolution.body)),
                (t.field("words"), resolution.words.clone()),
                (t.field("closes_on"), t.date(&resolution.closes_on)),
            ],
        }),
        About::Ruling(ruling) => Some(Subject {
            seal: None,
            name: t.clause_title(&app.door.rules(), &ruling.clause),
            address: "/policy/rulings".to_owned(),
            facts: vec![(t.field("question"), ruling.question.clone()), (t.ruling(), ruling.words.clone())],
        }),
        About::Exception(exception) => Some(Subject {
            seal: None,
            name: exception.about.clone(),
            address: "/policy/exceptions".to_owned(),
            facts: vec![
                (t.clause(), t.clause_title(&app.door.rules(), &exception.clause)),
                (t.field("reason"), exception.reason.clone()),
                (t.field("measure"), exception.measure.clone()),
            ],
        }),
        About::Evaluation(evaluation) => {
            let line = &evaluation.line;
            Some(Subject {
                seal: None,
                name: line.title.clone(),
                address: format!("/evaluations/{}", line.evaluation),
                facts: vec![
                    (t.field("kind"), t.evaluation_kind(t.choice(&line.kind), t.choice(&line.aspect))),
                    (t.field("audited"), t.whom(&line.audited)),
                    (t.looked_at_days(), t.from_to(t.date(&line.first_day), t.date(&line.last_day))),
                ],
            })
        }
        About::Finding(finding) => Some(Subject {
            seal: None,
            name: finding.line.told.clone(),
            address: format!("/findings/{}", finding.line.finding),
            facts: finding_facts(app, t, finding),
        }),
        About::Violation(view) => Some(Subject {
            seal: None,
            name: t.case_title(view.number.as_str(), t.choice(&view.kind)),
            address: format!("/violations/{}", view.violation),
            facts: case_facts(app, t, view),
        }),
        About::Charge(view) => Some(Subject {
            seal: None,
            name: t.charge_title(view.number.as_str()),
            address: format!("/violations/{}/charge", view.violation),
            facts: vec![(t.charge_told(), view.charge.clone())],
        }),
        About::Delegation(delegation) => Some(Subject {
            seal: None,
            name: t.choice(&delegation.office),
            address: "/administration/offices".to_owned(),
            facts: vec![
                (t.field("person"), delegation.name.clone()),
                (t.field("delegate"), delegation.delegate_name.clone()),
                (t.field("first_day"), t.date(&delegation.first_day)),
                (t.field("last_day"), t.date(&delegation.last_day)),
                (t.field("reason"), delegation.reason.clone()),
            ],
        }),
        About::Requirement(requirement) => Some(Subject {
            seal: None,
            name: requirement.name.clone(),
            address: "/policy/requirements".to_owned(),
            facts: vec![
                (t.clause(), t.clause_title(&app.door.rules(), &requirement.clause)),
                (t.field("asks"), requirement.asks.clone()),
                (t.field("found_at"), requirement.found_at.clone()),
                (t.field("review_on"), t.date(&requirement.review_on)),
            ],
        }),
        About::Change(change) => Some(Subject {
            seal: None,
            name: format!("{} {}", change.number, change.title),
            address: "/administration/changes".to_owned(),
            facts: vec![
                (t.change_words(), change.words.clone()),
                (t.field("way_back"), change.way_back.clone()),
                (t.field("planned_on"), t.date(&change.planned_on)),
            ],
        }),
        About::Nothing => None,
    }
}

/// A duty that is to be done, or that was done and waits for a witness.
fn duty_facts(app: &App, t: &Words, duty: &DutyView) -> Vec<(String, String)> {
    let mut facts = vec![
        (t.clause(), t.clause_title(&app.door.rules(), &duty.clause)),
        (t.how_it_is_done(), t.either(&duty.how_ja, &duty.how_en).to_owned()),
    ];
    for line in &duty.occurrences {
        facts.push((t.duty_due_on(), t.date(&line.due_on)));
        if !line.done_by.is_empty() {
            facts.push((t.duty_by(), format!("{} ({})", line.done_by, t.date(&line.done_on))));
            facts.push((t.duty_told(), line.told.clone()));
        }
    }
    facts
}

/// A case as whoever handles it sees it.
fn case_facts(app: &App, t: &Words, view: &ViolationView) -> Vec<(String, String)> {
    let mut facts = vec![(t.case_told(), view.told.clone())];
    if !view.clause.is_empty() {
        facts.push((t.clause(), t.clause_title(&app.door.rules(), &view.clause)));
    }
    if !view.about.is_empty() {
        facts.push((t.case_about(), view.about.clone()));
    }
    if !view.body.is_empty() {
        facts.push((t.case_decides(), t.whom(&view.body)));
    }
    facts
}

/// A finding, with the newest of what became of it.
fn finding_facts(app: &App, t: &Words, finding: &FindingView) -> Vec<(String, String)> {
    let line = &finding.line;
    let mut facts = vec![
        (t.clause(), t.clause_title(&app.door.rules(), &line.clause)),
        (t.field("grade"), t.choice(&line.grade)),
        (t.field("owner"), line.owner.clone()),
    ];
    if let Some(answered) = finding.steps.iter().rev().find(|step| step.step == "answered") {
        facts.push((t.field("cause"), answered.cause.clone()));
        facts.push((t.field("corrective"), answered.corrective.clone()));
    }
    if let Some(done) = finding.steps.iter().rev().find(|step| step.step == "done") {
        facts.push((t.finding_step("done"), done.told.clone()));
    }
    facts
}
