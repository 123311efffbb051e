//! What a service does otherwise, and no profile can mend: only a client that copes with it.

use axum::http::StatusCode;
use uuid::Uuid;

use crate::strict_json::{At, Wrong};

/// The ways of a service.
#[derive(Debug, Clone, Default)]
pub struct Service {
    /// A list has no more elements than this in one reply.
    pub largest_page: Option<u32>,
    /// The sandbox's own tokens say no groups.
    pub without_groups: bool,
    /// A requester is an object id, and no object.
    pub requester_is_id: bool,
    /// Whether products say their state, where they have one.
    pub life_cycle: Option<bool>,
    /// Who may read products.
    pub product_readers: Option<Vec<String>>,
    /// What others get.
    pub products_hidden_by: StatusCode,
    /// Replies to what acts have id and status only.
    pub no_echo: bool,
    /// Whether paths end with a slash.
    pub slash: Slash,
    /// The next page is named with scheme and host.
    pub absolute_links: bool,
}

/// The slash at the end of a path.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Slash {
    /// With and without.
    #[default]
    Either,
    /// Only with.
    Required,
    /// Only without.
    Refused,
}

const FIELDS: [&str; 9] = [
    "largestPage",
    "withoutGroups",
    "requesterIsId",
    "lifeCycle",
    "productReaders",
    "productsHiddenBy",
    "echo",
    "trailingSlash",
    "absoluteLinks",
];

impl Service {
    /// Reads what differs.
    pub fn read(at: Option<&At<'_>>) -> Result<Self, Wrong> {
        let mut service = Self { products_hidden_by: StatusCode::FORBIDDEN, ..Self::default() };
        let Some(at) = at else { return Ok(service) };
        at.only(&FIELDS)?;
        let truth = |name: &str| at.field(name).map(|at| at.truth()).transpose();
        if let Some(at) = at.field("largestPage") {
            service.largest_page = Some(u32::try_from(at.number(1, 10_000)?).unwrap_or(u32::MAX));
        }
        service.without_groups = truth("withoutGroups")?.unwrap_or_default();
        service.requester_is_id = truth("requesterIsId")?.unwrap_or_default();
        service.life_cycle = truth("lifeCycle")?;
        service.no_echo = truth("echo")? == Some(false);
        service.absolute_links = truth("absoluteLinks")?.unwrap_or_default();
        service.product_readers = at.field("productReaders").map(|at| read_groups(&at)).transpose()?;
        if let Some(hidden) = at.field("productsHiddenBy") {
            if service.product_readers.is_none() {
                return Err(
                    hidden.wrong("says how products are hidden, but not from whom", "Add productReaders.")
                );
            }
            service.products_hidden_by = match hidden.value().as_u64() {
                Some(403) => StatusCode::FORBIDDEN,
                Some(404) => StatusCode::NOT_FOUND,
                _ => return Err(hidden.wrong("is another status than it may be", "Write 403 or 404.")),
            };
        }
        if let Some(at) = at.field("trailingSlash") {
            service.slash = match at.one_of(&["required", "refused", "either"])? {
                "required" => Slash::Required,
                "refused" => Slash::Refused,
                _ => Slash::Either,
            };
        }
        Ok(service)
    }
}

/// A list of groups, each in its one spelling.
pub fn read_groups(at: &At<'_>) -> Result<Vec<String>, Wrong> {
    let read = |at: At<'_>| {
        Uuid::try_parse(at.text()?)
            .map(|group| group.to_string())
            .map_err(|_| at.wrong("is no UUID", "Give the group by its UUID."))
    };
    at.list()?.into_iter().map(read).collect()
}
