//! `cesura health`: whether a server takes calls, for probes without a shell.

use super::connect::Server;
use super::credentials::Credentials;
use super::{Answer, Failure, exit};
use crate::server::srx_file::SrxFile;
use crate::wire::health::HealthCheckRequest;
use crate::wire::health::health_client::HealthClient;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Server to ask
    #[arg(
        long,
        env = "CESURA_ENDPOINT",
        value_name = "URL",
        default_value = "http://127.0.0.1:50051"
    )]
    endpoint: String,

    #[command(flatten)]
    credentials: Credentials,

    /// Service to ask about; empty is the server as a whole
    #[arg(long, default_value = "", value_name = "NAME")]
    service: String,

    /// Time the answer may take
    #[arg(long, value_name = "TIME", default_value = "5s")]
    timeout: humantime::Duration,
}

pub(super) async fn run(args: Args) -> Answer {
    let server = Server { endpoint: Some(args.endpoint), credentials: args.credentials };
    let ask = async {
        let mut client = HealthClient::new(server.channel(SrxFile::default()).await?);
        let request = HealthCheckRequest { service: args.service };
        Ok::<_, Failure>(client.check(request).await?.into_inner())
    };
    let late =
        || Failure::new(exit::UNAVAILABLE, anyhow::anyhow!("no answer within {}", args.timeout));
    let answer =
        tokio::time::timeout(Duration::from(args.timeout), ask).await.map_err(|_| late())??;
    writeln!(io::stdout(), "{}", answer.status().as_str_name())?;
    let serving =
        answer.status() == crate::wire::health::health_check_response::ServingStatus::Serving;
    Ok(ExitCode::from(if serving { 0 } else { exit::NO }))
}
