import { useEffect, useRef } from "preact/hooks";

/** The focus goes on at the heading of what came, when what had it is gone with what it stood in. */
export function useFocusKept(root: HTMLElement, place: string): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return undefined;
    before.current = place;
    const waiting = new MutationObserver(() => settle());
    const settle = () => {
      const focused = document.activeElement;
      const lost = !focused || focused === document.body;
      const heading =
        root.querySelector<HTMLElement>(".sts-plan h2") ?? root.querySelector<HTMLElement>(".sts-page h1");
      if (lost && !heading) return; // a page that is loading has no heading yet
      waiting.disconnect();
      if (!lost || !heading) return;
      heading.tabIndex = -1;
      heading.focus();
    };
    waiting.observe(root, { childList: true, subtree: true });
    settle();
    return () => waiting.disconnect();
  }, [root, place]);
}
