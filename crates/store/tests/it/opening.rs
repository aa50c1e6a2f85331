//! What is opened, and what is refused in one clear line.

use store::{Database, Location, Settings, StoreError, Verdict, lock::Lock, sql::run};
use testkit::{TestStore, on_both_databases};

async fn refused(location: &Location) -> String {
    Database::open(location, Settings::default()).await.unwrap_err().to_string()
}

/// Changes what the database says about its schema, and closes it.
async fn pretend(db: TestStore, sql: &'static str) -> Location {
    let pretended = db.writer.write("pretend", async |tx| {
        run!(tx, sql, Vec::<u8>::new())?;
        Ok::<_, StoreError>(Verdict::<(), ()>::Done(()))
    });
    pretended.await.unwrap();
    drop(db.reader);
    db.database.close().await;
    db.location
}

on_both_databases! {
    async fn what_was_made_by_a_newer_release_is_refused(db: TestStore) {
        let location = pretend(
            db,
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (9999, 'later', true, $1, 0)",
        )
        .await;
        let error = refused(&location).await;
        assert!(error.contains("schema 9999") && error.ends_with("use a newer release"), "{error}");
        let error = Database::create(&location, Settings::default()).await.unwrap_err();
        assert!(matches!(error, StoreError::NewerSchema { found: 9999, .. }));
    }

    async fn what_was_made_by_an_older_release_is_migrated_first(db: TestStore) {
        let location = pretend(
            db,
            "delete from _sqlx_migrations where version > 1 and checksum <> $1",
        )
        .await;
        let error = refused(&location).await;
        assert!(error.contains("schema 1 ") && error.ends_with("run `keyfob migrate`"), "{error}");
    }

    async fn migrating_twice_changes_nothing(db: TestStore) {
        drop(db.reader);
        db.database.close().await;
        Database::create(&db.location, Settings::default()).await.unwrap().close().await;
        Database::open(&db.location, Settings::default()).await.unwrap().close().await;
    }
}

#[tokio::test]
async fn a_folder_has_one_owner() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Folder(folder.path().to_owned());
    let first = Database::create(&location, Settings::default()).await.unwrap();
    let second = Database::create(&location, Settings::default()).await.unwrap_err();
    assert!(matches!(second, StoreError::Locked { .. }));
    let place = folder.path().display();
    assert_eq!(
        second.to_string(),
        format!("the data folder {place} is in use by another keyfob process, stop that one first")
    );
    assert!(matches!(Lock::take(folder.path(), false), Err(StoreError::Locked { .. })));
    first.close().await;
    let third = Database::open(&location, Settings::default()).await.unwrap();
    // Whoever still holds the writer still owns the folder.
    let writer = third.writer();
    drop(third);
    assert!(matches!(Lock::take(folder.path(), false), Err(StoreError::Locked { .. })));
    drop(writer);
}

#[tokio::test]
async fn a_folder_without_a_database_is_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("data");
    for there in [false, true] {
        if there {
            std::fs::create_dir(&inner).unwrap();
        }
        let error = refused(&Location::Folder(inner.clone())).await;
        assert_eq!(
            error,
            format!("there is no Keyfob database in {}, run `keyfob migrate` to make one", inner.display())
        );
        assert_eq!(inner.exists(), there);
    }
    assert_eq!(std::fs::read_dir(&inner).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("keyfob.db"),
        "not a database, but long enough to be mistaken for one".repeat(99),
    )
    .unwrap();
    let error = refused(&Location::Folder(folder.path().to_owned())).await;
    assert!(error.starts_with("the database in /") && !error.contains('\n'), "{error}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_refused_in_one_line() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let location = Location::Folder(file.path().join("data"));
    let error = Database::create(&location, Settings::default()).await.unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }));
    assert!(error.to_string().starts_with("the data folder /"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("data");
    Database::create(&Location::Folder(inner.clone()), Settings::default()).await.unwrap().close().await;
    assert_eq!(std::fs::metadata(inner).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_the_password() {
    // Taken and given back, so nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let location = Location::Server(format!("postgres://ann:secret@127.0.0.1:{port}/keyfob"));
    let error = refused(&location).await;
    assert!(
        error.starts_with(&format!("the database in postgres://127.0.0.1:{port}/keyfob cannot be opened")),
        "{error}"
    );
    assert!(!error.contains("secret") && !format!("{location:?}").contains("secret"));
    let error = refused(&Location::Server("mysql://ann:secret@127.0.0.1/keyfob".to_owned())).await;
    assert!(error.contains("postgres://user@host:5432/name") && !error.contains("secret"), "{error}");
}
