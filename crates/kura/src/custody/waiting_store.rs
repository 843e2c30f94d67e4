//! Statements of what waits for someone: requests, copies, returns and grants that end, all as far as one may
//! know of the items concerned.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::store::id;
use crate::clock::Millis;
use crate::db::compose::{Composed, Value};
use crate::door::Tx;
use crate::error::Result;
use crate::id::{CopyId, ItemId, PersonId, RequestId};
use crate::rules::scope::Scope;

/// An open request on an item that one may know of.
pub(crate) struct OpenRequest {
    pub(crate) request: RequestId,
    pub(crate) item: ItemId,
    pub(crate) item_name: String,
    pub(crate) rank: i64,
    pub(crate) operation: String,
    pub(crate) input: String,
    pub(crate) reason: String,
    pub(crate) asked: Millis,
    pub(crate) person: PersonId,
    pub(crate) person_name: String,
    pub(crate) approvals: i64,
    pub(crate) refusals: i64,
    pub(crate) decided_by_asker: bool,
    /// Whether the item has changed since.
    pub(crate) moved: bool,
}

/// Open requests, oldest first.
pub(crate) async fn open_requests(
    tx: &mut Tx<'_>,
    scope: &Scope,
    since: Millis,
    limit: i64,
) -> Result<Vec<OpenRequest>> {
    if scope.any.is_empty() {
        return Ok(Vec::new());
    }
    let asker = Value::Text(tx.asker_id()?.to_string());
    let mut composed = Composed::default();
    composed.push(
        "select r.id, i.id, i.name, i.class, r.operation, r.input, r.reason, r.asked, p.id, p.name, \
         (select count(*) from approval a where a.request = r.id and a.approved = 1), \
         (select count(*) from approval a where a.request = r.id and a.approved = 0), \
         (select count(*) from approval a where a.request = r.id and a.person = {}), \
         case when r.rev = i.rev then 0 else 1 end \
         from request r join item i on i.id = r.item join matter m on m.id = i.matter \
         join person p on p.id = r.person where r.state = 'open' and r.asked >= {} and ",
        &[asker, Value::Long(since)],
    );
    scope.within(&mut composed);
    composed.push(" order by r.id limit {}", &[Value::Long(limit)]);
    let rows = composed.fetch(tx.connection()).await?;
    rows.iter().map(open_request).collect()
}

fn open_request(row: &AnyRow) -> Result<OpenRequest> {
    Ok(OpenRequest {
        request: id(row, 0)?,
        item: id(row, 1)?,
        item_name: row.try_get(2)?,
        rank: row.try_get(3)?,
        operation: row.try_get(4)?,
        input: row.try_get(5)?,
        reason: row.try_get(6)?,
        asked: row.try_get(7)?,
        person: id(row, 8)?,
        person_name: row.try_get(9)?,
        approvals: row.try_get(10)?,
        refusals: row.try_get(11)?,
        decided_by_asker: row.try_get::<i64, _>(12)? > 0,
        moved: row.try_get::<i64, _>(13)? != 0,
    })
}

/// A copy that the asker holds, of an item that they may know of.
pub(crate) struct HeldCopy {
    pub(crate) copy: CopyId,
    pub(crate) item: ItemId,
    pub(crate) item_name: String,
    pub(crate) rank: i64,
    pub(crate) manner: String,
    pub(crate) place: String,
    pub(crate) due: Millis,
}

/// Copies that the asker holds, the next due first.
pub(crate) async fn copies_held(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<HeldCopy>> {
    if scope.any.is_empty() {
        return Ok(Vec::new());
    }
    let asker = Value::Text(tx.asker_id()?.to_string());
    let mut composed = Composed::default();
    composed.push(
        "select c.id, i.id, i.name, i.class, c.manner, c.place, c.due from copy c \
         join item i on i.id = c.item join matter m on m.id = i.matter \
         where c.holder = {} and c.ended = 0 and ",
        &[asker],
    );
    scope.within(&mut composed);
    composed.push(" order by c.due, c.id limit {}", &[Value::Long(limit)]);
    let rows = composed.fetch(tx.connection()).await?;
    rows.iter()
        .map(|row| {
            Ok(HeldCopy {
                copy: id(row, 0)?,
                item: id(row, 1)?,
                item_name: row.try_get(2)?,
                rank: row.try_get(3)?,
                manner: row.try_get(4)?,
                place: row.try_get(5)?,
                due: row.try_get(6)?,
            })
        })
        .collect()
}

/// A day that comes nearer, of an item for which the asker is accountable.
pub(crate) struct Nearing {
    pub(crate) item: ItemId,
    pub(crate) name: String,
    pub(crate) rank: i64,
    pub(crate) person: String,
    pub(crate) due: Millis,
}

/// Items in the asker's own custody that are to be returned or erased by a moment.
pub(crate) async fn due_by(tx: &mut Tx<'_>, scope: &Scope, by: Millis, limit: i64) -> Result<Vec<Nearing>> {
    let asker = Value::Text(tx.asker_id()?.to_string());
    let select = "select i.id, i.name, i.class, y.name, i.due from item i join matter m on m.id = i.matter \
                  join party y on y.id = i.party where i.custodian = {} and i.state <> 'returned' \
                  and i.state <> 'erased' and i.due <= {} and ";
    near(tx, scope, select, &[asker, Value::Long(by)], limit).await
}

/// Grants on items in the asker's own custody that end by a moment.
pub(crate) async fn grants_ending(
    tx: &mut Tx<'_>,
    scope: &Scope,
    by: Millis,
    limit: i64,
) -> Result<Vec<Nearing>> {
    let (asker, now) = (Value::Text(tx.asker_id()?.to_string()), tx.now());
    let select = "select i.id, i.name, i.class, p.name, e.until from grants e join item i on i.id = e.item \
                  join matter m on m.id = i.matter join person p on p.id = e.person \
                  where i.custodian = {} and e.until > {} and e.until <= {} and ";
    near(tx, scope, select, &[asker, Value::Long(now), Value::Long(by)], limit).await
}

/// Items whose custodian may not act any more: someone else has to be accountable. Each such person's items are sought by
/// the index on custodians: a planner that joins the two reads every item there is.
pub(crate) async fn without_custodian(tx: &mut Tx<'_>, scope: &Scope, limit: i64) -> Result<Vec<Nearing>> {
    let gone: Vec<(String, String)> = sqlx::query_as(
        "select id, name from person where suspended <> 0 and party = '' order by id limit 100",
    )
    .fetch_all(tx.connection())
    .await?;
    let mut found = Vec::new();
    for (person, name) in gone {
        let select = "select i.id, i.name, i.class, {}, i.due from item i join matter m on m.id = i.matter \
                      where i.custodian = {} and i.state <> 'returned' and i.state <> 'erased' and ";
        let rest = limit - found.len() as i64;
        found.extend(near(tx, scope, select, &[Value::Text(name), Value::Text(person)], rest).await?);
        if found.len() as i64 >= limit {
            break;
        }
    }
    Ok(found)
}

/// What a statement selects within a scope, by its fifth column.
async fn near(
    tx: &mut Tx<'_>,
    scope: &Scope,
    select: &str,
    values: &[Value],
    limit: i64,
) -> Result<Vec<Nearing>> {
    if scope.any.is_empty() {
        return Ok(Vec::new());
    }
    let mut composed = Composed::default();
    composed.push(select, values);
    scope.within(&mut composed);
    composed.push(" order by 5, 1 limit {}", &[Value::Long(limit)]);
    let rows = composed.fetch(tx.connection()).await?;
    rows.iter()
        .map(|row| {
            Ok(Nearing {
                item: id(row, 0)?,
                name: row.try_get(1)?,
                rank: row.try_get(2)?,
                person: row.try_get(3)?,
                due: row.try_get(4)?,
            })
        })
        .collect()
}
