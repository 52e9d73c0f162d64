import { useEffect, useRef } from "preact/hooks";

/** The focus goes on at the heading of what came, when what had it is gone with what it stood in. */
export function useFocusKept(root: HTMLElement, place: string): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    const focused = document.activeElement;
    if (focused && focused !== document.body) return;
    const heading = root.querySelector<HTMLElement>(".sts-plan h2, .sts-page h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus();
  }, [root, place]);
}
