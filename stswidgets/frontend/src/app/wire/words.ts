import type catalog from "../../../../messages/catalogs/ui.en.json";

type Stripped<K> = K extends `ui.${infer Rest}` ? Rest : never;

/** The front end's own labels: misspelled ones do not compile. */
export type Key = Stripped<keyof typeof catalog>;

export type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

const SLOT = /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g;

/** As `stswidgets.messages` fills: `{name}` is a value, `{n|pod|pods}` the first word for 1 and the second otherwise. */
export function fill(template: string, values: Values): string {
  return template.replace(SLOT, (whole: string, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one === undefined) return String(value);
    return (Number(value) === 1 ? one : other) ?? "";
  });
}

export function translator(messages: Record<string, string>): Translate {
  return (key, values = {}) => fill(messages[`ui.${key}`] ?? messages[key] ?? key, values);
}
