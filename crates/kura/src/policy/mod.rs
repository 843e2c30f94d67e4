//! 方針: its documents and rules, in versions; how another version comes into force, and why something is refused.
//!
//! A version is a whole pack. It is drafted, compared with what is in force (text and rules), proved, adopted and then
//! in force from its day; each step is on record. One that may loosen anything needs the committee's resolution.
//! Rulings say what a clause means, exceptions what does not have to comply with it for a time; laws, treaties and contracts
//! (`requirement`) may ask for more than it does. How a version works is counted month by month (`show_effect`), and what a draft
//! would ask of people before it is adopted (`cost`).

pub mod acknowledge_policy;
pub(crate) mod acknowledgement_store;
pub mod add_requirement;
pub mod adopt_pack;
pub mod candidate;
pub mod comparison;
pub mod confirm_ruling;
pub mod cost;
pub mod draft_policy;
pub(crate) mod effect_page;
mod effect_store;
pub mod end_exception;
pub mod end_requirement;
mod exception_store;
pub mod export_oscal;
pub mod gather_evidence;
pub mod give_ruling;
pub mod grant_exception;
pub mod list_acknowledgements;
pub mod list_clauses;
pub mod list_documents;
pub mod list_exceptions;
pub mod list_requirements;
pub mod list_rulings;
mod oscal;
pub(crate) mod pack_page;
pub(crate) mod page;
pub mod read_pack;
pub(crate) mod requirement_page;
mod requirement_store;
pub mod review_requirement;
pub(crate) mod ruling_page;
mod ruling_store;
pub mod show_document;
pub mod show_effect;
pub mod show_pack;
pub mod version;
pub(crate) mod version_store;
pub mod why;
pub mod withdraw_policy;
