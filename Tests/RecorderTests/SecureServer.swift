import Libc

/// A child process that answers over TLS, as HTTP/2 where the client takes it, by the path that is
/// asked for.
final class SecureServer: Sendable {
  /// The server of all tests; it leaves with the process that they run in.
  static let shared = Result { try SecureServer() }

  /// Whether the programs that it needs are there.
  static let isAvailable =
    run("openssl version >/dev/null 2>&1 && python3 -c 'import ssl' >/dev/null 2>&1") == 0

  let port: Int
  /// The path of the certificate, which signs itself.
  let certificate: String
  private let life: Int32

  /// Makes a certificate, starts the server, and waits until it listens.
  private init() throws {
    var template = Array("/tmp/recorder-tests-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SocketError("mkdtemp") }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    certificate = folder + "/cert.pem"
    let made = Self.run(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        + " -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
        + " -keyout \(folder)/key.pem -out \(certificate) 2>/dev/null && mkfifo \(folder)/life")
    guard made == 0, let script = fopen(folder + "/server.py", "w") else {
      throw SocketError("openssl")
    }
    fputs(Self.program, script)
    fclose(script)
    guard let output = popen("exec python3 \(folder)/server.py \(folder) <\(folder)/life", "r")
    else {
      throw SocketError("popen")
    }
    // Never closed but by the end of the process: the server reads the other end, and leaves then.
    life = open(folder + "/life", O_WRONLY | O_CLOEXEC)
    guard life >= 0 else { throw SocketError("open") }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, output) != nil else { throw SocketError("python3") }
    let digits = line.prefix { $0 >= 0x30 && $0 <= 0x39 }.map { UInt8(bitPattern: $0) }
    port = Int(String(decoding: digits, as: UTF8.self)) ?? 0
  }

  func url(_ path: String) -> String { "https://127.0.0.1:\(port)\(path)" }

  /// Lets the answer of that name go on where it waits for the client to have read.
  func proceed(_ name: String) {
    let line = Array("\(name)\n".utf8)
    write(life, line, line.count)
  }

  private static func run(_ command: String) -> Int32 { system(command) }

  /// HTTP/2 by hand, so that a stream can be cut in any place. (RFC 9113)
  private static let program = #"""
    import os, shutil, socket, ssl, struct, sys, threading, time
    # The sockets of other tests that came along would keep their connections from closing.
    os.closerange(3, 65536)
    folder = sys.argv[1]
    signals = {}
    lock = threading.Lock()
    def signal(name):
        with lock:
            if name not in signals: signals[name] = threading.Semaphore(0)
            return signals[name]
    asked = {}
    def first(path):
        with lock:
            asked[path] = asked.get(path, 0) + 1
            return asked[path] % 2 == 1
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + '/cert.pem', folder + '/key.pem')
    context.set_alpn_protocols(['h2', 'http/1.1'])
    def fields(pairs):
        text = b''
        for name, value in pairs:
            if (name, value) == (':status', '200'): text += b'\x88'
            else: text += b'\x00' + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
        return text
    def frame(kind, flags, stream, payload=b''):
        return struct.pack('>I', len(payload))[1:] + bytes([kind, flags]) + struct.pack('>I', stream) + payload
    def exactly(connection, count):
        text = b''
        while len(text) < count:
            more = connection.recv(count - len(text))
            if not more: raise OSError('left')
            text += more
        return text
    def drop(connection, reset=False):
        if reset: connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        os.close(connection.detach())
    def hold(connection):
        while connection.recv(4096): pass
    def plain(connection):
        text = b''
        while b'\r\n\r\n' not in text: text += connection.recv(65536)
        path = text.split(b' ')[1].decode()
        framing = 'connection: close' if path == '/eof' else 'transfer-encoding: chunked'
        connection.sendall(f'HTTP/1.1 200 OK\r\n{framing}\r\n\r\n'.encode())
        connection.sendall(b'hello' if path == '/eof' else b'5\r\nhello\r\n')
        if path == '/well': connection.sendall(b'0\r\n\r\n')
        if path == '/close-notify': connection.unwrap()
        if path == '/reset': signal(path).acquire(); return drop(connection, True)
        drop(connection)
    def second(connection):
        exactly(connection, 24)
        connection.sendall(frame(4, 0, 0))
        fields_block = b''
        stream = 0
        while not stream:
            head = exactly(connection, 9)
            payload = exactly(connection, int.from_bytes(head[:3], 'big'))
            if head[3] == 1: fields_block = payload
            if head[3] in (0, 1) and head[4] & 1: stream = int.from_bytes(head[5:], 'big')
        path = next(p for p in ('/well', '/trailers', '/reset', '/cut', '/goaway', '/refused', '/quiet', '/padding', '/oversized', '/garbage', '/push', '/again', '/left') if huffman(p) in fields_block or p.encode() in fields_block)
        if path == '/refused':
            connection.sendall(frame(3, 0, stream, struct.pack('>I', 7)))
            return hold(connection)
        # Each second time it is answered.
        if path == '/again' and first(path):
            connection.sendall(frame(3, 0, stream, struct.pack('>I', 7)))
            return hold(connection)
        if path == '/left':
            connection.sendall(frame(7, 0, 0, struct.pack('>II', stream, 0)))
            return drop(connection)
        connection.sendall(frame(1, 4, stream, fields([(':status', '200'), ('content-type', 'text/event-stream')])))
        for text in (b'data: a\n\n', b'data: b\n\n'):
            connection.sendall(frame(0, 0, stream, text))
            signal('2' + path).acquire()
            time.sleep(0.05)
        connection.sendall(frame(0, 0, stream, b'c') + frame(0, 0, stream, b'd'))
        if path in ('/well', '/again'): connection.sendall(frame(0, 1, stream))
        if path == '/trailers': connection.sendall(frame(1, 5, stream, fields([('x-sum', '1')])))
        if path == '/reset': connection.sendall(frame(3, 0, stream, struct.pack('>I', 2)))
        if path == '/goaway': connection.sendall(frame(7, 0, 0, struct.pack('>II', 0, 2)))
        if path == '/quiet': connection.sendall(frame(3, 0, stream, struct.pack('>I', 0)))
        if path == '/padding': connection.sendall(frame(0, 8, stream, b'\xffx'))
        if path == '/oversized': connection.sendall(frame(0, 1, stream, b'x' * 20000))
        if path == '/garbage': connection.sendall(b'HTTP/1.1 500 x\r\n\r\n' * 4)
        if path == '/push': connection.sendall(frame(1, 4, stream + 1, fields([(':status', '200')])))
        # A close with bytes unread would be a reset.
        if path == '/cut': connection.shutdown(socket.SHUT_WR)
        hold(connection)
    # The code of RFC 7541, Appendix B, for the letters of the paths above.
    codes = {'/': '011000', 'a': '00011', 'b': '100011', 'c': '00100', 'd': '100100', 'e': '00101', 'f': '100101', 'g': '100110', 'i': '00110', 'l': '101000', 'n': '101010', 'o': '00111', 'p': '101011', 'q': '1110110', 'h': '100111', 'v': '1110111', 'z': '1111011', 'r': '101100', 's': '01000', 't': '01001', 'u': '101101', 'w': '1111000', 'y': '1111010'}
    def huffman(text):
        bits = ''.join(codes[c] for c in text)
        bits += '1' * (-len(bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8, 'big')
    def serve(raw):
        try:
            connection = context.wrap_socket(raw, server_side=True)
            (second if connection.selected_alpn_protocol() == 'h2' else plain)(connection)
        except OSError: pass
    listener = socket.create_server(('127.0.0.1', 0))
    print(listener.getsockname()[1], flush=True)
    def leave():
        for line in sys.stdin: signal(line.strip()).release()
        shutil.rmtree(folder, True)
        os._exit(0)
    threading.Thread(target=leave, daemon=True).start()
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
    """#
}
