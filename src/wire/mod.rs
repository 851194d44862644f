//! The border: the only place that names generated types.
//!
//! Invariant: `from_proto` refuses everything it does not know with the field's name, `to_proto`
//! cannot fail, and every error becomes a status in [`status`].

pub mod alignment;
mod codec;
pub mod comparison;
mod detail_to_proto;
pub mod export;
pub mod from_proto;
pub mod given_text;
pub mod merge;
mod rules_to_proto;
pub mod status;
mod to_proto;

pub use codec::Codec;
pub use rules_to_proto::rules;
pub use to_proto::{Presenter, detection, server_info};

/// The generated messages, clients and servers of `cesura.v1`.
#[expect(
    clippy::large_enum_variant,
    reason = "events and requests are made and taken apart singly"
)]
pub mod pb {
    tonic::include_proto!("cesura.v1");
}

/// The generated messages and server of `grpc.health.v1`.
pub mod health {
    tonic::include_proto!("grpc.health.v1");
}

/// All methods of both packages, as `package.Service/Method`.
pub fn methods() -> Vec<String> {
    use prost::Message;
    let files =
        prost_types::FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap_or_default().file;
    let mut methods = Vec::new();
    for file in &files {
        for service in &file.service {
            let names = service.method.iter().map(|method| method.name());
            let path = |name| format!("{}.{}/{name}", file.package(), service.name());
            methods.extend(names.map(path));
        }
    }
    methods
}

/// Bytes a message takes on the wire, its frame aside.
pub fn encoded_bytes(message: &impl prost::Message) -> usize {
    message.encoded_len()
}

/// The descriptor set of both packages with everything they import, as server reflection and
/// `grpcurl -protoset` want it.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptor.bin"));
