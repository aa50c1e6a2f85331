//! Sessions, tokens, sign-in links and kept answers.

use domain::id::{LinkId, SessionId, TokenId};
use domain::time::Span;
use domain::user::User;
use store::session::{self, Link, Replay, Session, Token};
use store::{StoreError, fresh};
use testkit::sample::{MORNING, person};
use testkit::{TestStore, on_both_databases};

use crate::sample::{attempt, hire, read, write};

async fn ann(db: &TestStore) -> User {
    let ann = person("Ann");
    hire(db, &[&ann]).await;
    ann
}

fn begun(user: &User, bits: u128) -> Session {
    Session {
        id: SessionId::from_bits(bits),
        user: user.id.clone(),
        seen_at: MORNING,
        ends_at: MORNING.plus(Span::from_hours(12)),
    }
}

async fn found(db: &TestStore, hash: &str) -> Option<Session> {
    read(db, async |tx| session::find(tx, hash).await).await
}

on_both_databases! {
    async fn a_session_is_found_by_its_secret_until_it_ends(db: TestStore) {
        let ann = ann(&db).await;
        let (one, two) = (begun(&ann, 1), begun(&ann, 2));
        write(&db, async |tx| session::create(tx, &one, "hash-1").await).await;
        write(&db, async |tx| session::create(tx, &two, "hash-2").await).await;
        assert_eq!(found(&db, "hash-1").await.as_ref(), Some(&one));
        assert_eq!(found(&db, "HASH-1").await, None);
        write(&db, async |tx| session::end(tx, &one.id).await).await;
        assert_eq!(found(&db, "hash-1").await, None);
        assert_eq!(found(&db, "hash-2").await, Some(two));
        write(&db, async |tx| session::end(tx, &one.id).await).await;
    }

    async fn a_session_was_last_used_at_its_latest_use(db: TestStore) {
        let ann = ann(&db).await;
        let session = begun(&ann, 1);
        write(&db, async |tx| session::create(tx, &session, "hash").await).await;
        let (earlier, later) = (MORNING.plus(Span::from_hours(1)), MORNING.plus(Span::from_hours(2)));
        for used in [later, earlier] {
            write(&db, async |tx| session::touch(tx, &session.id, used).await).await;
            assert_eq!(found(&db, "hash").await, Some(Session { seen_at: later, ..session.clone() }));
        }
    }

    async fn two_sessions_never_share_a_secret(db: TestStore) {
        let ann = ann(&db).await;
        write(&db, async |tx| session::create(tx, &begun(&ann, 1), "hash").await).await;
        let second = attempt(&db, async |tx| session::create(tx, &begun(&ann, 2), "hash").await).await;
        assert!(matches!(second, Err(StoreError::Database(_))), "{second:?}");
    }

    async fn what_is_over_is_forgotten(db: TestStore) {
        let ann = ann(&db).await;
        let short = begun(&ann, 1);
        let long = Session { ends_at: MORNING.plus(Span::from_days(2)), ..begun(&ann, 2) };
        let replay = Replay { body_hash: "h".to_owned(), status: 201, body: "{}".to_owned() };
        write(&db, async |tx| {
            session::create(tx, &short, "short").await?;
            session::create(tx, &long, "long").await?;
            session::save_replay(tx, "usr", "old", &replay).await
        })
        .await;
        db.clock.advance(Span::from_hours(1));
        write(&db, async |tx| session::save_replay(tx, "usr", "new", &replay).await).await;
        let new = MORNING.plus(Span::from_hours(1));

        let before_end = Span::from_seconds(12 * 3_600 - 1);
        let forgotten = write(&db, async |tx| session::forget(tx, MORNING.plus(before_end), MORNING).await).await;
        assert_eq!(forgotten, 0);
        let forgotten = write(&db, async |tx| session::forget(tx, short.ends_at, new).await).await;
        assert_eq!(forgotten, 2);
        assert_eq!((found(&db, "short").await, found(&db, "long").await), (None, Some(long)));
        read(&db, async |tx| {
            assert_eq!(session::find_replay(tx, "usr", "old").await?, None);
            assert_eq!(session::find_replay(tx, "usr", "new").await?, Some(replay));
            Ok(())
        })
        .await;
    }

    async fn a_token_is_found_by_its_secret(db: TestStore) {
        let ann = ann(&db).await;
        let token = Token {
            id: TokenId::from_bits(1),
            user: ann.id.clone(),
            scopes: vec!["requests:read".to_owned(), "tasks:write".to_owned()],
            ends_at: MORNING.plus(Span::from_days(90)),
            revoked_at: None,
        };
        write(&db, async |tx| session::create_token(tx, &token, "hash").await).await;
        read(&db, async |tx| {
            assert_eq!(session::find_token(tx, "hash").await?, Some(token));
            assert_eq!(session::find_token(tx, "other").await?, None);
            Ok(())
        })
        .await;
    }

    async fn a_link_is_used_once(db: TestStore) {
        let ann = ann(&db).await;
        let link = Link {
            id: LinkId::from_bits(1),
            user: Some(ann.id.clone()),
            ends_at: MORNING.plus(Span::from_hours(1)),
            used_at: None,
        };
        write(&db, async |tx| session::create_link(tx, &link, "hash").await).await;
        assert_eq!(read(&db, async |tx| session::find_link(tx, "hash").await).await.as_ref(), Some(&link));
        assert_eq!(read(&db, async |tx| session::find_link(tx, "other").await).await, None);
        db.clock.advance(Span::from_seconds(60));
        assert!(write(&db, async |tx| session::use_link(tx, &link.id).await).await);
        db.clock.advance(Span::from_seconds(60));
        assert!(!write(&db, async |tx| session::use_link(tx, &link.id).await).await);
        assert!(!write(&db, async |tx| session::use_link(tx, &LinkId::from_bits(2)).await).await);
        let used = Link { used_at: Some(MORNING.plus(Span::from_seconds(60))), ..link };
        assert_eq!(read(&db, async |tx| session::find_link(tx, "hash").await).await, Some(used));
    }

    async fn only_the_newest_set_up_link_works(db: TestStore) {
        let ann = ann(&db).await;
        let ends_at = MORNING.plus(Span::from_hours(1));
        let link = |bits, user| Link { id: LinkId::from_bits(bits), user, ends_at, used_at: None };
        let (old, personal, new) = (link(1, None), link(2, Some(ann.id.clone())), link(3, None));
        write(&db, async |tx| {
            session::create_link(tx, &old, "old").await?;
            session::create_link(tx, &personal, "personal").await?;
            session::end_set_up_links(tx).await?;
            session::create_link(tx, &new, "new").await
        })
        .await;
        assert!(!write(&db, async |tx| session::use_link(tx, &old.id).await).await);
        assert!(write(&db, async |tx| session::use_link(tx, &personal.id).await).await);
        assert!(write(&db, async |tx| session::use_link(tx, &new.id).await).await);
    }

    /// I18: what was answered under a key stays the answer, and nobody else's key is the same.
    async fn an_answer_is_kept_for_its_principal_and_key(db: TestStore) {
        let (key, body) = (fresh("key"), "{\"id\":\"req_1\",\"reason\":\"Ünïcode\"}".to_owned());
        let replay = Replay { body_hash: "hash".to_owned(), status: 409, body };
        write(&db, async |tx| session::save_replay(tx, "usr_1", &key, &replay).await).await;
        read(&db, async |tx| {
            assert_eq!(session::find_replay(tx, "usr_1", &key).await?.as_ref(), Some(&replay));
            assert_eq!(session::find_replay(tx, "usr_2", &key).await?, None);
            assert_eq!(session::find_replay(tx, "usr_1", "other").await?, None);
            Ok(())
        })
        .await;
        let again = Replay { status: 201, ..replay.clone() };
        let second = attempt(&db, async |tx| session::save_replay(tx, "usr_1", &key, &again).await).await;
        assert!(matches!(second, Err(StoreError::Database(_))), "{second:?}");
        let kept = read(&db, async |tx| session::find_replay(tx, "usr_1", &key).await).await;
        assert_eq!(kept, Some(replay));
    }
}
