/** A connection between a job and the store or the database, which is cut or held in the middle of a transfer. */
import { createServer, connect, type Server, type Socket } from "node:net";

export class CuttingProxy {
  private readonly sockets = new Set<Socket>();
  private left = Number.POSITIVE_INFINITY;
  private then: "cut" | "hold" = "cut";
  private onReached: () => void = () => undefined;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param target a port of the loopback interface */
  static async start(target: number): Promise<CuttingProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const proxy = new CuttingProxy(server, port);
    server.on("connection", (client) => {
      proxy.forward(client, target);
    });
    return proxy;
  }

  /**
   * After so many bytes in either direction everything is cut, and every later connection too, or nothing gets through
   * any more.
   *
   * @returns when that happens
   */
  after(bytes: number, then: "cut" | "hold"): Promise<void> {
    this.left = bytes;
    this.then = then;
    return new Promise((resolve) => {
      this.onReached = resolve;
    });
  }

  /** From now on everything gets through, and what was held too. */
  heal(): void {
    this.left = Number.POSITIVE_INFINITY;
    for (const socket of this.sockets) socket.resume();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private forward(client: Socket, target: number): void {
    if (this.left <= 0 && this.then === "cut") {
      client.destroy();
      return;
    }
    const upstream = connect(target, "127.0.0.1");
    const pairs = [
      [client, upstream],
      [upstream, client],
    ] as const;
    for (const [from, to] of pairs) {
      this.sockets.add(from);
      from.on("error", () => undefined);
      from.on("close", () => {
        this.sockets.delete(from);
        to.end();
      });
      from.on("data", (part) => {
        this.pass(part, to);
      });
    }
  }

  private pass(part: Buffer, to: Socket): void {
    this.left -= part.length;
    if (this.left > 0) {
      to.write(part);
      return;
    }
    this.onReached();
    if (this.then === "cut") {
      for (const socket of this.sockets) socket.destroy();
      return;
    }
    to.write(part);
    for (const socket of this.sockets) socket.pause();
  }
}
