//! Statements of lists: what one may know of, narrowed to what is wanted.

use sqlx::Row as _;

use super::store::id;
use crate::clock::Millis;
use crate::db::compose::{Composed, Value};
use crate::db::search::{Index, Place, Text};
use crate::door::Tx;
use crate::error::Result;
use crate::id::{ItemId, MatterId, PartyId, PersonId};
use crate::rules::scope::{Condition, Scope};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) matter: Option<MatterId>,
    pub(crate) rank: Option<i64>,
    pub(crate) kind: Option<String>,
    pub(crate) state: Option<String>,
    /// A text that they hold, and where to look for it.
    pub(crate) text: Option<(Text, Place)>,
    pub(crate) party: Option<PartyId>,
    pub(crate) custodian: Option<PersonId>,
    /// Those that are due by then and still held.
    pub(crate) due: Option<Millis>,
    pub(crate) after: Option<ItemId>,
}

/// A line of a list.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) item: ItemId,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) form: String,
    pub(crate) rank: i64,
    pub(crate) state: String,
    pub(crate) matter: MatterId,
    pub(crate) custodian_name: String,
    pub(crate) due: Millis,
}

impl Wanted {
    /// The narrowing as a condition on `item i`.
    fn condition(&self, with_after: bool) -> Condition {
        let mut sql = String::new();
        let mut values = Vec::new();
        let mut also = |text: &str, value: Value| {
            sql.push_str(" and ");
            sql.push_str(text);
            values.push(value);
        };
        if let Some(matter) = self.matter {
            also("i.matter = {}", Value::Text(matter.to_string()));
        }
        if let Some(rank) = self.rank {
            also("i.class = {}", Value::Long(rank));
        }
        if let Some(kind) = &self.kind {
            also("i.kind = {}", Value::Text(kind.clone()));
        }
        if let Some(state) = &self.state {
            also("i.state = {}", Value::Text(state.clone()));
        }
        if let Some(party) = self.party {
            also("i.party = {}", Value::Text(party.to_string()));
        }
        if let Some(custodian) = self.custodian {
            also("i.custodian = {}", Value::Text(custodian.to_string()));
        }
        if let Some(due) = self.due {
            also("i.state <> 'returned' and i.state <> 'erased' and i.due <= {}", Value::Long(due));
        }
        if let Some(after) = self.after.filter(|_| with_after) {
            also("i.id < {}", Value::Text(after.to_string()));
        }
        if let Some((text, _)) = &self.text {
            let (holds, of) = text.condition();
            sql.push_str(" and ");
            sql.push_str(&holds);
            values.extend(of);
        }
        Condition { sql, values }
    }

    /// Where to look, when the index knows of few that may hold the text.
    fn index(&self) -> Option<&Index> {
        match &self.text {
            Some((_, Place::Index(index))) => Some(index),
            _ => None,
        }
    }
}

/// From the few items of the index to their rows, in this order: an engine that began elsewhere would ask the index again
/// and again.
fn from_index(composed: &mut Composed, scope: &Scope, index: &Index) {
    composed.push(index.from, std::slice::from_ref(&index.runs));
    composed.push(&scope.join(index.joint), &[]);
}

/// From the newest items in scope. Each way in is sought on its own, by its own index, and no further than the page is
/// long.
fn newest(composed: &mut Composed, scope: &Scope, narrowed: &Condition, limit: i64) {
    for (number, way) in scope.any.iter().enumerate() {
        let union = if number == 0 { "" } else { " union " };
        composed.push(
            &format!("{union}select id from (select i.id from item i{} where (", scope.join("join")),
            &[],
        );
        composed.push(&way.sql, &way.values);
        composed.push(")", &[]);
        composed.push(&narrowed.sql, &narrowed.values);
        composed.push(&format!(" order by i.id desc limit {{}}) way{number}"), &[Value::Long(limit)]);
    }
}

/// The newest items in scope.
pub(crate) async fn page(tx: &mut Tx<'_>, scope: &Scope, wanted: &Wanted, limit: i64) -> Result<Vec<Line>> {
    if scope.any.is_empty() {
        return Ok(Vec::new());
    }
    let narrowed = wanted.condition(true);
    let mut composed = Composed::default();
    composed
        .push("select i.id, i.name, i.kind, i.form, i.class, i.state, i.matter, p.name, i.due from ", &[]);
    composed.push("item i join person p on p.id = i.custodian where i.id in (", &[]);
    match wanted.index() {
        Some(index) => {
            composed.push("select id from (select i.id from ", &[]);
            from_index(&mut composed, scope, index);
            composed.push(" where ", &[]);
            scope.within(&mut composed);
            composed.push(&narrowed.sql, &narrowed.values);
            composed.push(" order by i.id desc limit {}) found", &[Value::Long(limit)]);
        }
        None => newest(&mut composed, scope, &narrowed, limit),
    }
    composed.push(")", &[]);
    composed.push(" order by i.id desc limit {}", &[Value::Long(limit)]);
    composed
        .fetch(tx.connection())
        .await?
        .iter()
        .map(|row| {
            Ok(Line {
                item: id(row, 0)?,
                name: row.try_get(1)?,
                kind: row.try_get(2)?,
                form: row.try_get(3)?,
                rank: row.try_get(4)?,
                state: row.try_get(5)?,
                matter: id(row, 6)?,
                custodian_name: row.try_get(7)?,
                due: row.try_get(8)?,
            })
        })
        .collect()
}

/// How many items of a matter there are of each class in each state, as far as one may know of them.
pub(crate) async fn tally(
    tx: &mut Tx<'_>,
    scope: &Scope,
    matter: MatterId,
) -> Result<Vec<(i64, String, i64)>> {
    let mut composed = Composed::new(
        "select i.class, i.state, count(*) from item i join matter m on m.id = i.matter where ",
    );
    composed.push("i.matter = {} and ", &[Value::Text(matter.to_string())]);
    scope.within(&mut composed);
    composed.push(" group by i.class, i.state order by i.class desc, i.state", &[]);
    let rows = composed.fetch(tx.connection()).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}

/// A copy of a matter's material that somebody has.
pub(crate) struct CopyOut {
    pub(crate) item: ItemId,
    pub(crate) name: String,
    pub(crate) holder: String,
    pub(crate) place: String,
    pub(crate) due: Millis,
}

/// Copies of a matter's material that are not gone, the next due first, as far as one may know of their items.
pub(crate) async fn copies_out(
    tx: &mut Tx<'_>,
    scope: &Scope,
    matter: MatterId,
    limit: i64,
) -> Result<Vec<CopyOut>> {
    let mut composed = Composed::new(
        "select i.id, i.name, p.name, c.place, c.due from copy c join item i on i.id = c.item \
         join matter m on m.id = i.matter join person p on p.id = c.holder where ",
    );
    composed.push("i.matter = {} and c.ended = 0 and ", &[Value::Text(matter.to_string())]);
    scope.within(&mut composed);
    composed.push(" order by c.due, c.id limit {}", &[Value::Long(limit)]);
    let rows = composed.fetch(tx.connection()).await?;
    let copy = |row: &sqlx::any::AnyRow| {
        Ok(CopyOut {
            item: id(row, 0)?,
            name: row.try_get(1)?,
            holder: row.try_get(2)?,
            place: row.try_get(3)?,
            due: row.try_get(4)?,
        })
    };
    rows.iter().map(copy).collect()
}

/// Items of a matter that are neither returned nor erased, and copies that someone still has, as far as one
/// may know of them: what and where, and the item's name.
pub(crate) async fn still_out(
    tx: &mut Tx<'_>,
    scope: &Scope,
    matter: MatterId,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    if scope.any.is_empty() {
        return Ok(Vec::new());
    }
    let mut composed = Composed::default();
    let of = [Value::Text(matter.to_string())];
    for (select, narrowed) in [
        (
            "select 'item ' || i.state as what, i.name as name from item i join matter m on m.id = i.matter where ",
            "i.state <> 'returned' and i.state <> 'erased'",
        ),
        (
            " union all select 'copy with ' || p.name, i.name from copy c join item i on i.id = c.item \
             join matter m on m.id = i.matter join person p on p.id = c.holder where ",
            "c.ended = 0",
        ),
    ] {
        composed.push(select, &[]);
        scope.within(&mut composed);
        composed.push(&format!(" and i.matter = {{}} and {narrowed}"), &of);
    }
    composed.push(" order by 1, 2 limit {}", &[Value::Long(limit)]);
    let rows = composed.fetch(tx.connection()).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Names and places of what a matter holds, as far as one may know of it.
pub(crate) async fn names_held(
    tx: &mut Tx<'_>,
    scope: &Scope,
    matter: MatterId,
) -> Result<Vec<(String, String)>> {
    let mut composed =
        Composed::new("select i.name, i.place from item i join matter m on m.id = i.matter where ");
    composed.push("i.matter = {} and i.state = 'held' and ", &[Value::Text(matter.to_string())]);
    scope.within(&mut composed);
    let rows = composed.fetch(tx.connection()).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// How many items are in scope, or that there are at least so many.
pub(crate) async fn count(tx: &mut Tx<'_>, scope: &Scope, wanted: &Wanted, most: Option<i64>) -> Result<i64> {
    if scope.any.is_empty() {
        return Ok(0);
    }
    let narrowed = wanted.condition(false);
    let mut composed = Composed::default();
    composed.push("select count(*) from (select i.id from ", &[]);
    match wanted.index() {
        Some(index) => from_index(&mut composed, scope, index),
        None => {
            composed.push("item i", &[]);
            composed.push(&scope.join("join"), &[]);
        }
    }
    composed.push(" where ", &[]);
    scope.within(&mut composed);
    composed.push(&narrowed.sql, &narrowed.values);
    if let Some(most) = most {
        composed.push(" limit {}", &[Value::Long(most)]);
    }
    composed.push(") found", &[]);
    let rows = composed.fetch(tx.connection()).await?;
    Ok(rows.first().map_or(Ok(0), |row| row.try_get(0))?)
}
