//! 証跡の取りまとめ: states what shows that a clause was upheld over some time, for an auditor to verify without this
//! server.
//!
//! What is stated is counted from the ledger, and carries the entries that it was counted from
//! ([`kura_ledger::evidence`]). Fields that name material, or that say what the rules were told of a person, stay closed.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use kura_ledger::evidence::{ACTS, Act, Duty, Entry, Evidence, Occurrence, Rule, refusals};
use kura_ledger::leaf::{Leaf, Opening, Outcome};
use kura_ledger::statement::Kind;
use serde::{Deserialize, Serialize};

use super::version;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::tx::StatementDraft;
use crate::door::{Operation, Tx};
use crate::duties;
use crate::duties::store::OccurrenceRow;
use crate::error::{Error, Result};
use crate::id::{EventId, StatementId};
use crate::ledger::show_entry;
use crate::ledger::store::{self as ledger, SealedRecord};
use crate::rules::duties::Source;
use crate::rules::facts::Action;

/// Days back when nothing else is asked for.
const DAYS: i64 = 90;
/// Entries in one piece of evidence at most.
const MOST: usize = 5_000;
/// Places of the ledger looked through at once.
const WINDOW: u64 = 4096;
/// What brought a version of the policy into force, and what was decided on a clause or found of it.
fn gathered() -> Vec<&'static str> {
    let adopting = ["adopt_pack", "bring_into_force"];
    adopting.into_iter().chain(ACTS.iter().map(|(operation, _)| *operation)).collect()
}

/// Gathers the evidence for a clause.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GatherEvidence {
    /// The clause.
    pub clause: String,
    /// The first day (2026-10-01); 90 days before the last one when left out.
    #[arg(long)]
    #[serde(default)]
    pub first_day: Option<String>,
    /// The last day; today when left out.
    #[arg(long)]
    #[serde(default)]
    pub last_day: Option<String>,
    /// What was read for it.
    #[arg(skip)]
    #[serde(skip)]
    #[schema(ignore)]
    gathered: Option<Box<Evidence>>,
}

impl GatherEvidence {
    /// Evidence for a clause, of the last 90 days.
    pub fn of(clause: impl Into<String>) -> Self {
        Self { clause: clause.into(), first_day: None, last_day: None, gathered: None }
    }
}

/// The evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Gathered {
    /// The evidence, to be handed out as a statement.
    pub evidence: StatementId,
    /// Entries of the ledger in it.
    pub entries: i64,
    /// Refusals in it by the clause's rules.
    pub refused: i64,
    /// Times of its duties in it.
    pub occurrences: i64,
    /// What was decided on the clause or found of it.
    pub acts: i64,
}

/// An entry as it is opened, without its path.
struct Opened {
    index: u64,
    text: String,
    leaf: Leaf,
    openings: Vec<Opening>,
}

impl Opened {
    fn value(&self, field: &str) -> Option<&str> {
        let opening = self.openings.iter().find(|opening| opening.field == field);
        opening.map(|opening| opening.value.as_str())
    }
}

/// The entries that evidence carries, and the tree that they are in.
struct Entries {
    size: u64,
    entries: Vec<Opened>,
}

impl Entries {
    /// Opens a record; keeps it, unless it was decided on another clause or found of it.
    fn push(&mut self, tx: &Tx<'_>, record: SealedRecord, clause: &str) -> Result<Option<Act>> {
        let openings = show_entry::open(tx, &record)?;
        let leaf = Leaf::parse(record.leaf.as_bytes()).map_err(Error::internal)?;
        let opened = Opened { index: record.index, text: record.leaf, leaf, openings };
        let act = Act::read(clause, &opened.leaf, |field| opened.value(field));
        if Act::is_in(&opened.leaf) && act.is_none() {
            return Ok(None);
        }
        if self.entries.len() == MOST {
            return Err(Error::invalid(
                "first_day",
                format!("there are more than {MOST} records of it: ask for a shorter time"),
            ));
        }
        self.entries.push(opened);
        Ok(act)
    }

    async fn push_event(&mut self, tx: &mut Tx<'_>, event: &str, clause: &str) -> Result<()> {
        let event: EventId = event.parse().map_err(Error::internal)?;
        let lost = || Error::internal(format!("record {event} of a duty is missing in the ledger"));
        let record = ledger::sealed_with_id(tx.connection(), event).await?.ok_or_else(lost)?;
        // One record may tell of several times.
        if self.entries.iter().all(|entry| entry.index != record.index) {
            self.push(tx, record, clause)?;
        }
        Ok(())
    }

    async fn proved(self, tx: &mut Tx<'_>) -> Result<Vec<Entry>> {
        let mut proved = Vec::with_capacity(self.entries.len());
        for Opened { index, text: leaf, openings, .. } in self.entries {
            let path = ledger::prove(tx.connection(), self.size, index).await?;
            let path = path.iter().map(|hash| BASE64_STANDARD.encode(hash)).collect();
            proved.push(Entry { index, leaf, openings, path });
        }
        proved.sort_by_key(|entry| entry.index);
        Ok(proved)
    }
}

fn occurrence(row: OccurrenceRow, today: &str) -> Occurrence {
    let witnessed = !row.witness_event.is_empty();
    let view = row.view(today);
    // One whose witness was not kept by its record is no more than declared to whoever verifies it.
    let source = if view.source == Source::Witnessed.name() && !witnessed {
        Source::Declared.name().to_owned()
    } else {
        view.source
    };
    Occurrence {
        scheduled_on: view.scheduled_on,
        last_day: view.last_day,
        state: view.state,
        late: view.late,
        source,
        done_on: view.done_on,
        told: view.told,
        population: view.population,
        found: view.found,
        event: view.event,
    }
}

impl Operation for GatherEvidence {
    const ACTION: Action = Action("gather_evidence");
    const WRITES: bool = true;
    const GATHERS: bool = true;
    type Subject = Installation;
    type Output = Gathered;

    fn subject(&self) {}

    async fn gather(&mut self, _: &Installation, tx: &mut Tx<'_>) -> Result<()> {
        let pack = tx.rules().clone();
        let clause = pack.clauses.iter().find(|clause| clause.id == self.clause);
        let clause = clause.ok_or_else(|| {
            Error::invalid(
                "clause",
                format!("the policy in force has no clause {}: list-clauses lists them", self.clause),
            )
        })?;
        let today = tx.today();
        let until = clock::day_come("last_day", self.last_day.as_deref(), today)?;
        let from = until.saturating_sub(jiff::Span::new().days(DAYS));
        let from = clock::given_day("first_day", self.first_day.as_deref(), from)?;
        if from > until {
            return Err(Error::invalid("first_day", "the first day is not after the last one"));
        }
        let behind = until.saturating_add(jiff::Span::new().days(1));
        let (begins, ends) = (tx.begins(from), tx.begins(behind));

        let empty = || Error::conflict("the ledger is empty");
        let (size, _) = ledger::head(tx.connection()).await?.ok_or_else(empty)?;
        let checkpoint = ledger::checkpoint(tx.connection()).await?.ok_or_else(empty)?;
        let mut entries = Entries { size, entries: Vec::new() };
        let mut place = ledger::first_since(tx.connection(), begins).await?;
        let end = ledger::first_since(tx.connection(), ends).await?;
        let (operations, mut acts) = (gathered(), Vec::new());
        while place < end {
            let to = (place + WINDOW).min(end);
            for record in ledger::refusals_and(tx.connection(), place, to, &operations).await? {
                acts.extend(entries.push(tx, record, &clause.id)?);
            }
            place = to;
        }

        let mut own = Vec::new();
        for duty in pack.duties.iter().filter(|duty| duty.clause == clause.id) {
            let (first, last) = (from.to_string(), until.to_string());
            let mut occurrences = Vec::new();
            for row in duties::store::within(tx.connection(), &duty.id, &first, &last).await? {
                for event in [&row.event, &row.witness_event] {
                    if !event.is_empty() {
                        entries.push_event(tx, event, &clause.id).await?;
                    }
                }
                occurrences.push(occurrence(row, &today.to_string()));
            }
            own.push(Duty {
                duty: duty.id.clone(),
                ja: duty.ja.clone(),
                en: duty.en.clone(),
                office: duty.office.clone(),
                occurrences,
            });
        }
        let mut refused = BTreeMap::<String, u64>::new();
        for entry in entries.entries.iter().filter(|entry| entry.leaf.outcome == Outcome::Refused) {
            for (rule, times) in refusals(&entry.leaf, |field| entry.value(field)) {
                *refused.entry(rule).or_default() += times;
            }
        }
        let entries = entries.proved(tx).await?;
        let rules = pack.rules.values().filter(|rule| rule.clause == clause.id).map(|rule| Rule {
            rule: rule.id.clone(),
            permits: rule.permits,
            ja: rule.reason_ja.clone(),
            en: rule.reason_en.clone(),
            refused: refused.get(&rule.id).copied().unwrap_or_default(),
        });
        let rules = rules.collect();
        let text = |japanese: bool| {
            let texts = pack.documents.iter().map(|document| document.text(japanese));
            texts
                .filter_map(|text| text.clause(&clause.id))
                .map(|part| part.body.clone())
                .next()
                .unwrap_or_default()
        };
        let evidence = Evidence {
            firm: tx.firm().await?,
            clause: clause.id.clone(),
            ja: clause.ja.clone(),
            en: clause.en.clone(),
            text_ja: text(true),
            text_en: text(false),
            version: version::in_force(tx).await?.number,
            pack: pack.digest.clone(),
            from: clock::rfc3339(begins),
            until: clock::rfc3339(ends),
            rules,
            duties: own,
            acts,
            entries,
            checkpoint,
        };
        self.gathered = Some(Box::new(evidence));
        Ok(())
    }

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Gathered> {
        let evidence = *self.gathered.ok_or_else(|| Error::internal("nothing was gathered"))?;
        let refused: u64 = evidence.rules.iter().map(|rule| rule.refused).sum();
        let occurrences: usize = evidence.duties.iter().map(|duty| duty.occurrences.len()).sum();
        let gathered = Gathered {
            evidence: tx
                .state(StatementDraft {
                    kind: Kind::Evidence,
                    matter: None,
                    item: None,
                    items: vec![],
                    body: serde_json::to_value(&evidence).map_err(Error::internal)?,
                    histories: vec![],
                })
                .await?,
            entries: evidence.entries.len() as i64,
            refused: refused as i64,
            occurrences: occurrences as i64,
            acts: evidence.acts.len() as i64,
        };
        tx.note("clause", evidence.clause);
        tx.note("from", evidence.from);
        tx.note("until", evidence.until);
        tx.note("entries", gathered.entries.to_string());
        Ok(gathered)
    }
}
