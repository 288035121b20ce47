//! What each suite runs, and with which tools.

use std::num::NonZero;
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::Result;

use super::count::Count;
use super::{Part, Suite, deploy, end_to_end, engines, schema};
use crate::demo::build_programs;
use crate::tools::{browser, node, postgres, rustup, wasm_target};
use crate::widget::Build;
use crate::workspace::Workspace;
use crate::{chaos, dist, examples, process, say, size};

/// Runs one suite to its end.
pub(super) fn run(workspace: &Workspace, suite: Suite) -> Result<Vec<Part>> {
    let start = process::now();
    let count = match suite {
        Suite::Fmt => format(workspace),
        Suite::Lint => lint(workspace),
        Suite::Deploy => deploy::run(workspace),
        Suite::Host => host(workspace),
        Suite::Postgres => on_postgres(workspace),
        Suite::Schema => schema::run(workspace),
        Suite::Faults => faults(workspace),
        Suite::Size => size_budget(workspace),
        Suite::Browser => return engines::run(workspace),
        Suite::E2e => return end_to_end::run(workspace),
        Suite::Examples => examples(workspace),
    }?;
    Ok(vec![Part {
        engine: None,
        count,
        took: start.elapsed(),
    }])
}

/// A command that passes or fails as a whole.
pub(super) fn check(command: &mut Command) -> Result<Count> {
    let status = process::wait(&mut process::spawn(command)?)?;
    Ok(if status.success() {
        Count::SUCCESS
    } else {
        Count::FAILURE
    })
}

/// A command whose output says how many tests it ran.
pub(super) fn counted(command: &mut Command) -> Result<Count> {
    let (status, output) = process::tee(command)?;
    Ok(Count::read(&output, status.success()))
}

fn format(workspace: &Workspace) -> Result<Count> {
    rustup::provide(workspace, "fmt", "rustfmt")?;
    check(workspace.cargo().args(["fmt", "--all", "--check"]))
}

fn lint(workspace: &Workspace) -> Result<Count> {
    // What is built is what the lock file says, and nothing else.
    let metadata = ["metadata", "--locked", "--format-version=1"];
    process::output(workspace.cargo().args(metadata))?;
    rustup::provide(workspace, "clippy", "clippy")?;
    let on_host = check(workspace.cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    let compiler = wasm_target::provide()?;
    if !compiler.is_the_toolchains() {
        say("clippy for wasm32 is left out: this toolchain has no wasm32 target of its own");
        return Ok(on_host);
    }
    let mut cargo = workspace.cargo();
    cargo
        .args(["clippy", "--package", "pairlink", "--all-targets"])
        .args(["--target", wasm_target::TARGET, "--", "-D", "warnings"]);
    let on_wasm = check(compiler.apply(&mut cargo))?;
    Ok([on_host, on_wasm].into_iter().sum())
}

/// How many tests run at a time: much of what is tested is that something waits.
fn side_by_side() -> [String; 2] {
    let processors = available_parallelism().map_or(1, NonZero::get);
    ["--test-threads".to_owned(), (2 * processors).to_string()]
}

/// Everything but the end-to-end tests, which need programs to be built first.
fn host(workspace: &Workspace) -> Result<Count> {
    let all = ["--workspace", "--exclude", "pairlink-e2e"];
    let nextest = process::output(workspace.cargo().args(["nextest", "--version"])).is_ok();
    let tests = if nextest {
        counted(
            workspace
                .cargo()
                .args(["nextest", "run", "--no-fail-fast"])
                .args(side_by_side())
                .args(all),
        )?
    } else {
        let targets = ["--lib", "--bins", "--tests", "--examples"];
        counted(
            workspace
                .cargo()
                .args(["test", "--no-fail-fast"])
                .args(targets)
                .args(all),
        )?
    };
    let examples = counted(
        workspace
            .cargo()
            .args(["test", "--doc", "--no-fail-fast"])
            .args(all),
    )?;
    Ok([tests, examples].into_iter().sum())
}

/// What is about the files of SQLite, and has nothing to look at on a server.
const ABOUT_FILES: &[&str] = &[
    "at_rest::",
    "audit::chain::a_store_of_an_earlier_version_gets_the_keys_and_a_chain",
    "audit::tampering::",
    "fault_list::ground::",
    "backup::",
    "canaries::",
    "command_line::the_master_key_is_made_once_and_for_its_owner_alone",
    "rotation::inventory::every_column_that_holds_a_sealed_value",
    "lifetimes::at_rest::no_token_stands_in_the_database_the_log_or_an_answer",
];

/// What is about providers and requests, takes minutes, and meets the store in no other way than the rest.
const ABOUT_OTHERS: &[&str] = &[
    "faults::",
    "fault_list::an_ordinary_build_holds_no_failpoint_and_no_defect",
    "lifetimes::herd::",
    "matrix::a_hole_is_noticed",
    "upstream::streaming::",
];

/// The proxy's system tests on a server of this run's own. Where PostgreSQL cannot be had they are left out on a person's
/// machine, with words; where `CI` is set that is a failure.
fn on_postgres(workspace: &Workspace) -> Result<Count> {
    let Some(cluster) = postgres::or_say()? else {
        return Ok([].into_iter().sum());
    };
    say(format!(
        "left out, because they look into SQLite's files: {}; because they are about others and take long: {}",
        ABOUT_FILES.join(", "),
        ABOUT_OTHERS.join(", ")
    ));
    let which = ["--package", "pairlink-proxy", "--test", "system"];
    let nextest = process::output(workspace.cargo().args(["nextest", "--version"])).is_ok();
    let mut cargo = workspace.cargo();
    if nextest {
        cargo.args(["nextest", "run", "--no-fail-fast"]);
        cargo.args(side_by_side());
    } else {
        cargo.args(["test", "--no-fail-fast"]);
    }
    cargo.args(which).arg("--");
    for name in ABOUT_FILES.iter().chain(ABOUT_OTHERS) {
        cargo.args(["--skip", name]);
    }
    counted(cargo.env("PAIRLINK_TEST_POSTGRES", cluster.address()))
}

/// Places that fail on purpose are in no other build, so that every other suite tests what is released.
fn faults(workspace: &Workspace) -> Result<Count> {
    let build = ["--package", "pairlink-proxy", "--features", chaos::FEATURES];
    let chosen = ["fault_list::", "chaos::", "planted::"];
    let mut cargo = workspace.cargo();
    if process::output(workspace.cargo().args(["nextest", "--version"])).is_ok() {
        cargo.args(["nextest", "run", "--no-fail-fast"]);
        cargo.args(side_by_side());
        cargo.args(build).args(["--test", "system"]).args(chosen);
    } else {
        cargo.args(["test", "--no-fail-fast"]);
        cargo
            .args(build)
            .args(["--test", "system", "--"])
            .args(chosen);
    }
    counted(&mut cargo)
}

fn size_budget(workspace: &Workspace) -> Result<Count> {
    let mut counts = Vec::new();
    // The suite of examples needs the released build anyway.
    for build in [Build::Small, Build::Dist] {
        counts.push(if size::is_within_budget(workspace, build)? {
            Count::SUCCESS
        } else {
            Count::FAILURE
        });
    }
    Ok(counts.into_iter().sum())
}

/// The npm package and the examples, as they are released. Without Node.js they are left out on a person's machine, with
/// words; where `CI` is set that is a failure.
fn examples(workspace: &Workspace) -> Result<Count> {
    if let Err(error) = node::check() {
        if std::env::var_os("CI").is_some() {
            return Err(error);
        }
        say(format!("the examples are left out: {error:#}"));
        return Ok([].into_iter().sum());
    }
    let dist = dist::build(workspace)?;
    let examples = examples::build(workspace, &dist)?;
    let programs = build_programs(workspace, false)?;
    let browser = browser::provide()?;
    counted(
        workspace
            .cargo()
            .args(["test", "--package", "pairlink-e2e", "--no-fail-fast"])
            .args(["--test", "examples"])
            .env("PAIRLINK_BIN_DIR", programs)
            .env("PAIRLINK_WIDGET_DIR", dist.widget)
            .env("PAIRLINK_EXAMPLES_DIR", examples)
            .env("CHROMEDRIVER", browser.driver)
            .env("CHROMIUM", browser.chromium),
    )
}
