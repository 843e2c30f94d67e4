//! Statements on acknowledgements.

use sqlx::AnyConnection;

use crate::clock::Millis;
use crate::error::Result;
use crate::id::{EventId, PersonId};

/// An acknowledgement.
pub(crate) struct AcknowledgementRow {
    pub(crate) event: EventId,
    pub(crate) person: PersonId,
    pub(crate) version: i64,
    pub(crate) acknowledged: i64,
    pub(crate) language: String,
    pub(crate) pledge: String,
    pub(crate) made: Millis,
}

/// Keeps an acknowledgement.
pub(crate) async fn insert(connection: &mut AnyConnection, row: &AcknowledgementRow) -> Result<()> {
    sqlx::query(
        "insert into acknowledgement (event, person, version, acknowledged, language, pledge, made) \
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(row.event.to_string())
    .bind(row.person.to_string())
    .bind(row.version)
    .bind(row.acknowledged)
    .bind(&row.language)
    .bind(&row.pledge)
    .bind(row.made)
    .execute(connection)
    .await?;
    Ok(())
}

/// Officers and staff who may act, by name: id, name, what they acknowledged, and the version and moment of the newest time.
pub(crate) async fn by_person(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String, i64, i64, Millis)>> {
    let rows = sqlx::query_as(
        "select p.id, p.name, p.acknowledged, coalesce(a.version, 0), coalesce(a.made, 0) from person p \
         left join acknowledgement a on a.event = (select n.event from acknowledgement n \
         where n.person = p.id order by n.made desc, n.version desc, n.event desc limit 1) \
         where p.party = '' and p.suspended = 0 order by p.name, p.id",
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}
