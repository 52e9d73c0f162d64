import { useEffect, useRef, useState } from "preact/hooks";
import type * as EditorBundle from "../../editor/index";
import { useText, useView } from "../wire/view";
import { CopyButton } from "./copy";
import { Notice } from "./notice";
import { Skeleton } from "./place";

type Bundle = typeof EditorBundle;

/** The editor's bundle once it is here. */
export function useEditorBundle(): Bundle | Error | null {
  const view = useView();
  const [bundle, setBundle] = useState<Bundle | Error | null>(null);
  useEffect(() => {
    let left = false;
    view.library("editor").then(
      (loaded) => !left && setBundle(loaded as Bundle),
      (error: unknown) => !left && setBundle(error instanceof Error ? error : new Error(String(error))),
    );
    return () => {
      left = true;
    };
  }, [view]);
  return bundle;
}

export function BundlePlace({ error, rows = 8 }: { error: Error | null; rows?: number }) {
  return error ? <Notice notice={{ severity: "error", text: error.message }} /> : <Skeleton rows={rows} />;
}

/** A YAML text to read. */
export function YamlView({ text, label }: { text: string; label: string }) {
  const bundle = useEditorBundle();
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorBundle.Editor | null>(null);
  const ready = bundle && !(bundle instanceof Error);
  useEffect(() => {
    if (!ready || !box.current) return undefined;
    const made = bundle.createEditor(box.current, { text, label, readonly: true, onChange: () => undefined });
    editor.current = made;
    return () => made.destroy();
  }, [bundle, label]);
  useEffect(() => editor.current?.setText(text), [text]);
  return (
    <div class="sts-code">
      <div class="sts-code__tools">
        <CopyButton text={text} />
      </div>
      {ready ? <div class="sts-code__box" ref={box} /> : <BundlePlace error={bundle} />}
    </div>
  );
}

/** Two YAML texts and what differs. */
export function YamlDiff({ before, after, unified = true }: { before: string; after: string; unified?: boolean }) {
  const t = useText();
  const bundle = useEditorBundle();
  const box = useRef<HTMLDivElement>(null);
  const ready = bundle && !(bundle instanceof Error);
  useEffect(() => {
    if (!ready || !box.current) return undefined;
    const labels = { before: t("before"), after: t("after") };
    const made = bundle.createDiff(box.current, { before, after, labels, unified });
    return () => made.destroy();
  }, [bundle, before, after, unified]);
  return (
    <div class="sts-code sts-code--diff">
      {ready ? <div class="sts-code__box" ref={box} /> : <BundlePlace error={bundle} />}
    </div>
  );
}

/** A command or a program, to copy. */
export function Snippet({ text, label }: { text: string; label: string }) {
  return (
    <div class="sts-snippet">
      <pre tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <CopyButton text={text} />
    </div>
  );
}
