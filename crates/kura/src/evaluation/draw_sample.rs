//! Draws a sample by a seed: whoever has the seed and the size of the population draws the same one again.
//!
//! The k-th candidate is the first eight bytes, big-endian, of SHA-256 over the seed's 32 bytes and k as eight bytes,
//! big-endian, modulo the size of the population; what was drawn already is passed over. The population is in the order of
//! its ids (of records: of the ledger). The remainder of 64 bits favours none that anybody could notice.

use aws_lc_rs::digest;
use jiff::ToSpan as _;
use kura_vault::keys::random_bytes;
use serde::{Deserialize, Serialize};

use super::store::{self, EntryRow, EvaluationRow, SampleRow};
use super::subject::Evaluation;
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::EvaluationId;
use crate::ledger;
use crate::people;
use crate::rules::facts::Action;

/// Things that are drawn at once, at most.
const MOST: i64 = 100;
/// Samples of an evaluation, at most.
const DRAWS: usize = 20;

/// What is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Population {
    /// The material that the register holds today.
    Items,
    /// The ledger's records of the evaluation's days.
    Records,
    /// Officers and staff.
    People,
    /// Times of duties on the evaluation's days.
    Duties,
}

impl Population {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::Records => "records",
            Self::People => "people",
            Self::Duties => "duties",
        }
    }
}

/// Draws a sample for an evaluation.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawSample {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// What it is drawn from.
    #[arg(long)]
    pub from: Population,
    /// How many, at most 100.
    #[arg(long)]
    pub number: i64,
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Drawn {
    /// Which sample of the evaluation.
    pub draw: i64,
    /// The seed: 32 bytes in hexadecimal.
    pub seed: String,
    /// The size of the population.
    pub population: i64,
    /// The places in the population, from 0, in the order in which they were drawn.
    pub places: Vec<i64>,
}

/// What was known of something when it was drawn; nothing here names material.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Known {
    /// An item's class.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// An item's form.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub form: String,
    /// A person: an item's custodian, or who was drawn.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// Their employment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub employment: String,
    /// A record's operation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operation: String,
    /// Whether it was refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// A duty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub duty: String,
    /// The day that its rule named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub day: String,
    /// Its state.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub state: String,
}

/// Places in a population, in the order in which the seed draws them: see the module.
fn places(seed: &[u8; 32], population: u64, number: usize) -> Vec<u64> {
    let number = number.min(usize::try_from(population).unwrap_or(usize::MAX));
    let mut drawn = Vec::with_capacity(number);
    for count in 0_u64.. {
        if drawn.len() == number {
            break;
        }
        let candidate = digest::digest(&digest::SHA256, &[&seed[..], &count.to_be_bytes()].concat());
        let bytes = candidate.as_ref().first_chunk().copied().unwrap_or_default();
        let place = u64::from_be_bytes(bytes) % population;
        if !drawn.contains(&place) {
            drawn.push(place);
        }
    }
    drawn
}

/// A population: its size, and what stands at a place of it.
enum Lot {
    Items(Vec<crate::id::ItemId>),
    Records(u64, u64),
    People(Vec<(String, String, String)>),
    Duties(Vec<(crate::id::OccurrenceId, String, String, String)>),
}

impl Lot {
    async fn load(tx: &mut Tx<'_>, from: Population, row: &EvaluationRow) -> Result<Self> {
        Ok(match from {
            Population::Items => Self::Items(store::held(tx.connection()).await?),
            Population::People => Self::People(store::staff(tx.connection()).await?),
            Population::Duties => {
                Self::Duties(store::times(tx.connection(), &row.first_day, &row.last_day).await?)
            }
            Population::Records => {
                let day = |text: &str| clock::parse_day(text).ok_or_else(|| Error::internal("no day"));
                let (first, last) = (day(&row.first_day)?, day(&row.last_day)?);
                let (begins, ends) = (tx.begins(first), tx.begins(last.saturating_add(1.day())));
                let begins = ledger::store::first_since(tx.connection(), begins).await?;
                Self::Records(begins, ledger::store::first_since(tx.connection(), ends).await?)
            }
        })
    }

    fn size(&self) -> u64 {
        match self {
            Self::Items(all) => all.len() as u64,
            Self::Records(begins, ends) => ends.saturating_sub(*begins),
            Self::People(all) => all.len() as u64,
            Self::Duties(all) => all.len() as u64,
        }
    }

    async fn at(&self, tx: &mut Tx<'_>, place: u64) -> Result<(String, Known)> {
        let index = usize::try_from(place).map_err(Error::internal)?;
        Ok(match self {
            Self::Items(all) => {
                let (rank, form, person) = store::item(tx.connection(), all[index]).await?;
                let class = tx.rules().class_of_rank(rank).map(|class| class.id.clone());
                let known = Known { class: class.unwrap_or_default(), form, person, ..Known::default() };
                (all[index].to_string(), known)
            }
            Self::Records(begins, _) => {
                let (event, operation, refused) = store::record_at(tx.connection(), begins + place).await?;
                (event.to_string(), Known { operation, refused, ..Known::default() })
            }
            Self::People(all) => {
                let (id, person, employment) = all[index].clone();
                (id, Known { person, employment, ..Known::default() })
            }
            Self::Duties(all) => {
                let (id, duty, day, state) = all[index].clone();
                (id.to_string(), Known { duty, day, state, ..Known::default() })
            }
        })
    }
}

impl Operation for DrawSample {
    const ACTION: Action = Action("draw_sample");
    const WRITES: bool = true;
    type Subject = Evaluation;
    type Output = Drawn;

    fn subject(&self) -> EvaluationId {
        self.evaluation
    }

    async fn perform(self, on: Evaluation, tx: &mut Tx<'_>) -> Result<Drawn> {
        on.goes_on()?;
        if !(1..=MOST).contains(&self.number) {
            return Err(Error::invalid("number", "draw 1 to 100"));
        }
        let before = store::samples(tx.connection(), self.evaluation).await?.len();
        if before == DRAWS {
            return Err(Error::conflict("twenty samples are drawn already: conclude on those"));
        }
        let lot = Lot::load(tx, self.from, &on.0).await?;
        if lot.size() == 0 {
            return Err(Error::invalid("from", "there is nothing to draw from on these days"));
        }
        let seed: [u8; 32] = random_bytes();
        let drawn = places(&seed, lot.size(), usize::try_from(self.number).unwrap_or_default());
        let by = tx.asker_id()?;
        let sample = SampleRow {
            draw: before as i64 + 1,
            source: self.from.name().to_owned(),
            seed: hex::encode(seed),
            population: i64::try_from(lot.size()).map_err(Error::internal)?,
            drawn: tx.now(),
            drawn_name: people::store::person(tx, by).await?.name,
        };
        let mut entries = Vec::new();
        for (number, place) in (1..).zip(&drawn) {
            let (about, known) = lot.at(tx, *place).await?;
            entries.push(EntryRow {
                draw: sample.draw,
                number,
                place: i64::try_from(*place).map_err(Error::internal)?,
                about,
                facts: serde_json::to_string(&known).map_err(Error::internal)?,
            });
        }
        store::insert_sample(tx.connection(), self.evaluation, &sample, &entries).await?;
        let places: Vec<i64> = entries.iter().map(|entry| entry.place).collect();
        tx.note("seed", sample.seed.clone());
        tx.note("population", sample.population.to_string());
        tx.note("drawn", entries.into_iter().map(|entry| entry.about).collect::<Vec<_>>().join(" "));
        Ok(Drawn { draw: sample.draw, seed: sample.seed, population: sample.population, places })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What another program drew by the description above.
    #[test]
    fn a_seed_draws_the_same_places_whoever_draws() {
        let mut counted = [0; 32];
        for (at, byte) in (0..).zip(&mut counted) {
            *byte = at;
        }
        assert_eq!(places(&counted, 212, 8), [17, 192, 166, 106, 5, 9, 13, 163]);
        assert_eq!(places(&[0xff; 32], 1_000_000, 4), [788_445, 303_233, 193_146, 49_957]);
        assert_eq!(places(&[0; 32], 5, 9), [3, 0, 1, 4, 2], "all of them, each once");
    }
}
