// Command articles segments files, checks that nothing of them is lost, and says what they have in
// common. It exits with 1 where a check fails.
//
//	go run ./examples/articles -address 127.0.0.1:50051 ../../seeds/*.txt
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	cesura "github.com/cesura-nlp/cesura/clients/go"
	"github.com/cesura-nlp/cesura/clients/go/cesurav1"
)

func main() {
	log.SetFlags(0)
	address := flag.String("address", "127.0.0.1:50051", "host and port of the server")
	flag.Parse()
	if err := run(context.Background(), *address, flag.Args()); err != nil {
		var failed *cesura.Error
		if errors.As(err, &failed) {
			log.Printf("reason %s, fields %v", failed.Reason, failed.Fields)
		}
		log.Fatal(err)
	}
}

func run(ctx context.Context, address string, paths []string) error {
	if len(paths) == 0 {
		return errors.New("no files: name the articles to segment")
	}
	client, err := cesura.Dial(address)
	if err != nil {
		return err
	}
	defer client.Close()
	for _, path := range paths {
		if err := segment(ctx, client, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return compare(ctx, client, paths)
}

// segment streams a file to the server and checks the answer while it comes.
func segment(ctx context.Context, client *cesura.Client, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var source strings.Builder
	var joined strings.Builder
	segments, translatable := 0, 0
	document := cesura.Document{ID: filepath.Base(path)}
	for event, err := range client.Events(ctx, io.TeeReader(file, &source), document) {
		if err != nil {
			return err
		}
		for _, piece := range cesura.Pieces(event) {
			if start := piece.GetSpan().GetStart(); int(start) != joined.Len() {
				return fmt.Errorf("a piece begins at %d, not at %d", start, joined.Len())
			}
			joined.WriteString(piece.GetText())
			if end := piece.GetSpan().GetEnd(); int(end) != joined.Len() {
				return fmt.Errorf("a piece ends at %d, not at %d", end, joined.Len())
			}
		}
		segments += len(event.GetUnit().GetSegments())
		if event.GetUnit().GetTranslatable() {
			translatable += len(event.GetUnit().GetSegments())
		}
	}
	if joined.String() != source.String() {
		return errors.New("the pieces, joined, are not the source")
	}
	if segments == 0 {
		return errors.New("no segments")
	}
	fmt.Printf("%s: %d segments, %d to translate, %d bytes back byte for byte\n",
		document.ID, segments, translatable, joined.Len())
	return nil
}

// compare says what the articles have in common, and checks where the server says it stands.
func compare(ctx context.Context, client *cesura.Client, paths []string) error {
	var texts []string
	request := &cesurav1.CompareDocumentsRequest{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		texts = append(texts, string(content))
		document := &cesurav1.SourceDocument{Source: &cesurav1.SourceDocument_Content{Content: content}}
		request.Documents = append(request.Documents,
			&cesurav1.GivenText{Text: &cesurav1.GivenText_Document{Document: document}})
	}
	stream, err := client.Comparison.CompareDocuments(ctx, request)
	if err != nil {
		return err
	}
	groups := 0
	var tail *cesurav1.ComparisonTail
	for {
		response, err := stream.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		for _, event := range response.GetEvents() {
			if event.GetTail() != nil {
				tail = event.GetTail()
			}
			if event.GetGroup() == nil {
				continue
			}
			groups++
			for _, member := range event.GetGroup().GetMembers() {
				span, text := member.GetSpan(), texts[member.GetDocument()]
				if text[span.GetStart():span.GetEnd()] != member.GetText() {
					return fmt.Errorf("group %d: %v does not hold its text", groups, span)
				}
			}
		}
	}
	if tail == nil || int(tail.GetGroupCount()) != groups {
		return fmt.Errorf("%d groups came, the tail says %v", groups, tail)
	}
	fmt.Printf("%d articles have %d groups of segments in common\n", len(paths), groups)
	return nil
}
