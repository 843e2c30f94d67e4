//! Opens a session in a browser for someone whose sign-in was checked. No edge offers it: only the desk passes it.

use serde::{Deserialize, Serialize};

use super::account_store;
use super::create_token::{TokenCreated, fresh_token, token_digest};
use super::factor::Factor;
use super::passkey_store;
use super::store::{self, SessionKind};
use crate::clock::{self, Millis};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::TokenId;
use crate::openid::Account;
use crate::rules::facts::Action;
use crate::text::Name;

/// Opens a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenSession {
    /// What the browser says of itself.
    pub(crate) label: Name,
    /// The zone to which the session is bound.
    pub(crate) zone: String,
    /// The digest of the browser's cookie, to which the session is bound; empty when it keeps none.
    pub(crate) device: String,
    /// How long it lasts at most, in milliseconds.
    pub(crate) lasts: Millis,
    /// The verifier that the password was held against, when that is all that was shown.
    pub(crate) password: Option<String>,
    /// The account with the provider that vouched for the person, when that is all that was shown.
    pub(crate) account: Option<Account>,
    /// The second factor that was shown.
    pub(crate) factor: Option<Factor>,
}

impl Operation for OpenSession {
    const ACTION: Action = Action("open_session");
    const WRITES: bool = true;
    const SECRET: bool = true;
    const TELLS_WHY_NOT: bool = true;
    type Subject = Installation;
    type Output = TokenCreated;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<TokenCreated> {
        store::still_signs_in(tx, self.password.as_deref(), self.factor.is_some()).await?;
        if let Some(account) = &self.account {
            account_store::still(tx, account).await?;
            tx.note("factor", "provider");
        }
        let token = fresh_token();
        let row = store::TokenRow {
            id: tx.id(TokenId::new),
            person: tx.asker_id()?,
            digest: token_digest(&token),
            kind: SessionKind::Browser,
            scope: "all".to_owned(),
            zone: self.zone,
            device: self.device,
            label: self.label.into(),
            expires: tx.now() + self.lasts,
        };
        store::insert_token(tx, &row).await?;
        if let Some(factor) = &self.factor {
            factor.show(tx).await?;
            passkey_store::set_proved(tx, row.id).await?;
        }
        tx.note("session", row.id.to_string());
        tx.note("label", row.label);
        tx.note("zone", row.zone);
        Ok(TokenCreated { id: row.id, token, expires: clock::rfc3339(row.expires) })
    }
}
