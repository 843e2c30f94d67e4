//! Tests of the whole, on real files and both engines. Tests are named for the policy's clauses.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod backup;
mod bodies;
mod browser;
mod calendar;
mod canary;
mod changes;
mod cli;
mod crash;
mod doors;
mod duties;
mod effect;
mod evaluation;
mod evidence;
mod factors;
mod firm;
mod import;
mod input;
mod interop;
mod life;
mod log_key;
mod mail;
mod model;
mod offices;
mod oscal;
mod pages;
mod policy;
mod reach;
mod records;
mod requirements;
mod rulings;
mod scope;
mod search;
mod slips;
mod training;
mod transfer;
mod trouble;
mod violations;

/// Makes a test on each engine of a function that takes a fresh firm.
macro_rules! both {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        mod $name {
            $(#[$doc])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                Box::pin(super::$name(crate::firm::Firm::found(crate::firm::Engine::Sqlite).await)).await;
            }

            $(#[$doc])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                Box::pin(super::$name(crate::firm::Firm::found(crate::firm::Engine::Postgres).await)).await;
            }
        }
    )*};
}
pub(crate) use both;
