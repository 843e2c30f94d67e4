//! Shows a document: its text in both languages, its versions, and how it differs from the version before.

use serde::{Deserialize, Serialize};

use super::comparison::{self, Differs};
use super::list_documents::published;
use super::list_rulings;
use super::ruling_store::{self, RulingRow};
use super::version::{self, Version, on_day, view};
use super::version_store::VersionRow;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::documents::{Document, Level};
use crate::rules::facts::Action;

/// Shows a document.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowDocument {
    /// The document.
    pub document: String,
    /// Number of the version of the policy; what is in force when left out.
    #[arg(long)]
    #[serde(default)]
    pub version: Option<i64>,
}

/// A heading with what stands below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PartView {
    /// The clause that it is, if it is one.
    pub clause: Option<String>,
    /// Depth of its heading: 1 below the title, 2 for a chapter.
    pub depth: i64,
    /// Its heading in Japanese.
    pub ja: String,
    /// Its heading in English.
    pub en: String,
    /// Its text in Japanese, in Markdown.
    pub text_ja: String,
    /// Its text in English, in Markdown.
    pub text_en: String,
    /// The rulings on exactly this text, the newest first.
    pub rulings: Vec<RulingLine>,
}

/// A ruling, as it stands beside its clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RulingLine {
    /// What was asked.
    pub question: String,
    /// What the clause means.
    pub words: String,
    /// When it was given.
    pub given: String,
    /// By whom.
    pub given_by: String,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentView {
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
    /// The body that decides on it.
    pub decided_by: String,
    /// The office that signs it.
    pub signed_by: String,
    /// Who held that office when this version was decided.
    pub signatories: Vec<String>,
    /// The version of the policy that is shown.
    pub version: i64,
    /// Its own versions, the newest first: those of the policy that changed it.
    pub versions: Vec<Version>,
    /// Its parts.
    pub parts: Vec<PartView>,
    /// How its own version differs from the one before; nothing for its first one.
    pub differs: Vec<Differs>,
}

fn lines(document: &Document, clause: &str, rulings: &[RulingRow]) -> Vec<RulingLine> {
    let digest = document.clause_digest(clause).unwrap_or_default();
    let line = |row: &RulingRow| RulingLine {
        question: row.question.clone(),
        words: row.words.clone(),
        given: clock::told(row.given),
        given_by: row.given_name.clone(),
    };
    list_rulings::of_text(rulings, clause, &digest).map(line).collect()
}

/// The parts of a document, both languages side by side: they hold the same headings in the same order.
fn parts(document: &Document, rulings: &[RulingRow]) -> Vec<PartView> {
    let both = document.ja.parts.iter().zip(&document.en.parts);
    both.map(|(ja, en)| PartView {
        clause: ja.clause.clone(),
        depth: i64::from(ja.depth),
        ja: ja.heading.clone(),
        en: en.heading.clone(),
        text_ja: ja.body.clone(),
        text_en: en.body.clone(),
        rulings: ja.clause.as_deref().map(|clause| lines(document, clause, rulings)).unwrap_or_default(),
    })
    .collect()
}

impl Operation for ShowDocument {
    const ACTION: Action = Action("show_document");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = DocumentView;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<DocumentView> {
        let (today, published) = (tx.today().to_string(), published(tx).await?);
        let mut rows = published.iter().map(|(row, _)| row);
        let row = match self.version {
            Some(number) => rows.find(|row| row.number == number),
            None => on_day(rows, &today),
        };
        let row = row.ok_or(Error::NotFound("version of the policy"))?;
        let documents = version::documents(tx, row).await?;
        let document = documents.iter().find(|document| document.id == self.document);
        let document = document.ok_or(Error::NotFound("document"))?;
        // The document's own versions, the newest first.
        let own: Vec<&(VersionRow, Vec<String>)> =
            published.iter().rev().filter(|(_, changed)| changed.contains(&document.id)).collect();
        let mut older = own.iter().filter(|(other, _)| other.number <= row.number).skip(1);
        let differs = match older.next() {
            None => vec![],
            Some((older, _)) => {
                let before = version::documents(tx, older).await?;
                let before: Vec<Document> =
                    before.into_iter().filter(|other| other.id == document.id).collect();
                let found = comparison::compare(&before, std::slice::from_ref(document));
                found.into_iter().flat_map(|found| found.parts).collect()
            }
        };
        let rulings = ruling_store::rulings(tx.connection()).await?;
        let mut versions = Vec::new();
        for (other, changed) in own {
            versions.push(view(tx, other, changed.clone()).await?);
        }
        Ok(DocumentView {
            document: document.id.clone(),
            level: document.level,
            under: document.under.clone(),
            ja: document.ja.title.clone(),
            en: document.en.title.clone(),
            decided_by: document.decided_by.clone(),
            signed_by: document.signed_by.clone(),
            signatories: row.signatories.get(&document.signed_by).cloned().unwrap_or_default(),
            version: row.number,
            versions,
            parts: parts(document, &rulings),
            differs,
        })
    }
}
