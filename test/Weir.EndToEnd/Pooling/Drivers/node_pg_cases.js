// What an app does with node-postgres, through a pooler. Arguments: port, user, database. Prints a line a case.
'use strict'
const { Client, Pool } = require('pg')

const [port, user, database] = process.argv.slice(2)
const settings = { host: '127.0.0.1', port: Number(port), user, database, connectionTimeoutMillis: 10000 }
const cases = {}

async function connect (more) {
  const client = new Client({ ...settings, ...more })
  client.on('error', () => {})
  await client.connect()
  return client
}

function equal (actual, expected) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error('expected ' + JSON.stringify(expected) + ', was ' + JSON.stringify(actual))
  }
}

async function one (client, ...query) {
  const answer = await client.query(...query)
  return answer.rows.length > 0 ? Object.values(answer.rows[0])[0] : undefined
}

async function fails (code, promise) {
  try {
    await promise
  } catch (fault) {
    equal(fault.code, code)
    return
  }
  throw new Error('no ' + code)
}

// Others who take and give back server connections, so that a session meets another one at each turn.
const stirrers = []
let turn = 0
async function stir () {
  turn++
  await stirrers[turn % 2].query('begin; select 1')
  await stirrers[1 - turn % 2].query('commit')
}

cases.connects = async () => {
  for (let i = 0; i < 20; i++) {
    const client = await connect({ application_name: 'node case' })
    equal(await one(client, 'show application_name'), 'node case')
    await client.end()
  }
}

cases.options = async () => {
  const client = await connect({ statement_timeout: 12345, options: '-c work_mem=3MB' })
  equal(await one(client, 'show statement_timeout'), '12345ms')
  await stir()
  equal(await one(client, 'show work_mem'), '3MB')
  await client.end()
}

cases.prepared = async () => {
  const client = await connect()
  for (let i = 0; i < 10; i++) {
    await stir()
    equal(await one(client, { name: 'add', text: 'select $1::int + 1', values: [i] }), i + 1)
    equal(await one(client, 'select $1::text || $2::text', [i, 'x']), i + 'x')
  }
  const other = await connect()
  equal(await one(other, { name: 'add', text: 'select $1::int + 100', values: [1] }), 101)
  equal(await one(client, { name: 'add', text: 'select $1::int + 1', values: [1] }), 2)
  await fails('22P02', client.query({ name: 'bad', text: 'select $1::int', values: ['no'] }))
  equal(await one(client, 'select 5'), 5)
  await client.end()
  await other.end()
}

cases.queued = async () => {
  // All sent without waiting for the answers: the driver queues them and keeps the order.
  const client = await connect()
  const answers = []
  for (let i = 0; i < 200; i++) answers.push(one(client, 'select $1::int', [i]))
  equal((await Promise.all(answers)).reduce((sum, value) => sum + value, 0), 19900)
  await client.end()
}

cases.pool = async () => {
  const pool = new Pool({ ...settings, max: 20 })
  const answers = []
  for (let i = 0; i < 300; i++) answers.push(one(pool, { name: 'n' + i % 7, text: 'select $1::int + ' + i % 7, values: [i] }))
  const values = await Promise.all(answers)
  values.forEach((value, i) => equal(value, i + i % 7))
  await pool.end()
}

cases.transaction = async () => {
  const client = await connect()
  await client.query('create table if not exists node_tx (id int primary key); truncate node_tx')
  await client.query('begin')
  await client.query('insert into node_tx values ($1)', [1])
  await stir()
  await client.query('commit')
  await client.query('begin')
  await client.query('insert into node_tx values ($1)', [2])
  await fails('23505', client.query('insert into node_tx values ($1)', [2]))
  await fails('25P02', client.query('select 1'))
  await client.query('rollback')
  equal(await one(client, 'select count(*)::int from node_tx'), 1)
  await client.end()
}

// node-postgres has no COPY of its own (it is in a package apart): the words of its connection are used directly.
cases.copy_in = async () => {
  const client = await connect()
  await client.query('create table if not exists node_copy (id int, word text); truncate node_copy')
  await new Promise((resolve, reject) => client.query({
    callback: (fault) => fault ? reject(fault) : resolve(),
    submit (connection) { connection.query('copy node_copy from stdin') },
    handleCopyInResponse (connection) {
      for (let i = 0; i < 1000; i++) connection.sendCopyFromChunk(Buffer.from(i + '\tword\n'))
      connection.endCopyFrom()
    },
    handleCommandComplete () {},
    handleError (fault) { this.callback(fault) },
    handleReadyForQuery () { this.callback() }
  }))
  equal(await one(client, 'select count(*)::int from node_copy'), 1000)
  await client.end()
}

cases.copy_out = async () => {
  const client = await connect()
  let rows = 0
  await new Promise((resolve, reject) => client.query({
    callback: (fault) => fault ? reject(fault) : resolve(),
    submit (connection) { connection.query("copy (select repeat('y', 100) from generate_series(1, 20000)) to stdout") },
    handleCopyData () { rows++ },
    handleCommandComplete () {},
    handleError (fault) { this.callback(fault) },
    handleReadyForQuery () { this.callback() }
  }))
  equal(rows, 20000)
  await client.end()
}

cases.listen = async () => {
  const ear = await connect()
  const mouth = await connect()
  const heard = []
  const all = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('heard only ' + heard)), 10000).unref()
    ear.on('notification', news => {
      heard.push(news.payload)
      if (heard.length === 3) resolve()
    })
  })
  await ear.query('listen node_news')
  for (let i = 0; i < 3; i++) {
    await stir()
    await mouth.query('select pg_notify($1, $2)', ['node_news', String(i)])
  }
  await all
  equal(heard, ['0', '1', '2'])
  await ear.end()
  await mouth.end()
}

cases.cancel = async () => {
  const client = await connect()
  const begun = Date.now()
  const question = client.query('select pg_sleep(20)')
  question.catch(() => {})
  await new Promise(resolve => setTimeout(resolve, 300))
  // The driver has no public cancel; its connection class sends one on a connection of its own.
  const other = new Client(settings)
  const wire = other.connection
  wire.on('connect', () => wire.cancel(client.processID, client.secretKey))
  wire.on('error', () => {})
  wire.connect(settings.port, settings.host)
  await fails('57014', question)
  if (Date.now() - begun > 10000) throw new Error('the cancel came late')
  equal(await one(client, 'select 7'), 7)
  await client.end()
}

cases.temp_table = async () => {
  const client = await connect()
  await client.query('create temp table mine (id int)')
  for (let i = 0; i < 4; i++) {
    await stir()
    await client.query('insert into mine values ($1)', [i])
  }
  equal(await one(client, 'select count(*)::int from mine'), 4)
  await client.end()
}

cases.advisory_lock = async () => {
  const mine = await connect()
  const theirs = await connect()
  await mine.query('select pg_advisory_lock($1)', [7006])
  await stir()
  equal(await one(theirs, 'select pg_try_advisory_lock($1)', [7006]), false)
  equal(await one(mine, 'select pg_advisory_unlock($1)', [7006]), true)
  await mine.end()
  await theirs.end()
}

cases.settings = async () => {
  const mine = await connect()
  const theirs = await connect()
  const before = await one(theirs, 'show work_mem')
  await mine.query("set work_mem = '7MB'")
  await mine.query("select set_config($1, $2, false)", ['my.word', 'secret'])
  for (let i = 0; i < 4; i++) {
    await stir()
    equal(await one(mine, 'show work_mem'), '7MB')
    equal(await one(mine, "select current_setting('my.word')"), 'secret')
    equal(await one(theirs, 'show work_mem'), before)
    equal((await one(theirs, "select current_setting('my.word', true)")) || null, null)
  }
  await mine.end()
  await theirs.end()
}

async function main () {
  stirrers.push(await connect(), await connect())
  await stirrers[0].query('begin')
  for (const [name, body] of Object.entries(cases)) {
    try {
      await body()
      console.log('ok', name)
    } catch (fault) {
      console.log('FAILED', name, String(fault).replace(/\n/g, ' '))
      console.error(fault)
    }
  }
  for (const one of stirrers) await one.end()
  process.exit(0)
}

main()
