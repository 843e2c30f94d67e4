//! What a refused person is told, and how repeated refusals are counted.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::clock::Millis;
use crate::rules::decide::Decision;
use crate::rules::facts::Action;
use crate::rules::pack::{Pack, Rule};

/// A refusal: what was refused, by which rules, and whom to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The action.
    pub action: String,
    /// The rules that forbade. Empty when no rule permits.
    pub rules: Vec<Rule>,
    /// A rule could not be evaluated; refused for safety.
    pub fault: bool,
}

impl Refusal {
    pub(in crate::door) fn new(action: Action, decision: &Decision, pack: &Pack) -> Self {
        Self {
            action: action.to_string(),
            rules: decision
                .rules
                .iter()
                .filter_map(|id| pack.rules.get(id))
                .filter(|rule| !rule.permits)
                .cloned()
                .collect(),
            fault: !decision.errors.is_empty(),
        }
    }

    /// The refusal in Japanese, a line a reason.
    pub fn ja(&self) -> String {
        let mut lines = vec![format!("「{}」は許可されませんでした。", self.action)];
        for rule in &self.rules {
            lines.push(format!(
                "条項 {}：{}。（規則 {}、相談先 {}）",
                rule.clause, rule.reason_ja, rule.id, rule.ask
            ));
        }
        if self.fault {
            lines.push(
                "規則を評価できなかったため、安全のため拒否しました。システム管理者に連絡してください。"
                    .to_owned(),
            );
        } else if self.rules.is_empty() {
            lines.push("これを許可する規則がありません。管理責任者に相談してください。".to_owned());
        }
        lines.join("\n")
    }
}

/// The refusal in English, a line a reason.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" was refused.", self.action)?;
        for rule in &self.rules {
            let Rule { clause, reason_en, id, ask, .. } = rule;
            write!(f, "\nClause {clause}: {reason_en}. (rule {id}; ask: {ask})")?;
        }
        if self.fault {
            write!(
                f,
                "\nA rule could not be evaluated, so it was refused to be safe. Tell a system administrator."
            )?;
        } else if self.rules.is_empty() {
            write!(f, "\nNo rule permits it. Ask the custodian.")?;
        }
        Ok(())
    }
}

const MINUTE: Millis = 60_000;

/// Counts refusals that repeat within a minute, so that they do not flood the ledger: the first is
/// recorded at once, and the next record of its kind says how many came between.
#[derive(Default)]
pub(in crate::door) struct Repeats {
    counts: Mutex<HashMap<String, (Millis, u64)>>,
}

impl Repeats {
    /// Whether a refusal of this kind is to be recorded now, and how many since the last were not.
    pub(in crate::door) fn count(&self, kind: String, now: Millis) -> Option<u64> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() > 10_000 {
            // What was not repeated within a minute needs no counting any more.
            counts.retain(|_, (since, repeats)| now - *since < MINUTE || *repeats > 0);
        }
        match counts.get_mut(&kind) {
            Some((since, repeats)) if now - *since < MINUTE => {
                *repeats += 1;
                None
            }
            Some(entry) => Some(std::mem::replace(entry, (now, 0)).1),
            None => {
                counts.insert(kind, (now, 0));
                Some(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_refusals_are_counted_by_the_minute() {
        let repeats = Repeats::default();
        let count = |kind: &str, now| repeats.count(kind.to_owned(), now);
        assert_eq!(count("a", 0), Some(0));
        assert_eq!(count("a", 10), None);
        assert_eq!(count("a", 59_999), None);
        assert_eq!(count("b", 59_999), Some(0));
        assert_eq!(count("a", 60_000), Some(2));
        assert_eq!(count("a", 60_001), None);
    }
}
