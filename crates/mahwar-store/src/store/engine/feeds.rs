//! Feeds: where each was left, and which server asks it now.

use super::{Session, StoreError};
use crate::store::record::{FeedLease, FeedRow};

const FEEDS: &str = "SELECT address, listed_by, state, locked_by, locked_until, due FROM feeds";

/// All feeds, by address.
pub fn all(session: &mut dyn Session) -> Result<Vec<FeedRow>, StoreError> {
    let rows = session.query(&format!("{FEEDS} ORDER BY address"), &[])?;
    rows.iter().map(row).collect()
}

/// One feed.
pub fn one(session: &mut dyn Session, address: &str) -> Result<Option<FeedRow>, StoreError> {
    let found = session.row(&format!("{FEEDS} WHERE address = $1"), &[address.into()])?;
    found.as_ref().map(row).transpose()
}

fn row(row: &crate::store::session::Row) -> Result<FeedRow, StoreError> {
    Ok(FeedRow {
        address: row.text(0)?,
        listed_by: row.text(1)?,
        state: row.text(2)?,
        locked_by: row.optional_text(3)?,
        locked_until: row.int(4)?,
        due: row.int(5)?,
    })
}

/// Writes where a feed was left, and when it is due again.
pub fn put(session: &mut dyn Session, address: &str, listed_by: &str, state: &str, due: i64) -> Result<(), StoreError> {
    let values = [address.into(), listed_by.into(), state.into(), due.into()];
    let sql = "INSERT INTO feeds (address, listed_by, state, due) VALUES ($1, $2, $3, $4)
         ON CONFLICT (address) DO UPDATE SET state = excluded.state, due = excluded.due, locked_by = NULL, locked_until = 0";
    session.execute(sql, &values).map(drop)
}

/// Lists a feed; a known one stays as it is.
pub fn list(session: &mut dyn Session, address: &str, listed_by: &str) -> Result<bool, StoreError> {
    let values = [address.into(), listed_by.into()];
    let sql = "INSERT INTO feeds (address, listed_by, state) VALUES ($1, $2, '{}') ON CONFLICT (address) DO NOTHING";
    Ok(session.execute(sql, &values)? > 0)
}

/// Takes a feed off the list.
pub fn remove(session: &mut dyn Session, address: &str) -> Result<bool, StoreError> {
    Ok(session.execute("DELETE FROM feeds WHERE address = $1", &[address.into()])? > 0)
}

/// Acquires the lock of a feed, if it is due and no other server holds it.
pub fn lock(session: &mut dyn Session, lease: &FeedLease<'_>) -> Result<bool, StoreError> {
    let values = [
        lease.holder.into(),
        lease.until.into(),
        lease.address.into(),
        lease.now.into(),
        lease.now.into(),
        lease.holder.into(),
    ];
    let sql = "UPDATE feeds SET locked_by = $1, locked_until = $2
         WHERE address = $3 AND due <= $4 AND (locked_by IS NULL OR locked_until <= $5 OR locked_by = $6)";
    Ok(session.execute(sql, &values)? > 0)
}
