//! Sets up what operators see of a server, beside its calls.

use super::admin::Admin;
use super::aside::Aside;
use super::config::{Config, ConfigError};
use super::health::Health;
use super::{Error, SERVICES};
use crate::telemetry::{Telemetry, Tracing};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The telemetry of a server that runs, and the thread that shows it.
#[derive(Debug)]
pub(super) struct Observability {
    pub(super) telemetry: Arc<Telemetry>,
    pub(super) health: Health,
    /// There where something is to be shown or sent; ends with the server.
    _aside: Option<Aside>,
}

impl Observability {
    /// Shows the server on `admin`, if given, and sends traces where the settings say so.
    ///
    /// # Errors
    /// No thread for it, or an endpoint that spans cannot be sent to.
    pub(super) fn start(
        config: &Config,
        admin: Option<TcpListener>,
    ) -> Result<Observability, Error> {
        let mut telemetry = Telemetry::new();
        let wanted = admin.is_some() || config.otlp_endpoint.is_some();
        let aside = wanted.then(Aside::start).transpose()?;
        if let (Some(aside), Some(endpoint)) = (&aside, &config.otlp_endpoint) {
            let _entered = aside.runtime().enter();
            let tracing = Tracing::start(endpoint, config.trace_sampling_ratio, &telemetry.metrics)
                .map_err(|error| ConfigError::new("otlp-endpoint", error.to_string()))?;
            telemetry.tracing = Some(tracing);
        }
        let telemetry = Arc::new(telemetry);
        let health = Health::new(&SERVICES, Arc::clone(&telemetry));
        if let (Some(aside), Some(listener)) = (&aside, admin) {
            let address = listener.local_addr().ok().map(|address| address.to_string());
            tracing::info!(address, "metrics, livez and readyz");
            let (listener, health) = (listener.into_std()?, health.clone());
            let telemetry = Arc::clone(&telemetry);
            aside.runtime().spawn(async move {
                match TcpListener::from_std(listener) {
                    Ok(listener) => Admin { telemetry, health }.serve(listener).await,
                    Err(error) => tracing::error!(error = %error, "no admin endpoint"),
                }
            });
        }
        Ok(Observability { telemetry, health, _aside: aside })
    }

    /// The server is over: the last spans are sent.
    pub(super) async fn stop(self) {
        let Some(tracing) = self.telemetry.tracing.clone() else { return };
        let _ = tokio::task::spawn_blocking(move || tracing.stop()).await;
    }
}

/// The address of the admin endpoint, if it may be that.
pub(super) fn admin_listen(
    address: Option<SocketAddr>,
    public: Option<bool>,
) -> Result<Option<SocketAddr>, ConfigError> {
    match address {
        Some(given) if !given.ip().is_loopback() && !public.unwrap_or(false) => {
            let message = format!(
                "{given} is reachable from outside and asks for no password; give a loopback \
                 address, or say admin-allow-public"
            );
            Err(ConfigError::new("admin-listen", message))
        }
        address => Ok(address),
    }
}

/// The URL of a collector. It stands beside the server or on its own network: plain HTTP/2.
pub(super) fn otlp_endpoint(url: Option<String>) -> Result<Option<String>, ConfigError> {
    let Some(url) = url.filter(|url| !url.is_empty()) else { return Ok(None) };
    let parsed = url.parse::<http::Uri>().ok();
    if parsed.is_some_and(|uri| uri.scheme_str() == Some("http") && uri.host().is_some()) {
        return Ok(Some(url));
    }
    let message = format!("{url} is no address such as http://127.0.0.1:4317");
    Err(ConfigError::new("otlp-endpoint", message))
}

/// The share of calls that are traced.
pub(super) fn ratio(given: Option<f64>) -> Result<Option<f64>, ConfigError> {
    match given {
        Some(given) if !(0.0..=1.0).contains(&given) => {
            Err(ConfigError::new("trace-sampling-ratio", format!("{given} is outside 0 to 1")))
        }
        given => Ok(given),
    }
}
