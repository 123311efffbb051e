//! Methods and paths of the routes, and which of them a request means.

use axum::http::Method;
use ocisign::{Profile, Routes as OurRoutes};
use serde_json::{Map, Value, json};

use super::paths::RoutePath;
use super::template::Template;
use crate::strict_json::{At, Wrong};

/// What a client does, by the profile's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// All products.
    Products,
    /// One product.
    Product,
    /// A new product.
    CreateProduct,
    /// A new signing request.
    RequestSigning,
    /// All signing requests.
    Signings,
    /// One signing request.
    Signing,
    /// An approval.
    Approve,
    /// A rejection.
    Reject,
}

/// One route of another service.
#[derive(Debug, Clone)]
pub struct Route {
    /// What it does.
    pub name: Name,
    method: Method,
    /// Below the base.
    pub path: RoutePath,
    /// Of a decision: what its body looks like.
    pub body: Option<Template>,
    /// As the shape writes it, for the profile.
    written: Value,
    /// Ours, which a moved route no longer answers at.
    ours: RoutePath,
}

/// All routes of another service.
#[derive(Debug, Clone)]
pub struct Routes(Vec<Route>);

/// What a request means.
pub enum Meaning<'a> {
    /// One of these; their bodies tell them apart. And the id in its path.
    Named(Vec<&'a Route>, &'a str),
    /// A route of ours that stands elsewhere here.
    Moved,
    /// A path of the shape, but with other methods.
    OtherMethod(Vec<&'a Method>),
    /// Something that no shape speaks of.
    Else,
}

impl Name {
    /// All, in the profile's order.
    pub const ALL: [Self; 8] = [
        Self::Products,
        Self::Product,
        Self::CreateProduct,
        Self::RequestSigning,
        Self::Signings,
        Self::Signing,
        Self::Approve,
        Self::Reject,
    ];

    /// As the profile calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Product => "product",
            Self::CreateProduct => "createProduct",
            Self::RequestSigning => "requestSigning",
            Self::Signings => "signings",
            Self::Signing => "signing",
            Self::Approve => "approve",
            Self::Reject => "reject",
        }
    }

    /// The route whose request this is, in our own spelling of it; the path is below the base.
    pub fn of_ours(method: &Method, path: &str) -> Option<Self> {
        let ours = Profile::default().routes;
        let path = path.strip_suffix('/').unwrap_or(path);
        let fits = |name: &Self| {
            (name.our_method() == method || (*method == Method::HEAD && !name.acts()))
                && RoutePath::known(name.our_path(&ours)).find(path).is_some()
        };
        Self::ALL.into_iter().find(fits)
    }

    /// Whether it changes something.
    pub fn acts(self) -> bool {
        matches!(self, Self::CreateProduct | Self::RequestSigning) || self.decides()
    }

    fn decides(self) -> bool {
        matches!(self, Self::Approve | Self::Reject)
    }

    fn has_id(self) -> bool {
        matches!(self, Self::Product | Self::Signing) || self.decides()
    }

    /// Our method.
    pub fn our_method(self) -> Method {
        if self.acts() { Method::POST } else { Method::GET }
    }

    fn our_path(self, ours: &OurRoutes) -> &str {
        match self {
            Self::Products => &ours.products,
            Self::Product => &ours.product,
            Self::CreateProduct => &ours.create_product,
            Self::RequestSigning => &ours.request_signing,
            Self::Signings => &ours.signings,
            Self::Signing => &ours.signing,
            Self::Approve => &ours.approve,
            Self::Reject => &ours.reject,
        }
    }

    /// Our path, with this id.
    pub fn our_path_with(self, id: &str) -> String {
        RoutePath::known(self.our_path(&Profile::default().routes)).with(id)
    }
}

impl Routes {
    /// Reads what differs; what is not named stays.
    pub fn read(at: Option<&At<'_>>) -> Result<Self, Wrong> {
        if let Some(at) = at {
            at.only(&Name::ALL.map(Name::as_str))?;
        }
        let read = |name: Name| Route::read(name, at.and_then(|at| at.field(name.as_str())).as_ref());
        let routes: Vec<_> = Name::ALL.into_iter().map(read).collect::<Result<_, _>>()?;
        for (index, route) in routes.iter().enumerate() {
            if let Some(other) = routes.iter().take(index).find(|other| other.is_also(route)) {
                return Err(Wrong::new(
                    format!(
                        "shape.routes.{} and shape.routes.{} share their method and path, and no body tells them apart.",
                        other.name.as_str(),
                        route.name.as_str()
                    ),
                    "Give one of them another path or method, or decisions bodies that differ in a constant.",
                ));
            }
        }
        Ok(Self(routes))
    }

    /// For the profile; with a slash at the end of each path, where it is needed.
    pub fn written(&self, with_slash: bool) -> Value {
        let written = |route: &Route| {
            let mut written = route.written.clone();
            let path = if written.is_object() { written.get_mut("path") } else { Some(&mut written) };
            if let Some(Value::String(path)) = path
                && with_slash
                && !path.ends_with('/')
            {
                path.push('/');
            }
            (route.name.as_str().to_owned(), written)
        };
        Value::Object(self.0.iter().map(written).collect::<Map<_, _>>())
    }

    /// The route of this name.
    pub fn get(&self, name: Name) -> Option<&Route> {
        self.0.iter().find(|route| route.name == name)
    }

    /// What a request below the base means.
    pub fn meaning<'a>(&'a self, method: &Method, path: &'a str) -> Meaning<'a> {
        let bare = path.strip_suffix('/').unwrap_or(path);
        let fitting = || self.0.iter().filter_map(|route| Some((route, route.path.find(bare)?)));
        let most =
            fitting().filter(|(route, _)| route.takes(method)).map(|(route, _)| route.path.fixed()).max();
        if let Some(most) = most {
            let meant = fitting().filter(|(route, _)| route.takes(method) && route.path.fixed() == most);
            let (routes, ids): (Vec<&Route>, Vec<&str>) = meant.unzip();
            return Meaning::Named(routes, ids.first().copied().unwrap_or_default());
        }
        let is_ours = |route: &&Route| route.ours.find(bare).is_some();
        if self.0.iter().any(|route| is_ours(&route) && route.name.takes_ours(method)) {
            return Meaning::Moved;
        }
        let others: Vec<&Method> = fitting().map(|(route, _)| &route.method).collect();
        if others.is_empty() || self.0.iter().any(|route| is_ours(&route)) {
            return Meaning::Else;
        }
        Meaning::OtherMethod(others)
    }
}

impl Name {
    fn takes_ours(self, method: &Method) -> bool {
        self.our_method() == *method || (*method == Method::HEAD && !self.acts())
    }
}

impl Route {
    fn read(name: Name, at: Option<&At<'_>>) -> Result<Self, Wrong> {
        let our_path = name.our_path(&Profile::default().routes).to_owned();
        let ours = RoutePath::known(&our_path);
        let mut route = Self {
            name,
            method: name.our_method(),
            path: ours.clone(),
            body: None,
            written: json!(our_path),
            ours,
        };
        let Some(at) = at else { return Ok(route) };
        route.written = at.value().clone();
        if !at.value().is_object() {
            route.path = RoutePath::read(at, name.has_id())?;
            return Ok(route);
        }
        at.only(&["method", "path", "body"])?;
        if let Some(path) = at.field("path") {
            route.path = RoutePath::read(&path, name.has_id())?;
        } else if let Some(written) = route.written.as_object_mut() {
            written.insert("path".to_owned(), json!(our_path));
        }
        if let Some(method) = at.field("method") {
            route.method = read_method(name, &method)?;
        }
        if let Some(body) = at.field("body") {
            if !name.decides() {
                return Err(
                    body.wrong("is given, but the body of this route is the reference's", "Leave it out.")
                );
            }
            route.body = Some(Template::read(&body)?);
        }
        Ok(route)
    }

    fn takes(&self, method: &Method) -> bool {
        self.method == *method || (*method == Method::HEAD && self.method == Method::GET)
    }

    /// Whether a request may mean both.
    fn is_also(&self, other: &Self) -> bool {
        let ours = Template::default();
        let bodies_differ = self.name.decides()
            && other.name.decides()
            && self.body.as_ref().unwrap_or(&ours).excludes(other.body.as_ref().unwrap_or(&ours));
        self.method == other.method && self.path.is_as_good_as(&other.path) && !bodies_differ
    }
}

/// What reads stays reading, and what acts stays acting: a client repeats the one and never the other.
fn read_method(name: Name, at: &At<'_>) -> Result<Method, Wrong> {
    let known: &[&'static str] = if name.acts() { &["POST", "PUT", "PATCH"] } else { &["GET"] };
    let text = at.one_of(known)?;
    Method::from_bytes(text.as_bytes()).map_err(|_| at.wrong("is no method", "Use GET."))
}
