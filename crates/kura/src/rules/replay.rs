//! 再演: what a candidate pack would have decided on the questions of the past.

use std::collections::BTreeMap;

use serde::Serialize;

use super::decide::{Decision, Question};
use super::facts::Resource;
use super::pack::Pack;
use crate::id::PersonId;

/// A question that the candidate decides otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reversal {
    /// What was asked.
    pub question: Question,
    /// Ids of the candidate's rules that decide it now. Empty when no rule permits.
    pub rules: Vec<String>,
    /// Why the candidate could not decide, which refuses.
    pub fault: Option<String>,
}

/// What came of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// How many questions were replayed.
    pub questions: usize,
    /// Who would have been refused, having been permitted.
    pub refused: Vec<Reversal>,
    /// Who would have been let in, having been refused.
    pub let_in: Vec<Reversal>,
}

/// What a candidate decides otherwise than it was decided, and whether it permits; nothing when it decides alike.
fn reversed(
    question: &Question,
    was_permitted: bool,
    candidate: &Pack,
) -> Option<(bool, Vec<String>, Option<String>)> {
    let (permitted, rules, fault) = match candidate.answer(question) {
        Ok(Decision { permitted, rules, errors }) => (permitted, rules, errors.into_iter().next()),
        Err(error) => (false, vec![], Some(error.to_string())),
    };
    (permitted != was_permitted).then_some((permitted, rules, fault))
}

/// Runs candidate rules over recorded questions, each with whether it was permitted.
pub fn replay(questions: impl Iterator<Item = (Question, bool)>, candidate: &Pack) -> Replayed {
    let mut replayed = Replayed::default();
    for (question, was_permitted) in questions {
        replayed.questions += 1;
        let Some((permitted, rules, fault)) = reversed(&question, was_permitted, candidate) else { continue };
        let reversal = Reversal { question, rules, fault };
        if permitted {
            replayed.let_in.push(reversal);
        } else {
            replayed.refused.push(reversal);
        }
    }
    replayed
}

/// Reversals of one kind: who, what, of which class.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    /// Whether the candidate lets in what was refused; otherwise it refuses what was permitted.
    pub(crate) lets_in: bool,
    /// The person.
    pub(crate) person: PersonId,
    /// What they asked to do.
    pub(crate) action: String,
    /// Rank of the item's class, when it was about one.
    pub(crate) rank: Option<i64>,
}

/// A replay, counted: it names nothing that is held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    /// How many questions were replayed.
    pub(crate) questions: i64,
    /// How often each kind of reversal would have been.
    pub(crate) reversals: BTreeMap<Kind, i64>,
}

impl Counted {
    /// Takes one question of the past into account.
    pub(crate) fn take(&mut self, question: &Question, was_permitted: bool, candidate: &Pack) {
        self.questions += 1;
        if let Some((lets_in, ..)) = reversed(question, was_permitted, candidate) {
            let rank = match &question.resource {
                Resource::Item(item, _) => Some(item.rank),
                _ => None,
            };
            let kind = Kind { lets_in, person: question.person.id, action: question.action.clone(), rank };
            *self.reversals.entry(kind).or_default() += 1;
        }
    }
}
