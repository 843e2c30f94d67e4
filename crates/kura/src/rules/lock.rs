//! `proofs.lock`: which pack was proved, by which solver, and what of it.
//!
//! With it the model pack comes into force on a machine without a solver, with the firm's name and with documents
//! and duties of its own. Any change to what is proved (schema, classes, rules, invariants) makes the lock unfit: prove
//! again. A lock says nothing by itself about who wrote it; trust the one that is part of the program, or your own.

use serde::{Deserialize, Serialize};

use super::pack::Pack;
use super::prove::{Proofs, claims};
use crate::clock::{Millis, rfc3339};
use crate::error::{Error, Result};

const HEAD: &str = "\
# Which pack was proved. Written when everything was proved, never by hand: after any change to the pack,
# prove it again.

";

/// Counts up when more has to be proved than an older program did.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lock {
    version: u32,
    pack: String,
    solver: String,
    date: String,
    proved: Vec<String>,
}

/// The model pack's lock, as shipped.
pub fn model_lock() -> &'static str {
    include_str!("../../../../policy/proofs.lock")
}

/// Writes the lock of a pack of which everything is proved.
pub fn write_lock(proofs: &Proofs, now: Millis) -> Result<String> {
    if let Some(open) = proofs.proofs.iter().find(|proof| !proof.holds()) {
        return Err(Error::conflict(format!(
            "{} is not proved ({}); mend the rule or the invariant and prove again",
            open.name(),
            open.en
        )));
    }
    let mut proved: Vec<String> = proofs.proofs.iter().map(|proof| proof.name()).collect();
    proved.sort();
    proved.dedup();
    let lock = Lock {
        version: VERSION,
        pack: proofs.pack.clone(),
        solver: proofs.solver.clone(),
        date: rfc3339(now).chars().take(10).collect(),
        proved,
    };
    let text = toml::to_string_pretty(&lock).map_err(Error::internal)?;
    Ok(format!("{HEAD}{text}"))
}

/// Whether a lock fits a pack: exactly this pack, and everything that has to be proved of it.
pub fn locked(pack: &Pack, lock: &str) -> bool {
    toml::from_str::<Lock>(lock).is_ok_and(|lock| {
        lock.version == VERSION
            && lock.pack == pack.proved_digest()
            && claims(pack).iter().all(|claim| lock.proved.contains(claim))
    })
}
