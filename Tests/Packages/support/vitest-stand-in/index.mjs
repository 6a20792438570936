// What useTapedeck needs of vitest, for machines that cannot have it: the order of hooks, what they are given, how a
// test skips itself, and which failures a test collects, as in vitest's runner (packages/vitest/src/runtime/runner).
export const state = { suite: newSuite('', null) }

function newSuite(name, parent) {
  return { name, suite: parent, tasks: [], hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] } }
}

export function describe(name, body) {
  const outer = state.suite
  state.suite = newSuite(name, outer)
  outer.tasks.push(state.suite)
  body()
  state.suite = outer
}

function register(options) {
  return function test(name, ...rest) {
    const run = rest.find((one) => typeof one === 'function')
    state.suite.tasks.push({ name, suite: state.suite, run, concurrent: options.concurrent, errors: [] })
  }
}

export const test = register({ concurrent: undefined })
test.concurrent = register({ concurrent: true })
export const it = test

function hook(name) {
  return (run) => state.suite.hooks[name].push(run)
}

export const beforeAll = hook('beforeAll')
export const beforeEach = hook('beforeEach')
export const afterEach = hook('afterEach')
export const afterAll = hook('afterAll')
