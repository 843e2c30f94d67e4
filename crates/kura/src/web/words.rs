//! The words of the pages, in Japanese and English, and how each language tells days, sizes and names.
//!
//! Words stand in `locales/`, typed: one that is missing in a language does not compile. What comes from a policy pack
//! (classes, clauses, reasons) says itself in both languages.

use std::ops::Deref;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::clock::Millis;
use crate::rules::may::Reason;
use crate::rules::pack::{Class, Pack, Rule};

#[expect(unused, clippy::all, reason = "made by build.rs from locales/, with what one program does not use")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

use generated::{L10n, L10nLanguage};

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// 日本語.
    Ja,
    /// English.
    En,
}

impl Language {
    /// Its code (BCP 47).
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The language with this code.
    pub(crate) fn with_code(code: &str) -> Option<Self> {
        match code {
            "ja" => Some(Self::Ja),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The one that an `Accept-Language` header (RFC 9110, section 12.5.4) prefers; Japanese where it prefers neither.
    pub(crate) fn accepted(header: &str) -> Self {
        let mut best = (0.0, Self::Ja);
        for range in header.split(',') {
            let (range, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = parameters.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse().ok());
            let primary = range.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            if let Some(language) = Self::with_code(&primary)
                && weight.unwrap_or(1.0) > best.0
            {
                best = (weight.unwrap_or(1.0), language);
            }
        }
        best.1
    }
}

/// The words of one language.
pub(crate) struct Words {
    language: Language,
    words: L10nLanguage,
    zone: TimeZone,
}

impl Deref for Words {
    type Target = L10nLanguage;

    fn deref(&self) -> &L10nLanguage {
        &self.words
    }
}

/// Both languages.
#[derive(Clone)]
pub(crate) struct Languages {
    ja: Arc<Words>,
    en: Arc<Words>,
}

impl Languages {
    /// Loads the words; days are told in this time zone, or in UTC when there is none of that name.
    pub(crate) fn load(zone: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let words = |language, words: L10nLanguage| Arc::new(Words { language, words, zone: zone.clone() });
        Self { ja: words(Language::Ja, L10n::Ja.load()), en: words(Language::En, L10n::En.load()) }
    }

    /// The words of a language.
    pub(crate) fn of(&self, language: Language) -> Arc<Words> {
        match language {
            Language::Ja => self.ja.clone(),
            Language::En => self.en.clone(),
        }
    }
}

const WEEKDAYS: [(&str, &str); 7] =
    [("月", "Mon"), ("火", "Tue"), ("水", "Wed"), ("木", "Thu"), ("金", "Fri"), ("土", "Sat"), ("日", "Sun")];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY: Millis = 24 * 60 * 60 * 1000;

/// How near a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nearness {
    /// Passed.
    Late,
    /// Within seven days.
    Soon,
    /// Later.
    Later,
}

impl Nearness {
    /// The class of style that shows it.
    pub(crate) fn style(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Later => "",
        }
    }

    /// The icon that shows it.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Late => "triangle-alert",
            Self::Soon => "hourglass",
            Self::Later => "calendar",
        }
    }
}

impl Words {
    /// The language's code.
    pub(crate) fn code(&self) -> &'static str {
        self.language.code()
    }

    /// The other language's code.
    pub(crate) fn other_code(&self) -> &'static str {
        match self.language {
            Language::Ja => Language::En.code(),
            Language::En => Language::Ja.code(),
        }
    }

    /// Whichever of two texts is in this language.
    pub(crate) fn either<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    fn local(&self, moment: &str) -> Option<Zoned> {
        moment.parse::<Timestamp>().ok().map(|moment| moment.to_zoned(self.zone.clone()))
    }

    /// A day from an RFC 3339 moment: 2026年11月23日（月）, Mon 23 Nov 2026.
    pub(crate) fn day(&self, moment: &str) -> String {
        let Some(local) = self.local(moment) else {
            return moment.to_owned();
        };
        let (ja, en) = WEEKDAYS[usize::from(local.weekday().to_monday_zero_offset().unsigned_abs()) % 7];
        let (year, month, day) = (local.year(), local.month(), local.day());
        match self.language {
            Language::Ja => format!("{year}年{month}月{day}日（{ja}）"),
            Language::En => {
                let month = MONTHS[usize::from(month.unsigned_abs() - 1) % 12];
                format!("{en} {day} {month} {year}")
            }
        }
    }

    /// A moment's day as tables hold it (2026-11-23); what is no moment stays as it is.
    pub(crate) fn plain_day(&self, moment: &str) -> String {
        self.local(moment).map_or_else(|| moment.to_owned(), |local| local.date().to_string())
    }

    /// A day as the register keeps those of the firm (2026-11-23), in the same words; what is none stays as it is.
    pub(crate) fn date(&self, day: &str) -> String {
        match crate::clock::parse_day(day).map(|day| day.to_zoned(self.zone.clone())) {
            Some(Ok(midday)) => self.day(&midday.timestamp().to_string()),
            _ => day.to_owned(),
        }
    }

    /// A month (2026-11) in words; what is none stays as it is.
    pub(crate) fn month(&self, month: &str) -> String {
        let Some(day) = crate::clock::parse_day(&format!("{month}-01")) else {
            return month.to_owned();
        };
        match self.language {
            Language::Ja => format!("{}年{}月", day.year(), day.month()),
            Language::En => {
                format!("{} {}", MONTHS[usize::from(day.month().unsigned_abs() - 1) % 12], day.year())
            }
        }
    }

    /// A day with its time from an RFC 3339 moment.
    pub(crate) fn moment(&self, moment: &str) -> String {
        match self.local(moment) {
            Some(local) => format!("{} {:02}:{:02}", self.day(moment), local.hour(), local.minute()),
            None => moment.to_owned(),
        }
    }

    /// How near a moment is, seen from now.
    pub(crate) fn nearness(&self, moment: &str, now: Millis) -> Nearness {
        match self.days_from(moment, now) {
            Some(days) if days < 0 => Nearness::Late,
            Some(days) if days <= 7 => Nearness::Soon,
            _ => Nearness::Later,
        }
    }

    fn days_from(&self, moment: &str, now: Millis) -> Option<i64> {
        let then = moment.parse::<Timestamp>().ok()?.as_millisecond();
        Some((then - now).div_euclid(DAY))
    }

    /// A moment seen from now: in 3 days, 2 days overdue.
    pub(crate) fn until(&self, moment: &str, now: Millis) -> String {
        match self.days_from(moment, now) {
            Some(0) => self.words.due_today(),
            Some(days) if days < 0 => self.words.overdue(-days),
            Some(days) => self.words.in_days(days),
            None => moment.to_owned(),
        }
    }

    /// A moment that has passed, seen from now: 5 minutes ago.
    pub(crate) fn ago(&self, moment: &str, now: Millis) -> String {
        let Ok(then) = moment.parse::<Timestamp>() else {
            return moment.to_owned();
        };
        let minutes = (now - then.as_millisecond()).max(0) / 60_000;
        match minutes {
            0 => self.words.just_now(),
            1..60 => self.words.minutes_ago(minutes),
            60..1440 => self.words.hours_ago(minutes / 60),
            _ => self.words.days_ago(minutes / 1440),
        }
    }

    /// A length in bytes, in MB.
    pub(crate) fn size(&self, bytes: i64) -> String {
        match bytes {
            0..1_000 => format!("{bytes} B"),
            1_000..1_000_000 => format!("{:.0} KB", bytes as f64 / 1e3),
            1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
            _ => format!("{:.2} GB", bytes as f64 / 1e9),
        }
    }

    /// A number with its thousands apart.
    pub(crate) fn number(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if number < 0 { format!("−{text}") } else { text }
    }

    /// A class's name.
    pub(crate) fn class<'c>(&self, class: &'c Class) -> &'c str {
        self.either(&class.ja, &class.en)
    }

    /// The pack's classes to choose from, the highest first.
    pub(crate) fn classes(&self, pack: &Pack) -> Vec<(String, String)> {
        pack.classes.iter().rev().map(|class| (class.id.clone(), self.class(class).to_owned())).collect()
    }

    /// The clauses of a pack: ids and titles.
    pub(crate) fn clauses(&self, pack: &Pack) -> Vec<(String, String)> {
        let titled = |id: &String| (id.clone(), self.clause_title(pack, id));
        pack.clauses.iter().map(|clause| titled(&clause.id)).collect()
    }

    /// A clause with its title.
    pub(crate) fn clause_title(&self, pack: &Pack, id: &str) -> String {
        match pack.clauses.iter().find(|clause| clause.id == id) {
            Some(clause) => self.either(&clause.ja, &clause.en).to_owned(),
            None => id.to_owned(),
        }
    }

    /// Where the lesson that teaches a rule is read, and what it is called.
    pub(crate) fn lesson(&self, pack: &Pack, rule: &Rule) -> Option<(String, String)> {
        let (course, lesson) = rule.lesson.as_deref()?.split_once('/')?;
        let part = pack.courses.course(course)?.text(self.code() == "ja").clause(lesson)?;
        Some((format!("/training/{course}#{lesson}"), self.words.read_the_lesson(part.heading.as_str())))
    }

    /// Why a rule refuses.
    pub(crate) fn why<'r>(&self, reason: &'r Reason) -> &'r str {
        self.either(&reason.ja, &reason.en)
    }

    /// Why a rule refuses.
    pub(crate) fn rule<'r>(&self, rule: &'r Rule) -> &'r str {
        self.either(&rule.reason_ja, &rule.reason_en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_in_the_zone_and_the_language() {
        let languages = Languages::load("Asia/Tokyo");
        let (ja, en) = (languages.of(Language::Ja), languages.of(Language::En));
        assert_eq!(ja.day("2026-11-22T15:00:00Z"), "2026年11月23日（月）");
        assert_eq!(en.day("2026-11-22T15:00:00Z"), "Mon 23 Nov 2026");
        assert_eq!(
            (ja.date("2026-11-23"), en.date("x")),
            ("2026年11月23日（月）".to_owned(), "x".to_owned())
        );
        assert_eq!(en.moment("2026-12-31T20:05:09Z"), "Fri 1 Jan 2027 05:05");
        let now = 1_795_510_800_000; // 2026-11-24 09:00 UTC.
        assert_eq!(en.nearness("2026-11-24T08:59:59Z", now), Nearness::Late);
        assert_eq!(en.nearness("2026-12-01T09:00:00Z", now), Nearness::Soon);
        assert_eq!(en.until("2026-12-04T09:00:00Z", now), "in 10 days");
        assert_eq!(ja.until("2026-11-22T08:00:00Z", now), "3日超過");
        assert_eq!(ja.number(1_234_567), "1,234,567");
        assert_eq!(en.size(1_234_567), "1.2 MB");
    }

    /// Several values of one message are easily given one for the other.
    #[test]
    fn figures_are_told_with_what_they_are_of() {
        let languages = Languages::load("Asia/Tokyo");
        let (ja, en) = (languages.of(Language::Ja), languages.of(Language::En));
        assert_eq!(
            ja.check_found("copies_bad", "400", "3"),
            "手元にある複製400件のうち、期限を過ぎたもの3件"
        );
        assert_eq!(ja.findings_on(1, 3), "指摘事項 3件（期限超過 1件）");
        assert_eq!(en.findings_on(0, 1), "1 finding");
        assert_eq!(en.trained_of("10", "3"), "3 of 10 have completed every course asked of them");
        assert_eq!(en.acknowledged_of("10", "3"), "3 of 10 have acknowledged it");
        assert_eq!(en.found_of("10", "3"), "3 of 10 call for something to be done");
    }

    #[test]
    fn the_preferred_language_is_taken() {
        for (header, language) in [
            ("", Language::Ja),
            ("fr", Language::Ja),
            ("en-GB,en;q=0.9", Language::En),
            ("ja,en;q=0.9", Language::Ja),
            ("en;q=0.4, ja;q=0.8", Language::Ja),
            ("fr, en;q=0.1", Language::En),
            ("en;q=nonsense", Language::En),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
