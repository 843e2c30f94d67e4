//! The rules: Cedar policies, by which the door decides.
//!
//! - [`facts`]: what the rules are told of people, matters and items;
//! - [`pack`]: a policy pack read from files and checked; [`archive`]: its files as one;
//! - [`bodies`]: who resolves, and when a resolution is carried;
//! - [`documents`]: its documents, clause by clause; [`duties`]: its duties and when they are due;
//! - [`courses`]: its courses, for whom they are, and the questions of each;
//! - [`decide`]: one decision, failing closed;
//! - [`scope`]: the items that a person may know of, as a condition on the register;
//! - [`invariants`]: what the rules must never permit;
//! - [`cases`]: requests with the answers that they must get;
//! - [`prove`]: the proof that they never do, with counterexamples where they might; [`lock`]: which pack
//!   was proved;
//! - [`compare`], [`replay`]: what a candidate pack changes, over every possible request and over those of
//!   the past;
//! - [`explain`]: which rules decided, and what would make it permitted;
//! - [`may`]: what one person may do with one thing, action by action.
//!
//! A pack decides nothing until it was checked. An evaluation error is a denial and an alarm.

pub mod archive;
pub mod bodies;
pub mod cases;
pub mod compare;
pub mod counterexample;
pub mod courses;
pub mod decide;
pub mod documents;
pub mod duties;
pub mod explain;
pub mod facts;
mod faults;
pub mod inspection;
pub mod invariants;
pub mod lock;
pub mod may;
pub mod pack;
pub mod prove;
pub mod replay;
pub mod scope;
mod solver;
pub mod violations;
