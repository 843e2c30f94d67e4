//! Makes a counterexample plain: every fact ordinary that may be, so that what is left is what matters.

use crate::clock::Millis;
use crate::id::PersonId;
use crate::rules::decide::Question;
use crate::rules::facts::{ItemFacts, MatterFacts, Resource};
use crate::rules::pack::Pack;

/// 2027-01-15, a moment as good as any.
const SOME_DAY: Millis = 1_800_000_000_000;
const DAY: Millis = 86_400_000;

fn somebody(number: u8) -> PersonId {
    PersonId::new(0, &[number; 10])
}

type Change = Box<dyn Fn(&mut Question)>;

fn change(change: impl Fn(&mut Question) + 'static) -> Change {
    Box::new(change)
}

fn on_item(change: impl Fn(&mut ItemFacts) + 'static) -> Change {
    Box::new(move |question| {
        if let Resource::Item(item, _) = &mut question.resource {
            change(item);
        }
    })
}

fn on_matter(change: impl Fn(&mut MatterFacts) + 'static) -> Change {
    Box::new(move |question| {
        if let Resource::Item(_, matter) | Resource::Matter(matter) = &mut question.resource {
            change(matter);
        }
    })
}

/// Moves every moment near an ordinary day, keeping what is before and what is after now.
fn ordinary_day(question: &mut Question) {
    let now = question.circumstances.now;
    let near = |moment: Millis| SOME_DAY + if moment > now { 300 * DAY } else { -DAY };
    let person = &mut question.person;
    person.until = near(person.until);
    person.trained_until = near(person.trained_until);
    person.acknowledged = i64::from(person.acknowledged >= question.circumstances.policy);
    if let Resource::Item(item, _) = &mut question.resource {
        item.granted_until = item.granted_until.map(near);
    }
    question.circumstances.policy = 1;
    question.circumstances.now = SOME_DAY;
}

/// Makes every fact ordinary that may be, so that what is left is what matters.
pub(super) fn make_plain(question: &mut Question, pack: &Pack, still: &impl Fn(&Question) -> bool) {
    let plainer = |question: &Question, change: &Change| {
        let mut plainer = question.clone();
        change(&mut plainer);
        still(&plainer).then_some(plainer)
    };
    for _ in 0..2 {
        if let Some(plain) = ranks(pack).find_map(|change| plainer(question, &change)) {
            *question = plain;
        }
        for change in changes(question) {
            if let Some(plain) = plainer(question, &change) {
                *question = plain;
            }
        }
    }
}

fn changes(question: &Question) -> Vec<Change> {
    let mut changes = vec![
        change(ordinary_day),
        change(|q| q.person.suspended = false),
        change(|q| q.person.until = SOME_DAY + 300 * DAY),
        change(|q| q.person.trained_until = SOME_DAY + 300 * DAY),
        change(|q| q.person.acknowledged = q.circumstances.policy),
        change(|q| q.circumstances.zone = "elsewhere".to_owned()),
        change(|q| q.circumstances.zone = "outside".to_owned()),
        change(|q| q.circumstances.zone = "office".to_owned()),
        change(|q| q.circumstances.factor_age = Some(0)),
        change(|q| q.circumstances.factor_age = None),
        change(|q| q.circumstances.device = Some("personal".to_owned())),
        change(|q| q.circumstances.device = Some("firm".to_owned())),
        change(|q| q.circumstances.device = None),
        change(|q| q.circumstances.signed = false),
        change(|q| q.circumstances.approvals = None),
        change(|q| {
            if let Some((party, abroad)) = &mut q.circumstances.to {
                *abroad = false;
                if let Resource::Item(_, matter) = &q.resource {
                    *party = matter.party;
                }
            }
        }),
        change(|q| {
            if let Some((_, abroad)) = &mut q.circumstances.to {
                *abroad = false;
            }
        }),
        change(|q| {
            for flag in [&mut q.circumstances.generative_ai, &mut q.circumstances.personal_device] {
                *flag = flag.map(|_| false);
            }
        }),
        change(|q| q.person.offices.clear()),
        on_item(|item| item.state = "held".to_owned()),
        on_item(|item| item.kind = "lent".to_owned()),
        on_item(|item| item.form = "electronic".to_owned()),
        on_item(|item| item.shared = false),
        on_item(|item| item.contained = false),
        on_item(|item| item.held = false),
        on_item(|item| item.granted_until = None),
        on_item(|item| item.custodian = somebody(1)),
        on_matter(|matter| matter.custodian = somebody(1)),
        change(|q| q.person.matters.clear()),
        on_matter(|matter| matter.open = true),
        on_matter(|matter| matter.copies = true),
        on_matter(|matter| matter.summaries = true),
        on_matter(|matter| matter.subcontractor = true),
        on_matter(|matter| matter.generative_ai = true),
        on_matter(|matter| matter.abroad = true),
        on_matter(|matter| matter.personal_device = true),
    ];
    if question.person.party.is_none() {
        for employment in ["intern", "contract", "regular"] {
            changes.push(change(move |q| {
                q.person.employment = employment.to_owned();
            }));
        }
    }
    for state in ["returning", "returned", "erased"] {
        // Only where "held" would not do.
        changes.push(on_item(move |item| {
            if item.state != "held" {
                item.state = state.to_owned();
            }
        }));
    }
    for index in 0..question.person.offices.len() {
        changes.push(change(move |q| {
            if index < q.person.offices.len() {
                q.person.offices.remove(index);
            }
        }));
    }
    changes.push(change(|q| {
        let matter = q.resource.matter().map(|matter| matter.id);
        q.person.matters.retain(|id| Some(*id) == matter);
    }));
    if question.circumstances.relation.is_some() {
        for relation in ["copy", "summary", "other"] {
            changes.push(change(move |q| {
                q.circumstances.relation = Some(relation.to_owned());
            }));
        }
    }
    changes
}

/// Ranks that classes have: the item's, the one to be given, the person's clearance. Each changes only
/// where another would, so all three are tried together.
fn ranks(pack: &Pack) -> impl Iterator<Item = Change> {
    let top = pack.classes.last().map_or(0, |class| class.rank);
    (0..=top).flat_map(move |item_rank| {
        (0..=top).rev().flat_map(move |clearance| {
            (0..=top).rev().map(move |rank| {
                change(move |q: &mut Question| {
                    if let Resource::Item(item, _) = &mut q.resource {
                        item.rank = item_rank;
                    }
                    if q.circumstances.rank.is_some() {
                        q.circumstances.rank = Some(rank);
                    }
                    if q.person.party.is_none() {
                        q.person.clearance = clearance;
                    }
                })
            })
        })
    })
}
