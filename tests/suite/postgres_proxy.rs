//! A proxy before a PostgreSQL server, for faults of the network: it stops passing bytes on, leads to another server, and
//! counts the statements that clients prepare.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Ends with the test; its threads end with their connections.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    stalled: AtomicBool,
    ended: AtomicBool,
    /// Folder of the server's socket.
    folder: Mutex<String>,
    connections: Mutex<Vec<(TcpStream, UnixStream)>>,
    /// By name of a prepared statement and connection: open ones.
    prepared: Mutex<HashMap<(usize, String), String>>,
}

impl Proxy {
    pub fn before(folder: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            stalled: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            folder: Mutex::new(folder.to_owned()),
            connections: Mutex::default(),
            prepared: Mutex::default(),
        });
        let held = Arc::clone(&shared);
        thread::spawn(move || {
            for (number, client) in listener.incoming().enumerate() {
                if held.ended.load(Ordering::Relaxed) {
                    return;
                }
                if let Ok(client) = client {
                    connect(&held, number, client);
                }
            }
        });
        Self { port, shared }
    }

    /// The address of a database through the proxy.
    pub fn address(&self, database: &str, parameters: &str) -> String {
        format!("postgres://mahwar@127.0.0.1:{}/{database}?{parameters}", self.port)
    }

    /// Passes no bytes on (true), or all that have waited (false).
    pub fn stall(&self, stalled: bool) {
        self.shared.stalled.store(stalled, Ordering::Relaxed);
    }

    /// Ends all connections; new ones lead to another server.
    pub fn lead_to(&self, folder: &str) {
        *self.shared.folder.lock().unwrap() = folder.to_owned();
        for (client, server) in self.shared.connections.lock().unwrap().drain(..) {
            let _ = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
        }
    }

    /// Statements that are prepared at this moment, over all connections.
    pub fn prepared(&self) -> usize {
        self.shared.prepared.lock().unwrap().len()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        self.stall(false);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn connect(shared: &Arc<Shared>, number: usize, client: TcpStream) {
    let path = format!("{}/.s.PGSQL.5432", shared.folder.lock().unwrap());
    let Ok(server) = UnixStream::connect(path) else { return };
    let _ = client.set_nodelay(true);
    let (from_client, to_client) = (client.try_clone().unwrap(), client.try_clone().unwrap());
    let (from_server, to_server) = (server.try_clone().unwrap(), server.try_clone().unwrap());
    shared.connections.lock().unwrap().push((client, server));
    let (up, down) = (Arc::clone(shared), Arc::clone(shared));
    thread::spawn(move || {
        let mut messages = Messages::default();
        pass(&up, from_client, to_server, |bytes| messages.read(&up, number, bytes));
        up.prepared
            .lock()
            .unwrap()
            .retain(|(connection, _), _| *connection != number);
    });
    thread::spawn(move || pass(&down, from_server, to_client, |_| ()));
}

fn pass(shared: &Shared, mut from: impl Read, mut to: impl Write, mut seen: impl FnMut(&[u8])) {
    let mut buffer = [0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        while shared.stalled.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(10));
        }
        seen(&buffer[..length]);
        if to.write_all(&buffer[..length]).is_err() {
            return;
        }
    }
}

/// Messages of a client: the first has no type, the others are a type, a length and a body.
#[derive(Default)]
struct Messages {
    begun: bool,
    bytes: Vec<u8>,
}

impl Messages {
    fn read(&mut self, shared: &Shared, connection: usize, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        loop {
            let head = usize::from(self.begun);
            let Some(length) = self.bytes.get(head..head + 4) else {
                return;
            };
            let end = head + u32::from_be_bytes(length.try_into().unwrap()) as usize;
            if self.bytes.len() < end {
                return;
            }
            let message: Vec<u8> = self.bytes.drain(..end).collect();
            let text = |at: usize| {
                let bytes = message[at..].split(|byte| *byte == 0).next().unwrap_or_default();
                String::from_utf8_lossy(bytes).into_owned()
            };
            let mut prepared = shared.prepared.lock().unwrap();
            match (self.begun, message[0]) {
                (true, b'P') => {
                    let name = text(5);
                    let sql = text(6 + name.len());
                    prepared.insert((connection, name), sql);
                }
                (true, b'C') if message[5] == b'S' => {
                    prepared.remove(&(connection, text(6)));
                }
                _ => {}
            }
            self.begun = true;
        }
    }
}
