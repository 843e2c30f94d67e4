//! The system's state (`system`): what whoever keeps it looks at in the morning. Figures alone: nothing of what is held.
//!
//! What only the machine itself can tell (files, keyring, backups) is looked at by `doctor`, and shown beside it on the page.

pub(crate) mod page;
pub(crate) mod store;

use serde::{Deserialize, Serialize};

use crate::clock;
use crate::db::Engine;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::rules::facts::Action;

/// Shows the state of the system.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowHealth {}

/// The system's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Health {
    /// Version of the program.
    pub version: String,
    /// The database: sqlite or postgres.
    pub engine: String,
    /// Its size in bytes.
    pub database_bytes: i64,
    /// When the newest record was made.
    pub newest_record: String,
    /// Uploads that are not completed.
    pub uploads: i64,
    /// Bytes of uploads that are not completed.
    pub upload_bytes: i64,
    /// Erasures that are under way: they take a moment, unless something holds them up.
    pub erasing: i64,
    /// Officers and staff who may act.
    pub staff: i64,
    /// Those of them without a second factor.
    pub without_factor: i64,
    /// Those of them whose invitation is good and who have set no password yet.
    pub invited: i64,
    /// Browsers' sessions that have not ended; some of them may be unused.
    pub sessions: i64,
    /// Devices that wait to be confirmed.
    pub devices_waiting: i64,
}

impl Operation for ShowHealth {
    const ACTION: Action = Action("show_health");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Health;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Health> {
        let engine = tx.engine();
        let counted = store::counted(tx).await?;
        Ok(Health {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            engine: match engine {
                Engine::Sqlite => "sqlite",
                Engine::Postgres => "postgres",
            }
            .to_owned(),
            database_bytes: crate::db::bytes(tx.connection(), engine).await?,
            newest_record: clock::rfc3339(crate::ledger::store::latest(tx.connection()).await?),
            uploads: counted.uploads,
            upload_bytes: counted.upload_bytes,
            erasing: counted.erasing,
            staff: counted.staff,
            without_factor: counted.without_factor,
            invited: counted.invited,
            sessions: counted.sessions,
            devices_waiting: counted.devices_waiting,
        })
    }
}
