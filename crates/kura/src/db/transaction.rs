//! Transactions and savepoints as plain statements: the writer keeps many savepoints in one transaction
//! and decides itself what is rolled back.

use sqlx::{AnyConnection, Executor};

use super::Engine;
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

/// Begins a transaction that reads one unchanging state.
pub async fn begin_snapshot(connection: &mut AnyConnection, engine: Engine) -> Result<()> {
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
