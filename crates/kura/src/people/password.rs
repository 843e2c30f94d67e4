//! Passwords, kept as Argon2id verifiers (RFC 9106, PHC string) and never recorded.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use kura_vault::keys::fill_random;
use serde::{Deserialize, Serialize};

use super::store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Memory 19 MiB, 2 passes, 1 lane: the smallest that OWASP's password storage guidance accepts.
fn hasher() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("these parameters are within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Checks a password's length: 12 to 512 characters.
pub fn check(password: &str) -> Result<()> {
    if (12..=512).contains(&password.chars().count()) {
        Ok(())
    } else {
        Err(Error::invalid("password", "a password has 12 to 512 characters"))
    }
}

/// The verifier of a password of 12 to 512 characters.
pub fn verifier(password: &str) -> Result<String> {
    check(password)?;
    let mut salt = [0; 16];
    fill_random(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(Error::internal)?;
    let hash = hasher().hash_password(password.as_bytes(), &salt).map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// Whether a password fits a verifier. Takes as long for a verifier that does not exist.
pub fn fits(password: &str, verifier: &str) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let known = PasswordHash::new(verifier);
    let against = match &known {
        Ok(hash) => hash.clone(),
        Err(_) => PasswordHash::new(NOBODY).expect("a well-formed verifier"),
    };
    hasher().verify_password(password.as_bytes(), &against).is_ok() && known.is_ok()
}

/// Sets one's own password, for whoever gives the present one; ends one's other sessions and tokens.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// The present password.
    #[arg(long, env = "KURA_PASSWORD", hide_env_values = true)]
    pub current: String,
    /// The new password, 12 to 512 characters.
    #[arg(long, env = "KURA_NEW_PASSWORD", hide_env_values = true)]
    pub password: String,
    /// The verifier that the present password was held against, and fits.
    #[arg(skip)]
    #[serde(skip)]
    #[schema(ignore)]
    fits: Option<String>,
}

impl SetPassword {
    /// Sets the password from the present one to a new one.
    pub fn from_to(current: &str, password: &str) -> Self {
        Self { current: current.to_owned(), password: password.to_owned(), fits: None }
    }
}

impl Operation for SetPassword {
    const ACTION: Action = Action("set_password");
    const WRITES: bool = true;
    const SECRET: bool = true;
    const PREPARES: bool = true;
    const GATHERS: bool = true;
    const TELLS_WHY_NOT: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    fn prepare(&mut self) -> Result<()> {
        self.password = verifier(&self.password)?;
        Ok(())
    }

    async fn gather(&mut self, _: &Installation, tx: &mut Tx<'_>) -> Result<()> {
        // So many guesses an hour, whoever came by the session.
        tx.spend_probe()?;
        let asker = tx.asker_id()?;
        let kept = store::person(tx, asker).await?.password;
        let (given, against) = (std::mem::take(&mut self.current), kept.clone());
        let fits =
            tokio::task::spawn_blocking(move || fits(&given, &against)).await.map_err(Error::internal)?;
        self.fits = fits.then_some(kept);
        Ok(())
    }

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let id = tx.asker_id()?;
        let mut person = store::person(tx, id).await?;
        if self.fits.is_none_or(|fits| fits != person.password) {
            return Err(Error::conflict("the present password is wrong"));
        }
        person.password = self.password;
        store::update(tx, &person).await?;
        // Whoever changes a password may do so because somebody else has it.
        let ended = store::end_others(tx, id, tx.session()).await?;
        tx.note("change", "password");
        tx.note("ended", ended.to_string());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_verifier_only() {
        let kept = verifier("correct horse battery").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits("correct horse battery", &kept));
        assert!(!fits("correct horse batterie", &kept));
        assert!(!fits("correct horse battery", ""));
        assert!(verifier("short").is_err());
    }
}
