//! Where a request comes from, as far as it can be believed.
//!
//! Only a reverse proxy that the operator named is believed, and only what it added itself: addresses that stand before
//! the last one that is not a named proxy's were written by whoever sent the request.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use serde::Deserialize;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The reverse proxies whose word on addresses is taken, such as `10.0.0.0/8, ::1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TrustedProxies(Vec<IpNet>);

/// A text that names no networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("trusted_proxies must be addresses or networks such as 10.0.0.0/8, separated by commas")]
pub struct InvalidNetworks;

/// Where those proxies write whom they forward for. The other header is not read: it may be the client's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// What nearly all of them write.
    #[default]
    XForwardedFor,
    /// What RFC 7239 made of it.
    Forwarded,
}

/// What stands for a client where requests are counted: an address of IPv4, or the half of one of IPv6 that a
/// subscriber is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ClientAddress(IpAddr);

impl FromStr for TrustedProxies {
    type Err = InvalidNetworks;

    fn from_str(text: &str) -> Result<Self, InvalidNetworks> {
        let networks = text.split(',').map(str::trim);
        let networks = networks.filter(|network| !network.is_empty());
        networks
            .map(|network| {
                let one_address = |_cause| network.parse::<IpAddr>().map(IpNet::from);
                network.parse::<IpNet>().or_else(one_address)
            })
            .collect::<Result<_, _>>()
            .map(Self)
            .map_err(|_cause| InvalidNetworks)
    }
}

impl TryFrom<String> for TrustedProxies {
    type Error = InvalidNetworks;

    fn try_from(text: String) -> Result<Self, InvalidNetworks> {
        text.parse()
    }
}

impl TrustedProxies {
    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client of a connection, if that is what its peer is: no named proxy, and none that nobody named.
    ///
    /// If no proxy is named, a peer within the operator's own network is most likely one. Counting by its address would
    /// let one client use up what is meant for all.
    pub(super) fn client_at(&self, peer: IpAddr) -> Option<ClientAddress> {
        let peer = peer.to_canonical();
        let is_proxy = self.trust(peer) || (self.0.is_empty() && is_private(peer));
        (!is_proxy).then(|| ClientAddress::of(peer))
    }

    /// The client that a request comes from; none if nobody believable says it.
    pub(super) fn client(
        &self,
        peer: IpAddr,
        headers: &HeaderMap,
        named_in: ForwardedHeader,
    ) -> Option<ClientAddress> {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return self.client_at(peer);
        }
        // Each hop was written by the one after it; the last by the peer.
        let mut believed = None;
        for hop in hops(headers, named_in).into_iter().rev() {
            match hop.map(|hop| hop.to_canonical()) {
                Some(hop) if self.trust(hop) => believed = Some(hop),
                Some(hop) => return Some(ClientAddress::of(hop)),
                // A proxy of ours forwards for somebody that it does not name: it answers for him.
                None => return Some(ClientAddress::of(believed.unwrap_or(peer))),
            }
        }
        believed.map(ClientAddress::of)
    }
}

impl ClientAddress {
    fn of(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        })
    }
}

/// Whether an address is one of the operator's own network, or of this machine.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || is_shared(address)
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

/// What carriers and clouds use inside (RFC 6598).
fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && (64..128).contains(&second)
}

/// Whom the request was forwarded for, hop by hop; none where a hop is no address.
fn hops(headers: &HeaderMap, named_in: ForwardedHeader) -> Vec<Option<IpAddr>> {
    let name = match named_in {
        ForwardedHeader::XForwardedFor => X_FORWARDED_FOR,
        ForwardedHeader::Forwarded => header::FORWARDED,
    };
    headers
        .get_all(name)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(|hop| match named_in {
            ForwardedHeader::XForwardedFor => address(hop),
            ForwardedHeader::Forwarded => forwarded_for(hop),
        })
        .collect()
}

/// The `for=` of one element of `Forwarded` (RFC 7239).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("for")
            .then(|| address(value.trim().trim_matches('"')))?
    })
}

/// An address, perhaps with a port, in brackets if it is one of IPv6 with one.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(address) = text.parse::<std::net::SocketAddr>() {
        return Some(address.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &str, peer: &str, forwarded: &[&str]) -> Option<String> {
        named_in(ForwardedHeader::XForwardedFor, proxies, peer, forwarded)
    }

    fn named_in(
        header: ForwardedHeader,
        proxies: &str,
        peer: &str,
        forwarded: &[&str],
    ) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
            headers.append("forwarded", value.parse().unwrap());
        }
        let proxies: TrustedProxies = proxies.parse().unwrap();
        let client = proxies.client(peer.parse().unwrap(), &headers, header);
        client.map(|client| client.0.to_string())
    }

    #[test]
    fn a_stranger_is_where_he_connects_from_whatever_he_says() {
        for forwarded in [&[][..], &["198.51.100.7"], &["127.0.0.1, 10.0.0.1"]] {
            let seen = client("10.0.0.0/8", "203.0.113.9", forwarded);
            assert_eq!(seen.as_deref(), Some("203.0.113.9"));
            let seen = client("", "203.0.113.9", forwarded);
            assert_eq!(seen.as_deref(), Some("203.0.113.9"));
        }
    }

    #[test]
    fn of_what_a_named_proxy_says_the_last_hop_that_is_no_proxy_counts() {
        for (forwarded, expected) in [
            (&["203.0.113.9"][..], Some("203.0.113.9")),
            (&["1.1.1.1, 203.0.113.9"], Some("203.0.113.9")),
            (&["1.1.1.1", "203.0.113.9, 10.1.2.3"], Some("203.0.113.9")),
            (&["nonsense, 203.0.113.9:4711"], Some("203.0.113.9")),
            (&["203.0.113.9, 10.0.0.2, 10.0.0.3"], Some("203.0.113.9")),
            (&["::ffff:203.0.113.9"], Some("203.0.113.9")),
            (&["2001:db8:1:2:3:4:5:6"], Some("2001:db8:1:2::")),
            (&["[2001:db8:1:2:3:4:5:6]:443"], Some("2001:db8:1:2::")),
            (&["203.0.113.9, unknown"], Some("10.0.0.1")),
            (&["203.0.113.9, unknown, 10.0.0.9"], Some("10.0.0.9")),
            (&["10.0.0.8, 10.0.0.9"], Some("10.0.0.8")),
            (&[], None),
        ] {
            let seen = client("10.0.0.0/8", "10.0.0.1", forwarded);
            assert_eq!(seen.as_deref(), expected, "{forwarded:?}");
        }
    }

    #[test]
    fn the_other_header_is_the_clients_own() {
        for (forwarded, expected) in [
            ("for=203.0.113.9", "203.0.113.9"),
            (
                "for=1.1.1.1, For=\"203.0.113.9:80\";proto=https;by=x",
                "203.0.113.9",
            ),
            ("proto=http;for=\"[2001:db8::1]:80\"", "2001:db8::"),
            ("for=203.0.113.9, for=_hidden", "10.0.0.1"),
        ] {
            let header = ForwardedHeader::Forwarded;
            let seen = named_in(header, "10.0.0.1", "10.0.0.1", &[forwarded]);
            assert_eq!(seen.as_deref(), Some(expected), "{forwarded}");
        }
        let header = ForwardedHeader::Forwarded;
        let seen = named_in(header, "10.0.0.1", "10.0.0.1", &["203.0.113.9"]);
        assert_eq!(seen.as_deref(), Some("10.0.0.1"));
    }

    #[test]
    fn a_private_peer_is_taken_for_a_proxy_while_none_is_named() {
        for peer in [
            "127.0.0.1",
            "10.1.1.1",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(client("", peer, &["203.0.113.9"]), None, "{peer}");
            assert!(client("192.0.2.1", peer, &[]).is_some(), "{peer}");
        }
    }

    #[test]
    fn networks_are_read_strictly() {
        for text in ["10.0.0.0/33", "proxy.example", "10.0.0.0/8;::1", "*"] {
            assert_eq!(
                text.parse::<TrustedProxies>(),
                Err(InvalidNetworks),
                "{text}"
            );
        }
        assert!(" 10.0.0.0/8 ,::1, ".parse::<TrustedProxies>().is_ok());
    }
}
