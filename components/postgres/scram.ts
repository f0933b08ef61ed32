import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** PostgreSQL's own default (`scram_iterations`). */
const ITERATIONS = 4096;
const BYTES = 32;

/**
 * What PostgreSQL stores of a password, and accepts in its place (RFC 5803; psql's `\password` sends the same). A
 * statement that holds it may be logged: nobody can log in with it, and a random password cannot be found from
 * it.
 *
 * @param salt for a stable result it must be stable too
 */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, BYTES, "sha256");
  const key = (name: string) => createHmac("sha256", salted).update(name).digest();
  const stored = createHash("sha256").update(key("Client Key")).digest("base64");
  const server = key("Server Key").toString("base64");
  return `SCRAM-SHA-256$${String(ITERATIONS)}:${salt.toString("base64")}$${stored}:${server}`;
}
