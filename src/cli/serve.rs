//! `cesura serve`.

use super::{Answer, Failure, exit};
use crate::server::config::{ConfigFile, LogFormat, LogLevel};
use crate::server::{self, Config, ConfigLayer};
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

pub(super) fn run(settings: ConfigLayer, file: &ConfigFile) -> Answer {
    let config = Config::load(settings, file.config.as_deref())?;
    log(&config);
    // What a panic says may hold text of a document; where it was is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a fault of the server");
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config))
}

async fn serve(config: Config) -> Answer {
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        let error =
            anyhow::Error::from(error).context(format!("listen: cannot bind {}", config.listen));
        Failure::new(exit::CONFIG, error)
    })?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let shutdown = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // A second signal means now.
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::warn!("second signal: open calls are abandoned");
            std::process::exit(0);
        });
    };
    server::run(config, listener, shutdown)
        .await
        .map_err(|error| Failure::new(exit::CONFIG, anyhow::anyhow!(error)))?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Logs go to standard error; no text of a document is ever logged.
fn log(config: &Config) {
    let level = match config.log_level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    };
    // The transport's own debugging may show headers and frames, never above its own level.
    let filter = tracing_subscriber::EnvFilter::new(level);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !io::stderr().is_terminal(),
    };
    if json {
        builder.json().flatten_event(true).init();
    } else {
        builder.with_ansi(io::stderr().is_terminal()).init();
    }
}
