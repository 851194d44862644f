package cesura

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is what a call failed with. Every call on a [Client] gives its errors this type:
//
//	var failed *cesura.Error
//	if errors.As(err, &failed) && failed.Reason == "DOCUMENT_TOO_LARGE" {
//		…
//	}
type Error struct {
	// Code is the gRPC code.
	Code codes.Code
	// Reason is stable and for programs, for example UNKNOWN_CHARSET. Empty where the server said
	// none, as for errors of the connection.
	Reason string
	// Message says what was given and what is allowed. It never holds text of a document.
	Message string
	// Fields are the fields of the request that are wrong, for example document.charset.
	Fields []Field
	// Facts are the numbers of the message, for programs.
	Facts map[string]string
	// RetryAfter is how long to wait before the call is worth another try; 0: it is not.
	RetryAfter time.Duration

	status *status.Status
}

// Field is one field of a request that is wrong.
type Field struct {
	// Path is where it stands, for example options.no_break_forms[2].
	Path string
	// Description says what is wrong with it.
	Description string
}

// Error says code, reason and message.
func (e *Error) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("cesura: %s: %s", e.Code, e.Message)
	}
	return fmt.Sprintf("cesura: %s %s: %s", e.Code, e.Reason, e.Message)
}

// GRPCStatus is the status as it came, for google.golang.org/grpc/status.
func (e *Error) GRPCStatus() *status.Status {
	return e.status
}

// Is makes errors.Is know context.Canceled and context.DeadlineExceeded.
func (e *Error) Is(target error) bool {
	return e.Code == codes.Canceled && target == context.Canceled ||
		e.Code == codes.DeadlineExceeded && target == context.DeadlineExceeded
}

// FromStatus reads the status of a document that failed inside SegmentDocuments, or any other.
// It is nil where the status is nil or OK.
func FromStatus(failed *status.Status) *Error {
	if failed.Code() == codes.OK {
		return nil
	}
	read := &Error{Code: failed.Code(), Message: failed.Message(), status: failed}
	for _, detail := range failed.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			read.Reason, read.Facts = detail.GetReason(), detail.GetMetadata()
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				read.Fields = append(read.Fields, Field{violation.GetField(), violation.GetDescription()})
			}
		case *errdetails.RetryInfo:
			read.RetryAfter = detail.GetRetryDelay().AsDuration()
		}
	}
	return read
}

// typed gives an error of gRPC its type; io.EOF is the end of a stream and no error.
func typed(err error) error {
	var already *Error
	if err == nil || err == io.EOF || errors.As(err, &already) {
		return err
	}
	failed, ok := status.FromError(err)
	if !ok {
		return err
	}
	return FromStatus(failed)
}

func typedUnary(
	ctx context.Context, method string, request, reply any,
	connection *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	return typed(invoke(ctx, method, request, reply, connection, options...))
}

func typedStream(
	ctx context.Context, description *grpc.StreamDesc,
	connection *grpc.ClientConn, method string, stream grpc.Streamer, options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	opened, err := stream(ctx, description, connection, method, options...)
	if err != nil {
		return nil, typed(err)
	}
	return typedClientStream{opened}, nil
}

type typedClientStream struct{ grpc.ClientStream }

func (s typedClientStream) RecvMsg(message any) error { return typed(s.ClientStream.RecvMsg(message)) }
func (s typedClientStream) SendMsg(message any) error { return typed(s.ClientStream.SendMsg(message)) }
func (s typedClientStream) CloseSend() error          { return typed(s.ClientStream.CloseSend()) }
