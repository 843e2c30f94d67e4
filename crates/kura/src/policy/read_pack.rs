//! Hands out the files of a version of the policy, to be read, edited and drafted anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{version, version_store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::rules::facts::Action;

/// Hands out a version's files.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadPack {
    /// Number of the version of the policy; what is in force when left out.
    #[arg(long)]
    #[serde(default)]
    pub version: Option<i64>,
}

/// A version's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PackFiles {
    /// Its number.
    pub version: i64,
    /// The files by their names (`classes.toml`, `rules/10-scope.cedar` …).
    pub files: BTreeMap<String, String>,
}

impl Operation for ReadPack {
    const ACTION: Action = Action("read_pack");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = PackFiles;

    fn subject(&self) {}

    /// # Errors
    /// There is no such version.
    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<PackFiles> {
        let version = match self.version {
            Some(number) => number,
            None => version::in_force(tx).await?.number,
        };
        Ok(PackFiles { version, files: version_store::files(tx.connection(), version).await? })
    }
}
