//! Debian's postfix at the far end: own configuration, own queue, mail into a Maildir.

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::authority::Authority;
use crate::process::Running;
use crate::site::Ran;
use crate::wait;

const PROGRAMS: &str = "\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
";

/// A running postfix, for `far.test`. It has to be started by root.
pub struct Postfix {
    folder: TempDir,
    server: Running,
    /// Its port.
    pub port: u16,
    /// The authority that signed its certificate.
    pub root: PathBuf,
}

impl Postfix {
    /// Starts it on `host` (a loopback address) and `port`.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(host: &str, port: u16) -> Self {
        let folder = TempDir::new().expect("a folder");
        let at = folder.path();
        // Postfix's own users go through this folder.
        std::fs::set_permissions(at, std::fs::Permissions::from_mode(0o755)).expect("ours");
        for name in ["conf", "queue", "data", "mail"] {
            std::fs::create_dir(at.join(name)).expect("made");
        }
        own(&at.join("data"), "postfix");
        own(&at.join("mail"), "nobody");
        let authority = Authority::make(at, &["mx.far.test"]);
        let (user, group) = (number("-u"), number("-g"));
        let main = settings(at, &authority, &user, &group);
        let listen = format!("{host}:{port} inet n - n - - smtpd\n");
        std::fs::write(at.join("conf/main.cf"), main).expect("written");
        std::fs::write(at.join("conf/master.cf"), listen + PROGRAMS).expect("written");
        let mut command = Command::new("postfix");
        command.arg("-c").arg(at.join("conf")).arg("start-fg");
        let mut server = Running::start(&mut command);
        wait::until("postfix", || {
            assert!(
                server.ended().is_none(),
                "postfix: {:?} {}",
                server.lines(),
                server.errors()
            );
            TcpStream::connect((host, port)).ok()
        });
        Self {
            folder,
            server,
            port,
            root: authority.root,
        }
    }

    /// The messages that it has put into the Maildir.
    ///
    /// # Panics
    /// When the Maildir cannot be read.
    pub fn messages(&self) -> Vec<Vec<u8>> {
        let Ok(files) = std::fs::read_dir(self.folder.path().join("mail/inbox/new")) else {
            return Vec::new();
        };
        files
            .map(|file| std::fs::read(file.expect("a file").path()).expect("readable"))
            .collect()
    }

    /// Its log.
    pub fn log(&self) -> String {
        self.server.lines().join("\n")
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let mut command = Command::new("postfix");
        let conf = self.folder.path().join("conf");
        Ran::of(command.arg("-c").arg(conf).arg("abort"));
    }
}

fn own(path: &Path, user: &str) {
    let status = Command::new("chown")
        .arg(user)
        .arg(path)
        .status()
        .expect("chown runs");
    assert!(status.success(), "postfix can only be started by root");
}

fn number(which: &str) -> String {
    let output = Command::new("id")
        .args([which, "nobody"])
        .output()
        .expect("id runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn settings(at: &Path, authority: &Authority, user: &str, group: &str) -> String {
    let (certificate, key) = (authority.certificate.display(), authority.key.display());
    let at = at.display();
    format!(
        "compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
maillog_file = /dev/stdout
myhostname = mx.far.test
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_tls_received_header = yes
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = far.test
virtual_mailbox_base = {at}/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
virtual_minimum_uid = 1
message_size_limit = 60000000
virtual_mailbox_limit = 0
"
    )
}
