//! What only a server can do to us: several nodes, sessions that end, clocks that differ.

use std::sync::Arc;

use domain::Span;
use store::{
    Clock as _, Database, Settings, StoreError, Tx, Verdict,
    log::{self, Filter, Start},
    sql::{one, run},
};
use testkit::{FakeClock, database::on_postgres};

use crate::scene::{Answer, Holder, leaves, make_notes, note, notes, spawn_note, until_waiting};

/// I40: one gapless log, whoever writes it.
#[test]
fn two_nodes_alternate_and_write_one_log() {
    on_postgres(async |db| {
        make_notes(&db).await;
        let other = Database::open(&db.location, db.settings("node-2")).await.unwrap();
        let others = other.writer();
        let tasks: Vec<_> = (0..100).map(|id| spawn_note(if id % 2 == 0 { &db.writer } else { &others }, id)).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(notes(&other.reader()).await, Vec::from_iter(0..100));
        assert_eq!(leaves(&db.reader).await, 100);
        let events = db.reader.read(async |tx| log::list(tx, &Filter::default(), Start::OLDEST, 200).await);
        let nodes = events.await.unwrap().into_iter().map(|event| audit::leaf::decode(&event.header).unwrap().node);
        let (one, two): (Vec<_>, Vec<_>) = nodes.partition(|node| node == "node-1");
        assert_eq!((one.len(), two.len()), (50, 50));
        other.close().await;
    });
}

/// I37, I39: a node whose clock is behind goes by what another has written.
#[test]
fn now_is_shared_by_all_nodes() {
    on_postgres(async |db| {
        make_notes(&db).await;
        let behind = FakeClock::default();
        let settings = Settings { clock: Some(Arc::new(behind.clone())), ..db.settings("node-2") };
        let other = Database::open(&db.location, settings).await.unwrap();
        let others = other.writer();
        db.clock.advance(Span::from_hours(5));
        spawn_note(&db.writer, 1).await.unwrap().unwrap();
        assert!(behind.now() < db.clock.now());
        let answer = others.write("look", async |tx| Ok::<_, StoreError>(Verdict::<_, ()>::Done(tx.now())));
        assert_eq!(answer.await.unwrap(), Verdict::Done(db.clock.now()));
        let aside = others.write_aside("look", async |tx| Ok::<_, StoreError>(tx.now()));
        assert_eq!(aside.await.unwrap(), db.clock.now());
        other.close().await;
    });
}

/// F15.
#[test]
fn a_lost_connection_fails_its_group_and_nothing_after_it() {
    on_postgres(async |db| {
        make_notes(&db).await;
        let holder = Holder::enter(&db.writer, 1).await;
        let cutting = tokio::spawn({
            let writer = db.writer.clone();
            async move {
                let cut = writer.write("cut", async |tx| {
                    note(tx, 2).await?;
                    one!(tx, (bool,), "select pg_terminate_backend(pg_backend_pid())")?;
                    Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
                });
                cut.await
            }
        });
        until_waiting(&db.writer, 1).await;
        let last = spawn_note(&db.writer, 3);
        until_waiting(&db.writer, 2).await;
        assert!(matches!(holder.leave().await, Err(StoreError::Commit(_))));
        assert!(matches!(cutting.await.unwrap(), Err(StoreError::Connection(_))));
        last.await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [3]);
        assert_eq!(leaves(&db.reader).await, 1);
    });
}

#[test]
fn connections_that_the_server_ended_while_idle_are_replaced() {
    on_postgres(async |db| {
        make_notes(&db).await;
        let pid = async |tx: &mut Tx| Ok::<_, StoreError>(one!(tx, (i32,), "select pg_backend_pid()")?.unwrap().0);
        let writing = async || {
            let Verdict::Done(pid) =
                db.writer.write("pid", async |tx| pid(tx).await.map(Verdict::<_, i32>::Done)).await.unwrap()
            else {
                panic!("nothing is refused here")
            };
            pid
        };
        let aside = async || db.writer.write_aside("pid", pid).await.unwrap();
        let reading = async || db.reader.read(pid).await.unwrap();

        let before = [writing().await, aside().await, reading().await];
        assert_eq!([writing().await, aside().await, reading().await], before, "idle connections are used again");
        let other = Database::open(&db.location, db.settings("node-2")).await.unwrap();
        let others = other.writer();
        for pid in before {
            let ended = others.write_aside("end", async |tx| {
                let gone = "select pg_terminate_backend($1, 10000)";
                Ok::<_, StoreError>(one!(tx, (bool,), gone, pid)?)
            });
            assert_eq!(ended.await.unwrap(), Some((true,)));
        }
        let after = [writing().await, aside().await, reading().await];
        assert!(after.iter().all(|pid| !before.contains(pid)));
        assert_eq!(db.writer.counts().failures, 0);
        other.close().await;
    });
}

#[test]
fn a_use_case_whose_statement_outlives_its_patience_fails_alone() {
    on_postgres(async |db| {
        make_notes(&db).await;
        let holder = Holder::enter(&db.writer, 1).await;
        let writer = db.writer.clone();
        let impatient = tokio::spawn(async move {
            let answer: Answer = writer
                .write("impatient", async |tx| {
                    run!(tx, "set local statement_timeout = 1")?;
                    one!(tx, (i64,), "select count(*) from generate_series(1, 100000000)")?;
                    Ok(Verdict::Done(0))
                })
                .await;
            answer
        });
        until_waiting(&db.writer, 1).await;
        let last = spawn_note(&db.writer, 2);
        until_waiting(&db.writer, 2).await;
        holder.leave().await.unwrap();
        assert!(matches!(impatient.await.unwrap(), Err(StoreError::Database(_))));
        last.await.unwrap().unwrap();
        assert_eq!(notes(&db.reader).await, [1, 2]);
    });
}
