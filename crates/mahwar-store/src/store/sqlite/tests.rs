//! The limit on the time of reading.

use super::*;

#[test]
fn reading_without_end_is_ended_and_the_connection_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_file(&folder.path().join("store.db")).unwrap();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    let ended = store.read_until(Some(Instant::now()), &mut |session| {
        session.query(endless, &[]).map(drop)
    });
    assert!(matches!(ended, Err(StoreError::Unavailable(_))), "{ended:?}");
    // The same connection without a limit, for more steps than lie between two looks at the clock.
    let long =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n";
    let mut count = 0;
    let read = store.read_long(&mut |session| {
        count = session.row(long, &[])?.map_or(Ok(0), |row| row.int(0))?;
        Ok(())
    });
    assert_eq!((read, count), (Ok(()), 300_000));
}
