//! Secret keys, what is derived from them (HKDF-SHA256, RFC 5869) and what is wrapped under them
//! (AES-256-GCM, NIST SP 800-38D, random 96-bit nonces).
//!
//! A key is wiped from memory when dropped, never printed and never compared.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, rand};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Length of every key in bytes.
pub const KEY_LENGTH: usize = 32;

/// What [`Key::seal`] adds to a plaintext: nonce and tag.
pub const OVERHEAD: usize = NONCE_LEN + 16;

/// A box that does not open: another key, another context, or damage. There is no saying which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not open with this key: another key or context, or it is damaged")]
pub struct Unopened;

/// A secret key of 32 bytes.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; KEY_LENGTH]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Fills bytes from the operating system's generator.
pub fn fill_random(bytes: &mut [u8]) {
    rand::fill(bytes).expect("the operating system's generator never fails once it is seeded");
}

/// So many bytes from the operating system's generator.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill_random(&mut bytes);
    bytes
}

impl Key {
    /// A fresh random key.
    pub fn random() -> Self {
        Self(random_bytes())
    }

    /// The key in these bytes, or nothing when their number is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The key's bytes, for the library that needs them; not to be kept.
    pub fn expose(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    /// A key for one purpose: HKDF-SHA256 without salt, `info` = purpose, zero byte, id.
    pub fn derive(&self, purpose: &str, id: &[u8]) -> Self {
        let mut bytes = [0; KEY_LENGTH];
        hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
            .extract(&self.0)
            .expand(&[purpose.as_bytes(), &[0], id], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut bytes))
            .expect("32 bytes are a length that HKDF gives");
        Self(bytes)
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, &self.0).expect("a key is 32 bytes");
        LessSafeKey::new(key)
    }

    /// Seals a short text in a context: nonce, ciphertext, tag. A key may seal about four thousand
    /// million texts before a random nonce is likely to repeat; ours seal thousands.
    pub fn seal(&self, context: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        fill_random(&mut nonce);
        let mut sealed = Vec::with_capacity(plaintext.len() + OVERHEAD);
        sealed.extend_from_slice(&nonce);
        let mut body = plaintext.to_vec();
        self.cipher()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut body)
            .expect("a short text can be sealed");
        sealed.extend_from_slice(&body);
        sealed
    }

    /// Opens what [`Key::seal`] made in the same context.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Unopened)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .cipher()
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(context), &mut body)
            .map_err(|_| Unopened)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// Wraps another key in a context.
    pub fn wrap(&self, context: &[u8], key: &Key) -> Vec<u8> {
        self.seal(context, &key.0)
    }

    /// Unwraps a key that was wrapped in the same context.
    pub fn unwrap_key(&self, context: &[u8], wrapped: &[u8]) -> Result<Key, Unopened> {
        let bytes = self.open(context, wrapped)?;
        Key::from_bytes(&bytes).ok_or(Unopened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_opens_only_with_its_key_in_its_context_and_whole() {
        let (key, other) = (Key::random(), Key::random());
        let sealed = key.seal(b"here", b"secret");
        assert_eq!(sealed.len(), 6 + OVERHEAD);
        assert_eq!(&key.open(b"here", &sealed).unwrap()[..], b"secret");
        assert_eq!(key.open(b"there", &sealed), Err(Unopened));
        assert_eq!(other.open(b"here", &sealed), Err(Unopened));
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert_eq!(key.open(b"here", &bad), Err(Unopened), "byte {at}");
            assert_eq!(key.open(b"here", &sealed[..at]), Err(Unopened), "cut at {at}");
        }
    }

    #[test]
    fn derived_keys_differ_by_purpose_and_id() {
        let key = Key::from_bytes(&[7; 32]).unwrap();
        let derived = |purpose, id: &[u8]| *key.derive(purpose, id).expose();
        assert_eq!(derived("a", b"1"), derived("a", b"1"));
        assert_ne!(derived("a", b"1"), derived("b", b"1"));
        assert_ne!(derived("a", b"1"), derived("a", b"2"));
        assert_ne!(derived("a", b"\0b"), derived("a\0", b"b").map(|b| b ^ 1));
        assert_eq!(format!("{key:?}"), "Key(…)");
    }
}
