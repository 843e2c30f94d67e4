//! 方針の効果: how the policy works, clause by clause and month by month: what its rules refused, how its duties were
//! done, what was found and mended, what was excepted, what was violated.
//!
//! Figures and no judgement: each stands beside what it was counted from, and what to make of it is for people. A month
//! is one where the firm is. Clauses, rules and duties are those of the version in force.

use std::collections::{BTreeMap, HashMap};

use jiff::ToSpan as _;
use jiff::civil::Date;
use kura_ledger::leaf::{Leaf, Outcome};
use serde::{Deserialize, Serialize};

use super::{effect_store, version_store};
use crate::clock::{self, Millis, month};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::duties::{DONE, OPEN};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::ledger::store as ledger;
use crate::rules::decide::Question;
use crate::rules::facts::{Action, Resource};

const DAY: Millis = 24 * 60 * 60 * 1000;
/// Months when nothing else is asked for.
pub(super) const MONTHS: i64 = 12;
/// Months that are shown at most.
const MOST: i64 = 36;
/// Days back in which refusals are followed to what came after them: as far as a replay goes.
const FOLLOWED: i64 = 90;
/// Days within which the same is permitted to the same person after all.
const WITHIN: i64 = 7;
/// Records read at once.
const AT_ONCE: i64 = 512;

/// Shows how the policy works: per clause and month what was refused, how duties were done, what was found.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowEffect {
    /// The clause; all of them when left out.
    #[arg(long)]
    #[serde(default)]
    pub clause: Option<String>,
    /// Months, this one among them: 12 when left out, at most 36.
    #[arg(long)]
    #[serde(default)]
    pub months: Option<i64>,
    /// Counts, too, which refusals of the last 90 days were followed by the permission: it reads the ledger, and takes its
    /// time.
    #[arg(long)]
    #[serde(default)]
    pub granted: bool,
}

/// A month of a clause.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MonthEffect {
    /// The month: 2026-11.
    pub month: String,
    /// Refusals by its rules.
    pub refusals: i64,
    /// Times of its duties that were due in this month.
    pub due: i64,
    /// Those of them that were done in time.
    pub in_time: i64,
    /// Those that were done late.
    pub done_late: i64,
    /// Those that are late and not done.
    pub still_late: i64,
    /// The median of the days from the day on which a time of this month was due to that on which it was done, of those that
    /// are done; less than 0 for before it. Of an even number the lower one of the two in the middle.
    pub days_to_comply: Option<i64>,
    /// Findings that were raised in this month.
    pub raised: i64,
    /// Findings that were closed in this month, as effective.
    pub closed: i64,
    /// The median of the days from raised to closed, of those that were closed in this month.
    pub days_to_close: Option<i64>,
    /// Exceptions that stood on a day of this month.
    pub exceptions: i64,
    /// Cases that were reported in this month, for whoever may see exceptions; 0 for others.
    pub violations: i64,
}

/// What a rule refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RuleEffect {
    /// Its id.
    pub rule: String,
    /// Why, in Japanese.
    pub ja: String,
    /// Why, in English.
    pub en: String,
    /// Refusals in these months.
    pub refusals: i64,
    /// Refusals of before they were counted by month: nobody counts them anew.
    pub earlier: i64,
    /// When that was asked for: how often in the last 90 days it refused something to somebody, as far as the records can
    /// be read; the same that was refused several times in a row is one.
    pub refused: Option<i64>,
    /// Those of them after which the same person was permitted the same on the same within 7 days.
    pub granted: Option<i64>,
}

/// How a clause works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClauseEffect {
    /// Its id.
    pub clause: String,
    /// Its heading in Japanese.
    pub ja: String,
    /// Its heading in English.
    pub en: String,
    /// The months, the earliest first.
    pub months: Vec<MonthEffect>,
    /// As in a month, of all times of these months.
    pub days_to_comply: Option<i64>,
    /// As in a month, of all findings that were closed in these months.
    pub days_to_close: Option<i64>,
    /// Its rules that refuse.
    pub rules: Vec<RuleEffect>,
}

/// How the policy works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Effect {
    /// Today: what is told of this month ends with it.
    pub today: String,
    /// The clauses, in the order of the documents.
    pub clauses: Vec<ClauseEffect>,
}

/// The middle one; of an even number the lower one of the two.
fn median(mut numbers: Vec<i64>) -> Option<i64> {
    numbers.sort_unstable();
    numbers.get(numbers.len().checked_sub(1)? / 2).copied()
}

fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// Whom something was refused or permitted: who asked, what, and on what.
type Asked = (PersonId, String, String);

/// Refusals, followed to what came after them.
#[derive(Default)]
struct Followed {
    /// Those that wait for their permission: when, and which rules refused.
    waiting: HashMap<Asked, Vec<(Millis, Vec<String>)>>,
    /// By rule: how many, and how many of them were followed by the permission.
    by_rule: BTreeMap<String, (i64, i64)>,
}

impl Followed {
    fn refused(&mut self, at: Millis, asked: Asked, rules: Vec<String>) {
        for rule in &rules {
            self.by_rule.entry(rule.clone()).or_default().0 += 1;
        }
        self.waiting.entry(asked).or_default().push((at, rules));
    }

    fn permitted(&mut self, at: Millis, asked: &Asked) {
        for (refused, rules) in self.waiting.remove(asked).unwrap_or_default() {
            if at - refused <= WITHIN * DAY {
                for rule in rules {
                    self.by_rule.entry(rule).or_default().1 += 1;
                }
            }
        }
    }
}

/// Follows the refusals of the last 90 days. What belongs to erased material opens no more and is not counted.
async fn followed(tx: &mut Tx<'_>) -> Result<Followed> {
    let mut followed = Followed::default();
    let since = tx.now() - FOLLOWED * DAY;
    let mut from = ledger::first_since(tx.connection(), since).await?;
    loop {
        let records = ledger::openings(tx.connection(), from, AT_ONCE).await?;
        let Some(last) = records.last() else {
            return Ok(followed);
        };
        from = last.index + 1;
        for record in records {
            let opened = tx.unseal_record(record.item.as_ref(), record.event, &record.sealed);
            let openings = if record.item.is_some() { opened.unwrap_or_default() } else { opened? };
            let value = |field: &str| {
                let opening = openings.iter().find(|opening| opening.field == field);
                opening.map(|opening| opening.value.as_str())
            };
            let Some(question) = value("question") else { continue };
            let leaf = Leaf::parse(record.leaf.as_bytes()).map_err(Error::internal)?;
            let at = clock::parse_moment(&leaf.at).ok_or_else(|| Error::internal("a record has a moment"))?;
            let question: Question = serde_json::from_str(question).map_err(Error::internal)?;
            let asked = (question.person.id, question.action, question.resource.uid().to_string());
            match leaf.outcome {
                Outcome::Done => followed.permitted(at, &asked),
                _ => {
                    let rules = value("decided_by").unwrap_or_default().split_whitespace();
                    followed.refused(at, asked, rules.map(str::to_owned).collect());
                }
            }
        }
    }
}

/// What is counted of a clause: its months, and the days of which medians are made, by month.
struct Counting {
    months: Vec<MonthEffect>,
    comply: BTreeMap<String, Vec<i64>>,
    close: BTreeMap<String, Vec<i64>>,
}

impl Counting {
    fn of(months: &[String]) -> Self {
        let empty = |month: &String| MonthEffect { month: month.clone(), ..MonthEffect::default() };
        Self { months: months.iter().map(empty).collect(), comply: BTreeMap::new(), close: BTreeMap::new() }
    }

    /// A month, when it is one of those that are shown.
    fn month(&mut self, month: &str) -> Option<&mut MonthEffect> {
        self.months.iter_mut().find(|own| own.month == month)
    }

    fn end(self) -> (Vec<MonthEffect>, Option<i64>, Option<i64>) {
        let Self { mut months, comply, close } = self;
        for own in &mut months {
            own.days_to_comply = comply.get(&own.month).cloned().and_then(median);
            own.days_to_close = close.get(&own.month).cloned().and_then(median);
        }
        let all = |of: BTreeMap<String, Vec<i64>>| median(of.into_values().flatten().collect());
        (months, all(comply), all(close))
    }
}

impl Operation for ShowEffect {
    const ACTION: Action = Action("show_effect");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Effect;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Effect> {
        let wanted = self.months.unwrap_or(MONTHS);
        if !(1..=MOST).contains(&wanted) {
            return Err(Error::invalid("months", "1 to 36 months are shown"));
        }
        let rules = tx.rules().clone();
        let asked = self.clause.as_deref();
        if asked.is_some_and(|asked| rules.clauses.iter().all(|clause| clause.id != asked)) {
            return Err(Error::NotFound("clause"));
        }
        let today = tx.today();
        let first = |back: i64| today.first_of_month().saturating_sub(back.months());
        let months: Vec<String> = (0..wanted).rev().map(|back| month(first(back))).collect();
        let (begins, ends) = (first(wanted - 1), today.last_of_month());
        let mut counting: BTreeMap<&str, Counting> =
            rules.clauses.iter().map(|clause| (clause.id.as_str(), Counting::of(&months))).collect();

        let (mut shown, mut counted) = (BTreeMap::<String, i64>::new(), BTreeMap::<String, i64>::new());
        for (id, month, times) in effect_store::refusals(tx.connection()).await? {
            *counted.entry(id.clone()).or_default() += times;
            let of = rules.rules.get(&id).and_then(|rule| counting.get_mut(rule.clause.as_str()));
            if let Some(own) = of.and_then(|of| of.month(&month)) {
                own.refusals += times;
                *shown.entry(id).or_default() += times;
            }
        }
        let total = version_store::denials(tx.connection()).await?;

        let (from, until) = (begins.to_string(), ends.to_string());
        for time in effect_store::times(tx.connection(), &from, &until).await? {
            let duty = rules.duties.iter().find(|duty| duty.id == time.duty);
            let of = duty.and_then(|duty| counting.get_mut(duty.clause.as_str()));
            let (Some(of), Some(due)) = (of, clock::parse_day(&time.due_on)) else { continue };
            let falls = month(due);
            let Some(own) = of.month(&falls) else { continue };
            own.due += 1;
            match time.state.as_str() {
                DONE if time.late != 0 => own.done_late += 1,
                DONE => own.in_time += 1,
                OPEN if time.last_day < today.to_string() => own.still_late += 1,
                _ => {}
            }
            if let Some(done) = clock::parse_day(&time.done_on).filter(|_| time.state == DONE) {
                of.comply.entry(falls).or_default().push(days(due, done));
            }
        }

        for (clause, raised, closed) in effect_store::findings(tx.connection()).await? {
            let Some(of) = counting.get_mut(clause.as_str()) else { continue };
            let raised = tx.day(raised);
            if let Some(own) = of.month(&month(raised)) {
                own.raised += 1;
            }
            if closed > 0 {
                let closed = tx.day(closed);
                let falls = month(closed);
                if let Some(own) = of.month(&falls) {
                    own.closed += 1;
                    of.close.entry(falls).or_default().push(days(raised, closed));
                }
            }
        }

        for (clause, since, last_day, ended) in effect_store::exceptions(tx.connection()).await? {
            let Some(of) = counting.get_mut(clause.as_str()) else { continue };
            let ended = if ended > 0 { last_day.min(tx.day(ended).to_string()) } else { last_day };
            // Days of one form: those of a month stand between its first and its last in their order as text, too.
            for own in &mut of.months {
                if since < format!("{}-99", own.month) && ended > own.month {
                    own.exceptions += 1;
                }
            }
        }

        if tx.may("list_exceptions", &Resource::Installation) {
            for (clause, reported) in effect_store::violations(tx.connection()).await? {
                let reported = month(tx.day(reported));
                let of = counting.get_mut(clause.as_str());
                if let Some(own) = of.and_then(|of| of.month(&reported)) {
                    own.violations += 1;
                }
            }
        }

        let followed = if self.granted { Some(followed(tx).await?.by_rule) } else { None };
        let clauses = rules.clauses.iter().filter(|clause| asked.is_none_or(|asked| clause.id == asked));
        let clauses = clauses.map(|clause| {
            let own = rules.rules.values().filter(|rule| rule.clause == clause.id && !rule.permits);
            let own = own.map(|rule| {
                let of = |of: &BTreeMap<String, i64>| of.get(&rule.id).copied().unwrap_or_default();
                let (all, _) = total.get(&rule.id).copied().unwrap_or_default();
                let followed = followed.as_ref().map(|by| by.get(&rule.id).copied().unwrap_or_default());
                RuleEffect {
                    rule: rule.id.clone(),
                    ja: rule.reason_ja.clone(),
                    en: rule.reason_en.clone(),
                    refusals: of(&shown),
                    earlier: all - of(&counted),
                    refused: followed.map(|(refused, _)| refused),
                    granted: followed.map(|(_, granted)| granted),
                }
            });
            let counted = counting.remove(clause.id.as_str()).unwrap_or_else(|| Counting::of(&months));
            let (months, days_to_comply, days_to_close) = counted.end();
            ClauseEffect {
                clause: clause.id.clone(),
                ja: clause.ja.clone(),
                en: clause.en.clone(),
                rules: own.collect(),
                months,
                days_to_comply,
                days_to_close,
            }
        });
        let clauses = clauses.collect();
        Ok(Effect { today: today.to_string(), clauses })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_one_of_the_numbers() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![7]), Some(7));
        assert_eq!(median(vec![9, -2]), Some(-2));
        assert_eq!(median(vec![3, 1, 2]), Some(2));
    }

    #[test]
    fn a_refusal_is_granted_to_the_same_person_for_the_same_in_time() {
        let asked = |who: u8, what: &str| (PersonId::new(1, &[who; 10]), what.to_owned(), "item".to_owned());
        let mut followed = Followed::default();
        followed.refused(0, asked(1, "open"), vec!["a".to_owned(), "b".to_owned()]);
        followed.refused(DAY, asked(2, "open"), vec!["a".to_owned()]);
        // Neither another person nor another action is the same.
        followed.permitted(DAY, &asked(3, "open"));
        followed.permitted(DAY, &asked(1, "download"));
        assert_eq!(followed.by_rule["a"], (2, 0));
        followed.permitted(WITHIN * DAY, &asked(1, "open"));
        assert_eq!((followed.by_rule["a"], followed.by_rule["b"]), ((2, 1), (1, 1)));
        // Once; and what comes later than that is another story.
        followed.permitted(WITHIN * DAY, &asked(1, "open"));
        followed.permitted((WITHIN + 1) * DAY + 1, &asked(2, "open"));
        assert_eq!((followed.by_rule["a"], followed.by_rule["b"]), ((2, 1), (1, 1)));
    }
}
