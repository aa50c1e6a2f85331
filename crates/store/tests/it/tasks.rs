//! Tasks, and whose turn it is.

use domain::id::{GrantId, TaskId, UserId};
use domain::request::Request;
use domain::task::{Task, TaskKind, TaskState};
use domain::time::{Span, Time};
use domain::user::{Role, key};
use store::sql::one;
use store::task::{self, Found, Place, Query};
use testkit::sample::{MORNING, request};
use testkit::{TestStore, on_both_databases};

use crate::sample::{Company, file, read, write};

/// Everything, the oldest first.
const ALL: Query<'static> = Query {
    assignee: None,
    viewer: None,
    kind: None,
    request: None,
    state: None,
    app: None,
    after: (-1, ""),
    limit: 100,
};

/// A task with its routes, by the name it goes by here.
struct Work<'a> {
    found: Found,
    about: &'a Request,
    standby: i64,
    routes: Vec<(i64, String)>,
}

impl<'a> Work<'a> {
    fn new(name: &str, kind: TaskKind, about: &'a Request, routes: &[(i64, String)]) -> Self {
        let task = Task {
            id: TaskId::derive(&[name]),
            kind,
            state: TaskState::Open,
            request: about.id.clone(),
            revision: about.revision,
            step: (kind == TaskKind::Approval).then_some(0),
            created_at: MORNING,
            closed_at: None,
        };
        Self { found: Found { task, grant: None }, about, standby: 0, routes: routes.to_vec() }
    }

    fn at(mut self, created_at: Time) -> Self {
        self.found.task.created_at = created_at;
        self
    }

    fn turn(self, standby: i64) -> Self {
        Self { standby, ..self }
    }

    async fn open(&self, db: &TestStore) {
        let place = Place {
            app: &self.about.app,
            grant: self.found.grant.as_ref(),
            standby: self.standby,
            routes: &self.routes,
        };
        write(db, async |tx| task::open(tx, &self.found.task, place).await).await;
    }
}

async fn list(db: &TestStore, query: Query<'_>) -> Vec<TaskId> {
    let found = read(db, async |tx| task::list(tx, query).await).await;
    found.into_iter().map(|found| found.task.id).collect()
}

/// The tasks of those named, in the order of the list.
fn ids(names: &[&str]) -> Vec<TaskId> {
    let mut ids: Vec<_> = names.iter().map(|name| TaskId::derive(&[name])).collect();
    ids.sort();
    ids
}

async fn close(db: &TestStore, name: &str, state: TaskState) {
    let now = MORNING.plus(Span::from_hours(1));
    write(db, async |tx| task::close(tx, &TaskId::derive(&[name]), state, now).await).await;
}

/// How many keys lead to a task.
async fn routes(db: &TestStore, name: &str) -> i64 {
    let id = TaskId::derive(&[name]);
    let row: Option<(i64,)> =
        read(db, async |tx| one!(tx, "select count(*) from task_route where task_id = $1", id.as_str())).await;
    row.unwrap().0
}

/// What is waited for: by Ann herself, by Mia for Ann, by Zoe in another app, and by Oli, who administers GitHub.
async fn wishes(db: &TestStore, here: &Company) -> [Request; 4] {
    let wishes = [
        request(1, &here.ann, &here.read),
        Request { requester: here.mia.id.clone(), ..request(2, &here.ann, &here.write) },
        request(3, &here.zoe, &here.board),
        request(4, &here.oli, &here.read),
    ];
    file(db, &wishes.iter().collect::<Vec<_>>()).await;
    wishes
}

/// Open tasks about these wishes, for everybody that there is.
fn desk<'a>(here: &Company, [own, for_ann, board, by_oli]: &'a [Request; 4]) -> Vec<Work<'a>> {
    let admins = || (3, key::role(Role::SuperAdmin));
    let (ops, managers) = (key::group(&here.ops.id), key::manages(&here.ann.id));
    let github = (key::owners(&here.github.id), key::admins(&here.github.id));
    vec![
        Work::new("own", TaskKind::Approval, own, &[(0, managers.clone()), (1, ops.clone()), admins()]),
        // The manager filed it, so the owner of the app is the only one left.
        Work::new("for ann", TaskKind::Approval, for_ann, &[(0, managers), (0, github.0), admins()]),
        Work::new("board", TaskKind::Provisioning, board, &[(0, key::admins(&here.jira.id))]),
        // Nobody manages Oli; of those who stand in he is one himself.
        Work::new(
            "oli",
            TaskKind::Approval,
            by_oli,
            &[(0, key::manages(&here.oli.id)), (1, ops), (1, key::user(&here.ada.id)), admins()],
        )
        .turn(1),
        // To set something up is no answer, so one may do it for oneself.
        Work::new("setup", TaskKind::Provisioning, by_oli, &[(0, github.1)]),
    ]
}

on_both_databases! {
    async fn a_task_is_found_as_it_was_opened(db: TestStore) {
        let here = Company::found(&db).await;
        let [own, ..] = &wishes(&db, &here).await;
        let approval = Work::new("a", TaskKind::Approval, own, &[]).at(MORNING.plus(Span::from_hours(3)));
        let mut removal = Work::new("b", TaskKind::Deprovisioning, own, &[]);
        removal.found.grant = Some(GrantId::from_bits(5));
        removal.found.task.revision = 7;
        for work in [&approval, &removal] {
            work.open(&db).await;
            let found = read(&db, async |tx| task::find(tx, &work.found.task.id).await).await;
            assert_eq!(found.as_ref(), Some(&work.found));
        }
        assert_eq!(read(&db, async |tx| task::find(tx, &TaskId::from_bits(1)).await).await, None);
    }

    /// S1-13: a task waits for those whose turn it is, by whatever key that is; I4: never for who asked or gets it.
    async fn tasks_wait_for_those_whose_turn_it_is(db: TestStore) {
        let here = Company::found(&db).await;
        let wishes = wishes(&db, &here).await;
        for work in desk(&here, &wishes) {
            work.open(&db).await;
        }
        for (user, names) in [
            (&here.ann, &[][..]),
            (&here.mia, &["own"]),
            (&here.bob, &["for ann"]),
            (&here.cyd, &["board"]),
            (&here.oli, &["setup"]),
            (&here.ada, &["oli"]),
            (&here.zoe, &[]),
        ] {
            let mine = Query { assignee: Some(&user.id), state: Some(TaskState::Open), ..ALL };
            assert_eq!(list(&db, mine).await, ids(names), "{}", user.name);
            assert_eq!(list(&db, Query { state: None, ..mine }).await, ids(names), "{}", user.name);
            let counted = read(&db, async |tx| task::count_open(tx, &user.id).await).await;
            assert_eq!(counted, names.len() as u64, "{}", user.name);
        }
        assert_eq!(read(&db, async |tx| task::count_all_open(tx).await).await, 5);
        let (bob, board) = (Some(&here.bob.id), Some(&here.board.app));
        assert_eq!(list(&db, Query { assignee: bob, app: board, ..ALL }).await, []);
        assert_eq!(list(&db, Query { assignee: bob, kind: Some(TaskKind::Provisioning), ..ALL }).await, []);
        assert_eq!(list(&db, Query { assignee: bob, request: Some(&wishes[1].id), ..ALL }).await, ids(&["for ann"]));
    }

    async fn those_who_stand_in_come_after_those_before_them(db: TestStore) {
        let here = Company::found(&db).await;
        let [own, ..] = &wishes(&db, &here).await;
        let routes = [
            (0, key::user(&here.mia.id)),
            (1, key::group(&here.ops.id)),
            (2, key::owners(&here.github.id)),
            (3, key::role(Role::SuperAdmin)),
        ];
        let line = [&here.mia, &here.oli, &here.bob, &here.ada];
        for turn in 0..4_usize {
            let name = turn.to_string();
            Work::new(&name, TaskKind::Approval, own, &routes).turn(turn as i64).open(&db).await;
            for (place, user) in line.iter().enumerate() {
                let mine = list(&db, Query { assignee: Some(&user.id), request: Some(&own.id), ..ALL }).await;
                assert_eq!(mine.contains(&ids(&[&name])[0]), place <= turn, "{} at {turn}", user.name);
            }
        }
    }

    async fn a_closed_task_waits_for_nobody(db: TestStore) {
        let here = Company::found(&db).await;
        let [own, ..] = &wishes(&db, &here).await;
        let work = Work::new("own", TaskKind::Approval, own, &[(0, key::manages(&here.ann.id)), (1, "x".to_owned())]);
        work.open(&db).await;
        assert_eq!(routes(&db, "own").await, 2);
        close(&db, "own", TaskState::Done).await;
        assert_eq!(routes(&db, "own").await, 0);
        let mine = Query { assignee: Some(&here.mia.id), ..ALL };
        assert_eq!(list(&db, mine).await, []);
        let counts = read(&db, async |tx| {
            Ok((task::count_open(tx, &here.mia.id).await?, task::count_all_open(tx).await?))
        });
        assert_eq!(counts.await, (0, 0));
        let find = async || read(&db, async |tx| task::find(tx, &work.found.task.id).await).await.unwrap().task;
        let closed =
            Task { state: TaskState::Done, closed_at: Some(MORNING.plus(Span::from_hours(1))), ..work.found.task.clone() };
        assert_eq!(find().await, closed);
        // What is closed stays as it was closed.
        close(&db, "own", TaskState::Void).await;
        assert_eq!(find().await, closed);
        // A step that is open again has the same task, with the routes of that time.
        let again = Work::new("own", TaskKind::Approval, own, &[(2, key::user(&here.bob.id))]).turn(2);
        again.open(&db).await;
        assert_eq!(find().await, work.found.task);
        assert_eq!(list(&db, mine).await, []);
        assert_eq!(list(&db, Query { assignee: Some(&here.bob.id), ..ALL }).await, ids(&["own"]));
    }

    async fn filters_narrow_and_together_narrow_further(db: TestStore) {
        let here = Company::found(&db).await;
        let wishes = wishes(&db, &here).await;
        let desk = desk(&here, &wishes);
        for work in &desk {
            work.open(&db).await;
        }
        close(&db, "own", TaskState::Done).await;
        close(&db, "setup", TaskState::Void).await;
        let state = |name: &TaskId| match name {
            name if *name == ids(&["own"])[0] => TaskState::Done,
            name if *name == ids(&["setup"])[0] => TaskState::Void,
            _ => TaskState::Open,
        };
        for kind in [None, Some(TaskKind::Approval), Some(TaskKind::Deprovisioning)] {
            for wanted in [None, Some(TaskState::Open), Some(TaskState::Done)] {
                for app in [None, Some(&here.github.id)] {
                    for request in [None, Some(&wishes[3].id)] {
                        let query = Query { kind, state: wanted, app, request, ..ALL };
                        let mut expected: Vec<_> = desk
                            .iter()
                            .filter(|work| kind.is_none_or(|kind| kind == work.found.task.kind))
                            .filter(|work| wanted.is_none_or(|wanted| wanted == state(&work.found.task.id)))
                            .filter(|work| app.is_none_or(|app| *app == work.about.app))
                            .filter(|work| request.is_none_or(|request| *request == work.about.id))
                            .map(|work| work.found.task.id.clone())
                            .collect();
                        expected.sort();
                        assert_eq!(list(&db, query).await, expected, "{query:?}");
                    }
                }
            }
        }
    }

    /// T10: each sees tasks about own requests, those to do, and those of the apps one is responsible for.
    async fn each_sees_tasks_that_concern_them_and_nothing_else(db: TestStore) {
        let here = Company::found(&db).await;
        let wishes = wishes(&db, &here).await;
        for work in desk(&here, &wishes) {
            work.open(&db).await;
        }
        // Cyd answered Ann's own wish earlier.
        let mut answered = wishes[0].clone();
        let by = here.cyd.id.clone();
        let verdict = domain::request::Verdict::Approved;
        answered.plan[0].decisions.push(domain::request::Decision { by, verdict, at: answered.updated_at });
        answered.version = 2;
        write(&db, async |tx| store::request::record(tx, &answered, 1).await).await;
        let of_github = &["own", "for ann", "oli", "setup"];
        for (user, names) in [
            (&here.ann, &["own", "for ann"][..]),
            (&here.mia, &["own", "for ann"]),
            (&here.cyd, &["board", "own"]),
            (&here.bob, of_github),
            (&here.oli, of_github),
            (&here.ada, &["oli"]),
            (&here.zoe, &["board"]),
        ] {
            let query = Query { viewer: Some(&user.id), ..ALL };
            assert_eq!(list(&db, query).await, ids(names), "{}", user.name);
            let open = list(&db, Query { state: Some(TaskState::Open), ..query }).await;
            assert_eq!(open, ids(names), "{}", user.name);
            let about = list(&db, Query { request: Some(&wishes[0].id), ..query }).await;
            assert_eq!(about.len(), usize::from(names.contains(&"own")), "{}", user.name);
        }
        assert_eq!(list(&db, Query { viewer: Some(&UserId::from_bits(1)), ..ALL }).await, []);
    }

    async fn pages_lead_through_tasks_of_one_instant(db: TestStore) {
        let here = Company::found(&db).await;
        let [own, ..] = &wishes(&db, &here).await;
        let mut all = Vec::new();
        for n in 0..7_i64 {
            let at = MORNING.plus(Span::from_hours(n / 3));
            let work = Work::new(&n.to_string(), TaskKind::Approval, own, &[(0, key::user(&here.mia.id))]).at(at);
            work.open(&db).await;
            all.push((at.micros(), work.found.task.id));
        }
        all.sort();
        let (assignee, viewer) = (Some(&here.mia.id), Some(&here.ann.id));
        for query in [
            ALL,
            Query { assignee, ..ALL },
            Query { viewer, ..ALL },
            Query { state: Some(TaskState::Open), ..ALL },
            Query { app: Some(&here.github.id), ..ALL },
            Query { request: Some(&own.id), viewer, ..ALL },
        ] {
            for limit in [1, 2, 3, 100] {
                let mut paged: Vec<(i64, TaskId)> = Vec::new();
                loop {
                    let after = paged.last().map(|(at, id)| (*at, id.to_string())).unwrap_or((-1, String::new()));
                    let query = Query { after: (after.0, &after.1), limit, ..query };
                    let page = read(&db, async |tx| task::list(tx, query).await).await;
                    if page.is_empty() {
                        break;
                    }
                    assert!(page.len() as i64 <= limit);
                    paged.extend(page.into_iter().map(|found| (found.task.created_at.micros(), found.task.id)));
                }
                assert_eq!(paged, all, "{limit} at a time: {query:?}");
            }
        }
    }
}
