//! 届出: reports a violation, or that something was lost or sent to the wrong person.

use serde::{Deserialize, Serialize};

use super::store::{self, StepRow, ViolationRow};
use super::subject::Violation;
use super::{Happened, REPORTED, step};
use crate::clock;
use crate::custody;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, PersonId, ViolationId};
use crate::matters;
use crate::rules::facts::{Action, Resource};
use crate::text::Note;

/// Reports a violation, a loss or something wrongly sent. Who reports it only those who handle reports learn.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportViolation {
    /// What happened.
    pub told: Note,
    /// What kind of thing.
    #[arg(long)]
    pub kind: Happened,
    /// The day on which it happened, as far as known (2026-11-24).
    #[arg(long)]
    #[serde(default)]
    pub happened_on: Option<String>,
    /// The day on which it became known (2026-11-24); today when left out.
    #[arg(long)]
    #[serde(default)]
    pub known_on: Option<String>,
    /// The item that it is about.
    #[arg(long)]
    #[serde(default)]
    pub item: Option<ItemId>,
    /// The matter that it is about.
    #[arg(long)]
    #[serde(default)]
    pub matter: Option<MatterId>,
    /// The person whom it is about.
    #[arg(long)]
    #[serde(default)]
    pub about: Option<PersonId>,
    /// Keep even from the ledger who reports it.
    #[arg(long)]
    #[serde(default)]
    pub sealed: bool,
}

/// The case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reported {
    /// Its id.
    pub violation: ViolationId,
    /// Its number, told among people.
    pub number: String,
}

/// The matter of what was named, when the asker may know of it.
async fn matter_of(tx: &mut Tx<'_>, report: &ReportViolation) -> Result<Option<MatterId>> {
    if let Some(item) = report.item {
        let asker = tx.asker_id()?;
        let row = custody::store::item(tx, item, Some(asker)).await?.ok_or(Error::NotFound("item"))?;
        let matter = row.matter.id;
        if !tx.may("know", &Resource::Item(row.facts, row.matter)) {
            return Err(Error::NotFound("item"));
        }
        return Ok(Some(matter));
    }
    let Some(matter) = report.matter else { return Ok(None) };
    matters::subject::known(tx, matter).await?.ok_or(Error::NotFound("matter"))?;
    Ok(Some(matter))
}

impl Operation for ReportViolation {
    const ACTION: Action = Action("report_violation");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Installation;
    type Output = Reported;

    fn subject(&self) {}

    fn seals_actor(&self) -> bool {
        self.sealed
    }

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Reported> {
        let today = tx.today();
        let known = clock::given_day("known_on", self.known_on.as_deref(), today)?;
        let happened = match &self.happened_on {
            Some(day) => clock::given_day("happened_on", Some(day), today)?,
            None => known,
        };
        if known > today {
            return Err(Error::invalid("known_on", "the day has not come yet"));
        }
        if happened > known {
            return Err(Error::invalid("happened_on", "it became known after it happened"));
        }
        let matter = matter_of(tx, &self).await?;
        let (about_name, employment) = match self.about {
            Some(person) => step::staff(tx, "about", person).await?,
            None => (String::new(), String::new()),
        };
        let (id, reporter) = (tx.id(ViolationId::new), tx.asker_id()?);
        let year = today.year().to_string();
        let number = format!("{year}-{}", store::numbered(tx.connection(), &year).await? + 1);
        let row = ViolationRow {
            id,
            number: number.clone(),
            kind: self.kind.name().to_owned(),
            state: REPORTED.to_owned(),
            told: self.told.to_string(),
            happened_on: if self.happened_on.is_some() { happened.to_string() } else { String::new() },
            known: tx.begins(known),
            item: self.item,
            matter,
            reporter: tx.seal_reporter(id, reporter),
            sealed: self.sealed,
            reported: tx.now(),
            clause: String::new(),
            about: self.about,
            about_name,
            employment,
            handler: None,
            handler_name: String::new(),
            personal: "none".to_owned(),
            charge: String::new(),
            answer_by: String::new(),
            sanction: String::new(),
            decided: 0,
            lesson: String::new(),
            closed: 0,
        };
        store::insert(tx.connection(), &row).await?;
        let told = StepRow { step: REPORTED.to_owned(), told: row.told.clone(), ..StepRow::default() };
        step::keep(tx, &Violation::made(row), told).await?;
        Ok(Reported { violation: id, number })
    }
}
