//! Addresses of clients and proxies.

use axum::http::HeaderMap;
use std::{net::IpAddr, str::FromStr};

/// A network: an address and the number of its leading bits that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// True if the address is in the network.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                (own.to_bits() ^ other.to_bits()) & mask == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                (own.to_bits() ^ other.to_bits()) & mask == 0
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    /// `ADDRESS` or `ADDRESS/BITS`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no network; an address or ADDRESS/BITS is accepted, such as 10.0.0.0/8");
        let (address, bits) = match text.split_once('/') {
            None => (text, None),
            Some((address, bits)) => (address, Some(bits)),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most).ok_or_else(wrong)?,
        };
        Ok(Self { address, bits })
    }
}

/// The client's address: the peer's, or the last one that a trusted proxy added to `X-Forwarded-For` or `Forwarded`.
///
/// `is_proxy` is asked for the addresses from the nearest to the farthest; the first that is no proxy is the client.
pub fn client(peer: Option<IpAddr>, headers: &HeaderMap, is_proxy: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let mut client = peer.map(|peer| peer.to_canonical());
    if !peer.is_none_or(&is_proxy) {
        return client;
    }
    let mut chain: Vec<IpAddr> = Vec::new();
    let lines = |name: &str| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    for line in lines("x-forwarded-for") {
        chain.extend(line.split(',').map_while(|entry| of_entry(entry.trim())));
    }
    if chain.is_empty() {
        for element in lines("forwarded").flat_map(|line| line.split(',')) {
            let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
            let mut named = pairs.filter(|(name, _)| name.eq_ignore_ascii_case("for"));
            chain.extend(named.next().and_then(|(_, value)| of_entry(value.trim_matches('"'))));
        }
    }
    for address in chain.into_iter().rev() {
        client = Some(address);
        if !is_proxy(address) {
            break;
        }
    }
    client
}

/// `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]` or `[::1]:5`.
fn of_entry(entry: &str) -> Option<IpAddr> {
    let bare = match entry.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None if entry.matches(':').count() == 1 => entry.split(':').next()?,
        None => entry,
    };
    Some(bare.parse::<IpAddr>().ok()?.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_network_holds_its_addresses() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("2001:db8::/32", "2001:db8:1::1", "2001:db9::1"),
            ("0.0.0.0/0", "203.0.113.1", "2001:db8::1"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.contains(inside.parse().unwrap()), "{inside}");
            assert!(!network.contains(outside.parse().unwrap()), "{outside}");
        }
        for wrong in ["", "10.0.0.0/33", "example.org", "10.0.0.0/x"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_forwarded_address_counts_only_when_it_comes_from_a_proxy() {
        let forged = headers(&[("x-forwarded-for", "203.0.113.9, 198.51.100.4")]);
        let peer = ip("192.0.2.1");
        assert_eq!(client(peer, &forged, |_| false), peer);
        // The client wrote the first entry itself; the proxy added the last.
        assert_eq!(
            client(peer, &forged, |address| Some(address) == peer),
            ip("198.51.100.4")
        );
        let of_rfc = headers(&[("forwarded", "for=\"[2001:db8::7]:4711\";proto=https")]);
        assert_eq!(
            client(peer, &of_rfc, |address| Some(address) == peer),
            ip("2001:db8::7")
        );
        let nonsense = headers(&[("x-forwarded-for", "unknown")]);
        assert_eq!(client(peer, &nonsense, |address| Some(address) == peer), peer);
    }
}
