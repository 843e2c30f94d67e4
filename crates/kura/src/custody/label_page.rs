//! A label for paper, a medium, a device: a QR code that leads to the item, and what its keeper needs to see. Its name is not
//! on it: a label is read by whoever passes by.

use askama::Template;
use axum::extract::{Path, State};

use super::show::{ItemView, Show};
use crate::app::App;
use crate::error::Error;
use crate::id::ItemId;
use crate::web::qr::Qr;
use crate::web::shell::{Place, Seal, Shell};
use crate::web::visitor::Member;
use crate::web::{Answer, page};

#[derive(Template)]
#[template(path = "custody/label.html")]
struct Label {
    shell: Shell,
    firm: String,
    seal: Seal,
    picture: Qr,
    item: ItemView,
    due: String,
}

/// An item's label.
pub(crate) async fn label(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let id: ItemId = id.parse().map_err(|_| Error::NotFound("item"))?;
    let item = member.pass(&app, Show { item: id }).await?;
    let (t, pack) = (member.words(), app.door.rules());
    page(&Label {
        shell: Shell::new(&member, Place::Register, t.label()),
        firm: app.door.firm().await?,
        seal: Seal::of(t, &pack, &item.class),
        picture: Qr::of(&format!("{}/items/{id}", member.visit.origin))?,
        due: t.day(&item.due),
        item,
    })
}
