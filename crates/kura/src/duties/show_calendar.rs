//! 義務のカレンダー: the days of one's own duties as a calendar (RFC 5545) that other programs subscribe to.
//!
//! A duty that is due by the calendar is a series with its rule; what moves to a working day is an exception of the
//! series. What is due some time after the last time, or after an operation, is a day of its own once it is. No material
//! and no matter is named: calendars lie on other people's machines.

use chrono::{DateTime, NaiveDate, Utc};
use icalendar::{Calendar, Component as _, Event, EventLike as _, Property};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::OPEN;
use super::list_duties::{DutyView, mine};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::policy::acknowledge_policy::ReadIn;
use crate::rules::duties::Duty;
use crate::rules::facts::Action;

/// What a token for the calendar reaches to.
pub(crate) const SHOW_CALENDAR: Action = Action("show_calendar");
/// Months ahead in which days that move are told.
const AHEAD: i64 = 18;

/// Shows one's own duties as a calendar.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCalendar {
    /// Its language.
    #[arg(long, value_enum)]
    pub language: ReadIn,
    /// The address of the pages, for its entries to lead to; they lead nowhere when left out.
    #[arg(long)]
    #[serde(default)]
    pub address: Option<String>,
}

impl ShowCalendar {
    /// In a language, without addresses.
    pub fn in_language(language: ReadIn) -> Self {
        Self { language, address: None }
    }
}

/// A calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CalendarText {
    /// Text of the calendar (text/calendar).
    pub calendar: String,
}

fn day(date: Date) -> Result<NaiveDate> {
    let (year, month, day) = (date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs());
    NaiveDate::from_ymd_opt(year, month.into(), day.into()).ok_or_else(|| Error::internal("a day is a day"))
}

/// What the entries of one calendar have in common.
struct Feed<'a> {
    japanese: bool,
    address: Option<&'a str>,
    /// The ledger's name, under which the entries' names are the firm's own.
    origin: String,
    now: DateTime<Utc>,
}

impl Feed<'_> {
    fn entry(&self, duty: &Duty, name: &str, on: Date) -> Result<Event> {
        let (title, how) = if self.japanese { (&duty.ja, &duty.how_ja) } else { (&duty.en, &duty.how_en) };
        let mut event = Event::with_uid(&format!("{name}@{}", self.origin));
        event.summary(title).description(how).timestamp(self.now).starts(day(on)?);
        // The day is for remembering, and takes nobody's time.
        event.add_property("TRANSP", "TRANSPARENT");
        if let Some(address) = self.address {
            event.url(&format!("{address}/duties/{}", duty.id));
        }
        Ok(event)
    }

    /// The series of a duty that is due by the calendar, and those of its days that move.
    fn series(&self, duty: &Duty, today: Date) -> Result<Vec<Event>> {
        let Some((first, rule)) = duty.series() else { return Ok(vec![]) };
        let mut series = self.entry(duty, &duty.id, first)?;
        series.append_property(Property::new("RRULE", rule));
        let mut events = vec![series.done()];
        let ahead = today.saturating_add(AHEAD.months());
        let days = duty.days(today.saturating_sub(1.months()), ahead);
        for scheduled in std::iter::once(first).chain(days).collect::<std::collections::BTreeSet<_>>() {
            let due = duty.due_on(scheduled);
            if due != scheduled {
                let mut moved = self.entry(duty, &duty.id, due)?;
                moved.recurrence_id(day(scheduled)?);
                events.push(moved.done());
            }
        }
        Ok(events)
    }

    /// The days on which a duty is due that no series holds.
    fn single(&self, duty: &Duty, view: Option<&DutyView>) -> Result<Vec<Event>> {
        let lines = view.into_iter().flat_map(|view| &view.occurrences);
        let open = lines.filter(|line| line.state == OPEN);
        let events = open.map(|line| {
            let due = clock::parse_day(&line.due_on).ok_or_else(|| Error::internal("a day is a day"))?;
            Ok(self.entry(duty, &line.occurrence.to_string(), due)?.done())
        });
        events.collect()
    }
}

impl Operation for ShowCalendar {
    const ACTION: Action = SHOW_CALENDAR;
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = CalendarText;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<CalendarText> {
        let plain = |address: &String| {
            let address = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
            address.is_some_and(|rest| !rest.contains(|c: char| c.is_control() || c.is_whitespace()))
        };
        if self.address.as_ref().is_some_and(|address| !plain(address)) {
            return Err(Error::invalid("address", "an address begins with https:// and has no spaces"));
        }
        let (rules, offices, today) = (tx.rules().clone(), tx.asker()?.offices.clone(), tx.today());
        let waiting = mine(tx).await?;
        let japanese = self.language == ReadIn::Ja;
        let feed = Feed {
            japanese,
            address: self.address.as_deref(),
            origin: tx.log_key().name().to_owned(),
            now: DateTime::from_timestamp_millis(tx.now()).unwrap_or_default(),
        };
        let mut calendar = Calendar::new();
        calendar.properties = vec![
            Property::new("VERSION", "2.0"),
            Property::new("PRODID", "-//Kura//Duties//EN"),
            Property::new("CALSCALE", "GREGORIAN"),
            Property::new("METHOD", "PUBLISH"),
        ];
        calendar.name(if japanese { "Kura：義務" } else { "Kura: duties" });
        calendar.append_property(Property::new("X-PUBLISHED-TTL", "PT12H"));
        // What the program does by itself is nobody's day.
        let by_people = rules.duties.iter().filter(|duty| duty.check.is_none());
        for duty in by_people {
            let deputy = duty.deputy.as_ref().is_some_and(|deputy| offices.contains(deputy));
            if !offices.contains(&duty.office) && !deputy {
                continue;
            }
            let view = waiting.iter().find(|view| view.duty == duty.id);
            let mut events = feed.series(duty, today)?;
            if events.is_empty() {
                events = feed.single(duty, view)?;
            }
            calendar.extend(events);
        }
        Ok(CalendarText { calendar: calendar.to_string() })
    }
}
