//! The one writer: drains its queue into one transaction after another, each operation a savepoint, each
//! batch one commit, on both engines.
//!
//! While a batch is open the writer waits for nothing but the database. An operation that takes longer
//! than its deadline or panics is rolled back alone. When a rollback or the commit fails, nobody can say
//! what is on disk: every job of the batch ends with "outcome unknown", the connection is dropped, and
//! the ledger is taken up again where the database has it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::tz::TimeZone;
use kura_ledger::checkpoint::LogKey;
use sqlx::{AnyConnection, Connection as _};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::log_keys::LogKeys;
use super::operation::Rev;
use super::store;
use crate::db::{Database, transaction};
use crate::error::{Error, Result};
use crate::id::ItemId;
use crate::ledger::{Draft, Log};

/// Jobs in one commit at most.
const BATCH: usize = 256;
/// Jobs waiting at most; whoever comes later waits to be queued.
const QUEUE: usize = 1024;
/// How long one job may hold the writer.
pub(in crate::door) const DEADLINE: Duration = Duration::from_secs(1);

/// What a job did.
pub(in crate::door) struct Ran<T> {
    /// The value, or why not. An error undoes what the job wrote.
    pub(in crate::door) result: Result<T>,
    /// Records to append, whether or not it was undone.
    pub(in crate::door) drafts: Vec<Draft>,
}

/// Tells a caller how it ended: the index of the job's first record, or the error.
type Reply = Box<dyn FnOnce(Result<u64>) + Send>;

/// A job that ran, without its value's type.
struct Done {
    keep: bool,
    drafts: Vec<Draft>,
    reply: Reply,
}

type Work = Box<dyn for<'t> FnOnce(&'t mut AnyConnection, &'t mut Log) -> BoxFuture<'t, Done> + Send>;

struct Job {
    work: Work,
    /// How long it may take.
    deadline: Duration,
    /// Ends the caller's wait when the work itself cannot.
    fail: Box<dyn FnOnce(Error) + Send>,
    departed: Box<dyn Fn() -> bool + Send>,
}

/// What a read leaves: records to append if nothing that it saw has moved. It changes nothing else, and so
/// needs no savepoint: a batch looks up all its revisions, and appends all its records, at once.
struct Reading {
    seen: Vec<Rev>,
    drafts: Vec<Draft>,
    reply: oneshot::Sender<Result<Option<u64>>>,
}

enum Queued {
    Job(Job),
    Reading(Reading),
}

impl Queued {
    fn fail(self, error: &Error) {
        let error = Error::Unknown(error.to_string());
        match self {
            Self::Job(job) => (job.fail)(error),
            Self::Reading(reading) => drop(reading.reply.send(Err(error))),
        }
    }
}

/// The writer's handle.
pub(in crate::door) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Queued>>>,
    task: Mutex<Option<JoinHandle<()>>>,
    head: watch::Receiver<Head>,
}

/// The ledger's size and root as of the last commit.
pub type Head = (u64, kura_ledger::tree::Hash);

impl Writer {
    /// Connects, takes up the ledger and starts writing.
    pub(in crate::door) async fn start(
        db: Database,
        keys: Vec<LogKey>,
        origin: String,
        zone: TimeZone,
    ) -> Result<Self> {
        let mut connection = db.connect().await?;
        let log = Log::load(&mut connection, keys, &origin, zone).await?;
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (moved, head) = watch::channel(log.head());
        let state = State { db, connection, log, moved };
        let task = tokio::spawn(state.run(jobs));
        Ok(Self { queue: Mutex::new(Some(queue)), task: Mutex::new(Some(task)), head })
    }

    /// The ledger's head, as it moves.
    pub(in crate::door) fn head(&self) -> watch::Receiver<Head> {
        self.head.clone()
    }

    /// Takes no more jobs and waits until those queued are done.
    pub(in crate::door) async fn stop(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }

    /// Runs a job in a transaction; returns its value once it is on disk, with the index of its first record.
    pub(in crate::door) async fn run<T, F>(&self, work: F) -> Result<(T, u64)>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut AnyConnection, &'t mut Log) -> BoxFuture<'t, Ran<T>> + Send + 'static,
    {
        self.run_within(DEADLINE, work).await
    }

    /// The same for work that may take so long, while every other write waits.
    pub(in crate::door) async fn run_within<T, F>(&self, deadline: Duration, work: F) -> Result<(T, u64)>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut AnyConnection, &'t mut Log) -> BoxFuture<'t, Ran<T>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel::<Result<(T, u64)>>();
        // Held by whoever ends the wait: the job's own reply, or the writer when the job cannot.
        let sender = Arc::new(Mutex::new(Some(sender)));
        let send = {
            let sender = sender.clone();
            move |outcome| {
                let sender = sender.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(sender) = sender {
                    let _ = sender.send(outcome);
                }
            }
        };
        let fail = {
            let send = send.clone();
            Box::new(move |error| send(Err(error)))
        };
        let departed = Box::new(move || {
            let sender = sender.lock().unwrap_or_else(PoisonError::into_inner);
            sender.as_ref().is_none_or(oneshot::Sender::is_closed)
        });
        let work: Work = Box::new(move |connection, log| {
            let running = work(connection, log);
            Box::pin(async move {
                let Ran { result, drafts } = running.await;
                Done {
                    keep: result.is_ok(),
                    drafts,
                    reply: Box::new(move |committed| {
                        send(match (result, committed) {
                            (Ok(value), Ok(index)) => Ok((value, index)),
                            (Err(error), Ok(_)) => Err(error),
                            (_, Err(error)) => Err(error),
                        });
                    }),
                }
            })
        });
        self.queue(Queued::Job(Job { deadline, work, fail, departed })).await?;
        receiver.await.map_err(|_| stopping())?
    }

    /// Signs from now on with other keys of the log.
    pub(in crate::door) async fn take_up_keys(&self, keys: LogKeys) -> Result<()> {
        let ran = self.run(move |connection, log| {
            Box::pin(async move {
                let result = log.take_up_keys(connection, keys.signing).await;
                Ran { result, drafts: vec![] }
            })
        });
        ran.await.map(|((), _)| ())
    }

    /// Appends the records of a read; returns the index of the first once they are on disk, or nothing, and
    /// nothing is appended, when a revision that the read saw has moved.
    pub(in crate::door) async fn append(&self, seen: Vec<Rev>, drafts: Vec<Draft>) -> Result<Option<u64>> {
        let (reply, receiver) = oneshot::channel();
        self.queue(Queued::Reading(Reading { seen, drafts, reply })).await?;
        receiver.await.map_err(|_| stopping())?
    }

    async fn queue(&self, queued: Queued) -> Result<()> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        queue.ok_or_else(stopping)?.send(queued).await.map_err(|_| stopping())
    }
}

fn stopping() -> Error {
    Error::Unknown("the server is stopping".to_owned())
}

struct State {
    db: Database,
    connection: AnyConnection,
    log: Log,
    moved: watch::Sender<Head>,
}

/// Jobs that ran in the open batch, with the offset of their first record.
type Ended = Vec<(usize, Reply)>;

impl State {
    async fn run(mut self, mut jobs: mpsc::Receiver<Queued>) {
        while let Some(first) = jobs.recv().await {
            let mut ended = Ended::new();
            let outcome = self.batch(first, &mut jobs, &mut ended).await;
            match outcome {
                Ok(index) => {
                    self.moved.send_replace(self.log.head());
                    for (offset, reply) in ended {
                        reply(Ok(index + offset as u64));
                    }
                }
                Err(error) => {
                    let what = error.to_string();
                    tracing::error!(jobs = ended.len(), "a batch was not committed: {what}");
                    for (_, reply) in ended {
                        reply(Err(Error::Unknown(what.clone())));
                    }
                    self.recover(&mut jobs).await;
                }
            }
        }
        // A closed connection leaves no write-ahead log behind: the file alone is the database.
        let _ = self.connection.close().await;
    }

    /// Runs jobs until the queue is empty or the batch is full, then appends what reads left, then commits.
    async fn batch(
        &mut self,
        first: Queued,
        jobs: &mut mpsc::Receiver<Queued>,
        ended: &mut Ended,
    ) -> Result<u64> {
        let engine = self.db.engine();
        if let Err(error) = transaction::begin(&mut self.connection, engine).await {
            first.fail(&error);
            return Err(error);
        }
        let mut readings = Vec::new();
        let mut next = Some(first);
        while let Some(queued) = next.take() {
            match queued {
                Queued::Job(job) if (job.departed)() => {}
                Queued::Job(job) => {
                    if let Err(error) = self.job(job, ended).await {
                        fail_all(readings, &error);
                        return Err(error);
                    }
                }
                // A read is recorded whether or not its caller still waits: it was decided.
                Queued::Reading(reading) => readings.push(reading),
            }
            if ended.len() + readings.len() < BATCH {
                next = jobs.try_recv().ok();
            }
        }
        self.readings(readings, ended).await?;
        let index = self.log.flush(&mut self.connection).await?;
        transaction::commit(&mut self.connection).await?;
        Ok(index)
    }

    /// Admits the records of the reads whose revisions have not moved, this batch's writes included.
    async fn readings(&mut self, readings: Vec<Reading>, ended: &mut Ended) -> Result<()> {
        let seen: Vec<&Rev> = readings.iter().flat_map(|reading| &reading.seen).collect();
        let items: Vec<ItemId> =
            readings.iter().flat_map(|reading| &reading.drafts).filter_map(|draft| draft.item).collect();
        let known = async {
            let present = store::revs(&mut self.connection, &seen).await?;
            self.log.look_up(&mut self.connection, &items).await?;
            Ok(present)
        };
        let present = match known.await {
            Ok(present) => present,
            Err(error) => {
                fail_all(readings, &error);
                return Err(error);
            }
        };
        for Reading { seen, drafts, reply } in readings {
            if seen.iter().any(|rev| !present.contains(rev)) {
                let _ = reply.send(Ok(None));
                continue;
            }
            let offset = self.log.waiting();
            let reply = |committed: Result<u64>| drop(reply.send(committed.map(Some)));
            ended.push((offset, Box::new(reply)));
            for draft in drafts {
                self.log.admit(&mut self.connection, draft).await?;
            }
        }
        Ok(())
    }

    async fn job(&mut self, job: Job, ended: &mut Ended) -> Result<()> {
        let Job { work, fail, deadline, .. } = job;
        let marked = transaction::mark(&mut self.connection).await;
        if let Err(error) = marked {
            fail(Error::Unknown(error.to_string()));
            return Err(error);
        }
        let running = AssertUnwindSafe(work(&mut self.connection, &mut self.log)).catch_unwind();
        let done = match tokio::time::timeout(deadline, running).await {
            Ok(Ok(done)) => done,
            Ok(Err(_panic)) => {
                fail(Error::internal("the operation panicked and was undone"));
                return transaction::undo(&mut self.connection).await;
            }
            Err(_elapsed) => {
                fail(Error::internal("the operation took too long and was undone"));
                return transaction::undo(&mut self.connection).await;
            }
        };
        let Done { keep, drafts, reply } = done;
        let offset = self.log.waiting();
        // From here on the caller's wait ends with the batch.
        ended.push((offset, reply));
        if keep {
            transaction::keep(&mut self.connection).await?;
        } else {
            transaction::undo(&mut self.connection).await?;
        }
        for draft in drafts {
            self.log.admit(&mut self.connection, draft).await?;
        }
        Ok(())
    }

    /// Connects again and takes up the ledger, however long that takes; jobs that arrive meanwhile wait.
    async fn recover(&mut self, jobs: &mut mpsc::Receiver<Queued>) {
        // A transaction may still be open; the connection is dropped, but it may hold the lock until then.
        let _ = transaction::roll_back(&mut self.connection).await;
        let mut pause = Duration::from_millis(50);
        while !jobs.is_closed() || !jobs.is_empty() {
            match self.reconnect().await {
                Ok(()) => return,
                Err(error) => {
                    tracing::error!("the database cannot be taken up again: {error}");
                    while let Ok(queued) = jobs.try_recv() {
                        queued.fail(&error);
                    }
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }

    async fn reconnect(&mut self) -> Result<()> {
        self.connection = self.db.connect().await?;
        self.log.reload(&mut self.connection).await
    }
}

fn fail_all(readings: Vec<Reading>, error: &Error) {
    readings.into_iter().for_each(|reading| Queued::Reading(reading).fail(error));
}

#[cfg(test)]
mod tests {
    use kura_ledger::leaf::Outcome;
    use kura_vault::keys::{Key, fill_random};
    use sqlx::Executor as _;

    use super::*;
    use crate::db::Location;
    use crate::door::operation::Revised;
    use crate::id::EventId;

    async fn fresh(folder: &tempfile::TempDir) -> (Database, Writer) {
        let db = Database::open(&Location::File(folder.path().join("kura.db"), Key::random())).await.unwrap();
        let key = LogKey::from_seed("kura.example/test", &[1; 32]).unwrap();
        let origin = "kura.example/test".to_owned();
        let writer = Writer::start(db.clone(), vec![key], origin, TimeZone::UTC).await.unwrap();
        (db, writer)
    }

    fn draft() -> Draft {
        let mut random = [0; 10];
        fill_random(&mut random);
        Draft {
            event: EventId::new(1, &random),
            at: 1,
            operation: "hold",
            outcome: Outcome::Done,
            rules: String::new(),
            fields: vec![("reason", "x".to_owned())],
            item: None,
            key: Key::random(),
            salted: None,
        }
    }

    /// A job that writes a value with its record, after a pause.
    async fn put(writer: &Writer, name: &'static str, pause: u64) -> Result<u64> {
        let ran = writer.run(move |connection, _| {
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(pause)).await;
                let result = store::set_value(connection, name, "x").await;
                Ran { result, drafts: vec![draft()] }
            })
        });
        ran.await.map(|((), index)| index)
    }

    async fn there(db: &Database, name: &str) -> bool {
        let mut reader = db.reader().await.unwrap();
        store::value(&mut reader, name).await.unwrap().is_some()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_read_is_recorded_only_if_nothing_moved() {
        let folder = tempfile::tempdir().unwrap();
        let (_db, writer) = fresh(&folder).await;
        let gone = Rev { of: Revised::Person, id: "nobody".to_owned(), rev: 1 };
        // All in one batch, behind a job that holds it open.
        let (first, moved, still) = tokio::join!(
            put(&writer, "first", 50),
            writer.append(vec![gone], vec![draft()]),
            writer.append(vec![], vec![draft(), draft()]),
        );
        assert_eq!((first.unwrap(), moved.unwrap(), still.unwrap()), (0, None, Some(1)));
        assert_eq!(put(&writer, "next", 0).await.unwrap(), 3);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_job_that_panics_or_hangs_ends_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (db, writer) = fresh(&folder).await;
        let panics = writer.run::<(), _>(|connection, _| {
            Box::pin(async move {
                store::set_value(connection, "panics", "x").await.unwrap();
                panic!("on purpose")
            })
        });
        let (first, panicked, hung, last) = tokio::join!(
            put(&writer, "first", 50),
            panics,
            put(&writer, "hangs", 60_000),
            put(&writer, "last", 0),
        );
        assert!(first.is_ok() && last.is_ok());
        assert!(panicked.unwrap_err().to_string().contains("panicked"));
        assert!(hung.unwrap_err().to_string().contains("too long"));
        for (name, kept) in [("first", true), ("panics", false), ("hangs", false), ("last", true)] {
            assert_eq!(there(&db, name).await, kept, "{name}");
        }
        let mut reader = db.reader().await.unwrap();
        assert_eq!(crate::ledger::store::head(&mut reader).await.unwrap().unwrap().0, 2);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_full_disk_ends_the_whole_batch_with_outcome_unknown() {
        let folder = tempfile::tempdir().unwrap();
        let (db, writer) = fresh(&folder).await;
        let fills = writer.run::<(), _>(|connection, _| {
            Box::pin(async move {
                connection.execute("pragma max_page_count = 1").await.unwrap();
                let long = "x".repeat(1 << 20);
                let result = store::set_value(connection, "long", &long).await;
                assert!(result.is_err(), "the disk is full");
                Ran { result, drafts: vec![] }
            })
        });
        // The first holds the batch open until the others wait in it.
        let (first, full, last) = tokio::join!(put(&writer, "first", 100), fills, put(&writer, "last", 0));
        for outcome in [first.err(), full.err()] {
            assert!(matches!(outcome, Some(Error::Unknown(_))), "{outcome:?}");
        }
        // Whoever came after either shares the batch's fate or is in the next one, whole.
        assert!(matches!(last, Ok(_) | Err(Error::Unknown(_))));
        let index = put(&writer, "again", 0).await.unwrap();
        assert_eq!(index, u64::from(last.is_ok()), "nothing of the batch was kept");
        assert!(!there(&db, "first").await && !there(&db, "long").await && there(&db, "again").await);
    }
}
