//! Statements on how the policy works.

use sqlx::AnyConnection;

use crate::clock::Millis;
use crate::error::Result;

/// Refusals by rule and month: rule, month, how many.
pub(super) async fn refusals(connection: &mut AnyConnection) -> Result<Vec<(String, String, i64)>> {
    let rows = sqlx::query_as("select rule, month, times from rule_denial_month order by rule, month");
    Ok(rows.fetch_all(connection).await?)
}

/// A time of a duty.
pub(super) struct Time {
    pub(super) duty: String,
    pub(super) state: String,
    pub(super) due_on: String,
    pub(super) last_day: String,
    pub(super) done_on: String,
    pub(super) late: i64,
}

/// The times of duties that were due from one day to another, both included.
pub(super) async fn times(connection: &mut AnyConnection, from: &str, until: &str) -> Result<Vec<Time>> {
    let rows: Vec<(String, String, String, String, String, i64)> = sqlx::query_as(
        "select duty, state, due_on, last_day, done_on, late from duty_occurrence \
         where due_on >= $1 and due_on <= $2 and state <> 'withdrawn'",
    )
    .bind(from)
    .bind(until)
    .fetch_all(connection)
    .await?;
    let time = |(duty, state, due_on, last_day, done_on, late)| Time {
        duty,
        state,
        due_on,
        last_day,
        done_on,
        late,
    };
    Ok(rows.into_iter().map(time).collect())
}

/// Findings: clause, when it was raised, when it was closed as effective (0 for one that is not closed).
pub(super) async fn findings(connection: &mut AnyConnection) -> Result<Vec<(String, Millis, Millis)>> {
    let rows = sqlx::query_as(
        "select f.clause, f.raised, cast(case when f.state = 'closed' then coalesce((select max(s.made) \
         from finding_step s where s.finding = f.id and s.step = 'effective'), 0) else 0 end as bigint) \
         from finding f",
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Exceptions: clause, first day, last day, when it was ended before that (0 for never).
pub(super) async fn exceptions(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, String, String, Millis)>> {
    let rows = sqlx::query_as("select clause, since, last_day, ended from policy_exception");
    Ok(rows.fetch_all(connection).await?)
}

/// Cases that were looked at and found to be on a clause: the clause, and when it was reported.
pub(super) async fn violations(connection: &mut AnyConnection) -> Result<Vec<(String, Millis)>> {
    let rows =
        sqlx::query_as("select clause, reported from violation where state <> 'reported' and clause <> ''");
    Ok(rows.fetch_all(connection).await?)
}
