import type { ComponentChildren } from "preact";

interface RowsProps {
  label: string;
  head: ComponentChildren[];
  children: ComponentChildren;
  /** Columns that hold numbers, from 0. */
  numbers?: number[];
}

/** A plain table that scrolls sideways when its place is narrow. */
export function Rows({ label, head, children, numbers = [] }: RowsProps) {
  return (
    <div class="sts-rows">
      <table aria-label={label}>
        <thead>
          <tr>
            {head.map((each, index) => (
              <th key={index} scope="col" class={numbers.includes(index) ? "sts-number" : undefined}>
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
