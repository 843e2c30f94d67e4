//! Sealing and opening, beside `age` and bare AES-256-GCM, on one core.

use std::io::{Read as _, Write as _};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use kura_vault::keys::Key;
use kura_vault::sealed;

use crate::{Report, speed, timed};

/// A part of an upload, the unit in which content is sealed.
const PART: usize = 8 << 20;
const PARTS: usize = 64;
const LENGTH: usize = PART * PARTS;

/// Everything works in memory that was touched before: its first touch is the system's time, not the cipher's.
pub fn measure(report: &mut Report) {
    let text = vec![7_u8; PART];
    let key = Key::random();
    let mut sealed_text = Vec::new();
    sealed::seal_into(&key, b"bench", &text, &mut sealed_text);
    let (_, seal) = timed(|| {
        for _ in 0..PARTS {
            sealed_text.clear();
            sealed::seal_into(&key, b"bench", &text, &mut sealed_text);
            std::hint::black_box(&sealed_text);
        }
    });
    let opener =
        sealed::Opener::new(&key, b"bench", &sealed_text[..sealed::HEADER], sealed_text.len() as u64);
    let opener = opener.unwrap();
    let range = 0..opener.length();
    let body = sealed_text[sealed::HEADER..].to_vec();
    let mut buffer = opener.open(&range, body.clone()).unwrap();
    assert_eq!(buffer, text);
    let (_, open) = timed(|| {
        for _ in 0..PARTS {
            // As the store hands it over: a fresh copy of the sealed bytes, opened where it lies.
            buffer.clear();
            buffer.extend_from_slice(&body);
            buffer = opener.open(&range, std::mem::take(&mut buffer)).unwrap();
        }
    });
    let bare = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).unwrap());
    let mut pieces = text.clone();
    let (_, gcm) = timed(|| {
        for number in 0..LENGTH >> 20 {
            let at = (number << 20) % PART;
            let piece = &mut pieces[at..at + (1 << 20)];
            let mut nonce = [0; 12];
            nonce[..8].copy_from_slice(&(number as u64).to_le_bytes());
            let _tag = bare
                .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), piece)
                .unwrap();
        }
    });
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public();
    let encryptor =
        || age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
    let mut aged = Vec::with_capacity(LENGTH + (16 << 20));
    aged.resize(aged.capacity(), 1);
    let (_, age_seal) = timed(|| {
        aged.clear();
        let mut writer = encryptor().wrap_output(&mut aged).unwrap();
        (0..PARTS).for_each(|_| writer.write_all(&text).unwrap());
        writer.finish().unwrap();
    });
    let mut plain = vec![0_u8; 1 << 20];
    let (_, age_open) = timed(|| {
        let decryptor = age::Decryptor::new(&aged[..]).unwrap();
        let mut reader = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).unwrap();
        while reader.read(&mut plain).unwrap() > 0 {}
    });
    let length = LENGTH as u64;
    for (what, ours, theirs) in [("seal", seal, age_seal), ("open", open, age_open)] {
        report.add(
            format!("{what}, one core"),
            format!("{:.2} GB/s", speed(length, ours)),
            format!(
                "{:.1} × age ({:.2} GB/s); {:.2} of bare AES-256-GCM ({:.2} GB/s)",
                theirs.as_secs_f64() / ours.as_secs_f64(),
                speed(length, theirs),
                gcm.as_secs_f64() / ours.as_secs_f64(),
                speed(length, gcm)
            ),
            "≥ 2.5 GB/s; ≥ 2 × age; ≥ 0.4 of bare",
        );
    }
}
