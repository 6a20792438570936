import { test } from 'node:test'
import { tortureCases } from 'tapedeck'
import { ask } from './client.mjs'

const client = (baseURL, { onText, signal }) => ask('Hi', baseURL, { onText, signal })

for (const one of tortureCases({ sample: true, case: 'anthropic-text/cut/end' })) {
  test(one.id, () => one.check(client))
}
