// A server such as one writes in an hour, with node's own http.
//
//   node node_server.mjs PORT STREAM.sse GAP_MS
//
// Sends the events of STREAM.sse, one every GAP_MS, by deadlines from the request.
import fs from "node:fs";
import http from "node:http";

const [port, stream, gap] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const events = fs.readFileSync(stream, "utf8").split("\n\n").slice(0, -1).map((text) => `${text}\n\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function play(response, start) {
  response.socket?.setNoDelay(true);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const [number, event] of events.entries()) {
    const wait = start + number * gap - performance.now();
    if (gap && wait > 0) await sleep(wait);
    response.write(event);
  }
  response.end();
}

http.createServer((request, response) => {
  request.resume();
  request.on("end", () => play(response, performance.now()));
}).listen({ port, host: "127.0.0.1", backlog: 4096 });
