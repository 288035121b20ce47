//! The engines of browsers, and the widget's own tests in each.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, anyhow};

use super::Part;
use super::suites::counted;
use crate::process::{self, Interrupted};
use crate::say;
use crate::tools::{
    Toolbox, browser, firefox, path_with, wasm_bindgen, wasm_pack, wasm_target, webkit,
};
use crate::widget::yew;
use crate::workspace::Workspace;

/// An engine, in the browser that Debian has of it.
#[derive(Clone, Copy)]
pub(super) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKitGTK",
        }
    }

    /// Starts `wasm-pack test` in this engine; the browser is installed if it is not there.
    fn command(self, wasm_pack: &Path, toolbox: &Toolbox) -> Result<Command> {
        let test = ["test", "--headless", "--mode", "no-install"];
        let mut command;
        match self {
            Self::Chromium => {
                command = process::command(wasm_pack);
                command.args(test).args(["--chrome", "--chromedriver"]);
                command.arg(browser::provide()?.driver);
            }
            Self::Firefox => {
                command = process::command(wasm_pack);
                command.args(test).args(["--firefox", "--geckodriver"]);
                command.arg(firefox::provide(toolbox)?);
            }
            Self::WebKit => {
                let webkit = webkit::provide()?;
                command = process::command(webkit.screen);
                command.arg("--auto-servernum").arg(wasm_pack).args(test);
                command.args(["--safari", "--safaridriver"]);
                command.arg(webkit.driver);
            }
        }
        Ok(command)
    }
}

/// Runs a suite in one engine after another. One that cannot be had on a person's machine is left out, with words; where
/// `CI` is set it is a failure.
pub(super) fn in_each(mut command: impl FnMut(Engine) -> Result<Command>) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for engine in Engine::ALL {
        let mut command = match (engine, command(engine)) {
            (_, Ok(command)) => command,
            (_, Err(error)) if error.is::<Interrupted>() => return Err(error),
            (Engine::Firefox | Engine::WebKit, Err(error)) if std::env::var_os("CI").is_none() => {
                say(format!("{} is left out: {error:#}", engine.name()));
                continue;
            }
            (Engine::Chromium | Engine::Firefox | Engine::WebKit, Err(error)) => return Err(error),
        };
        say(format!("in {}", engine.name()));
        let start = process::now();
        parts.push(Part {
            engine: Some(engine),
            count: counted(&mut command)?,
            took: start.elapsed(),
        });
    }
    Ok(parts)
}

/// Runs the widget's own tests.
pub(super) fn run(workspace: &Workspace) -> Result<Vec<Part>> {
    let toolbox = Toolbox::open()?;
    let compiler = wasm_target::provide()?;
    let bindgen = wasm_bindgen::provide(workspace, &toolbox)?;
    let runner = bindgen
        .parent()
        .ok_or_else(|| anyhow!("wasm-bindgen lies nowhere"))?;
    let wasm_pack = wasm_pack::provide(&toolbox)?;
    let with_patched_yew = yew::instead(workspace)?;
    in_each(|engine| {
        let mut command = engine.command(&wasm_pack, &toolbox)?;
        command
            .current_dir(&workspace.root)
            .args(["--", "--package", "pairlink", "--test", "browser"])
            .args(["--config", &with_patched_yew])
            .env("PATH", path_with([runner])?);
        if std::env::var_os("WASM_BINDGEN_TEST_TIMEOUT").is_none() {
            // Twenty seconds by default, which a slow machine needs for the browser's start alone.
            command.env("WASM_BINDGEN_TEST_TIMEOUT", "180");
        }
        compiler.apply(&mut command);
        Ok(command)
    })
}
