import { describe, expect, it } from "vitest";
import { seconds } from "./options";
import { environment, entryPoint, splitArguments } from "./runner";

describe("the program's process", () => {
  it("gets arguments as a shell would split them", () => {
    expect(splitArguments('--require=tsx/cjs --a=\'b c\' "d \\" e" f\\ g')).toEqual([
      "--require=tsx/cjs",
      "--a=b c",
      'd " e',
      "f g",
    ]);
    expect(splitArguments("  ")).toEqual([]);
  });

  it("gets no environment variables that could be credentials", () => {
    const names = [
      "AWS_ACCESS_KEY_ID",
      "DIGITALOCEAN_TOKEN",
      "KUBECONFIG",
      "NODE_AUTH_TOKEN",
      "PULUMI_ACCESS_TOKEN",
    ];
    for (const name of names) process.env[name] = "x";
    expect(names.filter((name) => name in environment())).toEqual([]);
    expect(environment()["PATH"]).toBe(process.env["PATH"]);
    for (const name of names) Reflect.deleteProperty(process.env, name);
  });

  it("runs in the folder of its entry point, inside the project", () => {
    expect(entryPoint(__dirname, "runner.ts")).toEqual({ pwd: __dirname, entry: "runner.ts" });
    expect(entryPoint(__dirname, "")).toEqual({ pwd: __dirname, entry: "." });
    expect(entryPoint(__dirname, "fixtures")).toEqual({ pwd: `${__dirname}/fixtures`, entry: "." });
    expect(() => entryPoint(__dirname, "../index.ts")).toThrow(
      'Pulumi.yaml: main "../index.ts" is outside the project. Name a file inside it.',
    );
    expect(() => entryPoint(__dirname, "nowhere.ts")).toThrow(
      'Pulumi.yaml: main "nowhere.ts" does not exist. Name the program\'s file or folder.',
    );
  });
});

describe("a timeout", () => {
  it.each([
    ["", 0],
    ["1h30m", 5400],
    ["1.5s", 1.5],
    ["250ms", 0.25],
  ])("%j is %d seconds", (text, expected) => {
    expect(seconds(text)).toBe(expected);
  });

  it("that is not a duration is refused, as in the engine", () => {
    expect(() => seconds("5 minutes")).toThrow("unable to parse customTimeout Value 5 minutes");
  });
});
