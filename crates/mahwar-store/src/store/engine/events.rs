//! Events as rows: each claim with a day and a site is linked to the claims near it when its document comes, and again when
//! the document is read again, ruled or deleted.
//!
//! The cost of a claim is that of the claims of its type in the cells around it within a few days, however many
//! documents the store has; of an event with many claims, only the first are compared. Events depend on the order in which
//! documents came; the order of their numbers is that order.

use super::{
    Session, StoreError,
    event_rulings::Decisions,
    read,
    write::{Writer, insert},
};
use crate::{
    document::Document,
    events::{
        Account, COMPARED, Choice, Event, LARGEST_KM, Member, Near, SPREAD_KM, Sketch, accounts, cell_of, cells_within,
        choose,
    },
    geoparse::Parse,
    store::{
        EventPage, EventQuery, rule,
        session::{Row, Value},
    },
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

const CLAIM: &str = "event_claims (document, claim, event, kind, cell, day_first, day_last, byte_start, byte_end, \
     score, reasons, account, sketch)";
/// The columns of [`StoredClaim`].
const COLUMNS: &str = "c.event, c.document, c.claim, c.score, c.reasons, c.account, c.sketch";
/// Days by which short intervals may begin before a claim and still meet it.
const BEFORE_DAYS: i32 = 7;
/// Claims that a new one is compared with at most, the newest: a document may name hundreds of different figures for a place and
/// a day, each an event of its own.
const NEAREST: i64 = 256;
/// Documents that one step of the first linking takes.
const STEP: i64 = 100;

/// A claim that is linked, as its row has it.
pub struct StoredClaim {
    pub event: i64,
    pub member: Member,
}

/// Reads a row of [`COLUMNS`].
fn stored_claim(row: &Row) -> Result<StoredClaim, StoreError> {
    let broken =
        |error: serde_json::Error| StoreError::Broken(format!("an account of an event cannot be read: {error}"));
    let mut account: Account = serde_json::from_str(&row.text(5)?).map_err(broken)?;
    account.sketch = Sketch::of_bytes(row.blob(6)?);
    Ok(StoredClaim {
        event: row.int(0)?,
        member: Member {
            account,
            score: row.optional_int(3)?.map(|score| score as f64 / 100.0),
            reasons: serde_json::from_str(&row.text(4)?).map_err(broken)?,
        },
    })
}

/// The claims that a condition names, which sees them as `c`, in order of arrival.
pub fn select(session: &mut dyn Session, condition: &str, values: &[Value]) -> Result<Vec<StoredClaim>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM event_claims c WHERE {condition} ORDER BY c.document, c.claim");
    session.query(&sql, values)?.iter().map(stored_claim).collect()
}

/// The word of a claim's type, as the tables have it.
pub fn kind(account: &Account) -> Result<String, StoreError> {
    match serde_json::to_value(account.kind) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Broken("a type of claim has no word".to_owned())),
    }
}

/// The document and the position of a claim that an id like `<document>-c1` names.
pub fn claim_of(id: &str) -> Option<(&str, u32)> {
    let (document, own) = id.split_once('-')?;
    Some((
        document,
        own.strip_prefix('c')?.parse().ok().filter(|ordinal| *ordinal > 0)?,
    ))
}

/// The key of the event that a claim is an account of.
pub fn key_of(session: &mut dyn Session, id: &str) -> Result<Option<i64>, StoreError> {
    let Some((document, ordinal)) = claim_of(id) else {
        return Ok(None);
    };
    let row = session.row(
        "SELECT c.event FROM event_claims c JOIN documents d ON d.number = c.document WHERE d.id = $1 AND c.claim = $2",
        &[document.into(), i64::from(ordinal).into()],
    )?;
    row.map(|row| row.int(0)).transpose()
}

/// The event that one of its claims names.
pub fn one(session: &mut dyn Session, id: &str) -> Result<Option<Event>, StoreError> {
    match key_of(session, id)? {
        None => Ok(None),
        Some(key) => Ok(of_keys(session, &[key])?.into_iter().next()),
    }
}

/// Events with these keys, in this order; one that is not there is left out.
fn of_keys(session: &mut dyn Session, keys: &[i64]) -> Result<Vec<Event>, StoreError> {
    let sql = format!(
        "SELECT key, version, ruled FROM events WHERE {}",
        session.is_one_of("key", 1)
    );
    let mut events: FxHashMap<i64, Event> = FxHashMap::default();
    for row in session.query(&sql, &[Value::Keys(keys.into())])? {
        let event = Event {
            key: row.int(0)?,
            version: row.int(1)?,
            ruled: row.int(2)? != 0,
            members: Vec::new(),
        };
        events.insert(event.key, event);
    }
    let condition = session.is_one_of("c.event", 1);
    for claim in select(session, &condition, &[Value::Keys(keys.into())])? {
        if let Some(event) = events.get_mut(&claim.event) {
            event.members.push(claim.member);
        }
    }
    let found = keys.iter().filter_map(|key| events.remove(key));
    Ok(found.filter(|event| !event.members.is_empty()).collect())
}

/// A page of events.
pub fn page(session: &mut dyn Session, query: &EventQuery) -> Result<EventPage, StoreError> {
    let (sign, order, first) = match query.newest {
        true => ("<", "DESC", i64::MAX),
        false => (">", "ASC", 0),
    };
    let limit = query.limit.min(1 << 31);
    let after = query.after.unwrap_or(first);
    let rows = match &query.document {
        None => {
            let sql = format!("SELECT key FROM events WHERE key {sign} $1 ORDER BY key {order} LIMIT $2");
            session.query(&sql, &[after.into(), limit.into()])?
        }
        Some(id) => {
            let sql = format!(
                "SELECT DISTINCT c.event FROM event_claims c JOIN documents d ON d.number = c.document
                 WHERE c.event {sign} $1 AND d.id = $2 ORDER BY c.event {order} LIMIT $3"
            );
            session.query(&sql, &[after.into(), id.into(), limit.into()])?
        }
    };
    let keys = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
    let total = session.row("SELECT count(*) FROM events", &[])?;
    Ok(EventPage {
        events: of_keys(session, &keys)?,
        next: keys.last().copied().filter(|_| keys.len() == query.limit),
        total: total.map_or(Ok(0), |row| row.size(0))? as u64,
    })
}

/// Claims and documents that the transaction still has to link.
#[derive(Default)]
pub struct Unlinked {
    /// Accounts of new documents.
    accounts: Vec<Account>,
    /// Documents whose claims may have moved.
    documents: BTreeSet<i64>,
    /// Last key given to an event, once it was read.
    last_event: Option<i64>,
}

impl Writer<'_> {
    /// Notes the claims of a new document, to be linked at the end of the transaction.
    pub fn note_accounts(&mut self, document: &Document, parse: &Parse, number: i64) {
        self.unlinked.accounts.extend(accounts(document, parse, number));
    }

    /// Notes a document whose claims must be linked again at the end of the transaction.
    pub fn note_changed(&mut self, number: i64) {
        self.unlinked.documents.insert(number);
    }

    /// Links everything that was noted.
    pub fn link_noted(&mut self) -> Result<(), StoreError> {
        for account in std::mem::take(&mut self.unlinked.accounts) {
            self.link(&account, &mut Vec::new())?;
        }
        for number in std::mem::take(&mut self.unlinked.documents) {
            self.forget_accounts(number)?;
            self.link_stored(number)?;
        }
        if let Some(last) = self.unlinked.last_event {
            let sql = "UPDATE event_state SET last_event = $1";
            self.session.execute(sql, &[last.into()])?;
        }
        Ok(())
    }

    /// Links the claims of a stored document, as it is ruled.
    fn link_stored(&mut self, number: i64) -> Result<(), StoreError> {
        let book = self.book.with_new(self.session)?;
        // A document that cannot be read has no accounts; a check names it.
        let stored = match read::numbered(self.session, &book, number) {
            Err(StoreError::Damaged { .. }) | Ok(None) => return Ok(()),
            Ok(Some(stored)) => stored,
            Err(other) => return Err(other),
        };
        let document = &stored.read.document;
        let rulings = super::rulings::of_document(self.session, &book, &document.id)?;
        let parse = rule(&stored.read.parse, &rulings);
        for account in accounts(document, &parse, number) {
            self.link(&account, &mut Vec::new())?;
        }
        Ok(())
    }

    /// Removes the claims of a document from their events. Claims that were linked through them are linked again.
    pub fn forget_accounts(&mut self, number: i64) -> Result<(), StoreError> {
        self.unlinked.accounts.retain(|account| account.claim.number != number);
        let sql = "SELECT DISTINCT event FROM event_claims WHERE document = $1";
        let rows = self.session.query(sql, &[number.into()])?;
        let events = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
        if events.is_empty() {
            return Ok(());
        }
        let sql = "DELETE FROM event_claims WHERE document = $1";
        self.session.execute(sql, &[number.into()])?;
        self.regroup(&events)
    }

    /// Links the claims of some events again, in order of arrival. Keys of events are reused.
    pub fn regroup(&mut self, events: &[i64]) -> Result<(), StoreError> {
        let keys = Value::Keys(events.into());
        let condition = self.session.is_one_of("c.event", 1);
        let claims = select(self.session, &condition, std::slice::from_ref(&keys))?;
        let condition = self.session.is_one_of("event", 1);
        let sql = format!("DELETE FROM event_claims WHERE {condition}");
        self.session.execute(&sql, std::slice::from_ref(&keys))?;
        let condition = self.session.is_one_of("key", 1);
        let sql = format!("DELETE FROM events WHERE {condition}");
        self.session.execute(&sql, &[keys])?;
        let mut free = events.to_vec();
        free.sort_unstable_by(|a, b| b.cmp(a));
        for claim in claims {
            self.link(&claim.member.account, &mut free)?;
        }
        Ok(())
    }

    /// Finds the event of an account, or makes one, with a key of `free` if there is one.
    fn link(&mut self, account: &Account, free: &mut Vec<i64>) -> Result<(), StoreError> {
        let decisions = Decisions::of(self.session, account)?;
        // Which of an event's accounts an analyst decided on is not known here: then all are compared.
        let limits = match decisions.is_empty() {
            true => [COMPARED as i64, NEAREST],
            false => [i64::MAX; 2],
        };
        let mut near = near(self.session, account, limits)?;
        let known: FxHashSet<(i64, u32)> = near.iter().map(position).collect();
        let others = decisions.together(self.session)?;
        near.extend(others.into_iter().filter(|claim| !known.contains(&position(claim))));
        let choice = self.choice(account, &near, &decisions)?;
        let event = match &choice {
            Some(choice) => choice.event,
            None => self.new_event(free)?,
        };
        let joined = choice.as_ref().is_some_and(|choice| choice.score > 1.0);
        let ruled = if joined { 2 } else { i64::from(!decisions.is_empty()) };
        let sql =
            "UPDATE events SET version = $1, claims = claims + 1, ruled = CASE WHEN ruled < $2 THEN $3 ELSE ruled END
             WHERE key = $4";
        self.session
            .execute(sql, &[self.version.into(), ruled.into(), ruled.into(), event.into()])?;
        self.insert_account(account, event, choice)
    }

    fn choice(
        &mut self,
        account: &Account,
        near: &[StoredClaim],
        decisions: &Decisions,
    ) -> Result<Option<Choice>, StoreError> {
        let keys: BTreeSet<i64> = near.iter().map(|claim| claim.event).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        if keys.is_empty() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT key, claims, ruled FROM events WHERE {}",
            self.session.is_one_of("key", 1)
        );
        let mut sizes: FxHashMap<i64, (usize, bool)> = FxHashMap::default();
        for row in self.session.query(&sql, &[keys.into()])? {
            sizes.insert(row.int(0)?, (row.size(1)?, row.int(2)? == 2));
        }
        let near: Vec<Near<'_>> = near
            .iter()
            .map(|claim| {
                let (members, joined) = sizes.get(&claim.event).copied().unwrap_or_default();
                Near {
                    event: claim.event,
                    members,
                    joined,
                    ruled: decisions.on(&claim.member.account),
                    account: &claim.member.account,
                }
            })
            .collect();
        Ok(choose(account, &near))
    }

    fn new_event(&mut self, free: &mut Vec<i64>) -> Result<i64, StoreError> {
        let key = match free.pop() {
            Some(key) => key,
            None => {
                let last = match self.unlinked.last_event {
                    Some(last) => last,
                    None => {
                        let row = self.session.row("SELECT last_event FROM event_state", &[])?;
                        row.map_or(Ok(0), |row| row.int(0))?
                    }
                };
                self.unlinked.last_event = Some(last + 1);
                last + 1
            }
        };
        let row = vec![key.into(), self.version.into(), 0_i64.into(), 0_i64.into()];
        insert(self.session, "events (key, version, claims, ruled)", vec![row])?;
        Ok(key)
    }

    fn insert_account(&mut self, account: &Account, event: i64, choice: Option<Choice>) -> Result<(), StoreError> {
        let json = |value: Result<String, serde_json::Error>| {
            value.map_err(|error| StoreError::Broken(format!("an account of an event cannot be written: {error}")))
        };
        let score = choice.as_ref().filter(|choice| choice.score <= 1.0);
        let score = score.map(|choice| (choice.score * 100.0).round() as i64);
        let reasons = choice.map(|choice| choice.reasons).unwrap_or_default();
        let [start, end] = account.span;
        let row = vec![
            account.claim.number.into(),
            i64::from(account.claim.ordinal).into(),
            event.into(),
            kind(account)?.into(),
            cell_of(account.site.points[0]).into(),
            i64::from(account.days.first).into(),
            i64::from(account.days.last).into(),
            start.into(),
            end.into(),
            score.into(),
            json(serde_json::to_string(&reasons))?.into(),
            json(serde_json::to_string(account))?.into(),
            account.sketch.to_bytes().into(),
        ];
        insert(self.session, CLAIM, vec![row])
    }

    /// Links the next documents that are older than the store's events; returns how many are left.
    pub fn link_next(&mut self) -> Result<u64, StoreError> {
        let row = self.session.row("SELECT linked, upto FROM event_state", &[])?;
        let row = row.ok_or_else(|| StoreError::Broken("the state of events is missing".to_owned()))?;
        let (linked, upto) = (row.int(0)?, row.int(1)?);
        if linked >= upto {
            return Ok(0);
        }
        let sql = "SELECT number FROM documents WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3";
        let rows = self.session.query(sql, &[linked.into(), upto.into(), STEP.into()])?;
        let numbers = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
        for &number in &numbers {
            // It may have been ruled or read again meanwhile.
            self.forget_accounts(number)?;
            self.link_stored(number)?;
        }
        let last = match numbers.last() {
            Some(last) if numbers.len() as i64 == STEP => *last,
            _ => upto,
        };
        let sql = "UPDATE event_state SET linked = $1";
        self.session.execute(sql, &[last.into()])?;
        if last == upto {
            // Servers read everything again, once.
            self.version += 1;
        }
        let sql = "SELECT count(*) FROM documents WHERE number > $1 AND number <= $2";
        let row = self.session.row(sql, &[last.into(), upto.into()])?;
        Ok(row.map_or(Ok(0), |row| row.size(0))? as u64)
    }

    /// Links all claims again, in order of arrival.
    pub fn rebuild_events(&mut self) -> Result<(), StoreError> {
        self.session.execute("DELETE FROM event_claims", &[])?;
        self.session.execute("DELETE FROM events", &[])?;
        self.unlinked.last_event = None;
        let sql = "UPDATE event_state SET last_event = 0, linked = 0, upto = $1";
        self.session.execute(sql, &[self.last_document.into()])?;
        while self.link_next()? > 0 {}
        Ok(())
    }
}

fn position(claim: &StoredClaim) -> (i64, u32) {
    let claim = &claim.member.account.claim;
    (claim.number, claim.ordinal)
}

/// The claims that an account may belong together with: those of its type in the cells around it, about its days. Of each
/// event at most the first, and of all the newest. `limits`: how many.
fn near(session: &mut dyn Session, account: &Account, limits: [i64; 2]) -> Result<Vec<StoredClaim>, StoreError> {
    let cells = cells_within(
        &account.site.points,
        account.site.uncertainty_km + LARGEST_KM + SPREAD_KM,
    );
    let days = account.days;
    let before = BEFORE_DAYS.max(2 * days.len());
    let in_cell = session.is_one_of("n.cell", 2);
    let condition = format!(
        "(c.document, c.claim) IN (SELECT first.document, first.claim FROM (
             SELECT n.document, n.claim, row_number() OVER (PARTITION BY n.event ORDER BY n.document, n.claim) AS nth
             FROM event_claims n
             WHERE n.kind = $1 AND {in_cell} AND n.day_first >= $3 AND n.day_first <= $4 AND n.day_last >= $5
         ) first WHERE first.nth <= $6 ORDER BY first.document DESC, first.claim DESC LIMIT $7)"
    );
    let values = [
        kind(account)?.into(),
        cells.into(),
        i64::from(days.first - before).into(),
        i64::from(days.last).into(),
        i64::from(days.first).into(),
        limits[0].into(),
        limits[1].into(),
    ];
    select(session, &condition, &values)
}
