//! The head of the log: one row that every group takes first, which makes a total order of all changes.

use std::sync::Arc;

use audit::tree::Frontier;
use domain::Time;

use crate::{
    clock::{Clock, SystemClock},
    error::StoreError,
    sql::{Dialect, Tx, run},
};

/// Begins a group: nobody else's can begin before this one has ended.
///
/// On PostgreSQL the clock is read above the row lock, that is after waiting for it.
pub(crate) const BEGIN_GROUP: Dialect = Dialect {
    sqlite: "begin immediate;
        select size, frontier, epoch, high_water, next_request_number, directory_version, cast(null as integer)
        from head where id = 1",
    postgres: "begin isolation level read committed;
        with locked as materialized (select * from head where id = 1 for update)
        select size, frontier, epoch, high_water, next_request_number, directory_version,
            (extract(epoch from clock_timestamp()) * 1000000)::bigint
        from locked",
};

/// Begins a reading: everything it sees is of one moment.
pub(crate) const BEGIN_READ: Dialect = Dialect {
    sqlite: "begin; select high_water, directory_version, cast(null as integer) from head where id = 1",
    postgres: "begin isolation level repeatable read read only;
        select high_water, directory_version, (extract(epoch from clock_timestamp()) * 1000000)::bigint
        from head where id = 1",
};

/// Begins work beside the groups; SQLite has one writer and therefore does that within them.
pub(crate) const BEGIN_ASIDE: Dialect = Dialect {
    sqlite: BEGIN_READ.sqlite,
    postgres: "begin isolation level read committed;
        select high_water, directory_version, (extract(epoch from clock_timestamp()) * 1000000)::bigint
        from head where id = 1",
};

/// What [`BEGIN_GROUP`] answers: size, frontier, epoch, high water, next request number, directory version, database clock.
pub(crate) type GroupRow = (i64, String, i64, i64, i64, i64, Option<i64>);

/// What [`BEGIN_READ`] and [`BEGIN_ASIDE`] answer: high water, directory version, database clock.
pub(crate) type ReadRow = (i64, i64, Option<i64>);

/// The head row as a group holds it in memory; it is written back once, when the group ends.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) frontier: Frontier,
    pub(crate) epoch: i64,
    pub(crate) next_request_number: i64,
    pub(crate) directory_version: i64,
}

/// One reading of the clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// What the source said.
    pub(crate) source: Time,
    /// Effective now: never before that of any earlier group (I37).
    pub(crate) now: Time,
}

/// Where the time comes from: the injected clock, else the database's, else this machine's.
#[derive(Clone)]
pub(crate) struct TimeSource(pub(crate) Option<Arc<dyn Clock>>);

impl TimeSource {
    pub(crate) fn moment(&self, high_water: i64, database: Option<i64>) -> Moment {
        let source = match (&self.0, database) {
            (Some(injected), _) => injected.now(),
            (None, Some(micros)) => Time::from_micros(micros),
            (None, None) => SystemClock.now(),
        };
        Moment { source, now: source.max(Time::from_micros(high_water)) }
    }
}

/// Reads a head row that a group has just taken.
pub(crate) fn parse(row: GroupRow, time: &TimeSource) -> Result<(Head, Moment), StoreError> {
    let (leaves, frontier, epoch, high_water, next_request_number, directory_version, clock) = row;
    let frontier = Frontier::from_text(&frontier).map_err(|_| StoreError::Corrupt { what: "log frontier" })?;
    if size(&frontier)? != leaves {
        return Err(StoreError::Corrupt { what: "log head" });
    }
    let head = Head { frontier, epoch, next_request_number, directory_version };
    Ok((head, time.moment(high_water, clock)))
}

/// Writes the head row back.
pub(crate) async fn save(tx: &mut Tx, head: &Head) -> Result<(), StoreError> {
    let updated = run!(
        tx,
        "update head set size = $1, frontier = $2, high_water = $3, next_request_number = $4, directory_version = $5
         where id = 1",
        size(&head.frontier)?,
        head.frontier.to_text(),
        tx.now().micros(),
        head.next_request_number,
        head.directory_version
    )?;
    if updated == 1 { Ok(()) } else { Err(StoreError::Corrupt { what: "log head" }) }
}

/// The number of leaves as the database counts.
pub(crate) fn size(frontier: &Frontier) -> Result<i64, StoreError> {
    i64::try_from(frontier.size()).map_err(|_| StoreError::Corrupt { what: "log size" })
}
