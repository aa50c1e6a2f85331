//! Lists: what they hold, in which order, page by page.

use domain::Span;
use serde_json::{Value, json};
use testkit::on_both_databases;

use crate::world::{World, text};

/// Every item of a list, read one page after the other.
async fn all(world: &World, who: &str, path: &str, page: &str) -> Vec<Value> {
    let sign = if path.contains('?') { '&' } else { '?' };
    let mut items = Vec::new();
    let mut next = String::new();
    loop {
        let found = world.get(who, &format!("{path}{sign}limit=2{next}")).await.when(200);
        let part = found["items"].as_array().unwrap();
        assert!(part.len() <= 2);
        items.extend(part.clone());
        match found["next"].as_str() {
            Some(cursor) => next = format!("&{page}={cursor}"),
            None => return items,
        }
    }
}

fn each(items: &[Value], member: &str) -> Vec<String> {
    items.iter().map(|item| text(item.pointer(member).unwrap()).to_owned()).collect()
}

on_both_databases! {
    /// Every list of the API comes in pages that together hold everything once, in a fixed order.
    async fn pages_together_hold_everything_once(db: TestStore) {
        let world = World::new(db).await;
        for who in ["eve", "bob", "mia", "zoe", "gus"] {
            world.file(who, "github/write", "P7D").await;
        }
        for path in ["/requests", "/tasks", "/users", "/groups", "/apps", "/entitlements", "/catalogs", "/policies"] {
            let whole = world.get("sam", &format!("{path}?limit=200")).await.when(200);
            assert_eq!(whole["next"], json!(null));
            assert_eq!(all(&world, "sam", path, "cursor").await, *whole["items"].as_array().unwrap(), "{path}");
        }
        let whole = world.get("audrey", "/events?limit=200").await.when(200);
        assert_eq!(all(&world, "audrey", "/events", "after").await, *whole["items"].as_array().unwrap());
        let whole = world.get("zoe", "/catalog/entitlements").await.when(200);
        assert_eq!(all(&world, "zoe", "/catalog/entitlements", "cursor").await, *whole["items"].as_array().unwrap());
        world.is_sound().await;
    }

    /// S2-13: one's own requests, the newest first, and by every filter.
    async fn requests_are_found_by_what_they_are(db: TestStore) {
        let world = World::new(db).await;
        let first = world.file("eve", "github/write", "P7D").await;
        let second = world.file("eve", "chat/access", "P7D").await;
        world.file("bob", "github/write", "P7D").await;
        world.approve("mia", &first).await;
        let numbers = async |who: &str, filter: &str| {
            let found = world.get(who, &format!("/requests?{filter}")).await.when(200);
            each(found["items"].as_array().unwrap(), "/number")
        };
        assert_eq!(numbers("eve", "").await, [text(&second["number"]), text(&first["number"])]);
        for (who, filter, count) in [
            ("mia", "", 3),
            ("sam", "subject=eve@example.com", 2),
            ("sam", "subject=me", 0),
            ("eve", "requester=me", 2),
            ("sam", "app=github", 2),
            ("sam", "entitlement=github/write&approval=pending", 1),
            ("sam", "approval=approved&fulfilment=manual", 1),
            ("sam", "fulfilment=provisioning", 0),
            ("sam", "approval=needs_form", 0),
            ("sam", "number=KF-999999", 0),
        ] {
            assert_eq!(numbers(who, filter).await.len(), count, "{who} {filter}");
        }
        assert_eq!(numbers("eve", &format!("number={}", text(&first["number"]))).await, [text(&first["number"])]);
        world.is_sound().await;
    }

    /// S2-15, S2-16: open tasks of mine, by kind, request and state; what is done is out of the way.
    async fn tasks_are_mine_until_they_are_done(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/write", "P7D").await;
        world.file("bob", "github/write", "P7D").await;
        let count = async |who: &str, filter: &str| {
            world.get(who, &format!("/tasks?{filter}")).await.when(200)["items"].as_array().unwrap().len()
        };
        assert_eq!((count("mia", "assignee=me").await, count("eve", "assignee=me").await), (2, 0));
        world.approve("mia", &request).await;
        assert_eq!(count("mia", "assignee=me&state=open").await, 1);
        assert_eq!(count("dan", "assignee=me&kind=provisioning").await, 1);
        assert_eq!(count("dan", "assignee=me&kind=approval").await, 0);
        assert_eq!(count("sam", &format!("request={}&state=all", text(&request["id"]))).await, 2);
        assert_eq!(count("sam", &format!("request={}&state=done", text(&request["number"]))).await, 1);
        assert_eq!(count("sam", "request=KF-999999").await, 0);
        world.is_sound().await;
    }

    /// S3-12, S3-13: what one holds, what ends first on top; and the catalog by state.
    async fn what_one_holds_and_may_ask_for(db: TestStore) {
        let world = World::new(db).await;
        for (key, length) in [("github/write", "P30D"), ("github/read", "PT8H"), ("chat/access", "P7D")] {
            let request = world.file("eve", key, length).await;
            world.approve("mia", &request).await;
            if key != "chat/access" {
                let work = world.task("dan", &request).await;
                world.post("dan", &format!("/tasks/{}/confirm", text(&work["id"])), json!({})).await.when(200);
            }
            world.work().await;
            world.store.clock.advance(Span::from_seconds(1));
        }
        world.file("eve", "github/deploy", "P7D").await;
        let names = async |path: &str| {
            let found = world.get("eve", path).await.when(200);
            let items = found["items"].as_array().unwrap().clone();
            items.iter().map(|item| text(item.pointer("/entitlement/slug").unwrap_or(&item["slug"])).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("/grants?user=me&sort=ends_at").await, ["read", "access", "write"]);
        assert_eq!(names("/grants?user=me").await, ["access", "read", "write"]);
        assert_eq!(names("/grants?app=github&entitlement=github/read&state=active").await, ["read"]);
        assert_eq!(names("/catalog/entitlements?state=held").await, ["access", "read", "write"]);
        assert_eq!(names("/catalog/entitlements?state=held_expiring,pending").await, ["access", "deploy", "read"]);
        assert_eq!(names("/catalog/entitlements?state=requestable").await, Vec::<String>::new());
        assert_eq!(names("/catalog/entitlements?app=github&query=WRI").await, ["write"]);
        assert_eq!(all(&world, "eve", "/grants?sort=ends_at", "cursor").await.len(), 3);
        assert_eq!(all(&world, "eve", "/grants", "cursor").await.len(), 3);
        world.is_sound().await;
    }

    /// S2-29, I43: the log by kind, person, thing and words, each event with its leaf.
    async fn events_are_found_by_what_happened(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/write", "P7D").await;
        world.approve("mia", &request).await;
        let count = async |filter: &str| {
            world.get("audrey", &format!("/events?limit=200&{filter}")).await.when(200)["items"].as_array().unwrap().len()
        };
        assert_eq!(count("kind=request.submitted").await, 1);
        assert_eq!(count("actor=mia@example.com").await, 3);
        assert_eq!(count("subject=eve@example.com&kind=request.approved").await, 1);
        assert_eq!(count("entitlement=github/write&query=friday").await, 1);
        assert_eq!(count("query=nobody-said-this").await, 0);
        let found = world.get("audrey", "/events?kind=request.submitted").await.when(200);
        let event = &found["items"][0];
        assert_eq!(text(&event["leaf"]).len(), 64);
        assert_eq!((&event["actor"]["email"], &event["door"]), (&json!("eve@example.com"), &json!("api")));
        assert_eq!(event["texts"]["justification"], "Release on Friday");
        assert!(!event["detail"].to_string().contains("Friday"), "the leaf holds a commitment, never the text");
        world.is_sound().await;
    }

    /// S2-2: what an administrator creates is found again, by id and by natural key.
    async fn what_is_created_is_found_again(db: TestStore) {
        let world = World::new(db).await;
        let user = json!({ "email": "new@example.com", "name": "New", "manager": "mia@example.com", "roles": ["auditor"] });
        let app = json!({ "slug": "wiki", "name": "Wiki", "owners": ["olga@example.com"], "admins": ["dan@example.com"] });
        let entitlement = json!({ "app": "wiki", "slug": "edit", "name": "Edit", "kind": "role" });
        let catalog = json!({ "slug": "wiki", "name": "Wiki", "audience": "everyone", "entitlements": ["wiki/edit"], "state": "published" });
        let steps = json!([{ "kind": "approval", "name": "Owner", "approvers": ["app_owners"] }]);
        let policy = json!({ "name": "Owner", "rules": [{ "name": "All", "steps": steps }] });
        for (path, body, key) in [
            ("/users", user, Some("new@example.com")), ("/apps", app, Some("wiki")),
            ("/entitlements", entitlement, Some("wiki%2Fedit")), ("/catalogs", catalog, None), ("/policies", policy.clone(), None),
        ] {
            let reply = world.post("sam", path, body).await;
            let place = reply.headers["location"].to_str().unwrap().to_owned();
            let made = reply.when(201);
            assert_eq!(place, format!("/api/v1{path}/{}", text(&made["id"])));
            for id in [Some(text(&made["id"])), key].into_iter().flatten() {
                assert_eq!(world.get("sam", &format!("{path}/{id}")).await.when(200), made);
            }
        }
        let second = world.post("sam", "/policies", policy).await.when(201);
        assert_eq!(second["version"], 2, "saving makes a new version");
        world.file("eve", "wiki/edit", "P7D").await;
        world.is_sound().await;
    }
}
