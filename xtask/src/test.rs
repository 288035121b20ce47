//! `cargo xtask test`: every suite, one after another, whatever fails; then one table and one line.

mod count;
mod deploy;
mod end_to_end;
mod engines;
mod schema;
mod suites;

use std::fmt::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::process::{self, Interrupted};
use crate::say;
use crate::workspace::Workspace;
use count::Count;
pub(crate) use end_to_end::screenshots;
use engines::Engine;

/// Arguments of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only these, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Suite>,
}

/// In the order in which they run: what fails soonest comes first.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// The code is formatted.
    Fmt,
    /// Clippy has nothing to say, on the host and on wasm32.
    Lint,
    /// What is in `deploy/` is what those who run it understand.
    Deploy,
    /// Unit and integration tests of every crate, and the examples in its documentation.
    Host,
    /// The proxy's system tests once more, on PostgreSQL.
    Postgres,
    /// Requests made of the API document, and their answers, against a running proxy.
    Schema,
    /// What needs a build that can be steered into faults: the fault list, planted leaks, a short chaos.
    Faults,
    /// The widget is within its budget of bytes, as stable Rust makes it and as it is released.
    Size,
    /// The widget's tests in Chromium, Firefox and WebKitGTK.
    Browser,
    /// The whole system in Chromium, Firefox and WebKitGTK.
    E2e,
    /// The npm package, and an example for each framework in a real browser.
    Examples,
}

/// What a suite has run, or what it has run in one engine.
struct Part {
    engine: Option<Engine>,
    count: Count,
    took: Duration,
}

/// What came of one suite, or of its part in one engine.
struct Outcome {
    suite: Suite,
    part: Part,
    /// Why it could not run, if it could not.
    trouble: Option<String>,
}

/// Runs the suites and sums them up.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let mut outcomes = Vec::new();
    for suite in Suite::value_variants() {
        if !options.only.is_empty() && !options.only.contains(suite) {
            continue;
        }
        say(format!("testing: {}", name(*suite)));
        let start = process::now();
        let (parts, trouble) = match suites::run(workspace, *suite) {
            Ok(parts) => (parts, None),
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => {
                say(format!("{} could not run: {error:#}", name(*suite)));
                let failure = Part {
                    engine: None,
                    count: Count::FAILURE,
                    took: start.elapsed(),
                };
                (vec![failure], Some(format!("{error:#}")))
            }
        };
        outcomes.extend(parts.into_iter().map(|part| Outcome {
            suite: *suite,
            part,
            trouble: trouble.clone(),
        }));
    }
    let total: Count = outcomes.iter().map(|outcome| outcome.part.count).sum();
    println!("\n{}", table(&outcomes));
    println!("{total}");
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn name(suite: Suite) -> &'static str {
    match suite {
        Suite::Fmt => "fmt",
        Suite::Lint => "lint",
        Suite::Deploy => "deploy",
        Suite::Host => "host",
        Suite::Postgres => "postgres",
        Suite::Schema => "schema",
        Suite::Faults => "faults",
        Suite::Size => "size",
        Suite::Browser => "browser",
        Suite::E2e => "e2e",
        Suite::Examples => "examples",
    }
}

fn table(outcomes: &[Outcome]) -> String {
    let mut text = format!(
        "  {:<20}{:>8}{:>8}{:>9}\n",
        "suite", "passed", "failed", "time"
    );
    for outcome in outcomes {
        // Writing to a string cannot fail.
        writeln!(text, "  {outcome}").ok();
    }
    text
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Part {
            engine,
            count: Count { passed, failed },
            took,
        } = &self.part;
        let seconds = took.as_secs_f32();
        let name = match engine {
            Some(engine) => format!("{}, {}", name(self.suite), engine.name()),
            None => name(self.suite).to_owned(),
        };
        write!(out, "{name:<20}{passed:>8}{failed:>8}{seconds:>7.1} s")?;
        match &self.trouble {
            Some(trouble) => write!(out, "  {trouble}"),
            None => Ok(()),
        }
    }
}
