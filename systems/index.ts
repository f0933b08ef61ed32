/** Every system the stack can build; `npm run new-system` adds one here. */
import { aeneas } from "./aeneas";
import { aia } from "./aia";
import { aiWealth } from "./ai-wealth";
import type { System } from "./model";
import { phase5 } from "./phase-5";
import { todoChatbot } from "./todo-chatbot";

export const SYSTEMS = {
  "todo-chatbot": todoChatbot,
  "ai-wealth": aiWealth,
  aeneas,
  "phase-5": phase5,
  aia,
} satisfies Readonly<Record<string, System>>;

export type SystemId = keyof typeof SYSTEMS;
