//! A small company on a real database, with the router in front of it.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use domain::Span;
use domain::id::PolicyId;
use domain::job::Lane;
use domain::settings::Settings;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use server::app::work::Tried;
use server::app::{App, Caller, directory};
use server::body;
use server::http::{self, Site};
use testkit::TestStore;
use tower::ServiceExt as _;

/// The people: short name, department, manager, roles.
const PEOPLE: &[(&str, &str, Option<&str>, &[&str])] = &[
    ("sam", "IT", None, &["super_admin"]),
    ("mia", "Engineering", None, &[]),
    ("eve", "Engineering", Some("mia"), &[]),
    ("bob", "Engineering", Some("mia"), &[]),
    ("zoe", "Sales", None, &[]),
    ("dan", "IT", None, &[]),
    ("olga", "IT", None, &[]),
    ("gus", "Security", None, &[]),
    ("guy", "Security", None, &[]),
    ("hugo", "IT", None, &["helpdesk"]),
    ("audrey", "Finance", None, &["auditor"]),
];

/// Everything a test of a door needs.
pub(crate) struct World {
    pub(crate) store: TestStore,
    pub(crate) app: App,
    pub(crate) site: Site,
    pub(crate) router: Router,
    tokens: BTreeMap<&'static str, String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    /// The body, if the status is `status`.
    #[track_caller]
    pub(crate) fn when(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{:#}", self.body);
        self.body
    }

    /// The body of a problem with this name and status, which has to say what to do.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, name: &str) -> Value {
        assert_eq!(self.headers.get("content-type").unwrap(), "application/problem+json", "{:#}", self.body);
        let body = self.when(status);
        assert_eq!(body["type"], format!("urn:keyfob:problem:{name}"), "{body:#}");
        assert_eq!(body["status"], status);
        for text in [&body["title"], &body["detail"]] {
            let text = text.as_str().unwrap();
            assert!(text.contains(' ') && !text.contains("{$") && !text.contains("{ $"), "{text:?} is a sentence");
        }
        body
    }

    /// The fields that a problem named `invalid` names.
    #[track_caller]
    pub(crate) fn fields(self) -> Vec<String> {
        let body = self.problem(422, "invalid");
        let errors = body["errors"].as_array().unwrap();
        assert!(errors.iter().all(|error| error["message"].as_str().unwrap().contains(' ')), "{body:#}");
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }
}

impl World {
    /// The company, on this database.
    pub(crate) async fn new(store: TestStore) -> Self {
        let app = App::new(store.writer.clone(), store.reader.clone());
        let site = Site::new(app.clone(), http::Settings::default());
        let sides = http::health(&site).finish().unwrap().merge(server::api::router(&site).unwrap());
        let mut world = Self { store, app, site, router: http::finish(sides), tokens: BTreeMap::new() };
        world.people().await;
        world.apps().await;
        world.catalogs().await;
        world
    }

    async fn people(&mut self) {
        let system = operator();
        for (name, department, manager, roles) in PEOPLE {
            let new = body::NewUser {
                email: mail(name),
                name: capital(name),
                manager: manager.map(mail),
                attributes: BTreeMap::from([("department".to_owned(), (*department).to_owned())]),
                roles: roles.iter().map(|role| (*role).to_owned()).collect(),
                ..body::NewUser::default()
            };
            self.app.create_user(&system, new).await.unwrap();
            let token = self.app.create_token(&system, &mail(name), Vec::new()).await.unwrap();
            self.tokens.insert(name, token);
        }
        let security = body::NewGroup { name: "Security".to_owned(), members: vec![mail("gus"), mail("guy")] };
        self.app.create_group(&system, security).await.unwrap();
    }

    async fn policy(&self, name: &str, approvers: &Value) -> String {
        let step = json!({ "kind": "approval", "name": name, "approvers": approvers, "fallback": ["app_owners"] });
        let rules = json!([{ "name": "Everything", "steps": [step] }]);
        let policy = self.app.save_policy(&operator(), body::NewPolicy { name: name.to_owned(), rules }).await;
        policy.unwrap().id
    }

    async fn apps(&self) {
        let system = operator();
        let manager = self.policy("Manager approval", &json!([{ "manager": 1 }])).await;
        let settings = Settings { policy: Some(PolicyId::parse(&manager).unwrap()), ..Settings::default() };
        let organisation = directory::NewOrganisation { name: "Acme".to_owned(), settings };
        self.app.set_organisation(&system, organisation).await.unwrap();
        for (slug, connector) in [("github", "manual"), ("chat", "sim"), ("crm", "manual")] {
            let new = body::NewApp {
                slug: slug.to_owned(),
                name: capital(slug),
                owners: vec![mail("olga")],
                admins: vec![mail("dan")],
                connector: Some(connector.to_owned()),
                instructions: "Add the account, then confirm.".to_owned(),
                url: Some(format!("https://{slug}.example.com/admin")),
                ..body::NewApp::default()
            };
            self.app.create_app(&system, new).await.unwrap();
        }
        let group = self.app.groups(&system, directory::Page { cursor: None, limit: 1 }).await.unwrap();
        let security = self.policy("Security approval", &json!([{ "group": group.items[0].id }])).await;
        for (key, settings) in [
            (
                "github/write",
                json!({ "presets": ["PT8H", "P7D", "P30D"], "default_length": "P7D", "max_length": "P30D", "custom_length": true }),
            ),
            ("github/read", json!({ "justification_required": false })),
            ("github/deploy", json!({ "policy": security, "deny_comment_required": true })),
            ("github/hidden", json!({})),
            ("chat/access", json!({})),
            ("crm/leads", json!({})),
        ] {
            let (app, slug) = key.split_once('/').unwrap();
            let new = body::NewEntitlement {
                app: app.to_owned(),
                slug: slug.to_owned(),
                name: format!("{} {}", capital(app), capital(slug)),
                kind: "permission".to_owned(),
                settings: Some(settings),
                ..body::NewEntitlement::default()
            };
            self.app.create_entitlement(&system, new).await.unwrap();
        }
    }

    async fn catalogs(&self) {
        let sales = json!({ "any": [{ "attribute": { "name": "department", "is": ["Sales"] } }] });
        for (slug, audience, keys, state) in [
            (
                "all",
                json!("everyone"),
                &["github/write", "github/read", "github/deploy", "chat/access"][..],
                "published",
            ),
            ("sales", sales, &["crm/leads"], "published"),
            ("draft", json!("everyone"), &["github/hidden"], "draft"),
        ] {
            let new = body::NewCatalog {
                slug: slug.to_owned(),
                name: capital(slug),
                audience,
                entitlements: keys.iter().map(|key| (*key).to_owned()).collect(),
                bundle: false,
                state: Some(state.to_owned()),
            };
            self.app.create_catalog(&operator(), new).await.unwrap();
        }
    }

    /// A request with this person's token.
    pub(crate) fn call(&self, who: &str, method: Method, path: &str) -> axum::http::request::Builder {
        let builder = Request::builder().method(method).uri(format!("/api/v1{path}"));
        builder.header("authorization", format!("Bearer {}", self.tokens[who]))
    }

    /// What the router answers.
    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        answer(self.router.clone(), request).await
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Reply {
        self.send(self.call(who, Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: Value) -> Reply {
        self.post_text(who, path, &body.to_string()).await
    }

    pub(crate) async fn post_text(&self, who: &str, path: &str, body: &str) -> Reply {
        let request = self.call(who, Method::POST, path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Files a request for one thing and gives it as filed.
    pub(crate) async fn file(&self, who: &str, entitlement: &str, duration: &str) -> Value {
        let asked = json!({
            "items": [{ "entitlement": entitlement, "duration": duration }], "justification": "Release on Friday",
        });
        self.post(who, "/submissions", asked).await.when(201)["requests"][0].clone()
    }

    /// The one open task of a request, as `who` finds it.
    pub(crate) async fn task(&self, who: &str, request: &Value) -> Value {
        let path = format!("/tasks?assignee=me&state=open&request={}", text(&request["number"]));
        let found = self.get(who, &path).await.when(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found:#}");
        found["items"][0].clone()
    }

    /// Says yes to the open task of a request.
    pub(crate) async fn approve(&self, who: &str, request: &Value) -> Value {
        let task = self.task(who, request).await;
        let path = format!("/tasks/{}/approve", text(&task["id"]));
        self.post(who, &path, json!({ "digest": task["digest"] })).await.when(200)
    }

    /// Lets time go by and Keyfob do what is then due; every target does at once what it is told.
    pub(crate) async fn pass(&self, span: Span) {
        self.store.clock.advance(span);
        self.work().await;
    }

    /// Does what the worker does until nothing is left.
    pub(crate) async fn work(&self) {
        loop {
            let mut idle = true;
            let due = self.app.due().await.unwrap();
            for grant in &due.grants {
                idle = false;
                self.app.expire_grant(grant, "test").await.unwrap();
            }
            for request in &due.requests {
                idle = false;
                self.app.wake_request(request, "test").await.unwrap();
            }
            for lane in Lane::ALL {
                for order in self.app.claim(lane, Span::from_seconds(60), 16, "test").await.unwrap() {
                    idle = false;
                    self.app.report(&order, Tried::Done { verified: true }, 0, "test").await.unwrap();
                }
            }
            if idle {
                return;
            }
        }
    }

    /// The kinds of all events on a request, in log order.
    pub(crate) async fn trail(&self, request: &Value) -> Vec<String> {
        let path = format!("/events?limit=200&request={}", text(&request["id"]));
        let found = self.get("audrey", &path).await.when(200);
        found["items"].as_array().unwrap().iter().map(|event| text(&event["kind"]).to_owned()).collect()
    }

    /// How many events there are.
    pub(crate) async fn log_size(&self) -> u64 {
        self.app.verify_log().await.unwrap().unwrap().size
    }

    /// The log is whole and the rows say what it says (I21).
    pub(crate) async fn is_sound(&self) {
        let diagnosis = store::doctor::check(&self.store.reader).await.unwrap();
        assert_eq!(diagnosis.findings, Vec::<String>::new());
        assert!(diagnosis.events > 0);
    }
}

/// What a router answers.
pub(crate) async fn answer(router: Router, request: Request<Body>) -> Reply {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into());
    Reply { status: parts.status, headers: parts.headers, body }
}

/// Keyfob's operator.
pub(crate) fn operator() -> Caller {
    Caller::system("test")
}

/// The mail address of a person.
pub(crate) fn mail(name: &str) -> String {
    format!("{name}@example.com")
}

/// The text of a value.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text"))
}

fn capital(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}
