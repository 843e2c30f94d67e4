//! Passkeys at the desk: what an authenticator is asked, and whether its answer holds. A challenge is kept here until it is
//! answered or five minutes have passed, and is good for one person and one purpose.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use kura_ledger::passkey::{self, Asked, Assertion, PublicKey};
use kura_vault::keys::random_bytes;

use crate::clock::Millis;
use crate::door::{Door, Stranger};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::people::factor::Used;
use crate::people::passkey_store::{self, PasskeyRow};

/// How long a challenge may be answered.
const VALID: Millis = 5 * 60 * 1000;
/// Challenges kept at once; beyond it the oldest go, those of nobody in particular first.
const MOST: usize = 10_000;

/// For what a passkey is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be registered.
    Register(PersonId),
    /// To sign in without a password: whoever it is.
    SignIn,
    /// To sign in after the password fitted.
    Second(PersonId),
    /// To sign in with a code after the password fitted.
    Code(PersonId),
    /// To show oneself again within a session.
    Prove(PersonId),
    /// To sign a text.
    Consent(PersonId, String),
}

impl Purpose {
    /// The person who must answer; nobody in particular for a sign-in without a name.
    fn person(&self) -> Option<PersonId> {
        match self {
            Self::SignIn => None,
            Self::Register(person)
            | Self::Second(person)
            | Self::Code(person)
            | Self::Prove(person)
            | Self::Consent(person, _) => Some(*person),
        }
    }
}

/// A challenge that waits for its answer.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) purpose: Purpose,
    pub(crate) challenge: [u8; 32],
    expires: Millis,
}

/// The challenges that wait.
#[derive(Clone, Default)]
pub(crate) struct Challenges(Arc<Mutex<HashMap<String, Pending>>>);

impl Challenges {
    /// Keeps a fresh challenge; gives the name by which its answer comes.
    pub(crate) fn ask(&self, purpose: Purpose, now: Millis) -> (String, [u8; 32]) {
        let challenge = random_bytes();
        (self.ask_for(purpose, challenge, now), challenge)
    }

    /// The same with a challenge of the caller's: the digest of what is to be signed.
    pub(crate) fn ask_for(&self, purpose: Purpose, challenge: [u8; 32], now: Millis) -> String {
        let name = hex::encode(random_bytes::<16>());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.retain(|_, pending| pending.expires > now);
        }
        if kept.len() >= MOST {
            // Whoever has not signed in at all can ask as often as they like: their challenges go first, never those of
            // somebody whose password fitted or who is in.
            let known = |pending: &Pending| pending.purpose != Purpose::SignIn;
            let oldest = kept.iter().min_by_key(|(_, pending)| (known(pending), pending.expires));
            let oldest = oldest.map(|(name, _)| name.clone());
            oldest.and_then(|oldest| kept.remove(&oldest));
        }
        kept.insert(name.clone(), Pending { purpose, challenge, expires: now + VALID });
        name
    }

    /// Takes a challenge out: it is answered once.
    pub(crate) fn take(&self, name: &str, now: Millis) -> Option<Pending> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        taken.filter(|pending| pending.expires > now)
    }
}

/// The site that asks: where its pages come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    /// The relying party's id: the domain.
    pub(crate) rp_id: String,
    /// The origin.
    pub(crate) origin: String,
}

impl Site {
    /// The site of an origin; nothing for an address of numbers, which no passkey is for.
    pub(crate) fn of(origin: &str) -> Option<Self> {
        let (_, host) = origin.split_once("://")?;
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        let numbers = name.starts_with('[') || name.parse::<std::net::IpAddr>().is_ok();
        (!numbers && !name.is_empty()).then(|| Self { rp_id: name.to_owned(), origin: origin.to_owned() })
    }

    fn asked<'a>(&'a self, challenge: &'a [u8]) -> Asked<'a> {
        Asked { rp_id: &self.rp_id, origin: &self.origin, challenge }
    }
}

/// What an authenticator answered, in base64url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Name of the challenge.
    pub(crate) name: String,
    /// The credential's id.
    pub(crate) credential: String,
    /// What it signed, and the signature.
    pub(crate) assertion: Assertion,
}

fn refused() -> Error {
    Error::Unauthenticated("the passkey was not accepted: try again".to_owned())
}

/// A registration's answer, checked.
pub(crate) fn registered(
    site: &Site,
    pending: &Pending,
    client_data: &str,
    authenticator_data: &str,
) -> Result<passkey::Registered> {
    let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| refused());
    passkey::register(&site.asked(&pending.challenge), &bytes(client_data)?, &bytes(authenticator_data)?)
        .map_err(|error| Error::invalid("", error))
}

/// Whose passkey answered a challenge that was taken out, and its use: it is registered, its person is the one who was
/// asked, and the signature is its own. Whether the counter follows is for whoever records the use.
pub(crate) async fn answered(
    door: &Door,
    site: &Site,
    pending: &Pending,
    answer: &Answer,
) -> Result<(PasskeyRow, Used)> {
    let known = {
        let mut reader = door.database().reader().await?;
        passkey_store::by_credential(&mut reader, &answer.credential).await?
    };
    let verified = known.and_then(|row| {
        let theirs = pending.purpose.person().is_none_or(|person| person == row.person);
        let key = PublicKey::from_hex(&row.public_key).ok()?;
        let counter = answer.assertion.verify(&site.asked(&pending.challenge), &key).ok()?;
        theirs.then_some((row, counter))
    });
    let Some((row, counter)) = verified else {
        door.count_stranger(Stranger::Password);
        tracing::warn!("a passkey was refused");
        return Err(refused());
    };
    let used = Used { credential: row.credential.clone(), counter };
    Ok((row, used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_domain() {
        let of = |origin: &str| Site::of(origin).map(|site| site.rp_id);
        assert_eq!(of("https://kura.example.jp"), Some("kura.example.jp".to_owned()));
        assert_eq!(of("http://localhost:8420"), Some("localhost".to_owned()));
        assert_eq!(of("http://127.0.0.1:8420"), None);
        assert_eq!(of("http://[::1]:8420"), None);
    }

    #[test]
    fn a_challenge_is_answered_once_and_in_time() {
        let challenges = Challenges::default();
        let (name, challenge) = challenges.ask(Purpose::SignIn, 0);
        assert_eq!(challenges.take(&name, 1).map(|pending| pending.challenge), Some(challenge));
        assert!(challenges.take(&name, 1).is_none());
        let (name, _) = challenges.ask(Purpose::SignIn, 0);
        assert!(challenges.take(&name, VALID).is_none());
        let (name, _) = challenges.ask(Purpose::Code(PersonId::new(1, &[1; 10])), 7);
        for _ in 0..MOST + 10 {
            challenges.ask(Purpose::SignIn, 8);
        }
        assert!(challenges.0.lock().unwrap().len() <= MOST);
        assert!(challenges.take(&name, 9).is_some(), "a flood of strangers pushes nobody out");
    }
}
