// Commands go out with an id and end with the `done` that carries it.
import type { DoneMessage, Notice } from "./types";

export class CommandError extends Error {
  constructor(readonly notice: Notice) {
    super(notice.text);
  }
}

interface Waiting {
  name: string;
  resolve(result: unknown): void;
  reject(error: CommandError): void;
}

export class Commands {
  private readonly waiting = new Map<string, Waiting>();
  private readonly prefix = Math.random().toString(36).slice(2, 8);
  private last = 0;

  constructor(
    private readonly send: (message: unknown) => void,
    private readonly changed: () => void = () => undefined,
  ) {}

  /** Rejects with a `CommandError` that holds the kernel's notice. */
  run(name: string, args: Record<string, unknown> = {}): Promise<unknown> {
    this.last += 1;
    const id = `${this.prefix}-${this.last}`;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { name, resolve, reject });
    });
    this.send({ kind: "command", id, name, args });
    this.changed();
    return answer;
  }

  receive(message: DoneMessage): void {
    const waiting = this.waiting.get(message.id);
    if (!waiting) return; // another view of the same model asked
    this.waiting.delete(message.id);
    if (message.error) waiting.reject(new CommandError(message.error));
    else waiting.resolve(message.result);
    this.changed();
  }

  pending(name: string): boolean {
    for (const each of this.waiting.values()) if (each.name === name) return true;
    return false;
  }
}
