import { useState } from "preact/hooks";
import { YamlView } from "../../parts/code";
import { CopyButton, Name } from "../../parts/copy";
import { Icon } from "../../parts/icon";
import { Empty, Section, Skeleton } from "../../parts/place";
import { Rows } from "../../parts/rows";
import type { Detail, EventRow } from "../../wire/types";
import { useFeed, useText } from "../../wire/view";

export function StorageTab({ claims }: { claims: NonNullable<Detail["claims"]> }) {
  const t = useText();
  if (claims.length === 0) return <Empty text={t("no_claims")} />;
  return (
    <Rows
      label={t("claims")}
      head={[t("name"), t("pod"), t("template"), t("status"), t("capacity"), t("storage_class"), t("age")]}
      numbers={[4]}
    >
      {claims.map((each) => (
        <tr key={each.name}>
          <td>
            <code>
              <Name text={each.name} width={44} />
            </code>
          </td>
          <td>
            {each.pod ? (
              <code>
                <Name text={each.pod} width={32} />
              </code>
            ) : (
              <span class="sts-muted">{t("unused")}</span>
            )}
          </td>
          <td>{each.template || "–"}</td>
          <td>{each.status}</td>
          <td class="sts-number">{each.capacity || "–"}</td>
          <td>{each.class || "–"}</td>
          <td>{each.age}</td>
        </tr>
      ))}
    </Rows>
  );
}

export function MetadataTab({ detail }: { detail: Detail }) {
  const t = useText();
  return (
    <>
      <Section title={t("labels")}>
        <PairList pairs={detail.labels ?? []} none={t("no_labels")} />
      </Section>
      <Section title={t("annotations")}>
        <PairList pairs={detail.annotations ?? []} none={t("no_annotations")} />
      </Section>
    </>
  );
}

function PairList({ pairs, none }: { pairs: [string, string][]; none: string }) {
  if (pairs.length === 0) return <p class="sts-muted">{none}</p>;
  return (
    <dl class="sts-pairs">
      {pairs.map(([key, value]) => (
        <div key={key} class="sts-pairs__pair">
          <dt>
            <code title={key}>{key}</code>
          </dt>
          <dd>
            <code>{value || "–"}</code>
            <CopyButton text={`${key}=${value}`} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function EnvironmentTab({ detail }: { detail: Detail }) {
  const t = useText();
  const containers = (detail.environment ?? []).filter((each) => each.entries.length > 0);
  if (containers.length === 0) return <Empty text={t("no_environment")} />;
  return (
    <>
      {containers.map((each) => (
        <Section key={each.container} title={each.container}>
          <Rows label={each.container} head={[t("name"), t("value"), t("source")]}>
            {each.entries.map((entry, index) => (
              <tr key={`${index}:${entry.name}`}>
                <td>
                  <code>{entry.name}</code>
                </td>
                <td>
                  <code>{entry.value ?? "–"}</code>
                </td>
                <td class="sts-muted">{entry.source ?? ""}</td>
              </tr>
            ))}
          </Rows>
        </Section>
      ))}
    </>
  );
}

/** The set's events, its pods' and its claims', newest first. */
export function EventsTab() {
  const t = useText();
  const { rows, known } = useFeed<EventRow>("events");
  const [warnings, only] = useState(false);
  if (!known) return <Skeleton rows={5} />;
  if (rows.size === 0) return <Empty text={t("no_events")} />;
  const events = [...rows.values()]
    .filter((each) => !warnings || each.type === "Warning")
    .sort((a, b) => (b.last ?? "").localeCompare(a.last ?? ""));
  return (
    <>
      <div class="sts-tools">
        <span class="sts-check">
          <input
            id="sts-warnings"
            type="checkbox"
            checked={warnings}
            onChange={(event) => only(event.currentTarget.checked)}
          />
          <label for="sts-warnings">{t("only_warnings")}</label>
        </span>
      </div>
      <Rows
        label={t("events")}
        head={[t("type"), t("reason"), t("object"), t("message"), t("count"), t("last_seen")]}
        numbers={[4]}
      >
        {events.map((each) => (
          <tr key={each.id}>
            <td>
              <span class={each.type === "Warning" ? "sts-kind sts-kind--warning" : "sts-kind"}>
                {each.type === "Warning" && <Icon name="warning" />}
                {each.type === "Warning" ? t("event_warning") : t("event_normal")}
              </span>
            </td>
            <td>{each.reason}</td>
            <td>
              <code>
                <Name text={each.object} width={36} />
              </code>
            </td>
            <td class="sts-wrap">{each.message}</td>
            <td class="sts-number">{each.count ?? 1}</td>
            <td title={each.last ?? undefined}>{each.age}</td>
          </tr>
        ))}
      </Rows>
    </>
  );
}

export function YamlTab({ detail }: { detail: Detail }) {
  const t = useText();
  return detail.yaml ? <YamlView text={detail.yaml} label={t("manifest")} /> : <Skeleton rows={10} />;
}
