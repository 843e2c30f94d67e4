//! What the edges that speak HTTP share: the door, the desk where people sign in, where a request comes from.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::header;
use axum::http::request::Parts;

use crate::api::{self, Watch};
use crate::clock::Millis;
use crate::config::Settings;
use crate::custody::upload::Uploads;
use crate::door::{Actor, Door, Stranger};
use crate::error::{Error, Result};
use crate::openid::Provider;
use crate::sign_in::Desk;
use crate::web::drafts::Drafts;
use crate::web::words::Languages;
use crate::web::{self, visitor};

/// An installation's door with everything that the edges before it need.
#[derive(Clone)]
pub struct App {
    pub(crate) door: Door,
    pub(crate) desk: Desk,
    pub(crate) provider: Option<Provider>,
    pub(crate) uploads: Uploads,
    pub(crate) drafts: Drafts,
    pub(crate) settings: Arc<Settings>,
    pub(crate) watch: Watch,
    pub(crate) openapi: Arc<str>,
    pub(crate) languages: Languages,
}

impl App {
    /// The edges of an installation's door.
    ///
    /// # Errors
    /// A file that the settings name and that cannot be read.
    pub fn new(door: Door, settings: Settings) -> Result<Self> {
        let settings = Arc::new(settings);
        Ok(Self {
            provider: Provider::of(&settings)?,
            desk: Desk::new(door.clone()),
            door,
            uploads: Uploads::default(),
            drafts: Drafts::default(),
            languages: Languages::load(&settings.time_zone),
            settings,
            watch: Watch::default(),
            openapi: api::document().into(),
        })
    }

    /// Its counters.
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// Pages and API.
    pub fn router(&self) -> Router {
        Router::new().nest("/api/v1", api::router()).merge(web::router(self)).with_state(self.clone())
    }

    /// What the firm's provider is called; empty when there is none.
    pub(crate) fn provider_name(&self) -> String {
        self.provider.as_ref().map(|provider| provider.name().to_owned()).unwrap_or_default()
    }

    /// How long a session lasts at most.
    pub(crate) fn lasts(&self) -> Millis {
        self.settings.session_hours * 60 * 60 * 1000
    }

    /// Where the request comes from, for the rules.
    pub(crate) fn zone(&self, parts: &Parts) -> &'static str {
        let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            return "outside";
        };
        let told =
            ["x-forwarded-for", "forwarded", "via"].iter().any(|name| parts.headers.contains_key(*name));
        // Several headers of the name are one list (RFC 9110, section 5.3).
        let chain: Vec<&str> =
            parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
        let chain = chain.join(",");
        self.settings.zone(peer.ip(), told.then_some(chain.as_str()))
    }

    /// Who asks: by the bearer token, or by the session for which a script of our own pages asks.
    pub(crate) async fn actor(&self, parts: &Parts) -> Result<Actor> {
        if !parts.headers.contains_key(header::AUTHORIZATION)
            && let Some(actor) = visitor::scripted(self, parts).await?
        {
            return Ok(actor);
        }
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| {
                self.door.count_stranger(Stranger::Token);
                Error::Unauthenticated("sign in first: POST /api/v1/sign-in".to_owned())
            })?;
        self.desk.actor(token.trim(), self.zone(parts)).await?.anywhere()
    }
}
