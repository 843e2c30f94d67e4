//! The policy's files as one archive: handed out to be edited, and sent back as a draft.

use askama::Template;
use axum::extract::{Query, Request, State};
use serde::Deserialize;

use super::draft_policy::DraftPolicy;
use super::read_pack::ReadPack;
use crate::app::App;
use crate::error::{Error, Result};
use crate::rules::archive;
use crate::text::Note;
use crate::web::files::{self, NoFile};
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::{Answer, field, go_to, page_of};

/// Which version is asked for.
#[derive(Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    version: Option<i64>,
}

/// A version's files, to be kept.
pub(crate) async fn handed_out(State(app): State<App>, member: Member, Query(which): Query<Which>) -> Answer {
    let pack = member.pass(&app, ReadPack { version: which.version }).await?;
    let bytes = archive::write(&pack.files).map_err(Error::internal)?;
    files::kept("application/zip", &format!("policy-{}.zip", pack.version), bytes)
}

#[derive(Template)]
#[template(path = "policy/upload.html")]
struct Upload {
    shell: Shell,
    reason: String,
    may_read: bool,
    wrong: Option<String>,
}

async fn form(app: &App, member: &Member, reason: String, wrong: Option<&Error>) -> Answer {
    let t = member.words();
    let template = Upload {
        shell: Shell::new(member, Place::Policy, t.draft_upload()),
        reason,
        may_read: member.permitted(app, "read_pack").await.is_ok(),
        wrong: wrong.map(|error| field::said(t, error)),
    };
    page_of(&template, wrong.is_some())
}

/// Asks for the files of a draft.
pub(crate) async fn upload(State(app): State<App>, member: Member) -> Answer {
    member.permitted(&app, "draft_policy").await?;
    form(&app, &member, String::new(), None).await
}

async fn read(reason: &str, content: Vec<u8>) -> Result<DraftPolicy> {
    let reason: Note = reason.parse().map_err(|error| Error::invalid("reason", error))?;
    let read = tokio::task::spawn_blocking(move || archive::read(&content)).await.map_err(Error::internal)?;
    Ok(DraftPolicy::with_files(reason, read.map_err(|error| Error::invalid("files", error))?))
}

/// Drafts what was sent.
pub(crate) async fn sent(State(app): State<App>, member: Member, request: Request) -> Answer {
    member.permitted(&app, "draft_policy").await?;
    let _room = app.uploads.room().await?;
    let brought = match files::one(&member, request, "pack", archive::MOST_BYTES).await {
        Ok(brought) => brought,
        Err(NoFile::Fault(fault)) => return Err(fault),
        Err(NoFile::Wrong(error)) => return form(&app, &member, String::new(), Some(&error)).await,
    };
    let reason = brought.fields.text("reason").to_owned();
    let drafted = match read(&reason, brought.content).await {
        Ok(draft) => member.pass(&app, draft).await,
        Err(error) => Err(error),
    };
    match drafted {
        Ok(_) => go_to("/policy/draft?done=draft-policy"),
        // What is wrong with the files names the file itself.
        Err(Error::Invalid { field: "files", what }) => {
            form(&app, &member, reason, Some(&Error::invalid("", what))).await
        }
        Err(error @ (Error::Invalid { .. } | Error::Conflict(_))) => {
            form(&app, &member, reason, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}
