//! The rules: Cedar policies, by which the door decides.
//!
//! - [`facts`]: what the rules are told of people, matters and items;
//! - [`pack`]: a policy pack read from files and checked;
//! - [`decide`]: one decision, failing closed;
//! - [`scope`]: the items that a person may know of, as a condition on the register.

//!
//! A pack decides nothing until it was checked. An evaluation error is a denial and an alarm.

pub mod decide;
pub mod facts;
pub mod pack;
pub mod scope;
