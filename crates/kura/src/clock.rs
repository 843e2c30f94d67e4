//! Where time comes from. Nothing else in the program asks the system for it.
//!
//! The time handed out never runs back: when the system's clock is set back, it stands still until the
//! clock has caught up. A clock that jumps ahead is noticed at start (`kura doctor` says what to do).
//! Which day it is depends on where the firm is: the clock knows the firm's time zone.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::error::{Error, Result};

/// A moment, in milliseconds since 1970 UTC.
pub type Millis = i64;

/// A clock that never runs back.
#[derive(Clone)]
pub struct Clock {
    /// What tests set; `i64::MIN` means the system's clock.
    set: Arc<AtomicI64>,
    latest: Arc<AtomicI64>,
    zone: TimeZone,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self {
            set: Arc::new(AtomicI64::new(i64::MIN)),
            latest: Arc::new(AtomicI64::new(0)),
            zone: TimeZone::UTC,
        }
    }

    /// The same clock, where the firm is.
    pub fn in_zone(self, zone: TimeZone) -> Self {
        Self { zone, ..self }
    }

    /// The firm's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// A clock that stands where it is set.
    pub fn at(millis: Millis) -> Self {
        let clock = Self::system();
        clock.set(millis);
        clock
    }

    /// Sets a clock made by [`Clock::at`], forward or back.
    pub fn set(&self, millis: Millis) {
        self.set.store(millis, Ordering::Relaxed);
    }

    /// Makes the clock start no earlier than a moment that is already on record.
    pub fn not_before(&self, millis: Millis) {
        self.latest.fetch_max(millis, Ordering::Relaxed);
    }

    /// What the system says, whatever was handed out before.
    pub fn raw(&self) -> Millis {
        match self.set.load(Ordering::Relaxed) {
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            i64::MIN => Timestamp::now().as_millisecond(),
            set => set,
        }
    }

    /// The time now.
    pub fn now(&self) -> Millis {
        let raw = self.raw();
        self.latest.fetch_max(raw, Ordering::Relaxed).max(raw)
    }

    /// The day that a moment falls on where the firm is.
    pub fn day(&self, moment: Millis) -> Date {
        day_in(&self.zone, moment)
    }

    /// The day today, where the firm is.
    pub fn today(&self) -> Date {
        self.day(self.now())
    }
}

/// The day that a moment falls on in a time zone.
pub fn day_in(zone: &TimeZone, moment: Millis) -> Date {
    let moment = Timestamp::from_millisecond(moment).unwrap_or(if moment < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    });
    zone.to_datetime(moment).date()
}

/// The month of a day: 2026-11.
pub(crate) fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The moment at which a day begins in a time zone.
pub(crate) fn begins_in(zone: &TimeZone, day: Date) -> Millis {
    let begins = zone.to_zoned(day.to_datetime(jiff::civil::Time::midnight()));
    begins.map_or(i64::MAX, |begins| begins.timestamp().as_millisecond())
}

/// The last second of a day in a time zone; none for a day with which the calendar ends.
pub(crate) fn ends_in(zone: &TimeZone, day: Date) -> Option<Millis> {
    let next = day.checked_add(jiff::Span::new().days(1)).ok()?;
    let begins = zone.to_zoned(next.to_datetime(jiff::civil::Time::midnight())).ok()?;
    Some(begins.timestamp().as_millisecond() - 1000)
}

/// Reads a day such as 2027-04-01.
pub fn parse_day(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// A moment as RFC 3339 in UTC, to the second.
pub fn rfc3339(millis: Millis) -> String {
    Timestamp::from_second(millis.div_euclid(1000)).map_or_else(|_| "?".to_owned(), |time| time.to_string())
}

/// A moment as RFC 3339; nothing for one that has not come, which is kept as 0.
pub(crate) fn told(millis: Millis) -> String {
    if millis == 0 { String::new() } else { rfc3339(millis) }
}

/// The day that somebody gives for a field; another one when they give none.
///
/// # Errors
/// What is no day.
pub(crate) fn given_day(field: &'static str, given: Option<&str>, otherwise: Date) -> Result<Date> {
    match given {
        None => Ok(otherwise),
        Some(text) => parse_day(text).ok_or_else(|| Error::invalid(field, "a day looks like 2027-03-31")),
    }
}

/// The day by which something is to be done, that somebody gives for a field; another one when they give none.
///
/// # Errors
/// What is no day, a day that has passed, and one more than a year ahead.
pub(crate) fn day_ahead(
    field: &'static str,
    given: Option<&str>,
    otherwise: Date,
    today: Date,
) -> Result<Date> {
    let day = given_day(field, given, otherwise)?;
    if day < today || day > today.saturating_add(366.days()) {
        return Err(Error::invalid(field, "a day from today on, within a year"));
    }
    Ok(day)
}

/// The day on which something was done, that somebody gives for a field; today when they give none.
///
/// # Errors
/// What is no day, and a day that has not come.
pub(crate) fn day_come(field: &'static str, given: Option<&str>, today: Date) -> Result<Date> {
    let day = given_day(field, given, today)?;
    if day > today {
        return Err(Error::invalid(field, "the day has not come yet"));
    }
    Ok(day)
}

/// Reads an RFC 3339 moment.
pub fn parse_moment(text: &str) -> Option<Millis> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_runs_back() {
        let clock = Clock::at(5_000);
        assert_eq!(clock.now(), 5_000);
        clock.set(1_000);
        assert_eq!((clock.now(), clock.raw()), (5_000, 1_000));
        clock.set(6_000);
        assert_eq!(clock.now(), 6_000);
        clock.not_before(9_000);
        assert_eq!(clock.now(), 9_000);
    }

    #[test]
    fn the_day_is_the_firms() {
        let clock = Clock::at(15 * 60 * 60 * 1000);
        assert_eq!(clock.today().to_string(), "1970-01-01");
        let tokyo = clock.in_zone(TimeZone::get("Asia/Tokyo").unwrap());
        assert_eq!(tokyo.today().to_string(), "1970-01-02");
        assert_eq!(day_in(tokyo.zone(), i64::MAX).year(), 9999);
        let day = jiff::civil::date(1970, 1, 2);
        assert_eq!(begins_in(tokyo.zone(), day), 15 * 60 * 60 * 1000);
        assert_eq!(parse_day("2027-02-28").map(|day| day.to_string()).as_deref(), Some("2027-02-28"));
        assert_eq!(
            (parse_day("2027-02-29"), parse_day("2027-2-28"), parse_day("2027-04-01T00:00")),
            (None, None, None)
        );
    }

    #[test]
    fn moments_are_read_and_written() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(parse_moment("1970-01-01T00:00:01Z"), Some(1_000));
        assert_eq!(parse_moment("1970-01-01"), None);
        assert_eq!(parse_moment("tomorrow"), None);
    }
}
