//! Cases: requests with the answers that they must get, part of a pack. They say in a reader's words what the
//! rules are for, and a pack whose rules answer otherwise is refused.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::decide::Question;
use super::facts::{Circumstances, DutyFacts, ItemFacts, MatterFacts, PersonFacts, Resource};
use super::pack::{Files, Pack, PackError};
use crate::id::{ItemId, MatterId, OccurrenceId, PartyId, PersonId};

/// The moment at which every case is decided.
const NOW: i64 = 1_800_000_000_000;
/// Long enough before or after it.
const AWHILE: i64 = 86_400_000;

fn yes() -> bool {
    true
}

/// Who asks. What is not said is in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// Kind of employment; a guest has none.
    #[serde(default)]
    pub employment: String,
    /// A guest of the `consignor`, or of some `other` party.
    #[serde(default)]
    pub guest: Option<Side>,
    /// Highest rank of class.
    #[serde(default)]
    pub clearance: i64,
    /// Works on the matter.
    #[serde(default)]
    pub member: bool,
    /// Accountable for the item.
    #[serde(default)]
    pub custodian: bool,
    /// Accountable for the matter.
    #[serde(default)]
    pub matter_custodian: bool,
    /// Was given permission that has not ended.
    #[serde(default)]
    pub granted: bool,
    /// Offices held.
    #[serde(default)]
    pub offices: Vec<String>,
    /// Has valid training.
    #[serde(default = "yes")]
    pub trained: bool,
    /// Has acknowledged the policy in force.
    #[serde(default = "yes")]
    pub acknowledged: bool,
    /// Is suspended.
    #[serde(default)]
    pub suspended: bool,
}

/// Which party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// That of the matter.
    Consignor,
    /// Another one.
    Other,
}

/// Who approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approvals {
    /// Two others.
    Two,
    /// The same other person twice.
    Same,
    /// The asker and another.
    Own,
}

/// What it is about. What is not said is in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct About {
    /// The installation, or a matter, instead of an item.
    pub installation: bool,
    /// A matter instead of an item.
    pub matter: bool,
    /// Rank of its class.
    pub rank: i64,
    /// State.
    pub state: String,
    /// Shared with guests.
    pub shared: bool,
    /// Isolated by an emergency measure.
    pub contained: bool,
    /// On hold.
    pub held: bool,
    /// A duty that is due, instead of an item: the office that it belongs to.
    pub duty: Option<String>,
    /// The office that stands in.
    pub deputy: Option<String>,
    /// Who did it.
    pub done: Option<Doer>,
    /// The matter is open.
    pub open: bool,
    /// Terms that the matter does not allow: copies, summaries, subcontractor, generative_ai, abroad,
    /// personal_device.
    pub not_allowed: Vec<String>,
}

/// Who did a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doer {
    /// Whoever asks.
    Asker,
    /// Somebody else.
    Other,
}

impl Default for About {
    fn default() -> Self {
        Self {
            installation: false,
            matter: false,
            rank: 0,
            state: "held".to_owned(),
            shared: false,
            contained: false,
            held: false,
            duty: None,
            deputy: None,
            done: None,
            open: true,
            not_allowed: Vec::new(),
        }
    }
}

/// How. What is not said is left out, but for the zone, which is the office.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct How {
    /// `office` or `outside`.
    pub zone: Option<String>,
    /// Minutes since a second factor was shown; left out, none was.
    pub factor_minutes: Option<i64>,
    /// A device that is registered to the person: `firm` or `personal`.
    pub device: Option<String>,
    /// Signed with the person's own passkey.
    pub signed: bool,
    /// Who approved.
    pub approvals: Option<Approvals>,
    /// Rank of the class that something is to get.
    pub rank: Option<i64>,
    /// Manner of a derivative.
    pub relation: Option<String>,
    /// To whom something is sent.
    pub to: Option<Side>,
    /// Abroad.
    pub abroad: bool,
    /// For a generative-AI service.
    pub generative_ai: Option<bool>,
    /// Onto a personal device.
    pub personal_device: Option<bool>,
}

/// What must come of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// It is permitted.
    Permit,
    /// It is refused.
    Refuse,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// The clause that it illustrates.
    pub clause: String,
    /// What it says, in Japanese.
    pub ja: String,
    /// What it says, in English.
    pub en: String,
    /// Who asks.
    pub who: Who,
    /// The action.
    pub action: String,
    /// What it is about.
    #[serde(default)]
    pub about: About,
    /// How.
    #[serde(default)]
    pub how: How,
    /// What must come of it.
    pub expect: Expect,
    /// Rules that must be among those that decide.
    #[serde(default)]
    pub rules: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    #[serde(default)]
    case: Vec<Case>,
}

/// Reads the cases of a pack.
pub(super) fn load(files: &Files, clauses: &BTreeSet<&str>) -> Result<Vec<Case>, PackError> {
    let mut all: Vec<Case> = Vec::new();
    for (file, text) in files.iter().filter(|(name, _)| name.starts_with("cases/")) {
        let fault = |what: String| PackError { file: file.clone(), what };
        let read: Cases = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
        for case in read.case {
            if !clauses.contains(case.clause.as_str()) {
                return Err(fault(format!("case {}: the clause {} does not exist", case.id, case.clause)));
            }
            if all.iter().any(|other| other.id == case.id) {
                return Err(fault(format!("two cases are called {}", case.id)));
            }
            all.push(case);
        }
    }
    Ok(all)
}

impl Pack {
    /// Cases that the rules answer otherwise, each with what is wrong.
    pub fn failing_cases(&self) -> Vec<String> {
        let failing = self
            .cases
            .iter()
            .filter_map(|case| case.fault(self).map(|what| format!("case {}: {what}", case.id)));
        failing.collect()
    }
}

fn person(number: u8) -> PersonId {
    PersonId::new(0, &[number; 10])
}

impl Case {
    fn fault(&self, pack: &Pack) -> Option<String> {
        if !pack.knows_action(&self.action) {
            return Some(format!("there is no action {}", self.action));
        }
        let decision = match pack.answer(&self.question()) {
            Ok(decision) => decision,
            Err(error) => return Some(error.to_string()),
        };
        if !decision.errors.is_empty() {
            return Some(format!("a rule could not be evaluated: {}", decision.errors.join("; ")));
        }
        let decided = match decision.rules.is_empty() {
            true => "no rule permits it".to_owned(),
            false => format!("it is decided by {}", decision.rules.join(", ")),
        };
        if decision.permitted != (self.expect == Expect::Permit) {
            let is = if decision.permitted { "permitted" } else { "refused" };
            return Some(format!("it is {is} ({decided}); mend the rule or the case"));
        }
        let absent = self.rules.iter().find(|rule| !decision.rules.contains(rule))?;
        Some(format!("{absent} does not decide it; {decided}"))
    }

    /// The request that the case makes.
    pub fn question(&self) -> Question {
        let Self { who, about, how, .. } = self;
        let (asker, somebody) = (person(1), person(2));
        let party = |side| PartyId::new(0, &[if side == Side::Consignor { 1 } else { 2 }; 10]);
        let allowed = |term: &str| !about.not_allowed.iter().any(|not| not == term);
        let matter = MatterFacts {
            id: MatterId::new(0, &[1; 10]),
            open: about.open,
            party: party(Side::Consignor),
            custodian: if who.matter_custodian { asker } else { somebody },
            copies: allowed("copies"),
            summaries: allowed("summaries"),
            subcontractor: allowed("subcontractor"),
            generative_ai: allowed("generative_ai"),
            abroad: allowed("abroad"),
            personal_device: allowed("personal_device"),
        };
        let item = ItemFacts {
            id: ItemId::new(0, &[1; 10]),
            rank: about.rank,
            kind: "lent".to_owned(),
            form: "electronic".to_owned(),
            state: about.state.clone(),
            custodian: if who.custodian { asker } else { somebody },
            matter: matter.id,
            shared: about.shared,
            contained: about.contained,
            held: about.held,
            granted_until: who.granted.then_some(NOW + AWHILE),
        };
        let approvals = how.approvals.map(|approvals| match approvals {
            Approvals::Two => (person(3), person(4)),
            Approvals::Same => (person(3), person(3)),
            Approvals::Own => (asker, person(3)),
        });
        Question {
            person: PersonFacts {
                id: asker,
                employment: if who.guest.is_some() { "guest".to_owned() } else { who.employment.clone() },
                party: who.guest.map(party),
                until: NOW + AWHILE,
                clearance: who.clearance,
                suspended: who.suspended,
                trained_until: if who.trained { NOW + AWHILE } else { 0 },
                acknowledged: i64::from(who.acknowledged),
                offices: who.offices.clone(),
                matters: if who.member { vec![matter.id] } else { vec![] },
            },
            action: self.action.clone(),
            resource: match (about.installation, about.matter) {
                _ if about.duty.is_some() => Resource::Duty(DutyFacts {
                    id: OccurrenceId::new(0, &[1; 10]),
                    office: about.duty.clone().unwrap_or_default(),
                    deputy: about.deputy.clone(),
                    by: about.done.map(|done| if done == Doer::Asker { asker } else { somebody }),
                }),
                (true, _) => Resource::Installation,
                (_, true) => Resource::Matter(matter),
                _ => Resource::Item(item, matter),
            },
            circumstances: Circumstances {
                now: NOW,
                zone: how.zone.clone().unwrap_or_else(|| "office".to_owned()),
                policy: 1,
                factor_age: how.factor_minutes.map(|minutes| minutes * 60_000),
                device: how.device.clone(),
                signed: how.signed,
                approvals,
                rank: how.rank,
                relation: how.relation.clone(),
                to: how.to.map(|side| (party(side), how.abroad)),
                generative_ai: how.generative_ai,
                personal_device: how.personal_device,
            },
        }
    }
}
