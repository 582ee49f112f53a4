// The suite's own origin server, on loopback only. Arguments: the package's folder, port.
import net from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, port] = process.argv.slice(2)
// It listens everywhere; the bench and the tests speak on loopback alone.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port) {
  return listen.call(this, Number(port), '127.0.0.1')
}
// What `npm run` would have put there.
process.env.npm_config_protocol = 'http'
process.env.npm_config_port = port
process.env.npm_config_pidfile = '/dev/null'
await import(pathToFileURL(join(folder, 'server', 'server.mjs')))
