//! A SoftHSM of its own for each test, and the module that lets calls to it fail.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{self, Sandbox};

pub const PIN: &str = "correct-horse";
pub const SO_PIN: &str = "12345678";
pub const LABEL: &str = "ocisign test";

/// Where distributions put it.
const SOFTHSM: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

/// SoftHSM with a folder of its own, and a data folder for a sandbox beside it.
pub struct Hsm {
    folder: TempDir,
}

impl Hsm {
    /// With one token.
    pub fn new() -> Self {
        let hsm = Self::empty();
        hsm.add_token(LABEL);
        hsm
    }

    /// Without a token.
    pub fn empty() -> Self {
        let hsm = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(hsm.path("tokens")).unwrap();
        let tokens = hsm.path("tokens");
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n",
            tokens.display()
        );
        fs::write(hsm.path("softhsm2.conf"), text).unwrap();
        fs::write(hsm.path("pin"), format!("{PIN}\n")).unwrap();
        hsm
    }

    pub fn add_token(&self, label: &str) {
        let made = self.tool("softhsm2-util").args(["--init-token", "--free", "--label", label]);
        run(made.args(["--so-pin", SO_PIN, "--pin", PIN]));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    /// Takes the token away, as when its cable is pulled.
    pub fn unplug(&self) {
        fs::rename(self.path("tokens"), self.path("elsewhere")).unwrap();
        fs::create_dir(self.path("tokens")).unwrap();
    }

    pub fn plug_in(&self) {
        fs::remove_dir_all(self.path("tokens")).unwrap();
        fs::rename(self.path("elsewhere"), self.path("tokens")).unwrap();
    }

    /// A program that sees this SoftHSM.
    pub fn tool(&self, program: impl AsRef<OsStr>) -> CommandAnd {
        let mut command = Command::new(program);
        command.env("SOFTHSM2_CONF", self.path("softhsm2.conf")).current_dir(self.folder.path());
        CommandAnd(command)
    }

    /// `pkcs11-tool`, logged in.
    pub fn pkcs11_tool(&self, arguments: &[&str]) -> Output {
        let mut tool = self.tool("pkcs11-tool");
        tool.0.arg("--module").arg(module()).args(["--login", "--pin", PIN]).args(arguments);
        tool.0.output().unwrap_or_else(|cause| missing("pkcs11-tool", &cause))
    }

    /// What the token holds: a line for each object.
    pub fn objects(&self) -> Vec<String> {
        let output = self.pkcs11_tool(&["--list-objects"]);
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter(|line| line.contains("Key Object")).map(str::to_owned).collect()
    }

    /// Arguments that make a sandbox use this token.
    pub fn arguments(&self) -> Vec<String> {
        self.arguments_for(&module())
    }

    pub fn arguments_for(&self, module: &Path) -> Vec<String> {
        let pin = format!("@{}", self.path("pin").display());
        ["--pkcs11-module", module.to_str().unwrap(), "--pin", &pin].map(str::to_owned).to_vec()
    }

    /// A sandbox's command, with free ports.
    pub fn command(&self, arguments: &[String]) -> Command {
        self.command_at(["--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0"], arguments)
    }

    /// A sandbox that uses this token.
    pub async fn start(&self) -> Sandbox {
        Sandbox::start_command(&self.data(), self.command(&self.arguments())).await
    }

    /// The same ports again.
    pub async fn restart(&self, before: &Sandbox, arguments: &[String]) -> Sandbox {
        Sandbox::start_command(&self.data(), self.command_on(before, arguments)).await
    }

    /// The same ports again, behind the module that lets calls fail.
    pub async fn restart_with_shim(&self, before: &Sandbox) -> Sandbox {
        let mut command = self.command_on(before, &self.arguments_for(&shim()));
        self.with_shim(&mut command);
        Sandbox::start_command(&self.data(), command).await
    }

    fn command_on(&self, before: &Sandbox, arguments: &[String]) -> Command {
        let address = before.origin().trim_start_matches("http://");
        self.command_at(["--listen", address, "--registry-listen", before.domain()], arguments)
    }

    fn command_at(&self, ports: [&str; 4], arguments: &[String]) -> Command {
        let mut command = support::command(&self.data());
        command.args(ports).args(arguments);
        command.env("SOFTHSM2_CONF", self.path("softhsm2.conf")).env_remove("OCISIGN_PKCS11_PIN");
        command
    }

    /// The module that lets calls fail, as this command's.
    pub fn with_shim(&self, command: &mut Command) {
        command
            .env("PKCS11_SHIM_MODULE", module())
            .env("PKCS11_SHIM_CALLS", self.path("calls"))
            .env("PKCS11_SHIM_FAULTS", self.path("faults"));
    }

    /// A sandbox behind the module that lets calls fail.
    pub async fn start_with_shim(&self) -> Sandbox {
        Sandbox::start_command(&self.data(), self.shim_command()).await
    }

    pub fn shim_command(&self) -> Command {
        let mut command = self.command(&self.arguments_for(&shim()));
        self.with_shim(&mut command);
        command
    }

    /// From now on calls fail so; see the shim for the form.
    pub fn faults(&self, text: &str) {
        // Whole or not at all: the shim may read at any moment.
        let new = self.write("faults.new", text);
        fs::rename(new, self.path("faults")).unwrap();
    }

    /// The return codes of all calls to a function.
    pub fn calls(&self, function: &str) -> Vec<String> {
        let text = fs::read_to_string(self.path("calls")).unwrap_or_default();
        let calls = text.lines().filter_map(|line| line.split_once(' '));
        calls.filter(|(name, _)| *name == function).map(|(_, code)| code.to_owned()).collect()
    }
}

/// A command that is told by chaining.
pub struct CommandAnd(pub Command);

impl CommandAnd {
    pub fn args<const N: usize>(mut self, arguments: [&str; N]) -> Self {
        self.0.args(arguments);
        self
    }
}

/// Runs a program that must succeed; gives what it printed.
pub fn run(mut command: CommandAnd) -> String {
    let program = command.0.get_program().to_string_lossy().into_owned();
    let output = command.0.output().unwrap_or_else(|cause| missing(&program, &cause));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program} failed: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn missing(program: &str, cause: &std::io::Error) -> ! {
    panic!("{program} cannot run ({cause}). Install it: apt-get install softhsm2 opensc openssl")
}

/// SoftHSM's module.
pub fn module() -> PathBuf {
    let named = std::env::var_os("SOFTHSM2_MODULE").map(PathBuf::from);
    let found = SOFTHSM.iter().map(PathBuf::from).find(|path| path.exists());
    named
        .or(found)
        .expect("SoftHSM is missing. Install it (apt-get install softhsm2), or set SOFTHSM2_MODULE")
}

/// The module that lets calls fail: cargo builds it beside the tests.
pub fn shim() -> PathBuf {
    let folder = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let name = format!("{}ocisign_pkcs11_shim{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    folder.join(name)
}
