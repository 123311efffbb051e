//! docs/hsm.md, step by step: its commands run as they stand, except for ports.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::token::module;

/// The blocks that a reader pastes, but for the one that installs programs.
fn commands(text: &str) -> String {
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_steps_of_the_document_work() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/hsm.md");
    let steps = commands(&fs::read_to_string(document).unwrap());
    assert!(steps.contains("softhsm2-util --init-token") && steps.contains("curl") && !steps.contains("apt"));
    let steps = steps
        .replace("/usr/lib/softhsm/libsofthsm2.so", module().to_str().unwrap())
        .replace("ocisign-sandbox ", "ocisign-sandbox --listen 127.0.0.1:0 --registry-listen 127.0.0.1:0 ");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("bin")).unwrap();
    let sandbox = env!("CARGO_BIN_EXE_ocisign-sandbox");
    symlink(sandbox, folder.path().join("bin/ocisign-sandbox")).unwrap();
    let script = format!("set -eu\ntrap 'kill %1' EXIT\nexport PATH=$PWD/bin:$PATH\n{steps}");
    let output = Command::new("bash").arg("-c").arg(script).current_dir(folder.path()).output().unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("\"publicKey\""), "{said}");
    assert!(said.contains("sensitive, always sensitive, never extractable, local"), "{said}");
    assert!(complained.contains("new keys are made in the token \"ocisign\""), "{complained}");
}
