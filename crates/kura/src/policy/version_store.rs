//! Statements on the versions of the policy.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::people::office_store;
use crate::rules::documents::Document;
use crate::rules::pack::{Files, Pack};

/// A version, without its files.
#[derive(Debug, Clone)]
pub(crate) struct VersionRow {
    pub(crate) number: i64,
    pub(crate) digest: String,
    pub(crate) state: String,
    pub(crate) acknowledged: i64,
    pub(crate) reason: String,
    pub(crate) resolution: String,
    pub(crate) signatories: BTreeMap<String, Vec<String>>,
    pub(crate) drafted: Millis,
    pub(crate) drafted_by: String,
    pub(crate) decided: Millis,
    pub(crate) effective_on: String,
    pub(crate) began: Millis,
    pub(crate) ended: Millis,
}

const COLUMNS: &str = "number, digest, state, acknowledged, reason, resolution, signatories, drafted, drafted_by, \
                       decided, effective_on, began, ended";

fn row(row: &AnyRow) -> Result<VersionRow> {
    let signatories: String = row.try_get("signatories")?;
    Ok(VersionRow {
        number: row.try_get("number")?,
        digest: row.try_get("digest")?,
        state: row.try_get("state")?,
        acknowledged: row.try_get("acknowledged")?,
        reason: row.try_get("reason")?,
        resolution: row.try_get("resolution")?,
        signatories: serde_json::from_str(&signatories).map_err(Error::internal)?,
        drafted: row.try_get("drafted")?,
        drafted_by: row.try_get("drafted_by")?,
        decided: row.try_get("decided")?,
        effective_on: row.try_get("effective_on")?,
        began: row.try_get("began")?,
        ended: row.try_get("ended")?,
    })
}

/// Every version, the first one first.
pub(crate) async fn versions(connection: &mut AnyConnection) -> Result<Vec<VersionRow>> {
    let text = format!("select {COLUMNS} from policy_version order by number");
    let rows = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(connection).await?;
    rows.iter().map(row).collect()
}

/// A version's files.
pub(crate) async fn files(connection: &mut AnyConnection, number: i64) -> Result<Files> {
    let row: Option<(String,)> = sqlx::query_as("select files from policy_version where number = $1")
        .bind(number)
        .fetch_optional(connection)
        .await?;
    let (files,) = row.ok_or(Error::NotFound("version of the policy"))?;
    serde_json::from_str(&files).map_err(Error::internal)
}

/// Keeps a version and says which documents it holds.
pub(crate) async fn insert(connection: &mut AnyConnection, row: &VersionRow, pack: &Pack) -> Result<()> {
    sqlx::query(
        "insert into policy_version (number, digest, state, acknowledged, reason, resolution, signatories, drafted, \
         drafted_by, decided, effective_on, began, ended, files) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(row.number)
    .bind(&row.digest)
    .bind(&row.state)
    .bind(row.acknowledged)
    .bind(&row.reason)
    .bind(&row.resolution)
    .bind(serde_json::to_string(&row.signatories).map_err(Error::internal)?)
    .bind(row.drafted)
    .bind(&row.drafted_by)
    .bind(row.decided)
    .bind(&row.effective_on)
    .bind(row.began)
    .bind(row.ended)
    .bind(serde_json::to_string(&pack.files).map_err(Error::internal)?)
    .execute(&mut *connection)
    .await?;
    for document in &pack.documents {
        sqlx::query("insert into policy_document (version, document, digest) values ($1, $2, $3)")
            .bind(row.number)
            .bind(&document.id)
            .bind(document.digest())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Writes what is decided of a version: all but its number, digest, files and draft.
pub(crate) async fn update(connection: &mut AnyConnection, row: &VersionRow) -> Result<()> {
    sqlx::query(
        "update policy_version set state = $2, acknowledged = $3, resolution = $4, signatories = $5, decided = $6, \
         effective_on = $7, began = $8, ended = $9 where number = $1",
    )
    .bind(row.number)
    .bind(&row.state)
    .bind(row.acknowledged)
    .bind(&row.resolution)
    .bind(serde_json::to_string(&row.signatories).map_err(Error::internal)?)
    .bind(row.decided)
    .bind(&row.effective_on)
    .bind(row.began)
    .bind(row.ended)
    .execute(connection)
    .await?;
    Ok(())
}

/// The digest of each document in each version: by document, then by version.
pub(crate) async fn documents(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<String, BTreeMap<i64, String>>> {
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("select version, document, digest from policy_document").fetch_all(connection).await?;
    let mut documents = BTreeMap::<String, BTreeMap<i64, String>>::new();
    for (version, document, digest) in rows {
        documents.entry(document).or_default().insert(version, digest);
    }
    Ok(documents)
}

/// How often each rule refused something, and when the last time.
pub(crate) async fn denials(connection: &mut AnyConnection) -> Result<BTreeMap<String, (i64, Millis)>> {
    let rows: Vec<(String, i64, Millis)> =
        sqlx::query_as("select rule, times, last from rule_denial").fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(rule, times, last)| (rule, (times, last))).collect())
}

/// Names of those who on a day hold the offices that sign a pack's documents, by office.
pub(crate) async fn signatories(
    connection: &mut AnyConnection,
    documents: &[Document],
    today: &str,
) -> Result<BTreeMap<String, Vec<String>>> {
    let mut signatories: BTreeMap<String, Vec<String>> =
        documents.iter().map(|document| (document.signed_by.clone(), vec![])).collect();
    for holding in office_store::holders(connection, today).await? {
        if let Some(names) = signatories.get_mut(&holding.office).filter(|_| !holding.suspended) {
            names.push(holding.name);
        }
    }
    Ok(signatories)
}
