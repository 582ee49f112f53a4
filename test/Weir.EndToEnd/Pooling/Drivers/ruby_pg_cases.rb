# What an app does with ruby-pg, through a pooler. Arguments: port, user, database. Prints a line a case.
require "pg"

PORT, USER, DATABASE = ARGV
$stdout.sync = true

def connect(**more)
  PG.connect(host: "127.0.0.1", port: PORT, user: USER, dbname: DATABASE, connect_timeout: 10, **more)
end

def equal(actual, expected)
  raise "expected #{expected.inspect}, was #{actual.inspect}" unless actual == expected
end

def raises(kind)
  yield
  raise "no #{kind}"
rescue kind
  nil
end

# Others who take and give back server connections, so that a session meets another one at each turn.
class Stirrers
  def initialize
    @connections = [connect, connect]
    @connections[0].exec("begin")
    @turn = 0
  end

  def stir
    @turn += 1
    @connections[@turn % 2].exec("begin; select 1")
    @connections[1 - @turn % 2].exec("commit")
  end

  def close
    @connections.each(&:close)
  end
end

OTHERS = Stirrers.new
CASES = {}

CASES["connects"] = lambda do
  20.times do
    connection = connect(application_name: "ruby-pg case")
    equal connection.exec("show application_name").getvalue(0, 0), "ruby-pg case"
    connection.close
  end
end

CASES["prepared"] = lambda do
  connection = connect
  connection.prepare("add", "select $1::int + 1")
  5.times do |i|
    OTHERS.stir
    equal connection.exec_prepared("add", [i]).getvalue(0, 0), (i + 1).to_s
    equal connection.exec_params("select $1::text || 'x'", [i]).getvalue(0, 0), "#{i}x"
  end
  raises(PG::DuplicatePstatement) { connection.prepare("add", "select 2") }
  raises(PG::InvalidSqlStatementName) { connection.exec_prepared("never", []) }
  equal connection.describe_prepared("add").nparams, 1
  # What libpq of this age has for closing one, beside the name that protocol and SQL share.
  connection.exec("deallocate add")
  raises(PG::InvalidSqlStatementName) { connection.exec_prepared("add", [1]) }
  connection.close
end

CASES["pipeline"] = lambda do
  connection = connect
  connection.enter_pipeline_mode
  10.times { |i| connection.send_query_params("select $1::int", [i]) }
  connection.pipeline_sync
  10.times do |i|
    equal connection.get_result.getvalue(0, 0), i.to_s
    equal connection.get_result, nil
  end
  equal connection.get_result.result_status, PG::PGRES_PIPELINE_SYNC
  connection.send_query_params("select 1/$1::int", [0])
  connection.send_query_params("select 1", [])
  connection.pipeline_sync
  raises(PG::DivisionByZero) { connection.get_result.check }
  equal connection.get_result, nil
  equal connection.get_result.result_status, PG::PGRES_PIPELINE_ABORTED
  equal connection.get_result, nil
  equal connection.get_result.result_status, PG::PGRES_PIPELINE_SYNC
  connection.exit_pipeline_mode
  equal connection.exec("select 5").getvalue(0, 0), "5"
  connection.close
end

CASES["transaction"] = lambda do
  connection = connect
  connection.exec("create table if not exists ruby_tx (id int primary key); truncate ruby_tx")
  connection.transaction do
    connection.exec("insert into ruby_tx values (1)")
    OTHERS.stir
  end
  raises(PG::UniqueViolation) do
    connection.transaction { 2.times { connection.exec("insert into ruby_tx values (2)") } }
  end
  equal connection.transaction_status, PG::PQTRANS_IDLE
  equal connection.exec("select count(*) from ruby_tx").getvalue(0, 0), "1"
  connection.close
end

CASES["copy_in"] = lambda do
  connection = connect
  connection.exec("create table if not exists ruby_copy (id int, word text); truncate ruby_copy")
  connection.copy_data("copy ruby_copy from stdin") do
    10000.times { |i| connection.put_copy_data("#{i}\tword\n") }
  end
  raises(PG::InvalidTextRepresentation) do
    connection.copy_data("copy ruby_copy from stdin") { 1000.times { connection.put_copy_data("no\tword\n") } }
  end
  raises(RuntimeError) do
    connection.copy_data("copy ruby_copy from stdin") { raise "the app gives up" }
  end
  equal connection.exec("select count(*) from ruby_copy").getvalue(0, 0), "10000"
  connection.close
end

CASES["copy_out"] = lambda do
  connection = connect
  lines = 0
  connection.copy_data("copy (select g, repeat('y', 100) from generate_series(1, 20000) g) to stdout") do
    lines += 1 while connection.get_copy_data
  end
  equal lines, 20000
  connection.close
end

CASES["listen"] = lambda do
  ear, mouth = connect, connect
  ear.exec("listen ruby_news")
  3.times do |i|
    OTHERS.stir
    mouth.exec_params("select pg_notify('ruby_news', $1)", [i])
  end
  heard = []
  3.times { ear.wait_for_notify(10) { |_channel, _pid, payload| heard << payload } }
  equal heard, %w[0 1 2]
  ear.close
  mouth.close
end

CASES["cancel"] = lambda do
  connection = connect
  begun = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  connection.send_query("select pg_sleep(20)")
  sleep 0.3
  equal connection.cancel, nil
  raises(PG::QueryCanceled) { connection.get_last_result }
  raise "the cancel came late" if Process.clock_gettime(Process::CLOCK_MONOTONIC) - begun > 10

  equal connection.exec("select 7").getvalue(0, 0), "7"
  connection.close
end

CASES["temp_table"] = lambda do
  connection = connect
  connection.exec("create temp table mine (id int)")
  4.times do |i|
    OTHERS.stir
    connection.exec_params("insert into mine values ($1)", [i])
  end
  equal connection.exec("select count(*) from mine").getvalue(0, 0), "4"
  connection.close
end

CASES["advisory_lock"] = lambda do
  mine, theirs = connect, connect
  mine.exec("select pg_advisory_lock(7005)")
  OTHERS.stir
  equal theirs.exec("select pg_try_advisory_lock(7005)").getvalue(0, 0), "f"
  equal mine.exec("select pg_advisory_unlock(7005)").getvalue(0, 0), "t"
  mine.close
  theirs.close
end

CASES["settings"] = lambda do
  mine, theirs = connect, connect
  before = theirs.exec("show work_mem").getvalue(0, 0)
  mine.exec("set work_mem = '7MB'; set client_encoding = 'LATIN1'")
  4.times do
    OTHERS.stir
    equal mine.exec("show work_mem").getvalue(0, 0), "7MB"
    equal mine.exec("show client_encoding").getvalue(0, 0), "LATIN1"
    equal theirs.exec("show work_mem").getvalue(0, 0), before
    equal theirs.exec("show client_encoding").getvalue(0, 0), "UTF8"
  end
  equal mine.parameter_status("client_encoding"), "LATIN1"
  mine.close
  theirs.close
end

CASES["single_row"] = lambda do
  connection = connect
  connection.send_query("select generate_series(1, 5000)")
  connection.set_single_row_mode
  total = 0
  connection.get_result.stream_each_row { |row| total += row[0].to_i }
  equal total, 12502500
  connection.get_last_result
  connection.close
end

CASES.each do |name, body|
  body.call
  puts "ok #{name}"
rescue StandardError => e
  puts "FAILED #{name} #{e.class} #{e.message.tr("\n", " ")}"
  warn e.full_message
end
OTHERS.close
