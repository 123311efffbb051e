//! From the command line to two listening ports, and back to silence.

use std::any::Any;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tower_http::catch_panic::CatchPanicLayer;

use crate::api_error::ApiError;
use crate::audit::{Act, Action};
use crate::cli::Options;
use crate::cross_origin::AllowedOrigins;
use crate::data_folder::DataFolder;
use crate::database::{Database, DatabaseError};
use crate::expiry;
use crate::faults::Faults;
use crate::host_check::{self, Hosts};
use crate::image_locks::ImageLocks;
use crate::keys::pkcs11::open_token;
use crate::keys::{self, Keys};
use crate::listen::{check_loopback, listen, local_address};
use crate::oidc::{self, Issuer};
use crate::operating::health::{Health, Pulse};
use crate::operating::{self, log, metrics, observer};
use crate::page_headers::{self, Connections};
use crate::ready::{self, Ready, ReadyRegistry};
use crate::remote::{Clients, Trust};
use crate::sandbox::Sandbox;
use crate::secrets::{open_store, open_tokens};
use crate::serving::{Patience, serve};
use crate::shape::Shape;
use crate::signer::{self, Bell, Signer};
use crate::start_error::StartError;
use crate::start_registry::{Registry, keep_credential, open_registry};
use crate::vault::Vault;
use crate::{api, boundary, directory, page, page_settings, profile};

/// Requests that are being answered when a stop is asked for get so long.
const FAREWELL: Duration = Duration::from_secs(5);

/// Runs the sandbox until SIGINT or SIGTERM.
pub async fn run(options: Options) -> Result<(), StartError> {
    check_customer(&options.customer)?;
    let base = format!("/{}/api/v1", options.customer);
    if options.operating.print_openapi {
        return print_openapi(&base);
    }
    log::start(&options.operating)?;
    metrics::start()?;
    let origins = AllowedOrigins::parse(&options.allow_origin)?;
    let www = page::folder(options.www.clone())?;
    let issuer = oidc::open_issuer(&options.oidc)?.map(Arc::new);
    let shape = options.shape.shape.as_deref().map(Shape::open).transpose()?;
    let directory = directory::open(&options.shape, shape.as_ref())?;
    let profile = profile::profile(shape.as_ref(), directory.as_ref())?;
    check_loopback(&options)?;

    let folder = DataFolder::open(&options.data)?;
    if let Some(path) = &options.ready_file {
        ready::forget(path)?;
    }
    let (database, vault) = open_store(&folder)?;
    let faults = Faults::open(&options.faults);
    let database = database.with_faults(faults.clone());
    let keys = open_keys(&options, &folder, &database, &vault).await?;
    let tokens = open_tokens(&database, &vault, &options).await?;
    let is_silent = shape.as_ref().is_some_and(Shape::is_without_groups);
    let tokens = if is_silent { tokens.without_groups() } else { tokens };
    let listener = listen(options.listen, "--listen").await?;
    let address = local_address(&listener)?;
    let registry = open_registry(&options, &folder, &database, &vault).await?;
    tell_audit(&database, Action::Start, start_details(&options)).await?;
    keep_credential(&database, &vault, &registry).await?;

    let allowed = registry.allowed(&options)?;
    let trust = Trust::read(&options.registries.registry_ca)?;
    let (bell, expiry_bell) = (Bell::default(), Bell::default());
    let sandbox = Arc::new(Sandbox {
        database: database.clone(),
        vault: Arc::clone(&vault),
        keys: Arc::clone(&keys),
        tokens,
        issuer: issuer.clone(),
        directory,
        bell: bell.clone(),
        expiry_bell: expiry_bell.clone(),
        rules: options.rules.clone(),
        profile,
        base,
        hosts: Hosts::new(address, options.allow_remote),
        gives_tokens: !options.allow_remote,
        allowed: allowed.clone(),
        format: options.registries.signature_format,
        faults: faults.clone(),
        embedded_registry: registry.embedded.is_some().then(|| registry.shown()),
    });
    let ready = ready_message(&sandbox, address, registry.shown())?;
    let pulse = Pulse::default();
    let health = Health::new(database.clone(), Arc::clone(&vault), pulse.clone());
    let signer = Arc::new(Signer {
        database: database.clone(),
        vault,
        keys,
        allowed,
        clients: Clients::new(trust),
        renewal: registry.renewal.clone(),
        signs_platforms: options.registries.sign_platforms,
        format: options.registries.signature_format,
        locks: ImageLocks::default(),
        faults,
    });

    let (stop, stopped) = watch::channel(false);
    let (close, closing) = watch::channel(false);
    tokio::spawn(stop_at(handlers(), stop));
    let worker = tokio::spawn(pulse.of(signer::run(signer, bell, stopped.clone())));
    tokio::spawn(expiry::run(database.clone(), expiry_bell, stopped.clone()));
    tokio::spawn(close_after(worker, stopped, close));
    let page_origins = if www.is_some() { sandbox.hosts.origins() } else { vec![] };
    let settings = page_settings::settings(&sandbox.base, &sandbox.profile, &registry, &options.oidc);
    let page = page_router(www.as_deref(), settings, &registry, issuer)
        .merge(observer::note_routes(operating::router(health)));
    let patience = Patience::default();
    let main =
        serve(listener, origins.apply(main_router(sandbox, page, shape.as_ref())), patience, closing.clone());
    let side = serve_registry(registry.embedded, origins.and_readers(&page_origins), closing.clone());
    let servers = tokio::spawn(async move { tokio::try_join!(main, side) });
    announce(&ready, &options)?;
    let outcome = until_silent(servers, closing).await;
    tell_audit(&database, Action::Stop, json!({})).await?;
    if let Some(path) = &options.ready_file {
        ready::forget(path)?;
    }
    outcome
}

fn print_openapi(base: &str) -> Result<(), StartError> {
    let text = api::description::document(base).to_pretty_json().map_err(|cause| {
        StartError::because("The description cannot be written. Please report it.", cause)
    })?;
    // Nobody may be listening any more, as in `ocisign-sandbox --print-openapi | head`.
    let _ = io::Write::write_all(&mut io::stdout(), format!("{text}\n").as_bytes());
    Ok(())
}

async fn open_keys(
    options: &Options,
    folder: &DataFolder,
    database: &Database,
    vault: &Arc<Vault>,
) -> Result<Arc<Keys>, StartError> {
    let token = open_token(&options.token, folder, vault)?;
    let keys = Keys::new(database.clone(), Arc::clone(vault), token);
    let looked_after = async {
        keys::tidy(database, &keys).await?;
        keys::adopt(database, &keys).await
    };
    looked_after.await.map_err(|cause| {
        StartError::because("The keys in the store cannot be read. Start with an empty data folder.", cause)
    })?;
    Ok(Arc::new(keys))
}

fn start_details(options: &Options) -> Value {
    json!({ "version": env!("CARGO_PKG_VERSION"), "rules": options.rules.shown() })
}

async fn tell_audit(database: &Database, action: Action, details: Value) -> Result<(), StartError> {
    let told = database
        .transact(move |store| Ok::<_, DatabaseError>(Act::new(action).details(details).record(store)?));
    told.await.map_err(|cause| {
        StartError::because("The audit log cannot be written. Check the disk of the data folder.", cause)
    })
}

fn check_customer(customer: &str) -> Result<(), StartError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !customer.is_empty() && customer.bytes().all(plain) {
        return Ok(());
    }
    Err(StartError::new(format!(
        "--customer {customer:?} is not usable in a path. Use letters, digits, - and _."
    )))
}

fn page_router(
    www: Option<&Path>,
    settings: Value,
    registry: &Registry,
    issuer: Option<Arc<Issuer>>,
) -> Router {
    let files = page::router(www).merge(page::settings_file(settings));
    page_headers::for_page(files, Connections { registry: registry.named.url(), issuer })
}

fn main_router(sandbox: Arc<Sandbox>, page: Router, shape: Option<&Shape>) -> Router {
    let hosts = Arc::new(sandbox.hosts.clone());
    let no_store = page_headers::default_header(header::CACHE_CONTROL, "no-store");
    let api = observer::note_routes(api::router(Arc::clone(&sandbox))).layer(no_store);
    let router = boundary::around(page.merge(api), &sandbox, shape)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(hosts, host_check::guard));
    observer::observe(page::mark(page_headers::harden(router)), "api")
}

fn panicked(_cause: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request handler panicked");
    ApiError::internal().into_response()
}

async fn serve_registry(
    embedded: Option<(TcpListener, Router)>,
    origins: AllowedOrigins,
    closing: watch::Receiver<bool>,
) -> io::Result<()> {
    let Some((listener, router)) = embedded else {
        return Ok(());
    };
    let router = observer::observe(observer::note_routes(page::mark(router)), "registry");
    serve(listener, origins.apply(router), Patience::default(), closing).await
}

fn ready_message(
    sandbox: &Sandbox,
    address: SocketAddr,
    registry: ReadyRegistry,
) -> Result<Ready, StartError> {
    let people = sandbox.tokens.for_everyone().map_err(|cause| {
        StartError::because("The key for tokens is damaged. Start with an empty data folder.", cause)
    })?;
    Ok(Ready {
        url: format!("http://{address}/"),
        base: format!("http://{address}{}", sandbox.base),
        registry,
        people,
    })
}

fn announce(ready: &Ready, options: &Options) -> Result<(), StartError> {
    if let Some(path) = &options.ready_file {
        ready.write(path)?;
    }
    ready.print(options.print_tokens);
    Ok(())
}

/// Those of SIGINT and SIGTERM. They are there before anybody is told that everything listens: who stops the sandbox
/// right then, stops it cleanly.
fn handlers() -> Option<(Signal, Signal)> {
    signal(SignalKind::interrupt()).ok().zip(signal(SignalKind::terminate()).ok())
}

async fn stop_at(handlers: Option<(Signal, Signal)>, stop: watch::Sender<bool>) {
    let Some((mut interrupt, mut terminate)) = handlers else {
        // Without handlers the signals end the process at once, which loses nothing either.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    let _ = stop.send(true);
}

/// The servers close after the worker: it would take the end of the registry for a failure of the registry.
async fn close_after(worker: JoinHandle<()>, mut stopped: watch::Receiver<bool>, close: watch::Sender<bool>) {
    let _ = worker.await;
    // A worker that ended otherwise has panicked; what can be read without it is still served.
    let _ = stopped.wait_for(|stop| *stop).await;
    let _ = close.send(true);
}

/// Waits for the servers' end: once they close not longer than a farewell takes.
async fn until_silent<T>(
    servers: JoinHandle<io::Result<T>>,
    mut closing: watch::Receiver<bool>,
) -> Result<(), StartError> {
    let farewell = async {
        let _ = closing.wait_for(|close| *close).await;
        sleep(FAREWELL).await;
    };
    tokio::select! {
        ended = servers => match ended {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(cause)) => Err(StartError::because("The server broke off. Start it again.", cause)),
            Err(cause) => Err(StartError::because("The server broke off. Start it again.", cause)),
        },
        () = farewell => Ok(()),
    }
}
