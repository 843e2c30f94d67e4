//! Statements on the system's state: figures alone.

use sqlx::Row as _;

use crate::door::Tx;
use crate::error::Result;

/// What was counted.
pub(crate) struct Counted {
    pub(crate) uploads: i64,
    pub(crate) upload_bytes: i64,
    pub(crate) erasing: i64,
    pub(crate) staff: i64,
    pub(crate) without_factor: i64,
    pub(crate) invited: i64,
    pub(crate) sessions: i64,
    pub(crate) devices_waiting: i64,
}

/// Counts what whoever keeps the system looks at.
pub(crate) async fn counted(tx: &mut Tx<'_>) -> Result<Counted> {
    let now = tx.now();
    let row = sqlx::query(
        "select (select count(*) from upload where state <> 'used' and expires > $1), \
         (select cast(coalesce(sum(size), 0) as bigint) from upload where state <> 'used' and expires > $1), \
         (select count(*) from item where state = 'erasing'), \
         (select count(*) from person where party = '' and suspended = 0), \
         (select count(*) from person p where p.party = '' and p.suspended = 0 \
          and not exists (select 1 from passkey k where k.person = p.id and k.removed = 0) \
          and not exists (select 1 from totp t where t.person = p.id)), \
         (select count(*) from person p where p.party = '' and p.suspended = 0 \
          and p.password = '' and exists (select 1 from invitation i where i.person = p.id and i.expires > $1)), \
         (select count(*) from token where kind = 'browser' and expires > $1), \
         (select count(*) from device where kind = 'claimed' and ended = 0)",
    )
    .bind(now)
    .fetch_one(tx.connection())
    .await?;
    Ok(Counted {
        uploads: row.try_get(0)?,
        upload_bytes: row.try_get(1)?,
        erasing: row.try_get(2)?,
        staff: row.try_get(3)?,
        without_factor: row.try_get(4)?,
        invited: row.try_get(5)?,
        sessions: row.try_get(6)?,
        devices_waiting: row.try_get(7)?,
    })
}
