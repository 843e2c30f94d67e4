//! できること: what one person may do with one thing, and for what they may not, which clause refuses it.
//!
//! Each action is decided with the least that it could be asked with: the same class, the consignor as the
//! recipient, a device of the firm's. What is permitted here can still be refused for what is asked in the end;
//! what is refused here is refused whatever is asked.

use serde::{Deserialize, Serialize};

use super::decide::{Decision, Question};
use super::facts::{Action, Circumstances, PersonFacts, Resource};
use super::pack::Pack;
use crate::error::Result;
use crate::id::PersonId;

/// Actions on an item that one may ask of.
pub const ON_ITEMS: [&str; 19] = [
    "open",
    "download",
    "transmit",
    "derive",
    "store",
    "grant",
    "revoke",
    "reclassify",
    "give_back",
    "package",
    "confirm_return",
    "erase",
    "hold",
    "release",
    "attest",
    "ask",
    "approve",
    "hand_over",
    "show",
];

/// Actions on a matter that one may ask of.
pub const ON_MATTERS: [&str; 7] =
    ["begin", "take", "collect", "report", "change_members", "hand_over_matter", "close_matter"];

/// Why something is refused: one rule's reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reason {
    /// The rule.
    pub rule: String,
    /// The clause that it upholds.
    pub clause: String,
    /// The reason in Japanese.
    pub ja: String,
    /// The reason in English.
    pub en: String,
    /// Whom to ask: an office, `custodian` or `self`.
    pub ask: String,
}

/// What the rules say of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct May {
    /// The action.
    pub action: String,
    /// Whether it is permitted now.
    pub permitted: bool,
    /// Whether two other people's approval would make it permitted.
    pub with_approvals: bool,
    /// Why it is refused; empty when it is permitted, or when no rule permits it.
    pub reasons: Vec<Reason>,
}

/// What an action is asked with, where nothing else is said: the least that it could be.
pub fn least(action: &str, resource: &Resource, plain: &Circumstances) -> Circumstances {
    let mut least = plain.clone();
    match resource {
        Resource::Item(item, matter) => match action {
            "reclassify" => least.rank = Some(item.rank),
            "derive" => (least.rank, least.relation) = (Some(item.rank), Some("other".to_owned())),
            "transmit" => (least.to, least.generative_ai) = (Some((matter.party, false)), Some(false)),
            "download" => least.personal_device = Some(false),
            _ => {}
        },
        Resource::Matter(_) if matches!(action, "begin" | "take" | "collect") => least.rank = Some(0),
        _ => {}
    }
    least
}

/// Two people who are neither each other nor the asker.
pub(super) fn two_others(asker: PersonId) -> (PersonId, PersonId) {
    let mut others = (1..=3).map(|n| PersonId::new(0, &[n; 10])).filter(|id| *id != asker);
    let first = others.next().unwrap_or(asker);
    (first, others.next().unwrap_or(asker))
}

/// What a person may do with something, action by action.
///
/// # Errors
/// A pack that does not know an action.
pub fn may(
    pack: &Pack,
    person: &PersonFacts,
    resource: &Resource,
    plain: &Circumstances,
    actions: &[&'static str],
) -> Result<Vec<May>> {
    actions.iter().map(|action| one(pack, person, resource, plain, action)).collect()
}

fn one(
    pack: &Pack,
    person: &PersonFacts,
    resource: &Resource,
    plain: &Circumstances,
    action: &'static str,
) -> Result<May> {
    let circumstances = least(action, resource, plain);
    let question = Question {
        person: person.clone(),
        action: Action(action).to_string(),
        resource: resource.clone(),
        circumstances,
    };
    let Decision { permitted, rules, .. } = pack.answer(&question)?;
    let with_approvals = !permitted && matches!(resource, Resource::Item(..)) && {
        let mut approved = question;
        approved.circumstances.approvals = Some(two_others(person.id));
        pack.answer(&approved)?.permitted
    };
    let refusing = rules.iter().filter_map(|id| pack.rules.get(id)).filter(|rule| !rule.permits);
    let reasons = refusing
        .map(|rule| Reason {
            rule: rule.id.clone(),
            clause: rule.clause.clone(),
            ja: rule.reason_ja.clone(),
            en: rule.reason_en.clone(),
            ask: rule.ask.clone(),
        })
        .collect();
    Ok(May { action: action.to_owned(), permitted, with_approvals, reasons })
}
