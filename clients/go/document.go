package cesura

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/cesura-nlp/cesura/clients/go/cesurav1"
)

// chunkBytes is how much of a document goes in one message: well below every limit, and long enough
// that the frames cost nothing.
const chunkBytes = 32 << 10

// ErrNoTail is the error of an answer that ended without its tail: it is not whole.
var ErrNoTail = errors.New("cesura: the answer ended without the tail of the document")

// Document says how a document is read. The zero value is UTF-8 with the defaults of the service.
type Document struct {
	// ID is your own name of the document, at most 512 bytes; the head gives it back.
	ID string
	// Charset is the WHATWG label of its character set, for example windows-1252. Empty: UTF-8.
	Charset string
	// Options are choices for its segmentation.
	Options *cesurav1.SegmentationOptions
}

// Segment is a segment with the unit that it stands in.
type Segment struct {
	*cesurav1.Segment
	// Unit is the block: a headline, a paragraph, …; it says whether it is to be translated.
	Unit *cesurav1.Unit
}

// Events yields what the service says of the document in reader: a head, units and skeletons as soon
// as they are settled, a tail. The document is sent while it is read, whatever its length; leaving
// the loop cancels the call.
//
//	for event, err := range client.Events(ctx, os.Stdin, cesura.Document{}) {
//		if err != nil {
//			return err
//		}
//		fmt.Print(event.GetSkeleton().GetText())
//	}
//
// An error comes last: an [*Error], one of reader, or [ErrNoTail].
func (c *Client) Events(ctx context.Context, reader io.Reader, document Document) iter.Seq2[*cesurav1.DocumentEvent, error] {
	return func(yield func(*cesurav1.DocumentEvent, error) bool) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		stream, err := c.Segmentation.SegmentChunks(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		go func() {
			// Half a document must not look like a whole one: the call is cancelled, not closed.
			if err := send(stream, reader, document); err != nil {
				cancel(err)
			}
		}()
		whole := false
		for {
			response, err := stream.Recv()
			switch {
			case err == io.EOF && whole:
				return
			case err == io.EOF:
				err = ErrNoTail
			case err != nil:
				if cause := context.Cause(ctx); cause != nil && errors.As(cause, new(*readError)) {
					err = cause
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, event := range response.GetEvents() {
				whole = whole || event.GetTail() != nil
				if !yield(event, nil) {
					return
				}
			}
		}
	}
}

// Segments yields the segments of the document in reader, in order, as soon as they are settled. It
// fails as [Client.Events] does.
//
//	for segment, err := range client.Segments(ctx, file, cesura.Document{}) {
//		if err != nil {
//			return err
//		}
//		if segment.Unit.GetTranslatable() {
//			fmt.Println(segment.GetText())
//		}
//	}
func (c *Client) Segments(ctx context.Context, reader io.Reader, document Document) iter.Seq2[Segment, error] {
	return func(yield func(Segment, error) bool) {
		for event, err := range c.Events(ctx, reader, document) {
			if err != nil {
				yield(Segment{}, err)
				return
			}
			unit := event.GetUnit()
			for _, segment := range unit.GetSegments() {
				if !yield(Segment{segment, unit}, nil) {
					return
				}
			}
		}
	}
}

// readError is what reading the document failed with.
type readError struct{ error }

func (e *readError) Error() string { return fmt.Sprintf("cesura: reading the document: %v", e.error) }
func (e *readError) Unwrap() error { return e.error }

type chunks interface {
	Send(*cesurav1.SegmentChunksRequest) error
	CloseSend() error
}

// send sends the whole document. Errors of the stream are left to the one who receives from it,
// which gets the status.
func send(stream chunks, reader io.Reader, document Document) error {
	start := &cesurav1.DocumentStart{
		DocumentId: document.ID, Charset: document.Charset, Options: document.Options,
	}
	request := &cesurav1.SegmentChunksRequest{Item: &cesurav1.SegmentChunksRequest_Start{Start: start}}
	for {
		if stream.Send(request) != nil {
			return nil
		}
		// A message that was sent belongs to gRPC, so each has bytes of its own.
		chunk := make([]byte, chunkBytes)
		count, err := io.ReadFull(reader, chunk)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return &readError{err}
		}
		if count == 0 {
			break
		}
		request = &cesurav1.SegmentChunksRequest{Item: &cesurav1.SegmentChunksRequest_Chunk{Chunk: chunk[:count]}}
	}
	end := &cesurav1.SegmentChunksRequest{Item: &cesurav1.SegmentChunksRequest_End{End: &cesurav1.DocumentEnd{}}}
	if stream.Send(end) == nil {
		_ = stream.CloseSend()
	}
	return nil
}

// Piece is a stretch of a document with what it says.
type Piece interface {
	GetSpan() *cesurav1.Span
	GetText() string
}

// Pieces are the skeleton, or the segments and ignorables, of an event in their order. Those of all
// events, joined, are the document, byte for byte.
func Pieces(event *cesurav1.DocumentEvent) []Piece {
	if skeleton := event.GetSkeleton(); skeleton != nil {
		return []Piece{skeleton}
	}
	var pieces []Piece
	for _, segment := range event.GetUnit().GetSegments() {
		pieces = append(pieces, segment)
	}
	for _, ignorable := range event.GetUnit().GetIgnorables() {
		pieces = append(pieces, ignorable)
	}
	slices.SortFunc(pieces, func(a, b Piece) int {
		return int(a.GetSpan().GetStart()) - int(b.GetSpan().GetStart())
	})
	return pieces
}
