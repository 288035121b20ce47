//! Green-API's own client libraries, which nobody here wrote, against the simulated Green-API.
//!
//! They are installed once into the target directory. Without Python or npm there is nothing to try, and the test says so.
#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use pairlink_simulator::Simulator;
use pairlink_simulator::green_api::{
    self, DEMO_API_TOKEN_INSTANCE, DEMO_ID_INSTANCE, InstanceState,
};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::steps::{assert_whatsapp_payload, decode_qr};

const PYTHON_CLIENT: &str = "whatsapp-api-client-python==0.0.55";

/// The client asks for a package `fs`, which is an empty placeholder for Node's own module and not on every registry.
const NPM_PACKAGE: &str = r#"{
    "private": true,
    "dependencies": { "@green-api/whatsapp-api-client": "0.4.4" },
    "overrides": { "fs": "file:./fs" }
}"#;
const NPM_PLACEHOLDER: &str = r#"{ "name": "fs", "version": "0.0.1" }"#;

/// Reads what to do from the arguments, and prints the answers' bodies, one line of JSON each.
const PYTHON_PROGRAM: &str = r#"
import json, sys
from whatsapp_api_client_python.API import GreenAPI
host, id_instance, token, *steps = sys.argv[1:]
account = GreenAPI(id_instance, token, host=host).account
calls = {
    "state": account.getStateInstance,
    "code": lambda: account.getAuthorizationCode(441134960001),
    "qr": account.qr,
    "logout": account.logout,
    "reboot": account.reboot,
}
for step in steps:
    answer = calls[step]()
    print(json.dumps({"status": answer.code, "body": answer.data}))
"#;

const NPM_PROGRAM: &str = r#"
const { restAPI } = require("@green-api/whatsapp-api-client");
const [host, idInstance, apiTokenInstance, ...steps] = process.argv.slice(1);
const { instance } = restAPI({ host, idInstance, apiTokenInstance });
const calls = {
    state: () => instance.getStateInstance(),
    code: () => instance.getAuthorizationCode(441134960001),
    qr: () => instance.qr(),
    logout: () => instance.logout(),
    reboot: () => instance.reboot(),
};
(async () => {
    for (const step of steps) {
        const answer = await calls[step]().then(
            (body) => ({ status: 200, body }),
            (error) => ({ status: error.response.status, body: error.response.data }),
        );
        console.log(JSON.stringify(answer));
    }
})();
"#;

/// A way to run one of the client libraries.
struct Client {
    command: &'static str,
    /// How the command is given a program as text, and the text.
    program: [&'static str; 2],
    /// Where it finds the library.
    environment: (&'static str, PathBuf),
}

impl Client {
    /// The answers to these steps, in order.
    async fn run(&self, simulator: &Simulator, token: &str, steps: &[&str]) -> Vec<Value> {
        let mut command = Command::new(self.command);
        let (name, value) = &self.environment;
        command.args(self.program).env(name, value);
        for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            command.env_remove(variable);
        }
        command.args([simulator.base_url(), DEMO_ID_INSTANCE, token]);
        let ran = command.args(steps).kill_on_drop(true).output().await;
        let lines = String::from_utf8(succeeded(self.command, ran.unwrap()).stdout).unwrap();
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    async fn link_and_log_out(&self) {
        let simulator = Simulator::start().await.unwrap();
        let run = async |steps: &[&str]| {
            let token = DEMO_API_TOKEN_INSTANCE;
            self.run(&simulator, token, steps).await
        };
        let state = |answer: &Value| answer["body"]["stateInstance"].clone();
        let green_api = simulator.green_api();

        let answers = run(&["state", "code"]).await;
        assert_eq!(state(&answers[0]), "notAuthorized");
        assert_eq!(answers[1]["body"]["status"], true);
        let code = answers[1]["body"]["code"].as_str().unwrap();
        green_api.enter_code(DEMO_ID_INSTANCE, code).unwrap();

        let answers = run(&["state", "qr", "code", "logout", "state", "reboot"]).await;
        assert_eq!(state(&answers[0]), "authorized");
        assert_eq!(answers[1]["body"]["type"], "alreadyLogged");
        assert_eq!(answers[2]["body"], json!({ "status": false }));
        assert_eq!(answers[3]["body"], json!({ "isLogout": true }));
        assert_eq!(state(&answers[4]), "notAuthorized");
        assert_eq!(answers[5]["body"], json!({ "isReboot": true }));

        simulator.advance(std::time::Duration::from_secs(1));
        let answers = run(&["qr"]).await;
        assert_eq!(answers[0]["body"]["type"], "qrCode");
        let payload = decode_qr(answers[0]["body"]["message"].as_str().unwrap());
        assert_whatsapp_payload(&payload);
        green_api.scan_qr(DEMO_ID_INSTANCE, &payload).unwrap();
        let authorized = InstanceState::Authorized;
        assert_eq!(green_api.state(DEMO_ID_INSTANCE), Ok(authorized));
        assert_eq!(simulator.calls(green_api::AUTHORIZATION_CODE).unwrap(), 2);

        let refused = self.run(&simulator, "wrong", &["state"]).await;
        assert_eq!(refused[0]["status"], 401);
    }
}

#[tokio::test]
async fn the_python_client_links_a_phone_and_logs_it_out() {
    if !is_there("python3", &["-m", "pip", "--version"]).await {
        eprintln!("skipped: python3 with pip is not installed");
        return;
    }
    let packages = installed("green-api-python-0.0.55", |directory: &Path| {
        let mut pip = Command::new("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        pip.arg("--target").arg(directory).arg(PYTHON_CLIENT);
        pip
    });
    let packages = packages.await;
    let client = Client {
        command: "python3",
        program: ["-c", PYTHON_PROGRAM],
        environment: ("PYTHONPATH", packages),
    };
    client.link_and_log_out().await;
}

#[tokio::test]
async fn the_npm_client_links_a_phone_and_logs_it_out() {
    if !is_there("npm", &["--version"]).await {
        eprintln!("skipped: npm is not installed");
        return;
    }
    let packages = installed("green-api-npm-0.4.4", |directory: &Path| {
        fs::create_dir(directory.join("fs")).unwrap();
        fs::write(directory.join("fs/package.json"), NPM_PLACEHOLDER).unwrap();
        fs::write(directory.join("package.json"), NPM_PACKAGE).unwrap();
        let mut npm = Command::new("npm");
        npm.args(["install", "--loglevel=error", "--no-audit", "--no-fund"]);
        npm.args(["--no-package-lock", "--ignore-scripts"]);
        npm.current_dir(directory);
        npm
    });
    let packages = packages.await;
    let client = Client {
        command: "node",
        program: ["-e", NPM_PROGRAM],
        environment: ("NODE_PATH", packages.join("node_modules")),
    };
    client.link_and_log_out().await;
}

async fn is_there(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().await.is_ok_and(|status| status.success())
}

/// A directory with the packages in it. It gets its name only when it is whole, so an interrupted run leaves no half.
async fn installed(name: &str, install: impl FnOnce(&Path) -> Command) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !place.exists() {
        let half = place.with_file_name(format!("{name}.{}", std::process::id()));
        fs::create_dir_all(&half).unwrap();
        let ran = install(&half).kill_on_drop(true).output().await;
        succeeded(name, ran.unwrap());
        // Another run may have been quicker, which is as good.
        if fs::rename(&half, &place).is_err() {
            fs::remove_dir_all(&half).unwrap();
        }
    }
    place
}

fn succeeded(what: &str, ran: Output) -> Output {
    let error = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{what}: {error}");
    ran
}
