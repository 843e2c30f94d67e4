//! Pages as a browser gets them, warm, over 1,000,000 items: 50 requests a second for ten seconds each, sent on time whether
//! or not the one before was answered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kura::app::App;
use kura::install::Installation;
use kura::serve;

use crate::firm::PASSWORD;
use crate::{Report, percentiles};

/// Requests a second.
const RATE: u32 = 50;
/// Requests of each page.
const REQUESTS: u32 = RATE * 10;

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent()
}

/// Signs in as a browser does; gives the cookie.
pub fn sign_in(base: &str, login: &str) -> String {
    let agent = agent();
    let mut page = agent.get(format!("{base}/sign-in")).call().unwrap();
    let visit = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let text = page.body_mut().read_to_string().unwrap();
    let token = text.split("name=\"kura-form\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let signed = agent
        .post(format!("{base}/sign-in"))
        .header("cookie", &visit)
        .send_form([("kura-form", token), ("login", login), ("password", PASSWORD)])
        .unwrap();
    assert_eq!(signed.status(), 303);
    let cookies = signed.headers().get_all("set-cookie");
    let session =
        cookies.iter().find_map(|cookie| cookie.to_str().ok().filter(|it| it.starts_with("__Host-kura=")));
    session.unwrap().split(';').next().unwrap().to_owned()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The times of a page, and how many requests were not answered as they should be, at the rate, from the moment at which each request was due.
async fn times(base: &str, path: &str, cookie: &str) -> (Vec<Duration>, usize) {
    let agent = Arc::new(agent());
    let begun = Instant::now() + Duration::from_millis(50);
    let mut waits = Vec::new();
    for number in 0..REQUESTS {
        let due = begun + Duration::from_secs(1) / RATE * number;
        let (agent, url, cookie) = (agent.clone(), format!("{base}{path}"), cookie.to_owned());
        tokio::time::sleep_until(due.into()).await;
        waits.push(tokio::task::spawn_blocking(move || {
            let answer = agent.get(url).header("cookie", cookie).call();
            let good = answer
                .is_ok_and(|mut answer| answer.status() == 200 && answer.body_mut().read_to_string().is_ok());
            (due.elapsed(), good)
        }));
    }
    let (mut times, mut failed) = (Vec::new(), 0);
    for wait in waits {
        let (time, good) = wait.await.unwrap();
        times.push(time);
        failed += usize::from(!good);
    }
    (times, failed)
}

pub async fn measure(report: &mut Report, open: &Installation, item: &str, login: &str) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = App::new(open.door.clone(), open.settings.clone()).unwrap().router();
    let served = tokio::spawn(serve::serve(listener, None, router, std::future::pending()));
    let (from, who) = (base.clone(), login.to_owned());
    let cookie = tokio::task::spawn_blocking(move || sign_in(&from, &who)).await.unwrap();
    for (what, path) in [
        ("today", "/today".to_owned()),
        ("the register", "/register".to_owned()),
        ("the register, one class", "/register?class=secret".to_owned()),
        ("the register, a text that many hold", format!("/register?name={}", encoded("見積書"))),
        ("the register, a text that few hold", format!("/register?name={}", encoded("議事録99999"))),
        ("the register, a text that none holds", format!("/register?name={}", encoded("存在しない"))),
        ("the register, one's own", "/register?state=held&kind=lent".to_owned()),
        ("an item", format!("/items/{item}")),
        ("the matters", "/matters".to_owned()),
    ] {
        // Warm.
        let warm = times(&base, &path, &cookie).await;
        drop(warm);
        let (times, failed) = times(&base, &path, &cookie).await;
        let (middle, slow) = percentiles(times);
        let failed = if failed > 0 { format!("; {failed} of {REQUESTS} failed") } else { String::new() };
        report.add(
            format!("page: {what}, 1,000,000 items, {RATE} requests a second"),
            format!("p99 {:.1} ms{failed}", slow.as_secs_f64() * 1e3),
            format!("middle {:.1} ms; client on the same two cores", middle.as_secs_f64() * 1e3),
            "p99 < 30 ms",
        );
    }
    served.abort();
}
