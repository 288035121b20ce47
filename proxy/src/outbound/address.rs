//! Which addresses may be called: a tenant must not make the proxy call into the operator's own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Whether private addresses may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressPolicy {
    /// `https` to public addresses only.
    PublicOnly,
    /// Whatever the operator's network reaches; for gateways that are hosted beside the proxy.
    AllowPrivate,
}

/// An address that may not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address that may be called")]
pub struct ForbiddenAddress;

impl AddressPolicy {
    /// Reads the address of a provider: its origin and a path, nothing else.
    pub fn parse(self, text: &str) -> Result<Url, ForbiddenAddress> {
        let url = self.parse_endpoint(text)?;
        if url.query().is_none() {
            Ok(url)
        } else {
            Err(ForbiddenAddress)
        }
    }

    /// Reads the address of something that is called as it stands, with whatever query it has.
    pub fn parse_endpoint(self, text: &str) -> Result<Url, ForbiddenAddress> {
        let url = Url::parse(text).map_err(|_cause| ForbiddenAddress)?;
        let plain =
            url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let reachable = match (self, url.scheme()) {
            (Self::AllowPrivate, "https" | "http") => url.host().is_some(),
            // Names are checked when they are resolved; an IP address never is, and no provider is reached by one.
            (Self::PublicOnly, "https") => {
                url.port().is_none()
                    && matches!(url.host(), Some(Host::Domain(name)) if name.contains('.'))
            }
            (Self::AllowPrivate | Self::PublicOnly, _other) => false,
        };
        if plain && reachable {
            Ok(url)
        } else {
            Err(ForbiddenAddress)
        }
    }

    fn admits(self, address: IpAddr) -> bool {
        match self {
            Self::AllowPrivate => true,
            Self::PublicOnly => is_public(address),
        }
    }
}

/// Resolves names, and leaves out the addresses that the policy forbids; what is connected to is what was checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct CheckedResolver(pub(super) AddressPolicy);

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted: Vec<SocketAddr> = found
                .filter(|address| policy.admits(address.ip()))
                .collect();
            if admitted.is_empty() {
                Err(ForbiddenAddress.into())
            } else {
                Ok(Box::new(admitted.into_iter()) as Addrs)
            }
        })
    }
}

/// Whether an address is one of the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || first == 0
        || first >= 240
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && (18..20).contains(&second)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(address) = embedded_v4(address) {
        return is_public_v4(address);
    }
    // Only 2000::/3 is routed on the public internet; of it, documentation prefixes are not.
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000 && !(first == 0x2001 && second == 0x0db8) && first != 0x3fff
}

/// The IPv4 address within a mapped, 6to4 or NAT64 address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let octets = |high: u16, low: u16| {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(one, two, three, four)
    };
    match address.segments() {
        // Mapped, compatible, NAT64, 6to4.
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(octets(high, low))
        }
        [0x2002, high, low, ..] => Some(octets(high, low)),
        _other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_reach_public_names_only() {
        assert!(
            AddressPolicy::PublicOnly
                .parse("https://api.provider.example/v1")
                .is_ok()
        );
        for text in [
            "http://api.provider.example",
            "https://127.0.0.1",
            "https://[::1]",
            "https://127.1",
            "https://localhost",
            "https://2130706433",
            "https://metadata",
            "https://user@api.provider.example",
            "ftp://api.provider.example",
            "https://api.provider.example:22",
            "https://api.provider.example/?x",
            "https://api.provider.example/#x",
            "api.provider.example",
            "",
        ] {
            assert_eq!(
                AddressPolicy::PublicOnly.parse(text),
                Err(ForbiddenAddress),
                "{text}"
            );
        }
        let with_query = "https://api.provider.example/?x";
        assert!(AddressPolicy::PublicOnly.parse_endpoint(with_query).is_ok());
        assert!(
            AddressPolicy::AllowPrivate
                .parse("http://127.0.0.1:8402")
                .is_ok()
        );
        assert_eq!(
            AddressPolicy::AllowPrivate.parse("file:///etc/passwd"),
            Err(ForbiddenAddress)
        );
    }

    #[test]
    fn private_addresses_are_recognised_in_every_disguise() {
        for text in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.1",
            "198.18.0.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "2001:db8::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "2606:4700:4700::1111",
            "::ffff:1.1.1.1",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }
}
