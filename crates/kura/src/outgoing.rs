//! What asks other servers over HTTP: the command line its own, the sign-in the firm's provider.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::typestate::AgentScope;

/// What asks over TLS: it trusts the world's certificates, or this one (PEM) instead.
pub(crate) fn trusting(certificate: Option<&[u8]>) -> Result<ConfigBuilder<AgentScope>, ureq::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut tls = TlsConfig::builder().unversioned_rustls_crypto_provider(provider);
    if let Some(certificate) = certificate {
        tls = tls.root_certs(RootCerts::new_with_certs(&[Certificate::from_pem(certificate)?]));
    }
    Ok(Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(Duration::from_secs(10)))
        .tls_config(tls.build())
        .user_agent(concat!("kura/", env!("CARGO_PKG_VERSION"))))
}

/// Whether an address is plain HTTP on this machine: anywhere else it has to be encrypted.
pub(crate) fn on_this_machine(address: &str) -> bool {
    ["http://127.0.0.1", "http://[::1]", "http://localhost"].iter().any(|start| {
        let rest = address.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}
