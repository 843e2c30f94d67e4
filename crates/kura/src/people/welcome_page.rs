//! The page on which somebody who was invited sets their own password.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::invitation::code_digest;
use crate::app::App;
use crate::error::Error;
use crate::web::shell::Shell;
use crate::web::visitor::{Posted, Visitor};
use crate::web::{Answer, field, go_to, page};

#[derive(Template)]
#[template(path = "people/welcome.html")]
struct Welcome {
    shell: Shell,
    code: String,
    wrong: Option<String>,
}

/// Asks for the code and a password. A link brings the code behind its `#`, which no server and no log sees.
pub(crate) async fn welcome(visitor: Visitor) -> Answer {
    let shell = Shell::alone(&visitor.0, visitor.0.words.welcome());
    page(&Welcome { shell, code: String::new(), wrong: None })
}

/// Sets the password.
pub(crate) async fn accept(State(app): State<App>, visitor: Visitor, posted: Posted) -> Answer {
    let visit = &visitor.0;
    let (password, again) = (posted.text("password").to_owned(), posted.text("again"));
    let done = if password == again {
        app.desk.accept_invitation(code_digest(posted.text("code")), password, visit.zone).await
    } else {
        Err(Error::invalid("", "the two passwords are not the same"))
    };
    match done {
        Ok(()) => go_to("/sign-in?done=accept_invitation"),
        Err(error @ (Error::Invalid { .. } | Error::Conflict(_))) => {
            let (_, what) = field::wrong(&visit.words, &error)
                .unwrap_or_else(|| (String::new(), field::said(&visit.words, &error)));
            let shell = Shell::alone(visit, visit.words.welcome());
            let mut response =
                page(&Welcome { shell, code: posted.text("code").to_owned(), wrong: Some(what) })?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
