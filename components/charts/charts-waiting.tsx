/** Same height as the charts, so that nothing jumps when they come. */
export function ChartsWaiting() {
  return (
    <div
      className="grid grid-cols-2 gap-3 max-[1100px]:grid-cols-1 min-[1101px]:[&>*:last-child:nth-child(odd)]:col-span-2"
      aria-busy="true"
    >
      {["New connections", "Active connections", "Connect time", "Open time", "Observed share"].map((title) => (
        <div key={title} className="h-[266px] rounded-3 border border-line bg-surface px-3.5 py-2.5">
          <b className="font-semibold">{title}</b>
        </div>
      ))}
    </div>
  );
}
