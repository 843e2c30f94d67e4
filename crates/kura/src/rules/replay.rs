//! 再演: what a candidate pack would have decided on the questions of the past.

use serde::Serialize;

use super::decide::{Decision, Question};
use super::pack::Pack;

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

/// Runs candidate rules over recorded questions, each with whether it was permitted.
pub fn replay(questions: impl Iterator<Item = (Question, bool)>, candidate: &Pack) -> Replayed {
    let mut replayed = Replayed::default();
    for (question, was_permitted) in questions {
        replayed.questions += 1;
        let (permitted, rules, fault) = match candidate.answer(&question) {
            Ok(Decision { permitted, rules, errors }) => (permitted, rules, errors.into_iter().next()),
            Err(error) => (false, vec![], Some(error.to_string())),
        };
        if permitted == was_permitted {
            continue;
        }
        let reversal = Reversal { question, rules, fault };
        if permitted {
            replayed.let_in.push(reversal);
        } else {
            replayed.refused.push(reversal);
        }
    }
    replayed
}
