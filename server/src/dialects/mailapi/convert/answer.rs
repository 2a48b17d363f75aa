//! What is answered.

use posthouse::clock::Timestamp;
use posthouse::ids::{TaskId, UserId};
use posthouse::model::client::{ClientPlace, ClientSecurity};
use posthouse::model::domain::{Switch, Verdict};
use posthouse::model::task::{Outcome, Task, TaskKind, TaskState};
use posthouse::ops::provisioning::domains::ProvisionedDomain;
use posthouse::ops::provisioning::mailboxes::{Progress, ProvisionedMailbox};

use super::super::wire::{
    DomainMade, DomainRow, Domains, Imap, ItemRow, Keyed, MailboxRow, Mailboxes, MailboxesAsked,
    SubDomainsAsked, TaskShown, Wrong,
};

const SUCCESS: &str = "success";
const MIB: u64 = 1024 * 1024;

pub(in super::super) fn domains(user: UserId, found: Vec<ProvisionedDomain>) -> Domains {
    Domains {
        user_id: user.to_string(),
        total_domain: found.len(),
        results: Keyed(found.into_iter().map(domain).collect()),
        status: SUCCESS,
    }
}

fn domain(from: ProvisionedDomain) -> (String, DomainRow) {
    let ProvisionedDomain {
        domain,
        dkim,
        allotted,
    } = from;
    let status = match (domain.dkim_verified, dkim) {
        (true, _) => "verified",
        // Something else stands where its record belongs.
        (false, Some(Verdict::Mismatch)) => "failed",
        (false, Some(Verdict::Match | Verdict::Absent | Verdict::Unsure) | None) => "pending",
    };
    let row = DomainRow {
        status,
        domain_quota: allotted.quota_bytes.map_or_else(unbounded, whole),
        mailbox_count: allotted.mailboxes.to_string(),
        created_at: date(domain.created_at),
    };
    (domain.host, row)
}

pub(in super::super) fn domain_made(host: &str, id: TaskId) -> DomainMade<'_> {
    DomainMade {
        status: SUCCESS,
        domain: host,
        task_id: id.0,
    }
}

pub(in super::super) const fn sub_domains_asked(host: &str) -> SubDomainsAsked<'_> {
    SubDomainsAsked {
        status: SUCCESS,
        domain: host,
    }
}

pub(in super::super) const fn mailboxes_asked(id: TaskId) -> MailboxesAsked {
    MailboxesAsked {
        status: SUCCESS,
        task_id: id.0,
    }
}

pub(in super::super) fn mailboxes(
    user: UserId,
    domain: String,
    found: Vec<ProvisionedMailbox>,
    imap: Option<&ClientPlace>,
) -> Mailboxes {
    let rows = found.into_iter().map(|one| mailbox(one, imap));
    Mailboxes {
        user_id: user.to_string(),
        domain,
        results: Keyed(rows.collect()),
        status: SUCCESS,
    }
}

fn mailbox(from: ProvisionedMailbox, imap: Option<&ClientPlace>) -> (String, MailboxRow) {
    let ProvisionedMailbox {
        address,
        progress,
        password,
        quota_bytes,
        created_at,
    } = from;
    let imap = imap.filter(|_| password == Switch::On).map(|place| Imap {
        host: place.host.clone(),
        port: place.port,
        username: address.clone(),
        security: match place.security {
            ClientSecurity::Tls => "tls",
            ClientSecurity::StartTls => "starttls",
        },
    });
    let row = MailboxRow {
        provisioning_status: match progress {
            Progress::Pending => "pending",
            Progress::Active => "active",
            Progress::Failed => "failed",
        },
        mailbox_quota: quota_bytes.map_or_else(unbounded, mib),
        imap_credentials: imap,
        created_at: date(created_at),
    };
    (address, row)
}

/// What a task for mailboxes has come to; of one that nothing came of, why.
pub(in super::super) fn task(asked: TaskKind, from: Task) -> Result<TaskShown, Wrong> {
    if from.kind != asked {
        return Err(Wrong::OtherKind);
    }
    let status = match from.state {
        TaskState::Pending => "pending",
        TaskState::Processing => "processing",
        TaskState::Completed => "completed",
        TaskState::Failed => return Err(failed(&from)),
    };
    let total_email = from.items.len();
    let done = from
        .items
        .into_iter()
        .filter_map(|item| Some((item.wanted, outcome(item.outcome?))));
    let done = done.map(|(wanted, status)| (wanted, ItemRow { status }));
    Ok(TaskShown {
        number: from.id.0,
        total_email,
        domain: from.host,
        results: Keyed(done.collect()),
        status,
        task_id: from.id.to_string(),
    })
}

/// Of one mailbox there is one reason.
fn failed(task: &Task) -> Wrong {
    let first = task.items.first().and_then(|item| item.outcome);
    Wrong::NothingMade(
        first
            .filter(|_| task.kind == TaskKind::Mailbox)
            .map(outcome),
    )
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "Created successfully.",
        Outcome::Exists => "Mailbox already exists.",
        Outcome::Malformed => "Invalid mailbox name.",
        Outcome::Full => "Domain mailbox limit reached.",
        Outcome::Gone => "Domain not found for this account.",
        Outcome::Fault => "Internal server error.",
    }
}

/// `DD-MM-YYYY` in UTC.
fn date(at: Timestamp) -> String {
    at.utc_date().strftime("%d-%m-%Y").to_string()
}

fn unbounded() -> String {
    String::from("unlimited")
}

/// In whole MB of 1024 KB, begun ones counted.
fn mib(bytes: u64) -> String {
    format!("{}MB", bytes.div_ceil(MIB))
}

/// In GB where they are whole.
fn whole(bytes: u64) -> String {
    match bytes.div_ceil(MIB) {
        0 => String::from("0GB"),
        mib if mib % 1024 == 0 => format!("{}GB", mib / 1024),
        mib => format!("{mib}MB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit() {
        for (mib_count, one, all) in [
            (0, "0MB", "0GB"),
            (1, "1MB", "1MB"),
            (1024, "1024MB", "1GB"),
            (1025, "1025MB", "1025MB"),
            (10 * 1024, "10240MB", "10GB"),
        ] {
            assert_eq!(mib(mib_count * MIB), one);
            assert_eq!(whole(mib_count * MIB), all);
        }
        assert_eq!(mib(1), "1MB");
    }

    #[test]
    fn a_day_is_written_backwards() {
        assert_eq!(date(Timestamp(1_776_211_199_999)), "14-04-2026");
        assert_eq!(date(Timestamp(1_776_211_200_000)), "15-04-2026");
    }
}
