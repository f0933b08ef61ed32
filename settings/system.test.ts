import { expect, it } from "vitest";
import { aeneas } from "../systems/aeneas";
import { named } from "../systems/find";
import { todoChatbot } from "../systems/todo-chatbot";
import { resolveSystem, urlIsGiven } from "./system";

const sources = (system: typeof aeneas, secret: string) =>
  named(system.secrets, secret).keys.map(({ key, source }) => [key, source.kind]);

it("leaves a system as in its runbook if the stack chooses nothing", () => {
  expect(resolveSystem(todoChatbot, {})).toEqual(todoChatbot);
  expect(resolveSystem(aeneas, {})).toEqual(aeneas);
});

it("sets who runs each kind of data service", () => {
  const placed = resolveSystem(aeneas, {
    postgres: "external",
    redis: "operator",
    kafka: "operator",
  });
  expect([placed.databases, placed.caches, placed.eventBuses].map(([one]) => one?.runs)).toEqual([
    "external",
    "operator",
    "operator",
  ]);
});

it("derives the URL of a database that the stack runs", () => {
  const placed = resolveSystem(todoChatbot, { postgres: "managed" });
  expect(sources(todoChatbot, "todo-chatbot-secrets")).toEqual([
    ["DATABASE_URL", "given"],
    ["BETTER_AUTH_SECRET", "generated"],
  ]);
  expect(sources(placed, "todo-chatbot-secrets")).toEqual([
    ["DATABASE_URL", "derived"],
    ["BETTER_AUTH_SECRET", "generated"],
  ]);
});

it("knows which database URLs are provided under the system's own key", () => {
  const given = (system: typeof aeneas) =>
    system.databases.map((database) => urlIsGiven(system, database));
  expect(given(todoChatbot)).toEqual([true]);
  expect(given(aeneas)).toEqual([false]);
});
