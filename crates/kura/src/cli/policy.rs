//! `kura policy`: checks, proves, compares, replays, explains, hands out, drafts and adopts a policy pack.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::client::Client;
use super::keep::Place;
use super::session::Session;
use super::{Failure, operate};
use crate::catalogue::Method;
use crate::clock::Clock;
use crate::id::EventId;
use crate::install::{self, Installation};
use crate::policy::adopt_pack::AdoptPack;
use crate::policy::{comparison, cost};
use crate::rules::counterexample::Counterexample;
use crate::rules::decide::Question;
use crate::rules::pack::{self, Files, Pack};
use crate::rules::prove::Outcome;
use crate::rules::{compare, explain, lock, prove, replay};
use crate::text::Note;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Commands on packs.
#[derive(Debug, Subcommand)]
pub(super) enum Policy {
    /// Checks a pack: documents, duties, syntax, types, exact lists, and that every clause is upheld (検査).
    Check {
        /// The pack's folder; the model pack when left out.
        #[arg(long)]
        pack: Option<PathBuf>,
    },
    /// Proves a pack's invariants with the solver cvc5 (証明).
    Prove {
        /// The pack's folder; the model pack when left out.
        #[arg(long)]
        pack: Option<PathBuf>,
        /// The solver.
        #[arg(long, default_value = "cvc5")]
        solver: PathBuf,
        /// Writes proofs.lock into the folder, so that the pack comes into force without a solver.
        #[arg(long)]
        write: bool,
    },
    /// Compares a pack with the one in force: its texts, and its rules with examples (新旧対照).
    Compare {
        /// The candidate's folder.
        #[arg(long)]
        pack: PathBuf,
        /// Folder of the pack in force; the model pack when left out.
        #[arg(long)]
        in_force: Option<PathBuf>,
        /// The solver.
        #[arg(long, default_value = "cvc5")]
        solver: PathBuf,
    },
    /// Writes a version's files into a new folder, to be edited and drafted anew (書き出し).
    Export {
        /// The folder; it must not be there yet.
        #[arg(long)]
        out: PathBuf,
        /// Number of the version; what is in force when left out.
        #[arg(long, conflicts_with = "model")]
        version: Option<i64>,
        /// The model policy of this program instead; no server is asked.
        #[arg(long)]
        model: bool,
    },
    /// Drafts a folder's pack as another version of the policy, by way of the server (起案).
    Draft {
        /// The pack's folder.
        #[arg(long)]
        pack: PathBuf,
        /// Why there is to be another version.
        #[arg(long)]
        reason: Note,
    },
    /// Adopts the version that waits, by way of the server; `adopt-pack` is the same (施行).
    Adopt {
        #[command(flatten)]
        adopt: AdoptPack,
    },
    /// Runs a pack over what was asked of this installation: who would be refused or let in (再演).
    /// The server must be stopped.
    Replay {
        #[command(flatten)]
        place: Place,
        /// The candidate's folder.
        #[arg(long)]
        pack: PathBuf,
        /// Days back.
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// Explains a recorded decision: which rules decided it, and what would remedy a refusal (説明).
    /// The server must be stopped.
    Explain {
        #[command(flatten)]
        place: Place,
        /// The record's id.
        #[arg(long)]
        record: EventId,
    },
}

fn pack(folder: &Path) -> Result<Pack, Failure> {
    Ok(install::pack(folder)?.0)
}

/// A version's files, as the server hands them out.
fn handed_out(version: Option<i64>) -> Result<Files, Failure> {
    let client = Client::new(Session::load()?)?;
    let asked = version.map(|version| ("version".to_owned(), version.into()));
    let shown = client.ask(Method::Get, "/policy/pack/files", asked.into_iter().collect(), &[])?;
    serde_json::from_value(shown.value["files"].clone()).map_err(Failure::failed)
}

/// Runs one of these commands.
pub(super) async fn run(policy: Policy, json: bool) -> Result<(), Failure> {
    match policy {
        Policy::Check { pack: folder } => {
            let (pack, text) = install::pack(&folder.unwrap_or_default())?;
            let mut failing = pack.failing_cases();
            failing.extend(pack.not_upheld());
            operate::show(
                &json!({
                    "digest": pack.digest,
                    "documents": pack.documents.len(),
                    "clauses": pack.clauses.len(),
                    "rules": pack.rules.len(),
                    "duties": pack.duties.len(),
                    "courses": pack.courses.all.len(),
                    "classes": pack.classes.len(),
                    "invariants": pack.invariants.len(),
                    "cases": pack.cases.len(),
                    "failing": failing,
                    "proved": lock::locked(&pack, &text),
                }),
                json,
            );
            match failing.len() {
                0 => Ok(()),
                wrong => {
                    Err(Failure::Failed(format!("the pack does not come into force: {wrong} to be mended")))
                }
            }
        }
        Policy::Prove { pack: folder, solver, write } => {
            if write && folder.is_none() {
                return Err(Failure::Usage("--write needs the pack's folder: --pack FOLDER".to_owned()));
            }
            let folder = folder.unwrap_or_default();
            let pack = pack(&folder)?;
            let proofs = prove::prove(&pack, &solver).await?;
            if json {
                operate::show(&serde_json::to_value(&proofs).map_err(Failure::failed)?, true);
            } else {
                for proof in &proofs.proofs {
                    let told = match &proof.outcome {
                        Outcome::Holds => "holds".to_owned(),
                        Outcome::Broken(example) => {
                            format!("BROKEN: {}\n  {}", example.text_en, example.text_ja)
                        }
                        Outcome::Idle => "makes no difference".to_owned(),
                        Outcome::Unknown(why) => format!("unknown: {why}"),
                    };
                    println!("{}: {told}", proof.name());
                }
            }
            let failing = pack.failing_cases();
            for case in &failing {
                eprintln!("{case}");
            }
            if !proofs.hold() || !failing.is_empty() {
                return Err(Failure::Failed("the pack is not proved".to_owned()));
            }
            if write {
                let text = lock::write_lock(&proofs, Clock::system().now())?;
                let path = folder.join("proofs.lock");
                std::fs::write(&path, text)
                    .map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))?;
            }
            Ok(())
        }
        Policy::Compare { pack: candidate, in_force, solver } => {
            let (in_force, candidate) = (pack(&in_force.unwrap_or_default())?, pack(&candidate)?);
            let comparison = compare::compare(&in_force, &candidate, &solver).await?;
            let texts = comparison::compare(&in_force.documents, &candidate.documents);
            let duties = comparison::duties(&in_force.duties, &candidate.duties);
            let courses = comparison::courses(&in_force.courses, &candidate.courses);
            // People are counted by the register, which a folder has none of: `kura show-pack` tells of them.
            let cost = cost::between(&in_force, &candidate, Clock::system().today());
            if json {
                let rules = serde_json::to_value(&comparison).map_err(Failure::failed)?;
                operate::show(
                    &json!({
                        "rules": rules,
                        "documents": texts,
                        "duties": duties,
                        "courses": courses,
                        "cost": { "duties": cost.duties, "offices": cost.offices },
                    }),
                    true,
                );
                return Ok(());
            }
            for (id, part) in
                texts.iter().flat_map(|text| text.parts.iter().map(move |part| (&text.document, part)))
            {
                println!("{id} {} {}", part.clause.as_deref().unwrap_or("-"), part.how);
                for stretches in [&part.en, &part.ja] {
                    println!("  {}", comparison::marked(stretches).replace('\n', "\n  "));
                }
            }
            for (course, how) in &courses {
                println!("course {course}: {how}");
            }
            let often = |times: Option<i64>| {
                times.map_or("after each operation".to_owned(), |times| format!("{times} times a year"))
            };
            for duty in &cost.duties {
                let (before, after) = (often(duty.times_before), often(duty.times));
                println!("duty {}: {} ({before} → {after})", duty.duty, duty.how);
            }
            for office in &cost.offices {
                println!("office {}: {} → {} times a year", office.office, office.times_before, office.times);
            }
            println!("{:?}", comparison.change);
            let tell = |what: &str, examples: &[Counterexample]| {
                for example in examples {
                    println!("{what}: {}\n  {}", example.text_en, example.text_ja);
                }
            };
            tell("lets in", &comparison.let_in);
            tell("refuses", &comparison.refused);
            for unknown in &comparison.unknown {
                println!("unknown: {unknown}");
            }
            if comparison.loosens() {
                println!("It may loosen the rules: it needs the committee's resolution.");
            }
            Ok(())
        }
        Policy::Export { out, version, model } => {
            let files = if model { pack::model() } else { handed_out(version)? };
            pack::write(&out, &files).map_err(Failure::failed)?;
            println!("{}: {} files", out.display(), files.len());
            Ok(())
        }
        Policy::Draft { pack: folder, reason } => {
            let files = pack::read(&folder).map_err(Failure::failed)?;
            let mut input = serde_json::Map::new();
            input.insert("reason".to_owned(), String::from(reason).into());
            input.insert("files".to_owned(), serde_json::to_value(files).map_err(Failure::failed)?);
            operate::send("/policy/versions", input, json)
        }
        Policy::Adopt { adopt } => {
            let input = serde_json::to_value(adopt).map_err(Failure::failed)?;
            let input = input.as_object().cloned().unwrap_or_default();
            operate::send("/policy/pack", input, json)
        }
        Policy::Replay { place, pack: candidate, days } => {
            let candidate = pack(&candidate)?;
            let open = Installation::open(place.settings()?, Clock::system()).await?;
            let since = open.door.clock().now() - days * DAY;
            let mut questions = Vec::new();
            let asked = open
                .door
                .each_question(since, |_, question, permitted| questions.push((question, permitted)));
            let asked = asked.await;
            open.close().await;
            asked?;
            let replayed = replay::replay(questions.into_iter(), &candidate);
            let told = json!({
                "questions": replayed.questions,
                "refused": replayed.refused.iter().map(|it| told(&it.question, &it.rules)).collect::<Vec<_>>(),
                "let_in": replayed.let_in.iter().map(|it| told(&it.question, &it.rules)).collect::<Vec<_>>(),
            });
            operate::show(&told, json);
            Ok(())
        }
        Policy::Explain { place, record } => {
            let open = Installation::open(place.settings()?, Clock::system()).await?;
            let mut found = None;
            let asked = open.door.each_question(0, |event, question, _| {
                if event == record {
                    found = Some(question);
                }
            });
            let asked = asked.await;
            let pack = open.door.rules();
            open.close().await;
            asked?;
            let question = found.ok_or_else(|| Failure::Failed("there is no such decision".to_owned()))?;
            let explanation = explain::explain(&pack, &question)?;
            let remedies = explain::remedies(&pack, &question)?;
            operate::show(&json!({ "explanation": explanation, "remedies": remedies }), json);
            Ok(())
        }
    }
}

/// A question in a line of a table.
fn told(question: &Question, rules: &[String]) -> serde_json::Value {
    json!({
        "person": question.person.id,
        "employment": question.person.employment,
        "action": question.action,
        "about": question.resource.uid().to_string(),
        "rules": rules,
    })
}
