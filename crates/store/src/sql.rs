//! The dialect layer: one SQL text for SQLite and PostgreSQL.
//!
//! `one!(tx, Row, "select …", a, b)?` is `Option<Row>`, `all!` is `Vec<Row>`, `run!(tx, "update …", a)?` counts the rows it
//! changed. A row is a tuple or derives `sqlx::FromRow`; it may be left out before a literal when it follows from the
//! context. Placeholders are `$1`, `$2`, … on both. Statements are literals, so a value never becomes SQL.
//!
//! Portable: no column is named by a reserved word; a bare parameter in a select list is cast (`cast($1 as text)`); a
//! unique key is tried by `on conflict do nothing` and the rows counted, for SQLite does not name the key; no constraint
//! is deferred, for it would fail everybody's commit; documents go in and out as `sqlx::types::Json`.

use sqlx::{
    Arguments as _, Encode, FromRow, Postgres, Sqlite, Type,
    error::BoxDynError,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};

use crate::{
    error::StoreError,
    link::{Link, answer},
};

pub use crate::tx::Tx;
#[doc(hidden)]
pub use crate::{all, one, run};

/// A statement that the two databases must be told differently. There are to be fewer than ten.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// What SQLite is told.
    pub sqlite: &'static str,
    /// What PostgreSQL is told.
    pub postgres: &'static str,
}

impl Dialect {
    /// One text for both, where a pair is asked for.
    #[must_use]
    pub const fn same(sql: &'static str) -> Self {
        Self { sqlite: sql, postgres: sql }
    }
}

/// The pattern for `like … escape '!'` that finds folded text containing `query`, whatever characters that holds.
#[must_use]
pub fn containing(query: &str) -> String {
    let mut pattern = String::from("%");
    for c in domain::text::fold(query).chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// At most one row. See [`crate::sql`].
#[doc(hidden)]
#[macro_export]
macro_rules! one {
    ($tx:expr, $sql:literal $(, $argument:expr)* $(,)?) => {
        $crate::one!($tx, _, $sql $(, $argument)*)
    };
    ($tx:expr, $row:ty, $sql:expr $(, $argument:expr)* $(,)?) => {{
        let values = $crate::sql::Values::of($tx)$(.with($argument))*;
        $crate::sql::fetch_optional::<$row>($tx, $sql, values).await
    }};
}

/// All rows. See [`crate::sql`].
#[doc(hidden)]
#[macro_export]
macro_rules! all {
    ($tx:expr, $sql:literal $(, $argument:expr)* $(,)?) => {
        $crate::all!($tx, _, $sql $(, $argument)*)
    };
    ($tx:expr, $row:ty, $sql:expr $(, $argument:expr)* $(,)?) => {{
        let values = $crate::sql::Values::of($tx)$(.with($argument))*;
        $crate::sql::fetch_all::<$row>($tx, $sql, values).await
    }};
}

/// The number of rows changed. See [`crate::sql`].
#[doc(hidden)]
#[macro_export]
macro_rules! run {
    ($tx:expr, $sql:expr $(, $argument:expr)* $(,)?) => {{
        let values = $crate::sql::Values::of($tx)$(.with($argument))*;
        $crate::sql::execute($tx, $sql, values).await
    }};
}

/// The values of a statement's placeholders, in the form its database wants.
#[doc(hidden)]
#[derive(Debug)]
pub struct Values(Result<Encoded, BoxDynError>);

#[derive(Debug)]
enum Encoded {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

impl Values {
    /// No values yet, for the database of `tx`.
    #[must_use]
    pub fn of(tx: &Tx) -> Self {
        Self(Ok(match tx.link {
            Link::Sqlite(_) => Encoded::Sqlite(SqliteArguments::default()),
            Link::Postgres(_) => Encoded::Postgres(PgArguments::default()),
        }))
    }

    /// The same and the value of the next placeholder.
    #[must_use]
    pub fn with<'v, T>(self, value: T) -> Self
    where
        T: Encode<'v, Sqlite> + Type<Sqlite> + Encode<'v, Postgres> + Type<Postgres>,
    {
        Self(self.0.and_then(|mut encoded| {
            match &mut encoded {
                Encoded::Sqlite(values) => values.add(value)?,
                Encoded::Postgres(values) => values.add(value)?,
            }
            Ok(encoded)
        }))
    }
}

/// A row that can be read from either database.
#[doc(hidden)]
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

#[doc(hidden)]
pub async fn fetch_optional<T: Row>(tx: &mut Tx, sql: &'static str, values: Values) -> Result<Option<T>, StoreError> {
    let found = match (&mut tx.link, values.0) {
        (Link::Sqlite(link), Ok(Encoded::Sqlite(values))) => {
            sqlx::query_as_with(sql, values).fetch_optional(link).await
        }
        (Link::Postgres(link), Ok(Encoded::Postgres(values))) => {
            answer(sqlx::query_as_with(sql, values).fetch_optional(link)).await
        }
        (_, values) => Err(unusable(values)),
    };
    tx.noted(sql, found)
}

#[doc(hidden)]
pub async fn fetch_all<T: Row>(tx: &mut Tx, sql: &'static str, values: Values) -> Result<Vec<T>, StoreError> {
    let found = match (&mut tx.link, values.0) {
        (Link::Sqlite(link), Ok(Encoded::Sqlite(values))) => sqlx::query_as_with(sql, values).fetch_all(link).await,
        (Link::Postgres(link), Ok(Encoded::Postgres(values))) => {
            answer(sqlx::query_as_with(sql, values).fetch_all(link)).await
        }
        (_, values) => Err(unusable(values)),
    };
    tx.noted(sql, found)
}

#[doc(hidden)]
pub async fn execute(tx: &mut Tx, sql: &'static str, values: Values) -> Result<u64, StoreError> {
    let changed = match (&mut tx.link, values.0) {
        (Link::Sqlite(link), Ok(Encoded::Sqlite(values))) => {
            sqlx::query_with(sql, values).execute(link).await.map(|done| done.rows_affected())
        }
        (Link::Postgres(link), Ok(Encoded::Postgres(values))) => {
            answer(sqlx::query_with(sql, values).execute(link)).await.map(|done| done.rows_affected())
        }
        (_, values) => Err(unusable(values)),
    };
    tx.noted(sql, changed)
}

/// A value could not be encoded, or the values were gathered for the other database.
fn unusable(values: Result<Encoded, BoxDynError>) -> sqlx::Error {
    let cause = values.err().unwrap_or_else(|| "the values are for the other database".into());
    sqlx::Error::Encode(cause)
}
