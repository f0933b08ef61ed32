/** Every system the stack can build. */
import { aeneas } from "./aeneas";
import { aia } from "./aia";
import { aiWealth } from "./ai-wealth";
import type { System } from "./model";
import { phase5 } from "./phase-5";
import { todoChatbot } from "./todo-chatbot";

export type SystemId = "todo-chatbot" | "ai-wealth" | "aeneas" | "phase-5" | "aia";

export const SYSTEMS: Readonly<Record<SystemId, System>> = {
  "todo-chatbot": todoChatbot,
  "ai-wealth": aiWealth,
  aeneas,
  "phase-5": phase5,
  aia,
};
