//! A name server by script.

use std::sync::Mutex;

use hickory_resolver::proto::op::{Message, OpCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

use super::super::*;

/// Gives a busy machine time: only what is meant to be silent may time out.
pub const CALM: Patience = Patience {
    one_try: Duration::from_secs(10),
    retries: 0,
    total: Duration::from_secs(20),
};

#[derive(Clone, Copy, PartialEq)]
pub enum By {
    Udp,
    Tcp,
}

/// Fills in the answer, or returns `false` to stay silent.
pub type Script = fn(&Query, By, &mut Message) -> bool;

/// A name server on a port of its own that answers by the script.
pub struct Server {
    pub at: SocketAddr,
    asked: Arc<Mutex<Vec<(String, RecordType)>>>,
}

impl Server {
    pub async fn start(script: Script) -> Self {
        // Both transports on one port; another process may hold one half of the first try.
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            match TcpListener::bind(udp.local_addr().unwrap()).await {
                Ok(tcp) => break (udp, tcp),
                Err(_) => continue,
            }
        };
        let at = udp.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        tokio::spawn(async move {
            let mut space = [0; 4096];
            loop {
                let (length, peer) = udp.recv_from(&mut space).await.unwrap();
                if let Some(answer) = answer(&space[..length], By::Udp, script, &log) {
                    udp.send_to(&answer, peer).await.unwrap();
                }
            }
        });
        let log = asked.clone();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = tcp.accept().await.unwrap();
                let length = stream.read_u16().await.unwrap();
                let mut bytes = vec![0; usize::from(length)];
                stream.read_exact(&mut bytes).await.unwrap();
                let answer = answer(&bytes, By::Tcp, script, &log).unwrap();
                let length = u16::try_from(answer.len()).unwrap();
                stream.write_u16(length).await.unwrap();
                stream.write_all(&answer).await.unwrap();
            }
        });
        Self { at, asked }
    }

    pub fn resolver(&self) -> Resolver {
        Resolver::servers(&[self.at], CALM).unwrap()
    }

    pub fn asked(&self) -> Vec<(String, RecordType)> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn answer(
    bytes: &[u8],
    by: By,
    script: Script,
    log: &Mutex<Vec<(String, RecordType)>>,
) -> Option<Vec<u8>> {
    let request = Message::from_vec(bytes).unwrap();
    let query = request.queries[0].clone();
    log.lock()
        .unwrap()
        .push((query.name().to_ascii(), query.query_type()));
    let mut response = Message::response(request.id, OpCode::Query);
    response.add_query(query.clone());
    let answers = script(&query, by, &mut response);
    // RFC 6840 section 5.7: a resolver says so to whom asks.
    response.metadata.authentic_data &= request.authentic_data;
    answers.then(|| response.to_vec().unwrap())
}
