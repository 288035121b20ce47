//! `pairlink audit`.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use pairlink_proxy::config::Config;
use pairlink_proxy::domain::Tampering;
use pairlink_proxy::service::{Finding, Heads, Service, Verified};
use serde_json::{Value, json};

use super::{open, print};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Verifies the audit from its beginning, and names the first row that somebody changed, added, moved or took away
    Verify(Verify),
    /// Prints the public key that heads of the audit are checked by
    Key {
        /// Print an object
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(crate) struct Verify {
    /// Compare with the heads that were kept: the file of `PAIRLINK_AUDIT_HEAD_FILE`, or a log in its form for machines;
    /// `-` reads the standard input. Without heads nobody can tell whether the newest rows were cut off
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,
    /// Print an object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: &Config, verb: Verb) -> Result<()> {
    let service = open::existing(config).await?;
    let done = match verb {
        Verb::Verify(options) => verify(&service, &options).await,
        Verb::Key { json } => key(&service, json),
    };
    // What is looked at stays as it is.
    service.let_go().await;
    done
}

async fn verify(service: &Service, options: &Verify) -> Result<()> {
    let heads = match &options.heads {
        Some(file) => read_heads(service, file)
            .with_context(|| format!("cannot compare with {}", file.display()))?,
        None => Heads::default(),
    };
    let verdict = service.verify_audit(&heads).await?;
    if options.json {
        print::line(&as_json(&verdict).to_string())?;
    }
    match verdict {
        Ok(_verified) if options.json => Ok(()),
        Ok(verified) => Ok(say(&verified)?),
        Err(finding) => bail!("the audit is not as it was sealed: {}", words(&finding)),
    }
}

fn read_heads(service: &Service, file: &Path) -> Result<Heads> {
    Ok(if file == Path::new("-") {
        service.read_heads(io::stdin().lock())?
    } else {
        service.read_heads(BufReader::new(File::open(file)?))?
    })
}

fn say(verified: &Verified) -> io::Result<()> {
    let Verified { end, fresh, heads } = verified;
    print::line(&format!(
        "OK  {} rows  head {}",
        end.position,
        end.mac.to_text()
    ))?;
    match heads {
        0 => print::note(
            "not compared with any head: whether the newest rows were cut off is not known (--heads)",
        )?,
        heads => print::note(&format!("compared with {heads} heads"))?,
    }
    if *fresh > 0 {
        print::note(&format!(
            "{fresh} rows were written a moment ago and are not sealed yet"
        ))?;
    }
    Ok(())
}

fn words(finding: &Finding) -> String {
    let row = || {
        let sequence = finding.sequence.unwrap_or_default();
        let object = finding.object.as_deref().unwrap_or_default();
        match finding.position {
            Some(position) => format!("position {position}, row {sequence} about {object:?}"),
            None => format!("row {sequence} about {object:?}"),
        }
    };
    let position = finding.position.unwrap_or_default();
    let until = finding.until.unwrap_or(position);
    match finding.tampering {
        Tampering::Edited => format!("{}: edited", row()),
        Tampering::Inserted => format!("{}: inserted", row()),
        Tampering::OutOfOrder => format!("{}: out of order, it was sealed elsewhere", row()),
        Tampering::Missing if position == until => format!("position {position}: missing"),
        Tampering::Missing => format!("positions {position} to {until}: missing"),
        Tampering::TailCut => {
            format!("tail cut after position {position}: it went on to position {until} at least")
        }
        Tampering::Replaced => format!(
            "rows after position {position} are others than those that were sealed, as the head of position {until} shows"
        ),
        Tampering::Unsealed => format!("{}: nobody sealed it; does the proxy run?", row()),
        Tampering::ForgedHead => format!(
            "line {} of the heads was not signed by this store's key",
            finding.line.unwrap_or_default()
        ),
    }
}

fn as_json(verdict: &Result<Verified, Finding>) -> Value {
    match verdict {
        Ok(Verified { end, fresh, heads }) => json!({
            "ok": true, "count": end.position, "head": { "position": end.position, "mac": end.mac.to_text() },
            "unsealed": fresh, "heads": heads,
        }),
        Err(finding) => json!({
            "ok": false, "finding": finding.tampering.as_str(), "position": finding.position,
            "until": finding.until, "sequence": finding.sequence, "object": finding.object, "line": finding.line,
        }),
    }
}

fn key(service: &Service, as_json: bool) -> Result<()> {
    let signer = service.head_signer()?;
    let public = URL_SAFE_NO_PAD.encode(signer.public);
    if as_json {
        let row = json!({ "key": signer.key, "algorithm": "Ed25519", "public": public });
        print::line(&row.to_string())?;
    } else {
        print::line(&public)?;
    }
    Ok(())
}
