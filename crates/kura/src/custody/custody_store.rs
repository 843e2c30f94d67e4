//! Statements on what one person is accountable for, holds and was granted.

use sqlx::Row as _;

use super::store::{ItemRow, id};
use crate::db::compose::{Composed, Value};
use crate::door::Tx;
use crate::error::Result;
use crate::id::{ItemId, MatterId, PersonId};

/// Items in somebody's custody that the rules cannot tell apart.
pub(crate) struct Alike {
    /// One of them.
    pub(crate) one: ItemId,
    /// How many they are.
    pub(crate) items: i64,
}

/// Items in somebody's custody, whoever may know of them, by what the rules see of them: under a matter or all.
pub(crate) async fn alike_in_custody(
    tx: &mut Tx<'_>,
    person: PersonId,
    matter: Option<MatterId>,
) -> Result<Vec<Alike>> {
    let (custodian, asker) = (Value::Text(person.to_string()), Value::Text(tx.asker_id()?.to_string()));
    let mut composed = Composed::default();
    composed.push(
        "select min(i.id), count(*) from item i left join grants g on g.item = i.id and g.person = {} \
         where i.custodian = {} and (i.state = 'held' or i.state = 'returning')",
        &[asker, custodian],
    );
    if let Some(matter) = matter {
        composed.push(" and i.matter = {}", &[Value::Text(matter.to_string())]);
    }
    composed.push(
        " group by i.matter, i.class, i.kind, i.form, i.state, i.shared, i.contained, \
         case when i.holds > 0 then 1 else 0 end, coalesce(g.until, 0) order by 1",
        &[],
    );
    let rows = composed.fetch(tx.connection()).await?;
    rows.iter().map(|row| Ok(Alike { one: id(row, 0)?, items: row.try_get(1)? })).collect()
}

/// Items in somebody's custody that the rules cannot tell from this one, with the shards of their keys, so many.
pub(crate) async fn like(
    tx: &mut Tx<'_>,
    person: PersonId,
    one: &ItemRow,
    limit: i64,
) -> Result<Vec<(ItemId, String)>> {
    let (asker, facts) = (tx.asker_id()?, &one.facts);
    let rows = sqlx::query(
        "select i.id, i.shard from item i left join grants g on g.item = i.id and g.person = $1 \
         where i.custodian = $2 and i.matter = $3 and i.class = $4 and i.kind = $5 and i.form = $6 and i.state = $7 \
         and i.shared = $8 and i.contained = $9 and case when i.holds > 0 then 1 else 0 end = $10 \
         and coalesce(g.until, 0) = $11 order by i.id limit $12",
    )
    .bind(asker.to_string())
    .bind(person.to_string())
    .bind(facts.matter.to_string())
    .bind(facts.rank)
    .bind(&facts.kind)
    .bind(&facts.form)
    .bind(&facts.state)
    .bind(i64::from(facts.shared))
    .bind(i64::from(facts.contained))
    .bind(i64::from(facts.held))
    .bind(facts.granted_until.unwrap_or(0))
    .bind(limit)
    .fetch_all(tx.connection())
    .await?;
    rows.iter().map(|row| Ok((id(row, 0)?, row.try_get(1)?))).collect()
}

/// Whether anything is in somebody's custody.
pub(crate) async fn keeps_any(tx: &mut Tx<'_>, person: PersonId) -> Result<bool> {
    let row: (i64,) = sqlx::query_as(
        "select count(*) from (select 1 from item where custodian = $1 and (state = 'held' or state = 'returning') \
         limit 1) as one",
    )
    .bind(person.to_string())
    .fetch_one(tx.connection())
    .await?;
    Ok(row.0 > 0)
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
