//! Emails that hold a text.

use super::{Needle, Part};
use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::EmailId;
use crate::limits::{PAGE_ROWS, SCAN_STEP, SEARCH_SCAN};
use crate::model::key::{Caller, Scope};
use crate::ops::emails::EmailStanding;
use crate::store::EmailFilter;

impl Posthouse {
    /// The caller's emails, newest first, with `text` in their subject, sender or recipients.
    /// At most [`SEARCH_SCAN`] are looked through; the next part goes on behind them.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn emails_holding(
        &self,
        caller: &Caller,
        mut filter: EmailFilter,
        text: Option<String>,
        rows: u32,
    ) -> Result<Part<EmailStanding, EmailId>> {
        caller.needs(Scope::Read)?;
        let of = caller.organization();
        let needle = Needle::new(text);
        let rows = rows.clamp(1, PAGE_ROWS);
        let most = usize::try_from(rows).unwrap_or(usize::MAX);
        // Where nothing is looked for, each one fits: a row more tells whether there are more.
        let step = match needle.0 {
            Some(_) => SCAN_STEP,
            None => rows + 1,
        };
        self.store
            .read(move |read| {
                let (mut found, mut next) = (Vec::new(), None);
                let mut looked_at = 0;
                'all: while looked_at < SEARCH_SCAN {
                    let some = read.emails(of, filter, step)?;
                    let last = some.len() < usize::try_from(step).unwrap_or(usize::MAX);
                    for email in some {
                        if found.len() == most {
                            next = filter.before;
                            break 'all;
                        }
                        filter.before = Some(email.id);
                        let fields = &email.fields;
                        let texts = [
                            Some(fields.from.as_str()),
                            Some(fields.to.as_str()),
                            fields.cc.as_deref(),
                            fields.bcc.as_deref(),
                            fields.subject.as_deref(),
                        ];
                        if needle.is_in(&texts) {
                            let deliveries = read.deliveries_of(email.id)?;
                            found.push(EmailStanding { email, deliveries });
                        }
                    }
                    if last {
                        break;
                    }
                    next = filter.before;
                    looked_at += step;
                }
                Ok(Part { rows: found, next })
            })
            .await
    }
}
