//! Things that happen at the same moment, or twice.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use testkit::on_both_databases;

use crate::world::{Reply, World, text};

/// A submission with an idempotency key.
async fn file_once(world: &World, key: &str, body: &Value) -> Reply {
    let call = world.call("eve", Method::POST, "/submissions").header("content-type", "application/json");
    world.send(call.header("idempotency-key", key).body(Body::from(body.to_string())).unwrap()).await
}

fn wanted() -> Value {
    json!({ "items": [{ "entitlement": "github/write", "duration": "P7D" }], "justification": "Release" })
}

on_both_databases! {
    /// I8: two approvers of one step at the same instant. One wins, the other is told who was faster.
    async fn two_approvers_at_once_are_one_decision(db: TestStore) {
        let world = World::new(db).await;
        let request = world.file("eve", "github/deploy", "P7D").await;
        let task = world.task("gus", &request).await;
        let path = format!("/tasks/{}/approve", text(&task["id"]));
        let answer = json!({ "digest": task["digest"] });
        let (gus, guy) = tokio::join!(world.post("gus", &path, answer.clone()), world.post("guy", &path, answer));
        let (won, lost, winner) = if gus.status.is_success() { (gus, guy, "gus") } else { (guy, gus, "guy") };
        assert_eq!(won.when(200)["approval"], "approved");
        let lost = lost.problem(409, "already-decided");
        assert_eq!(lost["decided_by"]["email"], format!("{winner}@example.com"));
        assert_eq!(lost["decision"], "approved");
        let approvals = world.trail(&request).await.into_iter().filter(|kind| kind == "request.approved").count();
        assert_eq!(approvals, 1);
        world.is_sound().await;
    }

    /// S2-12: two identical submissions at the same instant are one request; the other is told its number.
    async fn two_identical_submissions_at_once_are_one_request(db: TestStore) {
        let world = World::new(db).await;
        let (one, two) =
            tokio::join!(world.post("eve", "/submissions", wanted()), world.post("eve", "/submissions", wanted()));
        let (filed, refused) = if one.status.is_success() { (one, two) } else { (two, one) };
        let filed = filed.when(201)["requests"][0].clone();
        let refused = refused.problem(409, "duplicate-request");
        assert_eq!((&refused["request"], &refused["number"]), (&filed["id"], &filed["number"]));
        assert!(text(&refused["detail"]).contains(text(&filed["number"])));
        assert_eq!(world.get("eve", "/requests").await.when(200)["items"].as_array().unwrap().len(), 1);
        world.is_sound().await;
    }

    /// I18, S2-12: the same key with the same body gives the same answer, with another body it is refused.
    async fn a_key_makes_a_repetition_harmless(db: TestStore) {
        let world = World::new(db).await;
        let body = wanted();
        let (one, two) = tokio::join!(file_once(&world, "k-1", &body), file_once(&world, "k-1", &body));
        let place = one.headers["location"].clone();
        let first = one.when(201);
        let second = two.when(201);
        assert_eq!(first, second);
        world.approve("mia", &first["requests"][0]).await;
        let third = file_once(&world, "k-1", &wanted()).await;
        assert_eq!(third.headers["location"], place);
        assert_eq!(third.when(201), first, "the answer is the first one, whatever happened since");
        let other = json!({ "items": [{ "entitlement": "github/read" }], "justification": "" });
        file_once(&world, "k-1", &other).await.problem(422, "idempotency-mismatch");
        file_once(&world, "k-2", &wanted()).await.problem(409, "duplicate-request");
        assert_eq!(world.get("eve", "/requests").await.when(200)["items"].as_array().unwrap().len(), 1);
        world.is_sound().await;
    }

    /// A key belongs to a person, and has to be readable.
    async fn a_key_is_checked(db: TestStore) {
        let world = World::new(db).await;
        let size = world.log_size().await;
        assert_eq!(file_once(&world, "", &wanted()).await.fields(), ["Idempotency-Key"]);
        assert_eq!(file_once(&world, &"k".repeat(201), &wanted()).await.fields(), ["Idempotency-Key"]);
        assert_eq!(world.log_size().await, size);
        file_once(&world, "k", &wanted()).await.when(201);
        let call = world.call("bob", Method::POST, "/submissions").header("content-type", "application/json");
        let call = call.header("idempotency-key", "k").body(Body::from(wanted().to_string())).unwrap();
        let filed = world.send(call).await.when(201);
        assert_eq!(filed["requests"][0]["subject"]["email"], "bob@example.com");
        world.is_sound().await;
    }

    /// A closed connection does not cut a use case in half: it comes to its end all the same.
    async fn a_closed_connection_does_not_cancel_what_it_asked_for(db: TestStore) {
        let world = World::new(db).await;
        {
            let call = world.post("eve", "/submissions", wanted());
            let mut call = std::pin::pin!(call);
            // Until it waits for the first time; then nobody is there any more.
            let begun = std::future::poll_fn(|cx| {
                while world.site.tasks.is_empty() {
                    if call.as_mut().poll(cx).is_ready() {
                        return std::task::Poll::Ready(true);
                    }
                    if world.site.tasks.is_empty() {
                        return std::task::Poll::Pending;
                    }
                }
                std::task::Poll::Ready(false)
            });
            assert!(!begun.await, "the call is dropped while it runs");
        }
        world.site.tasks.close();
        world.site.tasks.wait().await;
        assert_eq!(world.get("eve", "/requests").await.when(200)["items"].as_array().unwrap().len(), 1);
        world.is_sound().await;
    }
}
