//! Configuration: from a file and the environment, the environment winning. Unknown keys are refused by name.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use ::config::{Config as Sources, Environment, File, FileFormat};
use serde::Deserialize;
use url::Url;

use crate::http::{ForwardedHeader, LimitSettings, PassingLimits, TrustedProxies};
use crate::outbound::AddressPolicy;
use crate::store::DatabaseAddress;
use crate::vault::{KeyCommand, KeyFile, KeySource};

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
    /// A file that holds that in its place: an address with a password in it need not stand in the environment.
    pub database_url_file: Option<PathBuf>,
    /// How many connections to PostgreSQL there are at most; half of them read.
    pub database_connections: u32,
    /// The file that holds the master key; `pairlink.key` beside the SQLite file, or where the proxy runs, if absent.
    pub master_key_file: Option<PathBuf>,
    /// The program that says the master key, in the place of a file.
    pub master_key_command: Option<PathBuf>,
    /// The file to which signed heads of the audit are appended; only the log has them if absent.
    pub audit_head_file: Option<PathBuf>,
    /// Whether connections may point into the operator's own network.
    pub allow_private_upstreams: bool,
    /// The reverse proxies in front, whose word on clients' addresses is taken.
    pub trusted_proxies: TrustedProxies,
    /// Where they write those addresses.
    pub forwarded_header: ForwardedHeader,
    /// Connections of this process.
    pub limit_connections: NonZeroU32,
    /// Connections of one address, where clients connect without a reverse proxy.
    pub limit_connections_per_address: NonZeroU32,
    /// Requests of one address, a minute.
    pub limit_requests_per_address: NonZeroU32,
    /// Requests of one address with a token or link that opens nothing, a minute.
    pub limit_failures_per_address: NonZeroU32,
    /// Requests with one embed token, a minute.
    pub limit_requests_per_embed_token: NonZeroU32,
    /// Requests with one API key, a minute.
    pub limit_requests_per_api_key: NonZeroU32,
    /// Requests about one tenant, a minute.
    pub limit_requests_per_tenant: NonZeroU32,
    /// Streams of events of this process.
    pub limit_streams: NonZeroU32,
    /// Streams with one embed token.
    pub limit_streams_per_embed_token: NonZeroU32,
    /// Streams of one connection.
    pub limit_streams_per_connection: NonZeroU32,
    /// Streams of one tenant.
    pub limit_streams_per_tenant: NonZeroU32,
    /// Streams of one address.
    pub limit_streams_per_address: NonZeroU32,
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
        let limits = LimitSettings::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            admin_listen: None,
            public_url: None,
            database_url: DatabaseAddress::Sqlite("sqlite://pairlink.db".to_owned()),
            database_url_file: None,
            database_connections: 16,
            master_key_file: None,
            master_key_command: None,
            audit_head_file: None,
            allow_private_upstreams: false,
            trusted_proxies: limits.trusted_proxies,
            forwarded_header: limits.forwarded_header,
            limit_connections: limits.connections,
            limit_connections_per_address: limits.connections_of_address,
            limit_requests_per_address: limits.address,
            limit_failures_per_address: limits.failures,
            limit_requests_per_embed_token: limits.embed_token,
            limit_requests_per_api_key: limits.api_key,
            limit_requests_per_tenant: limits.tenant,
            limit_streams: limits.streams,
            limit_streams_per_embed_token: limits.streams_of_embed_token,
            limit_streams_per_connection: limits.streams_of_connection,
            limit_streams_per_tenant: limits.streams_of_tenant,
            limit_streams_per_address: limits.streams_of_address,
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
    /// One thing is said in two ways.
    #[error("{0} and {1} are both set: which of them counts?")]
    Twice(&'static str, &'static str),
    /// The file that should hold the database's address does not.
    #[error("database_url_file does not hold an address that begins with sqlite: or postgres:")]
    DatabaseFile,
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
        let sources = sources
            .add_source(environment)
            .build()
            .map_err(ConfigError::Sources)?;
        let is_set = |key: &str| sources.get::<::config::Value>(key).is_ok();
        for (one, other) in [
            ("database_url", "database_url_file"),
            ("master_key_file", "master_key_command"),
        ] {
            if is_set(one) && is_set(other) {
                return Err(ConfigError::Twice(one, other));
            }
        }
        let mut config: Self = sources.try_deserialize().map_err(ConfigError::Sources)?;
        if let Some(file) = &config.database_url_file {
            let address = std::fs::read_to_string(file)
                .map_err(|_cause| ConfigError::DatabaseFile)
                .map(zeroize::Zeroizing::new)?;
            config.database_url = DatabaseAddress::parse(address.trim())
                .map_err(|_unknown| ConfigError::DatabaseFile)?;
        }
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

    /// How often callers may ask, and how much they may hold open.
    pub fn limits(&self) -> LimitSettings {
        LimitSettings {
            trusted_proxies: self.trusted_proxies.clone(),
            forwarded_header: self.forwarded_header,
            connections: self.limit_connections,
            connections_of_address: self.limit_connections_per_address,
            address: self.limit_requests_per_address,
            failures: self.limit_failures_per_address,
            embed_token: self.limit_requests_per_embed_token,
            api_key: self.limit_requests_per_api_key,
            tenant: self.limit_requests_per_tenant,
            streams: self.limit_streams,
            stream_age: LimitSettings::default().stream_age,
            streams_of_embed_token: self.limit_streams_per_embed_token,
            streams_of_connection: self.limit_streams_per_connection,
            streams_of_tenant: self.limit_streams_per_tenant,
            streams_of_address: self.limit_streams_per_address,
        }
    }

    /// Whether private addresses may be called.
    pub const fn addresses(&self) -> AddressPolicy {
        if self.allow_private_upstreams {
            AddressPolicy::AllowPrivate
        } else {
            AddressPolicy::PublicOnly
        }
    }

    /// Where the master key comes from.
    pub fn master_key(&self) -> KeySource {
        match &self.master_key_command {
            Some(command) => KeySource::Command(KeyCommand::new(command)),
            None => KeySource::File(KeyFile::new(self.master_key_file())),
        }
    }

    /// The file of the master key.
    fn master_key_file(&self) -> PathBuf {
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
        assert!(load(&[("PAIRLINK_TRUSTED_PROXIES", "proxy.example")]).is_err());
        assert!(
            load(&[("PAIRLINK_LIMIT_STREAMS", "0")]).is_err(),
            "no limit is none"
        );
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
            ("PAIRLINK_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            ("PAIRLINK_FORWARDED_HEADER", "forwarded"),
            ("PAIRLINK_LIMIT_STREAMS", "7"),
            (
                "PAIRLINK_DATABASE_URL",
                "sqlite:///var/lib/pairlink/data.db?mode=rwc",
            ),
        ])
        .unwrap();
        assert_eq!(config.limits().streams.get(), 7);
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

    #[test]
    fn an_address_can_stand_in_a_file_and_is_not_repeated() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("database.url");
        let path = file.to_str().unwrap();
        std::fs::write(&file, "postgres://u:secret@x/y\n").unwrap();
        let config = load(&[("PAIRLINK_DATABASE_URL_FILE", path)]).unwrap();
        assert!(matches!(config.database_url, DatabaseAddress::Postgres(_)));
        std::fs::write(&file, "mysql://u:secret@x/y").unwrap();
        let refused = load(&[("PAIRLINK_DATABASE_URL_FILE", path)]).unwrap_err();
        assert!(refused.contains("database_url_file"), "{refused}");
        assert!(!refused.contains("secret"), "{refused}");
    }

    #[test]
    fn what_is_said_in_two_ways_is_refused() {
        for (one, other) in [
            ("DATABASE_URL", "DATABASE_URL_FILE"),
            ("MASTER_KEY_FILE", "MASTER_KEY_COMMAND"),
        ] {
            let names = [one, other].map(|name| format!("PAIRLINK_{name}"));
            let [one, other] = &names;
            let refused = load(&[(one, "sqlite://a"), (other, "b")]).unwrap_err();
            let key = other.trim_start_matches("PAIRLINK_").to_lowercase();
            assert!(refused.contains(&key), "{refused}");
        }
    }
}
