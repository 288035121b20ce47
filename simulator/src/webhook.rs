//! Posts to the addresses that a provider's customers gave it.
//!
//! It speaks plain HTTP only: whoever is told something by a simulator runs on the same machine.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode, Uri, uri};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// How long to wait for an answer, in real time.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why nobody was told. Addresses can hold secrets, so they are not in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostError {
    #[error("the address is not http://host[:port]/…")]
    Address,
    #[error("cannot build the request")]
    Request(#[from] axum::http::Error),
    #[error("nobody listens there")]
    Connect(#[from] std::io::Error),
    #[error("the connection failed")]
    Connection(#[from] hyper::Error),
    #[error("no answer in time")]
    Patience(#[from] tokio::time::error::Elapsed),
}

/// Posts JSON, with an `Authorization` header if there is one to send, and returns the status of the answer.
pub(crate) async fn post(
    url: &str,
    authorization: Option<&str>,
    body: &Value,
) -> Result<StatusCode, PostError> {
    let url: Uri = url.parse().map_err(|_invalid| PostError::Address)?;
    let authority = url
        .authority()
        .filter(|_| url.scheme() == Some(&uri::Scheme::HTTP));
    let authority = authority.ok_or(PostError::Address)?;
    let path = url.path_and_query().map_or("/", uri::PathAndQuery::as_str);
    let mut request = Request::post(path)
        .header(HOST, authority.as_str())
        .header(CONTENT_TYPE, "application/json");
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    let request = request.body(Body::from(body.to_string()))?;

    let host = authority.host().trim_matches(['[', ']']);
    let address = (host, authority.port_u16().unwrap_or(80));
    let posting = async {
        let stream = TcpStream::connect(address).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await;
        connection.abort();
        Ok(answer?.status())
    };
    tokio::time::timeout(PATIENCE, posting).await?
}
