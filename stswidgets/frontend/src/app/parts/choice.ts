import type { Choice } from "../wire/types";

export interface Option {
  value: string;
  label: string;
}

/** A choice as value and words, whichever way the kernel wrote it. */
export function option(choice: Choice): Option {
  if (typeof choice === "string") return { value: choice, label: choice };
  const value = choice.value ?? choice.id ?? choice.word ?? "";
  return { value, label: choice.label ?? choice.title ?? choice.word ?? value };
}
