//! One-time codes: a code is good once, a recovery code too, and what somebody saw or guesses opens nothing.

use kura::people::reset_sign_in::ResetSignIn;
use totp_rs::{Builder, Secret};

use crate::both;
use crate::browser::{Answer, Browser, hidden, pages, signed_in};
use crate::doors::Served;
use crate::firm::{DAY, Firm, NOW, PASSWORD};

both! {
    std_3_2_a_code_is_good_once_and_a_replayed_one_is_refused
    std_3_2_recovery_codes_stand_in_once_each
    std_3_2_whoever_is_invited_sets_a_password_that_nobody_else_knows
}

const MINUTE: i64 = 60_000;

/// An authenticator app.
struct App(totp_rs::Totp);

impl App {
    fn of(secret: &str) -> Self {
        Self(Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap())
    }

    fn code(&self, now: i64) -> String {
        self.0.generate(u64::try_from(now / 1000).unwrap()).to_string()
    }
}

/// Sets codes up; the app and the recovery codes.
async fn set_up(browser: &mut Browser, now: i64) -> (App, Vec<String>) {
    let page = browser.get("/me/codes").await;
    assert!(page.text.contains("<svg class=\"qr\""), "{}", page.text);
    let (secret, token) = (hidden(&page.text, "secret"), hidden(&page.text, "kura-form"));
    let app = App::of(&secret);
    let wrong = [("kura-form", token.as_str()), ("secret", &secret), ("code", &app.code(now - 10 * MINUTE))];
    let refused = browser.send("/me/codes", &wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("not the code that the app shows now"), "{}", refused.text);
    // The same secret is asked about again: nobody scans twice.
    assert_eq!(hidden(&refused.text, "secret"), secret);
    let right = [("kura-form", token.as_str()), ("secret", &secret), ("code", &app.code(now))];
    let done = browser.send("/me/codes", &right).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(!done.text.contains(&secret));
    let codes = done.text.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    let codes: Vec<String> = codes.collect();
    assert_eq!(codes.len(), 10);
    (app, codes)
}

/// A browser that has given the right password, and the name under which a code is waited for.
async fn half(served: &Served) -> (Browser, Answer) {
    let mut browser = Browser::before(served).await;
    let page = browser.sign_in("hana").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(!browser.cookies.contains_key("__Host-kura"), "a password alone opened a session");
    (browser, page)
}

/// Gives a code.
async fn give(browser: &mut Browser, page: &Answer, code: &str) -> Answer {
    let (token, name) = (hidden(&page.text, "kura-form"), hidden(&page.text, "name"));
    browser.send("/sign-in/code", &[("kura-form", &token), ("name", &name), ("code", code)]).await
}

async fn std_3_2_a_code_is_good_once_and_a_replayed_one_is_refused(firm: Firm) {
    let item = firm.take(&firm.custodian, "top_secret", "極秘.txt", b"very", false).await.item;
    let served = pages(&firm).await;
    let mut hana = signed_in(&served, "hana").await;
    let (app, _) = set_up(&mut hana, NOW).await;
    let set = app.code(NOW);

    // The code that set it up was seen, and is spent.
    let (mut thief, page) = half(&served).await;
    let again = give(&mut thief, &page, &set).await;
    assert_eq!(again.status, 422);
    assert!(again.text.contains("used before"), "{}", again.text);
    assert!(!thief.cookies.contains_key("__Host-kura"));

    firm.clock.set(NOW + MINUTE);
    let code = app.code(NOW + MINUTE);
    let (mut own, page) = half(&served).await;
    let opened = give(&mut own, &page, &format!(" {} {} ", &code[..3], &code[3..])).await;
    assert_eq!((opened.status, opened.location.as_str()), (303, "/today"), "{}", opened.text);
    // Whoever looked over the shoulder comes too late, with this code and with the one before it.
    for seen in [&code, &app.code(NOW + MINUTE / 2)] {
        let (mut thief, page) = half(&served).await;
        assert_eq!(give(&mut thief, &page, seen).await.status, 422);
    }
    // The name under which a code is waited for is good for one answer.
    let (mut thief, page) = half(&served).await;
    let name = hidden(&page.text, "name");
    assert_ne!(give(&mut thief, &page, "000000").await.status, 303);
    let token = thief.token().await;
    firm.clock.set(NOW + 2 * MINUTE);
    let fresh = app.code(NOW + 2 * MINUTE);
    let late = thief.send("/sign-in/code", &[("kura-form", &token), ("name", &name), ("code", &fresh)]).await;
    assert_eq!((late.status, late.location.as_str()), (303, "/sign-in"));
    assert!(!thief.cookies.contains_key("__Host-kura"));

    // Signing in with a code showed a second factor; after a quarter of an hour it is asked for again.
    let address = format!("/items/{item}");
    let own_token = own.token().await;
    let open = [("kura-form", own_token.as_str()), ("item", &item.to_string())];
    assert_eq!(own.send("/do/open", &open).await.text, "very");
    firm.clock.set(NOW + 20 * MINUTE);
    assert_eq!(own.send("/do/open", &open).await.status, 403);
    assert!(own.get(&address).await.text.contains("showing a passkey or a code"));
    let spent = [("kura-form", own_token.as_str()), ("code", &code), ("next", "/me")];
    assert_eq!(own.send("/me/codes/prove", &spent).await.status, 409);
    let now = app.code(NOW + 20 * MINUTE);
    let shown = [("kura-form", own_token.as_str()), ("code", now.as_str()), ("next", "/me")];
    assert_eq!(own.send("/me/codes/prove", &shown).await.location, "/me");
    assert_eq!(own.send("/do/open", &open).await.text, "very");

    // A session that somebody else came by does not take the codes away.
    firm.clock.set(NOW + 40 * MINUTE);
    let remove = [("kura-form", own_token.as_str())];
    assert_eq!(own.send("/do/remove-totp", &remove).await.status, 409);

    // Nobody else's wrong guesses under a strange name hold her codes up.
    let mut stranger = Browser::before(&served).await;
    let login = format!("code {}", firm.custodian.id().unwrap());
    for _ in 0..9 {
        stranger.sign_in_with(&login, "wrong horse battery").await;
    }
    let code = app.code(NOW + 40 * MINUTE);
    let shown = [("kura-form", own_token.as_str()), ("code", code.as_str()), ("next", "/me")];
    assert_eq!(own.send("/me/codes/prove", &shown).await.location, "/me");

    // Guesses are slowed down, for whoever knows the password too.
    let mut told = String::new();
    for guess in 0..8 {
        let (mut thief, page) = half(&served).await;
        told = give(&mut thief, &page, &format!("00000{guess}")).await.text;
    }
    assert!(told.contains("too many wrong codes"), "{told}");
}

async fn std_3_2_recovery_codes_stand_in_once_each(firm: Firm) {
    let served = pages(&firm).await;
    let mut hana = signed_in(&served, "hana").await;
    let (app, codes) = set_up(&mut hana, NOW).await;
    assert!(hana.get("/me").await.text.contains("<dd>10</dd>"));

    let (mut own, page) = half(&served).await;
    let typed = codes[0].to_uppercase().replace('-', " ");
    assert_eq!(give(&mut own, &page, &typed).await.status, 303);
    let (mut thief, page) = half(&served).await;
    assert_eq!(give(&mut thief, &page, &codes[0]).await.status, 422);
    let (mut thief, page) = half(&served).await;
    assert_eq!(give(&mut thief, &page, "aaaa-aaaa-aaaa-aaaa").await.status, 422);
    assert!(own.get("/me").await.text.contains("<dd>9</dd>"));

    // A program needs a code as well.
    firm.clock.set(NOW + DAY / 4);
    let desk = kura::sign_in::Desk::new(firm.open.door.clone());
    let input = |code: Option<String>| kura::sign_in::SignIn {
        login: "hana".to_owned(),
        password: PASSWORD.to_owned(),
        label: "script".parse().unwrap(),
        scope: kura::people::create_token::Scope::All,
        days: None,
        code,
    };
    let needed = desk.sign_in(input(None), "office").await.unwrap_err().to_string();
    assert_eq!(needed, kura::sign_in::CODE_NEEDED);
    let code = app.code(NOW + DAY / 4);
    desk.sign_in(input(Some(code.clone())), "office").await.unwrap();
    assert!(desk.sign_in(input(Some(code)), "office").await.is_err());

    // Whoever lost app and codes is helped by an administrator: then neither is asked for, nor any good.
    let person = firm.custodian.id().unwrap();
    let reset = ResetSignIn { person, password: Some(PASSWORD.to_owned()) };
    firm.pass(&firm.admin, reset).await.unwrap();
    signed_in(&served, "hana").await;
}

/// The code in an invitation's link, as an administrator sees it once.
fn code_of(page: &str) -> String {
    let link = page.split("/welcome#").nth(1).unwrap_or_else(|| panic!("no invitation: {page}"));
    link.split('<').next().unwrap().to_owned()
}

async fn accept(browser: &mut Browser, code: &str, password: &str, again: &str) -> Answer {
    let page = browser.get("/welcome").await;
    let token = hidden(&page.text, "kura-form");
    let fields = [("kura-form", token.as_str()), ("code", code), ("password", password), ("again", again)];
    browser.send("/welcome", &fields).await
}

async fn std_3_2_whoever_is_invited_sets_a_password_that_nobody_else_knows(firm: Firm) {
    let served = pages(&firm).await;
    let mut admin = signed_in(&served, "admin").await;
    let person = [("login", "nana"), ("name", "七海"), ("employment", "regular"), ("clearance", "internal")];
    let made = admin.fill("/do/add-person", &person).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let code = code_of(&made.text);
    let mut nana = Browser::before(&served).await;
    // Nobody has set a password yet: none fits, not even an empty one.
    assert_eq!(nana.sign_in("nana").await.status, 422);
    // Guessing tells nothing, and the answer to a wrong code is that to one that has ended.
    let guess = accept(&mut nana, "aaaa-aaaa-aaaa-aaaa-aaaa", PASSWORD, PASSWORD).await;
    assert_eq!(guess.status, 422);
    assert!(guess.text.contains("this invitation is not good"), "{}", guess.text);
    assert_eq!(accept(&mut nana, &code, PASSWORD, "another password").await.status, 422);
    assert_eq!(accept(&mut nana, &code, "short", "short").await.status, 422);
    // As somebody types it who was told it by telephone.
    let typed = code.to_uppercase().replace('-', " ");
    let done = accept(&mut nana, &typed, PASSWORD, PASSWORD).await;
    assert_eq!(done.location, "/sign-in?done=accept_invitation", "{}", done.text);
    let mut nana = signed_in(&served, "nana").await;
    let mut thief = Browser::before(&served).await;
    let again = accept(&mut thief, &code, "stolen horse battery", "stolen horse battery").await;
    assert_eq!(again.status, 422);

    // Whoever forgot their password is invited anew: what was before is over at once.
    let id = crate::firm::id_of(&firm, "nana").await.to_string();
    let reset = admin.fill("/do/reset-sign-in", &[("person", id.as_str())]).await;
    let first = code_of(&reset.text);
    assert_eq!(nana.get("/register").await.status, 303);
    assert_eq!(Browser::before(&served).await.sign_in("nana").await.status, 422);
    let second = code_of(&admin.fill("/do/reset-sign-in", &[("person", id.as_str())]).await.text);
    assert_eq!(
        accept(&mut thief, &first, PASSWORD, PASSWORD).await.status,
        422,
        "an older invitation is over"
    );
    firm.clock.set(NOW + 8 * DAY);
    assert_eq!(accept(&mut thief, &second, PASSWORD, PASSWORD).await.status, 422, "it is good for a week");
}
