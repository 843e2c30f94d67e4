//! The pages: whoever may not know of something gets the page for something that does not exist, a form counts only when
//! it comes from a page of ours, and nothing that people type runs in somebody else's browser.

use kura::custody::begin::Begin;
use kura::custody::show::Show;
use kura::custody::take::Take;
use kura::matters::add_party::AddParty;
use kura::web::routes::{self, Access};

use crate::both;
use crate::browser::{Browser, hidden, pages, signed_in};
use crate::firm::{DAY, Firm, NOW, PASSWORD, taking};

both! {
    std_3_2_every_page_refuses_whoever_may_not_know
    basic_1b_material_lives_by_forms_alone
}

const NO_ID: &str = "0190f3a8-7c1e-7b54-9f3e-1a2b3c4d5e6f";

/// A page without what is its reader's own: the token of their forms, the page's own address.
fn plain(text: &str, ids: &[&str]) -> String {
    let mut text = ids.iter().fold(text.to_owned(), |text, id| text.replace(id, "ID"));
    for (name, length) in [("kura-form", 32), ("kura-key", 32)] {
        while let Some(at) = text.find(&format!("name=\"{name}\" value=\"")) {
            let from = at + format!("name=\"{name}\" value=\"").len();
            text.replace_range(at..from + length, "");
        }
    }
    text
}

async fn std_3_2_every_page_refuses_whoever_may_not_know(firm: Firm) {
    let taken = firm.take(&firm.custodian, "top_secret", "極秘.txt", b"hidden", false).await;
    let served = pages(&firm).await;
    let (item, matter, statement) =
        (taken.item.to_string(), firm.matter.to_string(), taken.receipt.to_string());
    let mut refused = vec![signed_in(&served, "mori").await, signed_in(&served, "guest-b").await];
    let mut anyone = Browser::before(&served).await;
    let mut about = 0;
    for route in routes::all() {
        let with = |id: [&str; 3]| {
            let path = route.path.replace("{action}", "open").replace("{operation}", "open");
            path.replace("{item}", id[0]).replace("{matter}", id[1]).replace("{statement}", id[2])
        };
        let (real, none) = (with([&item, &matter, &statement]), with([NO_ID; 3]));
        if route.access == Access::SignedIn && route.shown {
            let answer = anyone.get(&real).await;
            assert_eq!(answer.status, 303, "{real} without a session");
            assert!(answer.location.starts_with("/sign-in?next="), "{real}: {}", answer.location);
        }
        if route.access == Access::SignedIn && route.sent_to {
            let token = anyone.token().await;
            let answer = anyone.send(&real, &[("kura-form", &token)]).await;
            assert_eq!((answer.status, answer.location.as_str()), (303, "/sign-in"), "{real}");
        }
        if real == none || !route.shown {
            continue;
        }
        about += 1;
        for browser in &mut refused {
            let (hidden, unknown) = (browser.get(&real).await, browser.get(&none).await);
            assert_eq!(hidden.status, 404, "{real}: {}", hidden.text);
            let ids = [item.as_str(), &matter, &statement, NO_ID];
            assert_eq!(plain(&hidden.text, &ids), plain(&unknown.text, &ids), "{real}");
        }
    }
    assert!(about >= 6, "{about} pages name something");
    let mut forms = 0;
    for form in routes::forms() {
        for browser in &mut refused {
            let token = browser.token().await;
            for (name, real) in [("item", &item), ("matter", &matter)] {
                let of = |id: &str| format!("/do/{form}?{name}={id}");
                let (hidden, unknown) = (browser.get(&of(real)).await, browser.get(&of(NO_ID)).await);
                let ids = [item.as_str(), matter.as_str(), NO_ID];
                assert_eq!(hidden.status, unknown.status, "{form}");
                assert_eq!(plain(&hidden.text, &ids), plain(&unknown.text, &ids), "{form}");
                assert!(!hidden.text.contains("極秘.txt") && !hidden.text.contains("業務改善調査"), "{form}");
                let path = format!("/do/{form}");
                let fields = |id| {
                    [
                        ("kura-form", token.as_str()),
                        (name, id),
                        ("reason", "because"),
                        ("kura-name", "極秘.txt"),
                        ("kura-revision", "1"),
                    ]
                };
                let hidden = browser.send(&path, &fields(real.as_str())).await;
                let unknown = browser.send(&path, &fields(NO_ID)).await;
                assert_eq!(hidden.status, unknown.status, "{form}: {}", hidden.text);
                assert_eq!(plain(&hidden.text, &ids), plain(&unknown.text, &ids), "{form}");
                forms += 1;
            }
        }
    }
    assert!(forms > 100, "{forms}");
    // Nothing was done by any of it.
    let shown = firm.pass(&firm.custodian, Show { item: taken.item }).await.unwrap();
    assert_eq!((shown.state.as_str(), shown.revision), ("held", 1));
}

async fn basic_1b_material_lives_by_forms_alone(firm: Firm) {
    let served = pages(&firm).await;
    let mut hana = signed_in(&served, "hana").await;
    let mut directors = [signed_in(&served, "d1").await, signed_in(&served, "d2").await];
    let form = hana.get(&format!("/do/take?matter={}", firm.matter)).await;
    let (token, key) = (hidden(&form.text, "kura-form"), hidden(&form.text, "kura-key"));
    let matter = firm.matter.to_string();
    let fields = [
        ("kura-form", token.as_str()),
        ("kura-key", &key),
        ("matter", &matter),
        ("class", "secret"),
        ("source", "佐藤様より来社時に受領"),
    ];
    let content = "秘密の計画".repeat(1000);
    let answer = hana.send_file("/do/take", &fields, ("C:\\計画.txt", content.as_bytes())).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    // Sent twice, it is done once.
    let again = hana.send_file("/do/take", &fields, ("C:\\計画.txt", content.as_bytes())).await;
    assert_ne!(again.status, 303, "a second upload under the first one's key is another input");
    let page = hana.get(&answer.location).await;
    assert!(page.text.contains("<h1>計画.txt</h1>") && page.text.contains("Secret"), "{}", page.text);
    let item = answer.location.trim_start_matches("/items/").split('?').next().unwrap().to_owned();
    let opened = hana.send("/do/open", &[("kura-form", &token), ("item", &item)]).await;
    assert_eq!((opened.status, opened.text.as_str()), (200, content.as_str()));
    assert_eq!(opened.headers["content-disposition"].split(';').next(), Some("inline"));
    // Two others approve, and only what they approved is done.
    let asked =
        hana.fill(&format!("/do/ask?item={item}&operation=erase"), &[("reason", "業務終了のため")]).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    for director in &mut directors {
        let today = director.get("/today").await;
        assert!(today.text.contains("業務終了のため") && today.text.contains("計画.txt"), "{}", today.text);
        let decide = today.text.split("href=\"/do/approve?").nth(1).unwrap().split('"').next().unwrap();
        let decide = format!("/do/approve?{}", decide.replace("&#38;", "&").replace("&amp;", "&"));
        let decided = director.fill(&decide, &[("reason", "確認しました")]).await;
        assert_eq!(decided.status, 303, "{}", decided.text);
    }
    let requests = hana.get("/requests").await;
    let carry = requests.text.split("href=\"/do/erase?").nth(1).unwrap().split('"').next().unwrap();
    let carry = format!("/do/erase?{}", carry.replace("&#38;", "&").replace("&amp;", "&"));
    let mistyped = hana.fill(&carry, &[("kura-name", "別の名前")]).await;
    assert_eq!(mistyped.status, 422);
    assert!(mistyped.text.contains("The name differs"), "{}", mistyped.text);
    let erased = hana.fill(&carry, &[("kura-name", "計画.txt")]).await;
    assert_eq!(erased.status, 303, "{}", erased.text);
    let page = hana.get(&erased.location).await;
    assert!(page.text.contains("Certificate of erasure") && !page.text.contains("計画.txt"), "{}", page.text);
    let certificate = page.text.split("href=\"/statements/").nth(1).unwrap().split('"').next().unwrap();
    let certificate = hana.get(&format!("/statements/{certificate}")).await;
    assert_eq!(certificate.status, 200);
    // The director sees it in the timeline of what they decided; the outsider sees no page at all.
    assert_eq!(directors[0].get(&format!("/items/{item}")).await.status, 200);
    assert_eq!(signed_in(&served, "mori").await.get(&format!("/items/{item}")).await.status, 404);
}

async fn firm() -> Firm {
    Firm::found(crate::firm::Engine::Sqlite).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_form_from_elsewhere_changes_nothing() {
    let firm = firm().await;
    let served = pages(&firm).await;
    let mut admin = signed_in(&served, "admin").await;
    let token = admin.token().await;
    let mut other = signed_in(&served, "hana").await;
    let others = other.token().await;
    let party = |token: &str, name: &str| {
        vec![("kura-form".to_owned(), token.to_owned()), ("name".to_owned(), name.to_owned())]
    };
    for (number, (token, headers)) in [
        ("", vec![]),
        ("0123456789abcdef0123456789abcdef", vec![]),
        (others.as_str(), vec![]),
        (token.as_str(), vec![("origin", "https://evil.example")]),
        (token.as_str(), vec![("origin", "null")]),
        (token.as_str(), vec![("sec-fetch-site", "cross-site")]),
        (token.as_str(), vec![("sec-fetch-site", "same-site")]),
    ]
    .into_iter()
    .enumerate()
    {
        admin.headers =
            headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let fields = party(token, &format!("Evil {number}"));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = admin.send("/do/add-party", &fields).await;
        assert_eq!(answer.status, 403, "{number}: {}", answer.text);
        let answer = admin.send_file("/do/add-party", &fields, ("x", b"x")).await;
        assert_eq!(answer.status, 403, "{number}: {}", answer.text);
    }
    admin.headers.clear();
    let good = [("kura-form", token.as_str()), ("name", "Good")];
    assert_eq!(admin.send("/do/add-party", &good).await.status, 303);
    let parties = admin.get("/administration/parties").await.text;
    assert!(parties.contains("Good") && !parties.contains("Evil"), "{parties}");
    // A script's request to the API is held to the same.
    let (status, _) = served.ask("GET", "/items", None, None).await;
    assert_eq!(status, 401);
    assert_eq!(admin.get("/api/v1/items").await.status, 401, "a cookie alone is no permission");
    admin.headers = vec![("kura-form".to_owned(), token)];
    assert_eq!(admin.get("/api/v1/items").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_session_is_fresh_bound_and_ends() {
    let firm = firm().await;
    let served = pages(&firm).await;
    // Fixation: a cookie that was there before is not the session.
    let mut browser = Browser::before(&served).await;
    let planted = format!("kura_{}", "ab".repeat(32));
    browser.cookies.insert("__Host-kura".to_owned(), planted.clone());
    browser.sign_in("hana").await;
    let session = browser.cookies["__Host-kura"].clone();
    assert_ne!(session, planted);
    assert_eq!(browser.get("/register").await.status, 200);
    // A session's token is no bearer token, and a bearer token no session.
    let (status, _) = served.ask("GET", "/items", Some(&session), None).await;
    assert_eq!(status, 401);
    let bearer = served.sign_in("hana", "all").await;
    let mut thief = Browser::before(&served).await;
    thief.cookies.insert("__Host-kura".to_owned(), bearer);
    assert_eq!(thief.get("/register").await.status, 303);
    // Nor is it good in another browser, one without a cookie of its own among them.
    thief.cookies.insert("__Host-kura".to_owned(), session.clone());
    assert!(thief.cookies.contains_key("__Host-kura-device"));
    assert_eq!(thief.get("/register").await.status, 303);
    thief.cookies.remove("__Host-kura-device");
    assert_eq!(thief.get("/register").await.status, 303);
    // Shown from elsewhere it is over there; at its own place it goes on.
    let device = browser.cookies["__Host-kura-device"].clone();
    thief.cookies.insert("__Host-kura-device".to_owned(), device);
    assert_eq!(thief.get("/register").await.status, 200, "all of a browser's cookies are the browser");
    thief.headers = vec![("x-forwarded-for".to_owned(), "203.0.113.9".to_owned())];
    assert_eq!(thief.get("/register").await.status, 303);
    assert_eq!(browser.get("/register").await.status, 200);
    // Unused for half an hour it ends; used, it goes on until its last hour.
    let minutes = |minutes: i64| NOW + minutes * 60_000;
    for minute in [20, 40, 60] {
        firm.clock.set(minutes(minute));
        assert_eq!(browser.get("/register").await.status, 200, "after {minute} minutes");
    }
    firm.clock.set(minutes(91));
    assert_eq!(browser.get("/register").await.status, 303);
    let mut busy = signed_in(&served, "hana").await;
    for step in 0..60 {
        firm.clock.set(minutes(91 + step * 12));
        let status = busy.get("/register").await.status;
        assert_eq!(status, 200, "after {} hours", step / 5);
    }
    firm.clock.set(minutes(91 + 60 * 12 + 1));
    assert_eq!(busy.get("/register").await.status, 303, "twelve hours are over");
    // Signing out ends it on the server, not in the browser alone.
    let mut leaving = signed_in(&served, "hana").await;
    let kept = leaving.cookies.clone();
    let token = leaving.token().await;
    let answer = leaving.send("/sign-out", &[("kura-form", &token)]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/sign-in"));
    leaving.cookies = kept;
    assert_eq!(leaving.get("/register").await.status, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn std_2_2_on_a_device_of_ones_own_the_terms_bind_and_the_firms_is_confirmed_by_another() {
    let firm = firm().await;
    let served = pages(&firm).await;
    let item = firm.take(&firm.custodian, "internal", "x.txt", b"x", false).await.item;
    let opens = async |browser: &mut Browser| {
        let token = browser.token().await;
        browser.send("/do/open", &[("kura-form", &token), ("item", &item.to_string())]).await.status
    };
    let register = async |browser: &mut Browser, kind: &str| {
        let token = browser.token().await;
        let fields = [("kura-form", token.as_str()), ("label", "note <b>PC"), ("kind", kind)];
        browser.send("/me/device", &fields).await
    };
    let mut hana = signed_in(&served, "hana").await;
    assert_eq!(opens(&mut hana).await, 200, "an unknown device is held to no terms of devices");
    assert_eq!(register(&mut hana, "else").await.status, 422);
    assert_eq!(register(&mut hana, "personal").await.location, "/me?done=add_device");
    assert_eq!(register(&mut hana, "firm").await.status, 409, "it is registered already");
    let told = opens(&mut hana).await;
    assert_eq!(told, 403, "the matter's terms allow no personal device");
    let me = hana.get("/me").await.text;
    assert!(me.contains("note &#60;b&#62;PC") && !me.contains("<b>PC"), "{me}");
    // She cannot take that back herself, and other people before the same browser are not held to it.
    let own = firm.pass(&firm.custodian, kura::people::list_devices::ListOwnDevices {}).await.unwrap();
    let device = own[0].device.to_string();
    let token = hana.token().await;
    let removed = hana.send("/do/remove-device", &[("kura-form", &token), ("device", &device)]).await;
    assert_eq!(removed.status, 409);
    assert_eq!(opens(&mut hana).await, 403);

    let mut other = signed_in(&served, "hana").await;
    assert_eq!(opens(&mut other).await, 200, "another browser is another device");
    register(&mut other, "firm").await;
    let kind = async || {
        let own = firm.pass(&firm.custodian, kura::people::list_devices::ListOwnDevices {}).await.unwrap();
        let theirs = own.iter().find(|line| line.device.to_string() != device).unwrap();
        (theirs.device, theirs.kind.clone())
    };
    let (claimed, what) = kind().await;
    assert_eq!(what, "claimed");
    let confirm = |end| kura::people::confirm_device::ConfirmDevice { device: claimed, end };
    assert!(firm.pass(&firm.custodian, confirm(false)).await.is_err(), "nobody confirms their own");
    assert!(firm.pass(&firm.staff, kura::people::list_devices::ListDevices {}).await.is_err());
    firm.pass(&firm.admin, confirm(false)).await.unwrap();
    assert_eq!(kind().await.1, "firm");
    assert!(firm.pass(&firm.admin, confirm(false)).await.is_err(), "it waits no more");
    assert_eq!(opens(&mut other).await, 200);
    firm.pass(&firm.admin, confirm(true)).await.unwrap();
    assert_eq!(firm.pass(&firm.admin, kura::people::list_devices::ListDevices {}).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_sign_in_tells_nobody_who_exists_and_leads_nowhere_else() {
    let firm = firm().await;
    let served = pages(&firm).await;
    let mut browser = Browser::before(&served).await;
    let token = browser.token().await;
    let mut told = Vec::new();
    for login in ["hana", "nobody-at-all"] {
        let wrong = [
            ("kura-form", token.as_str()),
            ("login", login),
            ("password", "wrong password"),
            ("next", "/me"),
        ];
        let answer = browser.send("/sign-in", &wrong).await;
        assert_eq!(answer.status, 422);
        assert!(!browser.cookies.contains_key("__Host-kura"));
        told.push(plain(&answer.text, &[login]));
    }
    assert_eq!(told[0], told[1]);
    for next in
        ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/\r\nx: y"]
    {
        let mut browser = Browser::before(&served).await;
        let token = browser.token().await;
        let fields =
            [("kura-form", token.as_str()), ("login", "hana"), ("password", PASSWORD), ("next", next)];
        let answer = browser.send("/sign-in", &fields).await;
        assert_eq!((answer.status, answer.location.as_str()), (303, "/today"), "{next:?}");
        let token = browser.token().await;
        let to = browser.send("/language", &[("kura-form", &token), ("language", "ja"), ("to", next)]).await;
        assert_eq!(to.location, "/today", "{next:?}");
    }
    // Under a host that is not ours nothing is served, so that no name of theirs leads into the loopback.
    let mut elsewhere = Browser::before(&served).await;
    elsewhere.headers = vec![("host".to_owned(), "evil.example".to_owned())];
    assert_eq!(elsewhere.get("/sign-in").await.status, 421);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_nothing_that_people_type_runs() {
    const EVIL: &str = "\"><script>alert(1)<'&amp; {{7*7}}";
    let firm = firm().await;
    let served = pages(&firm).await;
    firm.pass(
        &firm.admin,
        AddParty { name: EVIL.replace("/", "").parse().unwrap(), recipient: None, abroad: false },
    )
    .await
    .unwrap();
    let item = firm
        .take(&firm.custodian, "internal", &format!("{EVIL}.html"), b"<script>alert(1)</script>", true)
        .await;
    let mut hana = signed_in(&served, "hana").await;
    let id = item.item;
    let long = "x".repeat(5000);
    let query = serde_html_form::to_string([("name", EVIL)]).unwrap();
    for path in [
        "/today".to_owned(),
        "/register".to_owned(),
        format!("/register?{query}"),
        format!("/register?name={long}"),
        format!("/register?class={}", "%22%3E%3Cscript%3E"),
        format!("/items/{id}"),
        format!("/items/{id}/why/%3Cscript%3E"),
        format!("/items/{id}?done=%3Cscript%3Ealert(1)%3C/script%3E"),
        format!("/do/grant?item={id}&until=%22%3E%3Cscript%3E"),
        format!("/do/erase?item={id}"),
        format!("/do/transmit?item={id}"),
        "/administration/parties".to_owned(),
        "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E".to_owned(),
    ] {
        let answer = hana.get(&path).await;
        assert!(
            !answer.text.contains("<script>") && !answer.text.contains("alert(1)<'"),
            "{path}: {}",
            answer.text
        );
        let policy = &answer.headers["content-security-policy"];
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    // Text is shown as text; a page or a picture with a script in it is handed out as a file, never shown as ours.
    let token = hana.token().await;
    let opened = hana.send("/do/open", &[("kura-form", &token), ("item", &id.to_string())]).await;
    assert_eq!(opened.headers["content-type"], "text/plain");
    assert!(opened.headers["content-disposition"].starts_with("inline; filename=\"_>"));
    for media in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"] {
        let begin = Begin {
            matter: firm.matter,
            class: "internal".to_owned(),
            name: "page".parse().unwrap(),
            media: media.parse().unwrap(),
            size: 1,
            item: None,
        };
        let upload = firm.pass(&firm.custodian, begin).await.unwrap().upload;
        let content = bytes::Bytes::from_static(b"x");
        firm.uploads.put(&firm.open.door, &firm.custodian, upload, 0, content).await.unwrap();
        let take = Take { upload: Some(upload), ..taking(firm.matter, "internal") };
        let item = firm.pass(&firm.custodian, take).await.unwrap().item.to_string();
        let opened = hana.send("/do/open", &[("kura-form", &token), ("item", &item)]).await;
        assert_eq!(opened.headers["content-type"], "application/octet-stream", "{media}");
        assert!(opened.headers["content-disposition"].starts_with("attachment"), "{media}");
    }
    // Neither a name nor a header that somebody made up becomes a header of ours.
    let name = hana.get("/register?name=%0d%0aset-cookie:%20x=y").await;
    assert!(!name.headers.contains_key("x") && name.status == 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_form_that_is_too_long_or_makes_no_sense_is_told() {
    let firm = firm().await;
    let served = pages(&firm).await;
    let mut hana = signed_in(&served, "hana").await;
    let token = hana.token().await;
    let long = "x".repeat(300 * 1024);
    let answer = hana.send("/do/grant", &[("kura-form", &token), ("until", &long)]).await;
    assert_eq!(answer.status, 422, "{}", answer.text);
    let matter = firm.matter.to_string();
    let fields = |class: &'static str| {
        vec![("kura-form", token.clone()), ("matter", matter.clone()), ("class", class.to_owned())]
    };
    for (class, file, told) in [
        ("secret", "x.txt", "This must be given"),
        ("no-such-class", "x.txt", "no such class"),
        ("secret", "a\u{202E}fdp.exe", "must not hold the character"),
    ] {
        let fields = fields(class);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = hana.send_file("/do/take", &fields, (file, b"x")).await;
        assert_eq!(answer.status, 422, "{class} {file}: {}", answer.text);
        assert!(answer.text.contains(told), "{class} {file}: {}", answer.text);
    }
    // What was given is not lost with the mistake.
    let due = firm.take(&firm.custodian, "internal", "図面.txt", b"x", false).await.item.to_string();
    let answer = hana.fill(&format!("/do/grant?item={due}"), &[("until", "tomorrow")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("value=\"tomorrow\"") && answer.text.contains("This must be given"));
    // A link says openly whom it is for, and what, also where it is about no material.
    let ken = firm.staff.id().unwrap();
    let chosen = format!("<option value=\"{ken}\" selected>");
    for link in
        [format!("/do/grant?item={due}&person={ken}"), format!("/do/appoint?person={ken}&office=director")]
    {
        let form = hana.get(&link).await;
        assert!(form.status == 200 && form.text.contains(&chosen), "{link}: {}", form.text);
        assert!(!form.text.contains("type=\"hidden\" name=\"person\""), "{link}");
        assert!(!form.text.contains("type=\"hidden\" name=\"office\""), "{link}");
    }
    // A form that was shown before something changed is not carried out on what nobody saw.
    let form = hana.get(&format!("/do/reclassify?item={due}")).await;
    let (revision, key) = (hidden(&form.text, "kura-revision"), hidden(&form.text, "kura-key"));
    firm.clock.set(NOW + DAY / 100);
    let to = firm.staff.id().unwrap();
    let grant = kura::custody::grant::Grant {
        item: due.parse().unwrap(),
        person: to,
        until: "2027-01-31".to_owned(),
    };
    firm.pass(&firm.custodian, grant).await.unwrap();
    let fields = [
        ("kura-form", token.as_str()),
        ("kura-key", &key),
        ("kura-revision", &revision),
        ("item", &due),
        ("class", "secret"),
        ("reason", "x"),
    ];
    let answer = hana.send("/do/reclassify", &fields).await;
    assert_eq!(answer.status, 409, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_1c_a_client_that_sends_nothing_is_let_go() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let firm = firm().await;
    let served = pages(&firm).await;
    let address = served.base.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let mut waits = Vec::new();
    for said in ["", "GET /sign-in HTTP/1.1\r\nhost: localhost\r\nx-slow: ", "POST /sign-in"] {
        let address = address.clone();
        waits.push(tokio::spawn(async move {
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            stream.write_all(said.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let read = stream.read_to_end(&mut answer);
            let ended = tokio::time::timeout(std::time::Duration::from_secs(40), read).await;
            assert!(ended.is_ok(), "{said:?} is still waited for");
        }));
    }
    for wait in waits {
        wait.await.unwrap();
    }
    // Headers without end are refused, not kept.
    let mut browser = Browser::before(&served).await;
    browser.headers = (0..200).map(|number| (format!("x-{number}"), "y".repeat(500))).collect();
    assert_eq!(browser.get("/sign-in").await.status, 431);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn std_3_2_a_changed_password_needs_the_present_one_and_ends_other_sessions() {
    let firm = firm().await;
    let served = pages(&firm).await;
    let (mut here, mut elsewhere) = (signed_in(&served, "hana").await, signed_in(&served, "hana").await);
    let bearer = served.sign_in("hana", "all").await;
    let wrong = [("current", "not the password"), ("password", "another long password")];
    let answer = here.fill("/do/set-password", &wrong).await;
    assert_eq!(answer.status, 409);
    assert!(
        answer.text.contains("the present password is wrong") && !answer.text.contains("not the password")
    );
    assert_eq!(elsewhere.get("/today").await.status, 200);
    let right = [("current", PASSWORD), ("password", "another long password")];
    let answer = here.fill("/do/set-password", &right).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/me?done=set-password"), "{}", answer.text);
    assert_eq!(here.get("/today").await.status, 200, "the session in which it was changed goes on");
    assert_eq!(elsewhere.get("/today").await.status, 303);
    assert_eq!(served.ask("GET", "/items", Some(&bearer), None).await.0, 401);
    assert_eq!(Browser::before(&served).await.sign_in("hana").await.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn std_3_2_a_lost_sign_in_is_reset_by_another_and_ends_what_was_before() {
    let firm = firm().await;
    let served = pages(&firm).await;
    let mut admin = signed_in(&served, "admin").await;
    let mut ken = signed_in(&served, "ken").await;
    let id = firm.staff.id().unwrap().to_string();
    let form = format!("/do/reset-sign-in?person={id}");
    // Ken is no administrator, and an administrator does not do it for themselves.
    assert_eq!(ken.fill(&form, &[("password", "a fresh long password")]).await.status, 403);
    let own = firm.admin.id().unwrap().to_string();
    let for_oneself = format!("/do/reset-sign-in?person={own}");
    let answer = admin.fill(&for_oneself, &[("password", "a fresh long password")]).await;
    assert_eq!(answer.status, 409);
    let answer = admin.fill(&form, &[("password", "a fresh long password")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(ken.get("/today").await.status, 303);
    assert_eq!(Browser::before(&served).await.sign_in("ken").await.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn std_3_2_a_table_holds_what_one_may_know_of_and_no_formula() {
    let firm = firm().await;
    let served = pages(&firm).await;
    for number in 0..3 {
        firm.take(&firm.custodian, "internal", &format!("=SUM(A{number})"), b"x", false).await;
    }
    firm.take(&firm.custodian, "top_secret", "極秘.txt", b"x", false).await;
    let table = signed_in(&served, "hana").await.get("/register/table.csv?class=internal").await;
    assert_eq!((table.status, table.headers["content-type"].as_str()), (200, "text/csv; charset=utf-8"));
    assert_eq!(table.text.lines().count(), 4, "{}", table.text);
    assert!(table.text.contains(",'=SUM(A1),") && !table.text.contains(",=SUM"), "{}", table.text);
    let table = signed_in(&served, "ken").await.get("/register/table.csv").await;
    assert!(table.text.contains("SUM") && !table.text.contains("極秘"), "{}", table.text);
    let table = signed_in(&served, "mori").await.get("/register/table.csv").await;
    assert_eq!(table.text.lines().count(), 1, "{}", table.text);

    // The same as a workbook, in which text is text: the import of ledgers reads it back.
    let book = signed_in(&served, "hana").await.get("/register/table.xlsx?class=internal").await;
    assert_eq!(book.status, 200);
    let read = kura::table::read(&book.bytes).unwrap();
    assert_eq!((read.encoding, read.rows.len(), read.head[1].as_str()), ("XLSX", 3, "Name"));
    assert!(read.rows.iter().any(|row| row.cells[1] == "=SUM(A1)"), "{read:?}");
    let book = signed_in(&served, "ken").await.get("/register/table.xlsx").await;
    assert!(kura::table::read(&book.bytes).unwrap().rows.iter().all(|row| !row.cells[1].contains("極秘")));
}
