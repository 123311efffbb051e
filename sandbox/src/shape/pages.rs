//! One page of a list: what a query asks for, what we have to be asked for it, and where the list goes on.

use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ocisign::percent_encode;

use super::lists::{CURSOR, Kind, List, Way};
use super::statuses::Statuses;
use crate::api_error::ApiError;

/// A page that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// So many are left out before it.
    pub offset: u32,
    /// So many are in it at most.
    pub limit: Option<u32>,
    /// It lies behind the only page that there is.
    pub is_behind: bool,
    /// Which elements: what the query says beside the paging, as it was sent.
    filters: Vec<(String, String)>,
    /// The number of elements that was asked for, as it was sent.
    asked: Option<String>,
}

impl Page {
    /// Reads a query by the names of the list.
    pub fn read(list: &List, uri: &Uri) -> Result<Self, ApiError> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| bad_query("The query cannot be read.".to_owned(), list))?;
        let mut page =
            Self { offset: 0, limit: list.largest, is_behind: false, filters: vec![], asked: None };
        let mut place = None;
        for (name, value) in pairs {
            if Some(&name) == list.limit.as_ref() {
                once(&name, page.asked.replace(value), list)?;
            } else if Some(name.as_str()) == list.way.parameter() {
                once(&name, place.replace(value), list)?;
            } else if matches!(name.as_str(), "limit" | "offset") && list.way != Way::Whole {
                return Err(bad_query(
                    format!("The query has the parameter {name}, which is unknown here."),
                    list,
                ));
            } else {
                page.filters.push((name, value));
            }
        }
        if let Some(asked) = &page.asked {
            let asked: u32 = number(asked, list.limit.as_deref().unwrap_or_default(), list)?;
            page.limit = Some(asked.min(list.largest.unwrap_or(u32::MAX)));
        }
        match &place {
            Some(place) => page.start_at(place, list),
            None => Ok(page),
        }
    }

    fn start_at(mut self, place: &str, list: &List) -> Result<Self, ApiError> {
        match &list.way {
            Way::Page(name, first) => {
                let number: u32 = number(place, name, list)?;
                let index = number
                    .checked_sub(*first)
                    .ok_or_else(|| bad_query(format!("The first page has the number {first}."), list))?;
                self.is_behind = self.limit.is_none() && index > 0;
                self.offset = index.saturating_mul(self.limit.unwrap_or_default());
            }
            Way::Next(_) | Way::Link => {
                let offset = read_cursor(place);
                self.offset = offset
                    .ok_or_else(|| bad_query("The cursor is none that a reply named.".to_owned(), list))?;
            }
            way => self.offset = number(place, way.parameter().unwrap_or_default(), list)?,
        }
        Ok(self)
    }

    /// The query by which our own list gives this page, and one element more if there is one.
    pub fn ours(&self, kind: Kind, statuses: &Statuses) -> String {
        let mut pairs: Vec<(String, String)> = self.filters.clone();
        if kind == Kind::Signings {
            for (name, value) in &mut pairs {
                if let ("status", Ok(theirs)) = (name.as_str(), value.parse()) {
                    *value = statuses.ours(theirs).to_string();
                }
            }
            if self.offset > 0 {
                pairs.push(("offset".to_owned(), self.offset.to_string()));
            }
            let limit = self.limit.map(|limit| limit.saturating_add(1));
            pairs.extend(limit.map(|limit| ("limit".to_owned(), limit.to_string())));
        }
        written(&pairs)
    }

    /// The query of the page after this, of which so many elements were given; none where no link names it.
    pub fn after(&self, list: &List, given: usize) -> Option<String> {
        let offset = self.offset.saturating_add(u32::try_from(given).unwrap_or(u32::MAX));
        let place = match list.way {
            Way::Ours => ("offset".to_owned(), offset.to_string()),
            Way::Next(_) | Way::Link => (CURSOR.to_owned(), write_cursor(offset)),
            Way::Whole | Way::Offset(_) | Way::Page(..) => return None,
        };
        let mut pairs = vec![place];
        pairs.extend(self.filters.iter().cloned());
        if let (Some(name), Some(asked)) = (&list.limit, &self.asked) {
            pairs.push((name.clone(), asked.clone()));
        }
        Some(written(&pairs))
    }
}

impl Way {
    /// The parameter that says where a page begins.
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::Whole => None,
            Self::Ours => Some("offset"),
            Self::Offset(name) | Self::Page(name, _) => Some(name),
            Self::Next(_) | Self::Link => Some(CURSOR),
        }
    }
}

fn written(pairs: &[(String, String)]) -> String {
    let pair =
        |(name, value): &(String, String)| format!("{}={}", percent_encode(name), percent_encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// For the service only: clients take it as it is.
fn write_cursor(offset: u32) -> String {
    URL_SAFE_NO_PAD.encode(format!("after {offset}"))
}

fn read_cursor(cursor: &str) -> Option<u32> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    String::from_utf8(bytes).ok()?.strip_prefix("after ")?.parse().ok()
}

fn number(text: &str, name: &str, list: &List) -> Result<u32, ApiError> {
    text.parse().map_err(|_| bad_query(format!("The parameter {name} is no whole number that fits."), list))
}

fn once(name: &str, earlier: Option<String>, list: &List) -> Result<(), ApiError> {
    match earlier {
        None => Ok(()),
        Some(_) => Err(bad_query(format!("The query has the parameter {name} twice."), list)),
    }
}

fn bad_query(message: String, list: &List) -> ApiError {
    let names: Vec<&str> = list.limit.as_deref().into_iter().chain(list.way.parameter()).collect();
    let fix = format!("Page with {}, each once.", names.join(" and "));
    ApiError::new(StatusCode::BAD_REQUEST, "bad-query", message, fix)
}
