//! 義務: the duties of a pack, and when each is due.
//!
//! When a duty is due is fixed by its rule and by nothing else: not by when somebody looked, nor by the clock's jumps. A
//! day is a calendar day where the firm is. The day that the rule names stays on record; a day on which nobody works
//! moves what is due to a working day beside it.

use std::collections::BTreeSet;

use cedar_policy::Schema;
use chrono::TimeZone as _;
use jiff::civil::Date;
use jiff::{Span, ToSpan as _, Unit};
use jpholiday::jpholiday::JPHoliday;
use rrule::{Frequency, RRule, Tz, Unvalidated};
use serde::{Deserialize, Serialize};

use super::documents::line;
use super::pack::{Files, PackError};

/// The list of duties.
pub(super) const LIST: &str = "duties.toml";
/// Offices and bodies that duties may belong to.
pub(super) const OFFICES: [&str; 9] = [
    "representative_director",
    "csr_committee",
    "risk_management_subcommittee",
    "chief_system_administrator",
    "system_administrator",
    "network_administrator",
    "self_managed_domain_administrator",
    "auditor",
    "report_handler",
];
/// Years in which a rule must name a day for it to be one.
const LOOKED_AT: i16 = 30;

/// What becomes of a day on which nobody works.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moves {
    /// It is the day all the same.
    #[default]
    Stays,
    /// The next day on which people work.
    Next,
    /// The last day before on which people work.
    Previous,
}

/// Where evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The program itself found it.
    System,
    /// Somebody else saw it.
    Witnessed,
    /// Whoever did it says so.
    Declared,
}

impl Source {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Witnessed => "witnessed",
            Self::Declared => "declared",
        }
    }
}

/// What the program finds out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The whole ledger is computed again.
    Ledger,
    /// The newest backup is looked at.
    Backups,
    /// The rules in force are proved again.
    Proofs,
    /// Held material whose custodian cannot act.
    Custodians,
    /// Copies past their time limit.
    Copies,
    /// People who have not acknowledged the version in force.
    Acknowledgements,
    /// People who lack a course that is for them.
    Training,
    /// Findings past their day.
    Findings,
    /// People who have not inspected themselves this quarter.
    SelfInspections,
    /// Cases in which somebody was not told in time.
    Leaks,
}

impl Check {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ledger => "ledger",
            Self::Backups => "backups",
            Self::Proofs => "proofs",
            Self::Custodians => "custodians",
            Self::Copies => "copies",
            Self::Acknowledgements => "acknowledgements",
            Self::Training => "training",
            Self::Findings => "findings",
            Self::SelfInspections => "self_inspections",
            Self::Leaks => "leaks",
        }
    }
}

/// When a duty is due.
#[derive(Debug, Clone)]
pub enum Cadence {
    /// On days that a rule of RFC 5545 names.
    Calendar(Box<Calendar>),
    /// A span after it was done the last time.
    AfterLast(Span),
    /// Some days after an operation.
    On {
        /// The operation.
        operation: String,
        /// Days.
        within: i64,
    },
}

/// A rule of RFC 5545 that names days.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The rule as it is written.
    pub rule: String,
    /// The first day that it may name.
    from: Date,
    read: RRule<Unvalidated>,
}

/// 義務: a duty.
#[derive(Debug, Clone)]
pub struct Duty {
    /// Its id.
    pub id: String,
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
    /// The office that stands in.
    pub deputy: Option<String>,
    /// When it is due.
    pub cadence: Cadence,
    /// What becomes of a day on which nobody works.
    pub moves: Moves,
    /// Days after which it is late.
    pub grace_days: i64,
    /// Where its evidence comes from.
    pub evidence: Source,
    /// What the program does for it.
    pub check: Option<Check>,
    /// Who is told when it is late.
    pub escalate: String,
    closed: BTreeSet<(i8, i8)>,
    written: Entry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    closed: Vec<String>,
    #[serde(default)]
    duty: Vec<toml::Spanned<Entry>>,
}

/// A duty as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    clause: String,
    ja: String,
    en: String,
    how_ja: String,
    how_en: String,
    office: String,
    #[serde(default)]
    deputy: Option<String>,
    #[serde(default)]
    calendar: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    after_last: Option<String>,
    #[serde(default)]
    on: Option<String>,
    #[serde(default)]
    within_days: Option<i64>,
    #[serde(default)]
    holidays: Moves,
    #[serde(default)]
    grace_days: i64,
    evidence: Source,
    #[serde(default)]
    check: Option<Check>,
    escalate: String,
}

/// Reads and checks the duties of a pack; none when it has no list of them.
pub(super) fn load(files: &Files, clauses: &BTreeSet<&str>, schema: &Schema) -> Result<Vec<Duty>, PackError> {
    let Some(source) = files.get(LIST) else {
        return Ok(vec![]);
    };
    let fault = |what: String| PackError { file: LIST.to_owned(), what };
    let list: List = toml::from_str(source).map_err(|error| fault(error.to_string()))?;
    let mut closed = BTreeSet::new();
    for text in &list.closed {
        // A leap year holds every day that there is.
        let day = crate::clock::parse_day(&format!("2024-{text}"));
        let day = day.ok_or_else(|| fault(format!("closed: {text:?}: write month and day, as 12-29")))?;
        closed.insert((day.month(), day.day()));
    }
    let mut duties: Vec<Duty> = Vec::new();
    for entry in list.duty {
        let line = line(source, entry.span().start);
        let entry = entry.into_inner();
        let named = format!("line {line}: duty {}", entry.id);
        let fault = |what: String| fault(format!("{named}: {what}"));
        if duties.iter().any(|other| other.id == entry.id) {
            return Err(fault("another one has this id".to_owned()));
        }
        if !clauses.contains(entry.clause.as_str()) {
            return Err(fault(format!("the clause {:?} does not exist", entry.clause)));
        }
        let offices = [Some(&entry.office), entry.deputy.as_ref(), Some(&entry.escalate)];
        if let Some(office) = offices.into_iter().flatten().find(|office| !OFFICES.contains(&office.as_str()))
        {
            return Err(fault(format!("{office:?} is no office; name one of {}", OFFICES.join(", "))));
        }
        if entry.deputy.as_ref() == Some(&entry.office) {
            return Err(fault("an office is not its own deputy".to_owned()));
        }
        if (entry.evidence == Source::System) != entry.check.is_some() {
            return Err(fault(
                "`check` says what the program finds out; it goes with evidence = \"system\" and nothing else"
                    .to_owned(),
            ));
        }
        if !(0..=366).contains(&entry.grace_days) {
            return Err(fault("grace_days is 0 to 366".to_owned()));
        }
        duties.push(Duty {
            cadence: cadence(&entry, schema).map_err(fault)?,
            written: entry.clone(),
            id: entry.id,
            clause: entry.clause,
            ja: entry.ja,
            en: entry.en,
            how_ja: entry.how_ja,
            how_en: entry.how_en,
            office: entry.office,
            deputy: entry.deputy,
            moves: entry.holidays,
            grace_days: entry.grace_days,
            evidence: entry.evidence,
            check: entry.check,
            escalate: entry.escalate,
            closed: closed.clone(),
        });
    }
    Ok(duties)
}

fn cadence(entry: &Entry, schema: &Schema) -> Result<Cadence, String> {
    match (&entry.calendar, &entry.from, &entry.after_last, &entry.on, entry.within_days) {
        (Some(rule), Some(from), None, None, None) => {
            let from = crate::clock::parse_day(from)
                .ok_or_else(|| format!("from: {from:?}: a day looks like 2026-04-01"))?;
            Ok(Cadence::Calendar(Box::new(Calendar::read(rule, from)?)))
        }
        (None, None, Some(span), None, None) => {
            let read: Span = span.parse().map_err(|_| {
                format!("after_last: {span:?}: a span looks like P3M, P1Y or P14D (ISO 8601)")
            })?;
            let anchor = jiff::civil::date(2024, 1, 31);
            if !anchor.checked_add(read).is_ok_and(|next| next > anchor) {
                return Err(format!("after_last: {span:?}: a day at least"));
            }
            Ok(Cadence::AfterLast(read))
        }
        (None, None, None, Some(operation), Some(within)) => {
            if !schema.actions().any(|action| action.id().unescaped() == operation) {
                return Err(format!("on: there is no operation {operation:?}"));
            }
            if !(0..=366).contains(&within) {
                return Err("within_days is 0 to 366".to_owned());
            }
            Ok(Cadence::On { operation: operation.clone(), within })
        }
        _ => Err("say when it is due: `calendar` with `from`, or `after_last`, or `on` with `within_days`"
            .to_owned()),
    }
}

impl Calendar {
    /// Reads a rule that names days from one of them on.
    fn read(rule: &str, from: Date) -> Result<Self, String> {
        let told = |error: rrule::RRuleError| format!("calendar: {rule:?}: {error}");
        let read: RRule<Unvalidated> = rule.parse().map_err(told)?;
        if [Frequency::Hourly, Frequency::Minutely, Frequency::Secondly].contains(&read.get_freq()) {
            return Err(format!("calendar: {rule:?}: a duty is due on days, FREQ=DAILY at most"));
        }
        if read.get_count().is_some() || read.get_until().is_some() {
            return Err(format!(
                "calendar: {rule:?}: a duty does not end by itself; leave COUNT and UNTIL out"
            ));
        }
        let calendar = Self { rule: rule.to_owned(), from, read };
        let set = calendar.read.clone().build(moment(from)).map_err(told)?;
        let last = from.saturating_add(i64::from(LOOKED_AT).years());
        if set.before(moment(last)).all(1).dates.is_empty() {
            return Err(format!("calendar: {rule:?}: it never names a day; correct it"));
        }
        Ok(calendar)
    }

    /// The day from which the rule is counted for what comes after a day: the first one moved on by whole rounds, so that
    /// a rule of years ago is not counted through from its beginning.
    fn start(&self, after: Date) -> Date {
        let every = i64::from(self.read.get_interval()).max(1);
        let unit = match self.read.get_freq() {
            Frequency::Daily => Unit::Day,
            Frequency::Weekly => Unit::Week,
            Frequency::Monthly => Unit::Month,
            _ => Unit::Year,
        };
        // A day that not every month has would move when it is counted in months.
        if [Unit::Month, Unit::Year].contains(&unit) && self.from.day() > 28 {
            return self.from;
        }
        let passed = self.from.until((unit, after)).unwrap_or_default();
        let (passed, step) = match unit {
            Unit::Day => (i64::from(passed.get_days()), every.days()),
            Unit::Week => (i64::from(passed.get_weeks()), every.weeks()),
            Unit::Month => (i64::from(passed.get_months()), every.months()),
            _ => (i64::from(passed.get_years()), every.years()),
        };
        let rounds = (passed / every - 1).max(0);
        step.checked_mul(rounds).ok().and_then(|on| self.from.checked_add(on).ok()).unwrap_or(self.from)
    }

    /// The days that the rule names after a day, in their order: up to and with another, and so many at most.
    fn days(&self, after: Date, until: Date, most: usize) -> Vec<Date> {
        let Ok(set) = self.read.clone().build(moment(self.start(after))) else {
            return vec![];
        };
        let named = (&set).into_iter().map_while(|moment| date(&moment)).take_while(|day| *day <= until);
        named.filter(|day| *day > after && *day >= self.from).take(most).collect()
    }
}

/// A day's beginning, as the reader of rules counts; days have no zone here.
fn moment(day: Date) -> chrono::DateTime<Tz> {
    let (year, month, day) = (i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs());
    let moment = Tz::UTC.with_ymd_and_hms(year, u32::from(month), u32::from(day), 0, 0, 0);
    moment.single().unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC.with_timezone(&Tz::UTC))
}

fn date(moment: &chrono::DateTime<Tz>) -> Option<Date> {
    use chrono::Datelike as _;
    let small = |number: u32| i8::try_from(number).ok();
    Date::new(i16::try_from(moment.year()).ok()?, small(moment.month())?, small(moment.day())?).ok()
}

impl Duty {
    /// When it is due, as it is written: another rule counts anew.
    pub fn rule(&self) -> String {
        match &self.cadence {
            Cadence::Calendar(calendar) => format!("{} from {}", calendar.rule, calendar.from),
            Cadence::AfterLast(span) => span.to_string(),
            Cadence::On { operation, within } => format!("{operation} within {within}"),
        }
    }

    /// Whether two versions of a duty are written alike.
    pub fn is_same(&self, other: &Self) -> bool {
        self.written == other.written && self.closed == other.closed
    }

    /// The days that a calendar's rule names after one day, up to and with another, in their order. Nothing for a duty
    /// that is not due by the calendar.
    pub fn days(&self, after: Date, until: Date) -> Vec<Date> {
        match &self.cadence {
            Cadence::Calendar(calendar) if until > after => calendar.days(after, until, usize::MAX),
            _ => vec![],
        }
    }

    /// A calendar's rule (RFC 5545) with the first day that it names, from which it counts.
    pub fn series(&self) -> Option<(Date, &str)> {
        let Cadence::Calendar(calendar) = &self.cadence else { return None };
        let first = self.next_day(calendar.from.yesterday().ok()?)?;
        Some((first, &calendar.rule))
    }

    /// The next day that a calendar's rule names after one day.
    pub fn next_day(&self, after: Date) -> Option<Date> {
        match &self.cadence {
            Cadence::Calendar(calendar) => {
                let last = after.saturating_add(i64::from(LOOKED_AT).years());
                calendar.days(after, last, 1).into_iter().next()
            }
            _ => None,
        }
    }

    /// The day on which it is due that the rule names: the same, or a working day beside it.
    pub fn due_on(&self, scheduled: Date) -> Date {
        let step = match self.moves {
            Moves::Stays => return scheduled,
            Moves::Next => 1,
            Moves::Previous => -1,
        };
        let mut day = scheduled;
        while !self.is_working_day(day) {
            match day.checked_add(step.days()) {
                Ok(other) => day = other,
                Err(_) => return scheduled,
            }
        }
        day
    }

    /// The last day on which it is not late.
    pub fn last_day(&self, due: Date) -> Date {
        due.saturating_add(self.grace_days.days())
    }

    /// Whether people work on a day: no Saturday, Sunday or holiday of Japan, nor a day on which the firm is closed.
    fn is_working_day(&self, day: Date) -> bool {
        use jiff::civil::Weekday;
        let weekend = [Weekday::Saturday, Weekday::Sunday].contains(&day.weekday());
        !weekend && !self.closed.contains(&(day.month(), day.day())) && !is_holiday(day)
    }
}

/// Whether a day is a holiday of Japan (国民の祝日に関する法律), the days in lieu among them.
pub fn is_holiday(day: Date) -> bool {
    let (year, month, day) = (i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs());
    chrono::NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))
        .is_some_and(|day| JPHoliday::new().is_holiday(&day))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::rules::pack::{Pack, model};

    fn broken(from: &str, to: &str) -> String {
        let mut files = model();
        let text = files.get_mut(LIST).unwrap();
        assert!(text.contains(from), "{from}");
        *text = text.replacen(from, to, 1);
        Pack::load(&files).unwrap_err().to_string()
    }

    fn duty(id: &str) -> Duty {
        let pack = Pack::load(&model()).unwrap();
        pack.duties.into_iter().find(|duty| duty.id == id).unwrap()
    }

    #[test]
    fn the_model_policy_is_upheld_clause_by_clause() {
        let pack = Pack::load(&model()).unwrap();
        assert_eq!(pack.not_upheld(), Vec::<String>::new());
        let mut files = model();
        let text = files.get_mut(LIST).unwrap();
        *text = text.replace("clause = \"suppl\"", "clause = \"basic-3\"");
        let open = Pack::load(&files).unwrap().not_upheld();
        assert!(open.len() == 1 && open[0].contains("suppl (Supplementary"), "{open:?}");
    }

    /// Each clause is upheld, and is not once every rule and duty of it stands with another.
    #[test]
    fn every_clause_is_upheld_by_its_own_rules_and_duties() {
        for clause in Pack::load(&model()).unwrap().clauses {
            let other = if clause.id == "std-1" { "std-4-1" } else { "std-1" };
            let mut files = model();
            for (name, text) in &mut files {
                if name == LIST {
                    *text = text
                        .replace(&format!("clause = \"{}\"", clause.id), &format!("clause = \"{other}\""));
                } else if name.starts_with("rules/") {
                    *text = text
                        .replace(&format!("@clause(\"{}\")", clause.id), &format!("@clause(\"{other}\")"));
                }
            }
            let open = Pack::load(&files).unwrap().not_upheld();
            assert!(open.len() == 1 && open[0].contains(&clause.id), "{}: {open:?}", clause.id);
        }
    }

    #[test]
    fn a_bad_duty_is_refused_with_its_line_and_what_to_do() {
        let told = broken("clause = \"basic-1c\"", "clause = \"basic-9\"");
        assert!(told.contains("line 16: duty ledger-verified") && told.contains("does not exist"), "{told}");
        assert!(broken("office = \"auditor\"\n", "").contains("missing field `office`"));
        assert!(broken("office = \"auditor\"", "office = \"cook\"").contains("no office"));
        assert!(broken("FREQ=DAILY", "FREQ=HOURLY").contains("due on days"));
        assert!(broken("FREQ=DAILY", "FREQ=DAILY;COUNT=3").contains("does not end by itself"));
        assert!(broken("FREQ=DAILY", "FREQ=OFTEN").contains("calendar"));
        assert!(broken("FREQ=DAILY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").contains("never names a day"));
        assert!(broken("after_last = \"P1Y\"", "after_last = \"P0D\"").contains("a day at least"));
        assert!(broken("after_last = \"P1Y\"", "after_last = \"yearly\"").contains("ISO 8601"));
        assert!(broken("on = \"leave\"", "on = \"laugh\"").contains("no operation"));
        assert!(broken("within_days = 7\n", "").contains("say when it is due"));
        assert!(broken("check = \"ledger\"\n", "").contains("`check`"));
        assert!(broken("id = \"awareness\"", "id = \"ledger-verified\"").contains("another one"));
        assert!(broken("\"12-29\"", "\"12-32\"").contains("month and day"));
        assert!(broken("grace_days = 1\n", "grace_days = -1\n").contains("0 to 366"));
    }

    #[test]
    fn a_calendar_names_days_and_none_twice() {
        let daily = duty("ledger-verified");
        let days = daily.days(date(2028, 2, 27), date(2028, 3, 1));
        assert_eq!(days, [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]);
        assert_eq!(daily.days(date(2028, 3, 1), date(2028, 3, 1)), []);
        assert_eq!(daily.days(date(2020, 1, 1), date(2026, 4, 2)), [date(2026, 4, 1), date(2026, 4, 2)]);
        assert_eq!(daily.next_day(date(2027, 12, 31)), Some(date(2028, 1, 1)));
        let weekly = duty("custodians-able");
        assert_eq!(weekly.next_day(date(2026, 12, 28)), Some(date(2027, 1, 4)));
        assert_eq!(duty("restore-tested").next_day(date(2026, 12, 28)), None);
    }

    /// Counted from near by, a rule names the days that it names counted from its beginning.
    #[test]
    fn a_rule_of_years_ago_names_the_same_days() {
        for (rule, from) in [
            ("FREQ=DAILY;INTERVAL=3", "2026-04-01"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-04-01"),
            ("FREQ=WEEKLY", "2026-04-05"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-04-01"),
            ("FREQ=MONTHLY;INTERVAL=5", "2026-04-28"),
            ("FREQ=MONTHLY", "2026-01-31"),
            ("FREQ=MONTHLY;INTERVAL=3;BYDAY=2TH", "2026-04-09"),
            ("FREQ=YEARLY;INTERVAL=2;BYMONTH=3,9;BYMONTHDAY=20", "2026-04-01"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-04-01"),
            ("FREQ=YEARLY", "2028-02-29"),
        ] {
            let calendar = Calendar::read(rule, from.parse().unwrap()).unwrap();
            let set = calendar.read.clone().build(moment(calendar.from)).unwrap();
            let end = date(2046, 1, 1);
            let all: Vec<Date> = (&set)
                .into_iter()
                .map_while(|moment| super::date(&moment))
                .take_while(|day| *day <= end)
                .collect();
            assert!(all.len() > 3, "{rule}");
            let mut after = date(2026, 1, 1);
            while after < end {
                let named = calendar.days(after, end, 2);
                let expected: Vec<Date> = all.iter().copied().filter(|day| *day > after).take(2).collect();
                assert_eq!(named, expected, "{rule} after {after}");
                after = after.saturating_add(17.days());
            }
        }
    }

    #[test]
    fn what_falls_on_a_holiday_moves() {
        let next = duty("rights-reviewed");
        // The 10th of May 2026 is a Sunday.
        assert_eq!(next.due_on(date(2026, 5, 10)), date(2026, 5, 11));
        // From the year's end over the firm's days, New Year's Day and a weekend.
        assert_eq!(next.due_on(date(2026, 12, 29)), date(2027, 1, 4));
        let previous = duty("violations-reviewed");
        // The 20th of September 2026 is the Sunday of a week with four holidays behind it.
        assert_eq!(previous.due_on(date(2026, 9, 20)), date(2026, 9, 18));
        assert_eq!(next.due_on(date(2026, 9, 19)), date(2026, 9, 24));
        assert_eq!(duty("ledger-verified").due_on(date(2027, 1, 1)), date(2027, 1, 1));
        assert_eq!(next.last_day(date(2026, 5, 11)), date(2026, 5, 31));
    }

    /// The Cabinet Office's list for 2026 and 2027, days in lieu and between holidays among them.
    #[test]
    fn the_holidays_of_japan_are_those_of_the_law() {
        let listed = [
            "2026: 1-1 1-12 2-11 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-20 8-11 9-21 9-22 9-23 10-12 11-3 11-23",
            "2027: 1-1 1-11 2-11 2-23 3-21 3-22 4-29 5-3 5-4 5-5 7-19 8-11 9-20 9-23 10-11 11-3 11-23",
        ];
        for year in listed {
            let (year, days) = year.split_once(": ").unwrap();
            let mut found = Vec::new();
            let mut day = date(year.parse().unwrap(), 1, 1);
            while day.year().to_string() == year {
                if is_holiday(day) {
                    found.push(format!("{}-{}", day.month(), day.day()));
                }
                day = day.tomorrow().unwrap();
            }
            assert_eq!(found.join(" "), days, "{year}");
        }
    }
}
