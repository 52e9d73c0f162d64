import { useEffect, useRef } from "preact/hooks";
import type * as EditorBundle from "../../../editor/index";
import { Button } from "../../parts/button";
import { BundlePlace, useEditorBundle } from "../../parts/code";
import { CopyButton } from "../../parts/copy";
import { Icon } from "../../parts/icon";
import type { EditorModel } from "../../wire/types";
import { useText, useView } from "../../wire/view";
import { EditorSync } from "./sync";

/** The manifest as YAML beside the form: the same draft, written either way. */
export function ManifestEditor({ model, onFold }: { model: EditorModel; onFold(): void }) {
  const t = useText();
  const view = useView();
  const bundle = useEditorBundle();
  const box = useRef<HTMLDivElement>(null);
  const live = useRef<{ editor: EditorBundle.Editor; sync: EditorSync } | null>(null);
  const readonly = model.readonly ?? false;
  const ready = bundle && !(bundle instanceof Error);
  useEffect(() => {
    if (!ready || !box.current) return undefined;
    const send = (text: string, version: number) => view.commands.run("yaml", { text, version });
    const editor = bundle.createEditor(box.current, {
      text: model.text,
      label: t("manifest"),
      readonly,
      onChange: (text) => sync.typed(text),
    });
    const sync = new EditorSync(model.text, send, (text) => editor.setText(text));
    sync.take(model);
    editor.setProblems(model.problems ?? []);
    live.current = { editor, sync };
    return () => {
      sync.flush();
      editor.destroy();
      live.current = null;
    };
  }, [bundle, readonly]);
  useEffect(() => {
    live.current?.sync.take(model);
    live.current?.editor.setProblems(model.problems ?? []);
  }, [model]);
  const problems = model.problems ?? [];
  return (
    <aside class="sts-manifest" aria-label={t("manifest")}>
      <header class="sts-manifest__head">
        <h2>YAML</h2>
        <span class="sts-grow" />
        <CopyButton text={model.text} label={t("copy_manifest")} />
        <Button icon="close" look="quiet" label={t("fold_yaml")} onClick={onFold} />
      </header>
      {ready ? <div class="sts-manifest__box" ref={box} /> : <BundlePlace error={bundle} rows={12} />}
      <ul class="sts-manifest__problems" aria-live="polite">
        {problems.slice(0, 5).map((each) => (
          <li key={`${each.line}:${each.column}:${each.text}`} class={`sts-note sts-note--${each.severity}`}>
            <Icon name={each.severity} />
            <button type="button" class="sts-link" onClick={() => live.current?.editor.goTo(each.line)}>
              {t("line", { line: each.line })}
            </button>
            <span>{each.text}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}
