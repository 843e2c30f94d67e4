//! 同意の署名: what a person approved, signed by their own passkey and not by the server.
//!
//! The text that is signed names the log, the operation, exactly its input, the revision of what it is about, the person,
//! and a random number, so that it is good once and for nothing else. The passkey's challenge is the text's SHA-256. The
//! record of the operation keeps text and signature, the record by which the passkey was registered keeps its public key,
//! and both are in the ledger. The signature is made by the person's authenticator alone. What a server that was taken over
//! can still do: show a person one thing and have them sign another, as any page can; and register a key of its own as
//! theirs, which then stands in the ledger for them and everyone to see.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::checkpoint::{Checkpoint, VerifyKey};
use crate::leaf::{Leaf, Opening, Outcome};
use crate::passkey::{Asked, Assertion, PasskeyError, PublicKey};
use crate::proof::{Proof, ProofError};
use crate::succession::Succession;

/// Field of a record with the consent to it.
pub const CONSENT: &str = "consent";
/// Field of a record with the public key of the passkey that it registers.
pub const PASSKEY: &str = "passkey";
/// The operation that registers a passkey.
pub const ADD_PASSKEY: &str = "add_passkey";
/// Version of the text.
pub const FORMAT: u32 = 1;

/// What a person consents to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// [`FORMAT`].
    pub kura_consent: u32,
    /// The log's name.
    pub log: String,
    /// The operation.
    pub operation: String,
    /// Its input, as the record keeps it.
    pub input: String,
    /// Revision of what it is about, as the person saw it.
    pub revision: i64,
    /// Id of the person.
    pub person: String,
    /// 32 random bytes in hexadecimal: a consent is good once.
    pub nonce: String,
    /// When it was asked for, in UTC (RFC 3339).
    pub at: String,
}

/// A consent with its signature, as a record keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The text that was signed: a [`Consent`] as JSON.
    pub text: String,
    /// The relying party's id under which the passkey was asked.
    pub rp_id: String,
    /// The origin of the page that asked.
    pub origin: String,
    /// The passkey's public key: COSE in hexadecimal.
    pub key: String,
    /// What the passkey answered.
    pub assertion: Assertion,
}

/// The challenge for a text: its SHA-256.
pub fn challenge(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Why a record does not show what it claims.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file is not in its form.
    #[error("the record's file is malformed: {0}")]
    Format(String),
    /// An entry is not in the ledger.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The chain of the log's keys does not hold.
    #[error(transparent)]
    Note(#[from] crate::checkpoint::NoteError),
    /// A field is not what the entry commits to.
    #[error("the field {0} is not what the entry commits to")]
    Field(String),
    /// The signature does not hold.
    #[error("the consent does not hold: {0}")]
    Passkey(#[from] PasskeyError),
    /// The consent is to something else.
    #[error("the consent is to something else than the record: its {0} differs")]
    Other(&'static str),
    /// The passkey is not the person's by the ledger.
    #[error("the passkey is not registered in the ledger as this person's")]
    Unregistered,
}

impl Signed {
    /// Checks the signature; gives what was consented to and the passkey's counter.
    ///
    /// # Errors
    /// A text that is none, a signature that is not this key's over exactly this text.
    pub fn verify(&self) -> Result<(Consent, u32), RecordError> {
        let consent: Consent =
            serde_json::from_str(&self.text).map_err(|error| RecordError::Format(error.to_string()))?;
        if consent.kura_consent != FORMAT {
            return Err(RecordError::Format(format!("consent format {}", consent.kura_consent)));
        }
        let asked = Asked { rp_id: &self.rp_id, origin: &self.origin, challenge: &challenge(&self.text) };
        let counter = self.assertion.verify(&asked, &PublicKey::from_hex(&self.key)?)?;
        Ok((consent, counter))
    }
}

/// An entry of the ledger with what its holder may see of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The entry's text.
    pub leaf: String,
    /// Openings of its fields.
    pub openings: Vec<Opening>,
    /// C2SP tlog-proof of the entry.
    pub proof: String,
}

impl Shown {
    /// Checks the entry and its fields; gives it with its index and the checkpoint that covers it.
    fn verify(
        &self,
        log: &VerifyKey,
        witnesses: &[VerifyKey],
    ) -> Result<(Leaf, u64, Checkpoint), RecordError> {
        let proof = Proof::parse(&self.proof)?;
        let checkpoint = proof.verify(self.leaf.as_bytes(), log, witnesses)?;
        let leaf = Leaf::parse(self.leaf.as_bytes()).map_err(RecordError::Format)?;
        for opening in &self.openings {
            if !leaf.holds(opening) {
                return Err(RecordError::Field(opening.field.clone()));
            }
        }
        Ok((leaf, proof.index, checkpoint))
    }

    fn value(&self, field: &str) -> Option<&str> {
        self.openings.iter().find(|opening| opening.field == field).map(|opening| opening.value.as_str())
    }
}

/// A consent that a statement carries: the text with its signature, and the record by which the passkey was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// What was signed.
    pub signed: Signed,
    /// The record by which its passkey was registered.
    pub passkey: Shown,
}

impl Attached {
    /// Checks the signature, and that the ledger knows the passkey as the person's; gives what was consented to and the
    /// index of the registration.
    ///
    /// # Errors
    /// Whatever does not hold.
    pub fn verify(
        &self,
        present: &VerifyKey,
        witnesses: &[VerifyKey],
    ) -> Result<(Consent, u64), RecordError> {
        let (consent, _) = self.signed.verify()?;
        let (registered, at, checkpoint) = self.passkey.verify(present, witnesses)?;
        if consent.log != checkpoint.origin {
            return Err(RecordError::Other("log"));
        }
        let theirs = registered.operation == ADD_PASSKEY
            && registered.outcome == Outcome::Done
            && self.passkey.value("actor") == Some(consent.person.as_str())
            && self.passkey.value(PASSKEY) == Some(self.signed.key.as_str());
        if theirs { Ok((consent, at)) } else { Err(RecordError::Unregistered) }
    }
}

/// A record of the ledger as a file that anyone checks: what was done, by whom, and their consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordFile {
    /// The record.
    pub record: Shown,
    /// The record by which the passkey of its consent was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Shown>,
    /// How the log's key was changed, up to now.
    #[serde(default, skip_serializing_if = "Succession::is_empty")]
    pub succession: Succession,
}

/// What a record's file was found to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The entry.
    pub leaf: Leaf,
    /// Its index.
    pub index: u64,
    /// The checkpoint that covers it.
    pub checkpoint: Checkpoint,
    /// Its fields, as far as they are opened.
    pub fields: Vec<(String, String)>,
    /// What its person signed, with the index of the entry that registered their passkey; nothing when the server alone
    /// witnessed it.
    pub consent: Option<(Consent, u64)>,
    /// The log's present key, where it is another than the one that was trusted.
    pub new_key: Option<VerifyKey>,
}

impl RecordFile {
    /// The file's text.
    pub fn encode(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a record's file is plain data");
        text.push('\n');
        text
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// A text in another form.
    pub fn parse(text: &[u8]) -> Result<Self, RecordError> {
        serde_json::from_slice(text).map_err(|error| RecordError::Format(error.to_string()))
    }

    /// Checks everything that can be checked with the log's public key alone: that the entry is in the ledger, that its
    /// fields are what it commits to, and, where there is a consent, that the person whose passkey the ledger knows
    /// signed exactly this.
    ///
    /// # Errors
    /// Whatever does not hold.
    pub fn verify(&self, log: &VerifyKey, witnesses: &[VerifyKey]) -> Result<Found, RecordError> {
        let present = self.succession.present(log)?;
        let (leaf, index, checkpoint) = self.record.verify(&present, witnesses)?;
        let consent = match self.record.value(CONSENT) {
            // With the item's key gone nothing of the record can be opened, and nothing is claimed of it.
            None if leaf.fields.contains_key(CONSENT) && !self.record.openings.is_empty() => {
                return Err(RecordError::Field(CONSENT.to_owned()));
            }
            None => None,
            Some(signed) => Some(self.consented(signed, (&leaf, index), &checkpoint, &present, witnesses)?),
        };
        let fields = self.record.openings.iter();
        Ok(Found {
            index,
            fields: fields.map(|opening| (opening.field.clone(), opening.value.clone())).collect(),
            consent,
            new_key: (present != *log).then_some(present),
            leaf,
            checkpoint,
        })
    }

    fn consented(
        &self,
        signed: &str,
        (leaf, index): (&Leaf, u64),
        checkpoint: &Checkpoint,
        present: &VerifyKey,
        witnesses: &[VerifyKey],
    ) -> Result<(Consent, u64), RecordError> {
        let signed: Signed =
            serde_json::from_str(signed).map_err(|error| RecordError::Format(error.to_string()))?;
        let passkey = self.passkey.clone().ok_or(RecordError::Unregistered)?;
        let (consent, at) = Attached { signed, passkey }.verify(present, witnesses)?;
        if at >= index {
            return Err(RecordError::Unregistered);
        }
        let actor = self.record.value("actor");
        for (what, holds) in [
            ("log", consent.log == checkpoint.origin),
            ("operation", consent.operation == leaf.operation),
            ("input", self.record.value("input") == Some(consent.input.as_str())),
            ("person", actor == Some(consent.person.as_str())),
        ] {
            if !holds {
                return Err(RecordError::Other(what));
            }
        }
        Ok((consent, at))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::checkpoint::LogKey;
    use crate::leaf;
    use crate::passkey::tests::Authenticator;
    use crate::tree::{self, Edge, TileId};

    const LOG: &str = "kura.example/ledger";

    fn consent() -> Consent {
        Consent {
            kura_consent: FORMAT,
            log: LOG.to_owned(),
            operation: "erase".to_owned(),
            input: "{\"item\":\"i\",\"reason\":\"r\"}".to_owned(),
            revision: 3,
            person: "hana".to_owned(),
            nonce: "00".repeat(32),
            at: "2026-11-25T00:00:00Z".to_owned(),
        }
    }

    fn signed(device: &Authenticator, consent: &Consent) -> Signed {
        let text = serde_json::to_string(consent).unwrap();
        let (rp_id, origin) = ("kura.example", "https://kura.example");
        let asked = Asked { rp_id, origin, challenge: &challenge(&text) };
        Signed {
            assertion: device.sign(&asked, 0x05, 9),
            key: device.key().to_hex(),
            rp_id: rp_id.to_owned(),
            origin: origin.to_owned(),
            text,
        }
    }

    fn entry(operation: &str, fields: &[(&str, &str)]) -> (String, Vec<Opening>) {
        let openings: Vec<Opening> =
            fields.iter().map(|(field, value)| Opening::new(field, [1; 32], *value)).collect();
        let mut leaf = Leaf {
            kura: leaf::FORMAT,
            at: "2026-11-25T00:00:00Z".to_owned(),
            event: "e".to_owned(),
            operation: operation.to_owned(),
            outcome: Outcome::Done,
            rules: "00".to_owned(),
            fields: BTreeMap::new(),
        };
        leaf.commit(&openings);
        (leaf.encode(), openings)
    }

    /// A ledger of these entries, each shown with its proof.
    fn ledger(entries: &[(String, Vec<Opening>)]) -> (VerifyKey, Vec<Shown>) {
        let key = LogKey::from_seed(LOG, &[1; 32]).unwrap();
        let mut edge = Edge::default();
        for (leaf, _) in entries {
            edge.append(tree::leaf_hash(leaf.as_bytes()));
        }
        let tiles: BTreeMap<_, _> = [(TileId { level: 0, index: 0 }, edge.partial_tile(0).to_vec())].into();
        let size = entries.len() as u64;
        let head = Checkpoint { origin: LOG.to_owned(), size, root: edge.root() };
        let checkpoint = head.sign(&[&key]).unwrap();
        let shown = (0..).zip(entries).map(|(index, (leaf, openings))| Shown {
            leaf: leaf.clone(),
            openings: openings.clone(),
            proof: Proof {
                index,
                path: tree::prove_inclusion(size, index, &tiles).unwrap(),
                checkpoint: checkpoint.clone(),
            }
            .encode(),
        });
        (key.verify_key(), shown.collect())
    }

    fn file(
        operation: &str,
        by: &str,
        signed: Option<&Signed>,
        passkey: &[(&str, &str)],
    ) -> (VerifyKey, RecordFile) {
        let signed = signed.map(|signed| serde_json::to_string(signed).unwrap());
        let input = consent().input;
        let mut fields = vec![("actor", by), ("input", input.as_str())];
        fields.extend(signed.as_deref().map(|signed| (CONSENT, signed)));
        let entries = [entry(ADD_PASSKEY, passkey), entry(operation, &fields)];
        let (key, mut shown) = ledger(&entries);
        let record = shown.pop().unwrap();
        (key, RecordFile { record, passkey: shown.pop(), succession: Succession::default() })
    }

    #[test]
    fn a_person_signed_exactly_this() {
        let device = Authenticator::new(3);
        let own = [("actor", "hana"), (PASSKEY, &device.key().to_hex())];
        let signed = signed(&device, &consent());
        let (key, record) = file("erase", "hana", Some(&signed), &own);
        let found = RecordFile::parse(record.encode().as_bytes()).unwrap().verify(&key, &[]).unwrap();
        assert_eq!(found.consent, Some((consent(), 0)));
        assert_eq!(found.index, 1);
        // Without a consent the server alone witnessed it, and the file says so.
        let (key, record) = file("erase", "hana", None, &own);
        assert_eq!(record.verify(&key, &[]).unwrap().consent, None);
    }

    #[test]
    fn a_server_that_was_taken_over_cannot_make_up_a_consent() {
        let device = Authenticator::new(3);
        let own_key = device.key().to_hex();
        let own = [("actor", "hana"), (PASSKEY, own_key.as_str())];
        let good = signed(&device, &consent());
        // The signature moved to another operation, to another person, to another input.
        let (key, record) = file("grant", "hana", Some(&good), &own);
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Other("operation"))));
        let (key, record) = file("erase", "ken", Some(&good), &own);
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Other("person"))));
        let other = Consent { input: "{\"item\":\"another\"}".to_owned(), ..consent() };
        let (key, record) = file("erase", "hana", Some(&signed(&device, &other)), &own);
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Other("input"))));
        let elsewhere = Consent { log: "another.example".to_owned(), ..consent() };
        let (key, record) = file("erase", "hana", Some(&signed(&device, &elsewhere)), &own);
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Other("log"))));
        // A text changed after it was signed.
        let mut changed = good.clone();
        changed.text = changed.text.replace("\"revision\":3", "\"revision\":4");
        let (key, record) = file("erase", "hana", Some(&changed), &own);
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Passkey(PasskeyError::Challenge))));
        // A key of the server's own making, which the ledger does not know as hers.
        let forged = signed(&Authenticator::new(4), &consent());
        let (key, record) = file("erase", "hana", Some(&forged), &own);
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Unregistered)));
        let (key, record) = file("erase", "hana", Some(&good), &[("actor", "ken"), (PASSKEY, &own_key)]);
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Unregistered)));
        let (key, mut record) = file("erase", "hana", Some(&good), &own);
        record.passkey = None;
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Unregistered)));
        // A consent that is there but not shown, a field that is not the entry's.
        let (key, mut record) = file("erase", "hana", Some(&good), &own);
        record.record.openings.retain(|opening| opening.field != CONSENT);
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Field(_))));
        let (key, mut record) = file("erase", "hana", Some(&good), &own);
        record.record.openings[0].value = "ken".to_owned();
        assert!(matches!(record.verify(&key, &[]), Err(RecordError::Field(_))));
    }
}
