//! Pages of what waits: 今日 Today, 依頼 Requests.

use askama::Template;
use axum::extract::State;

use super::list_requests::{ListRequests, RequestLine};
use super::today::{Today, VoteDue, Waiting};
use crate::app::App;
use crate::clock::Millis;
use crate::duties;
use crate::duties::page::Waiting as DutyWaiting;
use crate::evaluation;
use crate::evaluation::FindingRow;
use crate::evaluation::page::EvaluationRow;
use crate::rules::pack::Pack;
use crate::training;
use crate::training::page::CourseRow;
use crate::violations::page::CaseRow;
use crate::web::shell::{Place, Seal, Shell};
use crate::web::visitor::Member;
use crate::web::words::{Nearness, Words};
use crate::web::{Answer, go_to, page};

/// A day that comes nearer, in words.
pub(crate) struct Due {
    pub(crate) day: String,
    pub(crate) told: String,
    pub(crate) near: Nearness,
}

impl Due {
    pub(crate) fn of(t: &Words, moment: &str, now: Millis) -> Self {
        Self { day: t.day(moment), told: t.until(moment, now), near: t.nearness(moment, now) }
    }
}

/// A request as it is shown.
struct Request {
    seal: Seal,
    line: RequestLine,
    what: String,
    /// The operation's name in an address.
    path: String,
    asked: String,
    lapses: Due,
}

fn request(t: &Words, pack: &Pack, now: Millis, line: RequestLine) -> Request {
    let what = match pack.class(&line.new_class) {
        Some(class) => t.reclassify_to(t.class(class)),
        None => t.operation(&line.operation),
    };
    Request {
        seal: Seal::of(t, pack, &line.class),
        what,
        path: line.operation.replace('_', "-"),
        asked: t.ago(&line.asked, now),
        lapses: Due::of(t, &line.lapses, now),
        line,
    }
}

/// A line about an item.
struct Line {
    seal: Seal,
    address: String,
    name: String,
    about: String,
    due: Option<Due>,
    action: Option<(String, String)>,
}

/// A card of the page: what waits in one way.
struct Card {
    id: &'static str,
    title: String,
    empty: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "custody/today.html")]
struct TodayPage {
    shell: Shell,
    date: String,
    to_decide: Vec<Request>,
    mine: Vec<Request>,
    duties: Vec<DutyWaiting>,
    votes: Vec<VoteDue>,
    courses: Vec<CourseRow>,
    self_inspection: bool,
    findings: Vec<FindingRow>,
    evaluations: Vec<EvaluationRow>,
    violations: Vec<CaseRow>,
    cards: Vec<Card>,
    nothing: bool,
    acknowledge: bool,
}

fn cards(t: &Words, pack: &Pack, now: Millis, waiting: Waiting) -> Vec<Card> {
    let seal = |class: &str| Seal::of(t, pack, class);
    let item = |item: crate::id::ItemId| format!("/items/{item}");
    let due = waiting.due.into_iter().map(|line| Line {
        seal: seal(&line.class),
        address: item(line.item),
        about: t.to_give_back_to(line.person),
        due: Some(Due::of(t, &line.due, now)),
        action: None,
        name: line.name,
    });
    let copies = waiting.copies.into_iter().map(|copy| Line {
        seal: seal(&copy.class),
        address: item(copy.item),
        about: format!("{} · {}", t.manner_of_copy(&copy.manner), copy.place),
        due: Some(Due::of(t, &copy.due, now)),
        action: Some((format!("/do/attest?item={}&copy={}", copy.item, copy.copy), t.operation("attest"))),
        name: copy.name,
    });
    let grants = waiting.grants.into_iter().map(|line| Line {
        seal: seal(&line.class),
        address: item(line.item),
        about: t.grant_of(line.person),
        due: Some(Due::of(t, &line.due, now)),
        action: None,
        name: line.name,
    });
    let orphans = waiting.without_custodian.into_iter().map(|line| Line {
        seal: seal(&line.class),
        address: item(line.item),
        about: t.custodian_is_gone(line.person),
        due: None,
        action: Some((format!("/do/hand-over?item={}", line.item), t.operation("hand_over"))),
        name: line.name,
    });
    let news = waiting.news.into_iter().map(|news| Line {
        seal: Seal::of(t, pack, &news.class),
        address: item(news.item),
        about: format!(
            "{} · {} · {}",
            if news.refused {
                t.refused_operation(t.operation(&news.operation))
            } else {
                t.operation(&news.operation)
            },
            who(t, &news.actor),
            t.ago(&news.at, now)
        ),
        due: None,
        action: None,
        name: news.name,
    });
    vec![
        Card { id: "due", title: t.card_due(), empty: t.card_due_empty(), lines: due.collect() },
        Card { id: "copies", title: t.card_copies(), empty: t.card_copies_empty(), lines: copies.collect() },
        Card { id: "grants", title: t.card_grants(), empty: t.card_grants_empty(), lines: grants.collect() },
        Card {
            id: "orphans",
            title: t.card_orphans(),
            empty: t.card_orphans_empty(),
            lines: orphans.collect(),
        },
        Card { id: "news", title: t.card_news(), empty: t.card_news_empty(), lines: news.collect() },
    ]
}

/// Who acted, in words: a person by name, the program as itself.
pub(crate) fn who(t: &Words, actor: &str) -> String {
    match actor {
        "" => t.actor_erased(),
        "kura" => t.actor_kura(),
        "founder" => t.actor_founder(),
        "sealed" => t.actor_sealed(),
        name => name.to_owned(),
    }
}

/// 今日.
pub(crate) async fn today(State(app): State<App>, member: Member) -> Answer {
    if member.session.guest {
        return go_to("/matters");
    }
    let mut waiting = member.pass(&app, Today {}).await?;
    let (t, pack, now) = (member.words(), app.door.rules(), app.door.clock().now());
    let requests = |lines: Vec<RequestLine>| -> Vec<Request> {
        lines.into_iter().map(|line| request(t, &pack, now, line)).collect()
    };
    let to_decide = requests(std::mem::take(&mut waiting.to_decide));
    let mine = requests(std::mem::take(&mut waiting.mine));
    let acknowledge = waiting.acknowledge;
    let votes = std::mem::take(&mut waiting.votes);
    let courses = training::page::rows(t, &std::mem::take(&mut waiting.courses));
    let findings = std::mem::take(&mut waiting.findings);
    let findings: Vec<FindingRow> =
        findings.iter().map(|line| evaluation::finding_row(t, &pack, line)).collect();
    let evaluations = std::mem::take(&mut waiting.evaluations);
    let evaluations: Vec<EvaluationRow> =
        evaluations.iter().map(|line| evaluation::page::row(t, line)).collect();
    let violations = std::mem::take(&mut waiting.violations);
    let violations: Vec<CaseRow> =
        violations.iter().map(|line| crate::violations::page::row(t, &pack, line)).collect();
    let self_inspection = waiting.self_inspection;
    let duties: Vec<DutyWaiting> = duties::page::waiting(t, &std::mem::take(&mut waiting.duties))
        .into_iter()
        .filter(|line| line.mine)
        .collect();
    let cards = cards(t, &pack, now, waiting);
    page(&TodayPage {
        shell: Shell::new(&member, Place::Today, t.nav_today()),
        date: t.day(&crate::clock::rfc3339(now)),
        acknowledge,
        nothing: to_decide.is_empty()
            && mine.is_empty()
            && duties.is_empty()
            && votes.is_empty()
            && courses.is_empty()
            && !self_inspection
            && findings.is_empty()
            && evaluations.is_empty()
            && violations.is_empty()
            && cards.iter().all(|card| card.lines.is_empty()),
        duties,
        votes,
        courses,
        self_inspection,
        findings,
        evaluations,
        violations,
        to_decide,
        mine,
        cards,
    })
}

#[derive(Template)]
#[template(path = "custody/requests.html")]
struct RequestsPage {
    shell: Shell,
    to_decide: Vec<Request>,
    mine: Vec<Request>,
    others: Vec<Request>,
}

/// 依頼.
pub(crate) async fn requests(State(app): State<App>, member: Member) -> Answer {
    let lines = member.pass(&app, ListRequests {}).await?;
    let (t, pack, now) = (member.words(), app.door.rules(), app.door.clock().now());
    let (mut to_decide, mut mine, mut others) = (vec![], vec![], vec![]);
    for line in lines {
        let list = match (line.mine, line.may_decide) {
            (true, _) => &mut mine,
            (false, true) => &mut to_decide,
            (false, false) => &mut others,
        };
        list.push(request(t, &pack, now, line));
    }
    page(&RequestsPage {
        shell: Shell::new(&member, Place::Requests, t.nav_requests()),
        to_decide,
        mine,
        others,
    })
}
