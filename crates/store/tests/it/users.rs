//! Users, the keys that find them, and the line of their managers.

use std::collections::{BTreeMap, BTreeSet};

use domain::app::Principal;
use domain::id::UserId;
use domain::user::{Role, User, UserKind, UserStatus, key};
use store::sql::run;
use store::{StoreError, Tx, user};
use testkit::sample::{app, group, person};
use testkit::{TestStore, on_both_databases};

use crate::sample::{Company, hire, read, write};

/// Nobody is barred.
fn nobody() -> [UserId; 2] {
    [UserId::from_bits(0), UserId::from_bits(0)]
}

/// The names of those whom `keys` find.
async fn found(db: &TestStore, keys: &[String], barred: [&UserId; 2], limit: i64) -> Vec<String> {
    let found = read(db, async |tx| user::list_by_keys(tx, keys, barred, limit).await).await;
    found.into_iter().map(|user| user.name).collect()
}

async fn count(db: &TestStore, keys: &[String], barred: [&UserId; 2], enough: u32) -> u32 {
    read(db, async |tx| user::count_by_keys(tx, keys, barred, enough).await).await
}

/// Every user, `limit` at a time.
async fn pages(tx: &mut Tx, query: &str, limit: i64) -> Result<Vec<User>, StoreError> {
    let mut all: Vec<User> = Vec::new();
    loop {
        let after = all.last().map(|last| (domain::text::fold(&last.name), last.id.to_string())).unwrap_or_default();
        let page = user::list(tx, query, (&after.0, &after.1), limit).await?;
        if page.is_empty() {
            return Ok(all);
        }
        assert!(page.len() as i64 <= limit);
        all.extend(page);
    }
}

async fn search(db: &TestStore, query: &str) -> Vec<String> {
    let found = read(db, async |tx| user::list(tx, query, ("", ""), 10).await).await;
    found.into_iter().map(|user| user.name).collect()
}

/// Makes `above` the manager of `of` behind the back of the store, which never closes a circle itself.
async fn put_under(db: &TestStore, of: &UserId, above: &UserId) {
    write(db, async |tx| run!(tx, "update users set manager_id = $1 where id = $2", above.as_str(), of.as_str())).await;
}

on_both_databases! {
    async fn a_user_is_found_by_id_and_by_address_in_any_case(db: TestStore) {
        let boss = person("Boss");
        let full = User {
            email: "Ines.Duarte@Example.COM".to_owned(),
            kind: UserKind::Service,
            status: UserStatus::Inactive,
            manager: Some(boss.id.clone()),
            attributes: BTreeMap::from([("Department".to_owned(), "Forschung „Süd“".to_owned())]),
            roles: vec![Role::Helpdesk, Role::Auditor],
            version: 7,
            ..person("Inês  Duarte")
        };
        hire(&db, &[&boss, &full]).await;
        read(&db, async |tx| {
            assert_eq!(user::find(tx, &full.id).await?.as_ref(), Some(&full));
            assert_eq!(user::find_by_email(tx, "ines.duarte@EXAMPLE.com").await?.as_ref(), Some(&full));
            assert_eq!(user::find(tx, &UserId::from_bits(1)).await?, None);
            assert_eq!(user::find_by_email(tx, "ines.duarte@example.org").await?, None);
            Ok(())
        })
        .await;
    }

    async fn an_address_is_taken_in_any_case(db: TestStore) {
        let first = person("Ann");
        hire(&db, &[&first]).await;
        let second = User { email: "ANN@example.com".to_owned(), ..person("Another Ann") };
        assert!(!write(&db, async |tx| user::create(tx, &second).await).await);
        read(&db, async |tx| {
            assert_eq!(user::find(tx, &second.id).await?, None);
            assert_eq!(user::find_by_email(tx, "ann@example.com").await?, Some(first));
            let keys = user::keys_of(tx, &[second.id], &[key::EVERYONE.to_owned()]).await?;
            assert_eq!(keys, BTreeMap::new());
            Ok(())
        })
        .await;
    }

    async fn the_first_user_ends_emptiness(db: TestStore) {
        assert!(read(&db, async |tx| user::is_empty(tx).await).await);
        hire(&db, &[&person("Ann")]).await;
        assert!(!read(&db, async |tx| user::is_empty(tx).await).await);
    }

    async fn pages_lead_through_equal_names(db: TestStore) {
        let mut people: Vec<User> = (0..7)
            .map(|n| User {
                id: UserId::derive(&[&n.to_string()]),
                email: format!("{n}@example.com"),
                name: ["ann", "Ann ", "ANN"][n % 3].to_owned(),
                ..person("Ann")
            })
            .collect();
        people.extend([person("Aaron"), person("Zoe"), person("Österreicher")]);
        hire(&db, &people.iter().collect::<Vec<_>>()).await;
        people.sort_by_key(|user| (domain::text::fold(&user.name), user.id.clone()));
        for limit in [1, 2, 3, 100] {
            let all = read(&db, async |tx| pages(tx, "", limit).await).await;
            assert_eq!(all, people, "{limit} at a time");
        }
        let anns = read(&db, async |tx| pages(tx, "ann", 2).await).await;
        assert_eq!(anns, people[1..8]);
    }

    async fn a_query_is_a_text_and_no_pattern(db: TestStore) {
        let names = ["100% Ann", "a_b", "axb", "wow!", "wow!% x", "Łukasz Ödön"];
        let people: Vec<User> = names
            .iter()
            .zip(0..)
            .map(|(name, n)| User { email: format!("p{n}@example.com"), ..person(name) })
            .collect();
        hire(&db, &people.iter().collect::<Vec<_>>()).await;
        assert_eq!(search(&db, "%").await, ["100% Ann", "wow!% x"]);
        assert_eq!(search(&db, "_").await, ["a_b"]);
        assert_eq!(search(&db, "!").await, ["wow!", "wow!% x"]);
        assert_eq!(search(&db, "!%").await, ["wow!% x"]);
        assert_eq!(search(&db, "ŁUKASZ  öd").await, ["Łukasz Ödön"]);
        assert_eq!(search(&db, "P3@EXAMPLE").await, ["wow!"]);
        assert_eq!(search(&db, "'; drop table users; --").await, Vec::<String>::new());
        assert_eq!(search(&db, "").await.len(), 6);
    }

    async fn reports_are_the_active_ones_by_name(db: TestStore) {
        let boss = person("Boss");
        let under = |name: &str| User { manager: Some(boss.id.clone()), ..person(name) };
        let (zoe, ann) = (under("Zoe"), under("ann"));
        let gone = User { status: UserStatus::Inactive, ..under("Gone") };
        let other = User { manager: Some(ann.id.clone()), ..person("Other") };
        hire(&db, &[&boss, &zoe, &ann, &gone, &other]).await;
        read(&db, async |tx| {
            assert_eq!(user::list_reports(tx, &boss.id, 10).await?, [ann.clone(), zoe]);
            assert_eq!(user::list_reports(tx, &boss.id, 1).await?, [ann]);
            assert_eq!(user::list_reports(tx, &other.id, 10).await?, []);
            Ok(())
        })
        .await;
    }

    /// I10: the walk up goes at most sixteen levels.
    async fn a_line_of_managers_ends_after_sixteen_levels(db: TestStore) {
        let mut chain = vec![person("0")];
        for n in 1..=20 {
            let manager = chain.last().map(|above| above.id.clone());
            chain.push(User { manager, ..person(&n.to_string()) });
        }
        hire(&db, &chain.iter().collect::<Vec<_>>()).await;
        let line = read(&db, async |tx| user::line(tx, &chain[20].id).await).await;
        let expected: Vec<_> = (4..=20).rev().map(|n| chain[n].id.clone()).collect();
        assert_eq!(line, expected, "the user and sixteen above");
        let short = read(&db, async |tx| user::line(tx, &chain[2].id).await).await;
        assert_eq!(short, [chain[2].id.clone(), chain[1].id.clone(), chain[0].id.clone()]);
        assert_eq!(read(&db, async |tx| user::line(tx, &chain[0].id).await).await, [chain[0].id.clone()]);
    }

    /// I10: a circle of managers ends the walk.
    async fn a_line_of_managers_names_nobody_twice(db: TestStore) {
        let (a, b, c) = (person("a"), person("b"), person("c"));
        hire(&db, &[&a, &b, &c]).await;
        put_under(&db, &a.id, &b.id).await;
        put_under(&db, &b.id, &c.id).await;
        put_under(&db, &c.id, &b.id).await;
        let line = read(&db, async |tx| user::line(tx, &a.id).await).await;
        assert_eq!(line, [a.id.clone(), b.id.clone(), c.id.clone()]);
        put_under(&db, &a.id, &a.id).await;
        assert_eq!(read(&db, async |tx| user::line(tx, &a.id).await).await, [a.id]);
    }

    async fn keys_find_people(db: TestStore) {
        let here = Company::found(&db).await;
        let eve = User {
            attributes: BTreeMap::from([("Team".to_owned(), "Red Pandas".to_owned())]),
            ..person("Eve")
        };
        let robot = User { kind: UserKind::Service, attributes: eve.attributes.clone(), ..person("Robot") };
        let left = User { status: UserStatus::Inactive, attributes: eve.attributes.clone(), ..person("Left") };
        hire(&db, &[&eve, &robot, &left]).await;
        let [no, one] = &nobody();
        let everyone = ["Ada", "Ann", "Bob", "Cyd", "Eve", "Mia", "Oli", "Zoe"];
        for (key, names) in [
            (key::EVERYONE.to_owned(), &everyone[..]),
            (key::user(&here.zoe.id), &["Zoe"]),
            (key::user(&left.id), &[]),
            (key::user(&robot.id), &[]),
            (key::group(&here.ops.id), &["Oli"]),
            (key::group(&group("Nobody").id), &[]),
            (key::attribute("TEAM", "red  pandas"), &["Eve"]),
            (key::attribute("team", "blue pandas"), &[]),
            (key::role(Role::SuperAdmin), &["Ada"]),
            (key::role(Role::AccessRequestAdmin), &[]),
            (key::manages(&here.ann.id), &["Mia"]),
            (key::manages(&here.cyd.id), &[]),
            // Owners and admins are found through the keys of the users and groups that are meant.
            (key::owners(&here.github.id), &["Bob"]),
            (key::admins(&here.github.id), &["Oli"]),
            (key::admins(&here.jira.id), &["Cyd"]),
        ] {
            let keys = [key];
            assert_eq!(found(&db, &keys, [no, one], 100).await, names, "{}", keys[0]);
            assert_eq!(count(&db, &keys, [no, one], 100).await as usize, names.len(), "{}", keys[0]);
        }
    }

    /// I4: who asks or gets the access is never found; I5: a person whom several keys find counts once.
    async fn barred_people_are_left_out_and_nobody_counts_twice(db: TestStore) {
        let here = Company::found(&db).await;
        let [no, one] = &nobody();
        let keys =
            [key::user(&here.bob.id), key::owners(&here.github.id), key::group(&here.ops.id), key::manages(&here.mia.id)];
        assert_eq!(found(&db, &keys, [no, one], 100).await, ["Bob", "Cyd", "Oli"]);
        assert_eq!(found(&db, &keys, [no, one], 2).await, ["Bob", "Cyd"]);
        assert_eq!(found(&db, &keys, [&here.bob.id, no], 100).await, ["Cyd", "Oli"]);
        assert_eq!(found(&db, &keys, [no, &here.oli.id], 100).await, ["Bob", "Cyd"]);
        assert_eq!(found(&db, &[], [no, one], 100).await, Vec::<String>::new());
        for (barred, enough, counted) in [
            ([no, one], 100, 3),
            ([no, one], 3, 3),
            ([no, one], 2, 2),
            ([no, one], 1, 1),
            ([no, one], 0, 0),
            ([&here.bob.id, &here.oli.id], 100, 1),
            ([&here.bob.id, &here.bob.id], 100, 2),
        ] {
            assert_eq!(count(&db, &keys, barred, enough).await, counted, "{barred:?}, {enough} are enough");
        }
        let everyone = [key::EVERYONE.to_owned(), key::user(&here.ann.id)];
        assert_eq!(count(&db, &everyone, [&here.ann.id, no], 5).await, 5);
        assert_eq!(count(&db, &everyone, [&here.ann.id, no], 100).await, 6);
    }

    async fn each_has_some_of_many_keys(db: TestStore) {
        let here = Company::found(&db).await;
        let users: Vec<_> = here.people().map(|user| user.id.clone()).to_vec();
        let mut keys: Vec<_> = users.iter().map(key::user).collect();
        keys.extend([key::owners(&here.github.id), key::admins(&here.github.id), key::owners(&here.jira.id)]);
        keys.extend([key::role(Role::SuperAdmin), key::manages(&here.ann.id), "no such key".to_owned()]);
        let mut expected: BTreeMap<_, BTreeSet<_>> =
            users.iter().map(|id| (id.clone(), BTreeSet::from([key::user(id)]))).collect();
        for (user, key) in [
            (&here.bob, key::owners(&here.github.id)),
            (&here.oli, key::admins(&here.github.id)),
            (&here.cyd, key::owners(&here.jira.id)),
            (&here.ada, key::role(Role::SuperAdmin)),
            (&here.mia, key::manages(&here.ann.id)),
        ] {
            expected.entry(user.id.clone()).or_default().insert(key);
        }
        assert!(users.len() > 4 && keys.len() > 12, "more than one statement holds");
        read(&db, async |tx| {
            assert_eq!(user::keys_of(tx, &users, &keys).await?, expected);
            assert_eq!(user::keys_of(tx, &[], &keys).await?, BTreeMap::new());
            assert_eq!(user::keys_of(tx, &users, &[]).await?, BTreeMap::new());
            Ok(())
        })
        .await;
    }

    async fn owners_and_admins_of_any_app_are_app_admins(db: TestStore) {
        let here = Company::found(&db).await;
        let admins = [&here.bob, &here.oli, &here.cyd];
        for user in here.people() {
            let is = read(&db, async |tx| user::is_app_admin(tx, &user.id).await).await;
            assert_eq!(is, admins.iter().any(|admin| admin.id == user.id), "{}", user.name);
        }
        let wiki = app("Wiki", vec![Principal::User(here.zoe.id.clone())], vec![Principal::Group(here.ops.id.clone())]);
        write(&db, async |tx| store::app::create(tx, &wiki).await).await;
        assert!(read(&db, async |tx| user::is_app_admin(tx, &here.zoe.id).await).await);
    }
}
