// Runs the suite through a cache and prints one JSON object for each test on a line of its own.
// Arguments: the package's folder, the cache's address, and the ids of the tests wanted (none = all).
// The package's own command line prints results by id alone; to judge one also takes its kind and what it depends on.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, base, ...ids] = process.argv.slice(2)
const from = path => import(pathToFileURL(join(folder, path)))
const { runTests, getResults } = await from('client/runner.mjs')
const suites = [...(await from('tests/index.mjs')).default]
// Its own command line adds this one too.
suites.push((await from('tests/surrogate-control.mjs')).default)
const require = createRequire(join(folder, 'package.json'))

for (const suite of suites) {
  // A cache is no browser.
  suite.tests = suite.tests.filter(test => !test.browser_only && (ids.length === 0 || ids.includes(test.id)))
  for (const test of suite.tests) test.dump = ids.length > 0
}
await runTests(suites, require('node-fetch'), false, base)
const results = getResults()
for (const suite of suites) {
  for (const test of suite.tests) {
    const result = results[test.id]
    console.log(JSON.stringify({
      id: test.id,
      name: test.name,
      suite: suite.id,
      kind: test.kind ?? 'required',
      depends: test.depends_on ?? [],
      passed: result === true,
      // Assertion = the cache did otherwise; Setup = the way to the assertion was not as it must be; else a fault.
      what: Array.isArray(result) ? String(result[0]) : '',
      why: Array.isArray(result) ? String(result[1]) : result === undefined ? 'not run' : ''
    }))
  }
}
process.exit(0)
