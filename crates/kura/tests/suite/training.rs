//! Courses: who takes which, what an attempt is, and what the rules make of it.

use kura::Error;
use kura::custody::open::Open;
use kura::custody::today::Today;
use kura::demo::take_course;
use kura::door::Actor;
use kura::duties::Keeper;
use kura::duties::list_duties::ListDuties;
use kura::people::appoint::Appoint;
use kura::people::{Employment, Office};
use kura::policy::acknowledge_policy::{AcknowledgePolicy, ReadIn};
use kura::policy::adopt_pack::AdoptPack;
use kura::rules::pack::{Files, model};
use kura::training::Standing;
use kura::training::answer_questions::AnswerQuestions;
use kura::training::draw_questions::DrawQuestions;
use kura::training::list_courses::{CourseLine, ListCourses};
use kura::training::list_training::ListTraining;
use kura::training::show_attempt::{AttemptView, ShowAttempt};
use kura::training::show_course::ShowCourse;

use crate::both;
use crate::firm::{DAY, Firm, NOW};
use crate::policy::{adopt, draft, examined, resolved};

both! {
    basic_1d_without_valid_training_no_secret_material
    basic_1d_what_was_drawn_is_answered_once_by_whoever_drew_it
    std_1_courses_are_asked_of_people_by_their_role
    basic_1d_a_new_edition_is_taken_again_by_everyone
}

/// Somebody new who works on the matter and has taken no course.
async fn newcomer(firm: &Firm) -> Actor {
    let added = firm.newcomer("rin", Employment::Regular, "top_secret").await;
    let read = AcknowledgePolicy { version: 1, language: ReadIn::Ja, read: true };
    firm.pass(&added, read).await.unwrap();
    added
}

/// Brings a version into force by the subcommittee's resolution.
async fn in_force(firm: &Firm, files: Files) {
    let version = firm.pass(&firm.admin, draft(files)).await.unwrap().version;
    let digest = examined(firm).await.ready.unwrap().digest;
    let refused = firm.pass(&firm.admin, adopt(&digest, None)).await.unwrap_err();
    assert!(refused.to_string().contains("the subcommittee decides"), "{refused}");
    let resolution =
        resolved(firm, "risk_management_subcommittee", Office::RiskManagementSubcommittee, version);
    let effective_now = AdoptPack { major: false, ..adopt(&digest, Some(resolution.await)) };
    firm.pass(&firm.admin, effective_now).await.unwrap();
}

async fn line(firm: &Firm, actor: &Actor, course: &str) -> CourseLine {
    let lines = firm.pass(actor, ListCourses {}).await.unwrap();
    lines.into_iter().find(|line| line.course == course).unwrap()
}

/// Answers with so many of them right, from the first on.
fn answers(firm: &Firm, drawn: &AttemptView, right: usize) -> Vec<i64> {
    let rules = firm.open.door.rules();
    let course = rules.courses.course(&drawn.course).unwrap();
    let place = |(at, asked): (usize, &kura::training::show_attempt::QuestionView)| {
        let question = course.questions.iter().find(|question| question.ja == asked.ja).unwrap();
        let best = &question.choices[question.right()].ja;
        let chosen = asked.choices.iter().position(|choice| (choice.ja == *best) == (at < right));
        chosen.unwrap() as i64 + 1
    };
    drawn.questions.iter().enumerate().map(place).collect()
}

async fn drawn(firm: &Firm, actor: &Actor) -> AttemptView {
    firm.pass(actor, DrawQuestions { course: "staff".to_owned() }).await.unwrap()
}

async fn basic_1d_without_valid_training_no_secret_material(firm: Firm) {
    let item = firm.take(&firm.custodian, "secret", "x.txt", b"x", false).await.item;
    let open = Open { item, version: None };
    let rin = newcomer(&firm).await;
    let Err(Error::Denied(refusal)) = firm.pass(&rin, open.clone()).await else { panic!("it was let in") };
    let [rule] = refusal.rules.as_slice() else { panic!("{refusal:?}") };
    assert_eq!((rule.id.as_str(), rule.clause.as_str()), ("item-training", "basic-1d"));
    assert_eq!(rule.lesson.as_deref(), Some("staff/classes"), "where it is learnt");
    let waiting = firm.pass(&rin, Today {}).await.unwrap().courses;
    assert_eq!(waiting.iter().map(|line| line.course.as_str()).collect::<Vec<_>>(), ["staff"]);

    // One right answer too few does not complete it, and why is told.
    let attempt = drawn(&firm, &rin).await;
    assert!(attempt.questions.iter().all(|question| question.marked.is_none()), "nothing is given away");
    let few = AnswerQuestions { attempt: attempt.attempt, answers: answers(&firm, &attempt, 3) };
    let came = firm.pass(&rin, few).await.unwrap();
    assert_eq!((came.correct, came.right, came.until.as_str()), (3, 4, ""));
    let wrong = came.questions.iter().filter(|one| one.marked.as_ref().is_some_and(|m| m.chosen != m.right));
    assert_eq!(wrong.count(), 2);
    assert!(firm.pass(&rin, open.clone()).await.is_err());

    let attempt = drawn(&firm, &rin).await;
    let enough = AnswerQuestions { attempt: attempt.attempt, answers: answers(&firm, &attempt, 4) };
    let came = firm.pass(&rin, enough).await.unwrap();
    // NOW is the 24th in the firm's zone.
    assert!(came.until.starts_with("2027-11-24T"), "{}", came.until);
    firm.pass(&rin, open.clone()).await.unwrap();
    assert!(firm.pass(&rin, Today {}).await.unwrap().courses.is_empty());

    // It is valid for a year; a month before its end it is called to mind, and it can be renewed.
    firm.clock.set(NOW + 340 * DAY);
    assert_eq!(line(&firm, &rin, "staff").await.standing, Standing::Ending);
    firm.pass(&rin, open.clone()).await.unwrap();
    firm.clock.set(NOW + 367 * DAY);
    assert_eq!(line(&firm, &rin, "staff").await.standing, Standing::Lapsed);
    assert!(firm.pass(&rin, open.clone()).await.is_err());
    take_course(&firm.open.door, &rin, "staff").await.unwrap();
    assert_eq!(line(&firm, &rin, "staff").await.standing, Standing::Valid);
    firm.pass(&rin, open).await.unwrap();
}

async fn basic_1d_what_was_drawn_is_answered_once_by_whoever_drew_it(firm: Firm) {
    let rin = newcomer(&firm).await;
    let first = drawn(&firm, &rin).await;
    let answer = |drawn: &AttemptView, answers| AnswerQuestions { attempt: drawn.attempt, answers };
    // Drawing others drops those that were not answered.
    let attempt = drawn(&firm, &rin).await;
    let show = |drawn: &AttemptView| ShowAttempt { attempt: drawn.attempt };
    assert!(matches!(firm.pass(&rin, show(&first)).await, Err(Error::NotFound(_))));
    for other in [&firm.staff, &firm.admin] {
        assert!(matches!(firm.pass(other, show(&attempt)).await, Err(Error::NotFound(_))));
        let answers = answers(&firm, &attempt, 5);
        assert!(matches!(firm.pass(other, answer(&attempt, answers)).await, Err(Error::NotFound(_))));
    }
    for (given, told) in [
        (vec![], "answer every question"),
        (vec![1, 1, 1, 1], "answer every question"),
        (vec![1, 1, 1, 1, 1, 1], "answer every question"),
        (vec![1, 1, 1, 1, 0], "no such choice"),
        (vec![1, 1, 1, 1, 9], "no such choice"),
        (vec![i64::MIN, 1, 1, 1, 1], "no such choice"),
    ] {
        let refused = firm.pass(&rin, answer(&attempt, given)).await.unwrap_err().to_string();
        assert!(refused.contains(told), "{refused}");
    }
    firm.pass(&rin, answer(&attempt, answers(&firm, &attempt, 0))).await.unwrap();
    let again = firm.pass(&rin, answer(&attempt, answers(&firm, &attempt, 5))).await.unwrap_err();
    assert!(again.to_string().contains("answered already"), "{again}");
    assert_eq!(firm.pass(&rin, show(&attempt)).await.unwrap().correct, 0, "it stays on record");
    let attempt = drawn(&firm, &rin).await;
    firm.clock.set(NOW + DAY + 1);
    let late = firm.pass(&rin, answer(&attempt, answers(&firm, &attempt, 5))).await.unwrap_err();
    assert!(late.to_string().contains("more than a day ago"), "{late}");
    // What is no course is none; guests take none.
    let nothing = ShowCourse { course: "cooking".to_owned() };
    assert!(matches!(firm.pass(&rin, nothing).await, Err(Error::NotFound("course"))));
    assert!(firm.pass(&firm.guest, ListCourses {}).await.is_err());
    let guest = DrawQuestions { course: "staff".to_owned() };
    assert!(firm.pass(&firm.guest, guest).await.is_err());
}

async fn std_1_courses_are_asked_of_people_by_their_role(firm: Firm) {
    // The custodian is one by their matter; directors come to be of the committee.
    let own = async |actor: &Actor| -> Vec<String> {
        let lines = firm.pass(actor, ListCourses {}).await.unwrap();
        lines.into_iter().filter(|line| line.own).map(|line| line.course).collect()
    };
    assert_eq!(own(&firm.custodian).await, ["staff", "custodian"]);
    assert_eq!(own(&firm.intern).await, ["beginner", "staff"]);
    assert_eq!(own(&firm.admin).await, ["staff", "administrator"]);
    assert_eq!(own(&firm.directors[0]).await, ["staff"]);
    let director = firm.directors[0].id().unwrap();
    for office in [Office::CsrCommittee, Office::SelfManagedDomainAdministrator] {
        firm.pass(&firm.admin, Appoint { person: director, office, until: None, dismiss: false })
            .await
            .unwrap();
    }
    assert_eq!(own(&firm.directors[0]).await, ["staff", "domain-administrator", "committee"]);
    for course in ["domain-administrator", "committee", "beginner"] {
        take_course(&firm.open.door, &firm.directors[0], course).await.unwrap();
    }

    // Whoever guides sees it of everyone, and what somebody took beside.
    assert!(matches!(firm.pass(&firm.staff, ListTraining {}).await, Err(Error::Denied(_))));
    let lines = firm.pass(&firm.directors[0], ListTraining {}).await.unwrap();
    let of = |who: &Actor| lines.iter().filter(|line| Some(line.person) == who.id()).collect::<Vec<_>>();
    assert!(of(&firm.directors[0]).iter().all(|line| line.standing == Standing::Valid));
    assert_eq!(of(&firm.directors[0]).iter().filter(|line| !line.own).count(), 1);
    assert_eq!(of(&firm.guest).len(), 0);

    // The program counts who lacks one: the custodian, the intern and the administrator.
    // A Monday.
    firm.clock.set(NOW + 6 * DAY);
    Keeper::default().keep(&firm.open.door).await;
    let duties = firm.pass(&firm.admin, ListDuties::default()).await.unwrap();
    let last = duties.into_iter().find(|duty| duty.duty == "trained").unwrap().last.unwrap();
    assert_eq!((last.population, last.found), (Some(7), Some(3)));
}

async fn basic_1d_a_new_edition_is_taken_again_by_everyone(firm: Firm) {
    let item = firm.take(&firm.custodian, "secret", "x.txt", b"x", false).await.item;
    let open = Open { item, version: None };
    let before = drawn(&firm, &firm.staff).await;
    let mut files = model();
    let courses = files.get_mut("courses.toml").unwrap();
    let staff = "id = \"staff\"\nclause = \"basic-1d\"\nedition = 1";
    assert!(courses.contains(staff));
    *courses = courses.replace(staff, &staff.replace("edition = 1", "edition = 2"));
    firm.pass(&firm.staff, open.clone()).await.unwrap();
    in_force(&firm, files).await;
    assert!(firm.pass(&firm.staff, open.clone()).await.is_err(), "what was completed does not do any more");
    assert_eq!(line(&firm, &firm.staff, "staff").await.standing, Standing::Open);
    let answer = AnswerQuestions { attempt: before.attempt, answers: vec![1, 1, 1, 1, 1] };
    let refused = firm.pass(&firm.staff, answer).await.unwrap_err();
    assert!(refused.to_string().contains("has changed since"), "{refused}");
    take_course(&firm.open.door, &firm.staff, "staff").await.unwrap();
    firm.pass(&firm.staff, open.clone()).await.unwrap();
    // Back to the first edition: the newer completion does for it, and so do those of before.
    in_force(&firm, model()).await;
    firm.pass(&firm.staff, open.clone()).await.unwrap();
    firm.pass(&firm.intern, open).await.unwrap();
}
