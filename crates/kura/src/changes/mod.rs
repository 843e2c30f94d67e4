//! 変更管理: changes to the systems are planned, resolved upon and recorded (`system`).
//!
//! Whoever administers systems plans a change: what, why, when, and how it is undone. The subcommittee resolves upon it,
//! member by member, like upon anything else; then it is done, and recorded. What cannot wait is done first and resolved
//! upon afterwards, and the list says so until it is.

pub mod approve_change;
pub mod list_changes;
pub(crate) mod page;
pub mod plan_change;
pub mod record_change;
pub(crate) mod store;
