//! Ids of what the register holds. Each kind has a type of its own, so that none is taken for another.
//!
//! An id is a UUID version 7 (RFC 9562): it begins with its time, so that newer rows sort after older
//! ones, and says nothing else. People are shown names, never ids.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Text that is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: {0:?}; an id looks like 0190f3a8-7c1e-7b54-9f3e-1a2b3c4d5e6f")]
pub struct NoId(String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String, format = "uuid")]
        pub struct $name(Uuid);

        impl $name {
            /// An id made at a time (milliseconds since 1970) from ten random bytes.
            pub fn new(milliseconds: u64, random: &[u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(milliseconds, random).into_uuid())
            }

            /// Its sixteen bytes.
            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl FromStr for $name {
            type Err = NoId;

            fn from_str(text: &str) -> Result<Self, NoId> {
                let id = Uuid::try_parse(text).map_err(|_| NoId(text.chars().take(64).collect()))?;
                Ok(Self(id))
            }
        }

        impl TryFrom<String> for $name {
            type Error = NoId;

            fn try_from(text: String) -> Result<Self, NoId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}

ids! {
    /// An item of confidential information (機密情報).
    ItemId
    /// A version of an item's content.
    VersionId
    /// A matter (案件).
    MatterId
    /// A party (取引先・当事者): a consignor, a recipient.
    PartyId
    /// A person: officer or staff (役職員), or a guest of a party.
    PersonId
    /// An upload under way.
    UploadId
    /// A copy that someone holds outside the store (持出し・複製).
    CopyId
    /// A request that waits for approval.
    RequestId
    /// A hold that keeps an item from being erased.
    HoldId
    /// A receipt, counter-receipt, certificate or report.
    StatementId
    /// A transmission (伝達).
    TransmissionId
    /// A record in the ledger.
    EventId
    /// An API token, or a session.
    TokenId
    /// A passkey.
    PasskeyId
    /// A device (情報機器).
    DeviceId
    /// A resolution of a body (決議).
    ResolutionId
    /// An attempt at a course (研修).
    AttemptId
    /// A ruling on a clause (解釈裁定).
    RulingId
    /// An exception from a clause (例外).
    ExceptionId
    /// An evaluation, inspection or audit (評価・点検・監査).
    EvaluationId
    /// A finding (指摘事項).
    FindingId
    /// A case: a violation, a loss, something wrongly sent (違反と事故).
    ViolationId
    /// A change to the systems (変更).
    ChangeId
    /// A delegation of an office (委任).
    DelegationId
    /// A law, treaty or contract that asks for more than the policy (法令・条約・契約).
    RequirementId
    /// An occurrence of a duty (義務).
    OccurrenceId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_sorts_by_its_time() {
        let older = ItemId::new(1_000, &[255; 10]);
        let newer = ItemId::new(1_001, &[0; 10]);
        assert!(older < newer && older.to_string() < newer.to_string());
        assert_eq!(newer.to_string().parse(), Ok(newer));
        let json = serde_json::to_string(&newer).unwrap();
        assert_eq!(serde_json::from_str::<ItemId>(&json).unwrap(), newer);
        for bad in ["", "x", "../../etc/passwd", "0190f3a8-7c1e-7b54-9f3e"] {
            assert!(bad.parse::<ItemId>().is_err());
        }
    }
}
