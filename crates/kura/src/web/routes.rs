//! Every page, listed once: the router is made from this list, and so is the test that tries every door.

use axum::routing::{MethodRouter, get, post};

use super::{choices, form};
use crate::app::App;
use crate::{
    bodies, changes, custody, duties, evaluation, health, inspection, ledger, matters, people, policy,
    training, violations,
};

/// Pages to which a form brings a file: they read it themselves.
pub(super) const BRING_FILES: [&str; 3] =
    ["/import", "/administration/people/import", "/policy/draft/upload"];

/// Who may ask for a page at all. What they then see is the door's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone: the page says nothing of what is held.
    Anyone,
    /// Whoever has signed in.
    SignedIn,
}

/// A page's place.
pub struct Route {
    /// Its path.
    pub path: &'static str,
    /// Whether it is shown (GET).
    pub shown: bool,
    /// Whether a form is sent to it (POST).
    pub sent_to: bool,
    /// Who may ask.
    pub access: Access,
    pub(super) handler: MethodRouter<App>,
}

/// Names of the forms below `/do/`.
pub fn forms() -> Vec<&'static str> {
    form::names().collect()
}

/// Every page.
pub fn all() -> Vec<Route> {
    use Access::{Anyone, SignedIn};
    let shown = |path, access, handler| Route { path, shown: true, sent_to: false, access, handler };
    let sent = |path, access, handler| Route { path, shown: false, sent_to: true, access, handler };
    let both = |path, access, handler| Route { path, shown: true, sent_to: true, access, handler };
    vec![
        both("/sign-in", Anyone, get(people::page::sign_in).post(people::page::signed_in)),
        sent("/passkey", Anyone, post(people::passkey_page::begin)),
        sent("/sign-in/passkey", Anyone, post(people::passkey_page::sign_in)),
        sent("/me/passkey", SignedIn, post(people::passkey_page::register_begin)),
        sent("/me/passkey/register", SignedIn, post(people::passkey_page::register)),
        sent("/me/passkey/prove", SignedIn, post(people::passkey_page::prove)),
        both("/welcome", Anyone, get(people::welcome_page::welcome).post(people::welcome_page::accept)),
        sent("/sign-in/provider", Anyone, post(people::openid_page::begin)),
        shown(crate::openid::BACK, Anyone, get(people::openid_page::back)),
        sent("/me/device", SignedIn, post(people::device_page::add)),
        sent("/me/account", SignedIn, post(people::openid_page::tie)),
        sent("/sign-in/code", Anyone, post(people::totp_page::sign_in)),
        both("/me/codes", SignedIn, get(people::totp_page::set_up).post(people::totp_page::add)),
        sent("/me/codes/prove", SignedIn, post(people::totp_page::prove)),
        sent("/sign/{operation}", SignedIn, post(people::passkey_page::sign)),
        sent("/language", Anyone, post(people::page::language)),
        sent("/sign-out", SignedIn, post(people::page::sign_out)),
        shown("/", SignedIn, get(custody::page::home)),
        shown("/today", SignedIn, get(custody::today_page::today)),
        shown("/register", SignedIn, get(custody::register_page::register)),
        shown("/register/table.csv", SignedIn, get(custody::register_page::csv)),
        shown("/register/table.xlsx", SignedIn, get(custody::register_page::xlsx)),
        shown("/take-in", SignedIn, get(custody::page::take_in)),
        shown("/items/{item}", SignedIn, get(custody::page::item)),
        shown("/items/{item}/label", SignedIn, get(custody::label_page::label)),
        shown("/items/{item}/timeline", SignedIn, get(custody::page::timeline)),
        shown("/items/{item}/records/{index}", SignedIn, get(custody::page::record)),
        shown("/items/{item}/records/{index}/file", SignedIn, get(custody::page::record_file)),
        shown("/items/{item}/why/{action}", SignedIn, get(policy::page::why)),
        both("/import", SignedIn, get(custody::import_page::import).post(custody::import_page::sent)),
        both(
            "/import/{draft}",
            SignedIn,
            get(custody::import_page::columns).post(custody::import_page::go_on),
        ),
        shown("/choices/{among}", SignedIn, get(choices::suggest)),
        sent("/content", SignedIn, post(custody::page::content)),
        shown("/statements/{statement}", SignedIn, get(custody::page::statement)),
        shown("/statements/{statement}/file", SignedIn, get(custody::page::statement_file)),
        shown("/matters", SignedIn, get(matters::page::matters)),
        shown("/matters/{matter}", SignedIn, get(matters::page::matter)),
        shown("/requests", SignedIn, get(custody::today_page::requests)),
        shown("/policy", SignedIn, get(policy::page::policy)),
        shown("/policy/acknowledge", SignedIn, get(policy::page::acknowledge)),
        shown("/policy/acknowledgements", SignedIn, get(policy::page::acknowledgements)),
        shown("/policy/rulings", SignedIn, get(policy::ruling_page::rulings)),
        shown("/policy/exceptions", SignedIn, get(policy::ruling_page::exceptions)),
        shown("/policy/requirements", SignedIn, get(policy::requirement_page::requirements)),
        shown("/policy/effect", SignedIn, get(policy::effect_page::effect)),
        shown("/policy/draft", SignedIn, get(policy::page::draft)),
        both("/policy/draft/upload", SignedIn, get(policy::pack_page::upload).post(policy::pack_page::sent)),
        shown("/policy/pack.zip", SignedIn, get(policy::pack_page::handed_out)),
        shown("/policy/documents/{document}", SignedIn, get(policy::page::document)),
        shown("/training", SignedIn, get(training::page::courses)),
        shown("/training/{course}", SignedIn, get(training::page::course)),
        both(
            "/training/attempts/{attempt}",
            SignedIn,
            get(training::page::attempt).post(training::page::answer),
        ),
        shown("/administration/training", SignedIn, get(training::page::training)),
        shown("/evaluations", SignedIn, get(evaluation::page::evaluations)),
        shown("/evaluations/{evaluation}", SignedIn, get(evaluation::page::evaluation)),
        shown("/evaluations/{evaluation}/report", SignedIn, get(evaluation::page::report)),
        shown("/findings", SignedIn, get(evaluation::findings)),
        shown("/findings/{finding}", SignedIn, get(evaluation::finding)),
        shown("/violations", SignedIn, get(violations::page::violations)),
        shown("/violations/{violation}", SignedIn, get(violations::page::violation)),
        shown("/violations/{violation}/charge", SignedIn, get(violations::page::charge)),
        both("/self-inspection", SignedIn, get(inspection::page::show).post(inspection::page::answer)),
        shown("/administration/self-inspections", SignedIn, get(inspection::page::quarter)),
        shown("/resolutions", SignedIn, get(bodies::page::resolutions)),
        shown("/resolutions/{resolution}", SignedIn, get(bodies::page::resolution)),
        shown("/duties", SignedIn, get(duties::page::duties)),
        shown("/duties/{duty}", SignedIn, get(duties::page::duty)),
        shown("/administration", SignedIn, get(people::page::administration)),
        shown("/administration/ledger/{record}", SignedIn, get(ledger::page::entry)),
        shown("/administration/ledger/{record}/file", SignedIn, get(ledger::page::entry_file)),
        shown("/administration/offices", SignedIn, get(people::office_page::offices)),
        shown("/administration/people", SignedIn, get(people::page::people)),
        both(
            "/administration/people/import",
            SignedIn,
            get(people::people_page::import).post(people::people_page::sent),
        ),
        both(
            "/administration/people/import/{draft}",
            SignedIn,
            get(people::people_page::rows).post(people::people_page::add),
        ),
        shown("/administration/devices", SignedIn, get(people::device_page::devices)),
        shown("/administration/changes", SignedIn, get(changes::page::changes)),
        shown("/administration/health", SignedIn, get(health::page::health)),
        shown("/administration/ledger", SignedIn, get(ledger::page::records)),
        shown("/administration/parties", SignedIn, get(matters::page::parties)),
        shown("/me", SignedIn, get(people::page::me)),
        both("/do/{operation}", SignedIn, get(form::show).post(form::perform)),
    ]
}
