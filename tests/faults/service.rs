//! The real service as a child process.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::program;

/// Longer than a start should take, also under strace on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// How to start it.
#[derive(Clone, Debug, Default)]
pub(crate) struct How {
    /// Another program than the usual one.
    pub(crate) program: Option<PathBuf>,
    /// What stands before the program, such as strace with its arguments.
    pub(crate) wrapper: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    /// Settings as `key=value`.
    pub(crate) settings: Vec<String>,
}

/// A running service. Killed when dropped.
pub(crate) struct Service {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Service {
    pub(crate) fn start(data: &Path, how: &How) -> Self {
        Self::try_start(data, how).unwrap_or_else(|why| panic!("{} does not start: {why}", data.display()))
    }

    /// Starts it on a free port; an error when it ends before it serves. Errors it logs go to
    /// `tmp/faults-service.log` in the target folder.
    pub(crate) fn try_start(data: &Path, how: &How) -> Result<Self, String> {
        let program = how.program.clone().unwrap_or_else(program);
        let mut command = match how.wrapper.split_first() {
            None => Command::new(&program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(&program);
                command
            }
        };
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        how.settings.iter().for_each(|setting| {
            command.args(["--set", setting]);
        });
        command.env_clear().env("USER", "tester").env("LAGESBILD_LOG_FILTER", "error");
        command.envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"));
        command.envs(how.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(data.parent().expect("a folder"));
        let log = log_file();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::from(log));
        let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let mut started = Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let mut lines = out.lines();
            // Nobody may wait any more.
            let _ = tell.send(lines.next().and_then(Result::ok));
            // Read on, so that the service never meets a closed pipe.
            lines.for_each(drop);
        });
        let line = told.recv_timeout(PATIENCE).map_err(|_| "it says no address".to_string())?;
        let address = line.as_deref().and_then(|line| line.strip_prefix("http://")?.strip_suffix('/')?.parse().ok());
        match address {
            Some(address) => {
                started.address = address;
                Ok(started)
            }
            None => Err(format!("it ended: {:?}", started.child.wait())),
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child of ours")
    }

    /// SIGKILL: nothing of the process runs any more.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// SIGTERM, as a service manager does; waits until it has ended.
    pub(crate) fn stop(mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill is there");
        assert!(asked.success());
        let begun = Instant::now();
        while self.ended().is_none() {
            assert!(begun.elapsed() < PATIENCE, "the service does not stop");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn end(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.end();
    }
}

/// Not beside the data file: that disk may be a full one.
fn log_file() -> File {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults-service.log");
    let open = OpenOptions::new().append(true).create(true).open(&path);
    open.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
