//! Connections to a PostgreSQL server: a few, opened when needed, opened again after the server was gone.

use super::{StoreError, session::Work};
use postgres::{
    Client, Config, NoTls, Statement,
    config::{Host, SslMode},
    error::SqlState,
};
use rustc_hash::FxHashMap;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::{
    error::Error,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connections that are open at once, at most; a server takes 100 from all its clients together unless told otherwise.
const MOST: usize = 12;
/// How long a request waits for one of them.
const WAIT: Duration = Duration::from_secs(10);
/// How long connecting may take, and how long a server may be silent.
const CONNECT: Duration = Duration::from_secs(5);
const SILENT: Duration = Duration::from_secs(30);

/// A connection with the statements that were prepared on it.
pub(super) struct Connection {
    pub client: Client,
    pub statements: FxHashMap<String, Statement>,
}

/// The connections to one database.
pub(super) struct Pool {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    lent: usize,
}

impl Pool {
    /// Understands an address; connects to nothing yet.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        let (url, certificate) = without_certificate(url);
        let wrong =
            |error: postgres::Error| StoreError::Address(format!("the store address cannot be read: {}", said(&error)));
        let mut config: Config = url.parse().map_err(wrong)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENT);
        }
        config.application_name(config.get_application_name().map_or("mahwar", |_| "mahwar"));
        Ok(Self {
            tls: tls(&mut config, certificate.as_deref())?,
            config,
            state: Mutex::default(),
            returned: Condvar::new(),
        })
    }

    /// A new connection, which belongs to the caller.
    pub fn connect(&self) -> Result<Connection, StoreError> {
        let client = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        Ok(Connection {
            client: client.map_err(failure)?,
            statements: FxHashMap::default(),
        })
    }

    /// Runs work between `begin` and `end`; any failure rolls back.
    pub fn transaction(&self, begin: &str, end: &str, work: Work<'_>) -> Result<(), StoreError> {
        let mut lent = self.lend()?;
        let mut connection = match lent.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        if let Err(error) = connection.client.batch_execute(begin) {
            if !connection.client.is_closed() {
                return Err(failure(error));
            }
            // The server was gone since the last time, and every connection with it.
            self.lock().idle.clear();
            connection = self.connect()?;
            connection.client.batch_execute(begin).map_err(failure)?;
        }
        let done = work(&mut connection).and_then(|()| connection.client.batch_execute(end).map_err(failure));
        if done.is_ok() || connection.client.batch_execute("ROLLBACK").is_ok() {
            lent.connection = Some(connection);
        }
        done
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leave to use one connection, with an open one if there is any.
    fn lend(&self) -> Result<Lent<'_>, StoreError> {
        let (mut state, waited) = self
            .returned
            .wait_timeout_while(self.lock(), WAIT, |state| state.lent >= MOST)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(StoreError::Unavailable(format!(
                "all {MOST} connections to the database are in use"
            )));
        }
        state.lent += 1;
        Ok(Lent {
            connection: state.idle.pop(),
            pool: self,
        })
    }
}

/// Closing a connection blocks, which threads that serve requests must not: one of its own does it.
impl Drop for Pool {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut self.lock().idle);
        if !idle.is_empty() {
            let _ = thread::spawn(move || drop(idle)).join();
        }
    }
}

/// Leave to use one connection; what is in it at the end is kept open.
struct Lent<'p> {
    connection: Option<Connection>,
    pool: &'p Pool,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.lent -= 1;
        state.idle.extend(self.connection.take());
        drop(state);
        self.pool.returned.notify_one();
    }
}

/// The address without `sslrootcert=FILE`, which the driver does not know, and the file.
fn without_certificate(url: &str) -> (String, Option<String>) {
    let Some((base, query)) = url.split_once('?') else {
        return (url.to_owned(), None);
    };
    let (certificates, rest): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|pair| pair.starts_with("sslrootcert="));
    let file = certificates.last().and_then(|pair| pair.split_once('='));
    let file = file.map(|(_, file)| {
        percent_encoding::percent_decode_str(file)
            .decode_utf8_lossy()
            .into_owned()
    });
    match rest.is_empty() {
        true => (base.to_owned(), file),
        false => (format!("{base}?{}", rest.join("&")), file),
    }
}

/// Encryption is left out towards this machine (unless `sslmode=require`) and where `sslmode=disable` says so. Everywhere
/// else the server must show a certificate that the web's authorities, or the one in `sslrootcert`, vouch for.
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

/// What a failure of the database means for the caller.
pub(super) fn failure(error: postgres::Error) -> StoreError {
    let said = said(&error);
    let Some(code) = error.code() else {
        return StoreError::Unavailable(said);
    };
    if *code == SqlState::DISK_FULL {
        return StoreError::Full(said);
    }
    if matches!(
        *code,
        SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::INSUFFICIENT_PRIVILEGE
    ) {
        return StoreError::ReadOnly(said);
    }
    match code.code().get(..2) {
        // The address is wrong: user, password, database.
        Some("28" | "3D") => StoreError::Address(format!("the database does not let us in: {said}")),
        Some("23") => StoreError::Conflict(said),
        // Connection lost, resources short, server stopping, lock or order of transactions: later may be better.
        Some("08" | "53" | "57" | "40" | "55" | "58" | "25") => StoreError::Unavailable(said),
        _ => StoreError::Broken(said),
    }
}

/// The driver's own words say little; its cause says more.
fn said(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(database) => database.message().to_owned(),
        None => match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}
