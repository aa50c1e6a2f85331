//! The shape of the API: its routes, its description, its headers, and what is beside it.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request};
use domain::permission::TABLE;
use serde_json::{Value, json};
use server::http;
use testkit::on_both_databases;

use crate::world::{World, answer, mail, text};

/// The rows of the permission table that belong to the API.
fn listed() -> BTreeSet<String> {
    let names = TABLE.iter().map(|row| row.name);
    names
        .filter(|name| name.split(' ').nth(1).is_some_and(|path| path.starts_with("/api/")))
        .map(str::to_owned)
        .collect()
}

async fn bare(world: &World, method: Method, path: &str) -> crate::world::Reply {
    world.send(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await
}

on_both_databases! {
    /// I54: what the table lists is what answers.
    async fn every_listed_route_is_registered(db: TestStore) {
        let world = World::new(db).await;
        let routes = server::api::routes(&world.site);
        let registered: BTreeSet<String> = routes.names().iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(registered, listed());
        assert_eq!(routes.names().len(), registered.len());
        world.is_sound().await;
    }

    /// I54: an unlisted route, or one on the wrong side, builds no router.
    async fn an_unlisted_route_builds_no_router(db: TestStore) {
        let world = World::new(db).await;
        let routes = || http::Routes::new(&world.site, server::api::Bearer);
        let nothing = || async {};
        for (name, wrong) in [
            ("GET /api/v1/secrets", http::RouteError::Unlisted("GET /api/v1/secrets")),
            ("GET /healthz", http::RouteError::Misplaced("GET /healthz")),
            ("GET /operator/doctor", http::RouteError::Misplaced("GET /operator/doctor")),
            ("/api/v1/me", http::RouteError::Malformed("/api/v1/me")),
        ] {
            assert_eq!(routes().on(name, nothing).finish().err(), Some(wrong));
        }
        world.is_sound().await;
    }

    /// The description is OpenAPI 3.1 and names exactly the routes, with their bodies, problems and the way to sign in.
    async fn the_description_names_every_route(db: TestStore) {
        let world = World::new(db).await;
        let document = bare(&world, Method::GET, "/api/v1/openapi.json").await.when(200);
        assert!(text(&document["openapi"]).starts_with("3.1"));
        assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, call) in methods.as_object().unwrap() {
                described.insert(format!("{} {path}", method.to_uppercase()));
                let problems = |status: &str| call["responses"][status]["content"]["application/problem+json"].is_object();
                assert!(path.ends_with("openapi.json") || ["401", "403", "404", "422", "500"].iter().all(|s| problems(s)), "{path}");
                assert_eq!(method == "post", call["requestBody"].is_object() && problems("409") && problems("415"), "{path}");
                assert!(call["summary"].is_string(), "{path}");
            }
        }
        assert_eq!(described, listed());
        world.is_sound().await;
    }

    /// Whoever is not signed in gets nothing but the description, whatever he asks.
    async fn nothing_is_open_but_the_description(db: TestStore) {
        let world = World::new(db).await;
        for name in listed().iter().filter(|name| !name.ends_with("openapi.json")) {
            let (method, path) = name.split_once(' ').unwrap();
            let path = path.replace("{id}", "x");
            bare(&world, method.parse().unwrap(), &path).await.problem(401, "not-signed-in");
        }
        world.is_sound().await;
    }

    /// Wrong methods and unknown addresses are problems too, and no answer is kept by anybody on the way.
    async fn wrong_methods_and_addresses_are_problems(db: TestStore) {
        let world = World::new(db).await;
        for (method, path, allow) in [
            (Method::PUT, "/requests", "GET,HEAD"),
            (Method::DELETE, "/users", "GET,HEAD,POST"),
            (Method::PATCH, "/users/x", "GET,HEAD"),
            (Method::GET, "/submissions", "POST"),
        ] {
            let reply = world.send(world.call("sam", method, path).body(Body::empty()).unwrap()).await;
            let allowed: BTreeSet<String> = reply.headers["allow"].to_str().unwrap().split(',').map(str::to_owned).collect();
            assert_eq!(allowed, allow.split(',').map(str::to_owned).collect(), "{path}");
            reply.problem(405, "method-not-allowed");
        }
        for path in ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/requests/x/y/z", "/api/v2/me"] {
            bare(&world, Method::GET, path).await.problem(404, "not-found");
            bare(&world, Method::POST, path).await.problem(404, "not-found");
        }
        let reply = world.get("eve", "/me").await;
        assert_eq!((&reply.headers["cache-control"], &reply.headers["x-content-type-options"]), (&"no-store".parse().unwrap(), &"nosniff".parse().unwrap()));
        assert!(reply.headers["x-request-id"].to_str().unwrap().starts_with("cor_"));
        world.is_sound().await;
    }

    /// The id of a call is ours, and stands in the log beside what the call caused.
    async fn the_id_of_a_call_is_in_the_log(db: TestStore) {
        let world = World::new(db).await;
        let body = json!({ "items": [{ "entitlement": "github/read" }], "justification": "" }).to_string();
        let call = world.call("eve", Method::POST, "/submissions").header("content-type", "application/json");
        let reply = world.send(call.header("x-request-id", "mine").body(Body::from(body)).unwrap()).await;
        let id = reply.headers["x-request-id"].to_str().unwrap().to_owned();
        assert_ne!(id, "mine");
        reply.when(201);
        let found = world.store.reader.read(async |tx| {
            store::log::list(tx, &store::log::Filter { kind: Some("request.submitted".to_owned()), ..store::log::Filter::default() }, store::log::Start::OLDEST, 1).await
        });
        let header: Value = serde_json::from_str(&found.await.unwrap()[0].header).unwrap();
        assert_eq!(header["correlation"], id);
        world.is_sound().await;
    }

    /// Machines that watch see whether it is alive and ready, without a token.
    async fn machines_see_that_it_is_ready(db: TestStore) {
        let world = World::new(db).await;
        assert_eq!(bare(&world, Method::GET, "/healthz").await.when(200), "alive\n");
        assert_eq!(bare(&world, Method::GET, "/readyz").await.when(200), "ready\n");
        bare(&world, Method::POST, "/healthz").await.when(405);
        world.is_sound().await;
        world.site.ending.cancel();
        assert_eq!(bare(&world, Method::GET, "/readyz").await.when(503), "stopping\n");
    }

    /// A database that cannot be read is our fault: 500 with the id of the call and nothing of the cause.
    async fn what_is_our_fault_names_the_call_and_no_cause(db: TestStore) {
        let World { store, router, .. } = World::new(db).await;
        let request = Request::builder().uri("/api/v1/me").header("authorization", "Bearer kf_x").body(Body::empty()).unwrap();
        store.database.close().await;
        let reply = answer(router, request).await;
        let id = reply.headers["x-request-id"].to_str().unwrap().to_owned();
        let problem = reply.problem(500, "internal");
        assert_eq!(problem["correlation"], id);
        assert!(text(&problem["detail"]).contains(&id) && !problem.to_string().contains("pool"));
    }

    /// I52, I57: tokens and links are made on the operator's socket alone, and what it makes works.
    async fn the_operator_has_a_router_of_his_own(db: TestStore) {
        let world = World::new(db).await;
        let router = http::finish(server::api::operator_router(&world.site).unwrap());
        let post = |path: &str, body: Value| {
            let call = Request::builder().method(Method::POST).uri(path).header("content-type", "application/json");
            answer(router.clone(), call.body(Body::from(body.to_string())).unwrap())
        };
        let get = |path: &str| answer(router.clone(), Request::builder().uri(path).body(Body::empty()).unwrap());
        let token = post("/operator/tokens", json!({ "user": mail("eve"), "scopes": ["read"] })).await.when(200);
        let token = text(&token["secret"]);
        assert!(token.starts_with("kf_"));
        let me = Request::builder().uri("/api/v1/me").header("authorization", format!("bearer {token}"));
        assert_eq!(world.send(me.body(Body::empty()).unwrap()).await.when(200)["email"], "eve@example.com");
        let link = post("/operator/sign-in-links", json!({ "user": mail("eve") })).await.when(200);
        assert!(world.app.link(text(&link["secret"])).await.is_ok());
        assert_eq!(post("/operator/tokens", json!({ "user": "nobody@example.com" })).await.fields(), ["user"]);
        assert_eq!(post("/operator/tokens", json!({ "user": mail("eve"), "scopes": ["all"] })).await.fields(), ["scopes[0]"]);
        assert_eq!(get("/operator/doctor").await.when(200)["findings"], json!([]));
        assert_eq!(get("/operator/audit").await.when(200)["ok"], json!(true));
        get("/operator/nothing").await.problem(404, "not-found");
        get("/operator/tokens").await.problem(405, "method-not-allowed");
        for path in ["/operator/doctor", "/operator/audit"] {
            bare(&world, Method::GET, path).await.when(404);
        }
        world.is_sound().await;
    }
}
