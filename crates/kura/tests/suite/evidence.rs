//! 証跡: what shows that a clause was upheld is verified by whoever has `kura-verify` and the log's key, and nothing else.

use std::path::Path;

use kura::Error;
use kura::clock::parse_moment;
use kura::custody::erase::Erase;
use kura::custody::open::Open;
use kura::custody::statement::ShowStatement;
use kura::door::Actor;
use kura::duties::discharge_duty::DischargeDuty;
use kura::duties::list_duties::ListDuties;
use kura::duties::witness_duty::WitnessDuty;
use kura::duties::{Keeper, OccurrenceView, schedule};
use kura::id::EventId;
use kura::ledger::rotate_key::RotateLogKey;
use kura::ledger::show_entry::ShowEntry;
use kura::people::Office;
use kura::people::appoint::Appoint;
use kura::policy::gather_evidence::GatherEvidence;
use kura::policy::give_ruling::GiveRuling;
use kura_ledger::cli::{Told, check};
use kura_ledger::evidence::Evidence;
use kura_ledger::statement::{Statement, StatementFile};

use crate::both;
use crate::browser::{pages, signed_in};
use crate::firm::{DAY, Firm, NOW};
use crate::life::exported;

both! {
    std_3_2_evidence_for_a_clause_is_verified_without_the_server
    std_4_1_evidence_tells_of_a_lapsed_duty_and_of_what_is_erased
}

async fn first(firm: &Firm, duty: &str) -> OccurrenceView {
    let asked = ListDuties { duty: Some(duty.to_owned()) };
    firm.pass(&firm.admin, asked).await.unwrap().remove(0).occurrences.remove(0)
}

async fn done(firm: &Firm, duty: &str, told: &str) {
    let occurrence = first(firm, duty).await.occurrence;
    let (told, population) = (told.parse().unwrap(), Some(40));
    let discharge = DischargeDuty { occurrence, told, done_on: None, population, found: Some(1) };
    firm.pass(&firm.admin, discharge).await.unwrap();
}

/// The newest time at which a duty was done.
async fn done_last(firm: &Firm, duty: &str) -> OccurrenceView {
    let asked = ListDuties { duty: Some(duty.to_owned()) };
    firm.pass(&firm.admin, asked).await.unwrap().remove(0).last.unwrap()
}

/// Writes the evidence to a file; gives its text.
async fn keep(firm: &Firm, clause: &str, path: &Path) -> Evidence {
    let gathered = firm.pass(&firm.admin, GatherEvidence::of(clause)).await.unwrap();
    let shown = ShowStatement { statement: gathered.evidence };
    let text = firm.pass(&firm.admin, shown).await.unwrap().file;
    std::fs::write(path, &text).unwrap();
    let statement = StatementFile::parse(text.as_bytes()).unwrap().statement;
    let statement: Statement = serde_json::from_str(&statement).unwrap();
    let evidence = Evidence::read(&statement.body).unwrap();
    assert_eq!(evidence.entries.len() as i64, gathered.entries);
    evidence
}

/// What the program says, which stands alone: it has the files and the key.
fn verify(file: &Path, key: &str, more: &[&str]) -> Told {
    let file = file.display().to_string();
    let arguments = [&["kura-verify", "evidence", "--log-key", key, &file], more].concat();
    check(arguments.into_iter().map(Into::into))
}

async fn std_3_2_evidence_for_a_clause_is_verified_without_the_server(firm: Firm) {
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    let item = firm.take(&firm.custodian, "top_secret", "図面.txt", b"drawing", false).await.item;
    let at_home = Actor::person(firm.custodian.id().unwrap(), "outside").proved_at(Some(i64::MAX));
    let open = Open { item, version: None };
    for _ in 0..4 {
        assert!(matches!(firm.pass(&at_home, open.clone()).await, Err(Error::Denied(_))));
    }
    firm.open.door.flush_refusals(true).await.unwrap();
    firm.clock.set(parse_moment("2026-12-07T03:00:00Z").unwrap());
    done(&firm, "anomalies-searched", "four openings from outside, asked about").await;

    // Down to the single entry, with its proof: for whoever audits, and nobody else.
    let line = done_last(&firm, "anomalies-searched").await;
    let entry = ShowEntry { record: line.event.parse().unwrap() };
    assert!(matches!(firm.pass(&firm.staff, entry.clone()).await, Err(Error::Denied(_))));
    let none = ShowEntry { record: EventId::new(1, &[1; 10]) };
    assert!(matches!(firm.pass(&firm.admin, none).await, Err(Error::NotFound("record"))));
    let shown = firm.pass(&firm.admin, entry).await.unwrap().file;
    let path = firm.folder.path().join("record.json");
    std::fs::write(&path, shown).unwrap();
    let (path, key) = (path.display().to_string(), firm.open.door.log_key().to_string());
    let told = check(["kura-verify", "record", "--log-key", &key, &path].map(Into::into));
    assert_eq!(told.status, 0, "{}", told.err);
    assert!(
        told.out.contains("duty: anomalies-searched") && told.out.contains("asked about"),
        "{}",
        told.out
    );

    // Who may not, for what is not, and of a time that is none.
    for actor in [&firm.staff, &firm.custodian] {
        let refused = firm.pass(actor, GatherEvidence::of("std-3-2")).await;
        assert!(matches!(refused, Err(Error::Denied(_))));
    }
    assert!(firm.pass(&firm.guest, GatherEvidence::of("std-3-2")).await.is_err());
    let refused = firm.pass(&firm.admin, GatherEvidence::of("std-3-3")).await.unwrap_err();
    assert!(refused.to_string().contains("no clause std-3-3"), "{refused}");
    let days = |first: &str, last: &str| {
        let mut gather = GatherEvidence::of("std-3-2");
        (gather.first_day, gather.last_day) = (Some(first.to_owned()), Some(last.to_owned()));
        gather
    };
    for (first, last, told) in [
        ("2026-12-02", "2026-12-01", "not after"),
        ("2026-12-01", "2026-12-08", "not come"),
        ("last week", "2026-12-07", "looks like"),
    ] {
        let refused = firm.pass(&firm.admin, days(first, last)).await.unwrap_err();
        assert!(refused.to_string().contains(told), "{refused}");
    }

    // What was decided on the clause is in it, in the words that were recorded; what was on another clause is not.
    let director = &firm.directors[0];
    let office = Office::RepresentativeDirector;
    let appoint = Appoint { person: director.id().unwrap(), office, until: None, dismiss: false };
    firm.pass(&firm.admin, appoint).await.unwrap();
    for (clause, words) in [("std-3-2", "Of every copy of it, too."), ("std-3-5", "Of paper, too.")] {
        let rule = GiveRuling {
            clause: clause.to_owned(),
            question: "Of what?".parse().unwrap(),
            words: words.parse().unwrap(),
            supersedes: None,
        };
        firm.pass(director, rule).await.unwrap();
    }

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.json");
    let evidence = keep(&firm, "std-3-2", &file).await;
    let [act] = evidence.acts.as_slice() else { panic!("{:?}", evidence.acts) };
    assert_eq!(
        (act.operation.as_str(), act.said["words"].as_str()),
        ("give_ruling", "Of every copy of it, too.")
    );
    let zone = evidence.rules.iter().find(|rule| rule.rule == "item-zone").unwrap();
    assert_eq!(zone.refused, 4, "once on record, and three repeats that were counted: {zone:?}");
    assert!(!evidence.text_ja.is_empty() && !evidence.text_en.is_empty());
    let line = &evidence.duties[0].occurrences[0];
    assert_eq!((line.state.as_str(), line.source.as_str(), line.found), ("done", "declared", Some(1)));
    // It names no material, and says nothing of what the rules were told of a person.
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("図面"));
    let openings = evidence.entries.iter().flat_map(|entry| &entry.openings);
    assert!(openings.clone().count() > 4 && openings.clone().all(|opening| opening.field != "question"));

    // What was gathered before is not in that of another time.
    let gathered = firm.pass(&firm.admin, days("2026-12-01", "2026-12-07")).await.unwrap();
    assert_eq!((gathered.refused, gathered.occurrences), (0, 1));

    let key = firm.open.door.log_key().to_string();
    let told = verify(&file, &key, &[]);
    assert_eq!(told.status, 0, "{}", told.err);
    assert!(told.out.contains("rule item-zone refused 4 times"), "{}", told.out);
    assert!(told.out.contains("duties: 1 times done, 0 of them late"), "{}", told.out);
    assert!(told.out.contains("question: Of what?; words: Of every copy of it, too."), "{}", told.out);
    assert!(!told.out.contains("Of paper"), "{}", told.out);

    // With an export nothing of that time is left out, though the log's key was changed since.
    firm.pass(&firm.admin, RotateLogKey {}).await.unwrap();
    let whole = exported(&firm).await.display().to_string();
    let told = verify(&file, &key, &["--export", &whole]);
    assert_eq!(told.status, 0, "{}", told.err);
    assert!(told.out.contains("refusals of that time is left out"), "{}", told.out);

    // It is a page that prints, and no receipt.
    let page = folder.path().join("evidence.html");
    let told = verify(&file, &key, &["--page", &page.display().to_string()]);
    assert_eq!(told.status, 0, "{}", told.err);
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("条項の証跡") && page.contains("item-zone") && !page.contains("checkpoint"));
    let path = file.display().to_string();
    let told = check(["kura-verify", "receipt", "--log-key", &key, &path].map(Into::into));
    assert_eq!(told.status, 1, "{}", told.out);

    // Nobody makes it say anything else.
    for (from, to) in [
        ("\\\"refused\\\":4", "\\\"refused\\\":3"),
        ("asked about", "all is well"),
        ("std-3-2", "std-3-4"),
        ("Of every copy", "Of no copy"),
    ] {
        assert!(text.contains(from), "{from}");
        std::fs::write(&file, text.replace(from, to)).unwrap();
        assert_eq!(verify(&file, &key, &[]).status, 4, "{from}");
    }
}

async fn std_4_1_evidence_tells_of_a_lapsed_duty_and_of_what_is_erased(firm: Firm) {
    // Somebody is refused on an item that is erased afterwards: that it was refused stays, what decided it is gone.
    let item = firm.take(&firm.custodian, "internal", "古い資料.txt", b"old", false).await.item;
    assert!(firm.pass(&firm.staff, Erase { item, reason: "not mine".parse().unwrap() }).await.is_err());
    firm.pass(&firm.custodian, Erase { item, reason: "the work ends".parse().unwrap() }).await.unwrap();
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    done(&firm, "restore-tested", "one item, read").await;
    let occurrence = first(&firm, "restore-tested").await.occurrence;
    firm.pass(&firm.staff, WitnessDuty { occurrence }).await.unwrap();
    let served = pages(&firm).await;
    let (clauses, duties) = (firm.open.door.rules().clauses.len(), firm.open.door.rules().duties.len());
    let board = async |late: &str| {
        let page = signed_in(&served, "ken").await.get("/policy").await.text;
        let all =
            format!("Of {clauses} clauses {clauses} are upheld by a rule or a duty. Of {duties} duties ");
        let told = page.split(&all).nth(1).unwrap_or_else(|| panic!("{page}")).to_owned();
        assert_eq!(told.starts_with("0 are late"), late == "none", "{told}");
    };
    board("none").await;
    // A firewall review that nobody does.
    firm.clock.set(NOW + 60 * DAY);
    Keeper::default().keep(&firm.open.door).await;
    board("some").await;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.json");
    let evidence = keep(&firm, "system", &file).await;
    let lines = |duty: &str| {
        let duty = evidence.duties.iter().find(|own| own.duty == duty).unwrap();
        duty.occurrences
            .iter()
            .map(|line| (line.state.as_str(), line.source.as_str(), line.late))
            .collect::<Vec<_>>()
    };
    assert_eq!(lines("restore-tested")[0], ("done", "witnessed", false));
    assert!(lines("backup-made").iter().all(|(state, source, _)| (*state, *source) == ("done", "system")));
    assert!(lines("backup-made").iter().any(|(.., late)| *late), "two months went by without the program");
    assert!(lines("firewall-reviewed").contains(&("open", "", true)), "{:?}", lines("firewall-reviewed"));
    let told = verify(&file, &firm.open.door.log_key().to_string(), &[]);
    assert_eq!(told.status, 0, "{}", told.err);
    assert!(told.out.contains("times late and not done"), "{}", told.out);
    assert!(told.out.contains("1 are of material that was erased"), "{}", told.out);
}
