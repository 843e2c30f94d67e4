//! What lies on disk may have been changed by anybody: every byte of it, every length. Nothing panics, and
//! nothing opens that was not sealed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use kura_vault::keyring::Keyring;
use kura_vault::keys::Key;
use kura_vault::sealed::{self, HEADER, Opener};
use kura_vault::slots::{Slot, Unlock, recovery_identity};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_opens_that_was_not_sealed(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        length in any::<u64>(),
        range in any::<(u64, u64)>(),
    ) {
        let key = Key::from_bytes(&[7; 32]).unwrap();
        prop_assert!(sealed::open(&key, b"x", &bytes).is_err());
        let _ = sealed::plain_length(length);
        let _ = sealed::sealed_length(length);
        let header = &bytes[..bytes.len().min(HEADER)];
        prop_assert!(Opener::new(&key, b"x", header, length).is_err());
        // A good header of a text that is said to be of any length.
        let good = sealed::seal(&key, b"x", b"hello");
        if let Ok(opener) = Opener::new(&key, b"x", &good[..HEADER], length) {
            let range = range.0..range.1;
            if let Ok(span) = opener.span(&range) {
                prop_assert!(span.start <= span.end && span.end <= length);
            }
            let _ = opener.open(&range, bytes);
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn a_changed_keyring_gives_no_other_key_and_does_not_panic() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("keyring");
    let file = Key::from_bytes(&[9; 32]).unwrap();
    let (_, recipient) = recovery_identity();
    let keyring = Keyring::create(&place, |root| {
        Ok(vec![Slot::key_file(root, &file), Slot::recovery(root, &recipient)?])
    });
    let keyring = keyring.unwrap();
    let items = [[1; 16], [2; 16]];
    let shard = keyring.create_item_keys("m1", &items).unwrap().remove(0);
    let secret = keyring.make_secret("log").unwrap();
    let known = items.map(|item| *keyring.item_key(&shard, &item).unwrap().expose());
    for path in files(&place) {
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            for bytes in [[&whole[..at], &[whole[at] ^ 1], &whole[at + 1..]].concat(), whole[..at].to_vec()] {
                std::fs::write(&path, &bytes).unwrap();
                let Ok(opened) = Keyring::open(&place, &Unlock::KeyFile(&file)) else { continue };
                if let Ok(found) = opened.secret("log") {
                    assert_eq!(found.expose(), secret.expose(), "{} at {at}", path.display());
                }
                for (item, known) in items.iter().zip(&known) {
                    if let Ok(found) = opened.item_key(&shard, item) {
                        assert_eq!(found.expose(), known, "{} at {at}", path.display());
                    }
                }
            }
        }
        std::fs::write(&path, &whole).unwrap();
    }
}
