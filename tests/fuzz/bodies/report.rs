//! A bounce or a complaint.

use posthouse::mime::report::{DeliveryReport, Report, report};

pub fn read(raw: &[u8]) {
    match report(raw) {
        Some(Report::Delivery(DeliveryReport { recipients, .. })) => {
            assert!(!recipients.is_empty(), "a report is about somebody");
            for one in recipients {
                assert!(is_address(&one.address), "{:?}", one.address);
                let said = one.diagnostic.unwrap_or_default() + &one.status.unwrap_or_default();
                assert!(!said.contains(['\r', '\n']), "{said:?}");
            }
        }
        Some(Report::Complaint(found)) => {
            let told = found.original_rcpt_to.iter().chain(&found.original_to);
            for address in told.chain(&found.original_mail_from) {
                assert!(is_address(address), "{address:?}");
            }
        }
        None => {}
    }
}

fn is_address(text: &str) -> bool {
    let apart = |c: char| c.is_whitespace() || c.is_control() || "<>".contains(c);
    text.rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(apart)
}
