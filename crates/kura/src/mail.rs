//! メール: hands messages to the firm's mail server (SMTP, RFC 5321), encrypted wherever it is not on this machine.

use std::future::Future;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::config::Settings;
use crate::error::{Error, Result};

/// How long a server may take for one message: the transport itself waits for ever for a server that has gone silent.
const PATIENCE: Duration = Duration::from_secs(30);
/// Ports (RFC 8314, RFC 6409).
const TLS_PORT: u16 = 465;
const SUBMISSION_PORT: u16 = 587;

/// Where mail is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    host: String,
    port: u16,
    encrypted: Encrypted,
}

/// How the way to the server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encrypted {
    /// From the first byte.
    FromTheStart,
    /// After the server was asked to (STARTTLS); nothing is handed in before.
    Asked,
    /// Not at all: on this machine.
    Not,
}

impl Server {
    /// Reads an address: `smtps://mail.example.jp`, `smtp://mail.example.jp:587`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Error::invalid(
                "mail_server",
                "an address looks like smtps://mail.example.jp or smtp://mail.example.jp:587",
            )
        };
        let (from_the_start, rest) = match (text.strip_prefix("smtps://"), text.strip_prefix("smtp://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(wrong()),
        };
        let (host, port) = match rest.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| wrong())?)),
            None => (rest, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains(['/', '@', '?', '#', ' ']) {
            return Err(wrong());
        }
        let here = ["127.0.0.1", "::1", "localhost"].contains(&host);
        let (encrypted, usual) = match (from_the_start, here) {
            (true, _) => (Encrypted::FromTheStart, TLS_PORT),
            (false, true) => (Encrypted::Not, 25),
            (false, false) => (Encrypted::Asked, SUBMISSION_PORT),
        };
        Ok(Self { host: host.to_owned(), port: port.unwrap_or(usual), encrypted })
    }
}

/// Hands mail to the firm's server.
#[derive(Debug, Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    patience: Duration,
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("mail: {error}"))
}

/// Reads a file that a setting names.
fn read(setting: &'static str, path: &std::path::Path) -> Result<String> {
    std::fs::read_to_string(path)
        .map_err(|error| Error::invalid(setting, format!("{}: {error}", path.display())))
}

impl Mailer {
    /// What the settings say; nothing when no server is named.
    ///
    /// # Errors
    /// A file that the settings name and that cannot be read, or holds no certificate.
    pub fn of(settings: &Settings) -> Result<Option<Self>> {
        if settings.mail_server.is_empty() {
            return Ok(None);
        }
        let server = Server::parse(&settings.mail_server)?;
        let mut tls = TlsParameters::builder(server.host.clone());
        if !settings.mail_ca_file.as_os_str().is_empty() {
            let text = read("mail_ca_file", &settings.mail_ca_file)?;
            let certificate = Certificate::from_pem(text.as_bytes());
            tls =
                tls.add_root_certificate(certificate.map_err(|error| Error::invalid("mail_ca_file", error))?);
        }
        let tls = tls.build_rustls().map_err(failed)?;
        let tls = match server.encrypted {
            Encrypted::FromTheStart => Tls::Wrapper(tls),
            Encrypted::Asked => Tls::Required(tls),
            Encrypted::Not => Tls::None,
        };
        let mut transport =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host).port(server.port).tls(tls);
        if !settings.mail_user.is_empty() {
            let password = read("mail_password_file", &settings.mail_password_file)?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            transport = transport.credentials(Credentials::new(settings.mail_user.clone(), password));
        }
        let from = settings.mail_from.parse().map_err(|_| Error::invalid("mail_from", FROM))?;
        Ok(Some(Self { transport: transport.build(), from, patience: PATIENCE }))
    }

    /// Hands one message in. `id` makes a message that is handed in twice the same one to whoever reads it.
    ///
    /// # Errors
    /// The server cannot be reached, or does not take it.
    pub(crate) async fn send(&self, to: &str, id: &str, subject: &str, text: String) -> Result<()> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(to.parse().map_err(failed)?)
            .message_id(Some(format!("<{id}>")))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(failed)?;
        self.within(self.transport.send(message)).await.map(drop)
    }

    /// What the server answers, if it does so in time.
    async fn within<T>(
        &self,
        asking: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
    ) -> Result<T> {
        match tokio::time::timeout(self.patience, asking).await {
            Ok(answer) => answer.map_err(failed),
            Err(_) => Err(failed("the server does not answer")),
        }
    }

    /// Whether the server answers, and takes the user and password.
    pub(crate) async fn answers(&self) -> Result<()> {
        match self.within(self.transport.test_connection()).await? {
            true => Ok(()),
            false => Err(failed("the server answers, and is not ready")),
        }
    }
}

/// What a sender looks like.
const FROM: &str = "a sender looks like Kura <kura@example.jp>";

/// Checks what the settings say of mail, without asking anybody.
pub(crate) fn check(settings: &Settings) -> Result<()> {
    if settings.mail_server.is_empty() {
        return Ok(());
    }
    let server = Server::parse(&settings.mail_server)?;
    settings.mail_from.parse::<Mailbox>().map_err(|_| Error::invalid("mail_from", FROM))?;
    let password = !settings.mail_password_file.as_os_str().is_empty();
    if password == settings.mail_user.is_empty() {
        return Err(Error::invalid(
            "mail_user",
            "name both the user and the file of the password, or neither",
        ));
    }
    if password && server.encrypted == Encrypted::Not {
        return Err(Error::invalid(
            "mail_user",
            "a password goes to a mail server encrypted only: use smtps://",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_says_nothing_holds_nobody_up() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut settings = Settings::read(None).unwrap();
        settings.mail_server = format!("smtp://{}", silent.local_addr().unwrap());
        settings.mail_from = "kura@example.jp".to_owned();
        let mut mailer = Mailer::of(&settings).unwrap().unwrap();
        mailer.patience = Duration::from_millis(100);
        let sent = mailer.send("hana@example.jp", "1@example.jp", "subject", "text".to_owned()).await;
        assert!(sent.unwrap_err().to_string().contains("does not answer"));
        assert!(mailer.answers().await.is_err());
    }

    #[test]
    fn mail_goes_encrypted_wherever_it_leaves_this_machine() {
        let server =
            |text: &str| Server::parse(text).map(|server| (server.host, server.port, server.encrypted));
        assert_eq!(
            server("smtps://mail.example.jp").unwrap(),
            ("mail.example.jp".to_owned(), 465, Encrypted::FromTheStart)
        );
        assert_eq!(
            server("smtp://mail.example.jp").unwrap(),
            ("mail.example.jp".to_owned(), 587, Encrypted::Asked)
        );
        assert_eq!(server("smtp://127.0.0.1:2525").unwrap(), ("127.0.0.1".to_owned(), 2525, Encrypted::Not));
        assert_eq!(server("smtps://[::1]:1465").unwrap(), ("::1".to_owned(), 1465, Encrypted::FromTheStart));
        for wrong in [
            "mail.example.jp",
            "https://mail.example.jp",
            "smtp://",
            "smtp://a:b",
            "smtp://u@a",
            "smtp://a/b",
        ] {
            assert!(server(wrong).is_err(), "{wrong}");
        }
    }
}
