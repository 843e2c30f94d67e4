//! The same decision by `regorus` (Rego): opening an item, by the rules of the model pack that speak of it,
//! written over by hand. Both are given the same facts and must answer alike.

use std::time::Duration;

use kura::rules::facts::{Circumstances, PersonFacts, Resource};
use kura::rules::pack::{Pack, model};
use regorus::{Engine, Value};
use serde_json::json;

use crate::{percentiles, timed};

const RULES: &str = r#"
package kura

default allow := false

allow if {
    permit
    not forbid
}

permit if input.item.rank == 0

permit if {
    input.item.matter in input.person.matters
    input.item.rank <= input.person.clearance
}

permit if input.item.custodian == input.person.id

permit if input.item.granted_until > input.circumstances.now

forbid if not input.person.employment in {"director", "regular", "contract", "dispatched", "intern"}

forbid if input.person.suspended

forbid if input.item.rank > input.person.clearance

forbid if {
    input.person.employment == "intern"
    input.item.rank >= 4
}

forbid if {
    input.item.rank >= 3
    input.person.trained_until <= input.circumstances.now
}

forbid if {
    input.item.rank >= 2
    input.person.acknowledged < input.circumstances.policy
}

forbid if {
    input.item.rank >= 4
    input.circumstances.zone != "office"
}

forbid if {
    input.item.rank >= 4
    not shown
}

shown if input.circumstances.factor_age <= 900000

forbid if input.item.contained

forbid if input.item.state != "held"
"#;

fn ask(engine: &mut Engine, asker: &PersonFacts, resource: &Resource, circumstances: &Circumstances) -> bool {
    let Resource::Item(item, _) = resource else { return false };
    let input = json!({ "person": asker, "item": item, "circumstances": circumstances });
    engine.set_input(Value::from(input));
    engine.eval_rule("data.kura.allow".to_owned()).unwrap() == Value::from(true)
}

/// Middle and p99 of one decision, its input included.
pub fn decisions(
    asker: &PersonFacts,
    resource: &Resource,
    circumstances: &Circumstances,
) -> (Duration, Duration) {
    let mut engine = Engine::new();
    engine.add_policy("kura.rego".to_owned(), RULES.to_owned()).unwrap();
    agree(&mut engine, asker, resource, circumstances);
    let times =
        (0..20_000).map(|_| timed(|| assert!(ask(&mut engine, asker, resource, circumstances))).1).collect();
    percentiles(times)
}

/// Holds both against each other over some other facts: a peer that answers otherwise is none.
fn agree(engine: &mut Engine, asker: &PersonFacts, resource: &Resource, circumstances: &Circumstances) {
    let pack = Pack::load(&model()).unwrap();
    let Resource::Item(item, matter) = resource else { return };
    for rank in 0..5 {
        for clearance in 0..5 {
            for employment in ["regular", "intern", "visitor"] {
                for (state, zone) in [("held", "office"), ("held", "outside"), ("returned", "office")] {
                    let mut asker = asker.clone();
                    (asker.clearance, asker.employment) = (clearance, employment.to_owned());
                    let mut item = item.clone();
                    (item.rank, item.state) = (rank, state.to_owned());
                    let resource = Resource::Item(item, matter.clone());
                    for factor_age in [None, Some(900_000), Some(900_001)] {
                        let zone = zone.to_owned();
                        let around = Circumstances { zone, factor_age, ..circumstances.clone() };
                        let ours =
                            pack.decide(&asker, kura::rules::facts::Action("open"), &resource, &around);
                        let theirs = ask(engine, &asker, &resource, &around);
                        assert_eq!(ours.unwrap().permitted, theirs, "{asker:?} {resource:?} {around:?}");
                    }
                }
            }
        }
    }
}
