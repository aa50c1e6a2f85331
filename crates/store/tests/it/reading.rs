//! Readers see one moment of the database and cannot change anything.

use store::{
    Database, StoreError, Tx,
    sql::{all, containing, one, run},
};
use testkit::on_both_databases;
use tokio::sync::oneshot;

use crate::scene::{make_notes, notes, spawn_note};

async fn seen(tx: &mut Tx) -> Result<Vec<(i64,)>, StoreError> {
    all!(tx, "select id from note order by id")
}

on_both_databases! {
    async fn a_reader_cannot_write(db: TestStore) {
        make_notes(&db).await;
        for sql in [
            "insert into note (id) values (1)",
            "update head set epoch = 9 where id = 1",
            "delete from event where idx >= 0",
            "create table other (id bigint)",
        ] {
            let written = db.reader.read(async |tx| run!(tx, sql));
            assert!(matches!(written.await, Err(StoreError::Database(_))), "{sql}");
        }
        // Not even when it ends the transaction it was given.
        for setting in ["commit", "rollback"] {
            let written = db.reader.read(async |tx| {
                run!(tx, setting)?;
                run!(tx, "insert into note (id) values (1)")
            });
            assert!(matches!(written.await, Err(StoreError::Database(_))), "{setting}");
        }
        spawn_note(&db.writer, 2).await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [2]);
    }

    async fn a_reading_sees_one_moment(db: TestStore) {
        make_notes(&db).await;
        let two = db.reader.read(async |tx| {
            let before = (seen(tx).await?, tx.now());
            db.clock.advance(domain::Span::from_hours(1));
            spawn_note(&db.writer, 1).await.unwrap()?;
            Ok::<_, StoreError>((before, (seen(tx).await?, tx.now())))
        });
        let (before, after) = two.await.unwrap();
        assert_eq!(before, after);
        assert_eq!(notes(&db.reader).await, [1]);
    }

    async fn a_reader_that_vanishes_gives_its_place_back(db: TestStore) {
        make_notes(&db).await;
        for _ in 0..40 {
            let reader = db.reader.clone();
            let (entered, inside) = oneshot::channel();
            let reading = tokio::spawn(async move {
                let never = reader.read(async |tx| {
                    seen(tx).await?;
                    entered.send(()).unwrap();
                    std::future::pending::<Result<(), StoreError>>().await
                });
                never.await
            });
            inside.await.unwrap();
            reading.abort();
            assert!(reading.await.unwrap_err().is_cancelled());
        }
        assert_eq!(notes(&db.reader).await, Vec::<i64>::new());
    }

    async fn a_failed_reading_spoils_nothing(db: TestStore) {
        make_notes(&db).await;
        for _ in 0..40 {
            let failed = db.reader.read(async |tx| all!(tx, (i64,), "select id from nowhere"));
            assert!(matches!(failed.await, Err(StoreError::Database(_))));
        }
        assert_eq!(notes(&db.reader).await, Vec::<i64>::new());
    }

    async fn many_read_at_once_with_few_connections(db: TestStore) {
        make_notes(&db).await;
        let settings = store::Settings { readers_max: 2, ..db.settings("node-1") };
        drop(db.reader);
        db.database.close().await;
        let database = Database::open(&db.location, settings).await.unwrap();
        let readings: Vec<_> = (0..50).map(|_| {
            let reader = database.reader();
            tokio::spawn(async move { notes(&reader).await })
        }).collect();
        for reading in readings {
            assert_eq!(reading.await.unwrap(), Vec::<i64>::new());
        }
        database.close().await;
    }

    async fn after_the_end_nobody_reads(db: TestStore) {
        let reader = db.reader.clone();
        db.database.close().await;
        let read = reader.read(async |_| Ok::<_, StoreError>(())).await;
        assert!(matches!(read, Err(StoreError::Stopped)));
    }

    async fn text_is_searched_for_as_it_is(db: TestStore) {
        for (text, query, is_found) in [
            ("100% sure", "100%", true),
            ("1000 sure", "100%", false),
            ("a_b", "A_B", true),
            ("axb", "a_b", false),
            ("wow! really", "W!", true),
            ("wow", "w!", false),
            ("anything", "", true),
        ] {
            let found = db.reader.read(async |tx| {
                one!(tx, (i64,), "select count(*) where cast($1 as text) like $2 escape '!'", text, containing(query))
            });
            assert_eq!(found.await.unwrap(), Some((i64::from(is_found),)), "{text} {query}");
        }
    }
}
