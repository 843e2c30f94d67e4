//! The ways to the root key. Each slot wraps the same root key for another holder.
//!
//! - a passphrase, stretched by Argon2id (RFC 9106);
//! - a key file of 32 random bytes, kept outside the data folder;
//! - a recovery recipient (age X25519) whose identity is kept offline: the way back when the others
//!   are lost. A keyring without one is not made.

use std::str::FromStr;

use age::secrecy::ExposeSecret;
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use crate::keys::{Key, fill_random};

/// Why a slot did not give the root key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// No slot of this kind opens with what was given.
    #[error("no slot opens with this {0}: it is not the right one, or the slot was removed")]
    Refused(&'static str),
    /// What was given cannot be a key of its kind.
    #[error("{0}")]
    Malformed(String),
}

/// One way to the root key, as kept in the keyring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Slot {
    /// Opened by a passphrase.
    Passphrase {
        /// Argon2id salt, 16 bytes in hexadecimal.
        salt: String,
        /// Argon2id memory in KiB.
        memory: u32,
        /// Argon2id passes.
        passes: u32,
        /// The wrapped root key in hexadecimal.
        wrapped: String,
    },
    /// Opened by a key file.
    KeyFile {
        /// The wrapped root key in hexadecimal.
        wrapped: String,
    },
    /// Opened by an age identity kept offline.
    Recovery {
        /// The age recipient, public.
        recipient: String,
        /// The root key as an age file in hexadecimal.
        wrapped: String,
    },
}

/// What a person or a service brings to open the keyring.
pub enum Unlock<'a> {
    /// A passphrase.
    Passphrase(&'a str),
    /// The contents of a key file.
    KeyFile(&'a Key),
    /// The text of an age identity, `AGE-SECRET-KEY-1…`.
    Recovery(&'a str),
}

const PASSPHRASE: &[u8] = b"kura/slot/passphrase/v1";
const KEY_FILE: &[u8] = b"kura/slot/key-file/v1";

/// Argon2id cost of a new passphrase slot: 256 MiB, 3 passes, 1 lane; above RFC 9106's second choice.
const MEMORY: u32 = 256 * 1024;
const PASSES: u32 = 3;

fn stretch(passphrase: &str, salt: &[u8], memory: u32, passes: u32) -> Result<Key, SlotError> {
    let bad = |error: argon2::Error| SlotError::Malformed(format!("passphrase slot: {error}"));
    let params = Params::new(memory, passes, 1, Some(32)).map_err(bad)?;
    let mut bytes = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut bytes)
        .map_err(bad)?;
    Ok(Key::from_bytes(&bytes).expect("32 bytes"))
}

impl Slot {
    /// A slot for a passphrase of at least 12 characters.
    pub fn passphrase(root: &Key, passphrase: &str) -> Result<Self, SlotError> {
        if passphrase.chars().count() < 12 {
            return Err(SlotError::Malformed("a passphrase has at least 12 characters".to_owned()));
        }
        let mut salt = [0; 16];
        fill_random(&mut salt);
        let key = stretch(passphrase, &salt, MEMORY, PASSES)?;
        Ok(Self::Passphrase {
            salt: hex::encode(salt),
            memory: MEMORY,
            passes: PASSES,
            wrapped: hex::encode(key.wrap(PASSPHRASE, root)),
        })
    }

    /// A slot for a key file.
    pub fn key_file(root: &Key, key: &Key) -> Self {
        Self::KeyFile { wrapped: hex::encode(key.wrap(KEY_FILE, root)) }
    }

    /// A slot for an age recipient, `age1…`.
    pub fn recovery(root: &Key, recipient: &str) -> Result<Self, SlotError> {
        let parsed = age::x25519::Recipient::from_str(recipient)
            .map_err(|error| SlotError::Malformed(format!("not an age recipient: {error}")))?;
        let wrapped =
            age::encrypt(&parsed, root.expose()).map_err(|error| SlotError::Malformed(error.to_string()))?;
        Ok(Self::Recovery { recipient: recipient.to_owned(), wrapped: hex::encode(wrapped) })
    }

    /// The root key, when this slot is of the given kind and opens.
    fn open(&self, unlock: &Unlock<'_>) -> Option<Key> {
        match (self, unlock) {
            (Self::Passphrase { salt, memory, passes, wrapped }, Unlock::Passphrase(passphrase)) => {
                let salt = hex::decode(salt).ok()?;
                let key = stretch(passphrase, &salt, *memory, *passes).ok()?;
                key.unwrap_key(PASSPHRASE, &hex::decode(wrapped).ok()?).ok()
            }
            (Self::KeyFile { wrapped }, Unlock::KeyFile(key)) => {
                key.unwrap_key(KEY_FILE, &hex::decode(wrapped).ok()?).ok()
            }
            (Self::Recovery { wrapped, .. }, Unlock::Recovery(identity)) => {
                let identity = age::x25519::Identity::from_str(identity.trim()).ok()?;
                let bytes = age::decrypt(&identity, &hex::decode(wrapped).ok()?).ok()?;
                Key::from_bytes(&zeroize::Zeroizing::new(bytes))
            }
            _ => None,
        }
    }
}

/// Opens the first slot that what was brought fits.
pub fn open(slots: &[Slot], unlock: &Unlock<'_>) -> Result<Key, SlotError> {
    slots.iter().find_map(|slot| slot.open(unlock)).ok_or(SlotError::Refused(match unlock {
        Unlock::Passphrase(_) => "passphrase",
        Unlock::KeyFile(_) => "key file",
        Unlock::Recovery(_) => "recovery identity",
    }))
}

/// A fresh age identity for recovery: its secret text, to be kept offline, and its public recipient.
pub fn recovery_identity() -> (zeroize::Zeroizing<String>, String) {
    let identity = age::x25519::Identity::generate();
    let secret = zeroize::Zeroizing::new(identity.to_string().expose_secret().to_owned());
    (secret, identity.to_public().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slot_opens_with_its_own_secret_and_no_other() {
        let root = Key::random();
        let file = Key::random();
        let (identity, recipient) = recovery_identity();
        let slots = [
            Slot::passphrase(&root, "correct horse battery").unwrap(),
            Slot::key_file(&root, &file),
            Slot::recovery(&root, &recipient).unwrap(),
        ];
        let text = serde_json::to_string(&slots).unwrap();
        let slots: Vec<Slot> = serde_json::from_str(&text).unwrap();
        for unlock in
            [Unlock::Passphrase("correct horse battery"), Unlock::KeyFile(&file), Unlock::Recovery(&identity)]
        {
            assert_eq!(open(&slots, &unlock).unwrap().expose(), root.expose());
        }
        let (stranger, _) = recovery_identity();
        for unlock in [
            Unlock::Passphrase("correct horse batterie"),
            Unlock::KeyFile(&Key::random()),
            Unlock::Recovery(&stranger),
            Unlock::Recovery("no identity"),
        ] {
            assert!(matches!(open(&slots, &unlock), Err(SlotError::Refused(_))));
        }
        assert!(open(&slots[1..], &Unlock::Passphrase("correct horse battery")).is_err());
        assert!(Slot::passphrase(&root, "too short").is_err());
        assert!(Slot::recovery(&root, "age1nonsense").is_err());
    }
}
