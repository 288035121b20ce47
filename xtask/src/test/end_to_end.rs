//! The whole system in real browsers: what its tests need, and which of them run where.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::Part;
use super::engines::{self, Engine};
use crate::demo::build_programs;
use crate::process;
use crate::tools::{Toolbox, axe, browser, firefox, webkit};
use crate::widget::{Build, build_widget};
use crate::workspace::{Workspace, cargo};

/// Everything that the tests run against.
struct Table {
    programs: PathBuf,
    widget: PathBuf,
    axe: PathBuf,
}

/// Builds what is tested, then runs the tests in each engine.
pub(super) fn run(workspace: &Workspace) -> Result<Vec<Part>> {
    let toolbox = Toolbox::open()?;
    let table = Table::set(workspace, &toolbox)?;
    engines::in_each(|engine| {
        let mut command = engine_command(engine, &toolbox)?;
        // The library's own tests need no browser, and run once.
        if matches!(engine, Engine::Chromium) {
            command.arg("--lib");
        }
        command
            .current_dir(&workspace.root)
            .args(["--test", "e2e", "--no-fail-fast", "--"]);
        for reason in left_out(engine) {
            command.args(["--skip", reason]);
        }
        table.lay(&mut command);
        Ok(command)
    })
}

/// Pictures of every state, made by the same means; see the tests of that name.
pub(crate) fn screenshots(workspace: &Workspace) -> Result<()> {
    let toolbox = Toolbox::open()?;
    let table = Table::set(workspace, &toolbox)?;
    let mut command = engine_command(Engine::Chromium, &toolbox)?;
    command
        .current_dir(&workspace.root)
        .args(["--test", "e2e", "--"])
        .args(["--ignored", "pictures::"])
        .env("PAIRLINK_PICTURES_DIR", workspace.root.join("docs/states"));
    table.lay(&mut command);
    process::run(&mut command)
}

impl Table {
    fn set(workspace: &Workspace, toolbox: &Toolbox) -> Result<Self> {
        Ok(Self {
            widget: build_widget(workspace, toolbox, Build::Small)?,
            programs: build_programs(workspace, false)?,
            axe: axe::provide(workspace)?,
        })
    }

    fn lay(&self, command: &mut Command) {
        command
            .env("PAIRLINK_BIN_DIR", &self.programs)
            .env("PAIRLINK_WIDGET_DIR", &self.widget)
            .env("PAIRLINK_AXE", &self.axe);
    }
}

/// Cargo with the tests in this engine; the browser is installed if it is not there.
fn engine_command(engine: Engine, toolbox: &Toolbox) -> Result<Command> {
    let mut command = match engine {
        Engine::Chromium => {
            let browser = browser::provide()?;
            let mut command = cargo();
            command
                .env("PAIRLINK_E2E_ENGINE", "chromium")
                .env("CHROMEDRIVER", browser.driver)
                .env("CHROMIUM", browser.chromium);
            command
        }
        Engine::Firefox => {
            let driver = firefox::provide(toolbox)?;
            let mut command = cargo();
            command
                .env("PAIRLINK_E2E_ENGINE", "firefox")
                .env("GECKODRIVER", driver);
            command
        }
        Engine::WebKit => {
            let webkit = webkit::provide()?;
            let mut command = cargo();
            command
                .env("PAIRLINK_E2E_ENGINE", "webkit")
                .env("WEBKITDRIVER", webkit.driver);
            command
        }
    };
    command.args(["test", "--package", "pairlink-e2e"]);
    Ok(command)
}

/// What the names of tests hold that do not run in an engine. `only_in_…` and `not_in_…` cannot, and each says why. That a
/// provider fails is for the proxy to cope with: ten tests that take a minute, and see no more in another engine.
const fn left_out(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Chromium => &[],
        Engine::Firefox => &["only_in_chromium", "faults::"],
        Engine::WebKit => &["only_in_chromium", "not_in_webkit", "faults::"],
    }
}
