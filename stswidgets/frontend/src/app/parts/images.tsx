/** The first image without its registry, and how many more; all of them on hover. */
export function Images({ images }: { images: string[] }) {
  const [first] = images;
  if (!first) return <span class="sts-muted">–</span>;
  const short = first.replace(/^.*\//, "");
  return (
    <span class="sts-images" title={images.join("\n")}>
      <code class="sts-cut">{short}</code>
      {images.length > 1 && <span class="sts-count">+{images.length - 1}</span>}
    </span>
  );
}
