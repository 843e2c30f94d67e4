//! Backups: what was erased stays erased, and what is behind is refused.

use kura::Error;
use kura::backup::create_backup::CreateBackup;
use kura::backup::destroy_backup::DestroyBackup;
use kura::backup::restore::{Restored, Restoring, restore};
use kura::clock::Clock;
use kura::custody::erase::Erase;
use kura::custody::list::List;
use kura::custody::open::Open;
use kura::custody::show::Show;
use kura::install::Installation;

use crate::firm::{Engine, Firm, NOW};

fn folder(firm: &Firm, place: &str, name: &str) -> std::path::PathBuf {
    firm.folder.path().join(place).join(name)
}

async fn restored(firm: &Firm, to: &str, restoring: Restoring, key: &str) -> Result<Restored, Error> {
    let mut settings = firm.open.settings.clone();
    settings.data = firm.folder.path().join(to);
    settings.key_file = firm.folder.path().join(key);
    restore(settings, restoring, Clock::at(NOW)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn system_what_was_erased_stays_erased_after_a_restore() {
    let firm = Firm::found(Engine::Sqlite).await;
    let kept = firm.take(&firm.staff, "internal", "keep.txt", b"keep me", false).await.item;
    let gone = firm.take(&firm.staff, "internal", "gone.txt", b"forget me", false).await.item;
    assert!(matches!(firm.pass(&firm.staff, CreateBackup {}).await, Err(Error::Denied(_))));
    let older = firm.pass(&firm.admin, CreateBackup {}).await.unwrap();
    assert_eq!(older.parts, 2);
    // A copy of the keyring that somebody took along is not reached by what follows.
    let elsewhere = folder(&firm, "keyring-backups", &older.backup);
    kura_vault::keyring::copy(&elsewhere, &firm.folder.path().join("elsewhere")).unwrap();
    let reason = "over".parse().unwrap();
    let erased = firm.pass(&firm.custodian, Erase { item: gone, reason }).await.unwrap();
    let certificate = crate::life::statement(&firm, &firm.custodian, erased.certificate.unwrap()).await;
    let copies = &certificate.statement.body["keyring_copies"];
    assert_eq!(
        (copies["without_the_key"].as_u64(), copies["not_reached"].as_array().unwrap().len()),
        (Some(1), 0)
    );
    let newer = firm.pass(&firm.admin, CreateBackup {}).await.unwrap();
    assert_eq!(newer.parts, 1);
    let log_key = firm.open.door.log_key().to_string();
    // The mark is written soon after a commit.
    tokio::time::sleep(std::time::Duration::from_millis(1300)).await;

    let from = |backup: &str, keyring: &str| Restoring {
        backup: folder(&firm, "backups", backup),
        keyring: folder(&firm, "keyring-backups", keyring),
        recovery_file: None,
        new_origin: None,
        checkpoint: None,
    };
    let (older, newer) = (older.backup.as_str(), newer.backup.as_str());
    // With the keyring of before the erasure it would come back: refused.
    let taken = Restoring { keyring: firm.folder.path().join("elsewhere"), ..from(older, older) };
    let refused = restored(&firm, "r1", taken, "kura.key").await.unwrap_err();
    assert!(refused.to_string().contains("Bring the newest copy"), "{refused}");
    // The copy that Kura made was rid of what was erased, and is as good as the newest.
    let refused = restored(&firm, "r1", from(older, older), "kura.key").await.unwrap_err();
    assert!(refused.to_string().contains("--new-origin"), "{refused}");
    // The keyring is the newest, but records are lost: refused, unless the loss is admitted.
    let refused = restored(&firm, "r2", from(older, newer), "kura.key").await.unwrap_err();
    assert!(refused.to_string().contains("--new-origin"), "{refused}");
    let mut settings = firm.open.settings.clone();
    settings.data = firm.folder.path().join("r2");
    assert!(Installation::open(settings.clone(), Clock::at(NOW)).await.is_err(), "half restored");

    let admitted = Restoring { new_origin: Some("kura.example/ledger-2".to_owned()), ..from(older, newer) };
    let done = restored(&firm, "r3", admitted, "kura.key").await.unwrap();
    assert_eq!((done.erased.as_slice(), done.lost > 0), (&[gone][..], true));
    assert_ne!(done.log_key, log_key);
    let Firm { open, folder: place, custodian, staff, .. } = firm;
    open.close().await;
    settings.data = place.path().join("r3");
    let again = Installation::open(settings.clone(), Clock::at(NOW)).await.unwrap();
    let pass = |actor: &kura::door::Actor| {
        let (door, actor) = (again.door.clone(), actor.clone());
        move |item| {
            let (door, actor) = (door.clone(), actor.clone());
            async move { door.pass(&actor, Open { item, version: None }, kura::door::Options::default()).await }
        }
    };
    let opened = pass(&staff)(kept).await.unwrap().into_value();
    let ticket = again.door.ticket(&staff, &opened.ticket).unwrap();
    use futures_util::StreamExt as _;
    let content: Vec<_> = again.door.content(ticket, 0..7).await.unwrap().collect().await;
    assert_eq!(content.into_iter().map(Result::unwrap).collect::<Vec<_>>().concat(), b"keep me");
    assert!(pass(&staff)(gone).await.is_err());
    let options = kura::door::Options::default;
    let shown = again.door.pass(&custodian, Show { item: gone }, options()).await.unwrap().into_value();
    assert_eq!((shown.state.as_str(), shown.name.as_str()), ("erased", ""));
    let listed = again.door.pass(&custodian, List::default(), options()).await.unwrap().into_value();
    assert_eq!(listed.items.len(), 2);
    again.close().await;

    // The old data folder still is what it was; the restored one has another ledger.
    settings.data = place.path().join("data");
    settings.high_water_file = std::path::PathBuf::new();
    Installation::open(settings, Clock::at(NOW)).await.unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn system_a_backup_opens_with_the_recovery_identity_and_not_without_its_key() {
    let firm = Firm::found(Engine::Sqlite).await;
    let item = firm.take(&firm.staff, "secret", "x.txt", b"content", false).await.item;
    let first = firm.pass(&firm.admin, CreateBackup {}).await.unwrap().backup;
    let checkpoint = {
        let mut reader = firm.open.door.database().reader().await.unwrap();
        kura::ledger::store::checkpoint(&mut reader).await.unwrap().unwrap()
    };
    let second = firm.pass(&firm.admin, CreateBackup {}).await.unwrap().backup;
    firm.pass(&firm.admin, DestroyBackup { backup: first.clone() }).await.unwrap();
    let again = firm.pass(&firm.admin, DestroyBackup { backup: first.clone() }).await;
    assert!(matches!(again, Err(Error::NotFound(_))));
    let third = firm.pass(&firm.admin, CreateBackup {}).await.unwrap().backup;
    tokio::time::sleep(std::time::Duration::from_millis(1300)).await;
    let mut settings = firm.open.settings.clone();
    // As after a fire: neither the mark nor the key file is left.
    settings.high_water_file = std::path::PathBuf::new();
    settings.key_file = firm.folder.path().join("new.key");
    settings.data = firm.folder.path().join("r1");
    let from = |backup: &str, keyring: &str| Restoring {
        backup: folder(&firm, "backups", backup),
        keyring: folder(&firm, "keyring-backups", keyring),
        recovery_file: Some(firm.folder.path().join("recovery.txt")),
        new_origin: None,
        checkpoint: Some(firm.folder.path().join("checkpoint")),
    };
    std::fs::write(firm.folder.path().join("checkpoint"), &checkpoint).unwrap();
    let refused = restore(settings.clone(), from(&first, &third), Clock::at(NOW)).await.unwrap_err();
    assert!(refused.to_string().contains("key is not in this keyring"), "{refused}");
    // Nothing tells how far the ledger had come: not restored under its old name.
    settings.data = firm.folder.path().join("r1b");
    let blind = Restoring { checkpoint: None, ..from(&second, &third) };
    let refused = restore(settings.clone(), blind, Clock::at(NOW)).await.unwrap_err();
    assert!(refused.to_string().contains("--checkpoint"), "{refused}");
    // A part left out of the manifest, whose seal nobody can make.
    let path = folder(&firm, "backups", &second).join("manifest.json");
    let manifest = std::fs::read_to_string(&path).unwrap();
    let mut thinned: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    thinned["parts"].as_array_mut().unwrap().clear();
    std::fs::write(&path, thinned.to_string()).unwrap();
    settings.data = firm.folder.path().join("r1c");
    let refused = restore(settings.clone(), from(&second, &third), Clock::at(NOW)).await.unwrap_err();
    assert!(refused.to_string().contains("manifest was changed"), "{refused}");
    std::fs::write(&path, manifest).unwrap();
    assert!(!settings.key_file.exists(), "a refused restore leaves no key file");
    settings.data = firm.folder.path().join("r2");
    // One byte of the backup's content changed.
    let part = walk(&folder(&firm, "backups", &second).join("content")).remove(0);
    let whole = std::fs::read(&part).unwrap();
    let mut bytes = whole.clone();
    bytes[70] ^= 1;
    std::fs::write(&part, &bytes).unwrap();
    let refused = restore(settings.clone(), from(&second, &third), Clock::at(NOW)).await.unwrap_err();
    assert!(refused.to_string().contains("damaged"), "{refused}");
    std::fs::write(&part, &whole).unwrap();
    settings.data = firm.folder.path().join("r3");
    std::fs::remove_file(&settings.key_file).unwrap();
    restore(settings.clone(), from(&second, &third), Clock::at(NOW)).await.unwrap();
    let Firm { open, staff, .. } = firm;
    open.close().await;
    let again = Installation::open(settings, Clock::at(NOW)).await.unwrap();
    let open = Open { item, version: None };
    again.door.pass(&staff, open, kura::door::Options::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn system_only_the_newest_copies_of_the_keyring_are_kept() {
    let firm = Firm::found(Engine::Sqlite).await;
    let item = firm.take(&firm.staff, "internal", "x.txt", b"x", false).await.item;
    let mut names = Vec::new();
    for _ in 0..5 {
        names.push(firm.pass(&firm.admin, CreateBackup {}).await.unwrap().backup);
        firm.clock.set(firm.clock.now() + 1000);
    }
    let mut kept: Vec<_> = std::fs::read_dir(firm.folder.path().join("keyring-backups")).unwrap().collect();
    assert_eq!(kept.len(), 3);
    kept.clear();
    // The newest opens the oldest backup.
    let mut settings = firm.open.settings.clone();
    settings.data = firm.folder.path().join("r1");
    let restoring = Restoring {
        backup: folder(&firm, "backups", &names[0]),
        keyring: folder(&firm, "keyring-backups", &names[4]),
        recovery_file: None,
        new_origin: Some("kura.example/again".to_owned()),
        checkpoint: None,
    };
    restore(settings.clone(), restoring, Clock::at(NOW + 10_000)).await.unwrap();
    let again = Installation::open(settings, Clock::at(NOW + 10_000)).await.unwrap();
    let open = Open { item, version: None };
    again.door.pass(&firm.staff, open, kura::door::Options::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn system_a_database_that_was_set_back_is_not_served() {
    let firm = Firm::found(Engine::Sqlite).await;
    firm.take(&firm.staff, "secret", "1.txt", b"1", false).await;
    let firm = firm.restart().await;
    let Firm { open, folder, .. } = firm;
    let settings = open.settings.clone();
    open.close().await;
    let file = settings.data.join("kura.db");
    let log = settings.data.join("kura.db-wal");
    assert!(!log.exists(), "a closed database is one file");
    let before = std::fs::read(&file).unwrap();
    let open = Installation::open(settings.clone(), Clock::at(NOW)).await.unwrap();
    let guest = kura::sign_in::Desk::new(open.door.clone());
    let input = kura::sign_in::SignIn {
        login: "hana".to_owned(),
        password: crate::firm::PASSWORD.to_owned(),
        label: "x".parse().unwrap(),
        scope: kura::people::create_token::Scope::All,
        days: None,
        code: None,
    };
    guest.sign_in(input, "office").await.unwrap();
    open.close().await;
    std::fs::write(&file, before).unwrap();
    let refused = Installation::open(settings.clone(), Clock::at(NOW)).await;
    let Err(refused) = refused else { panic!("a ledger that was set back is served") };
    assert!(refused.to_string().contains("set back"), "{refused}");
    drop(folder);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}
