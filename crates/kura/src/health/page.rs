//! The page of the system's state: figures, and what the machine tells of its files, keyring and backups.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::{Health, ShowHealth};
use crate::app::App;
use crate::config::Settings;
use crate::doctor::{self, Finding};
use crate::error::Error;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::{Answer, field, page};

/// A finding as it is shown.
struct Line {
    what: String,
    tone: &'static str,
    icon: &'static str,
    word: String,
    told: String,
    /// The same in the machine's own words, where the reader's language has none.
    raw: Option<String>,
}

#[derive(Template)]
#[template(path = "health/health.html")]
struct HealthPage {
    shell: Shell,
    health: Health,
    newest: String,
    records: String,
    database: String,
    uploads: String,
    findings: Vec<Line>,
}

impl HealthPage {
    fn number(&self, number: &i64) -> String {
        self.shell.t.number(*number)
    }
}

/// システムの状態.
pub(crate) async fn health(State(app): State<App>, member: Member) -> Answer {
    let health = member.pass(&app, ShowHealth {}).await?;
    let settings: Arc<Settings> = app.settings.clone();
    let findings = tokio::task::spawn_blocking(move || doctor::at_a_glance(&settings));
    let findings = findings.await.map_err(Error::internal)?;
    let t = member.words();
    let line = |finding: Finding| {
        let (tone, icon) = match finding.state {
            doctor::State::Good => ("good", "circle-check"),
            doctor::State::Poor => ("warn", "circle-alert"),
            doctor::State::Bad => ("bad", "circle-alert"),
        };
        let told = field::said(t, &Error::invalid("", &finding.told));
        Line {
            what: t.looked_at(finding.what.replace(' ', "_")),
            word: t.found_state(tone),
            // What the machine says in its own words is shown as it stands.
            raw: (told == t.unsaid()).then_some(finding.told),
            told,
            tone,
            icon,
        }
    };
    let size = app.door.head().borrow().0;
    page(&HealthPage {
        newest: t.moment(&health.newest_record),
        records: t.number(i64::try_from(size).unwrap_or(i64::MAX)),
        database: t.size(health.database_bytes),
        uploads: t.size(health.upload_bytes),
        findings: findings.into_iter().map(line).collect(),
        shell: Shell::new(&member, Place::Administration, t.operation("show_health")),
        health,
    })
}
