//! The program `kura-verify`.
//!
//! Results go to standard output, everything else to standard error. Exit status: 0 all is well, 1 it
//! could not be checked (a file cannot be read), 2 wrong usage, 4 something was tampered with.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use serde_json::json;

use crate::checkpoint::{NoteError, VerifyKey};
use crate::consent::{Attached, CONSENT, RecordFile};
use crate::cosignature::WitnessKey;
use crate::evidence::Evidence;
use crate::export::{self, ExportError, Reader};
use crate::leaf::Outcome;
use crate::proof::Proof;
use crate::statement::{self, Kind, Statement, StatementFile, Verified};
use crate::tree;
use crate::witness::{Witness, WitnessError};

/// Checks ledgers, receipts and certificates of Kura, offline, trusting only the log's public key.
#[derive(Debug, Parser)]
#[command(name = "kura-verify", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Prints one JSON object instead of sentences.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Args)]
struct Trust {
    /// The log's public key (C2SP vkey), from the firm's own hand and not from the files to be checked.
    #[arg(long, value_parser = VerifyKey::parse)]
    log_key: VerifyKey,
    /// A witness whose cosignature must be there (C2SP vkey); may be given several times.
    #[arg(long, value_parser = VerifyKey::parse)]
    witness: Vec<VerifyKey>,
}

#[derive(Debug, Args)]
struct StatementArgs {
    /// The statement's file.
    file: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// Also checks that a later export still holds all that the statement's ledger held, and every record of
    /// a report's histories.
    #[arg(long)]
    export: Option<PathBuf>,
    /// Also checks that a later report leaves out nothing of what the statement counted.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Writes what was verified as a page that prints (HTML); the file must not exist yet.
    #[arg(long)]
    page: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks an exported ledger whole: every byte of every file.
    Export {
        /// The export's folder.
        folder: PathBuf,
        #[command(flatten)]
        trust: Trust,
    },
    /// Checks a statement of whatever kind.
    Statement(StatementArgs),
    /// Checks a receipt or counter-receipt (預り証・受領確認).
    Receipt(StatementArgs),
    /// Checks a certificate of erasure (消去証明書).
    Certificate(StatementArgs),
    /// Checks a report (報告).
    Report(StatementArgs),
    /// Checks evidence for a clause (証跡): every figure in it is counted again from entries of the ledger. With an
    /// export it is also checked that no refusal of that time was left out.
    Evidence(StatementArgs),
    /// Checks a record of the ledger (記録): what was done, by whom, and whether they signed it with their passkey.
    Record {
        /// The record's file.
        file: PathBuf,
        #[command(flatten)]
        trust: Trust,
    },
    /// Checks that an entry is in the ledger, by a C2SP tlog-proof.
    Proof {
        /// The proof's file.
        file: PathBuf,
        /// The entry's bytes.
        #[arg(long)]
        entry: PathBuf,
        #[command(flatten)]
        trust: Trust,
    },
    /// Makes a witness's key: the secret goes to a file, the public key to standard output.
    WitnessKey {
        /// The witness's name, for example `witness.partner.example`.
        name: String,
        /// File for the secret; must not exist yet.
        #[arg(long)]
        out: PathBuf,
    },
    /// Cosigns an export's checkpoint if the ledger has only grown since this witness last saw it.
    Witness {
        /// The export's folder.
        folder: PathBuf,
        /// The log's public key (C2SP vkey).
        #[arg(long, value_parser = VerifyKey::parse)]
        log_key: VerifyKey,
        /// The witness's secret, made by `witness-key`.
        #[arg(long)]
        key: PathBuf,
        /// Folder where the witness remembers what it has seen.
        #[arg(long)]
        state: PathBuf,
        /// Says that this witness sees the log for the first time.
        #[arg(long)]
        first: bool,
        /// Where the cosigned checkpoint goes; standard output when left out.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// How a check failed: it could not be made, or it found tampering.
#[derive(Debug)]
enum Failure {
    Unchecked(String),
    Tampered(Vec<String>),
}

fn unchecked(error: impl fmt::Display) -> Failure {
    Failure::Unchecked(error.to_string())
}

fn tampered(error: impl fmt::Display) -> Failure {
    Failure::Tampered(vec![error.to_string()])
}

/// What a check says when all is well: sentences for people, members for programs.
struct Verdict {
    lines: Vec<String>,
    json: serde_json::Value,
}

/// What the program says, and its exit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub err: String,
    /// Exit status: 0 all is well, 1 it could not be checked, 2 usage, 4 tampering was found.
    pub status: u8,
}

/// Runs the program with its arguments; the first is the program's name.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let told = check(args);
    eprint!("{}", told.err);
    print!("{}", told.out);
    ExitCode::from(told.status)
}

/// Does what the arguments say, without printing.
pub fn check(args: impl IntoIterator<Item = OsString>) -> Told {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            return Told { out: String::new(), err: error.to_string(), status: 2 };
        }
        Err(help) => {
            return Told { out: help.to_string(), err: String::new(), status: 0 };
        }
    };
    let mut err = String::new();
    let (status, json, lines) = match run(cli.command) {
        Ok(verdict) => (0, verdict.json, verdict.lines),
        Err(Failure::Unchecked(why)) => {
            err = format!("kura-verify: {why}\n");
            (1, json!({"verdict": "unchecked", "why": why}), vec![])
        }
        Err(Failure::Tampered(findings)) => {
            for finding in &findings {
                err.push_str(&format!("kura-verify: {finding}\n"));
            }
            let lines = vec!["TAMPERED: do not rely on it".to_owned()];
            (4, json!({"verdict": "tampered", "findings": findings}), lines)
        }
    };
    let out =
        if cli.json { format!("{json}\n") } else { lines.iter().map(|line| format!("{line}\n")).collect() };
    Told { out, err, status }
}

fn run(command: Command) -> Result<Verdict, Failure> {
    match command {
        Command::Export { folder, trust } => check_export(&folder, &trust),
        Command::Statement(args) => check_statement(&args, &[]),
        Command::Receipt(args) => check_statement(&args, &[Kind::Receipt, Kind::CounterReceipt]),
        Command::Certificate(args) => check_statement(&args, &[Kind::Certificate]),
        Command::Report(args) => check_statement(&args, &[Kind::Report]),
        Command::Evidence(args) => check_statement(&args, &[Kind::Evidence]),
        Command::Record { file, trust } => check_record(&file, &trust),
        Command::Proof { file, entry, trust } => {
            let text = String::from_utf8(read(&file)?).map_err(tampered)?;
            let entry = read(&entry)?;
            let proof = Proof::parse(&text).map_err(tampered)?;
            let head = proof.verify(&entry, &trust.log_key, &trust.witness).map_err(tampered)?;
            Ok(Verdict {
                lines: vec![format!(
                    "OK: the entry is number {} of {} in {}",
                    proof.index, head.size, head.origin
                )],
                json: json!({"verdict": "ok", "index": proof.index, "size": head.size}),
            })
        }
        Command::WitnessKey { name, out } => make_witness_key(&name, &out),
        Command::Witness { folder, log_key, key, state, first, out } => {
            cosign((&folder, &log_key), (&key, &state), first, out.as_deref())
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| unchecked(format!("{}: {error}", path.display())))
}

fn check_export(folder: &Path, trust: &Trust) -> Result<Verdict, Failure> {
    if !folder.is_dir() {
        return Err(unchecked(format!("{}: no such folder", folder.display())));
    }
    let checked = export::check(folder, &trust.log_key, &trust.witness);
    if !checked.findings.is_empty() {
        let told = |finding: &export::Finding| format!("{}: {}", finding.path, finding.what);
        let findings: Vec<String> = checked.findings.iter().map(told).collect();
        return Err(match checked.findings.iter().all(|finding| finding.unread) {
            true => Failure::Unchecked(findings.join("; ")),
            false => Failure::Tampered(findings),
        });
    }
    let head = checked.checkpoint.ok_or_else(|| unchecked("the export holds no checkpoint"))?;
    let mut lines = vec![
        format!("OK: {} entries of {}", head.size, head.origin),
        format!("    root {}", hex::encode(head.root)),
    ];
    let witnesses = match trust.witness.len() {
        0 => "no witness was asked for: the firm alone vouches that there is no other history".into(),
        1 => "cosigned by 1 witness".to_owned(),
        several => format!("cosigned by {several} witnesses"),
    };
    lines.push(format!("    {witnesses}"));
    lines.extend(changed_key(checked.new_key.as_ref()));
    Ok(Verdict {
        lines,
        json: json!({
            "verdict": "ok", "origin": head.origin, "entries": head.size,
            "root": hex::encode(head.root), "witnesses": trust.witness.len(),
            "new_key": checked.new_key.map(|key| key.to_string()),
        }),
    })
}

/// What to tell whoever holds a key that the log no longer signs with alone.
fn changed_key(new: Option<&VerifyKey>) -> Option<String> {
    new.map(|key| {
        format!("    the log's key was changed, under the signature of the old one; from now on use {key}")
    })
}

/// A text of a file that is checked, as it may be printed: nothing in it moves the cursor or turns the direction.
fn plain(text: &str) -> String {
    let moves = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
    };
    text.chars().map(|c| if moves(c) { ' ' } else { c }).collect()
}

/// Checks a record's file: the entry, its fields, and the consent where there is one.
fn check_record(file: &Path, trust: &Trust) -> Result<Verdict, Failure> {
    let found = RecordFile::parse(&read(file)?)
        .and_then(|record| record.verify(&trust.log_key, &trust.witness))
        .map_err(|error| tampered(format!("{}: {error}", file.display())))?;
    let outcome = if found.leaf.outcome == Outcome::Done { "done" } else { "refused" };
    let mut lines = vec![
        format!("OK: {} {outcome} at {}", plain(&found.leaf.operation), plain(&found.leaf.at)),
        format!("    entry {} of {} in {}", found.index, found.checkpoint.size, found.checkpoint.origin),
    ];
    lines.extend(changed_key(found.new_key.as_ref()));
    for (name, value) in found.fields.iter().filter(|(name, _)| name != CONSENT) {
        lines.push(format!("    {}: {}", plain(name), plain(value)));
    }
    lines.push(match &found.consent {
        Some((consent, at)) => format!(
            "    signed by {} with their own passkey, which entry {at} of the ledger registers as theirs",
            plain(&consent.person)
        ),
        None => "    not signed by the person: the server alone witnessed it".to_owned(),
    });
    Ok(Verdict {
        lines,
        json: json!({
            "verdict": "ok", "index": found.index, "size": found.checkpoint.size, "operation": found.leaf.operation,
            "outcome": outcome, "at": found.leaf.at, "fields": found.fields,
            "consent": found.consent.map(|(consent, at)| json!({ "consent": consent, "passkey_entry": at })),
        }),
    })
}

fn verified(file: &Path, trust: &Trust) -> Result<Verified, Failure> {
    StatementFile::parse(&read(file)?)
        .and_then(|statement| statement.verify(&trust.log_key, &trust.witness))
        .map_err(|error| tampered(format!("{}: {error}", file.display())))
}

/// Checks a statement of one of these kinds, or of any where none is named.
fn check_statement(args: &StatementArgs, kinds: &[Kind]) -> Result<Verdict, Failure> {
    let StatementArgs { file, trust, export, report, page } = args;
    // A later export may be cosigned where the statement's own checkpoint, older, is not.
    let alone = Trust {
        log_key: trust.log_key.clone(),
        witness: if export.is_some() { vec![] } else { trust.witness.clone() },
    };
    let found = verified(file, &alone)?;
    let text = StatementFile::parse(&read(file)?).map_err(tampered)?.statement;
    let statement = &found.statement;
    let name = statement.kind.name();
    if !kinds.is_empty() && !kinds.contains(&statement.kind) {
        return Err(unchecked(format!("{}: it is a {name}: check it as one", file.display())));
    }
    let mut lines = vec![
        format!("OK: {name} {} of {}", statement.id, statement.at),
        format!(
            "    recorded as entry {} of {} in {}",
            found.index, found.checkpoint.size, found.checkpoint.origin
        ),
    ];
    lines.extend(changed_key(found.new_key.as_ref()));
    for count in &statement.items {
        lines.push(format!("    item {}: {} records before this one", count.item, count.records));
    }
    // What a statement carries was shown with proofs of the moment at which it was made, under the key of then or a former one.
    let keys =
        StatementFile::parse(&read(file)?).and_then(|file| Ok(file.succession.keys(&trust.log_key)?));
    let keys = keys.map_err(tampered)?;
    lines.extend(consents(statement, &keys, &alone.witness)?);
    if statement.kind == Kind::Evidence {
        lines.extend(evidence(
            statement,
            &keys,
            &alone.witness,
            export.as_deref().map(|folder| (folder, trust)),
        )?);
    }
    if let Some(folder) = export {
        let size = still_holds(&found, folder, trust)?;
        lines.push(format!("    the export of {size} entries still holds all of it"));
    }
    if let Some(report) = report {
        let newer = verified(report, &alone)?;
        let compared = statement::check_against_report(&found, &newer).map_err(tampered)?;
        if let Some(folder) = export {
            still_holds(&newer, folder, trust)?;
        }
        if !compared.without_history.is_empty() {
            return Err(unchecked(format!(
                "the report gives no history of {}: what was returned or erased has none. Check its counter-receipt \
                 or certificate",
                compared.without_history.join(", ")
            )));
        }
        lines.push(format!("    the report leaves out nothing of {} items", compared.whole));
    }
    if let Some(path) = page {
        let page = crate::page::page(&found, &text);
        let written = std::fs::File::create_new(path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, page.as_bytes()));
        written.map_err(|error| unchecked(format!("{}: {error}", path.display())))?;
        lines.push(format!("    written as a page to {}", path.display()));
    }
    Ok(Verdict {
        lines,
        json: json!({
            "verdict": "ok", "kind": name, "index": found.index,
            "size": found.checkpoint.size, "statement": statement,
        }),
    })
}

/// Checks the consents that a statement carries, and tells each.
fn consents(
    statement: &Statement,
    keys: &[VerifyKey],
    witnesses: &[VerifyKey],
) -> Result<Vec<String>, Failure> {
    let Some(attached) = statement.body.get("consents") else {
        return Ok(vec![]);
    };
    let attached: Vec<Attached> = serde_json::from_value(attached.clone()).map_err(tampered)?;
    let mut lines = Vec::new();
    for attached in attached {
        let checked = keys.iter().map(|key| attached.verify(key, witnesses)).reduce(Result::or);
        let (consent, at) = checked.ok_or_else(|| tampered("the log has no key"))?.map_err(tampered)?;
        // An erasure's own consent, or an approval of it: of this item, and not a refusal.
        let input: serde_json::Value = serde_json::from_str(&consent.input).map_err(tampered)?;
        let of_this = statement.items.iter().any(|count| input["item"] == count.item.as_str());
        let consents = match consent.operation.as_str() {
            "erase" => true,
            "approve" => input["refuse"] != true,
            _ => false,
        };
        if !of_this || !consents {
            return Err(tampered("a consent is to something else than the statement is about"));
        }
        lines.push(format!(
            "    {} signed by {} with their own passkey (entry {at}), {}",
            plain(&consent.operation),
            plain(&consent.person),
            plain(&consent.at)
        ));
    }
    Ok(lines)
}

/// Checks what evidence says, and tells it.
fn evidence(
    statement: &Statement,
    keys: &[VerifyKey],
    witnesses: &[VerifyKey],
    export: Option<(&Path, &Trust)>,
) -> Result<Vec<String>, Failure> {
    let evidence = Evidence::read(&statement.body).map_err(tampered)?;
    let found = evidence.verify(keys, witnesses).map_err(tampered)?;
    let mut lines = vec![format!(
        "    clause {} from {} until {}: {} entries of {}",
        plain(&evidence.clause),
        plain(&evidence.from),
        plain(&evidence.until),
        evidence.entries.len(),
        found.size
    )];
    for (rule, times) in &found.by_rule {
        lines.push(format!("    rule {} refused {times} times", plain(rule)));
    }
    let (done, late) = found.done;
    lines.push(format!(
        "    duties: {done} times done, {late} of them late; {} times late and not done",
        found.overdue
    ));
    for act in &evidence.acts {
        let said = act.said.iter().map(|(field, text)| format!("; {field}: {}", plain(text)));
        let (about, said) = (plain(&act.about), said.collect::<String>());
        lines.push(format!("    {} {about} at {}{said}", plain(&act.operation), plain(&act.at)));
    }
    lines.push(
        "    whether another ruling, exception or finding on the clause is left out cannot be seen"
            .to_owned(),
    );
    if found.closed > 0 {
        lines.push(format!(
            "    of {} refusals, {} are of material that was erased: what decided them is gone with its key",
            found.refused, found.closed
        ));
    }
    let Some((folder, trust)) = export else {
        lines.push(
            "    that no refusal of that time is left out can be checked with an export (--export)"
                .to_owned(),
        );
        return Ok(lines);
    };
    // What an export leaves out it must not be able to hide.
    check_export(folder, trust)?;
    let reader = Reader::open(folder, &trust.log_key, &trust.witness).map_err(sort)?;
    let missing = evidence.leaves_out(found.size, reader.entries()).map_err(sort)?;
    if let Some(index) = missing {
        return Err(tampered(format!(
            "entry {index} of the ledger is a refusal of that time, and is left out"
        )));
    }
    lines.push(format!("    none of the {} refusals of that time is left out", found.refused));
    Ok(lines)
}

/// Whether an export only adds to the tree that a statement's proof was made in.
fn still_holds(found: &Verified, folder: &Path, trust: &Trust) -> Result<u64, Failure> {
    let export = Reader::open(folder, &trust.log_key, &trust.witness).map_err(sort)?;
    let (old, new) = (&found.checkpoint, &export.checkpoint);
    if new.size < old.size {
        return Err(tampered(format!(
            "the export has {} entries, fewer than the {} that the statement was made in: \
             it is an older export, or the ledger was cut",
            new.size, old.size
        )));
    }
    let proof = export.prove_consistency(old.size).map_err(sort)?;
    tree::verify_consistency(&proof, old.size, &old.root, new.size, &new.root).map_err(|_| {
        tampered("the export is not a continuation of the ledger that the statement was made in")
    })?;
    for record in found.statement.histories.iter().flat_map(|history| &history.records) {
        if record.index >= new.size || export.entry(record.index).map_err(sort)? != record.leaf.as_bytes() {
            return Err(tampered(format!(
                "entry {} of the ledger is not the one in the report",
                record.index
            )));
        }
    }
    Ok(new.size)
}

/// Files that cannot be read leave a question open; everything else answers it.
fn sort(error: ExportError) -> Failure {
    match error {
        ExportError::Io { .. } => unchecked(error),
        _ => tampered(error),
    }
}

fn make_witness_key(name: &str, out: &Path) -> Result<Verdict, Failure> {
    use std::io::Write as _;
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(unchecked)?;
    let key = WitnessKey::from_seed(name, &seed).map_err(unchecked)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(out)
        .and_then(|mut file| {
            writeln!(file, "{name} {}", hex::encode(seed))?;
            file.sync_all()
        })
        .map_err(|error| unchecked(format!("{}: {error}", out.display())))?;
    let vkey = key.verify_key().to_string();
    Ok(Verdict { json: json!({"verdict": "ok", "vkey": vkey}), lines: vec![vkey] })
}

fn read_witness_key(path: &Path) -> Result<WitnessKey, Failure> {
    let bad = || unchecked(format!("{}: not a file made by witness-key", path.display()));
    let text = String::from_utf8(read(path)?).map_err(|_| bad())?;
    let (name, seed) = text.trim_end().split_once(' ').ok_or_else(bad)?;
    let seed = hex::decode(seed).ok().and_then(|seed| seed.try_into().ok());
    let seed: [u8; 32] = seed.ok_or_else(bad)?;
    WitnessKey::from_seed(name, &seed).map_err(|error: NoteError| unchecked(error))
}

fn cosign(
    (folder, log): (&Path, &VerifyKey),
    (key, state): (&Path, &Path),
    first: bool,
    out: Option<&Path>,
) -> Result<Verdict, Failure> {
    let witness = Witness::open(state, read_witness_key(key)?).map_err(unchecked)?;
    #[expect(clippy::disallowed_methods, reason = "a witness states its own time")]
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_err(unchecked)?.as_secs();
    let note = witness.cosign(folder, log, now, first).map_err(|error| match error {
        WitnessError::State { .. } | WitnessError::New(_) => unchecked(error),
        WitnessError::Export(error) => sort(error),
        other => tampered(other),
    })?;
    let json = json!({"verdict": "ok", "checkpoint": note});
    let lines = match out {
        Some(path) => {
            export::write_atomically(path, note.as_bytes()).map_err(unchecked)?;
            vec![format!("OK: cosigned; the checkpoint is in {}", path.display())]
        }
        None => note.lines().map(str::to_owned).collect(),
    };
    Ok(Verdict { lines, json })
}
