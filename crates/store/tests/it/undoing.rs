//! What fails or vanishes is undone alone, and holds up nobody.

use std::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering::SeqCst},
};

use store::{
    StoreError, Tx, Verdict,
    log::{self, LogHead},
    sql::{one, run},
};
use testkit::on_both_databases;
use tokio::sync::oneshot;

use crate::scene::{Answer, Holder, entry, leaves, make_notes, note, notes, spawn_note, until_waiting};

#[derive(Debug)]
enum Failure {
    Mine,
    Store,
}

impl From<StoreError> for Failure {
    fn from(_: StoreError) -> Self {
        Self::Store
    }
}

/// All that the head says, as the use case sees it.
async fn state(tx: &mut Tx) -> Result<(LogHead, i64, i64), StoreError> {
    let head = log::head(tx).await?;
    let number = tx.take_request_number()?;
    Ok((head, number, tx.directory_version()))
}

on_both_databases! {
    /// I19, I45.
    async fn a_failing_use_case_is_undone_alone_with_its_leaf(db: TestStore) {
        make_notes(&db).await;
        let holder = Holder::enter(&db.writer, 1).await;
        let (saw, seen) = oneshot::channel();
        let failing = tokio::spawn({
            let writer = db.writer.clone();
            async move {
                let failed = writer.write("fail", async |tx| {
                    let before = state(tx).await?;
                    note(tx, 2).await?;
                    tx.touch_directory()?;
                    assert_ne!(log::head(tx).await?, before.0);
                    saw.send(before).unwrap();
                    Err::<Verdict<(), ()>, _>(Failure::Mine)
                });
                failed.await
            }
        });
        until_waiting(&db.writer, 1).await;
        let after = tokio::spawn({
            let writer = db.writer.clone();
            async move { writer.write("look", async |tx| state(tx).await.map(Verdict::<_, ()>::Done)).await }
        });
        until_waiting(&db.writer, 2).await;
        let last = spawn_note(&db.writer, 3);
        until_waiting(&db.writer, 3).await;

        holder.leave().await.unwrap();
        assert!(matches!(failing.await.unwrap(), Err(Failure::Mine)));
        // Whoever came next found everything as the failing one had found it.
        assert_eq!(after.await.unwrap().unwrap(), Verdict::Done(seen.await.unwrap()));
        last.await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [1, 3]);
        assert_eq!(leaves(&db.reader).await, 2);
        assert_eq!(db.writer.counts().undone, 1);
    }

    async fn a_first_use_case_that_fails_takes_nobody_with_it(db: TestStore) {
        make_notes(&db).await;
        let (go, gone) = oneshot::channel();
        let (entered, inside) = oneshot::channel();
        let first = tokio::spawn({
            let writer = db.writer.clone();
            async move {
                let failed = writer.write("fail", async |tx| {
                    note(tx, 1).await?;
                    entered.send(()).unwrap();
                    gone.await.unwrap();
                    Err::<Verdict<(), ()>, _>(Failure::Mine)
                });
                failed.await
            }
        });
        inside.await.unwrap();
        let next = spawn_note(&db.writer, 2);
        until_waiting(&db.writer, 1).await;
        go.send(()).unwrap();
        assert!(matches!(first.await.unwrap(), Err(Failure::Mine)));
        next.await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [2]);
        assert_eq!(leaves(&db.reader).await, 1);
    }

    async fn a_failed_statement_spoils_only_its_own_use_case(db: TestStore) {
        make_notes(&db).await;
        let holder = Holder::enter(&db.writer, 1).await;
        let twin = spawn_note(&db.writer, 1);
        until_waiting(&db.writer, 1).await;
        let last = spawn_note(&db.writer, 2);
        until_waiting(&db.writer, 2).await;
        holder.leave().await.unwrap();
        assert!(matches!(twin.await.unwrap(), Err(StoreError::Database(_))));
        last.await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [1, 2]);
        assert_eq!(leaves(&db.reader).await, 2);
    }

    /// PostgreSQL ignores all that follows a failed statement, SQLite does not: here neither keeps it.
    async fn nobody_goes_on_after_a_failed_statement(db: TestStore) {
        make_notes(&db).await;
        let answer: Answer = db.writer.write("go on", async |tx| {
            note(tx, 1).await?;
            let _ = run!(tx, "insert into note (id) values (1)");
            Ok(Verdict::Done(1))
        }).await;
        assert!(matches!(answer, Err(StoreError::WentOn)));
        spawn_note(&db.writer, 2).await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [2]);
    }

    async fn a_caller_that_vanishes_leaves_nothing_and_blocks_nobody(db: TestStore) {
        make_notes(&db).await;
        // Alone, and then in the middle of a group.
        Holder::enter(&db.writer, 1).await.vanish().await;
        let holder = Holder::enter(&db.writer, 2).await;
        let vanishing = tokio::spawn({
            let writer = db.writer.clone();
            async move { Holder::enter(&writer, 3).await }
        });
        until_waiting(&db.writer, 1).await;
        let last = spawn_note(&db.writer, 4);
        until_waiting(&db.writer, 2).await;
        let first = holder.go();
        vanishing.await.unwrap().vanish().await;
        first.await.unwrap().unwrap();
        last.await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [2, 4]);
        assert_eq!(leaves(&db.reader).await, 2);
    }

    async fn the_last_in_line_vanishes_and_the_group_is_committed_all_the_same(db: TestStore) {
        make_notes(&db).await;
        let holder = Holder::enter(&db.writer, 1).await;
        let vanishing = tokio::spawn({
            let writer = db.writer.clone();
            async move { Holder::enter(&writer, 2).await }
        });
        until_waiting(&db.writer, 1).await;
        let first = holder.go();
        vanishing.await.unwrap().vanish().await;
        assert_eq!(first.await.unwrap().unwrap(), Verdict::Done(1));
        assert_eq!(notes(&db.reader).await, [1]);
        assert_eq!(leaves(&db.reader).await, 1);
    }

    async fn whoever_leaves_the_line_is_passed_over(db: TestStore) {
        make_notes(&db).await;
        let holder = Holder::enter(&db.writer, 1).await;
        let leaving = spawn_note(&db.writer, 2);
        until_waiting(&db.writer, 1).await;
        let last = spawn_note(&db.writer, 3);
        until_waiting(&db.writer, 2).await;
        leaving.abort();
        assert!(leaving.await.unwrap_err().is_cancelled());
        holder.leave().await.unwrap();
        last.await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [1, 3]);
    }

    async fn whoever_vanishes_after_the_verdict_is_kept(db: TestStore) {
        make_notes(&db).await;
        let holder = Holder::enter(&db.writer, 1).await;
        let second = tokio::spawn({
            let writer = db.writer.clone();
            async move { Holder::enter(&writer, 2).await }
        });
        until_waiting(&db.writer, 1).await;
        let first = holder.go();
        let second = second.await.unwrap();
        // The first has given its verdict, for the second is inside; the group is not committed yet.
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        second.leave().await.unwrap();
        assert_eq!(notes(&db.reader).await, [1, 2]);
        assert_eq!(leaves(&db.reader).await, 2);
    }

    async fn a_caller_may_vanish_while_a_statement_runs(db: TestStore) {
        make_notes(&db).await;
        for id in 1..=10 {
            let is_running = AtomicBool::new(false);
            let mut writing = Box::pin(db.writer.write("slow", async |tx| {
                note(tx, id).await?;
                is_running.store(true, SeqCst);
                let row: Option<(i64,)> = one!(
                    tx,
                    "with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
                     select count(*) from n where i > $1",
                    id
                )?;
                row.unwrap();
                Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
            }));
            while !is_running.load(SeqCst) {
                tokio::select! {
                    biased;
                    _ = &mut writing => panic!("the statement is to be slow"),
                    () = tokio::task::yield_now() => {}
                }
            }
            drop(writing);
            spawn_note(&db.writer, 100 + id).await.unwrap().unwrap();
        }
        assert_eq!(notes(&db.reader).await, Vec::from_iter(101..=110));
        assert_eq!(leaves(&db.reader).await, 10);
    }

    async fn a_panic_undoes_its_use_case_and_spoils_nothing(db: TestStore) {
        make_notes(&db).await;
        let panicking = tokio::spawn({
            let writer = db.writer.clone();
            async move {
                let never = writer.write("panic", async |tx| {
                    note(tx, 1).await?;
                    assert!(tx.now() == domain::Time::default(), "this panic belongs to the test");
                    Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
                });
                never.await
            }
        });
        assert!(panicking.await.unwrap_err().is_panic());
        spawn_note(&db.writer, 2).await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [2]);
        assert_eq!(leaves(&db.reader).await, 1);
    }

    async fn a_caller_that_is_never_polled_again_is_only_late(db: TestStore) {
        make_notes(&db).await;
        let mut writing = pin!(db.writer.write("late", async |tx| {
            tokio::task::yield_now().await;
            tx.append(entry("note.late")).await?;
            Ok::<_, StoreError>(Verdict::<_, ()>::Done(7))
        }));
        tokio::select! {
            biased;
            _ = &mut writing => panic!("it cannot be answered at once"),
            () = tokio::task::yield_now() => {}
        }
        let next = spawn_note(&db.writer, 1);
        until_waiting(&db.writer, 1).await;
        assert_eq!(writing.await.unwrap(), Verdict::Done(7));
        next.await.unwrap().unwrap();
    }
}
