//! Where time comes from. Nothing else in the program asks the system for it.
//!
//! The time handed out never runs back: when the system's clock is set back, it stands still until the
//! clock has caught up. A clock that jumps ahead is noticed at start (`kura doctor` says what to do).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// A moment, in milliseconds since 1970 UTC.
pub type Millis = i64;

/// A clock that never runs back.
#[derive(Clone)]
pub struct Clock {
    /// What tests set; `i64::MIN` means the system's clock.
    set: Arc<AtomicI64>,
    latest: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self { set: Arc::new(AtomicI64::new(i64::MIN)), latest: Arc::new(AtomicI64::new(0)) }
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
}

/// A moment as RFC 3339 in UTC, to the second.
pub fn rfc3339(millis: Millis) -> String {
    Timestamp::from_second(millis.div_euclid(1000)).map_or_else(|_| "?".to_owned(), |time| time.to_string())
}

/// Reads a date (`2026-11-23`, the end of that day in UTC) or an RFC 3339 moment.
pub fn parse_moment(text: &str) -> Option<Millis> {
    if let Ok(date) = text.parse::<jiff::civil::Date>() {
        let end = date.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        return Some(end.timestamp().as_millisecond());
    }
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
    fn moments_are_read_and_written() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(parse_moment("1970-01-01T00:00:01Z"), Some(1_000));
        assert_eq!(parse_moment("1970-01-01"), Some(86_399_000));
        assert_eq!(parse_moment("tomorrow"), None);
    }
}
