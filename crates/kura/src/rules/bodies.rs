//! 機関: the bodies that resolve, and when a resolution is carried.

use serde::{Deserialize, Serialize};

use super::pack::{Files, PackError};

/// The list of bodies.
pub(super) const LIST: &str = "bodies.toml";
/// Offices whose holders can be a body.
pub(super) const OFFICES: [&str; 2] = ["csr_committee", "risk_management_subcommittee"];

/// A body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its id: the office that its members hold.
    pub id: String,
    /// Per cent of the members without a conflict of interest who must vote.
    pub quorum_percent: i64,
    /// Members who must vote at least.
    pub least: i64,
    /// Per cent of the yes and no votes that must be exceeded.
    pub majority_percent: i64,
    /// Days within which it is decided.
    pub days: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    body: Vec<Body>,
}

/// Reads and checks the bodies of a pack; none when it has no list of them.
pub(super) fn load(files: &Files) -> Result<Vec<Body>, PackError> {
    let Some(text) = files.get(LIST) else {
        return Ok(vec![]);
    };
    let fault = |what: String| PackError { file: LIST.to_owned(), what };
    let list: List = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    for (at, body) in list.body.iter().enumerate() {
        let fault = |what: &str| fault(format!("{}: {what}", body.id));
        if !OFFICES.contains(&body.id.as_str()) {
            return Err(fault(&format!("it is no body; name one of {}", OFFICES.join(", "))));
        }
        if list.body[..at].iter().any(|other| other.id == body.id) {
            return Err(fault("it stands twice"));
        }
        if !(1..=100).contains(&body.quorum_percent) || body.least < 1 {
            return Err(fault(
                "a quorum that cannot be met: quorum_percent is 1 to 100, and least 1 or more",
            ));
        }
        if !(50..=99).contains(&body.majority_percent) {
            return Err(fault("majority_percent is 50 to 99: more than it carries"));
        }
        if !(1..=366).contains(&body.days) {
            return Err(fault("days is 1 to 366"));
        }
    }
    Ok(list.body)
}

/// Votes so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Votes {
    /// Yes.
    pub yes: i64,
    /// No.
    pub no: i64,
    /// Present, and neither.
    pub abstain: i64,
    /// Members who take no part, for a conflict of interest.
    pub recused: i64,
}

/// What became of a resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Carried.
    Carried,
    /// Rejected.
    Rejected,
    /// Too few voted in time.
    Lapsed,
}

impl Body {
    /// How many must vote, of so many members without a conflict of interest.
    pub fn quorum(&self, members: i64) -> i64 {
        self.least.max((members * self.quorum_percent + 99) / 100)
    }

    /// What becomes of a resolution: at its closing, or before when no vote that is still out could change it. Nothing
    /// while it is open.
    pub fn outcome(&self, members: i64, votes: Votes, closing: bool) -> Option<Outcome> {
        let eligible = members - votes.recused;
        let voted = votes.yes + votes.no + votes.abstain;
        let out = (eligible - voted).max(0);
        let quorum = self.quorum(eligible);
        let carries = |yes: i64, no: i64| yes > 0 && yes * 100 > self.majority_percent * (yes + no);
        if closing || out == 0 {
            return Some(match voted >= quorum {
                false => Outcome::Lapsed,
                true if carries(votes.yes, votes.no) => Outcome::Carried,
                true => Outcome::Rejected,
            });
        }
        if voted < quorum {
            return None;
        }
        if carries(votes.yes, votes.no + out) {
            Some(Outcome::Carried)
        } else if !carries(votes.yes + out, votes.no) {
            Some(Outcome::Rejected)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::pack::{Pack, model};

    fn body(quorum_percent: i64, least: i64, majority_percent: i64) -> Body {
        Body { id: "csr_committee".to_owned(), quorum_percent, least, majority_percent, days: 14 }
    }

    fn votes(yes: i64, no: i64, abstain: i64, recused: i64) -> Votes {
        Votes { yes, no, abstain, recused }
    }

    #[test]
    fn a_resolution_needs_its_quorum_and_its_majority() {
        let half = body(50, 2, 50);
        assert_eq!(half.quorum(5), 3);
        assert_eq!(half.outcome(5, votes(2, 0, 0, 0), false), None, "too few so far");
        assert_eq!(
            half.outcome(5, votes(3, 0, 0, 0), false),
            Some(Outcome::Carried),
            "whatever the others say"
        );
        assert_eq!(half.outcome(5, votes(2, 1, 0, 0), false), None);
        assert_eq!(
            half.outcome(5, votes(2, 2, 1, 0), false),
            Some(Outcome::Rejected),
            "a tie does not carry"
        );
        assert_eq!(half.outcome(5, votes(0, 3, 0, 0), false), Some(Outcome::Rejected));
        assert_eq!(half.outcome(5, votes(2, 0, 0, 0), true), Some(Outcome::Lapsed));
        // Whoever has a conflict of interest is not counted; and two are needed at least.
        assert_eq!(half.outcome(5, votes(2, 0, 0, 2), true), Some(Outcome::Carried));
        assert_eq!(half.outcome(2, votes(1, 0, 0, 1), false), Some(Outcome::Lapsed));
        assert_eq!(half.outcome(3, votes(0, 0, 3, 0), false), Some(Outcome::Rejected), "nobody is for it");
        let two_thirds = body(100, 1, 66);
        assert_eq!(two_thirds.outcome(3, votes(2, 1, 0, 0), false), Some(Outcome::Carried));
        assert_eq!(two_thirds.outcome(4, votes(2, 2, 0, 0), false), Some(Outcome::Rejected));
    }

    proptest! {
        /// What was decided before the closing is what the closing would have said, however the others vote.
        #[test]
        fn an_early_outcome_is_the_outcome(
            yes in 0..6i64, no in 0..6i64, abstain in 0..4i64, recused in 0..4i64, out in 0..6i64,
            later_yes in 0..6i64, later_no in 0..6i64,
            quorum in 1..=100i64, least in 1..4i64, majority in 50..=99i64,
        ) {
            let body = body(quorum, least, majority);
            let members = yes + no + abstain + recused + out;
            if let Some(early) = body.outcome(members, votes(yes, no, abstain, recused), false) {
                let later_yes = later_yes.min(out);
                let later_no = later_no.min(out - later_yes);
                let end = votes(yes + later_yes, no + later_no, abstain, recused);
                prop_assert_eq!(body.outcome(members, end, true), Some(early));
            }
        }
    }

    #[test]
    fn a_bad_body_is_refused_with_what_to_do() {
        for (from, to, told) in [
            ("quorum_percent = 50", "quorum_percent = 120", "a quorum that cannot be met"),
            ("least = 2", "least = 0", "a quorum that cannot be met"),
            ("majority_percent = 50", "majority_percent = 20", "50 to 99"),
            ("id = \"csr_committee\"", "id = \"cooks\"", "no body"),
            ("id = \"risk_management_subcommittee\"", "id = \"csr_committee\"", "stands twice"),
        ] {
            let mut files = model();
            let text = files.get_mut(LIST).unwrap();
            *text = text.replacen(from, to, 1);
            let refused = Pack::load(&files).unwrap_err().to_string();
            assert!(refused.contains("bodies.toml") && refused.contains(told), "{refused}");
        }
    }
}
