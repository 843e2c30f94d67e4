//! Statements on people.

use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::db::compose::Composed;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{PartyId, PersonId, TokenId};

/// A person's row, without offices and matters.
pub(crate) struct PersonRow {
    pub(crate) id: PersonId,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) employment: String,
    pub(crate) party: Option<PartyId>,
    pub(crate) until: Millis,
    pub(crate) clearance: i64,
    pub(crate) suspended: bool,
    pub(crate) trained_until: Millis,
    pub(crate) acknowledged: i64,
    pub(crate) password: String,
    /// Where they are reached by mail; empty for nowhere.
    pub(crate) mail: String,
}

/// Adds a person.
pub(crate) async fn insert(tx: &mut Tx<'_>, row: &PersonRow) -> Result<()> {
    sqlx::query(
        "insert into person (id, login, name, employment, party, until, clearance, suspended, \
         trained_until, acknowledged, password, mail, rev) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
    )
    .bind(row.id.to_string())
    .bind(&row.login)
    .bind(&row.name)
    .bind(&row.employment)
    .bind(row.party.map_or_else(String::new, |party| party.to_string()))
    .bind(row.until)
    .bind(row.clearance)
    .bind(i64::from(row.suspended))
    .bind(row.trained_until)
    .bind(row.acknowledged)
    .bind(&row.password)
    .bind(&row.mail)
    .execute(tx.connection())
    .await
    .map_err(|error| match Error::from(error) {
        Error::Conflict(_) => Error::invalid("login", "somebody already signs in with this name"),
        other => other,
    })?;
    Ok(())
}

/// A person's row.
pub(crate) async fn person(tx: &mut Tx<'_>, id: PersonId) -> Result<PersonRow> {
    let row = sqlx::query("select * from person where id = $1")
        .bind(id.to_string())
        .fetch_optional(tx.connection())
        .await?
        .ok_or(Error::NotFound("person"))?;
    read(&row)
}

fn read(row: &sqlx::any::AnyRow) -> Result<PersonRow> {
    let party: String = row.try_get("party")?;
    Ok(PersonRow {
        id: row.try_get::<String, _>("id")?.parse().map_err(Error::internal)?,
        login: row.try_get("login")?,
        name: row.try_get("name")?,
        employment: row.try_get("employment")?,
        party: (!party.is_empty()).then(|| party.parse().map_err(Error::internal)).transpose()?,
        until: row.try_get("until")?,
        clearance: row.try_get("clearance")?,
        suspended: row.try_get::<i64, _>("suspended")? != 0,
        trained_until: row.try_get("trained_until")?,
        acknowledged: row.try_get("acknowledged")?,
        password: row.try_get("password")?,
        mail: row.try_get("mail")?,
    })
}

/// People by sign-in name: those whose label holds a text, staff alone, those alone who hold or held an office, so many.
pub(crate) async fn list(
    tx: &mut Tx<'_>,
    name: Option<&str>,
    (staff, officers): (bool, bool),
    limit: Option<i64>,
) -> Result<Vec<PersonRow>> {
    let mut composed = Composed::new("select * from person p where 1=1");
    if staff {
        composed.push(" and p.party = ''", &[]);
    }
    if officers {
        composed.push(
            " and (exists (select 1 from office o where o.person = p.id) \
             or exists (select 1 from delegation d where d.delegate = p.id and d.ended = 0))",
            &[],
        );
    }
    if let Some(name) = name {
        composed.called("p.id", "p.name || ' (' || p.login || ')'", name);
    }
    composed.ordered("p.login", limit);
    composed.fetch(tx.connection()).await?.iter().map(read).collect()
}

/// Says where a person is reached by mail. No rule speaks of it: their revision stays.
pub(crate) async fn set_mail(tx: &mut Tx<'_>, id: PersonId, mail: &str) -> Result<()> {
    sqlx::query("update person set mail = $2 where id = $1")
        .bind(id.to_string())
        .bind(mail)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Writes a person's row back and moves its revision on.
pub(crate) async fn update(tx: &mut Tx<'_>, row: &PersonRow) -> Result<()> {
    sqlx::query(
        "update person set name = $2, employment = $3, until = $4, clearance = $5, suspended = $6, \
         trained_until = $7, acknowledged = $8, password = $9, rev = rev + 1 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(&row.name)
    .bind(&row.employment)
    .bind(row.until)
    .bind(row.clearance)
    .bind(i64::from(row.suspended))
    .bind(row.trained_until)
    .bind(row.acknowledged)
    .bind(&row.password)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Moves a person's revision on.
pub(crate) async fn touch(tx: &mut Tx<'_>, id: PersonId) -> Result<()> {
    sqlx::query("update person set rev = rev + 1 where id = $1")
        .bind(id.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// What a token is used from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionKind {
    /// A program or a script, which shows it as a bearer token.
    Token,
    /// A browser, which keeps it in a cookie.
    Browser,
}

impl SessionKind {
    fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Browser => "browser",
        }
    }
}

/// A token's row.
pub(crate) struct TokenRow {
    pub(crate) id: TokenId,
    pub(crate) person: PersonId,
    pub(crate) digest: String,
    pub(crate) kind: SessionKind,
    pub(crate) scope: String,
    /// Where a browser's session is bound to; empty for a token.
    pub(crate) zone: String,
    /// The digest of the browser's cookie that a session is bound to; empty for none.
    pub(crate) device: String,
    pub(crate) label: String,
    pub(crate) expires: Millis,
}

/// Keeps a token; those of the person that have expired go.
pub(crate) async fn insert_token(tx: &mut Tx<'_>, row: &TokenRow) -> Result<()> {
    let now = tx.now();
    sqlx::query("delete from token where person = $1 and expires <= $2")
        .bind(row.person.to_string())
        .bind(now)
        .execute(tx.connection())
        .await?;
    let used = if row.kind == SessionKind::Browser { now } else { 0 };
    sqlx::query(
        "insert into token (id, person, digest, scope, label, expires, created, kind, zone, used, device) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.id.to_string())
    .bind(row.person.to_string())
    .bind(&row.digest)
    .bind(&row.scope)
    .bind(&row.label)
    .bind(row.expires)
    .bind(now)
    .bind(row.kind.name())
    .bind(&row.zone)
    .bind(used)
    .bind(&row.device)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A session or token, as its owner sees it.
pub(crate) struct SessionRow {
    pub(crate) id: TokenId,
    pub(crate) kind: String,
    pub(crate) label: String,
    pub(crate) scope: String,
    pub(crate) zone: String,
    pub(crate) created: Millis,
    pub(crate) used: Millis,
    pub(crate) expires: Millis,
}

/// The asker's own sessions and tokens that are still good, newest first.
pub(crate) async fn sessions(tx: &mut Tx<'_>) -> Result<Vec<SessionRow>> {
    let (person, now) = (tx.asker_id()?, tx.now());
    let rows = sqlx::query(
        "select id, kind, label, scope, zone, created, used, expires from token \
         where person = $1 and expires > $2 order by id desc",
    )
    .bind(person.to_string())
    .bind(now)
    .fetch_all(tx.connection())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(SessionRow {
                id: row.try_get::<String, _>(0)?.parse().map_err(Error::internal)?,
                kind: row.try_get(1)?,
                label: row.try_get(2)?,
                scope: row.try_get(3)?,
                zone: row.try_get(4)?,
                created: row.try_get(5)?,
                used: row.try_get(6)?,
                expires: row.try_get(7)?,
            })
        })
        .collect()
}

/// A browser's session, by its token's digest.
pub(crate) struct BrowserSession {
    pub(crate) id: TokenId,
    pub(crate) person: PersonId,
    pub(crate) name: String,
    /// Whether the person is a guest.
    pub(crate) guest: bool,
    pub(crate) zone: String,
    pub(crate) used: Millis,
    pub(crate) expires: Millis,
    /// When a second factor was last shown, 0 never.
    pub(crate) proved: Millis,
    /// The digest of the browser's cookie that it is bound to; empty for none.
    pub(crate) device: String,
    /// What kind of device it is, when it is registered to the person and, for the firm's, confirmed.
    pub(crate) device_kind: Option<String>,
}

/// The browser's session with this digest.
pub(crate) async fn browser_session(
    connection: &mut AnyConnection,
    digest: &str,
) -> Result<Option<BrowserSession>> {
    let row = sqlx::query(
        "select t.id, t.person, p.name, p.party, t.zone, t.used, t.expires, t.proved, t.device, \
         (select coalesce(max(d.kind), '') from device d where d.digest = t.device and d.person = t.person \
         and d.ended = 0 and t.device <> '' and d.kind <> 'claimed') \
         from token t join person p on p.id = t.person where t.digest = $1 and t.kind = 'browser'",
    )
    .bind(digest)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(BrowserSession {
            id: row.try_get::<String, _>(0)?.parse().map_err(Error::internal)?,
            person: row.try_get::<String, _>(1)?.parse().map_err(Error::internal)?,
            name: row.try_get(2)?,
            guest: !row.try_get::<String, _>(3)?.is_empty(),
            zone: row.try_get(4)?,
            used: row.try_get(5)?,
            expires: row.try_get(6)?,
            proved: row.try_get(7)?,
            device: row.try_get(8)?,
            device_kind: Some(row.try_get(9)?).filter(|kind: &String| !kind.is_empty()),
        })
    })
    .transpose()
}

/// Notes that a session is in use.
pub(crate) async fn touch_session(connection: &mut AnyConnection, id: TokenId, now: Millis) -> Result<()> {
    sqlx::query("update token set used = $2 where id = $1 and used < $2")
        .bind(id.to_string())
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a person's sessions and tokens but one; how many.
pub(crate) async fn end_others(tx: &mut Tx<'_>, person: PersonId, but: Option<TokenId>) -> Result<u64> {
    let ended = sqlx::query("delete from token where person = $1 and id <> $2")
        .bind(person.to_string())
        .bind(but.map_or_else(String::new, |but| but.to_string()))
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(ended)
}

/// Ends a person's token; whether there was one.
pub(crate) async fn delete_token(tx: &mut Tx<'_>, token: TokenId, person: PersonId) -> Result<bool> {
    let gone = sqlx::query("delete from token where id = $1 and person = $2")
        .bind(token.to_string())
        .bind(person.to_string())
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(gone > 0)
}

/// A program's token: its id, whose it is, its scope and its end, by its digest.
pub(crate) async fn token(
    connection: &mut AnyConnection,
    digest: &str,
) -> Result<Option<(TokenId, PersonId, String, Millis)>> {
    let row: Option<(String, String, String, i64)> =
        sqlx::query_as("select id, person, scope, expires from token where digest = $1 and kind = 'token'")
            .bind(digest)
            .fetch_optional(connection)
            .await?;
    row.map(|(id, person, scope, expires)| {
        let (id, person) = (id.parse().map_err(Error::internal)?, person.parse().map_err(Error::internal)?);
        Ok((id, person, scope, expires))
    })
    .transpose()
}

/// A person's id and password verifier by what they sign in with.
pub(crate) async fn verifier(
    connection: &mut AnyConnection,
    login: &str,
) -> Result<Option<(PersonId, String)>> {
    let row: Option<(String, String)> = sqlx::query_as("select id, password from person where login = $1")
        .bind(login)
        .fetch_optional(connection)
        .await?;
    row.map(|(id, password)| Ok((id.parse().map_err(Error::internal)?, password))).transpose()
}

/// The member of staff with this sign-in name.
pub(crate) async fn staff(connection: &mut AnyConnection, login: &str) -> Result<Option<PersonId>> {
    let row: Option<(String,)> = sqlx::query_as("select id from person where login = $1 and party = ''")
        .bind(login)
        .fetch_optional(connection)
        .await?;
    row.map(|(id,)| id.parse().map_err(Error::internal)).transpose()
}

/// Whether what somebody signs in with is still so when their session or token is made: a password may have been changed,
/// a second factor set up, everything reset, while they waited for their turn.
pub(crate) async fn still_signs_in(tx: &mut Tx<'_>, password: Option<&str>, factor: bool) -> Result<()> {
    let id = tx.asker_id()?;
    let changed = match password {
        Some(checked) => person(tx, id).await?.password != checked,
        None => false,
    };
    if changed || (!factor && has_factor(tx).await?) {
        return Err(Error::conflict("what you sign in with was changed meanwhile: sign in again"));
    }
    Ok(())
}

/// Holds whoever removes something that they sign in with to keeping something that signs them in alone: a password, a passkey,
/// or an account with the firm's provider.
pub(crate) async fn check_way_in(tx: &mut Tx<'_>) -> Result<()> {
    let id = tx.asker_id()?;
    let row: (i64,) = sqlx::query_as(
        "select (select count(*) from passkey where person = $1 and removed = 0) \
         + (select count(*) from account where person = $1) \
         + (select count(*) from person where id = $1 and password <> '')",
    )
    .bind(id.to_string())
    .fetch_one(tx.connection())
    .await?;
    if row.0 == 0 {
        return Err(Error::conflict("nothing would be left to sign in with: set up a passkey first"));
    }
    Ok(())
}

/// Whether the asker has a second factor.
pub(crate) async fn has_factor(tx: &mut Tx<'_>) -> Result<bool> {
    let id = tx.asker_id()?;
    let row: (i64,) = sqlx::query_as(
        "select (select count(*) from passkey where person = $1 and removed = 0) \
         + (select count(*) from totp where person = $1)",
    )
    .bind(id.to_string())
    .fetch_one(tx.connection())
    .await?;
    Ok(row.0 > 0)
}
