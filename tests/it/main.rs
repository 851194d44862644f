//! The one integration binary. What needs the shell is behind the feature that builds it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says why"
)]

mod align_gold;
mod align_laws;
mod compare_gold;
mod compare_laws;
mod corpus;
mod detail_laws;
mod exchange_laws;
mod fuzz_regressions;
mod laws;
mod pages;
mod pages_gold;
mod rules;
mod srx;
mod stretches_gold;
mod tidy;
mod uax29;
mod worst_case;

#[cfg(feature = "server")]
mod abuse;
#[cfg(feature = "server")]
mod access;
#[cfg(feature = "server")]
mod admin;
#[cfg(feature = "server")]
mod align_service;
#[cfg(feature = "server")]
mod choices;
#[cfg(feature = "server")]
mod cli;
#[cfg(feature = "server")]
mod codes;
#[cfg(feature = "server")]
mod compare_service;
#[cfg(feature = "server")]
mod config;
#[cfg(feature = "server")]
mod details;
#[cfg(feature = "server")]
mod drain;
#[cfg(feature = "server")]
mod errors;
#[cfg(feature = "server")]
mod exchange_service;
#[cfg(feature = "server")]
mod fairness;
#[cfg(feature = "server")]
mod faults;
#[cfg(feature = "server")]
mod golden;
#[cfg(feature = "server")]
mod grpc;
#[cfg(feature = "server")]
mod grpc_web;
#[cfg(feature = "server")]
mod harness;
#[cfg(feature = "server")]
mod http1;
#[cfg(feature = "server")]
mod lines;
#[cfg(feature = "server")]
mod log;
#[cfg(feature = "server")]
mod observability;
#[cfg(feature = "server")]
mod pressure;
#[cfg(feature = "server")]
mod raw_h2;
#[cfg(feature = "server")]
mod readme;
#[cfg(feature = "server")]
mod report;
#[cfg(feature = "server")]
mod srx_export;
#[cfg(feature = "server")]
mod tls;
#[cfg(feature = "server")]
mod traces;
