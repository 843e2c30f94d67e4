//! The calendar of one's duties, read by a calendar library that is not ours.

use std::collections::BTreeSet;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::civil::Date;
use kura::duties::schedule;
use kura::duties::show_calendar::ShowCalendar;
use kura::people::create_token::{CreateToken, Scope};
use kura::people::revoke_token::RevokeToken;
use kura::policy::acknowledge_policy::ReadIn;
use kura::rules::duties::Cadence;

use crate::both;
use crate::doors::{Served, serve};
use crate::firm::{DAY, Firm, NOW};
use crate::interop::python;

both! {
    std_1_the_days_of_ones_duties_are_a_calendar
    std_3_2_a_token_for_the_calendar_opens_nothing_else
}

/// Asks for the calendar as calendar programs do: status, kind of content, text.
async fn subscribe(served: &Served, file: &str, credentials: Option<&str>) -> (u16, String, String) {
    let url = format!("{}/me/calendar/{file}", served.base);
    let (agent, credentials) = (served.agent.clone(), credentials.map(|text| BASE64_STANDARD.encode(text)));
    tokio::task::spawn_blocking(move || {
        let mut request = agent.get(url);
        if let Some(credentials) = credentials {
            request = request.header("authorization", format!("Basic {credentials}"));
        }
        let mut response = request.call().unwrap();
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let kind = if response.status() == 401 { header("www-authenticate") } else { header("content-type") };
        (response.status().as_u16(), kind, response.body_mut().read_to_string().unwrap())
    })
    .await
    .unwrap()
}

fn token(scope: Scope, days: Option<i64>) -> CreateToken {
    CreateToken { label: "calendar".parse().unwrap(), scope, days, password: None, shown: false }
}

async fn std_1_the_days_of_ones_duties_are_a_calendar(mut firm: Firm) {
    schedule::bring_up_to_date(&firm.open.door, None).await.unwrap();
    firm.open.settings.address = "https://kura.example".to_owned();
    let served = serve(&firm).await;
    let made = firm.pass(&firm.admin, token(Scope::Calendar, None)).await.unwrap();
    let (status, kind, text) = subscribe(&served, "ja.ics", Some(&format!("admin:{}", made.token))).await;
    assert_eq!((status, kind.as_str()), (200, "text/calendar; charset=utf-8"), "{text}");
    assert!(text.lines().all(|line| line.len() <= 76), "lines are folded");

    let (first, last) = ("2026-11-24", "2028-05-01");
    let shown = python("read_calendar.py", &[first, last], text.as_bytes());
    assert_eq!((shown["name"].as_str(), &shown["wrong"]), (Some("Kura：義務"), &serde_json::json!([])));
    let days = shown["days"].as_array().unwrap();
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for day in days {
        let (uid, on) = (day["uid"].as_str().unwrap(), day["day"].as_str().unwrap());
        assert!(found.insert((uid.to_owned(), on.to_owned())), "{uid} twice on {on}");
    }
    // Exactly the days on which the duties of the administrator's offices are due, moved ones where they moved to.
    let pack = firm.open.door.rules();
    let (begin, end): (Date, Date) = (first.parse().unwrap(), last.parse().unwrap());
    let office = "chief_system_administrator";
    let mine = |office: &str, deputy: Option<&str>| {
        let offices = [office, deputy.unwrap_or_default()];
        offices.contains(&"chief_system_administrator") || offices.contains(&"system_administrator")
    };
    let own =
        pack.duties.iter().filter(|duty| duty.check.is_none() && mine(&duty.office, duty.deputy.as_deref()));
    let (mut expected, mut moved) = (BTreeSet::new(), 0);
    for duty in own.clone() {
        for day in duty.days(begin.yesterday().unwrap(), end.yesterday().unwrap()) {
            let due = duty.due_on(day);
            moved += u32::from(due != day);
            if due < end {
                expected.insert((format!("{}@kura.example/ledger", duty.id), due.to_string()));
            }
        }
    }
    let series: BTreeSet<_> = found
        .iter()
        .filter(|(uid, _)| own.clone().any(|duty| *uid == format!("{}@kura.example/ledger", duty.id)))
        .cloned()
        .collect();
    assert_eq!(series, expected);
    assert!(expected.len() > 20 && moved > 3, "{} days, {moved} of them moved", expected.len());
    // What is due some time after the last time has its day once it is.
    let single = own.filter(|duty| matches!(duty.cadence, Cadence::AfterLast(_))).count();
    assert!(single > 0);
    assert_eq!(found.len() - series.len(), single, "{found:?} of {office}");
    let restore = days.iter().find(|day| day["url"] == "https://kura.example/duties/restore-tested");
    let restore = restore.unwrap_or_else(|| panic!("{days:?}"));
    assert!(restore["summary"].as_str().unwrap().contains("復元"), "{restore}");
    let (_, _, english) = subscribe(&served, "en.ics", Some(&format!("admin:{}", made.token))).await;
    assert!(english.contains("SUMMARY:Search for abnormal operations"), "{english}");

    // Whoever holds no office has an empty one; a guest has none.
    let none = firm.pass(&firm.staff, ShowCalendar::in_language(ReadIn::Ja)).await.unwrap().calendar;
    assert_eq!(python("read_calendar.py", &[first, last], none.as_bytes())["days"], serde_json::json!([]));
    assert!(firm.pass(&firm.guest, ShowCalendar::in_language(ReadIn::Ja)).await.is_err());
}

async fn std_3_2_a_token_for_the_calendar_opens_nothing_else(firm: Firm) {
    let served = serve(&firm).await;
    let made = firm.pass(&firm.admin, token(Scope::Calendar, None)).await.unwrap();
    let shown = format!("admin:{}", made.token);
    assert_eq!(subscribe(&served, "en.ics", Some(&shown)).await.0, 200);
    // Nothing else by it, in whatever way it is shown.
    for path in ["/items", "/me/calendar?language=en", "/duties", "/ledger/export", "/people"] {
        let (status, answer) = served.ask("GET", path, Some(&made.token), None).await;
        assert_eq!(status, 401, "{path}: {answer}");
    }
    // Without one, with a made-up one, and with one that reaches further: programs are asked for it again.
    let read = firm.pass(&firm.admin, token(Scope::Read, None)).await.unwrap();
    let further = format!("admin:{}", read.token);
    for credentials in [None, Some("admin:wrong"), Some("no colon"), Some(further.as_str())] {
        let (status, asked, _) = subscribe(&served, "en.ics", credentials).await;
        assert_eq!((status, asked.starts_with("Basic realm=\"Kura\"")), (401, true), "{credentials:?}");
    }
    assert_eq!(subscribe(&served, "fr.ics", Some(&shown)).await.0, 404);
    // It is good for a year, and ends before when it is ended.
    assert!(firm.pass(&firm.admin, token(Scope::Calendar, Some(401))).await.is_err());
    assert!(firm.pass(&firm.admin, token(Scope::Read, Some(91))).await.is_err());
    firm.pass(&firm.admin, RevokeToken { token: made.id }).await.unwrap();
    assert_eq!(subscribe(&served, "en.ics", Some(&shown)).await.0, 401);
    let other = firm.pass(&firm.admin, token(Scope::Calendar, Some(2))).await.unwrap();
    firm.clock.set(NOW + 2 * DAY);
    assert_eq!(subscribe(&served, "en.ics", Some(&format!("admin:{}", other.token))).await.0, 401);
}
