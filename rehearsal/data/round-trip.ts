/** The cases without a fault: what is written comes back, into an empty database and over an existing one. */
import { kept, lastLine, succeeded, unchanged, verdict, type DataCase } from "./cases";
import { stateOf, witness } from "./content";

const EMPTY: DataCase = {
  title: "restored into an empty database",
  play: async (stage) => {
    const { postgres } = stage;
    await postgres.sql(witness("before the dump"));
    const before = await stateOf(postgres);
    const dumped = await stage.dump();
    const [newest] = stage.listed();
    await postgres.empty();
    const restored = await stage.restore(newest?.name ?? "nothing is listed");
    const found = verdict(
      `${String(before.length)} tables and other objects are the same`,
      succeeded(dumped),
      succeeded(restored),
      await unchanged(stage, before),
    );
    return { ...found, measured: { restored: restored.seconds, behind: dumped.seconds } };
  },
};

const OVER: DataCase = {
  title: "restored over a database that changed",
  play: async (stage) => {
    const { postgres } = stage;
    const before = await stateOf(postgres);
    const name = await stage.goodDump();
    await postgres.sql(
      `${witness("after the dump")} DELETE FROM orders WHERE id % 2 = 0; DROP TABLE "Odd names"."A ""quoted"" table"; UPDATE customers SET name = '';`,
    );
    const restored = await stage.restore(name);
    return verdict(lastLine(restored), succeeded(restored), await unchanged(stage, before));
  },
};

const UNNAMED: DataCase = {
  title: "a restore that names no dump lists those that are whole",
  play: async (stage) => {
    const name = await stage.goodDump();
    const before = await stateOf(stage.postgres);
    const listed = stage.listed();
    const { code, output } = await stage.restore("");
    return verdict(
      output.trim().split("\n").slice(0, 2).join(" "),
      code === 0 ? ["the job succeeded"] : [],
      output.includes(`the newest first\n${name}\n`) ? [] : [`${name} is not first: ${output}`],
      await unchanged(stage, before),
      kept(stage, listed),
    );
  },
};

export const ROUND_TRIP: readonly DataCase[] = [EMPTY, OVER, UNNAMED];
