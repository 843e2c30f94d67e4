//! 方針: its documents and rules, in versions; how another version comes into force, and why something is refused.
//!
//! A version is a whole pack. It is drafted, compared with what is in force (text and rules), proved, adopted and then
//! in force from its day; each step is on record. One that may loosen anything needs the committee's resolution; until
//! the policy runs resolutions, the operation takes its words as a plain fact.

pub mod acknowledge_policy;
pub(crate) mod acknowledgement_store;
pub mod adopt_pack;
pub mod candidate;
pub mod comparison;
pub mod draft_policy;
pub mod export_oscal;
pub mod gather_evidence;
pub mod list_acknowledgements;
pub mod list_clauses;
pub mod list_documents;
mod oscal;
pub(crate) mod page;
pub mod show_document;
pub mod show_pack;
pub mod version;
pub(crate) mod version_store;
pub mod why;
pub mod withdraw_policy;
