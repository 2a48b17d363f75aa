//! What a person's mail program has to know.

use super::domains::checked_host;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::model::client::ClientPlaces;

impl Posthouse {
    /// Where the mailboxes at a domain are read and sent from. Anybody may ask: it is what DNS
    /// says, and says nothing of who has a mailbox.
    ///
    /// # Errors
    /// `Missing::Domain` for what is nobody's domain here; `Invalid` host.
    pub async fn client_places(&self, host: &str) -> Result<ClientPlaces> {
        let host = checked_host(host)?;
        let found = self
            .store
            .read(move |read| read.is_somebodys_domain(&host))
            .await?;
        match found {
            true => Ok(self.settings().places.clone()),
            false => Err(Error::Missing(Missing::Domain)),
        }
    }
}
