import type { Spark } from "../wire/types";

const WIDTH = 56;
const HEIGHT = 20;

/** Lines from the points, broken where there is none: a gap is not a zero. */
export function sparkPath(points: readonly (number | null)[]): string {
  const known = points.filter((point): point is number => point !== null);
  if (known.length < 2) return "";
  const top = Math.max(...known, 0) || 1;
  const step = points.length > 1 ? WIDTH / (points.length - 1) : 0;
  let drawing = "";
  let pen = "M";
  points.forEach((point, index) => {
    if (point === null) {
      pen = "M";
      return;
    }
    const y = HEIGHT - 1 - (point / top) * (HEIGHT - 2);
    drawing += `${pen}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  });
  return drawing;
}

/** A course with its last value. No data is said to be no data. */
export function SparkLine({ spark, none }: { spark: Spark | null | undefined; none: string }) {
  if (!spark || (!spark.text && spark.points.length === 0)) {
    return (
      <span class="sts-muted" title={none}>
        –
      </span>
    );
  }
  return (
    <span class="sts-spark">
      <span class="sts-spark__text">{spark.text || "–"}</span>
      <svg class="sts-spark__line" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
        <path d={sparkPath(spark.points)} />
      </svg>
    </span>
  );
}
