import { formatCount } from "@/components/ui/numbers.ts";
import { SearchBox } from "@/components/ui/search-box.tsx";

type BackendFilterProps = {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly shown: number;
  readonly all: number;
};

/** Narrows a long list of backends, and says how many are left of how many. */
export function BackendFilter({ value, onChange, shown, all }: BackendFilterProps) {
  return (
    <search className="flex min-w-0 items-center gap-2.5">
      <span role="status" className="text-small whitespace-nowrap text-ink-3">
        {value.trim() === "" ? "" : `${formatCount(shown)} of ${formatCount(all)}`}
      </span>
      <SearchBox
        label="Filter backends by name, address or state"
        placeholder="Name, address, state"
        className="w-52"
        value={value}
        onChange={onChange}
      />
    </search>
  );
}
