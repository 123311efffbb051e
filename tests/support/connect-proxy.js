// A proxy of a few lines: it tunnels, and remembers where to.
import { createServer } from "node:http";
import { connect } from "node:net";
import { listening } from "./listening.js";

/** @param {string} [credentials] `user:password` that it wants */
export async function connectProxy(credentials) {
  const tunnels = [];
  const plain = [];
  const server = createServer((request, response) => {
    plain.push(request.url);
    response.writeHead(502).end();
  });
  server.on("connect", (request, socket, head) => {
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString("base64")}`;
    if (wanted && request.headers["proxy-authorization"] !== wanted) {
      return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    }
    tunnels.push(request.url);
    const [, port] = (request.url ?? "").split(":");
    // Whatever the name: everything is on this machine.
    const target = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) end.on("error", () => socket.destroy());
  });
  const { port, close } = await listening(server);
  return {
    tunnels,
    plain,
    url: `http://${credentials ? `${credentials}@` : ""}127.0.0.1:${port}`,
    close,
  };
}
