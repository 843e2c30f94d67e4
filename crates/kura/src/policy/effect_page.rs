//! The page of 方針の効果: how the policy works, drawn clause by clause.
//!
//! What is drawn is bars of two kinds over at most 36 months: rectangles of an SVG, which the template writes. A library
//! for charts would bring canvases, scripts or styles of its own, and those the pages' content security policy forbids.
//! Every drawing says its sums; the figures of a clause are a page of their own, since those of all would be a heavy one.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::show_effect::{ClauseEffect, MONTHS, MonthEffect, RuleEffect, ShowEffect};
use crate::app::App;
use crate::error::Error;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};

/// Where the first month begins, right of the scale.
const LEFT: i64 = 40;
/// Width of all months together, and of one at least.
const WIDTH: i64 = 336;
const NARROWEST: i64 = 12;
/// The highest bar begins here, and all end there.
const TOP: i64 = 8;
const GROUND: i64 = 72;
const HEIGHT: i64 = 92;

/// A bar.
struct Bar {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    style: &'static str,
    told: String,
}

/// A clause's months as they are drawn.
struct Chart {
    width: i64,
    height: i64,
    left: i64,
    ground: i64,
    bars: Vec<Bar>,
    /// The scale: what the highest bar stands for.
    highest: String,
    /// The first and the last month.
    ends: (String, String),
    /// The same in words.
    told: String,
}

/// A rule that refused.
struct RuleRow {
    id: String,
    reason: String,
    told: Vec<String>,
}

/// A month in the table: its name, and its figures in the order of the columns.
struct MonthRow {
    month: String,
    figures: Vec<(String, String)>,
}

/// A clause as it is shown.
struct ClauseRow {
    id: String,
    title: String,
    facts: Vec<(String, String)>,
    chart: Chart,
    columns: Vec<String>,
    months: Vec<MonthRow>,
    rules: Vec<RuleRow>,
}

#[derive(Template)]
#[template(path = "policy/effect.html")]
struct EffectPage {
    shell: Shell,
    clauses: Vec<ClauseRow>,
    /// The clause that is asked for.
    clause: String,
    months: i64,
    granted: bool,
    until: String,
}

/// What is asked of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    clause: String,
    #[serde(default)]
    months: String,
    #[serde(default)]
    granted: bool,
}

fn late(month: &MonthEffect) -> i64 {
    month.done_late + month.still_late
}

fn sum(clause: &ClauseEffect, of: impl Fn(&MonthEffect) -> i64) -> i64 {
    clause.months.iter().map(of).sum()
}

fn chart(t: &Words, title: &str, clause: &ClauseEffect) -> Chart {
    let months = clause.months.len().max(1) as i64;
    let slot = (WIDTH / months).max(NARROWEST);
    let width = (slot - 4) / 2;
    let highest = clause.months.iter().map(|month| month.refusals.max(late(month))).max().unwrap_or_default();
    let mut bars = Vec::new();
    for (at, month) in clause.months.iter().enumerate() {
        let left = LEFT + at as i64 * slot + 2;
        let named = t.month(&month.month);
        let of = t.effect_late_of(t.number(month.due), t.number(late(month)));
        let told = t.effect_bar(named.as_str(), t.number(month.refusals), of);
        for (place, count, style) in [(0, month.refusals, "refused"), (1, late(month), "overdue")] {
            if count > 0 {
                // Whatever there is can be seen.
                let height = ((GROUND - TOP) * count / highest.max(1)).max(2);
                let (x, y) = (left + place * width, GROUND - height);
                bars.push(Bar { x, y, width, height, style, told: told.clone() });
            }
        }
    }
    let name = |month: Option<&MonthEffect>| month.map(|month| t.month(&month.month)).unwrap_or_default();
    Chart {
        width: LEFT + slot * months + 4,
        height: HEIGHT,
        left: LEFT,
        ground: GROUND,
        bars,
        highest: t.number(highest),
        ends: (name(clause.months.first()), name(clause.months.last())),
        told: t.effect_drawn(
            title,
            t.number(months),
            t.number(sum(clause, |month| month.refusals)),
            t.effect_late_of(t.number(sum(clause, |month| month.due)), t.number(sum(clause, late))),
        ),
    }
}

fn median(t: &Words, days: Option<i64>) -> String {
    days.map_or("–".to_owned(), |days| t.number(days))
}

/// The columns of the table, and what stands in them of a month.
fn columns(t: &Words, month: &MonthEffect) -> Vec<(String, String)> {
    vec![
        (t.effect_refusals(), t.number(month.refusals)),
        (t.effect_due(), t.number(month.due)),
        (t.effect_in_time(), t.number(month.in_time)),
        (t.effect_done_late(), t.number(month.done_late)),
        (t.effect_still_late(), t.number(month.still_late)),
        (t.effect_days_to_comply(), median(t, month.days_to_comply)),
        (t.effect_raised(), t.number(month.raised)),
        (t.effect_closed(), t.number(month.closed)),
        (t.effect_days_to_close(), median(t, month.days_to_close)),
        (t.exceptions(), t.number(month.exceptions)),
        (t.violations(), t.number(month.violations)),
    ]
}

fn rule(t: &Words, rule: &RuleEffect) -> RuleRow {
    let mut told = vec![t.effect_rule_refused(t.number(rule.refusals))];
    if rule.earlier > 0 {
        told.push(t.effect_earlier(t.number(rule.earlier)));
    }
    if let Some((refused, granted)) = rule.refused.zip(rule.granted).filter(|(refused, _)| *refused > 0) {
        told.push(t.effect_granted(t.number(refused), t.number(granted)));
    }
    RuleRow { id: rule.rule.clone(), reason: t.either(&rule.ja, &rule.en).to_owned(), told }
}

fn row(t: &Words, clause: &ClauseEffect) -> ClauseRow {
    let title = t.either(&clause.ja, &clause.en).to_owned();
    let all = |of: fn(&MonthEffect) -> i64| sum(clause, of);
    let told = |days: Option<i64>| days.map(|days| t.effect_days(t.number(days)));
    let mut facts = vec![(t.effect_refusals(), t.number(all(|month| month.refusals)))];
    if all(|month| month.due) > 0 {
        let late = t.effect_late_of(t.number(all(|month| month.due)), t.number(all(late)));
        facts.push((t.effect_late(), late));
        facts.extend(told(clause.days_to_comply).map(|days| (t.effect_days_to_comply(), days)));
    }
    if all(|month| month.raised + month.closed) > 0 {
        let (raised, closed) = (all(|month| month.raised), all(|month| month.closed));
        facts.push((t.findings(), t.effect_raised_and_closed(t.number(raised), t.number(closed))));
        facts.extend(told(clause.days_to_close).map(|days| (t.effect_days_to_close(), days)));
    }
    if all(|month| month.violations) > 0 {
        facts.push((t.violations(), t.number(all(|month| month.violations))));
    }
    let refused = |rule: &&RuleEffect| rule.refusals > 0 || rule.earlier > 0 || rule.refused > Some(0);
    ClauseRow {
        id: clause.clause.clone(),
        chart: chart(t, &title, clause),
        title,
        facts,
        columns: columns(t, &MonthEffect::default()).into_iter().map(|(column, _)| column).collect(),
        months: clause
            .months
            .iter()
            .map(|month| MonthRow { month: t.month(&month.month), figures: columns(t, month) })
            .collect(),
        rules: clause.rules.iter().filter(refused).map(|own| rule(t, own)).collect(),
    }
}

/// 方針の効果: what each clause refused, and how its duties were done, month by month.
pub(crate) async fn effect(State(app): State<App>, member: Member, Query(asked): Query<Asked>) -> Answer {
    let months = match asked.months.as_str() {
        "" => MONTHS,
        months => months.parse().map_err(|_| Error::invalid("months", "1 to 36 months are shown"))?,
    };
    let wanted = ShowEffect {
        clause: Some(asked.clause.clone()).filter(|clause| !clause.is_empty()),
        months: Some(months),
        granted: asked.granted,
    };
    let shown = member.pass(&app, wanted).await?;
    let t = member.words();
    page(&EffectPage {
        clauses: shown.clauses.iter().map(|clause| row(t, clause)).collect(),
        clause: asked.clause,
        months,
        granted: asked.granted,
        until: t.effect_until(t.date(&shown.today)),
        shell: Shell::new(&member, Place::Policy, t.effect()),
    })
}
