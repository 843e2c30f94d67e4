//! Settings: the defaults, a file, the environment, the command line, the later going before the earlier.
//!
//! Unknown settings are refused, so that a misspelt one is not silently without effect. No setting holds
//! a secret: secrets stand in files that settings name.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format as _, Toml};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::outgoing::on_this_machine;
use crate::people::Office;

/// The defaults, with what each means: printed by `kura config`, and a file to begin with.
pub const DEFAULT: &str = include_str!("default.toml");

/// One store of sealed content.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// Its name, which the register keeps: never change it.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Lowest rank of class that it may hold.
    pub lowest: i64,
    /// Highest rank of class that it may hold.
    pub highest: i64,
}

/// A network in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no network; one looks like 10.1.0.0/16");
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let prefix: u8 = prefix.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        if prefix > most { Err(wrong()) } else { Ok(Self { address, prefix }) }
    }
}

impl Network {
    /// Whether an address is in the network.
    pub fn contains(&self, other: IpAddr) -> bool {
        match (self.address, other.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(other)) => {
                let shift = 32 - u32::from(self.prefix);
                let cut = |address: u32| address.checked_shr(shift).unwrap_or(0);
                cut(network.into()) == cut(other.into())
            }
            (IpAddr::V6(network), IpAddr::V6(other)) => {
                let shift = 128 - u32::from(self.prefix);
                let cut = |address: u128| address.checked_shr(shift).unwrap_or(0);
                cut(network.into()) == cut(other.into())
            }
            _ => false,
        }
    }
}

/// A server's settings. `default.toml` says what each means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The installation's folder.
    pub data: PathBuf,
    /// The file of the key that opens the keyring.
    pub key_file: PathBuf,
    /// The file of the passphrase that opens the keyring instead.
    pub passphrase_file: PathBuf,
    /// The file of the PostgreSQL URL.
    pub database_url_file: PathBuf,
    /// Where backups go.
    pub backup_data: PathBuf,
    /// Where backups of the keyring go.
    pub backup_keyring: PathBuf,
    /// The file of the ledger's newest size.
    pub high_water_file: PathBuf,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The file of the server's certificate; empty for plain HTTP.
    pub tls_certificate: PathBuf,
    /// The file of the certificate's key.
    pub tls_key: PathBuf,
    /// Where metrics are told.
    pub metrics_listen: String,
    /// Networks of the offices.
    pub office_networks: Vec<Network>,
    /// Proxies whose word on where a request comes from is taken.
    pub trusted_proxies: Vec<Network>,
    /// The address that people type; empty for loopback only.
    pub address: String,
    /// Minutes after which an unused session ends.
    pub session_idle_minutes: i64,
    /// Hours after which a session ends.
    pub session_hours: i64,
    /// IANA name of the time zone in which pages tell dates.
    pub time_zone: String,
    /// The firm's OpenID Provider; empty for none.
    pub openid_issuer: String,
    /// What the provider calls its sign-in, on the button.
    pub openid_name: String,
    /// The name by which the provider knows Kura.
    pub openid_client_id: String,
    /// The file of the secret that the provider gave; empty for none.
    pub openid_client_secret_file: PathBuf,
    /// The file of a certificate to trust when asking the provider; empty for the world's.
    pub openid_ca_file: PathBuf,
    /// Scopes that are asked for beside `openid`.
    pub openid_scopes: Vec<String>,
    /// The claim that holds a person's sign-in name; empty when none is trusted to.
    pub openid_login_claim: String,
    /// The claim that holds groups.
    pub openid_groups_claim: String,
    /// Groups that stand for offices.
    pub openid_offices: BTreeMap<String, Office>,
    /// The firm's mail server; empty for none.
    pub mail_server: String,
    /// The sender of what Kura sends.
    pub mail_from: String,
    /// The name by which the mail server knows Kura; empty for none.
    pub mail_user: String,
    /// The file of the password there.
    pub mail_password_file: PathBuf,
    /// The file of a certificate to trust when asking the mail server; empty for the world's.
    pub mail_ca_file: PathBuf,
    /// Bytes that one person's uploads may hold before they are completed.
    pub upload_quota: u64,
    /// The policy pack's folder.
    pub policy: PathBuf,
    /// The stores.
    pub store: Vec<StoreSettings>,
}

const NAMES: [&str; 33] = [
    "data",
    "key_file",
    "passphrase_file",
    "database_url_file",
    "backup_data",
    "backup_keyring",
    "high_water_file",
    "listen",
    "tls_certificate",
    "tls_key",
    "metrics_listen",
    "office_networks",
    "trusted_proxies",
    "address",
    "session_idle_minutes",
    "session_hours",
    "time_zone",
    "openid_issuer",
    "openid_name",
    "openid_client_id",
    "openid_client_secret_file",
    "openid_ca_file",
    "openid_scopes",
    "openid_login_claim",
    "openid_groups_claim",
    "openid_offices",
    "mail_server",
    "mail_from",
    "mail_user",
    "mail_password_file",
    "mail_ca_file",
    "upload_quota",
    "policy",
];

impl Settings {
    /// Reads the settings; the file must exist when one is named.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let mut figment = Figment::from(Toml::string(DEFAULT));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(Error::invalid("config", format!("{} is not there", file.display())));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let settings: Self = figment
            .merge(Env::prefixed("KURA_").only(&NAMES))
            .extract()
            .map_err(|error| Error::invalid("config", error))?;
        settings.check()?;
        Ok(settings)
    }

    /// Whether the server speaks TLS itself.
    pub fn tls(&self) -> bool {
        !self.tls_certificate.as_os_str().is_empty()
    }

    /// Whether people reach the pages over TLS: the server's own, or a proxy's before it.
    pub(crate) fn encrypted(&self) -> bool {
        self.tls() || self.address.starts_with("https://")
    }

    /// Checks what one setting means for another.
    pub(crate) fn check(&self) -> Result<()> {
        if self.tls() == self.tls_key.as_os_str().is_empty() {
            return Err(Error::invalid(
                "tls_certificate",
                "name both the certificate and its key, or neither",
            ));
        }
        if !self.tls() && !self.listen.ip().is_loopback() {
            return Err(Error::invalid(
                "listen",
                "plain HTTP is for loopback only: give the server a certificate (tls_certificate), or listen on \
                 127.0.0.1 and put a TLS proxy before it",
            ));
        }
        if self.tls() && !self.listen.ip().is_loopback() && self.address.is_empty() {
            return Err(Error::invalid(
                "address",
                "say the address that people type, for example https://kura.example.jp",
            ));
        }
        let origin = self.address.strip_prefix("https://").or_else(|| self.address.strip_prefix("http://"));
        let bare = origin.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']));
        if !self.address.is_empty() && !bare {
            return Err(Error::invalid(
                "address",
                "an address looks like https://kura.example.jp, without a path",
            ));
        }
        if !(1..=24 * 60).contains(&self.session_idle_minutes) {
            return Err(Error::invalid("session_idle_minutes", "1 to 1440 minutes"));
        }
        if !(1..=168).contains(&self.session_hours) {
            return Err(Error::invalid("session_hours", "1 to 168 hours"));
        }
        self.check_openid()?;
        crate::mail::check(self)?;
        self.firm_zone().map(drop)
    }

    /// The firm's time zone.
    ///
    /// # Errors
    /// A name that is none.
    pub fn firm_zone(&self) -> Result<TimeZone> {
        TimeZone::get(&self.time_zone)
            .map_err(|_| Error::invalid("time_zone", "an IANA name, for example Asia/Tokyo"))
    }

    fn check_openid(&self) -> Result<()> {
        if self.openid_issuer.is_empty() {
            return Ok(());
        }
        if !on_this_machine(&self.openid_issuer) && !self.openid_issuer.starts_with("https://") {
            return Err(Error::invalid("openid_issuer", "the provider's issuer begins with https://"));
        }
        if self.openid_client_id.is_empty() {
            return Err(Error::invalid("openid_client_id", "say by which name the provider knows Kura"));
        }
        if self.openid_name.trim().is_empty() {
            return Err(Error::invalid("openid_name", "say what the button for the provider is called"));
        }
        Ok(())
    }

    /// The offices that groups stand for, each with whether one of these groups gives it.
    pub(crate) fn offices_of(&self, groups: &[&str]) -> Vec<(Office, bool)> {
        let mut held = BTreeMap::new();
        for (group, office) in &self.openid_offices {
            *held.entry(*office).or_insert(false) |= groups.contains(&group.as_str());
        }
        held.into_iter().collect()
    }

    /// Where someone is, for the rules: `office` or `outside`. Behind a trusted proxy it is where the proxy says
    /// that the request came from (the last address in `X-Forwarded-For` that is no trusted proxy's). A
    /// request that says it was forwarded, by a proxy that nobody trusts, comes from outside.
    pub fn zone(&self, peer: IpAddr, forwarded: Option<&str>) -> &'static str {
        let trusted = |address: IpAddr| self.trusted_proxies.iter().any(|proxy| proxy.contains(address));
        let address = match forwarded {
            None if trusted(peer) => return "outside",
            None => peer,
            Some(_) if !trusted(peer) => return "outside",
            Some(chain) => {
                let hops = chain.rsplit(',').map(|hop| hop.trim().parse::<IpAddr>());
                match hops.into_iter().find(|hop| !hop.as_ref().is_ok_and(|hop| trusted(*hop))) {
                    Some(Ok(address)) => address,
                    _ => return "outside",
                }
            }
        };
        if self.office_networks.iter().any(|network| network.contains(address)) {
            "office"
        } else {
            "outside"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_defaults_are_the_defaults() {
        let settings: Settings = Figment::from(Toml::string(DEFAULT)).extract().unwrap();
        assert_eq!(settings.store.len(), 1);
        assert_eq!(settings.zone("127.0.0.1".parse().unwrap(), None), "office");
        assert_eq!(settings.zone("::ffff:127.0.0.1".parse().unwrap(), None), "office");
        assert_eq!(settings.zone("192.0.2.1".parse().unwrap(), None), "outside");
    }

    #[test]
    fn an_unknown_setting_and_an_open_address_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kura.toml");
        std::fs::write(&file, "lisen = \"127.0.0.1:1\"").unwrap();
        assert!(Settings::read(Some(&file)).unwrap_err().to_string().contains("lisen"));
        std::fs::write(&file, "listen = \"0.0.0.0:80\"").unwrap();
        assert!(Settings::read(Some(&file)).unwrap_err().to_string().contains("TLS proxy"));
        assert!(Settings::read(Some(&folder.path().join("none"))).is_err());
    }

    #[test]
    fn a_provider_is_asked_over_tls_and_its_groups_stand_for_known_offices() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kura.toml");
        let read = |text: &str| {
            std::fs::write(&file, text).unwrap();
            Settings::read(Some(&file)).map_err(|error| error.to_string())
        };
        let plain = read("openid_issuer = \"http://id.example\"\nopenid_client_id = \"kura\"").unwrap_err();
        assert!(plain.contains("https://"), "{plain}");
        let start = "openid_issuer = \"https://id.example\"\n";
        assert!(read(start).unwrap_err().contains("openid_client_id"));
        let start = format!("{start}openid_client_id = \"kura\"\n");
        assert!(
            read(&format!("{start}openid_offices = {{ admins = \"emperor\" }}"))
                .unwrap_err()
                .contains("emperor")
        );
        let settings = read(&format!(
            "{start}openid_offices = {{ admins = \"system_administrator\", root = \"system_administrator\", watch = \"auditor\" }}"
        ));
        let settings = settings.unwrap();
        let admin = Office::SystemAdministrator;
        assert_eq!(settings.offices_of(&["root"]), [(admin, true), (Office::Auditor, false)]);
        assert_eq!(settings.offices_of(&[]), [(admin, false), (Office::Auditor, false)]);
    }

    #[test]
    fn networks_hold_their_addresses() {
        let network = |text: &str| Network::try_from(text.to_owned());
        let all = network("0.0.0.0/0").unwrap();
        assert!(all.contains("203.0.113.9".parse().unwrap()));
        let office = network("10.1.0.0/16").unwrap();
        assert!(
            office.contains("10.1.255.1".parse().unwrap()) && !office.contains("10.2.0.1".parse().unwrap())
        );
        for bad in ["10.0.0.0", "10.0.0.0/33", "office/8", "::1/129"] {
            assert!(network(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_zone_is_where_a_trusted_proxy_says_and_outside_when_in_doubt() {
        let mut settings = Settings::read(None).unwrap();
        let near: IpAddr = "127.0.0.1".parse().unwrap();
        assert_eq!(settings.zone(near, None), "office");
        assert_eq!(settings.zone(near, Some("127.0.0.1")), "outside", "nobody trusts this proxy");
        settings.trusted_proxies = vec!["127.0.0.0/8".to_owned().try_into().unwrap()];
        settings.office_networks = vec!["10.1.0.0/16".to_owned().try_into().unwrap()];
        assert_eq!(settings.zone(near, None), "outside", "the proxy says nothing");
        for (chain, zone) in [
            ("10.1.2.3", "office"),
            ("203.0.113.9", "outside"),
            ("10.1.2.3, 203.0.113.9", "outside"),
            ("203.0.113.9, 10.1.2.3, 127.0.0.2", "office"),
            ("nonsense", "outside"),
            ("10.1.2.3, nonsense", "outside"),
            ("", "outside"),
            ("127.0.0.3", "outside"),
        ] {
            assert_eq!(settings.zone(near, Some(chain)), zone, "{chain}");
        }
        assert_eq!(settings.zone("10.1.0.1".parse().unwrap(), None), "office");
    }
}
