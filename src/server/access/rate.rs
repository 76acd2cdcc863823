//! Rate limit of a client: a bucket of permits for each token, or for each address.

use rustc_hash::FxHashMap;
use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Clients that are remembered at a time. When there are more, those that have not asked for a while are forgotten.
const MAX_CLIENTS: usize = 65_536;
/// A client may save the permits of this many seconds.
const BURST_SECONDS: f64 = 10.0;

/// Key of a bucket: a client or a group of clients that is counted together.
#[derive(Clone, Copy, Debug)]
pub enum Client<'c> {
    /// Everybody with this token.
    Token(&'c str),
    /// An address; for IPv6 its network of 64 bits, which belongs to one customer.
    Address(IpAddr),
}

/// The permits of all clients.
#[derive(Debug)]
pub struct RateLimit {
    per_second: f64,
    keys: RandomState,
    buckets: Mutex<FxHashMap<u64, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    permits: f64,
    at: Instant,
}

impl RateLimit {
    /// A limit; none for 0.
    pub fn new(per_second: u32) -> Option<Self> {
        (per_second > 0).then(|| Self {
            per_second: f64::from(per_second),
            keys: RandomState::new(),
            buckets: Mutex::default(),
        })
    }

    /// Takes a permit, or says after how many seconds there is one.
    ///
    /// # Errors
    /// Seconds to wait, at least 1.
    pub fn take(&self, client: Client<'_>, now: Instant) -> Result<(), u32> {
        let key = match client {
            Client::Token(name) => self.keys.hash_one(("token", name)),
            Client::Address(IpAddr::V4(address)) => self.keys.hash_one(address),
            Client::Address(IpAddr::V6(address)) => self.keys.hash_one(address.to_bits() >> 64),
        };
        let most = self.per_second * BURST_SECONDS;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_CLIENTS && !buckets.contains_key(&key) {
            self.forget(&mut buckets, most, now);
        }
        let bucket = buckets.entry(key).or_insert(Bucket { permits: most, at: now });
        let earned = now.saturating_duration_since(bucket.at).as_secs_f64() * self.per_second;
        bucket.permits = (bucket.permits + earned).min(most);
        bucket.at = now;
        if bucket.permits >= 1.0 {
            bucket.permits -= 1.0;
            return Ok(());
        }
        Err((((1.0 - bucket.permits) / self.per_second).ceil() as u32).max(1))
    }

    /// Forgets clients whose bucket is full again; they lose nothing. All when none is.
    fn forget(&self, buckets: &mut FxHashMap<u64, Bucket>, most: f64, now: Instant) {
        buckets.retain(|_, bucket| {
            let earned = now.saturating_duration_since(bucket.at).as_secs_f64() * self.per_second;
            bucket.permits + earned < most
        });
        if buckets.len() >= MAX_CLIENTS {
            buckets.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn each_client_has_permits_of_its_own_and_they_come_back() {
        let (limit, start) = (RateLimit::new(2).unwrap(), Instant::now());
        let one = Client::Address("192.0.2.1".parse().unwrap());
        let admitted = (0..100).filter(|_| limit.take(one, start).is_ok()).count();
        assert_eq!(admitted, 20);
        assert_eq!(limit.take(one, start), Err(1));
        assert_eq!(limit.take(Client::Token("desk"), start), Ok(()));
        assert_eq!(limit.take(Client::Address("192.0.2.2".parse().unwrap()), start), Ok(()));
        assert_eq!(limit.take(one, start + Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn addresses_of_one_network_of_version_six_are_one_client() {
        let (limit, start) = (RateLimit::new(1).unwrap(), Instant::now());
        let all = (0..100u16).map(|nth| format!("2001:db8::{nth:x}").parse().unwrap());
        let admitted = all.filter(|address| limit.take(Client::Address(*address), start).is_ok());
        assert_eq!(admitted.count(), 10);
        assert!(RateLimit::new(0).is_none());
    }

    #[test]
    fn the_number_of_clients_that_are_remembered_is_bounded() {
        let (limit, start) = (RateLimit::new(1).unwrap(), Instant::now());
        for nth in 0..(MAX_CLIENTS as u32 + 10) {
            let _ = limit.take(Client::Address(IpAddr::V4(nth.into())), start);
        }
        assert!(limit.buckets.lock().unwrap().len() <= MAX_CLIENTS);
    }
}
