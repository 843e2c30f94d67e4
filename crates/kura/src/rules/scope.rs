//! The condition under which a person may know of an item, as SQL: for lists, search and counts.

use super::facts::{Circumstances, PersonFacts};
use super::pack::Pack;
use crate::error::Result;

/// A value bound to a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Long(i64),
}

/// One way to be let in, over `item i join matter m on m.id = i.matter`. Parameters are written `{}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The condition.
    pub sql: String,
    /// Values of its parameters, in order.
    pub values: Vec<Value>,
}

/// The items that a person may know of: those for which any of the conditions holds. Exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The ways in. None: nothing may be known.
    pub any: Vec<Condition>,
}

impl Pack {
    /// The items that a person may know of.
    pub fn scope(&self, _person: &PersonFacts, _circumstances: &Circumstances) -> Result<Scope> {
        Ok(Scope { any: vec![] })
    }
}
