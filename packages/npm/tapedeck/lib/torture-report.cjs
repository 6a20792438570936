'use strict'

const { callerFrames, errorAt } = require('./errors.cjs')

const WRONG = [
  'silent-truncation', 'corrupted', 'repeated', 'invented', 'hang', 'crash', 'gave-up',
  'retry-too-soon', 'retry-storm', 'retried-fatal', 'left-open',
]

/** What `torture` found. */
class TortureReport {
  #known

  constructor(json, known) {
    this.#known = known
    this.cases = json.cases
    this.leftOut = json.left_out
    const name = namesOfCases(json.results)
    // The command that the program names runs a relay that is gone; the same case is run by its name.
    this.results = json.results.map((result) => {
      return { ...result, reproduce: `torture(client, { case: '${name(result)}' })` }
    })
  }

  /** The results that are wrong, and not known to be. */
  get wrong() {
    return this.results.filter((result) =>
      wrongVerdicts(result).some((verdict) => !this.#known.some((entry) => covers(entry, result, verdict))))
  }

  /** The known failures that no longer fail. */
  get stale() {
    return this.#known.filter((entry) => {
      const own = this.results.filter((result) => isAmongCases(entry, result))
      return own.length > 0 && !own.some((result) => wrongVerdicts(result).includes(entry.verdict))
    })
  }

  /** Each kind of failure once, with the evidence of one case. */
  toString() {
    const kinds = new Map()
    for (const result of this.wrong) {
      const kind = `${wrongVerdicts(result).join(', ')} at ${result.case.split('/').slice(0, 2).join('/')}`
      kinds.set(kind, [...(kinds.get(kind) ?? []), result])
    }
    const lines = [...kinds].flatMap(([kind, results]) => {
      const [{ evidence, conduct_evidence: conduct, case: id, expectation, reproduce }] = results
      return [
        `${kind}: ${results.length === 1 ? '1 case' : `${results.length} cases`}`,
        `  ${id}: ${evidence.includes(conduct) ? evidence : `${evidence}; ${conduct}`}`,
        `  ${expectation}`,
        `  ${reproduce}`,
      ]
    })
    for (const { case: id, verdict } of this.stale) {
      lines.push(`known failure '${id}' (${verdict}) no longer fails: take it out`)
    }
    const left = this.leftOut > 0 ? `, ${this.leftOut} left out` : ''
    const count = this.cases === 1 ? '1 case' : `${this.cases} cases`
    return [`${count}: ${this.wrong.length || 'none'} wrong${left}`, ...lines].join('\n')
  }

  /** Fails where the client is wrong in a way that is not known, or a known failure is none any more. */
  check(frames = callerFrames(this.check)) {
    if (this.wrong.length === 0 && this.stale.length === 0) return this
    throw errorAt(String(this), frames)
  }
}

/** Names each case by its cassette too, and by its exchange where the cassette has several. */
function namesOfCases(cases) {
  const exchanges = new Map()
  for (const { cassette, exchange } of cases) {
    exchanges.set(cassette, (exchanges.get(cassette) ?? new Set()).add(exchange))
  }
  return ({ case: id, cassette, exchange }) =>
    exchanges.get(cassette).size > 1 ? `${cassette}#${exchange}/${id}` : `${cassette}/${id}`
}

function wrongVerdicts({ verdict, conduct }) {
  return [verdict, conduct].filter((one) => WRONG.includes(one))
}

function covers(entry, result, verdict) {
  return entry.verdict === verdict && isAmongCases(entry, result)
}

/** Whether a pattern, in which `*` stands for anything, has a case: by its id, or with its cassette and exchange. */
function isAmongCases({ case: pattern }, { case: id, cassette, exchange }) {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
  const whole = new RegExp(`^${escaped}$`)
  return [id, `${cassette}/${id}`, `${cassette}#${exchange}/${id}`].some((name) => whole.test(name))
}

module.exports = { TortureReport, isAmongCases, namesOfCases }
