import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "12px", color: "var(--sts-text)", backgroundColor: "var(--sts-surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--sts-code-font)", lineHeight: "20px" },
  ".cm-content": { caretColor: "var(--sts-text)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--sts-text)" },
  ".cm-gutters": { backgroundColor: "var(--sts-subtle)", color: "var(--sts-muted)", border: "none" },
  ".cm-activeLine": { backgroundColor: "var(--sts-veil)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--sts-hover)", color: "var(--sts-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--sts-accent-soft)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--sts-hover)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--sts-accent-soft)",
    color: "inherit",
  },
  ".cm-panels": { backgroundColor: "var(--sts-subtle)", color: "var(--sts-text)", borderColor: "var(--sts-rule)" },
  ".cm-tooltip": {
    backgroundColor: "var(--sts-surface)",
    color: "var(--sts-text)",
    border: "1px solid var(--sts-rule)",
    borderRadius: "4px",
  },
  ".cm-foldPlaceholder": {
    background: "var(--sts-subtle)",
    color: "var(--sts-muted)",
    border: "none",
    padding: "0 4px",
  },
  ".cm-changedLine, .cm-insertedLine": { backgroundColor: "var(--sts-added)" },
  ".cm-deletedChunk, &.cm-merge-a .cm-changedLine": { backgroundColor: "var(--sts-removed)" },
  ".cm-deletedChunk": { paddingLeft: "0" },
  ".cm-changedText, .cm-deletedText": { background: "var(--sts-changed) !important" },
  ".cm-collapsedLines": {
    background: "var(--sts-subtle) !important",
    color: "var(--sts-muted)",
    fontFamily: "var(--sts-font)",
    padding: "4px 12px",
  },
});

const marks = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--sts-code-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--sts-code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.atom], color: "var(--sts-code-value)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--sts-muted)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.meta], color: "var(--sts-muted)" },
]);

export const colours: Extension = [look, syntaxHighlighting(marks)];
