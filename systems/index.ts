/** Every system the stack can build. */
import type { System } from "./model";
import { todoChatbot } from "./todo-chatbot";

export type SystemId = "todo-chatbot";

export const SYSTEMS: Readonly<Record<SystemId, System>> = {
  "todo-chatbot": todoChatbot,
};
