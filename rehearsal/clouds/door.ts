/** The door through which the engine's plugins, and commands that fetch credentials, ask the world. */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { messageOf } from "../../offline/errors";
import type { Call, World } from "./world";

/** Names in the environment: where the world is, and what opens the door. */
export const ADDRESS = "RUNSTACK_CLOUDS";
export const TOKEN = "RUNSTACK_CLOUDS_TOKEN";

/** What the world was asked, and its answer, or why it refuses. */
export type Reply<T> = { readonly answer: T } | { readonly refused: string };

export type Asks = "create" | "read" | "update" | "delete" | "holds" | "token";

/** A server on a free port of the loopback interface, for whoever has the token. */
export function openDoor(world: World, token: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    void reply(world, request, token).then((body) => {
      const status = body === undefined ? 403 : 200;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body ?? {}));
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ server, url: `http://127.0.0.1:${String(port)}` });
    });
  });
}

async function reply(
  world: World,
  request: IncomingMessage,
  token: string,
): Promise<Reply<unknown> | undefined> {
  if (!isSame(request.headers.authorization ?? "", `Bearer ${token}`)) return undefined;
  try {
    const asked: unknown = JSON.parse(await text(request));
    return { answer: await answer(world, (request.url ?? "").slice(1) as Asks, asked) };
  } catch (thrown) {
    return { refused: messageOf(thrown) };
  }
}

async function answer(world: World, asks: Asks, asked: unknown): Promise<unknown> {
  switch (asks) {
    case "create":
      return world.create(asked as Call);
    case "read":
      return world.read(asked as Call);
    case "update":
      return world.update(asked as Call);
    case "delete":
      return world.delete(asked as Call);
    case "holds":
      return world.holds(asked as string);
    case "token":
      return world.tokenOf(asked as string);
  }
}

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/**
 * Asks the world of the rehearsal that this process belongs to.
 *
 * @throws Error with what it refuses
 */
export async function ask<T>(asks: Asks, asked: unknown): Promise<T> {
  const url = new URL(asks, process.env[ADDRESS]);
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${process.env[TOKEN] ?? ""}` },
    body: JSON.stringify(asked),
  });
  if (!response.ok) throw new Error(`The simulated clouds answer ${String(response.status)}.`);
  const body = (await response.json()) as Reply<T>;
  if ("refused" in body) throw new Error(body.refused);
  return body.answer;
}

/** Whether this process belongs to a rehearsal with a world. */
export const hasWorld = (): boolean => process.env[ADDRESS] !== undefined;
