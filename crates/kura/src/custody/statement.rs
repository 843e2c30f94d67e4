//! Hands out a receipt, counter-receipt, certificate, report or evidence as a file that `kura-verify` checks.

use kura_ledger::leaf::{Opening, STATEMENT};
use kura_ledger::proof::Proof;
use kura_ledger::statement::{StatementFile, digest};
use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::log_keys;
use crate::door::operation::{Rev, Subject};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, PersonId, StatementId};
use crate::ledger;
use crate::matters::subject::Matter;
use crate::rules::facts::{Action, Resource};

/// Hands out a statement.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowStatement {
    /// The statement.
    pub statement: StatementId,
}

/// A statement's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StatementText {
    /// Text of the file, to be kept as it is.
    pub file: String,
}

/// What a statement is about: an item, the whole matter, or the firm.
pub enum Stated {
    /// An item.
    Item(Item),
    /// A matter.
    Matter(Matter),
    /// The firm.
    Firm,
}

impl Subject for Stated {
    type Key = StatementId;
    const NAME: &'static str = "statement";

    async fn load(tx: &mut Tx<'_>, asker: Option<PersonId>, key: &StatementId) -> Result<Option<Self>> {
        let Some((item, matter)) = store::stated(tx, *key).await? else {
            return Ok(None);
        };
        Ok(match (item, matter) {
            (Some(item), _) => Item::load(tx, asker, &item).await?.map(Self::Item),
            (None, Some(matter)) => Matter::load(tx, asker, &matter).await?.map(Self::Matter),
            (None, None) => Some(Self::Firm),
        })
    }

    fn resource(&self) -> Resource {
        match self {
            Self::Item(item) => item.resource(),
            Self::Matter(matter) => matter.resource(),
            Self::Firm => Resource::Installation,
        }
    }

    fn revs(&self) -> Vec<Rev> {
        match self {
            Self::Item(item) => item.revs(),
            Self::Matter(matter) => matter.revs(),
            Self::Firm => Vec::new(),
        }
    }

    fn item(&self) -> Option<(ItemId, String)> {
        match self {
            Self::Item(item) => item.item(),
            Self::Matter(_) | Self::Firm => None,
        }
    }
}

impl Operation for ShowStatement {
    const ACTION: Action = Action("show_statement");
    const WRITES: bool = false;
    type Subject = Stated;
    type Output = StatementText;

    fn subject(&self) -> StatementId {
        self.statement
    }

    async fn perform(self, _: Stated, tx: &mut Tx<'_>) -> Result<StatementText> {
        let origin = tx.log_key().name().to_owned();
        let file = file(tx.connection(), self.statement, &origin).await?;
        Ok(StatementText { file: file.encode() })
    }
}

/// A statement with its entry and proof, as of now.
async fn file(connection: &mut sqlx::AnyConnection, id: StatementId, origin: &str) -> Result<StatementFile> {
    let row = crate::door::store::statement(connection, id).await?;
    let (text, signature, salt, event) = row.ok_or(Error::NotFound("statement"))?;
    let salt: [u8; 32] = hex::decode(salt)
        .ok()
        .and_then(|salt| salt.try_into().ok())
        .ok_or_else(|| Error::internal("a statement's salt is malformed"))?;
    let lost = || Error::internal("a statement's record is missing in the ledger");
    let (index, leaf) = ledger::store::record(connection, event).await?.ok_or_else(lost)?;
    let checkpoint = ledger::store::checkpoint(connection).await?.ok_or_else(lost)?;
    let (size, _) = ledger::store::head(connection).await?.ok_or_else(lost)?;
    let path = ledger::store::prove(connection, size, index).await?;
    let proof = Proof { index, path, checkpoint };
    Ok(StatementFile {
        opening: Opening::new(STATEMENT, salt, digest(&text)),
        statement: text,
        signature,
        leaf,
        proof: proof.encode(),
        succession: log_keys::succession(connection, origin).await?,
    })
}
