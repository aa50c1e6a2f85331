//! The simulated target behind a socket, against the same checks and against broken connections.

use std::{path::Path, sync::Arc};

use connect::{
    contract::{Act, Connector, Outcome, Seen},
    sim::{Remote, Sim, SimSettings, serve},
};
use tempfile::TempDir;
use tokio::{io::AsyncReadExt, net::UnixListener, task::JoinHandle};

use crate::{
    conformance::{conformance, operation},
    sim::{at_most_one_effect_each, mishaps},
};

struct Served {
    folder: TempDir,
    task: JoinHandle<std::io::Result<()>>,
}

impl Served {
    fn start(settings: SimSettings) -> (Self, Remote) {
        let folder = TempDir::new().unwrap();
        let sim = Sim::open(&folder.path().join("sim.target"), settings).unwrap();
        let listener = UnixListener::bind(folder.path().join("sock")).unwrap();
        let task = tokio::spawn(serve(listener, Arc::new(sim)));
        let remote = Remote::new(&folder.path().join("sock"));
        (Self { folder, task }, remote)
    }
}

/// I23: also when the reply really never arrives, and when it arrives twice.
#[tokio::test]
async fn the_remote_target_conforms_whatever_goes_wrong() {
    for settings in mishaps() {
        let (_served, remote) = Served::start(settings);
        conformance(&remote).await;
        assert_eq!(remote.holdings().await.unwrap(), []);
        at_most_one_effect_each(&remote.calls().await.unwrap());
    }
}

#[tokio::test]
async fn many_callers_at_once_are_all_answered() {
    let (_served, remote) = Served::start(SimSettings { answer_twice: true, ..SimSettings::default() });
    let remote = Arc::new(remote);
    let mut callers = tokio::task::JoinSet::new();
    for n in 0..50 {
        let remote = Arc::clone(&remote);
        callers.spawn(async move {
            let give = operation("give", Act::Give, &format!("person-{n}"), "");
            (remote.apply(&give).await, remote.read_back(&give).await)
        });
    }
    while let Some(answers) = callers.join_next().await {
        assert_eq!(answers.unwrap(), (Outcome::Done, Ok(Seen::Present)));
    }
    assert_eq!(remote.holdings().await.unwrap().len(), 50);
}

/// F6: nobody listens, so nothing can have happened.
#[tokio::test]
async fn a_target_that_is_not_there_is_safe_to_ask_again() {
    let folder = TempDir::new().unwrap();
    let remote = Remote::new(&folder.path().join("nobody"));
    let give = operation("give", Act::Give, "ann", "");
    assert!(matches!(remote.apply(&give).await, Outcome::Later { .. }));
    assert!(remote.read_back(&give).await.is_err());
}

/// F5: the whole call went out and the connection ended.
#[tokio::test]
async fn a_connection_that_breaks_after_the_call_is_unknown() {
    let folder = TempDir::new().unwrap();
    let remote = Remote::new(&hang_up_after_reading(folder.path()));
    let give = operation("give", Act::Give, "ann", "");
    assert!(matches!(remote.apply(&give).await, Outcome::Unknown { .. }));
}

fn hang_up_after_reading(folder: &Path) -> std::path::PathBuf {
    let socket = folder.join("sock");
    let listener = UnixListener::bind(&socket).unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _first_byte = stream.read_u8().await;
    });
    socket
}

#[tokio::test]
async fn a_restarted_target_is_found_again_by_the_same_client() {
    let (served, remote) = Served::start(SimSettings::default());
    let give = operation("give", Act::Give, "ann", "");
    assert_eq!(remote.apply(&give).await, Outcome::Done);

    served.task.abort();
    assert!(served.task.await.unwrap_err().is_cancelled());
    let socket = served.folder.path().join("sock");
    std::fs::remove_file(&socket).unwrap();
    assert_ne!(remote.apply(&give).await, Outcome::Done);

    let sim = Sim::open(&served.folder.path().join("sim.target"), SimSettings::default()).unwrap();
    let _again = tokio::spawn(serve(UnixListener::bind(&socket).unwrap(), Arc::new(sim)));
    assert_eq!(remote.read_back(&give).await, Ok(Seen::Present));
    assert_eq!(remote.apply(&give).await, Outcome::Done);
    at_most_one_effect_each(&remote.calls().await.unwrap());
}
