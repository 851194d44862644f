//! The command line: verbs that a person expects.

mod align;
mod bulk;
mod choices;
mod compare;
mod connect;
mod credentials;
mod detect;
mod eval;
mod eval_alignment;
mod eval_comparison;
mod eval_language;
mod explain;
mod export;
mod health;
mod input;
mod lines;
mod merge;
mod packing;
mod rules;
mod segment;
mod segment_corpus;
mod serve;
mod table;

use crate::server::config::{ConfigError, ConfigFile};
use crate::server::{Config, ConfigLayer};
use clap::{CommandFactory, Parser, Subcommand};
use std::io::{self, Write};
use std::process::ExitCode;

/// Exit codes, beside 0 for success and 2, clap's own, for a command line that makes no sense.
mod exit {
    /// The answer is no: not serving, an example that fails.
    pub(super) const NO: u8 = 1;
    /// Flags that do not go together; clap's own code.
    pub(super) const USAGE: u8 = 2;
    /// A setting that is not allowed (EX_USAGE of sysexits).
    pub(super) const CONFIG: u8 = 64;
    /// Input that cannot be read or segmented (EX_DATAERR).
    pub(super) const INPUT: u8 = 65;
    /// The server cannot be reached, or did not answer (EX_UNAVAILABLE).
    pub(super) const UNAVAILABLE: u8 = 69;
    /// The server does not let this caller do it (EX_NOPERM).
    pub(super) const REFUSED: u8 = 77;
}

/// Splits Italian news articles into units and segments that are ready for translation.
#[derive(Debug, Parser)]
#[command(
    name = "cesura",
    version,
    about,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 done; 1 the answer is no; 2 wrong usage; 64 wrong setting; 65 bad \
                  input; 69 server not reachable; 77 refused by the server.\n\nFirst steps: cesura \
                  segment article.txt; cesura explain article.txt; cesura serve"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the gRPC server until SIGTERM or SIGINT
    Serve {
        #[command(flatten)]
        file: ConfigFile,
        #[command(flatten)]
        settings: Box<ConfigLayer>,
    },
    /// Check the settings and print them, without serving
    CheckConfig {
        #[command(flatten)]
        file: ConfigFile,
        #[command(flatten)]
        settings: Box<ConfigLayer>,
    },
    /// Split files into units and segments and print them
    Segment(segment::Args),
    /// Split texts into sentences, one a line: for pipelines and corpora
    Lines(lines::Args),
    /// Find which segments of a translation translate which segments of its source
    Align(align::Args),
    /// Find what several articles have in common
    Compare(compare::Args),
    /// Write a file, or an alignment, in a format of other tools: XLIFF, TMX, plain lines …
    Export(export::Args),
    /// Put a translation in the place of its source, layout and all
    Merge(merge::Args),
    /// Tell the language of files or lines
    Detect(detect::Args),
    /// Show every place where a sentence may end, with the rule that decided it
    Explain(explain::Args),
    /// List the rules, or run their examples
    Rules(rules::Args),
    /// Ask a server whether it takes calls
    Health(health::Args),
    /// Answer the evaluation protocols: JSON lines in, JSON lines out
    #[command(subcommand)]
    Eval(eval::Eval),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page in roff, for man -l -
    Man,
    /// Print the descriptor set of the API, for grpcurl -protoset and Envoy
    Descriptor,
}

/// What ended a command early, with the exit code that says so.
#[derive(Debug)]
struct Failure {
    code: u8,
    error: anyhow::Error,
}

impl Failure {
    fn new(code: u8, error: impl Into<anyhow::Error>) -> Failure {
        Failure { code, error: error.into() }
    }
}

impl Failure {
    /// Says on standard error what went wrong; gives the exit code.
    fn tell(self) -> ExitCode {
        // Nothing is left to tell of a standard error that cannot be written to.
        let _ = writeln!(io::stderr(), "cesura: {:#}", self.error);
        ExitCode::from(self.code)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Failure {
        Failure::new(exit::CONFIG, error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::new(exit::INPUT, error)
    }
}

impl From<tonic::Status> for Failure {
    fn from(status: tonic::Status) -> Failure {
        // What the transport fails with, a certificate that is refused, has no code of its own.
        let transport = std::error::Error::source(&status)
            .and_then(|source| source.downcast_ref::<tonic::transport::Error>());
        let unreachable = transport.is_some()
            || matches!(
                status.code(),
                tonic::Code::Unavailable
                    | tonic::Code::ResourceExhausted
                    | tonic::Code::DeadlineExceeded
            );
        let code = match status.code() {
            _ if unreachable => exit::UNAVAILABLE,
            tonic::Code::Unauthenticated | tonic::Code::PermissionDenied => exit::REFUSED,
            _ => exit::INPUT,
        };
        let mut said = format!("{:?}: {}", status.code(), status.message());
        let mut cause = transport.and_then(std::error::Error::source);
        while let Some(error) = cause {
            said.push_str(&format!(": {error}"));
            cause = error.source();
        }
        Failure::new(code, anyhow::Error::msg(said))
    }
}

/// What a command answers.
type Answer = Result<ExitCode, Failure>;

/// Reads the command line, does what it says, and gives back the exit code.
pub fn run() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return usage(&error),
    };
    let answer = match command {
        Command::Serve { file, settings } => serve::run(*settings, &file),
        Command::CheckConfig { file, settings } => check_config(*settings, &file),
        Command::Segment(args) => wait_for(segment::run(args)),
        Command::Lines(args) => lines::run(&args),
        Command::Align(args) => wait_for(align::run(args)),
        Command::Compare(args) => wait_for(compare::run(args)),
        Command::Export(args) => wait_for(export::run(args)),
        Command::Merge(args) => wait_for(merge::run(args)),
        Command::Detect(args) => wait_for(detect::run(args)),
        Command::Explain(args) => explain::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Health(args) => wait_for(health::run(args)),
        Command::Eval(eval) => eval::run(&eval),
        Command::Completions { shell } => completions(shell),
        Command::Man => man(),
        Command::Descriptor => descriptor(),
    };
    match answer {
        Ok(code) => code,
        // A reader that has seen enough (`| head`) is no error.
        Err(failure) if is_broken_pipe(&failure.error) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

/// Help and version are no errors; a value that is none for a setting of the server is a wrong
/// setting, everything else wrong usage.
fn usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    // Nothing is left to tell of an output that cannot be written to.
    let _ = error.print();
    let serves =
        std::env::args().nth(1).is_some_and(|verb| verb == "serve" || verb == "check-config");
    let value = matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue);
    match error.exit_code() {
        0 => ExitCode::SUCCESS,
        _ if serves && value => ExitCode::from(exit::CONFIG),
        _ => ExitCode::from(2),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let in_json =
            cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        kind.or(in_json) == Some(io::ErrorKind::BrokenPipe)
    })
}

/// Runs a client command on a small runtime.
fn wait_for(work: impl Future<Output = Answer>) -> Answer {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(Failure::from)?;
    let answer = runtime.block_on(work);
    // A read of standard input that nobody waits for any more must not hold the process.
    runtime.shutdown_background();
    answer
}

fn check_config(settings: ConfigLayer, file: &ConfigFile) -> Answer {
    let config = Config::load(settings, file.config.as_deref())?;
    writeln!(io::stdout(), "{config:#?}")?;
    Ok(ExitCode::SUCCESS)
}

fn completions(shell: clap_complete::Shell) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "cesura", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

fn man() -> Answer {
    clap_mangen::Man::new(Cli::command()).render(&mut io::stdout())?;
    Ok(ExitCode::SUCCESS)
}

fn descriptor() -> Answer {
    io::stdout().write_all(crate::wire::FILE_DESCRIPTOR_SET)?;
    Ok(ExitCode::SUCCESS)
}

/// The command line, for the tests that read its help.
pub fn command() -> clap::Command {
    Cli::command()
}
