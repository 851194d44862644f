//! How a person asks for chunks.

use crate::wire::pb;

/// Flags of packing.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Chunks for a model (JSON Lines)")]
pub(super) struct PackingArgs {
    /// Also pack translatable segments into chunks of at most this length
    #[arg(long, value_name = "LENGTH")]
    pack: Option<u32>,

    /// What that length counts
    #[arg(long, value_enum, default_value_t = Unit::Characters, requires = "pack")]
    pack_unit: Unit,

    /// Segments of a chunk that the next one repeats
    #[arg(long, value_name = "SEGMENTS", default_value_t = 0, requires = "pack")]
    pack_overlap: u32,

    /// Segments before and after a chunk whose text goes with it
    #[arg(long, value_name = "SEGMENTS", default_value_t = 0, requires = "pack")]
    pack_context: u32,

    /// Let chunks go over headings
    #[arg(long, requires = "pack")]
    pack_across_sections: bool,

    /// Chunks hold the text repaired for machines
    #[arg(long, requires = "pack")]
    pack_machine_text: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, clap::ValueEnum)]
enum Unit {
    /// Unicode scalar values
    #[default]
    Characters,
    /// Words (UAX #29)
    Words,
    /// Subword tokens, estimated
    Tokens,
}

impl PackingArgs {
    /// The options of a request, if chunks are wanted.
    pub(super) fn options(&self) -> Option<pb::PackingOptions> {
        let unit = match self.pack_unit {
            Unit::Characters => pb::BudgetUnit::Characters,
            Unit::Words => pb::BudgetUnit::Words,
            Unit::Tokens => pb::BudgetUnit::Tokens,
        };
        Some(pb::PackingOptions {
            budget: self.pack?,
            budget_unit: unit.into(),
            overlap_segments: self.pack_overlap,
            context_before_segments: self.pack_context,
            context_after_segments: self.pack_context,
            across_sections: self.pack_across_sections,
            machine_text: self.pack_machine_text,
        })
    }
}
