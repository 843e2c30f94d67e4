//! 証明: what is proved of a pack before it may come into force.
//!
//! Of every request that the schema allows, and with no sample taken: the rules permit nothing that an
//! invariant describes; no rule and no invariant can fail to evaluate; every rule makes a difference to
//! some request. What the solver does not know is not proved.

use std::collections::BTreeSet;
use std::path::Path;

use cedar_policy::{Effect, EntityUid, Policy, PolicySet, RequestEnv};
use cedar_policy_symcc::{
    CompiledPolicy, CompiledPolicySet, disjoint_asserts, never_errors_asserts, never_matches_asserts,
};
use serde::Serialize;

use super::counterexample::{Counterexample, UNTOLD};
use super::invariants::{Invariant, permitting};
use super::pack::{Pack, named, speaks};
use super::solver::{Found, Prover, compile, environments, name_of, short};
use crate::error::{Error, Result};

/// What is claimed of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The rules permit nothing that the invariant describes.
    Invariant,
    /// The rule or invariant never fails to evaluate.
    NeverErrs,
    /// Some request is decided otherwise because of the rule.
    Matters,
}

/// How a proof came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Proved.
    Holds,
    /// Refuted: a request on which it does not hold.
    Broken(Box<Counterexample>),
    /// Refuted: the rule makes no difference to any request, or the invariant describes none.
    Idle,
    /// Neither; why. Counts as not proved.
    Unknown(String),
}

/// One claim and how its proof came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// What is claimed.
    pub claim: Claim,
    /// Id of the invariant or rule.
    pub id: String,
    /// The clause.
    pub clause: String,
    /// The claim in Japanese.
    pub ja: String,
    /// The claim in English.
    pub en: String,
    /// How it came out.
    pub outcome: Outcome,
}

impl Proof {
    /// The claim's name in `proofs.lock`.
    pub fn name(&self) -> String {
        name(self.claim, &self.id)
    }

    /// Whether it is proved.
    pub fn holds(&self) -> bool {
        self.outcome == Outcome::Holds
    }
}

/// All claims of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proofs {
    /// Digest of the pack.
    pub pack: String,
    /// The solver that said so.
    pub solver: String,
    /// One proof a claim: invariants first.
    pub proofs: Vec<Proof>,
}

impl Proofs {
    /// Whether everything is proved, so that the pack may come into force.
    pub fn hold(&self) -> bool {
        self.proofs.iter().all(Proof::holds)
    }
}

fn name(claim: Claim, id: &str) -> String {
    match claim {
        Claim::Invariant => id.to_owned(),
        Claim::NeverErrs => format!("never-errs/{id}"),
        Claim::Matters => format!("matters/{id}"),
    }
}

/// Names of everything that has to be proved of a pack.
pub(super) fn claims(pack: &Pack) -> Vec<String> {
    let invariants = pack.invariants.iter().map(|invariant| &invariant.id);
    let mut names: Vec<String> = invariants
        .flat_map(|id| [name(Claim::Invariant, id), name(Claim::NeverErrs, id)])
        .chain(pack.rules.keys().flat_map(|id| [name(Claim::NeverErrs, id), name(Claim::Matters, id)]))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Proves everything that has to hold before a pack comes into force. `solver` is cvc5 or the path to it.
pub async fn prove(pack: &Pack, solver: &Path) -> Result<Proofs> {
    let mut work = Work::new(pack, solver).await?;
    let mut proofs = vec![];
    for invariant in &pack.invariants {
        proofs.push(work.invariant(invariant).await);
    }
    for invariant in &pack.invariants {
        let Invariant { id, clause, .. } = invariant;
        for policy in invariant.breach.policies() {
            proofs.push(work.never_errs(policy, id, clause).await);
        }
    }
    for (id, rule) in &pack.rules {
        let Some(policy) = pack.policies.policy(&cedar_policy::PolicyId::new(id)) else {
            continue;
        };
        proofs.push(work.never_errs(policy, id, &rule.clause).await);
        proofs.push(work.matters(policy, id, &rule.clause).await);
    }
    Ok(Proofs { pack: pack.proved_digest(), solver: work.prover.version, proofs })
}

/// Proves one invariant.
pub async fn prove_invariant(pack: &Pack, id: &str, solver: &Path) -> Result<Proof> {
    let invariant = pack.invariants.iter().find(|invariant| invariant.id == id);
    let invariant = invariant.ok_or_else(|| {
        let known: Vec<&str> = pack.invariants.iter().map(|i| i.id.as_str()).collect();
        let known = known.join(", ");
        Error::invalid("invariant", format!("there is no {id}; there are {known}"))
    })?;
    Ok(Work::new(pack, solver).await?.invariant(invariant).await)
}

struct Work<'a> {
    pack: &'a Pack,
    prover: Prover,
    environments: Vec<RequestEnv>,
    /// Of each kind of request, its action and the groups that that is in.
    named: Vec<BTreeSet<EntityUid>>,
    /// The pack's rules for each kind of request, made ready when first needed.
    compiled: Vec<Option<CompiledPolicySet>>,
}

impl<'a> Work<'a> {
    async fn new(pack: &'a Pack, solver: &Path) -> Result<Self> {
        let environments = environments(&pack.schema);
        let actions = pack.schema.action_entities().map_err(Error::internal)?;
        Ok(Self {
            named: environments.iter().map(|environment| named(&actions, environment.action())).collect(),
            pack,
            prover: Prover::find(solver).await?,
            compiled: environments.iter().map(|_| None).collect(),
            environments,
        })
    }

    fn rules_for(&mut self, index: usize) -> Result<CompiledPolicySet, String> {
        if let Some(compiled) = &self.compiled[index] {
            return Ok(compiled.clone());
        }
        let schema = &self.pack.schema;
        let speaking = self.speaking(&self.pack.policies, index)?;
        let compiled = compile(&speaking, &self.environments[index], schema)?;
        self.compiled[index] = Some(compiled.clone());
        Ok(compiled)
    }

    /// Of these policies, those that have a say on a kind of request.
    fn speaking(&self, policies: &PolicySet, index: usize) -> Result<PolicySet, String> {
        let speaking = policies.policies().filter(|policy| speaks(policy, &self.named[index])).cloned();
        PolicySet::from_policies(speaking).map_err(|error| error.to_string())
    }

    /// A policy for one kind of request; nothing when it cannot match any.
    fn one(&self, policy: &Policy, index: usize) -> Result<Option<CompiledPolicy>, String> {
        if !speaks(policy, &self.named[index]) {
            return Ok(None);
        }
        let environment = &self.environments[index];
        let compiled = CompiledPolicy::compile(policy, environment, &self.pack.schema)
            .map_err(|error| format!("{}: {}", name_of(environment), short(&error)))?;
        Ok((!is_false(never_matches_asserts(&compiled).asserts())).then_some(compiled))
    }

    async fn invariant(&mut self, invariant: &Invariant) -> Proof {
        let outcome = self.breach(invariant).await.unwrap_or_else(Outcome::Unknown);
        Proof {
            claim: Claim::Invariant,
            id: invariant.id.clone(),
            clause: invariant.clause.clone(),
            ja: invariant.ja.clone(),
            en: invariant.en.clone(),
            outcome,
        }
    }

    async fn breach(&mut self, invariant: &Invariant) -> Result<Outcome, String> {
        let mut describes = false;
        for index in 0..self.environments.len() {
            for policy in invariant.breach.policies() {
                let Some(breach) = self.one(policy, index)? else {
                    continue;
                };
                let kind = name_of(&self.environments[index]);
                if !describes {
                    // An invariant that describes nothing would hold of any rules.
                    match self.prover.possible(&never_matches_asserts(&breach)).await {
                        Found::Some(()) => describes = true,
                        Found::Nothing => continue,
                        Found::Unknown(why) => return Err(format!("{kind}: {why}")),
                    }
                }
                let rules = self.rules_for(index)?;
                let breach = breach.into_compiled_policyset();
                match self.prover.search(&disjoint_asserts(&rules, &breach)).await {
                    Found::Nothing => {}
                    Found::Some(request) => {
                        let pack = self.pack;
                        let found = Counterexample::from_solver(&request, pack, |question| {
                            pack.answer(question).is_ok_and(|d| d.permitted)
                                && pack.permitted_by(&invariant.breach, question)
                        });
                        let broken = found.map(|found| Outcome::Broken(Box::new(found)));
                        return broken.ok_or_else(|| format!("{kind}: {UNTOLD}"));
                    }
                    Found::Unknown(why) => return Err(format!("{kind}: {why}")),
                }
            }
        }
        Ok(if describes { Outcome::Holds } else { Outcome::Idle })
    }

    async fn never_errs(&mut self, policy: &Policy, id: &str, clause: &str) -> Proof {
        let outcome = self.error(policy).await.unwrap_or_else(Outcome::Unknown);
        Proof {
            claim: Claim::NeverErrs,
            id: id.to_owned(),
            clause: clause.to_owned(),
            ja: format!("{id} は必ず評価できる"),
            en: format!("{id} can always be evaluated"),
            outcome,
        }
    }

    async fn error(&mut self, policy: &Policy) -> Result<Outcome, String> {
        let alone = permitting(policy)?;
        for index in 0..self.environments.len() {
            // What has no say cannot fail either.
            if !speaks(policy, &self.named[index]) {
                continue;
            }
            let environment = &self.environments[index];
            let kind = name_of(environment);
            let compiled = CompiledPolicy::compile(policy, environment, &self.pack.schema)
                .map_err(|error| format!("{kind}: {}", short(&error)))?;
            match self.prover.search(&never_errors_asserts(&compiled)).await {
                Found::Nothing => {}
                Found::Some(request) => {
                    let pack = self.pack;
                    let found =
                        Counterexample::from_solver(&request, pack, |question| pack.errs(&alone, question));
                    let broken = found.map(|found| Outcome::Broken(Box::new(found)));
                    return broken.ok_or_else(|| format!("{kind}: {UNTOLD}"));
                }
                Found::Unknown(why) => return Err(format!("{kind}: {why}")),
            }
        }
        Ok(Outcome::Holds)
    }

    async fn matters(&mut self, policy: &Policy, id: &str, clause: &str) -> Proof {
        let outcome = self.difference(policy).await.unwrap_or_else(Outcome::Unknown);
        Proof {
            claim: Claim::Matters,
            id: id.to_owned(),
            clause: clause.to_owned(),
            ja: format!("{id} によって結果の変わる要求がある"),
            en: format!("some request is decided otherwise because of {id}"),
            outcome,
        }
    }

    /// A permit matters when something that it permits is permitted; a forbid when it forbids something
    /// that the other rules would permit.
    async fn difference(&mut self, policy: &Policy) -> Result<Outcome, String> {
        let matched = permitting(policy)?;
        let mut without = self.pack.policies.clone();
        let forbids = policy.effect() == Effect::Forbid;
        if forbids {
            without.remove_static(policy.id().clone()).map_err(|error| error.to_string())?;
        }
        let mut unknown = None;
        for index in 0..self.environments.len() {
            for policy in matched.policies() {
                let Some(matched) = self.one(policy, index)? else {
                    continue;
                };
                let others = self.others(&without, forbids, index)?;
                let matched = matched.into_compiled_policyset();
                match self.prover.possible(&disjoint_asserts(&others, &matched)).await {
                    Found::Some(()) => return Ok(Outcome::Holds),
                    Found::Nothing => {}
                    Found::Unknown(why) => unknown = Some(why),
                }
            }
        }
        unknown.map_or(Ok(Outcome::Idle), Err)
    }

    fn others(
        &mut self,
        without: &PolicySet,
        forbids: bool,
        index: usize,
    ) -> Result<CompiledPolicySet, String> {
        if forbids {
            compile(&self.speaking(without, index)?, &self.environments[index], &self.pack.schema)
        } else {
            self.rules_for(index)
        }
    }
}

fn is_false(formula: &cedar_policy_symcc::Asserts) -> bool {
    formula.iter().any(|part| *part == false.into())
}
