//! 19, 37, 38: what comes over the wire, or does not.
#![cfg(unix)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::harness::answer::{Answer, send};
use crate::harness::program::Running;
use crate::harness::scene::Scene;
use crate::harness::{World, in_time};
use reqwest::Method;

/// Mints at an address of its own.
async fn mint_at(world: &World, base_url: &str) -> Answer {
    let asked = json!({
        "provider": "wawp", "base_url": base_url, "credentials": world.credentials(),
    });
    let request = world.backend(Method::POST, "/v1/connections");
    let added = world.send(request.json(&asked)).await.json(201);
    let path = format!("/v1/connections/{}/pass", added["id"].as_str().unwrap());
    let request = world.backend(Method::POST, &path);
    world.send(request.json(&json!({ "method": "link" }))).await
}

#[tokio::test]
async fn f37_a_name_that_leads_nowhere_is_told_soon() {
    let world = World::start().await;
    let told = tokio::time::timeout(
        Duration::from_secs(10),
        mint_at(&world, "http://nowhere.invalid"),
    );
    let told = told.await.expect("soon");
    assert_eq!(told.problem("upstream_unreachable")["retry_after"], 5);
    world.assert_log_is_clean(&[]);
}

#[tokio::test]
async fn f19_an_answer_without_end_is_cut_off_compressed_or_not() {
    for head in ["", "content-encoding: gzip\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let written = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&written);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pour(stream, head, Arc::clone(&counter)));
            }
        });
        let world = World::start().await;
        mint_at(&world, &address)
            .await
            .problem("upstream_malformed");
        serving.abort();
        let written = written.load(Ordering::Relaxed);
        // What is under way in sockets between the two.
        assert!(written < 32 * 1024 * 1024, "{written} bytes were taken in");
    }
}

/// Answers with JSON that goes on for a gibibyte, or until the client leaves.
async fn pour(mut stream: TcpStream, head: &str, written: Arc<AtomicUsize>) {
    let mut request = [0; 4096];
    drop(stream.read(&mut request).await);
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{head}\r\n[");
    drop(stream.write_all(head.as_bytes()).await);
    let piece = vec![b' '; 64 * 1024];
    for _ in 0..16 * 1024 {
        if stream.write_all(&piece).await.is_err() {
            return;
        }
        written.fetch_add(piece.len(), Ordering::Relaxed);
    }
}

/// An authority, and a file that says to trust it.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Certificate,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self {
            issuer: Issuer::new(params, key),
            certificate,
        }
    }

    /// A server's certificate for that name, good between these years.
    fn server(&self, name: &str, years: (i32, i32), signed: bool) -> ServerConfig {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = if signed {
            params.signed_by(&key, &self.issuer).unwrap()
        } else {
            params.self_signed(&key).unwrap()
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap()
    }
}

/// How a server greets.
enum Greeting {
    Tls(Arc<ServerConfig>),
    Plain,
    HangUp,
}

const LINK: &str = "https://app.wawp.net/temp-qr/abc";

/// Serves until dropped; counts the bytes that clients sent beyond the handshake.
async fn serve(greeting: Greeting) -> (String, Arc<AtomicUsize>, tokio::task::AbortHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let told = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&told);
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            match &greeting {
                Greeting::HangUp => drop(stream),
                Greeting::Plain => {
                    drop(
                        stream
                            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
                            .await,
                    );
                }
                Greeting::Tls(config) => {
                    let acceptor = TlsAcceptor::from(Arc::clone(config));
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        continue;
                    };
                    let mut request = [0; 4096];
                    if let Ok(read) = stream.read(&mut request).await {
                        counter.fetch_add(read, Ordering::Relaxed);
                    }
                    let body = json!({ "link": LINK, "expires_at": "2999-01-01T00:00:00.000Z" });
                    let body = body.to_string();
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    drop(stream.write_all(answer.as_bytes()).await);
                    drop(stream.shutdown().await);
                }
            }
        }
    });
    (url, told, serving.abort_handle())
}

async fn mint_over_tls(scene: &Scene, running: &Running, base_url: &str) -> Answer {
    let account =
        json!({ "instance_id": "DEMO00000009", "access_token": "never-to-be-sent-in-the-clear" });
    let asked = json!({ "provider": "wawp", "base_url": base_url, "credentials": account });
    let connections = format!("{}/v1/connections", running.url);
    let request = scene.client.post(&connections).bearer_auth(&scene.key);
    let added = send(request.json(&asked)).await.json(201);
    let path = format!("{connections}/{}/pass", added["id"].as_str().unwrap());
    let request = scene.client.post(path).bearer_auth(&scene.key);
    in_time(
        "an answer",
        send(request.json(&json!({ "method": "link" }))),
    )
    .await
}

#[tokio::test]
async fn f38_a_provider_that_cannot_show_who_it_is_is_told_nothing() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let scene = Scene::set().await;
    let (trusted, stranger) = (Authority::new(), Authority::new());
    let file = scene.program.directory().join("authority.pem");
    std::fs::write(&file, trusted.certificate.pem()).unwrap();
    let settings = [("SSL_CERT_FILE", file.to_str().unwrap())];
    let running = scene.program.serve_with(&settings).await;
    let now = (2020, 2090);
    let cases = [
        (
            "good",
            Greeting::Tls(Arc::new(trusted.server("localhost", now, true))),
            true,
        ),
        (
            "expired",
            Greeting::Tls(Arc::new(trusted.server("localhost", (2001, 2002), true))),
            false,
        ),
        (
            "not yet",
            Greeting::Tls(Arc::new(trusted.server("localhost", (2080, 2090), true))),
            false,
        ),
        (
            "another name",
            Greeting::Tls(Arc::new(trusted.server("elsewhere.example", now, true))),
            false,
        ),
        (
            "self-signed",
            Greeting::Tls(Arc::new(trusted.server("localhost", now, false))),
            false,
        ),
        (
            "of a stranger",
            Greeting::Tls(Arc::new(stranger.server("localhost", now, true))),
            false,
        ),
        ("plain", Greeting::Plain, false),
        ("hangs up", Greeting::HangUp, false),
    ];
    for (case, greeting, good) in cases {
        let (url, told, serving) = serve(greeting).await;
        let answer = mint_over_tls(&scene, &running, &url).await;
        if good {
            assert_eq!(answer.json(201)["pass"]["url"], LINK, "{case}");
        } else {
            answer.problem("upstream_unreachable");
            assert_eq!(
                told.load(Ordering::Relaxed),
                0,
                "{case}: it was told something"
            );
        }
        serving.abort();
    }
    running.kill().await;
}
