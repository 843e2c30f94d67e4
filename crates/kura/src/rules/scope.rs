//! The condition under which a person may know of an item, or of a matter, as SQL: for lists, search and counts.
//!
//! A list shows exactly what [`Pack::decide`] would let the person know of, one by one: neither more, which
//! would tell of material that is kept from them, nor fewer. The rules are evaluated with the person and the
//! circumstances known and the item or matter unknown, and what remains of each rule becomes a condition on the
//! register. A rule of which something would remain that has no exact condition is found when its pack is
//! loaded, and the pack is refused.
//!
//! The matters that somebody works on or is accountable for are put into a condition as their ids: a database
//! then seeks the items of each by the index on matters, where a join would have it read all items.

mod view;

use std::collections::BTreeSet;
use std::str::FromStr as _;

use cedar_policy::pst::Clause;
use cedar_policy::{
    Effect, Entities, EntityTypeName, PartialEntities, PartialEntityUid, PartialRequest, Policy, PolicySet,
    TpeResponse,
};

use super::facts::{Action, Circumstances, PersonFacts, action_uid, item_type, matter_type};
use super::pack::Pack;
use crate::db::compose::Composed;
pub use crate::db::compose::Value;
use crate::error::{Error, Result};
use crate::id::{MatterId, PartyId, PersonId};
use view::{Known, View};

/// One way to be let in, over `item i join matter m on m.id = i.matter`, or for matters over `matter m`. Parameters are
/// written `{}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The condition.
    pub sql: String,
    /// Values of its parameters, in order.
    pub values: Vec<Value>,
}

/// The items, or the matters, that a person may know of: those for which any of the conditions holds. Exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The ways in. None: nothing may be known.
    pub any: Vec<Condition>,
}

impl Scope {
    /// The join that the conditions need beside `item i`: none, when none speaks of the matter itself. Each row that is
    /// not joined is a row that is not read.
    /// `joint` is `join`, or where an engine must keep the order, `cross join`.
    pub(crate) fn join(&self, joint: &str) -> String {
        if self.any.iter().any(|way| way.sql.contains("m.")) {
            format!(" {joint} matter m on m.id = i.matter")
        } else {
            String::new()
        }
    }

    /// Adds to a statement that one of the conditions holds.
    pub(crate) fn within(&self, composed: &mut Composed) {
        if self.any.is_empty() {
            composed.push("1=0", &[]);
            return;
        }
        for (number, way) in self.any.iter().enumerate() {
            composed.push(if number == 0 { "((" } else { " or (" }, &[]);
            composed.push(&way.sql, &way.values);
            composed.push(")", &[]);
        }
        composed.push(")", &[]);
    }
}

/// What lists are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Items,
    Matters,
}

impl Of {
    /// What a person must be permitted for it to be listed.
    fn action(self) -> Action {
        match self {
            Self::Items => Action("know"),
            Self::Matters => Action("know_matter"),
        }
    }

    fn entity_type(self) -> EntityTypeName {
        match self {
            Self::Items => item_type(),
            Self::Matters => matter_type(),
        }
    }

    /// The column of the matter's id.
    fn matter(self) -> &'static str {
        match self {
            Self::Items => "i.matter",
            Self::Matters => "m.id",
        }
    }
}

/// Who asks, with the matters that they are accountable for; those that they work on are among the facts.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// What the rules see of them.
    pub person: &'a PersonFacts,
    /// The matters whose custodian they are.
    pub accountable: &'a [MatterId],
}

/// Up to so many matters are sought one by one, each by the index on matters.
const MATTERS_APART: usize = 64;
/// Most ways in. Each is a term of one statement, and databases limit those.
const MOST_WAYS: usize = 256;

const PERSON: &str = "Kura::Person";
const GUEST: &str = "Kura::Guest";
const MATTER: &str = "Kura::Matter";
const PARTY: &str = "Kura::Party";
const ITEM: &str = "Kura::Item";

impl Pack {
    /// The items that a person may know of.
    ///
    /// # Errors
    /// Something of a rule remains that is no exact condition on the register. [`Self::check_scope`] finds
    /// these when the pack is loaded.
    pub fn scope(&self, asker: Asker<'_>, circumstances: &Circumstances) -> Result<Scope> {
        self.scope_of(Of::Items, asker, circumstances)
    }

    /// The matters that a person may know of, over `matter m`.
    ///
    /// # Errors
    /// As for [`Self::scope`].
    pub fn scope_of_matters(&self, asker: Asker<'_>, circumstances: &Circumstances) -> Result<Scope> {
        self.scope_of(Of::Matters, asker, circumstances)
    }

    fn scope_of(&self, of: Of, asker: Asker<'_>, circumstances: &Circumstances) -> Result<Scope> {
        let fault = |error: &dyn std::fmt::Display| Error::internal(format!("rules: {error}"));
        let person = asker.person;
        let request = PartialRequest::new(
            PartialEntityUid::from_concrete(person.uid()),
            action_uid(of.action()),
            PartialEntityUid::new(of.entity_type(), None),
            Some(self.context(circumstances)?),
            &self.schema,
        );
        let request = match request {
            Ok(request) => request,
            // A guest has no action for it: nothing is listed, as nothing would be permitted.
            Err(_) if person.party.is_some() => return Ok(Scope { any: vec![] }),
            Err(error) => return Err(fault(&error)),
        };
        let entities =
            Entities::from_entities([person.entity()?], None).map_err(|error| fault(&error)).and_then(
                |known| PartialEntities::from_concrete(known, &self.schema).map_err(|error| fault(&error)),
            )?;
        let rules = match of {
            Of::Items => &self.know,
            Of::Matters => &self.know_matters,
        };
        let response = rules.tpe(&request, &entities, &self.schema).map_err(|error| fault(&error))?;
        let errors = response.error_permits().count() + response.error_forbids().count();
        if errors > 0 {
            tracing::error!(action = %of.action(), errors, "a rule could not be evaluated; nothing is listed");
            return Ok(Scope { any: vec![] });
        }
        if response.true_forbids().next().is_some() {
            return Ok(Scope { any: vec![] });
        }
        let view = View { of, known: Known::Asker(asker) };
        let remains = remains(&response, &view).map_err(|error| fault(&error))?;
        remains.scope().map_err(|error| fault(&error))
    }

    /// Whether every rule on `know` and `know_matter` has an exact condition, for whoever asks under whatever
    /// circumstances: each rule is tried with person and circumstances unknown, so that no branch of it goes unseen.
    ///
    /// # Errors
    /// The rule that has none, and what to do.
    pub fn check_scope(&self) -> Result<(), String> {
        for of in [Of::Items, Of::Matters] {
            for kind in [PERSON, GUEST] {
                let view = View { of, known: Known::Nobody };
                self.unknowing(of, kind, |response| remains(response, &view).map(|_| ()))?;
            }
        }
        // And with people, whose facts must fit the schema.
        let matter = MatterId::new(0, &[1; 10]);
        for guest in [false, true] {
            for matters in [vec![], vec![matter]] {
                let person = PersonFacts {
                    id: PersonId::new(0, &[0; 10]),
                    employment: "regular".to_owned(),
                    party: guest.then(|| PartyId::new(0, &[0; 10])),
                    until: 1,
                    clearance: 0,
                    suspended: false,
                    trained_until: 1,
                    acknowledged: 0,
                    offices: vec![],
                    matters,
                };
                let circumstances = Circumstances { zone: "office".to_owned(), ..Circumstances::default() };
                let asker = Asker { person: &person, accountable: &[matter] };
                self.scope(asker, &circumstances).map_err(|error| error.to_string())?;
                self.scope_of_matters(asker, &circumstances).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }

    /// The rules that may have a say on what is listed; the others need not be evaluated.
    pub(super) fn rules_on_lists(&self, of: Of) -> Result<PolicySet, String> {
        let mut speaking = BTreeSet::new();
        for kind in [PERSON, GUEST] {
            self.unknowing(of, kind, |response| {
                let silent: BTreeSet<_> = response.false_permits().chain(response.false_forbids()).collect();
                let ids = self.policies.policies().map(Policy::id);
                speaking.extend(ids.filter(|id| !silent.contains(id)).cloned());
                Ok(())
            })?;
        }
        let spoken = self.policies.policies().filter(|rule| speaking.contains(rule.id()));
        PolicySet::from_policies(spoken.cloned()).map_err(|error| error.to_string())
    }

    /// Evaluates the rules with nothing known but the kind of person.
    fn unknowing(
        &self,
        of: Of,
        kind: &str,
        with: impl FnOnce(&TpeResponse<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        let person = EntityTypeName::from_str(kind).map_err(|error| error.to_string())?;
        let request = PartialRequest::new(
            PartialEntityUid::new(person, None),
            action_uid(of.action()),
            PartialEntityUid::new(of.entity_type(), None),
            None,
            &self.schema,
        );
        let request = match request {
            Ok(request) => request,
            // Guests need not know of anything at all.
            Err(_) if kind == GUEST => return Ok(()),
            Err(error) => {
                return Err(format!("the schema must let people know of items and matters: {error}"));
            }
        };
        let entities =
            PartialEntities::from_partial_entities([], &self.schema).map_err(|error| error.to_string())?;
        let response =
            self.policies.tpe(&request, &entities, &self.schema).map_err(|error| error.to_string())?;
        with(&response)
    }
}

/// What remains of the rules once the person and the circumstances are known.
struct Remains {
    permits: Vec<Test>,
    forbids: Vec<Test>,
}

fn remains(response: &TpeResponse<'_>, view: &View<'_>) -> Result<Remains, String> {
    let mut rules: Vec<_> = response.residual_policies().collect();
    // The response keeps its rules in no order; a list's statement stays the same from page to page.
    rules.sort_by_key(|rule| rule.id().clone());
    let mut remains = Remains { permits: vec![], forbids: vec![] };
    if response.true_permits().next().is_some() {
        remains.permits.push(Test::Fixed(true));
    }
    for rule in rules {
        let refused = |what: String| format!("rule {}: {what}", rule.id());
        let syntax = rule.to_pst().map_err(|error| refused(error.to_string()))?;
        let clauses = syntax.body().clauses().iter().map(|clause| match clause {
            Clause::When(expr) => view.test(expr),
            Clause::Unless(expr) => view.test(expr).map(not),
        });
        let test = all(clauses.collect::<Result<_, _>>().map_err(refused)?);
        match rule.effect() {
            Effect::Permit => remains.permits.push(test),
            Effect::Forbid => remains.forbids.push(test),
        }
    }
    Ok(remains)
}

impl Remains {
    fn scope(self) -> Result<Scope, String> {
        let barrier = all(self.forbids.into_iter().map(not).collect());
        let mut ways: Vec<Test> = match any(self.permits) {
            Test::Any(ways) => ways,
            way => vec![way],
        };
        ways.retain(|way| *way != Test::Fixed(false));
        let many: Vec<usize> = ways.iter().filter_map(|way| through_matters(way).map(Vec::len)).collect();
        let apart =
            many.iter().all(|many| *many <= MATTERS_APART) && many.iter().sum::<usize>() <= MOST_WAYS / 2;
        let mut conditions = Vec::new();
        for way in ways {
            let matters = through_matters(&way).filter(|_| apart).cloned();
            match (all(vec![way, barrier.clone()]), matters) {
                (Test::Fixed(false), _) => {}
                (test, None) => conditions.push(test.condition()),
                (test, Some(matters)) => {
                    conditions.extend(matters.iter().map(|matter| through(&test, matter).condition()));
                }
            }
        }
        if conditions.len() > MOST_WAYS {
            return Err(format!(
                "there are {} ways to know of an item, and {MOST_WAYS} at most can be listed: \
                 join rules that permit `know`",
                conditions.len()
            ));
        }
        Ok(Scope { any: conditions })
    }
}

/// The matters through which a way in leads, when it leads through some.
fn through_matters(way: &Test) -> Option<&Vec<MatterId>> {
    match way {
        Test::Matters(_, matters) => Some(matters),
        Test::All(tests) => tests.iter().find_map(through_matters),
        _ => None,
    }
}

/// A way through matters, through one of them alone: that comes first, for the index.
fn through(way: &Test, matter: &MatterId) -> Test {
    let mut tests = match way {
        Test::All(tests) => tests.clone(),
        test => vec![test.clone()],
    };
    if let Some(at) = tests.iter().position(|test| matches!(test, Test::Matters(..)))
        && let Test::Matters(column, _) = tests.remove(at)
    {
        tests.insert(0, Test::Matters(column, vec![*matter]));
    }
    all(tests)
}

/// What is to be tested of an item or a matter.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    Fixed(bool),
    /// A condition, whole or one comparison.
    Sql(Condition),
    /// The matter, in this column, is one of these.
    Matters(&'static str, Vec<MatterId>),
    /// The person was given permission; with a condition on its end.
    Granted(String, Option<Condition>),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
}

fn all(tests: Vec<Test>) -> Test {
    let mut flat = Vec::new();
    for test in tests {
        match test {
            Test::Fixed(true) => {}
            Test::Fixed(false) => return Test::Fixed(false),
            Test::All(tests) => flat.extend(tests),
            test => flat.push(test),
        }
    }
    // A permission with such an end is a permission.
    let ends = |test: &Test| matches!(test, Test::Granted(_, Some(_)));
    if flat.iter().any(ends) {
        flat.retain(|test| !matches!(test, Test::Granted(_, None)));
    }
    match flat.pop() {
        None => Test::Fixed(true),
        Some(only) if flat.is_empty() => only,
        Some(last) => {
            flat.push(last);
            Test::All(flat)
        }
    }
}

fn any(tests: Vec<Test>) -> Test {
    let mut flat = Vec::new();
    for test in tests {
        match test {
            Test::Fixed(false) => {}
            Test::Fixed(true) => return Test::Fixed(true),
            Test::Any(tests) => flat.extend(tests),
            test => flat.push(test),
        }
    }
    match flat.pop() {
        None => Test::Fixed(false),
        Some(only) if flat.is_empty() => only,
        Some(last) => {
            flat.push(last);
            Test::Any(flat)
        }
    }
}

fn not(test: Test) -> Test {
    match test {
        Test::Fixed(value) => Test::Fixed(!value),
        Test::Not(test) => *test,
        test => Test::Not(Box::new(test)),
    }
}

/// One or the other, but as the condition says.
fn either(condition: Test, then: Test, otherwise: Test) -> Test {
    any(vec![all(vec![condition.clone(), then]), all(vec![not(condition), otherwise])])
}

impl Test {
    fn plain(sql: &str) -> Self {
        Self::Sql(Condition { sql: sql.to_owned(), values: vec![] })
    }

    /// That the matter is one of these.
    fn matters(column: &'static str, matters: &[MatterId]) -> Self {
        if matters.is_empty() { Self::Fixed(false) } else { Self::Matters(column, matters.to_vec()) }
    }

    fn condition(&self) -> Condition {
        let mut condition = Condition { sql: String::new(), values: vec![] };
        self.write(&mut condition);
        condition
    }

    fn write(&self, to: &mut Condition) {
        match self {
            Self::Fixed(true) => to.sql.push_str("1=1"),
            Self::Fixed(false) => to.sql.push_str("1=0"),
            Self::Sql(condition) => to.add(condition),
            Self::Matters(column, matters) => {
                let places = vec!["{}"; matters.len()].join(", ");
                match matters.len() {
                    1 => to.sql.push_str(&format!("{column} = {places}")),
                    _ => to.sql.push_str(&format!("{column} in ({places})")),
                }
                let ids = matters.iter().map(|matter| Value::Text(matter.to_string()));
                to.values.extend(ids);
            }
            Self::Granted(person, end) => {
                // Not `exists`: from a person's grants their few items are found by their ids.
                to.sql.push_str("i.id in (select g.item from grants g where g.person = {} and g.until <> 0");
                to.values.push(Value::Text(person.clone()));
                if let Some(end) = end {
                    to.sql.push_str(" and ");
                    to.add(end);
                }
                to.sql.push(')');
            }
            Self::Not(test) => {
                to.sql.push_str("not (");
                test.write(to);
                to.sql.push(')');
            }
            Self::All(tests) => Self::write_joined(tests, " and ", to),
            Self::Any(tests) => Self::write_joined(tests, " or ", to),
        }
    }

    fn write_joined(tests: &[Self], joint: &str, to: &mut Condition) {
        for (number, test) in tests.iter().enumerate() {
            if number > 0 {
                to.sql.push_str(joint);
            }
            let inside = matches!(test, Self::All(_) | Self::Any(_));
            to.sql.push_str(if inside { "(" } else { "" });
            test.write(to);
            to.sql.push_str(if inside { ")" } else { "" });
        }
    }
}

impl Condition {
    fn add(&mut self, other: &Self) {
        self.sql.push_str(&other.sql);
        self.values.extend(other.values.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack;

    fn person(employment: &str, matters: u8) -> PersonFacts {
        PersonFacts {
            id: PersonId::new(1, &[1; 10]),
            employment: employment.to_owned(),
            party: None,
            until: 0,
            clearance: 3,
            suspended: false,
            trained_until: 0,
            acknowledged: 0,
            offices: vec![],
            matters: (0..matters).map(|number| MatterId::new(1, &[number; 10])).collect(),
        }
    }

    fn now() -> Circumstances {
        Circumstances { now: 7, zone: "office".to_owned(), policy: 1, ..Circumstances::default() }
    }

    /// What somebody may know of who is accountable for no matter.
    fn known_to(pack: &Pack, person: &PersonFacts) -> Result<Scope> {
        pack.scope(Asker { person, accountable: &[] }, &now())
    }

    fn sql(scope: &Scope) -> Vec<&str> {
        scope.any.iter().map(|way| way.sql.as_str()).collect()
    }

    /// The model pack with something else instead of the condition on public items.
    fn with(condition: &str) -> Result<Pack, pack::PackError> {
        let mut files = pack::model();
        let text = files.get_mut("rules/40-know.cedar").unwrap();
        assert!(text.contains("resource.rank == 0"));
        *text = text.replace("resource.rank == 0", condition);
        Pack::load(&files)
    }

    #[test]
    fn each_way_in_is_a_condition_of_its_own() {
        let pack = Pack::load(&pack::model()).unwrap();
        let asker = person("regular", 2);
        let accountable = [MatterId::new(2, &[7; 10])];
        let of = Asker { person: &asker, accountable: &accountable };
        let scope = pack.scope(of, &now()).unwrap();
        assert_eq!(
            sql(&scope),
            [
                "i.custodian = {}",
                "i.id in (select g.item from grants g where g.person = {} and g.until <> 0 and g.until > {})",
                "i.matter = {} and i.class <= {}",
                "i.matter = {} and i.class <= {}",
                "i.matter = {} and i.class <= {}",
                "i.class = {}",
            ]
        );
        let own = person("", 0).id.to_string();
        assert_eq!(scope.any[1].values, [Value::Text(own), Value::Long(7)]);
        assert_eq!(scope.any[2].values, [Value::Text(accountable[0].to_string()), Value::Long(3)]);
        let matters = pack.scope_of_matters(of, &now()).unwrap();
        assert_eq!(sql(&matters), ["m.id = {}", "m.id = {}", "m.id = {}"]);
        // What an intern may not handle bars every way in; without a matter there is no way through one.
        let scope = known_to(&pack, &person("intern", 0)).unwrap();
        assert_eq!(scope.any.len(), 3);
        assert!(scope.any.iter().all(|way| way.sql.ends_with(" and not (i.class >= {})")), "{scope:?}");
        // With many matters, one condition has them all.
        let scope = known_to(&pack, &person("regular", 200)).unwrap();
        assert_eq!(scope.any.len(), 4);
        assert_eq!(scope.any[2].values.len(), 201);
        let mut suspended = person("director", 2);
        suspended.suspended = true;
        assert_eq!(known_to(&pack, &suspended).unwrap().any, []);
    }

    #[test]
    fn what_holds_for_every_item_is_said_plainly() {
        let pack = with("true").unwrap();
        assert_eq!(sql(&known_to(&pack, &person("regular", 2)).unwrap()), ["1=1"]);
        let pack = with("context.now > 7").unwrap();
        assert_eq!(known_to(&pack, &person("regular", 0)).unwrap().any.len(), 2);
    }

    #[test]
    fn a_pack_whose_lists_would_not_be_exact_is_refused() {
        for condition in [
            "resource.kind like \"l*\"",
            "resource.rank + 1 > 2",
            "-resource.rank < 0",
            "[\"lent\"].containsAll([resource.kind])",
            "resource.custodian.suspended",
            "resource.custodian in Kura::Office::\"auditor\"",
            "resource.hasTag(resource.kind)",
            "resource.hasTag(principal.key) && resource.getTag(principal.key) == {until: 1}",
            "(if resource.shared then 1 else 2) == resource.rank",
            "resource.kind == \"\\0\"",
            // In a branch that few would ever reach.
            "principal.employment == \"intern\" && context.now > 9000 && resource.kind like \"l*\"",
            "principal in Kura::Office::\"auditor\" && principal.clearance > 3 && resource.form like \"e*\"",
        ] {
            let error = with(condition).unwrap_err();
            assert!(
                error.file.starts_with("rules/") && error.what.starts_with("line "),
                "{condition}: {error}"
            );
            assert!(error.what.contains("rule item-public: "), "{condition}: {error}");
            assert!(error.what.contains("take `know` from the rule"), "{condition}: {error}");
        }
        // The person's side and the circumstances may be anything.
        let known = "principal.employment like \"d*\" && principal.clearance * 2 > resource.rank";
        assert!(with(known).is_ok());
    }

    #[test]
    fn a_rule_that_errs_lists_nothing() {
        let pack = with("context.now + 9223372036854775807 > resource.rank").unwrap();
        let scope = known_to(&pack, &person("regular", 2)).unwrap();
        assert_eq!(scope.any, []);
    }
}
