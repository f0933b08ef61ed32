/** What goes wrong with a restore: the database is what it was, no dump is lost, and the job says why. */
import {
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { kept, refused, succeeded, unchanged, verdict, type DataCase, type Verdict } from "./cases";
import { stateOf, witness } from "./content";
import { CuttingProxy } from "./cutting-proxy";
import type { Changes, Stage } from "./stage";

interface Fault {
  readonly title: string;
  readonly says: RegExp;
  /** Does something to the dump `name`, beside an older one. */
  readonly spoil?: (stage: Stage, name: string, older: string) => void;
  readonly changes?: (stage: Stage) => Changes;
}

/** The dump of a fault is restored once it is whole again. */
const caseOf = ({ title, says, spoil, changes }: Fault): DataCase => ({
  title,
  play: async (stage) => {
    const { older, name, state: before } = await stage.twoDumps();
    await stage.postgres.sql(witness("after the dumps"));
    const state = await stateOf(stage.postgres);
    const listed = stage.listed();
    const files = [name, `${name}.sha256`].map((one) => stage.fileOf(one));
    const copies = files.map((file) => readFileSync(file));
    spoil?.(stage, name, older);
    const ended = await stage.restore(name, changes?.(stage));
    const wrong = [refused(ended, says), await unchanged(stage, state)];
    files.forEach((file, at) => {
      writeFileSync(file, copies[at] ?? "");
    });
    const whole = await stage.restore(name);
    return verdict(
      ended.output.trim().split("\n").at(-1) ?? "",
      ...wrong,
      succeeded(whole),
      await unchanged(stage, before),
      kept(stage, listed),
    );
  },
});

const SECRET = "not-the-key";
const NOT_WHOLE = /(?:FAILED|corrupted)[^]*name another dump/iu;

const FAULTS: readonly Fault[] = [
  {
    title: "the archive is truncated",
    says: NOT_WHOLE,
    spoil: (stage, name) => {
      truncateSync(stage.fileOf(name), 50_000);
    },
  },
  {
    title: "the archive is swapped for an older one",
    says: NOT_WHOLE,
    spoil: (stage, name, older) => {
      copyFileSync(stage.fileOf(older), stage.fileOf(name));
    },
  },
  {
    title: "archive and checksum are swapped for older ones",
    says: /name another dump/iu,
    spoil: (stage, name, older) => {
      for (const end of ["", ".sha256"]) {
        copyFileSync(stage.fileOf(older + end), stage.fileOf(name + end));
      }
    },
  },
  {
    title: "the checksum is empty",
    says: /name another dump/iu,
    spoil: (stage, name) => {
      writeFileSync(stage.fileOf(`${name}.sha256`), "");
    },
  },
  {
    title: "the checksum is missing",
    says: /There is no .* with its checksum/u,
    spoil: (stage, name) => {
      rmSync(stage.fileOf(`${name}.sha256`));
    },
  },
  {
    title: "the archive is missing",
    says: /There is no .* with its checksum/u,
    spoil: (stage, name) => {
      renameSync(stage.fileOf(name), stage.fileOf(`${name}.away`));
      rmSync(stage.fileOf(`${name}.away`));
    },
  },
  {
    title: "the key of the store is wrong at a restore",
    says: /(?:Forbidden|SignatureDoesNotMatch)[^]*could not be read .* key /u,
    changes: () => ({
      env: { RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: SECRET },
      rclone: { AWS_SECRET_ACCESS_KEY: SECRET },
    }),
  },
  {
    title: "the password of the database is wrong at a restore",
    says: /password authentication failed[^]*DATABASE_URL/u,
    changes: ({ postgres }) => ({ env: { DATABASE_URL: postgres.url("not the password") } }),
  },
  {
    title: "the disk of the restore is full",
    says: /(?:no space left|remaining disk space)[^]*SCRATCH/iu,
    changes: () => ({ scratchKib: 256 }),
  },
];

const RESTARTED: DataCase = {
  title: "the database is restarted during the restore",
  play: async (stage): Promise<Verdict> => {
    const { postgres } = stage;
    const name = await stage.goodDump();
    const dumped = await stateOf(postgres);
    await postgres.sql(witness("after the dump"));
    const [state, listed] = [await stateOf(postgres), stage.listed()];
    const proxy = await CuttingProxy.start(postgres.port);
    const held = proxy.after(200_000, "hold");
    const url = postgres.url().replace(`:${String(postgres.port)}/`, `:${String(proxy.port)}/`);
    const running = stage.restore(name, { env: { DATABASE_URL: url } });
    await held;
    await postgres.stop("SIGINT");
    proxy.heal();
    await postgres.start();
    const ended = await running;
    proxy.close();
    const wrong = [
      refused(ended, /was not restored: the database is what it was before/u),
      await unchanged(stage, state),
    ];
    const again = await stage.restore(name);
    const detail = ended.output.trim().split("\n").at(-1) ?? "";
    const after = [succeeded(again), await unchanged(stage, dumped), kept(stage, listed)];
    return verdict(detail, ...wrong, ...after);
  },
};

export const FAULTS_OF_RESTORES: readonly DataCase[] = [...FAULTS.map(caseOf), RESTARTED];
