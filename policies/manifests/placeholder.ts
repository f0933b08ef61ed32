/** A value that is filled in before the manifest is applied: policies see it as unknown. */
export class Placeholder {
  constructor(readonly text: string) {}
}
