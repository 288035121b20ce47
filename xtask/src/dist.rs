//! `cargo xtask dist`: what is released, into `target/dist`: the element as small as it gets, as a proxy serves it, and
//! the npm package.

mod package;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::tools::Toolbox;
use crate::widget::{Build, build_widget};
use crate::workspace::Workspace;
use crate::{say, size};

/// Builds, weighs, and says where it all is.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let light = size::is_within_budget(workspace, Build::Dist)?;
    let dist = build(workspace)?;
    say(format!(
        "the widget of a released proxy is in {}",
        workspace.show(&dist.widget)
    ));
    say(format!(
        "the npm package is {}",
        workspace.show(&dist.tarball)
    ));
    Ok(if light {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Where the released files are.
pub(crate) struct Dist {
    /// What a proxy serves.
    pub(crate) widget: PathBuf,
    /// What npm installs.
    pub(crate) tarball: PathBuf,
}

/// Brings `target/dist` up to date.
pub(crate) fn build(workspace: &Workspace) -> Result<Dist> {
    let widget = build_widget(workspace, &Toolbox::open()?, Build::Dist)?;
    let tarball = package::pack(workspace, &widget)?;
    Ok(Dist { widget, tarball })
}
