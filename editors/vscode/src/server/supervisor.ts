/** Keeps one server running: what was asked for, and what has crashed, one after the other. */
import type { Phase } from "../status";
import type { Outcome, Server } from "./discovery";
import type { Restarts } from "./restarts";

/** Why there is no server, and what could be done. */
export type Trouble = Pick<Outcome, "message" | "isSettingWrong" | "couldDownload">;

/** What the supervisor has others do. *Client* is what speaks with a server. */
export interface Hands<Client> {
  find(): Promise<Outcome>;
  /** A client whose server has begun; *gone* is called where it ends without being asked to.
   * Throws where it does not begin. */
  connect(server: Server, gone: () => void): Promise<Client>;
  /** Ends the server of *client*; never throws. */
  end(client: Client): Promise<void>;
  /** Calls *act* after a while; what is returned calls that off. */
  later(act: () => void, afterMs: number): () => void;
  show(phase: Phase): void;
  note(line: string): void;
  tell(trouble: Trouble): void;
}

export class Supervisor<Client> {
  private client: Client | undefined;
  private server: Server | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private isWanted = false;
  /** Why there is none, once that has been told: it is not tried again before somebody says so. */
  private trouble: Trouble | undefined;
  /** Calls off the start that follows a crash; undefined where none is waited for. */
  private callOff: (() => void) | undefined;

  constructor(
    private readonly hands: Hands<Client>,
    private readonly restarts: Restarts,
  ) {}

  /** The one that runs. */
  get current(): Client | undefined {
    return this.client;
  }

  /** Starts the server, unless it is running, or waits to be started after a crash. */
  start(): Promise<void> {
    this.isWanted = true;
    return this.inTurn(async () => {
      if (this.callOff === undefined) {
        await this.beginIfMissing();
      }
    });
  }

  /** The client, for somebody who waits: its server is started at once. Undefined where there is
   * none, which is told. */
  async ready(): Promise<Client | undefined> {
    this.isWanted = true;
    await this.inTurn(() => this.beginIfMissing());
    if (this.client === undefined && this.trouble !== undefined) {
      this.hands.tell(this.trouble);
    }
    return this.client;
  }

  /** Finds the server anew and starts it. What was before does not count. */
  restart(): Promise<void> {
    this.isWanted = true;
    this.restarts.reset();
    return this.inTurn(async () => {
      await this.end();
      await this.begin(await this.found());
    });
  }

  /** Finds the server anew, where one is wanted: whether the one that runs goes on. */
  async reconsider(): Promise<boolean> {
    let goesOn = false;
    await this.inTurn(async () => {
      if (!this.isWanted) {
        return;
      }
      const outcome = await this.found();
      const [before, after] = [this.server?.command, outcome.server?.command];
      goesOn = this.client !== undefined && JSON.stringify(before) === JSON.stringify(after);
      if (goesOn) {
        this.hands.show("running");
      } else {
        await this.end();
        await this.begin(outcome);
      }
    });
    return goesOn;
  }

  stop(): Promise<void> {
    this.isWanted = false;
    return this.inTurn(() => this.end());
  }

  private inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.queue.then(act);
    this.queue = turn.catch((error: unknown) => {
      this.hands.note(String(error));
    });
    return turn;
  }

  private async beginIfMissing(): Promise<void> {
    if (this.client === undefined && this.trouble === undefined) {
      await this.begin(await this.found());
    }
  }

  private found(): Promise<Outcome> {
    this.hands.show("starting");
    return this.hands.find();
  }

  private async begin(outcome: Outcome, isRevived = false): Promise<void> {
    this.waitNoMore();
    const { server } = outcome;
    this.server = server;
    this.trouble = undefined;
    if (server === undefined) {
      this.failed(outcome);
      return;
    }
    let [client, isGone]: [Client | undefined, boolean] = [undefined, false];
    const gone = (): void => {
      isGone = true;
      if (client !== undefined && client === this.client) {
        this.crashed();
      }
    };
    try {
      client = await this.hands.connect(server, gone);
      this.client = client;
    } catch (error) {
      this.hands.note(String(error));
      isGone = true;
    }
    if (!isGone) {
      this.hands.show("running");
    } else if (client !== undefined || isRevived) {
      this.crashed();
    } else {
      this.failed(says("The registry-lsp server did not start. Its output says why."));
    }
  }

  private async end(): Promise<void> {
    this.waitNoMore();
    const { client } = this;
    this.client = undefined;
    this.hands.show("off");
    if (client !== undefined) {
      await this.hands.end(client);
    }
  }

  /** The server has gone without being asked to. */
  private crashed(): void {
    this.client = undefined;
    const decision = this.restarts.crashed();
    if (decision.kind === "stop") {
      this.failed(says(decision.message));
      return;
    }
    this.hands.show("waiting");
    this.hands.note(`The server has crashed and starts again in ${decision.afterMs / 1000} s.`);
    const again = async (): Promise<void> => {
      if (this.callOff !== undefined) {
        await this.begin(await this.found(), true);
      }
    };
    this.callOff = this.hands.later(() => void this.inTurn(again), decision.afterMs);
  }

  private waitNoMore(): void {
    this.callOff?.();
    this.callOff = undefined;
  }

  private failed(trouble: Trouble): void {
    this.trouble = trouble;
    this.hands.note(trouble.message);
    this.hands.show("failed");
    this.hands.tell(trouble);
  }
}

function says(message: string): Trouble {
  return { message, isSettingWrong: false, couldDownload: false };
}
