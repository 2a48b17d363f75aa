//! The far end of a delivery that keeps every byte, and takes what it hears most strictly.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What came on one connection.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// Every byte.
    pub bytes: Vec<u8>,
    /// The lines outside of contents.
    pub commands: Vec<String>,
    /// Contents, dots and all, without the dot that ends them.
    pub contents: Vec<Vec<u8>>,
}

/// A server that takes everything.
pub struct Recorder {
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Recorder {
    /// Listens on a loopback address and port, for as long as the tests run.
    ///
    /// # Panics
    /// When it cannot.
    pub fn start(host: &str, port: u16) -> Self {
        let listener = TcpListener::bind((host, port)).expect("a free port");
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        let all = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let all = Arc::clone(&all);
                std::thread::spawn(move || {
                    let index = {
                        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                        all.push(Heard::default());
                        all.len() - 1
                    };
                    let note = |one: &Heard| {
                        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                        all[index] = one.clone();
                    };
                    // Whoever hangs up has said all.
                    drop(talk(stream, note));
                });
            }
        });
        Self { heard }
    }

    /// All connections so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// All contents so far.
    pub fn contents(&self) -> Vec<Vec<u8>> {
        let heard = self.heard().into_iter();
        heard.flat_map(|one| one.contents).collect()
    }
}

fn talk(mut stream: TcpStream, note: impl Fn(&Heard)) -> std::io::Result<()> {
    let mut heard = Heard::default();
    let mut rest: Vec<u8> = Vec::new();
    let mut content: Option<Vec<u8>> = None;
    let mut buffer = [0; 4096];
    stream.write_all(b"220 recorder ESMTP\r\n")?;
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        heard.bytes.extend_from_slice(&buffer[..count]);
        rest.extend_from_slice(&buffer[..count]);
        while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
            let line: Vec<u8> = rest.drain(..end + 2).collect();
            let reply = match content.as_mut() {
                Some(_) if line == b".\r\n" => {
                    heard.contents.extend(content.take());
                    "250 2.0.0 taken\r\n"
                }
                Some(content) => {
                    content.extend_from_slice(&line);
                    continue;
                }
                None => {
                    let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                    let reply = match line.split(' ').next().unwrap_or_default() {
                        "EHLO" => "250-recorder\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
                        "DATA" => "354 go on\r\n",
                        "QUIT" => "221 bye\r\n",
                        _ => "250 fine\r\n",
                    };
                    if line == "DATA" {
                        content = Some(Vec::new());
                    }
                    heard.commands.push(line);
                    reply
                }
            };
            note(&heard);
            stream.write_all(reply.as_bytes())?;
        }
        note(&heard);
    }
}
