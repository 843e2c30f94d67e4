//! Transactions and savepoints as plain statements: the writer keeps many savepoints in one transaction
//! and decides itself what is rolled back.

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, Executor};

use super::{Database, Engine};
use crate::error::Result;

/// Begins a transaction that will write.
pub async fn begin(connection: &mut AnyConnection, engine: Engine) -> Result<()> {
    connection
        .execute(match engine {
            Engine::Sqlite => "begin immediate",
            Engine::Postgres => "begin isolation level read committed",
        })
        .await?;
    Ok(())
}

/// A reader's connection in a transaction that sees one unchanging state. Whoever goes away in the middle leaves
/// nothing behind: the connection is closed, and not handed to the next with a transaction open.
pub struct Snapshot {
    connection: PoolConnection<Any>,
    ended: bool,
}

impl Snapshot {
    /// Begins one.
    pub async fn begin(db: &Database) -> Result<Self> {
        let connection = db.reader().await?;
        let mut snapshot = Self { connection, ended: false };
        begin_snapshot(&mut snapshot.connection, db.engine()).await?;
        Ok(snapshot)
    }

    /// Its connection.
    pub fn connection(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }

    /// Ends it, and gives the connection back.
    pub async fn end(mut self) -> Result<()> {
        roll_back(&mut self.connection).await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        if !self.ended {
            self.connection.close_on_drop();
        }
    }
}

/// Begins a transaction that reads one unchanging state.
async fn begin_snapshot(connection: &mut AnyConnection, engine: Engine) -> Result<()> {
    connection
        .execute(match engine {
            Engine::Sqlite => "begin",
            Engine::Postgres => "begin isolation level repeatable read read only",
        })
        .await?;
    Ok(())
}

/// Commits.
pub async fn commit(connection: &mut AnyConnection) -> Result<()> {
    connection.execute("commit").await?;
    Ok(())
}

/// Rolls the whole transaction back.
pub async fn roll_back(connection: &mut AnyConnection) -> Result<()> {
    connection.execute("rollback").await?;
    Ok(())
}

/// Marks where one job begins.
pub async fn mark(connection: &mut AnyConnection) -> Result<()> {
    connection.execute("savepoint job").await?;
    Ok(())
}

/// Keeps what the job did.
pub async fn keep(connection: &mut AnyConnection) -> Result<()> {
    connection.execute("release savepoint job").await?;
    Ok(())
}

/// Undoes what the job did.
pub async fn undo(connection: &mut AnyConnection) -> Result<()> {
    connection.execute("rollback to savepoint job").await?;
    connection.execute("release savepoint job").await?;
    Ok(())
}
