/** What goes wrong while a dump is made: no good dump is lost, none is listed that is not whole, and the job says why. */
import { kept, refused, succeeded, unchanged, verdict, type DataCase, type Verdict } from "./cases";
import { stateOf } from "./content";
import { CuttingProxy } from "./cutting-proxy";
import type { Ended } from "./processes";
import type { Changes, Stage } from "./stage";

/** Bytes after which a transfer has begun and is far from its end. */
const MIDDLE = 200_000;

/** rclone tries thirty times with growing pauses, which takes eight minutes: here it tries four times. */
const IMPATIENT = { RCLONE_RETRIES: "2", RCLONE_LOW_LEVEL_RETRIES: "2" };

/** A dump that fails beside those that are good, and one that succeeds after the fault. */
async function failing(
  stage: Stage,
  changes: Changes,
  says: RegExp,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<Verdict> {
  if (stage.listed().length === 0) await stage.goodDump();
  const [state, listed] = [await stateOf(stage.postgres), stage.listed()];
  const [ended] = await Promise.all([stage.dump(changes), meanwhile()]);
  const wrong = [refused(ended, says), await unchanged(stage, state), kept(stage, listed)];
  const again = await stage.dump();
  return verdict(said(ended), ...wrong, succeeded(again), kept(stage, listed, 1));
}

const said = ({ output }: Ended): string => output.trim().split("\n").at(-1) ?? "";

/** For as long as `use` takes. */
async function through<T>(port: number, use: (proxy: CuttingProxy) => Promise<T>): Promise<T> {
  const proxy = await CuttingProxy.start(port);
  try {
    return await use(proxy);
  } finally {
    proxy.close();
  }
}

const CUT: DataCase = {
  title: "the upload is cut in the middle",
  play: (stage) =>
    through(stage.store.port, async (proxy) => {
      void proxy.after(MIDDLE, "cut");
      return failing(
        stage,
        { storePort: proxy.port, rclone: IMPATIENT },
        /was not stored below .*run the job again/u,
      );
    }),
};

const CUT_ONCE: DataCase = {
  title: "the upload is cut once, and the store answers again",
  play: (stage) =>
    through(stage.store.port, async (proxy) => {
      const listed = stage.listed();
      const cut = proxy.after(MIDDLE, "cut");
      const running = stage.dump({ storePort: proxy.port });
      await cut;
      proxy.heal();
      const ended = await running;
      return verdict(said(ended), succeeded(ended), kept(stage, listed, 1));
    }),
};

const WRONG_KEY: DataCase = {
  title: "the key of the store is wrong",
  play: (stage) => {
    const secret = "not-the-key";
    const env = { RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: secret };
    const rclone = { AWS_SECRET_ACCESS_KEY: secret };
    return failing(
      stage,
      { env, rclone },
      /(?:Forbidden|SignatureDoesNotMatch)[^]*was not stored below .* key /u,
    );
  },
};

const WRONG_PASSWORD: DataCase = {
  title: "the password of the database is wrong",
  play: (stage) => {
    const env = { DATABASE_URL: stage.postgres.url("not the password") };
    return failing(
      stage,
      { env },
      /password authentication failed[^]*is not a dump.*DATABASE_URL/u,
    );
  },
};

const FULL: DataCase = {
  title: "the disk of the job is full",
  play: (stage) => failing(stage, { scratchKib: 256 }, /No space left[^]*is not a dump.*SCRATCH/u),
};

const RESTARTED: DataCase = {
  title: "the database is restarted during the dump",
  play: (stage) =>
    through(stage.postgres.port, async (proxy) => {
      const held = proxy.after(MIDDLE, "hold");
      const { port } = stage.postgres;
      const env = {
        DATABASE_URL: stage.postgres.url().replace(`:${String(port)}/`, `:${String(proxy.port)}/`),
      };
      return failing(stage, { env }, /is not a dump.*run the job again/u, async () => {
        await held;
        await stage.postgres.stop("SIGQUIT");
        proxy.heal();
        await stage.postgres.start();
      });
    }),
};

const TWO: DataCase = {
  title: "two dumps run at once",
  play: async (stage) => {
    const listed = stage.listed();
    const first = stage.dump();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const ended = await Promise.all([first, stage.dump()]);
    return verdict(ended.map(said).join("; "), ...ended.map(succeeded), kept(stage, listed, 2));
  },
};

/** One is held in the middle of its upload while another of the same second runs: either may fail, and one is whole. */
const SAME_SECOND: DataCase = {
  title: "two dumps begin in the same second",
  play: (stage) =>
    through(stage.store.port, async (proxy) => {
      const listed = stage.listed();
      const env = { FILE_FORMAT: stage.nameAt(new Date(0)) };
      const held = proxy.after(MIDDLE, "hold");
      const slow = stage.dump({ env, storePort: proxy.port });
      await held;
      await stage.postgres.sql("UPDATE customers SET name = name || '.' WHERE id = 1");
      const quick = await stage.dump({ env });
      proxy.heal();
      const ended = await slow;
      return verdict([quick, ended].map(said).join("; "), kept(stage, listed, 1));
    }),
};

/** The name of a dump that exists, as after a clock that was set back. */
const CLOCK: DataCase = {
  title: "the clock goes back to the second of a good dump",
  play: async (stage) => {
    const name = await stage.goodDump();
    await stage.postgres.sql("UPDATE customers SET name = name || '.' WHERE id = 2");
    return failing(stage, { env: { FILE_FORMAT: name } }, /was not stored below .*clock/u);
  },
};

export const FAULTS_OF_DUMPS: readonly DataCase[] = [
  ...[CUT, CUT_ONCE, WRONG_KEY, WRONG_PASSWORD, FULL, RESTARTED, TWO, SAME_SECOND, CLOCK],
];
