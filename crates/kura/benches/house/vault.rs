//! Sealing and opening, beside `age` and bare AES-256-GCM, on one core.

use std::io::{Read as _, Write as _};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use kura_vault::keys::Key;
use kura_vault::sealed;

use crate::{Report, speed, timed};

const LENGTH: usize = 256 << 20;

pub fn measure(report: &mut Report) {
    let text = vec![7_u8; LENGTH];
    let key = Key::random();
    // Once to warm up: the first touch of memory is the system's time, not the cipher's.
    drop(sealed::seal(&key, b"warm", &text));
    let (sealed_text, seal) = timed(|| sealed::seal(&key, b"bench", &text));
    let (opened, open) = timed(|| sealed::open(&key, b"bench", &sealed_text).unwrap());
    assert_eq!(opened.len(), LENGTH);
    let bare = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.expose()).unwrap());
    let mut pieces = text.clone();
    let (_, gcm) = timed(|| {
        for (number, piece) in pieces.chunks_mut(1 << 20).enumerate() {
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
    let (aged, age_seal) = timed(|| {
        let mut out = Vec::with_capacity(LENGTH + (1 << 20));
        let mut writer = encryptor().wrap_output(&mut out).unwrap();
        writer.write_all(&text).unwrap();
        writer.finish().unwrap();
        out
    });
    let (_, age_open) = timed(|| {
        let decryptor = age::Decryptor::new(&aged[..]).unwrap();
        let mut reader = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).unwrap();
        let mut out = Vec::with_capacity(LENGTH);
        reader.read_to_end(&mut out).unwrap();
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
