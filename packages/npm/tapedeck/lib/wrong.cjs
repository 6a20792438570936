'use strict'

const { TapedeckError } = require('./errors.cjs')

const DEFAULT = ['refused', 'unfired', 'miss', 'lost']
const MOST_LINES = 20
const MOST_REPRODUCED = 5
const NOT_USED = { refused: 0, unfired: [], miss: 0, loose: 0, unplayed: [], lost: 0, conduct: [] }
const WHY_UNASKED = 'no request came with it; does the client take its base URL from this session?'

/** What of a session's end is wrong: how it is counted, and what the journal says about it. */
const KINDS = {
  refused: {
    count: (page) => page.refused,
    title: (n) => (n === 1 ? '1 request was refused' : `${n} requests were refused`),
    entries: (entries) => entries.filter(isRefused),
    say: (page, entries) => entries.map((entry) => `${asked(entry)}: ${entry.miss}`),
  },
  unfired: {
    count: (page) => page.unfired.length + page.unasked.length,
    title: (n) => (n === 1 ? '1 fault never fired' : `${n} faults never fired`),
    entries: (entries, page) => entries.filter((entry) => page.unfired.some((fault) => hasAsked(entry, fault))),
    say: (page, entries) => [
      ...page.unfired.map((fault) => `the fault ${fault} never fired${whyUnfired(fault, entries)}`),
      ...page.unasked.map((fault) => `the fault ${fault} never fired: ${WHY_UNASKED}`),
    ],
  },
  miss: {
    count: (page) => page.miss,
    title: (n) => (n === 1 ? '1 request matched no exchange' : `${n} requests matched no exchange`),
    entries: (entries) => entries.filter((entry) => entry.miss && !isRefused(entry)),
    say: (page, entries) => entries.map((entry) => entry.miss),
  },
  loose: {
    count: (page) => page.loose,
    title: (n) => (n === 1 ? '1 request matched only loosely' : `${n} requests matched only loosely`),
    entries: (entries) => entries.filter((entry) => entry.match === 'loose'),
    say: (page, entries) =>
      entries.map((entry) => {
        const differences = (entry.miss_detail?.differences ?? []).map(
          ({ at, recorded, asked }) => `${at} (recorded ${recorded}, asked ${asked})`)
        return `${asked(entry)}: what differs is ${differences.join(', ')}`
      }),
  },
  unplayed: {
    count: (page) => page.unplayed.length,
    title: (n) => (n === 1 ? '1 exchange was not played' : `${n} exchanges were not played`),
    entries: () => [],
    say: (page) => page.unplayed.map(({ cassette, exchange }) => `exchange ${exchange} of cassette ${cassette}`),
  },
  lost: {
    count: (page) => page.lost,
    title: (n) => (n === 1 ? '1 recording was lost' : `${n} recordings were lost`),
    entries: () => [],
    say: () => [],
  },
  conduct: {
    count: (page) => page.conduct.filter(isWrongConduct).length,
    title: () => 'the client behaved wrongly towards the server',
    entries: (entries) => entries.filter((entry) => entry.conduct && isWrongConduct({ verdict: entry.conduct })),
    say: (page) =>
      page.conduct
        .filter(isWrongConduct)
        .map(({ request, verdict, evidence }) => `${request}: ${verdict}: ${evidence}`),
  },
}

/** The kinds that fail a test. */
function kindsOf(failOn = process.env.TAPEDECK_FAIL_ON ?? DEFAULT) {
  const kinds = [failOn].flat().flatMap((word) => word.split(',')).map((word) => word.trim()).filter(Boolean)
  for (const kind of kinds) {
    if (kind !== 'none' && !(kind in KINDS)) {
      throw new TapedeckError(`failOn has '${kind}': expected some of ${Object.keys(KINDS).join(', ')}, or none`)
    }
  }
  return kinds.filter((kind) => kind !== 'none')
}

/** What is wrong at a test's end, for people: a headline and lines below it; null where nothing is. */
async function whatIsWrong({ session, deck, began, asked: faults, hasTests }, kinds) {
  const straying = await deck.strays(began)
  const strays = kinds.includes('refused') ? straying : []
  const isUsed = deck.mayHaveUsed(session.name)
  const page = { ...NOT_USED, ...(isUsed ? await session.page() : null), unasked: [] }
  let journal
  // What holds other tests need not ask anything itself.
  if (faults.size > 0 && !hasTests) {
    journal = isUsed ? await session.journal() : []
    page.unasked = unasked([...faults], journal)
  }
  let wrongKinds = kinds.filter((kind) => KINDS[kind].count(page) > 0)
  // That nothing fired in an answer which was not given needs no words of its own.
  if (strays.length > 0 || wrongKinds.includes('refused') || wrongKinds.includes('miss')) {
    wrongKinds = wrongKinds.filter((kind) => kind !== 'unfired')
  }
  if (wrongKinds.length === 0 && strays.length === 0) return null
  journal ??= isUsed ? await session.journal() : []
  const titles = []
  const lines = []
  const wrong = new Set()
  for (const kind of wrongKinds) {
    const { count, title, entries, say } = KINDS[kind]
    const concerned = entries(journal, page)
    titles.push(title(count(page)))
    lines.push(...say(page, concerned))
    for (const entry of concerned) wrong.add(entry)
  }
  for (const [own, said] of [
    [strays.filter(({ test }) => test === null), 'named no session'],
    [strays.filter(({ test }) => test !== null), 'came in the session of a test that is over'],
  ]) {
    if (own.length === 0) continue
    titles.push(`${own.length === 1 ? '1 request' : `${own.length} requests`} ${said}`)
    lines.push(...own.map(sayStray))
  }
  const shown = lines.slice(0, MOST_LINES)
  if (lines.length > shown.length) shown.push(`and ${lines.length - shown.length} more`)
  const again = [...wrong].filter((entry) => entry.reproduce).slice(0, MOST_REPRODUCED)
  if (again.length > 0) shown.push('to play the same again, send the header')
  shown.push(...again.map((entry) => `  tapedeck: ${entry.reproduce}`))
  return { headline: titles.join(', '), lines: shown.map((line) => `  ${line}`) }
}

/** Why a fault did not fire, where the journal says so. */
function whyUnfired(fault, entries) {
  const own = entries.filter((entry) => hasAsked(entry, fault))
  const beginning = `fault ${fault} did not fire: `
  const note = own.flatMap((entry) => entry.notes).find((one) => one.startsWith(beginning))
  if (note) return `: ${note.slice(beginning.length)}`
  const last = Math.max(0, ...own.map((entry) => entry.attempt ?? 0))
  return last > 0 ? `: the last request was attempt ${last}` : ''
}

function asked(entry) {
  return `${entry.method} ${entry.path}`
}

/** Directives that do not parse, name what is not there, or contradict each other. */
function isRefused(entry) {
  if (entry.miss === null || entry.attempt === null) return entry.miss !== null
  return entry.status === 400 && entry.miss_detail === null
}

/** The faults that a test asked for, and no request came with. */
function unasked(asked, entries) {
  const came = new Set(entries.flatMap((entry) => (entry.directives ?? []).map(decoded)))
  return asked.filter((fault) => !came.has(decoded(`fault=${fault}`)))
}

function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function sayStray({ entry, test }) {
  if (test === null) return `${asked(entry)}: ${entry.miss}`
  return `${asked(entry)}: it came in the session of '${test}', which is over: make a client for each test`
}

function isWrongConduct({ verdict }) {
  return verdict !== 'ok' && verdict !== 'retried-after-content'
}

function hasAsked(entry, fault) {
  return (entry.directives ?? []).some((directive) => directive === `fault=${fault}`)
}

module.exports = { kindsOf, whatIsWrong }
