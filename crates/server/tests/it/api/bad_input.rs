//! What is not well formed is refused with a sentence that says what to do, and changes nothing.

use axum::body::Body;
use axum::http::Method;
use domain::permission::TABLE;
use serde_json::{Value, json};
use testkit::on_both_databases;

use crate::world::{World, text};

/// A submission with one member set to something else.
fn with(member: &str, value: Value) -> Value {
    let mut asked =
        json!({ "items": [{ "entitlement": "github/write", "duration": "P7D" }], "justification": "Release" });
    asked[member] = value;
    asked
}

/// A submission of one item.
fn item(item: Value) -> Value {
    with("items", json!([item]))
}

on_both_databases! {
    /// T9: no call takes a member that is not its own, so nothing can be set that is decided here.
    async fn every_call_refuses_members_that_it_does_not_know(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/write", "P7D").await;
        let task = world.task("mia", &request).await;
        let size = world.log_size().await;
        let calls = TABLE.iter().filter_map(|row| row.name.strip_prefix("POST /api/v1"));
        for path in calls {
            let id = if path.starts_with("/tasks") { &task["id"] } else { &request["id"] };
            let path = path.replace("{id}", text(id));
            for member in ["status", "approval", "approvers"] {
                let mut body = json!({});
                body[member] = json!("approved");
                assert_eq!(world.post("sam", &path, body).await.fields(), [member], "{path}");
            }
        }
        for (body, field) in [
            (with("status", json!("approved")), "status"),
            (item(json!({ "entitlement": "github/write", "ends_at": "2030-01-01T00:00:00Z" })), "items[0].ends_at"),
        ] {
            assert_eq!(world.post("eve", "/submissions", body).await.fields(), [field]);
        }
        assert_eq!(world.log_size().await, size);
        world.is_sound().await;
    }

    /// Wrong types, missing and doubled members, and text that is no JSON are named.
    async fn what_does_not_fit_is_named(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("bob", "github/write", "P7D").await;
        let task = world.task("mia", &request).await;
        let size = world.log_size().await;
        let (comments, approve) =
            (format!("/requests/{}/comments", text(&request["id"])), format!("/tasks/{}/approve", text(&task["id"])));
        for (who, path, body, field) in [
            ("eve", "/submissions", with("items", json!(5)).to_string(), "items"),
            ("eve", "/submissions", with("items", json!([["github/write"]])).to_string(), "items[0]"),
            ("eve", "/submissions", with("justification", json!(null)).to_string(), "justification"),
            ("eve", "/submissions", item(json!({ "entitlement": "github/write", "duration": 8 })).to_string(), "items[0].duration"),
            ("eve", "/submissions", item(json!({ "duration": "8h" })).to_string(), "items[0].entitlement"),
            ("eve", "/submissions", with("items", json!([])).to_string(), "items"),
            ("eve", "/submissions", "{\"items\":[],\"items\":[]}".to_owned(), "items"),
            ("eve", "/submissions", "{\"items\":".to_owned(), "body"),
            ("eve", "/submissions", "{} {}".to_owned(), "body"),
            ("eve", "/submissions", "[]".to_owned(), "body"),
            ("eve", "/submissions", format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000)), "body"),
            ("bob", comments.as_str(), "{}".to_owned(), "text"),
            ("bob", comments.as_str(), json!({ "text": " " }).to_string(), "text"),
            ("mia", approve.as_str(), "{}".to_owned(), "digest"),
            ("mia", approve.as_str(), String::new(), "digest"),
        ] {
            assert_eq!(world.post_text(who, path, &body).await.fields(), [field], "{body}");
        }
        assert_eq!(world.log_size().await, size);
        world.is_sound().await;
    }

    /// S0-16, S2-11: a reason is text of at most 8 KiB that can be seen, and there has to be one.
    async fn a_reason_is_needed_and_readable(db: TestStore) {
        let world = World::new(db).await;
        let size = world.log_size().await;
        for bad in ["", "   ", "a\u{202e}b", "a\u{7}b", "a\u{0}b", "a\u{2066}b", &"x".repeat(8 * 1024 + 1)] {
            let reply = world.post("eve", "/submissions", with("justification", json!(bad))).await;
            assert_eq!(reply.fields(), ["justification"], "{bad:?}");
        }
        assert_eq!(world.log_size().await, size);
        let longest = "ä".repeat(4 * 1024);
        let filed = world.post("eve", "/submissions", with("justification", json!(longest))).await.when(201);
        assert_eq!(filed["requests"][0]["justification"], longest);
        world.is_sound().await;
    }

    /// S0-15, S3-19, S3-21: only allowed lengths are accepted, and until and duration are one or the other.
    async fn only_allowed_lengths_are_accepted(db: TestStore) {
        let world = World::new(db).await;
        let size = world.log_size().await;
        let wanted = |length: Value| {
            let mut wanted = json!({ "entitlement": "github/write" });
            wanted.as_object_mut().unwrap().extend(length.as_object().unwrap().clone());
            item(wanted)
        };
        for (length, field) in [
            (json!({ "duration": "P31D" }), "items[0].duration"),
            (json!({ "duration": "unlimited" }), "items[0].duration"),
            (json!({ "duration": null }), "items[0].duration"),
            (json!({}), "items[0].duration"),
            (json!({ "duration": "soon" }), "items[0].duration"),
            (json!({ "duration": "P1M" }), "items[0].duration"),
            (json!({ "duration": "-8h" }), "items[0].duration"),
            (json!({ "until": "2026-01-05T08:59:59Z" }), "items[0].duration"),
            (json!({ "until": "tomorrow" }), "items[0].until"),
            (json!({ "duration": "8h", "until": "2026-01-06T09:00:00Z" }), "items[0].until"),
            (json!({ "duration": "8h", "starts": "2026-01-05T08:00:00Z" }), "items[0].starts"),
        ] {
            assert_eq!(world.post("eve", "/submissions", wanted(length.clone())).await.fields(), [field], "{length}");
        }
        assert_eq!(world.log_size().await, size);
        for (who, length, kept) in [("eve", json!({ "duration": "7d" }), "P7D"), ("bob", json!({ "duration": "PT36H" }), "P1DT12H")] {
            let filed = world.post(who, "/submissions", wanted(length)).await.when(201);
            assert_eq!(filed["requests"][0]["duration"], kept);
        }
        let until = json!({ "until": "2026-01-06T10:00:00+01:00" });
        let filed = world.post("mia", "/submissions", wanted(until)).await.when(201);
        assert_eq!(filed["requests"][0]["until"], "2026-01-06T09:00:00Z");
        world.is_sound().await;
    }

    /// S2-5: one bad item refuses the whole submission and names each.
    async fn one_bad_item_refuses_all_and_names_each(db: TestStore) {
        let world = World::new(db).await;
        world.file("eve", "chat/access", "P7D").await;
        let size = world.log_size().await;
        let items = json!([
            { "entitlement": "github/read" },
            { "entitlement": "github/write", "duration": "P60D" },
            { "entitlement": "github/hidden" },
            { "entitlement": "chat/access" },
            { "entitlement": "github/read" },
        ]);
        let refused = world.post("eve", "/submissions", with("items", items.clone())).await.fields();
        assert_eq!(refused, ["items[1].duration", "items[2].entitlement", "items[3].entitlement", "items[4].entitlement"]);
        let seen = world.post("eve", "/preview", with("items", items)).await.when(200);
        assert_eq!(seen["items"][0]["problems"], json!([]));
        assert_eq!(seen["items"][1]["problems"][0]["field"], "items[1].duration");
        assert_eq!(seen["items"][2]["entitlement"], json!(null), "what may not be seen is not shown");
        assert_eq!(world.log_size().await, size);
        world.is_sound().await;
    }

    /// A character that no database holds is refused at the door, wherever it is.
    async fn the_character_nul_is_refused_everywhere(db: TestStore) {
        let world = World::new(db).await;
        let asked = item(json!({ "entitlement": "github\u{0}/write", "duration": "8h" }));
        assert_eq!(world.post("eve", "/submissions", asked).await.fields(), ["items[0].entitlement"]);
        assert_eq!(world.post("eve", "/submissions", with("for", json!("eve\u{0}"))).await.fields(), ["for"]);
        let attributes = json!({ "email": "x@example.com", "name": "X", "attributes": { "a\u{0}": "b" } });
        assert_eq!(world.post("sam", "/users", attributes).await.fields(), ["attributes"]);
        for (path, field) in [
            ("/requests?subject=eve%00", "subject"), ("/events?kind=%00", "kind"), ("/catalog/entitlements?query=%00", "query"),
            ("/catalog/entitlements?cursor=AAo", "cursor"), ("/users?cursor=AAo", "cursor"), ("/grants?cursor=1.%00", "cursor"),
        ] {
            assert_eq!(world.get("sam", path).await.fields(), [field], "{path}");
        }
        for path in ["/users/%00", "/apps/%00", "/entitlements/a%00%2Fb", "/requests/%00", "/tasks/%00", "/requests/%ff"] {
            world.get("sam", path).await.problem(404, "not-found");
        }
        world.is_sound().await;
    }

    /// Filters that are unknown, doubled or none of the choices are named, not ignored.
    async fn filters_are_checked(db: TestStore) {
        let world = World::new(db).await;
        for (path, field) in [
            ("/requests?approver=mia", "approver"),
            ("/requests?limit=1&limit=2", "limit"),
            ("/requests?limit=0", "limit"),
            ("/requests?limit=201", "limit"),
            ("/requests?limit=many", "limit"),
            ("/requests?cursor=x", "cursor"),
            ("/requests?approval=yes", "approval"),
            ("/requests?fulfilment=done", "fulfilment"),
            ("/requests?subject=nobody@example.com", "subject"),
            ("/requests?app=none", "app"),
            ("/requests?entitlement=github/none", "entitlement"),
            ("/tasks?assignee=mia@example.com", "assignee"),
            ("/tasks?kind=work", "kind"),
            ("/tasks?state=late", "state"),
            ("/tasks?cursor=x", "cursor"),
            ("/grants?state=gone", "state"),
            ("/grants?sort=name", "sort"),
            ("/catalog/entitlements?state=requestable,lost", "state"),
            ("/catalog/entitlements?cursor=!", "cursor"),
            ("/events?after=x", "after"),
            ("/events?actor=nobody", "actor"),
            ("/users?query=eve", "query"),
        ] {
            assert_eq!(world.get("sam", path).await.fields(), [field], "{path}");
        }
        world.is_sound().await;
    }

    /// T35: a body of more than 256 KiB is not read, and what is no JSON by its type is not parsed.
    async fn a_body_has_a_type_and_a_limit(db: TestStore) {
        let world = World::new(db).await;
        let body = with("justification", json!("x".repeat(256 * 1024))).to_string();
        let refused = world.post_text("eve", "/submissions", &body).await.problem(413, "too-large");
        assert!(text(&refused["detail"]).contains("256 KiB"));
        let fits = format!("{}{}", " ".repeat(256 * 1024 - 2), "{}");
        assert_eq!(world.post_text("eve", "/submissions", &fits).await.fields(), ["items"]);
        for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("multipart/form-data")] {
            let mut call = world.call("eve", Method::POST, "/submissions");
            if let Some(kind) = kind {
                call = call.header("content-type", kind);
            }
            let reply = world.send(call.body(Body::from(with("for", json!("eve")).to_string())).unwrap()).await;
            reply.problem(415, "unsupported-media-type");
        }
        let call = world.call("eve", Method::POST, "/preview").header("content-type", "Application/JSON; charset=utf-8");
        world.send(call.body(Body::from(with("for", json!("eve@example.com")).to_string())).unwrap()).await.when(200);
        world.is_sound().await;
    }

    /// S2-9, S2-10, I8: stale digests, other people's answers and unknown ids change nothing but leave their mark.
    async fn stale_answers_change_nothing_and_are_recorded(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/write", "P7D").await;
        let task = world.task("mia", &request).await;
        let approve = format!("/tasks/{}/approve", text(&task["id"]));
        for digest in ["", "0", &"0".repeat(64), &text(&task["digest"]).to_uppercase()] {
            let stale = world.post("mia", &approve, json!({ "digest": digest })).await.problem(409, "stale-digest");
            assert_eq!(stale["request"], request["id"]);
        }
        let trail = world.trail(&request).await;
        assert_eq!(trail, ["request.submitted", "request.refused", "request.refused", "request.refused", "request.refused"]);
        let nothing = "/tasks/tsk_00000000000000000000000000/approve";
        world.post("mia", nothing, json!({ "digest": task["digest"] })).await.problem(404, "not-found");
        let seen = world.get("mia", &format!("/requests/{}", text(&request["id"]))).await.when(200);
        assert_eq!((&seen["approval"], &seen["revision"]), (&json!("pending"), &json!(1)));
        world.is_sound().await;
    }

    /// The configuration is checked field by field, all at once.
    async fn the_configuration_is_checked_field_by_field(db: TestStore) {
        let world = World::new(db).await;
        let size = world.log_size().await;
        for (path, body, fields) in [
            ("/users", json!({ "email": "none", "name": "", "roles": ["king"] }), &["email", "name", "roles[0]"][..]),
            ("/users", json!({ "email": "EVE@example.com", "name": "Eve" }), &["email"]),
            ("/users", json!({ "email": "x@example.com", "name": "X", "kind": "robot", "manager": "nobody" }), &["kind", "manager"]),
            ("/groups", json!({ "name": "Security" }), &["name"]),
            ("/groups", json!({ "name": "X", "members": ["nobody@example.com"] }), &["members[0]"]),
            ("/apps", json!({ "slug": "GitHub", "name": "x", "owners": [], "admins": ["nobody"] }), &["slug", "owners", "admins[0]"]),
            ("/apps", json!({ "slug": "x", "name": "x", "owners": ["eve@example.com"], "admins": ["eve@example.com"],
                "url": "javascript:alert(1)", "connector": "magic", "settings": { "max": 1 } }), &["connector", "url", "settings"]),
            ("/entitlements", json!({ "app": "none", "slug": "a b", "name": "x", "kind": "thing" }), &["app", "slug", "kind"]),
            ("/catalogs", json!({ "slug": "x", "name": "x", "audience": "all", "entitlements": ["a/b"] }), &["audience", "entitlements[0]"]),
            ("/policies", json!({ "name": "x", "rules": [] }), &["rules"]),
            ("/policies", json!({ "name": "x", "rules": [{ "name": "x", "steps": [] }] }), &["rules[0].steps"]),
            ("/policies", json!({ "name": "x", "rules": [{ "name": "x", "then": [] }] }), &["rules"]),
        ] {
            assert_eq!(world.post("sam", path, body.clone()).await.fields(), fields, "{body}");
        }
        assert_eq!(world.log_size().await, size);
        world.is_sound().await;
    }
}
