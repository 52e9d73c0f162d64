import { useEffect, useRef, useState } from "preact/hooks";
import { useRun } from "../../wire/run";
import { useTrait } from "../../wire/view";

interface Command {
  name: string;
  args: Record<string, unknown>;
}

/** Plans for several sets: the next one comes when the last was applied or put away. */
export function useQueue() {
  const run = useRun();
  const plan = useTrait("plan");
  const [waiting, setWaiting] = useState<Command[]>([]);
  const open = useRef(false);
  const shown = plan !== null && !plan.applied;
  useEffect(() => {
    if (shown) {
      open.current = true;
      return;
    }
    if (!open.current) return;
    open.current = false;
    const [next, ...rest] = waiting;
    if (next) {
      setWaiting(rest);
      run(next.name, next.args);
    }
  }, [shown]);
  const add = (commands: Command[]) => {
    const [first, ...rest] = commands;
    if (!first) return;
    setWaiting(rest);
    run(first.name, first.args);
  };
  return { add, left: waiting.length };
}
