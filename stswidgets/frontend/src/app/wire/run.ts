import { createContext } from "preact";
import { useContext } from "preact/hooks";

export type Run = (name: string, args?: Record<string, unknown>) => void;

/** Runs a command; a failure becomes a notice above the page, so that no click ends in silence. */
export const RunContext = createContext<Run>(() => undefined);

export function useRun(): Run {
  return useContext(RunContext);
}
