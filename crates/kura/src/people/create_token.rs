//! Signs a person in: makes a token, which a client shows with each request until it expires.

use aws_lc_rs::digest;
use kura_vault::keys::random_bytes;
use serde::{Deserialize, Serialize};

use super::store;
use crate::clock::{self, Millis};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::TokenId;
use crate::rules::facts::Action;
use crate::text::Name;

const DAY: Millis = 24 * 60 * 60 * 1000;
/// Days for which a token is good at most.
const MOST_DAYS: i64 = 90;
/// Days for which one for a calendar is good at most: it opens nothing but the days of one's duties.
const MOST_CALENDAR_DAYS: i64 = 400;

/// What a token may be used for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Scope {
    /// Everything that the person may do.
    #[default]
    All,
    /// Reading only.
    Read,
    /// One's own calendar of duties, and nothing else.
    Calendar,
}

/// Makes a token for oneself.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// What it is for, for example the device's name.
    #[arg(long)]
    pub label: Name,
    /// What it may be used for.
    #[arg(long, value_enum, default_value = "all")]
    #[serde(default)]
    pub scope: Scope,
    /// Days for which it is good, 1 when left out, at most 90; for the calendar 365 when left out, at most 400.
    #[arg(long)]
    #[serde(default)]
    pub days: Option<i64>,
    /// At a sign-in, the verifier that the password was held against.
    #[arg(skip)]
    #[serde(skip)]
    #[schema(ignore)]
    pub password: Option<String>,
    /// At a sign-in, whether a second factor was shown as well.
    #[arg(skip)]
    #[serde(skip)]
    #[schema(ignore)]
    pub shown: bool,
}

/// The token. It is shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TokenCreated {
    /// Its id, to revoke it by.
    pub id: TokenId,
    /// The token itself.
    pub token: String,
    /// Until when it is good.
    pub expires: String,
}

/// What the register keeps of a token.
pub fn token_digest(token: &str) -> String {
    hex::encode(digest::digest(&digest::SHA256, token.as_bytes()))
}

/// A fresh token.
pub(super) fn fresh_token() -> String {
    format!("kura_{}", hex::encode(random_bytes::<32>()))
}

impl Operation for CreateToken {
    const ACTION: Action = Action("create_token");
    const WRITES: bool = true;
    const SECRET: bool = true;
    type Subject = Installation;
    type Output = TokenCreated;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<TokenCreated> {
        if let Some(password) = &self.password {
            store::still_signs_in(tx, Some(password), self.shown).await?;
        }
        let (usual, most) = match self.scope {
            Scope::All | Scope::Read => (1, MOST_DAYS),
            Scope::Calendar => (365, MOST_CALENDAR_DAYS),
        };
        let days = self.days.unwrap_or(usual);
        if !(1..=most).contains(&days) {
            return Err(Error::invalid("days", format!("a token is good for 1 to {most} days")));
        }
        let token = fresh_token();
        let row = store::TokenRow {
            id: tx.id(TokenId::new),
            person: tx.asker_id()?,
            digest: token_digest(&token),
            kind: store::SessionKind::Token,
            zone: String::new(),
            device: String::new(),
            scope: super::super::custody::name_of(self.scope),
            label: self.label.into(),
            expires: tx.now() + days * DAY,
        };
        store::insert_token(tx, &row).await?;
        tx.note("token", row.id.to_string());
        tx.note("label", row.label);
        Ok(TokenCreated { id: row.id, token, expires: clock::rfc3339(row.expires) })
    }
}
