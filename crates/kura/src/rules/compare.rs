//! 新旧比較: what a candidate pack permits that the rules in force refuse, and the other way round.
//!
//! Over every request that the schema allows. A tightening may pass by itself; a loosening shows concrete
//! requests and needs the committee's resolution. What the solver does not know counts as a loosening.

use std::collections::BTreeMap;
use std::path::Path;

use cedar_policy::{Policy, PolicySet, Schema, ValidationMode, Validator};
use cedar_policy_symcc::{CompiledPolicySet, implies_asserts};
use serde::Serialize;

use super::counterexample::{Counterexample, UNTOLD};
use super::pack::{Pack, named, speaks};
use super::solver::{Found, Prover, compile, environments, name_of};
use crate::error::{Error, Result};

/// How a candidate's rules relate to those in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Every request is decided alike.
    Equivalent,
    /// Some requests are refused that were permitted; none is let in.
    Tighter,
    /// Some requests are permitted that were refused.
    Looser,
    /// Some are let in, others are refused.
    Both,
}

/// What a candidate pack changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// How the rules relate.
    pub change: Change,
    /// Requests that the candidate lets in, one for each kind of request.
    pub let_in: Vec<Counterexample>,
    /// Requests that the candidate refuses, one for each kind of request.
    pub refused: Vec<Counterexample>,
    /// What could not be compared; why.
    pub unknown: Vec<String>,
    /// Whether the classes changed: their order, their tiers, how long copies are kept.
    pub classes_changed: bool,
    /// Ids of the invariants that the candidate drops or rewrites.
    pub invariants_changed: Vec<String>,
}

impl Comparison {
    /// Whether the candidate may loosen anything, so that the committee has to resolve upon it.
    pub fn loosens(&self) -> bool {
        matches!(self.change, Change::Looser | Change::Both)
            || !self.unknown.is_empty()
            || self.classes_changed
            || !self.invariants_changed.is_empty()
    }
}

/// Compares a candidate with the rules in force. `solver` is cvc5 or the path to it.
pub async fn compare(in_force: &Pack, candidate: &Pack, solver: &Path) -> Result<Comparison> {
    let mut comparison = Comparison {
        change: Change::Equivalent,
        let_in: vec![],
        refused: vec![],
        unknown: vec![],
        classes_changed: in_force.classes != candidate.classes,
        invariants_changed: invariants_changed(in_force, candidate),
    };
    if in_force.digest == candidate.digest {
        return Ok(comparison);
    }
    let mut prover = Prover::find(solver).await?;
    let schema = &candidate.schema;
    let validator = Validator::new(schema.clone());
    let readable = validator.validate(&in_force.policies, ValidationMode::Strict);
    if let Some(error) = readable.validation_errors().next() {
        comparison.unknown.push(format!("the rules in force do not fit the candidate's schema: {error}"));
        return Ok(comparison);
    }
    for gone in kinds_gone(&in_force.schema, schema) {
        comparison.unknown.push(format!("{gone}: the candidate's schema has no such request"));
    }
    let actions = schema.action_entities().map_err(Error::internal)?;
    for environment in environments(schema) {
        let kind = name_of(&environment);
        let named = named(&actions, environment.action());
        let speaking = |policies: &PolicySet| -> BTreeMap<String, Policy> {
            let speaking = policies.policies().filter(|policy| speaks(policy, &named));
            speaking.map(|policy| (policy.to_string(), policy.clone())).collect()
        };
        let (old, new) = (speaking(&in_force.policies), speaking(&candidate.policies));
        // The same rules decide the same.
        if old.keys().eq(new.keys()) {
            continue;
        }
        let ready = |policies: BTreeMap<String, Policy>| {
            let policies =
                PolicySet::from_policies(policies.into_values()).map_err(|error| error.to_string())?;
            compile(&policies, &environment, schema)
        };
        let (old, new) = match (ready(old), ready(new)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(why), _) | (_, Err(why)) => {
                comparison.unknown.push(format!("{kind}: {why}"));
                continue;
            }
        };
        let more = Direction { permits: candidate, refuses: in_force, tell: candidate };
        let less = Direction { permits: in_force, refuses: candidate, tell: candidate };
        match more.search(&mut prover, &new, &old).await {
            Ok(found) => comparison.let_in.extend(found),
            Err(why) => comparison.unknown.push(format!("{kind}: {why}")),
        }
        match less.search(&mut prover, &old, &new).await {
            Ok(found) => comparison.refused.extend(found),
            Err(why) => comparison.unknown.push(format!("{kind}: {why}")),
        }
    }
    comparison.change = match (comparison.let_in.is_empty(), comparison.refused.is_empty()) {
        (true, true) => Change::Equivalent,
        (true, false) => Change::Tighter,
        (false, true) => Change::Looser,
        (false, false) => Change::Both,
    };
    Ok(comparison)
}

/// Looks for what one pack permits and the other refuses.
struct Direction<'a> {
    permits: &'a Pack,
    refuses: &'a Pack,
    /// Whose classes are named.
    tell: &'a Pack,
}

impl Direction<'_> {
    async fn search(
        &self,
        prover: &mut Prover,
        permits: &CompiledPolicySet,
        refuses: &CompiledPolicySet,
    ) -> Result<Option<Counterexample>, String> {
        match prover.search(&implies_asserts(permits, refuses)).await {
            Found::Nothing => Ok(None),
            Found::Some(request) => Counterexample::from_solver(&request, self.tell, |question| {
                // A question that a pack's schema does not know is refused.
                let permitted = |pack: &Pack| pack.answer(question).is_ok_and(|d| d.permitted);
                permitted(self.permits) && !permitted(self.refuses)
            })
            .map(Some)
            .ok_or_else(|| UNTOLD.to_owned()),
            Found::Unknown(why) => Err(why),
        }
    }
}

fn kinds_gone(old: &Schema, new: &Schema) -> Vec<String> {
    let kept: Vec<String> = environments(new).iter().map(name_of).collect();
    let old = environments(old);
    let names = old.iter().map(name_of);
    names.filter(|kind| !kept.contains(kind)).collect()
}

fn invariants_changed(in_force: &Pack, candidate: &Pack) -> Vec<String> {
    let kept = |text: &str| candidate.invariants.iter().any(|other| other.text == text);
    in_force
        .invariants
        .iter()
        .filter(|invariant| !kept(&invariant.text))
        .map(|invariant| invariant.id.clone())
        .collect()
}
