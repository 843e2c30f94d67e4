//! The condition under which a person may know of an item, as SQL: for lists, search and counts.
//!
//! A list shows exactly the items that [`Pack::decide`] would let the person know of, one by one: neither
//! more, which would tell of material that is kept from them, nor fewer. The rules are evaluated with the
//! person and the circumstances known and the item unknown, and what remains of each rule becomes a
//! condition on the register. A rule of which something would remain that has no exact condition is found
//! when its pack is loaded, and the pack is refused.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use cedar_policy::pst::{BinaryOp, Clause, EntityUID, Expr, Literal, UnaryOp, Var};
use cedar_policy::{
    Effect, Entities, EntityTypeName, PartialEntities, PartialEntityUid, PartialRequest, Policy, PolicySet,
    TpeResponse,
};

use super::facts::{Action, Circumstances, PersonFacts, action_uid, item_type};
use super::pack::Pack;
use crate::error::{Error, Result};
use crate::id::{MatterId, PartyId, PersonId};

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

/// What a person must be permitted for an item to be listed.
const KNOW: Action = Action("know");
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
    pub fn scope(&self, person: &PersonFacts, circumstances: &Circumstances) -> Result<Scope> {
        let fault = |error: &dyn std::fmt::Display| Error::internal(format!("rules: {error}"));
        let request = PartialRequest::new(
            PartialEntityUid::from_concrete(person.uid()),
            action_uid(KNOW),
            PartialEntityUid::new(item_type(), None),
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
        let response = self.know.tpe(&request, &entities, &self.schema).map_err(|error| fault(&error))?;
        let errors = response.error_permits().count() + response.error_forbids().count();
        if errors > 0 {
            tracing::error!(action = %KNOW, errors, "a rule could not be evaluated; nothing is listed");
            return Ok(Scope { any: vec![] });
        }
        if response.true_forbids().next().is_some() {
            return Ok(Scope { any: vec![] });
        }
        let remains = remains(&response, &Known::Asker(person)).map_err(|error| fault(&error))?;
        remains.scope(&person.matters).map_err(|error| fault(&error))
    }

    /// Whether every rule on `know` has an exact condition, for whoever asks under whatever circumstances:
    /// each rule is tried with person and circumstances unknown, so that no branch of it goes unseen.
    ///
    /// # Errors
    /// The rule that has none, and what to do.
    pub fn check_scope(&self) -> Result<(), String> {
        for kind in [PERSON, GUEST] {
            self.unknowing(kind, |response| remains(response, &Known::Nobody).map(|_| ()))?;
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
                self.scope(&person, &circumstances).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }

    /// The rules that may have a say on `know`; the others need not be evaluated for a list.
    pub(super) fn rules_on_know(&self) -> Result<PolicySet, String> {
        let mut speaking = BTreeSet::new();
        for kind in [PERSON, GUEST] {
            self.unknowing(kind, |response| {
                let silent: BTreeSet<_> = response.false_permits().chain(response.false_forbids()).collect();
                let ids = self.policies.policies().map(Policy::id);
                speaking.extend(ids.filter(|id| !silent.contains(id)).cloned());
                Ok(())
            })?;
        }
        let spoken = self.policies.policies().filter(|rule| speaking.contains(rule.id()));
        PolicySet::from_policies(spoken.cloned()).map_err(|error| error.to_string())
    }

    /// Evaluates the rules on `know` with nothing known but the kind of person.
    fn unknowing(
        &self,
        kind: &str,
        with: impl FnOnce(&TpeResponse<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        let person = EntityTypeName::from_str(kind).map_err(|error| error.to_string())?;
        let request = PartialRequest::new(
            PartialEntityUid::new(person, None),
            action_uid(KNOW),
            PartialEntityUid::new(item_type(), None),
            None,
            &self.schema,
        );
        let request = match request {
            Ok(request) => request,
            // Guests need not know of items at all.
            Err(_) if kind == GUEST => return Ok(()),
            Err(error) => return Err(format!("the schema must let people know of items: {error}")),
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

fn remains(response: &TpeResponse<'_>, known: &Known<'_>) -> Result<Remains, String> {
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
            Clause::When(expr) => known.test(expr),
            Clause::Unless(expr) => known.test(expr).map(not),
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
    fn scope(self, matters: &[MatterId]) -> Result<Scope, String> {
        let barrier = all(self.forbids.into_iter().map(not).collect());
        let mut ways: Vec<Test> = match any(self.permits) {
            Test::Any(ways) => ways,
            way => vec![way],
        };
        ways.retain(|way| *way != Test::Fixed(false));
        let memberships = ways.iter().filter(|way| is_membership(way)).count();
        let apart = matters.len() <= MATTERS_APART && memberships * matters.len() <= MOST_WAYS / 2;
        let mut conditions = Vec::new();
        for way in ways {
            let split = apart && is_membership(&way);
            match all(vec![way, barrier.clone()]) {
                Test::Fixed(false) => {}
                Test::All(mut tests) if split => {
                    tests.retain(|test| *test != Test::Member);
                    conditions.extend(matters.iter().map(|matter| {
                        let mut tests = tests.clone();
                        tests.insert(0, Test::matter(matter));
                        all(tests).condition(matters)
                    }));
                }
                Test::Member if split => {
                    let each = matters.iter().map(Test::matter);
                    conditions.extend(each.map(|test| test.condition(matters)));
                }
                test => conditions.push(test.condition(matters)),
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

/// Whether a way in stands open only to those who work on the item's matter.
fn is_membership(way: &Test) -> bool {
    match way {
        Test::Member => true,
        Test::All(tests) => tests.contains(&Test::Member),
        _ => false,
    }
}

/// What is to be tested of an item.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    Fixed(bool),
    /// A condition, whole or one comparison.
    Sql(Condition),
    /// The person works on the item's matter.
    Member,
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

    fn matter(matter: &MatterId) -> Self {
        Self::Sql(Condition {
            sql: "i.matter = {}".to_owned(),
            values: vec![Value::Text(matter.to_string())],
        })
    }

    fn condition(&self, matters: &[MatterId]) -> Condition {
        let mut condition = Condition { sql: String::new(), values: vec![] };
        self.write(matters, &mut condition);
        condition
    }

    fn write(&self, matters: &[MatterId], to: &mut Condition) {
        match self {
            Self::Fixed(true) => to.sql.push_str("1=1"),
            Self::Fixed(false) => to.sql.push_str("1=0"),
            Self::Sql(condition) => to.add(condition),
            Self::Member if matters.is_empty() => to.sql.push_str("1=0"),
            Self::Member => {
                let places = vec!["{}"; matters.len()].join(", ");
                to.sql.push_str(&format!("i.matter in ({places})"));
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
                test.write(matters, to);
                to.sql.push(')');
            }
            Self::All(tests) => Self::write_joined(tests, " and ", matters, to),
            Self::Any(tests) => Self::write_joined(tests, " or ", matters, to),
        }
    }

    fn write_joined(tests: &[Self], joint: &str, matters: &[MatterId], to: &mut Condition) {
        for (number, test) in tests.iter().enumerate() {
            if number > 0 {
                to.sql.push_str(joint);
            }
            let inside = matches!(test, Self::All(_) | Self::Any(_));
            to.sql.push_str(if inside { "(" } else { "" });
            test.write(matters, to);
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

/// A column of the register, as the rules see it.
enum Column {
    /// A value.
    Value(&'static str, Kind),
    /// Yes or no.
    Flag(&'static str),
}

/// What can be compared with what.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Long,
    Text,
    Entity(String),
}

fn entity(kind: &str) -> Kind {
    Kind::Entity(kind.to_owned())
}

fn item_column(attribute: &str) -> Option<Column> {
    Some(match attribute {
        "rank" => Column::Value("i.class", Kind::Long),
        "kind" => Column::Value("i.kind", Kind::Text),
        "form" => Column::Value("i.form", Kind::Text),
        "state" => Column::Value("i.state", Kind::Text),
        "custodian" => Column::Value("i.custodian", entity(PERSON)),
        "matter" => Column::Value("i.matter", entity(MATTER)),
        "shared" => Column::Flag("i.shared <> 0"),
        "contained" => Column::Flag("i.contained <> 0"),
        "held" => Column::Flag("i.holds <> 0"),
        _ => return None,
    })
}

fn matter_column(attribute: &str) -> Option<Column> {
    Some(match attribute {
        "open" => Column::Flag("m.state = 'open'"),
        "party" => Column::Value("m.party", entity(PARTY)),
        "custodian" => Column::Value("m.custodian", entity(PERSON)),
        "copies" => Column::Flag("m.copies <> 0"),
        "summaries" => Column::Flag("m.summaries <> 0"),
        "subcontractor" => Column::Flag("m.subcontractor <> 0"),
        "generativeAi" => Column::Flag("m.generative_ai <> 0"),
        "abroad" => Column::Flag("m.abroad <> 0"),
        "personalDevice" => Column::Flag("m.personal_device <> 0"),
        _ => return None,
    })
}

fn is_resource(expr: &Expr) -> bool {
    matches!(expr, Expr::Var(Var::Resource))
}

fn is_matter(expr: &Expr) -> bool {
    matches!(expr, Expr::GetAttr { expr, attr } if attr == "matter" && is_resource(expr))
}

/// The column that an expression reads, when it reads one.
fn column(expr: &Expr) -> Option<Column> {
    match expr {
        Expr::Var(Var::Resource) => Some(Column::Value("i.id", entity(ITEM))),
        Expr::GetAttr { expr, attr } if is_resource(expr) => item_column(attr),
        Expr::GetAttr { expr, attr } if is_matter(expr) => matter_column(attr),
        _ => None,
    }
}

/// One side of a comparison.
struct Side {
    sql: &'static str,
    value: Option<Value>,
    /// Nothing: it is known once somebody asks.
    kind: Option<Kind>,
    /// Whether it is of the person's grant on the item.
    of_grant: bool,
}

impl Side {
    fn column(sql: &'static str, kind: Kind) -> Self {
        Self { sql, value: None, kind: Some(kind), of_grant: false }
    }

    fn literal(value: Value, kind: Kind) -> Self {
        Self { sql: "{}", value: Some(value), kind: Some(kind), of_grant: false }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Sign {
    fn negated(self) -> Self {
        match self {
            Self::Equal => Self::Unequal,
            Self::Unequal => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::Unequal)
    }

    fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

fn sign_of(expr: &Expr) -> Option<Sign> {
    let Expr::BinaryOp { op, .. } = expr else {
        return None;
    };
    Some(match op {
        BinaryOp::Eq => Sign::Equal,
        BinaryOp::NotEq => Sign::Unequal,
        BinaryOp::Less => Sign::Less,
        BinaryOp::LessEq => Sign::LessOrEqual,
        BinaryOp::Greater => Sign::Greater,
        BinaryOp::GreaterEq => Sign::GreaterOrEqual,
        _ => return None,
    })
}

/// Who asks, for whom what remains of the rules is put as a condition.
enum Known<'a> {
    /// Nobody yet. Whatever is not of the item will be a value, or yes or no, once somebody does.
    Nobody,
    /// This person.
    Asker(&'a PersonFacts),
}

impl Known<'_> {
    /// An expression that says yes or no, as a test of an item. Nothing of it can err: what could was
    /// refused by the strict validation, or is refused here.
    fn test(&self, expr: &Expr) -> Result<Test, String> {
        match expr {
            Expr::Literal(Literal::Bool(value)) => Ok(Test::Fixed(*value)),
            _ if self.will_be_known(expr) => Ok(Test::plain("1=1")),
            Expr::UnaryOp { op: UnaryOp::Not, expr } => match (&**expr, sign_of(expr)) {
                (Expr::BinaryOp { left, right, .. }, Some(sign)) => self.compare(sign.negated(), left, right),
                (expr, _) => self.test(expr).map(not),
            },
            Expr::BinaryOp { op, left, right } => match op {
                BinaryOp::And => match self.test(left)? {
                    Test::Fixed(false) => Ok(Test::Fixed(false)),
                    left => Ok(all(vec![left, self.test(right)?])),
                },
                BinaryOp::Or => match self.test(left)? {
                    Test::Fixed(true) => Ok(Test::Fixed(true)),
                    left => Ok(any(vec![left, self.test(right)?])),
                },
                BinaryOp::In => self.within(left, right),
                BinaryOp::Contains => self.contains(left, right),
                BinaryOp::HasTag if is_resource(left) => Ok(match self.is_own_key(right) {
                    Some(true) => Test::Granted(self.id(), None),
                    // The register tells the rules of the asker's own grants only.
                    Some(false) => Test::Fixed(false),
                    None => return Err(self.untold(expr)),
                }),
                _ => match sign_of(expr) {
                    Some(sign) => self.compare(sign, left, right),
                    None => Err(self.untold(expr)),
                },
            },
            Expr::IfThenElse { cond, then_expr, else_expr } => match self.test(cond)? {
                Test::Fixed(true) => self.test(then_expr),
                Test::Fixed(false) => self.test(else_expr),
                cond => Ok(either(cond, self.test(then_expr)?, self.test(else_expr)?)),
            },
            Expr::HasAttr { expr: of, attrs } => {
                let path: Vec<&str> = attrs.iter().map(|attribute| attribute.as_str()).collect();
                // Every item has every column, and nothing besides.
                match path[..] {
                    [one] if is_resource(of) => Ok(Test::Fixed(item_column(one).is_some())),
                    [one] if is_matter(of) => Ok(Test::Fixed(matter_column(one).is_some())),
                    ["matter", two] if is_resource(of) => Ok(Test::Fixed(matter_column(two).is_some())),
                    _ => Err(self.untold(expr)),
                }
            }
            Expr::Is { expr: of, entity_type, in_expr: None } => match self.side(of)?.kind {
                Some(Kind::Entity(kind)) => Ok(Test::Fixed(kind == entity_type.to_string())),
                _ => Err(self.untold(expr)),
            },
            _ => match column(expr) {
                Some(Column::Flag(sql)) => Ok(Test::plain(sql)),
                _ => Err(self.untold(expr)),
            },
        }
    }

    fn compare(&self, sign: Sign, left: &Expr, right: &Expr) -> Result<Test, String> {
        if !sign.is_order() && (self.says_yes_or_no(left) || self.says_yes_or_no(right)) {
            let (left, right) = (self.test(left)?, self.test(right)?);
            let same = either(left, right.clone(), not(right));
            return Ok(if sign == Sign::Equal { same } else { not(same) });
        }
        let (left_side, right_side) = (self.side(left)?, self.side(right)?);
        let (Some(left_kind), Some(right_kind)) = (&left_side.kind, &right_side.kind) else {
            return Ok(Test::plain("1=1"));
        };
        match (left_kind, right_kind) {
            (Kind::Long, Kind::Long) => {}
            (Kind::Text, Kind::Text) if !sign.is_order() => {}
            (Kind::Entity(left), Kind::Entity(right)) if !sign.is_order() => {
                if left != right {
                    return Ok(Test::Fixed(sign == Sign::Unequal));
                }
            }
            _ => return Err(self.untold(left)),
        }
        match (&left_side.value, &right_side.value) {
            (Some(Value::Long(left)), Some(Value::Long(right))) => {
                return Ok(Test::Fixed(sign.holds(left, right)));
            }
            (Some(Value::Text(left)), Some(Value::Text(right))) => {
                return Ok(Test::Fixed(sign.holds(left, right)));
            }
            _ => {}
        }
        let condition = Condition {
            sql: format!("{} {} {}", left_side.sql, sign.sql(), right_side.sql),
            values: left_side.value.into_iter().chain(right_side.value).collect(),
        };
        Ok(self.place(condition, left_side.of_grant || right_side.of_grant))
    }

    fn place(&self, condition: Condition, of_grant: bool) -> Test {
        if of_grant { Test::Granted(self.id(), Some(condition)) } else { Test::Sql(condition) }
    }

    fn within(&self, left: &Expr, right: &Expr) -> Result<Test, String> {
        if let Expr::Set(elements) = right {
            let each = elements.iter().map(|element| self.within(left, element));
            return Ok(any(each.collect::<Result<_, _>>()?));
        }
        let right_kind = self.side(right)?.kind;
        match (left, column(left)) {
            // An item and a matter are in nothing but themselves.
            (_, Some(Column::Value("i.id" | "i.matter", _))) => self.compare(Sign::Equal, left, right),
            (_, Some(_)) => Err(self.untold(left)),
            (Expr::Literal(Literal::EntityUID(uid)), _) => match self {
                Self::Asker(person) if right_kind == Some(entity(MATTER)) && self.is_asker(uid) => {
                    Ok(if person.matters.is_empty() { Test::Fixed(false) } else { Test::Member })
                }
                // Anybody else is told of without what they are in.
                _ => self.compare(Sign::Equal, left, right),
            },
            _ if self.will_be_known(left) => Ok(Test::plain("1=1")),
            _ => Err(self.untold(left)),
        }
    }

    fn contains(&self, set: &Expr, what: &Expr) -> Result<Test, String> {
        let Expr::Set(elements) = set else {
            if self.will_be_known(set) && self.says_yes_or_no(what) {
                return self.test(what);
            }
            if self.will_be_known(set) {
                return self.side(what).map(|_| Test::plain("1=1"));
            }
            return Err(self.untold(set));
        };
        let literal = |element: &&Expr| matches!(element, Expr::Literal(_));
        let all_literal = elements.iter().all(|element| literal(&&**element));
        if !all_literal || elements.is_empty() || self.says_yes_or_no(what) {
            let each = elements.iter().map(|element| self.compare(Sign::Equal, what, element));
            return Ok(any(each.collect::<Result<_, _>>()?));
        }
        let side = self.side(what)?;
        let mut values = Vec::new();
        for element in elements {
            let element_side = self.side(element)?;
            match (&side.kind, &element_side.kind) {
                (Some(Kind::Entity(kind)), Some(Kind::Entity(of))) if kind != of => {}
                (Some(kind), Some(of)) if kind != of => return Err(self.untold(element)),
                _ => values.extend(element_side.value),
            }
        }
        if side.kind.is_none() {
            return Ok(Test::plain("1=1"));
        }
        if let Some(value) = &side.value {
            return Ok(Test::Fixed(values.contains(value)));
        }
        if values.is_empty() {
            return Ok(Test::Fixed(false));
        }
        let places = vec!["{}"; values.len()].join(", ");
        let condition = Condition { sql: format!("{} in ({places})", side.sql), values };
        Ok(self.place(condition, side.of_grant))
    }

    fn side(&self, expr: &Expr) -> Result<Side, String> {
        match expr {
            Expr::Literal(Literal::Long(number)) => Ok(Side::literal(Value::Long(*number), Kind::Long)),
            // PostgreSQL keeps no text with a NUL, and would refuse the whole statement.
            Expr::Literal(Literal::String(text)) if !text.contains('\0') => {
                Ok(Side::literal(Value::Text(text.to_string()), Kind::Text))
            }
            Expr::Literal(Literal::EntityUID(uid)) if !uid.eid.contains('\0') => {
                Ok(Side::literal(Value::Text(uid.eid.to_string()), Kind::Entity(uid.ty.to_string())))
            }
            Expr::GetAttr { expr: of, attr } if attr == "until" => match &**of {
                Expr::BinaryOp { op: BinaryOp::GetTag, left, right }
                    if is_resource(left) && self.is_own_key(right) == Some(true) =>
                {
                    Ok(Side { of_grant: true, ..Side::column("g.until", Kind::Long) })
                }
                _ if self.will_be_known(expr) => Ok(self.later()),
                _ => Err(self.untold(expr)),
            },
            _ if self.will_be_known(expr) => Ok(self.later()),
            _ => match column(expr) {
                Some(Column::Value(sql, kind)) => Ok(Side::column(sql, kind)),
                _ => Err(self.untold(expr)),
            },
        }
    }

    /// A side that is known once somebody asks.
    fn later(&self) -> Side {
        Side { sql: "{}", value: None, kind: None, of_grant: false }
    }

    /// Whether an expression has nothing of the item, and nobody asks yet.
    fn will_be_known(&self, expr: &Expr) -> bool {
        matches!(self, Self::Nobody)
            && expr.reduce(
                &|part| matches!(part, Expr::Var(Var::Resource) | Expr::ResidualError).then_some(false),
                &|left, right| left && right,
                true,
            )
    }

    fn says_yes_or_no(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Literal(Literal::Bool(_))
            | Expr::UnaryOp { op: UnaryOp::Not, .. }
            | Expr::Like { .. }
            | Expr::Is { .. }
            | Expr::HasAttr { .. } => true,
            Expr::BinaryOp { op, .. } => {
                sign_of(expr).is_some()
                    || matches!(
                        op,
                        BinaryOp::And | BinaryOp::Or | BinaryOp::In | BinaryOp::Contains | BinaryOp::HasTag
                    )
            }
            Expr::IfThenElse { then_expr, .. } => self.says_yes_or_no(then_expr),
            _ => matches!(column(expr), Some(Column::Flag(_))),
        }
    }

    /// Whether a tag's key is the asker's; nothing when it depends on the item.
    fn is_own_key(&self, key: &Expr) -> Option<bool> {
        match (self, key) {
            (Self::Asker(person), Expr::Literal(Literal::String(key))) => Some(*key == person.id.to_string()),
            (Self::Nobody, key) if self.will_be_known(key) => Some(true),
            _ => None,
        }
    }

    fn is_asker(&self, uid: &EntityUID) -> bool {
        match self {
            Self::Nobody => false,
            Self::Asker(person) => {
                let kind = if person.party.is_some() { GUEST } else { PERSON };
                uid.eid == person.id.to_string() && uid.ty.to_string() == kind
            }
        }
    }

    fn id(&self) -> String {
        match self {
            Self::Nobody => String::new(),
            Self::Asker(person) => person.id.to_string(),
        }
    }

    fn untold(&self, expr: &Expr) -> String {
        let what = match self {
            Self::Nobody => format!("`{expr}`"),
            // With somebody's facts in it, an expression is not for messages.
            Self::Asker(_) => "something of it".to_owned(),
        };
        format!(
            "{what} has no exact condition for lists; of an item, its matter and the asker's grant, rules on \
             `know` can test the attributes themselves with ==, !=, <, <=, >, >=, `in` and `contains`, \
             joined by &&, ||, ! and if: write it so, or take `know` from the rule's actions"
        )
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
        let scope = pack.scope(&person("regular", 2), &now()).unwrap();
        assert_eq!(
            sql(&scope),
            [
                "i.custodian = {}",
                "i.id in (select g.item from grants g where g.person = {} and g.until <> 0 and g.until > {})",
                "m.custodian = {} and i.class <= {}",
                "i.matter = {} and i.class <= {}",
                "i.matter = {} and i.class <= {}",
                "i.class = {}",
            ]
        );
        let own = person("", 0).id.to_string();
        assert_eq!(scope.any[1].values, [Value::Text(own), Value::Long(7)]);
        // What an intern may not handle bars every way in; without a matter there is no way through one.
        let scope = pack.scope(&person("intern", 0), &now()).unwrap();
        assert_eq!(scope.any.len(), 4);
        assert!(scope.any.iter().all(|way| way.sql.ends_with(" and not (i.class >= {})")), "{scope:?}");
        // With many matters, one condition has them all.
        let scope = pack.scope(&person("regular", 200), &now()).unwrap();
        assert_eq!(scope.any.len(), 5);
        assert_eq!(scope.any[3].values.len(), 201);
        let mut suspended = person("director", 2);
        suspended.suspended = true;
        assert_eq!(pack.scope(&suspended, &now()).unwrap().any, []);
    }

    #[test]
    fn what_holds_for_every_item_is_said_plainly() {
        let pack = with("true").unwrap();
        assert_eq!(sql(&pack.scope(&person("regular", 2), &now()).unwrap()), ["1=1"]);
        let pack = with("context.now > 7").unwrap();
        assert_eq!(pack.scope(&person("regular", 0), &now()).unwrap().any.len(), 3);
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
            assert_eq!(error.file, "rules", "{condition}: {error}");
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
        let scope = pack.scope(&person("regular", 2), &now()).unwrap();
        assert_eq!(scope.any, []);
    }
}
