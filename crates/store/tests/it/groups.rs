//! Groups and their members.

use domain::group::Group;
use domain::id::GroupId;
use domain::user::{User, key};
use store::{group, user};
use testkit::on_both_databases;
use testkit::sample::{group as sample, person};

use crate::sample::{hire, read, write};

on_both_databases! {
    async fn a_group_is_found_with_its_members(db: TestStore) {
        let people = ["Ann", "Bob", "Cyd"].map(person);
        hire(&db, &people.iter().collect::<Vec<_>>()).await;
        let ops = Group { version: 3, ..sample("Opś") };
        // Whoever is named twice is a member once.
        let members: Vec<_> = [&people[2], &people[0], &people[2]].map(|user| user.id.clone()).to_vec();
        let mut sorted = members[..2].to_vec();
        sorted.sort();
        assert!(write(&db, async |tx| group::create(tx, &ops, &members).await).await);
        read(&db, async |tx| {
            assert_eq!(group::find(tx, &ops.id).await?.as_ref(), Some(&ops));
            assert_eq!(group::list_members(tx, &ops.id).await?, sorted);
            assert_eq!(group::count_members(tx, &ops.id).await?, 2);
            assert_eq!(group::find(tx, &GroupId::from_bits(1)).await?, None);
            assert_eq!(group::list_members(tx, &GroupId::from_bits(1)).await?, []);
            assert_eq!(group::count_members(tx, &GroupId::from_bits(1)).await?, 0);
            let all: Vec<_> = people.iter().map(|user| user.id.clone()).collect();
            let found = user::keys_of(tx, &all, &[key::group(&ops.id)]).await?;
            assert!(found.into_keys().eq(sorted), "the members have the key of the group");
            Ok(())
        })
        .await;
    }

    async fn a_name_is_taken_in_any_case(db: TestStore) {
        let ann = person("Ann");
        hire(&db, &[&ann]).await;
        let first = sample("Security Team");
        let second = sample("security  TEAM");
        assert!(write(&db, async |tx| group::create(tx, &first, &[]).await).await);
        assert!(!write(&db, async |tx| group::create(tx, &second, std::slice::from_ref(&ann.id)).await).await);
        read(&db, async |tx| {
            assert_eq!(group::find(tx, &second.id).await?, None);
            assert_eq!(group::count_members(tx, &second.id).await?, 0);
            assert!(user::keys_of(tx, &[ann.id], &[key::group(&second.id)]).await?.is_empty());
            Ok(())
        })
        .await;
    }

    async fn groups_are_listed_by_name_with_how_many_they_have(db: TestStore) {
        let people: Vec<User> = (0..5).map(|n| person(&n.to_string())).collect();
        hire(&db, &people.iter().collect::<Vec<_>>()).await;
        let groups = ["beta", "Alpha", "Gamma", "Äther"].map(sample);
        write(&db, async |tx| {
            for (members, group) in groups.iter().enumerate() {
                let members: Vec<_> = people[..members].iter().map(|user| user.id.clone()).collect();
                assert!(group::create(tx, group, &members).await?);
            }
            Ok(())
        })
        .await;
        let expected: Vec<_> = [1, 0, 2, 3].map(|n| (groups[n].clone(), n as u64)).to_vec();
        read(&db, async |tx| {
            assert_eq!(group::list(tx, ("", ""), 10).await?, expected);
            assert_eq!(group::list(tx, ("", ""), 2).await?, expected[..2]);
            assert_eq!(group::list(tx, ("beta", groups[0].id.as_str()), 2).await?, expected[2..]);
            assert_eq!(group::list(tx, ("äther", groups[3].id.as_str()), 2).await?, []);
            Ok(())
        })
        .await;
    }
}
