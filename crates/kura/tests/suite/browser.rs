//! A browser without scripts: it keeps cookies, sends forms as they stand in a page, and follows nothing by itself.

use std::collections::BTreeMap;

use crate::doors::{Served, serve};
use crate::firm::{Firm, PASSWORD};

pub struct Answer {
    pub status: u16,
    pub location: String,
    pub text: String,
    pub bytes: Vec<u8>,
    pub headers: BTreeMap<String, String>,
}

pub struct Browser {
    base: String,
    agent: ureq::Agent,
    pub cookies: BTreeMap<String, String>,
    pub headers: Vec<(String, String)>,
}

/// What stands in a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> String {
    let at =
        page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no field {name}: {page}"));
    let rest = &page[at..].split_once("value=\"").unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

impl Browser {
    pub async fn before(served: &Served) -> Self {
        let base = served.base.trim_end_matches("/api/v1").to_owned();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            .build()
            .new_agent();
        Self { base, agent, cookies: BTreeMap::new(), headers: vec![] }
    }

    async fn ask(&mut self, method: &str, path: &str, kind: Option<String>, body: Vec<u8>) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("cookie", cookies.join("; "))
            .header("accept-language", "en");
        for (name, value) in &self.headers {
            request = request.header(name.as_str(), value.as_str());
        }
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let agent = self.agent.clone();
        let answer = tokio::task::spawn_blocking(move || {
            let mut response = agent.run(request.body(body).unwrap()).unwrap();
            let bytes = response.body_mut().read_to_vec().unwrap();
            (response, bytes)
        });
        let (response, bytes) = answer.await.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let headers: BTreeMap<String, String> = headers.collect();
        Answer {
            status: response.status().as_u16(),
            location: headers.get("location").cloned().unwrap_or_default(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
            headers,
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, None, vec![]).await
    }

    /// Sends names and values as they are.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_html_form::to_string(fields).unwrap();
        self.ask("POST", path, Some("application/x-www-form-urlencoded".to_owned()), body.into_bytes()).await
    }

    /// The token of this browser's forms.
    pub async fn token(&mut self) -> String {
        let page = self.get("/me").await;
        let page = if page.status == 200 { page } else { self.get("/sign-in").await };
        hidden(&page.text, "kura-form")
    }

    /// Opens a form, fills it in and sends it.
    pub async fn fill(&mut self, form: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(form).await;
        assert_eq!(page.status, 200, "{form}: {}", page.text);
        let path = form.split('?').next().unwrap();
        let mut sent: Vec<(String, String)> = Vec::new();
        let inner = page.text.split(&format!("action=\"{path}\"")).nth(1).unwrap();
        let inner = inner.split("</form>").next().unwrap();
        // As a browser does, what stands chosen is sent, unless it is chosen otherwise.
        for piece in inner.split("<select id=\"").skip(1) {
            let name = piece.split('"').next().unwrap();
            let chosen = piece.split("</select>").next().unwrap().split("\" selected").next().unwrap();
            if chosen.len() < piece.split("</select>").next().unwrap().len()
                && !fields.iter().any(|(given, _)| *given == name)
            {
                sent.push((name.to_owned(), chosen.rsplit('"').next().unwrap().to_owned()));
            }
        }
        for piece in inner.split("<input type=\"hidden\" ").skip(1) {
            let of =
                |name: &str| piece.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
            sent.push((of("name").to_owned(), of("value").replace("&#34;", "\"").replace("&#38;", "&")));
        }
        sent.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let pairs: Vec<(&str, &str)> =
            sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.send(path, &pairs).await
    }

    /// Sends a form with a file to take in.
    pub async fn send_file(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        self.send_as(path, fields, "upload", file).await
    }

    /// Sends a form with a file under this name.
    pub async fn send_as(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        called: &str,
        file: (&str, &[u8]),
    ) -> Answer {
        let mark = "kura-boundary-7f3a";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--{mark}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .bytes(),
            );
        }
        let (name, content) = file;
        body.extend(
            format!(
                "--{mark}\r\ncontent-disposition: form-data; name=\"{called}\"; filename=\"{name}\"\r\n\
                 content-type: text/plain\r\n\r\n"
            )
            .bytes(),
        );
        body.extend(content);
        body.extend(format!("\r\n--{mark}--\r\n").bytes());
        self.ask("POST", path, Some(format!("multipart/form-data; boundary={mark}")), body).await
    }

    pub async fn sign_in(&mut self, login: &str) -> Answer {
        self.sign_in_with(login, PASSWORD).await
    }

    pub async fn sign_in_with(&mut self, login: &str, password: &str) -> Answer {
        let page = self.get("/sign-in").await;
        let token = hidden(&page.text, "kura-form");
        self.send("/sign-in", &[("kura-form", &token), ("login", login), ("password", password)]).await
    }
}

/// Someone's browser, signed in.
pub async fn signed_in(served: &Served, login: &str) -> Browser {
    let mut browser = Browser::before(served).await;
    let answer = browser.sign_in(login).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/today"), "{}", answer.text);
    browser
}

/// The firm's pages on loopback.
pub async fn pages(firm: &Firm) -> Served {
    serve(firm).await
}
