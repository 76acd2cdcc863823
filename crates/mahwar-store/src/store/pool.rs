//! Connections to a PostgreSQL server: a few, opened when needed, opened again after the server was gone.

use super::{
    StoreError,
    connection::{Connection, Limits, said},
    session::Work,
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connections that are open at once for reading and for writing, at most. Writers run one after another in any case,
/// so that two are enough; by default, a server accepts 100 connections from all its clients together.
const MOST: [usize; 2] = [10, 2];
/// Time limit of the answer to a statement, unless the address says `timeout=SECONDS`.
const ANSWER: Duration = Duration::from_secs(30);
/// Time that a request waits for another one's check whether a silent database answers again.
const PROBE: Duration = Duration::from_secs(1);
/// Time without data after which the system probes a connection, unless the address says otherwise.
const ALIVE: Duration = Duration::from_secs(10);
/// Default of the driver where an address has no value.
const DRIVERS_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

/// Purpose of a borrowed connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Write,
}

/// The connections to one database.
pub(super) struct Pool {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    limits: Limits,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    /// By purpose.
    lent: [usize; 2],
    /// The last answer did not come in time: one request at a time asks again, the others are refused at once.
    is_silent: bool,
    is_asked: bool,
}

impl Pool {
    /// Parses an address; does not connect yet.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        let (url, own) = own_parameters(url);
        let wrong = |error: tokio_postgres::Error| {
            StoreError::Address(format!("the store address cannot be read: {}", said(&error)))
        };
        let mut config: Config = url.parse().map_err(wrong)?;
        let limits = Limits::new(own.timeout()?);
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(ANSWER);
        }
        if config.get_keepalives_idle() == DRIVERS_IDLE {
            config.keepalives_idle(ALIVE).keepalives_interval(ALIVE / 2);
            config.keepalives_retries(3);
        }
        config.application_name("mahwar");
        Ok(Self {
            tls: tls(&mut config, own.certificate.as_deref())?,
            config,
            limits,
            state: Mutex::default(),
            returned: Condvar::new(),
        })
    }

    /// A new connection, which belongs to the caller.
    pub fn connect(&self) -> Result<Connection, StoreError> {
        Connection::open(&self.config, self.tls.as_ref(), self.limits)
    }

    /// Runs work between `begin` and `end`; any failure rolls back.
    pub fn transaction(
        &self,
        purpose: Purpose,
        is_long: bool,
        [begin, end]: [&str; 2],
        work: Work<'_>,
    ) -> Result<(), StoreError> {
        let mut lent = self.lend(purpose)?;
        let mut connection = match lent.connection.take() {
            Some(connection) => connection,
            None => lent.connect()?,
        };
        if let Err(error) = connection.batch(begin) {
            if connection.is_silent() {
                lent.is_silent = true;
                return Err(error);
            }
            if !connection.is_lost() {
                if connection.batch("ROLLBACK").is_ok() {
                    lent.connection = Some(connection);
                }
                return Err(error);
            }
            // The server was gone since the last time, and every connection with it.
            self.lock().idle.clear();
            connection = lent.connect()?;
            connection.batch(begin)?;
        }
        connection.set_long(is_long);
        let done = work(&mut connection).and_then(|()| connection.batch(end));
        connection.set_long(false);
        lent.is_silent = connection.is_silent();
        if done.is_ok() || (!connection.is_lost() && connection.batch("ROLLBACK").is_ok()) {
            lent.connection = Some(connection);
        }
        done
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Permission to use one connection, with an open one if there is any.
    fn lend(&self, purpose: Purpose) -> Result<Lent<'_>, StoreError> {
        let (kind, most) = (purpose as usize, MOST[purpose as usize]);
        let begun = Instant::now();
        let mut state = self.lock();
        while state.lent[kind] >= most || (state.is_silent && state.is_asked) {
            let wait = match state.is_silent {
                true => self.limits.wait().min(PROBE),
                false => self.limits.wait(),
            };
            let Some(rest) = wait.checked_sub(begun.elapsed()) else {
                return Err(StoreError::Unavailable(match state.is_silent {
                    true => "the database does not answer; one request at a time asks whether it does again".to_owned(),
                    false => format!("all {most} connections to the database for this kind of request are in use"),
                }));
            };
            let waited = self.returned.wait_timeout(state, rest);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let asks = state.is_silent;
        state.is_asked |= asks;
        state.lent[kind] += 1;
        Ok(Lent {
            connection: state.idle.pop(),
            pool: self,
            kind,
            asks,
            is_silent: false,
        })
    }
}

/// Permission to use one connection; the one in it at the end is kept open.
struct Lent<'p> {
    connection: Option<Connection>,
    pool: &'p Pool,
    kind: usize,
    /// This request finds out whether a silent database answers again.
    asks: bool,
    is_silent: bool,
}

impl Lent<'_> {
    fn connect(&mut self) -> Result<Connection, StoreError> {
        let connected = self.pool.connect();
        self.is_silent = matches!(connected, Err(StoreError::Unavailable(_)));
        connected
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.lent[self.kind] -= 1;
        if self.asks {
            state.is_asked = false;
            state.is_silent = self.is_silent;
        } else if self.is_silent {
            state.is_silent = true;
        }
        if state.is_silent {
            // They lead to the same server.
            state.idle.clear();
        }
        state.idle.extend(self.connection.take());
        drop(state);
        self.pool.returned.notify_all();
    }
}

/// Parameters of an address that the driver does not know.
#[derive(Debug, Default, PartialEq)]
struct OwnParameters {
    /// `sslrootcert=FILE`.
    certificate: Option<String>,
    /// `timeout=SECONDS`.
    timeout: Option<String>,
}

impl OwnParameters {
    fn timeout(&self) -> Result<Duration, StoreError> {
        let Some(text) = &self.timeout else { return Ok(ANSWER) };
        let seconds: Option<f64> = text.parse().ok().filter(|seconds| (0.1..=3600.0).contains(seconds));
        seconds.map(Duration::from_secs_f64).ok_or_else(|| {
            StoreError::Address(format!(
                "timeout={text} in the store address: a number of seconds from 0.1 to 3600 is accepted"
            ))
        })
    }
}

/// The address without the parameters that the driver does not know, and those.
fn own_parameters(url: &str) -> (String, OwnParameters) {
    let mut own = OwnParameters::default();
    let Some((base, query)) = url.split_once('?') else {
        return (url.to_owned(), own);
    };
    let decoded = |value: &str| {
        percent_encoding::percent_decode_str(value)
            .decode_utf8_lossy()
            .into_owned()
    };
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslrootcert", value)) => own.certificate = Some(decoded(value)),
            Some(("timeout", value)) => own.timeout = Some(decoded(value)),
            _ => rest.push(pair),
        }
    }
    match rest.is_empty() {
        true => (base.to_owned(), own),
        false => (format!("{base}?{}", rest.join("&")), own),
    }
}

/// Encryption is omitted towards this machine (unless `sslmode=require`) and with `sslmode=disable`. Any other server
/// needs a certificate signed by the web's authorities, or by the one in `sslrootcert`.
fn tls(config: &mut Config, certificate: Option<&str>) -> Result<Option<MakeRustlsConnect>, StoreError> {
    let near = |host: &Host| match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
        _ => true,
    };
    let plain = match config.get_ssl_mode() {
        SslMode::Disable => true,
        SslMode::Prefer => config.get_hosts().iter().all(near) && certificate.is_none(),
        _ => false,
    };
    if plain {
        config.ssl_mode(SslMode::Disable);
        return Ok(None);
    }
    config.ssl_mode(SslMode::Require);
    let mut roots = RootCertStore::empty();
    match certificate {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let wrong = |error: String| StoreError::Address(format!("the certificate {file} in sslrootcert: {error}"));
            let certificates = CertificateDer::pem_file_iter(file).map_err(|error| wrong(error.to_string()))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
                roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
            }
            if roots.is_empty() {
                return Err(wrong("it holds no certificate".to_owned()));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Address(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Some(MakeRustlsConnect::new(client)))
}
