//! The simulated target as a second process, killed while it works.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use connect::{
    contract::{Act, Connector, Operation, Outcome, Seen},
    sim::{Remote, Sim, SimSettings},
};
use tempfile::TempDir;
use tokio::task::JoinSet;

struct Place {
    folder: TempDir,
    starts: u32,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        Self { folder, starts: 0 }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("sim.target")
    }

    /// A fresh process on the same file; a killed one leaves its socket behind, so each has its own.
    fn start(&mut self, settings: &str) -> (Child, Arc<Remote>) {
        self.starts += 1;
        let socket = self.folder.path().join(format!("sock-{}", self.starts));
        let mut child = Command::new(env!("CARGO_BIN_EXE_sim_target"))
            .args([&socket, &self.file(), Path::new(settings)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut said).unwrap();
        assert_eq!(said, "ready\n");
        (child, Arc::new(Remote::new(&socket)))
    }
}

fn give(number: u32) -> Operation {
    Operation {
        id: format!("opr_{number:026}"),
        act: Act::Give,
        user: format!("usr_{number}"),
        account: format!("person-{number}@example.com"),
        app: "github".to_owned(),
        entitlement: "write".to_owned(),
        level: String::new(),
    }
}

/// Gives without end until the target is gone; returns the numbers whose grant it acknowledged.
async fn give_until_gone(remote: Arc<Remote>, first: u32) -> Vec<u32> {
    let mut acknowledged = Vec::new();
    for number in first.. {
        match remote.apply(&give(number)).await {
            Outcome::Done => acknowledged.push(number),
            Outcome::Unknown { .. } | Outcome::Later { .. } => break,
            Outcome::Refused { why } => panic!("refused: {why}"),
        }
    }
    acknowledged
}

/// F1: SIGKILL while several callers write. What was acknowledged is there, each once, and nothing else is but the
/// one call that each caller had under way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_target_keeps_everything_it_acknowledged() {
    const CALLERS: u32 = 3;
    let mut place = Place::new();
    let mut acknowledged = BTreeSet::new();
    for life in 0..10_u32 {
        let (mut child, remote) = place.start("{}");
        let mut callers = JoinSet::new();
        for caller in 0..CALLERS {
            let first = (life * CALLERS + caller) * 1_000_000;
            callers.spawn(give_until_gone(Arc::clone(&remote), first));
        }
        // The kill comes after some answers, a different number in each life, at whatever moment that is.
        let before = acknowledged.len();
        while remote.holdings().await.unwrap().len() < before + 7 * life as usize {}
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success());
        while let Some(numbers) = callers.join_next().await {
            acknowledged.extend(numbers.unwrap());
        }

        let sim = Sim::open(&place.file(), SimSettings::default()).unwrap();
        let held: BTreeSet<String> = sim.holdings().into_iter().map(|h| h.account).collect();
        let lost: Vec<_> =
            acknowledged.iter().map(|n| give(*n).account).filter(|account| !held.contains(account)).collect();
        assert_eq!(lost, Vec::<String>::new(), "life {life}");
        assert!(held.len() <= acknowledged.len() + (CALLERS * (life + 1)) as usize);
        let mut effects = BTreeMap::new();
        for call in sim.calls().iter().filter(|call| call.effect) {
            *effects.entry(call.operation.id.clone()).or_insert(0) += 1;
        }
        assert!(effects.values().all(|count| *count == 1));
    }
    assert!(acknowledged.len() > 250, "only {} grants before the kills", acknowledged.len());
}

/// F5: a target that dies between its effect and its reply leaves the outcome unknown; asking again converges.
#[tokio::test]
async fn a_target_killed_before_its_reply_is_asked_again() {
    let mut place = Place::new();
    // The effect comes after half of the delay, so killing it once the effect is visible loses the reply.
    let (mut child, remote) = place.start(r#"{"delay_ms": 2000}"#);
    let asked = Arc::clone(&remote);
    let call = tokio::spawn(async move { asked.apply(&give(1)).await });
    while remote.holdings().await.unwrap().is_empty() {}
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(call.await.unwrap(), Outcome::Unknown { .. }));

    let (mut child, remote) = place.start("{}");
    assert_eq!(remote.read_back(&give(1)).await, Ok(Seen::Present));
    assert_eq!(remote.apply(&give(1)).await, Outcome::Done);
    let effects = remote.calls().await.unwrap().iter().filter(|call| call.effect).count();
    assert_eq!(effects, 1);
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success(), "it ends with its caller");
}
