//! The people of the sandbox. In the real service they come from Entra ID or Google.

use serde::Serialize;
use utoipa::ToSchema;

/// The first group of the reference: may request, and must approve.
pub const GROUP_A: &str = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
/// The second group of the reference: must approve.
pub const GROUP_B: &str = "f65a3ea9-60db-47a4-9ad8-c6915735ec5f";
/// Those who keep the registry credentials. Our own choice: the reference names no such group.
pub const GROUP_ADMIN: &str = "5e1c7a0d-3f4b-4a52-9d7e-0b6a2c8f1d93";

/// One of the sandbox's people.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// For a person to read.
    pub name: &'static str,
    /// What they are there for; stable, for programs.
    pub role: &'static str,
    /// The object id in their token.
    #[schema(value_type = uuid::Uuid)]
    pub object_id: &'static str,
    /// The groups in their token.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub groups: &'static [&'static str],
}

/// Everyone, in the order in which a demonstration needs them.
pub const MEMBERS: [Member; 5] = [
    Member {
        name: "Requester",
        role: "requester",
        object_id: "1f0d6a52-8c1e-4b7a-9e35-6d2b90c4a711",
        groups: &[GROUP_A],
    },
    Member {
        name: "Approver one",
        role: "approver-one",
        object_id: "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922",
        groups: &[GROUP_A],
    },
    Member {
        name: "Approver two",
        role: "approver-two",
        object_id: "3c58e1f4-7d29-4a63-b1f0-82c4d6e7b933",
        groups: &[GROUP_B],
    },
    Member {
        name: "Outsider",
        role: "outsider",
        object_id: "4d67f2a5-9e3b-4c74-82a1-93d5e7f8ca44",
        groups: &[],
    },
    Member {
        name: "Admin",
        role: "admin",
        object_id: "5e76a3b6-0f4c-4d85-93b2-a4e6f809db55",
        groups: &[GROUP_ADMIN],
    },
];

/// A member with a token that was just made. It has no Debug: it holds the token.
#[derive(Clone, Serialize, ToSchema)]
pub struct MemberWithToken {
    /// Who.
    #[serde(flatten)]
    pub member: Member,
    /// Their bearer token.
    pub token: String,
}
