//! The desktop app: on a screen of its own, driven as a person would by WebDriver.

use std::path::{Path, PathBuf};
use std::process::Command;

use posthouse_server::data::Data;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http;
use crate::place;
use crate::process::Running;
use crate::wait;

/// A screen that nobody sees.
pub struct Screen {
    /// Its name, as in `DISPLAY`.
    pub name: String,
    _xvfb: Running,
}

impl Screen {
    /// One of a number that the X server chooses.
    ///
    /// # Panics
    /// When there is none.
    pub fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1400x900x24",
            "-nolisten",
            "tcp",
        ]);
        let mut xvfb = Running::start(&mut command);
        Self {
            name: format!(":{}", xvfb.first_line().trim()),
            _xvfb: xvfb,
        }
    }
}

/// A home folder with the app's data in it.
pub struct Home {
    folder: TempDir,
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// An empty one, where listeners take any port that is free.
    ///
    /// # Panics
    /// When there is no room for it.
    pub fn new() -> Self {
        let made = Self {
            folder: TempDir::new().expect("a folder"),
        };
        made.configure("");
        made
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the configuration: where it listens, and `more`, which begins within `[server]`.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn configure(&self, more: &str) {
        std::fs::create_dir_all(self.data()).expect("a folder");
        std::fs::write(self.data().join("posthouse.toml"), more).expect("written");
    }

    /// Waits until no program works in the data folder.
    ///
    /// # Panics
    /// When one goes on.
    pub fn at_rest(&self) {
        let data = Data::at(&self.data());
        wait::until("the end of the app", || data.lock().ok().map(drop));
    }

    /// A program that lives here, and sees this screen and no session of anybody's.
    pub fn command(&self, program: &Path, screen: &Screen) -> Command {
        let mut command = Command::new(program);
        self.environment(&mut command);
        command.env("DISPLAY", &screen.name);
        command
    }

    fn environment(&self, command: &mut Command) {
        for name in [
            "DBUS_SESSION_BUS_ADDRESS",
            "POSTHOUSE_DATA",
            "POSTHOUSE_MASTER_KEY",
        ] {
            command.env_remove(name);
        }
        for name in ["HOME", "XDG_RUNTIME_DIR"] {
            command.env(name, self.path());
        }
        for (name, below) in [
            ("XDG_DATA_HOME", "share"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
        ] {
            command.env(name, self.path().join(below));
        }
        // Whatever is said elsewhere, tests share no ports.
        for listener in [
            "HTTP",
            "SMTP_INBOUND",
            "SMTP_SUBMISSION",
            "SMTP_CAPTURE",
            "IMAP_STARTTLS",
            "POP3_STARTTLS",
        ] {
            command.env(format!("POSTHOUSE_{listener}"), "127.0.0.1:0");
        }
        command.env("GDK_BACKEND", "x11");
        command.env("NO_AT_BRIDGE", "1");
    }
}

/// Drives windows, one at a time.
pub struct Driver {
    url: String,
    _driver: Running,
}

impl Driver {
    /// One for programs that live in this home and on this screen.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn start(home: &Home, screen: &Screen) -> Self {
        Self::of(home.command(Path::new("tauri-driver"), screen))
    }

    /// One that is started by this command.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn of(mut command: Command) -> Self {
        let (port, native) = (place::free_port("127.0.0.1"), place::free_port("127.0.0.1"));
        command.args([
            "--port",
            &port.to_string(),
            "--native-port",
            &native.to_string(),
        ]);
        let driver = Running::start(&mut command);
        let url = format!("http://127.0.0.1:{port}");
        wait::until("tauri-driver", || {
            let status = http::client().get(format!("{url}/status")).send().ok()?;
            status.status().is_success().then_some(())
        });
        Self {
            url,
            _driver: driver,
        }
    }

    /// What a journey begins with, in the app over this home.
    ///
    /// # Panics
    /// When the folder for pictures cannot be made.
    pub fn about(&self, home: &Home, journey: &str, arguments: &[&str]) -> Value {
        let pictures = place::workspace().join("target/journeys");
        std::fs::create_dir_all(&pictures).expect("a folder");
        let data = home.data();
        let mut args = vec!["--data", data.to_str().expect("a path that is text")];
        args.extend(arguments);
        json!({
            "backend": "webdriver",
            "driver": self.url,
            "application": place::desktop(),
            "args": args,
            "picture": pictures.join(format!("{journey}.png")),
        })
    }
}

/// A person's session: the bus that their programs meet on.
pub struct Bus {
    address: String,
    _daemon: Running,
}

impl Bus {
    /// One of this home.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(home: &Home) -> Self {
        let mut command = Command::new("dbus-daemon");
        home.environment(&mut command);
        command.args(["--session", "--nofork", "--print-address"]);
        let mut daemon = Running::start(&mut command);
        Self {
            address: daemon.first_line(),
            _daemon: daemon,
        }
    }

    /// Has a program meet others here.
    pub fn joined(&self, mut command: Command) -> Command {
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command
    }

    /// What programs want the person to be told: the messages, as they pass.
    pub fn notices(&self) -> Running {
        let mut command = Command::new("dbus-monitor");
        command.args(["--session", "interface='org.freedesktop.Notifications'"]);
        Running::start(&mut self.joined(command))
    }

    /// A keychain on it, open.
    ///
    /// # Panics
    /// When it does not start.
    pub fn keychain(&self, home: &Home) -> Running {
        let mut command = Command::new("sh");
        home.environment(&mut command);
        command.args([
            "-c",
            "printf 'open' | exec gnome-keyring-daemon --foreground --unlock --components=secrets",
        ]);
        let daemon = Running::start(&mut self.joined(command));
        wait::until("a keychain on the bus", || {
            let mut asked = Command::new("dbus-send");
            asked.args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.GetNameOwner",
                "string:org.freedesktop.secrets",
            ]);
            let asked = self.joined(asked).output().ok()?;
            asked.status.success().then_some(())
        });
        daemon
    }
}
