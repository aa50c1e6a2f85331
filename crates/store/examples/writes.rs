//! How many durable writes a second: `cargo run -p store --example writes [FOLDER | postgres://…]`.
//!
//! One write is a use case as the product has them: a row read, a row changed, a leaf appended.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement for whoever works on the store"
)]

use std::time::{Duration, Instant};

use audit::leaf::Actor;
use serde_json::json;
use store::{
    Database, Location, Settings, StoreError, Verdict, Writer,
    log::Entry,
    sql::{one, run},
};

const PERIOD: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() {
    let scratch = tempfile::tempdir().unwrap();
    let location = match std::env::args().nth(1) {
        Some(url) if url.starts_with("postgres:") => Location::Server(url),
        Some(folder) => Location::Folder(folder.into()),
        None => Location::Folder(scratch.path().to_owned()),
    };
    let database = Database::create(&location, Settings::default()).await.unwrap();
    for writers in [1, 8, 64] {
        let before = database.writer().counts();
        let start = Instant::now();
        let tasks: Vec<_> = (0..writers).map(|_| tokio::spawn(keep_writing(database.writer(), start))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let (after, seconds) = (database.writer().counts(), start.elapsed().as_secs_f64());
        let (kept, commits) = (after.kept - before.kept, after.commits - before.commits);
        println!(
            "{writers:>2} writers: {:>6.0} writes/s, {:.1} per commit",
            kept as f64 / seconds,
            kept as f64 / commits as f64
        );
    }
    database.close().await;
}

async fn keep_writing(writer: Writer, start: Instant) {
    while start.elapsed() < PERIOD {
        let written = writer.write("example.write", async |tx| {
            let row: Option<(i64,)> = one!(tx, "select epoch from head where id = $1", 1_i64)?;
            run!(tx, "update head set epoch = $1 where id = 1", row.map_or(1, |(epoch,)| epoch))?;
            tx.append(entry()).await?;
            Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
        });
        written.await.unwrap();
    }
}

fn entry() -> Entry {
    Entry {
        kind: "example.written",
        actor: Actor { person: None, issuer: None, subject: None, door: "system".to_owned(), token: None },
        subject: Some("usr_01k00000000000000000000000".to_owned()),
        request: Some("req_01k00000000000000000000000".to_owned()),
        revision: Some(1),
        entitlement: None,
        resources: Vec::new(),
        correlation: store::fresh("cor"),
        body: json!({ "before": { "state": "pending" }, "after": { "state": "approved" } }),
        texts: Vec::new(),
    }
}
