//! The real program, as an operator starts it.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use pairlink_proxy::vault::{KeyFile, MasterKey};
use pairlink_simulator::{Simulator, wawp};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use super::books::Books;
use super::in_time;
use super::place::{self, Place};

/// A directory with a database and a key, or room for them.
pub(crate) struct Program {
    directory: Place,
    /// More that every command finds in its environment.
    pub(crate) settings: Vec<(&'static str, String)>,
}

/// A running proxy.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) url: String,
}

impl Program {
    pub(crate) fn new() -> Self {
        let program = Self {
            directory: Place::new(),
            settings: Vec::new(),
        };
        // For a server it is not made by itself.
        if place::is_on_postgres() {
            let key = MasterKey::random(&mut rand::rng());
            let file = KeyFile::new(program.master_key_file());
            assert!(file.read_or_make(&key).unwrap());
        }
        program
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// A directory with the same database and key, as they are now.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        for entry in std::fs::read_dir(self.directory()).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), copy.directory().join(entry.file_name())).unwrap();
        }
        copy
    }

    fn master_key_file(&self) -> PathBuf {
        self.directory().join("pairlink.key")
    }

    /// A command with no settings but these.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pairlink"));
        command
            .args(arguments)
            .env_clear()
            .env("PAIRLINK_AUDIT_HEAD_FILE", self.heads())
            .env("PAIRLINK_DATABASE_URL", place::address(self.directory()))
            .env("PAIRLINK_MASTER_KEY_FILE", self.master_key_file())
            .env("PAIRLINK_ALLOW_PRIVATE_UPSTREAMS", "true")
            .env("PAIRLINK_LOG", "trace")
            // Only builds with failpoints look there.
            .env("FAILPOINTS_FILE", self.failpoints())
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Ends every lease on a renewal, as a minute does.
    #[cfg(feature = "failpoints")]
    pub(crate) async fn end_leases(&self) -> u64 {
        use sqlx::{ConnectOptions as _, Connection as _};

        let file = self.directory().join("pairlink.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut database = options.connect().await.unwrap();
        let ended = "UPDATE renewals SET leased_until = 1 WHERE leased_until IS NOT NULL";
        let ended = sqlx::query(ended).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
        ended.rows_affected()
    }

    /// Makes a master key, for a store beside which none is made; returns where it is.
    #[cfg(feature = "broken")]
    pub(crate) fn make_master_key(&self) -> String {
        use pairlink_proxy::vault::{KeyFile, MasterKey};

        let path = self.directory().join("pairlink.key");
        let key = MasterKey::random(&mut rand::rng());
        KeyFile::new(path.clone()).read_or_make(&key).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output();
        let output = in_time("the command's end", output).await.unwrap();
        std::io::Write::write_all(&mut self.open_log(), &output.stderr).unwrap();
        output
    }

    /// Runs a command that succeeds, and returns what it says.
    pub(crate) async fn answer(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Makes an API key for every tenant.
    pub(crate) async fn api_key(&self) -> String {
        let said = self.answer(&["api-key", "create", "--all-tenants"]).await;
        said.trim().to_owned()
    }

    /// Adds a connection to the demo account of a simulator.
    pub(crate) async fn connection(&self, simulator: &Simulator) -> String {
        let mut child = self
            .command(&[
                "connection",
                "add",
                "--provider",
                "wawp",
                "--label",
                "Acme support line",
                "--base-url",
                simulator.base_url(),
                "--credentials-file",
                "-",
            ])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let credentials = json!({
            "instance_id": wawp::DEMO_INSTANCE_ID, "access_token": wawp::DEMO_ACCESS_TOKEN,
        });
        let mut stdin = child.stdin.take().unwrap();
        stdin
            .write_all(credentials.to_string().as_bytes())
            .await
            .unwrap();
        drop(stdin);
        let output = in_time("the command's end", child.wait_with_output()).await;
        let output = output.unwrap();
        std::io::Write::write_all(&mut self.open_log(), &output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn failpoints(&self) -> PathBuf {
        self.directory().join("failpoints")
    }

    /// Says what happens at which places of the program, from now on; see `failpoint.rs`.
    #[cfg(feature = "failpoints")]
    pub(crate) fn steer(&self, said: &str) {
        // Never half a file.
        let draft = self.directory().join("failpoints.draft");
        std::fs::write(&draft, said).unwrap();
        std::fs::rename(draft, self.failpoints()).unwrap();
    }

    /// Starts the proxy; it appends what it logs to one file.
    pub(crate) async fn serve(&self) -> Running {
        self.serve_with(&[]).await
    }

    /// The same, with more in its environment.
    pub(crate) async fn serve_with(&self, settings: &[(&str, &str)]) -> Running {
        let mut child = self
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .envs(settings.iter().copied())
            .stderr(self.open_log())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.as_mut().unwrap());
        let reading = stdout.read_line(&mut line);
        in_time("the proxy's start", reading).await.unwrap();
        let url = line.strip_prefix("listening on ").map(str::trim_end);
        let url = url
            .unwrap_or_else(|| panic!("{line:?}: {}", String::from_utf8_lossy(&self.log())))
            .to_owned();
        Running { child, url }
    }

    /// Where signed heads of the audit are kept.
    pub(crate) fn heads(&self) -> PathBuf {
        self.directory().join("heads")
    }

    /// Where everything goes that the program logs.
    pub(crate) fn open_log(&self) -> std::fs::File {
        std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.log_file())
            .unwrap()
    }

    fn log_file(&self) -> PathBuf {
        self.directory().join("log")
    }

    /// Everything that the proxies logged.
    pub(crate) fn log(&self) -> Vec<u8> {
        std::fs::read(self.log_file()).unwrap()
    }
}

impl Program {
    /// Ends it as the power does, once no turn is held: whoever comes next waits for none.
    pub(crate) async fn kill_at_rest(&self, running: Running) {
        let mut books = Books::open(self.directory()).await;
        books.at_rest().await;
        books.close().await;
        running.kill().await;
    }
}

impl Running {
    /// Ends it as the power does.
    pub(crate) async fn kill(mut self) {
        in_time("its end", self.child.kill()).await.unwrap();
    }

    /// Waits until it ends by itself, and says by which signal.
    #[cfg(all(unix, feature = "failpoints"))]
    pub(crate) async fn died_of(mut self) -> Option<i32> {
        use std::os::unix::process::ExitStatusExt as _;
        in_time("its end", self.child.wait())
            .await
            .unwrap()
            .signal()
    }

    /// Asks it to end.
    pub(crate) async fn ask_to_end(&mut self) {
        self.send("-TERM").await;
    }

    async fn send(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args([name, &id]).status().await;
        assert!(sent.unwrap().success());
    }

    /// Asks it to end, and returns its exit code.
    #[cfg(unix)]
    pub(crate) async fn signal(mut self, name: &str) -> Option<i32> {
        self.send(name).await;
        in_time("its end", self.child.wait()).await.unwrap().code()
    }
}
