//! `pairlink key`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use pairlink_proxy::config::Config;
use pairlink_proxy::domain::Actor;
use pairlink_proxy::service::{ReplacedMaster, Resealing, Service};
use pairlink_proxy::vault::{KeyFile, KeySource, MasterKey};
use serde_json::json;

use super::{open, print};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Makes a master key in a file for its owner alone. For PostgreSQL: every replica needs the same
    Create {
        /// Where; nothing is overwritten
        file: PathBuf,
    },
    /// Replaces the master key and the data key, while the proxy runs.
    ///
    /// Can be interrupted at any moment: the store opens all the same, and the same command goes on where it was. The
    /// key that tokens are hashed by stays, because the tokens are not there to be hashed anew.
    Rotate(Rotate),
}

#[derive(Args)]
pub(crate) struct Rotate {
    #[command(flatten)]
    which: Which,
    /// Keep the former master key beside the new one: backups made until now need it
    #[arg(long)]
    keep_former: bool,
    /// Print an object
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
#[group(multiple = false)]
struct Which {
    /// Replace the master key alone
    #[arg(long)]
    master_only: bool,
    /// Replace the data key alone, and seal everything anew
    #[arg(long)]
    data_only: bool,
}

/// What is to be done.
struct Plan {
    master: bool,
    data: DataPlan,
}

/// What is to be done about the data key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DataPlan {
    /// Nothing.
    Leave,
    /// Somebody was interrupted: come to that end, and make no further key.
    GoOn,
    /// Make a new one, and seal everything anew by it.
    Replace,
}

/// What was done.
struct Done {
    master: Option<ReplacedMaster>,
    data_key: Option<String>,
    resealing: Option<Resealing>,
}

pub(crate) async fn run(config: &Config, verb: Verb) -> Result<()> {
    match verb {
        Verb::Create { file } => create(file),
        Verb::Rotate(options) => {
            let service = open::existing(config).await?;
            let done = rotate(config, &service, &options).await;
            service.close();
            service.finish(std::time::Duration::ZERO).await;
            done
        }
    }
}

fn create(file: PathBuf) -> Result<()> {
    let file = KeyFile::new(file);
    if !file.read_or_make(&MasterKey::random(&mut rand::rng()))? {
        bail!("{} holds a key already", file.path().display());
    }
    print::line(&format!(
        "{}  {}",
        file.path().display(),
        file.read()?.0.id()?
    ))?;
    print::note("keep a copy of it apart from the database: without it the credentials are lost")?;
    Ok(())
}

async fn rotate(config: &Config, service: &Service, options: &Rotate) -> Result<()> {
    let source = config.master_key();
    let plan = plan(options, &source, service).await?;
    let mut done = Done {
        master: None,
        data_key: None,
        resealing: None,
    };
    if plan.data == DataPlan::GoOn {
        print::note("going on with what was interrupted; no further key is made")?;
    }
    let actor = Actor::operator();
    if plan.master {
        let replaced = replace_master(service, &source, options.keep_former, &actor).await?;
        print::note(&format!(
            "{} has {} in the place of {}",
            source.path().display(),
            replaced.id,
            replaced.former
        ))?;
        done.master = Some(replaced);
    }
    if plan.data == DataPlan::Replace {
        let key = service.replace_data_key(&actor).await?;
        print::note(&format!("{key} seals from now on"))?;
        done.data_key = Some(key);
    }
    if plan.data != DataPlan::Leave {
        let said = |resealing: Resealing| {
            // Nobody may be reading: the work goes on.
            drop(print::note(&format!(
                "{} values sealed anew",
                resealing.resealed
            )));
        };
        done.resealing = Some(service.reseal(&actor, said).await?);
    }
    say(&done, options.json)?;
    match done.resealing {
        Some(resealing) if resealing.unopened > 0 => bail!(
            "{} values do not open; the log names them, and their data key stays",
            resealing.unopened
        ),
        Some(_) | None => Ok(()),
    }
}

async fn replace_master(
    service: &Service,
    source: &KeySource,
    keep_former: bool,
    actor: &Actor,
) -> Result<ReplacedMaster> {
    let replaced = match source {
        KeySource::File(file) => service
            .replace_master_key(file, keep_former, actor)
            .await
            .map(Some),
        KeySource::Command(command) => service.adopt_master_key(command, actor).await,
    };
    replaced
        .with_context(|| format!("cannot replace the key of {}", source.path().display()))?
        .with_context(|| {
            format!(
                "{} says one key: have it say the new one, and on a second line the one before, then again",
                source.path().display()
            )
        })
}

async fn plan(options: &Rotate, source: &KeySource, service: &Service) -> Result<Plan> {
    let Which {
        master_only,
        data_only,
    } = options.which;
    let data = if master_only {
        DataPlan::Leave
    } else if service.is_resealing_open().await? {
        DataPlan::GoOn
    } else {
        DataPlan::Replace
    };
    // An interrupted one is always brought to its end: until then the former key has to stay.
    let wanted = !data_only && data != DataPlan::GoOn;
    let master = match source {
        KeySource::File(file) => wanted || file.is_being_replaced(),
        // Whoever has it made anew says so; the data key can be replaced by itself.
        KeySource::Command(_) => master_only || (wanted && source.read()?.1.is_some()),
    };
    Ok(Plan { master, data })
}

fn say(done: &Done, as_json: bool) -> Result<()> {
    let resealing = done.resealing.unwrap_or_default();
    if as_json {
        let master = done.master.as_ref().map(
            |master| json!({ "id": master.id, "former": master.former, "kept_in": master.kept_in }),
        );
        let row = json!({
            "master_key": master, "data_key": done.data_key, "resealed": resealing.resealed,
            "unopened": resealing.unopened, "keys_removed": resealing.removed, "keys_kept": resealing.kept,
        });
        print::line(&row.to_string())?;
        return Ok(());
    }
    if let Some(master) = &done.master {
        print::line(&format!("master key  {}", master.id))?;
        match &master.kept_in {
            Some(kept) => print::line(&format!("former      {}", kept.display()))?,
            None => print::note(&format!(
                "backups made until now open by {} alone",
                master.former
            ))?,
        }
    }
    if let Some(key) = &done.data_key {
        print::line(&format!("data key    {key}"))?;
    }
    if done.resealing.is_some() {
        print::line(&format!("resealed    {}", resealing.resealed))?;
    }
    if resealing.kept > 0 {
        print::note(
            "the former data key is removed by the running proxy in some minutes, or by the next rotation",
        )?;
    }
    Ok(())
}
