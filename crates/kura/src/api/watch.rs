//! Metrics in Prometheus' text format, and health, on a listener of their own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::door::Door;
use crate::error::Error;
use crate::ledger;

#[derive(Default, Clone, Copy)]
struct Count {
    times: u64,
    micros: u128,
}

/// Counters of what passed the door. They name operations, never people or things.
#[derive(Clone, Default)]
pub struct Watch {
    counts: Arc<Mutex<BTreeMap<(&'static str, &'static str), Count>>>,
}

impl Watch {
    /// Counts one operation.
    pub(crate) fn passed(&self, operation: &'static str, error: Option<&Error>, took: Duration) {
        let outcome = match error {
            None => "done",
            Some(Error::Invalid { .. }) => "invalid",
            Some(Error::Unauthenticated(_)) => "unauthenticated",
            Some(Error::Denied(_)) => "denied",
            Some(Error::NotFound(_)) => "not_found",
            Some(Error::Conflict(_)) => "conflict",
            Some(Error::Unknown(_)) => "unknown",
            Some(Error::Internal(_)) => "internal",
        };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((operation, outcome)).or_default();
        count.times += 1;
        count.micros += took.as_micros();
    }

    fn text(&self, size: u64) -> String {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut text = String::from(
            "# HELP kura_operations_total Operations that reached the door.\n# TYPE kura_operations_total counter\n",
        );
        for ((operation, outcome), count) in &counts {
            let labels = format!("{{operation=\"{operation}\",outcome=\"{outcome}\"}}");
            let _ = writeln!(text, "kura_operations_total{labels} {}", count.times);
        }
        text.push_str("# HELP kura_operation_seconds_total Time spent on them.\n# TYPE kura_operation_seconds_total counter\n");
        for ((operation, outcome), count) in &counts {
            let labels = format!("{{operation=\"{operation}\",outcome=\"{outcome}\"}}");
            let seconds = count.micros as f64 / 1e6;
            let _ = writeln!(text, "kura_operation_seconds_total{labels} {seconds}");
        }
        let _ = writeln!(
            text,
            "# HELP kura_ledger_size Records in the ledger.\n# TYPE kura_ledger_size gauge\nkura_ledger_size {size}"
        );
        text
    }
}

async fn size(door: &Door) -> crate::Result<u64> {
    let mut reader = door.database().reader().await?;
    Ok(ledger::store::head(&mut reader).await?.map_or(0, |(size, _)| size))
}

async fn metrics(State((watch, door)): State<(Watch, Door)>) -> (StatusCode, String) {
    match size(&door).await {
        Ok(size) => (StatusCode::OK, watch.text(size)),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n".to_owned()),
    }
}

async fn ready(State((_, door)): State<(Watch, Door)>) -> (StatusCode, &'static str) {
    match size(&door).await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

/// Tells metrics and health on a listener until the future ends.
pub async fn serve(
    listener: TcpListener,
    watch: Watch,
    door: Door,
    until: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/health/ready", get(ready))
        .route("/health/live", get(|| async { "alive\n" }))
        .with_state((watch, door));
    axum::serve(listener, router).with_graceful_shutdown(until).await
}
