//! A scripted world: DNS, SMTP and HTTP that do what a test says.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use posthouse::outside::Future;
use posthouse::outside::dns::{Dns, DnsError, Found, Mx};
use posthouse::outside::http::{Http, HttpAnswer, HttpFailure, Post};
use posthouse::outside::smtp::{
    Conversation, Endpoint, Failure, Kind, Line, Reply, Shape, Smtp, Stage,
};
use posthouse::outside::tls::TlsFacts;

/// What the far end does with the next transactions; empty means that it takes them.
#[derive(Clone, Debug)]
pub enum Far {
    /// Answers RCPT so.
    Rcpt(u16, &'static str),
    /// Breaks off after the content, before its answer.
    Silence,
    /// Never answers the content.
    Hang,
}

#[derive(Default)]
pub struct Script {
    pub far: Mutex<VecDeque<Far>>,
    /// `(sender, recipient, content)` of what was taken.
    pub taken: Mutex<Vec<(String, String, Vec<u8>)>>,
    /// By which host each was taken.
    pub taken_by: Mutex<Vec<String>>,
    pub opened: Mutex<usize>,
    pub mx: Mutex<HashMap<String, Result<Vec<Mx>, DnsError>>>,
    /// Empty means one address, 192.0.2.1.
    pub addresses: Mutex<HashMap<String, Result<Vec<IpAddr>, DnsError>>>,
    /// Domains whose MX is asked for and never told.
    pub silent: Mutex<HashSet<String>>,
    pub txt: Mutex<HashMap<String, Result<Vec<String>, DnsError>>>,
    pub posts: Mutex<Vec<Post>>,
    pub answers: Mutex<VecDeque<Result<u16, HttpFailure>>>,
    /// Whether posts are heard and never answered.
    pub deaf: AtomicBool,
}

#[derive(Clone)]
pub struct Scripted(pub Arc<Script>);

impl Dns for Scripted {
    fn txt<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<String>>, DnsError>> {
        let found = self.0.txt.lock().unwrap().get(name).cloned();
        Box::pin(async move {
            found
                .unwrap_or(Err(DnsError::NoSuchName))
                .map(|value| Found {
                    names: vec![],
                    value,
                    authentic: false,
                })
        })
    }

    fn mx<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<Mx>>, DnsError>> {
        let found = self.0.mx.lock().unwrap().get(name).cloned();
        let silent = self.0.silent.lock().unwrap().contains(name);
        let host = format!("mx.{name}");
        Box::pin(async move {
            if silent {
                std::future::pending::<()>().await;
            }
            found
                .unwrap_or_else(|| {
                    Ok(vec![Mx {
                        preference: 10,
                        host,
                    }])
                })
                .map(|value| Found {
                    names: vec![],
                    value,
                    authentic: false,
                })
        })
    }

    fn addresses<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<IpAddr>>, DnsError>> {
        let found = self.0.addresses.lock().unwrap().get(name).cloned();
        Box::pin(async move {
            found
                .unwrap_or_else(|| Ok(vec![IpAddr::from([192, 0, 2, 1])]))
                .map(|value| Found {
                    names: vec![],
                    value,
                    authentic: false,
                })
        })
    }

    fn cname<'a>(&'a self, _: &'a str) -> Future<'a, Result<Option<String>, DnsError>> {
        Box::pin(async { Ok(None) })
    }
}

impl Smtp for Scripted {
    fn open(
        &self,
        to: Endpoint,
        _: Duration,
    ) -> Future<'_, Result<Box<dyn Conversation>, Failure>> {
        *self.0.opened.lock().unwrap() += 1;
        let talk = Talk {
            script: self.0.clone(),
            host: to.host,
            next: None,
            envelope: None,
        };
        Box::pin(async move { Ok(Box::new(talk) as Box<dyn Conversation>) })
    }
}

struct Talk {
    script: Arc<Script>,
    host: String,
    next: Option<Far>,
    envelope: Option<(String, String)>,
}

fn reply(code: u16, text: &str) -> Reply {
    let enhanced = text
        .split(' ')
        .next()
        .filter(|word| word.contains('.'))
        .map(str::to_owned);
    Reply {
        code,
        enhanced,
        text: text.to_owned(),
    }
}

fn fail<T>(stage: Stage, kind: Kind) -> Result<T, Failure> {
    Err(Failure {
        stage,
        kind,
        transcript: vec![],
    })
}

impl Conversation for Talk {
    fn envelope<'a>(
        &'a mut self,
        from: &'a str,
        to: &'a str,
        _: Shape,
    ) -> Future<'a, Result<Reply, Failure>> {
        self.next = self.script.far.lock().unwrap().pop_front();
        self.envelope = Some((from.to_owned(), to.to_owned()));
        Box::pin(async move {
            match self.next {
                Some(Far::Rcpt(code, text)) => fail(Stage::Rcpt, Kind::Refused(reply(code, text))),
                _ => Ok(reply(354, "go on")),
            }
        })
    }

    fn content<'a>(&'a mut self, raw: &'a [u8]) -> Future<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            match self.next {
                Some(Far::Silence) => fail(Stage::Answer, Kind::Network("gone".into())),
                Some(Far::Hang) => std::future::pending().await,
                _ => {
                    let (from, to) = self.envelope.take().unwrap();
                    self.script.taken_by.lock().unwrap().push(self.host.clone());
                    self.script
                        .taken
                        .lock()
                        .unwrap()
                        .push((from, to, raw.to_vec()));
                    Ok(reply(250, "2.0.0 taken"))
                }
            }
        })
    }

    fn reset(&mut self) -> Future<'_, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }

    fn alive(&mut self, _: Duration) -> Future<'_, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }

    fn quit(&mut self) -> Future<'_, ()> {
        Box::pin(async {})
    }

    fn transcript(&mut self) -> Vec<Line> {
        vec![]
    }

    fn tls(&self) -> Option<TlsFacts> {
        None
    }
}

impl Http for Scripted {
    fn post(&self, post: Post) -> Future<'_, Result<HttpAnswer, HttpFailure>> {
        self.0.posts.lock().unwrap().push(post);
        let answer = self
            .0
            .answers
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or(Ok(200));
        let deaf = self.0.deaf.load(Ordering::SeqCst);
        Box::pin(async move {
            if deaf {
                std::future::pending::<()>().await;
            }
            answer.map(|status| HttpAnswer {
                status,
                body_start: String::from("noted"),
                millis: 1,
            })
        })
    }
}
