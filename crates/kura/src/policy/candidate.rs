//! 案: the version of the policy that waits, and what is found out about it before it may come into force.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use crate::clock::Millis;
use crate::door::Door;
use crate::rules::compare;
use crate::rules::counterexample::Counterexample;
use crate::rules::pack::Pack;
use crate::rules::replay::Counted;
use crate::rules::{lock, prove};

/// How far back decisions are replayed: 90 days.
const REPLAYED: Millis = 90 * 24 * 60 * 60 * 1000;

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Examined {
    /// It is being proved and compared.
    Examining,
    /// Something of it is not proved: it cannot come into force.
    Unproved(Vec<String>),
    /// It is proved.
    Proved {
        /// Whether it may permit what is refused now: the committee resolves upon it.
        loosens: bool,
        /// Requests that it lets in.
        let_in: Vec<Counterexample>,
        /// Requests that it refuses.
        refused: Vec<Counterexample>,
        /// What could not be compared, and whatever else loosens.
        besides: Vec<String>,
        /// Decisions of the past that it would have made otherwise.
        replayed: Counted,
    },
}

/// The version that waits.
pub(crate) struct Candidate {
    /// Its number.
    pub(crate) version: i64,
    pub(crate) pack: Pack,
    examined: RwLock<Examined>,
}

impl Candidate {
    /// What is known of it now.
    pub(crate) fn examined(&self) -> Examined {
        self.examined.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Door {
    /// Lays the version that waits ready and has it examined; it decides nothing, and cannot be adopted before.
    pub(crate) fn offer(&self, version: i64, pack: Pack) {
        let candidate = Arc::new(Candidate { version, pack, examined: RwLock::new(Examined::Examining) });
        self.lay_ready(Some(candidate.clone()));
        let (door, runtime) = (self.clone(), tokio::runtime::Handle::current());
        // Proving takes a solver and seconds; serving goes on meanwhile.
        tokio::task::spawn_blocking(move || runtime.block_on(door.examine(&candidate)));
    }

    /// Proves the pack that waits and compares it with the rules in force.
    async fn examine(&self, candidate: &Candidate) {
        let mut examined = examine(&self.rules(), &candidate.pack).await;
        if let Examined::Proved { replayed, .. } = &mut examined {
            let since = self.clock().now() - REPLAYED;
            let asked = self.each_question(since, |_, question, permitted| {
                replayed.take(&question, permitted, &candidate.pack);
            });
            if let Err(error) = asked.await {
                tracing::error!("what was decided in the past was not replayed to its end: {error}");
            }
        }
        match &examined {
            Examined::Unproved(open) => tracing::warn!(
                digest = candidate.pack.digest,
                open = open.len(),
                version = candidate.version,
                "the version of the policy that waits is not proved; the rules in force stay"
            ),
            _ => tracing::info!(
                digest = candidate.pack.digest,
                version = candidate.version,
                "a version of the policy waits: `kura show-pack`, then `kura adopt-pack`"
            ),
        }
        *candidate.examined.write().unwrap_or_else(PoisonError::into_inner) = examined;
    }
}

async fn examine(in_force: &Pack, pack: &Pack) -> Examined {
    let solver = Path::new("cvc5");
    let mut failing = pack.failing_cases();
    failing.extend(pack.not_upheld());
    if !failing.is_empty() {
        return Examined::Unproved(failing);
    }
    if !lock::locked(pack, lock::model_lock()) {
        match prove::prove(pack, solver).await {
            Err(error) => return Examined::Unproved(vec![error.to_string()]),
            Ok(proved) if !proved.hold() => {
                let open = proved.proofs.iter().filter(|proof| !proof.holds());
                return Examined::Unproved(open.map(|proof| proof.name()).collect());
            }
            Ok(_) => {}
        }
    }
    match compare::compare(in_force, pack, solver).await {
        // What cannot be compared counts as a loosening.
        Err(error) => Examined::Proved {
            loosens: true,
            let_in: vec![],
            refused: vec![],
            replayed: Counted::default(),
            besides: vec![format!("it could not be compared with the rules in force: {error}")],
        },
        Ok(found) => {
            let mut besides = found.unknown.clone();
            if found.classes_changed {
                besides.push("the classes change".to_owned());
            }
            let invariants = found.invariants_changed.iter();
            besides.extend(invariants.map(|id| format!("the invariant {id} is dropped or rewritten")));
            // Who resolves, and with which quorum, is itself for the committee to decide.
            let bodies = in_force.bodies != pack.bodies;
            if bodies {
                besides.push("the bodies change".to_owned());
            }
            Examined::Proved {
                loosens: found.loosens() || bodies,
                let_in: found.let_in,
                refused: found.refused,
                besides,
                replayed: Counted::default(),
            }
        }
    }
}
