# frozen_string_literal: true

# The sample app as plain Rack, with the same paths as app.py and /ws besides.
require "digest/sha1"
require_relative "websockets" unless ENV["SAMPLE_WITHOUT_WEBSOCKETS"]

SMALL = "#{"x" * 97}\n".freeze
CHUNK = ("y" * 65_536).freeze

# A body of any length that is never whole in memory.
Pieces = Struct.new(:bytes) do
  def each
    left = bytes
    while left.positive?
      yield left >= CHUNK.bytesize ? CHUNK : CHUNK.byteslice(0, left)
      left -= CHUNK.bytesize
    end
  end
end

# Server-sent events, one each pause.
Events = Struct.new(:count, :pause) do
  def each
    count.times do |i|
      yield "data: #{i}\n\n"
      sleep pause
    end
  end
end

def answer(body, status: 200, **extra)
  head = { "Content-Type" => "text/plain", "Content-Length" => body.bytesize.to_s }.merge(extra.transform_keys(&:to_s))
  [status, head, [body]]
end

def number(env, name, default)
  found = env["QUERY_STRING"][/(?:^|&)#{name}=([^&]*)/, 1]
  (found || default).to_f
end

def hold(env)
  began = Process.clock_gettime(Process::CLOCK_MONOTONIC, :microsecond)
  sleep number(env, "ms", 20) / 1000
  took = Process.clock_gettime(Process::CLOCK_MONOTONIC, :microsecond) - began
  answer(SMALL, "X-Service-Us": took.to_s)
end

def upload(env)
  length = 0
  digest = Digest::SHA1.new
  while (piece = env["rack.input"].read(65_536))
    length += piece.bytesize
    digest << piece
  end
  answer("#{length} #{digest.hexdigest}\n")
end

def big(env)
  bytes = number(env, "bytes", 8_388_608).to_i
  [200, { "Content-Type" => "application/octet-stream", "Content-Length" => bytes.to_s }, Pieces.new(bytes)]
end

def events(env)
  head = { "Content-Type" => "text/event-stream", "Cache-Control" => "no-cache" }
  [200, head, Events.new(number(env, "count", 3).to_i, number(env, "ms", 200) / 1000)]
end

def headers(env)
  answer(env.select { |k, v| k.match?(/\A[A-Z_]+\z/) && v.is_a?(String) }.map { |k, v| "#{k}=#{v}" }.sort.join("\n"))
end

sockets = defined?(WebSockets) ? WebSockets.new : nil

run(lambda do |env|
  case env["PATH_INFO"]
  when "/" then answer(SMALL)
  when "/100kb" then answer(CHUNK + CHUNK.byteslice(0, 36_864))
  when "/sleep", "/exp" then hold(env)
  when "/big" then big(env)
  when "/upload" then upload(env)
  when "/chunked" then [200, { "Content-Type" => "text/plain" }, Array.new(5) { |i| "part #{i}\n" }]
  when "/sse" then events(env)
  when "/headers" then headers(env)
  when "/ws" then sockets ? sockets.take(env) : answer("no websockets here\n", status: 404)
  else answer("no such path\n", status: 404)
  end
end)
