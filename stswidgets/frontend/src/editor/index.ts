// The `editor` bundle: a YAML editor and a comparison, drawn with the view's own colours.
import { closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentUnit } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { difference } from "./difference";
import { colours } from "./theme";

export interface EditorProblem {
  line: number;
  column: number;
  text: string;
  severity: "error" | "warning" | "info";
}

export interface EditorOptions {
  text: string;
  label: string;
  readonly: boolean;
  onChange(text: string): void;
}

export interface Editor {
  /** Show another text, changing as little as possible: cursor and scroll stay. */
  setText(text: string): void;
  setProblems(problems: EditorProblem[]): void;
  /** Put the cursor on a line (from 1) and show it. */
  goTo(line: number): void;
  destroy(): void;
}

const fromKernel = Annotation.define<boolean>();

function base(label: string, readonly: boolean): Extension[] {
  return [
    yaml(),
    colours,
    lineNumbers(),
    foldGutter(),
    drawSelection(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    EditorState.readOnly.of(readonly),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...foldKeymap]),
  ];
}

/** Escape, then Tab, leaves the editor: Tab alone indents only after a key was typed in it. */
function editing(onChange: (text: string) => void): Extension[] {
  return [
    history(),
    closeBrackets(),
    lintGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    keymap.of([indentWithTab]),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged || update.transactions.some((each) => each.annotation(fromKernel))) return;
      onChange(update.state.doc.toString());
    }),
  ];
}

export function createEditor(parent: HTMLElement, options: EditorOptions): Editor {
  const { text, label, readonly, onChange } = options;
  const extensions = [...base(label, readonly), ...(readonly ? [] : editing(onChange))];
  const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  return {
    setText(next) {
      const change = difference(view.state.doc.toString(), next);
      if (change) view.dispatch({ changes: change, annotations: fromKernel.of(true) });
    },
    setProblems(problems) {
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((each) => diagnostic(view.state, each)),
        ),
      );
    },
    goTo(line) {
      const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
      view.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

function diagnostic(state: EditorState, problem: EditorProblem): Diagnostic {
  const line = state.doc.line(Math.max(1, Math.min(problem.line, state.doc.lines)));
  const from = Math.min(line.from + Math.max(0, problem.column - 1), line.to);
  return { from, to: Math.max(from, line.to), severity: problem.severity, message: problem.text };
}

export interface DiffOptions {
  before: string;
  after: string;
  labels: { before: string; after: string };
  /** One column with marks, or two side by side. */
  unified: boolean;
}

export function createDiff(parent: HTMLElement, options: DiffOptions): { destroy(): void } {
  const { before, after, labels, unified } = options;
  const collapse = { margin: 3, minSize: 6 };
  if (!unified) {
    return new MergeView({
      parent,
      a: { doc: before, extensions: base(labels.before, true) },
      b: { doc: after, extensions: base(labels.after, true) },
      gutter: true,
      collapseUnchanged: collapse,
    });
  }
  const merge = unifiedMergeView({ original: before, mergeControls: false, gutter: true, collapseUnchanged: collapse });
  const state = EditorState.create({ doc: after, extensions: [...base(labels.after, true), merge] });
  return new EditorView({ parent, state });
}
