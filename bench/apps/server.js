// The sample app's short paths on Node's own server.
const http = require("node:http");

const small = "x".repeat(97) + "\n";
http.createServer((request, response) => {
  const url = new URL(request.url, "http://app.example");
  const wait = url.pathname === "/sleep" ? Number(url.searchParams.get("ms") ?? 20) : 0;
  setTimeout(() => {
    response.setHeader("Content-Type", "text/plain");
    response.setHeader("Content-Length", small.length);
    response.end(small);
  }, wait);
}).listen(Number(process.env.PORT), "127.0.0.1");
