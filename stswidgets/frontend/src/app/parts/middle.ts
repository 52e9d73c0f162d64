/** `text` in at most `width` characters: long ones lose their middle, since names differ at their ends. */
export function middle(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  if (width <= 1) return "…";
  const kept = width - 1;
  const tail = Math.floor(kept / 2);
  return `${letters.slice(0, kept - tail).join("")}…${tail > 0 ? letters.slice(-tail).join("") : ""}`;
}
