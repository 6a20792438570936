import { setTimeout as sleep } from 'node:timers/promises'

const MOST_ATTEMPTS = 3

/** The whole answer to a question: a client as any other, which knows of no deck. */
export async function ask(question, baseURL = process.env.ANTHROPIC_BASE_URL, { onText = () => {}, signal } = {}) {
  const response = await request(question, baseURL, signal)
  let text = ''
  for await (const event of events(response.body)) {
    if (event.type === 'error') throw new Error(event.error.message)
    if (event.type === 'message_stop') return text
    if (event.delta?.type !== 'text_delta') continue
    text += event.delta.text
    onText(event.delta.text)
  }
  throw new Error('the answer broke off')
}

async function request(question, baseURL, signal) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${baseURL}/v1/messages`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': process.env.ANTHROPIC_API_KEY ?? '',
        'anthropic-version': '2023-06-01',
      },
      body: JSON.stringify({
        model: 'claude-haiku-4-5',
        max_tokens: 1024,
        messages: [{ role: 'user', content: question }],
        stream: true,
      }),
      signal,
    })
    if (response.ok) return response
    const problem = `status ${response.status}: ${await response.text()}`
    if (![429, 529].includes(response.status) || attempt === MOST_ATTEMPTS) throw new Error(problem)
    const seconds = Number(response.headers.get('retry-after') ?? 2 ** attempt)
    await sleep(1000 * seconds, undefined, { signal })
  }
}

/** The JSON of each event of a stream. */
async function* events(body) {
  let data = []
  for await (const line of lines(body)) {
    if (line.startsWith('data:')) data.push(line.slice(5))
    else if (line === '' && data.length > 0) {
      yield JSON.parse(data.join('\n'))
      data = []
    }
  }
}

/** Lines end with LF, CR or CR LF, and may arrive in pieces. */
async function* lines(body) {
  let rest = ''
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + piece).split(/\r\n|\n|\r(?!$)/)
    rest = parts.pop()
    yield* parts
  }
  yield* rest.split('\r')
}
