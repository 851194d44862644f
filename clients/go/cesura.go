// Package cesura is the client of the cesura service, which splits Italian news articles into blocks,
// units and sentences that are ready for translation.
//
// A [Client] is a connection with deadlines, retries and sizes that fit the service. Its fields are
// the generated clients of package cesurav1, for everything the service can do; [Client.Segments]
// and [Client.Events] are for the one thing that takes care to get right by hand, a document read
// from anywhere. Every error is an [*Error] and a gRPC status.
//
// Offsets count bytes of UTF-8 unless a request asks for others: text[span.Start:span.End].
package cesura

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	"github.com/cesura-nlp/cesura/clients/go/cesurav1"
)

// serviceConfig retries what the service says may be retried: UNAVAILABLE, before the first answer.
// The same document gets the same answer, so sending it twice does no harm. Calls whose length is
// the caller's own affair have no deadline here; the server ends them when they fall silent.
const serviceConfig = `{
  "methodConfig": [
    {
      "name": [
        {"service": "cesura.v1.SegmentationService"},
        {"service": "cesura.v1.AlignmentService"},
        {"service": "cesura.v1.ComparisonService"},
        {"service": "cesura.v1.ExchangeService"}
      ],
      "timeout": "120s",
      "retryPolicy": {
        "maxAttempts": 4, "initialBackoff": "0.2s", "maxBackoff": "3s", "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"]
      }
    },
    {
      "name": [
        {"service": "cesura.v1.SegmentationService", "method": "SegmentChunks"},
        {"service": "cesura.v1.SegmentationService", "method": "SegmentDocuments"}
      ],
      "retryPolicy": {
        "maxAttempts": 4, "initialBackoff": "0.2s", "maxBackoff": "3s", "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"]
      }
    }
  ]
}`

// responseBytesMax is twice the longest message that the service sends: a unit is never split, and
// with all explanations it may take 4,000,000 bytes.
const responseBytesMax = 8 << 20

// Client is a connection to the service with a client for each of its parts. It may be used by many
// goroutines.
type Client struct {
	// Segmentation splits documents, detects languages, lists rules and limits.
	Segmentation cesurav1.SegmentationServiceClient
	// Alignment aligns a text with its translation.
	Alignment cesurav1.AlignmentServiceClient
	// Comparison finds what several articles have in common.
	Comparison cesurav1.ComparisonServiceClient
	// Exchange writes XLIFF, TMX and other formats, and puts translations back.
	Exchange cesurav1.ExchangeServiceClient

	connection *grpc.ClientConn
}

// Dial makes a client of the server at target, for example "127.0.0.1:50051". It connects with the
// first call. Calls have a deadline of 120 s unless their context has a nearer one, the chunked and
// the bulk method aside; they are tried four times while the server says UNAVAILABLE.
//
// The connection is in clear text, for the server has no TLS of its own; behind a proxy that has,
// give grpc.WithTransportCredentials. Options go before the defaults.
func Dial(target string, options ...grpc.DialOption) (*Client, error) {
	defaults := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(responseBytesMax)),
		// A connection whose other end is gone is noticed in the middle of a call.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
		grpc.WithChainUnaryInterceptor(typedUnary),
		grpc.WithChainStreamInterceptor(typedStream),
	}
	connection, err := grpc.NewClient(target, append(defaults, options...)...)
	if err != nil {
		return nil, err
	}
	return &Client{
		Segmentation: cesurav1.NewSegmentationServiceClient(connection),
		Alignment:    cesurav1.NewAlignmentServiceClient(connection),
		Comparison:   cesurav1.NewComparisonServiceClient(connection),
		Exchange:     cesurav1.NewExchangeServiceClient(connection),
		connection:   connection,
	}, nil
}

// Close ends the connection and every call on it.
func (c *Client) Close() error {
	return c.connection.Close()
}
