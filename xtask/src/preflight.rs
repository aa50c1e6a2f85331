//! What has to be there before anything runs: installed where that is allowed, else named with how to get it.

use std::fs::read_to_string;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::command;
use crate::postgres;
use crate::test::Step;

/// Playwright's least.
const NODE_MAJOR_MIN: u32 = 20;

/// What Chromium is called, first the name that Debian gives it.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Sees to it that `steps` have what they need.
pub(crate) fn run(root: &Path, steps: &[Step]) -> anyhow::Result<()> {
    install_packages(&missing_packages(steps))?;
    for (step, tool) in [(Step::Nextest, "cargo-nextest"), (Step::Deny, "cargo-deny")] {
        if steps.contains(&step) && command::find(tool).is_none() {
            println!("{tool} is missing and takes some minutes to build, once");
            command::run(Command::new("cargo").args(["install", "--locked", tool]))?;
        }
    }
    if steps.contains(&Step::Browser) { install_browser_tests(&root.join("browser")) } else { Ok(()) }
}

/// The browser that the tests drive.
pub(crate) fn chromium() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| command::find(name))
}

/// A package of the system, with what it is needed for.
struct Package {
    /// What Debian calls it.
    name: &'static str,
    what: String,
}

fn missing_packages(steps: &[Step]) -> Vec<Package> {
    let mut missing = Vec::new();
    let mut need = |step: Step, is_there: &dyn Fn() -> bool, name: &'static str, what: String| {
        if steps.contains(&step) && !is_there() {
            missing.push(Package { name, what });
        }
    };
    let server = format!("PostgreSQL {} or newer, its server", postgres::MAJOR_MIN);
    need(Step::Postgres, &|| postgres::programs().is_some(), "postgresql", server);
    need(Step::Browser, &|| chromium().is_some(), "chromium", "Chromium, for the browser tests".to_owned());
    need(
        Step::Browser,
        &|| command::find("psql").is_some(),
        "postgresql-client",
        "psql, for the browser tests".to_owned(),
    );
    need(Step::Browser, &|| command::find("node").is_some(), "nodejs", "Node.js, for the browser tests".to_owned());
    need(Step::Browser, &|| command::find("npm").is_some(), "npm", "npm, for the browser tests".to_owned());
    missing
}

fn install_packages(packages: &[Package]) -> anyhow::Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = packages.iter().map(|package| package.name).collect();
    if command::find("apt-get").is_none() || !command::is_root() {
        let whats: Vec<String> = packages.iter().map(|package| format!("  {}", package.what)).collect();
        bail!("missing:\n{}\non Debian: sudo apt-get install {}", whats.join("\n"), names.join(" "));
    }
    let apt =
        |words: &[&str]| command::run(Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive"));
    apt(&["update", "-q"])?;
    apt(&[&["install", "-q", "-y", "--no-install-recommends"], names.as_slice()].concat())
}

/// Installs exactly what package-lock.json names, unless that is what is installed.
fn install_browser_tests(folder: &Path) -> anyhow::Result<()> {
    let version = command::output(Command::new("node").arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < NODE_MAJOR_MIN) {
        bail!("missing: Node.js {NODE_MAJOR_MIN} or newer, here is {version}; see https://nodejs.org");
    }
    let wanted = read_to_string(folder.join("package-lock.json")).context("browser/package-lock.json")?;
    let installed = folder.join("node_modules/.installed-lock.json");
    if read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    // The browser is the system's; Playwright would bring its own.
    command::run(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(folder)
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    std::fs::write(installed, wanted).context("browser/node_modules")
}
