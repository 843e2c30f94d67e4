//! Reads the solver's request as facts.

use aws_lc_rs::digest;
use cedar_policy::{Entity, EntityUid, EvalResult};
use cedar_policy_symcc::Env;

use crate::id::{
    EvaluationId, FindingId, ItemId, MatterId, OccurrenceId, PartyId, PersonId, ResolutionId, ViolationId,
};
use crate::rules::decide::Question;
use crate::rules::facts::{
    Circumstances, DutyFacts, EvaluationFacts, FindingFacts, ItemFacts, MatterFacts, PersonFacts,
    ResolutionFacts, Resource, ViolationFacts,
};

/// Ten bytes that stand for an entity of the solver's: the same for the same, others for others.
fn stand_in(uid: &EntityUid) -> [u8; 10] {
    let hash = digest::digest(&digest::SHA256, uid.to_string().as_bytes());
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&hash.as_ref()[..10]);
    bytes
}

struct Found<'a>(&'a Entity);

impl Found<'_> {
    fn value(&self, name: &str) -> Option<EvalResult> {
        self.0.attr(name)?.ok()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        bool_of(self.value(name)?)
    }

    fn long(&self, name: &str) -> Option<i64> {
        long_of(self.value(name)?)
    }

    fn text(&self, name: &str) -> Option<String> {
        text_of(self.value(name)?)
    }

    fn entity(&self, name: &str) -> Option<EntityUid> {
        entity_of(self.value(name)?)
    }
}

fn bool_of(value: EvalResult) -> Option<bool> {
    match value {
        EvalResult::Bool(value) => Some(value),
        _ => None,
    }
}

fn long_of(value: EvalResult) -> Option<i64> {
    match value {
        EvalResult::Long(value) => Some(value),
        _ => None,
    }
}

fn text_of(value: EvalResult) -> Option<String> {
    match value {
        EvalResult::String(value) => Some(value),
        _ => None,
    }
}

fn entity_of(value: EvalResult) -> Option<EntityUid> {
    match value {
        EvalResult::EntityUid(value) => Some(value),
        _ => None,
    }
}

/// The solver's request as facts; nothing when a fact is missing.
pub(super) fn read(found: &Env) -> Option<Question> {
    let entity = |uid: &EntityUid| found.entities.get(uid).map(Found);
    let request = &found.request;
    let asker = request.principal()?;
    let person = read_person(asker, &entity(asker)?, found)?;
    let key = entity(asker)?.text("key")?;
    let about = request.resource()?;
    let matter_of = |uid: &EntityUid| read_matter(uid, &entity(uid)?);
    let resource = match about.type_name().basename() {
        "Installation" => Resource::Installation,
        "Matter" => Resource::Matter(matter_of(about)?),
        "Resolution" => {
            let office = entity(about)?.entity("office")?.id().unescaped().to_owned();
            Resource::Resolution(ResolutionFacts { id: ResolutionId::new(0, &stand_in(about)), office })
        }
        "Evaluation" => {
            let evaluation = entity(about)?;
            Resource::Evaluation(EvaluationFacts {
                id: EvaluationId::new(0, &stand_in(about)),
                kind: evaluation.text("kind")?,
                lead: person_id(&evaluation.entity("lead")?),
                audited: evaluation.entity("audited")?.id().unescaped().to_owned(),
            })
        }
        "Violation" => {
            let violation = entity(about)?;
            Resource::Violation(ViolationFacts {
                id: ViolationId::new(0, &stand_in(about)),
                about: violation.entity("about").map(|about| person_id(&about)),
                body: violation.entity("body").map(|body| body.id().unescaped().to_owned()),
            })
        }
        "Finding" => {
            let finding = entity(about)?;
            Resource::Finding(FindingFacts {
                id: FindingId::new(0, &stand_in(about)),
                lead: person_id(&finding.entity("lead")?),
                audited: finding.entity("audited")?.id().unescaped().to_owned(),
                owner: person_id(&finding.entity("owner")?),
                done_by: finding.entity("doneBy").map(|by| person_id(&by)),
            })
        }
        "Duty" => {
            let duty = entity(about)?;
            let office = |name: &str| duty.entity(name).map(|office| office.id().unescaped().to_owned());
            Resource::Duty(DutyFacts {
                id: OccurrenceId::new(0, &stand_in(about)),
                office: office("office")?,
                deputy: office("deputy"),
                by: duty.entity("by").map(|by| person_id(&by)),
            })
        }
        _ => {
            let item = entity(about)?;
            let matter = matter_of(&item.entity("matter")?)?;
            Resource::Item(read_item(about, &item, &key, &matter)?, matter)
        }
    };
    Some(Question {
        person,
        action: request.action()?.id().unescaped().to_owned(),
        resource,
        circumstances: read_circumstances(found)?,
    })
}

fn person_id(uid: &EntityUid) -> PersonId {
    PersonId::new(0, &stand_in(uid))
}

fn read_person(uid: &EntityUid, person: &Found<'_>, found: &Env) -> Option<PersonFacts> {
    let mut offices = vec![];
    let mut matters = vec![];
    for parent in found.entities.ancestors(uid)? {
        match parent.type_name().basename() {
            "Office" => offices.push(parent.id().unescaped().to_owned()),
            _ => matters.push(MatterId::new(0, &stand_in(parent))),
        }
    }
    offices.sort();
    matters.sort();
    let guest = person.entity("party");
    Some(PersonFacts {
        id: person_id(uid),
        employment: person.text("employment").unwrap_or_default(),
        until: person.long("until").unwrap_or_default(),
        clearance: person.long("clearance").unwrap_or_default(),
        suspended: person.flag("suspended")?,
        trained_until: person.long("trainedUntil").unwrap_or_default(),
        acknowledged: person.long("acknowledged").unwrap_or_default(),
        party: guest.map(|party| PartyId::new(0, &stand_in(&party))),
        offices,
        matters,
    })
}

fn read_matter(uid: &EntityUid, matter: &Found<'_>) -> Option<MatterFacts> {
    Some(MatterFacts {
        id: MatterId::new(0, &stand_in(uid)),
        open: matter.flag("open")?,
        party: PartyId::new(0, &stand_in(&matter.entity("party")?)),
        custodian: person_id(&matter.entity("custodian")?),
        copies: matter.flag("copies")?,
        summaries: matter.flag("summaries")?,
        subcontractor: matter.flag("subcontractor")?,
        generative_ai: matter.flag("generativeAi")?,
        abroad: matter.flag("abroad")?,
        personal_device: matter.flag("personalDevice")?,
    })
}

fn read_item(uid: &EntityUid, item: &Found<'_>, key: &str, matter: &MatterFacts) -> Option<ItemFacts> {
    let granted_until = match item.0.tag(key) {
        Some(Ok(EvalResult::Record(grant))) => grant.get("until").cloned().and_then(long_of),
        _ => None,
    };
    Some(ItemFacts {
        id: ItemId::new(0, &stand_in(uid)),
        rank: item.long("rank")?,
        kind: item.text("kind")?,
        form: item.text("form")?,
        state: item.text("state")?,
        custodian: person_id(&item.entity("custodian")?),
        matter: matter.id,
        shared: item.flag("shared")?,
        contained: item.flag("contained")?,
        held: item.flag("held")?,
        granted_until,
    })
}

fn read_circumstances(found: &Env) -> Option<Circumstances> {
    let context = found.request.context()?;
    let approvals = match context.get("approvals") {
        Some(EvalResult::Record(approvals)) => {
            let who = |name| approvals.get(name).cloned().and_then(entity_of);
            Some((person_id(&who("first")?), person_id(&who("second")?)))
        }
        _ => None,
    };
    let to = context.get("to").and_then(entity_of);
    let abroad = context.get("abroad").and_then(bool_of).unwrap_or_default();
    Some(Circumstances {
        now: context.get("now").and_then(long_of)?,
        zone: context.get("zone").and_then(text_of)?,
        policy: context.get("policy").and_then(long_of)?,
        factor_age: context.get("factorAge").and_then(long_of),
        device: context.get("device").and_then(text_of),
        signed: context.get("signed").and_then(bool_of).unwrap_or_default(),
        approvals,
        rank: context.get("rank").and_then(long_of),
        relation: context.get("relation").and_then(text_of),
        to: to.map(|party| (PartyId::new(0, &stand_in(&party)), abroad)),
        generative_ai: context.get("generativeAi").and_then(bool_of),
        personal_device: context.get("personalDevice").and_then(bool_of),
    })
}
