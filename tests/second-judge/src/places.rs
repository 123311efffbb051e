//! Where signatures are looked for, and in which order (docs/verify.md, "What is checked", steps 1 and 2).

use crate::{
    case::{Manifest, Registry},
    digest,
    manifest::{self, INDEX, Listed, Role},
    name::Name,
};

/// A manifest that may name signatures.
pub struct Found<'a> {
    pub bytes: &'a [u8],
    /// What the registry calls it; nothing of one in hand.
    pub served: Option<&'a str>,
    pub role: Role,
}

/// What was found, and whether all of it could be read.
pub struct Search<'a> {
    registry: &'a Registry,
    /// The digests that were met in a list.
    met: Vec<String>,
    /// What may hold signatures.
    pub found: Vec<Found<'a>>,
    /// What lists call something else: it is read only as long as the image is not verified.
    pub others: Vec<String>,
    pub is_image_seen: bool,
    pub is_all_seen: bool,
}

impl<'a> Search<'a> {
    /// Looks in every place.
    pub fn of(registry: &'a Registry, image: &'a Name) -> Self {
        let is_image_seen =
            registry.image.as_ref().is_some_and(|it| digest::names(&image.digest, &it.bytes.0));
        let mut search =
            Self { registry, met: vec![], found: vec![], others: vec![], is_image_seen, is_all_seen: true };
        // There is no such tag for sha512: it would be too long.
        if let Some(tag) = registry.tag.as_ref().filter(|_| !image.digest.starts_with("sha512:")) {
            search.found.push(Found { bytes: &tag.bytes.0, served: Some(&tag.kind), role: Role::Tagged });
        }
        search.read_list(registry.referrers.as_ref());
        // Some registries answer with the image itself, as if the tag were its digest.
        let is_list = |it: &&Manifest| !digest::names(&image.digest, &it.bytes.0);
        search.read_list(registry.fallback.as_ref().filter(is_list));
        search
    }

    /// Those that were found in hand.
    pub fn given(registry: &'a Registry, given: impl Iterator<Item = &'a [u8]>) -> Self {
        let found = given.map(|bytes| Found { bytes, served: None, role: Role::Given }).collect();
        Self { registry, met: vec![], found, others: vec![], is_image_seen: true, is_all_seen: true }
    }

    fn read_list(&mut self, list: Option<&'a Manifest>) {
        let Some(Manifest { kind, bytes }) = list else { return };
        let Some(entries) = manifest::listed(&bytes.0).ok().filter(|_| kind == INDEX) else {
            self.is_all_seen = false;
            return;
        };
        // Those that are called signatures come first; each is met once.
        let (others, signatures): (Vec<Listed>, _) = entries.into_iter().partition(|it| it.is_called_other);
        for Listed { digest, is_called_other } in signatures.into_iter().chain(others) {
            if self.met.contains(&digest) {
                continue;
            }
            self.met.push(digest.clone());
            if is_called_other {
                self.others.push(digest);
            } else {
                let found = self.read(&digest, Role::Listed);
                self.found.extend(found);
            }
        }
    }

    /// A manifest by its digest. One that is not there, or is not what its digest says, was not seen.
    pub fn read(&mut self, digest: &str, role: Role) -> Option<Found<'a>> {
        let stored = self.registry.manifests.iter().find(|it| it.digest == digest);
        let right = stored.filter(|it| digest::names(digest, &it.bytes.0));
        self.is_all_seen &= right.is_some();
        right.map(|it| Found { bytes: &it.bytes.0, served: Some(&it.kind), role })
    }
}
