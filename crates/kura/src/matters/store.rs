//! Statements on matters and parties.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::clock::Millis;
use crate::db::compose::{Composed, Value};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{MatterId, PartyId, PersonId};
use crate::rules::facts::MatterFacts;
use crate::rules::scope::Scope;

/// A party's row.
pub(crate) struct PartyRow {
    pub(crate) id: PartyId,
    pub(crate) name: String,
    pub(crate) recipient: String,
    pub(crate) abroad: bool,
}

/// Adds a party.
pub(crate) async fn insert_party(tx: &mut Tx<'_>, row: &PartyRow) -> Result<()> {
    sqlx::query("insert into party (id, name, recipient, abroad, rev) values ($1, $2, $3, $4, 1)")
        .bind(row.id.to_string())
        .bind(&row.name)
        .bind(&row.recipient)
        .bind(i64::from(row.abroad))
        .execute(tx.connection())
        .await
        .map_err(|error| match Error::from(error) {
            Error::Conflict(_) => Error::invalid("name", "a party of this name is registered already"),
            other => other,
        })?;
    Ok(())
}

fn party_row(row: &AnyRow) -> Result<PartyRow> {
    Ok(PartyRow {
        id: row.try_get::<String, _>("id")?.parse().map_err(Error::internal)?,
        name: row.try_get("name")?,
        recipient: row.try_get("recipient")?,
        abroad: row.try_get::<i64, _>("abroad")? != 0,
    })
}

/// A party.
pub(crate) async fn party(tx: &mut Tx<'_>, id: PartyId) -> Result<PartyRow> {
    let row = sqlx::query("select * from party where id = $1")
        .bind(id.to_string())
        .fetch_optional(tx.connection())
        .await?
        .ok_or(Error::NotFound("party"))?;
    party_row(&row)
}

/// Parties by name: those whose name holds a text, so many.
pub(crate) async fn parties(
    tx: &mut Tx<'_>,
    name: Option<&str>,
    limit: Option<i64>,
) -> Result<Vec<PartyRow>> {
    let mut composed = Composed::new("select * from party y where 1=1");
    if let Some(name) = name {
        composed.called("y.id", "y.name", name);
    }
    composed.ordered("y.name", limit);
    composed.fetch(tx.connection()).await?.iter().map(party_row).collect()
}

/// A matter's row.
#[derive(Debug, Clone)]
pub(crate) struct MatterRow {
    pub(crate) facts: MatterFacts,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) basis: String,
    pub(crate) purpose: String,
    pub(crate) return_by: Millis,
    pub(crate) rev: i64,
    pub(crate) party_name: String,
    pub(crate) custodian_name: String,
}

/// Opens a matter.
pub(crate) async fn insert(tx: &mut Tx<'_>, row: &MatterRow) -> Result<()> {
    let facts = &row.facts;
    sqlx::query(
        "insert into matter (id, code, name, party, custodian, state, basis, purpose, return_by, copies, \
         summaries, subcontractor, generative_ai, abroad, personal_device, rev) \
         values ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)",
    )
    .bind(facts.id.to_string())
    .bind(&row.code)
    .bind(&row.name)
    .bind(facts.party.to_string())
    .bind(facts.custodian.to_string())
    .bind(&row.basis)
    .bind(&row.purpose)
    .bind(row.return_by)
    .bind(i64::from(facts.copies))
    .bind(i64::from(facts.summaries))
    .bind(i64::from(facts.subcontractor))
    .bind(i64::from(facts.generative_ai))
    .bind(i64::from(facts.abroad))
    .bind(i64::from(facts.personal_device))
    .execute(tx.connection())
    .await
    .map_err(|error| match Error::from(error) {
        Error::Conflict(_) => Error::invalid("code", "a matter with this code exists already"),
        other => other,
    })?;
    Ok(())
}

/// Reads a matter's facts and then its revision, beginning at a column.
pub(crate) fn facts_at(row: &AnyRow, at: usize) -> Result<(MatterFacts, i64)> {
    let text = |column: usize| row.try_get::<String, _>(at + column);
    let yes = |column: usize| row.try_get::<i64, _>(at + column).map(|value| value != 0);
    let facts = MatterFacts {
        id: text(0)?.parse().map_err(Error::internal)?,
        open: text(1)? == "open",
        party: text(2)?.parse().map_err(Error::internal)?,
        custodian: text(3)?.parse().map_err(Error::internal)?,
        copies: yes(4)?,
        summaries: yes(5)?,
        subcontractor: yes(6)?,
        generative_ai: yes(7)?,
        abroad: yes(8)?,
        personal_device: yes(9)?,
    };
    Ok((facts, row.try_get(at + 10)?))
}

fn matter_row(row: &AnyRow) -> Result<MatterRow> {
    let (facts, rev) = facts_at(row, 0)?;
    Ok(MatterRow {
        facts,
        rev,
        code: row.try_get("code")?,
        name: row.try_get("name")?,
        basis: row.try_get("basis")?,
        purpose: row.try_get("purpose")?,
        return_by: row.try_get("return_by")?,
        party_name: row.try_get("party_name")?,
        custodian_name: row.try_get("custodian_name")?,
    })
}

/// Matters with the names of their parties and custodians.
const MATTER: &str = "select m.id, m.state, m.party, m.custodian, m.copies, m.summaries, m.subcontractor, \
     m.generative_ai, m.abroad, m.personal_device, m.rev, m.code, m.name, m.basis, m.purpose, \
     m.return_by, y.name as party_name, p.name as custodian_name from matter m \
     join party y on y.id = m.party join person p on p.id = m.custodian where ";

/// A matter.
pub(crate) async fn matter(tx: &mut Tx<'_>, id: MatterId) -> Result<Option<MatterRow>> {
    let mut composed = Composed::new(MATTER);
    composed.push("m.id = {}", &[Value::Text(id.to_string())]);
    composed.fetch(tx.connection()).await?.first().map(matter_row).transpose()
}

/// Matters that one may know of, newest first: those whose label holds a text, the open ones, so many.
pub(crate) async fn matters(
    tx: &mut Tx<'_>,
    scope: &Scope,
    name: Option<&str>,
    open: bool,
    limit: Option<i64>,
) -> Result<Vec<MatterRow>> {
    let mut composed = Composed::new(MATTER);
    scope.within(&mut composed);
    if open {
        composed.push(" and m.state = 'open'", &[]);
    }
    if let Some(name) = name {
        composed.called("m.id", "m.code || ' ' || m.name", name);
    }
    composed.ordered("m.id desc", limit);
    composed.fetch(tx.connection()).await?.iter().map(matter_row).collect()
}

/// Puts a person on a matter, or takes them off.
pub(crate) async fn set_member(
    tx: &mut Tx<'_>,
    matter: MatterId,
    person: PersonId,
    works: bool,
) -> Result<()> {
    sqlx::query("delete from member where matter = $1 and person = $2")
        .bind(matter.to_string())
        .bind(person.to_string())
        .execute(tx.connection())
        .await?;
    if works {
        sqlx::query("insert into member (matter, person) values ($1, $2)")
            .bind(matter.to_string())
            .bind(person.to_string())
            .execute(tx.connection())
            .await?;
    }
    Ok(())
}

/// Names of a matter's people.
pub(crate) async fn members(tx: &mut Tx<'_>, matter: MatterId) -> Result<Vec<(PersonId, String)>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select p.id, p.name from member b join person p on p.id = b.person \
         where b.matter = $1 order by p.name, p.id",
    )
    .bind(matter.to_string())
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter().map(|(id, name)| Ok((id.parse().map_err(Error::internal)?, name))).collect()
}

/// Open matters of which somebody is the custodian: one of them or all.
pub(crate) async fn in_custody(
    tx: &mut Tx<'_>,
    person: PersonId,
    only: Option<MatterId>,
) -> Result<Vec<MatterRow>> {
    let mut composed = Composed::new(MATTER);
    composed.push("m.custodian = {} and m.state = 'open'", &[Value::Text(person.to_string())]);
    if let Some(only) = only {
        composed.push(" and m.id = {}", &[Value::Text(only.to_string())]);
    }
    composed.ordered("m.id", None);
    composed.fetch(tx.connection()).await?.iter().map(matter_row).collect()
}

/// Gives a matter another custodian and moves its revision on.
pub(crate) async fn set_custodian(tx: &mut Tx<'_>, matter: MatterId, person: PersonId) -> Result<()> {
    sqlx::query("update matter set custodian = $2, rev = rev + 1 where id = $1")
        .bind(matter.to_string())
        .bind(person.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Takes somebody off all matters; how many.
pub(crate) async fn leave_all(tx: &mut Tx<'_>, person: PersonId) -> Result<u64> {
    let left = sqlx::query("delete from member where person = $1")
        .bind(person.to_string())
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(left)
}

/// Closes a matter and moves its revision on.
pub(crate) async fn close(tx: &mut Tx<'_>, matter: MatterId) -> Result<()> {
    sqlx::query("update matter set state = 'closed', rev = rev + 1 where id = $1")
        .bind(matter.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// How many items and copies are still out under a matter, whoever may know of them.
pub(crate) async fn still_out(tx: &mut Tx<'_>, matter: MatterId) -> Result<i64> {
    let row: (i64,) = sqlx::query_as(
        "select (select count(*) from item i where i.matter = $1 and i.state <> 'returned' \
         and i.state <> 'erased') + (select count(*) from copy c join item i on i.id = c.item \
         where i.matter = $1 and c.ended = 0)",
    )
    .bind(matter.to_string())
    .fetch_one(tx.connection())
    .await?;
    Ok(row.0)
}
