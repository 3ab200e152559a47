/** When a server that has crashed is started again, and when no more. */

const FIRST_WAIT_MS = 1_000;
const MOST_RESTARTS = 5;
const SPELL_MS = 3 * 60_000;

export type Decision =
  | { readonly kind: "again"; readonly afterMs: number }
  | { readonly kind: "stop"; readonly message: string };

/** Counts crashes: each wait is twice the last one, and after five in three minutes it is over.
 * `now` is a clock in milliseconds. */
export class Restarts {
  private crashes: number[] = [];

  constructor(private readonly now: () => number) {}

  /** The server has crashed. */
  crashed(): Decision {
    const now = this.now();
    this.crashes = [...this.crashes.filter((each) => now - each < SPELL_MS), now];
    const count = this.crashes.length;
    if (count > MOST_RESTARTS) {
      return {
        kind: "stop",
        message:
          `The registry-lsp server has crashed ${count} times in three minutes and was not started` +
          " again. Its output says why.",
      };
    }
    return { kind: "again", afterMs: FIRST_WAIT_MS * 2 ** (count - 1) };
  }

  /** The user has started it: what was before does not count. */
  reset(): void {
    this.crashes = [];
  }
}
