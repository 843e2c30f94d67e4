//! 起案: drafts another version of the policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::version::{DRAFT, pack};
use super::version_store::{self, VersionRow};
use crate::door::operation::Installation;
use crate::door::{Actor, Door, Operation, Options, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;
use crate::rules::pack::{self, Files, Pack};
use crate::text::{Name, Note};

/// What a draft begins from.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Base {
    /// The model policy of this program.
    #[default]
    Model,
    /// What is in force.
    InForce,
}

/// Drafts another version of the policy: the files given, or else what it begins from with the firm's name.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftPolicy {
    /// Why there is to be another version.
    #[arg(long)]
    pub reason: Note,
    /// What it begins from, when no files are given.
    #[arg(long, value_enum, default_value = "model")]
    #[serde(default)]
    pub begins_from: Base,
    /// What its documents call the firm in Japanese.
    #[arg(long)]
    #[serde(default)]
    pub firm_ja: Option<Name>,
    /// What its documents call the firm in English.
    #[arg(long)]
    #[serde(default)]
    pub firm_en: Option<Name>,
    /// The pack's files by their names (`classes.toml`, `rules/10-scope.cedar` …); `kura policy draft` reads a folder.
    #[arg(skip)]
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// The pack, read and checked before the writer is asked for.
    #[arg(skip)]
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) checked: Checked,
}

/// A pack that was read and checked.
#[derive(Clone, Default)]
pub struct Checked(Option<Arc<Pack>>);

impl std::fmt::Debug for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Checked").field(&self.0.is_some()).finish()
    }
}

/// What was drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Drafted {
    /// Its number.
    pub version: i64,
    /// Digest of its pack.
    pub digest: String,
}

impl DraftPolicy {
    /// A draft of these files.
    pub fn with_files(reason: Note, files: Files) -> Self {
        let begins_from = Base::default();
        Self { reason, begins_from, firm_ja: None, firm_en: None, files, checked: Checked::default() }
    }

    /// The files of the draft.
    fn files(&self, in_force: &Files) -> Result<Files> {
        let mut files = if !self.files.is_empty() {
            self.files.clone()
        } else if self.begins_from == Base::InForce {
            in_force.clone()
        } else {
            pack::model()
        };
        if let Some(name) = files.keys().find(|name| !pack::may_hold(name)) {
            return Err(Error::invalid("files", format!("a pack holds no file {name:?}: remove it")));
        }
        if self.firm_ja.is_none() && self.firm_en.is_none() {
            return Ok(files);
        }
        let named = files.get_mut("firm.toml").ok_or_else(|| {
            Error::invalid("firm_ja", "the pack that it begins from holds no documents: begin from the model")
        })?;
        let mut table: toml::Table = named.parse().map_err(|error| Error::invalid("files", error))?;
        for (language, name) in [("ja", &self.firm_ja), ("en", &self.firm_en)] {
            if let Some(name) = name {
                table.insert(language.to_owned(), toml::Value::String(name.to_string()));
            }
        }
        *named = toml::to_string(&table).map_err(Error::internal)?;
        Ok(files)
    }
}

/// Keeps a pack as the version that waits.
///
/// # Errors
/// Another one waits; it is what is in force.
async fn keep(tx: &mut Tx<'_>, pack: &Pack, reason: String, drafted_by: String) -> Result<Drafted> {
    let versions = version_store::versions(tx.connection()).await?;
    if let Some(other) = versions.iter().find(|row| row.waits()) {
        return Err(Error::conflict(format!(
            "version {} waits already: adopt it, or withdraw it first",
            other.number
        )));
    }
    if pack.digest == tx.rules().digest {
        return Err(Error::conflict("this is what is in force, to the letter"));
    }
    let row = VersionRow {
        number: versions.last().map_or(1, |row| row.number + 1),
        digest: pack.digest.clone(),
        state: DRAFT.to_owned(),
        acknowledged: 0,
        reason,
        resolution: String::new(),
        signatories: BTreeMap::new(),
        drafted: tx.now(),
        drafted_by,
        decided: 0,
        effective_on: String::new(),
        began: 0,
        ended: 0,
    };
    version_store::insert(tx.connection(), &row, pack).await?;
    tx.note("version", row.number.to_string());
    tx.note("pack", row.digest.clone());
    Ok(Drafted { version: row.number, digest: row.digest })
}

/// Has a version that was drafted examined.
async fn offer(door: &Door, drafted: &Drafted) -> Result<()> {
    let pack = pack(&mut *door.database().reader().await?, drafted.version).await?;
    door.offer(drafted.version, pack);
    Ok(())
}

/// 改定案の用意: under rules of before, which know of no drafts, the program lays the settings' pack ready by itself.
#[derive(Clone, Serialize, Deserialize)]
struct LayReady {
    #[serde(skip)]
    pack: Checked,
}

impl Operation for LayReady {
    const ACTION: Action = Action("lay_ready");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Installation;
    type Output = Drafted;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Drafted> {
        let pack = self.pack.0.ok_or_else(|| Error::internal("there is no pack"))?;
        keep(tx, &pack, String::new(), String::new()).await
    }

    async fn follow_up(door: &Door, output: Drafted) -> Result<Drafted> {
        offer(door, &output).await?;
        Ok(output)
    }
}

/// Lays a pack ready where none waits.
pub(crate) async fn lay_ready(door: &Door, pack: Pack) -> Result<()> {
    let versions = version_store::versions(&mut *door.database().reader().await?).await?;
    if door.rules().digest == pack.digest || versions.iter().any(VersionRow::waits) {
        return Ok(());
    }
    let ready = LayReady { pack: Checked(Some(Arc::new(pack))) };
    door.pass(&Actor::system(), ready, Options::default()).await?;
    Ok(())
}

impl Operation for DraftPolicy {
    const ACTION: Action = Action("draft_policy");
    const WRITES: bool = true;
    const GATHERS: bool = true;
    const FOLLOWS: bool = true;
    const LONGEST_INPUT: usize = 4 * 1024 * 1024;
    // The files are kept as the version's; the record says which by their digest.
    const NAMES_WHAT_MAY_BE_ERASED: bool = true;
    type Subject = Installation;
    type Output = Drafted;

    fn subject(&self) {}

    async fn gather(&mut self, _: &Installation, tx: &mut Tx<'_>) -> Result<()> {
        let files = self.files(&tx.rules().files)?;
        let checked =
            tokio::task::spawn_blocking(move || Pack::load(&files)).await.map_err(Error::internal)?;
        self.checked = Checked(Some(Arc::new(checked.map_err(|error| Error::invalid("files", error))?)));
        Ok(())
    }

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Drafted> {
        let pack = self.checked.0.ok_or_else(|| Error::conflict(crate::door::pass::MOVED))?;
        let by = tx.asker_id()?.to_string();
        let drafted = keep(tx, &pack, self.reason.to_string(), by).await?;
        tx.note("reason", self.reason);
        Ok(drafted)
    }

    async fn follow_up(door: &Door, output: Drafted) -> Result<Drafted> {
        offer(door, &output).await?;
        Ok(output)
    }
}
