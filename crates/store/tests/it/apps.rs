//! Apps, with their owners and admins.

use domain::app::{App, AppState, Connector, Principal};
use domain::id::{AppId, GroupId, UserId};
use domain::length::Stay;
use domain::settings::Settings;
use domain::time::Span;
use store::{StoreError, Tx, app};
use testkit::on_both_databases;
use testkit::sample::app as sample;

use crate::sample::{Company, read, write};

async fn pages(tx: &mut Tx, limit: i64) -> Result<Vec<App>, StoreError> {
    let mut all: Vec<App> = Vec::new();
    loop {
        let after = all.last().map(|last| (domain::text::fold(&last.name), last.id.to_string())).unwrap_or_default();
        let page = app::list(tx, (&after.0, &after.1), limit).await?;
        if page.is_empty() {
            return Ok(all);
        }
        assert!(page.len() as i64 <= limit);
        all.extend(page);
    }
}

on_both_databases! {
    async fn an_app_is_found_by_id_and_slug_with_its_people_in_their_order(db: TestStore) {
        let here = Company::found(&db).await;
        let [zoe, bob] = [&here.zoe, &here.bob].map(|user| Principal::User(user.id.clone()));
        let ops = Principal::Group(here.ops.id.clone());
        let full = App {
            connector: Connector::Sim,
            url: Some("https://wiki.example/admin".to_owned()),
            state: AppState::Hidden,
            settings: Settings {
                max_length: Some(Stay::For(Span::from_days(90))),
                custom_length: Some(false),
                ..Settings::default()
            },
            version: 4,
            // The same principal may stand in both lists.
            ..sample("Wíki", vec![zoe.clone(), ops.clone(), bob.clone()], vec![ops, zoe, bob])
        };
        assert!(write(&db, async |tx| app::create(tx, &full).await).await);
        read(&db, async |tx| {
            assert_eq!(app::find(tx, &full.id).await?.as_ref(), Some(&full));
            assert_eq!(app::find_by_slug(tx, &full.slug).await?.as_ref(), Some(&full));
            assert_eq!(app::find(tx, &AppId::from_bits(1)).await?, None);
            assert_eq!(app::find_by_slug(tx, "wiki").await?, None);
            Ok(())
        })
        .await;
    }

    async fn a_slug_is_taken_once(db: TestStore) {
        let here = Company::found(&db).await;
        let second = App { slug: "jira".to_owned(), ..sample("Tickets", here.github.owners.clone(), Vec::new()) };
        assert!(!write(&db, async |tx| app::create(tx, &second).await).await);
        read(&db, async |tx| {
            assert_eq!(app::find(tx, &second.id).await?, None);
            assert_eq!(app::find_by_slug(tx, "jira").await?, Some(here.jira));
            let keys = [domain::user::key::owners(&second.id)];
            assert!(store::user::keys_of(tx, &[here.bob.id], &keys).await?.is_empty(), "nobody owns what is not there");
            Ok(())
        })
        .await;
    }

    async fn pages_lead_through_equal_names(db: TestStore) {
        let here = Company::found(&db).await;
        let mut apps: Vec<App> = (0..5)
            .map(|n| {
                let name = ["GitHub", "git hub", "GITHUB"][n % 3];
                let state = if n == 1 { AppState::Hidden } else { AppState::Listed };
                let app = sample(name, here.jira.owners.clone(), here.jira.admins.clone());
                App { id: AppId::derive(&[&n.to_string()]), slug: format!("copy-{n}"), state, ..app }
            })
            .collect();
        write(&db, async |tx| {
            for one in &apps {
                assert!(app::create(tx, one).await?);
            }
            Ok(())
        })
        .await;
        apps.extend([here.github, here.jira]);
        apps.sort_by_key(|app| (domain::text::fold(&app.name), app.id.clone()));
        for limit in [1, 2, 100] {
            assert_eq!(read(&db, async |tx| pages(tx, limit).await).await, apps, "{limit} at a time");
        }
    }

    async fn whoever_owns_or_administers_an_app_is_responsible_for_it(db: TestStore) {
        let here = Company::found(&db).await;
        let wiki = sample("Wiki", here.jira.owners.clone(), here.github.admins.clone());
        write(&db, async |tx| app::create(tx, &wiki).await).await;
        let both = |one: &App| {
            let mut ids = [one.id.clone(), wiki.id.clone()];
            ids.sort();
            ids.to_vec()
        };
        for (user, apps) in [
            (&here.bob, vec![here.github.id.clone()]),
            (&here.oli, both(&here.github)),
            (&here.cyd, both(&here.jira)),
            (&here.ada, vec![]),
            (&here.ann, vec![]),
        ] {
            let found = read(&db, async |tx| app::list_responsible(tx, &user.id).await).await;
            assert_eq!(found, apps, "{}", user.name);
        }
    }

    async fn principals_are_known_when_all_of_them_are(db: TestStore) {
        let here = Company::found(&db).await;
        let (ann, ops) = (Principal::User(here.ann.id.clone()), Principal::Group(here.ops.id.clone()));
        let (nobody, none) = (Principal::User(UserId::from_bits(1)), Principal::Group(GroupId::from_bits(1)));
        for (principals, known) in [
            (vec![], true),
            (vec![ann.clone()], true),
            (vec![ann.clone(), ops.clone()], true),
            (vec![ann, nobody], false),
            (vec![none, ops], false),
        ] {
            assert_eq!(read(&db, async |tx| app::are_known(tx, &principals).await).await, known, "{principals:?}");
        }
    }
}
