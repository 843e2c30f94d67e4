//! A policy pack: schema, classes, clauses, rules and invariants, read from files and checked.
//!
//! A pack that does not pass every check is refused whole, with the file and what to do. The model pack
//! is part of the program.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::str::FromStr;

use aws_lc_rs::digest;
use cedar_policy::{
    ActionConstraint, Effect, Entities, EntityUid, PolicyId, PolicySet, PrincipalConstraint,
    ResourceConstraint, Schema, ValidationMode, Validator,
};
use serde::{Deserialize, Serialize};

use super::bodies::{self, Body};
use super::cases::{self, Case};
use super::courses::{self, Courses};
use super::documents::{self, Document, Part};
use super::duties::{self, Duty};
use super::facts::{Resource, action_named, person_type};
use super::faults;
use super::inspection;
use super::invariants::{self, Invariant};
use super::scope::Of;
use super::violations::{self, Violations};

/// Names and texts of a pack's files, the model pack's among them.
pub type Files = BTreeMap<String, String>;

/// The clauses of a pack that holds no documents.
const CLAUSES: &str = "clauses.toml";

macro_rules! model_files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../../policy/", $name)))),*]
    };
}

/// The model pack, as shipped.
pub fn model() -> Files {
    model_files![
        "schema.cedarschema",
        "classes.toml",
        "firm.toml",
        "bodies.toml",
        "duties.toml",
        "courses.toml",
        "courses/beginner.ja.md",
        "courses/beginner.en.md",
        "courses/beginner.toml",
        "courses/staff.ja.md",
        "courses/staff.en.md",
        "courses/staff.toml",
        "courses/custodian.ja.md",
        "courses/custodian.en.md",
        "courses/custodian.toml",
        "courses/administrator.ja.md",
        "courses/administrator.en.md",
        "courses/administrator.toml",
        "courses/domain-administrator.ja.md",
        "courses/domain-administrator.en.md",
        "courses/domain-administrator.toml",
        "courses/committee.ja.md",
        "courses/committee.en.md",
        "courses/committee.toml",
        "documents.toml",
        "documents/policy.ja.md",
        "documents/policy.en.md",
        "documents/standards.ja.md",
        "documents/standards.en.md",
        "documents/classes.ja.md",
        "documents/classes.en.md",
        "documents/take-in-and-return.ja.md",
        "documents/take-in-and-return.en.md",
        "documents/emergency.ja.md",
        "documents/emergency.en.md",
        "documents/disposal.ja.md",
        "documents/disposal.en.md",
        "documents/forms.ja.md",
        "documents/forms.en.md",
        "inspection.toml",
        "violations.toml",
        "rules/10-scope.cedar",
        "rules/20-administration.cedar",
        "rules/30-matters.cedar",
        "rules/40-know.cedar",
        "rules/50-life.cedar",
        "rules/60-duties.cedar",
        "rules/70-evaluation.cedar",
        "rules/80-violations.cedar",
        "invariants/10-scope.cedar",
        "invariants/20-administration.cedar",
        "invariants/30-matters.cedar",
        "invariants/40-know.cedar",
        "invariants/50-life.cedar",
        "invariants/60-duties.cedar",
        "invariants/70-evaluation.cedar",
        "invariants/80-violations.cedar",
        "cases/model.toml",
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .collect()
}

/// The documents of a pack, without its rules.
pub(crate) fn documents_of(files: &Files) -> Result<Vec<Document>, PackError> {
    documents::load(files, &classes(files)?)
}

/// The courses of a pack, without its rules.
pub(crate) fn courses_of(files: &Files) -> Result<Courses, PackError> {
    let classes = classes(files)?;
    let clauses = clauses(files, &documents::load(files, &classes)?)?;
    courses::load(files, &clauses.iter().map(|clause| clause.id.as_str()).collect(), &classes)
}

/// Whether a pack may hold a file of this name.
pub(crate) fn may_hold(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let whole = [
        "schema.cedarschema",
        "classes.toml",
        CLAUSES,
        documents::FIRM,
        documents::LIST,
        duties::LIST,
        bodies::LIST,
        courses::LIST,
        inspection::LIST,
        violations::LIST,
    ];
    let within = [
        ("rules/", ".cedar"),
        ("invariants/", ".cedar"),
        ("cases/", ".toml"),
        ("documents/", ".md"),
        ("courses/", ".md"),
        ("courses/", ".toml"),
    ];
    whole.contains(&name)
        || within.iter().any(|(folder, ending)| {
            let stem = name.strip_prefix(folder).and_then(|name| name.strip_suffix(ending));
            stem.is_some_and(|stem| !stem.is_empty() && stem.chars().all(plain))
        })
}

/// Reads a pack's files from a folder.
pub fn read(folder: &Path) -> Result<Files, PackError> {
    let fault = |path: &Path, what: String| PackError { file: path.display().to_string(), what };
    let mut files = Files::new();
    let mut names = vec!["schema.cedarschema".to_owned(), "classes.toml".to_owned()];
    let there = |name: &str| folder.join(name).is_file();
    // A pack of before documents lists its clauses alone.
    if there(documents::LIST) || !there(CLAUSES) {
        let path = folder.join(documents::LIST);
        let list = std::fs::read_to_string(&path).map_err(|error| fault(&path, error.to_string()))?;
        names.extend(documents::names(&list).map_err(|what| fault(&path, what))?);
        names.extend([documents::LIST.to_owned(), documents::FIRM.to_owned()]);
    }
    if there(courses::LIST) {
        let path = folder.join(courses::LIST);
        let list = std::fs::read_to_string(&path).map_err(|error| fault(&path, error.to_string()))?;
        names.extend(courses::names(&list).map_err(|what| fault(&path, what))?);
        names.push(courses::LIST.to_owned());
    }
    let optional = [duties::LIST, bodies::LIST, inspection::LIST, violations::LIST]
        .into_iter()
        .filter(|name| there(name));
    names.extend(optional.map(ToOwned::to_owned));
    if there(CLAUSES) {
        names.push(CLAUSES.to_owned());
    }
    for part in ["rules", "invariants"] {
        let path = folder.join(part);
        let listed = std::fs::read_dir(&path).map_err(|error| fault(&path, error.to_string()))?;
        for entry in listed {
            let entry = entry.map_err(|error| fault(&path, error.to_string()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".cedar") {
                names.push(format!("{part}/{name}"));
            }
        }
    }
    // A pack may have cases.
    let path = folder.join("cases");
    for entry in std::fs::read_dir(&path).into_iter().flatten() {
        let entry = entry.map_err(|error| fault(&path, error.to_string()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".toml") {
            names.push(format!("cases/{name}"));
        }
    }
    for name in names {
        let path = folder.join(&name);
        let text = std::fs::read_to_string(&path).map_err(|error| fault(&path, error.to_string()))?;
        files.insert(name, text);
    }
    Ok(files)
}

/// Writes a pack's files into a folder that is not there yet.
///
/// # Errors
/// The folder is there already or cannot be written; a file is none that a pack holds.
pub fn write(folder: &Path, files: &Files) -> Result<(), PackError> {
    let fault = |path: &Path, what: String| PackError { file: path.display().to_string(), what };
    // They come from a server: no name may lead out of the folder.
    if let Some(name) = files.keys().find(|name| !may_hold(name)) {
        return Err(fault(folder, format!("a pack holds no file {name:?}")));
    }
    std::fs::create_dir(folder).map_err(|error| fault(folder, error.to_string()))?;
    for (name, text) in files {
        let path = folder.join(name);
        let within = path.parent().unwrap_or(folder);
        let written = std::fs::create_dir_all(within).and_then(|()| std::fs::write(&path, text));
        written.map_err(|error| fault(&path, error.to_string()))?;
    }
    Ok(())
}

/// Why a pack was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy pack, {file}: {what}")]
pub struct PackError {
    /// The file.
    pub file: String,
    /// What is wrong and what to do.
    pub what: String,
}

/// Tier of disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// 公開.
    Public,
    /// 限定公開.
    Limited,
    /// 非公開.
    NonPublic,
}

/// 機密区分: a class of handling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Order among the classes, 0 the lowest.
    pub rank: i64,
    /// Id, for input.
    pub id: String,
    /// Tier that it belongs to.
    pub tier: Tier,
    /// Name in Japanese.
    pub ja: String,
    /// Name in English.
    pub en: String,
    /// Days that a downloaded copy may be kept.
    pub copy_days: i64,
}

/// 条項: a clause of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Stable id.
    pub id: String,
    /// Title in Japanese.
    pub ja: String,
    /// Title in English.
    pub en: String,
}

/// 規則: what a rule says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// The clause that it upholds.
    pub clause: String,
    /// Why, in Japanese.
    pub reason_ja: String,
    /// Why, in English.
    pub reason_en: String,
    /// Whom to ask: an office, `custodian` or `self`.
    pub ask: String,
    /// The lesson that teaches it, when one does: a course, a slash, its lesson.
    pub lesson: Option<String>,
    /// Whether it permits; otherwise it forbids.
    pub permits: bool,
}

impl Rule {
    /// Whether the lesson that it names is one.
    fn teaches(&self, courses: &Courses) -> bool {
        self.lesson.as_ref().is_none_or(|lesson| courses.has_lesson(lesson))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Classes {
    class: Vec<Class>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clauses {
    clause: Vec<Clause>,
}

/// A checked pack.
pub struct Pack {
    /// SHA-256 over all its files, in hexadecimal.
    pub digest: String,
    /// Its files.
    pub(crate) files: Files,
    /// Cases with the answers that they must get.
    pub cases: Vec<Case>,
    /// The classes, lowest first.
    pub classes: Vec<Class>,
    /// The documents, in the order of their rank; a pack of before has none.
    pub documents: Vec<Document>,
    /// The clause whose text everyone acknowledges.
    pledge: Option<String>,
    /// The bodies that resolve.
    pub bodies: Vec<Body>,
    /// The duties, in the order of their list.
    pub duties: Vec<Duty>,
    /// The courses.
    pub courses: Courses,
    /// What everyone asks themselves once a quarter.
    pub inspection: Vec<inspection::Question>,
    /// Who decides on violations, and who is told of leaks by when.
    pub violations: Violations,
    /// The clauses that rules and duties uphold, in the policy's order.
    pub clauses: Vec<Clause>,
    /// What each rule says about itself, by id.
    pub rules: BTreeMap<String, Rule>,
    /// What the rules must never permit. They decide nothing.
    pub invariants: Vec<Invariant>,
    pub(super) schema: Schema,
    pub(super) policies: PolicySet,
    /// Those of the rules that may have a say on what a person may know of.
    pub(super) know: PolicySet,
    /// The same of matters.
    pub(super) know_matters: PolicySet,
    /// What has a say on each action.
    pub(super) says: HashMap<EntityUid, Say>,
    /// Whether a rule may name a matter: then decisions need to know of all matters that a person works on.
    pub(super) names_matters: bool,
    /// Whether its schema knows of second factors and signatures; packs from before they were do not.
    pub(super) knows_factors: bool,
    /// Whether its schema knows of devices: one of before does not.
    pub(super) knows_devices: bool,
}

/// What has a say on one action. Rules whose scope names other actions can neither match nor err, so that
/// leaving them out changes no answer; a decision takes a fraction of the time.
pub(super) struct Say {
    pub(super) policies: PolicySet,
    /// The action and the groups that it is in; without them `action in` silently does not match.
    pub(super) groups: Entities,
}

/// The action and the groups that it is in.
pub(super) fn named(all: &Entities, action: &EntityUid) -> BTreeSet<EntityUid> {
    all.ancestors(action).into_iter().flatten().chain([action]).cloned().collect()
}

/// Whether the scope of a policy names an action or one of the groups that it is in. One that does not neither matches a
/// request for the action nor fails on it: a scope is looked at before what is written under `when` and `unless`.
pub(super) fn speaks(policy: &cedar_policy::Policy, named: &BTreeSet<EntityUid>) -> bool {
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(uid) => named.contains(&uid),
        ActionConstraint::In(uids) => uids.iter().any(|uid| named.contains(uid)),
    }
}

/// What has a say on each action of the schema.
fn says(schema: &Schema, policies: &PolicySet) -> Result<HashMap<EntityUid, Say>, String> {
    let all = schema.action_entities().map_err(|error| error.to_string())?;
    let mut says = HashMap::new();
    for action in schema.actions() {
        let named = named(&all, action);
        let groups = all.iter().filter(|entity| named.contains(&entity.uid())).cloned();
        let groups = Entities::from_entities(groups, None).map_err(|error| error.to_string())?;
        let speaks = policies.policies().filter(|policy| speaks(policy, &named));
        let policies = PolicySet::from_policies(speaks.cloned()).map_err(|error| error.to_string())?;
        says.insert(action.clone(), Say { policies, groups });
    }
    Ok(says)
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pack")
            .field("digest", &self.digest)
            .field("rules", &self.rules.len())
            .finish_non_exhaustive()
    }
}

/// A slice is principal, item and matter: `resource.matter.open` is two steps deep.
pub(super) const SLICE_DEPTH: u32 = 2;

impl Pack {
    /// Checks a pack and makes it ready to decide.
    pub fn load(files: &Files) -> Result<Self, PackError> {
        let text = |name: &str| {
            files
                .get(name)
                .ok_or_else(|| PackError { file: name.to_owned(), what: "the file is missing".to_owned() })
        };
        let fault = |file: &str, what: String| PackError { file: file.to_owned(), what };
        let classes = classes(files)?;
        let documents = documents::load(files, &classes)?;
        let clauses = clauses(files, &documents)?;
        let known: BTreeSet<&str> = clauses.iter().map(|clause| clause.id.as_str()).collect();

        let schema = text("schema.cedarschema")?;
        let schema = Schema::from_cedarschema_str(schema)
            .map_err(|error| fault("schema.cedarschema", faults::told(&error, schema)))?
            .0;
        let mut policies = PolicySet::new();
        let mut rules = BTreeMap::new();
        for (file, source) in files.iter().filter(|(name, _)| name.starts_with("rules/")) {
            let parsed =
                PolicySet::from_str(source).map_err(|error| fault(file, faults::told(&error, source)))?;
            if parsed.templates().next().is_some() {
                return Err(fault(file, "templates are not used; write a rule".to_owned()));
            }
            for policy in parsed.policies() {
                let id = policy.annotation("id").unwrap_or_default();
                let rule = describe(policy, &known);
                let rule = rule.map_err(|what| faults::of_rule_in(file, source, id, what))?;
                let renamed = policy.new_id(PolicyId::new(&rule.id));
                if rules.contains_key(&rule.id) {
                    return Err(faults::of_rule_in(
                        file,
                        source,
                        id,
                        format!("two rules are called {}", rule.id),
                    ));
                }
                policies.add(renamed).map_err(|error| fault(file, error.to_string()))?;
                rules.insert(rule.id.clone(), rule);
            }
        }
        let checked = Validator::new(schema.clone()).validate_with_level(
            &policies,
            ValidationMode::Strict,
            SLICE_DEPTH,
        );
        if let Some(error) = checked.validation_errors().next() {
            return Err(faults::of_validation(files, error));
        }
        let invariants = invariants::load(files, &schema, &known)?;
        let duties = duties::load(files, &known, &schema)?;
        let courses = courses::load(files, &known, &classes)?;
        if let Some(rule) = rules.values().find(|rule| !rule.teaches(&courses)) {
            let what = "@lesson names no lesson; write a course, a slash, its lesson";
            return Err(faults::of_rule(files, &rule.id, format!("rule {}: {what}", rule.id)));
        }
        let cases = cases::load(files, &known)?;
        let says = says(&schema, &policies).map_err(|what| fault("schema.cedarschema", what))?;
        let mut pack = Self {
            digest: digest_of(files),
            files: files.clone(),
            cases,
            classes,
            bodies: bodies::load(files)?,
            inspection: inspection::load(files, &known)?,
            violations: violations::load(files)?,
            courses,
            duties,
            pledge: documents::pledge(files),
            documents,
            clauses,
            rules,
            invariants,
            schema,
            policies,
            know: PolicySet::new(),
            know_matters: PolicySet::new(),
            says,
            names_matters: files
                .iter()
                .any(|(name, text)| name.starts_with("rules/") && plain(text).contains("Matter::")),
            knows_devices: files.get("schema.cedarschema").is_some_and(|schema| {
                // However it is written: `device?:`, `device ?:`, `"device"?:`.
                let plain = plain(schema);
                plain.contains(",device?:") || plain.contains("{device?:")
            }),
            knows_factors: files.get("schema.cedarschema").is_some_and(|schema| schema.contains("factorAge")),
        };
        let of_named = |what: String| faults::of_named(files, &what);
        pack.know = pack.rules_on_lists(Of::Items).map_err(of_named)?;
        pack.know_matters = pack.rules_on_lists(Of::Matters).map_err(of_named)?;
        pack.check_scope().map_err(of_named)?;
        Ok(pack)
    }

    /// SHA-256 over the files on which the proofs rest, in hexadecimal: the texts of documents and duties are not
    /// among them.
    pub fn proved_digest(&self) -> String {
        let proved = |name: &str| {
            ["schema.cedarschema", "classes.toml"].contains(&name)
                || name.starts_with("rules/")
                || name.starts_with("invariants/")
        };
        let files = self.files.iter().filter(|(name, _)| proved(name));
        digest_of_parts(files.flat_map(|(name, text)| [name.as_str(), text.as_str()]))
    }

    /// The clauses that neither a rule nor a duty upholds, each with what to do: such a pack does not come into
    /// force.
    pub fn not_upheld(&self) -> Vec<String> {
        if self.documents.is_empty() {
            return vec![];
        }
        let upheld = |clause: &Clause| {
            self.rules.values().any(|rule| rule.clause == clause.id)
                || self.duties.iter().any(|duty| duty.clause == clause.id)
        };
        let open = self.clauses.iter().filter(|clause| !upheld(clause));
        open.map(|clause| {
            format!("clause {} ({}): no rule and no duty upholds it; write one", clause.id, clause.en)
        })
        .collect()
    }

    /// What tells the text of a clause in one version from that in another, in hexadecimal; nothing for no clause.
    pub fn clause_digest(&self, clause: &str) -> Option<String> {
        self.documents.iter().find_map(|document| document.clause_digest(clause))
    }

    /// What everyone acknowledges, in a language.
    pub fn pledge(&self, japanese: bool) -> Option<&Part> {
        let clause = self.pledge.as_deref()?;
        self.documents.iter().find_map(|document| document.text(japanese).clause(clause))
    }

    /// The rules that permit officers and staff an action on something of this kind, where they apply.
    pub(crate) fn that_permit(&self, action: &str, resource: &Resource) -> Vec<Rule> {
        let Some(say) = self.says.get(&action_named(action)) else { return vec![] };
        let (person, about) = (person_type(), resource.uid());
        let permits = say.policies.policies().filter(|policy| {
            policy.effect() == Effect::Permit
                && match policy.principal_constraint() {
                    PrincipalConstraint::Is(kind) | PrincipalConstraint::IsIn(kind, _) => kind == person,
                    _ => true,
                }
                && match policy.resource_constraint() {
                    ResourceConstraint::Is(kind) | ResourceConstraint::IsIn(kind, _) => {
                        kind == *about.type_name()
                    }
                    _ => true,
                }
        });
        permits.filter_map(|policy| self.rules.get(&policy.id().to_string()).cloned()).collect()
    }

    /// The class with this id.
    pub fn class(&self, id: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == id)
    }

    /// The class that somebody calls by its id or one of its names.
    pub(crate) fn class_called(&self, word: &str) -> Option<&Class> {
        self.classes.iter().find(|class| {
            class.id.eq_ignore_ascii_case(word) || class.ja == word || class.en.eq_ignore_ascii_case(word)
        })
    }

    /// The class of this rank.
    pub fn class_of_rank(&self, rank: i64) -> Option<&Class> {
        self.classes.iter().find(|class| class.rank == rank)
    }

    /// Whether the schema knows an action by this name.
    pub fn knows_action(&self, name: &str) -> bool {
        self.schema.actions().any(|action| action.id().unescaped() == name)
    }
}

/// The classes of a pack.
fn classes(files: &Files) -> Result<Vec<Class>, PackError> {
    let fault = |what: String| PackError { file: "classes.toml".to_owned(), what };
    let text = files.get("classes.toml").ok_or_else(|| fault("the file is missing".to_owned()))?;
    let classes: Classes = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    check_classes(&classes.class).map_err(fault)?;
    Ok(classes.class)
}

fn check_classes(classes: &[Class]) -> Result<(), String> {
    for (rank, class) in (0..).zip(classes) {
        if class.rank != rank {
            return Err(format!(
                "class {} has rank {} where {rank} is due: list the classes lowest first, without a gap",
                class.id, class.rank
            ));
        }
        if classes.iter().filter(|other| other.id == class.id).count() > 1 {
            return Err(format!("two classes are called {}", class.id));
        }
        if class.copy_days < 1 {
            return Err(format!("class {}: copy_days must be at least 1", class.id));
        }
    }
    if classes.is_empty() { Err("there must be at least one class".to_owned()) } else { Ok(()) }
}

fn describe(policy: &cedar_policy::Policy, clauses: &BTreeSet<&str>) -> Result<Rule, String> {
    let annotation = |name: &str| match policy.annotation(name) {
        Some(value) if !value.is_empty() => Ok(value.to_owned()),
        _ => Err(format!(
            "a rule ({}) lacks @{name}; every rule has @id, @clause, @reason_ja, @reason_en and @ask",
            policy.annotation("id").unwrap_or("without @id")
        )),
    };
    let rule = Rule {
        id: annotation("id")?,
        clause: annotation("clause")?,
        reason_ja: annotation("reason_ja")?,
        reason_en: annotation("reason_en")?,
        ask: annotation("ask")?,
        lesson: policy.annotation("lesson").map(ToOwned::to_owned),
        permits: policy.effect() == Effect::Permit,
    };
    if clauses.contains(rule.clause.as_str()) {
        Ok(rule)
    } else {
        Err(format!("rule {} upholds the clause {:?}, which does not exist", rule.id, rule.clause))
    }
}

/// A text without the spaces and quotes in which the same can be written otherwise.
fn plain(text: &str) -> String {
    text.replace([' ', '"', '\t', '\n', '\r'], "")
}

/// The clauses of the documents, or those listed in a pack of before.
fn clauses(files: &Files, documents: &[Document]) -> Result<Vec<Clause>, PackError> {
    let fault = |what: String| PackError { file: CLAUSES.to_owned(), what };
    match files.get(CLAUSES) {
        None if documents.is_empty() => {
            Err(PackError { file: documents::LIST.to_owned(), what: "the file is missing".to_owned() })
        }
        None => Ok(documents::clauses(documents)),
        Some(_) if !documents.is_empty() => {
            Err(fault("the clauses stand in the documents: remove this file".to_owned()))
        }
        Some(listed) => {
            let listed: Clauses = toml::from_str(listed).map_err(|error| fault(error.to_string()))?;
            Ok(listed.clause)
        }
    }
}

fn digest_of(files: &Files) -> String {
    digest_of_parts(files.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]))
}

/// SHA-256 over texts, each with its length, in hexadecimal.
pub(crate) fn digest_of_parts<'t>(parts: impl IntoIterator<Item = &'t str>) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    hex::encode(context.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(file: &str, from: &str, to: &str) -> String {
        let mut files = model();
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from));
        *text = text.replacen(from, to, 1);
        Pack::load(&files).unwrap_err().to_string()
    }

    #[test]
    fn the_model_pack_loads() {
        let pack = Pack::load(&model()).unwrap();
        assert_eq!(pack.classes.len(), 5);
        assert_eq!(pack.class("secret").unwrap().ja, "秘");
        assert!(pack.rules.len() >= 30);
        assert!(pack.knows_action("erase") && !pack.knows_action("explode"));
        assert!(format!("{pack:?}").len() < 200);
    }

    #[test]
    fn a_bad_pack_is_refused_with_its_file_and_what_to_do() {
        let scope = "rules/10-scope.cedar";
        assert!(broken(scope, "@clause(\"basic-3\")", "@clause(\"basic-9\")").contains("does not exist"));
        assert!(broken(scope, "@reason_ja", "@reason_de").contains("lacks @reason_ja"));
        assert!(broken(scope, "principal.suspended", "principal.suspendet").contains("suspendet"));
        assert!(broken(scope, "scope-suspended", "scope-employment").contains("two rules"));
        assert!(broken("classes.toml", "rank = 1", "rank = 7").contains("lowest first"));
        assert!(broken("classes.toml", "copy_days =", "copy_weeks =").contains("copy_weeks"));
        let mut files = model();
        files.remove("classes.toml");
        assert!(Pack::load(&files).unwrap_err().to_string().contains("missing"));
    }

    #[test]
    fn a_rule_reaches_as_far_as_the_facts_and_no_further() {
        // A rule of `transmit`, on which lists have no say.
        let (file, from) = ("rules/50-life.cedar", "context.abroad && !resource.matter.abroad");
        let deep = broken(file, from, "resource.matter.custodian.suspended");
        assert!(deep.contains("life-terms-abroad") && deep.contains("level"), "{deep}");
        let mut files = model();
        let text = files.get_mut(file).unwrap();
        *text = text.replacen(from, "!resource.matter.open", 1);
        assert!(Pack::load(&files).is_ok());
    }
}
