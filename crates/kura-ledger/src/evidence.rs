//! 証跡: what shows that a clause was upheld over some time, as an auditor checks it without the firm's server.
//!
//! It is the body of a [statement](crate::statement) of its own kind. What it says of refusals, of duties and of what was
//! decided or found is not to be believed but found again: each figure is counted once more from entries of the ledger that it carries, each with
//! its place in the signed tree and with those of its fields that may be shown. With an export of the ledger at hand it
//! is also checked that no refusal of that time was left out.

use std::collections::{BTreeMap, BTreeSet};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::checkpoint::{Checkpoint, NoteError, VerifyKey};
use crate::leaf::{Leaf, Opening, Outcome};
use crate::tree::{self, Hash};

/// An entry of the ledger within evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Index in the ledger.
    pub index: u64,
    /// The entry's text.
    pub leaf: String,
    /// Fields that may be shown; none when the key to them is destroyed with the material that they are about.
    pub openings: Vec<Opening>,
    /// Audit path, from the leaf upwards, each hash in base64.
    pub path: Vec<String>,
}

/// A rule that upholds the clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id.
    pub rule: String,
    /// Whether it permits; otherwise it forbids.
    pub permits: bool,
    /// What it says, in Japanese.
    pub ja: String,
    /// What it says, in English.
    pub en: String,
    /// How often it refused something in that time.
    pub refused: u64,
}

/// One time at which a duty was or is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occurrence {
    /// The day that the duty's rule names.
    pub scheduled_on: String,
    /// The last day on which it is not late.
    pub last_day: String,
    /// `open`, `reported` (done, and waits for a witness), `done` or `withdrawn`.
    pub state: String,
    /// Whether it was or is late.
    pub late: bool,
    /// Where its evidence comes from: `system`, `witnessed` or `declared`; empty until it was done.
    pub source: String,
    /// The day on which it was done, as told.
    pub done_on: String,
    /// What was done and found, as told.
    pub told: String,
    /// How many things were looked at.
    pub population: Option<i64>,
    /// How many of them call for something to be done.
    pub found: Option<i64>,
    /// Id of the entry that records it; empty until it was done.
    pub event: String,
}

/// A duty that upholds the clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Its id.
    pub duty: String,
    /// What it is, in Japanese.
    pub ja: String,
    /// What it is, in English.
    pub en: String,
    /// The office that it belongs to.
    pub office: String,
    /// Its times, the earliest first.
    pub occurrences: Vec<Occurrence>,
}

/// What was decided on the clause, or found of it: a ruling, an exception, a finding, and what became of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// When, in UTC (RFC 3339).
    pub at: String,
    /// The operation: one of [`ACTS`].
    pub operation: String,
    /// Id of the ruling, the exception or the finding that it makes or is about, by which steps belong together.
    pub about: String,
    /// What was said with it, by the names of its fields.
    pub said: BTreeMap<String, String>,
    /// Id of the entry that records it.
    pub event: String,
}

/// Operations by which something is decided on a clause or found of it, each with those of its fields that evidence tells.
pub const ACTS: [(&str, &[&str]); 9] = [
    ("give_ruling", &["question", "words", "supersedes"]),
    ("confirm_ruling", &[]),
    ("grant_exception", &["about", "reason", "measure", "last_day"]),
    ("end_exception", &["reason"]),
    ("raise_finding", &["grade", "told"]),
    ("answer_finding", &["cause", "correction", "corrective", "due"]),
    ("assign_finding", &["reason"]),
    ("complete_action", &["told"]),
    ("check_effectiveness", &["effect", "told"]),
];

/// What acts are about: noted where one is made, given where one is gone on with.
const ABOUT: [&str; 3] = ["ruling", "exception", "finding"];

impl Act {
    /// Whether an entry is one of an act, whatever the clause.
    pub fn is_in(leaf: &Leaf) -> bool {
        leaf.outcome == Outcome::Done && ACTS.iter().any(|(operation, _)| *operation == leaf.operation)
    }

    /// What an entry says that was decided on a clause or found of it; nothing when it is of something else.
    ///
    /// `value` gives the clear value of a field.
    pub fn read<'v>(clause: &str, leaf: &Leaf, value: impl Fn(&str) -> Option<&'v str>) -> Option<Self> {
        let (_, told) = ACTS.iter().find(|(operation, _)| *operation == leaf.operation)?;
        let input: Value = serde_json::from_str(value("input")?).ok()?;
        // What makes one names its clause; what goes on with one has it noted.
        let noted = leaf.fields.contains_key("clause");
        let of = if noted { value("clause") } else { input["clause"].as_str() };
        if !Self::is_in(leaf) || of != Some(clause) {
            return None;
        }
        let about = ABOUT.iter().find_map(|kind| match leaf.fields.contains_key(*kind) {
            true => value(kind),
            false => input[*kind].as_str(),
        });
        let said =
            told.iter().filter_map(|field| Some(((*field).to_owned(), input[*field].as_str()?.to_owned())));
        Some(Self {
            at: leaf.at.clone(),
            operation: leaf.operation.clone(),
            about: about?.to_owned(),
            said: said.collect(),
            event: leaf.event.clone(),
        })
    }
}

/// What shows that a clause was upheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The firm.
    pub firm: String,
    /// The clause.
    pub clause: String,
    /// Its heading in Japanese.
    pub ja: String,
    /// Its heading in English.
    pub en: String,
    /// Its text in Japanese, in Markdown.
    pub text_ja: String,
    /// Its text in English, in Markdown.
    pub text_en: String,
    /// Number of the policy's version in force, whose text and rules these are.
    pub version: i64,
    /// Digest of that version.
    pub pack: String,
    /// The moment from which on it is, in UTC (RFC 3339).
    pub from: String,
    /// The moment up to which it is, itself not included.
    pub until: String,
    /// Rules that uphold the clause.
    pub rules: Vec<Rule>,
    /// Duties that uphold it.
    pub duties: Vec<Duty>,
    /// What was decided on the clause or found of it in that time, the earliest first.
    #[serde(default)]
    pub acts: Vec<Act>,
    /// Entries of the ledger: every refusal of that time, and what records the acts, the duties and versions of the policy.
    pub entries: Vec<Entry>,
    /// Signed note of the tree that the entries' paths lead to.
    pub checkpoint: String,
}

/// Why evidence was refused.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// It is not in its form.
    #[error("the evidence is malformed: {0}")]
    Format(String),
    /// Its checkpoint does not verify.
    #[error(transparent)]
    Checkpoint(#[from] NoteError),
    /// An entry is not in the ledger.
    #[error("entry {0} is not in the ledger, or not at this place of it")]
    Entry(u64),
    /// A field is not what its entry commits to.
    #[error("entry {0}: the value given for {1} is not the one recorded")]
    Field(u64, String),
    /// What it says is not what its entries say.
    #[error("{0}")]
    Claim(String),
}

/// What the entries say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Size of the tree that the entries are in.
    pub size: u64,
    /// Refusals of that time on record, whatever rule decided them.
    pub refused: u64,
    /// Those of them whose fields are gone with the key of erased material.
    pub closed: u64,
    /// Of each rule of the clause, how often it refused.
    pub by_rule: BTreeMap<String, u64>,
    /// Times of duties that were done, and how many of those late.
    pub done: (u64, u64),
    /// Times of duties that are late and not done.
    pub overdue: u64,
    /// How often each operation decided something on the clause, or found something of it.
    pub acts: BTreeMap<String, u64>,
}

/// How often an entry says that each rule refused something: by itself once, and so many repeats.
///
/// `value` gives the clear value of a field. An entry that only counts repeats has no question of its own.
pub fn refusals<'v>(leaf: &Leaf, value: impl Fn(&str) -> Option<&'v str>) -> BTreeMap<String, u64> {
    let repeats: u64 = value("repeats").and_then(|repeats| repeats.parse().ok()).unwrap_or(0);
    let times = repeats + u64::from(leaf.fields.contains_key("question"));
    let rules = value("decided_by").unwrap_or_default().split_whitespace();
    let mut by_rule = BTreeMap::new();
    for rule in rules {
        *by_rule.entry(rule.to_owned()).or_default() += times;
    }
    by_rule
}

struct Opened<'e> {
    entry: &'e Entry,
    leaf: Leaf,
}

impl Opened<'_> {
    fn value(&self, field: &str) -> Option<&str> {
        let opening = self.entry.openings.iter().find(|opening| opening.field == field);
        opening.map(|opening| opening.value.as_str())
    }

    fn input(&self) -> Value {
        self.value("input").and_then(|input| serde_json::from_str(input).ok()).unwrap_or_default()
    }
}

fn claim<T>(what: impl Into<String>) -> Result<T, EvidenceError> {
    Err(EvidenceError::Claim(what.into()))
}

impl Evidence {
    /// Reads a statement's body.
    pub fn read(body: &Value) -> Result<Self, EvidenceError> {
        serde_json::from_value(body.clone()).map_err(|error| EvidenceError::Format(error.to_string()))
    }

    /// Checks that every figure is what entries of the ledger say. `keys` are those that the log has had up to now.
    pub fn verify(&self, keys: &[VerifyKey], witnesses: &[VerifyKey]) -> Result<Found, EvidenceError> {
        let opened = keys.iter().map(|key| Checkpoint::open(self.checkpoint.as_bytes(), key, witnesses));
        let head = opened.reduce(Result::or);
        let head = head.ok_or_else(|| EvidenceError::Format("the log has no key".to_owned()))??;
        let entries = self.opened(&head)?;
        let mut found = Found { size: head.size, ..Found::default() };
        found.by_rule = self.rules.iter().map(|rule| (rule.rule.clone(), 0)).collect();
        for entry in entries.iter().filter(|entry| entry.leaf.outcome == Outcome::Refused) {
            if !(self.from <= entry.leaf.at && entry.leaf.at < self.until) {
                return claim(format!(
                    "entry {} is not of the time that the evidence is of",
                    entry.entry.index
                ));
            }
            found.refused += 1;
            found.closed += u64::from(entry.entry.openings.is_empty());
            for (rule, times) in refusals(&entry.leaf, |field| entry.value(field)) {
                if let Some(counted) = found.by_rule.get_mut(&rule) {
                    *counted += times;
                }
            }
        }
        for rule in &self.rules {
            let counted = found.by_rule.get(&rule.rule).copied().unwrap_or_default();
            if counted != rule.refused {
                return claim(format!(
                    "rule {} refused {} times as stated, and {counted} times by the entries",
                    rule.rule, rule.refused
                ));
            }
        }
        // None is passed over by keeping closed what tells its clause, or what it is about.
        for entry in entries.iter().filter(|entry| Act::is_in(&entry.leaf)) {
            let closed =
                |field: &&str| entry.leaf.fields.contains_key(*field) && entry.value(field).is_none();
            if let Some(field) = ["input", "clause"].iter().chain(&ABOUT).find(|field| closed(field)) {
                return claim(format!("entry {}: {field} is kept closed", entry.entry.index));
            }
        }
        let mut acts = entries.iter().filter_map(|entry| {
            let act = Act::read(&self.clause, &entry.leaf, |field| entry.value(field))?;
            (self.from <= act.at && act.at < self.until).then_some((entry.entry.index, act))
        });
        for act in &self.acts {
            let recorded = acts.next();
            let Some((_, recorded)) = recorded.filter(|(_, recorded)| recorded == act) else {
                return claim(format!("{} of {}: no entry records it so", act.operation, act.at));
            };
            *found.acts.entry(recorded.operation).or_default() += 1;
        }
        if let Some((index, act)) = acts.next() {
            return claim(format!("entry {index} is a {} on the clause, and is not told", act.operation));
        }
        for duty in &self.duties {
            for occurrence in &duty.occurrences {
                self.check(duty, occurrence, &entries)?;
                match occurrence.state.as_str() {
                    "done" | "reported" => {
                        found.done.0 += 1;
                        found.done.1 += u64::from(occurrence.late);
                    }
                    "open" => found.overdue += u64::from(occurrence.late),
                    _ => {}
                }
            }
        }
        Ok(found)
    }

    /// The entries, each checked against the tree, each field against its entry.
    fn opened(&self, head: &Checkpoint) -> Result<Vec<Opened<'_>>, EvidenceError> {
        let mut seen = BTreeSet::new();
        let mut opened = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let index = entry.index;
            let path = entry.path.iter().map(|hash| Hash::try_from(BASE64_STANDARD.decode(hash).ok()?).ok());
            let path = path.collect::<Option<Vec<_>>>().ok_or(EvidenceError::Entry(index))?;
            let hash = tree::leaf_hash(entry.leaf.as_bytes());
            tree::verify_inclusion(&path, head.size, &head.root, index, &hash)
                .map_err(|_| EvidenceError::Entry(index))?;
            if !seen.insert(index) {
                return claim(format!("entry {index} is counted twice"));
            }
            if seen.last() != Some(&index) {
                return claim(format!("entry {index} stands behind one that came later"));
            }
            let leaf = Leaf::parse(entry.leaf.as_bytes()).map_err(EvidenceError::Format)?;
            for opening in &entry.openings {
                if !leaf.holds(opening) {
                    return Err(EvidenceError::Field(index, opening.field.clone()));
                }
            }
            opened.push(Opened { entry, leaf });
        }
        Ok(opened)
    }

    /// Checks one time of a duty against the entry that records it, and that of whoever saw it.
    fn check(&self, duty: &Duty, on: &Occurrence, entries: &[Opened<'_>]) -> Result<(), EvidenceError> {
        let of = format!("duty {} of {}", duty.duty, on.scheduled_on);
        if on.event.is_empty() {
            let open = ["open", "withdrawn"].contains(&on.state.as_str()) && on.done_on.is_empty();
            return if open { Ok(()) } else { claim(format!("{of}: nothing records that it was done")) };
        }
        let entry = entries.iter().find(|entry| entry.leaf.event == on.event);
        let Some(entry) = entry.filter(|entry| entry.leaf.outcome == Outcome::Done) else {
            return claim(format!("{of}: the entry that records it is missing"));
        };
        let input = entry.input();
        let days = entry.value("scheduled_on").unwrap_or_default().split(' ');
        let place = days.clone().position(|day| day == on.scheduled_on);
        // What the program attested before its records told of lateness says nothing of it.
        let late = match entry.value("late") {
            Some(late) => {
                place.and_then(|place| late.split(' ').nth(place))
                    == Some(if on.late { "true" } else { "false" })
            }
            None => place.is_some() && !entry.leaf.fields.contains_key("late"),
        };
        let (of_duty, told) = match entry.leaf.operation.as_str() {
            "attest_duty" => (input["duty"].as_str(), String::new()),
            "discharge_duty" => (entry.value("duty"), input["told"].as_str().unwrap_or_default().to_owned()),
            other => return claim(format!("{of}: {other} does not record a duty")),
        };
        let counted = (input["population"].as_i64(), input["found"].as_i64());
        let same = of_duty == Some(duty.duty.as_str())
            && late
            && told == on.told
            && counted == (on.population, on.found);
        if !same {
            return claim(format!("{of}: entry {} records something else", entry.entry.index));
        }
        let system = entry.leaf.operation == "attest_duty";
        let seen = entries.iter().any(|seen| {
            seen.leaf.operation == "witness_duty"
                && seen.leaf.outcome == Outcome::Done
                && seen.value("duty") == Some(duty.duty.as_str())
                && seen.value("scheduled_on") == Some(on.scheduled_on.as_str())
                && seen.value("done_by") == entry.value("actor")
                && seen.value("actor").is_some_and(|actor| Some(actor) != entry.value("actor"))
        });
        let holds = match on.source.as_str() {
            "system" => system,
            "witnessed" => !system && seen,
            "declared" => !system,
            _ => false,
        };
        if holds { Ok(()) } else { claim(format!("{of}: the ledger does not show that it is {}", on.source)) }
    }

    /// Looks through entries of the same ledger for a refusal of that time that is left out; gives its index. Entries
    /// behind a tree of `size`, the evidence's own, are not looked at.
    pub fn leaves_out<E>(
        &self,
        size: u64,
        entries: impl Iterator<Item = Result<(u64, Vec<u8>), E>>,
    ) -> Result<Option<u64>, E> {
        let own: BTreeSet<u64> = self.entries.iter().map(|entry| entry.index).collect();
        for entry in entries {
            let (index, text) = entry?;
            if index >= size {
                break;
            }
            let is_of_it = Leaf::parse(&text).map_or(true, |leaf| {
                leaf.outcome == Outcome::Refused && self.from <= leaf.at && leaf.at < self.until
            });
            if is_of_it && !own.contains(&index) {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::LogKey;
    use crate::leaf::FORMAT;
    use crate::tree::{Edge, TileId};

    const ORIGIN: &str = "example.com/ledger";

    struct World {
        key: LogKey,
        leaves: Vec<(Leaf, Vec<Opening>)>,
    }

    impl World {
        fn entry(&mut self, operation: &str, outcome: Outcome, at: &str, fields: &[(&str, &str)]) {
            let salt = [self.leaves.len() as u8; 32];
            let openings: Vec<Opening> =
                fields.iter().map(|(field, value)| Opening::new(field, salt, *value)).collect();
            let mut leaf = Leaf {
                kura: FORMAT,
                at: at.to_owned(),
                event: format!("e{}", self.leaves.len()),
                operation: operation.to_owned(),
                outcome,
                rules: String::new(),
                fields: BTreeMap::new(),
            };
            leaf.commit(&openings);
            self.leaves.push((leaf, openings));
        }

        fn texts(&self) -> impl Iterator<Item = Result<(u64, Vec<u8>), ()>> {
            (0..).zip(self.leaves.iter().map(|(leaf, _)| leaf.encode().into_bytes())).map(Ok)
        }

        fn evidence(&self) -> Evidence {
            let mut edge = Edge::default();
            for (leaf, _) in &self.leaves {
                edge.append(tree::leaf_hash(leaf.encode().as_bytes()));
            }
            let size = self.leaves.len() as u64;
            let tiles = BTreeMap::from([(TileId { level: 0, index: 0 }, edge.partial_tile(0).to_vec())]);
            let head = Checkpoint { origin: ORIGIN.into(), size, root: edge.root() };
            let entry = |(index, (leaf, openings)): (u64, &(Leaf, Vec<Opening>))| {
                let path = tree::prove_inclusion(size, index, &tiles).unwrap();
                let path = path.iter().map(|hash| BASE64_STANDARD.encode(hash)).collect();
                let shown = openings.iter().filter(|opening| opening.field != "question").cloned().collect();
                Entry { index, leaf: leaf.encode(), openings: shown, path }
            };
            let done = Occurrence {
                scheduled_on: "2026-10-01".into(),
                last_day: "2026-10-05".into(),
                state: "done".into(),
                late: false,
                source: "witnessed".into(),
                done_on: "2026-10-02".into(),
                told: "looked".into(),
                population: Some(3),
                found: Some(0),
                event: "e2".into(),
            };
            let open = Occurrence {
                scheduled_on: "2026-10-08".into(),
                last_day: "2026-10-09".into(),
                state: "open".into(),
                late: true,
                source: String::new(),
                done_on: String::new(),
                told: String::new(),
                population: None,
                found: None,
                event: String::new(),
            };
            Evidence {
                firm: "firm".into(),
                clause: "std-3-2".into(),
                ja: String::new(),
                en: String::new(),
                text_ja: String::new(),
                text_en: String::new(),
                version: 1,
                pack: String::new(),
                from: "2026-10-01T00:00:00Z".into(),
                until: "2026-11-01T00:00:00Z".into(),
                rules: vec![Rule {
                    rule: "item-grant".into(),
                    permits: true,
                    ja: String::new(),
                    en: String::new(),
                    refused: 4,
                }],
                acts: vec![Act {
                    at: "2026-10-02T00:00:00Z".into(),
                    operation: "give_ruling".into(),
                    about: "r1".into(),
                    said: [("question", "of whom?"), ("words", "of all")]
                        .map(|(field, text)| (field.to_owned(), text.to_owned()))
                        .into(),
                    event: "e4".into(),
                }],
                duties: vec![Duty {
                    duty: "search".into(),
                    ja: String::new(),
                    en: String::new(),
                    office: String::new(),
                    occurrences: vec![done, open],
                }],
                entries: (0..).zip(&self.leaves).map(entry).collect(),
                checkpoint: head.sign(&[&self.key]).unwrap(),
            }
        }
    }

    fn world() -> World {
        let mut world = World { key: LogKey::from_seed(ORIGIN, &[1; 32]).unwrap(), leaves: Vec::new() };
        let at = "2026-10-02T00:00:00Z";
        let refused = [("actor", "p1"), ("decided_by", "item-grant other"), ("question", "{}")];
        world.entry("open", Outcome::Refused, at, &refused);
        world.entry("open", Outcome::Refused, at, &[("decided_by", "item-grant"), ("repeats", "3")]);
        let input = r#"{"occurrence":"o1","told":"looked","population":3,"found":0}"#;
        let fields = [
            ("actor", "p1"),
            ("duty", "search"),
            ("scheduled_on", "2026-10-01"),
            ("late", "false"),
            ("input", input),
        ];
        world.entry("discharge_duty", Outcome::Done, at, &fields);
        let fields = [("actor", "p2"), ("duty", "search"), ("scheduled_on", "2026-10-01"), ("done_by", "p1")];
        world.entry("witness_duty", Outcome::Done, at, &fields);
        let input = r#"{"clause":"std-3-2","question":"of whom?","words":"of all","supersedes":null}"#;
        world.entry("give_ruling", Outcome::Done, at, &[("ruling", "r1"), ("input", input)]);
        let input = r#"{"finding":"f1","told":"mended"}"#;
        world.entry("complete_action", Outcome::Done, at, &[("clause", "other"), ("input", input)]);
        world
    }

    #[test]
    fn what_it_says_is_what_the_entries_say() {
        let world = world();
        let (evidence, keys) = (world.evidence(), [world.key.verify_key()]);
        let found = evidence.verify(&keys, &[]).unwrap();
        assert_eq!((found.size, found.refused, found.closed), (6, 2, 0));
        assert_eq!(found.acts, BTreeMap::from([("give_ruling".to_owned(), 1)]));
        assert_eq!((found.by_rule["item-grant"], found.done, found.overdue), (4, (1, 0), 1));
        assert_eq!(evidence.leaves_out(6, world.texts()), Ok(None));
        assert!(evidence.verify(&[LogKey::from_seed(ORIGIN, &[2; 32]).unwrap().verify_key()], &[]).is_err());
    }

    #[test]
    fn nothing_is_claimed_that_no_entry_shows() {
        let world = world();
        let keys = [world.key.verify_key()];
        type Change = fn(&mut Evidence);
        let changes: [(&str, Change); 23] = [
            ("fewer refusals", |evidence| evidence.rules[0].refused = 3),
            ("a refusal of another time", |evidence| evidence.from = "2026-10-03T00:00:00Z".into()),
            ("a refusal left out", |evidence| drop(evidence.entries.remove(1))),
            ("a refusal twice", |evidence| evidence.entries.push(evidence.entries[0].clone())),
            ("an entry elsewhere", |evidence| evidence.entries[0].index = 1),
            ("another value", |evidence| evidence.entries[0].openings[1].value = "other".into()),
            ("in time", |evidence| evidence.duties[0].occurrences[0].late = true),
            ("more looked at", |evidence| evidence.duties[0].occurrences[0].population = Some(4)),
            ("another telling", |evidence| evidence.duties[0].occurrences[0].told = "all well".into()),
            ("another duty", |evidence| evidence.duties[0].duty = "other".into()),
            ("another time", |evidence| evidence.duties[0].occurrences[0].scheduled_on = "2026-10-08".into()),
            ("the program's", |evidence| evidence.duties[0].occurrences[0].source = "system".into()),
            ("no witness", |evidence| drop(evidence.entries.remove(3))),
            ("a ruling left out", |evidence| evidence.acts.clear()),
            ("a ruling twice", |evidence| evidence.acts.push(evidence.acts[0].clone())),
            ("another ruling", |evidence| {
                evidence.acts[0].said.insert("words".into(), "of none".into());
            }),
            ("about another", |evidence| evidence.acts[0].about = "r2".into()),
            ("a ruling that keeps its input closed", |evidence| {
                evidence.entries[4].openings.retain(|opening| opening.field != "input");
                evidence.acts.clear();
            }),
            ("a finding that keeps its clause closed", |evidence| {
                evidence.entries[5].openings.retain(|opening| opening.field != "clause");
            }),
            ("out of order", |evidence| evidence.entries.swap(0, 1)),
            ("a ruling without its entry", |evidence| drop(evidence.entries.remove(4))),
            ("no entry", |evidence| evidence.duties[0].occurrences[0].event = String::new()),
            ("done after all", |evidence| evidence.duties[0].occurrences[1].state = "done".into()),
        ];
        for (what, change) in changes {
            let mut evidence = world.evidence();
            change(&mut evidence);
            assert!(evidence.verify(&keys, &[]).is_err(), "{what}");
        }
    }

    #[test]
    fn a_refusal_that_is_left_out_is_found_in_an_export() {
        let world = world();
        let mut evidence = world.evidence();
        evidence.entries.remove(1);
        evidence.rules[0].refused = 1;
        evidence.verify(&[world.key.verify_key()], &[]).unwrap();
        assert_eq!(evidence.leaves_out(6, world.texts()), Ok(Some(1)));
        assert_eq!(evidence.leaves_out(1, world.texts()), Ok(None));
    }
}
