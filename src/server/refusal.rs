//! Refusals that tonic makes before a handler runs, in the codes that clients expect.

use crate::wire::status;
use tonic::body::Body;
use tonic::{Code, Status};

/// Mends the status of a refused call:
/// a message over its limit is RESOURCE_EXHAUSTED, not OUT_OF_RANGE, which none of our own
/// handlers uses; a message that cannot be read or decompressed is the client's fault, not
/// INTERNAL; an unknown method gets a message.
pub(super) fn mend(response: http::Response<Body>) -> http::Response<Body> {
    let Some(refused) = Status::from_header_map(response.headers()) else { return response };
    match refused.code() {
        _ if status::is_of_request_stream(&refused) => {
            status::of_request_stream(refused).into_http()
        }
        Code::Unimplemented if refused.message().is_empty() => {
            let served = super::SERVICES.join(", ");
            Status::unimplemented(format!("unknown method; served here are {served}")).into_http()
        }
        _ => response,
    }
}
