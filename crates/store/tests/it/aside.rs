//! Work beside the log.

use store::{StoreError, Verdict, sql::run};
use testkit::on_both_databases;

use crate::scene::{entry, leaves, make_notes, notes, spawn_note};

on_both_databases! {
    async fn work_beside_the_log_is_kept_when_it_succeeds(db: TestStore) {
        make_notes(&db).await;
        db.clock.advance(domain::Span::from_hours(1));
        let kept = db.writer.write_aside("claim", async |tx| {
            run!(tx, "insert into note (id) values (1)")?;
            Ok::<_, StoreError>(tx.now())
        });
        let now = kept.await.unwrap();
        assert_eq!(now, store::Clock::now(&db.clock));
        assert_eq!(notes(&db.reader).await, [1]);
    }

    async fn work_beside_the_log_is_undone_when_it_fails(db: TestStore) {
        make_notes(&db).await;
        let failed = db.writer.write_aside("claim", async |tx| {
            run!(tx, "insert into note (id) values (1)")?;
            Err::<(), _>(StoreError::Stale)
        });
        assert!(matches!(failed.await, Err(StoreError::Stale)));
        let went_on = db.writer.write_aside("claim", async |tx| {
            run!(tx, "insert into note (id) values (1)")?;
            let _ = run!(tx, "insert into note (id) values (1)");
            Ok::<_, StoreError>(())
        });
        assert!(matches!(went_on.await, Err(StoreError::WentOn)));
        assert_eq!(notes(&db.reader).await, Vec::<i64>::new());
    }

    async fn work_beside_the_log_cannot_touch_it(db: TestStore) {
        make_notes(&db).await;
        let result = db.writer.write_aside("claim", async |tx| {
            assert!(matches!(tx.touch_directory(), Err(StoreError::NotInGroup)));
            assert!(matches!(tx.take_request_number(), Err(StoreError::NotInGroup)));
            tx.append(entry("note.made")).await
        });
        assert!(matches!(result.await, Err(StoreError::NotInGroup)));
        // The use cases after it find the log as it was.
        spawn_note(&db.writer, 1).await.unwrap().unwrap();
        assert_eq!(leaves(&db.reader).await, 1);
        let version = db.writer.write("touch", async |tx| {
            let before = tx.directory_version();
            assert_eq!(tx.touch_directory()?, before + 1);
            Ok::<_, StoreError>(Verdict::<_, ()>::Done(before + 1))
        });
        let Verdict::Done(version) = version.await.unwrap() else { panic!("nothing is refused here") };
        let read = db.reader.read(async |tx| Ok::<_, StoreError>(tx.directory_version())).await.unwrap();
        assert_eq!(read, version);
    }
}
