//! What people call the sandbox's groups and people. A real service shows ids only; whoever deploys the page names them.

use serde_json::{Map, Value, json};

use crate::directory::Directory;
use crate::people::{GROUP_A, GROUP_ADMIN, GROUP_B, MEMBERS};

/// The `names` of a profile: those of the sandbox's own groups and people, and of whom the directory names.
pub fn names(directory: Option<&Directory>) -> Value {
    let groups = json!({
        GROUP_A: "Release managers",
        GROUP_B: "Security",
        GROUP_ADMIN: "Administrators",
    });
    let mut people: Map<String, Value> =
        MEMBERS.iter().map(|it| (it.object_id.to_owned(), json!(it.name))).collect();
    for (id, name) in directory.into_iter().flat_map(Directory::names) {
        people.insert(id.to_owned(), json!(name));
    }
    json!({ "groups": groups, "people": people })
}
