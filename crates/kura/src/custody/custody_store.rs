//! Statements on what one person is accountable for, holds and was granted.

use super::store::id;
use crate::db::compose::{Composed, Value};
use crate::door::Tx;
use crate::error::Result;
use crate::id::{ItemId, MatterId, PersonId};

/// Items in somebody's custody, whoever may know of them: under a matter or all, so many.
pub(crate) async fn in_custody(
    tx: &mut Tx<'_>,
    person: PersonId,
    matter: Option<MatterId>,
    limit: i64,
) -> Result<Vec<ItemId>> {
    let mut composed = Composed::new("select i.id from item i where ");
    let custodian = Value::Text(person.to_string());
    composed.push("i.custodian = {} and (i.state = 'held' or i.state = 'returning')", &[custodian]);
    if let Some(matter) = matter {
        composed.push(" and i.matter = {}", &[Value::Text(matter.to_string())]);
    }
    composed.ordered("i.id", Some(limit));
    composed.fetch(tx.connection()).await?.iter().map(|row| id(row, 0)).collect()
}

/// Whether somebody holds copies of material that are not attested gone.
pub(crate) async fn holds_copies(tx: &mut Tx<'_>, person: PersonId) -> Result<bool> {
    let row: (i64,) = sqlx::query_as("select count(*) from copy where holder = $1 and ended = 0")
        .bind(person.to_string())
        .fetch_one(tx.connection())
        .await?;
    Ok(row.0 > 0)
}

/// Ends everything that somebody was granted; how many.
pub(crate) async fn end_grants(tx: &mut Tx<'_>, person: PersonId) -> Result<u64> {
    let ended = sqlx::query("delete from grants where person = $1")
        .bind(person.to_string())
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(ended)
}
