//! A transaction: what a use case or a reading is handed.

use std::sync::Arc;

use domain::Time;

use crate::{
    error::StoreError,
    head::{Head, Moment},
    link::Link,
    sql::Dialect,
};

/// One use case's or reading's view of the database.
///
/// Store functions take `&mut Tx`. Whether it can write is decided where it comes from: a [`crate::Reader`] or a
/// [`crate::Writer`].
#[derive(Debug)]
pub struct Tx {
    pub(crate) link: Link,
    /// Held by the one group that may change the log now.
    pub(crate) head: Option<Head>,
    pub(crate) moment: Moment,
    pub(crate) directory_version: i64,
    pub(crate) node: Arc<str>,
    /// A statement of this use case has failed.
    pub(crate) has_failed: bool,
    /// The connection is of no more use.
    pub(crate) is_broken: bool,
    /// Something may have been changed since the transaction began.
    pub(crate) has_written: bool,
}

impl Tx {
    pub(crate) fn new(link: Link, head: Option<Head>, moment: Moment, version: i64, node: Arc<str>) -> Self {
        Self {
            link,
            head,
            moment,
            directory_version: version,
            node,
            has_failed: false,
            is_broken: false,
            has_written: false,
        }
    }

    /// Effective now: the same for the whole group, and never before that of any change already made (I37).
    #[must_use]
    pub fn now(&self) -> Time {
        self.moment.now
    }

    /// The text of the statement for this database.
    #[must_use]
    pub fn pick(&self, dialect: Dialect) -> &'static str {
        match self.link {
            Link::Sqlite(_) => dialect.sqlite,
            Link::Postgres(_) => dialect.postgres,
        }
    }

    /// Grows whenever the directory or the policies change, so that what was computed from them can be kept until then.
    #[must_use]
    pub fn directory_version(&self) -> i64 {
        match &self.head {
            Some(head) => head.directory_version,
            None => self.directory_version,
        }
    }

    /// Says that the directory or a policy has changed.
    ///
    /// # Errors
    /// Outside a group.
    pub fn touch_directory(&mut self) -> Result<i64, StoreError> {
        let head = self.head.as_mut().ok_or(StoreError::NotInGroup)?;
        head.directory_version += 1;
        self.has_written = true;
        Ok(head.directory_version)
    }

    /// The number of a new request, as in `KF-1042`. None is given twice.
    ///
    /// # Errors
    /// Outside a group.
    pub fn take_request_number(&mut self) -> Result<i64, StoreError> {
        let head = self.head.as_mut().ok_or(StoreError::NotInGroup)?;
        let number = head.next_request_number;
        head.next_request_number += 1;
        self.has_written = true;
        Ok(number)
    }

    /// Remembers what a statement's result says about the transaction.
    pub(crate) fn noted<T>(&mut self, sql: &'static str, result: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        // Anything that is not plainly a query may have written; being wrong costs a commit, not a change.
        self.has_written |= !sql.trim_start().starts_with("select");
        result.map_err(|error| {
            let error = StoreError::from(error);
            self.has_failed = true;
            self.is_broken |= error.is_connection();
            error
        })
    }
}
