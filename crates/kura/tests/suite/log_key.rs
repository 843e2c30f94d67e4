//! The log's key is changed under the signature of the old one; whoever holds either follows.

use kura::Error;
use kura::custody::statement::ShowStatement;
use kura::ledger::retire_key::RetireLogKey;
use kura::ledger::rotate_key::RotateLogKey;
use kura_ledger::checkpoint::{Checkpoint, VerifyKey};
use kura_ledger::export;
use kura_ledger::statement::StatementFile;

use crate::both;
use crate::firm::Firm;
use crate::life::{exported, verify};

both! {
    system_the_log_key_is_handed_on_and_the_old_one_retired
}

async fn head(firm: &Firm) -> String {
    let mut reader = firm.open.door.database().reader().await.unwrap();
    kura::ledger::store::checkpoint(&mut reader).await.unwrap().unwrap()
}

fn signed(note: &str, key: &VerifyKey) -> bool {
    Checkpoint::open(note.as_bytes(), key, &[]).is_ok()
}

async fn system_the_log_key_is_handed_on_and_the_old_one_retired(mut firm: Firm) {
    let old = firm.open.door.log_key();
    let before = firm.take(&firm.staff, "secret", "before.txt", b"before", false).await;
    let show = |statement| ShowStatement { statement };
    let kept = firm.pass(&firm.staff, show(before.receipt)).await.unwrap().file;
    let refused = firm.pass(&firm.staff, RotateLogKey {}).await;
    assert!(matches!(refused, Err(Error::Denied(_))));
    assert!(matches!(firm.pass(&firm.admin, RetireLogKey {}).await, Err(Error::Conflict(_))));

    // Both sign, at once and from then on.
    let rotated = firm.pass(&firm.admin, RotateLogKey {}).await.unwrap();
    let new = firm.open.door.log_key();
    assert_eq!(rotated.log_key, new.to_string());
    assert_ne!(old, new);
    let both = |note: &str| signed(note, &old) && signed(note, &new);
    assert!(both(&head(&firm).await));
    let during = firm.take(&firm.staff, "secret", "during.txt", b"during", false).await;
    assert!(both(&head(&firm).await));
    assert!(matches!(firm.pass(&firm.admin, RotateLogKey {}).await, Err(Error::Conflict(_))));
    firm = firm.restart().await;
    assert!(both(&head(&firm).await));

    firm.pass(&firm.admin, RetireLogKey {}).await.unwrap();
    assert!(!signed(&head(&firm).await, &old) && signed(&head(&firm).await, &new));
    let secrets = firm.open.settings.data.join("keyring/secrets");
    assert!(!secrets.join("log").exists() && secrets.join("log-2").exists());
    firm = firm.restart().await;
    let after = firm.take(&firm.staff, "secret", "after.txt", b"after", false).await;

    // Whoever kept the old key follows to the new one; whoever has the new one reads what the old one signed.
    let folder = exported(&firm).await;
    for key in [&old, &new] {
        let checked = export::check(&folder, key, &[]);
        assert_eq!((checked.findings, checked.new_key.is_some()), (vec![], *key == old));
        for statement in [before.receipt, during.receipt, after.receipt] {
            let file = firm.pass(&firm.staff, show(statement)).await.unwrap().file;
            StatementFile::parse(file.as_bytes()).unwrap().verify(key, &[]).unwrap();
        }
    }
    let receipt = firm.folder.path().join("kept.json");
    std::fs::write(&receipt, kept).unwrap();
    let [receipt, at] = [&receipt, &folder].map(|path| path.to_str().unwrap());
    assert!(verify(&["receipt", "--log-key", &old.to_string(), "--export", at, receipt]));

    let keys = folder.join(export::LOG_KEYS);
    let text = std::fs::read(&keys).unwrap();
    for at in 0..text.len() {
        let mut bad = text.clone();
        bad[at] ^= 1;
        std::fs::write(&keys, bad).unwrap();
        assert!(!export::check(&folder, &old, &[]).findings.is_empty(), "byte {at}");
    }
    std::fs::remove_file(&keys).unwrap();
    assert!(!export::check(&folder, &old, &[]).findings.is_empty(), "no way from the old key");
}
