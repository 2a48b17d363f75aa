//! What a command works with: settings, an open engine, and the operator.

use std::collections::HashMap;
use std::path::PathBuf;

use posthouse::Posthouse;
use posthouse::error::{Error, Missing};
use posthouse::ids::{DomainId, RelayId, TemplateId};
use posthouse::limits::PAGE_ROWS;
use posthouse::model::audit::Note;
use posthouse::model::client::ClientPlaces;
use posthouse::model::domain::{Domain, DomainSort};
use posthouse::model::key::Caller;
use posthouse::model::page::{Direction, Page};
use posthouse::model::template::Template;
use posthouse::ops::auditing::Noting;

use super::Place;
use super::curl::Curl;
use super::out::Out;
use super::ready::{Addresses, MailAddresses, ReadingAddresses};
use crate::boot;
use crate::config::{Config, Flags, Layers, Listen};
use crate::data::{Data, MASTER_KEY_VARIABLE};
use crate::refusal::{Exit, Refusal};

/// Who changed what was changed by a command.
const COMMAND_LINE: &str = "command line";

/// Settings and where they came from.
pub struct Found {
    /// The data folder.
    pub data: Data,
    /// The settings.
    pub config: Config,
    /// What was said of them, and where.
    pub layers: Layers,
    /// The configuration file, or where one would be read.
    pub file: PathBuf,
}

/// Reads the settings that hold for this place.
///
/// # Errors
/// `Exit::Usage`, with the place of what is wrong.
pub fn settings(place: &Place, flags: Flags) -> Result<Found, Refusal> {
    let data = Data::at(&place.data);
    let beside = data.config_file();
    let file = match &place.config {
        Some(path) => Some(path.as_path()),
        None => beside.is_file().then_some(beside.as_path()),
    };
    // A variable that is no text cannot be one of ours.
    let environment = std::env::vars_os()
        .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)));
    let wrong = |wrong: crate::config::Wrong| {
        Refusal::new(Exit::Usage, wrong.to_string())
            .hint("`posthouse config` prints every setting with its comment.")
    };
    let layers = Layers::gather(flags, environment, file).map_err(wrong)?;
    let config = Config::load(&layers).map_err(wrong)?;
    Ok(Found {
        data,
        config,
        layers,
        file: place.config.clone().unwrap_or(beside),
    })
}

/// An open engine, beside a server or without one, and where the answer goes.
pub struct Desk {
    /// The engine. It does no work in the background here.
    pub engine: Posthouse,
    /// Where the answer goes.
    pub out: Out,
    /// The way to the server on this place.
    pub curl: Curl,
    /// The data folder.
    pub data: Data,
    organization: Option<String>,
}

/// Where a server with these settings is found; a port that it takes as it comes is not known.
pub(super) fn places(config: &Config) -> ClientPlaces {
    let known = |listen: &Listen| listen.0.filter(|address| address.port() != 0);
    let addresses = Addresses {
        http: None,
        https: known(&config.server.https),
        dev_ca: None,
        smtp: MailAddresses {
            inbound: None,
            submission: known(&config.smtp.submission),
            submissions: known(&config.smtp.submissions),
            capture: None,
            dev_ca: None,
        },
        imap: ReadingAddresses {
            starttls: known(&config.imap.starttls),
            tls: known(&config.imap.tls),
        },
        pop3: ReadingAddresses {
            starttls: known(&config.pop3.starttls),
            tls: known(&config.pop3.tls),
        },
    };
    addresses.places(&config.server.host.0)
}

impl Desk {
    /// Opens the database at this place, which must be there.
    ///
    /// # Errors
    /// `Exit::Missing` without one; as [`boot::open`].
    pub async fn open(place: &Place, out: Out) -> Result<Self, Refusal> {
        let found = settings(place, Flags::new())?;
        found.data.expect_database()?;
        let given = std::env::var(MASTER_KEY_VARIABLE).ok();
        let key = found
            .data
            .master_key(given.as_deref())?
            .ok_or_else(|| found.data.key_is_gone())?;
        Ok(Self {
            engine: boot::open(&found.data, key, &found.config, places(&found.config)).await?,
            out,
            curl: Curl::configured(&found),
            data: found.data,
            organization: place.org.clone(),
        })
    }

    /// The operator of the organization that was named, or of the first.
    ///
    /// # Errors
    /// `Exit::Missing`.
    pub async fn caller(&self) -> Result<Caller, Refusal> {
        Ok(self.engine.operator(self.organization.as_deref()).await?)
    }

    /// An engine by which one thing is changed, and written down as the command line's doing.
    pub fn noting(
        &self,
        caller: &Caller,
        what: &str,
        target: &str,
        detail: Option<String>,
    ) -> Noting {
        self.engine.noting(Note {
            organization: caller.organization(),
            user: None,
            who: COMMAND_LINE.to_owned(),
            what: what.to_owned(),
            target: Some(target.to_owned()),
            detail,
            remote: None,
            at: self.engine.now(),
        })
    }

    /// The domain with this host or id.
    ///
    /// # Errors
    /// `Exit::Missing`.
    pub async fn domain(&self, caller: &Caller, named: &str) -> Result<Domain, Refusal> {
        let domain = match named.parse() {
            Ok(id) => self.engine.domain(caller, DomainId(id)).await,
            Err(_) => self.engine.domain_of_host(caller, named).await,
        };
        Ok(domain?)
    }

    /// The id of the domain that was named, if one was.
    ///
    /// # Errors
    /// `Exit::Missing`.
    pub async fn domain_id(
        &self,
        caller: &Caller,
        named: Option<&str>,
    ) -> Result<Option<DomainId>, Refusal> {
        match named {
            None => Ok(None),
            Some(named) => Ok(Some(self.domain(caller, named).await?.id)),
        }
    }

    /// Every domain of the organization, by id.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn domains(&self, caller: &Caller) -> Result<Vec<Domain>, Refusal> {
        let mut all = Vec::new();
        loop {
            let skip = i64::try_from(all.len()).ok();
            let page = Page::clamped(Some(i64::from(PAGE_ROWS)), skip);
            let some = self
                .engine
                .domains(caller, page, DomainSort::Id, Direction::Ascending)
                .await?;
            let last = some.len() < PAGE_ROWS as usize;
            all.extend(some);
            if last {
                return Ok(all);
            }
        }
    }

    /// The relay with this name or id.
    ///
    /// # Errors
    /// `Exit::Missing`.
    pub async fn relay(&self, caller: &Caller, named: &str) -> Result<RelayId, Refusal> {
        let id = named.parse().ok().map(RelayId);
        let all = self.engine.relays(caller).await?;
        all.into_iter()
            .map(|used| used.relay)
            .find(|relay| Some(relay.id) == id || relay.name == named)
            .map(|relay| relay.id)
            .ok_or_else(|| Error::Missing(Missing::Relay).into())
    }

    /// Every template of the organization.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn templates(&self, caller: &Caller) -> Result<Vec<Template>, Refusal> {
        let mut all = Vec::new();
        let mut after = TemplateId(0);
        loop {
            let some = self.engine.templates(caller, after, PAGE_ROWS).await?;
            let Some(last) = some.last() else {
                return Ok(all);
            };
            after = last.id;
            all.extend(some);
        }
    }

    /// The template with this name or UUID.
    ///
    /// # Errors
    /// `Exit::Missing`.
    pub async fn template(&self, caller: &Caller, named: &str) -> Result<Template, Refusal> {
        if let Ok(uuid) = named.parse() {
            return Ok(self.engine.template(caller, uuid).await?);
        }
        let all = self.templates(caller).await?;
        all.into_iter()
            .find(|template| template.name == named)
            .ok_or_else(|| Error::Missing(Missing::Template).into())
    }

    /// The host of every domain of the organization.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn hosts(&self, caller: &Caller) -> Result<HashMap<DomainId, String>, Refusal> {
        let domains = self.domains(caller).await?;
        Ok(domains
            .into_iter()
            .map(|domain| (domain.id, domain.host))
            .collect())
    }
}

/// The host of a domain, or what stands for all of them.
#[must_use]
pub fn host_of(hosts: &HashMap<DomainId, String>, domain: Option<DomainId>) -> String {
    domain.map_or_else(
        || String::from("all"),
        |id| hosts.get(&id).cloned().unwrap_or_else(|| id.to_string()),
    )
}
