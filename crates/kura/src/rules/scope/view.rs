//! What remains of a rule, read as a test of an item or a matter: which column an attribute is, what can be compared with
//! what, and what has no exact condition.

use cedar_policy::pst::{BinaryOp, EntityUID, Expr, Literal, UnaryOp, Var};

use super::{Asker, Condition, GUEST, ITEM, MATTER, Of, PARTY, PERSON, Test, Value, all, any, either, not};

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

/// The item's matter.
fn is_matter_of_item(expr: &Expr) -> bool {
    matches!(expr, Expr::GetAttr { expr, attr } if attr == "matter" && is_resource(expr))
}

impl Of {
    /// Whether an expression is the matter.
    fn is_matter(self, expr: &Expr) -> bool {
        match self {
            Self::Items => is_matter_of_item(expr),
            Self::Matters => is_resource(expr),
        }
    }

    /// Whether an expression is the item.
    fn is_item(self, expr: &Expr) -> bool {
        self == Self::Items && is_resource(expr)
    }

    /// The column that an expression reads, when it reads one.
    fn column(self, expr: &Expr) -> Option<Column> {
        match expr {
            Expr::Var(Var::Resource) => Some(match self {
                Self::Items => Column::Value("i.id", entity(ITEM)),
                Self::Matters => Column::Value("m.id", entity(MATTER)),
            }),
            Expr::GetAttr { expr, attr } if self.is_item(expr) => item_column(attr),
            Expr::GetAttr { expr, attr } if self.is_matter(expr) => matter_column(attr),
            _ => None,
        }
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
pub(super) enum Known<'a> {
    /// Nobody yet. Whatever is not of the item will be a value, or yes or no, once somebody does.
    Nobody,
    /// This person.
    Asker(Asker<'a>),
}

/// What remains of the rules, as it is seen for a list.
pub(super) struct View<'a> {
    pub(super) of: Of,
    pub(super) known: Known<'a>,
}

impl View<'_> {
    /// An expression that says yes or no, as a test of an item. Nothing of it can err: what could was
    /// refused by the strict validation, or is refused here.
    pub(super) fn test(&self, expr: &Expr) -> Result<Test, String> {
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
                BinaryOp::HasTag if self.of.is_item(left) => Ok(match self.is_own_key(right) {
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
                    [one] if self.of.is_item(of) => Ok(Test::Fixed(item_column(one).is_some())),
                    [one] if self.of.is_matter(of) => Ok(Test::Fixed(matter_column(one).is_some())),
                    ["matter", two] if self.of.is_item(of) => Ok(Test::Fixed(matter_column(two).is_some())),
                    _ => Err(self.untold(expr)),
                }
            }
            Expr::Is { expr: of, entity_type, in_expr: None } => match self.side(of)?.kind {
                Some(Kind::Entity(kind)) => Ok(Test::Fixed(kind == entity_type.to_string())),
                _ => Err(self.untold(expr)),
            },
            _ => match self.of.column(expr) {
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
        if let Some(test) = self.accountable(sign, &left_side, &right_side) {
            return Ok(test);
        }
        let condition = Condition {
            sql: format!("{} {} {}", left_side.sql, sign.sql(), right_side.sql),
            values: left_side.value.into_iter().chain(right_side.value).collect(),
        };
        Ok(self.place(condition, left_side.of_grant || right_side.of_grant))
    }

    /// Whether the asker is the matter's custodian, by the ids of the matters whose custodian they are.
    fn accountable(&self, sign: Sign, left: &Side, right: &Side) -> Option<Test> {
        let Known::Asker(asker) = &self.known else {
            return None;
        };
        let who = match (left.sql, right.sql) {
            ("m.custodian", _) => &right.value,
            (_, "m.custodian") => &left.value,
            _ => return None,
        };
        let Some(Value::Text(who)) = who else {
            return None;
        };
        let test = (*who == asker.person.id.to_string())
            .then(|| Test::matters(self.of.matter(), asker.accountable))?;
        Some(if sign == Sign::Equal { test } else { not(test) })
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
        match (left, self.of.column(left)) {
            // An item and a matter are in nothing but themselves.
            (_, Some(Column::Value("i.id" | "i.matter" | "m.id", _))) => {
                self.compare(Sign::Equal, left, right)
            }
            (_, Some(_)) => Err(self.untold(left)),
            (Expr::Literal(Literal::EntityUID(uid)), _) => match &self.known {
                Known::Asker(asker) if right_kind == Some(entity(MATTER)) && self.is_asker(uid) => {
                    Ok(Test::matters(self.of.matter(), &asker.person.matters))
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
                    if self.of.is_item(left) && self.is_own_key(right) == Some(true) =>
                {
                    Ok(Side { of_grant: true, ..Side::column("g.until", Kind::Long) })
                }
                _ if self.will_be_known(expr) => Ok(self.later()),
                _ => Err(self.untold(expr)),
            },
            _ if self.will_be_known(expr) => Ok(self.later()),
            _ => match self.of.column(expr) {
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
        matches!(self.known, Known::Nobody)
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
            _ => matches!(self.of.column(expr), Some(Column::Flag(_))),
        }
    }

    /// Whether a tag's key is the asker's; nothing when it depends on the item.
    fn is_own_key(&self, key: &Expr) -> Option<bool> {
        match (&self.known, key) {
            (Known::Asker(asker), Expr::Literal(Literal::String(key))) => {
                Some(*key == asker.person.id.to_string())
            }
            (Known::Nobody, key) if self.will_be_known(key) => Some(true),
            _ => None,
        }
    }

    fn is_asker(&self, uid: &EntityUID) -> bool {
        match &self.known {
            Known::Nobody => false,
            Known::Asker(Asker { person, .. }) => {
                let kind = if person.party.is_some() { GUEST } else { PERSON };
                uid.eid == person.id.to_string() && uid.ty.to_string() == kind
            }
        }
    }

    fn id(&self) -> String {
        match &self.known {
            Known::Nobody => String::new(),
            Known::Asker(asker) => asker.person.id.to_string(),
        }
    }

    fn untold(&self, expr: &Expr) -> String {
        let what = match &self.known {
            Known::Nobody => format!("`{expr}`"),
            // With somebody's facts in it, an expression is not for messages.
            Known::Asker(_) => "something of it".to_owned(),
        };
        format!(
            "{what} has no exact condition for lists; of an item, its matter and the asker's grant, rules on \
             `know` can test the attributes themselves with ==, !=, <, <=, >, >=, `in` and `contains`, \
             joined by &&, ||, ! and if: write it so, or take `know` from the rule's actions"
        )
    }
}
