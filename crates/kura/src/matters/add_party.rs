//! Adds a party: a consignor, a subcontractor, any outside organisation or person.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::store::{self, PartyRow};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::PartyId;
use crate::rules::facts::Action;
use crate::text::Name;

/// Adds a party to the register.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddParty {
    /// The party's name.
    #[arg(long)]
    pub name: Name,
    /// Their age recipient (age1…), for what is transmitted to them.
    #[arg(long)]
    #[serde(default)]
    pub recipient: Option<String>,
    /// The party is abroad.
    #[arg(long)]
    #[serde(default)]
    pub abroad: bool,
}

/// Which party was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PartyAdded {
    /// The party's id.
    pub party: PartyId,
}

impl Operation for AddParty {
    const ACTION: Action = Action("add_party");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = PartyAdded;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<PartyAdded> {
        if let Some(recipient) = &self.recipient {
            age::x25519::Recipient::from_str(recipient)
                .map_err(|error| Error::invalid("recipient", format!("not an age recipient: {error}")))?;
        }
        let row = PartyRow {
            id: tx.id(PartyId::new),
            name: self.name.into(),
            recipient: self.recipient.unwrap_or_default(),
            abroad: self.abroad,
        };
        store::insert_party(tx, &row).await?;
        tx.note("party", row.id.to_string());
        Ok(PartyAdded { party: row.id })
    }
}
