//! Ratios measured side by side in one run: never a timed test. `cargo xtask bench` writes them down.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

mod board;
mod content;
mod firm;
mod lists;
mod pages;
mod peer;
mod records;
mod vault;

use std::time::{Duration, Instant};

/// One line of the report.
struct Line {
    what: String,
    measured: String,
    beside: String,
    target: &'static str,
}

/// The report, line by line as it is measured.
#[derive(Default)]
pub struct Report(Vec<Line>);

impl Report {
    /// Adds a line.
    pub fn add(&mut self, what: impl Into<String>, measured: String, beside: String, target: &'static str) {
        let line = Line { what: what.into(), measured, beside, target };
        eprintln!("{}: {} ({}; target {})", line.what, line.measured, line.beside, line.target);
        self.0.push(line);
    }
}

/// How long something takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let value = work();
    (value, started.elapsed())
}

/// The middle and the 99th of a hundred.
pub fn percentiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// Bytes a second, for people.
pub fn speed(bytes: u64, took: Duration) -> f64 {
    bytes as f64 / took.as_secs_f64() / 1e9
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("unknown").to_owned();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores, {}", std::env::consts::OS)
}

fn main() {
    // A page that fails says here why.
    tracing_subscriber::fmt().with_env_filter("error").with_writer(std::io::stderr).init();
    // Names of parts may be given, to measure only those.
    let named: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    let mut report = Report::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if wanted("vault") {
        vault::measure(&mut report);
    }
    if wanted("ledger") {
        records::measure_ledger(&mut report);
    }
    if wanted("records") {
        runtime.block_on(records::measure(&mut report));
    }
    if wanted("lists") {
        runtime.block_on(lists::measure(&mut report));
    }
    if wanted("board") {
        runtime.block_on(board::measure(&mut report));
    }
    if wanted("content") {
        content::measure(&mut report, &runtime);
    }
    println!("# Benchmarks\n");
    println!(
        "Written by `cargo xtask bench`, on: {}. Each line is one run, beside its peer or limit in the same run;",
        machine()
    );
    println!(
        "numbers from another machine say nothing about these. Times include the door, the rules and the record.\n"
    );
    println!("| what | measured | beside | to reach |\n|---|---|---|---|");
    for Line { what, measured, beside, target } in report.0 {
        println!("| {what} | {measured} | {beside} | {target} |");
    }
}
