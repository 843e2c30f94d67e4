//! What the rules are told: plain facts of people, matters and items, as the register holds them at the
//! moment of the decision. A record keeps them, so that a decision can be replayed exactly.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::LazyLock;

use cedar_policy::{Context, Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression as Value};
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{
    EvaluationId, FindingId, ItemId, MatterId, OccurrenceId, PartyId, PersonId, ResolutionId, ViolationId,
};

/// Name of an action in the rules, the ledger, the API and the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Action(pub &'static str);

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// What the rules see of a person: officer or staff, or a guest when `party` is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFacts {
    /// The person.
    pub id: PersonId,
    /// Kind of employment, for example `regular`.
    pub employment: String,
    /// A guest's party.
    pub party: Option<PartyId>,
    /// A guest's last moment.
    pub until: Millis,
    /// Highest rank of class that the person may handle.
    pub clearance: i64,
    /// Whether the person's use is suspended.
    pub suspended: bool,
    /// Until when the person's training is valid.
    pub trained_until: Millis,
    /// The version of the policy that the person acknowledged.
    pub acknowledged: i64,
    /// Offices held.
    pub offices: Vec<String>,
    /// Matters worked on.
    pub matters: Vec<MatterId>,
}

/// What the rules see of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterFacts {
    /// The matter.
    pub id: MatterId,
    /// Whether material may still come in.
    pub open: bool,
    /// The consignor's party.
    pub party: PartyId,
    /// Who is accountable.
    pub custodian: PersonId,
    /// Terms: may copies be made?
    pub copies: bool,
    /// Terms: may summaries be made?
    pub summaries: bool,
    /// Terms: may it be given to a subcontractor?
    pub subcontractor: bool,
    /// Terms: may it be given to a generative-AI service?
    pub generative_ai: bool,
    /// Terms: may it go abroad?
    pub abroad: bool,
    /// Terms: may it be on a personal device?
    pub personal_device: bool,
}

/// What the rules see of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFacts {
    /// The item.
    pub id: ItemId,
    /// Rank of its class.
    pub rank: i64,
    /// Kind: lent, derivative, communication, work, deliverable.
    pub kind: String,
    /// Form: electronic or tangible.
    pub form: String,
    /// State: held, returning, returned, erasing, erased.
    pub state: String,
    /// The person accountable.
    pub custodian: PersonId,
    /// Its matter.
    pub matter: MatterId,
    /// Whether it is shared with the matter's guests.
    pub shared: bool,
    /// Whether an emergency measure isolates it.
    pub contained: bool,
    /// Whether a hold is on it.
    pub held: bool,
    /// Until when the asking person was given permission, if so.
    pub granted_until: Option<Millis>,
}

/// What the rules see of a duty that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyFacts {
    /// Which occurrence.
    pub id: OccurrenceId,
    /// The office that it belongs to.
    pub office: String,
    /// The office that stands in.
    pub deputy: Option<String>,
    /// Who did it, when it was done.
    pub by: Option<PersonId>,
}

/// What the rules see of a resolution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolutionFacts {
    /// Which one.
    pub id: ResolutionId,
    /// The office whose holders vote.
    pub office: String,
}

/// What the rules see of an evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationFacts {
    /// Which one.
    pub id: EvaluationId,
    /// Kind: inspection, audit or evaluation.
    pub kind: String,
    /// Who conducts it.
    pub lead: PersonId,
    /// The office whose work is looked at.
    pub audited: String,
}

/// What the rules see of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingFacts {
    /// Which one.
    pub id: FindingId,
    /// Who conducted the evaluation that raised it.
    pub lead: PersonId,
    /// The office whose work was looked at.
    pub audited: String,
    /// Who answers for it.
    pub owner: PersonId,
    /// Who said that its corrective action is done.
    pub done_by: Option<PersonId>,
}

/// What the rules see of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViolationFacts {
    /// Which one.
    pub id: ViolationId,
    /// Whom it is about, when that is known.
    pub about: Option<PersonId>,
    /// The body that decides, once somebody is heard.
    pub body: Option<String>,
}

/// What an operation is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// The firm's installation.
    Installation,
    /// A matter.
    Matter(MatterFacts),
    /// An item and its matter.
    Item(ItemFacts, MatterFacts),
    /// A duty that is due.
    Duty(DutyFacts),
    /// A resolution.
    Resolution(ResolutionFacts),
    /// An evaluation.
    Evaluation(EvaluationFacts),
    /// A finding.
    Finding(FindingFacts),
    /// A case.
    Violation(ViolationFacts),
}

/// The circumstances of a decision. What an operation does not have is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstances {
    /// The moment.
    pub now: Millis,
    /// Network zone: `office` or `outside`.
    pub zone: String,
    /// Version of the policy in force.
    pub policy: i64,
    /// Milliseconds since the person showed a second factor, when they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor_age: Option<Millis>,
    /// What the person is before, when it is a device registered to them: `firm` or `personal`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Whether the person signed exactly this with their own passkey.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed: bool,
    /// Two people who approved exactly this, at exactly this revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approvals: Option<(PersonId, PersonId)>,
    /// Rank of the class that something is to get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<i64>,
    /// Manner of a derivative: copy, summary, other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// A recipient's party, and whether it is abroad.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<(PartyId, bool)>,
    /// Whether what is sent is for a generative-AI service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generative_ai: Option<bool>,
    /// Whether a copy goes onto a personal device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_device: Option<bool>,
}

struct Types {
    action: EntityTypeName,
    installation: EntityTypeName,
    office: EntityTypeName,
    party: EntityTypeName,
    matter: EntityTypeName,
    person: EntityTypeName,
    guest: EntityTypeName,
    item: EntityTypeName,
    duty: EntityTypeName,
    resolution: EntityTypeName,
    evaluation: EntityTypeName,
    finding: EntityTypeName,
    violation: EntityTypeName,
}

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let name = |name: &str| {
        EntityTypeName::from_str(&format!("Kura::{name}")).expect("a type's name is well-formed")
    };
    Types {
        action: name("Action"),
        installation: name("Installation"),
        office: name("Office"),
        party: name("Party"),
        matter: name("Matter"),
        person: name("Person"),
        guest: name("Guest"),
        item: name("Item"),
        duty: name("Duty"),
        resolution: name("Resolution"),
        evaluation: name("Evaluation"),
        finding: name("Finding"),
        violation: name("Violation"),
    }
});

fn uid(kind: &EntityTypeName, id: impl ToString) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id.to_string()))
}

fn reference(kind: &EntityTypeName, id: impl ToString) -> Value {
    Value::new_entity_uid(uid(kind, id))
}

fn attributes<const N: usize>(list: [(&str, Value); N]) -> HashMap<String, Value> {
    list.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn bad(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("facts for the rules: {error}"))
}

/// The type name of items, for partial evaluation.
pub(super) fn item_type() -> EntityTypeName {
    TYPES.item.clone()
}

/// The type name of matters, for partial evaluation.
pub(super) fn matter_type() -> EntityTypeName {
    TYPES.matter.clone()
}

/// The type name of officers and staff.
pub(super) fn person_type() -> EntityTypeName {
    TYPES.person.clone()
}

pub(super) fn action_uid(action: Action) -> EntityUid {
    action_named(action.0)
}

pub(super) fn action_named(name: &str) -> EntityUid {
    uid(&TYPES.action, name)
}

impl PersonFacts {
    /// The person's id as the rules write it.
    pub fn uid(&self) -> EntityUid {
        let kind = if self.party.is_some() { &TYPES.guest } else { &TYPES.person };
        uid(kind, self.id)
    }

    /// The person as the rules see them.
    pub fn entity(&self) -> Result<Entity> {
        self.entity_in(&self.matters)
    }

    /// The person as rules see them that ask of no matter but the resource's own: somebody who works on a hundred matters is
    /// decided upon as quickly as somebody who works on one.
    pub fn entity_about(&self, resource: &Resource) -> Result<Entity> {
        let of = resource.matter().map(|matter| matter.id);
        let matters: Vec<MatterId> = of.into_iter().filter(|matter| self.matters.contains(matter)).collect();
        self.entity_in(&matters)
    }

    fn entity_in(&self, matters: &[MatterId]) -> Result<Entity> {
        let matters = matters.iter().map(|matter| uid(&TYPES.matter, matter));
        let key = Value::new_string(self.id.to_string());
        let suspended = Value::new_bool(self.suspended);
        let (attributes, parents): (_, HashSet<_>) = match &self.party {
            Some(party) => (
                attributes([
                    ("key", key),
                    ("party", reference(&TYPES.party, party)),
                    ("until", Value::new_long(self.until)),
                    ("suspended", suspended),
                ]),
                matters.collect(),
            ),
            None => (
                attributes([
                    ("key", key),
                    ("employment", Value::new_string(self.employment.clone())),
                    ("clearance", Value::new_long(self.clearance)),
                    ("suspended", suspended),
                    ("trainedUntil", Value::new_long(self.trained_until)),
                    ("acknowledged", Value::new_long(self.acknowledged)),
                ]),
                matters.chain(self.offices.iter().map(|office| uid(&TYPES.office, office))).collect(),
            ),
        };
        Entity::new(self.uid(), attributes, parents).map_err(bad)
    }
}

impl MatterFacts {
    fn entity(&self) -> Result<Entity> {
        let attributes = attributes([
            ("open", Value::new_bool(self.open)),
            ("party", reference(&TYPES.party, self.party)),
            ("custodian", reference(&TYPES.person, self.custodian)),
            ("copies", Value::new_bool(self.copies)),
            ("summaries", Value::new_bool(self.summaries)),
            ("subcontractor", Value::new_bool(self.subcontractor)),
            ("generativeAi", Value::new_bool(self.generative_ai)),
            ("abroad", Value::new_bool(self.abroad)),
            ("personalDevice", Value::new_bool(self.personal_device)),
        ]);
        Entity::new(uid(&TYPES.matter, self.id), attributes, HashSet::new()).map_err(bad)
    }
}

impl ItemFacts {
    fn entity(&self, asker: &PersonFacts) -> Result<Entity> {
        let attributes = attributes([
            ("rank", Value::new_long(self.rank)),
            ("kind", Value::new_string(self.kind.clone())),
            ("form", Value::new_string(self.form.clone())),
            ("state", Value::new_string(self.state.clone())),
            ("custodian", reference(&TYPES.person, self.custodian)),
            ("matter", reference(&TYPES.matter, self.matter)),
            ("shared", Value::new_bool(self.shared)),
            ("contained", Value::new_bool(self.contained)),
            ("held", Value::new_bool(self.held)),
        ]);
        let grant = self.granted_until.map(|until| {
            let grant = Value::new_record([("until".to_owned(), Value::new_long(until))]);
            (asker.id.to_string(), grant.expect("its one name is not repeated"))
        });
        Entity::new_with_tags(uid(&TYPES.item, self.id), attributes, HashSet::new(), grant).map_err(bad)
    }
}

impl DutyFacts {
    fn entity(&self) -> Result<Entity> {
        let mut attributes = attributes([("office", reference(&TYPES.office, &self.office))]);
        if let Some(deputy) = &self.deputy {
            attributes.insert("deputy".to_owned(), reference(&TYPES.office, deputy));
        }
        if let Some(by) = self.by {
            attributes.insert("by".to_owned(), reference(&TYPES.person, by));
        }
        Entity::new(uid(&TYPES.duty, self.id), attributes, HashSet::new()).map_err(bad)
    }
}

impl EvaluationFacts {
    fn entity(&self) -> Result<Entity> {
        let attributes = attributes([
            ("kind", Value::new_string(self.kind.clone())),
            ("lead", reference(&TYPES.person, self.lead)),
            ("audited", reference(&TYPES.office, &self.audited)),
        ]);
        Entity::new(uid(&TYPES.evaluation, self.id), attributes, HashSet::new()).map_err(bad)
    }
}

impl FindingFacts {
    fn entity(&self) -> Result<Entity> {
        let mut attributes = attributes([
            ("lead", reference(&TYPES.person, self.lead)),
            ("audited", reference(&TYPES.office, &self.audited)),
            ("owner", reference(&TYPES.person, self.owner)),
        ]);
        if let Some(by) = self.done_by {
            attributes.insert("doneBy".to_owned(), reference(&TYPES.person, by));
        }
        Entity::new(uid(&TYPES.finding, self.id), attributes, HashSet::new()).map_err(bad)
    }
}

impl ViolationFacts {
    fn entity(&self) -> Result<Entity> {
        let mut attributes = HashMap::new();
        if let Some(about) = self.about {
            attributes.insert("about".to_owned(), reference(&TYPES.person, about));
        }
        if let Some(body) = &self.body {
            attributes.insert("body".to_owned(), reference(&TYPES.office, body));
        }
        Entity::new(uid(&TYPES.violation, self.id), attributes, HashSet::new()).map_err(bad)
    }
}

impl Resource {
    /// The matter that it is, or belongs to.
    pub fn matter(&self) -> Option<&MatterFacts> {
        match self {
            Self::Matter(matter) | Self::Item(_, matter) => Some(matter),
            _ => None,
        }
    }

    /// The resource's id as the rules write it.
    pub fn uid(&self) -> EntityUid {
        match self {
            Self::Installation => uid(&TYPES.installation, "this"),
            Self::Matter(matter) => uid(&TYPES.matter, matter.id),
            Self::Item(item, _) => uid(&TYPES.item, item.id),
            Self::Duty(duty) => uid(&TYPES.duty, duty.id),
            Self::Resolution(resolution) => uid(&TYPES.resolution, resolution.id),
            Self::Evaluation(evaluation) => uid(&TYPES.evaluation, evaluation.id),
            Self::Finding(finding) => uid(&TYPES.finding, finding.id),
            Self::Violation(violation) => uid(&TYPES.violation, violation.id),
        }
    }

    /// The resource and what belongs to it, as the rules see them.
    pub fn entities(&self, asker: &PersonFacts) -> Result<Vec<Entity>> {
        Ok(match self {
            Self::Installation => {
                vec![Entity::new_no_attrs(self.uid(), HashSet::new())]
            }
            Self::Matter(matter) => vec![matter.entity()?],
            Self::Item(item, matter) => vec![item.entity(asker)?, matter.entity()?],
            Self::Duty(duty) => vec![duty.entity()?],
            Self::Evaluation(evaluation) => vec![evaluation.entity()?],
            Self::Finding(finding) => vec![finding.entity()?],
            Self::Violation(violation) => vec![violation.entity()?],
            Self::Resolution(resolution) => {
                let office = attributes([("office", reference(&TYPES.office, &resolution.office))]);
                vec![Entity::new(self.uid(), office, HashSet::new()).map_err(bad)?]
            }
        })
    }
}

impl Circumstances {
    /// The circumstances as the rules see them.
    pub fn context(&self) -> Result<Context> {
        let mut pairs = vec![
            ("now".to_owned(), Value::new_long(self.now)),
            ("zone".to_owned(), Value::new_string(self.zone.clone())),
            ("policy".to_owned(), Value::new_long(self.policy)),
        ];
        if let Some(age) = self.factor_age {
            pairs.push(("factorAge".to_owned(), Value::new_long(age)));
        }
        if let Some(device) = &self.device {
            pairs.push(("device".to_owned(), Value::new_string(device.clone())));
        }
        if self.signed {
            pairs.push(("signed".to_owned(), Value::new_bool(true)));
        }
        if let Some((first, second)) = &self.approvals {
            let approvals = Value::new_record([
                ("first".to_owned(), reference(&TYPES.person, first)),
                ("second".to_owned(), reference(&TYPES.person, second)),
            ]);
            pairs.push(("approvals".to_owned(), approvals.map_err(bad)?));
        }
        if let Some(rank) = self.rank {
            pairs.push(("rank".to_owned(), Value::new_long(rank)));
        }
        if let Some(relation) = &self.relation {
            pairs.push(("relation".to_owned(), Value::new_string(relation.clone())));
        }
        if let Some((party, abroad)) = &self.to {
            pairs.push(("to".to_owned(), reference(&TYPES.party, party)));
            pairs.push(("abroad".to_owned(), Value::new_bool(*abroad)));
        }
        for (name, flag) in [("generativeAi", self.generative_ai), ("personalDevice", self.personal_device)] {
            if let Some(flag) = flag {
                pairs.push((name.to_owned(), Value::new_bool(flag)));
            }
        }
        Context::from_pairs(pairs).map_err(bad)
    }
}
