//! One test body, both databases: a SQLite file or a PostgreSQL schema of its own for each test.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::Arc,
};

use sqlx::{Connection as _, PgConnection};
use store::{Database, Location, Reader, Settings, Writer};

use crate::FakeClock;

/// Names the PostgreSQL server that tests may make schemas on.
const SERVER: &str = "KEYFOB_TEST_POSTGRES";

/// A fresh, migrated database with a clock that stands still.
#[derive(Debug)]
pub struct TestStore {
    /// The database itself.
    pub database: Database,
    /// The way to read it.
    pub reader: Reader,
    /// The way to write it.
    pub writer: Writer,
    /// The only clock there is.
    pub clock: FakeClock,
    /// Where it is, to open it again or from another node.
    pub location: Location,
}

impl TestStore {
    /// Makes a database there.
    pub async fn create(location: Location) -> Self {
        let clock = FakeClock::default();
        let database = Database::create(&location, settings("node-1", &clock)).await.expect("a fresh database");
        Self { reader: database.reader(), writer: database.writer(), database, clock, location }
    }

    /// What another node with the same clock would be opened with.
    #[must_use]
    pub fn settings(&self, node: &str) -> Settings {
        settings(node, &self.clock)
    }
}

fn settings(node: &str, clock: &FakeClock) -> Settings {
    Settings { node: node.to_owned(), clock: Some(Arc::new(clock.clone())), ..Settings::default() }
}

/// Makes of each `async fn name(db: TestStore)` two tests, `sqlite::name` and `postgres::name`. Once per module.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestStore) $body:block)+) => {
        $($(#[$meta])* async fn $name($db: $crate::TestStore) $body)+

        mod sqlite {
            $(#[test] fn $name() { $crate::database::on_sqlite(super::$name); })+
        }

        mod postgres {
            $(#[test] fn $name() { $crate::database::on_postgres(super::$name); })+
        }
    };
}

/// Runs a test on a SQLite file of its own.
pub fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(TestStore) -> F) {
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::Folder(folder.path().join("data"));
    runtime().block_on(async { test(TestStore::create(location).await).await });
}

/// Runs a test on a PostgreSQL schema of its own, which is dropped afterwards.
#[expect(clippy::disallowed_methods, reason = "where the server is can only be told from outside")]
pub fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(TestStore) -> F) {
    let Ok(server) = std::env::var(SERVER) else {
        panic!("{SERVER} names no PostgreSQL server to test on: run `cargo xtask test`, which starts one");
    };
    let schema = store::fresh("test");
    runtime().block_on(tell(&server, &schema, "create schema %I"));
    let result = catch_unwind(AssertUnwindSafe(|| {
        let separator = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{separator}options=-c%20search_path%3D{schema}");
        runtime().block_on(async { test(TestStore::create(Location::Server(url)).await).await });
    }));
    // The test's runtime is gone, and all its connections with it.
    runtime().block_on(tell(&server, &schema, "drop schema if exists %I cascade"));
    if let Err(panic) = result {
        resume_unwind(panic);
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// Tells the server something about the schema.
async fn tell(server: &str, schema: &str, what: &str) {
    let mut link = PgConnection::connect(server).await.expect("the PostgreSQL server of the tests");
    for (name, value) in [("testkit.schema", schema), ("testkit.command", what), ("client_min_messages", "warning")] {
        let set = sqlx::query("select set_config($1, $2, false)").bind(name).bind(value);
        set.execute(&mut link).await.expect("a setting");
    }
    let command = "do $$ begin
        execute format(current_setting('testkit.command'), current_setting('testkit.schema'));
    end $$";
    sqlx::raw_sql(command).execute(&mut link).await.expect("a schema");
    link.close().await.expect("a clean end");
}
