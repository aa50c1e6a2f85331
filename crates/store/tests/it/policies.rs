//! Policies, and what the organisation sets.

use domain::app::Principal;
use domain::id::PolicyId;
use domain::policy::{Approver, Policy, Quorum, StepSpec};
use domain::settings::Settings;
use store::sql::all;
use store::{StoreError, policy};
use testkit::on_both_databases;
use testkit::sample::{policy as sample, step};

use crate::sample::{Company, attempt, read, write};

on_both_databases! {
    async fn the_latest_version_counts_and_those_before_stay(db: TestStore) {
        let here = Company::found(&db).await;
        let Principal::Group(ops) = &here.github.admins[0] else { panic!("a group administers GitHub") };
        let second = StepSpec {
            quorum: Quorum::Of(2),
            fallback: vec![Approver::AppOwners],
            disabled: true,
            ..step(vec![Approver::Group(ops.clone()), Approver::User(here.cyd.id.clone())])
        };
        let versions = [
            sample("Standard", 1, vec![step(vec![Approver::Manager(1)])]),
            sample("Standard", 2, vec![step(vec![Approver::Manager(2)]), second]),
            Policy { name: "Usual".to_owned(), ..sample("Standard", 3, vec![]) },
        ];
        for (n, version) in versions.iter().enumerate() {
            write(&db, async |tx| policy::save(tx, version).await).await;
            read(&db, async |tx| {
                assert_eq!(policy::find(tx, &version.id).await?.as_ref(), Some(version));
                assert_eq!(policy::find_by_name(tx, &version.name).await?.as_ref(), Some(version));
                assert_eq!(policy::list(tx, "", 10).await?, std::slice::from_ref(version));
                let kept: Vec<(i64, String)> = all!(tx, "select version, hash from policy order by version")?;
                let expected: Vec<_> = versions[..=n].iter().map(|one| (one.version, one.hash.clone())).collect();
                assert_eq!(kept, expected);
                Ok(())
            })
            .await;
        }
        read(&db, async |tx| {
            assert_eq!(policy::find_by_name(tx, "Standard").await?, None, "it is called otherwise now");
            assert_eq!(policy::find(tx, &PolicyId::from_bits(1)).await?, None);
            Ok(())
        })
        .await;
    }

    async fn a_version_is_never_saved_twice(db: TestStore) {
        let first = sample("Standard", 1, vec![]);
        let other = sample("Standard", 1, vec![step(vec![Approver::AppOwners])]);
        write(&db, async |tx| policy::save(tx, &first).await).await;
        let saved = attempt(&db, async |tx| policy::save(tx, &other).await).await;
        assert!(matches!(saved, Err(StoreError::Database(_))), "{saved:?}");
        assert_eq!(read(&db, async |tx| policy::find(tx, &first.id).await).await, Some(first));
    }

    async fn policies_are_listed_by_name(db: TestStore) {
        let policies = ["Strict", "Auto", "Standard"].map(|name| sample(name, 1, vec![]));
        write(&db, async |tx| {
            for one in &policies {
                policy::save(tx, one).await?;
            }
            policy::save(tx, &sample("Auto", 2, vec![])).await
        })
        .await;
        let names = async |after: &str, limit| -> Vec<(String, i64)> {
            let page = read(&db, async |tx| policy::list(tx, after, limit).await).await;
            page.into_iter().map(|policy| (policy.name, policy.version)).collect()
        };
        let expected = [("Auto".to_owned(), 2), ("Standard".to_owned(), 1), ("Strict".to_owned(), 1)];
        assert_eq!(names("", 10).await, expected);
        assert_eq!(names("", 1).await, expected[..1]);
        assert_eq!(names("Auto", 10).await, expected[1..]);
    }

    async fn an_organisation_sets_nothing_until_it_does(db: TestStore) {
        let none = read(&db, async |tx| policy::organisation(tx).await).await;
        assert_eq!(none, (String::new(), Settings::default()));
        let strict = Settings { justification_required: Some(true), ..Settings::default() };
        for (name, settings) in [("Acme", &strict), ("Acme & Söhne", &Settings::default())] {
            write(&db, async |tx| policy::save_organisation(tx, name, settings).await).await;
            let kept = read(&db, async |tx| policy::organisation(tx).await).await;
            assert_eq!(kept, (name.to_owned(), settings.clone()));
        }
    }
}
