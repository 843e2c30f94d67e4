//! Why something is refused, and what would change it: which rule and clause, whom to ask.
//!
//! Whoever may know of an item may ask this of themselves, and only so often: what would be permitted under
//! other facts is told of the asker's own facts alone.

use serde::{Deserialize, Serialize};

use crate::custody::subject::Item;
use crate::door::{Operation, Refusal, Tx};
use crate::error::{Error, Result};
use crate::id::ItemId;
use crate::rules::decide::Question;
use crate::rules::explain;
use crate::rules::facts::Action;
use crate::rules::may::{ON_ITEMS, least};

/// Asks what the rules say of an action of one's own on an item.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// The item.
    pub item: ItemId,
    /// The action, for example open, download, transmit, erase.
    #[arg(long)]
    pub action: String,
}

/// What would make it permitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Remedy {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// Whom to ask: offices, `custodian` or `self`.
    pub ask: Vec<String>,
}

/// What the rules say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Answer {
    /// Whether it is permitted now.
    pub permitted: bool,
    /// Ids of the rules that decide it.
    pub rules: Vec<String>,
    /// Why not, in Japanese; empty when it is permitted.
    pub ja: String,
    /// Why not, in English.
    pub en: String,
    /// What would change it, the smallest first.
    pub remedies: Vec<Remedy>,
}

impl Operation for Why {
    const ACTION: Action = Action("why");
    const WRITES: bool = false;
    type Subject = Item;
    type Output = Answer;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Answer> {
        use crate::door::Subject as _;
        let Some(action) = ON_ITEMS.iter().find(|action| **action == self.action) else {
            return Err(Error::invalid("action", format!("ask of one of {}", ON_ITEMS.join(", "))));
        };
        tx.spend_probe()?;
        let (rules, resource) = (tx.rules().clone(), on.resource());
        let circumstances = least(action, &resource, tx.circumstances());
        let question =
            Question { person: tx.asker()?.clone(), action: (*action).to_owned(), resource, circumstances };
        let decision = rules.answer(&question)?;
        let refusal = Refusal::new(&question, &decision, &rules);
        let remedies = if decision.permitted { vec![] } else { explain::remedies(&rules, &question)? };
        let (ja, en) =
            if decision.permitted { Default::default() } else { (refusal.ja(), refusal.to_string()) };
        tx.note("action", *action);
        Ok(Answer {
            permitted: decision.permitted,
            rules: decision.rules,
            ja,
            en,
            remedies: remedies
                .into_iter()
                .map(|remedy| Remedy { ja: remedy.ja, en: remedy.en, ask: remedy.ask })
                .collect(),
        })
    }
}
