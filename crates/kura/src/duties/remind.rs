//! 督促: mails that remind people of duties, and of what else waits for them. Whom to remind on a day is decided and recorded once, then the mail is
//! handed to the firm's server until it takes it.
//!
//! Somebody in a duty's office, or in the one that stands in, is reminded a week before it is due, the day before, on
//! its day, and when it is late, Monday after Monday; whoever is told of lateness, when it is late. A mail names all that waits
//! for its reader, so that one a day is enough; it names no material and no matter. What a stopped server missed is made
//! up for: what counts are the days since the last mail.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::OPEN;
use super::mail_page::Letter;
use super::store::{self, OccurrenceRow, Reached};
use super::waits;
use crate::clock::{self, Clock, Millis};
use crate::door::operation::Installation;
use crate::door::{Actor, Door, Operation, Options, Tx};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::mail::Mailer;
use crate::rules::duties::Duty;
use crate::rules::facts::Action;
use crate::rules::pack::Pack;

/// The hour from which on people are reminded, where the firm is.
const HOUR: i8 = 7;
/// Days for which one mail is tried; later ones have told more by then.
const TRIED: i64 = 3;
/// Days that are made up for when somebody has had no mail yet.
const BACK: i64 = 7;

/// The days on which a duty that is due is called to mind, up to a day.
fn days(row: &OccurrenceRow, today: Date) -> Vec<Date> {
    match (clock::parse_day(&row.due_on), clock::parse_day(&row.last_day)) {
        (Some(due), Some(last)) => around(due, last, today),
        _ => vec![],
    }
}

/// The days on which something is called to mind that is due on a day and late after another, up to a day.
pub(super) fn around(due: Date, last: Date, today: Date) -> Vec<Date> {
    let before = [7, 1, 0].map(|ahead: i64| due.saturating_sub(ahead.days()));
    before.into_iter().chain(late(last, today)).collect()
}

/// The days on which something that is late is called to mind, up to a day: the first, and every Monday, so that one mail
/// a week tells all that is late.
fn late(last: Date, today: Date) -> impl Iterator<Item = Date> {
    let first = last.saturating_add(1.days());
    let mondays = first.series(1.days()).filter(|day| day.weekday() == Weekday::Monday);
    std::iter::once(first).chain(mondays).take_while(move |day| *day <= today)
}

/// What waits for somebody.
pub(super) struct Line<'r> {
    pub(super) duty: &'r Duty,
    pub(super) row: &'r OccurrenceRow,
    /// Whether they are told because it is late, without being the ones to do it.
    pub(super) told: bool,
}

/// What waits for whoever holds these offices, the earliest first.
fn lines<'r>(pack: &'r Pack, waiting: &'r [OccurrenceRow], offices: &[String], today: &str) -> Vec<Line<'r>> {
    let lines = waiting.iter().filter(|row| row.state == OPEN).filter_map(|row| {
        let duty = pack.duties.iter().find(|duty| duty.id == row.duty && duty.check.is_none())?;
        let own = offices.contains(&row.office) || offices.contains(&row.deputy);
        let told = offices.contains(&duty.escalate) && row.last_day.as_str() < today;
        (own || told).then_some(Line { duty, row, told: !own })
    });
    lines.collect()
}

/// Whether one of the lines is to be called to mind after one day, up to another.
fn is_due(lines: &[Line<'_>], after: Date, today: Date) -> bool {
    lines.iter().any(|line| {
        let days = match (line.told, clock::parse_day(&line.row.last_day)) {
            (true, Some(last)) => late(last, today).collect(),
            _ => days(line.row, today),
        };
        days.into_iter().any(|day| after < day && day <= today)
    })
}

/// Who is to be reminded today.
async fn whom(connection: &mut sqlx::AnyConnection, pack: &Pack, time: &Clock) -> Result<Vec<PersonId>> {
    let today = time.today();
    let waiting = store::waiting(connection).await?;
    let last = store::last_reminders(connection).await?;
    let mut reached = store::reached_by_mail(connection, &today.to_string()).await?;
    let after = |person: &PersonId| {
        let last = last.get(person).and_then(|day| clock::parse_day(day));
        last.unwrap_or_else(|| today.saturating_sub(BACK.days()))
    };
    // Once a day is enough: nothing is looked for that today's reminder told already.
    reached.retain(|one| after(&one.person) < today);
    let waits = waits::find(connection, pack, time, &reached).await?;
    let mut people = Vec::new();
    for Reached { person, offices, .. } in reached {
        let own = lines(pack, &waiting, &offices, &today.to_string());
        let after = after(&person);
        let other = waits.get(&person).is_some_and(|own| own.iter().any(|thing| thing.is_due(after, today)));
        if other || is_due(&own, after, today) {
            people.push(person);
        }
    }
    Ok(people)
}

/// Decides whom to remind today.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Remind {}

impl Operation for Remind {
    const ACTION: Action = Action("remind");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    const DEADLINE: std::time::Duration = std::time::Duration::from_secs(5);
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let (pack, today, event) = (tx.rules().clone(), tx.today(), tx.event());
        let time = tx.clock();
        let people = whom(tx.connection(), &pack, &time).await?;
        if people.is_empty() {
            return Err(Error::conflict("nobody is to be reminded today"));
        }
        for person in &people {
            store::insert_reminder(tx.connection(), *person, &today.to_string(), event).await?;
        }
        let people: Vec<String> = people.iter().map(PersonId::to_string).collect();
        tx.note("people", people.join(" "));
        Ok(())
    }
}

/// Hands in what is not yet handed in; whether all of it was taken.
async fn hand_in(door: &Door, mailer: &Mailer, letter: &Letter) -> Result<bool> {
    let (pack, today) = (door.rules(), door.clock().today());
    let mut reader = door.database().reader().await?;
    let unsent = store::unsent_reminders(&mut reader).await?;
    if unsent.is_empty() {
        return Ok(true);
    }
    let waiting = store::waiting(&mut reader).await?;
    let mut reached = store::reached_by_mail(&mut reader, &today.to_string()).await?;
    reached.retain(|one| unsent.iter().any(|(person, _)| *person == one.person));
    let waits = waits::find(&mut reader, &pack, door.clock(), &reached).await?;
    drop(reader);
    let origin = door.log_key().name().replace('/', ".");
    let (mut all, day) = (true, today.to_string());
    for (person, newest) in unsent {
        let to = reached.iter().find(|reached| reached.person == person);
        let other = waits.get(&person).map(Vec::as_slice).unwrap_or_default();
        let to = to.map(|to| (&to.mail, lines(&pack, &waiting, &to.offices, &day)));
        let sent: Millis = match to.filter(|(_, own)| !own.is_empty() || !other.is_empty()) {
            // What was done meanwhile, or whoever is not here any more, is not called to mind.
            None => door.clock().now(),
            Some((mail, own)) => {
                let (subject, text) = letter.compose(&own, other, &day);
                match mailer.send(mail, &format!("duties.{person}.{newest}@{origin}"), &subject, text).await {
                    Ok(()) => door.clock().now(),
                    Err(error) => {
                        all = false;
                        tracing::warn!(%person, "a reminder was not taken by the mail server: {error}");
                        let old = clock::parse_day(&newest)
                            .is_none_or(|day| day.saturating_add(TRIED.days()) < today);
                        if !old {
                            continue;
                        }
                        -1
                    }
                }
            }
        };
        let kept = door.upkeep(move |connection| {
            Box::pin(async move { store::set_reminded(connection, person, &newest, sent).await })
        });
        kept.await?;
    }
    Ok(all)
}

/// What reminds people.
pub struct Reminder {
    mailer: Mailer,
    letter: Letter,
}

impl Reminder {
    /// By way of a mail server, with words for this time zone and links to this address.
    pub fn new(mailer: Mailer, time_zone: &str, address: &str) -> Self {
        Self { mailer, letter: Letter::new(time_zone, address) }
    }

    /// Reminds whoever is to be reminded today; whether the mail server took all of it.
    ///
    /// # Errors
    /// What cannot be decided or noted; a server that does not take a mail is no error.
    pub async fn remind(&self, door: &Door) -> Result<bool> {
        let now = door.clock().now();
        let hour = jiff::Timestamp::from_millisecond(now).map_err(Error::internal)?;
        let hour = door.clock().zone().to_datetime(hour).hour();
        if door.head().borrow().0 == 0 || hour < HOUR {
            return Ok(true);
        }
        let pack = door.rules();
        let whom = whom(&mut *door.database().reader().await?, &pack, door.clock()).await?;
        if !whom.is_empty() {
            door.pass(&Actor::system(), Remind {}, Options::default()).await?;
        }
        hand_in(door, &self.mailer, &self.letter).await
    }
}
