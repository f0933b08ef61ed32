import { describe, expect, it } from "vitest";
import { todoChatbot } from "../systems/todo-chatbot";
import { hours, seconds } from "../systems/units";
import { edgeHosts } from "./application";

describe("the hosts of an environment", () => {
  it("are the system's, with the Kubernetes Service behind each path", () => {
    const route = (path: string, service: string, port: number) => ({
      path,
      service,
      timeout: seconds(60),
      backend: { name: `todo-chatbot-${service}`, port },
    });
    expect(edgeHosts({ system: todoChatbot, environment: "prod" }, "todo.example.org")).toEqual([
      {
        host: "todo.example.org",
        routes: [
          route("/", "frontend", 3000),
          route("/api", "backend", 8000),
          { ...route("/ws", "websocket", 8001), timeout: hours(1), websocket: true },
        ],
      },
    ]);
  });

  it("leave out those of other environments, and paths to services without a port", () => {
    const [host] = todoChatbot.edge.hosts;
    if (host === undefined) throw new Error("Todo Chatbot has a host");
    const edge = {
      ...todoChatbot.edge,
      hosts: [
        { ...host, host: "green.{domain}", environment: "staging" as const },
        { ...host, routes: [{ path: "/x", service: "nobody", timeout: seconds(5) }] },
      ],
    };
    const system = { ...todoChatbot, edge };
    const names = (environment: "prod" | "staging") =>
      edgeHosts({ system, environment }, "d.example.org").map(({ host: name }) => name);
    expect(names("prod")).toEqual(["d.example.org"]);
    expect(names("staging")).toEqual(["green.d.example.org", "d.example.org"]);
    expect(edgeHosts({ system, environment: "prod" }, "d.example.org")[0]?.routes).toEqual([]);
  });
});
