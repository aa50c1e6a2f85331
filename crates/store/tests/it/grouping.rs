//! Commits are grouped.

use store::{StoreError, Verdict, sql::run};
use testkit::on_both_databases;

on_both_databases! {
    async fn first(db: TestStore) {
        let writer = db.writer.clone();
        let name = String::from("x");
        let done = tokio::spawn(async move {
            let name = &name;
            writer.write("test", async |tx| {
                run!(tx, "update head set epoch = epoch + 1 where frontier <> $1", name.as_str())?;
                let n: Vec<i64> = vec![1];
                run!(tx, "update head set epoch = epoch + 1 where epoch <> $1", n[0])?;
                Ok::<_, StoreError>(Verdict::<_, ()>::Done(name.len()))
            }).await
        });
        assert_eq!(done.await.unwrap().unwrap(), Verdict::Done(1));
    }
}
