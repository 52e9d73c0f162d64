/** Which rows of a long table are drawn: those in view and a few around them. */
export interface Window {
  start: number;
  end: number;
  /** Pixels that stand for the rows before and after. */
  before: number;
  after: number;
}

export function windowOf(count: number, row: number, scrolled: number, height: number, around = 8): Window {
  const most = Math.ceil(height / row) + 2 * around;
  const first = Math.floor(Math.max(0, scrolled) / row) - around;
  const start = Math.max(0, Math.min(first, count - most));
  const end = Math.min(count, start + most);
  return { start, end, before: start * row, after: (count - end) * row };
}
