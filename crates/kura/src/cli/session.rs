//! Where the client keeps whom it speaks to and as whom.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Failure;
use crate::id::TokenId;

/// A sign-in that is kept between commands, for the owner's eyes only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Session {
    /// The server's URL.
    pub(super) server: String,
    /// The token's id, when it was made by `kura login`.
    pub(super) id: Option<TokenId>,
    /// The token.
    pub(super) token: String,
}

/// The client's own folder: `KURA_HOME`, or `kura` in the user's configuration folder.
pub(super) fn folder() -> Result<PathBuf, Failure> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    from("KURA_HOME")
        .or_else(|| from("XDG_CONFIG_HOME").map(|folder| folder.join("kura")))
        .or_else(|| from("HOME").map(|folder| folder.join(".config/kura")))
        .ok_or_else(|| Failure::Usage("say in KURA_HOME where the client may keep its sign-in".to_owned()))
}

/// Writes a file of the client's, for its owner's eyes only.
pub(super) fn write(name: &str, text: &str) -> Result<(), Failure> {
    let folder = folder()?;
    let path = folder.join(name);
    let told = |error: std::io::Error| Failure::Failed(format!("{}: {error}", path.display()));
    fs::create_dir_all(&folder).map_err(told)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(told)
}

/// Reads a file of the client's.
pub(super) fn read(name: &str) -> Option<String> {
    fs::read_to_string(folder().ok()?.join(name)).ok()
}

impl Session {
    /// The sign-in in force: the environment's, or the kept one.
    pub(super) fn load() -> Result<Self, Failure> {
        let kept: Option<Self> = read("login.json").and_then(|text| serde_json::from_str(&text).ok());
        let server = std::env::var("KURA_SERVER").ok();
        let token = std::env::var("KURA_TOKEN").ok();
        match (kept, server, token) {
            (_, Some(server), Some(token)) => Ok(Self { server, id: None, token }),
            (Some(kept), server, token) => Ok(Self {
                server: server.unwrap_or(kept.server),
                id: kept.id,
                token: token.unwrap_or(kept.token),
            }),
            (None, ..) => {
                Err(Failure::Refused("sign in first: kura login --server URL --login NAME".to_owned()))
            }
        }
    }

    /// Keeps the sign-in.
    pub(super) fn keep(&self) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).map_err(Failure::failed)?;
        write("login.json", &text)
    }

    /// Forgets the kept sign-in.
    pub(super) fn forget() -> Result<(), Failure> {
        match fs::remove_file(folder()?.join("login.json")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::failed(error)),
            _ => Ok(()),
        }
    }
}
