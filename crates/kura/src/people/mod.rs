//! People (役職員 and guests): who they are, which offices they hold, what the rules see of them.
//!
//! A record of training stands in for courses until the policy runs them.

pub(crate) mod account_store;
pub(crate) mod add_account;
pub(crate) mod add_device;
pub(crate) mod add_passkey;
pub mod add_people;
pub mod add_person;
pub(crate) mod add_totp;
pub mod appoint;
pub mod change_person;
pub mod confirm_device;
pub mod create_token;
pub mod delegate_office;
pub(crate) mod device_page;
pub(crate) mod device_store;
pub mod end_delegation;
pub(crate) mod factor;
pub(crate) mod follow_groups;
pub mod found;
pub mod invitation;
pub(crate) mod invitation_store;
pub mod leave;
pub mod list_delegations;
pub mod list_devices;
pub mod list_passkeys;
pub mod list_people;
pub mod list_sessions;
pub(crate) mod names;
pub(crate) mod office_page;
pub(crate) mod office_store;
pub(crate) mod open_session;
pub(crate) mod openid_page;
pub(crate) mod page;
pub(crate) mod passkey_page;
pub(crate) mod passkey_store;
pub mod password;
pub(crate) mod people_page;
pub mod people_rows;
pub(crate) mod prove_session;
pub mod remove_account;
pub mod remove_passkey;
pub mod remove_totp;
pub mod reset_sign_in;
pub mod revoke_token;
pub mod set_mail;
pub mod store;
pub(crate) mod totp;
pub(crate) mod totp_page;
pub(crate) mod totp_store;
pub(crate) mod welcome_page;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Kinds of employment: data, and every rule may speak of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Employment {
    /// 役員.
    Director,
    /// 正社員.
    Regular,
    /// 契約社員.
    Contract,
    /// 派遣社員.
    Dispatched,
    /// インターン.
    Intern,
}

impl Employment {
    /// The name that the rules know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Director => "director",
            Self::Regular => "regular",
            Self::Contract => "contract",
            Self::Dispatched => "dispatched",
            Self::Intern => "intern",
        }
    }
}

/// Offices that the model policy knows.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    clap::ValueEnum,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Office {
    /// 代表取締役.
    RepresentativeDirector,
    /// CSR委員会.
    CsrCommittee,
    /// リスクマネジメント部会.
    RiskManagementSubcommittee,
    /// システム管理責任者.
    ChiefSystemAdministrator,
    /// システム管理者.
    SystemAdministrator,
    /// ネットワーク管理者.
    NetworkAdministrator,
    /// 自主管理ドメインの管理者.
    SelfManagedDomainAdministrator,
    /// 監査人.
    Auditor,
    /// 通報対応者.
    ReportHandler,
}

impl Office {
    /// The name that the rules know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::RepresentativeDirector => "representative_director",
            Self::CsrCommittee => "csr_committee",
            Self::RiskManagementSubcommittee => "risk_management_subcommittee",
            Self::ChiefSystemAdministrator => "chief_system_administrator",
            Self::SystemAdministrator => "system_administrator",
            Self::NetworkAdministrator => "network_administrator",
            Self::SelfManagedDomainAdministrator => "self_managed_domain_administrator",
            Self::Auditor => "auditor",
            Self::ReportHandler => "report_handler",
        }
    }

    /// Whether it is held by its person alone and never delegated: the final interpretation of the policy, and the
    /// independence of an audit.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::RepresentativeDirector | Self::Auditor | Self::ReportHandler)
    }
}

/// The name that a person signs in with: lower-case letters, digits, dot, hyphen, underscore, at sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Login(String);

impl FromStr for Login {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_@".contains(c);
        if (1..=64).contains(&text.len()) && text.chars().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a sign-in name has 1 to 64 lower-case letters, digits, dots, hyphens, underscores or @"
                .to_owned())
        }
    }
}

impl TryFrom<String> for Login {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

impl Login {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The rank of a class by its id, with the classes' names when there is none.
pub(crate) fn rank_of(
    pack: &crate::rules::pack::Pack,
    field: &'static str,
    class: &str,
) -> Result<i64, Error> {
    pack.class(class).map(|class| class.rank).ok_or_else(|| {
        let names: Vec<&str> = pack.classes.iter().map(|class| class.id.as_str()).collect();
        Error::invalid(field, format!("no such class; the classes are {}", names.join(", ")))
    })
}
