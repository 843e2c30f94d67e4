//! 説明: which rules decided a question, and what would make it permitted.
//!
//! Remedies are found by deciding the question again with facts changed, so none is promised that would
//! not do. Each is as small as it can be: without any one of its changes the question stays refused.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{Effect, PolicySet};
use serde::Serialize;

use super::decide::{Decision, Question};
use super::facts::Resource;
use super::may::two_others;
use super::pack::{Pack, Rule};
use crate::error::{Error, Result};
use crate::id::PersonId;

/// Which rules speak to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Whether it is permitted.
    pub permitted: bool,
    /// The rules that permit it, whether or not others forbid it.
    pub permits: Vec<Rule>,
    /// The rules that forbid it.
    pub forbids: Vec<Rule>,
    /// Evaluation errors, each of which refuses.
    pub errors: Vec<String>,
}

/// Says which rules permit and which forbid what is asked.
pub fn explain(pack: &Pack, question: &Question) -> Result<Explanation> {
    let Decision { permitted, errors, .. } = pack.answer(question)?;
    Ok(Explanation {
        permitted,
        permits: matching(pack, question, Effect::Permit)?,
        forbids: matching(pack, question, Effect::Forbid)?,
        errors,
    })
}

fn matching(pack: &Pack, question: &Question, effect: Effect) -> Result<Vec<Rule>> {
    let of_this_kind = pack.policies.policies().filter(|p| p.effect() == effect);
    let policies = PolicySet::from_policies(of_this_kind.cloned()).map_err(Error::internal)?;
    let Some(response) = pack.ask(&policies, question)? else {
        return Ok(vec![]);
    };
    let ids: BTreeSet<String> = response.diagnostics().reason().map(ToString::to_string).collect();
    Ok(ids.iter().filter_map(|id| pack.rules.get(id).cloned()).collect())
}

/// A fact that people can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Being in a zone of the office.
    Office,
    /// Showing a second factor now.
    SecondFactor,
    /// Acknowledging the policy in force.
    Acknowledgement,
    /// Taking the training.
    Training,
    /// Two other people's approval.
    Approvals,
    /// A permission until a moment.
    Grant,
    /// Working on the matter.
    Membership,
    /// A higher clearance.
    Clearance,
}

/// Every change, the least first.
const CHANGES: [Change; 8] = [
    Change::Office,
    Change::SecondFactor,
    Change::Acknowledgement,
    Change::Training,
    Change::Approvals,
    Change::Grant,
    Change::Membership,
    Change::Clearance,
];

/// 相談先と方法: what would make a refused question permitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// What has to change, all of it.
    pub changes: Vec<Change>,
    /// Whom to ask, from the rules concerned: offices, `custodian` or `self`.
    pub ask: Vec<String>,
    /// What to do, in Japanese.
    pub ja: String,
    /// What to do, in English.
    pub en: String,
}

/// How many decisions the search for remedies may take.
pub const BUDGET: usize = 24;

/// What would make a refused question permitted, the smallest first. None when it is permitted, or when
/// nothing that people can change would do.
pub fn remedies(pack: &Pack, question: &Question) -> Result<Vec<Remedy>> {
    let mut search = Search { pack, question, decided: BTreeMap::new() };
    let possible: Changes =
        CHANGES.into_iter().filter(|change| apply(*change, question) != *question).collect();
    if search.permitted(&Changes::new())? || !search.permitted(&possible)? {
        return Ok(vec![]);
    }
    // What everything else together cannot do without is part of every remedy.
    let mut needed = Changes::new();
    for change in &possible {
        if !search.permitted(&without(&possible, *change))? {
            needed.insert(*change);
        }
    }
    let mut found: Vec<Changes> = vec![];
    let others: Vec<Change> = possible.difference(&needed).copied().collect();
    let mut attempts = vec![needed.clone()];
    attempts.extend(others.iter().map(|one| with(&needed, &[*one])));
    for (index, one) in others.iter().enumerate() {
        attempts.extend(others[index + 1..].iter().map(|two| with(&needed, &[*one, *two])));
    }
    for attempt in attempts {
        let smaller = found.iter().any(|smaller| smaller.is_subset(&attempt));
        if !smaller && search.permitted(&attempt)? {
            found.push(attempt);
        }
    }
    if found.is_empty() {
        found.push(search.shrink(possible)?);
    }
    found.sort_by_key(|changes| (changes.len(), changes.clone()));
    found.into_iter().map(|changes| search.remedy(&changes)).collect()
}

type Changes = BTreeSet<Change>;

fn with(changes: &Changes, more: &[Change]) -> Changes {
    changes.iter().chain(more).copied().collect()
}

fn without(changes: &Changes, less: Change) -> Changes {
    changes.iter().copied().filter(|c| *c != less).collect()
}

struct Search<'a> {
    pack: &'a Pack,
    question: &'a Question,
    decided: BTreeMap<Changes, Decision>,
}

impl Search<'_> {
    /// The decision with these changes; nothing when the budget is spent.
    fn decision(&mut self, changes: &Changes) -> Result<Option<&Decision>> {
        if !self.decided.contains_key(changes) {
            if self.decided.len() >= BUDGET {
                return Ok(None);
            }
            let changed =
                changes.iter().fold(self.question.clone(), |question, change| apply(*change, &question));
            let decision = self.pack.answer(&changed)?;
            self.decided.insert(changes.clone(), decision);
        }
        Ok(self.decided.get(changes))
    }

    /// Whether it is permitted with these changes. Not known to be, when the budget is spent.
    fn permitted(&mut self, changes: &Changes) -> Result<bool> {
        Ok(self.decision(changes)?.is_some_and(|d| d.permitted))
    }

    /// Leaves out one change after the other that is not needed.
    fn shrink(&mut self, mut changes: Changes) -> Result<Changes> {
        for change in CHANGES.into_iter().rev() {
            let fewer = without(&changes, change);
            if self.permitted(&fewer)? {
                changes = fewer;
            }
        }
        Ok(changes)
    }

    fn remedy(&mut self, changes: &Changes) -> Result<Remedy> {
        let mut ask: Vec<String> = vec![];
        for change in changes {
            for office in self.whom_to_ask(*change, changes)? {
                if !ask.contains(&office) {
                    ask.push(office);
                }
            }
        }
        let told: Vec<_> = changes.iter().map(|c| self.tell(*c)).collect();
        let ja: Vec<String> = told.iter().map(|(ja, _)| ja.clone()).collect();
        let en: Vec<String> = told.into_iter().map(|(_, en)| en).collect();
        Ok(Remedy {
            changes: changes.iter().copied().collect(),
            ja: format!("{}（相談先 {}）", ja.join("、かつ"), ask.join("、")),
            en: format!("{} (ask: {})", en.join(", and "), ask.join(", ")),
            ask,
        })
    }

    /// Whoever the rules name that refuse without this change, or that permit with it.
    fn whom_to_ask(&mut self, change: Change, changes: &Changes) -> Result<Vec<String>> {
        let rules_of = |decision: Option<&Decision>| decision.map(|d| d.rules.clone());
        let mut rules = rules_of(self.decision(&without(changes, change))?).unwrap_or_default();
        if rules.is_empty() {
            rules = rules_of(self.decision(changes)?).unwrap_or_default();
        }
        let known = rules.iter().filter_map(|id| self.pack.rules.get(id));
        let ask: BTreeSet<String> = known.map(|rule| rule.ask.clone()).collect();
        Ok(ask.into_iter().collect())
    }

    /// What to do, in Japanese and English.
    fn tell(&self, change: Change) -> (String, String) {
        let (ja, en) = match change {
            Change::Office => ("社内の区域で行う", "do it inside the office"),
            Change::SecondFactor => ("パスキーで本人確認をする", "show your passkey"),
            Change::Acknowledgement => ("施行中の方針に同意する", "acknowledge the policy in force"),
            Change::Training => ("研修を受講する", "take the training"),
            Change::Approvals => ("本人以外の二名の承認を得る", "get the approval of two other people"),
            Change::Grant => ("期限付きの許可を受ける", "be given permission until a day"),
            Change::Membership => ("案件の担当者に加わる", "be put on the matter"),
            Change::Clearance => {
                let rank = apply(change, self.question).person.clearance;
                let class = self.pack.class_of_rank(rank);
                let ja = class.map_or_else(|| rank.to_string(), |class| format!("「{}」", class.ja));
                let en = class.map_or_else(|| rank.to_string(), |class| class.en.clone());
                return (format!("取扱区分を{ja}に引き上げる"), format!("have the clearance raised to {en}"));
            }
        };
        (ja.to_owned(), en.to_owned())
    }
}

/// How long a permission or a training is taken to last.
const A_WHILE: i64 = 86_400_000;

/// The question with one fact changed; the same when the fact is so already, or does not apply.
fn apply(change: Change, question: &Question) -> Question {
    let mut changed = question.clone();
    let Question { person, resource, circumstances, .. } = &mut changed;
    let later = circumstances.now.saturating_add(A_WHILE);
    let staff = person.party.is_none();
    match (change, resource) {
        (Change::Office, _) => circumstances.zone = "office".to_owned(),
        (Change::SecondFactor, _) => circumstances.factor_age = Some(0),
        (Change::Acknowledgement, _) if staff => {
            person.acknowledged = person.acknowledged.max(circumstances.policy);
        }
        (Change::Training, _) if staff && person.trained_until <= circumstances.now => {
            person.trained_until = later;
        }
        (Change::Approvals, Resource::Item(..)) => {
            let asker = person.id;
            let fit = |(one, two): (PersonId, PersonId)| one != two && one != asker && two != asker;
            if !circumstances.approvals.is_some_and(fit) {
                circumstances.approvals = Some(two_others(asker));
            }
        }
        (Change::Grant, Resource::Item(item, _))
            if staff && item.granted_until.is_none_or(|until| until <= circumstances.now) =>
        {
            item.granted_until = Some(later);
        }
        (Change::Membership, Resource::Item(_, matter) | Resource::Matter(matter))
            if !person.matters.contains(&matter.id) =>
        {
            person.matters.push(matter.id);
        }
        (Change::Clearance, Resource::Item(item, _)) if staff => {
            let needed = circumstances.rank.unwrap_or(item.rank).max(item.rank);
            person.clearance = person.clearance.max(needed);
        }
        (Change::Clearance, Resource::Matter(_)) if staff => {
            person.clearance = person.clearance.max(circumstances.rank.unwrap_or(0));
        }
        _ => {}
    }
    changed
}
