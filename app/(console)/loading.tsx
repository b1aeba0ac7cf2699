/** True row heights, no shimmer; appears only when the page takes its time. */
export default function Loading() {
  return (
    <div role="status" className="rounded-3 border border-line bg-surface [animation:appear_0s_300ms_both]">
      <span className="sr-only">Loading</span>
      {["w-2/5", "w-3/5", "w-1/2", "w-2/3", "w-2/5"].map((width, index) => (
        // fixed rows that do not move
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index} aria-hidden className="flex h-8 items-center border-b border-line px-3.5 last:border-b-0">
          <span className={`h-[9px] rounded-1 bg-line ${width}`} />
        </div>
      ))}
    </div>
  );
}
