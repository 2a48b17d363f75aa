//! Debian's Dovecot: own configuration, own mail, IMAP and POP3 on loopback.

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::place;
use crate::process::Running;
use crate::site::Ran;
use crate::wait;

/// The folders that each of ours has.
const FOLDERS: &str = "\
namespace inbox {
  inbox = yes
  separator = /
  mailbox Archive {
    auto = subscribe
    special_use = \\Archive
  }
  mailbox Drafts {
    auto = subscribe
    special_use = \\Drafts
  }
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
  mailbox Junk {
    auto = subscribe
    special_use = \\Junk
  }
  mailbox Trash {
    auto = subscribe
    special_use = \\Trash
  }
}
";

/// Somebody who reads mail there.
pub struct Reader<'a> {
    /// As they sign in.
    pub name: &'a str,
    /// Shown in the clear.
    pub password: &'a str,
    /// What their mailbox may hold, in Dovecot's words such as `*:storage=4k`; None for any.
    pub quota: Option<&'a str>,
}

/// A running Dovecot. It has to be started by root.
pub struct Dovecot {
    server: Running,
    imap: u16,
    pop3: u16,
    folder: TempDir,
}

impl Dovecot {
    /// Starts it for these.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(readers: &[Reader<'_>]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let at = folder.path();
        // Its own users go through this folder.
        std::fs::set_permissions(at, std::fs::Permissions::from_mode(0o755)).expect("ours");
        for name in ["run", "state", "mail"] {
            std::fs::create_dir(at.join(name)).expect("made");
        }
        let (imap, pop3) = (place::free_port("127.0.0.1"), place::free_port("127.0.0.1"));
        let owner = owner(&at.join("mail"));
        std::fs::write(at.join("readers"), passwords(at, readers, &owner)).expect("written");
        let conf = at.join("dovecot.conf");
        std::fs::write(&conf, settings(at, imap, pop3)).expect("written");
        let mut command = Command::new("dovecot");
        // Times of arrival are shown in its own zone.
        command.env("TZ", "UTC").arg("-F").arg("-c").arg(&conf);
        let mut server = Running::start(&mut command);
        for port in [imap, pop3] {
            wait::until("Dovecot", || {
                assert!(server.ended().is_none(), "Dovecot: {}", server.errors());
                TcpStream::connect(("127.0.0.1", port)).ok()
            });
        }
        Self {
            server,
            imap,
            pop3,
            folder,
        }
    }

    /// Where IMAP is spoken, host and port.
    pub fn imap(&self) -> String {
        format!("127.0.0.1:{}", self.imap)
    }

    /// Where POP3 is spoken, host and port.
    pub fn pop3(&self) -> String {
        format!("127.0.0.1:{}", self.pop3)
    }

    /// Its log.
    pub fn log(&self) -> String {
        self.server.errors()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Its processes end with it only where it ends by itself.
        let conf = self.folder.path().join("dovecot.conf");
        let mut command = Command::new("doveadm");
        Ran::of(command.arg("-c").arg(conf).arg("stop"));
        let ended = wait::within(wait::PATIENCE, || self.server.ended());
        assert!(ended.is_some() || std::thread::panicking(), "it goes on");
    }
}

/// Gives a folder to nobody, whose number and group these are: Dovecot opens no mail as root.
fn owner(mail: &Path) -> String {
    let status = Command::new("chown").arg("nobody").arg(mail).status();
    let given = status.expect("chown runs").success();
    assert!(given, "Dovecot can only be started by root");
    let number = |which: &str| {
        let ran = Ran::of(Command::new("id").args([which, "nobody"]));
        ran.out.trim().to_owned()
    };
    format!("{}:{}", number("-u"), number("-g"))
}

fn passwords(at: &Path, readers: &[Reader<'_>], owner: &str) -> String {
    let line = |reader: &Reader<'_>| {
        let Reader {
            name,
            password,
            quota,
        } = reader;
        let quota = quota.map_or_else(String::new, |rule| format!("userdb_quota_rule={rule}"));
        let home = at.join("mail").join(name);
        format!(
            "{name}:{{PLAIN}}{password}:{owner}::{}::{quota}\n",
            home.display()
        )
    };
    readers.iter().map(line).collect()
}

fn settings(at: &Path, imap: u16, pop3: u16) -> String {
    let at = at.display();
    format!(
        "protocols = imap pop3
listen = 127.0.0.1
base_dir = {at}/run
state_dir = {at}/state
log_path = /dev/stderr
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
mail_location = sdbox:~/mail
mail_plugins = quota
first_valid_uid = 1
first_valid_gid = 0
passdb {{
  driver = passwd-file
  args = {at}/readers
}}
userdb {{
  driver = passwd-file
  args = {at}/readers
}}
protocol imap {{
  mail_plugins = quota imap_quota
  mail_max_userip_connections = 100
}}
plugin {{
  quota = count:Kept
  quota_vsizes = yes
}}
{FOLDERS}service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  service_count = 0
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"
    )
}
