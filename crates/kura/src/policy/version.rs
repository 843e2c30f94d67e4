//! 版: the versions of the policy. A version is a whole pack, its documents, rules and classes, so that text and
//! rules come into force together and what was in force on any day is one answer.
//!
//! One version is in force. At most one is a draft or lies scheduled. A document's own versions are those of the
//! policy in which its text differs from the one before.

use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::version_store::{self, VersionRow};
use crate::clock::{self, Millis};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::people;
use crate::rules::documents::Document;
use crate::rules::pack::{Pack, PackError, courses_of, documents_of};
use crate::training;

/// What a version is at the moment.
pub(crate) const DRAFT: &str = "draft";
/// Decided; it comes into force on its day.
pub(crate) const SCHEDULED: &str = "scheduled";
/// What everyone is held to.
pub(crate) const IN_FORCE: &str = "in_force";
/// Another one took its place.
pub(crate) const ENDED: &str = "ended";
/// It never came into force.
pub(crate) const WITHDRAWN: &str = "withdrawn";

/// A version of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Version {
    /// Its number, counted from 1.
    pub version: i64,
    /// Digest of its pack.
    pub digest: String,
    /// draft, scheduled, in_force, ended or withdrawn.
    pub state: String,
    /// Why it was drafted.
    pub reason: String,
    /// The resolution upon it.
    pub resolution: String,
    /// Who drafted it.
    pub drafted_by: String,
    /// When it was decided.
    pub decided: String,
    /// The day from which it is in force.
    pub effective_on: String,
    /// When it really came into force.
    pub began: String,
    /// When another one took its place.
    pub ended: String,
    /// Its documents that differ from the version before, by id.
    pub changed: Vec<String>,
}

impl VersionRow {
    /// Whether it was ever to be followed: a draft is nobody's business but of those who work on it.
    pub(crate) fn is_published(&self) -> bool {
        [SCHEDULED, IN_FORCE, ENDED].contains(&self.state.as_str())
    }

    /// Whether it waits to come into force.
    pub(crate) fn waits(&self) -> bool {
        [DRAFT, SCHEDULED].contains(&self.state.as_str())
    }

    /// Whether everyone was or is held to it.
    fn was_in_force(&self) -> bool {
        [IN_FORCE, ENDED].contains(&self.state.as_str())
    }
}

/// The version that was in force at the end of a day, of all versions; those of one day went one before the other.
pub(crate) fn on_day<'v>(
    versions: impl DoubleEndedIterator<Item = &'v VersionRow>,
    day: &str,
) -> Option<&'v VersionRow> {
    versions.rev().find(|row| row.was_in_force() && row.effective_on.as_str() <= day)
}

/// A version as it is told to people.
pub(crate) async fn view(tx: &mut Tx<'_>, row: &VersionRow, changed: Vec<String>) -> Result<Version> {
    let drafted_by = match row.drafted_by.parse() {
        Ok(person) => people::store::person(tx, person).await?.name,
        Err(_) => String::new(),
    };
    Ok(Version {
        version: row.number,
        digest: row.digest.clone(),
        state: row.state.clone(),
        reason: row.reason.clone(),
        resolution: row.resolution.clone(),
        drafted_by,
        decided: clock::told(row.decided),
        effective_on: row.effective_on.clone(),
        began: clock::told(row.began),
        ended: clock::told(row.ended),
        changed,
    })
}

/// What begins as the version in force: at the founding, and in an installation of before versions.
pub(crate) async fn begin(
    connection: &mut AnyConnection,
    pack: &Pack,
    acknowledged: i64,
    today: String,
    now: Millis,
) -> Result<()> {
    let row = VersionRow {
        number: 1,
        digest: pack.digest.clone(),
        state: IN_FORCE.to_owned(),
        acknowledged,
        reason: String::new(),
        resolution: String::new(),
        signatories: version_store::signatories(connection, &pack.documents, &today).await?,
        drafted: now,
        drafted_by: String::new(),
        decided: now,
        effective_on: today,
        began: now,
        ended: 0,
    };
    version_store::insert(connection, &row, pack).await
}

/// Brings a version into force, in the place of the one that is.
pub(crate) async fn bring_into_force(tx: &mut Tx<'_>, row: VersionRow) -> Result<()> {
    let now = tx.now();
    for mut other in version_store::versions(tx.connection()).await? {
        if other.state == IN_FORCE {
            other.state = ENDED.to_owned();
            other.ended = now;
            version_store::update(tx.connection(), &other).await?;
        }
    }
    let files = version_store::files(tx.connection(), row.number).await?;
    let (before, courses) =
        (tx.rules().clone(), courses_of(&files).map_err(|error| unfit(row.number, &error))?);
    training::follow(tx, &before.courses, &courses).await?;
    let acknowledged = row.acknowledged.to_string();
    let row = VersionRow { state: IN_FORCE.to_owned(), began: now, ..row };
    version_store::update(tx.connection(), &row).await?;
    crate::door::store::set_value(tx.connection(), "policy_version", &acknowledged).await
}

/// The version of this number that waits to come into force.
pub(crate) async fn waiting(tx: &mut Tx<'_>) -> Result<Option<VersionRow>> {
    let versions = version_store::versions(tx.connection()).await?;
    Ok(versions.into_iter().find(VersionRow::waits))
}

/// The version in force.
pub(crate) async fn in_force(tx: &mut Tx<'_>) -> Result<VersionRow> {
    let versions = version_store::versions(tx.connection()).await?;
    let version = versions.into_iter().find(|row| row.state == IN_FORCE);
    version.ok_or_else(|| Error::internal("no version of the policy is in force"))
}

/// The version that waits, with its pack.
pub(crate) async fn waiting_pack(connection: &mut AnyConnection) -> Result<Option<(i64, Pack)>> {
    let versions = version_store::versions(connection).await?;
    let Some(row) = versions.iter().find(|row| row.waits()) else {
        return Ok(None);
    };
    Ok(Some((row.number, pack(connection, row.number).await?)))
}

/// The documents of a version.
pub(crate) async fn documents(tx: &mut Tx<'_>, row: &VersionRow) -> Result<Vec<Document>> {
    if row.digest == tx.rules().digest {
        return Ok(tx.rules().documents.clone());
    }
    let files = version_store::files(tx.connection(), row.number).await?;
    documents_of(&files).map_err(|error| unfit(row.number, &error))
}

/// The pack of a version.
///
/// # Errors
/// No such version; files that are no pack any more.
pub(crate) async fn pack(connection: &mut AnyConnection, number: i64) -> Result<Pack> {
    let files = version_store::files(connection, number).await?;
    Pack::load(&files).map_err(|error| unfit(number, &error))
}

/// A version whose files are no pack any more.
fn unfit(number: i64, error: &PackError) -> Error {
    Error::internal(format!("version {number} of the policy: {error}"))
}
