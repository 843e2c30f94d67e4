//! Files of the pages that never change under their address: style, script, icons. The address holds a digest of the
//! content, so that a browser keeps them for good.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

struct Asset {
    name: &'static str,
    media: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 5] = [
    Asset { name: "kura.css", media: "text/css; charset=utf-8", text: include_str!("../../assets/kura.css") },
    Asset {
        name: "kura.js",
        media: "text/javascript; charset=utf-8",
        text: include_str!("../../assets/kura.js"),
    },
    Asset {
        name: "verify.js",
        media: "text/javascript; charset=utf-8",
        text: include_str!("../../assets/verify.js"),
    },
    Asset { name: "icons.svg", media: "image/svg+xml", text: include_str!("../../assets/icons.svg") },
    Asset { name: "mark.svg", media: "image/svg+xml", text: include_str!("../../assets/mark.svg") },
];

static ADDRESSES: LazyLock<[String; 5]> = LazyLock::new(|| {
    ASSETS.each_ref().map(|asset| {
        let digest = digest::digest(&digest::SHA256, asset.text.as_bytes());
        format!("/assets/{}/{}", hex::encode(&digest.as_ref()[..8]), asset.name)
    })
});

/// The address of an asset.
pub(super) fn address(name: &str) -> &'static str {
    let at = ASSETS.iter().position(|asset| asset.name == name);
    at.map_or("", |at| ADDRESSES[at].as_str())
}

/// Hands an asset out.
pub(super) async fn asset(Path((digest, name)): Path<(String, String)>) -> Response {
    let wanted = format!("/assets/{digest}/{name}");
    let Some(at) = ADDRESSES.iter().position(|address| *address == wanted) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let asset = &ASSETS[at];
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, asset.text).into_response()
}
