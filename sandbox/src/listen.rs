//! Addresses to listen on, and what to do when one cannot be had.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

use crate::cli::Options;
use crate::start_error::StartError;

/// Listens; `option` is what the person would change.
pub async fn listen(address: SocketAddr, option: &str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|cause| {
        let what = match cause.kind() {
            io::ErrorKind::AddrInUse => "another program is using it",
            io::ErrorKind::PermissionDenied => "you may not use that port",
            _ => "it is not an address of this machine",
        };
        StartError::because(
            format!(
                "Cannot listen on {address}: {what}. Choose another with {option}; port 0 takes a free one."
            ),
            cause,
        )
    })
}

/// Where a client on this machine finds it; "any address" is none to connect to.
pub fn local_address(listener: &TcpListener) -> Result<SocketAddr, StartError> {
    let reachable = |mut address: SocketAddr| {
        if address.ip().is_unspecified() {
            let is_v4 = address.is_ipv4();
            address.set_ip(if is_v4 { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
        }
        address
    };
    listener
        .local_addr()
        .map(reachable)
        .map_err(|cause| StartError::because("The listening socket has no address.", cause))
}

/// Refuses addresses that other machines reach, unless that is wanted.
pub fn check_loopback(options: &Options) -> Result<(), StartError> {
    let mut addresses = vec![("--listen", options.listen)];
    if options.registry.is_none() {
        addresses.push(("--registry-listen", options.registry_listen));
    }
    for (option, address) in addresses {
        if !address.ip().is_loopback() && !options.allow_remote {
            return Err(StartError::new(format!(
                "{option} {address} can be reached from other machines, and the sandbox is for this one. Use 127.0.0.1, or add --allow-remote if you mean it."
            )));
        }
    }
    Ok(())
}
