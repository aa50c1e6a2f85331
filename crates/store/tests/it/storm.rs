//! Sixty-four callers at once, of whom some are refused, some fail and some vanish.

use std::collections::BTreeSet;

use domain::Span;
use store::{
    StoreError, Verdict,
    log::{self, Filter, Start},
    sql::run,
};
use testkit::{TestStore, on_both_databases};
use tokio::task::JoinHandle;

use crate::scene::{Answer, entry, make_notes, note, notes};

/// What the caller of a note does; the same seed gives the same storm.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Done,
    Twice,
    Refused,
    Fails,
    Breaks,
    Vanishes,
}

fn fate(seed: u64, id: i64) -> Fate {
    use Fate::{Breaks, Done, Fails, Refused, Twice, Vanishes};
    let mixed =
        (seed ^ id.unsigned_abs()).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_right(29).wrapping_mul(0xbf58_476d);
    [Done, Twice, Done, Refused, Done, Fails, Breaks, Vanishes][(mixed >> 40) as usize % 8]
}

fn spawn(db: &TestStore, id: i64, fate: Fate) -> JoinHandle<Answer> {
    let (writer, clock) = (db.writer.clone(), db.clock.clone());
    tokio::spawn(async move {
        let written = writer.write("storm", async |tx| {
            let answer = note(tx, id).await?;
            clock.advance(Span::from_seconds(1));
            match fate {
                Fate::Done => Ok(answer),
                Fate::Twice => {
                    tx.append(entry("note.again")).await?;
                    Ok(answer)
                }
                Fate::Refused => Ok(Verdict::Refused("no")),
                Fate::Fails => Err(StoreError::Stale),
                Fate::Breaks => {
                    run!(tx, "insert into note (id) values ($1)", id)?;
                    Ok(answer)
                }
                Fate::Vanishes => std::future::pending().await,
            }
        });
        if matches!(fate, Fate::Vanishes) {
            tokio::select! {
                biased;
                answer = written => answer,
                () = patience() => Err(StoreError::Stopped),
            }
        } else {
            written.await
        }
    })
}

/// Some turns of the runtime, so that callers vanish in line, in their turn and within a statement.
async fn patience() {
    for _ in 0..500 {
        tokio::task::yield_now().await;
    }
}

on_both_databases! {
    /// I19, I40, I43, I45.
    async fn a_storm_leaves_exactly_what_was_answered(db: TestStore) {
        make_notes(&db).await;
        let mut kept = BTreeSet::new();
        let mut written = 0;
        for round in 0..12_i64 {
            let tasks: Vec<_> = (round * 64..(round + 1) * 64)
                .map(|id| (id, fate(20_260_105, id)))
                .map(|(id, fate)| (id, fate, spawn(&db, id, fate)))
                .collect();
            for (id, fate, task) in tasks {
                match (fate, task.await.unwrap()) {
                    (Fate::Done, Ok(Verdict::Done(_))) | (Fate::Refused, Ok(Verdict::Refused(_))) => written += 1,
                    (Fate::Twice, Ok(Verdict::Done(_))) => written += 2,
                    (Fate::Fails, Err(StoreError::Stale))
                    | (Fate::Breaks, Err(StoreError::Database(_)))
                    | (Fate::Vanishes, Err(StoreError::Stopped)) => continue,
                    (_, answer) => panic!("note {id}, which {fate:?}, came to {answer:?}"),
                }
                kept.insert(id);
            }
        }
        assert_eq!(notes(&db.reader).await, Vec::from_iter(kept.iter().copied()));
        let counts = db.writer.counts();
        // The table itself was a use case too.
        assert_eq!((counts.kept, counts.failures), (kept.len() as u64 + 1, 0));
        assert!(counts.commits < counts.kept / 2, "{counts:?}");

        let report = log::verify(&db.reader).await.unwrap().unwrap();
        assert_eq!(report.size, written);
        let read = db.reader.read(async |tx| {
            let events = log::list(tx, &Filter::default(), Start::OLDEST, 10_000).await?;
            Ok::<_, StoreError>((events, log::head(tx).await?))
        });
        let (events, head) = read.await.unwrap();
        assert!(events.iter().map(|event| event.index).eq(0..i64::try_from(written).unwrap()));
        assert!(events.is_sorted_by_key(log::Event::effective_at));
        let mut frontier = audit::tree::Frontier::new();
        for event in &events {
            frontier.push(event.leaf.parse().unwrap());
        }
        assert_eq!(head.frontier, frontier);
    }
}
