//! Passkeys (WebAuthn Level 2): what a person's authenticator says when it is registered and when it signs.
//!
//! Only what can be checked by anybody, offline, is accepted: ES256 and EdDSA keys, no attestation, user verification
//! always. The challenge of an assertion is chosen by whoever asks, so that a person signs exactly what they are
//! shown the digest of ([`crate::consent`]).

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use p256::ecdsa::signature::Verifier as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Why an authenticator's answer is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// It is not in the form of the standard.
    #[error("the passkey's answer is malformed")]
    Format,
    /// It answers another kind of request.
    #[error("the passkey answered another kind of request")]
    Kind,
    /// It answers another challenge.
    #[error("the passkey answered another challenge")]
    Challenge,
    /// It was asked by a page of another origin, or inside one.
    #[error("the passkey was asked by another site")]
    Origin,
    /// The person was not there, or not verified.
    #[error("the passkey did not verify the person")]
    Unverified,
    /// The key is of a kind that is not accepted.
    #[error("the passkey has a key of another kind than ES256 or EdDSA")]
    Key,
    /// The signature is not this key's.
    #[error("the signature is not this passkey's")]
    Signature,
    /// The counter did not grow: there may be a second authenticator with the same key.
    #[error("the passkey's counter did not grow: it may have been copied")]
    Counter,
}

/// A passkey's public key: a COSE_Key in CTAP2's canonical form, of which each accepted kind has one encoding
/// (WebAuthn, section 6.5.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// ECDSA on P-256 with SHA-256: the point, uncompressed.
    Es256([u8; 65]),
    /// Ed25519.
    EdDsa([u8; 32]),
}

const ES256: &[u8] = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20";
const ES256_Y: &[u8] = b"\x22\x58\x20";
const EDDSA: &[u8] = b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20";

impl PublicKey {
    /// Reads a key; gives back what follows it.
    fn read(bytes: &[u8]) -> Result<(Self, &[u8]), PasskeyError> {
        if let Some(rest) = bytes.strip_prefix(ES256) {
            let (x, rest) = rest.split_first_chunk::<32>().ok_or(PasskeyError::Key)?;
            let rest = rest.strip_prefix(ES256_Y).ok_or(PasskeyError::Key)?;
            let (y, rest) = rest.split_first_chunk::<32>().ok_or(PasskeyError::Key)?;
            let mut point = [4; 65];
            point[1..33].copy_from_slice(x);
            point[33..].copy_from_slice(y);
            return Ok((Self::Es256(point), rest));
        }
        let rest = bytes.strip_prefix(EDDSA).ok_or(PasskeyError::Key)?;
        let (x, rest) = rest.split_first_chunk::<32>().ok_or(PasskeyError::Key)?;
        Ok((Self::EdDsa(*x), rest))
    }

    /// Reads a key from its COSE encoding in hexadecimal.
    pub fn from_hex(text: &str) -> Result<Self, PasskeyError> {
        let bytes = hex::decode(text).map_err(|_| PasskeyError::Key)?;
        match Self::read(&bytes)? {
            (key, []) => Ok(key),
            _ => Err(PasskeyError::Key),
        }
    }

    /// The key's COSE encoding in hexadecimal.
    pub fn to_hex(&self) -> String {
        match self {
            Self::Es256(point) => hex::encode([ES256, &point[1..33], ES256_Y, &point[33..]].concat()),
            Self::EdDsa(key) => hex::encode([EDDSA, key].concat()),
        }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), PasskeyError> {
        match self {
            Self::Es256(point) => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| PasskeyError::Key)?;
                let signature =
                    p256::ecdsa::Signature::from_der(signature).map_err(|_| PasskeyError::Signature)?;
                key.verify(message, &signature).map_err(|_| PasskeyError::Signature)
            }
            Self::EdDsa(key) => {
                let key = ed25519_dalek::VerifyingKey::from_bytes(key).map_err(|_| PasskeyError::Key)?;
                let signature =
                    ed25519_dalek::Signature::from_slice(signature).map_err(|_| PasskeyError::Signature)?;
                key.verify_strict(message, &signature).map_err(|_| PasskeyError::Signature)
            }
        }
    }
}

/// Which site asks, and for what.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The relying party's id: a domain.
    pub rp_id: &'a str,
    /// The origin of the page that asks.
    pub origin: &'a str,
    /// The challenge.
    pub challenge: &'a [u8],
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;
const EXTENDED: u8 = 0x80;

/// What stands at the head of an authenticator's data.
struct Head<'a> {
    flags: u8,
    counter: u32,
    rest: &'a [u8],
}

/// The checks that registration and assertion have in common (WebAuthn, section 7.1, steps 7 to 14; 7.2, 11 to 17).
fn head<'a>(
    asked: &Asked<'_>,
    kind: &str,
    client_data: &[u8],
    authenticator_data: &'a [u8],
) -> Result<Head<'a>, PasskeyError> {
    // It is parsed and never compared with a template: browsers put members of their own in.
    let client: ClientData = serde_json::from_slice(client_data).map_err(|_| PasskeyError::Format)?;
    if client.kind != kind {
        return Err(PasskeyError::Kind);
    }
    if client.challenge != BASE64_URL_SAFE_NO_PAD.encode(asked.challenge) {
        return Err(PasskeyError::Challenge);
    }
    let (rp_hash, rest) = authenticator_data.split_first_chunk::<32>().ok_or(PasskeyError::Format)?;
    let (flags, rest) = rest.split_first().ok_or(PasskeyError::Format)?;
    let (counter, rest) = rest.split_first_chunk::<4>().ok_or(PasskeyError::Format)?;
    let ours = *rp_hash == <[u8; 32]>::from(Sha256::digest(asked.rp_id.as_bytes()));
    if client.origin != asked.origin || client.cross_origin || !ours {
        return Err(PasskeyError::Origin);
    }
    if flags & PRESENT == 0 || flags & VERIFIED == 0 {
        return Err(PasskeyError::Unverified);
    }
    if flags & BACKED_UP != 0 && flags & ELIGIBLE == 0 {
        return Err(PasskeyError::Format);
    }
    Ok(Head { flags: *flags, counter: u32::from_be_bytes(*counter), rest })
}

/// A passkey as it was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The credential's id.
    pub credential: Vec<u8>,
    /// Its public key.
    pub key: PublicKey,
    /// Its counter; 0 for good where the authenticator counts nothing.
    pub counter: u32,
    /// Whether it may be copied to the person's other devices by its maker.
    pub synced: bool,
}

/// Reads a registration without attestation (WebAuthn, section 7.1).
///
/// # Errors
/// Another site or challenge, a person who was not verified, another kind of key.
pub fn register(
    asked: &Asked<'_>,
    client_data: &[u8],
    authenticator_data: &[u8],
) -> Result<Registered, PasskeyError> {
    let head = head(asked, "webauthn.create", client_data, authenticator_data)?;
    if head.flags & ATTESTED == 0 {
        return Err(PasskeyError::Format);
    }
    let (_aaguid, rest) = head.rest.split_first_chunk::<16>().ok_or(PasskeyError::Format)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(PasskeyError::Format)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (credential, rest) = rest.split_at_checked(length).ok_or(PasskeyError::Format)?;
    if credential.is_empty() || credential.len() > 1023 {
        return Err(PasskeyError::Format);
    }
    let (key, rest) = PublicKey::read(rest)?;
    if rest.is_empty() != (head.flags & EXTENDED == 0) {
        return Err(PasskeyError::Format);
    }
    Ok(Registered {
        credential: credential.to_vec(),
        key,
        counter: head.counter,
        synced: head.flags & ELIGIBLE != 0,
    })
}

/// What an authenticator answered, in base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assertion {
    /// `clientDataJSON`.
    pub client_data: String,
    /// `authenticatorData`.
    pub authenticator_data: String,
    /// The signature over the authenticator's data and the client data's SHA-256.
    pub signature: String,
}

impl Assertion {
    /// Checks it against a public key (WebAuthn, section 7.2); gives the counter. Whether the counter has grown is
    /// for whoever keeps the last one: [`counted`].
    ///
    /// # Errors
    /// Another site or challenge, a person who was not verified, a signature by another key.
    pub fn verify(&self, asked: &Asked<'_>, key: &PublicKey) -> Result<u32, PasskeyError> {
        let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| PasskeyError::Format);
        let client_data = bytes(&self.client_data)?;
        let authenticator_data = bytes(&self.authenticator_data)?;
        let head = head(asked, "webauthn.get", &client_data, &authenticator_data)?;
        let signed = [authenticator_data.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
        key.verify(&signed, &bytes(&self.signature)?)?;
        Ok(head.counter)
    }
}

/// Whether a counter follows the last one: it grew, or the authenticator counts nothing.
///
/// # Errors
/// It did not grow: there may be a copy of the authenticator.
pub fn counted(last: u32, now: u32) -> Result<(), PasskeyError> {
    if now > last || (now, last) == (0, 0) { Ok(()) } else { Err(PasskeyError::Counter) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ed25519_dalek::Signer as _;

    pub(crate) const ASKED: Asked<'static> =
        Asked { rp_id: "kura.example", origin: "https://kura.example", challenge: b"exactly this" };

    /// An authenticator in software.
    pub(crate) struct Authenticator(ed25519_dalek::SigningKey);

    impl Authenticator {
        pub(crate) fn new(seed: u8) -> Self {
            Self(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]))
        }

        pub(crate) fn key(&self) -> PublicKey {
            PublicKey::EdDsa(self.0.verifying_key().to_bytes())
        }

        fn data(asked: &Asked<'_>, flags: u8, counter: u32) -> Vec<u8> {
            let mut data = Sha256::digest(asked.rp_id.as_bytes()).to_vec();
            data.push(flags);
            data.extend(counter.to_be_bytes());
            data
        }

        fn client(asked: &Asked<'_>, kind: &str) -> Vec<u8> {
            let challenge = BASE64_URL_SAFE_NO_PAD.encode(asked.challenge);
            serde_json::to_vec(&serde_json::json!({
                "type": kind, "challenge": challenge, "origin": asked.origin, "crossOrigin": false,
                "other_keys_can_be_added_here": "and are",
            }))
            .unwrap()
        }

        pub(crate) fn sign(&self, asked: &Asked<'_>, flags: u8, counter: u32) -> Assertion {
            let (client, data) = (Self::client(asked, "webauthn.get"), Self::data(asked, flags, counter));
            let signed = [data.as_slice(), Sha256::digest(&client).as_slice()].concat();
            Assertion {
                client_data: BASE64_URL_SAFE_NO_PAD.encode(&client),
                authenticator_data: BASE64_URL_SAFE_NO_PAD.encode(&data),
                signature: BASE64_URL_SAFE_NO_PAD.encode(self.0.sign(&signed).to_bytes()),
            }
        }
    }

    #[test]
    fn a_registration_gives_the_key_that_signs() {
        let device = Authenticator::new(7);
        let mut data = Authenticator::data(&ASKED, PRESENT | VERIFIED | ATTESTED, 1);
        data.extend([0; 16]);
        data.extend([0, 3, b'a', b'b', b'c']);
        data.extend(hex::decode(device.key().to_hex()).unwrap());
        let client = Authenticator::client(&ASKED, "webauthn.create");
        let registered = register(&ASKED, &client, &data).unwrap();
        assert_eq!((registered.credential.as_slice(), registered.counter), (&b"abc"[..], 1));
        assert_eq!(registered.key, device.key());
        let assertion = device.sign(&ASKED, PRESENT | VERIFIED, 2);
        assert_eq!(assertion.verify(&ASKED, &registered.key), Ok(2));
        // An assertion is no registration, nor is one with something after the key.
        assert_eq!(
            register(&ASKED, &Authenticator::client(&ASKED, "webauthn.get"), &data),
            Err(PasskeyError::Kind)
        );
        data.push(0);
        assert_eq!(register(&ASKED, &client, &data), Err(PasskeyError::Format));
    }

    #[test]
    fn whatever_is_not_exactly_what_was_asked_is_refused() {
        let device = Authenticator::new(7);
        let good = device.sign(&ASKED, PRESENT | VERIFIED, 5);
        let key = device.key();
        for (asked, error) in [
            (Asked { challenge: b"something else", ..ASKED }, PasskeyError::Challenge),
            (Asked { origin: "https://kura.example:8443", ..ASKED }, PasskeyError::Origin),
            (Asked { rp_id: "example", ..ASKED }, PasskeyError::Origin),
        ] {
            assert_eq!(good.verify(&asked, &key), Err(error));
        }
        assert_eq!(device.sign(&ASKED, PRESENT, 5).verify(&ASKED, &key), Err(PasskeyError::Unverified));
        assert_eq!(device.sign(&ASKED, VERIFIED, 5).verify(&ASKED, &key), Err(PasskeyError::Unverified));
        assert_eq!(good.verify(&ASKED, &Authenticator::new(8).key()), Err(PasskeyError::Signature));
        // Every flipped byte of what was signed, and of the signature, is noticed.
        let parts: [fn(&mut Assertion) -> &mut String; 3] = [
            |assertion| &mut assertion.client_data,
            |assertion| &mut assertion.authenticator_data,
            |assertion| &mut assertion.signature,
        ];
        for part in parts {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(part(&mut good.clone())).unwrap();
            for at in 0..bytes.len() {
                let mut bad = bytes.clone();
                bad[at] ^= 1;
                let mut assertion = good.clone();
                *part(&mut assertion) = BASE64_URL_SAFE_NO_PAD.encode(bad);
                assert!(assertion.verify(&ASKED, &key).is_err(), "byte {at}");
            }
        }
        assert_eq!(counted(5, 6), Ok(()));
        assert_eq!(counted(0, 0), Ok(()));
        for (last, now) in [(5, 5), (5, 4), (5, 0)] {
            assert_eq!(counted(last, now), Err(PasskeyError::Counter));
        }
    }

    /// An answer of a browser's own virtual authenticator (ES256), recorded for this test.
    #[test]
    fn an_es256_answer_of_a_browser_is_accepted() {
        let bytes = |hex: &str| hex::decode(hex).unwrap();
        let client = bytes(
            "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22736f494852507866437459686338505f45564e47445730464274536b6f746a6f5a3471587150415f494141222c226f726967696e223a22687474703a2f2f6c6f63616c686f73743a3435373637222c2263726f73734f726967696e223a66616c73652c226f746865725f6b6579735f63616e5f62655f61646465645f68657265223a22646f206e6f7420636f6d7061726520636c69656e74446174614a534f4e20616761696e737420612074656d706c6174652e205365652068747470733a2f2f676f6f2e676c2f796162506578227d",
        );
        let data = bytes(
            "49960de5880e8c687434170f6476605b8fe4aeb9a28632c7995cf3ba831d97634500000001010203040506070801020304050607080020548b9a9d65a9ff25a687b70fbf0a1be4188c3a0590b9053c69efbb6a89560efda5010203262001215820b5a717464d272ab64fde0349294d25ab76e9a4c863f90877ace7a7278d7863d222582075abe603fe6f9c9269fca77f94e87436efa040a50623eff07a23c19ed50fb593",
        );
        let challenge = bytes("b2820744fc5f0ad62173c3ff1153460d6d0506d4a4a2d8e8678a97a8f03f2000");
        let origin = "http://localhost:45767";
        let asked = Asked { rp_id: "localhost", origin, challenge: &challenge };
        let registered = register(&asked, &client, &data).unwrap();
        assert_eq!(PublicKey::from_hex(&registered.key.to_hex()), Ok(registered.key.clone()));
        let encode = |hex: &str| BASE64_URL_SAFE_NO_PAD.encode(hex::decode(hex).unwrap());
        let assertion = Assertion {
            client_data: encode(
                "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a2237617a35557831636762595442664f3644557167446448714f7048502d4761363363385453504b37306873222c226f726967696e223a22687474703a2f2f6c6f63616c686f73743a3435373637222c2263726f73734f726967696e223a66616c73657d",
            ),
            authenticator_data: encode(
                "49960de5880e8c687434170f6476605b8fe4aeb9a28632c7995cf3ba831d97630500000002",
            ),
            signature: encode(
                "3045022100b3ca7031329837e739021e92b17c26bdf8484a5aaf8fdf846453f1432ac7d34d022003ebe4bb5d23bb051dd281d9c3ffabfb2891c6a4f106baddb4c304e595e693d2",
            ),
        };
        let challenge = bytes("edacf9531d5c81b61305f3ba0d4aa00dd1ea3a91cff866baddcf1348f2bbd21b");
        let asked = Asked { rp_id: "localhost", origin, challenge: &challenge };
        assert_eq!(assertion.verify(&asked, &registered.key), Ok(2));
    }
}
