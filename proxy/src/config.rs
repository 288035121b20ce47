//! Configuration: from a file and the environment, the environment winning. Unknown keys are refused by name.

use std::net::SocketAddr;
use std::path::PathBuf;

use ::config::{Config as Sources, Environment, File, FileFormat};
use serde::Deserialize;
use url::Url;

use crate::http::PassingLimits;
use crate::outbound::AddressPolicy;
use crate::store::DatabaseAddress;

/// What the operator may set; each key also as `PAIRLINK_…` in the environment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where operators' tools read metrics and health; nowhere if absent. Never the address that browsers reach.
    pub admin_listen: Option<SocketAddr>,
    /// Where browsers reach this proxy; `http://{listen}` if absent.
    pub public_url: Option<Url>,
    /// Where the data is, such as `sqlite://pairlink.db`.
    pub database_url: DatabaseAddress,
    /// How many connections to PostgreSQL there are at most; half of them read.
    pub database_connections: u32,
    /// The file that holds the master key; `pairlink.key` beside the SQLite file, or where the proxy runs, if absent.
    pub master_key_file: Option<PathBuf>,
    /// Whether connections may point into the operator's own network.
    pub allow_private_upstreams: bool,
    /// The longest body of a request that is passed on to a provider.
    pub upstream_body_bytes: u64,
    /// The directory of the built widget; without it `/widget.js` is not served.
    pub widget_dir: Option<PathBuf>,
    /// What is logged, such as `info` or `pairlink_proxy=debug,warn`.
    pub log: String,
    /// How logs look.
    pub log_format: LogFormat,
}

/// How logs look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: an object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            admin_listen: None,
            public_url: None,
            database_url: DatabaseAddress::Sqlite("sqlite://pairlink.db".to_owned()),
            database_connections: 16,
            master_key_file: None,
            allow_private_upstreams: false,
            upstream_body_bytes: PassingLimits::default().body_bytes,
            widget_dir: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
        }
    }
}

/// Why the configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read, or says what is not known.
    #[error("{0}")]
    Sources(#[source] ::config::ConfigError),
    /// So few connections, or so many, are of no use.
    #[error("database_connections must be from 2 to 1000")]
    DatabaseConnections,
    /// The public address cannot be one.
    #[error("public_url must be an http or https address without path, query or user")]
    PublicUrl,
}

impl Config {
    /// Reads the file, if one is given, and the environment.
    ///
    /// `variables` are those of the environment. Of names that begin with `PAIRLINK_` only keys of ours are taken; the
    /// ones that Kubernetes makes for a service of that name (`PAIRLINK_PORT…`, `PAIRLINK_SERVICE_…`) are not ours.
    pub fn load(
        file: Option<&std::path::Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let variables = variables
            .into_iter()
            .filter(|(name, _)| {
                !name.starts_with("PAIRLINK_PORT") && !name.starts_with("PAIRLINK_SERVICE_")
            })
            .collect();
        let environment = Environment::with_prefix("PAIRLINK")
            .try_parsing(true)
            .source(Some(variables));
        let mut sources = Sources::builder();
        if let Some(file) = file {
            sources = sources.add_source(File::from(file).format(FileFormat::Toml));
        }
        let config: Self = sources
            .add_source(environment)
            .build()
            .and_then(Sources::try_deserialize)
            .map_err(ConfigError::Sources)?;
        if !(2..=1000).contains(&config.database_connections) {
            return Err(ConfigError::DatabaseConnections);
        }
        if config
            .public_url
            .as_ref()
            .is_some_and(|url| !is_bare_origin(url))
        {
            return Err(ConfigError::PublicUrl);
        }
        Ok(config)
    }

    /// Whether private addresses may be called.
    pub const fn addresses(&self) -> AddressPolicy {
        if self.allow_private_upstreams {
            AddressPolicy::AllowPrivate
        } else {
            AddressPolicy::PublicOnly
        }
    }

    /// The file of the master key.
    pub fn master_key_file(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| {
            let beside = self.database_url.file().unwrap_or_default();
            beside.with_file_name("pairlink.key")
        })
    }
}

fn is_bare_origin(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Config, String> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::load(None, variables).map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pairlink.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\nlog = \"debug\"\n").unwrap();
        let variables = [("PAIRLINK_LISTEN".to_owned(), "127.0.0.1:2".to_owned())];
        let config = Config::load(Some(&file), variables).unwrap();
        assert_eq!((config.listen.port(), config.log.as_str()), (2, "debug"));
    }

    #[test]
    fn unknown_keys_are_refused_by_name() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pairlink.toml");
        std::fs::write(&file, "lisen = \"127.0.0.1:1\"\n").unwrap();
        let error = Config::load(Some(&file), []).unwrap_err().to_string();
        assert!(error.contains("lisen"), "{error}");
        let error = load(&[("PAIRLINK_LISEN", "x")]).unwrap_err();
        assert!(error.contains("lisen"), "{error}");
    }

    #[test]
    fn names_of_others_are_left_alone() {
        assert!(
            load(&[
                ("PAIRLINK_PORT_80_TCP", "x"),
                ("PAIRLINK_SERVICE_HOST", "x"),
                ("PATH", "x")
            ])
            .is_ok()
        );
    }

    #[test]
    fn values_are_checked() {
        let refused = load(&[("PAIRLINK_DATABASE_URL", "mysql://u:secret@x/y")]).unwrap_err();
        assert!(refused.contains("database_url"), "{refused}");
        assert!(!refused.contains("secret"), "{refused}");
        for connections in ["0", "1", "1001", "-1", "many"] {
            let refused = load(&[("PAIRLINK_DATABASE_CONNECTIONS", connections)]).unwrap_err();
            assert!(refused.contains("database_connections"), "{refused}");
        }
        assert!(load(&[("PAIRLINK_LISTEN", "nowhere")]).is_err());
        for url in [
            "https://pairlink.example/path",
            "https://u@pairlink.example",
            "ftp://pairlink.example",
            "x",
        ] {
            assert!(load(&[("PAIRLINK_PUBLIC_URL", url)]).is_err(), "{url}");
        }
        let config = load(&[
            ("PAIRLINK_PUBLIC_URL", "https://pairlink.example"),
            ("PAIRLINK_ALLOW_PRIVATE_UPSTREAMS", "true"),
            (
                "PAIRLINK_DATABASE_URL",
                "sqlite:///var/lib/pairlink/data.db?mode=rwc",
            ),
        ])
        .unwrap();
        assert_eq!(config.addresses(), AddressPolicy::AllowPrivate);
        assert!(matches!(config.database_url, DatabaseAddress::Sqlite(_)));
        assert_eq!(
            config.master_key_file(),
            PathBuf::from("/var/lib/pairlink/pairlink.key")
        );
    }

    #[test]
    fn the_address_of_a_server_is_not_shown() {
        for scheme in ["postgres", "postgresql"] {
            let address = format!("{scheme}://pairlink:pass-word@db.example/pairlink");
            let config = load(&[("PAIRLINK_DATABASE_URL", &address)]).unwrap();
            assert!(matches!(config.database_url, DatabaseAddress::Postgres(_)));
            assert!(!format!("{config:?}").contains("pass-word"));
            assert_eq!(config.master_key_file(), PathBuf::from("pairlink.key"));
        }
    }
}
