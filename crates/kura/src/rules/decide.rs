//! One decision, failing closed.

use cedar_policy::{Authorizer, Decision as Answer, Request};
use serde::{Deserialize, Serialize};

use super::facts::{Action, Circumstances, PersonFacts, Resource, action_uid};
use super::pack::Pack;
use crate::error::{Error, Result};

/// Everything that a decision depends on but the pack: kept in the record, so that it can be replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Who asks.
    pub person: PersonFacts,
    /// The action's name.
    pub action: String,
    /// What it is about.
    pub resource: Resource,
    /// The circumstances.
    pub circumstances: Circumstances,
}

/// What the rules answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is permitted.
    pub permitted: bool,
    /// Ids of the rules that decided: those that permitted, or those that forbade. Empty when nothing
    /// permitted.
    pub rules: Vec<String>,
    /// Evaluation errors: a denial, and an alarm for whoever keeps the rules.
    pub errors: Vec<String>,
}

impl Pack {
    /// Decides. Any evaluation error denies, since a rule that could not be evaluated might have forbidden.
    pub fn decide(
        &self,
        person: &PersonFacts,
        action: Action,
        resource: &Resource,
        circumstances: &Circumstances,
    ) -> Result<Decision> {
        let mut entities = resource.entities(person)?;
        entities.push(person.entity()?);
        let entities = self
            .actions
            .clone()
            .add_entities(entities, None)
            .map_err(|error| Error::internal(format!("rules: {error}")))?;
        let request = Request::new(
            person.uid(),
            action_uid(action),
            resource.uid(),
            circumstances.context()?,
            Some(&self.schema),
        );
        let request = match request {
            Ok(request) => request,
            // A guest asking for what guests have no action for is refused, not an error of ours.
            Err(_) if person.party.is_some() => {
                return Ok(Decision {
                    permitted: false,
                    rules: vec![],
                    errors: vec![],
                });
            }
            Err(error) => return Err(Error::internal(format!("rules: {error}"))),
        };
        let response = Authorizer::new().is_authorized(&request, &self.policies, &entities);
        let errors: Vec<String> = response
            .diagnostics()
            .errors()
            .map(ToString::to_string)
            .collect();
        let mut rules: Vec<String> = response
            .diagnostics()
            .reason()
            .map(ToString::to_string)
            .collect();
        rules.sort();
        let permitted = response.decision() == Answer::Allow && errors.is_empty();
        if !errors.is_empty() {
            tracing::error!(%action, errors = errors.len(), "a rule could not be evaluated; refused");
            rules.clear();
        }
        Ok(Decision {
            permitted,
            rules,
            errors,
        })
    }
}
