/** Who runs a data service, as far as its data can be restored. */
import { expect, it } from "vitest";
import { SYSTEMS } from "../../systems";
import { commands, good, images, mistakes, onAws } from "../testing";

it("refuses a Postgres and a Redis elsewhere that nothing would restore as the runbook asks", () => {
  const aeneas = {
    ...onAws,
    system: "aeneas",
    images: images(SYSTEMS.aeneas),
    commands: commands(SYSTEMS.aeneas),
  };
  expect(mistakes({ postgres: "external" }, aeneas)).toMatch(
    /runstack:postgres is "external", but must be "managed" or "operator" for postgresql: the runbook allows the loss of 15m \(.+\), and only dumps would restore it; if its provider keeps a history, say so in systems\/aeneas: it runs external, with a backup by its provider\. Set it with: /,
  );
  expect(mistakes({ redis: "external" }, aeneas)).toMatch(
    /runstack:redis is "external", but must be "managed" for redis: the runbook takes a snapshot every 1h \(.+\), and nothing here would; if its provider does, say so in systems\/aeneas: a backup by its provider\. Set it with: /,
  );
  expect(
    mistakes({ environment: "staging", postgres: "external", redis: "external" }, aeneas),
  ).toBe("");
});

it("refuses a managed Postgres that keeps backups too briefly", () => {
  const aia = {
    ...good,
    cloud: "digitalocean",
    region: "nyc3",
    system: "aia",
    images: images(SYSTEMS.aia),
    kafkaVersion: undefined,
    redis: "managed",
    mail: { smarthost: "mail.example.org:587", from: "a@example.org", username: "a" },
  };
  expect(mistakes({ postgres: "managed" }, aia)).toContain(
    'DigitalOcean\'s managed Postgres keeps backups for 7 days, and "database-daily" is kept for 30d',
  );
});
