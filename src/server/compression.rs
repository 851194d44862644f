//! Whether answers are compressed: as the request is, which is what gRPC takes for granted.
//!
//! tonic compresses what it sends wherever the client could read it, and nearly every client says
//! that it could: grpcio, Java and grpc-js do unasked. To compress the answer to an article costs
//! more than to make it, and saves little on a message of a few KB. A client to which the network
//! is dearer than the processor says so by compressing its own messages.

use http::Request;
use tonic::body::Body;

/// How the messages of a request are compressed.
const ENCODING: &str = "grpc-encoding";

/// How those of its answer may be.
const ACCEPTED: &str = "grpc-accept-encoding";

/// A call whose answer is not compressed where its request is not.
pub(super) fn as_its_request(mut request: Request<Body>) -> Request<Body> {
    let plain = request.headers().get(ENCODING).is_none_or(|encoding| encoding == "identity");
    if plain {
        request.headers_mut().remove(ACCEPTED);
    }
    request
}
