//! How rules come into force, and how someone learns why something is refused.

use std::path::Path;
use std::time::Duration;

use kura::Error;
use kura::custody::open::Open;
use kura::door::Actor;
use kura::install::Installation;
use kura::people::record_fact::RecordFact;
use kura::policy::adopt_pack::AdoptPack;
use kura::policy::show_pack::{Packs, ShowPack};
use kura::policy::why::Why;
use kura::rules::pack::model;

use crate::both;
use crate::firm::{Firm, founding};

both! {
    std_4_2_a_pack_comes_into_force_on_record_and_a_loosening_needs_a_resolution
    basic_1d_why_says_what_would_change_it_and_not_without_end
}

/// Writes the model pack with something else in its rules and cases.
fn write(folder: &Path, from: &str, to: &str) {
    for (name, text) in model() {
        let path = folder.join(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = if name.starts_with("invariants/") { text } else { text.replace(from, to) };
        std::fs::write(path, text).unwrap();
    }
}

/// What lies ready, once it was examined.
async fn examined(firm: &Firm) -> Packs {
    for _ in 0..600 {
        let packs = firm.pass(&firm.admin, ShowPack {}).await.unwrap();
        if packs.ready.as_ref().is_none_or(|ready| ready.state != "examining") {
            return packs;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("still being examined after a minute");
}

async fn std_4_2_a_pack_comes_into_force_on_record_and_a_loosening_needs_a_resolution(mut firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "x.txt", b"x", false).await.item;
    let open = Open { item, version: None };
    let at_home = Actor::person(firm.staff.id().unwrap(), "outside").proved_at(Some(i64::MAX));
    firm.pass(&at_home, open.clone()).await.unwrap();
    assert!(firm.pass(&firm.admin, ShowPack {}).await.unwrap().ready.is_none());
    assert!(matches!(firm.pass(&firm.staff, ShowPack {}).await, Err(Error::Denied(_))));

    // Tighter: secret material in the office only. It lies ready, and decides nothing yet.
    let folder = firm.folder.path().join("policy");
    firm.open.settings.policy = folder.clone();
    let (rule, tighter) = ("resource.rank >= 4 && context.zone", "resource.rank >= 3 && context.zone");
    write(&folder, rule, tighter);
    firm = firm.restart().await;
    firm.pass(&at_home, open.clone()).await.unwrap();
    let ready = examined(&firm).await.ready.unwrap();
    assert_eq!((ready.state.as_str(), ready.loosens), ("proved", false), "{ready:?}");
    assert!(!ready.refused.is_empty());
    let adopt = |digest: &str, resolution: Option<&str>| AdoptPack {
        digest: digest.to_owned(),
        resolution: resolution.map(|text| text.parse().unwrap()),
        major: resolution.is_some(),
    };
    assert!(matches!(firm.pass(&firm.custodian, adopt(&ready.digest, None)).await, Err(Error::Denied(_))));
    assert!(matches!(firm.pass(&firm.admin, adopt("other", None)).await, Err(Error::NotFound(_))));
    firm.pass(&firm.admin, adopt(&ready.digest, None)).await.unwrap();
    assert!(matches!(firm.pass(&at_home, open.clone()).await, Err(Error::Denied(_))));
    firm = firm.restart().await;
    assert_eq!(examined(&firm).await.in_force, ready.digest, "it stays in force");

    // One that is not proved does not come into force, nor one whose cases are answered otherwise.
    write(&folder, "when { principal.suspended }", "when { principal.suspended && false }");
    firm = firm.restart().await;
    let broken = examined(&firm).await.ready.unwrap();
    assert_eq!(broken.state, "unproved");
    let refused = firm.pass(&firm.admin, adopt(&broken.digest, Some("R-1"))).await.unwrap_err();
    assert!(refused.to_string().contains("not proved"), "{refused}");

    // Looser than what is in force: the committee resolves, and everyone acknowledges anew.
    firm.open.settings.policy = std::path::PathBuf::new();
    firm = firm.restart().await;
    let looser = examined(&firm).await.ready.unwrap();
    assert!(looser.loosens && !looser.let_in.is_empty());
    let refused = firm.pass(&firm.admin, adopt(&looser.digest, None)).await.unwrap_err();
    assert!(refused.to_string().contains("--resolution"), "{refused}");
    let adopted = firm.pass(&firm.admin, adopt(&looser.digest, Some("CSR 2026-12"))).await.unwrap();
    assert_eq!(adopted.policy_version, 2);
    let refused = firm.pass(&at_home, open.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("item-acknowledgement"), "{refused}");
    let fact = RecordFact { person: firm.staff.id().unwrap(), trained_until: None, acknowledged: Some(2) };
    firm.pass(&firm.admin, fact).await.unwrap();
    firm.pass(&at_home, open).await.unwrap();
}

#[tokio::test]
async fn std_4_2_rules_that_answer_a_case_otherwise_do_not_come_into_force() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = crate::firm::settings(folder.path(), crate::firm::Engine::Sqlite).await;
    settings.policy = folder.path().join("policy");
    write(&settings.policy, "expect = \"permit\"\nrules = [\"item-succession\"]", "expect = \"refuse\"");
    let clock = kura::clock::Clock::at(crate::firm::NOW);
    let refused = Installation::found(settings, founding(folder.path()), clock).await.err().unwrap();
    assert!(refused.to_string().contains("case a-director-hands-custody-over: it is permitted"), "{refused}");
}

async fn basic_1d_why_says_what_would_change_it_and_not_without_end(firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "x.txt", b"x", false).await.item;
    let why = |action: &str| Why { item, action: action.to_owned() };
    let told = firm.pass(&firm.staff, why("open")).await.unwrap();
    assert!(told.permitted && told.ja.is_empty() && told.remedies.is_empty());
    let told = firm.pass(&firm.custodian, why("erase")).await.unwrap();
    assert!(!told.permitted && told.rules == ["life-erase-two"], "{told:?}");
    assert!(told.ja.contains("条項 std-3-5") && told.en.contains("Clause std-3-5"));
    assert!(told.remedies[0].en.contains("two other people"), "{told:?}");
    assert!(matches!(firm.pass(&firm.staff, why("paint")).await, Err(Error::Invalid { .. })));
    // Whoever may not know of it learns nothing this way.
    assert!(matches!(firm.pass(&firm.outsider, why("open")).await, Err(Error::NotFound("item"))));
    for _ in 0..29 {
        firm.pass(&firm.staff, why("erase")).await.unwrap();
    }
    let enough = firm.pass(&firm.staff, why("erase")).await.unwrap_err();
    assert!(enough.to_string().contains("within the hour"), "{enough}");
    firm.pass(&firm.custodian, why("erase")).await.unwrap();
    firm.clock.set(crate::firm::NOW + 3_600_001);
    firm.pass(&firm.staff, why("erase")).await.unwrap();
}
