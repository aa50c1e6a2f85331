//! What the tests are played with: a table of notes, a leaf for each, and somebody who keeps the writer.

use audit::leaf::Actor;
use serde_json::json;
use store::{
    Reader, StoreError, Tx, Verdict, Writer,
    log::{self, Entry},
    sql::{all, run},
};
use testkit::TestStore;
use tokio::{sync::oneshot, task::JoinHandle};

pub(crate) type Answer = Result<Verdict<i64, &'static str>, StoreError>;

/// Makes a table that only these tests know.
pub(crate) async fn make_notes(db: &TestStore) {
    let made = db.writer.write("notes.make", async |tx| {
        run!(tx, "create table note (id bigint not null primary key)")?;
        Ok(Verdict::<(), ()>::Done(()))
    });
    made.await.map_err(|error: StoreError| error).unwrap();
}

/// A use case like any other: a row and its leaf.
pub(crate) async fn note(tx: &mut Tx, id: i64) -> Answer {
    run!(tx, "insert into note (id) values ($1)", id)?;
    tx.append(entry("note.made")).await?;
    Ok(Verdict::Done(id))
}

/// The same in a task of its own.
pub(crate) fn spawn_note(writer: &Writer, id: i64) -> JoinHandle<Answer> {
    let writer = writer.clone();
    tokio::spawn(async move { writer.write("note", async |tx| note(tx, id).await).await })
}

/// The notes that are there.
pub(crate) async fn notes(reader: &Reader) -> Vec<i64> {
    let rows: Result<Vec<(i64,)>, StoreError> =
        reader.read(async |tx| all!(tx, "select id from note order by id")).await;
    rows.unwrap().into_iter().map(|(id,)| id).collect()
}

/// The number of leaves of a log that verifies.
pub(crate) async fn leaves(reader: &Reader) -> u64 {
    log::verify(reader).await.unwrap().unwrap().size
}

/// An event without particulars.
pub(crate) fn entry(kind: &'static str) -> Entry {
    Entry {
        kind,
        actor: Actor { person: None, issuer: None, subject: None, door: "system".to_owned(), token: None },
        subject: None,
        request: None,
        revision: None,
        entitlement: None,
        resources: Vec::new(),
        correlation: store::fresh("cor"),
        body: json!({}),
        texts: Vec::new(),
    }
}

/// Somebody whose use case lasts until it is let go.
pub(crate) struct Holder {
    go: oneshot::Sender<()>,
    task: JoinHandle<Answer>,
}

impl Holder {
    /// Makes note `id` and keeps the writer.
    pub(crate) async fn enter(writer: &Writer, id: i64) -> Self {
        let (go, gone) = oneshot::channel();
        let (entered, inside) = oneshot::channel();
        let writer = writer.clone();
        let task = tokio::spawn(async move {
            let kept = writer.write("hold", async |tx| {
                let answer = note(tx, id).await;
                entered.send(()).unwrap();
                gone.await.unwrap();
                answer
            });
            kept.await
        });
        inside.await.unwrap();
        Self { go, task }
    }

    /// Lets the use case come to its end.
    pub(crate) async fn leave(self) -> Answer {
        self.go.send(()).unwrap();
        self.task.await.unwrap()
    }

    /// Drops the caller within its use case.
    pub(crate) async fn vanish(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }

    /// Lets it go without waiting for the answer.
    pub(crate) fn go(self) -> JoinHandle<Answer> {
        self.go.send(()).unwrap();
        self.task
    }
}

/// Waits until so many stand in line.
pub(crate) async fn until_waiting(writer: &Writer, count: usize) {
    while writer.waiting() != count {
        tokio::task::yield_now().await;
    }
}
