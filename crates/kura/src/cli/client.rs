//! HTTP to the server.

use std::time::Duration;

use serde_json::{Map, Value};
use ureq::http::{Request, Response};
use ureq::{Agent, AsSendBody, Body};

use super::Failure;
use super::session::Session;
use crate::catalogue::Method;
use crate::outgoing;

/// A client of one server.
pub(super) struct Client {
    agent: Agent,
    session: Session,
}

/// How often a request is sent again when the connection fails.
const TRIES: u32 = 5;

/// What an operation answered.
pub(super) struct Answer {
    pub(super) value: Value,
    /// Index of its record in the ledger.
    pub(super) index: Option<u64>,
}

/// The file of a certificate to trust beside the world's: that of a server which made its own.
const CA_FILE: &str = "KURA_CA_FILE";

fn agent() -> Result<Agent, Failure> {
    let file = std::env::var_os(CA_FILE).filter(|file| !file.is_empty());
    let named = |what: &dyn std::fmt::Display| {
        let file = file.as_deref().map(std::path::Path::new).unwrap_or_else(|| std::path::Path::new(""));
        Failure::Usage(format!("{CA_FILE}: {}: {what}", file.display()))
    };
    let text = file.as_ref().map(std::fs::read).transpose().map_err(|error| named(&error))?;
    Ok(outgoing::trusting(text.as_deref()).map_err(|error| named(&error))?.build().new_agent())
}

/// The failure that a problem (RFC 9457) stands for.
fn problem(status: u16, text: &str) -> Failure {
    let detail = serde_json::from_str::<Value>(text)
        .ok()
        .and_then(|problem| problem["detail"].as_str().map(ToOwned::to_owned))
        .unwrap_or_else(|| format!("the server answered {status}"));
    match status {
        400 => Failure::Usage(detail),
        401 | 403 => Failure::Refused(detail),
        404 | 409 | 412 | 413 | 422 => Failure::Rejected(detail),
        _ => Failure::Failed(detail),
    }
}

impl Client {
    pub(super) fn new(session: Session) -> Result<Self, Failure> {
        if session.server.starts_with("http://") && !outgoing::on_this_machine(&session.server) {
            return Err(Failure::Usage("plain http:// is for this machine only: use https://".to_owned()));
        }
        Ok(Self { agent: agent()?, session })
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.session.server.trim_end_matches('/'))
    }

    /// Sends a request, again when the connection fails; whatever is sent may be repeated.
    fn send<B: AsSendBody>(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        mut body: impl FnMut() -> B,
    ) -> Result<Response<Body>, Failure> {
        let mut tried = 0;
        loop {
            let mut request = Request::builder().method(method).uri(self.url(path));
            if !self.session.token.is_empty() {
                request = request.header("authorization", format!("Bearer {}", self.session.token));
            }
            if std::env::var("LANG").is_ok_and(|language| language.starts_with("ja")) {
                request = request.header("accept-language", "ja");
            }
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(body()).map_err(|error| Failure::Usage(error.to_string()))?;
            tried += 1;
            match self.agent.run(request) {
                Ok(response) if response.status() == 503 && tried < TRIES => {}
                Ok(response) => return Ok(response),
                Err(error) if tried >= TRIES => {
                    return Err(Failure::Failed(format!("{}: {error}", self.session.server)));
                }
                Err(ureq::Error::BadUri(uri)) => {
                    return Err(Failure::Usage(format!("not a server's URL: {uri}")));
                }
                Err(_) => {}
            }
            std::thread::sleep(Duration::from_millis(100 << tried));
        }
    }

    fn answer(mut response: Response<Body>) -> Result<Answer, Failure> {
        let status = response.status().as_u16();
        let index = response.headers().get("kura-index").and_then(|value| value.to_str().ok()?.parse().ok());
        let text =
            response.body_mut().with_config().limit(1 << 30).read_to_string().map_err(Failure::failed)?;
        if !(200..300).contains(&status) {
            return Err(problem(status, &text));
        }
        let value = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).map_err(Failure::failed)?
        };
        Ok(Answer { value, index })
    }

    /// Asks for an operation. Fields named in the path go there; the others into query or body.
    pub(super) fn ask(
        &self,
        method: Method,
        path: &str,
        mut fields: Map<String, Value>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, Failure> {
        let mut place = String::new();
        for segment in path.split('/').skip(1) {
            place.push('/');
            match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => {
                    let value = fields.remove(name).unwrap_or_default();
                    let value = value.as_str().unwrap_or_default();
                    // Every id is plain; anything else in a path is a slip.
                    if value.is_empty() || !value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                        return Err(Failure::Usage(format!("{name}: not an id: {value:?}")));
                    }
                    place.push_str(value);
                }
                None => place.push_str(segment),
            }
        }
        match method {
            Method::Get => {
                let query = serde_html_form::to_string(&fields).map_err(Failure::failed)?;
                let place = if query.is_empty() { place } else { format!("{place}?{query}") };
                Self::answer(self.send("GET", &place, headers, || ())?)
            }
            Method::Post => {
                let text = Value::Object(fields).to_string();
                let mut headers = headers.to_vec();
                headers.push(("content-type", "application/json"));
                Self::answer(self.send("POST", &place, &headers, || text.clone())?)
            }
        }
    }

    /// Sends one part of an upload.
    pub(super) fn put_part(&self, upload: &str, number: u64, bytes: &[u8]) -> Result<(), Failure> {
        let path = format!("/uploads/{upload}/parts/{number}");
        let headers = [("content-type", "application/octet-stream")];
        Self::answer(self.send("PUT", &path, &headers, || bytes)?).map(|_| ())
    }

    /// Begins to read a body: content by ticket, an export.
    pub(super) fn read(&self, path: &str, headers: &[(&str, &str)]) -> Result<Response<Body>, Failure> {
        let response = self.send("GET", path, headers, || ())?;
        if response.status().is_success() {
            return Ok(response);
        }
        match Self::answer(response) {
            Err(failure) => Err(failure),
            Ok(_) => Err(Failure::Failed("the server answered with nothing".to_owned())),
        }
    }
}
