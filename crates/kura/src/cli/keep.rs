//! Commands that keep an installation, and those that sign in and out.

use std::io::{BufReader, IsTerminal as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;
use clap_complete::Shell;
use kura_ledger::checkpoint::VerifyKey;
use serde_json::{Value, json};

use super::client::Client;
use super::import_folder;
use super::policy::{self, Policy};
use super::session::Session;
use super::{Failure, evidence, operate};
use crate::api;
use crate::app::App;
use crate::backup::restore::{Restoring, restore};
use crate::catalogue::Method;
use crate::clock::Clock;
use crate::config::{DEFAULT, Settings};
use crate::custody::{erase, upload};
use crate::doctor;
use crate::duties::Keeper;
use crate::duties::remind::Reminder;
use crate::install::{Founding, Installation};
use crate::ledger;
use crate::mail::Mailer;
use crate::people::Login;
use crate::text::Name;

/// Which installation.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Place {
    /// File of settings (`kura config` prints one with every default).
    #[arg(long, env = "KURA_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of the installation; goes before the settings.
    #[arg(long)]
    data: Option<PathBuf>,
    /// File of the key that opens the keyring; goes before the settings.
    #[arg(long)]
    key_file: Option<PathBuf>,
}

impl Place {
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings::read(self.config.as_deref())?;
        if let Some(data) = &self.data {
            settings.data.clone_from(data);
        }
        if let Some(key_file) = &self.key_file {
            settings.key_file.clone_from(key_file);
        }
        Ok(settings)
    }
}

/// Commands beside the operations.
#[derive(Debug, Subcommand)]
pub(super) enum Keep {
    /// Plays the life of material in a sample firm, then serves it on loopback (実演).
    Demo {
        /// Stops after the play.
        #[arg(long)]
        once: bool,
        /// A new folder for it; one in the system's temporary folder when left out.
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Makes an installation (導入).
    Init {
        #[command(flatten)]
        place: Place,
        /// The firm's name.
        #[arg(long)]
        firm: Name,
        /// The ledger's name, for example kura.example.jp/ledger. It never changes.
        #[arg(long)]
        origin: String,
        /// What the first person, the chief system administrator, signs in with.
        #[arg(long)]
        login: Login,
        /// Their name. The password is asked for, or taken from KURA_NEW_PASSWORD.
        #[arg(long)]
        name: Name,
        /// Where the recovery identity is written; print it, keep it in a safe, delete the file.
        #[arg(long)]
        recovery_file: PathBuf,
        /// Makes a certificate for this name or address, under which people open the pages; may be given several times.
        /// It goes where tls_certificate and tls_key say.
        #[arg(long)]
        tls_name: Vec<String>,
    },
    /// Serves an installation (起動).
    Serve {
        #[command(flatten)]
        place: Place,
        /// Where to listen; goes before the settings.
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// Prints the settings with every default and what each means (設定).
    Config,
    /// Signs in; the password is asked for, or taken from KURA_PASSWORD (サインイン).
    Login {
        /// The server's URL.
        #[arg(long, env = "KURA_SERVER")]
        server: String,
        /// What you sign in with.
        #[arg(long)]
        login: Login,
        /// What the token is for.
        #[arg(long, default_value = "kura")]
        label: Name,
        /// Days for which the token is good, 1 to 90.
        #[arg(long, default_value_t = 1)]
        days: i64,
        /// The token is for reading only.
        #[arg(long)]
        read_only: bool,
    },
    /// Takes a folder tree into custody, file by file; goes on where it was cut (フォルダーの取込み).
    ImportFolder(import_folder::ImportFolder),
    /// Signs out (サインアウト).
    Logout,
    /// The keyring (鍵束).
    Keyring {
        #[command(subcommand)]
        command: KeyringCommand,
    },
    /// The ledger (台帳).
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// Restores a backup into a new data folder (復元).
    Restore {
        #[command(flatten)]
        place: Place,
        /// The backup's folder.
        #[arg(long)]
        backup: PathBuf,
        /// The newest copy of the keyring.
        #[arg(long)]
        keyring: PathBuf,
        /// File of the recovery identity, when the key file is lost; a new key file is made.
        #[arg(long)]
        recovery_file: Option<PathBuf>,
        /// A new name for the ledger, when records after the backup are lost.
        #[arg(long)]
        new_origin: Option<String>,
        /// The newest checkpoint known, of an export or a witness, when the high-water file is lost.
        #[arg(long)]
        checkpoint: Option<PathBuf>,
    },
    /// Looks an installation over and says what to do (点検).
    Doctor {
        #[command(flatten)]
        place: Place,
    },
    /// Policy packs: check, prove, compare, export, draft, adopt, replay, explain (規則).
    Policy {
        #[command(subcommand)]
        command: Policy,
    },
    /// Gathers the evidence for a clause and keeps it as a file that kura-verify checks (証跡).
    Evidence {
        /// The clause, for example std-3-2.
        clause: String,
        /// The first day (2026-10-01); 90 days before the last one when left out.
        #[arg(long)]
        first_day: Option<String>,
        /// The last day; today when left out.
        #[arg(long)]
        last_day: Option<String>,
        /// Where to write it; the file must not exist yet.
        #[arg(long)]
        out: PathBuf,
    },
    /// Prints completions for a shell (補完).
    Completions {
        /// The shell.
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyringCommand {
    /// Makes a slot that a passphrase opens; the server must be stopped. The passphrase is asked for, or taken from
    /// KURA_NEW_PASSWORD (パスフレーズの追加).
    AddPassphrase {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum LedgerCommand {
    /// Writes the whole ledger to a new folder as static files, for `kura-verify` (書出し).
    Export {
        /// The folder.
        folder: PathBuf,
        /// The log's public key, as `kura ledger key` prints it. What is written is checked against it.
        #[arg(long)]
        log_key: String,
    },
    /// Prints the log's public key (C2SP vkey), on the server: what a verifier must have (公開鍵).
    Key {
        #[command(flatten)]
        place: Place,
    },
}

/// Runs one of these commands.
pub(super) fn run(keep: Keep, json: bool) -> Result<(), Failure> {
    match keep {
        Keep::Demo { once, folder } => runtime()?.block_on(demo(once, folder, json)),
        Keep::Init { place, firm, origin, login, name, recovery_file, tls_name } => {
            let settings = place.settings()?;
            if !tls_name.is_empty() {
                let fingerprint = crate::serve::make_certificate(&settings, tls_name, Clock::system().now())?;
                eprintln!("The server's certificate has the SHA-256 fingerprint\n  {fingerprint}");
                eprintln!("Tell it to everyone, so that they compare it when their browser asks.");
            }
            let founding =
                Founding { firm, origin, login, name, password: operate::new_password()?, recovery_file };
            runtime()?.block_on(init(settings, founding, json))
        }
        Keep::Serve { place, listen } => {
            let mut settings = place.settings()?;
            if let Some(listen) = listen {
                settings.listen = listen;
                settings.check()?;
            }
            runtime()?.block_on(serve(settings))
        }
        Keep::Config => {
            print!("{DEFAULT}");
            Ok(())
        }
        Keep::Login { server, login, label, days, read_only } => {
            sign_in(server, &login, &label, days, read_only)
        }
        Keep::ImportFolder(import) => import_folder::run(&import, json),
        Keep::Logout => {
            let session = Session::load()?;
            if let Some(id) = session.id {
                let fields = [("token".to_owned(), id.to_string().into())].into_iter().collect();
                Client::new(session)?.ask(Method::Post, "/me/tokens/{token}/revoke", fields, &[])?;
            }
            Session::forget()
        }
        Keep::Keyring { command: KeyringCommand::AddPassphrase { place } } => {
            let settings = place.settings()?;
            crate::install::add_passphrase(&settings, &operate::new_password()?)?;
            eprintln!("the keyring opens with the passphrase too: name its file in passphrase_file");
            Ok(())
        }
        Keep::Ledger { command: LedgerCommand::Export { folder, log_key } } => {
            let key =
                VerifyKey::parse(&log_key).map_err(|error| Failure::Usage(format!("log key: {error}")))?;
            let response = Client::new(Session::load()?)?.read("/ledger/export", &[])?;
            let lines = BufReader::new(response.into_body().into_reader());
            let head = ledger::export::receive(lines, &folder, &key)?;
            operate::show(
                &json!({ "folder": folder, "size": head.size, "root": hex::encode(head.root) }),
                json,
            );
            Ok(())
        }
        Keep::Ledger { command: LedgerCommand::Key { place } } => {
            let settings = place.settings()?;
            println!("{}", runtime()?.block_on(crate::install::log_key(&settings))?);
            Ok(())
        }
        Keep::Restore { place, backup, keyring, recovery_file, new_origin, checkpoint } => {
            let settings = place.settings()?;
            let restoring = Restoring { backup, keyring, recovery_file, new_origin, checkpoint };
            let restored = runtime()?.block_on(restore(settings, restoring, Clock::system()))?;
            operate::show(&serde_json::to_value(restored).map_err(Failure::failed)?, json);
            Ok(())
        }
        Keep::Doctor { place } => {
            let settings = place.settings()?;
            let findings = runtime()?.block_on(doctor::examine(&settings, &Clock::system()));
            operate::show(&serde_json::to_value(&findings).map_err(Failure::failed)?, json);
            match findings.iter().filter(|finding| finding.state == doctor::State::Bad).count() {
                0 => Ok(()),
                bad => Err(Failure::Failed(format!("{bad} findings must be mended"))),
            }
        }
        Keep::Policy { command } => runtime()?.block_on(policy::run(command, json)),
        Keep::Evidence { clause, first_day, last_day, out } => {
            evidence::run(clause, first_day, last_day, &out)
        }
        Keep::Completions { shell } => {
            clap_complete::generate(shell, &mut super::command(), "kura", &mut std::io::stdout());
            Ok(())
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::failed)
}

async fn init(settings: Settings, founding: Founding, json: bool) -> Result<(), Failure> {
    let recovery_file = founding.recovery_file.clone();
    let open = Installation::found(settings, founding, Clock::system()).await?;
    let told: Value = json!({
        "data": open.settings.data,
        "key_file": open.settings.key_file,
        "recovery_file": recovery_file,
        "log_key": open.door.log_key().to_string(),
    });
    operate::show(&told, json);
    open.close().await;
    eprintln!(
        "Keep the key file off the data folder's disk and backups. Print the recovery file, keep it in a safe,"
    );
    eprintln!("then delete it. Give the log key to whoever is to check the ledger.");
    Ok(())
}

async fn demo(once: bool, folder: Option<PathBuf>, json: bool) -> Result<(), Failure> {
    let settings = crate::demo::play(folder, json).await.map_err(|failed| match failed {
        crate::demo::Failed::Error(error) => Failure::from(error),
        crate::demo::Failed::Unexpected(what) => Failure::Failed(what),
    })?;
    if once { Ok(()) } else { serve(settings).await }
}

/// When the process is asked to end.
async fn asked_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        match terminated {
            Ok(mut terminated) => {
                tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            }
            Err(_) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}

fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KURA_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let start = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log is set up once in a process; a second call changes nothing.
    let _ = if std::io::stderr().is_terminal() { start.try_init() } else { start.json().try_init() };
}

/// Serves until the process is asked to end.
async fn serve(settings: Settings) -> Result<(), Failure> {
    log();
    let open = Installation::open(settings, Clock::system()).await?;
    let settings = open.settings.clone();
    let bind = |address: SocketAddr| async move {
        tokio::net::TcpListener::bind(address)
            .await
            .map_err(|error| Failure::Failed(format!("{address}: {error}")))
    };
    let tls = crate::serve::tls(&settings)?;
    let listener = bind(settings.listen).await?;
    let app = App::new(open.door.clone(), settings.clone())?;
    let reminder = Mailer::of(&settings)?;
    let reminder = reminder.map(|mailer| Reminder::new(mailer, &settings.time_zone, &settings.address));
    let keeper = Keeper::reminding(reminder);
    let (end, ended) = tokio::sync::watch::channel(false);
    let until = move || {
        let mut ended = ended.clone();
        async move { drop(ended.wait_for(|ended| *ended).await) }
    };
    let watching = if settings.metrics_listen.is_empty() {
        None
    } else {
        let address: SocketAddr = settings
            .metrics_listen
            .parse()
            .map_err(|_| Failure::Usage("metrics_listen: an address looks like 127.0.0.1:8421".to_owned()))?;
        if !address.ip().is_loopback() {
            return Err(Failure::Usage(
                "metrics_listen: metrics have no sign-in; a loopback address only".to_owned(),
            ));
        }
        let listener = bind(address).await?;
        Some(tokio::spawn(api::serve_metrics(listener, app.watch(), open.door.clone(), until())))
    };
    let address = listener.local_addr().map_err(Failure::failed)?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    tracing::info!("serving on {scheme}://{address}");
    tokio::spawn(async move {
        asked_to_end().await;
        let _ = end.send(true);
    });
    let sweeping = tokio::spawn(sweep(open.door.clone()));
    let counting = tokio::spawn(count(open.door.clone()));
    let keeping = tokio::spawn(keep_duties(open.door.clone(), keeper));
    crate::serve::serve(listener, tls, app.router(), until()).await;
    sweeping.abort();
    counting.abort();
    keeping.abort();
    if let Some(watching) = watching {
        let _ = watching.await;
    }
    open.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Records what was only counted, minute by minute.
async fn count(door: crate::door::Door) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        if let Err(error) = door.flush_refusals(false).await {
            tracing::error!("refusals that were counted are not on record: {error}");
        }
    }
}

/// Keeps duties and versions of the policy to their days, minute by minute.
async fn keep_duties(door: crate::door::Door, mut keeper: Keeper) {
    loop {
        keeper.keep(&door).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
}

/// Sweeps expired uploads away and carries on what was left undone, hour by hour.
async fn sweep(door: crate::door::Door) {
    loop {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        if let Err(error) = upload::sweep(&door).await {
            tracing::error!("expired uploads were not swept: {error}");
        }
        if let Err(error) = door.forget_answers().await {
            tracing::error!("answers kept for repeats were not forgotten: {error}");
        }
        if let Err(error) = erase::resume(&door).await {
            tracing::error!("erasures were not carried on: {error}");
        }
    }
}

fn sign_in(server: String, login: &Login, label: &Name, days: i64, read_only: bool) -> Result<(), Failure> {
    let password = operate::present_password()?;
    let anonymous = Session { server: server.clone(), id: None, token: String::new() };
    let scope = if read_only { "read" } else { "all" };
    let fields =
        json!({ "login": login, "password": password, "label": label, "days": days, "scope": scope });
    let Value::Object(mut fields) = fields else {
        return Err(Failure::Failed("an object is an object".to_owned()));
    };
    let client = Client::new(anonymous)?;
    let answer = match client.ask(Method::Post, "/sign-in", fields.clone(), &[]) {
        Err(Failure::Refused(why)) if why.contains(crate::sign_in::CODE_NEEDED) => {
            fields.insert("code".to_owned(), operate::code()?.into());
            client.ask(Method::Post, "/sign-in", fields, &[])?
        }
        answered => answered?,
    };
    let made: crate::people::create_token::TokenCreated =
        serde_json::from_value(answer.value).map_err(Failure::failed)?;
    Session { server, id: Some(made.id), token: made.token }.keep()?;
    eprintln!("signed in until {}", made.expires);
    Ok(())
}
