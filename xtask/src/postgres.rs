//! A real PostgreSQL for the tests: an own server in a temporary folder, on a free port, gone afterwards.

use std::fs::{File, read_to_string};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use tempfile::TempDir;

use crate::command;

/// The oldest one that Keyfob supports.
pub(crate) const MAJOR_MIN: u32 = 15;

/// Who runs the server when we are root, which it refuses: the first of these that exists.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// Durability is not what is tested here, so it is not waited for.
const SETTINGS: [&str; 7] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=300",
    "shared_buffers=128MB",
];

/// Ends the server as soon as its standard input ends, and so also when we are killed.
const KEEPER: &str = r#"trap '' INT; "$@" & server=$!; read -r _; kill -INT "$server"; wait "$server""#;

const PATIENCE: Duration = Duration::from_millis(100);
const STEPS_MAX: u32 = 300;

/// A server that ends with this value.
pub(crate) struct Postgres {
    keeper: Child,
    port: u16,
    _folder: TempDir,
}

impl Postgres {
    /// Starts a server and waits until it answers.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let programs = programs().ok_or_else(|| anyhow!("PostgreSQL {MAJOR_MIN} or newer is not installed"))?;
        let account = if command::is_root() { Some(account()?) } else { None };
        let folder = tempfile::Builder::new().prefix("keyfob-test-postgres-").tempdir()?;
        if let Some(Account { user, group }) = account {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group))?;
        }
        let cluster = folder.path().join("cluster");
        let by = |program: &Path| by(program, account, folder.path());
        command::output(
            by(&programs.join("initdb"))
                .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
                .arg(&cluster),
        )?;
        let port = free_port()?;
        let log = folder.path().join("log");
        let mut keeper = by(Path::new("sh"));
        keeper.args(["-c", KEEPER, "sh"]).arg(programs.join("postgres")).arg("-D").arg(&cluster);
        keeper.args(SETTINGS.iter().flat_map(|setting| ["-c", setting])).args(["-p", &port.to_string()]);
        let output = File::create(&log)?;
        let keeper = keeper.stdin(Stdio::piped()).stdout(output.try_clone()?).stderr(output).spawn()?;
        let server = Self { keeper, port, _folder: folder };
        let is_up = wait_until(|| {
            let mut asked = Command::new(programs.join("pg_isready"));
            command::output(asked.args(["-q", "-h", "127.0.0.1", "-U", "postgres", "-p", &port.to_string()])).is_ok()
        });
        if !is_up {
            bail!("PostgreSQL does not answer on port {port}:\n{}", read_to_string(&log).unwrap_or_default());
        }
        Ok(server)
    }

    /// Where it is, as the tests and Keyfob take it.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if !wait_until(|| matches!(self.keeper.try_wait(), Ok(Some(_)) | Err(_))) {
            eprintln!("PostgreSQL on port {} does not end, see process {}", self.port, self.keeper.id());
        }
    }
}

/// The folder with the newest server's programs.
pub(crate) fn programs() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let installed = folders.map(|folder| folder.path().join("bin"));
    let on_path = command::find("initdb").and_then(|path| path.parent().map(PathBuf::from));
    let usable = on_path.into_iter().chain(installed).filter_map(|folder| {
        let version = command::output(Command::new(folder.join("initdb")).arg("--version")).ok()?;
        let is_whole = ["postgres", "pg_isready"].iter().all(|program| folder.join(program).exists());
        let major = major(&version).filter(|major| *major >= MAJOR_MIN && is_whole)?;
        Some((major, folder))
    });
    usable.max_by_key(|(major, _)| *major).map(|(_, folder)| folder)
}

/// The 15 of `initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_once(") ")?.1;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Account {
    user: u32,
    group: u32,
}

fn account() -> anyhow::Result<Account> {
    let passwd = read_to_string("/etc/passwd").context("/etc/passwd names no other user")?;
    ACCOUNTS.iter().find_map(|name| account_in(&passwd, name)).context("PostgreSQL needs a user other than root")
}

fn account_in(passwd: &str, name: &str) -> Option<Account> {
    let mut fields = passwd.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
    Some(Account { user: fields.nth(2)?.parse().ok()?, group: fields.next()?.parse().ok()? })
}

fn by(program: &Path, account: Option<Account>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some(Account { user, group }) = account {
        command.uid(user).gid(group);
    }
    command
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Whether it came about within half a minute.
#[expect(clippy::disallowed_methods, reason = "another program offers nothing to wait on")]
fn wait_until(mut is_so: impl FnMut() -> bool) -> bool {
    (0..STEPS_MAX).any(|_| {
        let so = is_so();
        if !so {
            std::thread::sleep(PATIENCE);
        }
        so
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read() {
        assert_eq!(major("initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major("initdb (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("initdb"), None);
    }

    #[test]
    fn another_user_is_found() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:nobody:/:/usr/sbin/nologin\n";
        assert_eq!(account_in(passwd, "nobody"), Some(Account { user: 65534, group: 65533 }));
        assert_eq!(account_in(passwd, "postgres"), None);
    }
}
