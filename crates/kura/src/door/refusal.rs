//! What a refused person is told, and how repeated refusals are counted.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::actor::Who;
use crate::clock::Millis;
use crate::id::ItemId;
use crate::rules::decide::{Decision, Question};
use crate::rules::facts::Action;
use crate::rules::pack::{Pack, Rule};

/// A refusal: what was refused, by which rules, and whom to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The action.
    pub action: String,
    /// The rules that forbade. Empty when no rule permits.
    pub rules: Vec<Rule>,
    /// When no rule permits: those that would, none of which applies. Guests are told none of the firm's rules.
    pub permits: Vec<Rule>,
    /// A rule could not be evaluated; refused for safety.
    pub fault: bool,
}

impl Refusal {
    pub(crate) fn new(question: &Question, decision: &Decision, pack: &Pack) -> Self {
        let forbade = decision.rules.iter().filter_map(|id| pack.rules.get(id)).filter(|rule| !rule.permits);
        let rules: Vec<Rule> = forbade.cloned().collect();
        let fault = !decision.errors.is_empty();
        let lacks = rules.is_empty() && !fault && !decision.permitted && question.person.party.is_none();
        let permits = if lacks { pack.that_permit(&question.action, &question.resource) } else { vec![] };
        Self { action: question.action.clone(), rules, permits, fault }
    }

    /// The refusal in Japanese, a line a reason.
    pub fn ja(&self) -> String {
        let mut lines = vec![format!("「{}」は許可されませんでした。", self.action)];
        lines.extend(self.rules.iter().map(line_ja));
        if self.fault {
            lines.push(
                "規則を評価できなかったため、安全のため拒否しました。システム管理者に連絡してください。"
                    .to_owned(),
            );
        } else if self.rules.is_empty() && self.permits.is_empty() {
            lines.push("これを許可する規則がありません。管理責任者に相談してください。".to_owned());
        } else if self.rules.is_empty() {
            lines.push("これを許可する規則のどれにも当てはまりません。".to_owned());
            lines.extend(self.permits.iter().map(line_ja));
        }
        lines.join("\n")
    }
}

fn line_ja(rule: &Rule) -> String {
    let Rule { clause, reason_ja, id, ask, .. } = rule;
    format!("条項 {clause}：{reason_ja}。（規則 {id}、相談先 {ask}）")
}

fn line_en(rule: &Rule) -> String {
    let Rule { clause, reason_en, id, ask, .. } = rule;
    format!("Clause {clause}: {reason_en}. (rule {id}; ask: {ask})")
}

/// The refusal in English, a line a reason.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" was refused.", self.action)?;
        for rule in &self.rules {
            write!(f, "\n{}", line_en(rule))?;
        }
        if self.fault {
            write!(
                f,
                "\nA rule could not be evaluated, so it was refused to be safe. Tell a system administrator."
            )?;
        } else if self.rules.is_empty() && self.permits.is_empty() {
            write!(f, "\nNo rule permits it. Ask the custodian.")?;
        } else if self.rules.is_empty() {
            write!(f, "\nNone of the rules that permit it applies to you.")?;
            for rule in &self.permits {
                write!(f, "\n{}", line_en(rule))?;
            }
        }
        Ok(())
    }
}

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
/// Kinds of refusals that are counted at once; beyond it each is recorded.
const KINDS: usize = 10_000;

/// What repeats: who was refused what, about what, by which rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::door) struct Kind {
    pub(in crate::door) who: Who,
    pub(in crate::door) action: Action,
    pub(in crate::door) about: String,
    pub(in crate::door) item: Option<(ItemId, String)>,
    pub(in crate::door) rules: Vec<String>,
}

/// Counts refusals that repeat within a minute, so that they do not flood the ledger: the first is
/// recorded at once, and one record says how many came after it.
#[derive(Default)]
pub(in crate::door) struct Repeats {
    counts: Mutex<HashMap<Kind, (Millis, u64)>>,
}

impl Repeats {
    /// Whether a refusal of this kind is to be recorded now, and how many since the last were not.
    pub(in crate::door) fn count(&self, kind: Kind, now: Millis) -> Option<u64> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let room = counts.len() < KINDS;
        match counts.get_mut(&kind) {
            Some((since, repeats)) if now - *since < MINUTE => {
                *repeats += 1;
                None
            }
            Some(entry) => Some(std::mem::replace(entry, (now, 0)).1),
            None => {
                if room {
                    counts.insert(kind, (now, 0));
                }
                Some(0)
            }
        }
    }

    /// Takes out what has not been repeated for a minute, or everything; gives back what was counted and is in
    /// no record yet.
    pub(in crate::door) fn drain(&self, now: Millis, all: bool) -> Vec<(Kind, u64)> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let over: Vec<Kind> = counts
            .iter()
            .filter(|(_, (since, _))| all || now - *since >= MINUTE)
            .map(|(kind, _)| kind.clone())
            .collect();
        let taken = over.into_iter().filter_map(|kind| {
            let (_, repeats) = counts.remove(&kind)?;
            (repeats > 0).then_some((kind, repeats))
        });
        taken.collect()
    }
}

/// What is refused before anybody knows who asks: counted by the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    /// A name and password that do not fit.
    Password,
    /// A token that is unknown or has expired, or none.
    Token,
}

#[derive(Default)]
pub(in crate::door) struct Strangers {
    counts: Mutex<(Millis, [u64; 2])>,
}

impl Strangers {
    pub(in crate::door) fn count(&self, what: Stranger, now: Millis) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.1 == [0; 2] {
            counts.0 = now;
        }
        counts.1[usize::from(what == Stranger::Token)] += 1;
    }

    /// What was counted, once the hour is over, or now: passwords, tokens.
    pub(in crate::door) fn drain(&self, now: Millis, all: bool) -> Option<[u64; 2]> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let due = counts.1 != [0; 2] && (all || now - counts.0 >= HOUR);
        due.then(|| std::mem::take(&mut counts.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_refusals_are_counted_by_the_minute() {
        let repeats = Repeats::default();
        let kind = |about: &str| Kind {
            who: Who::System,
            action: Action("open"),
            about: about.to_owned(),
            item: None,
            rules: vec![],
        };
        let count = |about: &str, now| repeats.count(kind(about), now);
        assert_eq!(count("a", 0), Some(0));
        assert_eq!(count("a", 10), None);
        assert_eq!(count("a", 59_999), None);
        assert_eq!(count("b", 59_999), Some(0));
        assert_eq!(count("a", 60_000), Some(2));
        assert_eq!(count("a", 60_001), None);
        // What nobody repeats again is told all the same.
        assert_eq!(repeats.drain(100_000, false), []);
        assert_eq!(repeats.drain(120_001, false), [(kind("a"), 1)]);
        assert_eq!(count("a", 120_002), Some(0), "and begins anew");
        assert_eq!(count("a", 120_003), None);
        assert_eq!(repeats.drain(120_004, true), [(kind("a"), 1)]);
    }

    #[test]
    fn strangers_are_counted_by_the_hour() {
        let strangers = Strangers::default();
        assert_eq!(strangers.drain(HOUR, true), None);
        strangers.count(Stranger::Password, 5);
        strangers.count(Stranger::Token, 6);
        strangers.count(Stranger::Token, 7);
        assert_eq!(strangers.drain(HOUR, false), None);
        assert_eq!(strangers.drain(HOUR + 5, false), Some([1, 2]));
        assert_eq!(strangers.drain(3 * HOUR, true), None);
    }
}
