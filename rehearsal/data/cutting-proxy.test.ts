import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CuttingProxy } from "./cutting-proxy";

let server: Server;
let proxy: CuttingProxy;
let received = 0;

beforeEach(async () => {
  received = 0;
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (part) => {
      received += part.length;
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy = await CuttingProxy.start((server.address() as AddressInfo).port);
});

afterEach(() => {
  proxy.close();
  server.close();
});

function client(): Socket {
  const socket = connect(proxy.port, "127.0.0.1");
  socket.on("error", () => undefined);
  return socket;
}

it("lets everything through until it is told otherwise", async () => {
  const socket = client();
  socket.end("x".repeat(5000));
  await expect.poll(() => received).toBe(5000);
});

it("cuts after so many bytes, and every later connection", async () => {
  const reached = proxy.after(1000, "cut");
  const socket = client();
  socket.write("x".repeat(900));
  await expect.poll(() => received).toBe(900);
  socket.write("x".repeat(900));
  await Promise.all([reached, once(socket, "close")]);
  await once(client(), "close");
  expect(received).toBe(900);
});

it("holds what comes after so many bytes, and lets it through when it is healed", async () => {
  const reached = proxy.after(1000, "hold");
  const socket = client();
  socket.write("x".repeat(1200));
  await reached;
  socket.write("x".repeat(300));
  await expect.poll(() => received).toBe(1200);
  proxy.heal();
  await expect.poll(() => received).toBe(1500);
  socket.destroy();
});
