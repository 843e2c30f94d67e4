//! The life of material, played in a sample firm before the reader's eyes: what was asked, what the rules
//! decided, what was recorded. Everything is real: the door, the vault, the ledger and the verifier.

mod courses;
mod documents;
mod governance;
mod midlife;
mod play;
mod tamper;

pub use courses::take_course;

use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::config::Settings;
use crate::custody::begin::Begin;
use crate::custody::upload::Uploads;
use crate::door::{Actor, Door, Operation, Options, Recorded, Refusal};
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, RequestId, UploadId};
use crate::install::{Founding, Installation};

/// Why the play stopped.
#[derive(Debug)]
pub enum Failed {
    /// Something did not work.
    Error(Error),
    /// Something worked that must not, or the other way round.
    Unexpected(String),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

fn unexpected(what: impl std::fmt::Display) -> Failed {
    Failed::Unexpected(what.to_string())
}

/// The stage: an installation, and where the story is told.
struct Stage {
    open: Installation,
    uploads: Uploads,
    folder: PathBuf,
    json: bool,
    japanese: bool,
    step: u32,
    password: String,
}

/// Plays, and returns the settings by which the sample firm can be served.
pub async fn play(folder: Option<PathBuf>, json: bool) -> Result<Settings, Failed> {
    let folder = match folder {
        Some(folder) => {
            std::fs::create_dir(&folder)
                .map_err(|error| Error::invalid("folder", format!("{}: {error}", folder.display())))?;
            folder
        }
        None => tempfile::Builder::new()
            .prefix("kura-demo-")
            .tempdir()
            .map_err(|error| Error::invalid("folder", error))?
            .keep(),
    };
    let settings = settings(&folder)?;
    let password = format!("demo-{}", hex::encode(kura_vault::keys::random_bytes::<9>()));
    let founding = Founding {
        firm: "株式会社サンプル".parse().map_err(Error::internal)?,
        origin: "kura.example/demo".to_owned(),
        login: "admin".parse().map_err(Error::internal)?,
        name: "管理 太郎".parse().map_err(Error::internal)?,
        password: password.clone(),
        recovery_file: folder.join("recovery.txt"),
    };
    let open = Installation::found(settings.clone(), founding, Clock::system()).await?;
    let mut stage = Stage {
        open,
        uploads: Uploads::default(),
        folder,
        json,
        japanese: std::env::var("LANG").is_ok_and(|language| language.starts_with("ja")),
        step: 0,
        password,
    };
    play::all(&mut stage).await?;
    stage.open.close().await;
    Ok(settings)
}

fn settings(folder: &Path) -> Result<Settings> {
    let mut settings = Settings::read(None)?;
    settings.data = folder.join("data");
    settings.key_file = folder.join("kura.key");
    settings.backup_data = folder.join("backups");
    settings.backup_keyring = folder.join("keyring-backups");
    settings.high_water_file = folder.join("high-water");
    settings.database_url_file = PathBuf::new();
    settings.policy = PathBuf::new();
    Ok(settings)
}

impl Stage {
    fn door(&self) -> &Door {
        &self.open.door
    }

    /// Tells one step.
    fn tell(&mut self, en: &str, ja: &str, more: Value) {
        self.step += 1;
        if self.json {
            let mut line = json!({ "step": self.step, "en": en, "ja": ja });
            if let (Some(line), Value::Object(more)) = (line.as_object_mut(), more) {
                line.extend(more);
            }
            println!("{line}");
            return;
        }
        println!("{:>2}  {}", self.step, if self.japanese { ja } else { en });
        let told = |name: &str| more.get(name).filter(|value| !value.is_null());
        let mut facts = Vec::new();
        if let Some(rules) = told("decided_by").and_then(Value::as_array) {
            let rules: Vec<&str> = rules.iter().filter_map(Value::as_str).collect();
            facts.push(format!("{} {}", if self.japanese { "規則" } else { "rules" }, rules.join(", ")));
        }
        if let Some(index) = told("index") {
            facts.push(format!("{} {index}", if self.japanese { "台帳" } else { "ledger" }));
        }
        if !facts.is_empty() {
            println!("      {}", facts.join(" · "));
        }
        for name in ["refusal", "note", "export", "log_key"] {
            if let Some(text) = told(name).and_then(Value::as_str) {
                text.lines().for_each(|line| println!("      {line}"));
            }
        }
    }

    /// Passes an operation and tells it.
    async fn pass<O: Operation>(
        &mut self,
        who: &Actor,
        operation: O,
        en: &str,
        ja: &str,
    ) -> Result<O::Output, Failed> {
        self.pass_with(who, operation, Options::default(), en, ja).await
    }

    /// Passes an operation that carries out an approved request.
    async fn carry_out<O: Operation>(
        &mut self,
        who: &Actor,
        operation: O,
        request: RequestId,
        en: &str,
        ja: &str,
    ) -> Result<O::Output, Failed> {
        let options = Options { request: Some(request), ..Options::default() };
        self.pass_with(who, operation, options, en, ja).await
    }

    async fn pass_with<O: Operation>(
        &mut self,
        who: &Actor,
        operation: O,
        options: Options,
        en: &str,
        ja: &str,
    ) -> Result<O::Output, Failed> {
        let done: Recorded<O::Output> = self.door().pass(who, operation, options).await?;
        let more = json!({
            "operation": O::ACTION.0,
            "outcome": "done",
            "decided_by": done.decided_by(),
            "index": done.index(),
        });
        self.tell(en, ja, more);
        Ok(done.into_value())
    }

    /// Passes an operation that must be refused, and tells the refusal.
    async fn refused<O: Operation>(
        &mut self,
        who: &Actor,
        operation: O,
        en: &str,
        ja: &str,
    ) -> Result<(), Failed> {
        let before = self.door().head().borrow().0;
        let told = match self.door().pass(who, operation, Options::default()).await {
            Err(Error::Denied(refusal)) => {
                let Refusal { rules, .. } = &*refusal;
                let rules: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
                let text = if self.japanese { refusal.ja() } else { refusal.to_string() };
                json!({ "operation": O::ACTION.0, "outcome": "refused", "decided_by": rules, "index": before, "refusal": text })
            }
            Err(error @ Error::NotFound(_)) => {
                json!({ "operation": O::ACTION.0, "outcome": "refused", "index": before, "refusal": error.to_string() })
            }
            Err(error) => return Err(error.into()),
            Ok(_) => return Err(unexpected(format!("{} was permitted", O::ACTION))),
        };
        self.tell(en, ja, told);
        Ok(())
    }

    /// Uploads a document.
    async fn upload(
        &self,
        who: &Actor,
        (matter, class): (MatterId, &str),
        (name, media): (&str, &str),
        content: Vec<u8>,
        item: Option<ItemId>,
    ) -> Result<UploadId> {
        let begin = Begin {
            matter,
            class: class.to_owned(),
            name: name.parse().map_err(Error::internal)?,
            media: media.parse().map_err(Error::internal)?,
            size: content.len() as u64,
            item,
        };
        let begun = self.door().pass(who, begin, Options::default()).await?.into_value();
        let content = Bytes::from(content);
        self.uploads.put(self.door(), who, begun.upload, 0, content).await?;
        Ok(begun.upload)
    }
}
