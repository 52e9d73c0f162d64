import { useId } from "preact/hooks";
import type { Option } from "./choice";
import { Icon } from "./icon";

interface SelectProps {
  label: string;
  value: string;
  options: Option[];
  /** The label stays for readers of the page only. */
  quiet?: boolean;
  onChoose(value: string): void;
}

export function Select({ label, value, options, quiet = false, onChoose }: SelectProps) {
  const id = useId();
  const known = options.some((each) => each.value === value);
  return (
    <span class="sts-select">
      <label class={quiet ? "sts-hidden" : "sts-select__label"} for={id}>
        {label}
      </label>
      <span class="sts-select__box">
        <select
          id={id}
          value={value}
          title={quiet ? label : undefined}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {!known && <option value={value}>{value}</option>}
          {options.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    </span>
  );
}
