//! Who may do what, and what others are told.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;
use testkit::on_both_databases;

use crate::world::{World, mail, operator, text};

on_both_databases! {
    /// T10: what somebody has no part in does not exist for him, whatever he does to it.
    async fn a_stranger_finds_nothing(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/write", "P7D").await;
        let task = world.task("mia", &request).await;
        world.approve("mia", &request).await;
        let work = world.task("dan", &request).await;
        let granted = world.post("dan", &format!("/tasks/{}/confirm", text(&work["id"])), json!({})).await.when(200);
        let size = world.log_size().await;
        let (id, number, grant) = (text(&request["id"]), text(&request["number"]), text(&granted["grant"]["id"]));
        for path in [format!("/requests/{id}"), format!("/requests/{number}"), format!("/tasks/{}", text(&task["id"]))] {
            world.get("zoe", &path).await.problem(404, "not-found");
        }
        for (path, body) in [
            (format!("/requests/{id}/comments"), json!({ "text": "hello" })),
            (format!("/requests/{id}/cancel"), json!({})),
            (format!("/requests/{id}/edit"), json!({ "duration": "8h" })),
            (format!("/tasks/{}/approve", text(&task["id"])), json!({ "digest": task["digest"] })),
            (format!("/tasks/{}/deny", text(&task["id"])), json!({ "digest": task["digest"] })),
            (format!("/tasks/{}/confirm", text(&work["id"])), json!({})),
            (format!("/grants/{grant}/revoke"), json!({})),
        ] {
            world.post("zoe", &path, body).await.problem(404, "not-found");
        }
        for path in ["/requests", "/tasks?state=all", "/grants", &format!("/requests?number={number}"), "/grants?user=eve@example.com"] {
            assert_eq!(world.get("zoe", path).await.when(200), json!({ "items": [], "next": null }), "{path}");
        }
        assert_eq!(world.log_size().await, size, "nothing changed");
        world.is_sound().await;
    }

    /// S3-9, S3-10, S0-13: for oneself, a manager for reports, the help desk for anyone; target and requester apart.
    async fn people_ask_for_themselves_managers_for_reports_and_the_help_desk_for_anyone(db: TestStore) {
        let world = World::new(db).await;
        let wanted = |who: &str| json!({
            "for": mail(who), "items": [{ "entitlement": "github/read" }], "justification": "New in the team",
        });
        world.post("eve", "/submissions", wanted("bob")).await.problem(403, "not-allowed");
        world.post("mia", "/submissions", wanted("zoe")).await.problem(403, "not-allowed");
        world.post("audrey", "/submissions", wanted("eve")).await.problem(403, "not-allowed");
        let problems = world.post("eve", "/preview", wanted("bob")).await.when(200);
        assert_eq!(problems["items"][0]["problems"][0]["field"], "for");
        let filed = world.post("mia", "/submissions", wanted("bob")).await.when(201);
        assert_eq!(filed["requests"][0]["subject"]["email"], "bob@example.com");
        assert_eq!(filed["requests"][0]["requester"]["email"], "mia@example.com");
        let filed = world.post("hugo", "/submissions", wanted("zoe")).await.when(201);
        assert_eq!(filed["requests"][0]["subject"]["email"], "zoe@example.com");
        assert_eq!(world.get("zoe", "/requests?subject=me").await.when(200)["items"].as_array().unwrap().len(), 1);
        world.is_sound().await;
    }

    /// S3-7, S3-3, S3-5, S3-6: what no catalog offers to a person is neither shown to him nor given.
    async fn hidden_things_are_neither_shown_nor_given(db: TestStore) {
        let world = World::new(db).await;
        let names = async |who: &str| {
            let seen = world.get(who, "/catalog/entitlements").await.when(200);
            seen["items"].as_array().unwrap().iter().map(|item| text(&item["name"]).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("eve").await, ["Chat Access", "Github Deploy", "Github Read", "Github Write"]);
        assert_eq!(names("zoe").await, ["Chat Access", "Crm Leads", "Github Deploy", "Github Read", "Github Write"]);
        for key in ["github/hidden", "crm/leads", "github/none", "nothing"] {
            let asked = json!({ "items": [{ "entitlement": key, "duration": "P7D" }], "justification": "Please" });
            let refused = world.post("eve", "/submissions", asked).await.problem(403, "not-requestable");
            assert!(refused.get("request").is_none());
        }
        world.is_sound().await;
    }

    /// S2-22: an approver cannot set up and an app admin cannot approve; the API refuses too, and the attempt is recorded (I43).
    async fn offered_actions_depend_on_the_role(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/write", "P7D").await;
        let task = world.task("mia", &request).await;
        assert_eq!(task["actions"], json!(["approve", "deny", "edit", "comment"]));
        let approve = format!("/tasks/{}/approve", text(&task["id"]));
        world.post("dan", &approve, json!({ "digest": task["digest"] })).await.problem(403, "not-allowed");
        world.post("eve", &approve, json!({ "digest": task["digest"] })).await.problem(403, "not-allowed");
        world.approve("mia", &request).await;
        let seen = world.get("mia", &format!("/requests/{}", text(&request["id"]))).await.when(200);
        assert!(!seen["actions"].as_array().unwrap().contains(&json!("confirm")));
        let work = world.task("dan", &request).await;
        assert_eq!(work["actions"], json!(["confirm", "deny_provisioning", "edit", "comment"]));
        let confirm = format!("/tasks/{}/confirm", text(&work["id"]));
        world.post("mia", &confirm, json!({})).await.problem(403, "not-allowed");
        world.post("eve", &confirm, json!({})).await.problem(403, "not-allowed");
        let refused = world.trail(&request).await.into_iter().filter(|kind| kind == "request.refused").count();
        assert_eq!(refused, 4);
        world.is_sound().await;
    }

    /// S2-1, I54: the configuration and the log are for those whose roles say so.
    async fn the_configuration_and_the_log_need_a_role(db: TestStore) {
        let world = World::new(db).await;
        for path in ["/users", "/groups", "/apps", "/entitlements", "/catalogs", "/policies", "/events"] {
            world.get("eve", path).await.problem(403, "not-allowed");
            world.get("audrey", path).await.when(200);
        }
        let group = json!({ "name": "Auditors" });
        world.post("audrey", "/groups", group.clone()).await.problem(403, "not-allowed");
        world.post("hugo", "/groups", group.clone()).await.problem(403, "not-allowed");
        let reply = world.post("sam", "/groups", group).await;
        let place = reply.headers["location"].to_str().unwrap().to_owned();
        let made = reply.when(201);
        assert_eq!(world.get("sam", place.strip_prefix("/api/v1").unwrap()).await.when(200), made);
        let me = world.get("dan", "/me").await.when(200);
        assert_eq!(me["roles"], json!(["requester", "app_admin"]));
        world.is_sound().await;
    }

    /// T27, T29: a token in its header and nothing else; a cookie never counts here.
    async fn only_a_bearer_token_signs_in(db: TestStore) {
        let world = World::new(db).await;
        let session = world.app.sign_in(&mail("eve"), "test", "test").await.unwrap();
        let me = |name: &'static str, value: String| {
            Request::builder().uri("/api/v1/me").header(name, value).body(Body::empty()).unwrap()
        };
        for request in [
            Request::builder().uri("/api/v1/me").body(Body::empty()).unwrap(),
            me("authorization", "Bearer kf_nothing".to_owned()),
            me("authorization", "Basic ZXZlOmV2ZQ==".to_owned()),
            me("authorization", format!("Bearer {session}")),
            me("cookie", format!("__Host-keyfob={session}")),
        ] {
            let reply = world.send(request).await;
            assert_eq!(reply.headers["www-authenticate"], "Bearer");
            reply.problem(401, "not-signed-in");
        }
        let twice = world.call("eve", Method::GET, "/me").header("authorization", "Bearer kf_other");
        world.send(twice.body(Body::empty()).unwrap()).await.problem(401, "not-signed-in");
        world.is_sound().await;
    }

    /// I52: a token can do no more than its scopes, and no more than its owner.
    async fn a_token_is_limited_to_its_scopes(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/write", "P7D").await;
        let task = world.task("mia", &request).await;
        let call = async |scopes: &[&str], method: Method, path: &str, body: String| {
            let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
            let token = world.app.create_token(&operator(), &mail("mia"), scopes).await.unwrap();
            let call = Request::builder().method(method).uri(format!("/api/v1{path}"));
            let call = call.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
            world.send(call.body(Body::from(body)).unwrap()).await
        };
        let approve = format!("/tasks/{}/approve", text(&task["id"]));
        let answer = json!({ "digest": task["digest"] }).to_string();
        call(&["read"], Method::POST, &approve, answer.clone()).await.problem(403, "not-allowed");
        call(&["decide"], Method::GET, "/tasks", String::new()).await.problem(403, "not-allowed");
        call(&["configure"], Method::POST, "/groups", "{}".to_owned()).await.problem(403, "not-allowed");
        call(&["read"], Method::GET, "/tasks", String::new()).await.when(200);
        call(&["decide", "read"], Method::POST, &approve, answer).await.when(200);
        let unknown = world.app.create_token(&operator(), &mail("mia"), vec!["everything".to_owned()]).await;
        assert!(unknown.is_err());
        world.is_sound().await;
    }

    /// The door of a call is kept: the command line says that it is one, nobody can pretend to be another.
    async fn a_call_comes_through_its_door(db: TestStore) {
        let world = World::new(db).await;
        for (who, door, kept) in [("eve", "cli", "cli"), ("bob", "web", "api"), ("mia", "system", "api")] {
            let body = json!({ "items": [{ "entitlement": "github/read" }], "justification": "" }).to_string();
            let call = world.call(who, Method::POST, "/submissions").header("keyfob-door", door);
            let call = call.header("content-type", "application/json").body(Body::from(body)).unwrap();
            assert_eq!(world.send(call).await.when(201)["requests"][0]["door"], kept);
        }
        world.is_sound().await;
    }
}
