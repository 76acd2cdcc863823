//! The history of a store: how a process notices that the database is not the one that it remembers.
//!
//! Each transaction that changes the version leaves a random mark in the table `history`. A database that was restored from
//! a backup, or that a lagging standby took over, lacks the marks of the transactions that it lost, also after it has reached
//! the same version again. Every transaction compares before it uses anything that was remembered.

use super::{Session, StoreError};
use crate::store::Moment;

/// Transactions that are kept in the history. A process that remembers an older one reads everything again.
const KEPT: i64 = 10_000;
/// The history is shortened at one in so many transactions, on average.
const SHORTENED: u64 = 64;

/// Relation of the present state to a remembered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descent {
    /// It is the same state, or a later one.
    Follows,
    /// It may be a later state: the history does not go back so far.
    Unknown,
    /// It is another store, or one that lost transactions which were committed.
    Diverged,
}

/// The present moment, and the revision of the table of places.
pub fn now(session: &mut dyn Session) -> Result<(Moment, i64), StoreError> {
    let row = session.row("SELECT id, version, mark, places_revision FROM store", &[])?;
    let row = row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?;
    let moment = Moment {
        store: row.text(0)?,
        version: row.int(1)?,
        mark: row.text(2)?,
    };
    Ok((moment, row.int(3)?))
}

/// Compares a remembered moment with the present one.
pub fn descent(session: &mut dyn Session, before: &Moment, now: &Moment) -> Result<Descent, StoreError> {
    if before == now {
        return Ok(Descent::Follows);
    }
    if before.store != now.store || now.version < before.version {
        return Ok(Descent::Diverged);
    }
    let row = session.row("SELECT mark FROM history WHERE version = $1", &[before.version.into()])?;
    if let Some(row) = row {
        return Ok(match row.text(0)? == before.mark {
            true => Descent::Follows,
            false => Descent::Diverged,
        });
    }
    let oldest = session.row("SELECT coalesce(min(version), 0) FROM history", &[])?;
    let oldest = oldest.map_or(Ok(0), |row| row.int(0))?;
    Ok(match oldest > before.version {
        true => Descent::Unknown,
        false => Descent::Diverged,
    })
}

/// Records that a transaction ends with a version; returns the mark for the store row.
pub fn record(session: &mut dyn Session, version: i64) -> Result<String, StoreError> {
    let mark = random()?;
    let text = format!("{mark:016x}");
    session.execute(
        "INSERT INTO history (version, mark) VALUES ($1, $2) ON CONFLICT (version) DO UPDATE SET mark = excluded.mark",
        &[version.into(), (&text).into()],
    )?;
    if mark.is_multiple_of(SHORTENED) {
        session.execute(
            "DELETE FROM history WHERE version < (SELECT version FROM history ORDER BY version DESC LIMIT 1 OFFSET $1)",
            &[KEPT.into()],
        )?;
    }
    Ok(text)
}

fn random() -> Result<u64, StoreError> {
    getrandom::u64().map_err(|error| StoreError::Unavailable(format!("the system gives no random number: {error}")))
}
