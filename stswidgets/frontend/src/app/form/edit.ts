import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** What a form's parts can do to the manifest. Each call is one command to the kernel. */
export interface Edit {
  set(path: string, text: string): Promise<unknown>;
  add(path: string): Promise<unknown>;
  remove(path: string): Promise<unknown>;
  rename(path: string, key: string): Promise<unknown>;
}

export const EditContext = createContext<Edit | null>(null);

export function useEdit(): Edit {
  const edit = useContext(EditContext);
  if (!edit) throw new Error("not inside a form");
  return edit;
}
