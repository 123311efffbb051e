//! What refers to an image: by the registry's own list, or where it keeps none, by an index under the fallback tag (OCI
//! distribution specification, "Listing Referrers" and "Referrers Tag Schema").

use reqwest::Url;
use reqwest::header::{HeaderValue, LINK};
use serde_json::Value;

use super::calls::Reply;
use super::failure::Failure;
use super::image_registry::{IMAGE_TYPES, ImageRegistry, LARGEST_MANIFEST, has_digest};
use crate::bundle::{self, INDEX_TYPE, Referrer};
use crate::signature_manifest::{MANIFEST_TYPE, sha256};

/// More pages are a mistake, or an attack.
const MOST_PAGES: usize = 20;
const LISTING: &str = "listing what refers to the image";

impl ImageRegistry {
    /// What the registry lists by itself; none if it keeps no list. The image was read before.
    pub async fn referrers(&self) -> Result<Option<Vec<Value>>, Failure> {
        let path = format!("referrers/{}", self.about().digest());
        let mut page = self.read(&path, INDEX_TYPE, LARGEST_MANIFEST, LISTING).await?;
        if keeps_no_list(&page) {
            return Ok(None);
        }
        let mut all = Vec::new();
        for _ in 0..MOST_PAGES {
            if page.status != 200 {
                return Err(self.refused(&page, LISTING));
            }
            // Registries label a list in many ways.
            let index =
                bundle::parse_index(&page.body, INDEX_TYPE).map_err(|_| self.not_understood(LISTING))?;
            all.extend(bundle::listed(&index));
            let Some(next) = self.next_page(&page)? else { return Ok(Some(all)) };
            page = self.read_at(next, INDEX_TYPE, LARGEST_MANIFEST, LISTING).await?;
        }
        Err(Failure::new(format!(
            "More refers to the image than {MOST_PAGES} pages of the registry's list hold. Remove what does not belong there."
        )))
    }

    /// The index under the fallback tag, if there is one.
    pub async fn fallback_index(&self) -> Result<Option<Value>, Failure> {
        let tag = bundle::fallback_tag(self.about().digest());
        let found = self.read_manifest(&tag, IMAGE_TYPES, LISTING).await?;
        // GitLab answers with the image itself, as if the tag were its digest.
        let found = found.filter(|found| !has_digest(&found.body, self.about().digest()));
        let parse = |body: &[u8], media_type: &str| bundle::parse_index(body, media_type);
        let occupied = |_| self.occupied(&tag, "an index of what refers to the image");
        found.map(|found| parse(&found.body, &found.media_type).map_err(occupied)).transpose()
    }

    /// Puts an index under the fallback tag.
    pub async fn push_fallback_index(&self, index: Vec<u8>) -> Result<(), Failure> {
        let tag = bundle::fallback_tag(self.about().digest());
        if index.len() > LARGEST_MANIFEST {
            return Err(Failure::new(format!(
                "So much refers to the image that the index under {tag} would be larger than {LARGEST_MANIFEST} bytes."
            )));
        }
        self.push_manifest(&tag, index, HeaderValue::from_static(INDEX_TYPE)).await.map(|_| ())
    }

    /// A manifest that is listed. None if it is not there, or is not what its digest says: that is nothing of ours.
    pub async fn listed_manifest(&self, digest: &str) -> Result<Option<Vec<u8>>, Failure> {
        let found = self.read_manifest(digest, IMAGE_TYPES, "reading the signatures").await?;
        Ok(found.map(|found| found.body).filter(|body| has_digest(body, digest)))
    }

    /// A bundle. None if it is not there, or is not what its digest says.
    pub async fn bundle(&self, digest: &str) -> Result<Option<Vec<u8>>, Failure> {
        let doing = "reading the signatures";
        let reply = self.read(&format!("blobs/{digest}"), "*/*", bundle::LARGEST, doing).await?;
        match reply.status {
            200 => Ok(Some(reply.body).filter(|body| has_digest(body, digest))),
            404 if reply.is_the_registry_s_own() => Ok(None),
            _ => Err(self.refused(&reply, doing)),
        }
    }

    /// Pushes the blobs, and then the manifest that names them. Says whether the registry says that it lists it.
    pub async fn push_referrer(&self, referrer: &Referrer) -> Result<bool, Failure> {
        for blob in &referrer.blobs {
            self.push_blob(blob).await?;
        }
        let content_type = HeaderValue::from_static(MANIFEST_TYPE);
        let manifest = referrer.manifest.clone();
        let reply = self.push_manifest(&sha256(&manifest), manifest, content_type).await?;
        Ok(reply.header("oci-subject") == Some(self.about().digest()))
    }

    /// The address in the header `Link` (RFC 8288). One that cannot be read may name a page, so that it is never taken for
    /// the end of the list.
    fn next_page(&self, page: &Reply) -> Result<Option<Url>, Failure> {
        let Some(header) = page.header(LINK.as_str()) else { return Ok(None) };
        let target = header.trim().strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let next = target.filter(|(_, parameters)| {
            matches!(parameters.replace(' ', "").as_str(), r#";rel="next""# | ";rel=next")
        });
        let url = next.and_then(|(target, _)| page.url.join(target).ok()).filter(|url| self.is_home(url));
        url.map(Some).ok_or_else(|| self.not_understood(LISTING))
    }
}

/// Whether the registry says that it keeps no list: by a 404, by statuses and an error of older ones, and by a 400, since
/// the image was read with the same rights. The package judges so, too (`pkg/src/registry/replies.ts`).
fn keeps_no_list(reply: &Reply) -> bool {
    let (code, _) = reply.error();
    let is_of_caller = matches!(code.as_str(), "UNAUTHORIZED" | "DENIED" | "TOOMANYREQUESTS");
    let says_so = matches!(reply.status, 400 | 404 | 405 | 406);
    let is_unsupported = (400..500).contains(&reply.status) && code == "UNSUPPORTED";
    reply.is_the_registry_s_own() && !is_of_caller && (says_so || is_unsupported)
}
