//! A QR code (ISO/IEC 18004) as a picture within the page.

use std::fmt;

use askama::filters::HtmlSafe;
use qrcodegen::{QrCode, QrCodeEcc};

use crate::error::{Error, Result};

/// The light margin around it, in modules: four, as the standard asks.
const MARGIN: i32 = 4;

/// A QR code.
pub(crate) struct Qr(QrCode);

impl Qr {
    /// The code of a text.
    ///
    /// # Errors
    /// The text is too long.
    pub(crate) fn of(text: &str) -> Result<Self> {
        QrCode::encode_text(text, QrCodeEcc::Medium).map(Self).map_err(Error::internal)
    }
}

impl fmt::Display for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.size() + 2 * MARGIN;
        write!(f, "<svg class=\"qr\" viewBox=\"0 0 {size} {size}\" aria-hidden=\"true\"><path d=\"")?;
        for y in 0..self.0.size() {
            for x in (0..self.0.size()).filter(|x| self.0.get_module(*x, y)) {
                write!(f, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN)?;
            }
        }
        f.write_str("\"/></svg>")
    }
}

impl HtmlSafe for Qr {}
