//! 確認コード: one-time codes (TOTP, RFC 6238) and recovery codes, beside a password.
//!
//! A code is good once: the step of the last one that was used is kept, and neither it nor an earlier one is taken again,
//! whoever saw it. The secret is sealed under the firm's key, for its person alone; of recovery codes their digests are kept.

use std::borrow::Cow;

use aws_lc_rs::digest;
use totp_rs::{Builder, Secret, Totp};
use unicode_normalization::UnicodeNormalization as _;

use crate::clock::Millis;
use crate::error::{Error, Result};
use kura_vault::keys::random_bytes;

/// Bytes of a secret: what RFC 4226 recommends, 160 bits.
const SECRET: usize = 20;
/// Recovery codes that are made at once.
pub(crate) const RECOVERY_CODES: usize = 10;
/// Signs of recovery codes: without those that look like another.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A secret that an authenticator app shares.
pub(crate) struct Shared(Totp);

/// What somebody typed where a code is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Typed {
    /// The six digits of an app.
    Code(String),
    /// A recovery code.
    Recovery(String),
}

impl Shared {
    /// A fresh secret.
    pub(crate) fn fresh() -> Self {
        let secret: [u8; SECRET] = random_bytes();
        Self::of(&secret).expect("20 bytes are a secret")
    }

    fn of(secret: &[u8]) -> Option<Self> {
        let secret: [u8; SECRET] = secret.try_into().ok()?;
        // SHA-1, six digits, 30 seconds: what every app understands. A step to either side, for clocks that differ.
        Builder::new().with_secret(Secret::new_stack(secret)).build().ok().map(Self)
    }

    /// The secret in these bytes.
    pub(crate) fn from_bytes(secret: &[u8]) -> Result<Self> {
        Self::of(secret).ok_or_else(|| Error::internal("a secret of one-time codes has 20 bytes"))
    }

    /// The secret in base32, as a form carries it and an app takes it.
    ///
    /// # Errors
    /// It is none of ours.
    pub(crate) fn from_base32(text: &str) -> Result<Self> {
        let plain: String = text.split_whitespace().collect();
        let secret = Secret::try_from_base32(plain.to_uppercase()).ok();
        let shared = secret.and_then(|secret| Self::of(secret.as_bytes()));
        shared.ok_or_else(|| Error::invalid("", "the page is out of date: load it again"))
    }

    /// The secret's bytes, to be sealed.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.secret().as_bytes()
    }

    /// The secret in base32.
    pub(crate) fn base32(&self) -> String {
        self.0.secret().to_base32()
    }

    /// The address that an app reads from a picture (Key Uri Format).
    pub(crate) fn uri(&self, firm: &str, name: &str) -> String {
        let label = serde_html_form::to_string([("", format!("{firm}:{name}"))]).unwrap_or_default();
        let issuer = serde_html_form::to_string([("issuer", firm)]).unwrap_or_default();
        let plain = |text: &str| text.replace('+', "%20");
        format!(
            "otpauth://totp/{}?secret={}&{}",
            plain(label.trim_start_matches('=')),
            self.base32(),
            plain(&issuer)
        )
    }

    /// The step for which a code holds now, later than the last that was used.
    pub(crate) fn step(&self, code: &str, now: Millis, last: i64) -> Option<i64> {
        let seconds = u64::try_from(now / 1000).ok()?;
        let step = i64::try_from(self.0.check(code, seconds)?).ok()?;
        (step > last).then_some(step)
    }

    /// The code at a moment.
    #[cfg(test)]
    fn code(&self, now: Millis) -> String {
        self.0.generate(u64::try_from(now / 1000).unwrap()).to_string()
    }
}

impl Typed {
    /// What was typed, however it was: with spaces, hyphens, full-width digits, capitals.
    pub(crate) fn read(text: &str) -> Self {
        let plain = plain_code(text);
        if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Code(plain)
        } else {
            Self::Recovery(plain)
        }
    }
}

/// A fresh code that can be read out and typed: so many groups of four signs, of 20 bits each.
pub(crate) fn spoken_code(groups: usize) -> String {
    let group = |_| {
        let bytes: [u8; 4] = random_bytes();
        bytes.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect::<String>()
    };
    (0..groups).map(group).collect::<Vec<_>>().join("-")
}

/// A fresh recovery code: 80 bits.
pub(crate) fn recovery_code() -> String {
    spoken_code(4)
}

/// A code as it was typed, without what people put between and around its signs.
pub(crate) fn plain_code(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A recovery code as it is kept: with 80 bits of chance in it, a plain digest cannot be reversed.
pub(crate) fn recovery_digest(code: &str) -> String {
    let Typed::Recovery(plain) = Typed::read(code) else {
        return String::new();
    };
    let text: Cow<'_, str> = format!("kura recovery\0{plain}").into();
    hex::encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_and_about_now() {
        let shared = Shared::fresh();
        let now = 1_700_000_000_000;
        let code = shared.code(now);
        let step = shared.step(&code, now, 0).unwrap();
        assert_eq!(step, now / 30_000);
        assert_eq!(shared.step(&code, now, step), None);
        assert_eq!(shared.step(&code, now + 30_000, 0), Some(step));
        assert_eq!(shared.step(&code, now + 90_000, 0), None);
        assert_eq!(shared.step(&code, now - 90_000, 0), None);
        // One of an earlier step is not taken after a later one.
        let earlier = shared.code(now - 30_000);
        assert!(shared.step(&earlier, now, step - 2).is_some());
        assert_eq!(shared.step(&earlier, now, step), None);
        for bad in ["", "12345", "abcdef", "1234567", "-12345"] {
            assert_eq!(shared.step(bad, now, 0), None);
        }
    }

    /// RFC 6238, appendix B: SHA-1, the last six of the eight digits.
    #[test]
    fn the_standards_values_are_ours() {
        let shared = Shared::of(b"12345678901234567890").unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(shared.code(seconds * 1000), code);
        }
    }

    #[test]
    fn a_secret_goes_to_an_app_and_back() {
        let shared = Shared::fresh();
        assert_eq!(Shared::from_base32(&shared.base32().to_lowercase()).unwrap().bytes(), shared.bytes());
        assert!(Shared::from_base32("MZXW6").is_err());
        let uri = shared.uri("青山 & Co", "hana");
        assert!(uri.starts_with("otpauth://totp/%E9%9D%92%E5%B1%B1%20%26%20Co%3Ahana?secret="), "{uri}");
        assert!(uri.ends_with("&issuer=%E9%9D%92%E5%B1%B1%20%26%20Co"), "{uri}");
    }

    #[test]
    fn what_is_typed_is_read_kindly() {
        assert_eq!(Typed::read(" 123 456 "), Typed::Code("123456".to_owned()));
        assert_eq!(Typed::read("１２３４５６"), Typed::Code("123456".to_owned()));
        let code = recovery_code();
        assert_eq!(code.len(), 19);
        assert_eq!(recovery_digest(&code), recovery_digest(&code.to_uppercase().replace('-', " ")));
        assert_ne!(recovery_digest(&code), recovery_digest(&recovery_code()));
        assert_eq!(recovery_digest("123456"), "");
    }
}
