//! A throw-away PostgreSQL: a folder of its own, a socket in it, gone when dropped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Failed, run, tools};

/// A running server.
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
}

impl Server {
    /// Makes a database cluster in a fresh folder and starts it.
    pub(crate) fn start() -> Result<Self, Failed> {
        let programs = tools::postgres_folder()
            .or_else(|| {
                let path = std::env::var_os("PATH")?;
                std::env::split_paths(&path).find(|folder| folder.join("initdb").exists())
            })
            .ok_or("PostgreSQL's programs are not there")?;
        let folder = std::env::temp_dir().join(format!("kura-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        if tools::is_root() {
            // initdb refuses root: the package's own user runs it.
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let server = Self { programs, folder };
        let data = server.folder.join("data");
        run(server
            .program("initdb")
            .args(["--auth=trust", "--username=kura", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .arg(&data)
            .stdout(Stdio::null()))?;
        // No network: whoever may enter the folder may connect. Nothing here outlives a crash.
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c fsync=off -c max_connections=200",
            server.folder.display()
        );
        run(server
            .program("pg_ctl")
            .args(["start", "--wait", "--silent", "--options", &options, "--pgdata"])
            .arg(&data)
            .arg("--log")
            .arg(server.folder.join("log"))
            .stdout(Stdio::null()))?;
        Ok(server)
    }

    /// Where its first database is.
    pub(crate) fn url(&self) -> String {
        format!("postgres://kura@localhost/postgres?host={}", self.folder.display())
    }

    fn program(&self, name: &str) -> Command {
        let program: &Path = &self.programs.join(name);
        let mut command = if tools::is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let stop = self
            .program("pg_ctl")
            .args(["stop", "--mode=immediate", "--silent", "--pgdata"])
            .arg(data)
            .status();
        if let Err(error) = stop {
            eprintln!("PostgreSQL was not stopped: {error}");
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
