//! What an organization sent this month, and what it may spend.

use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::model::key::{Caller, Scope};
use crate::model::usage::{Month, Usage};

impl Posthouse {
    /// This month's usage.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn usage(&self, caller: &Caller) -> Result<Usage> {
        caller.needs(Scope::BillingRead)?;
        let of = caller.organization();
        let month = Month::of(self.now());
        self.store
            .read(move |read| {
                let organization = read
                    .organization(of)?
                    .ok_or(Error::Missing(Missing::Organization))?;
                Ok(Usage::new(&organization, month, read.sent_in(of, month)?))
            })
            .await
    }

    /// Sets what may be spent in a month, in cents; None lifts the cap.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn set_spend_cap(&self, caller: &Caller, cents: Option<u32>) -> Result<Usage> {
        caller.needs(Scope::Billing)?;
        let of = caller.organization();
        let month = Month::of(self.now());
        self.store
            .write(move |write| {
                let mut organization = write
                    .organization(of)?
                    .ok_or(Error::Missing(Missing::Organization))?;
                organization.spend_cap_cents = cents;
                write.set_organization(&organization)?;
                Ok(Usage::new(&organization, month, write.sent_in(of, month)?))
            })
            .await
    }
}
