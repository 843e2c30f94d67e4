//! The form of every operation, from the catalogue: what it is about, its fields, and what comes of it.
//!
//! An operation is asked for at `/do/…`, by the name that it has on the command line. What the address gives is not asked
//! for again. A form sent twice is done once, and one whose subject has changed since it was shown is not done.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use futures_util::future::BoxFuture;
use kura_vault::keys::random_bytes;
use serde_json::Value;

use super::about::{About, Subject, subject};
use super::field::{self, Choices, Control, Field, Spec};
use super::shell::{Place, Shell};
use super::visitor::{Member, Posted};
use super::{Answer, files, go_to, page};
use crate::app::App;
use crate::catalogue::{self, Edge, Method, Offered, Route};
use crate::custody::hand_over_all::HandedOver;
use crate::custody::list_requests::ListRequests;
use crate::door::Options;
use crate::error::{Error, Result};
use crate::evaluation::page as evaluation_page;
use crate::id::MatterId;
use crate::passkeys::Site;
use crate::people::{invitation, passkey_page};
use crate::policy::gather_evidence::Gathered;

/// What came of an operation.
pub(crate) struct Done {
    /// What it gave back.
    pub(crate) value: Value,
}

/// Exactly what an operation asks, for its person to sign.
pub(crate) struct ToSign {
    /// The operation.
    pub(crate) operation: &'static str,
    /// Its input, as the record keeps it.
    pub(crate) input: String,
    /// Revision of what it is about.
    pub(crate) revision: i64,
}

/// Operations that their person signs, when they have a passkey: a decision, a permission, a hand-over, what cannot be
/// undone.
const SIGNED: [&str; 6] = ["approve", "grant", "erase", "hand_over", "hand_over_matter", "vote"];

type Run = fn(App, Member, Vec<(String, String)>, Options) -> BoxFuture<'static, Result<Done>>;

/// An operation as a form.
pub(crate) struct Described {
    /// Its name in the rules.
    pub(crate) action: &'static str,
    /// Its fields.
    pub(crate) specs: Vec<Spec>,
    run: Run,
    input: fn(&[(String, String)]) -> Result<String>,
}

/// An operation's input as the record keeps it.
fn input<O: Offered>(pairs: &[(String, String)]) -> Result<String> {
    let operation: O = crate::input::read(pairs)?;
    serde_json::to_string(&operation).map_err(Error::internal)
}

fn run<O: Offered>(
    app: App,
    member: Member,
    pairs: Vec<(String, String)>,
    options: Options,
) -> BoxFuture<'static, Result<Done>> {
    Box::pin(async move {
        let operation: O = crate::input::read(&pairs)?;
        let recorded = member.pass_with(&app, operation, options).await?;
        Ok(Done { value: serde_json::to_value(recorded.value()).map_err(Error::internal)? })
    })
}

/// The values of a field that has few; yes and no are not values to choose from, where only yes is ever said.
fn values(arg: &clap::Arg) -> Vec<String> {
    if matches!(arg.get_action(), clap::ArgAction::SetTrue) {
        return vec![];
    }
    arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
}

#[derive(Default)]
struct Forms(BTreeMap<String, Described>);

impl Edge for Forms {
    fn add<O: Offered>(&mut self, route: Route) {
        if route.method == Method::Get {
            return;
        }
        let command = O::augment_args(clap::Command::new("it"));
        let specs = command.get_arguments().map(|arg| Spec {
            name: arg.get_id().to_string(),
            required: arg.is_required_set(),
            flag: matches!(arg.get_action(), clap::ArgAction::SetTrue),
            values: values(arg),
        });
        // Of a file that a form brings, the kit itself knows the digest.
        let specs = specs.filter(|spec| spec.name != "sha256");
        let described =
            Described { action: O::ACTION.0, specs: specs.collect(), run: run::<O>, input: input::<O> };
        self.0.insert(O::ACTION.0.replace('_', "-"), described);
    }
}

static FORMS: LazyLock<BTreeMap<String, Described>> = LazyLock::new(|| {
    let mut forms = Forms::default();
    catalogue::visit(&mut forms);
    // An upload is begun by the reader of files, and tables are imported on pages of their own: they have no form here.
    forms.0.remove("begin");
    forms.0.remove("import-items");
    forms.0.remove("add-people");
    // Questions are answered where they stand.
    forms.0.remove("answer-questions");
    forms.0.remove("answer-self-inspection");
    forms.0
});

/// The names of all forms.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FORMS.keys().map(String::as_str)
}

/// The names in the rules of all operations that have a form.
pub(crate) fn actions() -> impl Iterator<Item = &'static str> {
    FORMS.values().map(|described| described.action)
}

/// An operation's form by its name.
pub(super) fn described(name: &str) -> Result<&'static Described> {
    FORMS.get(name).ok_or(Error::NotFound("operation"))
}

/// Fields that name something by its id, which tells a reader nothing.
const IDS: [&str; 19] = [
    "item",
    "matter",
    "copy",
    "request",
    "hold",
    "token",
    "passkey",
    "occurrence",
    "resolution",
    "ruling",
    "exception",
    "requirement",
    "supersedes",
    "evaluation",
    "finding",
    "draw",
    "violation",
    "change",
    "delegation",
];
/// Operations whose subject is named by whoever asks, so that it is not done by accident.
const NAMED: [&str; 2] = ["erase", "close_matter"];
/// The field for that name.
const NAME: &str = "kura-name";
/// The field of the key that makes a form sent twice the same.
const KEY: &str = "kura-key";
/// The field of the request that a form carries out.
const REQUEST: &str = "kura-request";
/// The field of the consent that its person signed.
const CONSENT: &str = "kura-consent";
/// The field of the revision that was shown.
const REVISION: &str = "kura-revision";

/// Whether a field has a meaning beside what is given already: a class is asked for only where one is to be changed.
fn relevant(action: &str, field: &str, fixed: &BTreeMap<String, String>) -> bool {
    match (action, field, fixed.get("operation").map(String::as_str)) {
        // An item is reported about from its page, and names its matter itself.
        ("report_violation", "item", _) => fixed.contains_key("item"),
        ("report_violation", "matter", _) => !fixed.contains_key("item"),
        ("ask", "class", Some(operation)) => operation == "reclassify",
        ("ask", "confirmed_by", Some(operation)) => operation == "confirm_return",
        _ => true,
    }
}

/// Whether a field that the address gives is left out of what is asked. Whom something is for is always shown as a field,
/// and so is everything of a form that is about nothing: a link that somebody sent must not hide what it does.
fn hides(about: &About, field: &str) -> bool {
    IDS.contains(&field)
        || (!field::names_person(field) && field != "party" && !matches!(about, About::Nothing))
}

#[derive(Template)]
#[template(path = "web/form.html")]
struct Form {
    shell: Shell,
    name: String,
    action: &'static str,
    subject: Option<Subject>,
    fields: Vec<Field>,
    /// What is wrong with the whole.
    wrong: Option<String>,
    /// Names and values that the form carries without asking.
    carried: Vec<(&'static str, String)>,
    /// What has to be typed for it to be done.
    confirm: Option<(String, Option<String>)>,
    /// What will be gone.
    gone: Vec<String>,
    files: bool,
    back: String,
    danger: bool,
    /// Whether it is signed with the reader's passkey.
    sign: bool,
}

/// What is given already and not asked for again, so that it is seen before it is done.
fn given_facts(
    app: &App,
    member: &Member,
    described: &Described,
    about: &About,
    fixed: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let (t, pack) = (member.words(), app.door.rules());
    let mut facts = Vec::new();
    let asked = fixed.get("request").or_else(|| fixed.get(REQUEST));
    if let (About::Item(item), Some(asked)) = (about, asked)
        && let Some(line) = item.requests.iter().find(|line| line.request.to_string() == *asked)
    {
        facts.push((t.request_asked(), t.operation(&line.operation)));
        facts.push((t.asked_by_whom(), line.person.clone()));
        facts.push((t.reason(), line.reason.clone()));
    }
    if let (About::Item(item), Some(copy)) = (about, fixed.get("copy"))
        && let Some(line) = item.copies.iter().find(|line| line.copy.to_string() == *copy)
    {
        facts.push((t.field("copy"), format!("{} · {}", line.holder, line.place)));
    }
    if let (About::Item(item), Some(hold)) = (about, fixed.get("hold"))
        && let Some(line) = item.holds.iter().find(|line| line.hold.to_string() == *hold)
    {
        facts.push((t.field("hold"), line.reason.clone()));
    }
    if let (About::Evaluation(evaluation), Some(draw), Some(number)) =
        (about, fixed.get("draw"), fixed.get("number"))
        && let Some(sample) = evaluation.samples.iter().find(|sample| sample.draw.to_string() == *draw)
        && let Some(entry) = sample.entries.iter().find(|entry| entry.number.to_string() == *number)
    {
        let (what, _) = evaluation_page::told(t, &pack, &entry.known, &entry.about);
        facts.push((t.drawn_what(), what));
    }
    let shown = |spec: &&Spec| !IDS.contains(&spec.name.as_str()) && hides(about, &spec.name);
    for spec in described.specs.iter().filter(shown) {
        let Some(value) = fixed.get(&spec.name) else { continue };
        let word = match spec.name.as_str() {
            "class" => pack.class(value).map(|class| t.class(class).to_owned()),
            "clause" => Some(t.clause_title(&pack, value)),
            "clock" => match about {
                About::Violation(case) => case
                    .clocks
                    .iter()
                    .find(|clock| clock.clock == *value)
                    .map(|clock| t.either(&clock.ja, &clock.en).to_owned()),
                _ => None,
            },
            _ if !spec.values.is_empty() => Some(t.choice(value)),
            _ if spec.flag => Some(t.yes()),
            _ => None,
        };
        facts.push((spec.label(t, described.action), word.unwrap_or_else(|| value.clone())));
    }
    facts
}

/// What else is asked by a request that is to be decided.
async fn asked_facts(
    app: &App,
    member: &Member,
    described: &Described,
    fixed: &BTreeMap<String, String>,
) -> Result<Vec<(String, String)>> {
    let Some(request) = fixed.get("request").filter(|_| described.action == "approve") else {
        return Ok(vec![]);
    };
    let requests = member.pass(app, ListRequests {}).await?;
    let Some(line) = requests.into_iter().find(|line| line.request.to_string() == *request) else {
        return Ok(vec![]);
    };
    let (t, pack) = (member.words(), app.door.rules());
    let mut facts = Vec::new();
    if !line.new_class.is_empty() {
        let class = pack.class(&line.new_class).map(|class| t.class(class).to_owned());
        facts.push((t.field("class"), class.unwrap_or(line.new_class)));
    }
    if !line.confirmed_by.is_empty() {
        facts.push((t.field("confirmed_by"), line.confirmed_by));
    }
    Ok(facts)
}

/// What an erasure takes with it.
fn gone(member: &Member, action: &str, about: &About) -> Vec<String> {
    let t = member.words();
    let About::Item(item) = about else {
        return vec![];
    };
    if action != "erase" {
        return vec![];
    }
    let mut gone: Vec<String> = item
        .versions
        .iter()
        .map(|version| t.gone_version(version.version, version.name.clone(), t.size(version.size)))
        .collect();
    gone.push(t.gone_key());
    let out = item.copies.iter().filter(|copy| copy.gone.is_none());
    gone.extend(out.map(|copy| t.stays_copy(copy.holder.clone(), copy.place.clone())));
    gone.extend(item.derivatives.iter().map(|made| t.stays_derivative(made.name.clone())));
    gone
}

/// What was wrong with a form that comes back.
#[derive(Default)]
struct Wrong {
    fields: BTreeMap<String, String>,
    whole: Option<String>,
}

async fn form(
    app: &App,
    member: &Member,
    name: &str,
    described: &Described,
    (fixed, given): (&BTreeMap<String, String>, &BTreeMap<String, String>),
    wrong: Wrong,
    key: Option<String>,
) -> Answer {
    let t = member.words();
    let about = About::load(app, member, fixed, &described.specs).await?;
    let choices = Choices::load(app, member, (described.action, &described.specs), fixed).await?;
    let mut fields = Vec::new();
    for spec in described.specs.iter().filter(|spec| relevant(described.action, &spec.name, fixed)) {
        let hidden = fixed.contains_key(&spec.name) && hides(&about, &spec.name);
        if !spec.required && !hidden && choices.nothing(&spec.name) {
            // There is nothing to choose, and nothing has to be chosen.
            continue;
        }
        let value = fixed.get(&spec.name).or_else(|| given.get(&spec.name)).map_or("", String::as_str);
        let value =
            if hidden { value.to_owned() } else { choices.word(app, member, &spec.name, value).await? };
        let mut field = spec.field(t, described.action, &choices, &value, hidden);
        field.wrong = wrong.fields.get(&spec.name).cloned();
        fields.push(field);
    }
    // What must be given stands first, then the file, which is taken in as what the fields before it say.
    fields.sort_by_key(|field| {
        (
            field.control == Control::Check,
            field.control != Control::Hidden,
            !field.required,
            field.control != Control::File,
        )
    });
    let mut carried = vec![(KEY, key.unwrap_or_else(|| hex::encode(random_bytes::<16>())))];
    if let Some(request) = fixed.get(REQUEST) {
        carried.push((REQUEST, request.clone()));
    }
    if let Some(revision) = about.revision() {
        carried.push((REVISION, given.get(REVISION).cloned().unwrap_or_else(|| revision.to_string())));
    }
    let confirm =
        NAMED.contains(&described.action).then(|| (about.name().to_owned(), wrong.fields.get(NAME).cloned()));
    let mut subject = subject(app, member, &about);
    if let Some(subject) = &mut subject {
        subject.facts.extend(given_facts(app, member, described, &about, fixed));
        subject.facts.extend(asked_facts(app, member, described, fixed).await?);
    }
    let back = subject.as_ref().map_or_else(|| "/today".to_owned(), |subject| subject.address.clone());
    let template = Form {
        shell: Shell::new(member, Place::Elsewhere, t.operation(described.action)),
        name: name.to_owned(),
        action: described.action,
        gone: gone(member, described.action, &about),
        files: fields.iter().any(|field| field.control == Control::File),
        danger: confirm.is_some(),
        sign: SIGNED.contains(&described.action)
            && Site::of(&member.visit.origin).is_some()
            && match member.session.actor.id() {
                Some(person) => app.desk.factors(person).await?.passkey,
                None => false,
            },
        subject,
        fields,
        wrong: wrong.whole,
        carried,
        confirm,
        back,
    };
    let mut answer = page(&template)?;
    if template.wrong.is_some() || !wrong.fields.is_empty() {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

/// Shows an operation's form.
pub(super) async fn show(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    Query(given): Query<Vec<(String, String)>>,
) -> Answer {
    let described = described(&name)?;
    let known = |field: &str| field == REQUEST || described.specs.iter().any(|spec| spec.name == field);
    let secret = |field: &str| matches!(field, "password" | "current");
    let fixed: BTreeMap<String, String> = given
        .into_iter()
        .filter(|(field, value)| known(field) && !secret(field) && !value.is_empty())
        .collect();
    form(&app, &member, &name, described, (&fixed, &BTreeMap::new()), Wrong::default(), None).await
}

/// Does what a form asks for.
pub(super) async fn perform(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    request: axum::extract::Request,
) -> Answer {
    let described = described(&name)?;
    let mut posted = match request.extensions().get::<Posted>() {
        Some(posted) => posted.clone(),
        None => files::receive(&app, &member, described, request).await?,
    };
    let key = posted.take(KEY).filter(|key| !key.is_empty());
    let request = posted.take(REQUEST).filter(|request| !request.is_empty());
    let revision = posted.take(REVISION);
    let confirmed = posted.take(NAME);
    let consent = posted.take(CONSENT).unwrap_or_default();
    let given: BTreeMap<String, String> = posted.0.iter().cloned().collect();
    let fixed: BTreeMap<String, String> = given
        .iter()
        .filter(|(field, value)| {
            // A matter that was typed is looked for like any other choice.
            IDS.contains(&field.as_str())
                && (*field != "matter" || value.parse::<MatterId>().is_ok())
                // What a case is decided or a change approved by is chosen, and can be chosen again.
                && (*field != "resolution"
                    || !["decide_violation", "approve_change"].contains(&described.action))
        })
        .map(|(field, value)| (field.clone(), value.clone()))
        .chain(request.iter().map(|request| (REQUEST.to_owned(), request.clone())))
        .collect();
    let asked = Asked { app: &app, member: &member, name: &name, described, fixed: &fixed, given: &given };
    let wrong = asked.missing(confirmed.as_deref()).await?;
    if !wrong.fields.is_empty() {
        return asked.again(wrong, key).await;
    }
    let options = Options {
        idempotency_key: key.clone(),
        request: request
            .map(|request| request.parse())
            .transpose()
            .map_err(|error| Error::invalid("request", error))?,
        revision: revision.and_then(|revision| revision.parse().ok()),
        consent: passkey_page::consent(&app, &member, &consent).await?,
    };
    let done = match asked.pairs().await {
        Ok(pairs) => (described.run)(app.clone(), member.clone(), pairs, options).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => came_of(&app, &member, described, &given, done).await,
        Err(error @ Error::Invalid { .. }) => {
            let t = member.words();
            let (field, what) = field::wrong(t, &error).unwrap_or_default();
            let known = described.specs.iter().any(|spec| spec.name == field);
            let wrong = if known {
                Wrong { fields: BTreeMap::from([(field, what)]), whole: None }
            } else {
                Wrong { whole: Some(field::said(t, &error)), ..Wrong::default() }
            };
            asked.again(wrong, key).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What a form asks, for its person to sign before they send it.
pub(crate) async fn to_sign(app: &App, member: &Member, name: &str, mut posted: Posted) -> Result<ToSign> {
    let described = described(name)?;
    if !SIGNED.contains(&described.action) {
        return Err(Error::NotFound("operation"));
    }
    let revision = posted.take(REVISION).and_then(|revision| revision.parse().ok());
    let revision = revision.ok_or_else(|| Error::invalid("", "the page is out of date: load it again"))?;
    posted.0.retain(|(name, _)| !name.starts_with("kura-"));
    let given: BTreeMap<String, String> = posted.0.into_iter().collect();
    let fixed = BTreeMap::new();
    let asked = Asked { app, member, name, described, fixed: &fixed, given: &given };
    let input = (described.input)(&asked.pairs().await?)?;
    Ok(ToSign { operation: described.action, input, revision })
}

/// A form that was sent.
struct Asked<'a> {
    app: &'a App,
    member: &'a Member,
    name: &'a str,
    described: &'a Described,
    fixed: &'a BTreeMap<String, String>,
    given: &'a BTreeMap<String, String>,
}

impl Asked<'_> {
    /// The fields that must be given and are not.
    async fn missing(&self, confirmed: Option<&str>) -> Result<Wrong> {
        let t = self.member.words();
        let empty = |spec: &&Spec| {
            spec.required
                && !spec.flag
                && self.given.get(&spec.name).is_none_or(|value| value.trim().is_empty())
        };
        let mut fields: BTreeMap<String, String> = self
            .described
            .specs
            .iter()
            .filter(empty)
            .map(|spec| (spec.name.clone(), t.must_be_given()))
            .collect();
        if NAMED.contains(&self.described.action) {
            let about = About::load(self.app, self.member, self.fixed, &self.described.specs).await?;
            if confirmed.map(str::trim) != Some(about.name()) {
                fields.insert(NAME.to_owned(), t.name_differs());
            }
        }
        Ok(Wrong { fields, whole: None })
    }

    /// The names and values for the operation: what was left empty is left out.
    async fn pairs(&self) -> Result<Vec<(String, String)>> {
        let asked = (self.described.action, &self.described.specs[..]);
        let choices = Choices::load(self.app, self.member, asked, self.fixed).await?;
        let mut pairs = Vec::new();
        for (name, value) in self.given.iter().filter(|(_, value)| !value.trim().is_empty()) {
            pairs.push((name.clone(), choices.meant(self.app, self.member, name, value).await?));
        }
        Ok(pairs)
    }

    async fn again(&self, wrong: Wrong, key: Option<String>) -> Answer {
        form(self.app, self.member, self.name, self.described, (self.fixed, self.given), wrong, key).await
    }
}

#[derive(Template)]
#[template(path = "web/once.html")]
struct Once {
    shell: Shell,
    what: String,
    secret: String,
    back: &'static str,
}

/// What an operation's end leads to.
async fn came_of(
    app: &App,
    member: &Member,
    described: &Described,
    given: &BTreeMap<String, String>,
    done: Done,
) -> Answer {
    let told = |name: &str| done.value.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let of = |name: &str| told(name).or_else(|| given.get(name).cloned()).unwrap_or_default();
    let operation = described.action.replace('_', "-");
    let t = member.words();
    match described.action {
        "open" | "download" | "transmit" => {
            let opened = done.value.get("opened").unwrap_or(&done.value).clone();
            let opened = serde_json::from_value(opened).map_err(Error::internal)?;
            files::send(app, member, &opened, described.action == "open").await
        }
        "package" => crate::custody::page::package(member, &done.value),
        "create_token" => page(&Once {
            shell: Shell::new(member, Place::Elsewhere, t.operation(described.action)),
            what: t.token_once(),
            secret: told("token").unwrap_or_default(),
            back: "/me",
        }),
        "add_person" | "reset_sign_in" if done.value["invitation"]["code"].is_string() => page(&Once {
            shell: Shell::new(member, Place::Administration, t.operation(described.action)),
            what: t
                .invitation_once(t.moment(done.value["invitation"]["expires"].as_str().unwrap_or_default())),
            secret: invitation::link(
                &member.visit.origin,
                done.value["invitation"]["code"].as_str().unwrap_or_default(),
            ),
            back: "/administration/people",
        }),
        "hand_over_all" => handed_over(member, &of, &done.value),
        "report" => go_to(&format!("/statements/{}", of("report"))),
        "gather_evidence" => gathered(member, &done.value),
        "add_person" | "change_person" | "reset_sign_in" | "appoint" | "set_mail" | "leave" => {
            go_to(&format!("/administration/people?done={operation}"))
        }
        "delegate_office" | "end_delegation" => go_to(&format!("/administration/offices?done={operation}")),
        "confirm_device" => go_to(&format!("/administration/devices?done={operation}")),
        "add_party" => go_to(&format!("/administration/parties?done={operation}")),
        "adopt_pack" | "withdraw_policy" => go_to(&format!("/policy?done={operation}")),
        "propose_resolution" | "vote" => {
            go_to(&format!("/resolutions/{}?done={operation}", of("resolution")))
        }
        "draw_questions" => go_to(&format!("/training/attempts/{}", of("attempt"))),
        "plan_evaluation"
        | "add_criterion"
        | "draw_sample"
        | "check_sample"
        | "judge_criterion"
        | "close_evaluation"
        | "reassign_evaluation" => go_to(&format!("/evaluations/{}?done={operation}", of("evaluation"))),
        "raise_finding" | "answer_finding" | "complete_action" | "check_effectiveness" | "assign_finding" => {
            go_to(&format!("/findings/{}?done={operation}", of("finding")))
        }
        "plan_change" | "approve_change" | "record_change" => {
            go_to(&format!("/administration/changes?done={operation}"))
        }
        "report_violation" => go_to(&format!("/violations?done={operation}")),
        "answer_charge" | "appeal_decision" => {
            go_to(&format!("/violations/{}/charge?done={operation}", of("violation")))
        }
        "triage_violation" | "note_investigation" | "hold_evidence" | "record_notice" | "give_hearing"
        | "decide_violation" | "close_violation" => {
            go_to(&format!("/violations/{}?done={operation}", of("violation")))
        }
        "give_ruling" | "confirm_ruling" => go_to(&format!("/policy/rulings?done={operation}")),
        "grant_exception" | "end_exception" => go_to(&format!("/policy/exceptions?done={operation}")),
        "add_requirement" | "review_requirement" | "end_requirement" => {
            go_to(&format!("/policy/requirements?done={operation}"))
        }
        "draft_policy" => go_to(&format!("/policy/draft?done={operation}")),
        "discharge_duty" | "witness_duty" => go_to(&format!("/duties?done={operation}")),
        "create_backup" | "destroy_backup" | "rotate_log_key" | "retire_log_key" => {
            go_to(&format!("/administration?done={operation}"))
        }
        "set_password" | "revoke_token" | "remove_passkey" | "remove_totp" | "remove_account"
        | "remove_device" => go_to(&format!("/me?done={operation}")),
        "save_view" | "remove_view" => go_to(&format!("/register?done={operation}")),
        "approve" => go_to(&format!("/requests?done={operation}")),
        _ if !of("item").is_empty() => go_to(&format!("/items/{}?done={operation}", of("item"))),
        _ if !of("matter").is_empty() => go_to(&format!("/matters/{}?done={operation}", of("matter"))),
        _ => go_to(&format!("/today?done={operation}")),
    }
}

/// What was told of something done, and where to go from there.
#[derive(Template)]
#[template(path = "web/told.html")]
struct Told {
    shell: Shell,
    told: String,
    more: Vec<String>,
    links: Vec<(String, String)>,
}

fn handed_over(member: &Member, of: &impl Fn(&str) -> String, value: &Value) -> Answer {
    let t = member.words();
    let done: HandedOver = serde_json::from_value(value.clone()).map_err(Error::internal)?;
    let mut told = Told {
        shell: Shell::new(member, Place::Elsewhere, t.operation("hand_over_all")),
        told: t.handed_over(t.number(done.items), t.number(done.matters)),
        more: vec![],
        links: vec![],
    };
    if done.more {
        let again = [("person", of("person")), ("to", of("to")), ("matter", of("matter"))];
        let again: Vec<_> = again.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let again = serde_html_form::to_string(again).map_err(Error::internal)?;
        told.more.push(t.handed_over_more());
        told.links.push((format!("/do/hand-over-all?{again}"), t.hand_over_again()));
    }
    if done.stay > 0 {
        told.more.push(t.handed_over_stay(t.number(done.stay)));
    }
    told.links.push(("/administration/people".to_owned(), t.people()));
    page(&told)
}

fn gathered(member: &Member, value: &Value) -> Answer {
    let t = member.words();
    let gathered: Gathered = serde_json::from_value(value.clone()).map_err(Error::internal)?;
    let statement = format!("/statements/{}", gathered.evidence);
    page(&Told {
        shell: Shell::new(member, Place::Policy, t.operation("gather_evidence")),
        told: t.evidence_gathered(
            t.number(gathered.entries),
            t.number(gathered.refused),
            t.number(gathered.occurrences),
            t.number(gathered.acts),
        ),
        more: vec![t.evidence_verify()],
        links: vec![
            (format!("{statement}/file"), t.statement_file()),
            (statement, t.evidence_page()),
            ("/policy".to_owned(), t.nav_policy()),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::words::{Language, Languages};

    /// Every operation, field and value has a word in both languages: none shows its own name.
    #[test]
    fn every_form_has_words() {
        let languages = Languages::load("UTC");
        for language in [Language::Ja, Language::En] {
            let t = languages.of(language);
            for (name, described) in FORMS.iter() {
                let word = t.operation(described.action);
                assert!(!word.is_empty() && word != described.action, "{name} has no word in {}", t.code());
                for spec in &described.specs {
                    assert_ne!(t.field(&spec.name), "?", "{name}: the field {} has no word", spec.name);
                    for value in &spec.values {
                        assert_ne!(t.choice(value), "?", "{name}: the value {value} has no word");
                    }
                }
            }
        }
    }
}
