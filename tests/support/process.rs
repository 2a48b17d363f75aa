//! Programs under test and their peers: started, listened to, and ended with the test.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::wait;

/// A program that runs until it is dropped.
pub struct Running {
    child: Child,
    name: String,
    out: Lines,
    err: Lines,
}

impl Running {
    /// Starts it, with both outputs read in the background.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("cannot start {name}: {error}; `make test` installs it")
            });
        let out = Lines::of(child.stdout.take().expect("stdout is piped"));
        let err = Lines::of(child.stderr.take().expect("stderr is piped"));
        Self {
            child,
            name,
            out,
            err,
        }
    }

    /// The first line on its standard output.
    ///
    /// # Panics
    /// When it ends before that, or says nothing.
    pub fn first_line(&mut self) -> String {
        let line = wait::until(&format!("a first line from {}", self.name), || {
            match (self.out.all().first(), self.ended()) {
                (Some(line), _) => Some(Ok(line.clone())),
                (None, Some(status)) => Some(Err(status)),
                (None, None) => None,
            }
        });
        line.unwrap_or_else(|status| panic!("{} ended ({status}): {}", self.name, self.errors()))
    }

    /// The lines on its standard output so far.
    pub fn lines(&self) -> Vec<String> {
        self.out.all()
    }

    /// What it wrote to standard error so far.
    pub fn errors(&self) -> String {
        self.err.all().join("\n")
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be asked")
    }

    /// Sends a signal by name.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args(["-s", name, &self.pid().to_string()])
            .status()
            .expect("kill runs");
        assert!(status.success(), "kill -s {name} {}", self.pid());
    }

    /// Ends it at once (SIGKILL).
    pub fn kill(&mut self) {
        // Already gone is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Asks it to stop (SIGTERM) and waits for that; gives what it wrote to standard error.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(mut self) -> (ExitStatus, String) {
        self.signal("TERM");
        let status = wait::until(&format!("the end of {}", self.name), || self.ended());
        self.err.finish();
        (status, self.errors())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!(
                "--- {} said:\n{}\n{}",
                self.name,
                self.lines().join("\n"),
                self.errors()
            );
        }
    }
}

/// Lines that a thread reads from a pipe.
struct Lines {
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Lines {
    fn of(pipe: impl Read + Send + 'static) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let target = Arc::clone(&lines);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                target
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(line);
            }
        });
        Self {
            lines,
            reader: Some(reader),
        }
    }

    fn all(&self) -> Vec<String> {
        self.lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn finish(&mut self) {
        if let Some(reader) = self.reader.take() {
            drop(reader.join());
        }
    }
}
