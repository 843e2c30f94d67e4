//! What the program does by itself: it finds out how many things there are and how many of them call for something to be
//! done, and keeps that as evidence. What follows from it is for people to say.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::store::{self, OccurrenceRow};
use super::{DONE, OPEN};
use crate::door::operation::Installation;
use crate::door::{Actor, Door, Operation, Options, Tx};
use crate::error::{Error, Result};
use crate::ledger;
use crate::rules::duties::{Check, Duty, Source};
use crate::rules::facts::Action;
use crate::rules::prove;
use crate::violations::clocks;

/// Days after which the newest backup is too old.
const BACKUP_DAYS: u64 = 2;

/// How many were looked at, and how many of them call for something to be done.
type Counted = (i64, i64);

async fn ledger(door: &Door) -> Result<Counted> {
    let (size, whole) = ledger::is_whole(&mut *door.database().reader().await?, &door.log_key()).await?;
    Ok((i64::try_from(size).unwrap_or(i64::MAX), i64::from(!whole)))
}

fn backups(door: &Door) -> Counted {
    let made = crate::backup::made(&door.backups().data);
    let fresh = made.iter().any(|made| made.elapsed().map_or(0, |age| age.as_secs() / 86_400) < BACKUP_DAYS);
    (made.len() as i64, i64::from(!fresh))
}

async fn proofs(door: &Door) -> Result<Counted> {
    let (pack, runtime) = (door.rules(), tokio::runtime::Handle::current());
    let proved =
        tokio::task::spawn_blocking(move || runtime.block_on(prove::prove(&pack, Path::new("cvc5"))));
    let proofs = proved.await.map_err(Error::internal)??.proofs;
    let open = proofs.iter().filter(|proof| !proof.holds()).count();
    Ok((proofs.len() as i64, open as i64))
}

/// Cases that are not over, and those of them in which somebody was not told in time.
async fn count_leaks(door: &Door) -> Result<Counted> {
    let mut reader = door.database().reader().await?;
    let open = clocks::open_cases(&mut reader, &door.rules().violations, door.clock()).await?;
    Ok((open.len() as i64, open.iter().filter(|case| case.late).count() as i64))
}

async fn find_out(door: &Door, check: Check) -> Result<Counted> {
    match check {
        Check::Ledger => ledger(door).await,
        Check::Backups => Ok(backups(door)),
        Check::Proofs => proofs(door).await,
        Check::Custodians => store::without_custodian(&mut *door.database().reader().await?).await,
        Check::Copies => store::copies(&mut *door.database().reader().await?, door.clock().now()).await,
        Check::Training => {
            let (mut reader, now) = (door.database().reader().await?, door.clock().now());
            let today = door.clock().day(now).to_string();
            crate::training::lacking(&mut reader, &door.rules().courses, now, &today).await
        }
        Check::Findings => {
            let today = door.clock().today().to_string();
            crate::evaluation::finding_store::followed(&mut *door.database().reader().await?, &today).await
        }
        Check::Leaks => count_leaks(door).await,
        Check::SelfInspections => {
            let quarter = crate::inspection::quarter(door.clock().today());
            crate::inspection::store::lacking(&mut *door.database().reader().await?, &quarter).await
        }
        Check::Acknowledgements => {
            let mut reader = door.database().reader().await?;
            let version = crate::door::store::value(&mut reader, "policy_version").await?;
            store::unacknowledged(&mut reader, crate::door::store::policy_version(version)).await
        }
    }
}

/// Keeps what the program found as evidence of every occurrence of a duty that is due.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct AttestDuty {
    duty: String,
    population: i64,
    found: i64,
}

impl Operation for AttestDuty {
    const ACTION: Action = Action("attest_duty");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let today = tx.today();
        let clause =
            tx.rules().duties.iter().find(|duty| duty.id == self.duty).map(|duty| duty.clause.clone());
        let waiting = store::waiting(tx.connection()).await?;
        let (mut scheduled, mut late) = (Vec::new(), Vec::new());
        for row in waiting.into_iter().filter(|row| is_due(row, &self.duty, &today.to_string())) {
            let is_late = row.last_day < today.to_string();
            scheduled.push(row.scheduled_on.clone());
            late.push(is_late.to_string());
            let row = OccurrenceRow {
                state: DONE.to_owned(),
                source: Source::System.name().to_owned(),
                done: tx.now(),
                done_on: today.to_string(),
                late: is_late,
                population: self.population,
                found: self.found,
                event: tx.event().to_string(),
                ..row
            };
            store::update(tx.connection(), &row).await?;
        }
        if scheduled.is_empty() {
            return Err(Error::conflict("nothing of this duty is due"));
        }
        super::schedule::done(tx, &self.duty, today).await?;
        tx.note("clause", clause.unwrap_or_default());
        tx.note("scheduled_on", scheduled.join(" "));
        tx.note("late", late.join(" "));
        Ok(())
    }
}

fn is_due(row: &OccurrenceRow, duty: &str, today: &str) -> bool {
    row.duty == duty && row.state == OPEN && row.scheduled_on.as_str() <= today
}

/// The duties that the program does and that are due.
pub(crate) async fn due(door: &Door) -> Result<Vec<(Duty, Check)>> {
    let rules = door.rules();
    let today = door.clock().today().to_string();
    let waiting = store::waiting(&mut *door.database().reader().await?).await?;
    let duties = rules.duties.iter().filter_map(|duty| Some((duty.clone(), duty.check?)));
    Ok(duties.filter(|(duty, _)| waiting.iter().any(|row| is_due(row, &duty.id, &today))).collect())
}

/// Does one of them, and keeps what it found.
///
/// # Errors
/// What could not be looked at; the duty stays due then, and gets late.
pub(crate) async fn attest(door: &Door, duty: &Duty, check: Check) -> Result<()> {
    let (population, found) = find_out(door, check).await?;
    if found > 0 {
        tracing::warn!(duty = duty.id, population, found, "a duty that the program does found something");
    }
    let attest = AttestDuty { duty: duty.id.clone(), population, found };
    door.pass(&Actor::system(), attest, Options::default()).await?;
    Ok(())
}
