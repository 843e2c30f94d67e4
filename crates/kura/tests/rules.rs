//! The rules of the model pack: what is proved of them, that the proof notices what breaks them, and what
//! comparison, replay and explanation say.
//!
//! The proofs need the solver: `apt-get install cvc5`. Without it these tests fail.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use kura::clock::Clock;
use kura::id::{ItemId, MatterId, PartyId, PersonId};
use kura::rules::compare::{Change, Comparison, compare};
use kura::rules::counterexample::Counterexample;
use kura::rules::decide::Question;
use kura::rules::explain::{self, Remedy, explain, remedies};
use kura::rules::facts::{Circumstances, ItemFacts, MatterFacts, PersonFacts, Resource};
use kura::rules::lock::{locked, model_lock, write_lock};
use kura::rules::pack::{Pack, model, read};
use kura::rules::prove::{Claim, Outcome, prove, prove_invariant};
use kura::rules::replay::replay;

mod slips;

use slips::{KNOW, MATTERS, SCOPE, SLIPS, changed};

fn solver() -> &'static Path {
    Path::new("cvc5")
}

fn model_pack() -> Pack {
    Pack::load(&model()).unwrap()
}

fn pack_with(file: &str, from: &str, to: &str) -> Pack {
    Pack::load(&changed(file, from, to)).unwrap()
}

fn permitted(pack: &Pack, question: &Question) -> bool {
    pack.answer(question).unwrap().permitted
}

// ---- proofs

#[tokio::test]
async fn everything_is_proved_of_the_model_pack() {
    let proofs = prove(&model_pack(), solver()).await.unwrap();
    let open: Vec<String> = proofs
        .proofs
        .iter()
        .filter(|proof| !proof.holds())
        .map(|proof| format!("{} {:?}", proof.name(), proof.outcome))
        .collect();
    assert_eq!(open, [""; 0]);
    let lock = write_lock(&proofs, 0).unwrap();
    assert!(locked(&model_pack(), &lock), "{lock}");
}

#[tokio::test]
async fn a_slip_in_the_rules_breaks_its_invariant_with_a_request_that_replays() {
    let model_pack = model_pack();
    let mut known: Vec<&str> = SLIPS.iter().map(|(id, ..)| *id).collect();
    known.sort_unstable();
    let all: Vec<&str> = model_pack.invariants.iter().map(|i| i.id.as_str()).collect();
    assert_eq!(known, all, "every invariant has its slip");
    for (id, file, from, to) in SLIPS {
        let slipped = pack_with(file, from, to);
        let proof = prove_invariant(&slipped, id, solver()).await.unwrap();
        let Outcome::Broken(found) = proof.outcome else {
            panic!("{id}: {:?}", proof.outcome);
        };
        assert!(permitted(&slipped, &found.question), "{id}: {found:?}");
        assert!(!permitted(&model_pack, &found.question), "{id}: {found:?}");
        assert!(!found.text_en.contains("rank"), "{id}: {}", found.text_en);
        assert!(found.text_ja.starts_with('「'), "{}", found.text_ja);
    }
}

#[tokio::test]
async fn a_rule_that_may_fail_or_changes_nothing_is_not_proved() {
    let mut files = changed(
        MATTERS,
        "when { context.rank > principal.clearance };",
        "when { context.rank > principal.clearance + 1 };",
    );
    let again = r#"
        @id("scope-suspended-again") @clause("std-2-1") @reason_ja("x") @reason_en("x") @ask("self")
        forbid (principal is Kura::Person, action, resource) when { principal.suspended };"#;
    files.get_mut(SCOPE).unwrap().push_str(again);
    let nothing = r#"
        @id("nothing") @clause("std-2-1") @ja("x") @en("x")
        forbid (principal is Kura::Person, action, resource is Kura::Item)
        when { resource.rank > 3 && resource.rank < 3 };"#;
    let invariants = files.get_mut("invariants/10-scope.cedar").unwrap();
    invariants.push_str(nothing);
    let pack = Pack::load(&files).unwrap();
    let proofs = prove(&pack, solver()).await.unwrap();
    let outcome = |claim, id: &str| {
        let mut proofs = proofs.proofs.iter();
        let proof = proofs.find(|proof| proof.claim == claim && proof.id == id);
        proof.unwrap().outcome.clone()
    };
    let Outcome::Broken(found) = outcome(Claim::NeverErrs, "matter-above-clearance") else {
        panic!("a sum may be too large");
    };
    let decision = pack.answer(&found.question).unwrap();
    assert!(!decision.permitted && !decision.errors.is_empty());
    assert_eq!(outcome(Claim::Matters, "scope-suspended"), Outcome::Idle);
    assert_eq!(outcome(Claim::Matters, "scope-suspended-again"), Outcome::Idle);
    assert_eq!(outcome(Claim::Matters, "scope-employment"), Outcome::Holds);
    assert_eq!(outcome(Claim::Invariant, "nothing"), Outcome::Idle);
    assert!(!proofs.hold());
    let refused = write_lock(&proofs, 0).unwrap_err().to_string();
    assert!(refused.contains("is not proved"), "{refused}");
}

#[tokio::test]
async fn without_a_solver_nothing_is_proved_and_it_is_said_how_to_get_one() {
    for missing in ["/nonexistent/cvc5", "/bin/true", "/bin/false"] {
        let error = prove(&model_pack(), Path::new(missing)).await.unwrap_err();
        let error = error.to_string();
        assert!(error.contains("apt-get install cvc5"), "{error}");
    }
    let pack = model_pack();
    let error = prove_invariant(&pack, "no-such", solver()).await.unwrap_err();
    assert!(error.to_string().contains("suspended-person"), "{error}");
}

#[tokio::test]
async fn what_the_solver_does_not_know_is_not_proved() {
    let pack = model_pack();
    for name in ["unknowing", "dying"] {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/solvers"));
        let solver = folder.join(name);
        let proof = prove_invariant(&pack, "erasure-by-two", &solver).await;
        let proof = proof.unwrap();
        assert!(matches!(proof.outcome, Outcome::Unknown(_)) && !proof.holds());
        let candidate = pack_with(KNOW, "resource.rank >= 4 && context", "resource.rank >= 3 && context");
        let comparison = compare(&pack, &candidate, &solver).await.unwrap();
        assert!(comparison.loosens() && !comparison.unknown.is_empty());
    }
}

#[test]
fn the_folder_of_the_model_pack_reads_as_the_pack_in_the_program() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy"));
    assert_eq!(read(folder).unwrap(), model());
}

// ---- the lock

#[test]
fn the_shipped_lock_fits_the_shipped_pack_and_no_other() {
    assert!(
        locked(&model_pack(), model_lock()),
        "the model pack changed; prove it again: cargo test -p kura --test rules -- --ignored"
    );
    for (file, from, to) in [
        (KNOW, "resource.rank >= 4", "resource.rank >= 5"),
        ("invariants/40-know.cedar", "resource.rank >= 4", "resource.rank >= 5"),
        ("schema.cedarschema", "// 役職員.", "// 役職員"),
        ("classes.toml", "copy_days = 7", "copy_days = 8"),
    ] {
        assert!(!locked(&pack_with(file, from, to), model_lock()), "{file}");
    }
    let less = model_lock().replacen("\"suspended-person\",", "", 1);
    assert_ne!(less, model_lock());
    assert!(!locked(&model_pack(), &less));
    assert!(!locked(&model_pack(), ""));
}

/// Proves the model pack and writes its lock.
#[tokio::test]
#[ignore = "writes policy/proofs.lock"]
async fn write_the_lock() {
    let proofs = prove(&model_pack(), solver()).await.unwrap();
    let lock = write_lock(&proofs, Clock::system().now()).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy/proofs.lock");
    std::fs::write(path, lock).unwrap();
}

// ---- comparison

async fn compared(candidate: &Pack) -> Comparison {
    let model_pack = model_pack();
    let comparison = compare(&model_pack, candidate, solver()).await.unwrap();
    let check = |found: &[Counterexample], permits: &Pack, refuses: &Pack| {
        for Counterexample { question, .. } in found {
            assert!(permitted(permits, question) && !permitted(refuses, question));
        }
    };
    check(&comparison.let_in, candidate, &model_pack);
    check(&comparison.refused, &model_pack, candidate);
    comparison
}

#[tokio::test]
async fn rules_written_otherwise_are_equivalent() {
    let same = compared(&model_pack()).await;
    assert_eq!(same.change, Change::Equivalent);
    let candidate =
        pack_with(KNOW, "resource.rank >= 4 && context.zone", "3 < resource.rank && context.zone");
    let comparison = compared(&candidate).await;
    assert_eq!(comparison.change, Change::Equivalent, "{comparison:?}");
    assert!(!comparison.loosens() && comparison.unknown.is_empty());
}

#[tokio::test]
async fn a_tightening_shows_who_is_refused() {
    let candidate =
        pack_with(KNOW, "resource.rank >= 4 && context.zone", "resource.rank >= 3 && context.zone");
    let comparison = compared(&candidate).await;
    assert_eq!(comparison.change, Change::Tighter);
    assert!(!comparison.loosens() && comparison.let_in.is_empty());
    // Open and download by people and guests, transmit and derive by people.
    let actions: Vec<&str> = comparison.refused.iter().map(|found| found.question.action.as_str()).collect();
    assert!(actions.contains(&"open") && actions.contains(&"transmit"), "{actions:?}");
    assert!(!actions.contains(&"erase"));
    let told = &comparison.refused[0];
    assert!(told.text_en.contains("outside the office"), "{}", told.text_en);
    assert!(told.text_ja.contains("「秘」の資料"), "{}", told.text_ja);
}

#[tokio::test]
async fn a_loosening_shows_who_is_let_in_and_needs_a_resolution() {
    let candidate = pack_with(
        KNOW,
        "resource.rank >= 3 && principal.trainedUntil",
        "resource.rank >= 4 && principal.trainedUntil",
    );
    let comparison = compared(&candidate).await;
    assert_eq!(comparison.change, Change::Looser);
    assert!(comparison.loosens() && comparison.refused.is_empty());
    let told = &comparison.let_in[0];
    assert!(told.text_en.contains("without valid training"), "{}", told.text_en);
    assert!(told.text_ja.contains("有効な研修なし"), "{}", told.text_ja);
}

#[tokio::test]
async fn a_change_both_ways_a_lost_invariant_and_another_schema_are_noticed() {
    let mut files = changed(
        KNOW,
        "resource.rank >= 3 && principal.trainedUntil",
        "resource.rank >= 4 && principal.trainedUntil",
    );
    let know = files.get_mut(KNOW).unwrap();
    *know = know.replacen("resource.rank >= 4 && context.zone", "resource.rank >= 3 && context.zone", 1);
    let comparison = compared(&Pack::load(&files).unwrap()).await;
    assert_eq!(comparison.change, Change::Both);
    assert!(comparison.invariants_changed.is_empty() && !comparison.classes_changed);

    let mut files = changed("classes.toml", "copy_days = 7", "copy_days = 70");
    files.remove("invariants/10-scope.cedar");
    let schema = files.get_mut("schema.cedarschema").unwrap();
    *schema = schema.replacen("action hold, release,", "action weigh, hold, release,", 1);
    let candidate = Pack::load(&files).unwrap();
    let comparison = compared(&candidate).await;
    // The custodian may do everything, so also what the schema newly knows.
    assert_eq!(comparison.let_in, []);
    assert_eq!(comparison.change, Change::Equivalent);
    assert!(comparison.classes_changed && comparison.loosens());
    assert!(comparison.invariants_changed.contains(&"suspended-person".to_owned()));

    // The candidate cannot express what is in force.
    let back = compare(&candidate, &model_pack(), solver()).await.unwrap();
    assert!(!back.unknown.is_empty() && back.loosens());
}

// ---- replay, explanation, remedies

const NOW: i64 = 1_800_000_000_000;

fn person_id(number: u8) -> PersonId {
    PersonId::new(0, &[number; 10])
}

fn question(action: &str) -> Question {
    let matter = MatterId::new(0, &[1; 10]);
    let party = PartyId::new(0, &[1; 10]);
    Question {
        person: PersonFacts {
            id: person_id(1),
            employment: "regular".into(),
            party: None,
            until: 0,
            clearance: 3,
            suspended: false,
            trained_until: NOW + 1,
            acknowledged: 1,
            offices: vec![],
            matters: vec![matter],
        },
        action: action.into(),
        resource: Resource::Item(
            ItemFacts {
                id: ItemId::new(0, &[1; 10]),
                rank: 3,
                kind: "lent".into(),
                form: "electronic".into(),
                state: "held".into(),
                custodian: person_id(2),
                matter,
                shared: false,
                contained: false,
                held: false,
                granted_until: None,
            },
            MatterFacts {
                id: matter,
                open: true,
                party,
                custodian: person_id(2),
                copies: true,
                summaries: true,
                subcontractor: false,
                generative_ai: false,
                abroad: false,
                personal_device: false,
            },
        ),
        circumstances: Circumstances {
            now: NOW,
            zone: "outside".into(),
            policy: 1,
            ..Circumstances::default()
        },
    }
}

fn item(question: &mut Question) -> &mut ItemFacts {
    let Resource::Item(item, _) = &mut question.resource else {
        panic!("the question is about an item");
    };
    item
}

fn changes(remedies: &[Remedy]) -> Vec<Vec<explain::Change>> {
    remedies.iter().map(|remedy| remedy.changes.clone()).collect()
}

#[test]
fn a_replay_says_who_would_have_been_refused_and_let_in() {
    let untrained = |mut question: Question| {
        question.person.trained_until = NOW;
        question
    };
    let past = [(question("open"), true), (untrained(question("open")), false), (question("erase"), false)];
    let unchanged = replay(past.clone().into_iter(), &model_pack());
    assert_eq!(unchanged.questions, 3);
    assert!(unchanged.refused.is_empty() && unchanged.let_in.is_empty());

    let looser = pack_with(
        KNOW,
        "resource.rank >= 3 && principal.trainedUntil",
        "resource.rank >= 4 && principal.trainedUntil",
    );
    let replayed = replay(past.clone().into_iter(), &looser);
    assert_eq!(replayed.let_in.len(), 1);
    assert_eq!(replayed.let_in[0].question, past[1].0);
    assert_eq!(replayed.let_in[0].rules, ["item-member"]);

    let tighter = pack_with(KNOW, "resource.rank >= 4 && context.zone", "resource.rank >= 3 && context.zone");
    let replayed = replay(past.clone().into_iter(), &tighter);
    assert_eq!(replayed.refused.len(), 1);
    assert_eq!(replayed.refused[0].rules, ["item-zone"]);

    // An action that the candidate does not know is refused, and says so.
    let mut gone = question("open");
    gone.action = "weigh".into();
    let replayed = replay([(gone, true)].into_iter(), &model_pack());
    assert!(replayed.refused[0].fault.is_some());
}

#[test]
fn an_explanation_names_the_rules_on_both_sides() {
    let pack = model_pack();
    let mut asked = question("open");
    asked.person.suspended = true;
    let explanation = explain(&pack, &asked).unwrap();
    let ids = |rules: &[kura::rules::pack::Rule]| -> Vec<String> {
        rules.iter().map(|rule| rule.id.clone()).collect()
    };
    assert!(!explanation.permitted);
    assert_eq!(ids(&explanation.permits), ["item-member"]);
    assert_eq!(ids(&explanation.forbids), ["scope-suspended"]);
    asked.person.suspended = false;
    let explanation = explain(&pack, &asked).unwrap();
    assert!(explanation.permitted && explanation.forbids.is_empty());
}

#[test]
fn remedies_are_the_smallest_changes_that_do() {
    use explain::Change::{
        Acknowledgement, Approvals, Clearance, Grant, Membership, Office, SecondFactor, Training,
    };
    let pack = model_pack();
    let remedies = |question: &Question| remedies(&pack, question).unwrap();
    assert_eq!(remedies(&question("open")), []);

    let mut outsider = question("open");
    outsider.person.matters.clear();
    let found = remedies(&outsider);
    assert_eq!(changes(&found), [vec![Grant], vec![Membership]]);
    assert_eq!(found[0].ask, ["custodian"]);

    let mut untrained = question("open");
    untrained.person.trained_until = NOW;
    let found = remedies(&untrained);
    assert_eq!(changes(&found), [[Training]]);
    assert_eq!(found[0].ask, ["self"]);
    assert_eq!(found[0].ja, "研修を受講する（相談先 self）");

    // Each alone is not enough; either way in will do.
    untrained.person.matters.clear();
    let found = remedies(&untrained);
    assert_eq!(changes(&found), [[Training, Grant], [Training, Membership]]);
    assert_eq!(found[0].ask, ["self", "custodian"]);

    let mut everything = question("open");
    everything.person.matters.clear();
    everything.person.trained_until = NOW;
    everything.person.acknowledged = 0;
    everything.person.clearance = 1;
    item(&mut everything).rank = 4;
    let found = remedies(&everything);
    assert_eq!(
        changes(&found),
        [
            [Office, SecondFactor, Acknowledgement, Training, Grant, Clearance],
            [Office, SecondFactor, Acknowledgement, Training, Membership, Clearance]
        ]
    );
    assert!(found[0].en.contains("have the clearance raised to Top secret"), "{}", found[0].en);
    assert!(found[0].ja.contains("取扱区分を「極秘」に引き上げる"), "{}", found[0].ja);

    let mut erase = question("erase");
    item(&mut erase).custodian = person_id(1);
    let found = remedies(&erase);
    assert_eq!(changes(&found), [[Approvals]]);
    assert_eq!(found[0].ask, ["risk_management_subcommittee"]);

    // Nothing that people can change helps.
    item(&mut erase).held = true;
    assert_eq!(remedies(&erase), []);
    let mut suspended = question("open");
    suspended.person.suspended = true;
    assert_eq!(remedies(&suspended), []);
}
