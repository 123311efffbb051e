//! Where options come from: the command line first, then the environment, then the file of --config, then the defaults.
//!
//! Every option has the same name in all three, so there is no list to keep: `--log-format json`,
//! `OCISIGN_SANDBOX_LOG_FORMAT=json` and `log-format = "json"`. What the file says is read as if it stood on the
//! command line, by the same rules. No option is a secret; secrets stand in files that options name, or in variables
//! of their own.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};
use serde_json::{Map, Value};

use crate::cli::Options;
use crate::start_error::StartError;

const PREFIX: &str = "OCISIGN_SANDBOX_";
const CONFIG: &str = "config";

/// Why there are no options.
#[derive(Debug)]
pub enum Mistake {
    /// In what was written; clap says where. Help and version are told by it, too.
    Usage(clap::Error),
    /// In the file.
    File(StartError),
}

/// The options of this process. Ends it after a mistake, and after --help.
pub fn options() -> Options {
    match read(env::args_os().collect(), |name| env::var_os(name)) {
        Ok(options) => options,
        Err(Mistake::Usage(error)) => error.exit(),
        Err(Mistake::File(error)) => {
            eprintln!("ocisign-sandbox: {error}");
            std::process::exit(2);
        }
    }
}

/// Reads options from these arguments, of which the first is the program, and this environment.
pub fn read(
    arguments: Vec<OsString>,
    environment: impl Fn(&str) -> Option<OsString>,
) -> Result<Options, Mistake> {
    let command = command();
    if is_subcommand(&command, &arguments) {
        let matches = command.try_get_matches_from(arguments).map_err(Mistake::Usage)?;
        return Options::from_arg_matches(&matches).map_err(Mistake::Usage);
    }
    let given = Given::on(&arguments);
    let mut all: Vec<OsString> = arguments.first().cloned().into_iter().collect();
    let mut known = given.names.clone();
    for option in options_of(&command).iter().filter(|option| !option.is_settled(&command, &given.names)) {
        // A variable that is empty is how a container takes one away.
        if let Some(value) = environment(&option.variable()).filter(|value| !value.is_empty()) {
            known.insert(option.name().to_owned());
            all.extend(option.as_written(&value));
        }
    }
    let config = given.config.or_else(|| environment(&variable(CONFIG)).map(PathBuf::from));
    if let Some(path) = config.filter(|path| !path.as_os_str().is_empty()) {
        all.extend(from_file(&command, &path, &known).map_err(Mistake::File)?);
    }
    all.extend(arguments.into_iter().skip(1));
    let matches = command.try_get_matches_from(all).map_err(Mistake::Usage)?;
    Options::from_arg_matches(&matches).map_err(Mistake::Usage)
}

/// Whether something else is to be done than to serve. That has options of its own, on the command line only.
fn is_subcommand(command: &Command, arguments: &[OsString]) -> bool {
    let first = arguments.get(1).and_then(|argument| argument.to_str());
    first.is_some_and(|first| command.get_subcommands().any(|it| it.get_name() == first))
}

/// The command line, with flags that take a word where they come from elsewhere.
fn command() -> Command {
    let mut command = Options::command().mut_args(|argument| match argument.get_action() {
        // `--allow-remote` alone still says yes; `--allow-remote=false` is how the environment says no.
        ArgAction::SetTrue => argument
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_value("false")
            .default_missing_value("true")
            .hide_default_value(true)
            .hide_possible_values(true)
            .value_name("BOOL")
            .value_parser(BoolishValueParser::new()),
        _ => argument,
    });
    command.build();
    command
}

/// What stands on the command line. Options are long ones only, so that their names are all there is to see.
struct Given {
    names: HashSet<String>,
    config: Option<PathBuf>,
}

impl Given {
    fn on(arguments: &[OsString]) -> Self {
        let mut given = Self { names: HashSet::new(), config: None };
        let mut rest = arguments.iter().skip(1).take_while(|argument| *argument != "--").peekable();
        while let Some(argument) = rest.next() {
            let Some(written) = argument.to_str().and_then(|text| text.strip_prefix("--")) else { continue };
            let (name, value) = match written.split_once('=') {
                Some((name, value)) => (name, Some(OsString::from(value))),
                None => (written, rest.peek().map(|next| (*next).clone())),
            };
            given.names.insert(name.to_owned());
            if name == CONFIG {
                given.config = value.map(PathBuf::from);
            }
        }
        given
    }
}

/// One option, as the environment and the file name it.
struct Named<'a>(&'a Arg);

fn options_of(command: &Command) -> Vec<Named<'_>> {
    let is_setting = |argument: &&Arg| {
        argument.get_long().is_some() && matches!(argument.get_action(), ArgAction::Set | ArgAction::Append)
    };
    command.get_arguments().filter(is_setting).map(Named).collect()
}

impl Named<'_> {
    fn name(&self) -> &str {
        self.0.get_long().unwrap_or_default()
    }

    fn variable(&self) -> String {
        variable(self.name())
    }

    /// Whether these options, which come first, say what this one could say: it is one of them, or cannot stand beside
    /// one of them.
    fn is_settled(&self, command: &Command, first: &HashSet<String>) -> bool {
        let cannot_be_with = |one: &Arg, other: &str| {
            command.get_arg_conflicts_with(one).iter().any(|it| it.get_long() == Some(other))
        };
        first.iter().any(|name| {
            let other = command.get_arguments().find(|it| it.get_long() == Some(name));
            name == self.name()
                || cannot_be_with(self.0, name)
                || other.is_some_and(|other| cannot_be_with(other, self.name()))
        })
    }

    fn is_list(&self) -> bool {
        matches!(self.0.get_action(), ArgAction::Append)
    }

    /// As the command line would say it; a list has commas.
    fn as_written(&self, text: &OsStr) -> Vec<OsString> {
        match text.to_str().filter(|_| self.is_list()) {
            Some(list) => {
                let parts = list.split(',').map(str::trim).filter(|part| !part.is_empty());
                parts.map(|part| self.with(OsStr::new(part))).collect()
            }
            None => vec![self.with(text)],
        }
    }

    /// As the command line would say it, or what is wrong with it.
    fn as_set(&self, value: &Value) -> Result<Vec<OsString>, String> {
        match value {
            Value::Array(values) if self.is_list() => values.iter().map(|value| self.one(value)).collect(),
            Value::Array(_) => Err(format!("{} takes one value, not a list", self.name())),
            value => Ok(vec![self.one(value)?]),
        }
    }

    fn one(&self, value: &Value) -> Result<OsString, String> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => return Err(format!("{} is neither a text nor a number", self.name())),
        };
        Ok(self.with(OsStr::new(&text)))
    }

    fn with(&self, value: &OsStr) -> OsString {
        let mut written = OsString::from(format!("--{}=", self.name()));
        written.push(value);
        written
    }
}

fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_ascii_uppercase().replace('-', "_"))
}

/// What the file says, as arguments, but for what is known already.
fn from_file(command: &Command, path: &Path, known: &HashSet<String>) -> Result<Vec<OsString>, StartError> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|cause| {
        StartError::because(format!("Cannot read --config {shown}. Check the path."), cause)
    })?;
    let mut arguments = Vec::new();
    for (key, value) in parse(path, &text)? {
        let options = options_of(command);
        let Some(option) = options.iter().find(|it| it.name() == key && key != CONFIG) else {
            return Err(StartError::new(format!(
                "--config {shown} has the unknown key {key:?}. Use the names of the options in --help, without dashes in front."
            )));
        };
        if option.is_settled(command, known) {
            continue;
        }
        let read = option.as_set(&value);
        arguments.extend(read.map_err(|why| {
            StartError::new(format!("--config {shown}: {why}. Write it as on the command line."))
        })?);
    }
    Ok(arguments)
}

fn parse(path: &Path, text: &str) -> Result<Map<String, Value>, StartError> {
    let shown = path.display();
    if path.extension().is_some_and(|ending| ending == "json") {
        return serde_json::from_str(text).map_err(|cause| {
            StartError::because(format!("--config {shown} is not a JSON object. Correct it."), cause)
        });
    }
    toml::from_str(text).map_err(|cause| {
        let before = cause.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let why = cause.message().replace('\n', " ");
        StartError::because(format!("--config {shown} is not TOML. Correct line {line}."), why)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::operating::LogFormat;

    fn read_with(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Options, Mistake> {
        let all = std::iter::once("ocisign-sandbox").chain(arguments.iter().copied()).map(OsString::from);
        read(all.collect(), |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })
    }

    /// A file with this content, for as long as the folder is kept.
    fn file(name: &str, content: &str) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let path = path.to_str().unwrap().to_owned();
        (folder, path)
    }

    fn in_words(outcome: Result<Options, Mistake>) -> String {
        match outcome {
            Ok(_) => panic!("it was accepted"),
            Err(Mistake::Usage(error)) => error.to_string(),
            Err(Mistake::File(error)) => error.to_string(),
        }
    }

    #[test]
    fn the_command_line_goes_before_the_environment_and_that_before_the_file() {
        let (_folder, path) = file(
            "s.toml",
            "customer = \"file\"\ntoken-lifetime = 60\nlog-format = \"json\"\nallow-origin = [\"http://a\", \"http://b\"]\nallow-remote = true\n",
        );
        let from_file = read_with(&["--config", &path], &[]).unwrap();
        assert_eq!((from_file.customer.as_str(), from_file.token_lifetime), ("file", 60));
        assert_eq!(from_file.operating.log_format, LogFormat::Json);
        assert_eq!(from_file.allow_origin, ["http://a", "http://b"]);
        assert!(from_file.allow_remote);

        let environment = [
            ("OCISIGN_SANDBOX_CONFIG", path.as_str()),
            ("OCISIGN_SANDBOX_CUSTOMER", "environment"),
            ("OCISIGN_SANDBOX_ALLOW_ORIGIN", "http://c, http://d"),
            ("OCISIGN_SANDBOX_ALLOW_REMOTE", "no"),
        ];
        let both = read_with(&[], &environment).unwrap();
        assert_eq!((both.customer.as_str(), both.token_lifetime), ("environment", 60));
        assert_eq!(both.allow_origin, ["http://c", "http://d"]);
        assert!(!both.allow_remote);

        let all =
            read_with(&["--customer=line", "--allow-origin", "http://e", "--allow-remote"], &environment);
        let all = all.unwrap();
        assert_eq!((all.customer.as_str(), all.token_lifetime), ("line", 60));
        assert_eq!(all.allow_origin, ["http://e"]);
        assert!(all.allow_remote);
        assert_eq!(read_with(&[], &[]).unwrap().customer, "sandbox");
    }

    #[test]
    fn what_cannot_stand_beside_an_option_of_higher_rank_is_left_out() {
        let (_folder, path) = file("s.toml", "registry-listen = \"127.0.0.1:1\"");
        let registry = "http://127.0.0.1:5000";
        let options = read_with(&["--config", &path, "--registry", registry], &[]).unwrap();
        assert_eq!(options.registry.as_deref(), Some(registry));
        let variables =
            [("OCISIGN_SANDBOX_REGISTRY_LISTEN", "127.0.0.1:1"), ("OCISIGN_SANDBOX_CUSTOMER", "")];
        let options = read_with(&["--registry", registry], &variables).unwrap();
        assert_eq!((options.registry.as_deref(), options.customer.as_str()), (Some(registry), "sandbox"));
        let both = [variables[0], ("OCISIGN_SANDBOX_REGISTRY", registry)];
        assert!(in_words(read_with(&[], &both)).contains("cannot be used with"));
    }

    #[test]
    fn what_is_set_for_serving_does_not_disturb_other_commands() {
        let variables = [("OCISIGN_SANDBOX_CUSTOMER", "acme"), ("OCISIGN_SANDBOX_CONFIG", "/nowhere.toml")];
        let options = read_with(&["audit", "verify", "--data", "/tmp/s"], &variables).unwrap();
        assert!(options.command.is_some());
    }

    #[test]
    fn json_says_the_same() {
        let (_folder, path) =
            file("s.json", r#"{ "customer": "j", "token-lifetime": 5, "print-tokens": true }"#);
        let options = read_with(&["--config", &path], &[]).unwrap();
        assert_eq!((options.customer.as_str(), options.token_lifetime), ("j", 5));
        assert!(options.print_tokens);
    }

    #[test]
    fn mistakes_are_named() {
        for (name, content, words) in [
            ("a.toml", "lisen = \"127.0.0.1:1\"", "unknown key \"lisen\""),
            ("a.toml", "config = \"b.toml\"", "unknown key \"config\""),
            ("a.toml", "customer = [\"a\"]", "customer takes one value"),
            ("a.toml", "[oidc]\nissuer = \"x\"", "unknown key \"oidc\""),
            ("a.toml", "customer = { a = 1 }", "customer is neither"),
            ("a.toml", "\ncustomer = ", "Correct line 2"),
            ("a.toml", "token-lifetime = 0", "--token-lifetime"),
            ("a.toml", "allow-remote = \"perhaps\"", "--allow-remote"),
            ("a.toml", "registry-username = \"ci\"", "--registry"),
            ("a.json", "[]", "not a JSON object"),
            ("a.json", "{", "not a JSON object"),
        ] {
            let (_folder, path) = file(name, content);
            let said = in_words(read_with(&["--config", &path], &[]));
            assert!(said.contains(words), "{content}: {said}");
        }
        assert!(in_words(read_with(&["--config", "/nowhere.toml"], &[])).contains("Check the path"));
        let variables = [("OCISIGN_SANDBOX_LISTEN", "nowhere")];
        assert!(in_words(read_with(&[], &variables)).contains("--listen"));
    }

    #[test]
    fn every_option_has_a_heading_and_a_name_of_its_own() {
        let command = command();
        for option in options_of(&command) {
            assert!(option.0.get_help_heading().is_some(), "--{} stands under no heading", option.name());
            assert!(
                option.0.get_short().is_none(),
                "--{} has a short name, which Given does not see",
                option.name()
            );
        }
    }
}
