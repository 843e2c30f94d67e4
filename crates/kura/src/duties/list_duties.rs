//! Lists the duties: whose they are, when they are due, and how they were done.

use serde::{Deserialize, Serialize};

use super::{OPEN, OccurrenceView, store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::duties::{Cadence, Duty};
use crate::rules::facts::Action;

/// Lists the duties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDuties {
    /// One duty alone, with its newest 100 times.
    #[arg(long)]
    #[serde(default)]
    pub duty: Option<String>,
}

/// A duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DutyView {
    /// Its id.
    pub duty: String,
    /// The clause that it upholds.
    pub clause: String,
    /// What it is, in Japanese.
    pub ja: String,
    /// What it is, in English.
    pub en: String,
    /// How it is done, in Japanese.
    pub how_ja: String,
    /// How it is done, in English.
    pub how_en: String,
    /// The office that it belongs to.
    pub office: String,
    /// The office that stands in; empty for none.
    pub deputy: String,
    /// Whether you hold either.
    pub mine: bool,
    /// calendar, after_last or on.
    pub cadence: String,
    /// The calendar's rule (RFC 5545), the span (ISO 8601), or the operation.
    pub rule: String,
    /// Where its evidence comes from: system, witnessed or declared.
    pub evidence: String,
    /// What the program finds out for it; empty when people do it.
    pub check: String,
    /// The office that is told when it is late.
    pub escalate: String,
    /// The next day that its rule names, when it names days.
    pub next: String,
    /// How often it was done in time within the last year.
    pub in_time: i64,
    /// How often it was done late within the last year.
    pub late: i64,
    /// The newest time that it was done.
    pub last: Option<OccurrenceView>,
    /// What is to be done, the earliest first; of one duty alone also what was done, the newest first.
    pub occurrences: Vec<OccurrenceView>,
}

/// Times of one duty that are told.
const TOLD: i64 = 100;

fn described(duty: &Duty, offices: &[String]) -> DutyView {
    let (cadence, rule) = match &duty.cadence {
        Cadence::Calendar(calendar) => ("calendar", calendar.rule.clone()),
        Cadence::AfterLast(span) => ("after_last", span.to_string()),
        Cadence::On { operation, .. } => ("on", operation.clone()),
    };
    let deputy = duty.deputy.clone().unwrap_or_default();
    DutyView {
        duty: duty.id.clone(),
        clause: duty.clause.clone(),
        ja: duty.ja.clone(),
        en: duty.en.clone(),
        how_ja: duty.how_ja.clone(),
        how_en: duty.how_en.clone(),
        mine: offices.contains(&duty.office) || offices.contains(&deputy),
        office: duty.office.clone(),
        deputy,
        cadence: cadence.to_owned(),
        rule,
        evidence: duty.evidence.name().to_owned(),
        check: duty.check.map_or("", |check| check.name()).to_owned(),
        escalate: duty.escalate.clone(),
        next: String::new(),
        in_time: 0,
        late: 0,
        last: None,
        occurrences: vec![],
    }
}

/// The duties of the asker's offices that wait to be done. Nothing is read for whoever holds none.
pub(crate) async fn mine(tx: &mut Tx<'_>) -> Result<Vec<DutyView>> {
    let (rules, offices) = (tx.rules().clone(), tx.asker()?.offices.clone());
    let mut mine: Vec<DutyView> = rules.duties.iter().map(|duty| described(duty, &offices)).collect();
    mine.retain(|view| view.mine);
    if mine.is_empty() {
        return Ok(mine);
    }
    let today = tx.today().to_string();
    for row in store::waiting(tx.connection()).await? {
        if let Some(view) = mine.iter_mut().find(|view| view.duty == row.duty) {
            view.occurrences.push(row.view(&today));
        }
    }
    mine.retain(|view| !view.occurrences.is_empty());
    Ok(mine)
}

/// The duties, or one alone, as the asker sees them.
pub(crate) async fn views(tx: &mut Tx<'_>, only: Option<&str>) -> Result<Vec<DutyView>> {
    let rules = tx.rules().clone();
    let offices = tx.asker()?.offices.clone();
    let today = tx.today();
    let year_ago = today.saturating_sub(jiff::Span::new().years(1)).to_string();
    let tallies = store::tallies(tx.connection(), &year_ago).await?;
    let waiting = store::waiting(tx.connection()).await?;
    let last = store::last_done(tx.connection()).await?;
    let mut views = Vec::new();
    for duty in rules.duties.iter().filter(|duty| only.is_none_or(|id| id == duty.id)) {
        let mut view = described(duty, &offices);
        view.next = duty.next_day(today).map_or_else(String::new, |day| day.to_string());
        (view.in_time, view.late) = tallies.get(&duty.id).copied().unwrap_or_default();
        let done = last.iter().find(|row| row.duty == duty.id).cloned();
        view.last = done.map(|row| row.view(&today.to_string()));
        let own = waiting.iter().filter(|row| row.duty == duty.id).cloned();
        view.occurrences = own.map(|row| row.view(&today.to_string())).collect();
        if only.is_some() {
            let newest = store::newest(tx.connection(), &duty.id, TOLD).await?;
            let done = newest.into_iter().filter(|row| row.state != OPEN && row.state != super::REPORTED);
            view.occurrences.extend(done.map(|row| row.view(&today.to_string())));
        }
        views.push(view);
    }
    Ok(views)
}

impl Operation for ListDuties {
    const ACTION: Action = Action("list_duties");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<DutyView>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<DutyView>> {
        let views = views(tx, self.duty.as_deref()).await?;
        if self.duty.is_some() && views.is_empty() {
            return Err(Error::NotFound("duty"));
        }
        Ok(views)
    }
}
