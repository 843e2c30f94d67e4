//! 不変条件: what the rules of a pack must never permit, whatever they become.
//!
//! An invariant is written as a `forbid` that describes requests. It decides nothing: a pack comes into
//! force only when it is proved that its rules permit none of the requests that its invariants describe.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use cedar_policy::{Effect, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};

use super::faults;
use super::pack::{Files, PackError, SLICE_DEPTH};

/// 不変条件: what must never be permitted.
#[derive(Clone)]
pub struct Invariant {
    /// Its id.
    pub id: String,
    /// The clause that it upholds.
    pub clause: String,
    /// What never happens, in Japanese.
    pub ja: String,
    /// What never happens, in English.
    pub en: String,
    /// Its Cedar text, so that a changed invariant is noticed.
    pub text: String,
    /// Permits exactly the requests that must never be permitted.
    pub(super) breach: PolicySet,
}

/// Its id: the rest is what the file says.
impl fmt::Debug for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Invariant").field(&self.id).finish()
    }
}

/// Reads and checks the invariants of a pack.
pub(super) fn load(
    files: &Files,
    schema: &Schema,
    clauses: &BTreeSet<&str>,
) -> Result<Vec<Invariant>, PackError> {
    let mut found = BTreeMap::new();
    for (file, source) in files.iter().filter(|(name, _)| name.starts_with("invariants/")) {
        let fault = |what: String| PackError { file: file.clone(), what };
        let parsed = PolicySet::from_str(source).map_err(|error| fault(faults::told(&error, source)))?;
        if parsed.templates().next().is_some() {
            return Err(fault("templates are not used; write a forbid".to_owned()));
        }
        for policy in parsed.policies() {
            let invariant = describe(policy, clauses).map_err(fault)?;
            let checked = Validator::new(schema.clone()).validate_with_level(
                &invariant.breach,
                ValidationMode::Strict,
                SLICE_DEPTH,
            );
            if let Some(error) = checked.validation_errors().next() {
                return Err(fault(faults::told(error, source)));
            }
            let id = invariant.id.clone();
            if found.insert(id.clone(), invariant).is_some() {
                return Err(fault(format!("two invariants are called {id}")));
            }
        }
    }
    Ok(found.into_values().collect())
}

fn describe(policy: &Policy, clauses: &BTreeSet<&str>) -> Result<Invariant, String> {
    let annotation = |name: &str| match policy.annotation(name) {
        Some(value) if !value.is_empty() => Ok(value.to_owned()),
        _ => Err(format!(
            "an invariant ({}) lacks @{name}; every invariant has @id, @clause, @ja and @en",
            policy.annotation("id").unwrap_or("without @id")
        )),
    };
    let id = annotation("id")?;
    if policy.effect() != Effect::Forbid {
        return Err(format!(
            "invariant {id} is a permit; describe with a forbid what must never be permitted"
        ));
    }
    let clause = annotation("clause")?;
    if !clauses.contains(clause.as_str()) {
        return Err(format!("invariant {id} upholds the clause {clause:?}, which does not exist"));
    }
    Ok(Invariant {
        clause,
        ja: annotation("ja")?,
        en: annotation("en")?,
        text: policy.to_string(),
        breach: permitting(&policy.new_id(PolicyId::new(&id)))?,
        id,
    })
}

/// A set of one policy that permits exactly the requests that this policy matches, whatever its effect.
pub(super) fn permitting(policy: &Policy) -> Result<PolicySet, String> {
    let mut json = policy.to_json().map_err(|error| error.to_string())?;
    json["effect"] = "permit".into();
    let permit = Policy::from_json(Some(policy.id().clone()), json).map_err(|e| e.to_string())?;
    PolicySet::from_policies([permit]).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use crate::rules::pack::{Pack, model};

    fn broken(from: &str, to: &str) -> String {
        let mut files = model();
        let text = files.get_mut("invariants/10-scope.cedar").unwrap();
        assert!(text.contains(from));
        *text = text.replacen(from, to, 1);
        Pack::load(&files).unwrap_err().to_string()
    }

    #[test]
    fn a_bad_invariant_is_refused_with_its_file_and_what_to_do() {
        assert!(broken("@ja", "@de").contains("lacks @ja"));
        assert!(broken("forbid (", "permit (").contains("with a forbid"));
        assert!(broken("\"basic-3\"", "\"basic-9\"").contains("does not exist"));
        assert!(broken("suspended-guest", "suspended-person").contains("two invariants"));
        assert!(broken("principal.suspended", "principal.suspendet").contains("suspendet"));
        assert!(broken("@ja", "@de").contains("invariants/10-scope.cedar"));
    }

    #[test]
    fn invariants_count_in_the_digest_and_decide_nothing() {
        let model_pack = Pack::load(&model()).unwrap();
        let mut files = model();
        files.retain(|name, _| !name.starts_with("invariants/"));
        let without = Pack::load(&files).unwrap();
        assert_ne!(without.digest, model_pack.digest);
        assert!(without.invariants.is_empty() && model_pack.invariants.len() >= 12);
        assert_eq!(without.policies.num_of_policies(), model_pack.policies.num_of_policies());
    }
}
