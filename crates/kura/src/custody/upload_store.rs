//! Statements on uploads and their parts.

use sqlx::Row as _;

use super::store::id;
use crate::clock::Millis;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, PersonId, UploadId, VersionId};

/// An upload's row.
#[derive(Debug, Clone)]
pub(crate) struct UploadRow {
    pub(crate) id: UploadId,
    pub(crate) person: PersonId,
    pub(crate) item: ItemId,
    pub(crate) version: VersionId,
    pub(crate) matter: MatterId,
    pub(crate) rank: i64,
    pub(crate) name: String,
    pub(crate) media: String,
    pub(crate) size: i64,
    pub(crate) part_size: i64,
    pub(crate) store: String,
    pub(crate) shard: String,
    pub(crate) state: String,
    pub(crate) sha256: String,
    pub(crate) expires: Millis,
}

/// Begins an upload.
pub(crate) async fn insert_upload(tx: &mut Tx<'_>, row: &UploadRow) -> Result<()> {
    sqlx::query(
        "insert into upload (id, person, item, version, matter, class, name, media, size, part_size, store, \
         shard, state, sha256, expires) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(row.id.to_string())
    .bind(row.person.to_string())
    .bind(row.item.to_string())
    .bind(row.version.to_string())
    .bind(row.matter.to_string())
    .bind(row.rank)
    .bind(&row.name)
    .bind(&row.media)
    .bind(row.size)
    .bind(row.part_size)
    .bind(&row.store)
    .bind(&row.shard)
    .bind(&row.state)
    .bind(&row.sha256)
    .bind(row.expires)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// An upload.
pub(crate) async fn upload(
    connection: &mut sqlx::AnyConnection,
    upload: UploadId,
) -> Result<Option<UploadRow>> {
    let row = sqlx::query(
        "select id, person, item, version, matter, class, name, media, size, part_size, store, shard, state, \
         sha256, expires from upload where id = $1",
    )
    .bind(upload.to_string())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let row = &row;
        Ok(UploadRow {
            id: id(row, 0)?,
            person: id(row, 1)?,
            item: id(row, 2)?,
            version: id(row, 3)?,
            matter: id(row, 4)?,
            rank: row.try_get(5)?,
            name: row.try_get(6)?,
            media: row.try_get(7)?,
            size: row.try_get(8)?,
            part_size: row.try_get(9)?,
            store: row.try_get(10)?,
            shard: row.try_get(11)?,
            state: row.try_get(12)?,
            sha256: row.try_get(13)?,
            expires: row.try_get(14)?,
        })
    })
    .transpose()
}

/// Marks an upload as used by the operation that completed it.
pub(crate) async fn upload_used(tx: &mut Tx<'_>, upload: UploadId) -> Result<()> {
    sqlx::query("update upload set state = 'used' where id = $1")
        .bind(upload.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Parts of an upload's version: number, size, SHA-256, state.
pub(crate) async fn parts(
    connection: &mut sqlx::AnyConnection,
    version: VersionId,
) -> Result<Vec<(i64, i64, String, String)>> {
    Ok(sqlx::query_as("select number, size, sha256, state from part where version = $1 order by number")
        .bind(version.to_string())
        .fetch_all(connection)
        .await?)
}

/// Notes that a part is about to be written; an interrupted one is noted anew.
pub(crate) async fn part_writing(
    connection: &mut sqlx::AnyConnection,
    version: VersionId,
    number: i64,
    size: i64,
) -> Result<()> {
    sqlx::query(
        "insert into part (version, number, size, sha256, state) values ($1, $2, $3, '', 'writing') \
         on conflict (version, number) do update set size = excluded.size where part.state = 'writing'",
    )
    .bind(version.to_string())
    .bind(number)
    .bind(size)
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that a part is on disk, with its SHA-256; with the last one the upload is complete.
pub(crate) async fn part_stored(
    connection: &mut sqlx::AnyConnection,
    upload: UploadId,
    (version, number, sha256): (VersionId, i64, &str),
    complete: Option<&str>,
) -> Result<()> {
    sqlx::query("update part set state = 'stored', sha256 = $3 where version = $1 and number = $2")
        .bind(version.to_string())
        .bind(number)
        .bind(sha256)
        .execute(&mut *connection)
        .await?;
    if let Some(sha256) = complete {
        sqlx::query("update upload set state = 'complete', sha256 = $2 where id = $1 and state = 'open'")
            .bind(upload.to_string())
            .bind(sha256)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Uploads that nobody may complete any more, with the items that they were for and whether those are in the
/// register.
pub(crate) async fn expired(
    connection: &mut sqlx::AnyConnection,
    now: Millis,
) -> Result<Vec<(UploadRow, bool)>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select u.id, case when exists (select 1 from item i where i.id = u.item) then 1 else 0 end \
         from upload u where (u.state = 'open' or u.state = 'complete') and u.expires < $1 order by u.id limit 1000",
    )
    .bind(now)
    .fetch_all(&mut *connection)
    .await?;
    let mut expired = Vec::with_capacity(rows.len());
    for (upload, known) in rows {
        let found = self::upload(connection, upload.parse().map_err(Error::internal)?).await?;
        expired.extend(found.map(|row| (row, known != 0)));
    }
    Ok(expired)
}

/// Forgets the parts of an upload that has expired.
pub(crate) async fn forget(connection: &mut sqlx::AnyConnection, row: &UploadRow) -> Result<()> {
    sqlx::query("delete from part where version = $1")
        .bind(row.version.to_string())
        .execute(&mut *connection)
        .await?;
    sqlx::query("update upload set state = 'expired', name = '', sha256 = '' where id = $1")
        .bind(row.id.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends every upload that nothing has completed: its parts are in no backup.
pub(crate) async fn expire_unused(connection: &mut sqlx::AnyConnection) -> Result<()> {
    for statement in [
        "delete from part where version in (select version from upload where state = 'open' or state = 'complete')",
        "update upload set state = 'expired', name = '', sha256 = '' where state = 'open' or state = 'complete'",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Bytes in a person's uploads that are neither completed nor expired.
pub(crate) async fn pending(tx: &mut Tx<'_>, person: PersonId) -> Result<u64> {
    let now = tx.now();
    let row: (i64,) = sqlx::query_as(
        "select cast(coalesce(sum(size), 0) as bigint) from upload where person = $1 \
         and (state = 'open' or state = 'complete') and expires >= $2",
    )
    .bind(person.to_string())
    .bind(now)
    .fetch_one(tx.connection())
    .await?;
    Ok(row.0.unsigned_abs())
}
