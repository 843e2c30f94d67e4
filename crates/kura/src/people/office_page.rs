//! 役職と委任: who holds which office, until when, and who stands in for whom.

use askama::Template;
use axum::extract::State;
use clap::ValueEnum as _;

use super::Office;
use super::list_delegations::{DelegationView, ListDelegations};
use super::list_people::{ListPeople, Term};
use crate::app::App;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, page};
use jiff::ToSpan as _;
use jiff::civil::Date;

/// Days before the end of a term from which on it is called to mind.
const SOON: i64 = 30;

/// What is said of an office that somebody holds until a day, and whether that day is near.
pub(super) fn told(t: &Words, term: &Term, today: Date) -> (String, bool) {
    let day = t.date(&term.until);
    if !term.delegated_to.is_empty() {
        return (t.office_delegated(term.delegated_to.as_str(), day), false);
    }
    if !term.delegated_by.is_empty() {
        return (t.office_by_delegation(term.delegated_by.as_str(), day), false);
    }
    let soon = term.until.as_str() <= today.saturating_add(SOON.days()).to_string().as_str();
    (t.office_until(day), soon)
}

/// Somebody in an office.
struct Holder {
    name: String,
    suspended: bool,
    /// What is said of the term; empty for one without end.
    told: String,
    soon: bool,
}

/// A delegation as it is shown.
struct DelegationLine {
    told: String,
    ends: bool,
    view: DelegationView,
}

/// An office as it is shown.
struct OfficeRow {
    office: &'static str,
    title: String,
    holders: Vec<Holder>,
    delegations: Vec<DelegationLine>,
    /// Whether it is the reader's own to delegate.
    mine: bool,
}

#[derive(Template)]
#[template(path = "people/offices.html")]
struct OfficesPage {
    shell: Shell,
    offices: Vec<OfficeRow>,
}

/// 役職と委任: all offices.
pub(crate) async fn offices(State(app): State<App>, member: Member) -> Answer {
    let people = member.pass(&app, ListPeople { officers: true, ..ListPeople::default() }).await?;
    let delegations = member.pass(&app, ListDelegations {}).await?;
    let (t, today, me) = (member.words(), app.door.clock().today(), member.session.actor.id());
    let keeps = member.permitted(&app, "appoint").await.is_ok();
    let mut rows = Vec::new();
    for office in Office::value_variants() {
        let name = office.name();
        let mut row = OfficeRow {
            office: name,
            title: t.choice(name),
            holders: vec![],
            delegations: vec![],
            mine: false,
        };
        for person in &people {
            let term = person.terms.iter().find(|term| term.office == name);
            let holds = person.offices.iter().any(|held| held == name);
            if !holds && term.is_none() {
                continue;
            }
            let own = term.is_none_or(|term| term.delegated_by.is_empty());
            row.mine |= own && Some(person.person) == me && !office.is_personal();
            let (told, soon) = term.map(|term| told(t, term, today)).unwrap_or_default();
            row.holders.push(Holder { name: person.name.clone(), suspended: person.suspended, told, soon });
        }
        for view in delegations.iter().filter(|view| view.office == name) {
            row.delegations.push(DelegationLine {
                told: t.delegation_told(
                    view.name.as_str(),
                    view.delegate_name.as_str(),
                    t.date(&view.first_day),
                    t.date(&view.last_day),
                ),
                ends: keeps || Some(view.person) == me,
                view: view.clone(),
            });
        }
        rows.push(row);
    }
    page(&OfficesPage { shell: Shell::new(&member, Place::Administration, t.offices()), offices: rows })
}
