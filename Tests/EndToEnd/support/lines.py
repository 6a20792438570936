"""The lines of a cassette."""

HEADER = '{"tapedeck":1}\n'
REQUEST = '[0,"q",{"id":"a","at":"2026-11-22T11:00:00Z","method":"POST","url":"http://x/v1"}]\n'
HEAD = '[1,"h",{"status":200,"http":"1.1","framing":"chunked","headers":[["content-type","text/event-stream"]]}]\n'
END = '[1,"e",{"how":"complete"}]\n'
