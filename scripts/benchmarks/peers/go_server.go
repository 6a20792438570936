// A server such as one writes in an hour, with Go's net/http.
//
//	go_server PORT STREAM.sse GAP_MS
//
// Sends the events of STREAM.sse, one every GAP_MS, by deadlines from the request.
package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"
)

func main() {
	stream, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	ms, err := strconv.ParseFloat(os.Args[3], 64)
	if err != nil {
		log.Fatal(err)
	}
	gap := time.Duration(ms * float64(time.Millisecond))
	events := bytes.SplitAfter(stream, []byte("\n\n"))
	events = events[:len(events)-1] // the nothing behind the last one
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		start := time.Now()
		w.Header().Set("content-type", "text/event-stream")
		w.Header().Set("cache-control", "no-cache")
		for i, event := range events {
			if gap > 0 {
				time.Sleep(time.Until(start.Add(time.Duration(i) * gap)))
			}
			w.Write(event)
			w.(http.Flusher).Flush()
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
