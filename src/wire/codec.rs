//! prost's codec with one difference: a message that cannot be decoded is the client's fault.
//!
//! Stock tonic answers INTERNAL there; a client reads that as a fault of the server and retries.

use super::status;
use bytes::Buf;
use prost::Message;
use prost::encoding::{WireType, decode_key, decode_varint};
use std::marker::PhantomData;
use tonic::Status;
use tonic::codec::{BufferSettings, DecodeBuf, Decoder};
use tonic_prost::ProstEncoder;

/// Encodes `T`, decodes `U`.
#[derive(Debug)]
pub struct Codec<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for Codec<T, U> {
    fn default() -> Codec<T, U> {
        Codec(PhantomData)
    }
}

impl<T, U> tonic::codec::Codec for Codec<T, U>
where
    T: Message + Send + 'static,
    U: Message + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = ProstEncoder<T>;
    type Decoder = ClientDecoder<U>;

    fn encoder(&mut self) -> Self::Encoder {
        ProstEncoder::default()
    }

    fn decoder(&mut self) -> Self::Decoder {
        ClientDecoder(PhantomData)
    }
}

/// Fields on the first level of a message: an empty document takes two bytes on the wire and a
/// hundred once decoded, so they are counted before.
const FIELDS_PER_MESSAGE_MAX: usize = 100_100;

/// Counts the fields on the first level, up to one more than allowed. What is malformed ends the
/// count; decoding will say so.
fn top_level_fields(mut bytes: &[u8]) -> usize {
    let mut count = 0;
    while count <= FIELDS_PER_MESSAGE_MAX {
        let Ok((_, wire_type)) = decode_key(&mut bytes) else { break };
        let length = match wire_type {
            WireType::Varint => match decode_varint(&mut bytes) {
                Ok(_) => 0,
                Err(_) => break,
            },
            WireType::SixtyFourBit => 8,
            WireType::ThirtyTwoBit => 4,
            WireType::LengthDelimited => match decode_varint(&mut bytes) {
                Ok(length) => length,
                Err(_) => break,
            },
            WireType::StartGroup | WireType::EndGroup => break,
        };
        let rest = usize::try_from(length).ok().and_then(|length| bytes.get(length..));
        count += 1;
        let Some(rest) = rest else { break };
        bytes = rest;
    }
    count
}

/// Decodes what a peer sent.
#[derive(Debug)]
pub struct ClientDecoder<U>(PhantomData<U>);

impl<U: Message + Default> Decoder for ClientDecoder<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        let fields = top_level_fields(bytes.chunk());
        if fields > FIELDS_PER_MESSAGE_MAX {
            return Err(status::too_many_fields(fields, FIELDS_PER_MESSAGE_MAX));
        }
        U::decode(bytes).map(Some).map_err(|error| status::undecodable(&error))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}
