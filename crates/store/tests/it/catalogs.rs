//! Catalogs: what is created is found, listed in order, and offered to its audience only.

use domain::catalog::{Audience, Catalog, CatalogState, Clause};
use domain::id::CatalogId;
use store::catalog;
use testkit::on_both_databases;
use testkit::sample::catalog as sample;

use crate::sample::{Company, read, write};

on_both_databases! {
    async fn a_catalog_is_found_as_it_was_created(db: TestStore) {
        let here = Company::found(&db).await;
        let audience = Audience::Any(vec![
            Clause::Group(here.ops.id.clone()),
            Clause::Attribute { name: "Team".to_owned(), is: vec!["Röd".to_owned(), "Blå".to_owned()] },
        ]);
        let full = Catalog {
            bundle: true,
            state: CatalogState::Draft,
            version: 9,
            ..sample("Första dagen", audience, &[&here.write, &here.board, &here.read])
        };
        let empty = sample("Nothing", Audience::Any(Vec::new()), &[]);
        write(&db, async |tx| {
            assert!(catalog::create(tx, &full).await?);
            assert!(catalog::create(tx, &empty).await?);
            Ok(())
        })
        .await;
        read(&db, async |tx| {
            assert_eq!(catalog::find(tx, &full.id).await?.as_ref(), Some(&full));
            assert_eq!(catalog::find(tx, &empty.id).await?.as_ref(), Some(&empty));
            assert_eq!(catalog::find(tx, &CatalogId::from_bits(1)).await?, None);
            Ok(())
        })
        .await;
    }

    async fn a_slug_is_taken_once(db: TestStore) {
        let here = Company::found(&db).await;
        let first = sample("All", Audience::Any(Vec::new()), &[]);
        let second = Catalog { id: CatalogId::from_bits(2), ..sample("All", Audience::Everyone, &[&here.read]) };
        write(&db, async |tx| {
            assert!(catalog::create(tx, &first).await?);
            assert!(!catalog::create(tx, &second).await?);
            Ok(())
        })
        .await;
        read(&db, async |tx| {
            assert_eq!(catalog::list(tx, "", 10).await?, [first]);
            assert!(!store::entitlement::is_offered(tx, &here.ann.id, &here.read.id).await?);
            Ok(())
        })
        .await;
    }

    async fn catalogs_are_listed_by_slug(db: TestStore) {
        let catalogs = ["B", "a-2", "A", "C"].map(|name| sample(name, Audience::Everyone, &[]));
        write(&db, async |tx| {
            for one in &catalogs {
                assert!(catalog::create(tx, one).await?);
            }
            Ok(())
        })
        .await;
        let slugs = async |after: &str, limit| -> Vec<String> {
            let page = read(&db, async |tx| catalog::list(tx, after, limit).await).await;
            page.into_iter().map(|catalog| catalog.slug).collect()
        };
        assert_eq!(slugs("", 10).await, ["a", "a-2", "b", "c"]);
        assert_eq!(slugs("", 2).await, ["a", "a-2"]);
        assert_eq!(slugs("a-2", 2).await, ["b", "c"]);
        assert_eq!(slugs("c", 2).await, Vec::<String>::new());
    }
}
