//! Every door: whoever may not know of something gets the same answer everywhere, and it is recorded.

use kura::app::App;
use kura::catalogue::{self, Edge, Method, Offered, Route};
use kura::custody::open::Open;
use kura::door::Actor;
use kura::people::change_person::ChangePerson;
use kura::{Error, sign_in};
use serde_json::{Map, Value, json};

use crate::both;
use crate::firm::{Firm, PASSWORD};

both! {
    std_3_2_every_route_refuses_whoever_may_not_know
    std_3_2_a_token_for_reading_writes_nothing
    std_2_1_a_suspension_ends_a_ticket
}

/// The firm's API on loopback.
pub struct Served {
    pub base: String,
    pub agent: ureq::Agent,
}

pub async fn serve(firm: &Firm) -> Served {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
    let router = App::new(firm.open.door.clone(), firm.open.settings.clone()).unwrap().router();
    tokio::spawn(kura::serve::serve(listener, None, router, std::future::pending()));
    let agent =
        ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build().new_agent();
    Served { base, agent }
}

impl Served {
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let (agent, url) = (self.agent.clone(), format!("{}{path}", self.base));
        let (method, token) = (method.to_owned(), token.map(ToOwned::to_owned));
        tokio::task::spawn_blocking(move || {
            let mut request = ureq::http::Request::builder().method(method.as_str()).uri(url);
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let body = body.map(|body| body.to_string()).unwrap_or_default();
            let mut response = agent.run(request.body(body).unwrap()).unwrap();
            let text = response.body_mut().read_to_string().unwrap();
            (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
        })
        .await
        .unwrap()
    }

    pub async fn sign_in(&self, login: &str, scope: &str) -> String {
        let body = json!({ "login": login, "password": PASSWORD, "label": "test", "scope": scope });
        let (status, answer) = self.ask("POST", "/sign-in", None, Some(body)).await;
        assert_eq!(status, 200, "{answer}");
        answer["token"].as_str().unwrap().to_owned()
    }
}

/// A route with an input that is well-formed.
struct Door {
    action: &'static str,
    route: Route,
    input: Map<String, Value>,
    writes: bool,
}

struct Doors(Vec<Door>);

const NO_ID: &str = "0190f3a8-7c1e-7b54-9f3e-1a2b3c4d5e6f";

impl Edge for Doors {
    fn add<O: Offered>(&mut self, route: Route) {
        let mut input = Map::new();
        let command = O::augment_args(clap::Command::new("it"));
        for arg in command.get_arguments().filter(|arg| arg.is_required_set()) {
            let name = arg.get_id().as_str();
            let choice = arg.get_possible_values().first().map(|value| value.get_name().to_owned());
            let value = match name {
                "class" | "clearance" => "secret".to_owned(),
                "until" | "return_by" | "last_day" => "2027-01-31".to_owned(),
                "size" | "index" | "version" | "draw" | "number" => "1".to_owned(),
                "answers" => choice.unwrap_or_else(|| "1".to_owned()),
                "login" => "someone".to_owned(),
                "backup" => "none".to_owned(),
                "item" | "matter" | "person" | "party" | "upload" | "copy" | "request" | "hold" | "to"
                | "statement" | "record" | "token" | "passkey" | "device" | "occurrence" | "resolution"
                | "attempt" | "ruling" | "exception" | "evaluation" | "finding" | "lead" | "owner"
                | "violation" | "delegation" | "delegate" | "requirement" | "change" => NO_ID.to_owned(),
                _ => choice.unwrap_or_else(|| "x".to_owned()),
            };
            input.insert(name.to_owned(), value.into());
        }
        if input.contains_key("password") || O::ACTION.0.contains("password") {
            input.insert("password".to_owned(), PASSWORD.into());
            if input.contains_key("current") {
                input.insert("current".to_owned(), PASSWORD.into());
            }
        }
        self.0.push(Door { action: O::ACTION.0, route, input, writes: O::WRITES });
    }
}

fn doors() -> Vec<Door> {
    let mut doors = Doors(Vec::new());
    catalogue::visit(&mut doors);
    doors.0
}

impl Door {
    async fn ask(&self, served: &Served, token: Option<&str>, with: &[(&str, String)]) -> (u16, Value) {
        let mut input = self.input.clone();
        for (name, value) in with {
            if input.contains_key(*name) {
                input.insert((*name).to_owned(), value.as_str().into());
            }
        }
        let mut path = self.route.path.to_owned();
        let in_path: Vec<String> =
            input.keys().filter(|name| path.contains(&format!("{{{name}}}"))).cloned().collect();
        for name in in_path {
            let value = input.remove(&name).unwrap();
            path = path.replace(&format!("{{{name}}}"), value.as_str().unwrap());
        }
        match self.route.method {
            Method::Get => {
                let query: Vec<String> = input
                    .iter()
                    .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
                    .collect();
                let path = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
                served.ask("GET", &path, token, None).await
            }
            Method::Post => served.ask("POST", &path, token, Some(Value::Object(input))).await,
        }
    }
}

async fn size(firm: &Firm) -> u64 {
    let mut reader = firm.open.door.database().reader().await.unwrap();
    kura::ledger::store::head(&mut reader).await.unwrap().unwrap().0
}

async fn std_3_2_every_route_refuses_whoever_may_not_know(firm: Firm) {
    let taken = firm.take(&firm.custodian, "top_secret", "極秘.txt", b"hidden", false).await;
    let served = serve(&firm).await;
    let outsider = served.sign_in("mori", "all").await;
    let stranger = served.sign_in("guest-b", "all").await;
    let intern = served.sign_in("yui", "all").await;
    let real = [
        ("item", taken.item.to_string()),
        ("matter", firm.matter.to_string()),
        ("statement", taken.receipt.to_string()),
    ];
    let mut about = 0;
    for door in doors() {
        let (status, answer) = door.ask(&served, None, &[]).await;
        assert_eq!(status, 401, "{} without a token: {answer}", door.action);
        let (status, _) = door.ask(&served, Some("kura_00"), &[]).await;
        assert_eq!(status, 401, "{} with a wrong token", door.action);
        let names = ["{item}", "{matter}", "{statement}"];
        if !names.iter().any(|name| door.route.path.contains(name)) {
            continue;
        }
        about += 1;
        for token in [&outsider, &stranger] {
            let before = size(&firm).await;
            let unknown = door.ask(&served, Some(token), &[]).await;
            let hidden = door.ask(&served, Some(token), &real).await;
            // What exists and what does not look the same, to the letter.
            assert_eq!(unknown, hidden, "{}", door.action);
            assert_eq!(hidden.0, 404, "{}: {}", door.action, hidden.1);
            assert_eq!(size(&firm).await, before + 2, "{}: both are recorded", door.action);
        }
        // On the matter, but not for top secret.
        if door.route.path.contains("{item}") {
            let (status, answer) = door.ask(&served, Some(&intern), &real).await;
            assert_eq!(status, 404, "{}: {answer}", door.action);
        }
    }
    assert!(about >= 24, "{about} routes");
    let (status, _) = served.ask("GET", "/ledger/export", Some(&outsider), None).await;
    assert_eq!(status, 403);
    let (status, _) = served.ask("GET", "/ledger/export", None, None).await;
    assert_eq!(status, 401);
    let (status, _) = served.ask("GET", "/content", Some(&outsider), None).await;
    assert_eq!(status, 400);
    let (status, _) = served.ask("GET", &format!("/uploads/{NO_ID}"), Some(&outsider), None).await;
    assert_eq!(status, 404);
}

async fn std_3_2_a_token_for_reading_writes_nothing(firm: Firm) {
    let served = serve(&firm).await;
    let token = served.sign_in("hana", "read").await;
    let real = [("matter", firm.matter.to_string())];
    for door in doors().into_iter().filter(|door| door.writes) {
        let (status, answer) = door.ask(&served, Some(&token), &real).await;
        assert_eq!(status, 401, "{}: {answer}", door.action);
    }
    let (status, _) = served.ask("GET", "/items", Some(&token), None).await;
    assert_eq!(status, 200);
    // One for the calendar not even reads.
    let token = served.sign_in("hana", "calendar").await;
    for door in doors() {
        let (status, answer) = door.ask(&served, Some(&token), &real).await;
        assert_eq!(status, 401, "{}: {answer}", door.action);
    }
}

async fn std_2_1_a_suspension_ends_a_ticket(firm: Firm) {
    let item = firm.take(&firm.staff, "secret", "x", &vec![7; 3 << 20], false).await.item;
    let opened = firm.pass(&firm.staff, Open { item, version: None }).await.unwrap();
    let ticket = firm.open.door.ticket(&firm.staff, &opened.ticket).unwrap();
    let mut stream = firm.open.door.content(ticket, 0..3 << 20).await.unwrap();
    use futures_util::StreamExt as _;
    stream.next().await.unwrap().unwrap();
    let person = firm.staff.id().unwrap();
    let suspend =
        ChangePerson { person, name: None, employment: None, clearance: None, suspended: Some(true) };
    firm.pass(&firm.admin, suspend).await.unwrap();
    // A new range at once, a running stream within seconds.
    assert!(matches!(firm.read(&firm.staff, &opened.ticket).await, Err(Error::Denied(_))));
    tokio::time::sleep(std::time::Duration::from_millis(3100)).await;
    assert!(matches!(stream.next().await, Some(Err(Error::Denied(_)))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn std_3_2_wrong_passwords_are_slowed_down() {
    let firm = Firm::found(crate::firm::Engine::Sqlite).await;
    let desk = sign_in::Desk::new(firm.open.door.clone());
    let attempt = |login: &str, password: &str| {
        let input = sign_in::SignIn {
            login: login.to_owned(),
            password: password.to_owned(),
            label: "test".parse().unwrap(),
            scope: kura::people::create_token::Scope::All,
            days: None,
            code: None,
        };
        let desk = desk.clone();
        async move { desk.sign_in(input, "office").await.map_err(|error| error.to_string()) }
    };
    for login in ["ken", "nobody"] {
        for _ in 0..5 {
            assert_eq!(attempt(login, "wrong").await.unwrap_err(), "the name or the password is wrong");
        }
        assert!(attempt(login, PASSWORD).await.unwrap_err().contains("wait"), "{login}");
    }
    firm.clock.set(crate::firm::NOW + 2_000);
    attempt("ken", PASSWORD).await.unwrap();
    let _: &Actor = &firm.staff;
}
