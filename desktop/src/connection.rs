//! The consoles that this app shows: this machine's, and those of servers.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use posthouse_server::data::write_secret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::{Host, Url};

use crate::no::No;

/// What this machine's own is called.
pub const HERE: &str = "here";

/// A server's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// What it is called among the others.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Where it is, without a path.
    pub url: Url,
}

/// All of them, as they are written down.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Connections {
    /// The server that is shown; null: this machine.
    active: Option<String>,
    servers: Vec<Server>,
}

/// The file in a folder.
fn file(folder: &Path) -> PathBuf {
    folder.join("connections.json")
}

impl Connections {
    /// Those of this folder; none where none were written down.
    ///
    /// # Errors
    /// Where what is there cannot be read.
    pub fn read(folder: &Path) -> io::Result<Self> {
        match fs::read(file(folder)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes them down.
    ///
    /// # Errors
    /// As the system says.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        write_secret(&file(folder), &text)
    }

    /// The server that is shown; None: this machine.
    #[must_use]
    pub fn active(&self) -> Option<&Server> {
        let active = self.active.as_ref()?;
        self.servers.iter().find(|server| server.id == *active)
    }

    /// `connection.list`
    #[must_use]
    pub fn listed(&self) -> Value {
        let active = self.active().map(|server| server.id.as_str());
        let mut rows = vec![json!({
            "id": HERE, "name": "This machine", "url": null, "active": active.is_none(),
        })];
        rows.extend(self.servers.iter().map(|server| {
            let url = server.url.as_str().trim_end_matches('/');
            json!({"id": server.id, "name": server.name, "url": url,
                "active": active == Some(server.id.as_str())})
        }));
        json!({ "rows": rows })
    }

    /// Adds a server, in the place of one that has its address.
    pub fn add(&mut self, server: Server) {
        self.servers.retain(|other| other.url != server.url);
        self.servers.push(server);
    }

    /// The server at this address.
    #[must_use]
    pub fn at(&self, url: &Url) -> Option<&Server> {
        self.servers.iter().find(|server| server.url == *url)
    }

    /// Shows another.
    ///
    /// # Errors
    /// Where there is none of this id.
    pub fn show(&mut self, id: &str) -> Result<(), No> {
        if id == HERE {
            self.active = None;
            return Ok(());
        }
        if !self.servers.iter().any(|server| server.id == id) {
            return Err(No::field("id", "There is no such connection any more."));
        }
        self.active = Some(id.to_owned());
        Ok(())
    }

    /// Removes a server; this machine's own stays.
    pub fn remove(&mut self, id: &str) {
        self.servers.retain(|server| server.id != id);
    }
}

/// The address of a server's console, as somebody wrote it.
///
/// # Errors
/// Where it is none, or a password would cross a network in the clear.
pub fn address(text: &str) -> Result<Url, No> {
    let wrong = |words: &str| No::field("url", words);
    let text = text.trim();
    let whole = match text.contains("://") {
        true => text.to_owned(),
        false => format!("https://{text}"),
    };
    let mut url = Url::parse(&whole)
        .map_err(|_| wrong("That is no address: write it as https://mail.example.com."))?;
    let is_here = match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return Err(wrong("The address has no host in it.")),
    };
    match url.scheme() {
        "https" => {}
        "http" if is_here => {}
        "http" => {
            return Err(wrong(
                "Use https: over http the password would cross the network for all to read.",
            ));
        }
        _ => return Err(wrong("The address begins with https://.")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("Name and password go into their own fields."));
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(id: &str, url: &str) -> Server {
        Server {
            id: id.to_owned(),
            name: format!("the {id} one"),
            url: address(url).unwrap(),
        }
    }

    #[test]
    fn they_are_written_down_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut all = Connections::read(folder.path()).unwrap();
        assert_eq!(all.listed()["rows"][0]["active"], true);
        all.add(server("a", "mail.shop.test"));
        all.add(server("b", "http://127.0.0.1:8025/#/inbox"));
        all.show("b").unwrap();
        all.write(folder.path()).unwrap();
        let mut all = Connections::read(folder.path()).unwrap();
        assert_eq!(all.active().unwrap().id, "b");
        assert_eq!(all.listed()["rows"][2]["url"], "http://127.0.0.1:8025");
        assert_eq!(all.listed()["rows"][0]["active"], false);
        all.add(server("c", "http://127.0.0.1:8025"));
        assert_eq!(all.listed()["rows"].as_array().unwrap().len(), 3);
        assert!(all.active().is_none(), "what is gone is not shown");
        assert!(all.show("b").is_err());
        all.show("a").unwrap();
        all.remove("a");
        assert!(all.active().is_none());
        all.show(HERE).unwrap();
        std::fs::write(file(folder.path()), "{").unwrap();
        assert!(Connections::read(folder.path()).is_err());
    }

    #[test]
    fn an_address_is_a_servers_and_safe() {
        for (text, url) in [
            ("mail.shop.test", "https://mail.shop.test/"),
            (
                " https://mail.shop.test:8443/#/welcome/x ",
                "https://mail.shop.test:8443/",
            ),
            ("http://localhost:8025", "http://localhost:8025/"),
            ("http://[::1]:8025/a?b", "http://[::1]:8025/"),
        ] {
            assert_eq!(address(text).unwrap().as_str(), url, "{text}");
        }
        for text in [
            "",
            "http://mail.shop.test",
            "http://127.0.0.1.shop.test",
            "ftp://mail.shop.test",
            "https://kim:secret@mail.shop.test",
            "https://",
            "javascript://x",
        ] {
            let no = address(text).unwrap_err();
            assert!(no.0["error"]["fields"]["url"].is_string(), "{text}");
        }
    }
}
