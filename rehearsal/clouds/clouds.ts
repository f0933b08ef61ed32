/** The simulated clouds of a rehearsal. */
import { randomBytes } from "node:crypto";
import type { Clouds, Clusters, Held } from "../contract";
import { ADDRESS, openDoor, TOKEN } from "./door";
import { Store } from "./store";
import type { Thing } from "./thing";
import { Trust } from "./trust";
import { World } from "./world";

interface Options {
  /** JSON. If there is one, its world goes on. */
  readonly file: string;
  /** Without them, a cluster is as unreachable as its plausible address. */
  readonly clusters?: Clusters;
}

const DAY_MS = 86_400_000;

export async function startClouds({ file, clusters }: Options): Promise<Clouds> {
  const store = new Store(file);
  const trust = clusters && new Trust(`${file}.pem`, clusters, Object.values(store.now.access));
  let passed = 0;
  const now = (): number => Date.now() + passed;
  const world = new World(store, { now, ...(trust && { clusters: trust }) });
  const token = randomBytes(24).toString("hex");
  const { server, url } = await openDoor(world, token);
  const same = (held: Held): readonly Thing[] =>
    world.things.filter(
      ({ type, id, region }) => type === held.type && id === held.id && region === held.region,
    );
  return {
    environment: {
      ...{ [ADDRESS]: url, [TOKEN]: token },
      // GKE's DNS endpoint has a certificate that everybody trusts: its kubeconfig names no authority.
      ...(trust && { SSL_CERT_FILE: trust.file }),
    },
    held: () => world.things.map(({ type, id, name, region }) => ({ type, id, name, region })),
    loseRegion: (region) => world.lose(region),
    remove: (held) => {
      world.drop(same(held));
    },
    change: (held, inputs) => {
      for (const one of same(held)) world.amend(one, { ...one.inputs, ...inputs });
    },
    put: (bucket, key) => {
      world.put(bucket, key);
    },
    pass: (days) => {
      passed += days * DAY_MS;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
