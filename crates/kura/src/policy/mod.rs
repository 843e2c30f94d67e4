//! Policy: which rules are in force, how another pack comes into force, and why something is refused.
//!
//! The pack in force is kept in the database. What lies in the settings' folder is a candidate: it is proved
//! and compared with the rules in force, and adopted by an operation that is on record. A candidate that
//! may loosen anything needs the committee's resolution; until the policy runs resolutions, the operation
//! takes its words as a plain fact.

pub mod adopt_pack;
pub mod candidate;
pub(crate) mod page;
pub mod show_pack;
pub mod why;
