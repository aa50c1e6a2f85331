//! Effective now.

use domain::{Span, Time};
use store::{Clock as _, Database, Reader, Settings, StoreError, SystemClock, Verdict, Writer, log};
use testkit::on_both_databases;

use crate::scene::{Holder, entry, leaves, make_notes, until_waiting};

async fn written(writer: &Writer) -> Time {
    let written = writer.write("look", async |tx| {
        tx.append(entry("looked")).await?;
        Ok::<_, StoreError>(Verdict::<_, ()>::Done(tx.now()))
    });
    let Verdict::Done(now) = written.await.unwrap() else { panic!("nothing is refused here") };
    now
}

async fn read(reader: &Reader) -> Time {
    reader.read(async |tx| Ok::<_, StoreError>(tx.now())).await.unwrap()
}

on_both_databases! {
    /// I37, F20.
    async fn a_clock_that_goes_back_does_not_take_now_with_it(db: TestStore) {
        let start = db.clock.now();
        assert_eq!(written(&db.writer).await, start);
        let later = start.plus(Span::from_hours(2));
        db.clock.set(later);
        assert_eq!(written(&db.writer).await, later);
        db.clock.set(start);
        assert_eq!((written(&db.writer).await, read(&db.reader).await), (later, later));
        db.clock.set(Time::from_micros(later.micros() - 1));
        assert_eq!((written(&db.writer).await, read(&db.reader).await), (later, later));
        db.clock.set(Time::from_micros(later.micros() + 1));
        let last = Time::from_micros(later.micros() + 1);
        assert_eq!((written(&db.writer).await, read(&db.reader).await), (last, last));

        // The leaves hold both what the clock said and what counted.
        let events = db.reader.read(async |tx| log::list(tx, &log::Filter::default(), log::Start::OLDEST, 9).await);
        let events = events.await.unwrap();
        assert_eq!((events[2].at(), events[2].effective_at()), (start, later));
        assert!(events.is_sorted_by_key(log::Event::effective_at));
        assert_eq!(leaves(&db.reader).await, 5);
    }

    /// I37: not even across a restart.
    async fn now_survives_a_restart(db: TestStore) {
        db.clock.advance(Span::from_days(7));
        let before = written(&db.writer).await;
        let settings = db.settings("node-1");
        drop(db.reader);
        db.database.close().await;
        db.clock.set(Time::from_micros(0));
        let again = Database::open(&db.location, settings).await.unwrap();
        assert_eq!((read(&again.reader()).await, written(&again.writer()).await), (before, before));
    }

    async fn a_whole_group_has_one_now(db: TestStore) {
        make_notes(&db).await;
        let start = db.clock.now();
        let holder = Holder::enter(&db.writer, 1).await;
        let second = tokio::spawn({
            let writer = db.writer.clone();
            async move { written(&writer).await }
        });
        until_waiting(&db.writer, 1).await;
        db.clock.advance(Span::from_hours(1));
        holder.leave().await.unwrap();
        assert_eq!(second.await.unwrap(), start);
        assert_eq!(written(&db.writer).await, start.plus(Span::from_hours(1)));
    }

    async fn without_a_clock_of_its_own_the_store_asks_database_or_machine(db: TestStore) {
        drop(db.reader);
        db.database.close().await;
        let plain = Database::open(&db.location, Settings::default()).await.unwrap();
        let early = SystemClock.now();
        let times = [written(&plain.writer()).await, read(&plain.reader()).await, written(&plain.writer()).await];
        let late = SystemClock.now();
        assert!(times.is_sorted());
        assert!(early <= times[0] && times[2] <= late, "the test's PostgreSQL server runs on this machine");
    }
}
