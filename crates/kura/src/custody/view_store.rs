//! Statements on saved views. Each is its owner's alone.

use crate::door::Tx;
use crate::error::Result;

/// The asker's views, by name: name and narrowing.
pub(crate) async fn views(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>> {
    let person = tx.asker_id()?.to_string();
    let views = sqlx::query_as("select name, query from saved_view where person = $1 order by name")
        .bind(person)
        .fetch_all(tx.connection())
        .await?;
    Ok(views)
}

/// Saves a view of the asker's.
pub(crate) async fn save(tx: &mut Tx<'_>, name: &str, query: &str) -> Result<()> {
    let person = tx.asker_id()?.to_string();
    sqlx::query(
        "insert into saved_view (person, name, query) values ($1, $2, $3) \
         on conflict (person, name) do update set query = excluded.query",
    )
    .bind(person)
    .bind(name)
    .bind(query)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Removes a view of the asker's; whether there was one.
pub(crate) async fn remove(tx: &mut Tx<'_>, name: &str) -> Result<bool> {
    let person = tx.asker_id()?.to_string();
    let gone = sqlx::query("delete from saved_view where person = $1 and name = $2")
        .bind(person)
        .bind(name)
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(gone > 0)
}
