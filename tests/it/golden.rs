//! Goldens: the whole answer to each seed as JSON Lines, and the surface of the wire.
//!
//! `UPDATE_GOLDEN=1 cargo test golden` renews them; read the difference before you commit it.

use crate::pages::seeds;
use cesura::export::jsonl;
use cesura::pack::{BudgetUnit, Packing};
use cesura::wire::{FILE_DESCRIPTOR_SET, Presenter, from_proto::Presentation};
use cesura::{Details, Limits, Options, Segmenter};
use prost::Message;
use std::fs;
use std::path::PathBuf;

fn golden(name: &str, found: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, found).expect("the golden can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let differs = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(
        expected == found,
        "{name} differs, first at line {:?}; UPDATE_GOLDEN=1 renews it",
        differs.map(|line| line + 1)
    );
}

#[test]
fn seeds_are_answered_as_ever() {
    for (name, text) in seeds() {
        let packing = Packing {
            budget: 120,
            unit: BudgetUnit::Tokens,
            overlap_segments: 1,
            context_before_segments: 1,
            context_after_segments: 1,
            across_sections: false,
            normal: false,
        };
        let options = Options {
            explain: true,
            details: Details::ALL,
            packing: Some(packing),
            replaced: Some(false),
            ..Options::default()
        };
        let presentation = Presentation { explain: true, packs: true, ..Presentation::default() };
        let mut segmenter = Segmenter::new(options, Limits::default());
        segmenter.push(text.as_bytes()).expect("a seed is small");
        segmenter.finish().expect("a seed is whole");
        let mut presenter = Presenter::new(presentation, name.clone());
        let mut lines = Vec::new();
        while let Some(event) = segmenter.next_event() {
            jsonl::write(&mut lines, &presenter.event(event)).expect("memory can be written");
        }
        golden(&format!("{name}.jsonl"), &String::from_utf8(lines).expect("JSON is UTF-8"));
    }
}

/// Every name, number and type of the API, one a line: what `buf breaking` would compare.
#[test]
fn the_wire_is_as_ever() {
    let set =
        prost_types::FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("a descriptor set");
    let mut lines = Vec::new();
    for file in set.file.iter().filter(|file| file.package() == "cesura.v1") {
        for message in &file.message_type {
            for field in &message.field {
                let kind =
                    format!("{:?} {:?} {}", field.label(), field.r#type(), field.type_name());
                lines.push(format!(
                    "{}.{} = {} {}",
                    message.name(),
                    field.name(),
                    field.number(),
                    kind.trim_end()
                ));
            }
        }
        for kind in &file.enum_type {
            let values = kind.value.iter();
            lines.extend(
                values
                    .map(|value| format!("{}.{} = {}", kind.name(), value.name(), value.number())),
            );
        }
        for service in &file.service {
            for method in &service.method {
                lines.push(format!(
                    "{}.{} {}{} -> {}{}",
                    service.name(),
                    method.name(),
                    if method.client_streaming() { "stream " } else { "" },
                    method.input_type(),
                    if method.server_streaming() { "stream " } else { "" },
                    method.output_type()
                ));
            }
        }
    }
    lines.sort();
    golden("descriptor.txt", &(lines.join("\n") + "\n"));
}
