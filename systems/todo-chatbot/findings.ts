/** What the Todo Chatbot runbook contradicts itself in, or asks for in vain. */
import { clause } from "../clause";
import type { Finding } from "../model";

export const findings: readonly Finding[] = [
  {
    ...clause("Architecture Overview / Dependencies", "TC-02"),
    id: "TC-F1",
    found: "DigitalOcean has created no managed Redis since 30 April 2025.",
    instead: "Managed Valkey, which Dapr's Redis state store uses unchanged.",
  },
];
