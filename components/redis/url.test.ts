import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { isSecret, valueOf } from "../kit/testing";
import { redisUrl } from "./url";

const parts = { username: "keeper", password: "p", host: "h.example.com", port: 7123 };

it("escapes characters that would end a part of the URL", async () => {
  const url = redisUrl({ ...parts, password: pulumi.secret("a/b#c?d:e%f&g+h") });
  expect(await valueOf(url)).toBe(
    "rediss://keeper:a%2Fb%23c%3Fd%3Ae%25f%26g%2Bh@h.example.com:7123",
  );
});

it("leaves the name empty if there is none", async () => {
  expect(await valueOf(redisUrl({ ...parts, username: "" }))).toBe(
    "rediss://:p@h.example.com:7123",
  );
});

it("is secret even if the password is not", async () => {
  expect(await isSecret(redisUrl(parts))).toBe(true);
});
