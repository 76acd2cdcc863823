//! Decisions of analysts on events, as rows, and their effect on a claim.

use super::{
    Session, StoreError,
    events::{self, StoredClaim, kind},
    read::number,
    write::{Writer, insert, now},
};
use crate::{
    events::{Account, AccountRuling},
    store::{EventDecision, EventRuling, EventVerdict, NewEventRuling, RuledClaim, session::Value},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

const RULINGS: &str = "SELECT id, version, verdict, undoes, author, reason, time FROM event_rulings";
const COLUMNS: &str = "event_rulings (id, version, verdict, undoes, author, reason, time)";
const CLAIMS: &str = "event_ruling_claims (ruling, side, document, byte_start, byte_end, kind)";

/// A claim by the number of its document and its span.
type Place = (i64, [usize; 2]);

/// The decisions in force on one claim and others.
#[derive(Default)]
pub struct Decisions {
    kind: String,
    on: FxHashMap<Place, AccountRuling>,
}

impl Decisions {
    /// Reads the decisions on an account. The newest ruling on a pair counts.
    pub fn of(session: &mut dyn Session, account: &Account) -> Result<Self, StoreError> {
        let own = kind(account)?;
        let number = account.claim.number;
        let [start, end] = account.span;
        let values = [number.into(), (&own).into(), end.into(), start.into()];
        let rows = session.query(
            "SELECT ruling, side FROM event_ruling_claims WHERE document = $1 AND kind = $2 AND byte_start < $3
             AND byte_end > $4 ORDER BY ruling",
            &values,
        )?;
        let mut on = FxHashMap::default();
        if rows.is_empty() {
            return Ok(Self { kind: own, on });
        }
        let undone = undone(session)?;
        for row in rows {
            let (ruling, side) = (row.int(0)?, row.int(1)?);
            if undone.contains(&ruling) {
                continue;
            }
            let sql =
                "SELECT side, document, byte_start, byte_end FROM event_ruling_claims WHERE ruling = $1 AND kind = $2";
            for other in session.query(sql, &[ruling.into(), (&own).into()])? {
                let place = (other.int(1)?, [other.size(2)?, other.size(3)?]);
                let decision = match other.int(0)? == side {
                    true => AccountRuling::Together,
                    false => AccountRuling::Apart,
                };
                on.insert(place, decision);
            }
        }
        // A decision on a claim and itself has no effect.
        on.retain(|(document, span), _| *document != number || !meets(*span, account.span));
        Ok(Self { kind: own, on })
    }

    /// True if nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.on.is_empty()
    }

    /// The decision on the claim and another one.
    pub fn on(&self, other: &Account) -> Option<AccountRuling> {
        let place = (other.claim.number, other.span);
        let exact = self.on.get(&place).copied();
        exact.or_else(|| {
            let mut near = self.on.iter();
            let found = near.find(|((document, span), _)| *document == place.0 && meets(*span, place.1));
            found.map(|(_, decision)| *decision)
        })
    }

    /// The claims that belong together with it, wherever they are.
    pub fn together(&self, session: &mut dyn Session) -> Result<Vec<StoredClaim>, StoreError> {
        let mut all = Vec::new();
        for ((document, [start, end]), decision) in &self.on {
            if *decision == AccountRuling::Together {
                let values = [(*document).into(), (&self.kind).into(), (*end).into(), (*start).into()];
                let condition = "c.document = $1 AND c.kind = $2 AND c.byte_start < $3 AND c.byte_end > $4";
                all.extend(events::select(session, condition, &values)?);
            }
        }
        all.sort_by_key(|claim| (claim.member.account.claim.number, claim.member.account.claim.ordinal));
        Ok(all)
    }
}

fn meets(a: [usize; 2], b: [usize; 2]) -> bool {
    a[0] < b[1] && b[0] < a[1]
}

/// Ids of the rulings that are undone by one that is not undone itself.
fn undone(session: &mut dyn Session) -> Result<FxHashSet<i64>, StoreError> {
    let mut undone = FxHashSet::default();
    let sql = "SELECT id, undoes FROM event_rulings WHERE undoes IS NOT NULL ORDER BY id DESC";
    for row in session.query(sql, &[])? {
        if !undone.contains(&row.int(0)?) {
            undone.insert(row.int(1)?);
        }
    }
    Ok(undone)
}

/// The rulings that a condition names, oldest first, with their claims.
pub fn select(session: &mut dyn Session, condition: &str, values: &[Value]) -> Result<Vec<EventRuling>, StoreError> {
    let rows = session.query(&format!("{RULINGS} {condition}"), values)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let undone = undone(session)?;
    let mut rulings = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.int(0)?;
        let verdict = match row.text(2)?.as_str() {
            "join" => EventVerdict::Join,
            "split" => EventVerdict::Split,
            "undo" => EventVerdict::Undo(row.int(3)?),
            other => return Err(StoreError::Broken(format!("{other:?} is no decision on events"))),
        };
        let sql = "SELECT c.side, d.id, c.byte_start, c.byte_end, c.kind FROM event_ruling_claims c
             JOIN documents d ON d.number = c.document WHERE c.ruling = $1 ORDER BY c.side, c.document, c.byte_start, c.kind";
        let claims = session.query(sql, &[id.into()])?;
        let claims = claims.iter().map(|row| {
            Ok(RuledClaim {
                side: row.int(0)?,
                document: row.text(1)?,
                span: [row.size(2)?, row.size(3)?],
                kind: row.text(4)?,
            })
        });
        rulings.push(EventRuling {
            id,
            version: row.int(1)?,
            verdict,
            claims: claims.collect::<Result<_, StoreError>>()?,
            author: row.text(4)?,
            reason: row.optional_text(5)?,
            time: row.text(6)?,
            in_force: !undone.contains(&id),
        });
    }
    Ok(rulings)
}

/// The rulings after an id, oldest first.
pub fn after(session: &mut dyn Session, id: i64, limit: usize) -> Result<Vec<EventRuling>, StoreError> {
    select(
        session,
        "WHERE id > $1 ORDER BY id LIMIT $2",
        &[id.into(), limit.min(1 << 31).into()],
    )
}

/// The rulings on any claim of the event that a claim names, oldest first.
pub fn of_event(session: &mut dyn Session, id: &str) -> Result<Vec<EventRuling>, StoreError> {
    let Some(key) = events::key_of(session, id)? else {
        return Err(StoreError::Missing(format!("event {id:?}")));
    };
    of_key(session, key)
}

fn of_key(session: &mut dyn Session, key: i64) -> Result<Vec<EventRuling>, StoreError> {
    let ids = session.query(
        "SELECT DISTINCT r.ruling FROM event_claims c JOIN event_ruling_claims r ON r.document = c.document AND r.kind = c.kind
         AND r.byte_start < c.byte_end AND r.byte_end > c.byte_start WHERE c.event = $1",
        &[key.into()],
    )?;
    let mut ids = ids.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
    // With the rulings that take them back.
    let sql = format!("SELECT id FROM event_rulings WHERE {}", session.is_one_of("undoes", 1));
    for row in session.query(&sql, &[Value::Keys((&ids[..]).into())])? {
        ids.push(row.int(0)?);
    }
    let condition = session.is_one_of("id", 1);
    select(session, &format!("WHERE {condition} ORDER BY id"), &[ids.into()])
}

impl Writer<'_> {
    /// Stores a decision on events and links their claims again.
    pub fn rule_events(&mut self, new: &NewEventRuling) -> Result<EventRuling, StoreError> {
        let key = self.event_key(&new.event)?;
        if let Some(seen) = new.seen {
            let row = self
                .session
                .row("SELECT version FROM events WHERE key = $1", &[key.into()])?;
            let version = row.map_or(Ok(0), |row| row.int(0))?;
            if version != seen {
                return Err(StoreError::Conflict(format!(
                    "event {} has changed since it was read",
                    new.event
                )));
            }
        }
        let (verdict, claims) = match &new.decision {
            EventDecision::Join(others) => (EventVerdict::Join, self.joined(key, others)?),
            EventDecision::Split(claims) => (EventVerdict::Split, self.split(key, claims)?),
            EventDecision::Undo => {
                let rulings = of_key(self.session, key)?;
                let is_decision = |ruling: &EventRuling| !matches!(ruling.verdict, EventVerdict::Undo(_));
                let last = rulings
                    .into_iter()
                    .rev()
                    .find(|ruling| ruling.in_force && is_decision(ruling));
                let last = last.ok_or_else(|| {
                    StoreError::Missing(format!("decision on event {} that could be taken back", new.event))
                })?;
                (EventVerdict::Undo(last.id), last.claims)
            }
        };
        self.version += 1;
        let row = self.session.row("SELECT last_ruling FROM event_state", &[])?;
        let ruling = EventRuling {
            id: row.map_or(Ok(0), |row| row.int(0))? + 1,
            version: self.version,
            verdict,
            claims,
            author: new.author.clone(),
            reason: new.reason.clone(),
            time: now(),
            in_force: true,
        };
        self.insert_event_ruling(&ruling)?;
        Ok(ruling)
    }

    fn event_key(&mut self, id: &str) -> Result<i64, StoreError> {
        events::key_of(self.session, id)?.ok_or_else(|| StoreError::Missing(format!("event {id:?}")))
    }

    /// The claims of an event and of others that are joined with it.
    fn joined(&mut self, key: i64, others: &[String]) -> Result<Vec<RuledClaim>, StoreError> {
        let mut keys = BTreeSet::from([key]);
        for other in others {
            keys.insert(self.event_key(other)?);
        }
        if keys.len() < 2 {
            return Err(StoreError::Conflict(
                "these claims are accounts of one event already".to_owned(),
            ));
        }
        let keys: Vec<i64> = keys.into_iter().collect();
        let condition = self.session.is_one_of("c.event", 1);
        let claims = events::select(self.session, &condition, &[keys.into()])?;
        let first = claims.first().map(|claim| claim.member.account.kind);
        if claims.iter().any(|claim| Some(claim.member.account.kind) != first) {
            return Err(StoreError::Conflict(
                "events of different types cannot be joined".to_owned(),
            ));
        }
        claims.iter().map(|claim| ruled(&claim.member.account, 0)).collect()
    }

    /// The claims of an event: those that are split off, then the others.
    fn split(&mut self, key: i64, claims: &[String]) -> Result<Vec<RuledClaim>, StoreError> {
        let all = events::select(self.session, "c.event = $1", &[key.into()])?;
        let ids: FxHashSet<String> = all.iter().map(|claim| claim.member.account.claim.to_string()).collect();
        if let Some(strange) = claims.iter().find(|id| !ids.contains(*id)) {
            return Err(StoreError::Missing(format!("claim {strange:?} in this event")));
        }
        let is_out = |claim: &StoredClaim| claims.contains(&claim.member.account.claim.to_string());
        if claims.is_empty() || all.iter().all(is_out) {
            return Err(StoreError::Conflict(
                "a split takes some claims out of an event and leaves others in it".to_owned(),
            ));
        }
        let claims = all
            .iter()
            .map(|claim| ruled(&claim.member.account, i64::from(!is_out(claim))));
        claims.collect()
    }

    /// Writes a ruling, and links the claims of its events again.
    pub fn insert_event_ruling(&mut self, ruling: &EventRuling) -> Result<(), StoreError> {
        let undoes = match ruling.verdict {
            EventVerdict::Undo(id) => Some(id),
            _ => None,
        };
        let row = vec![
            ruling.id.into(),
            ruling.version.into(),
            ruling.verdict.word().into(),
            undoes.into(),
            (&ruling.author).into(),
            ruling.reason.as_ref().into(),
            (&ruling.time).into(),
        ];
        insert(self.session, COLUMNS, vec![row])?;
        // An undo is about the claims of the ruling that it takes back.
        let claims = match undoes {
            Some(id) => select(self.session, "WHERE id = $1", &[id.into()])?
                .pop()
                .map_or_else(Vec::new, |undone| undone.claims),
            None => ruling.claims.clone(),
        };
        let mut numbered = Vec::new();
        for claim in &claims {
            numbered.push((number(self.session, &claim.document)?, claim));
        }
        // An undo has no effect of its own.
        if undoes.is_none() {
            let rows = numbered.iter().map(|(document, claim)| {
                let [start, end] = claim.span;
                vec![
                    ruling.id.into(),
                    claim.side.into(),
                    (*document).into(),
                    start.into(),
                    end.into(),
                    (&claim.kind).into(),
                ]
            });
            insert(self.session, CLAIMS, rows.collect())?;
        }
        let sql = "UPDATE event_state SET last_ruling = $1";
        self.session.execute(sql, &[ruling.id.into()])?;
        let mut touched = BTreeSet::new();
        for (document, claim) in numbered {
            let [start, end] = claim.span;
            let values = [document.into(), (&claim.kind).into(), end.into(), start.into()];
            let sql = "SELECT event FROM event_claims WHERE document = $1 AND kind = $2 AND byte_start < $3 AND byte_end > $4";
            for row in self.session.query(sql, &values)? {
                touched.insert(row.int(0)?);
            }
        }
        let touched: Vec<i64> = touched.into_iter().collect();
        self.regroup(&touched)
    }

    /// Takes the claims of a document out of the decisions on events.
    pub fn forget_event_rulings(&mut self, document: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM event_ruling_claims WHERE document = $1";
        self.session.execute(sql, &[document.into()]).map(drop)
    }
}

fn ruled(account: &Account, side: i64) -> Result<RuledClaim, StoreError> {
    Ok(RuledClaim {
        side,
        document: account.claim.document.clone(),
        span: account.span,
        kind: kind(account)?,
    })
}
