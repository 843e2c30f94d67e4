//! Lists and counts the items that one may know of, and no others.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::list_store::{self, Wanted};
use super::{Kind, name_of};
use crate::clock;
use crate::db::search::{Place, Text};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, PartyId, PersonId};
use crate::matters::subject;
use crate::people;
use crate::rules::facts::Action;
use crate::rules::scope::Scope;

/// Lines on a page at most.
const MOST: i64 = 500;

/// Lists items, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Items of this matter only.
    #[arg(long)]
    #[serde(default)]
    pub matter: Option<MatterId>,
    /// Items of this class only.
    #[arg(long)]
    #[serde(default)]
    pub class: Option<String>,
    /// Items of this kind only.
    #[arg(long, value_enum)]
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Items in this state only: held, returning, returned, erased.
    #[arg(long)]
    #[serde(default)]
    pub state: Option<String>,
    /// Items whose name, place or source holds these words.
    #[arg(long)]
    #[serde(default)]
    pub name: Option<String>,
    /// Items of this party's only.
    #[arg(long)]
    #[serde(default)]
    pub party: Option<PartyId>,
    /// Items for which this person is accountable only.
    #[arg(long)]
    #[serde(default)]
    pub custodian: Option<PersonId>,
    /// Items that are to be returned or erased by this day (2027-03-31), and are not.
    #[arg(long)]
    #[serde(default)]
    pub due: Option<String>,
    /// Items older than this one: the last of the page before.
    #[arg(long)]
    #[serde(default)]
    pub after: Option<ItemId>,
    /// Number of lines, 50 when left out, at most 500.
    #[arg(long)]
    #[serde(default)]
    pub limit: Option<i64>,
    /// Counts all that match, too.
    #[arg(long)]
    #[serde(default)]
    pub count: bool,
    /// Counts no further than this: enough to say "more than".
    #[arg(long)]
    #[serde(default)]
    pub count_to: Option<i64>,
}

/// An item in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemLine {
    /// Id.
    pub item: ItemId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Form.
    pub form: String,
    /// Class.
    pub class: String,
    /// State.
    pub state: String,
    /// Matter.
    pub matter: MatterId,
    /// The matter's code; empty when you may not know of the matter.
    pub matter_code: String,
    /// Name of who is accountable.
    pub custodian_name: String,
    /// By when it is to be returned or erased.
    pub due: String,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Listed {
    /// The lines.
    pub items: Vec<ItemLine>,
    /// Give this as `after` for the next page; nothing when this is the last.
    pub next: Option<ItemId>,
    /// How many match in all, when asked for.
    pub count: Option<i64>,
}

/// What a list is narrowed to, as the register is asked.
pub(super) async fn wanted(list: &List, tx: &mut Tx<'_>) -> Result<Wanted> {
    let rank = match &list.class {
        Some(class) => Some(people::rank_of(tx.rules(), "class", class)?),
        None => None,
    };
    let due = match &list.due {
        Some(day) => Some(tx.until("due", day)?),
        None => None,
    };
    let text = match list.name.as_deref().map(Text::of).transpose()? {
        // A guest is not told where material is kept and where it came from: nor by what they find.
        Some(text) if tx.asker()?.party.is_some() => Some((text.in_name(), Place::Anywhere)),
        Some(text) => {
            let engine = tx.engine();
            let place = text.place(tx.connection(), engine).await?;
            Some((text, place))
        }
        None => None,
    };
    Ok(Wanted {
        matter: list.matter,
        rank,
        kind: list.kind.map(name_of),
        state: list.state.clone(),
        text,
        party: list.party,
        custodian: list.custodian,
        due,
        after: list.after,
    })
}

/// Up to so many lines in scope, and whether there are more.
pub(super) async fn page(
    tx: &mut Tx<'_>,
    scope: &Scope,
    wanted: &Wanted,
    limit: i64,
) -> Result<(Vec<ItemLine>, bool)> {
    let mut lines = list_store::page(tx, scope, wanted, limit + 1).await?;
    let more = lines.len() as i64 > limit;
    lines.truncate(limit as usize);
    let rules = tx.rules().clone();
    // Whoever may use an item need not know of its matter.
    let mut codes = BTreeMap::new();
    for matter in lines.iter().map(|line| line.matter).collect::<BTreeSet<_>>() {
        codes.insert(matter, subject::known(tx, matter).await?.map(|row| row.code));
    }
    let line = |line: list_store::Line| ItemLine {
        item: line.item,
        name: line.name,
        kind: line.kind,
        form: line.form,
        class: rules.class_of_rank(line.rank).map(|class| class.id.clone()).unwrap_or_default(),
        state: line.state,
        matter: line.matter,
        matter_code: codes.get(&line.matter).cloned().flatten().unwrap_or_default(),
        custodian_name: line.custodian_name,
        due: clock::rfc3339(line.due),
    };
    Ok((lines.into_iter().map(line).collect(), more))
}

impl Operation for List {
    const ACTION: Action = Action("list");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Listed;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Listed> {
        let limit = self.limit.unwrap_or(50);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::invalid("limit", format!("a page has 1 to {MOST} lines")));
        }
        if self.count_to.is_some_and(|most| most < 1) {
            return Err(Error::invalid("count_to", "count to one at least"));
        }
        let wanted = wanted(&self, tx).await?;
        let scope = tx.scope().await?;
        let (items, more) = page(tx, &scope, &wanted, limit).await?;
        let count = if self.count {
            Some(list_store::count(tx, &scope, &wanted, self.count_to).await?)
        } else {
            None
        };
        let next = items.last().filter(|_| more).map(|line| line.item);
        Ok(Listed { items, next, count })
    }
}
