#!/usr/bin/env node
// Node's fetch with a reader of the standard's rules, and without a package, reading Messages.
//
// It takes message_stop for the end, and nothing else. fetch has no read timeout of its own but five minutes, so a
// timer that each piece sets anew aborts it.

import { createInterface } from "node:readline";

const READ_TIMEOUT_MS = 1000 * Number(process.env.CLIENT_READ_TIMEOUT_S ?? 2);
const BODY = JSON.stringify({
  max_tokens: 1024,
  messages: [{ role: "user", content: "text: How does a tape deck keep its speed?" }],
  model: "claude-haiku-4-5",
  stream: true,
});

/** Pieces of text in, events out. (WHATWG HTML, 9.2.6) */
async function* events(pieces) {
  let [rest, afterCR, type, data] = ["", false, "", []];
  for await (const piece of pieces) {
    rest += afterCR && piece.startsWith("\n") ? piece.slice(1) : piece;
    afterCR = piece.endsWith("\r");
    const lines = rest.split(/\r\n|\n|\r/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { type: type || "message", data: data.join("\n") };
        [type, data] = ["", []];
        continue;
      }
      const colon = line.indexOf(":");
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (name === "data") data.push(value);
      else if (name === "event") type = value;
    }
  }
}

async function* stream(base) {
  const abort = new AbortController();
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(new Error("nothing came for too long")), READ_TIMEOUT_MS);
  };
  wait();
  try {
    const response = await fetch(`${base}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: BODY,
      signal: abort.signal,
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    // It takes the byte order mark off, and keeps the parts of a character that comes in two pieces.
    const text = response.body.pipeThrough(new TextDecoderStream());
    for await (const event of events(noting(text, wait))) {
      const value = JSON.parse(event.data);
      if (event.type === "error") throw new Error(event.data);
      if (value.delta?.type === "text_delta") yield value.delta.text;
      if (event.type === "message_stop") return;
    }
    throw new Error("no message_stop came");
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

async function* noting(pieces, note) {
  for await (const piece of pieces) {
    note();
    yield piece;
  }
}

async function deliver(base, write) {
  let text = "";
  try {
    for await (const piece of stream(base)) {
      text += piece;
      write(piece);
    }
  } catch (error) {
    return { text, error: error.cause ? `${error.message}: ${error.cause.message}` : error.message, finish: null };
  }
  return { text, error: null, finish: null };
}

if (process.argv.includes("--keep")) {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await deliver(line.trim(), () => {})));
  }
} else {
  const { error } = await deliver(process.env.TAPEDECK_URL, (piece) => process.stdout.write(piece));
  if (error) console.error(error);
  process.exitCode = error ? 1 : 0;
}
