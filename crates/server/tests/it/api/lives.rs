//! Whole lives of requests, as a program sees them.

use domain::Span;
use serde_json::json;
use testkit::on_both_databases;

use crate::world::{World, text};

on_both_databases! {
    /// S2-30, S0-18, S0-28, S0-30, S0-31, S1-27, S2-28, S2-29: asked, approved by the manager, set up by hand, over by itself.
    async fn github_write_access_from_the_request_to_its_end(db: TestStore) {
        let world = World::new(db).await;
        let asked = json!({
            "items": [{ "entitlement": "github/write", "duration": "8h" }], "justification": "Release on Friday",
        });
        let reply = world.post("eve", "/submissions", asked).await;
        let place = reply.headers["location"].to_str().unwrap().to_owned();
        let filed = reply.when(201);
        let request = filed["requests"][0].clone();
        assert_eq!(place, format!("/api/v1/requests/{}", text(&request["id"])));
        assert_eq!(request["submission"], filed["id"]);
        assert_eq!((&request["approval"], &request["fulfilment"]), (&json!("pending"), &json!(null)));
        assert_eq!((&request["kind"], &request["door"], &request["duration"]), (&json!("grant"), &json!("api"), &json!("PT8H")));
        assert_eq!(request["justification"], "Release on Friday");
        assert_eq!(request["steps"][0]["approvers"][0]["email"], "mia@example.com");
        assert_eq!(request["actions"], json!(["edit", "comment", "cancel"]));
        let seen = world.get("eve", "/catalog/entitlements?query=write").await.when(200);
        assert_eq!((&seen["items"][0]["state"], &seen["items"][0]["request"]), (&json!("pending"), &request["id"]));

        let approved = world.approve("mia", &request).await;
        assert_eq!((&approved["approval"], &approved["fulfilment"]), (&json!("approved"), &json!("manual")));
        assert_eq!(approved["grant"], json!(null), "approval is no access");
        assert_eq!(approved["status"], "Approved, waiting for the app admin");

        let task = world.task("dan", &request).await;
        assert_eq!((&task["kind"], &task["url"]), (&json!("provisioning"), &json!("https://github.example.com/admin")));
        assert_eq!(task["instructions"], "Add the account, then confirm.");
        world.store.clock.advance(Span::from_hours(3));
        let confirm = json!({ "comment": "Account made", "given": { "role": "Writer" } });
        let path = format!("/tasks/{}/confirm", text(&task["id"]));
        let granted = world.post("dan", &path, confirm).await.when(200);
        assert_eq!((&granted["fulfilment"], &granted["grant"]["state"]), (&json!("granted"), &json!("active")));
        assert_eq!(granted["grant"]["starts_at"], "2026-01-05T12:00:00Z");
        assert_eq!(granted["grant"]["ends_at"], "2026-01-05T20:00:00Z", "the clock starts when access is in place");

        let held = world.get("eve", "/grants?user=me&state=active").await.when(200);
        assert_eq!(held["items"][0]["request"], request["id"]);
        world.pass(Span::from_hours(8)).await;
        let ending = world.get("eve", "/grants?user=me").await.when(200);
        assert_eq!(ending["items"][0]["state"], "ending");
        let removal = world.task("dan", &request).await;
        assert_eq!(removal["kind"], "deprovisioning");
        world.post("dan", &format!("/tasks/{}/confirm", text(&removal["id"])), json!({})).await.when(200);
        let over = world.get("eve", &format!("/requests/{}", text(&request["number"]))).await.when(200);
        assert_eq!((&over["fulfilment"], &over["grant"]["state"]), (&json!("granted"), &json!("revoked_unverified")));
        let seen = world.get("eve", "/catalog/entitlements?query=write").await.when(200);
        assert_eq!(seen["items"][0]["state"], "requestable");
        let trail = [
            "request.submitted", "request.approved", "request.authorised", "request.assigned", "request.confirmed",
            "request.granted", "grant.ending", "grant.removal_assigned", "grant.revoked",
        ];
        assert_eq!(world.trail(&request).await, trail);
        world.is_sound().await;
    }

    /// A connector sets access up; giving it back early is one call and a request of its own.
    async fn access_by_a_connector_is_given_back_early(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "chat/access", "P30D").await;
        let approved = world.approve("mia", &request).await;
        assert_eq!(approved["fulfilment"], "queued");
        world.work().await;
        let granted = world.get("eve", &format!("/requests/{}", text(&request["id"]))).await.when(200);
        assert_eq!((&granted["fulfilment"], &granted["grant"]["actions"]), (&json!("granted"), &json!(["revoke"])));
        let path = format!("/grants/{}/revoke", text(&granted["grant"]["id"]));
        let removal = world.post("eve", &path, json!({ "reason": "No longer needed" })).await.when(200);
        assert_eq!((&removal["kind"], &removal["fulfilment"]), (&json!("revoke"), &json!("revoking")));
        world.work().await;
        let removal = world.get("eve", &format!("/requests/{}", text(&removal["id"]))).await.when(200);
        assert_eq!((&removal["fulfilment"], &removal["grant"]["state"]), (&json!("revoked"), &json!("revoked")));
        let again = world.post("eve", &path, json!({})).await.problem(409, "already-decided");
        assert!(text(&again["detail"]).contains("ended"));
        world.is_sound().await;
    }

    /// S2-8, S2-20, S2-23: a denial ends the request, and where a comment is required there is none without.
    async fn a_denial_needs_its_comment(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/deploy", "P7D").await;
        let task = world.task("gus", &request).await;
        assert_eq!(task["comment_required"], json!(["deny", "deny_provisioning"]));
        let path = format!("/tasks/{}/deny", text(&task["id"]));
        assert_eq!(world.post("gus", &path, json!({ "digest": task["digest"] })).await.fields(), ["comment"]);
        let denied = world.post("gus", &path, json!({ "digest": task["digest"], "comment": "Ask the owner" })).await;
        let denied = denied.when(200);
        assert_eq!((&denied["approval"], &denied["status"]), (&json!("denied"), &json!("Denied")));
        assert_eq!(denied["steps"][0]["decisions"][0]["comment"], "Ask the owner");
        assert_eq!(world.trail(&request).await, ["request.submitted", "request.refused", "request.denied"]);
        world.is_sound().await;
    }

    /// S1-22, I2, T7: an edit makes a new digest, and an answer to the old one does not count.
    async fn an_answer_to_what_was_shown_before_an_edit_does_not_count(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/write", "P7D").await;
        let shown = world.task("mia", &request).await;
        let edited = world.post("eve", &format!("/requests/{}/edit", text(&request["id"])), json!({ "duration": "8h" })).await;
        let edited = edited.when(200);
        assert_eq!((&edited["revision"], &edited["duration"]), (&json!(2), &json!("PT8H")));
        assert_ne!(edited["digest"], request["digest"]);
        let path = format!("/tasks/{}/approve", text(&shown["id"]));
        let stale = world.post("mia", &path, json!({ "digest": shown["digest"] })).await.problem(409, "stale-digest");
        assert_eq!(stale["request"], request["id"]);
        let void = world.get("mia", &format!("/tasks/{}", text(&shown["id"]))).await.when(200);
        assert_eq!((&void["state"], &void["actions"]), (&json!("void"), &json!([])));
        let approved = world.approve("mia", &request).await;
        assert_eq!(approved["approval"], "approved");
        world.is_sound().await;
    }

    /// S1-34: whoever has a part in a request can say something; the reply is the comment.
    async fn a_comment_is_kept_with_its_door(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/write", "P7D").await;
        let path = format!("/requests/{}/comments", text(&request["number"]));
        let reply = world.post("mia", &path, json!({ "text": "Which\nrepository?" })).await;
        assert_eq!(reply.headers["location"], format!("/api/v1/requests/{}", text(&request["id"])).as_str());
        let comment = reply.when(201);
        assert_eq!((&comment["by"]["email"], &comment["door"]), (&json!("mia@example.com"), &json!("api")));
        let seen = world.get("eve", &format!("/requests/{}", text(&request["id"]))).await.when(200);
        assert_eq!(seen["comments"], json!([comment]));
        world.is_sound().await;
    }

    /// A withdrawn request tells a late approver who withdrew it.
    async fn whoever_is_late_is_told_who_closed_it(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/deploy", "P7D").await;
        let task = world.task("gus", &request).await;
        // A call without a body: every member may be absent.
        let cancelled = world.post_text("eve", &format!("/requests/{}/cancel", text(&request["id"])), "").await.when(200);
        assert_eq!((&cancelled["approval"], &cancelled["closed"]["by"]["name"]), (&json!("cancelled"), &json!("Eve")));
        let path = format!("/tasks/{}/approve", text(&task["id"]));
        let late = world.post("sam", &path, json!({ "digest": task["digest"] })).await.problem(409, "already-decided");
        assert_eq!((&late["decision"], &late["decided_by"]["email"]), (&json!("cancelled"), &json!("eve@example.com")));
        assert_eq!(late["request"], request["id"]);
        world.is_sound().await;
    }
}
