//! Documents of the sample firm, made on the spot.

/// A contract as text.
pub(super) fn contract() -> Vec<u8> {
    let mut text =
        String::from("業務委託契約書\n\n委託者（甲）と受託者（乙）は、次のとおり契約を締結する。\n");
    for (number, clause) in ["目的", "秘密保持", "資料の貸与", "返却と消去", "損害賠償"].iter().enumerate()
    {
        text.push_str(&format!(
            "\n第{}条（{clause}）\n  乙は、甲から貸与された資料を善良な管理者の注意をもって管理する。\n",
            number + 1
        ));
    }
    text.into_bytes()
}

/// Figures as CSV.
pub(super) fn figures() -> Vec<u8> {
    let mut text = String::from("month,orders,returns\n");
    for month in 1..=12 {
        text.push_str(&format!("2026-{month:02},{},{}\n", 900 + month * 37, 12 + month % 5));
    }
    text.into_bytes()
}

/// A mail (RFC 5322).
pub(super) fn mail() -> Vec<u8> {
    "From: sato@client-a.example\r\nTo: hana@firm.example\r\nSubject: =?UTF-8?B?6LOH5paZ44Gu44GU6YCB5LuY?=\r\n\
     Date: Tue, 24 Nov 2026 09:00:00 +0900\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
     お世話になっております。図面をお送りします。\r\n"
        .as_bytes()
        .to_vec()
}

/// A drawing as SVG.
pub(super) fn drawing() -> Vec<u8> {
    let mut svg = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 200 120\">\n");
    for shelf in 0..6 {
        let x = 10 + shelf * 30;
        svg.push_str(&format!(
            "  <rect x=\"{x}\" y=\"20\" width=\"24\" height=\"80\" fill=\"none\" stroke=\"black\"/>\n"
        ));
    }
    svg.push_str("</svg>\n");
    svg.into_bytes()
}

/// A summary of the contract.
pub(super) fn summary() -> Vec<u8> {
    "契約の要約：資料は案件の終了時に返却または消去する。\n".as_bytes().to_vec()
}
