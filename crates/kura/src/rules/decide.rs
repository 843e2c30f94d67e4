//! One decision, failing closed.

use cedar_policy::{Authorizer, Context, Decision as Answer, EntityUid, PolicySet, Request, Response};
use serde::{Deserialize, Serialize};

use super::facts::{Action, Circumstances, PersonFacts, Resource, action_named, action_uid};
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
        self.judge(person, action_uid(action), resource, circumstances)
    }

    /// Decides a recorded question again, or one that might be asked.
    pub fn answer(&self, question: &Question) -> Result<Decision> {
        let Question { person, action, resource, circumstances } = question;
        self.judge(person, action_named(action), resource, circumstances)
    }

    fn judge(
        &self,
        person: &PersonFacts,
        action: EntityUid,
        resource: &Resource,
        circumstances: &Circumstances,
    ) -> Result<Decision> {
        let name = action.id().unescaped().to_owned();
        let policies = self.says.get(&action).map_or(&self.policies, |say| &say.policies);
        let response = self.evaluate(policies, person, action, resource, circumstances)?;
        let Some(response) = response else {
            return Ok(Decision { permitted: false, rules: vec![], errors: vec![] });
        };
        let errors: Vec<String> = response.diagnostics().errors().map(ToString::to_string).collect();
        let mut rules: Vec<String> = response.diagnostics().reason().map(ToString::to_string).collect();
        rules.sort();
        let permitted = response.decision() == Answer::Allow && errors.is_empty();
        if !errors.is_empty() {
            tracing::error!(action = name, errors = errors.len(), "a rule could not be evaluated; refused");
            rules.clear();
        }
        Ok(Decision { permitted, rules, errors })
    }

    /// What these policies answer. Nothing when a guest asks for what guests have no action for: that is
    /// refused, not an error of ours.
    fn evaluate(
        &self,
        policies: &PolicySet,
        person: &PersonFacts,
        action: EntityUid,
        resource: &Resource,
        circumstances: &Circumstances,
    ) -> Result<Option<Response>> {
        let mut entities = resource.entities(person)?;
        entities.push(if self.names_matters { person.entity()? } else { person.entity_about(resource)? });
        let bad = |error: &dyn std::fmt::Display| Error::internal(format!("rules: {error}"));
        let say = self.says.get(&action).ok_or_else(|| {
            Error::conflict(format!(
                "the rules in force do not know {action}: a pack that does lies ready; sign in on the command line and \
                 `kura adopt-pack`"
            ))
        })?;
        let entities = say.groups.clone().add_entities(entities, None).map_err(|error| bad(&error))?;
        let request = Request::new(
            person.uid(),
            action,
            resource.uid(),
            self.context(circumstances)?,
            Some(&self.schema),
        );
        match request {
            Ok(request) => Ok(Some(Authorizer::new().is_authorized(&request, policies, &entities))),
            Err(_) if person.party.is_some() => Ok(None),
            Err(error) => Err(bad(&error)),
        }
    }

    /// The circumstances as far as the pack's schema knows of them.
    pub(super) fn context(&self, circumstances: &Circumstances) -> Result<Context> {
        if self.knows_factors && (self.knows_devices || circumstances.device.is_none()) {
            return circumstances.context();
        }
        let mut known = circumstances.clone();
        if !self.knows_devices {
            known.device = None;
        }
        if !self.knows_factors {
            (known.factor_age, known.signed) = (None, false);
        }
        known.context()
    }

    /// Whether these policies permit it; an error counts as no.
    pub(super) fn permitted_by(&self, policies: &PolicySet, question: &Question) -> bool {
        self.ask(policies, question)
            .is_ok_and(|response| response.is_some_and(|r| r.decision() == Answer::Allow))
    }

    /// Whether any of these policies fails to evaluate.
    pub(super) fn errs(&self, policies: &PolicySet, question: &Question) -> bool {
        self.ask(policies, question)
            .is_ok_and(|response| response.is_some_and(|r| r.diagnostics().errors().next().is_some()))
    }

    /// What these policies answer to a question.
    pub(super) fn ask(&self, policies: &PolicySet, question: &Question) -> Result<Option<Response>> {
        let Question { person, action, resource, circumstances } = question;
        let action = action_named(action);
        self.evaluate(policies, person, action, resource, circumstances)
    }
}
