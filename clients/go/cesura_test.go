package cesura_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/durationpb"

	cesura "github.com/cesura-nlp/cesura/clients/go"
	"github.com/cesura-nlp/cesura/clients/go/cesurav1"
)

// scripted is a server that says what a test wants to hear.
type scripted struct {
	cesurav1.UnimplementedSegmentationServiceServer
	detect func() (*cesurav1.DetectLanguageResponse, error)
	chunks func(cesurav1.SegmentationService_SegmentChunksServer) error
}

func (s *scripted) DetectLanguage(context.Context, *cesurav1.DetectLanguageRequest) (*cesurav1.DetectLanguageResponse, error) {
	return s.detect()
}

func (s *scripted) SegmentChunks(stream cesurav1.SegmentationService_SegmentChunksServer) error {
	return s.chunks(stream)
}

func dial(t *testing.T, script *scripted) *cesura.Client {
	t.Helper()
	listener := bufconn.Listen(1 << 16)
	server := grpc.NewServer()
	cesurav1.RegisterSegmentationServiceServer(server, script)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	client, err := cesura.Dial("passthrough:script", grpc.WithContextDialer(
		func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func tail() *cesurav1.SegmentChunksResponse {
	event := &cesurav1.DocumentEvent{Event: &cesurav1.DocumentEvent_Tail{Tail: &cesurav1.DocumentTail{}}}
	return &cesurav1.SegmentChunksResponse{Events: []*cesurav1.DocumentEvent{event}}
}

// read takes the whole upload and says whether its end was announced.
func read(stream cesurav1.SegmentationService_SegmentChunksServer) (text string, ended bool, err error) {
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return text, ended, nil
		}
		if err != nil {
			return text, ended, err
		}
		text += string(request.GetChunk())
		ended = ended || request.GetEnd() != nil
	}
}

func TestErrorsHaveReasonFieldsAndFacts(t *testing.T) {
	refused, err := status.New(codes.InvalidArgument, "texts: none").WithDetails(
		&errdetails.ErrorInfo{Reason: "NO_TEXTS", Domain: "cesura.v1", Metadata: map[string]string{"texts_max": "7"}},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "texts", Description: "none"}}},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Second)},
	)
	if err != nil {
		t.Fatal(err)
	}
	client := dial(t, &scripted{detect: func() (*cesurav1.DetectLanguageResponse, error) { return nil, refused.Err() }})
	_, err = client.Segmentation.DetectLanguage(t.Context(), &cesurav1.DetectLanguageRequest{})
	var failed *cesura.Error
	if !errors.As(err, &failed) {
		t.Fatalf("%T is no *cesura.Error", err)
	}
	if failed.Reason != "NO_TEXTS" || failed.Fields[0].Path != "texts" || failed.Facts["texts_max"] != "7" ||
		failed.RetryAfter != time.Second || status.Code(err) != codes.InvalidArgument {
		t.Errorf("%+v", failed)
	}
	if said := err.Error(); said != "cesura: InvalidArgument NO_TEXTS: texts: none" {
		t.Error(said)
	}
}

func TestUnavailableIsTriedAgain(t *testing.T) {
	calls := 0
	client := dial(t, &scripted{detect: func() (*cesurav1.DetectLanguageResponse, error) {
		if calls++; calls < 3 {
			return nil, status.Error(codes.Unavailable, "draining")
		}
		return &cesurav1.DetectLanguageResponse{}, nil
	}})
	if _, err := client.Segmentation.DetectLanguage(t.Context(), &cesurav1.DetectLanguageRequest{}); err != nil || calls != 3 {
		t.Errorf("%d calls: %v", calls, err)
	}
}

func TestCallsHaveADeadline(t *testing.T) {
	client := dial(t, &scripted{detect: func() (*cesurav1.DetectLanguageResponse, error) { return nil, nil }})
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	_, err := client.Segmentation.DetectLanguage(ctx, &cesurav1.DetectLanguageRequest{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestADocumentIsSentWholeWithItsEnd(t *testing.T) {
	long := strings.Repeat("È qui. ", 20_000)
	var text string
	var ended bool
	client := dial(t, &scripted{chunks: func(stream cesurav1.SegmentationService_SegmentChunksServer) (err error) {
		if text, ended, err = read(stream); err != nil {
			return err
		}
		return stream.Send(tail())
	}})
	for _, err := range client.Events(t.Context(), strings.NewReader(long), cesura.Document{}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if text != long || !ended {
		t.Errorf("%d of %d bytes, ended: %t", len(text), len(long), ended)
	}
}

func TestAnAnswerWithoutTailIsNotWhole(t *testing.T) {
	client := dial(t, &scripted{chunks: func(stream cesurav1.SegmentationService_SegmentChunksServer) error {
		_, _, err := read(stream)
		return err
	}})
	var last error
	for _, err := range client.Segments(t.Context(), strings.NewReader("Testo."), cesura.Document{}) {
		last = err
	}
	if !errors.Is(last, cesura.ErrNoTail) {
		t.Error(last)
	}
}

type broken struct{ cause error }

func (b broken) Read([]byte) (int, error) { return 0, b.cause }

func TestAReaderThatFailsCancelsTheCall(t *testing.T) {
	cause := errors.New("disk on fire")
	ended := make(chan bool, 1)
	client := dial(t, &scripted{chunks: func(stream cesurav1.SegmentationService_SegmentChunksServer) error {
		_, end, err := read(stream)
		ended <- end
		return err
	}})
	var last error
	for _, err := range client.Segments(t.Context(), broken{cause}, cesura.Document{}) {
		last = err
	}
	if !errors.Is(last, cause) || <-ended {
		t.Error(last)
	}
}

// TestLive runs against the server at CESURA_ADDRESS, which .ci/clients/go starts.
func TestLive(t *testing.T) {
	address := os.Getenv("CESURA_ADDRESS")
	if address == "" {
		t.Skip("CESURA_ADDRESS is not set")
	}
	client, err := cesura.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var texts []string
	text := "Il dott. Rossi è qui. Poi esce."
	for segment, err := range client.Segments(t.Context(), strings.NewReader(text), cesura.Document{}) {
		if err != nil {
			t.Fatal(err)
		}
		if span := segment.GetSpan(); text[span.GetStart():span.GetEnd()] != segment.GetText() {
			t.Errorf("%v is not %q", span, segment.GetText())
		}
		texts = append(texts, segment.GetText())
	}
	if strings.Join(texts, "|") != "Il dott. Rossi è qui.|Poi esce." {
		t.Error(texts)
	}
	// Leaving the loop cancels the call and nothing else.
	for range client.Segments(t.Context(), strings.NewReader(text), cesura.Document{}) {
		break
	}
	var failed *cesura.Error
	for _, err := range client.Events(t.Context(), strings.NewReader(text), cesura.Document{Charset: "klingon"}) {
		errors.As(err, &failed)
	}
	if failed == nil || failed.Reason != "UNKNOWN_CHARSET" || failed.Fields[0].Path != "start.charset" {
		t.Errorf("%+v", failed)
	}
}
