//! Serving HTTP/1.1, plain on loopback or over TLS 1.3: no connection waits for ever on a client that sends nothing, or its
//! headers a byte at a time, and no more are open at once than the machine bears.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;
use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::clock::Millis;
use crate::config::Settings;
use crate::disk;
use crate::error::{Error, Result};

/// Connections at once; later ones wait in the system's queue.
const CONNECTIONS: usize = 1024;
/// How long a client may take for its headers, and may be silent between two requests.
const HEADERS: Duration = Duration::from_secs(15);
/// How long a client may take for the handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long running requests may take once the server is asked to end.
const ENDING: Duration = Duration::from_secs(30);
/// Days for which a self-made certificate is good: browsers accept no more than 825.
const DAYS: i64 = 820;

/// The TLS settings of a server: its certificate, TLS 1.3 alone. Nothing where it speaks plain HTTP.
///
/// # Errors
/// Files that cannot be read, a key that is not the certificate's.
pub fn tls(settings: &Settings) -> Result<Option<Arc<ServerConfig>>> {
    if !settings.tls() {
        return Ok(None);
    }
    let at = |field: &'static str, path: &Path, what: &dyn std::fmt::Display| {
        Error::invalid(field, format!("{}: {what}", path.display()))
    };
    let (certificate, key) = (&settings.tls_certificate, &settings.tls_key);
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| at("tls_certificate", certificate, &error))?;
    if chain.is_empty() {
        return Err(at("tls_certificate", certificate, &"it holds no certificate (PEM)"));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| at("tls_key", key, &error))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(Error::internal)?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|error| at("tls_key", key, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(Arc::new(config)))
}

/// Serves until asked to end; then no new connection is taken, and running requests have half a minute.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    router: Router,
    until: impl Future<Output = ()>,
) {
    let tls = tls.map(tokio_rustls::TlsAcceptor::from);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS).max_headers(100).max_buf_size(64 * 1024);
    let (ending, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));
    let mut until = pin!(until);
    loop {
        let accepting = async {
            let place = places.clone().acquire_owned().await;
            (listener.accept().await, place)
        };
        let ((stream, peer), place) = tokio::select! {
            () = &mut until => break,
            (accepted, place) = accepting => match accepted {
                Ok(pair) => (pair, place),
                Err(error) => {
                    // Too many open files, and the like: it passes.
                    tracing::warn!("a connection was not taken: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let _ = stream.set_nodelay(true);
        let app = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            app.call(request)
        });
        let (http, tls, watcher) = (http.clone(), tls.clone(), ending.watcher());
        tokio::spawn(async move {
            let _place = place;
            // How a connection ends is its client's affair; what it asked for is told on its own.
            match tls {
                None => {
                    let connection = http.serve_connection(TokioIo::new(stream), service);
                    let _ = watcher.watch(connection).await;
                }
                Some(tls) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                        let connection = http.serve_connection(TokioIo::new(stream), service);
                        let _ = watcher.watch(connection).await;
                    }
                }
            }
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(ENDING, ending.shutdown()).await;
}

/// Makes a certificate of the server's own for these names and addresses, and writes it and its key; gives its SHA-256
/// fingerprint, by which people know it again.
///
/// # Errors
/// Names that are none, files that exist already or cannot be written.
pub fn make_certificate(settings: &Settings, names: Vec<String>, now: Millis) -> Result<String> {
    let (certificate, key) = (&settings.tls_certificate, &settings.tls_key);
    if !settings.tls() {
        return Err(Error::invalid("tls_certificate", "say where the certificate and its key go"));
    }
    let bad = |error: rcgen::Error| Error::invalid("tls_name", error);
    let first = names.first().cloned().unwrap_or_default();
    let pair = KeyPair::generate().map_err(bad)?;
    let mut params = CertificateParams::new(names).map_err(bad)?;
    params.distinguished_name.push(DnType::CommonName, first);
    let day = |moment: Millis| -> Result<_> {
        let day = jiff::Timestamp::from_millisecond(moment).map_err(Error::internal)?;
        let day = day.to_zoned(jiff::tz::TimeZone::UTC).date();
        let number = |part: i8| part.unsigned_abs();
        Ok(date_time_ymd(i32::from(day.year()), number(day.month()), number(day.day())))
    };
    const DAY: Millis = 24 * 60 * 60 * 1000;
    (params.not_before, params.not_after) = (day(now - DAY)?, day(now + DAYS * DAY)?);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let made = params.self_signed(&pair).map_err(bad)?;
    let write = |field: &'static str, path: &Path, text: String| {
        disk::write_new(path, text.as_bytes())
            .map_err(|error| Error::invalid(field, format!("{}: {error}", path.display())))
    };
    write("tls_key", key, pair.serialize_pem())?;
    write("tls_certificate", certificate, made.pem())?;
    let digest = digest::digest(&digest::SHA256, made.der());
    let pairs: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    Ok(pairs.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(folder: &Path) -> Settings {
        let mut settings = Settings::read(None).unwrap();
        settings.tls_certificate = folder.join("tls.crt");
        settings.tls_key = folder.join("tls.key");
        settings
    }

    #[test]
    fn a_self_made_certificate_serves_and_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let names = vec!["kura.example".to_owned(), "192.0.2.7".to_owned()];
        let fingerprint = make_certificate(&settings, names.clone(), 1_795_510_800_000).unwrap();
        assert_eq!(fingerprint.len(), 95);
        assert!(tls(&settings).unwrap().is_some());
        assert!(make_certificate(&settings, names, 1_795_510_800_000).is_err());
        std::fs::write(&settings.tls_certificate, "nothing").unwrap();
        assert!(tls(&settings).unwrap_err().to_string().contains("no certificate"));
    }
}
