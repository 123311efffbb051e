//! Starts that cannot work: each names what is wrong and what mends it.

use std::path::{Path, PathBuf};

use crate::keys::shown;
use crate::pins::refused_start;
use crate::support::Sandbox;
use crate::token::{Hsm, LABEL, PIN, module, run};

/// What a start says that must not start.
fn said(hsm: &Hsm, arguments: &[&str]) -> String {
    refused_start(hsm.command(&arguments.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()))
}

fn pin(hsm: &Hsm) -> String {
    format!("@{}", hsm.path("pin").display())
}

#[tokio::test]
async fn a_module_that_is_none() {
    let hsm = Hsm::new();
    let text = hsm.write("text.so", "no library");
    let folder = hsm.path("tokens");
    // Every test program is linked with it.
    let library = a_library_without_pkcs11();
    let cases: [(&Path, &str); 4] = [
        (
            Path::new("/nowhere/at-all.so"),
            "Cannot load the PKCS #11 module /nowhere/at-all.so. Check the path",
        ),
        (&text, "Cannot load the PKCS #11 module"),
        (&folder, "Cannot load the PKCS #11 module"),
        (&library, "is a library, but not a PKCS #11 module. Name"),
    ];
    for (path, words) in cases {
        let said = said(&hsm, &["--pkcs11-module", shown(path), "--pin", &pin(&hsm)]);
        assert!(said.contains(words), "{path:?}: {said}");
    }
}

/// zlib or the like, as `--pkcs11-module libz.so` would be.
fn a_library_without_pkcs11() -> PathBuf {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let libraries = maps.split_whitespace().filter(|word| word.starts_with('/') && word.contains(".so"));
    libraries.map(PathBuf::from).find(|path| path.exists()).unwrap()
}

#[tokio::test]
async fn a_module_that_does_not_start() {
    let hsm = Hsm::new();
    hsm.faults("C_Initialize 0x30");
    let said = refused_start(hsm.shim_command());
    assert!(said.contains("does not start") && said.contains("CKR_DEVICE_ERROR from C_Initialize"), "{said}");
    hsm.faults("C_GetSlotList 0x5");
    let said = refused_start(hsm.shim_command());
    assert!(said.contains("does not say which tokens it has"), "{said}");
    hsm.faults("C_OpenSession 0xB1");
    let said = refused_start(hsm.shim_command());
    assert!(said.contains("busy or gone (CKR_SESSION_COUNT"), "{said}");
    assert_eq!(hsm.calls("C_Login").len(), 0);
}

#[tokio::test]
async fn a_pin_that_cannot_be_had() {
    let hsm = Hsm::new();
    let module = module();
    let start = ["--pkcs11-module", shown(&module)];
    let file = |name: &str, content: &[u8]| format!("@{}", hsm.write(name, content).display());
    let cases = [
        (PIN.to_owned(), "--pin must not be the PIN itself"),
        (String::new(), "--pin must not be the PIN itself"),
        ("@/nowhere/pin".to_owned(), "Cannot read the PIN from /nowhere/pin"),
        ("@".to_owned(), "Cannot read the PIN"),
        (format!("@{}", hsm.path("tokens").display()), "Cannot read the PIN"),
        (file("empty", b""), "is empty"),
        (file("newline", b"\r\n"), "is empty"),
        (file("two", b"correct-horse\nbattery"), "more than one line"),
        (file("nul", b"correct\0horse"), "control character"),
        (file("binary", b"\xff\xfe"), "is not text"),
    ];
    for (pin, words) in &cases {
        let said = said(&hsm, &[&start[..], &["--pin", pin]].concat());
        assert!(said.contains(words), "{pin:?}: {said}");
        assert!(!said.contains("horse"), "no secret: {said}");
    }
    assert!(said(&hsm, &start).contains("needs the token's user PIN"));
}

#[tokio::test]
async fn a_pin_from_the_environment_and_one_with_a_newline() {
    let hsm = Hsm::new();
    let mut command = hsm.command(&["--pkcs11-module".to_owned(), shown(&module()).to_owned()]);
    command.env("OCISIGN_PKCS11_PIN", PIN);
    drop(Sandbox::start_command(&hsm.data(), command).await);
    for ending in ["", "\n", "\r\n", "\n\n"] {
        hsm.write("pin", format!("{PIN}{ending}"));
        drop(hsm.start().await);
    }
}

#[tokio::test]
async fn a_token_that_is_not_there_or_not_ready() {
    let none = Hsm::empty();
    let only_free = said(&none, &none.arguments().iter().map(String::as_str).collect::<Vec<_>>());
    assert!(only_free.contains("not initialised. Initialise it"), "{only_free}");

    let hsm = Hsm::new();
    let arguments = hsm.arguments();
    let with = |more: &[&str]| {
        let all: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        said(&hsm, &all)
    };
    let absent = with(&["--token-label", "elsewhere"]);
    assert!(absent.contains("no such token") && absent.contains(LABEL), "{absent}");
    let absent = with(&["--slot", "77"]);
    assert!(absent.contains("no such token") && absent.contains("(slot "), "{absent}");

    // A token without a user PIN.
    let fresh = run(hsm.tool("softhsm2-util").args(["--show-slots"]));
    let free = fresh.lines().filter_map(|line| line.strip_prefix("Slot ")).last().unwrap().trim().to_owned();
    let shown_module = module();
    let init = ["--init-token", "--slot", &free, "--label", "fresh", "--so-pin", "12345678"];
    run(hsm.tool("pkcs11-tool").args(["--module", shown(&shown_module)]).args(init));
    let without = with(&["--token-label", "fresh"]);
    assert!(without.contains("has no user PIN yet. Set one"), "{without}");
}

#[tokio::test]
async fn of_several_tokens_one_is_named() {
    let hsm = Hsm::new();
    hsm.add_token("second");
    let arguments = hsm.arguments();
    let with = |more: &[&str]| {
        let all: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        all.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let several = refused_start(hsm.command(&with(&[])));
    assert!(several.contains("Choose one with --token-label or --slot"), "{several}");
    assert!(several.contains(LABEL) && several.contains("second"), "{several}");
    drop(Sandbox::start_command(&hsm.data(), hsm.command(&with(&["--token-label", "second"]))).await);

    // Two of the same label: only the slot tells them apart.
    hsm.add_token("second");
    let twins = refused_start(hsm.command(&with(&["--token-label", "second"])));
    assert!(twins.contains("Several tokens fit"), "{twins}");
    let slot = twins.rsplit_once("\"second\" (slot ").unwrap().1.split(')').next().unwrap().to_owned();
    drop(Sandbox::start_command(&hsm.data(), hsm.command(&with(&["--slot", &slot]))).await);
}

#[test]
fn options_of_a_token_need_its_module() {
    let hsm = Hsm::empty();
    for arguments in [["--pin", "@x"], ["--token-label", "x"], ["--slot", "1"]] {
        let output = hsm.command(&arguments.map(str::to_owned)).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("--pkcs11-module"), "{said}");
    }
}
