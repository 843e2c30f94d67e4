//! The sealed format: C2SP `chunked-encryption`, the variant Cobblestone-256.
//!
//! A header of 56 bytes (24 of salt, 32 of commitment), then chunks of 16 KiB, each AES-256-GCM with its
//! own tag; the last chunk is always shorter than that, and may be empty. Salt, context and key give
//! the chunks' key and nonces (HKDF-Expand-SHA-512), so that nothing opens in another's context; the
//! commitment binds the text to one key. Any range is read without the rest.
//!
//! Nothing is released that was not authenticated.

use std::ops::Range;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hkdf;
use zeroize::Zeroizing;

use crate::keys::{Key, fill_random};

/// Plaintext bytes in every chunk but the last.
pub const CHUNK: usize = 16 * 1024;
/// Bytes of the header.
pub const HEADER: usize = SALT + COMMITMENT;
/// Sealed texts longer than this many chunks do not exist (40-bit counter, halved by the format).
const MAX_CHUNKS: u64 = 1 << 38;

const SALT: usize = 24;
const COMMITMENT: usize = 32;
const NONCE: usize = 12;
const TAG: usize = 16;
const SEALED_CHUNK: usize = CHUNK + TAG;
const INFO: &[u8] = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";

/// Why sealed content did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// Another key or context, or a changed header.
    #[error("the content was not sealed with this key in this context, or its header is damaged")]
    Commitment,
    /// No text has this sealed length: it was cut off.
    #[error("the content is cut off: no text has a sealed length of {0} bytes")]
    Length(u64),
    /// A chunk was changed, moved or cut.
    #[error("the content is damaged at byte {0}")]
    Damaged(u64),
    /// Bytes were asked for that are not there, or too few were brought.
    #[error("the range is not inside the content")]
    Range,
}

/// Length of the sealed text of a plaintext, or nothing when it is too long (4 PiB and more).
pub fn sealed_length(plain: u64) -> Option<u64> {
    let chunks = plain / CHUNK as u64 + 1;
    (chunks <= MAX_CHUNKS).then(|| HEADER as u64 + plain + chunks * TAG as u64)
}

/// Length of the plaintext in a sealed text.
pub fn plain_length(sealed: u64) -> Result<u64, SealedError> {
    let bad = SealedError::Length(sealed);
    let body = sealed.checked_sub(HEADER as u64).ok_or(bad)?;
    let chunks = body / SEALED_CHUNK as u64 + 1;
    if body % (SEALED_CHUNK as u64) < TAG as u64 || chunks > MAX_CHUNKS {
        return Err(bad);
    }
    Ok(body - chunks * TAG as u64)
}

struct HkdfLength(usize);

impl hkdf::KeyType for HkdfLength {
    fn len(&self) -> usize {
        self.0
    }
}

struct Cipher {
    key: LessSafeKey,
    nonce: [u8; NONCE],
}

impl Cipher {
    fn derive(key: &Key, salt: &[u8], context: &[u8]) -> (Self, [u8; COMMITMENT]) {
        let mut okm = Zeroizing::new([0; 32 + NONCE + COMMITMENT]);
        hkdf::Prk::new_less_safe(hkdf::HKDF_SHA512, key.expose())
            .expand(&[INFO, salt, context], HkdfLength(okm.len()))
            .and_then(|expanded| expanded.fill(okm.as_mut_slice()))
            .expect("76 bytes are a length that HKDF gives");
        let (chunk_key, rest) = okm.split_at(32);
        let (nonce, commitment) = rest.split_at(NONCE);
        let unbound = UnboundKey::new(&AES_256_GCM, chunk_key).expect("a key is 32 bytes");
        let cipher =
            Self { key: LessSafeKey::new(unbound), nonce: nonce.try_into().expect("split at its length") };
        let commitment = commitment.try_into().expect("split at its length");
        (cipher, commitment)
    }

    /// The chunk's number, five big-endian bytes, combined with the nonce's end by exclusive or.
    fn nonce(&self, chunk: u64) -> Nonce {
        let mut nonce = self.nonce;
        for (byte, number) in nonce[NONCE - 5..].iter_mut().zip(&chunk.to_be_bytes()[3..]) {
            *byte ^= number;
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Seals a text that arrives piece by piece.
pub struct Sealer {
    cipher: Cipher,
    next: u64,
    pending: Vec<u8>,
}

impl Sealer {
    /// Begins a sealed text under a fresh random salt; its header goes to `out`.
    pub fn new(key: &Key, context: &[u8], out: &mut Vec<u8>) -> Self {
        let mut salt = [0; SALT];
        fill_random(&mut salt);
        let (cipher, commitment) = Cipher::derive(key, &salt, context);
        out.extend_from_slice(&salt);
        out.extend_from_slice(&commitment);
        Self { cipher, next: 0, pending: Vec::with_capacity(CHUNK) }
    }

    fn seal(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(chunk);
        let nonce = self.cipher.nonce(self.next);
        self.next += 1;
        let tag = self
            .cipher
            .key
            .seal_in_place_separate_tag(nonce, Aad::empty(), &mut out[start..])
            .expect("a chunk is within the cipher's limits");
        out.extend_from_slice(tag.as_ref());
    }

    /// Takes the next piece of the text and appends to `out` the chunks that it completes.
    pub fn push(&mut self, mut piece: &[u8], out: &mut Vec<u8>) {
        if !self.pending.is_empty() {
            let (fill, rest) = piece.split_at(piece.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(fill);
            piece = rest;
            if self.pending.len() < CHUNK {
                return;
            }
            let mut full = std::mem::take(&mut self.pending);
            self.seal(&full, out);
            full.clear();
            self.pending = full;
        }
        let (chunks, rest) = piece.as_chunks::<CHUNK>();
        chunks.iter().for_each(|chunk| self.seal(chunk, out));
        self.pending.extend_from_slice(rest);
    }

    /// Ends the text with its short last chunk.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        let last = std::mem::take(&mut self.pending);
        self.seal(&last, out);
    }
}

/// Seals a text at once.
pub fn seal(key: &Key, context: &[u8], text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    seal_into(key, context, text, &mut out);
    out
}

/// Seals a text at once, at the end of a buffer that may be used again.
pub fn seal_into(key: &Key, context: &[u8], text: &[u8], out: &mut Vec<u8>) {
    let length = sealed_length(text.len() as u64).and_then(|length| usize::try_from(length).ok());
    out.reserve(length.unwrap_or(0));
    let mut sealer = Sealer::new(key, context, out);
    sealer.push(text, out);
    sealer.finish(out);
}

/// Opens ranges of one sealed text.
pub struct Opener {
    cipher: Cipher,
    plain: u64,
}

impl Opener {
    /// Reads the header of a sealed text of the given length.
    pub fn new(key: &Key, context: &[u8], header: &[u8], sealed_length: u64) -> Result<Self, SealedError> {
        let plain = plain_length(sealed_length)?;
        let (salt, commitment) = header
            .split_at_checked(SALT)
            .filter(|(_, commitment)| commitment.len() == COMMITMENT)
            .ok_or(SealedError::Length(sealed_length))?;
        let (cipher, expected) = Cipher::derive(key, salt, context);
        verify_slices_are_equal(commitment, &expected).map_err(|_| SealedError::Commitment)?;
        Ok(Self { cipher, plain })
    }

    /// Length of the plaintext.
    pub fn length(&self) -> u64 {
        self.plain
    }

    /// The chunks that a range of the plaintext touches. A range that reaches the text's end also
    /// touches the last chunk when that is empty: its tag proves that this is the end.
    fn chunks(&self, range: &Range<u64>) -> Range<u64> {
        let first = range.start / CHUNK as u64;
        let end = if range.end == self.plain {
            self.plain / CHUNK as u64 + 1
        } else {
            range.end.div_ceil(CHUNK as u64)
        };
        first..end
    }

    /// Which bytes of the sealed text must be at hand to open a range of the plaintext.
    pub fn span(&self, range: &Range<u64>) -> Result<Range<u64>, SealedError> {
        if range.start > range.end || range.end > self.plain {
            return Err(SealedError::Range);
        }
        let chunks = self.chunks(range);
        let all = sealed_length(self.plain).ok_or(SealedError::Range)?;
        let start = HEADER as u64 + chunks.start * SEALED_CHUNK as u64;
        let end = HEADER as u64 + chunks.end * SEALED_CHUNK as u64;
        Ok(start.min(end)..end.min(all))
    }

    /// Opens a range of the plaintext from the bytes of its [`Opener::span`].
    pub fn open(&self, range: &Range<u64>, mut sealed: Vec<u8>) -> Result<Vec<u8>, SealedError> {
        let span = self.span(range)?;
        if span.end - span.start != sealed.len() as u64 {
            return Err(SealedError::Range);
        }
        let first = self.chunks(range).start;
        let mut written = 0;
        let mut read = 0;
        for chunk in first.. {
            if read == sealed.len() {
                break;
            }
            let end = (read + SEALED_CHUNK).min(sealed.len());
            let nonce = self.cipher.nonce(chunk);
            let length = self
                .cipher
                .key
                .open_in_place(nonce, Aad::empty(), &mut sealed[read..end])
                .map_err(|_| SealedError::Damaged(chunk * CHUNK as u64))?
                .len();
            sealed.copy_within(read..read + length, written);
            written += length;
            read = end;
        }
        sealed.truncate(written);
        let skip = (range.start - first * CHUNK as u64) as usize;
        sealed.truncate(skip + (range.end - range.start) as usize);
        sealed.drain(..skip);
        Ok(sealed)
    }
}

/// Opens a sealed text at once.
pub fn open(key: &Key, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealedError> {
    let length = sealed.len() as u64;
    let header = sealed.get(..HEADER).ok_or(SealedError::Length(length))?;
    let opener = Opener::new(key, context, header, length)?;
    opener.open(&(0..opener.length()), sealed[HEADER..].to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> Key {
        Key::from_bytes(&[7; 32]).unwrap()
    }

    fn oracle() -> cobblestone::Key256 {
        cobblestone::Key256::try_from(&[7u8; 32][..]).unwrap()
    }

    fn text(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
    }

    const LENGTHS: [usize; 9] = [0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 70_000, 5 * CHUNK + 9];

    #[test]
    fn another_implementation_opens_what_we_seal_and_we_open_what_it_seals() {
        for length in LENGTHS {
            let text = text(length);
            let ours = seal(&key(), b"context", &text);
            assert_eq!(Some(ours.len() as u64), sealed_length(length as u64));
            assert_eq!(plain_length(ours.len() as u64), Ok(length as u64));
            let opened = cobblestone::decrypt(&oracle(), b"context", &ours).unwrap();
            assert_eq!(opened, text, "length {length}");
            let theirs = cobblestone::encrypt(&oracle(), b"context", &text).unwrap();
            assert_eq!(open(&key(), b"context", &theirs).unwrap(), text);
        }
    }

    #[test]
    fn basic_1c_every_flipped_byte_and_every_cut_is_noticed() {
        for length in [0, 1, 3 * CHUNK] {
            let sealed = seal(&key(), b"here", &text(length));
            assert!(open(&key(), b"there", &sealed).is_err());
            assert!(open(&Key::random(), b"here", &sealed).is_err());
            for at in (0..sealed.len()).step_by(if length > 1 { 97 } else { 1 }) {
                let mut bad = sealed.clone();
                bad[at] ^= 1;
                assert!(open(&key(), b"here", &bad).is_err(), "byte {at}");
                assert!(open(&key(), b"here", &sealed[..at]).is_err(), "cut at {at}");
            }
            // Cut between two chunks, where each remaining chunk is whole.
            for chunks in 0..length / CHUNK {
                let cut = &sealed[..HEADER + chunks * SEALED_CHUNK];
                assert!(open(&key(), b"here", cut).is_err());
            }
        }
        let mut swapped = seal(&key(), b"here", &text(3 * CHUNK));
        let (one, two) = swapped[HEADER..].split_at_mut(SEALED_CHUNK);
        one.swap_with_slice(&mut two[..SEALED_CHUNK]);
        assert_eq!(open(&key(), b"here", &swapped), Err(SealedError::Damaged(0)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn any_range_opens_from_its_span_alone(pick in 0usize..9, a in any::<u64>(), b in any::<u64>()) {
            let text = text(LENGTHS[pick]);
            let sealed = seal(&key(), b"c", &text);
            let length = text.len() as u64 + 1;
            let (a, b) = (a % length, b % length);
            let range = a.min(b)..a.max(b);
            let opener = Opener::new(&key(), b"c", &sealed[..HEADER], sealed.len() as u64).unwrap();
            let span = opener.span(&range).unwrap();
            let at = |n: u64| usize::try_from(n).unwrap();
            let fetched = sealed[at(span.start)..at(span.end)].to_vec();
            let opened = opener.open(&range, fetched).unwrap();
            prop_assert_eq!(&opened[..], &text[at(range.start)..at(range.end)]);
            prop_assert!(opener.span(&(0..length)).is_err());
        }

        #[test]
        fn pieces_of_any_size_seal_to_one_text(pieces in prop::collection::vec(0usize..40_000, 0..6)) {
            let mut out = Vec::new();
            let mut sealer = Sealer::new(&key(), b"c", &mut out);
            let mut whole = Vec::new();
            for length in pieces {
                let piece = text(length);
                sealer.push(&piece, &mut out);
                whole.extend(piece);
            }
            sealer.finish(&mut out);
            prop_assert_eq!(open(&key(), b"c", &out).unwrap(), whole);
        }
    }
}
