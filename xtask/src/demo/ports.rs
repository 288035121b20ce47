//! The three neighbouring ports of the demo, and who listens on which.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context as _, Result, bail};

/// One server of the demo.
pub(crate) struct Server {
    /// Its name: in messages, and of its log.
    pub(crate) name: &'static str,
    port: u16,
}

impl Server {
    pub(crate) fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.authority())
    }
}

/// All of them.
pub(crate) struct Ports {
    pub(crate) host: Server,
    pub(crate) proxy: Server,
    pub(crate) simulator: Server,
}

/// The first that are free from there on.
pub(crate) fn free_ports(first: u16) -> Result<Ports> {
    (first..first + 300)
        .step_by(3)
        .map(Ports::starting_at)
        .find(|ports| ports.check_free().is_ok())
        .context("no three neighbouring ports are free")
}

impl Ports {
    /// The caller keeps `port` below 65534.
    pub(crate) fn starting_at(port: u16) -> Self {
        let server = |name, offset| Server {
            name,
            port: port.saturating_add(offset),
        };
        Self {
            host: server("demo-host", 0),
            proxy: server("proxy", 1),
            simulator: server("simulator", 2),
        }
    }

    /// Looks before anything is built, so that nobody waits minutes for a refusal.
    pub(crate) fn check_free(&self) -> Result<()> {
        for server in [&self.host, &self.proxy, &self.simulator] {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, server.port)) {
                Ok(_closed_at_once) => {}
                Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
                    "port {} (for the {}) is in use: end what listens there, or choose three others with `cargo xtask demo --port {}`",
                    server.port,
                    server.name,
                    self.host.port.checked_add(100).unwrap_or(8400),
                ),
                Err(error) => bail!(
                    "cannot listen on port {} (for the {}): {error}",
                    server.port,
                    server.name
                ),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_port_in_use_and_what_to_do() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = Ports::starting_at(port)
            .check_free()
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&format!("port {port} (for the demo-host) is in use")),
            "{error}"
        );
        assert!(error.contains("--port"), "{error}");
        assert_eq!(error.lines().count(), 1);
    }
}
