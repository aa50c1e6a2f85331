//! The simulated target in a process of its own: `sim_target SOCKET FILE [SETTINGS-AS-JSON]`.
//!
//! Says `ready` once it listens, and ends when its standard input ends, so that it never outlives a test.

use std::{io::Write, path::PathBuf, process::ExitCode, sync::Arc};

use connect::sim::{Sim, SimSettings, serve};
use tokio::net::UnixListener;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nowhere is left to report to when this fails too.
            let _ = writeln!(std::io::stderr(), "sim_target: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), BoxError> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(socket), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("say SOCKET and FILE".into());
    };
    let settings = match arguments.next() {
        Some(text) => serde_json::from_slice(text.as_encoded_bytes())?,
        None => SimSettings::default(),
    };
    let sim = Arc::new(Sim::open(&PathBuf::from(file), settings)?);
    let listener = UnixListener::bind(PathBuf::from(socket))?;
    std::io::stdout().write_all(b"ready\n")?;
    let (gone, caller_gone) = tokio::sync::oneshot::channel();
    // A thread, because nothing may wait for this read when the listener fails first.
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = gone.send(());
    });
    tokio::select! {
        ended = serve(listener, sim) => Ok(ended?),
        _ = caller_gone => Ok(()),
    }
}
