//! 機関と決議: bodies resolve, with a quorum, each member's vote on record and signed where they have a passkey.
//!
//! Who a body's members are is who holds its office at the moment of a vote. A resolution may be about a version of the
//! policy: then it is bound to the digest of exactly that pack, and [`crate::policy::adopt_pack`] asks for it.

pub mod list_resolutions;
pub(crate) mod page;
pub mod propose_resolution;
pub(crate) mod store;
pub mod subject;
pub mod vote;

/// It is voted on.
pub(crate) const OPEN: &str = "open";
/// It was carried.
pub(crate) const CARRIED: &str = "carried";
