//! How rules come into force, and how someone learns why something is refused.

use std::time::Duration;

use kura::Error;
use kura::bodies::propose_resolution::ProposeResolution;
use kura::bodies::vote::{Choice, Vote};
use kura::custody::open::Open;
use kura::custody::today::Today;
use kura::door::Actor;
use kura::id::ResolutionId;
use kura::install::Installation;
use kura::ledger::list_records::ListRecords;
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::policy::acknowledge_policy::{AcknowledgePolicy, ReadIn};
use kura::policy::adopt_pack::AdoptPack;
use kura::policy::draft_policy::DraftPolicy;
use kura::policy::list_acknowledgements::ListAcknowledgements;
use kura::policy::list_clauses::ListClauses;
use kura::policy::list_documents::ListDocuments;
use kura::policy::show_document::ShowDocument;
use kura::policy::show_pack::{Packs, ShowPack};
use kura::policy::why::Why;
use kura::policy::withdraw_policy::WithdrawPolicy;
use kura::rules::archive;
use kura::rules::pack::{Files, model};

use crate::both;
use crate::browser::{pages, signed_in};
use crate::firm::{Firm, founding};

both! {
    std_4_2_a_pack_comes_into_force_on_record_and_a_loosening_needs_a_resolution
    basic_5_the_policys_files_are_handed_out_and_drafted_again
    suppl_what_was_in_force_on_any_day_is_told
    std_4_2_rules_of_before_give_way_to_the_new_ones
    basic_1d_why_says_what_would_change_it_and_not_without_end
}

/// The model pack with something else in its rules and cases.
fn changed(from: &str, to: &str) -> Files {
    let change = |(name, text): (String, String)| {
        let stays = name.starts_with("invariants/");
        (name, if stays { text } else { text.replace(from, to) })
    };
    model().into_iter().map(change).collect()
}

/// What brings another version into force, step by step.
const STEPS: [&str; 6] =
    ["found", "draft_policy", "propose_resolution", "vote", "adopt_pack", "bring_into_force"];

pub fn draft(files: Files) -> DraftPolicy {
    DraftPolicy::with_files("to try it".parse().unwrap(), files)
}

/// What waits, once it was examined.
pub async fn examined(firm: &Firm) -> Packs {
    for _ in 0..1800 {
        let packs = firm.pass(&firm.admin, ShowPack {}).await.unwrap();
        if packs.ready.as_ref().is_none_or(|ready| ready.state != "examining") {
            return packs;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("still being examined after three minutes");
}

pub fn adopt(digest: &str, resolution: Option<ResolutionId>) -> AdoptPack {
    AdoptPack { digest: digest.to_owned(), resolution, effective_on: None, major: resolution.is_some() }
}

/// Both directors are on the body and resolve upon a version.
pub async fn resolved(firm: &Firm, body: &str, office: Office, version: i64) -> ResolutionId {
    carried(firm, body, office, Some(version)).await
}

/// Both directors are on the body and resolve.
pub async fn carried(firm: &Firm, body: &str, office: Office, version: Option<i64>) -> ResolutionId {
    worded(firm, body, office, version, "この版を施行する").await
}

/// Both directors are on the body and resolve upon these words.
pub async fn worded(
    firm: &Firm,
    body: &str,
    office: Office,
    version: Option<i64>,
    words: &str,
) -> ResolutionId {
    for director in &firm.directors {
        let appoint = Appoint { person: director.id().unwrap(), office, until: None, dismiss: false };
        firm.pass(&firm.admin, appoint).await.unwrap();
    }
    let propose = ProposeResolution {
        body: body.to_owned(),
        title: "第1号議案".parse().unwrap(),
        words: words.parse().unwrap(),
        version,
        closes_on: None,
    };
    let proposed = firm.pass(&firm.admin, propose).await.unwrap();
    for director in &firm.directors {
        let vote = Vote {
            resolution: proposed.resolution,
            digest: proposed.digest.clone(),
            choice: Choice::Yes,
            reason: None,
        };
        firm.pass(director, vote).await.unwrap();
    }
    proposed.resolution
}

async fn std_4_2_a_pack_comes_into_force_on_record_and_a_loosening_needs_a_resolution(mut firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "x.txt", b"x", false).await.item;
    let open = Open { item, version: None };
    let at_home = Actor::person(firm.staff.id().unwrap(), "outside").proved_at(Some(i64::MAX));
    firm.pass(&at_home, open.clone()).await.unwrap();
    assert!(firm.pass(&firm.admin, ShowPack {}).await.unwrap().ready.is_none());
    assert!(matches!(firm.pass(&firm.staff, ShowPack {}).await, Err(Error::Denied(_))));

    // Tighter: secret material in the office only. It waits, and decides nothing yet.
    let (rule, tighter) = ("resource.rank >= 4 && context.zone", "resource.rank >= 3 && context.zone");
    assert!(matches!(firm.pass(&firm.staff, draft(changed(rule, tighter))).await, Err(Error::Denied(_))));
    firm.pass(&firm.admin, draft(changed(rule, tighter))).await.unwrap();
    firm.pass(&at_home, open.clone()).await.unwrap();
    let refused = firm.pass(&firm.admin, draft(changed("secret", "hidden"))).await.unwrap_err();
    assert!(refused.to_string().contains("version 2 waits already"), "{refused}");
    // What waits is there after a restart too.
    firm = firm.restart().await;
    let ready = examined(&firm).await.ready.unwrap();
    assert_eq!((ready.state.as_str(), ready.loosens), ("proved", false), "{ready:?}");
    assert!(!ready.refused.is_empty() && ready.documents.is_empty(), "the text is the same");
    // Run over what was really decided: it is the opening from home that would have been refused.
    assert!(ready.replayed > 20, "{}", ready.replayed);
    let [reversal] = ready.reversals.as_slice() else { panic!("{:?}", ready.reversals) };
    assert_eq!((reversal.lets_in, reversal.operation.as_str(), reversal.times), (false, "open", 2));
    assert_eq!((reversal.person.as_str(), reversal.class.as_str()), ("Name of ken", "secret"));
    assert!(matches!(firm.pass(&firm.custodian, adopt(&ready.digest, None)).await, Err(Error::Denied(_))));
    assert!(matches!(firm.pass(&firm.admin, adopt("other", None)).await, Err(Error::NotFound(_))));
    firm.pass(&firm.admin, adopt(&ready.digest, None)).await.unwrap();
    assert!(matches!(firm.pass(&at_home, open.clone()).await, Err(Error::Denied(_))));
    firm = firm.restart().await;
    assert_eq!(examined(&firm).await.in_force, ready.digest, "it stays in force");

    // One that is not proved does not come into force, nor one in which a clause is not upheld.
    let suspended = changed("when { principal.suspended }", "when { principal.suspended && false }");
    let undone = changed("clause = \"suppl\"", "clause = \"basic-5\"");
    for (files, told) in [(suspended, "suspended"), (undone, "suppl")] {
        let drafted = firm.pass(&firm.admin, draft(files)).await.unwrap();
        let broken = examined(&firm).await.ready.unwrap();
        assert_eq!(broken.state, "unproved");
        assert!(broken.open.iter().any(|open| open.contains(told)), "{:?}", broken.open);
        let refused = firm.pass(&firm.admin, adopt(&broken.digest, None)).await.unwrap_err();
        assert!(refused.to_string().contains("not proved"), "{refused}");
        let withdraw = WithdrawPolicy { version: drafted.version, reason: "broken".parse().unwrap() };
        assert!(matches!(firm.pass(&firm.custodian, withdraw.clone()).await, Err(Error::Denied(_))));
        firm.pass(&firm.admin, withdraw.clone()).await.unwrap();
        assert!(matches!(firm.pass(&firm.admin, withdraw).await, Err(Error::NotFound(_))), "once");
        assert!(examined(&firm).await.ready.is_none());
    }

    // Looser than what is in force: the committee resolves, and everyone acknowledges anew.
    let drafted = firm.pass(&firm.admin, draft(model())).await.unwrap();
    let looser = examined(&firm).await.ready.unwrap();
    assert!(looser.loosens && !looser.let_in.is_empty());
    assert!(
        looser.reversals.iter().any(|line| line.lets_in && line.operation == "open"),
        "{:?}",
        looser.reversals
    );
    let refused = firm.pass(&firm.admin, adopt(&looser.digest, None)).await.unwrap_err();
    assert!(refused.to_string().contains("--resolution"), "{refused}");
    // Not with a resolution of a body that may not, nor with one upon something else.
    let lower = Office::RiskManagementSubcommittee;
    let lower = resolved(&firm, "risk_management_subcommittee", lower, drafted.version).await;
    let refused = firm.pass(&firm.admin, adopt(&looser.digest, Some(lower))).await.unwrap_err();
    assert!(refused.to_string().contains("the CSR committee decides this"), "{refused}");
    let csr = resolved(&firm, "csr_committee", Office::CsrCommittee, drafted.version).await;
    let adopted = firm.pass(&firm.admin, adopt(&looser.digest, Some(csr))).await.unwrap();
    assert_eq!(adopted.policy_version, 2);
    let refused = firm.pass(&at_home, open.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("item-acknowledgement"), "{refused}");
    // The board says which rule refused, how often, and when.
    let board = firm.pass(&firm.staff, ListClauses {}).await.unwrap();
    let scope = board.clauses.iter().find(|clause| clause.clause == "basic-3").unwrap();
    let rule = scope.rules.iter().find(|rule| rule.rule == "item-acknowledgement").unwrap();
    assert_eq!((rule.denials, rule.last_denied.as_str()), (1, "2026-11-24T09:00:00Z"), "{rule:?}");
    for _ in 0..3 {
        firm.pass(&at_home, open.clone()).await.unwrap_err();
    }
    firm.open.door.flush_refusals(true).await.unwrap();
    let board = firm.pass(&firm.staff, ListClauses {}).await.unwrap();
    let again = board.clauses.iter().flat_map(|clause| &clause.rules);
    let again = again.filter(|rule| rule.rule == "item-acknowledgement").map(|rule| rule.denials);
    assert_eq!(again.collect::<Vec<_>>(), [4], "repeats that were only counted too");
    // Not what is not in force, nor without having read it; then with the text as it is signed.
    let read = |version, read| AcknowledgePolicy { version, language: ReadIn::En, read };
    let old = firm.pass(&firm.staff, read(2, true)).await.unwrap_err();
    assert!(old.to_string().contains(&format!("version {} is in force", adopted.version)), "{old}");
    let unread = firm.pass(&firm.staff, read(adopted.version, false)).await.unwrap_err();
    assert!(unread.to_string().contains("to the end"), "{unread}");
    assert!(firm.pass(&firm.guest, read(adopted.version, true)).await.is_err());
    assert!(firm.pass(&firm.staff, Today {}).await.unwrap().acknowledge);
    let signed = firm.pass(&firm.staff, read(adopted.version, true)).await.unwrap();
    assert!(signed.pledge.contains("I have read and understood"), "{}", signed.pledge);
    assert!(!firm.pass(&firm.staff, Today {}).await.unwrap().acknowledge);
    assert!(matches!(firm.pass(&firm.staff, ListAcknowledgements {}).await, Err(Error::Denied(_))));
    let listed = firm.pass(&firm.admin, ListAcknowledgements {}).await.unwrap();
    let done: Vec<_> = listed.iter().filter(|line| line.up_to_date).map(|line| line.version).collect();
    assert_eq!(done, [Some(adopted.version)], "one of {} people", listed.len());
    firm.pass(&at_home, open).await.unwrap();
}

async fn suppl_what_was_in_force_on_any_day_is_told(mut firm: Firm) {
    let (old, new) = ("一件ごとに管理責任者を定める", "一件ごとに管理責任者と代理を定める");
    let files = changed(old, new);
    // Everybody reads what is in force; a guest has no part in it.
    let listed = firm.pass(&firm.staff, ListDocuments::default()).await.unwrap();
    assert_eq!((listed.version.as_ref().unwrap().version, listed.documents.len()), (1, 7));
    assert!(firm.pass(&firm.guest, ListDocuments::default()).await.is_err());
    let bad = firm.pass(&firm.admin, draft(changed("{#basic-4}", "{#basic-5}"))).await.unwrap_err();
    assert!(bad.to_string().contains("policy.ja.md: line 53"), "{bad}");
    let mut strange = model();
    strange.insert("../kura.toml".to_owned(), String::new());
    assert!(firm.pass(&firm.admin, draft(strange)).await.unwrap_err().to_string().contains("holds no file"));
    let same = firm.pass(&firm.admin, draft(model())).await.unwrap_err();
    assert!(same.to_string().contains("what is in force"), "{same}");

    let drafted = firm.pass(&firm.admin, draft(files)).await.unwrap();
    let show = |version| ShowDocument { document: "policy".to_owned(), version };
    assert!(
        matches!(firm.pass(&firm.staff, show(Some(2))).await, Err(Error::NotFound(_))),
        "a draft is not read"
    );
    let ready = examined(&firm).await.ready.unwrap();
    let [document] = ready.documents.as_slice() else { panic!("{:?}", ready.documents) };
    assert_eq!(
        (document.document.as_str(), document.parts[0].clause.as_deref()),
        ("policy", Some("basic-2"))
    );
    let on = |day: &str| AdoptPack { effective_on: Some(day.to_owned()), ..adopt(&drafted.digest, None) };
    let past = firm.pass(&firm.admin, on("2026-11-23")).await.unwrap_err();
    assert!(past.to_string().contains("a day that has passed"), "{past}");
    assert!(matches!(firm.pass(&firm.admin, on("next week")).await, Err(Error::Invalid { .. })));
    // The committee decides on the policy's text.
    let undecided = firm.pass(&firm.admin, on("2026-12-01")).await.unwrap_err();
    assert!(undecided.to_string().contains("CSR committee decides on what changes"), "{undecided}");
    let csr = resolved(&firm, "csr_committee", Office::CsrCommittee, drafted.version).await;
    let on = |day: &str| AdoptPack { resolution: Some(csr), ..on(day) };
    let adopted = firm.pass(&firm.admin, on("2026-12-01")).await.unwrap();
    assert_eq!((adopted.state.as_str(), adopted.version), ("scheduled", 2));
    let again = firm.pass(&firm.admin, on("2026-12-02")).await.unwrap_err();
    assert!(again.to_string().contains("decided already"), "{again}");

    // What is to come can be read; what is in force is the first one until its day.
    assert!(
        firm.pass(&firm.staff, show(Some(2)))
            .await
            .unwrap()
            .parts
            .iter()
            .any(|part| part.text_ja.contains(new))
    );
    firm.clock.set(kura::clock::parse_moment("2026-11-30T14:59:00Z").unwrap());
    kura::policy::adopt_pack::when_due(&firm.open.door).await.unwrap();
    assert!(
        firm.pass(&firm.staff, show(None)).await.unwrap().parts.iter().any(|part| part.text_ja.contains(old))
    );
    // In Tokyo it is the first of December; and nothing ran on that day.
    firm.clock.set(kura::clock::parse_moment("2026-12-03T00:00:00Z").unwrap());
    firm = firm.restart().await;
    let shown = firm.pass(&firm.staff, show(None)).await.unwrap();
    assert!(shown.parts.iter().any(|part| part.text_ja.contains(new)));
    assert_eq!(shown.versions.iter().map(|own| own.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        shown.differs.iter().map(|part| part.clause.as_deref()).collect::<Vec<_>>(),
        [Some("basic-2")]
    );
    let forms = ShowDocument { document: "forms".to_owned(), version: None };
    let forms = firm.pass(&firm.staff, forms).await.unwrap();
    assert_eq!((forms.versions.len(), forms.differs.len()), (1, 0), "what did not change has one version");
    assert!(matches!(
        firm.pass(&firm.staff, ShowDocument { document: "none".to_owned(), version: None }).await,
        Err(Error::NotFound("document"))
    ));
    for (day, version) in [
        ("2026-11-23", None),
        ("2026-11-24", Some(1)),
        ("2026-11-30", Some(1)),
        ("2026-12-01", Some(2)),
        ("2030-01-01", Some(2)),
    ] {
        let on = ListDocuments { on: Some(day.to_owned()) };
        let listed = firm.pass(&firm.staff, on).await.unwrap();
        assert_eq!(listed.version.map(|version| version.version), version, "{day}");
    }
    let listed = firm.pass(&firm.staff, ListDocuments::default()).await.unwrap();
    assert_eq!(
        (listed.versions[0].changed.clone(), listed.versions[0].began.as_str()),
        (vec!["policy".to_owned()], "2026-12-03T00:00:00Z")
    );
    assert_eq!(listed.versions[1].state, "ended");
    // Each step is on record.
    let records = ListRecords { limit: Some(200), ..ListRecords::default() };
    let records = firm.pass(&firm.admin, records).await.unwrap().records;
    let steps: Vec<&str> = records
        .iter()
        .rev()
        .filter(|record| !record.refused)
        .map(|record| record.operation.as_str())
        .filter(|operation| STEPS.contains(operation))
        .collect();
    assert_eq!(
        steps,
        ["found", "draft_policy", "propose_resolution", "vote", "vote", "adopt_pack", "bring_into_force"]
    );
}

/// An installation whose rules are of before there were drafts and bodies gets on: the program lays the new ones ready.
async fn std_4_2_rules_of_before_give_way_to_the_new_ones(mut firm: Firm) {
    let mut old = changed("draft_policy", "draft_of_before");
    old.remove("bodies.toml");
    let mut connection = firm.open.door.database().connect().await.unwrap();
    sqlx::query("update policy_version set files = $1")
        .bind(serde_json::to_string(&old).unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    drop(connection);
    firm = firm.restart().await;
    let unknown = firm.pass(&firm.admin, draft(model())).await.unwrap_err();
    assert!(unknown.to_string().contains("kura adopt-pack"), "{unknown}");
    let ready = examined(&firm).await.ready.unwrap();
    assert_eq!((ready.version.version, ready.state.as_str(), ready.loosens), (2, "proved", true));
    firm.pass(&firm.admin, adopt(&ready.digest, None)).await.unwrap();
    firm = firm.restart().await;
    assert!(examined(&firm).await.ready.is_none(), "and once only");
    // From then on a body resolves upon who resolves.
    firm.pass(&firm.admin, draft(changed("quorum_percent = 50", "quorum_percent = 1"))).await.unwrap();
    let ready = examined(&firm).await.ready.unwrap();
    assert!(ready.loosens && ready.open.contains(&"the bodies change".to_owned()), "{:?}", ready.open);
    assert!(
        firm.pass(&firm.admin, adopt(&ready.digest, None))
            .await
            .unwrap_err()
            .to_string()
            .contains("--resolution")
    );
}

#[tokio::test]
async fn std_4_2_rules_that_answer_a_case_otherwise_do_not_come_into_force() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = crate::firm::settings(folder.path(), crate::firm::Engine::Sqlite).await;
    settings.policy = folder.path().join("policy");
    for (name, text) in changed("expect = \"permit\"\nrules = [\"item-succession\"]", "expect = \"refuse\"") {
        let path = settings.policy.join(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
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

async fn basic_5_the_policys_files_are_handed_out_and_drafted_again(firm: Firm) {
    let served = pages(&firm).await;
    let mut browser = signed_in(&served, "admin").await;
    let answer = browser.get("/policy/pack.zip").await;
    assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, "application/zip"));
    assert!(answer.headers["content-disposition"].contains("policy-1.zip"));
    let mut files = archive::read(&answer.bytes).unwrap();
    assert_eq!(files, model());
    assert_eq!(browser.get("/policy/pack.zip?version=7").await.status, 404);
    // Who may not see the rules is handed no files.
    let mut staff = signed_in(&served, "ken").await;
    assert_eq!(staff.get("/policy/pack.zip").await.status, 403);
    assert_eq!(staff.get("/policy/draft/upload").await.status, 403);

    let token = browser.token().await;
    let about = [("kura-form", token.as_str()), ("reason", "disposal by two")];
    let page = "/policy/draft/upload";
    let whole = archive::write(&files).unwrap();
    for (name, content, told) in [
        ("policy.zip", b"no archive".as_slice(), "it is no ZIP archive"),
        ("policy.zip", &whole[..whole.len() / 2], "damaged"),
        ("policy.zip", &whole, "this is what is in force, to the letter"),
        ("", b"", "choose a file first"),
    ] {
        let answer = browser.send_as(page, &about, "pack", (name, content)).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.text.contains(told), "{told}: {}", answer.text);
    }
    let other = [("kura-form", "x"), ("reason", "from elsewhere")];
    assert_eq!(browser.send_as(page, &other, "pack", ("policy.zip", &whole)).await.status, 403);
    let none = [("kura-form", token.as_str()), ("reason", "")];
    let answer = browser.send_as(page, &none, "pack", ("policy.zip", &whole)).await;
    assert_eq!(answer.status, 422);

    // What is wrong within a file is told with its name, and what was typed stays.
    let rules = files.insert("rules/10-scope.cedar".to_owned(), "permit (everything);".to_owned()).unwrap();
    let answer = browser.send_as(page, &about, "pack", ("p.zip", &archive::write(&files).unwrap())).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("rules/10-scope.cedar") && answer.text.contains("disposal by two"));

    files.insert("rules/10-scope.cedar".to_owned(), rules);
    let text = files.get_mut("documents/disposal.en.md").unwrap();
    *text =
        text.replace("The custodian asks for it, with a reason.", "The custodian asks for it in writing.");
    let answer = browser.send_as(page, &about, "pack", ("p.zip", &archive::write(&files).unwrap())).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/policy/draft?done=draft-policy"));
    let waiting = examined(&firm).await.ready.unwrap();
    assert_eq!((waiting.version.version, waiting.state.as_str()), (2, "proved"));
    assert_eq!(waiting.documents.len(), 1);
    let again = browser.get("/policy/pack.zip?version=2").await;
    assert_eq!(archive::read(&again.bytes).unwrap(), files);
    // One waits at a time.
    let answer = browser.send_as(page, &about, "pack", ("p.zip", &archive::write(&files).unwrap())).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("waits already"));
}
