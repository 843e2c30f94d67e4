//! The reference: a register in plain structs, and what the policy means written out by hand. Nothing here
//! asks Cedar, the database or the door.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kura::clock::Millis;
use kura::custody::Relation;
use kura::id::{CopyId, HoldId, ItemId, MatterId, PartyId, PersonId, RequestId, StatementId, UploadId};

/// Ids of the classes by rank; the last is none.
pub const CLASSES: [&str; 6] = ["public", "limited", "internal", "secret", "top_secret", "sekret"];
const SECRET: i64 = 3;
const TOP_SECRET: i64 = 4;
/// How long a refusal's repeats are only counted.
const MINUTE: Millis = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Director,
    Regular,
    Contract,
    Intern,
    Guest(PartyId),
}

#[derive(Debug)]
pub struct Person {
    pub id: PersonId,
    pub role: Role,
    /// A guest's last moment.
    pub until: Millis,
    pub clearance: i64,
    pub suspended: bool,
    pub trained: Millis,
    pub acknowledged: i64,
    /// Keeps the register.
    pub administers: bool,
    /// Of the risk-management subcommittee.
    pub decides: bool,
}

#[derive(Debug)]
pub struct Matter {
    pub id: MatterId,
    pub party: PartyId,
    pub custodian: usize,
    pub open: bool,
    pub copies: bool,
    pub summaries: bool,
    pub subcontractor: bool,
    pub abroad: bool,
    pub members: BTreeSet<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Held,
    Returning,
    Returned,
    Erased,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Returning => "returning",
            Self::Returned => "returned",
            Self::Erased => "erased",
        }
    }

    pub fn gone(self) -> bool {
        matches!(self, Self::Returned | Self::Erased)
    }
}

#[derive(Debug)]
pub struct Item {
    pub id: ItemId,
    pub name: String,
    pub kind: &'static str,
    pub matter: usize,
    pub rank: i64,
    pub custodian: usize,
    pub state: State,
    pub shared: bool,
    pub rev: i64,
    pub versions: Vec<Vec<u8>>,
    pub packaged: bool,
    pub grants: BTreeMap<usize, Millis>,
    pub origin: Option<usize>,
    /// Length of its chain in the ledger.
    pub records: u64,
}

#[derive(Debug)]
pub struct Hold {
    pub id: HoldId,
    pub item: usize,
    pub released: bool,
}

#[derive(Debug)]
pub struct Copy {
    pub id: CopyId,
    pub item: usize,
    pub holder: usize,
    pub gone: bool,
}

/// What two others are asked to approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Erase,
    Class(i64),
    Return,
}

#[derive(Debug)]
pub struct Request {
    pub id: RequestId,
    pub item: usize,
    pub person: usize,
    pub asked: Asked,
    pub reason: &'static str,
    pub rev: i64,
    pub at: Millis,
    /// Neither carried out nor refused.
    pub open: bool,
    /// Who decided, in order, and how.
    pub decisions: Vec<(Millis, usize, bool)>,
}

#[derive(Debug)]
pub struct Upload {
    pub id: UploadId,
    pub person: usize,
    pub item: Option<usize>,
    pub matter: usize,
    pub rank: i64,
    pub name: String,
    pub content: Vec<u8>,
    pub complete: bool,
    pub used: bool,
    pub expires: Millis,
}

#[derive(Debug)]
pub struct Ticket {
    pub handle: String,
    pub by: By,
    pub item: usize,
    pub action: &'static str,
    pub around: Around,
    pub content: Vec<u8>,
    pub sealed: bool,
    pub expires: Millis,
}

#[derive(Debug)]
pub struct Stated {
    pub id: StatementId,
    pub on: On,
    /// Whether it is an item's receipt.
    pub receipt: bool,
}

/// What something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Firm,
    /// A matter; none is one that does not exist.
    Matter(Option<usize>),
    /// An item; none is one that does not exist.
    Item(Option<usize>),
}

/// Who asks, from where, and how old is what they last saw of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    pub who: usize,
    pub outside: bool,
    pub behind: Option<i64>,
}

/// What stands beside the question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Around {
    pub rank: i64,
    pub relation: Option<Relation>,
    /// A recipient, and whether abroad.
    pub to: Option<(PartyId, bool)>,
    /// For a generative-AI service; onto a personal device.
    pub beyond: bool,
    /// Two who approved.
    pub approvals: Option<(usize, usize)>,
}

/// What a caller is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Done,
    /// Refused, by these rules.
    Denied(Vec<String>),
    /// There is no such thing, or none that they may know of.
    Hidden,
    /// Permitted, but something named in the input is not there.
    Missing,
    /// Permitted, but it contradicts the state.
    Conflict,
    /// Permitted, but the input makes no sense.
    Invalid,
}

/// What is to come of an operation.
#[derive(Debug)]
pub struct Expected {
    pub told: Told,
    pub on: On,
    /// The rules that refuse, known to the caller or not.
    pub rules: Vec<&'static str>,
    /// Whether a refusal is a record. One that comes up while it is done is not.
    pub recorded: bool,
}

/// Permitted, or the rules that forbid, in order; none forbids when only no rule permits.
pub type Decided = Result<(), Vec<&'static str>>;

#[derive(Debug, Default)]
pub struct World {
    pub now: Millis,
    pub people: Vec<Person>,
    pub matters: Vec<Matter>,
    pub items: Vec<Item>,
    pub holds: Vec<Hold>,
    pub copies: Vec<Copy>,
    pub requests: Vec<Request>,
    pub uploads: Vec<Upload>,
    pub tickets: Vec<Ticket>,
    pub stated: Vec<Stated>,
    /// When a refusal of a kind was last recorded, how often it was repeated since, and about what.
    pub refusals: HashMap<String, (Millis, u64, On)>,
}

const USE: [&str; 4] = ["open", "download", "transmit", "derive"];
const CHANGE: [&str; 4] = ["store", "grant", "revoke", "reclassify"];
const DISPOSE: [&str; 4] = ["give_back", "package", "confirm_return", "erase"];
/// To learn of an item, its description and its statements.
const LOOK: [&str; 3] = ["know", "show", "show_statement"];

/// Collects the rules that forbid.
struct Weighed {
    permitted: bool,
    forbidden: Vec<&'static str>,
}

impl Weighed {
    fn permit(&mut self, when: bool) {
        self.permitted |= when;
    }

    fn forbid(&mut self, rule: &'static str, when: bool) {
        if when {
            self.forbidden.push(rule);
        }
    }

    fn decided(mut self) -> Decided {
        self.forbidden.sort_unstable();
        if self.permitted && self.forbidden.is_empty() { Ok(()) } else { Err(self.forbidden) }
    }
}

/// Whether a person has shown a second factor: most have.
pub fn proved(who: usize) -> bool {
    !who.is_multiple_of(5)
}

impl World {
    fn guest(&self, who: usize) -> Option<PartyId> {
        match self.people[who].role {
            Role::Guest(party) => Some(party),
            _ => None,
        }
    }

    /// Whether a person is not, or not any more, one of those who act at all.
    fn barred(&self, who: usize) -> Weighed {
        let person = &self.people[who];
        let mut weighed = Weighed { permitted: false, forbidden: Vec::new() };
        match person.role {
            Role::Guest(_) => {
                weighed.forbid("scope-guest-suspended", person.suspended);
                weighed.forbid("scope-guest-until", person.until <= self.now);
            }
            _ => weighed.forbid("scope-suspended", person.suspended),
        }
        weighed
    }

    /// Decides, as the policy means it.
    pub fn decide(&self, by: By, action: &str, on: On, around: &Around) -> Decided {
        match on {
            On::Firm => self.on_firm(by, action),
            On::Matter(Some(matter)) => self.on_matter(by, action, matter, around),
            On::Item(Some(item)) if self.guest(by.who).is_some() => self.guest_on_item(by, action, item),
            On::Item(Some(item)) => self.on_item(by, action, item, around),
            On::Matter(None) | On::Item(None) => Err(vec![]),
        }
    }

    fn on_firm(&self, by: By, action: &str) -> Decided {
        let mut weighed = self.barred(by.who);
        match action {
            // Everyone may ask for lists; they show what one may know of.
            "list" | "list_matters" => weighed.permit(true),
            // Everyone in the firm acknowledges the policy and takes courses for themselves.
            "acknowledge_policy" | "draw_questions" | "answer_questions" => {
                if self.guest(by.who).is_some() {
                    return Err(vec![]);
                }
                weighed.permit(true);
            }
            // Only administrators keep the register. A guest has no such action at all.
            "change_person" => {
                if self.guest(by.who).is_some() {
                    return Err(vec![]);
                }
                weighed.permit(self.people[by.who].administers);
            }
            other => panic!("{other}"),
        }
        weighed.decided()
    }

    fn on_matter(&self, by: By, action: &str, matter: usize, around: &Around) -> Decided {
        let matter = &self.matters[matter];
        let member = matter.members.contains(&by.who);
        let custodian = matter.custodian == by.who;
        let guest = self.guest(by.who).is_some();
        let mut weighed = self.barred(by.who);
        match action {
            // Those who work on a matter see it, and whoever is accountable for it.
            "know_matter" | "show_matter" if !guest => weighed.permit(member || custodian),
            // A report is for the consignor, and for whoever made it.
            "show_statement" if !guest => weighed.permit(custodian),
            "know_matter" | "show_matter" | "show_statement" => {
                weighed.permit(member && self.guest(by.who) == Some(matter.party));
            }
            _ if guest => return Err(vec![]),
            // Its custodian names its people, reports and closes it.
            "change_members" | "close_matter" | "report" => weighed.permit(custodian),
            // And hands it over, as a director does for someone who leaves.
            "hand_over_matter" => weighed.permit(custodian || self.people[by.who].role == Role::Director),
            // Material comes in by those who work on it, while it is open, within their clearance.
            "begin" | "take" | "collect" => {
                weighed.permit(member || custodian);
                weighed.forbid("matter-closed", !matter.open);
                let clearance = self.people[by.who].clearance;
                weighed.forbid("matter-above-clearance", around.rank > clearance);
                let intern = self.people[by.who].role == Role::Intern;
                weighed.forbid("matter-intern", intern && around.rank >= TOP_SECRET);
            }
            other => panic!("{other}"),
        }
        weighed.decided()
    }

    /// A guest looks at and opens what was shared of their own party's matter, and nothing else.
    fn guest_on_item(&self, by: By, action: &str, item: usize) -> Decided {
        let number = item;
        let item = &self.items[item];
        let matter = &self.matters[item.matter];
        // Downloading is forbidden them like anyone; nothing permits it.
        let uses = ["open", "download"].contains(&action);
        let confirms = action == "confirm_return";
        if !LOOK.contains(&action) && !uses && !confirms {
            return Err(vec![]);
        }
        let mut weighed = self.barred(by.who);
        let own = self.guest(by.who) == Some(matter.party);
        let shared = matter.members.contains(&by.who) && item.shared && own;
        weighed.permit(shared && action != "download");
        if uses {
            weighed.forbid("item-zone", item.rank >= TOP_SECRET && by.outside);
            weighed.forbid("item-second-factor", item.rank >= TOP_SECRET && !proved(by.who));
            weighed.forbid("life-held", item.state != State::Held);
        }
        if confirms {
            weighed.forbid("life-counter-receipt", item.state != State::Returning);
            weighed.forbid("life-hold", self.on_hold(number));
        }
        weighed.decided()
    }

    fn on_item(&self, by: By, action: &str, number: usize, around: &Around) -> Decided {
        let item = &self.items[number];
        let matter = &self.matters[item.matter];
        let person = &self.people[by.who];
        let member = matter.members.contains(&by.who);
        let cleared = item.rank <= person.clearance;
        let looks = LOOK.contains(&action);
        let uses = USE.contains(&action);
        let changes = CHANGE.contains(&action);
        let disposes = DISPOSE.contains(&action);
        let reads = looks || ["open", "download"].contains(&action);

        let mut weighed = self.barred(by.who);
        // Public information is everyone's.
        let attests = action == "attest";
        weighed.permit(item.rank == 0 && (reads || attests));
        // Those who work on the matter use it within their clearance, store versions and ask.
        let works = looks || uses || ["store", "ask"].contains(&action);
        weighed.permit(member && cleared && works);
        // Its custodian does everything but approve.
        weighed.permit(item.custodian == by.who && action != "approve");
        // A grant is for reading and asking, until its end.
        let granted = item.grants.get(&by.who).is_some_and(|until| *until > self.now);
        weighed.permit(granted && (reads || attests || action == "ask"));
        // Directors and the subcommittee decide requests within their clearance.
        let decides = person.role == Role::Director || person.decides;
        weighed.permit(decides && cleared && (looks || action == "approve"));
        // Those who work on the matter attest that copies are gone.
        weighed.permit(member && cleared && attests);
        // The matter's custodian knows what is held under it. They, and those who decide, see to it that
        // someone is accountable.
        let over = action == "hand_over";
        weighed.permit(matter.custodian == by.who && cleared && (looks || over));
        weighed.permit(decides && cleared && over);

        // Nobody uses or changes what is above them; interns have nothing to do with top secret.
        let hands_out = uses || action == "package";
        weighed.forbid("item-clearance", (hands_out || changes) && !cleared);
        let intern = person.role == Role::Intern;
        weighed.forbid("item-intern", intern && item.rank >= TOP_SECRET);
        // Secret needs training, internal the acknowledged policy.
        let handles = uses || changes || disposes;
        let untrained = item.rank >= SECRET && person.trained <= self.now;
        weighed.forbid("item-training", handles && untrained);
        let unaware = item.rank >= 2 && person.acknowledged < 1;
        weighed.forbid("item-acknowledgement", handles && unaware);
        // Top secret is used in the office, right after showing a second factor.
        weighed.forbid("item-zone", hands_out && item.rank >= TOP_SECRET && by.outside);
        weighed.forbid("item-second-factor", hands_out && item.rank >= TOP_SECRET && !proved(by.who));

        // Only what is held is used, changed or begun to be returned.
        let held = item.state == State::Held;
        weighed.forbid("life-held", (uses || changes || action == "give_back") && !held);
        let in_custody = held || item.state == State::Returning;
        weighed.forbid("life-handed-over", over && !in_custody);
        weighed.forbid("life-on-hold", action == "hold" && !in_custody);
        let returns = ["package", "confirm_return"].contains(&action);
        weighed.forbid("life-counter-receipt", returns && item.state != State::Returning);
        weighed.forbid("life-erased", action == "erase" && item.state.gone());
        weighed.forbid("life-hold", disposes && self.on_hold(number));

        // Two others approve the erasure of secrets and every lower class.
        let two = around
            .approvals
            .is_some_and(|(first, second)| first != second && first != by.who && second != by.who);
        let erases_secret = action == "erase" && item.rank >= SECRET;
        weighed.forbid("life-erase-two", erases_secret && !two);
        let returned_secret = action == "confirm_return" && item.rank >= SECRET;
        weighed.forbid("life-return-two", returned_secret && !two);
        let lowers = action == "reclassify" && around.rank < item.rank;
        weighed.forbid("life-declassify-two", lowers && !two);
        let gives_class = ["reclassify", "derive"].contains(&action);
        weighed.forbid("life-above-clearance", gives_class && around.rank > person.clearance);

        // A derivative is at least of its origin's class; the matter's terms bind it and what is sent.
        if action == "derive" {
            weighed.forbid("life-derive-class", around.rank < item.rank);
            let is = |relation| around.relation == Some(relation);
            weighed.forbid("life-terms-copy", is(Relation::Copy) && !matter.copies);
            weighed.forbid("life-terms-summary", is(Relation::Summary) && !matter.summaries);
        }
        if let ("transmit", Some((to, abroad))) = (action, around.to) {
            weighed.forbid("life-terms-abroad", abroad && !matter.abroad);
            weighed.forbid("life-terms-subcontractor", to != matter.party && !matter.subcontractor);
            // No matter here allows the one or the other.
            weighed.forbid("life-terms-generative-ai", around.beyond);
        }
        if action == "download" {
            weighed.forbid("life-terms-take-out", !matter.copies);
            weighed.forbid("life-terms-personal-device", around.beyond);
        }
        weighed.decided()
    }

    /// Whether a hold is on an item.
    pub fn on_hold(&self, item: usize) -> bool {
        self.holds.iter().any(|hold| hold.item == item && !hold.released)
    }

    /// Whether a person may know of it.
    pub fn knows(&self, by: By, on: On) -> bool {
        let action = match on {
            On::Firm => return true,
            On::Matter(_) => "know_matter",
            On::Item(_) => "know",
        };
        self.decide(by, action, on, &Around::default()).is_ok()
    }

    /// What is to come of an operation: whatever the caller `brought` is complained about only to whoever
    /// may know; then the rules; then what the state makes of it.
    pub fn expect(
        &self,
        by: By,
        action: &str,
        on: On,
        around: &Around,
        brought: Option<Told>,
        then: impl FnOnce() -> Told,
    ) -> Expected {
        let answer = |told, rules| Expected { told, on, rules, recorded: true };
        let known = self.knows(by, on);
        let behind = by.behind.is_some_and(|behind| behind > 0);
        let stale = behind && matches!(on, On::Item(_));
        if let Some(told) = brought {
            return answer(if known { told } else { Told::Hidden }, vec![]);
        }
        match self.decide(by, action, on, around) {
            Ok(()) if stale => answer(Told::Conflict, vec![]),
            Ok(()) => answer(then(), vec![]),
            Err(rules) if known => {
                let names = rules.iter().map(|rule| (*rule).to_owned()).collect();
                answer(Told::Denied(names), rules)
            }
            Err(rules) => answer(Told::Hidden, rules),
        }
    }

    /// Whether a refusal is recorded now, and not only counted.
    pub fn recorded(&mut self, by: By, action: &str, expected: &Expected) -> bool {
        let kind = format!("{} {action} {:?} {:?}", by.who, expected.on, expected.rules);
        let now = self.now;
        match self.refusals.get_mut(&kind) {
            Some((since, repeats, _)) if now - *since < MINUTE => {
                *repeats += 1;
                false
            }
            _ => {
                self.refusals.insert(kind, (now, 0, expected.on));
                true
            }
        }
    }

    /// The server stops: what was only counted goes on record. Returns how many records that makes.
    pub fn stop(&mut self) -> u64 {
        let counted = std::mem::take(&mut self.refusals).into_values().filter(|(_, repeats, _)| *repeats > 0);
        let mut records = 0;
        for (_, _, on) in counted {
            records += 1;
            if let On::Item(Some(item)) = on {
                self.items[item].records += 1;
            }
        }
        records
    }

    /// An approved request that a caller brings to an operation: the two who approved.
    pub fn approved(
        &self,
        by: By,
        request: Option<usize>,
        (item, asked, reason): (Option<usize>, Asked, &str),
    ) -> Result<Option<(usize, usize)>, Told> {
        let Some(request) = request.map(|request| &self.requests[request]) else {
            return Ok(None);
        };
        let item = item.map(|item| (item, self.items[item].rev));
        if request.person != by.who {
            return Err(Told::Missing);
        }
        let same = (request.asked, request.reason) == (asked, reason);
        let lapsed = self.now > request.at + 14 * 24 * 60 * 60 * 1000;
        if !same || !request.open || item != Some((request.item, request.rev)) {
            return Err(Told::Conflict);
        }
        if lapsed {
            return Err(Told::Conflict);
        }
        // Whoever approved must still be one who may.
        let may = |who: usize| {
            let on = On::Item(Some(request.item));
            self.decide(By { who, ..by }, "approve", on, &Around::default()).is_ok()
        };
        let mut approved: Vec<(Millis, PersonId, usize)> = request
            .decisions
            .iter()
            .filter(|(_, who, yes)| *yes && may(*who))
            .map(|(at, who, _)| (*at, self.people[*who].id, *who))
            .collect();
        approved.sort_unstable();
        match approved[..] {
            [(.., first), (.., second), ..] => Ok(Some((first, second))),
            _ => Err(Told::Conflict),
        }
    }

    /// An upload that an operation would complete.
    pub fn completed(&self, by: By, upload: &Upload) -> Told {
        if upload.person != by.who {
            Told::Missing
        } else if !upload.complete || upload.used || self.now > upload.expires {
            Told::Conflict
        } else {
            Told::Done
        }
    }

    /// Something that would come in: by upload or with a place, into a matter, with a class.
    pub fn intake(
        &self,
        by: By,
        (matter, rank): (usize, i64),
        (upload, place): (Option<usize>, bool),
        (custodian, usual): (usize, usize),
        shared: bool,
    ) -> Told {
        // Only whoever is accountable, or the matter's custodian, names another, and shares.
        let decides = [usual, self.matters[matter].custodian].contains(&by.who);
        if !decides && (custodian != usual || shared) {
            return Told::Invalid;
        }
        let told = match (upload.map(|upload| &self.uploads[upload]), place) {
            (Some(upload), false) => match self.completed(by, upload) {
                Told::Done if (upload.matter, upload.rank) != (matter, rank) => Told::Conflict,
                Told::Done if upload.item.is_some() => Told::Conflict,
                told => told,
            },
            (None, true) => Told::Done,
            _ => Told::Invalid,
        };
        if told == Told::Done && !self.accountable(custodian, rank) { Told::Invalid } else { told }
    }

    /// Whether a person can be accountable for material of a class.
    pub fn accountable(&self, who: usize, rank: i64) -> bool {
        let person = &self.people[who];
        let intern = person.role == Role::Intern && rank >= TOP_SECRET;
        self.guest(who).is_none() && !person.suspended && person.clearance >= rank && !intern
    }

    /// What keeps a matter from being closed: items that are held, and items with a copy outside.
    pub fn out(&self, matter: usize) -> impl Iterator<Item = usize> {
        let held = (0..self.items.len()).filter(|item| !self.items[*item].state.gone());
        let copied = self.copies.iter().filter(|copy| !copy.gone).map(|copy| copy.item);
        held.chain(copied).filter(move |item| self.items[*item].matter == matter)
    }

    /// Names of those of them that a person may know of.
    pub fn out_known(&self, by: By, matter: usize) -> Vec<String> {
        let known = self.out(matter).filter(|item| self.knows(by, On::Item(Some(*item))));
        known.map(|item| self.items[item].name.clone()).collect()
    }

    pub fn still_out(&self, matter: usize) -> bool {
        self.out(matter).next().is_some()
    }

    /// Everything made from an item, however far.
    pub fn made_from(&self, item: usize) -> Vec<usize> {
        let mut made = vec![item];
        for (number, other) in self.items.iter().enumerate() {
            if other.origin.is_some_and(|origin| made.contains(&origin)) {
                made.push(number);
            }
        }
        made.split_off(1)
    }

    /// Items that a person may know of, newest first.
    pub fn known_items(&self, by: By) -> Vec<&Item> {
        let mut known: Vec<&Item> = (0..self.items.len())
            .filter(|item| self.knows(by, On::Item(Some(*item))))
            .map(|item| &self.items[item])
            .collect();
        known.sort_by_key(|item| std::cmp::Reverse(item.id));
        known
    }
}
