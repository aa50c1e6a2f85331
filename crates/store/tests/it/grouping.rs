//! Use cases that wait together are committed together, and answered only then.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use store::{Database, StoreError, Verdict, sql::run, writer::GROUP_MAX};
use testkit::on_both_databases;

use crate::scene::{Holder, entry, leaves, make_notes, note, notes, spawn_note, until_waiting};

on_both_databases! {
    /// I17, I19.
    async fn everybody_in_line_shares_one_durable_commit(db: TestStore) {
        make_notes(&db).await;
        let before = db.writer.counts();
        let holder = Holder::enter(&db.writer, 0).await;
        let waiting: Vec<_> = (1..=20).map(|id| spawn_note(&db.writer, id)).collect();
        until_waiting(&db.writer, 20).await;
        assert_eq!(holder.leave().await.unwrap(), Verdict::Done(0));
        for (task, id) in waiting.into_iter().zip(1..) {
            assert_eq!(task.await.unwrap().unwrap(), Verdict::Done(id));
        }
        let after = db.writer.counts();
        assert_eq!((after.commits - before.commits, after.kept - before.kept), (1, 21));

        // What was answered is there for whoever opens the database next.
        let settings = db.settings("node-2");
        drop(db.reader);
        db.database.close().await;
        let again = Database::open(&db.location, settings).await.unwrap();
        assert_eq!(notes(&again.reader()).await, Vec::from_iter(0..=20));
        assert_eq!(leaves(&again.reader()).await, 21);
    }

    async fn a_group_has_an_end_even_when_the_line_has_none(db: TestStore) {
        make_notes(&db).await;
        let before = db.writer.counts();
        let holder = Holder::enter(&db.writer, 0).await;
        let waiting: Vec<_> = (1..=100).map(|id| spawn_note(&db.writer, id)).collect();
        until_waiting(&db.writer, 100).await;
        holder.leave().await.unwrap();
        for task in waiting {
            task.await.unwrap().unwrap();
        }
        let commits = db.writer.counts().commits - before.commits;
        assert_eq!(commits, 101_u64.div_ceil(GROUP_MAX as u64));
    }

    async fn nobody_is_answered_before_the_commit(db: TestStore) {
        make_notes(&db).await;
        let holder = Holder::enter(&db.writer, 0).await;
        let first = spawn_note(&db.writer, 1);
        until_waiting(&db.writer, 1).await;
        let second = tokio::spawn({
            let writer = db.writer.clone();
            async move { Holder::enter(&writer, 2).await }
        });
        until_waiting(&db.writer, 2).await;
        let held = holder.go();
        let second = second.await.unwrap();
        // The first two have come to their verdicts: the third is inside. Still nothing is committed, so nobody is told.
        assert!(!held.is_finished() && !first.is_finished());
        assert_eq!(notes(&db.reader).await, Vec::<i64>::new());
        second.leave().await.unwrap();
        held.await.unwrap().unwrap();
        first.await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [0, 1, 2]);
    }

    async fn a_refusal_keeps_its_leaf(db: TestStore) {
        make_notes(&db).await;
        let refused = db.writer.write("refuse", async |tx| {
            tx.append(entry("note.refused")).await?;
            Ok::<_, StoreError>(Verdict::<(), _>::Refused("no"))
        });
        assert_eq!(refused.await.unwrap(), Verdict::Refused("no"));
        assert_eq!(leaves(&db.reader).await, 1);
        assert_eq!(notes(&db.reader).await, Vec::<i64>::new());
    }

    async fn what_changes_nothing_costs_no_commit(db: TestStore) {
        make_notes(&db).await;
        let head = db.reader.read(async |tx| store::log::head(tx).await).await.unwrap();
        db.clock.advance(domain::Span::from_hours(1));
        let looked = db.writer.write("look", async |tx| {
            assert_eq!(store::log::head(tx).await?, head);
            Ok::<_, StoreError>(Verdict::<_, ()>::Done(()))
        });
        looked.await.unwrap();
        let kept = db.reader.read(async |tx| {
            store::sql::one!(tx, (i64, i64), "select high_water, size from head where id = 1")
        });
        let (high_water, _) = kept.await.unwrap().unwrap();
        let now = db.reader.read(async |tx| Ok::<_, StoreError>(tx.now())).await.unwrap();
        assert!(high_water < now.micros());
    }

    /// A commit can fail although each use case went well; then none of it may be believed.
    async fn a_failed_commit_fails_everybody_in_the_group(db: TestStore) {
        make_notes(&db).await;
        let made = db.writer.write("orphans.make", async |tx| {
            run!(
                tx,
                "create table orphan (
                    note bigint not null references note (id) deferrable initially deferred)"
            )?;
            Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
        });
        made.await.unwrap();
        let holder = Holder::enter(&db.writer, 1).await;
        let orphan = tokio::spawn({
            let writer = db.writer.clone();
            async move {
                let written = writer.write("orphan", async |tx| {
                    run!(tx, "insert into orphan (note) values (99)")?;
                    Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
                });
                written.await
            }
        });
        until_waiting(&db.writer, 1).await;
        let bystander = spawn_note(&db.writer, 2);
        until_waiting(&db.writer, 2).await;
        assert!(matches!(holder.leave().await, Err(StoreError::Commit(_))));
        assert!(matches!(orphan.await.unwrap(), Err(StoreError::Commit(_))));
        assert!(matches!(bystander.await.unwrap(), Err(StoreError::Commit(_))));
        assert_eq!(db.writer.counts().failures, 1);
        // The next group begins on a fresh connection and knows nothing of it.
        spawn_note(&db.writer, 3).await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [3]);
        assert_eq!(leaves(&db.reader).await, 1);
    }

    async fn closing_lets_the_group_end_and_turns_the_rest_away(db: TestStore) {
        make_notes(&db).await;
        let holder = Holder::enter(&db.writer, 1).await;
        let writer = db.writer.clone();
        let closing = tokio::spawn(db.database.close());
        until_waiting(&writer, 1).await;
        let late = spawn_note(&writer, 2);
        until_waiting(&writer, 2).await;
        holder.leave().await.unwrap();
        assert!(matches!(late.await.unwrap(), Err(StoreError::Stopped)));
        closing.await.unwrap();
        let later = writer.write("late", async |tx| note(tx, 3).await).await;
        assert!(matches!(later, Err(StoreError::Stopped)));
    }

    async fn a_use_case_may_borrow_what_its_caller_has(db: TestStore) {
        make_notes(&db).await;
        let ids = vec![4_i64, 5];
        let was_inside = AtomicBool::new(false);
        let answer = db.writer.write("borrow", async |tx| {
            for id in &ids {
                note(tx, *id).await?;
            }
            was_inside.store(true, SeqCst);
            Ok::<_, StoreError>(Verdict::<_, ()>::Done(ids.len()))
        });
        assert_eq!(answer.await.unwrap(), Verdict::Done(2));
        assert!(was_inside.load(SeqCst));
    }

    async fn a_use_case_that_borrows_can_run_in_a_task(db: TestStore) {
        make_notes(&db).await;
        let (writer, names) = (db.writer.clone(), Arc::new(vec!["six".to_owned()]));
        let task = tokio::spawn(async move {
            let first = names.first().map(String::as_str);
            let answer = writer.write("task", async |tx| {
                let length = first.map_or(0, str::len);
                note(tx, i64::try_from(length).unwrap()).await
            });
            answer.await
        });
        assert_eq!(task.await.unwrap().unwrap(), Verdict::Done(3));
    }
}
