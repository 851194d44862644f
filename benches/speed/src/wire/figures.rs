//! What rounds say, and tables of it.

use std::time::Duration;

/// One round of one case.
#[derive(Clone, Debug, Default)]
pub struct Round {
    pub seconds: f64,
    /// Processor time of the server, and of the client.
    pub server_seconds: f64,
    pub client_seconds: f64,
    /// Microseconds to the first unit, and to the end, of each call.
    pub first: Vec<f64>,
    pub whole: Vec<f64>,
}

/// What a round carries.
#[derive(Clone, Copy, Debug, Default)]
pub struct Amount {
    pub calls: usize,
    pub documents: usize,
    pub segments: usize,
    pub source_bytes: usize,
}

pub fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

pub fn median(figures: Vec<f64>) -> f64 {
    percentile(figures, 0.5)
}

/// The figure below which that share of all is.
pub fn percentile(mut figures: Vec<f64>, share: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    let at = (figures.len() as f64 * share) as usize;
    figures.get(at.min(figures.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

/// The median over rounds of a figure.
pub fn of_rounds(rounds: &[Round], figure: impl Fn(&Round) -> f64) -> f64 {
    median(rounds.iter().map(figure).collect())
}

/// The median over rounds of what two cases have to do with each other in the same round.
pub fn between(one: &[Round], other: &[Round], figure: impl Fn(&Round, &Round) -> f64) -> f64 {
    median(one.iter().zip(other).map(|(one, other)| figure(one, other)).collect())
}

/// How much passes, and what it costs: one row for each case, `yardstick` among them.
pub fn throughput(cases: &[(&str, Vec<Round>)], amount: Amount, yardstick: usize) {
    println!(
        "| | documents/s | segments/s | MB/s | beside no work | CPU of the server, µs a document | \
         of the client | beside no work |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let Some((_, limit)) = cases.get(yardstick) else { return };
    for (name, rounds) in cases {
        let seconds = of_rounds(rounds, |round| round.seconds);
        let documents = amount.documents as f64;
        let each = |seconds: f64| seconds / documents * 1e6;
        println!(
            "| {name} | {:.0} | {:.0} | {:.1} | {:.2} × | {:.0} | {} | {:.2} × |",
            documents / seconds,
            amount.segments as f64 / seconds,
            amount.source_bytes as f64 / seconds / 1e6,
            between(rounds, limit, |one, limit| limit.seconds / one.seconds),
            each(of_rounds(rounds, |round| round.server_seconds)),
            match of_rounds(rounds, |round| round.client_seconds) {
                0.0 => "–".to_owned(),
                client => format!("{:.0}", each(client)),
            },
            between(rounds, limit, |one, limit| limit.server_seconds / one.server_seconds),
        );
    }
}

/// How long calls take, and how much longer than with the server without work.
pub fn latency(cases: &[(&str, Vec<Round>)], yardstick: usize) {
    let calls: usize =
        cases.first().map_or(0, |(_, rounds)| rounds.iter().map(|round| round.whole.len()).sum());
    println!(
        "| µs, {calls} calls each | first unit p50 | p99 | above no work | whole p50 | p99 | \
         above no work |"
    );
    println!("|---|---|---|---|---|---|---|");
    let Some((_, limit)) = cases.get(yardstick) else { return };
    for (name, rounds) in cases.iter().filter(|(_, rounds)| !rounds[0].whole.is_empty()) {
        let row: [fn(&Round) -> &Vec<f64>; 2] = [|round| &round.first, |round| &round.whole];
        let row = row.map(|of| {
            let all: Vec<f64> = rounds.iter().flat_map(of).copied().collect();
            let above = between(rounds, limit, |one, limit| {
                median(of(one).clone()) - median(of(limit).clone())
            });
            let (p50, p99) = (median(all.clone()), percentile(all, 0.99));
            format!("{p50:.0} | {p99:.0} | {above:+.0}")
        });
        println!("| {name} | {} | {} |", row[0], row[1]);
    }
}
