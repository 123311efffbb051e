//! Where a registry may lead to, by `Location` or by the realm of its tokens: never to this machine or a link unless
//! the registry is there itself, and to a private network only from a private one. Names are resolved here, once,
//! and the connection goes to what was checked.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// A kind of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// This machine.
    Loopback,
    /// The same cable; cloud machines have their secrets there.
    Link,
    /// A network of somebody's own.
    Private,
    /// The internet.
    Public,
    /// No place that a registry can be at.
    Nowhere,
}

/// The zones that one registry is in, and may lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach(Vec<Zone>);

/// An address that is refused.
#[derive(Debug)]
pub struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the address is out of the registry's reach")
    }
}

impl std::error::Error for Forbidden {}

impl Reach {
    /// Of a registry at this URL.
    pub async fn of(url: &Url) -> io::Result<Self> {
        let addresses = match url.host_str().and_then(literal) {
            Some(address) => vec![address],
            None => resolve(url.host_str().unwrap_or_default()).await?,
        };
        Ok(Self(addresses.into_iter().map(zone).collect()))
    }

    /// Whether a connection may go there.
    pub fn covers(&self, address: IpAddr) -> bool {
        match zone(address) {
            Zone::Public => true,
            Zone::Nowhere => false,
            other => self.0.contains(&other),
        }
    }

    /// Whether a URL may be asked, as far as its text shows it; names are checked when they are resolved.
    pub fn covers_url(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| literal(host).is_none_or(|address| self.covers(address)))
    }
}

/// Resolves names for connections, and lets through only what is within reach.
pub struct Guide(pub Reach);

impl Resolve for Guide {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0.clone();
        Box::pin(async move {
            let addresses = resolve(name.as_str()).await?;
            // One that is out of reach spoils all: a name that mixes zones is no honest one.
            if !addresses.iter().all(|address| reach.covers(*address)) {
                return Err(Box::from(Forbidden));
            }
            let sockets = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(sockets) as Addrs)
        })
    }
}

/// A resolver for somebody who may be on this machine only.
pub fn this_machine() -> Arc<Guide> {
    Arc::new(Guide(Reach(vec![Zone::Loopback])))
}

/// The addresses of a name. `localhost` and all below it are this machine, whatever a name server says
/// (RFC 6761 §6.3).
async fn resolve(name: &str) -> io::Result<Vec<IpAddr>> {
    let name = name.trim_end_matches('.');
    if name.rsplit('.').next().is_some_and(|top| top.eq_ignore_ascii_case("localhost")) {
        return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    }
    Ok(lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
}

/// The address that a URL's host is, if it is no name.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// The zone of an address; one that holds another (IPv4 in IPv6) is where that one is.
fn zone(address: IpAddr) -> Zone {
    match address {
        IpAddr::V4(address) => zone_v4(address),
        IpAddr::V6(address) => match held(address) {
            Some(held) => zone_v4(held),
            None => zone_v6(address),
        },
    }
}

fn zone_v4(address: Ipv4Addr) -> Zone {
    match address.octets() {
        // 0.0.0.0/8 leads to this machine.
        [0 | 127, ..] => Zone::Loopback,
        [169, 254, ..] => Zone::Link,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] | [198, 18..=19, ..] => {
            Zone::Private
        }
        [192, 0, 0, _] | [224..=255, ..] => Zone::Nowhere,
        _ => Zone::Public,
    }
}

fn zone_v6(address: Ipv6Addr) -> Zone {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Zone::Loopback,
        [0xfe80..=0xfebf, ..] => Zone::Link,
        [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => Zone::Private,
        // Only 2000::/3 is given out.
        [0x2000..=0x3fff, ..] => Zone::Public,
        _ => Zone::Nowhere,
    }
}

/// The IPv4 address within: mapped, compatible, translated (NAT64) or tunnelled (6to4).
fn held(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let (high, low) = match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => (high, low),
        // Not :: and ::1, which are addresses of their own.
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => (high, low),
        _ => return None,
    };
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Some(Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_spelling_of_a_zone_is_known() {
        for (wanted, addresses) in [
            (
                Zone::Loopback,
                "127.0.0.1 127.255.0.1 0.0.0.0 0.1.2.3 ::1 :: ::ffff:127.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1::",
            ),
            (Zone::Link, "169.254.169.254 fe80::1 febf::1 ::ffff:169.254.169.254 2002:a9fe:a9fe::1"),
            (
                Zone::Private,
                "10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 198.18.0.1 fd00::1 fc00::1 fec0::1 ::ffff:10.0.0.1 64:ff9b::a00:1",
            ),
            (
                Zone::Public,
                "8.8.8.8 172.32.0.1 172.15.0.1 100.128.0.1 192.0.2.1 2606:4700::1111 ::ffff:8.8.8.8",
            ),
            (Zone::Nowhere, "224.0.0.1 255.255.255.255 240.0.0.1 192.0.0.1 ff02::1 100::1 4000::1"),
        ] {
            for text in addresses.split(' ') {
                assert_eq!(zone(text.parse().unwrap()), wanted, "{text}");
            }
        }
    }

    #[tokio::test]
    async fn a_registry_leads_to_its_own_zone_or_the_internet() {
        let urls = ["http://127.0.0.1:1", "https://169.254.0.1", "https://10.0.0.1", "https://8.8.8.8"];
        for (index, home) in urls.iter().enumerate() {
            let reach = Reach::of(&home.parse().unwrap()).await.unwrap();
            for (other, url) in urls.iter().enumerate() {
                let may = index == other || other == 3;
                assert_eq!(reach.covers_url(&url.parse().unwrap()), may, "{home} {url}");
            }
            assert!(!reach.covers_url(&"https://255.255.255.255".parse().unwrap()));
        }
    }

    #[tokio::test]
    async fn localhost_is_this_machine_whatever_a_name_server_says() {
        for name in ["localhost", "LOCALHOST", "a.localhost", "a.b.localhost."] {
            let addresses = resolve(name).await.unwrap();
            assert!(addresses.iter().all(IpAddr::is_loopback) && !addresses.is_empty(), "{name}");
        }
        let guide = Guide(Reach(vec![Zone::Public]));
        assert!(guide.resolve("a.localhost".parse().unwrap()).await.is_err());
        assert!(this_machine().resolve("a.localhost".parse().unwrap()).await.is_ok());
    }
}
