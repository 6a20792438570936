/// Small cassettes of each kind of the VCR family.
enum CassetteSamples {
  static let stream = "data: {\"a\":1}\n\ndata: {\"b\":\"ü\"}\n\n"

  static let vcrpy = """
    interactions:
    - request:
        body: '{"stream":true}'
        headers:
          accept:
          - '*/*'
          content-type:
          - application/json
        method: POST
        uri: https://api.example.com/v1/chat?n=1
      response:
        body:
          string: 'data: {"a":1}


            data: {"b":"ü"}


            '
        headers:
          Content-Type:
          - text/event-stream
          Set-Cookie:
          - a=1
          - b=2
        status:
          code: 200
          message: OK
    - request:
        body: null
        headers: {}
        method: GET
        uri: https://api.example.com/v1/models
      response:
        body:
          string: '[]'
        headers:
          Content-Type:
          - application/json
        status:
          code: 404
          message: Not Found
    version: 1

    """

  static let vcrpyJSON = #"""
    {"version": 1, "interactions": [
    {"request": {"method": "POST", "uri": "https://api.example.com/v1/chat?n=1",
    "body": "{\"stream\":true}", "headers": {"accept": ["*/*"]}},
    "response": {"status": {"code": 200, "message": "OK"},
    "headers": {"Content-Type": ["text/event-stream"], "Set-Cookie": ["a=1", "b=2"]},
    "body": {"string": "data: {\"a\":1}\n\ndata: {\"b\":\"\u00fc\"}\n\n"}}},
    {"request": {"method": "GET", "uri": "https://api.example.com/v1/models", "body": null,
    "headers": {}},
    "response": {"status": {"code": 404, "message": "Not Found"}, "headers": {},
    "body": {"base64_string": "W10="}}}]}
    """#

  static let ruby = """
    ---
    http_interactions:
    - request:
        method: post
        uri: "<API_BASE>/chat/completions"
        body:
          encoding: UTF-8
          string: '{"stream":true}'
        headers:
          Accept:
          - "*/*"
      response:
        status:
          code: 200
          message: OK
        headers:
          Content-Type:
          - text/event-stream
        body:
          encoding: UTF-8
          string: |+
            data: {"a":1}

            data: {"b":"ü"}

        http_version: '1.1'
        adapter_metadata:
          effective_url: https://api.example.com/chat/completions
      recorded_at: Mon, 08 Jun 2026 18:54:35 GMT
    - request:
        method: get
        uri: https://api.example.com/v1/models
        body:
          encoding: US-ASCII
          string: ''
        headers: {}
      response:
        status:
          code: 404
          message:
        headers: {}
        body:
          encoding: ASCII-8BIT
          string: !binary |-
            W10=
        http_version: null
      recorded_at: Mon, 08 Jun 2026 18:54:36 GMT
    recorded_with: VCR 6.4.0

    """

  static let betamax = #"""
    {"http_interactions": [
    {"request": {"body": {"encoding": "utf-8", "base64_string": "eyJzdHJlYW0iOnRydWV9"},
    "headers": {"Accept": ["*/*"]}, "method": "POST",
    "uri": "https://api.example.com/v1/chat"},
    "response": {"body": {"encoding": "utf-8",
    "string": "data: {\"a\":1}\n\ndata: {\"b\":\"ü\"}\n\n"},
    "headers": {"Content-Type": "text/event-stream"},
    "status": {"code": 200, "message": "OK"}, "url": "https://api.example.com/v1/chat"},
    "recorded_at": "2026-06-08T18:54:35"},
    {"request": {"body": {"encoding": "utf-8", "string": ""}, "headers": {}, "method": "GET",
    "uri": "https://api.example.com/v1/models"},
    "response": {"body": {"encoding": null, "base64_string": "W10="}, "headers": {},
    "status": {"code": 404, "message": "Not Found"}, "url": "https://api.example.com/v1/models"},
    "recorded_at": "2026-06-08T18:54:36"}], "recorded_with": "betamax/0.9.0"}
    """#

  static let httpmock = """
    when:
      path: /v1/chat
      method: POST
      query_param:
      - name: n
        value: '1'
      header:
      - name: accept
        value: '*/*'
      body: '{"stream":true}'
    then:
      status: 200
      header:
      - name: content-type
        value: text/event-stream
      body: |+
        data: {"a":1}

        data: {"b":"ü"}

    ---
    when:
      path: /v1/models
      method: GET
    then:
      status: 404
      body_base64: W10=

    """

  static let goVCR = """
    ---
    version: 2
    interactions:
        - id: 0
          request:
            proto: HTTP/1.1
            proto_major: 1
            proto_minor: 1
            content_length: 15
            host: api.example.com
            body: '{"stream":true}'
            form: {}
            headers:
                Accept:
                    - '*/*'
            url: https://api.example.com/v1/chat?n=1
            method: POST
          response:
            proto: HTTP/2.0
            proto_major: 2
            proto_minor: 0
            content_length: -1
            uncompressed: false
            body: |+
                data: {"a":1}

                data: {"b":"ü"}

            headers:
                Content-Type:
                    - text/event-stream
            status: 200 OK
            code: 200
            duration: 1.25s
        - id: 1
          request:
            proto: HTTP/1.1
            body: ""
            form: {}
            headers: {}
            url: https://api.example.com/v1/models
            method: GET
          response:
            proto: HTTP/1.1
            transfer_encoding:
                - chunked
            trailer:
                X-Sum:
                    - "1"
            content_length: -1
            body: '[]'
            headers: {}
            status: 404 Not Found
            code: 404
            duration: 250ms

    """

  static let goVCRJSON = #"""
    {"Version": 2, "Interactions": [
    {"ID": 0, "Request": {"Proto": "HTTP/1.1", "ProtoMajor": 1, "Body": "{\"stream\":true}",
    "Headers": {"Accept": ["*/*"]}, "URL": "https://api.example.com/v1/chat?n=1",
    "Method": "POST"},
    "Response": {"Proto": "HTTP/2.0", "ContentLength": -1, "Uncompressed": false,
    "Body": "data: {\"a\":1}\n\ndata: {\"b\":\"ü\"}\n\n",
    "Headers": {"Content-Type": ["text/event-stream"]}, "Status": "200 OK", "Code": 200,
    "Duration": 1250000000}},
    {"ID": 1, "Request": {"Body": "", "Headers": null,
    "URL": "https://api.example.com/v1/models", "Method": "GET"},
    "Response": {"Proto": "HTTP/1.1", "TransferEncoding": ["chunked"], "Body": "[]",
    "Headers": null, "Status": "404 Not Found", "Code": 404, "Duration": 250000000}}]}
    """#

  /// Each with the name of its format.
  static let all: [(format: String, text: String)] = [
    ("vcrpy", vcrpy), ("vcrpy", vcrpyJSON), ("ruby-vcr", ruby), ("betamax", betamax),
    ("httpmock", httpmock), ("go-vcr", goVCR), ("go-vcr", goVCRJSON),
  ]
}
