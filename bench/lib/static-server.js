// Serves a folder of files in memory to a browser, compressed as a web server would: once, and not at each request.
import { once } from "node:events";
import { createServer } from "node:http";
import { extname } from "node:path";
import { brotliCompressSync } from "node:zlib";

/** @type {Record<string, string>} */
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** @param {Record<string, string | Uint8Array>} files by their paths */
export async function serve(files) {
  const packed = new Map(Object.entries(files).map(([path, body]) => [path, brotliCompressSync(body)]));
  const server = createServer((request, response) => {
    const path = request.url === "/" ? "/index.html" : String(request.url);
    const body = packed.get(path);
    const type = types[extname(path)] ?? "text/plain";
    if (body) response.writeHead(200, { "content-type": type, "content-encoding": "br" }).end(body);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/`, close };
}
