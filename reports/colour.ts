/** Terminal colours, only used if the caller says that the output is a terminal. */
import { styleText } from "node:util";

const STYLES = ["bold", "dim", "red", "yellow", "green"] as const;

type Style = (typeof STYLES)[number];

export type Paint = Readonly<Record<Style, (text: string) => string>>;

/** @param on `false` leaves all text unchanged */
export function paint(on: boolean): Paint {
  const style = (name: Style) => (text: string) =>
    on && text !== "" ? styleText(name, text, { validateStream: false }) : text;
  return Object.fromEntries(STYLES.map((name) => [name, style(name)])) as Paint;
}
