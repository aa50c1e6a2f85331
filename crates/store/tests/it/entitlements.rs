//! Entitlements, and which of them a user may see.

use std::collections::BTreeMap;

use domain::app::{App, AppState};
use domain::catalog::{Audience, Catalog, CatalogState, Clause};
use domain::entitlement::{Entitlement, EntitlementKind};
use domain::grant::{Grant, GrantState, begin};
use domain::id::{EntitlementId, GrantId};
use domain::request::{Approval, Fulfilment, Kind, Request};
use domain::settings::Settings;
use domain::time::{Span, Time};
use domain::user::User;
use store::entitlement::{self, Offer, OfferQuery};
use store::{StoreError, Tx};
use testkit::sample::{MORNING, app, catalog, entitlement as sample, person, request};
use testkit::{TestStore, on_both_databases};

use crate::sample::{Company, file, hire, read, write};

/// Everything that there is.
const ALL: OfferQuery<'static> = OfferQuery { query: "", app: None, entitlement: None, after: ("", ""), limit: 100 };

async fn publish(db: &TestStore, catalog: &Catalog) {
    assert!(write(db, async |tx| store::catalog::create(tx, catalog).await).await);
}

async fn offers(db: &TestStore, user: &User, find: OfferQuery<'_>) -> Vec<Offer> {
    read(db, async |tx| entitlement::list_offers(tx, &user.id, find).await).await
}

/// The names of what is offered, seen in every way there is.
async fn offered(db: &TestStore, user: &User) -> Vec<String> {
    let found = offers(db, user, ALL).await;
    let every = read(db, async |tx| entitlement::list(tx, ("", ""), 1_000).await).await;
    for one in &every {
        let listed = found.iter().any(|offer| offer.entitlement == *one);
        let single = offers(db, user, OfferQuery { entitlement: Some(&one.id), ..ALL }).await;
        let is = read(db, async |tx| entitlement::is_offered(tx, &user.id, &one.id).await).await;
        assert_eq!((single.len() == 1, is), (listed, listed), "{} to {}", one.name, user.name);
    }
    let mut apps: Vec<_> = found.iter().map(|offer| &offer.entitlement.app).collect();
    apps.sort();
    apps.dedup();
    let counted = read(db, async |tx| entitlement::count_apps_offered(tx, &user.id).await).await;
    assert_eq!(counted, apps.len() as u64, "S3-14, for {}", user.name);
    found.into_iter().map(|offer| offer.entitlement.name).collect()
}

async fn search(db: &TestStore, user: &User, query: &str) -> Vec<String> {
    let query = domain::text::fold(query);
    let found = offers(db, user, OfferQuery { query: &query, ..ALL }).await;
    found.into_iter().map(|offer| offer.entitlement.name).collect()
}

fn held(request: &Request, name: &str, ends_at: Option<Time>) -> Grant {
    begin(request, GrantId::derive(&[name]), MORNING, ends_at)
}

async fn keep(db: &TestStore, grants: &[&Grant]) {
    write(db, async |tx| {
        for grant in grants {
            store::grant::record(tx, grant, 0).await?;
        }
        Ok(())
    })
    .await;
}

async fn pages(tx: &mut Tx, limit: i64) -> Result<Vec<Entitlement>, StoreError> {
    let mut all: Vec<Entitlement> = Vec::new();
    let mut after = (String::new(), String::new());
    loop {
        let page = entitlement::list(tx, (&after.0, &after.1), limit).await?;
        let Some(last) = page.last() else { return Ok(all) };
        assert!(page.len() as i64 <= limit);
        let app = store::app::find(tx, &last.app).await?.unwrap();
        after = (entitlement::sort_key(&app.name, last), last.id.to_string());
        all.extend(page);
    }
}

on_both_databases! {
    async fn an_entitlement_is_found_by_id_and_by_its_key(db: TestStore) {
        let here = Company::found(&db).await;
        let full = Entitlement {
            slug: "prod-db".to_owned(),
            kind: EntitlementKind::Resource,
            instructions: "Ask „DBA“.".to_owned(),
            settings: Settings { approve_comment_required: Some(true), ..Settings::default() },
            version: 3,
            ..sample(&here.jira, "Producción")
        };
        assert!(write(&db, async |tx| entitlement::create(tx, &full, "Jira").await).await);
        read(&db, async |tx| {
            assert_eq!(entitlement::find(tx, &full.id).await?.as_ref(), Some(&full));
            assert_eq!(entitlement::find_by_key(tx, "jira", "prod-db").await?.as_ref(), Some(&full));
            assert_eq!(entitlement::find_by_key(tx, "github", "prod-db").await?, None);
            assert_eq!(entitlement::find(tx, &EntitlementId::from_bits(1)).await?, None);
            Ok(())
        })
        .await;
    }

    async fn a_slug_is_taken_once_in_each_app(db: TestStore) {
        let here = Company::found(&db).await;
        let again = Entitlement { id: EntitlementId::from_bits(1), ..sample(&here.github, "Read") };
        let elsewhere = sample(&here.jira, "Read");
        assert!(!write(&db, async |tx| entitlement::create(tx, &again, "GitHub").await).await);
        assert!(write(&db, async |tx| entitlement::create(tx, &elsewhere, "Jira").await).await);
        read(&db, async |tx| {
            assert_eq!(entitlement::find_by_key(tx, "github", "read").await?, Some(here.read));
            assert_eq!(entitlement::find_by_key(tx, "jira", "read").await?, Some(elsewhere));
            Ok(())
        })
        .await;
    }

    /// S3-42: access to the app itself comes first.
    async fn pages_lead_through_the_catalog_order(db: TestStore) {
        let here = Company::found(&db).await;
        let twin = App { slug: "github-2".to_owned(), ..app("GITHUB", here.github.owners.clone(), Vec::new()) };
        let access = Entitlement { kind: EntitlementKind::Access, ..sample(&here.github, "Zugang") };
        let (same, other) = (sample(&twin, "read"), sample(&twin, "Überall"));
        write(&db, async |tx| {
            assert!(store::app::create(tx, &twin).await?);
            for (entitlement, app) in [(&access, "GitHub"), (&same, "GITHUB"), (&other, "GITHUB")] {
                assert!(entitlement::create(tx, entitlement, app).await?);
            }
            Ok(())
        })
        .await;
        let mut reads = [here.read, same];
        reads.sort_by_key(|entitlement| entitlement.id.clone());
        let [first, second] = reads;
        let expected = [access, first, second, here.write, other, here.board];
        for limit in [1, 2, 4, 100] {
            assert_eq!(read(&db, async |tx| pages(tx, limit).await).await, expected, "{limit} at a time");
        }
    }

    /// S3-3, S0-8: nothing is offered unless a published catalog does it, in a listed app.
    async fn nothing_is_offered_that_no_published_catalog_holds(db: TestStore) {
        let here = Company::found(&db).await;
        assert_eq!(offered(&db, &here.ann).await, Vec::<String>::new());
        let draft = catalog("Draft", Audience::Everyone, &[&here.read, &here.board]);
        publish(&db, &Catalog { state: CatalogState::Draft, ..draft }).await;
        assert_eq!(offered(&db, &here.ann).await, Vec::<String>::new());
        let secret = App {
            state: AppState::Hidden,
            ..app("Secret", here.jira.owners.clone(), here.jira.admins.clone())
        };
        let hidden = sample(&secret, "Hidden");
        write(&db, async |tx| {
            assert!(store::app::create(tx, &secret).await?);
            assert!(entitlement::create(tx, &hidden, "Secret").await?);
            Ok(())
        })
        .await;
        publish(&db, &catalog("All", Audience::Everyone, &[&here.write, &hidden])).await;
        assert_eq!(offered(&db, &here.ann).await, ["Write"]);
        assert_eq!(offered(&db, &here.zoe).await, ["Write"]);
        assert_eq!(search(&db, &here.ann, "Secret").await, Vec::<String>::new());
    }

    /// S3-5, S3-6, S3-7: what is offered follows from being anybody, in a group, or of some kind.
    async fn audiences_are_everyone_groups_and_attributes(db: TestStore) {
        let here = Company::found(&db).await;
        let with = |name: &str, value: &str| User {
            attributes: BTreeMap::from([("Department".to_owned(), value.to_owned())]),
            ..person(name)
        };
        let (eva, ian) = (with("Eva", "SALES "), with("Ian", "Salesforce"));
        hire(&db, &[&eva, &ian]).await;
        publish(&db, &catalog("All", Audience::Everyone, &[&here.board])).await;
        let some = Audience::Any(vec![
            Clause::Group(here.ops.id.clone()),
            Clause::Attribute { name: "department".to_owned(), is: vec!["Legal".to_owned(), "Sales".to_owned()] },
        ]);
        publish(&db, &catalog("Some", some, &[&here.read])).await;
        let none = Audience::Any(vec![Clause::Attribute { name: "name".to_owned(), is: vec!["ann".to_owned()] }]);
        publish(&db, &catalog("None", none, &[&here.write])).await;
        publish(&db, &catalog("Nobody", Audience::Any(Vec::new()), &[&here.write])).await;
        for (user, names) in [
            (&here.ann, &["Board"][..]),
            (&here.oli, &["Read", "Board"]),
            (&eva, &["Read", "Board"]),
            (&ian, &["Board"]),
            // Whoever is responsible for an app is offered what everybody is.
            (&here.bob, &["Board"]),
        ] {
            assert_eq!(offered(&db, user).await, names, "{}", user.name);
        }
    }

    async fn what_several_catalogs_offer_is_listed_once(db: TestStore) {
        let here = Company::found(&db).await;
        publish(&db, &catalog("All", Audience::Everyone, &[&here.read])).await;
        publish(&db, &catalog("Again", Audience::Everyone, &[&here.read, &here.write])).await;
        let group = Audience::Any(vec![Clause::Group(here.ops.id.clone())]);
        publish(&db, &catalog("Ops", group, &[&here.read])).await;
        assert_eq!(offered(&db, &here.oli).await, ["Read", "Write"]);
    }

    async fn offers_are_searched_as_text_and_paged(db: TestStore) {
        let here = Company::found(&db).await;
        let odd = [("50%", "a"), ("a_b", "b"), ("a-b!", "c"), ("Émile", "d")]
            .map(|(name, slug)| Entitlement { slug: slug.to_owned(), ..sample(&here.jira, name) });
        write(&db, async |tx| {
            for one in &odd {
                assert!(entitlement::create(tx, one, "Jira").await?);
            }
            Ok(())
        })
        .await;
        let [a, b, c, d] = &odd;
        publish(&db, &catalog("All", Audience::Everyone, &[&here.read, &here.board, a, b, c, d])).await;
        let everything = ["Read", "50%", "a-b!", "a_b", "Board", "Émile"];
        assert_eq!(offered(&db, &here.ann).await, everything);
        for (query, names) in [
            ("%", &["50%"][..]),
            ("_", &["a_b"]),
            ("!", &["a-b!"]),
            ("éMILE", &["Émile"]),
            ("github", &["Read"]),
            ("ir", &everything[1..]),
            ("nothing", &[]),
        ] {
            assert_eq!(search(&db, &here.ann, query).await, names, "{query}");
        }
        let jira = offers(&db, &here.ann, OfferQuery { app: Some(&here.jira.id), ..ALL }).await;
        assert_eq!(jira.len(), 5);
        assert!(jira.iter().all(|offer| offer.entitlement.app == here.jira.id));
        for limit in [1, 2, 4] {
            let (mut names, mut after) = (Vec::new(), (String::new(), String::new()));
            loop {
                let find = OfferQuery { after: (&after.0, &after.1), limit, ..ALL };
                let page = offers(&db, &here.ann, find).await;
                let Some(last) = page.last() else { break };
                assert!(page.len() as i64 <= limit);
                after = (last.sort_key.clone(), last.entitlement.id.to_string());
                names.extend(page.into_iter().map(|offer| offer.entitlement.name));
            }
            assert_eq!(names, everything, "{limit} at a time");
        }
    }

    async fn offers_say_what_is_asked_for_already(db: TestStore) {
        let here = Company::found(&db).await;
        publish(&db, &catalog("All", Audience::Everyone, &[&here.read, &here.write, &here.board])).await;
        let filed = |number, user: &User, entitlement: &Entitlement| request(number, user, entitlement);
        let open = filed(1, &here.ann, &here.read);
        let second = filed(2, &here.ann, &here.read);
        let denied = Request { approval: Approval::Denied, ..filed(3, &here.ann, &here.write) };
        let back = Request { kind: Kind::Revoke, ..filed(4, &here.ann, &here.board) };
        let hers = filed(5, &here.mia, &here.board);
        let done = Request {
            approval: Approval::Approved,
            fulfilment: Some(Fulfilment::Granted),
            ..filed(6, &here.mia, &here.write)
        };
        // Who asks for somebody else has nothing pending.
        let for_zoe = Request { requester: here.mia.id.clone(), ..filed(7, &here.zoe, &here.read) };
        file(&db, &[&open, &second, &denied, &back, &hers, &done, &for_zoe]).await;
        let pending = async |user: &User| -> Vec<_> {
            let found = offers(&db, user, ALL).await;
            found.into_iter().map(|offer| (offer.entitlement.name, offer.pending)).collect()
        };
        let expected = |read: Option<&Request>, board: Option<&Request>| {
            [("Read", read), ("Write", None), ("Board", board)]
                .map(|(name, request)| (name.to_owned(), request.map(|request| request.id.clone())))
        };
        assert_eq!(pending(&here.ann).await, expected(Some(&open), None));
        assert_eq!(pending(&here.mia).await, expected(None, Some(&hers)));
        assert_eq!(pending(&here.zoe).await, expected(Some(&for_zoe), None));
    }

    /// I28: grants of the same add up, so the longest one counts.
    async fn offers_say_what_is_held_and_until_when(db: TestStore) {
        let here = Company::found(&db).await;
        publish(&db, &catalog("All", Audience::Everyone, &[&here.read, &here.write, &here.board])).await;
        let of = |number, user, entitlement| request(number, user, entitlement);
        let (read_it, write_it, board) =
            (of(1, &here.ann, &here.read), of(2, &here.ann, &here.write), of(3, &here.ann, &here.board));
        let hers = of(4, &here.mia, &here.board);
        let closed = |request: &Request| Request { approval: Approval::Cancelled, ..request.clone() };
        file(&db, &[&closed(&read_it), &closed(&write_it), &closed(&board), &closed(&hers)]).await;
        let day = |n| MORNING.plus(Span::from_days(n));
        let gone = |grant: Grant, state| Grant { state, ..grant };
        keep(&db, &[
            &held(&read_it, "a", Some(day(3))),
            &held(&read_it, "b", Some(day(5))),
            &held(&write_it, "c", Some(day(3))),
            &held(&write_it, "d", None),
            &gone(held(&board, "e", Some(day(9))), GrantState::Ending),
            &gone(held(&board, "f", None), GrantState::Revoked),
            &gone(held(&read_it, "g", None), GrantState::RevokedUnverified),
            &held(&hers, "h", Some(day(1))),
        ])
        .await;
        let held = async |user: &User| -> Vec<_> {
            offers(&db, user, ALL).await.into_iter().map(|offer| offer.held).collect()
        };
        assert_eq!(held(&here.ann).await, [Some(Some(day(5))), Some(None), None]);
        assert_eq!(held(&here.mia).await, [None, None, Some(Some(day(1)))]);
        assert_eq!(held(&here.zoe).await, [None, None, None]);
    }
}
