//! Lists the documents that are in force, or were on a day, and the versions of the policy.

use serde::{Deserialize, Serialize};

use super::version::{self, Version, on_day, view};
use super::version_store::{self, VersionRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::rules::documents::Level;
use crate::rules::facts::Action;

/// Lists the documents.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDocuments {
    /// The day on which they were in force (2027-04-01); today when left out.
    #[arg(long)]
    #[serde(default)]
    pub on: Option<String>,
}

/// A document of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentLine {
    /// Its id.
    pub document: String,
    /// Its rank.
    pub level: Level,
    /// The document that it carries out.
    pub under: Option<String>,
    /// Its title in Japanese.
    pub ja: String,
    /// Its title in English.
    pub en: String,
    /// The version of the policy since which it is as it is.
    pub since_version: i64,
    /// The day from which it is in force as it is.
    pub since: String,
    /// Number of its clauses.
    pub clauses: i64,
}

/// The documents, and the versions of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Documents {
    /// The version that they are of; nothing before the first one.
    pub version: Option<Version>,
    /// The documents.
    pub documents: Vec<DocumentLine>,
    /// The versions that were ever to be followed, the newest first.
    pub versions: Vec<Version>,
    /// Whether you have acknowledged what is in force.
    pub acknowledged: bool,
}

/// The versions that came into force or will, with what each changed.
pub(crate) async fn published(tx: &mut Tx<'_>) -> Result<Vec<(VersionRow, Vec<String>)>> {
    let digests = version_store::documents(tx.connection()).await?;
    let rows = version_store::versions(tx.connection()).await?;
    let rows: Vec<VersionRow> = rows.into_iter().filter(VersionRow::is_published).collect();
    let mut published = Vec::new();
    let mut before: Option<i64> = None;
    for row in rows {
        let changed = digests.iter().filter(|(_, by_version)| {
            by_version.get(&row.number) != before.as_ref().and_then(|before| by_version.get(before))
        });
        let changed = changed.map(|(document, _)| document.clone()).collect();
        before = Some(row.number);
        published.push((row, changed));
    }
    Ok(published)
}

impl Operation for ListDocuments {
    const ACTION: Action = Action("list_documents");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Documents;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Documents> {
        let day = clock::given_day("on", self.on.as_deref(), tx.today())?;
        let published = published(tx).await?;
        let mut documents = Vec::new();
        let mut shown = None;
        if let Some(row) = on_day(published.iter().map(|(row, _)| row), &day.to_string()) {
            for document in version::documents(tx, row).await? {
                let since = published
                    .iter()
                    .rev()
                    .find(|(other, changed)| other.number <= row.number && changed.contains(&document.id));
                documents.push(DocumentLine {
                    document: document.id.clone(),
                    level: document.level,
                    under: document.under.clone(),
                    ja: document.ja.title.clone(),
                    en: document.en.title.clone(),
                    since_version: since.map_or(row.number, |(since, _)| since.number),
                    since: since.map_or_else(String::new, |(since, _)| since.effective_on.clone()),
                    clauses: document.ja.parts.iter().filter(|part| part.clause.is_some()).count() as i64,
                });
            }
            shown = Some(row.number);
        }
        let mut versions = Vec::new();
        for (row, changed) in published.into_iter().rev() {
            versions.push(view(tx, &row, changed).await?);
        }
        let version = versions.iter().find(|version| Some(version.version) == shown).cloned();
        let acknowledged = tx.asker()?.acknowledged >= tx.circumstances().policy;
        Ok(Documents { version, documents, versions, acknowledged })
    }
}
