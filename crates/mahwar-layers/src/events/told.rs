//! The accounts of an event as they are shown: copies and revisions of one account are one.

use super::{
    Account, Member,
    figures::{Agreement, agreement},
};

/// Who published an account.
#[derive(Clone, Debug)]
pub struct Outlet<'a> {
    /// The claim as this outlet has it.
    pub account: &'a Account,
}

/// One account of an event: a claim, with what repeats or revises it.
#[derive(Clone, Debug)]
pub struct EventAccount<'a> {
    /// The claim as it stands now: the newest revision.
    pub now: &'a Member,
    /// All of its claims, in order of publication.
    pub members: Vec<&'a Member>,
    /// One claim for each outlet that published it, in order of publication.
    pub outlets: Vec<Outlet<'a>>,
    /// Earlier claims of the same outlet and speaker with other figures, oldest first.
    pub revisions: Vec<&'a Member>,
}

impl<'a> EventAccount<'a> {
    fn of(member: &'a Member) -> Self {
        Self {
            now: member,
            members: vec![member],
            outlets: vec![Outlet {
                account: &member.account,
            }],
            revisions: Vec::new(),
        }
    }

    /// Takes a claim that repeats or revises this account; false if it is another account.
    fn take(&mut self, member: &'a Member) -> bool {
        let new = &member.account;
        let same_side = |old: &Account| old.side() == new.side();
        let same_outlet = |old: &Account| old.outlet_key().is_some() && old.outlet_key() == new.outlet_key();
        let contradicts = differs(&self.now.account, new);
        let is_part = self
            .members
            .iter()
            .any(|old| old.account.claim.document == new.claim.document && same_side(&old.account));
        let is_copy = !contradicts
            && self.members.iter().any(|old| {
                let old = &old.account;
                old.sketch.is_copy(&new.sketch) && old.site.names_same_places(&new.site)
            });
        let is_later = self.members.iter().any(|old| {
            let old = &old.account;
            let sides = same_side(old) || old.speaker.is_none() || new.speaker.is_none();
            same_outlet(old) && sides && old.claim.document != new.claim.document
        });
        if !(is_part && !contradicts || is_copy || is_later) {
            return false;
        }
        self.members.push(member);
        if is_later && contradicts {
            self.revisions.push(self.now);
            self.now = member;
        }
        if !self
            .outlets
            .iter()
            .any(|old| old.account.outlet_key() == new.outlet_key())
        {
            self.outlets.push(Outlet { account: new });
        }
        true
    }
}

/// True if two accounts give different figures for one thing.
fn differs(a: &Account, b: &Account) -> bool {
    let mut things = a.figures.iter().map(|figure| &*figure.what);
    things.any(|what| agreement(&a.figures, &b.figures, what) == Some(Agreement::Different))
}

/// The accounts of an event by side and date: those that name a speaker first, in the order of the speakers' first words.
pub fn told(members: &[Member]) -> Vec<EventAccount<'_>> {
    let mut sorted: Vec<&Member> = members.iter().collect();
    sorted.sort_by(|a, b| key(&a.account).cmp(&key(&b.account)));
    let mut all: Vec<EventAccount<'_>> = Vec::new();
    for member in sorted {
        if !all.iter_mut().any(|told| told.take(member)) {
            all.push(EventAccount::of(member));
        }
    }
    // By side, in order of the first word of each side; what the reports say themselves stands last.
    let side = |told: &EventAccount<'_>| told.now.account.side();
    let first: Vec<Option<String>> = all.iter().map(side).collect();
    let place = |told: &EventAccount<'_>| {
        let own = side(told);
        (own.is_none(), first.iter().position(|side| *side == own))
    };
    all.sort_by_key(place);
    all
}

/// Order of publication, then of arrival.
fn key(account: &Account) -> (&str, i64, u32) {
    let published = account.published.as_deref().unwrap_or("");
    (published, account.claim.number, account.claim.ordinal)
}
