//! How another service gives its lists: where the elements stand, and how one asks for more.

use super::paths::FieldPath;
use super::service::Service;
use crate::strict_json::{At, Wrong};

/// Filters of our own lists, which no paging may be called by.
const FILTERS: [&str; 2] = ["status", "productId"];
/// Where a link to the next page has its place in the list.
pub const CURSOR: &str = "cursor";

/// How a list is given.
#[derive(Debug, Clone)]
pub struct List {
    /// Where its elements stand; the reply itself is the list otherwise.
    pub items: Option<FieldPath>,
    /// The parameter for how many.
    pub limit: Option<String>,
    /// How one asks for more.
    pub way: Way,
    /// A list has no more elements than this in one reply.
    pub largest: Option<u32>,
}

/// How one asks for what comes after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// One does not: the list is whole.
    Whole,
    /// By leaving out so many, and a `Link` header helps where a list was cut. So it is here.
    Ours,
    /// By leaving out so many.
    Offset(String),
    /// By the number of a page; the first has this one.
    Page(String, u32),
    /// By the link that stands there, `null` in the last page.
    Next(FieldPath),
    /// By the link in a header (RFC 8288).
    Link,
}

/// Which list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of signing requests: ours has pages.
    Signings,
    /// Of products: ours is always whole.
    Products,
}

impl List {
    /// Reads how it is given.
    pub fn read(kind: Kind, at: Option<&At<'_>>, service: &Service) -> Result<Self, Wrong> {
        let ours = kind == Kind::Signings || service.largest_page.is_some();
        let mut list = Self {
            items: None,
            limit: ours.then(|| "limit".to_owned()),
            way: if ours { Way::Ours } else { Way::Whole },
            largest: service.largest_page,
        };
        let Some(at) = at else { return Ok(list) };
        at.only(&["items", "paging"])?;
        list.items = at.field("items").map(|at| FieldPath::read(&at)).transpose()?;
        if let Some(paging) = at.field("paging") {
            list.read_paging(&paging)?;
        }
        Ok(list)
    }

    fn read_paging(&mut self, at: &At<'_>) -> Result<(), Wrong> {
        at.only(&["limit", "offset", "page", "first", "next", "header"])?;
        let name = |field: &str| at.field(field).map(|at| read_name(&at)).transpose();
        let (limit, offset, page) = (name("limit")?, name("offset")?, name("page")?);
        let first = at.field("first").map(|at| at.number(0, 1)).transpose()?;
        if let (Some(_), None) = (first, &page) {
            return Err(at.wrong("has first, but no page", "Add page, or leave first out."));
        }
        let next = at.field("next").map(|at| self.read_next(&at)).transpose()?;
        let header = at.field("header").map(|at| at.one_of(&["Link"])).transpose()?;
        self.way = match (offset, page, next, header) {
            (Some(offset), None, None, None) => Way::Offset(offset),
            (None, Some(page), None, None) => Way::Page(page, u32::try_from(first.unwrap_or(1)).unwrap_or(1)),
            (None, None, Some(next), None) => Way::Next(next),
            (None, None, None, Some(_)) => Way::Link,
            _ => {
                return Err(at.wrong(
                    "says in no way, or in several, how one asks for more",
                    "Give one of offset, page, next and header.",
                ));
            }
        };
        let other = match &self.way {
            Way::Offset(name) | Way::Page(name, _) => Some(name.as_str()),
            Way::Next(_) | Way::Link => Some(CURSOR),
            Way::Whole | Way::Ours => None,
        };
        if limit.is_some() && limit.as_deref() == other {
            return Err(at.wrong("calls two parameters by one name", "Rename one of them."));
        }
        self.limit = limit;
        Ok(())
    }

    fn read_next(&self, at: &At<'_>) -> Result<FieldPath, Wrong> {
        let next = FieldPath::read(at)?;
        match &self.items {
            None => Err(at.wrong("has no object to stand in", "Say with items where the elements stand.")),
            Some(items) if items.meets(&next) => {
                Err(at.wrong("is at or in the place of items", "Choose another place."))
            }
            Some(_) => Ok(next),
        }
    }
}

fn read_name(at: &At<'_>) -> Result<String, Wrong> {
    let name = at.text()?;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.$[]".contains(&byte));
    if !is_plain || name.len() > 100 {
        return Err(at.wrong("is no name of a parameter", "Use letters, digits and _ - . $ [ ]."));
    }
    if FILTERS.contains(&name) {
        return Err(at.wrong("is the name of a filter", "Choose another."));
    }
    Ok(name.to_owned())
}
