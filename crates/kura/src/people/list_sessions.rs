//! Lists one's own sessions and tokens, so that a strange one is seen and ended.

use serde::{Deserialize, Serialize};

use super::store;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::TokenId;
use crate::rules::facts::Action;

/// Lists your sessions and tokens.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSessions {}

/// A session or a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SessionLine {
    /// Its id, to end it by.
    pub id: TokenId,
    /// browser, or token.
    pub kind: String,
    /// What it is for: the browser, the device's name.
    pub label: String,
    /// all, or read.
    pub scope: String,
    /// Where it was opened: office, outside; empty for a token.
    pub zone: String,
    /// When it was opened.
    pub created: String,
    /// When it was last used, to the minute; nothing when it was not, or is a token.
    pub used: Option<String>,
    /// When it ends at the latest.
    pub expires: String,
}

impl Operation for ListSessions {
    const ACTION: Action = Action("list_sessions");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<SessionLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<SessionLine>> {
        let rows = store::sessions(tx).await?;
        let line = |row: store::SessionRow| SessionLine {
            id: row.id,
            kind: row.kind,
            label: row.label,
            scope: row.scope,
            zone: row.zone,
            created: clock::rfc3339(row.created),
            used: (row.used > 0).then(|| clock::rfc3339(row.used)),
            expires: clock::rfc3339(row.expires),
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
