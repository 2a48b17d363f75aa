//! Whether there is a console, and what is said of it at a start.

use posthouse::Posthouse;

use super::curl::Curl;
use crate::console::http::Built;
use crate::console::user_path;
use crate::refusal::Refusal;

/// Whether there is a console, and a way in for whoever becomes its first owner.
#[derive(Debug)]
pub enum ConsoleOpen {
    /// There is none.
    No,
    /// There is one, and somebody has a password.
    Yes,
    /// There is one, and this way in.
    ByLink(String),
}

impl ConsoleOpen {
    /// Looks whether anybody can sign in; the way in that it makes is in the place of any
    /// before it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn of(engine: &Posthouse) -> Result<Self, Refusal> {
        let way = engine.invite_first_owner().await?;
        Ok(way.map_or(Self::Yes, |way| Self::ByLink(way.token)))
    }

    pub(super) fn url(&self, curl: &Curl) -> Option<String> {
        match self {
            Self::No => None,
            Self::Yes | Self::ByLink(_) => Some(format!("{}/", curl.url())),
        }
    }

    pub(super) fn welcome(&self, curl: &Curl) -> Option<String> {
        match self {
            Self::No | Self::Yes => None,
            Self::ByLink(token) => Some(format!("{}{}", curl.url(), user_path(token))),
        }
    }
}

/// What is said of the console at `url`, with the first owner's link where there is one.
pub(super) fn page(built: Built, url: Option<&str>, link: Option<&str>) -> Option<String> {
    let url = url?;
    Some(match (built, link) {
        (Built::Not, link) => {
            let then = match link {
                Some(_) => " That prints\na link by which the first owner chooses a password.",
                None => "",
            };
            format!(
                "The console's page is not in this program. To have it, install Node.js and npm, run\n\
                 `make console` where Posthouse is built, build it again, and start it.{then}"
            )
        }
        (Built::In, Some(link)) => format!(
            "Nobody can sign in to the console yet. Open this link, which works once, and choose a\n\
             password; each start prints another until then:\n\n  {link}"
        ),
        (Built::In, None) => format!("The console: {url}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_shown_only_where_it_leads_somewhere() {
        let (url, link) = (Some("http://h/"), Some("http://h/#/welcome/t"));
        assert_eq!(page(Built::In, None, link), None);
        assert_eq!(page(Built::Not, None, None), None);
        let said = |built, link| page(built, url, link).unwrap();
        assert!(said(Built::In, link).ends_with("\n\n  http://h/#/welcome/t"));
        assert_eq!(said(Built::In, None), "The console: http://h/");
        let without = said(Built::Not, link);
        assert!(without.contains("make console") && without.contains("a link"));
        assert!(!without.contains("http"), "{without}");
        assert!(!said(Built::Not, None).contains("a link"));
    }
}
