//! What happens next: random, but often enough something that may succeed.

use kura::clock::Millis;
use kura::custody::{Kind, Relation};

use super::world::{Asked, On, State};
use super::{Play, REASONS};
use crate::firm::DAY;

/// What somebody brings in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bring {
    pub(super) rank: i64,
    pub(super) upload: Option<usize>,
    pub(super) place: bool,
    pub(super) custodian: Option<usize>,
    pub(super) shared: bool,
}

/// A random operation, with indices into the reference.
#[derive(Debug, Clone)]
pub(super) enum Do {
    Upload { matter: Option<usize>, rank: i64, item: Option<usize>, complete: bool },
    Take { matter: Option<usize>, bring: Bring },
    Collect { matter: Option<usize>, bring: Bring, kind: Kind },
    Store { item: Option<usize>, upload: Option<usize> },
    Derive { item: Option<usize>, relation: Relation, bring: Bring },
    Open { item: Option<usize>, version: Option<i64> },
    Download { item: Option<usize> },
    Read { ticket: usize },
    Attest { item: Option<usize>, copy: Option<usize> },
    Reclassify { item: Option<usize>, rank: i64, reason: &'static str, request: Option<usize> },
    Erase { item: Option<usize>, reason: &'static str, request: Option<usize> },
    HandOver { item: Option<usize>, to: usize },
    Grant { item: Option<usize>, person: usize, until: Millis },
    Revoke { item: Option<usize>, person: usize },
    Ask { item: Option<usize>, asked: Asked, reason: &'static str },
    Approve { item: Option<usize>, request: Option<usize>, yes: bool },
    Hold { item: Option<usize> },
    Release { item: Option<usize>, hold: Option<usize> },
    Transmit { item: Option<usize>, to_b: bool },
    GiveBack { item: Option<usize> },
    Package { item: Option<usize> },
    ConfirmReturn { item: Option<usize>, by: &'static str, request: Option<usize> },
    Show { item: Option<usize> },
    List { matter: Option<usize>, rank: Option<i64>, state: Option<State>, name: Option<u64>, limit: i64 },
    ShowMatter { matter: Option<usize> },
    ListMatters,
    ShowStatement { stated: Option<usize> },
    Report { matter: Option<usize> },
    CloseMatter { matter: Option<usize> },
    Members { matter: Option<usize>, person: usize, remove: bool },
    Suspend { person: usize, suspended: bool },
    Clear { person: usize, rank: i64 },
    Train { right: bool },
    Acknowledge,
}

impl Play {
    /// Someone who may well have to do with it, or anyone.
    fn somebody(&mut self, on: On) -> usize {
        let matter = match on {
            On::Item(Some(item)) => Some(self.world.items[item].matter),
            On::Matter(matter) => matter,
            _ => None,
        };
        if let On::Item(Some(item)) = on
            && self.dice.one_in(2)
        {
            return self.world.items[item].custodian;
        }
        if let Some(matter) = matter.map(|matter| &self.world.matters[matter])
            && self.dice.one_in(2)
        {
            let people: Vec<usize> = matter.members.iter().copied().chain([matter.custodian]).collect();
            return self.dice.pick(&people);
        }
        self.dice.roll(self.world.people.len() as u64) as usize
    }

    pub(super) fn anyone(&mut self) -> usize {
        self.dice.roll(self.world.people.len() as u64) as usize
    }

    fn rank(&mut self) -> i64 {
        if self.dice.one_in(30) { 5 } else { self.dice.roll(5) as i64 }
    }

    fn item(&mut self) -> Option<usize> {
        let made = self.world.items.len();
        if self.dice.one_in(40) { None } else { self.dice.index(made) }
    }

    fn matter(&mut self) -> Option<usize> {
        let matters = self.world.matters.len() as u64;
        (!self.dice.one_in(40)).then(|| self.dice.roll(matters) as usize)
    }

    /// A complete upload of one's own and where it belongs, or anything.
    fn bring(&mut self) -> (usize, Option<usize>, Bring) {
        let uploads = &self.world.uploads;
        let fresh: Vec<usize> = (0..uploads.len()).filter(|upload| !uploads[*upload].used).collect();
        let upload = match self.dice.roll(8) {
            0 | 1 => None,
            2 => self.dice.index(uploads.len()),
            _ => self.dice.index(fresh.len()).map(|of| fresh[of]),
        };
        let (mut who, mut matter, mut rank) = (self.anyone(), self.matter(), self.rank());
        if upload.is_none() {
            who = self.somebody(On::Matter(matter));
        }
        if let Some(upload) = upload
            && !self.dice.one_in(8)
        {
            let upload = &self.world.uploads[upload];
            (who, matter, rank) = (upload.person, Some(upload.matter), upload.rank);
        }
        let named = self.dice.one_in(6);
        let custodian = self.anyone();
        let bring = Bring {
            rank,
            upload,
            place: upload.is_none() ^ self.dice.one_in(25),
            custodian: named.then_some(custodian),
            shared: self.dice.one_in(2),
        };
        (who, matter, bring)
    }

    /// What happens next, and who does it.
    pub(super) fn next(&mut self) -> (usize, Do) {
        if !self.plan.is_empty() && !self.dice.one_in(4) {
            return self.plan.pop_front().unwrap();
        }
        if self.world.items.len() < 6 || self.dice.one_in(4) {
            let (who, matter, bring) = self.bring();
            return match self.dice.roll(4) {
                0 | 1 => {
                    let item = if self.dice.one_in(3) { self.item() } else { None };
                    let (mut matter, mut rank) = (matter, self.rank());
                    if let Some(item) = item.map(|item| &self.world.items[item])
                        && !self.dice.one_in(8)
                    {
                        (matter, rank) = (Some(item.matter), item.rank);
                    }
                    let complete = !self.dice.one_in(15);
                    let who = self.somebody(On::Matter(matter));
                    (who, Do::Upload { matter, rank, item, complete })
                }
                2 => (who, Do::Take { matter, bring }),
                _ => {
                    let kinds = [Kind::Work, Kind::Communication, Kind::Deliverable];
                    let wrong = [Kind::Lent, Kind::Derivative];
                    let kind =
                        if self.dice.one_in(8) { self.dice.pick(&wrong) } else { self.dice.pick(&kinds) };
                    (who, Do::Collect { matter, bring, kind })
                }
            };
        }
        let item = self.item();
        let who = self.somebody(On::Item(item));
        let person = self.anyone();
        let doing = match self.dice.roll(48) {
            0..=7 => {
                let version = self.dice.one_in(3).then(|| 1 + self.dice.roll(2) as i64);
                Do::Open { item, version }
            }
            8..=10 => Do::Download { item },
            11..=13 => Do::Show { item },
            14..=15 => match self.dice.index(self.world.tickets.len()) {
                Some(ticket) => {
                    let owner = self.world.tickets[ticket].by.who;
                    let who = if self.dice.one_in(4) { who } else { owner };
                    return (who, Do::Read { ticket });
                }
                None => Do::ListMatters,
            },
            16 => {
                let copy = self.dice.index(self.world.copies.len());
                if let Some(copy) = copy.map(|copy| (copy, &self.world.copies[copy]))
                    && !self.dice.one_in(4)
                {
                    let (copy, of) = copy;
                    let item = Some(of.item);
                    return (of.holder, Do::Attest { item, copy: Some(copy) });
                }
                Do::Attest { item, copy }
            }
            17..=18 => Do::Reclassify { item, rank: self.rank(), reason: REASONS[0], request: None },
            19 => Do::HandOver { item, to: person },
            20..=21 => {
                let days = self.dice.roll(40) as Millis;
                Do::Grant { item, person, until: self.world.now + (days - 2) * DAY }
            }
            22 => {
                let granted = item.and_then(|item| self.world.items[item].grants.keys().next().copied());
                Do::Revoke { item, person: granted.unwrap_or(person) }
            }
            23..=25 => {
                let rank = self.rank();
                let asked = if self.dice.one_in(2) { Asked::Erase } else { Asked::Class(rank) };
                let asked = if self.dice.one_in(3) { Asked::Class(0) } else { asked };
                let asked = if self.dice.one_in(8) { Asked::Return } else { asked };
                Do::Ask { item, asked, reason: self.dice.pick(&REASONS) }
            }
            26 => {
                let request = self.dice.index(self.world.requests.len());
                let of = request.map(|request| self.world.requests[request].item);
                let item = if self.dice.one_in(8) { item } else { of };
                return (
                    self.dice.pick(&[1, 2, 9, who]),
                    Do::Approve { item, request, yes: !self.dice.one_in(4) },
                );
            }
            27 => {
                // What was asked for, or nearly.
                let request = self.dice.index(self.world.requests.len());
                let Some(of) = request.map(|request| &self.world.requests[request]) else {
                    return (who, Do::ListMatters);
                };
                let (person, asked, of, reason) = (of.person, of.asked, of.item, of.reason);
                let who = if self.dice.one_in(8) { who } else { person };
                let item = if self.dice.one_in(8) { item } else { Some(of) };
                let reason = if self.dice.one_in(8) { REASONS[0] } else { reason };
                return match asked {
                    Asked::Erase => (who, Do::Erase { item, reason, request }),
                    Asked::Class(rank) => (who, Do::Reclassify { item, rank, reason, request }),
                    Asked::Return => (who, Do::ConfirmReturn { item, by: reason, request }),
                };
            }
            28 => Do::Hold { item },
            29..=30 => {
                let hold = self.dice.index(self.world.holds.len());
                let of = hold.map(|hold| self.world.holds[hold].item);
                let item = if self.dice.one_in(5) { item } else { of };
                return (self.somebody(On::Item(item)), Do::Release { item, hold });
            }
            31..=32 => Do::Transmit { item, to_b: self.dice.one_in(2) },
            33 => Do::GiveBack { item },
            34 => Do::Package { item },
            35 => Do::ConfirmReturn { item, by: "佐藤", request: None },
            36 => Do::Erase { item, reason: REASONS[1], request: None },
            37 => {
                let (upload, item) = (self.dice.index(self.world.uploads.len()), item);
                if let Some(of) = upload.map(|upload| &self.world.uploads[upload])
                    && of.item.is_some()
                {
                    return (of.person, Do::Store { item: of.item, upload });
                }
                Do::Store { item, upload }
            }
            38..=39 => {
                let (owner, _, mut bring) = self.bring();
                if let Some(item) = item.map(|item| &self.world.items[item])
                    && !self.dice.one_in(3)
                {
                    bring.rank = item.rank;
                }
                let relation = self.dice.pick(&[Relation::Copy, Relation::Summary, Relation::Other]);
                let who = if bring.upload.is_some() { owner } else { who };
                return (who, Do::Derive { item, relation, bring });
            }
            40..=42 => {
                let (by_matter, by_rank, by_state) = (self.matter(), self.rank() % 5, self.dice.roll(4));
                let state = [State::Held, State::Returning, State::Returned, State::Erased];
                let state = state[by_state as usize];
                return (
                    person,
                    Do::List {
                        matter: by_matter.filter(|_| self.dice.one_in(4)),
                        rank: self.dice.one_in(5).then_some(by_rank),
                        state: self.dice.one_in(5).then_some(state),
                        name: self.dice.one_in(5).then(|| self.dice.roll(10)),
                        limit: self.dice.pick(&[3, 50, 500]),
                    },
                );
            }
            43 => {
                let matter = self.matter();
                let who = self.somebody(On::Matter(matter));
                let doing = match self.dice.roll(6) {
                    0 | 1 => Do::ShowMatter { matter },
                    2 => Do::ListMatters,
                    3 => Do::CloseMatter { matter },
                    _ => Do::Report { matter },
                };
                return (who, doing);
            }
            44 => {
                let stated = self.dice.index(self.world.stated.len());
                let on = stated.map_or(On::Firm, |stated| self.world.stated[stated].on);
                return (self.somebody(on), Do::ShowStatement { stated });
            }
            45 => {
                let matter = self.matter();
                let custodian = matter.map(|matter| self.world.matters[matter].custodian);
                let who = custodian.filter(|_| !self.dice.one_in(3)).unwrap_or(who);
                return (who, Do::Members { matter, person, remove: self.dice.one_in(2) });
            }
            _ => {
                // The register's keeper stays, so that what is suspended can be restored.
                let person = person.max(1);
                let doing = match self.dice.roll(4) {
                    0 => Do::Suspend { person, suspended: true },
                    1 => Do::Suspend { person, suspended: false },
                    2 => Do::Clear { person, rank: self.rank() },
                    _ => {
                        let untrained =
                            self.world.people.iter().position(|person| person.trained <= self.world.now);
                        match (self.dice.one_in(3), untrained) {
                            (true, _) => Do::Acknowledge,
                            // Most of those who lack it take the course before long.
                            (false, Some(who)) if self.dice.one_in(4) => {
                                return (who, Do::Train { right: self.dice.one_in(2) });
                            }
                            (false, _) => return (who, Do::Train { right: self.dice.one_in(2) }),
                        }
                    }
                };
                let suspends = matches!(doing, Do::Suspend { suspended: true, .. });
                if suspends && self.dice.one_in(2) {
                    // Most are restored before long.
                    self.plan.push_back((0, Do::Suspend { person, suspended: false }));
                }
                let who = if self.dice.one_in(4) { who } else { 0 };
                return (who, doing);
            }
        };
        (who, doing)
    }
}
