// The YAML editor's text against the kernel's: what a person types wins, and nothing of it is lost.
import type { EditorModel } from "../../wire/types";

const DELAY_MS = 300;

export class EditorSync {
  private seen: EditorModel | null = null;
  /** The version that the shown text grew from: the kernel merges what the form wrote since. */
  private base = 0;
  private sentText: string | null = null;
  private sending = false;
  private unsent = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private text: string,
    private readonly send: (text: string, version: number) => Promise<unknown>,
    private readonly show: (text: string) => void,
  ) {}

  /** The kernel's value, at every change. */
  take(model: EditorModel): void {
    this.seen = model;
    if (model.text === this.sentText || model.text === this.text) this.base = model.version;
    this.settle();
  }

  typed(text: string): void {
    this.text = text;
    this.unsent = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.flush, DELAY_MS);
  }

  readonly flush = (): void => {
    clearTimeout(this.timer);
    if (!this.unsent || this.sending) return;
    this.unsent = false;
    this.sending = true;
    this.sentText = this.text;
    this.send(this.text, this.base).then(this.sent, this.sent);
  };

  private readonly sent = (): void => {
    this.sending = false;
    this.flush();
    this.settle();
  };

  /** The kernel's text is shown when nothing of ours is on its way. */
  private settle(): void {
    const { seen } = this;
    if (!seen || this.sending || this.unsent || seen.text === this.text) return;
    this.base = seen.version;
    this.text = seen.text;
    this.show(seen.text);
  }
}
