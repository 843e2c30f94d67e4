//! Saved views: narrowings of the register that somebody comes back to, under a name of their own. A view holds what is
//! sought, never what was found: whoever opens one sees what they may know of then.

use serde::{Deserialize, Serialize};

use super::view_store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;
use crate::text::Name;

/// Views that a person keeps at most.
const MOST: usize = 30;
/// The longest narrowing.
const LONGEST: usize = 2_000;

/// Saves a narrowing of the register as a view of your own, in the place of one of the same name.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveView {
    /// What you call it.
    #[arg(long)]
    pub name: Name,
    /// The narrowing, as the register's address has it: `class=secret&state=held`.
    #[arg(long)]
    pub query: String,
}

impl Operation for SaveView {
    const ACTION: Action = Action("save_view");
    const WRITES: bool = true;
    const NAMES_WHAT_MAY_BE_ERASED: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        if self.query.len() > LONGEST {
            return Err(Error::invalid("query", "this narrowing is too long to be saved"));
        }
        let name = String::from(self.name);
        let views = view_store::views(tx).await?;
        if views.len() >= MOST && !views.iter().any(|(known, _)| *known == name) {
            return Err(Error::conflict(format!("you keep {MOST} views already: remove one first")));
        }
        view_store::save(tx, &name, &self.query).await
    }
}

/// Removes a view of your own.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveView {
    /// What you called it.
    #[arg(long)]
    pub name: Name,
}

impl Operation for RemoveView {
    const ACTION: Action = Action("remove_view");
    const WRITES: bool = true;
    const NAMES_WHAT_MAY_BE_ERASED: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        if view_store::remove(tx, self.name.as_str()).await? { Ok(()) } else { Err(Error::NotFound("view")) }
    }
}

/// Lists your views.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListViews {}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct View {
    /// What you call it.
    pub name: String,
    /// The narrowing.
    pub query: String,
}

impl Operation for ListViews {
    const ACTION: Action = Action("list_views");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<View>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<View>> {
        let views = view_store::views(tx).await?;
        Ok(views.into_iter().map(|(name, query)| View { name, query }).collect())
    }
}
