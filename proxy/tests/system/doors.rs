//! Who gets in, how often, and how long a connection may take: bounds that no caller can move.

mod connections;
mod drain;
mod limits;
mod origins;
mod streams;

use std::num::NonZeroU32;

use reqwest::{Method, RequestBuilder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{World, in_time};

pub(crate) fn some(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

impl World {
    /// A connection on which anything can be said.
    async fn dial(&self) -> TcpStream {
        let address = self.url.strip_prefix("http://").unwrap();
        TcpStream::connect(address).await.unwrap()
    }

    /// A request that a reverse proxy forwards for somebody.
    fn forwarded(&self, client: &str, method: Method, path: &str) -> RequestBuilder {
        self.at(method, path).header("x-forwarded-for", client)
    }
}

/// Says something, and hears everything until the other side has had enough.
async fn say(stream: &mut TcpStream, said: &[u8]) -> String {
    // Whoever does not listen to the end may answer before it.
    stream.write_all(said).await.ok();
    let mut heard = Vec::new();
    in_time("the end", stream.read_to_end(&mut heard))
        .await
        .ok();
    String::from_utf8_lossy(&heard).into_owned()
}
