import { describe, expect, it } from "vitest";
import { todoChatbot } from "../../systems/todo-chatbot";
import { days } from "../../systems/units";
import { sizing } from "./sizing";

describe("sizing", () => {
  it("keeps series longer than the longest objective", () => {
    const slos = todoChatbot.slos.map((slo) => ({ ...slo, window: days(90) }));
    expect(sizing({ system: todoChatbot, production: true })).toEqual({
      retentionDays: 35,
      storageGib: 50,
    });
    expect(sizing({ system: { ...todoChatbot, slos }, production: true }).retentionDays).toBe(95);
    expect(sizing({ system: todoChatbot, production: false })).toEqual({
      retentionDays: 15,
      storageGib: 20,
    });
  });
});
