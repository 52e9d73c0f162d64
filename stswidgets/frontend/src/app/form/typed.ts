import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

const DELAY_MS = 200;

export type Commit = (text: string) => Promise<unknown>;

/**
 * Text that a person types over a value that the kernel owns. While the field has the focus, or something is on its
 * way, the kernel's value waits: nothing that was typed is replaced under the fingers. One message is under way at a
 * time, so that what is typed next is sent for what the kernel has made of the last.
 */
export class Typing {
  private focused = false;
  private sending = false;
  private unsent = false;
  private missed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    public text: string,
    private value: string,
    public commit: Commit,
    private readonly show: (text: string) => void,
  ) {}

  /** The kernel's value, at every drawing. */
  take(value: string): void {
    if (value === this.value) return;
    this.value = value;
    this.missed = true;
    this.settle();
  }

  readonly type = (text: string): void => {
    this.put_(text);
    clearTimeout(this.timer);
    this.timer = setTimeout(this.flush, DELAY_MS);
  };

  /** Send at once, without the debounce: a choice, a step. */
  readonly put = (text: string): void => {
    this.put_(text);
    this.flush();
  };

  readonly focus = (): void => {
    this.focused = true;
  };

  readonly blur = (): void => {
    this.focused = false;
    this.flush();
    this.settle();
  };

  /** Send what the debounce still holds: also when the field goes away. */
  readonly flush = (): void => {
    clearTimeout(this.timer);
    if (!this.unsent || this.sending) return;
    this.unsent = false;
    this.sending = true;
    this.commit(this.text).then(this.sent, this.sent); // an error has its own place; the typed text stays
  };

  private readonly sent = (): void => {
    this.sending = false;
    this.flush();
    this.settle();
  };

  private put_(text: string): void {
    this.unsent = true;
    this.text = text;
    this.show(text);
  }

  private settle(): void {
    if (this.focused || this.sending || this.unsent || !this.missed) return;
    this.missed = false;
    this.text = this.value;
    this.show(this.value);
  }
}

export function useTyped(value: string, commit: Commit): Typing {
  const [, show] = useState(value);
  const typing = useMemo(() => new Typing(value, value, commit, show), []);
  const latest = useRef(commit);
  latest.current = commit;
  typing.commit = (text) => latest.current(text);
  useEffect(() => typing.take(value), [value]);
  useLayoutEffect(() => typing.flush, []);
  return typing;
}
