import { Icon } from "../../parts/icon";
import type { FormSection } from "../../wire/types";
import { useText } from "../../wire/view";

interface StepsProps {
  sections: FormSection[];
  current: string;
  canReview: boolean;
  onOpen(id: string): void;
}

/** The wizard's steps, each with its state in a sign and in words. */
export function Steps({ sections, current, canReview, onOpen }: StepsProps) {
  const t = useText();
  const words = { ok: t("step_ok"), problem: t("step_problem"), todo: t("step_todo") };
  return (
    <nav class="sts-steps" aria-label={t("steps")}>
      <ol>
        {sections.map((section, index) => (
          <li key={section.id}>
            <button
              type="button"
              class={`sts-steps__step sts-steps__step--${section.state}`}
              aria-current={section.id === current ? "step" : undefined}
              onClick={() => onOpen(section.id)}
            >
              <span class="sts-steps__sign" aria-hidden="true">
                {section.state === "ok" ? <Icon name="check" /> : section.state === "problem" ? "!" : index + 1}
              </span>
              <span class="sts-steps__title">{section.title}</span>
              <span class="sts-hidden">{words[section.state]}</span>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            class="sts-steps__step sts-steps__step--todo"
            aria-current={current === REVIEW ? "step" : undefined}
            aria-disabled={!canReview}
            onClick={() => onOpen(REVIEW)}
          >
            <span class="sts-steps__sign" aria-hidden="true">
              {sections.length + 1}
            </span>
            <span class="sts-steps__title">{t("review")}</span>
          </button>
        </li>
      </ol>
    </nav>
  );
}

export const REVIEW = "review";
